"""Two records of one person side by side: which admissions both tell of, and which facts one lacks.

Deciding what is done about it is the matter of `merging`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from domain.case import Case, CaseEntry, fold
from domain.counting import Flow, flows_of
from domain.ending import CandidateWithdrawn, DecisionRevoked
from domain.readmission import ReadmissionOpened
from domain.striking_off import StruckOff

Entries = Sequence[CaseEntry]
"""The live entries of a record, in the order in which they count."""
_OF_PURSUIT: Final = ("listed", "dossier", "vetting", "vote", "submitted")
_ENDINGS: Final = (DecisionRevoked, CandidateWithdrawn, StruckOff, ReadmissionOpened)
_OF_MEMBERSHIP: Final = ("decided", "ceremony", "recognized", "struck_off")


@dataclass(slots=True)
class Admission:
    """One admission that a record tells of, with what came of it."""

    is_again: bool
    flows: list[Flow] = field(default_factory=list)
    ended: CaseEntry | None = None

    @property
    def is_over(self) -> bool:
        """Whether it came to nothing, or the person left and may be re-admitted."""
        return self.ended is not None

    @property
    def began_on(self) -> date:
        """The day of the decision, of the ceremony where the record has only that."""
        return self.flows[0].entry.effective_on

    def is_same(self, other: "Admission") -> bool:
        """Whether two records tell of one admission.

        That of one day, with one step of one day, or the one that stands: a person has at most one.
        """
        if self.began_on == other.began_on or self.counted & other.counted:
            return True
        return not (self.is_over or other.is_over) and self.is_again is other.is_again

    @property
    def counted(self) -> set[tuple[str, date]]:
        """In which accounts it counts, each with its day."""
        return {(flow.account, flow.entry.effective_on) for flow in self.flows}

    def tells_of(self, entry: CaseEntry) -> bool:
        """Whether it has such a step as well."""
        return any(type(flow.entry) is type(entry) for flow in self.flows)


def admissions(entries: Entries) -> list[Admission]:
    """The admissions that a record tells of, in order."""
    found: list[Admission] = []
    case = Case()
    for entry in entries:
        for told in entry.told():
            flows = flows_of(case, told)
            if flows and (not found or found[-1].is_over):
                found.append(Admission(is_again=case.readmission is not None))
            if flows:
                found[-1].flows += flows
            if found and isinstance(told, _ENDINGS) and not found[-1].is_over:
                found[-1].ended = told
    return found


def same_as(admission: Admission, others: Sequence[Admission]) -> Admission | None:
    """The one of another record's admissions that is the same."""
    return next((each for each in others if each.is_same(admission)), None)


def lacked(kept: Entries, other: Entries) -> list[CaseEntry]:
    """The facts that stand in another record and that one lacks, in the order in which they come.

    Facts of a membership that is over are among them only where the record has no other.
    """
    has, his = fold(kept), fold(other)
    return list(dict.fromkeys(_lacked(kept, other, has, his)))


def _lacked(kept: Entries, other: Entries, has: Case, his: Case) -> Iterator[CaseEntry]:
    anew = begins_again(has, his)
    names = ["certificate"]
    if anew:
        names += ["readmission", *_OF_PURSUIT, *_OF_MEMBERSHIP]
    elif (has.readmission is None) is (his.readmission is None):
        names += [*_OF_PURSUIT, *(_OF_MEMBERSHIP if _may_join(kept, other, has, his) else ())]
    for name in names:
        fact = getattr(his, name)
        is_there = getattr(has, name) is not None and not (anew and name != "certificate")
        if fact is not None and not is_there and (anew or type(fact) is not ReadmissionOpened):
            yield fact
    if not anew and _is_ended_there(kept, other, has, his):
        assert his.ended is not None
        yield his.ended


def begins_again(has: Case, his: Case) -> bool:
    """Whether a record's re-admission is to be taken over by one of a former member, or of nobody.

    Then its pursuit takes the place of whatever that one had begun.
    """
    opened = his.readmission
    if opened is None or has.readmission is not None:
        return False
    if his.ended is not None and his.decided is None:
        return False
    if has.recognized is not None:
        return has.struck_off is not None or has.recognized.effective_on <= opened.left_on
    return has.struck_off is not None or (has.decided is None and has.ceremony is None)


def is_former(kept: Entries, other: Entries, theirs: Admission) -> bool:
    """Whether an admission of the other record is the one before this record's re-admission."""
    has, his = fold(kept), fold(other)
    if theirs.is_again or has.readmission is None or his.recognized is None:
        return False
    return his.recognized.effective_on <= has.readmission.left_on


def _may_join(kept: Entries, other: Entries, has: Case, his: Case) -> bool:
    """Whether what the other record tells of its membership belongs to the one of this record."""
    theirs = admissions(other)
    if not theirs or (his.decided is None and his.ceremony is None):
        return False
    mine = same_as(theirs[-1], admissions(kept))
    if mine is not None:
        return not mine.is_over
    return has.decided is None and has.ceremony is None


def _is_ended_there(kept: Entries, other: Entries, has: Case, his: Case) -> bool:
    """Whether only the other record tells that the decision that stands here came to nothing."""
    if has.ceremony is not None or not isinstance(his.ended, DecisionRevoked | CandidateWithdrawn):
        return False
    theirs = admissions(other)
    if not theirs or theirs[-1].ended is not his.ended:
        return False
    mine = same_as(theirs[-1], admissions(kept))
    return mine is not None and not mine.is_over
