"""One decision about many targets, who may change it afterwards, and carrying over."""

from datetime import date
from uuid import UUID

import pytest
from tests.commands.memory import (
    CELL,
    COMMITTEE,
    DISTRICT,
    GRASSROOTS_CELL,
    NEIGHBOR,
    OTHER_DISTRICT,
    Memory,
    command,
    furnished,
)

from commands.closing import close_figures, reopen_figures, submit_figures
from commands.correction import Replacement, correct_event
from commands.ports import Command, Recorded
from commands.target import (
    Line,
    adjust_target,
    allocate_targets,
    assign_target,
    register_targets,
)
from commands.target_carry import carry_target
from domain.access import Role
from domain.closing import Closing, ClosingStatus
from domain.errors import Conflict, InvalidInput, NotFound, NotPermitted
from domain.organization import organization_id
from domain.period import term, year
from domain.target import Amount, Target, TargetBasis, TargetTerms, target_id

TENANT = 2
ASSIGNED = TargetTerms(basis=TargetBasis.ASSIGNED, period=year(2024))
MINORITY = TargetTerms(basis=TargetBasis.ASSIGNED, period=year(2024), group="ETHNIC_MINORITY")


def line(code: str, count: int, terms: TargetTerms = ASSIGNED) -> Line:
    """A number."""
    return Line(code, terms, Amount(count))


async def allocate(memory: Memory, *lines: Line, scope: str = DISTRICT) -> Recorded:
    """The district's decision."""
    return await allocate_targets(
        memory.desk,
        command(Role.BOARD, scope),
        organization=DISTRICT,
        lines=lines,
        document="7-QĐ/HU",
        issued_by="Ban Thường vụ Huyện ủy",
    )


async def target(memory: Memory, code: str, terms: TargetTerms = ASSIGNED) -> Target:
    """The target of an organization."""
    return await memory.load(TENANT, Target, target_id(organization_id(code), terms))


async def test_a_grid_is_recorded_at_once() -> None:
    """Organizations × groups, one document, one setter."""
    memory = await furnished()
    recorded = await allocate(
        memory, line(COMMITTEE, 20), line(COMMITTEE, 8, MINORITY), line(GRASSROOTS_CELL, 4)
    )

    assert recorded.last_position - recorded.first_position == 2
    for code, terms, count in (
        (COMMITTEE, ASSIGNED, 20),
        (COMMITTEE, MINORITY, 8),
        (GRASSROOTS_CELL, ASSIGNED, 4),
    ):
        made = await target(memory, code, terms)
        assert (made.amount().count, made.set_by) == (count, DISTRICT)
        assert (made.stated.document, made.stated.issued_by) == (
            "7-QĐ/HU",
            "Ban Thường vụ Huyện ủy",
        )


@pytest.mark.parametrize(
    ("lines", "refusal"),
    [
        ([line(COMMITTEE, 3), line(DISTRICT, 3)], NotFound),
        ([line(COMMITTEE, 3), line(f"{OTHER_DISTRICT}/x", 3)], NotFound),
        ([line(COMMITTEE, 3), line(f"{DISTRICT}/nobody", 3)], NotFound),
        ([line(COMMITTEE, 3), line(COMMITTEE, 4)], InvalidInput),
        ([line(COMMITTEE, 3), line(CELL, -1)], InvalidInput),
    ],
)
async def test_all_or_none(lines: list[Line], refusal: type[Exception]) -> None:
    """One cell that cannot be refuses the whole grid."""
    memory = await furnished()
    sizes = memory.sizes()
    with pytest.raises(refusal):
        await allocate(memory, *lines)
    assert sizes == memory.sizes()


async def test_a_province_allocates_in_no_other_log() -> None:
    """An append is of one log: districts are assigned theirs one by one."""
    memory = await furnished()
    with pytest.raises(NotPermitted) as refusal:
        await allocate_targets(
            memory.desk,
            command(Role.PROVINCE, "lam-dong"),
            organization="lam-dong",
            lines=[line(DISTRICT, 30)],
            document="1-QĐ/TU",
        )
    assert refusal.value.code == "OTHER_TENANT"


