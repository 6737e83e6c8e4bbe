"""Steps by which another cell, or another tenant, goes on with a case."""

from datetime import date
from uuid import UUID

from tests.domain.steps import Step, on

from domain.candidate import Candidate
from domain.organization import OrganizationKind, OrganizationRef
from domain.placement import Passage, hand_over, move, receive, take_back

PROVINCE = UUID(int=100)
LEFT, CAME = date(2023, 9, 1), date(2023, 9, 10)
PASSAGE = Passage(
    transfer_id=UUID(int=50),
    from_tenant="lam-dong/bao-lam",
    to_tenant="lam-dong/di-linh",
    province_id=PROVINCE,
    document="12-GT/HU",
)


def place(
    number: int = 2,
    kind: OrganizationKind = OrganizationKind.SUBORDINATE_CELL,
    *characteristics: str,
) -> OrganizationRef:
    return OrganizationRef(
        1, UUID(int=number), f"x/y/{number}", kind, (), frozenset(characteristics)
    )


def moved(day: date, to: OrganizationRef | None = None, **fields: object) -> Step:
    return lambda case: move(case, on(day), cell=to or place(), **fields)  # type: ignore[arg-type]


def handed_over(day: date = LEFT) -> Step:
    return lambda case: hand_over(case, on(day), PASSAGE)


def taken_back(day: date = CAME) -> Step:
    return lambda case: take_back(case, on(day), PASSAGE.transfer_id)


def received(left: Candidate, day: date = CAME, number: int = 3) -> Candidate:
    return receive(UUID(int=11), on(day), place(number), PASSAGE, left)
