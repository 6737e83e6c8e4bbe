"""Who vouches for the person: official members, the union's resolution, others' opinions."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Annotated

from domain.calendar import add_months
from domain.candidate import Candidate
from domain.case import Case, CaseEntry
from domain.dossier import outdated
from domain.errors import Conflict, Finding, InvalidInput
from domain.judgment import Day, Judgment, require_votes
from domain.personal import SEALED
from domain.record import optional_words, require_age_of_party, require_words
from domain.text import Text


class IntroducingUnion(StrEnum):
    """The mass organization whose resolution introduces a person of youth age."""

    YOUTH_UNION = "YOUTH_UNION"
    TRADE_UNION = "TRADE_UNION"


class OpinionSource(StrEnum):
    """Who is asked for an opinion."""

    ORGANIZATIONS = "ORGANIZATIONS"
    RESIDENCE = "RESIDENCE"


class Introduced(CaseEntry):
    """An official member introduces the person; the introduction's number is its version."""

    introducer_name: Annotated[str, SEALED]
    introducer_official_since: date
    worked_together_since: date


class IntroductionGiven(Introduced):
    """An official member introduced the person (3-KNĐ)."""

    TOPIC = "candidate.introduction_given"
    STANDS_ON_LIST = True

    def take(self, case: Case) -> None:
        """Every introduction counts."""
        case.introductions.append(self)


class IntroducerReplaced(Introduced):
    """The cell gave the introduction to another official member."""

    TOPIC = "candidate.introducer_replaced"
    STANDS_ON_LIST = True
    introduction: int
    reason: Annotated[str, SEALED]

    def take(self, case: Case) -> None:
        """The new introduction counts in the place of the old one."""
        kept = [each for each in case.introductions if each.originator_version != self.introduction]
        case.introductions = [*kept, self]


class UnionResolutionGiven(CaseEntry):
    """The union's grassroots committee introduced the person (4-KNĐ, 4A-KNĐ)."""

    TOPIC = "candidate.union_resolution_given"
    STANDS_ON_LIST = True
    union: IntroducingUnion
    resolution_number: str | None

    def take(self, case: Case) -> None:
        """The resolution is there."""
        case.union_resolution = self


class OpinionsCollected(CaseEntry):
    """The opinions of one side were collected (5-KNĐ): how many, not what they say."""

    TOPIC = "candidate.opinions_collected"
    STANDS_ON_LIST = True
    source: OpinionSource
    asked: Annotated[int, SEALED]
    in_favor: Annotated[int, SEALED]
    document_number: str | None

    def take(self, case: Case) -> None:
        """The last opinions of each side count."""
        case.opinions = [*(held for held in case.opinions if held.source is not self.source), self]


def give_introduction(
    candidate: Candidate,
    day: Day,
    *,
    introducer_name: str,
    introducer_official_since: date,
    worked_together_since: date,
) -> list[Finding]:
    """Record an official member's introduction after at least twelve months together (T6)."""
    judged = Judgment(day)
    case = candidate.require(judged, "dossier")
    candidate.require_none(case.decided)
    _require_official(judged, introducer_official_since)
    require_age_of_party("workedTogetherSince", worked_together_since)
    if day.on < add_months(worked_together_since, judged.parameter("T6", "months")):
        judged.breach("T6", at="workedTogetherSince", day=day.on)
    return candidate.record(
        IntroductionGiven,
        judged,
        introducer_name=_another(candidate.pursuit(day).introductions, introducer_name),
        introducer_official_since=introducer_official_since,
        worked_together_since=worked_together_since,
    )


def replace_introducer(
    candidate: Candidate,
    day: Day,
    *,
    introduction: int,
    reason: str,
    introducer_name: str,
    introducer_official_since: date,
    worked_together_since: date,
) -> list[Finding]:
    """Give an introduction to another official member, however long they worked together.

    For an introducer who moved, was disciplined or died. `introduction` is the number on the card.
    Raises InvalidInput for one that is not there.
    """
    judged = Judgment(day)
    case = candidate.require(judged, "dossier")
    candidate.require_none(case.decided)
    if all(given.originator_version != introduction for given in case.introductions):
        raise InvalidInput(
            "NO_SUCH_INTRODUCTION",
            Text("Không có lời giới thiệu này.", "There is no such introduction."),
            field="introduction",
        )
    _require_official(judged, introducer_official_since)
    require_age_of_party("workedTogetherSince", worked_together_since)
    return candidate.record(
        IntroducerReplaced,
        judged,
        introduction=introduction,
        reason=require_words("reason", reason, 2000),
        introducer_name=_another(candidate.pursuit(day).introductions, introducer_name),
        introducer_official_since=introducer_official_since,
        worked_together_since=worked_together_since,
    )


def record_union_resolution(
    candidate: Candidate, day: Day, *, union: IntroducingUnion, resolution_number: str | None = None
) -> list[Finding]:
    """Record the resolution by which the Youth Union or the trade union introduces the person."""
    judged = Judgment(day)
    case = candidate.require(judged, "dossier")
    candidate.require_none(case.decided)
    candidate.require_none(candidate.pursuit(day).union_resolution)
    return candidate.record(
        UnionResolutionGiven,
        judged,
        union=union,
        resolution_number=optional_words("resolutionNumber", resolution_number),
    )


def collect_opinions(
    candidate: Candidate,
    day: Day,
    *,
    source: OpinionSource,
    asked: int,
    in_favor: int,
    document_number: str | None = None,
) -> list[Finding]:
    """Record how many were asked and how many are in favor; again only when out of date (T5)."""
    judged = Judgment(day)
    case = candidate.require(judged, "dossier")
    candidate.require_none(case.decided)
    require_votes(asked, in_favor, of="asked")
    for held in candidate.pursuit(day).opinions:
        if held.source is source and not outdated(judged, held.effective_on):
            candidate.require_none(held)
    return candidate.record(
        OpinionsCollected,
        judged,
        source=source,
        asked=asked,
        in_favor=in_favor,
        document_number=optional_words("documentNumber", document_number),
    )


def _require_official(judged: Judgment, since: date) -> None:
    require_age_of_party("introducerOfficialSince", since)
    if since > judged.day.on:
        judged.breach("P4", at="introducerOfficialSince", day=judged.day.on)


def _another(given: Iterable[Introduced], name: str) -> str:
    """The name itself. Raises Conflict for one who introduces the person already."""
    words = require_words("introducerName", name, 200)
    names = {each.introducer_name.casefold() for each in given if each.introducer_name}
    if words.casefold() in names:
        raise Conflict(
            "INTRODUCER_ALREADY_RECORDED",
            Text(
                "Đảng viên này đã giới thiệu; cần một người khác.",
                "This member introduces the person already; another one is needed.",
            ),
            field="introducerName",
        )
    return words