async def test_a_second_decision_does_not_overwrite() -> None:
    """What is set is adjusted; the refusal names the organization."""
    memory = await furnished()
    await allocate(memory, line(COMMITTEE, 20))
    sizes = memory.sizes()
    with pytest.raises(Conflict) as refusal:
        await allocate(memory, line(GRASSROOTS_CELL, 4), line(COMMITTEE, 21))

    assert COMMITTEE in refusal.value.text.en
    assert sizes == memory.sizes()


async def test_only_who_set_a_target_or_its_superior_adjusts_it() -> None:
    """Domain sheet, D.6: neither the holder, nor a level between it and the setter."""
    memory = await furnished()
    await allocate(memory, line(CELL, 3))
    made = await target(memory, CELL)

    async def adjust(role: Role, scope: str) -> None:
        await adjust_target(
            memory.desk,
            command(role, scope, on=date(2024, 5, 6)),
            tenant_id=TENANT,
            target=made.id,
            amount=Amount(2),
            reason="Chuyển nguồn",
            document="9-QĐ/HU",
        )

    for role, scope in (
        (Role.GRASSROOTS, COMMITTEE),
        (Role.BOARD, COMMITTEE),
        (Role.BOARD, CELL),
    ):
        with pytest.raises(NotPermitted) as refusal:
            await adjust(role, scope)
        assert refusal.value.code == "SET_FROM_ABOVE"
    await adjust(Role.BOARD, DISTRICT)
    await adjust(Role.PROVINCE, "lam-dong")

    assert (await target(memory, CELL)).amount().count == 2


async def test_a_district_does_not_correct_what_the_province_assigned() -> None:
    """A correction is no way around."""
    memory = await furnished()
    made = await assign_target(
        memory.desk,
        command(Role.PROVINCE, "lam-dong"),
        organization=DISTRICT,
        terms=ASSIGNED,
        amount=Amount(rate_percent=3, base_count=1_000),
    )
    with pytest.raises(NotPermitted) as refusal:
        await correct_event(
            memory.desk,
            command(on=date(2024, 4, 1)),
            tenant_id=TENANT,
            position=made.first_position,
            reason="Muốn ít hơn",
            replacement=Replacement(None, {"baseCount": 900}),
        )
    assert refusal.value.code == "SET_FROM_ABOVE"


async def test_a_rate_is_corrected_by_its_base() -> None:
    """The number is counted again."""
    memory = await furnished()
    terms = TargetTerms(basis=TargetBasis.CONGRESS, period=year(2024))
    made = await register_targets(
        memory.desk,
        command(),
        organization=DISTRICT,
        lines=[Line(DISTRICT, terms, Amount(rate_percent=3, base_count=1_000))],
    )
    await correct_event(
        memory.desk,
        command(on=date(2024, 4, 1)),
        tenant_id=TENANT,
        position=made.first_position,
        reason="Số đảng viên đầu nhiệm kỳ ghi nhầm",
        replacement=Replacement(None, {"baseCount": 901}),
    )

    assert (await target(memory, DISTRICT, terms)).amount().count == 28


async def test_year_and_term_total_and_structure_stand_together() -> None:
    """One registration; nothing of it when one of its lines stands already."""
    memory = await furnished()
    of_term = TargetTerms(
        basis=TargetBasis.REGISTERED, period=term("2020-2025", date(2020, 6, 18)), group="WOMEN"
    )
    of_year = TargetTerms(basis=TargetBasis.REGISTERED, period=year(2022))
    lines = [line(COMMITTEE, 6, of_year), Line(COMMITTEE, of_term, Amount(share_percent=40))]

    async def register() -> None:
        await register_targets(
            memory.desk,
            command(Role.GRASSROOTS, COMMITTEE),
            organization=COMMITTEE,
            lines=lines,
            document="3-ĐK/ĐU",
        )

    await register()
    made = await target(memory, COMMITTEE, of_term)
    assert made.terms.period.first == date(2020, 6, 18)
    assert made.set_by is None
    sizes = memory.sizes()
    with pytest.raises(Conflict):
        await register()
    assert sizes == memory.sizes()


CARRY_ON = date(2024, 7, 1)


async def carry(
    memory: Memory, of: UUID, to: str, count: int = 2, *, by: Command | None = None
) -> Recorded:
    """A decision about a successor."""
    return await carry_target(
        memory.desk,
        by or command(on=CARRY_ON),
        tenant_id=TENANT,
        target=of,
        successor=to,
        count=count,
        reason="Chia tách",
        document="12-QĐ/HU",
    )


