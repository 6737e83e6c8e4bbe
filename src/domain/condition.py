"""A condition of the tenant's own is met: attested by a document, before the cell votes."""

from domain.candidate import Candidate
from domain.case import Case, CaseEntry
from domain.errors import Finding, InvalidInput
from domain.judgment import Day, Judgment
from domain.record import require_words
from domain.text import Text


class ConditionAttested(CaseEntry):
    """A document attests that the person meets a condition of the tenant's, named by its code."""

    TOPIC = "candidate.condition_attested"
    condition: str
    document_number: str

    def take(self, case: Case) -> None:
        """The last document counts."""
        case.attested = {**case.attested, self.condition: self.document_number}


def attest_condition(
    candidate: Candidate, day: Day, *, condition: str, document_number: str
) -> list[Finding]:
    """Record the document that attests a condition of the tenant's own, such as a title or a grade.

    Raises InvalidInput for a code that the tenant did not add.
    """
    judged = Judgment(day)
    candidate.require(judged, "identified")
    if condition not in {each.code for each in day.rules.conditions}:
        raise InvalidInput(
            "UNKNOWN_CONDITION",
            Text(f"Không có điều kiện “{condition}”.", f"There is no condition “{condition}”."),
            field="condition",
        )
    return candidate.record(
        ConditionAttested,
        judged,
        condition=condition,
        document_number=require_words("documentNumber", document_number, 100),
    )
