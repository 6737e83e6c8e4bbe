"""The accounts in which what happened to a person is counted once, and what counts in which.

Stages, which a person passes through, are no accounts of these; see `timeline`.
"""

from typing import Final, NamedTuple

from domain.admission import AdmissionDecided
from domain.case import Case, CaseEntry
from domain.ending import CandidateWithdrawn, DecisionRevoked
from domain.probation import CeremonyHeld
from domain.striking_off import StruckOff
from domain.target_entry import CountingDate

ADMITTED: Final = {
    CountingDate.DECISION: "ADMITTED_BY_DECISION",
    CountingDate.CEREMONY: "ADMITTED_BY_CEREMONY",
}
"""The accounts of admissions, by the day that counts. A re-admission is none."""
READMITTED: Final = {
    CountingDate.DECISION: "READMITTED_BY_DECISION",
    CountingDate.CEREMONY: "READMITTED_BY_CEREMONY",
}
"""The accounts of re-admissions, which no target counts (domain sheet, D.4)."""
UNCOUNTED: Final = {
    CountingDate.DECISION: "UNCOUNTED_BY_DECISION",
    CountingDate.CEREMONY: "UNCOUNTED_BY_CEREMONY",
}
"""The accounts of negative counting events: an admission that came to nothing later.

A decision revoked or not followed before the ceremony, or a name struck off during the probation,
leaves the admission in the period in which it was counted, and stands here in the period in which
it happened.
So both views can be read: as counted then, and less what came to nothing since (D.4).
"""
STRUCK_OFF: Final = "STRIKINGS_OFF"
"""The account of all strikings off: screening beside admissions."""
FLOWS: Final = (*ADMITTED.values(), *READMITTED.values(), *UNCOUNTED.values(), STRUCK_OFF)
"""The accounts that only grow. All other accounts are stages."""


class Flow(NamedTuple):
    """Something that counts once in an account, and the entry that tells of it."""

    account: str
    entry: CaseEntry


def flows_of(case: Case, entry: CaseEntry) -> list[Flow]:
    """Let an entry change the facts; in which accounts it counts, wherever that was recorded."""
    return [Flow(account, told) for told in entry.told() for account in _accounts(case, told)]


def _accounts(case: Case, entry: CaseEntry) -> list[str]:
    was_decided = case.decided is not None
    on_probation = case.ceremony is not None and case.recognized is None
    entry.take(case)
    if case.identified is None:
        return []
    is_again = case.readmission is not None
    match entry:
        case AdmissionDecided():
            return [(READMITTED if is_again else ADMITTED)[CountingDate.DECISION]]
        case CeremonyHeld():
            return [(READMITTED if is_again else ADMITTED)[CountingDate.CEREMONY]]
        case DecisionRevoked() | CandidateWithdrawn() if was_decided and not is_again:
            return [UNCOUNTED[CountingDate.DECISION]]
        case StruckOff():
            came_to_nothing = on_probation and not is_again
            return [*(UNCOUNTED.values() if came_to_nothing else ()), STRUCK_OFF]
        case _:
            return []