async def test_carried_to_a_successor_with_and_without_a_target() -> None:
    """Set where there is none, added to one that stands, stated again where it was voided."""
    memory = await furnished()
    await allocate(memory, line(COMMITTEE, 9), line(GRASSROOTS_CELL, 4))
    made = await target(memory, COMMITTEE)
    for to, count in ((CELL, 2), (GRASSROOTS_CELL, 3), (CELL, 1)):
        await carry(memory, made.id, to, count)

    assert (await target(memory, CELL)).amount().count == 3
    assert (await target(memory, CELL)).stated.carried_from == made.id
    assert (await target(memory, GRASSROOTS_CELL)).amount().count == 7
    assert (await target(memory, COMMITTEE)).unassigned() == 3
    assert (await target(memory, COMMITTEE)).amount().count == 9


async def test_carried_to_a_successor_whose_target_was_voided() -> None:
    """It is stated again."""
    memory = await furnished()
    await allocate(memory, line(COMMITTEE, 9))
    wrong = await allocate(memory, line(CELL, 5))
    await correct_event(
        memory.desk,
        command(on=date(2024, 4, 1)),
        tenant_id=TENANT,
        position=wrong.first_position,
        reason="Nhầm chi bộ",
    )
    await carry(memory, (await target(memory, COMMITTEE)).id, CELL, 2)

    assert (await target(memory, CELL)).amount().count == 2


async def test_not_carried() -> None:
    """Not to itself, not to a share, not into another log, not by the heir."""
    memory = await furnished()
    await allocate(memory, line(COMMITTEE, 9, MINORITY))
    made = await target(memory, COMMITTEE, MINORITY)
    share = Line(GRASSROOTS_CELL, MINORITY, Amount(share_percent=20))
    await allocate(memory, share)
    sizes = memory.sizes()
    with pytest.raises(Conflict):
        await carry(memory, made.id, GRASSROOTS_CELL)
    with pytest.raises(NotPermitted):
        await carry(memory, made.id, COMMITTEE)
    with pytest.raises(NotPermitted) as refusal:
        await carry(
            memory, made.id, OTHER_DISTRICT, by=command(Role.PROVINCE, "lam-dong", on=CARRY_ON)
        )
    assert refusal.value.code == "OTHER_TENANT"
    with pytest.raises(NotPermitted):
        await carry(memory, made.id, NEIGHBOR, by=command(Role.GRASSROOTS, COMMITTEE, on=CARRY_ON))
    assert sizes == memory.sizes()


async def test_submitted_figures_are_reopened_from_above() -> None:
    """Closed ones by their own committee; then they can be closed again."""
    memory = await furnished()
    own, above = command(Role.GRASSROOTS, COMMITTEE), command()
    asked = {"organization": COMMITTEE, "period": year(2024)}
    await close_figures(memory.desk, own, **asked)  # type: ignore[arg-type]
    with pytest.raises(Conflict):
        await close_figures(memory.desk, command(), **asked)  # type: ignore[arg-type]
    made = await submit_figures(memory.desk, command(), **asked, document="3-BC/ĐU")  # type: ignore[arg-type]
    with pytest.raises(NotPermitted) as refusal:
        await reopen_figures(
            memory.desk,
            command(Role.GRASSROOTS, COMMITTEE),
            **asked,  # type: ignore[arg-type]
            reason="Sót một quyết định",
        )
    assert refusal.value.code == "SUBMITTED_FIGURES"
    await reopen_figures(memory.desk, above, **asked, reason="Sót")  # type: ignore[arg-type]
    await close_figures(memory.desk, command(), **asked)  # type: ignore[arg-type]
    closing = await memory.load(TENANT, Closing, made.subject)

    assert closing.status is ClosingStatus.CLOSED
    assert len(closing.entries) == 4


async def test_a_province_submits_to_nobody() -> None:
    """There is no level above it here."""
    memory = await furnished()
    with pytest.raises(InvalidInput) as refusal:
        await submit_figures(
            memory.desk,
            command(Role.PROVINCE, "lam-dong"),
            organization="lam-dong",
            period=year(2024),
            document="3-BC/TU",
        )
    assert refusal.value.code == "NO_LEVEL_ABOVE"
