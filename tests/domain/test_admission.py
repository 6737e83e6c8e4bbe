"""The vote, the submission and the decision: what each of them keeps."""

from datetime import date

from tests.domain import case_steps as full
from tests.domain.case_steps import way
from tests.domain.steps import given

from domain.admission import AdmissionDecided, DossierSubmitted


def test_a_decision_of_the_first_version_was_the_superiors() -> None:
    """Nothing else was known of it, and nothing is made up."""
    stored = {"decisionNumber": "1"}

    assert AdmissionDecided.upcast_v1_v2(stored) == {
        "decisionNumber": "1",
        "decidedBy": "SUPERIOR_STANDING_COMMITTEE",
        "authorizationNumber": None,
        "committeeMembers": None,
        "committeeInFavor": None,
    }
    assert stored == {"decisionNumber": "1"}


def test_a_new_vote_is_without_a_tally_yet() -> None:
    """Given a tally of a failed vote, when the cell votes again, then nobody confirmed that."""
    start = given(*way(full.voted), full.voted(in_favor=5), full.tally(in_favor=5))
    full.voted(date(2023, 6, 7))(start.case)

    start.when(full.submitted(date(2023, 6, 20))).then(
        DossierSubmitted, findings=("G3", "S3"), papers=True
    )
