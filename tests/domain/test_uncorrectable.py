"""What cannot be corrected says what is done instead; the list is short."""

import pytest

from domain.events import EVENTS
from domain.record import Entry, Voided
from domain.uncorrectable import instead_of

KEPT = {kind.TOPIC for kind in EVENTS if instead_of(kind) and not issubclass(kind, Voided)}


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.TOPIC)
def test_a_sentence_in_both_languages_says_what_is_done_instead(kind: type[Entry]) -> None:
    """A correction itself is never voided."""
    instead = instead_of(kind)
    if issubclass(kind, Voided):
        assert instead is not None
    if instead is not None:
        assert instead.vi.endswith(".")
        assert instead.en.endswith(".")
        assert instead.vi != instead.en


def test_these_are_not_corrected() -> None:
    """Whatever has two sides, is the system's own, or is decided anew."""
    nouns = {topic.partition(".")[0] for topic in KEPT}
    assert nouns == {
        *("candidate", "closing", "identity", "log", "meeting", "organization"),
        *("projection", "reorganization", "rulebook", "transfer"),
    }
    assert {topic for topic in KEPT if topic.startswith(("candidate", "meeting", "organ"))} == {
        *("candidate.facts_adopted", "candidate.handed_over", "candidate.merged"),
        *("candidate.personal_data_erased", "candidate.received", "candidate.taken_back"),
        *("meeting.item_taken", "organization.established"),
    }
