"""Where a person counts who was assigned to a part, and who was moved."""

from datetime import date
from uuid import UUID

from tests.domain.steps import on
from tests.domain.test_structure import CASE, DAY, A, B, C, structure

from domain.candidate import Candidate
from domain.organization import OrganizationKind, OrganizationRef
from domain.organization_code import organization_id
from domain.part import refined, whereabouts
from domain.placement import Passage, hand_over, move, receive
from domain.timeline import IN_TRANSIT, timeline

HERE, PART, ELSEWHERE = (organization_id(code) for code in (A, B, C))
PROVINCE = organization_id("lam-dong")


def cell(tenant_id: int, cell_id: UUID) -> OrganizationRef:
    """A cell of a tenant."""
    kind = OrganizationKind.SUBORDINATE_CELL
    return OrganizationRef(tenant_id, cell_id, C, kind, (cell_id,), frozenset())


def assigned() -> Candidate:
    """Somebody whose cell was divided."""
    candidate = structure(open_in=A).candidates[CASE]
    candidate.assign(PART, divided=HERE, on=DAY)
    return candidate


def units(candidate: Candidate) -> set[UUID]:
    """The units under which the person ever counts."""
    return {line.unit for line, n in timeline(candidate.entries).items() if n}


def test_who_moves_on_leaves_the_part() -> None:
    """Up to the move the person counts in the part's unit, then in the new cell."""
    candidate = assigned()
    move(candidate, on(date(2024, 6, 1)), cell=cell(2, ELSEWHERE))

    assert candidate.cell_on(DAY).id == PART
    assert candidate.organization_id == ELSEWHERE
    assert units(candidate) == {refined(HERE, PART, DAY).id, ELSEWHERE}


def test_an_assignment_says_nothing_of_who_was_elsewhere_on_that_day() -> None:
    """A move entered late takes the person out of the divided cell; voided, the part counts."""
    candidate = assigned()
    move(candidate, on(date(2024, 2, 1)), cell=cell(2, ELSEWHERE))

    found = whereabouts(candidate.entries, candidate.live())
    assert (found.refined, found.organization_id) == ([], ELSEWHERE)
    assert candidate.organization_id == candidate.cell_on(DAY).id == ELSEWHERE
    assert units(candidate) == {HERE, ELSEWHERE}

    candidate.void(candidate.version, position=3, reason="Ghi nhầm", on=DAY)
    assert candidate.organization_id == PART
    assert units(candidate) == {refined(HERE, PART, DAY).id}


def test_an_assignment_is_void_of_who_never_came() -> None:
    """The move to the divided cell was never true: the person counts where it always was."""
    candidate = structure(open_in=C).candidates[CASE]
    move(candidate, on(date(2024, 2, 1)), cell=cell(2, HERE))
    candidate.assign(PART, divided=HERE, on=DAY)
    assert candidate.organization_id == PART

    candidate.void(2, position=2, reason="Ghi nhầm", on=DAY)
    assert candidate.organization_id == ELSEWHERE
    assert units(candidate) == {ELSEWHERE}


def test_the_way_to_another_tenant_counts_at_the_province_and_parts_stay_behind() -> None:
    """In transit is the province's own unit; the exit, the part's; the receiver knows no part."""
    candidate = assigned()
    day = on(date(2024, 6, 1))
    passage = Passage(
        transfer_id=UUID(int=3),
        from_tenant="lam-dong/bao-lam",
        to_tenant="lam-dong/di-linh",
        province_id=PROVINCE,
        document=None,
    )
    hand_over(candidate, day, passage)
    left = timeline(candidate.entries)
    came = receive(UUID(int=4), day, cell(3, ELSEWHERE), passage, candidate)

    assert {line.unit for line, n in left.items() if line.account == IN_TRANSIT and n} == {PROVINCE}
    assert units(candidate) == {refined(HERE, PART, DAY).id, PROVINCE}
    assert whereabouts(came.entries, came.live()).refined == []
    assert units(came) == {ELSEWHERE, PROVINCE}
