"""A hand-over survives whatever interrupts it: a crash before or after any append, a refusal."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from tests.commands.cases_placement import FAR_CELL, PROVINCE, SOMEBODY, far_cell, identified
from tests.commands.memory import (
    CELL,
    GRASSROOTS_CELL,
    OTHER_DISTRICT,
    Memory,
    command,
    furnish,
)

from commands.candidate import assign_helper
from commands.correction import correct_event
from commands.erasure import erase_personal_data, order_erasure
from commands.hand_over import UNFINISHED, carry_on
from commands.perform import perform
from commands.ports import Command, Recorded
from commands.transfer import accept_transfer, return_transfer, transfer_candidate
from domain.candidate import Candidate, Cell
from domain.case import Stage, stage
from domain.errors import Conflict, InvalidInput, NotFound, RuleViolated
from domain.identity import Identity
from domain.judgment import Day
from domain.procedure import rule_book
from domain.record import Record
from domain.transfer import Transfer, TransferState

HOME, AWAY = 2, 3
NUMBERED = replace(SOMEBODY, identity_number="068 300 001 234")
CLAIM = ("identity number", "068300001234")
LEFT, CAME = date(2024, 1, 20), date(2024, 1, 25)


def there() -> Command:
    """A command of the other district's board."""
    return command(scope=OTHER_DISTRICT, on=CAME)


class Crashed(Exception):
    """The process is gone."""


class Fragile(Memory):
    """An installation whose process dies at its n-th append, before or after it is done."""

    saves = 0
    dies_at = 0
    is_done = False

    async def save(
        self, tenant_id: int, command: Command, *records: Record, subject: UUID
    ) -> Recorded:
        """As the log takes it, if the process lives so long."""
        self.saves += 1
        if self.saves == self.dies_at and not self.is_done:
            raise Crashed
        recorded = await Memory.save(self, tenant_id, command, *records, subject=subject)
        if self.saves == self.dies_at:
            raise Crashed
        return recorded

    def dies(self, saves: int, *, is_done: bool) -> None:
        """Let the process die at an append from now on, once that is done or just before."""
        self.saves, self.dies_at, self.is_done = 0, saves, is_done

    def starts_again(self) -> None:
        """A new process knows nothing but the logs."""
        self.dies_at = 0
        self._records = self._process()


async def fragile() -> Fragile:
    """The usual organizations, and a cell of the other district."""
    memory = Fragile()
    await furnish(memory)
    await far_cell(memory)
    return memory


async def sent(memory: Memory, candidate: UUID, given: Command | None = None) -> UUID:
    """A case on its way to the other district."""
    decided = await transfer_candidate(
        memory.desk,
        given or command(on=LEFT),
        tenant_id=HOME,
        subject=candidate,
        organization=FAR_CELL,
        document="12-GT/HU",
    )
    return decided.subject


async def accepted(memory: Memory, transfer: UUID, given: Command | None = None) -> Recorded:
    """The other district takes it."""
    return await accept_transfer(
        memory.desk, given or there(), tenant_id=PROVINCE, subject=transfer
    )


async def state(memory: Memory, transfer: UUID) -> TransferState:
    """How far it is by the province's log."""
    return (await memory.reload(PROVINCE, Transfer, transfer)).state


async def interrupted(
    memory: Fragile, run: Callable[[], Awaitable[object]], saves: int, *, is_done: bool
) -> bool:
    """Run into a crash and go on with a new process, as a worker and the client would."""
    memory.dies(saves, is_done=is_done)
    try:
        await run()
    except Crashed:
        memory.starts_again()
        await unfinished(memory)
        await run()
        return True
    memory.starts_again()
    return False


async def unfinished(memory: Memory) -> None:
    """What the worker does."""
    ids = {e.originator_id for e in memory.log[PROVINCE] if type(e).__name__ == "TransferDecided"}
    for transfer in ids:
        if await state(memory, transfer) in UNFINISHED:
            await carry_on(memory.desk, PROVINCE, transfer)


def kinds(memory: Memory, tenant: int) -> list[str]:
    """The entries of a log but for those of organizations."""
    return [type(e).__name__ for e in memory.log[tenant] if type(e).__name__ != "Established"]


@pytest.mark.parametrize("is_done", [False, True])
async def test_a_crash_at_any_append_loses_nothing_and_doubles_nothing(is_done: bool) -> None:  # noqa: FBT001
    """Whoever goes on, the client or the worker: the logs end as they do without any crash."""
    logs = []
    for saves in range(8):
        memory = await fragile()
        candidate = await identified(memory, person=NUMBERED)
        leave, take = command(on=LEFT), there()
        died = await interrupted(
            memory, partial(sent, memory, candidate, leave), saves, is_done=is_done
        )
        transfer = await sent(memory, candidate, leave)
        assert await state(memory, transfer) is TransferState.IN_TRANSIT
        died |= await interrupted(
            memory, partial(accepted, memory, transfer, take), saves, is_done=is_done
        )
        assert await state(memory, transfer) is TransferState.RECEIVED
        assert died is (0 < saves < 4)
        logs.append([kinds(memory, tenant) for tenant in (PROVINCE, HOME, AWAY)])

    assert all(log == logs[0] for log in logs)
    province, home, away = logs[0]
    assert home == ["Identified", "HandedOver"]
    assert away == ["Received"]
    assert province == [
        "IdentityReserved",
        "TransferDecided",
        "TransferDeparted",
        "TransferAccepted",
        "TransferCompleted",
        "IdentityPassed",
    ]


@pytest.mark.parametrize("is_done", [False, True])
@pytest.mark.parametrize("saves", range(1, 4))
async def test_a_crash_at_any_append_of_a_return(saves: int, is_done: bool) -> None:  # noqa: FBT001
    """The case is open again where it was, once."""
    memory = await fragile()
    candidate = await identified(memory, person=NUMBERED)
    transfer = await sent(memory, candidate)
    given = there()

    async def decline() -> object:
        return await return_transfer(
            memory.desk, given, tenant_id=PROVINCE, subject=transfer, reason="Không nhận"
        )

    assert await interrupted(memory, decline, saves, is_done=is_done)
    assert await state(memory, transfer) is TransferState.RETURNED
    assert kinds(memory, HOME) == ["Identified", "HandedOver", "TakenBack"]
    assert kinds(memory, AWAY) == []
    case = await memory.reload(HOME, Candidate, candidate)
    assert stage(case.facts(), CAME) is Stage.IDENTIFIED
    assert await memory.holder(HOME, *CLAIM) == candidate


async def test_the_receiving_tenant_goes_on_and_the_other_one_cannot() -> None:
    """Its own key opens the person's fields; the old record points to it."""
    memory = await fragile()
    candidate = await identified(memory, person=NUMBERED)
    await accepted(memory, await sent(memory, candidate))
    received = memory.log[AWAY][-1].originator_id
    case = await memory.reload(AWAY, Candidate, received)

    assert case.identified.full_name == NUMBERED.full_name
    assert case.organization_id == (await memory.organization(FAR_CELL)).id
    helper: dict[str, Any] = {"helper_name": "Trần Giúp", "helper_official_since": date(2010, 1, 1)}
    await assign_helper(memory.desk, there(), tenant_id=AWAY, subject=received, **helper)
    with pytest.raises(Conflict, match="CANDIDATE_HANDED_OVER"):
        await assign_helper(
            memory.desk, command(on=CAME), tenant_id=HOME, subject=candidate, **helper
        )
    position = next(i for i, e in enumerate(memory.log[HOME], 1) if e.originator_id == candidate)
    with pytest.raises(Conflict, match="CANDIDATE_HANDED_OVER"):
        await correct_event(
            memory.desk, command(on=CAME), tenant_id=HOME, position=position, reason="Nhầm"
        )


async def test_the_identity_number_goes_along() -> None:
    """It is free in the old tenant's log, held in the new one's, and kept by it in the province."""
    memory = await fragile()
    candidate = await identified(memory, person=NUMBERED)
    transfer = await sent(memory, candidate)
    assert await memory.holder(HOME, *CLAIM) is None
    with pytest.raises(Conflict, match="PERSON_ALREADY_RECORDED"):
        await identified(memory, person=NUMBERED)
    await accepted(memory, transfer)

    received = memory.log[AWAY][-1].originator_id
    assert await memory.holder(AWAY, *CLAIM) == received
    holder = await memory.holder(PROVINCE, *CLAIM)
    assert holder is not None
    keeper = (await memory.reload(PROVINCE, Identity, holder)).keeper
    assert keeper is not None
    assert (keeper.tenant, keeper.candidate_id) == (OTHER_DISTRICT, received)
    with pytest.raises(Conflict, match="PERSON_KEPT_ELSEWHERE"):
        await identified(memory, person=NUMBERED)


async def test_what_forbids_the_receipt_sends_the_case_back() -> None:
    """The other tenant has recorded the same person before numbers were kept in the province."""
    memory = await fragile()
    candidate = await identified(memory, person=NUMBERED)
    transfer = await sent(memory, candidate)
    double = await memory.reload(HOME, Candidate, candidate)
    cell = await memory.organization(FAR_CELL)
    known = Candidate.identify(UUID(int=3), _day(), _cell(cell.id), NUMBERED)
    await memory.save(AWAY, there(), known, subject=known.id)
    await accepted(memory, transfer)

    assert await state(memory, transfer) is TransferState.RETURNED
    back = (await memory.reload(PROVINCE, Transfer, transfer)).turned_back
    assert back is not None
    assert back.code == "PERSON_ALREADY_RECORDED"
    assert double.facts().handed_over is not None
    assert (await memory.reload(HOME, Candidate, candidate)).facts().handed_over is None


async def test_a_later_entry_that_was_first_ends_the_hand_over() -> None:
    """Between the decision and the closing of the case somebody records a step of a later day."""
    memory = await fragile()
    candidate = await identified(memory)
    given = command(on=LEFT)
    memory.dies(1, is_done=True)
    with pytest.raises(Crashed):
        await sent(memory, candidate, given)
    memory.starts_again()
    await assign_helper(
        memory.desk,
        command(on=CAME),
        tenant_id=HOME,
        subject=candidate,
        helper_name="Trần Giúp",
        helper_official_since=date(2010, 1, 1),
    )
    transfer = await sent(memory, candidate, given)

    assert await state(memory, transfer) is TransferState.RETURNED
    assert kinds(memory, HOME) == ["Identified", "HelperAssigned"]


async def test_a_case_leaves_once_at_a_time() -> None:
    """A second hand-over is refused while the first one lasts."""
    memory = await fragile()
    candidate = await identified(memory)
    await sent(memory, candidate)
    with pytest.raises(Conflict, match="CANDIDATE_HANDED_OVER"):
        await sent(memory, candidate)


async def test_where_a_case_may_go() -> None:
    """To a cell of another tenant of the same province."""
    memory = await fragile()
    candidate = await identified(memory)
    for code, refused in (
        (GRASSROOTS_CELL, InvalidInput),
        (OTHER_DISTRICT, InvalidInput),
        ("binh-dinh/khoi/x", NotFound),
    ):
        with pytest.raises(refused):
            await transfer_candidate(
                memory.desk,
                command(on=LEFT),
                tenant_id=HOME,
                subject=candidate,
                organization=code,
            )
    with pytest.raises(RuleViolated):
        await sent(memory, candidate, command(on=date(2024, 1, 1)))


async def test_the_receiving_committee_chooses_among_its_own_cells() -> None:
    """Another tenant's cell is not found, its own is taken."""
    memory = await fragile()
    transfer = await sent(memory, await identified(memory))
    with pytest.raises(NotFound):
        await accept_transfer(
            memory.desk,
            there(),
            tenant_id=PROVINCE,
            subject=transfer,
            organization=CELL,
        )
    await accept_transfer(
        memory.desk, there(), tenant_id=PROVINCE, subject=transfer, organization=FAR_CELL
    )
    assert await state(memory, transfer) is TransferState.RECEIVED


async def test_nobody_is_erased_on_the_way() -> None:
    """After the receipt each tenant erases its own copy."""
    memory = await fragile()
    candidate = await identified(memory, person=NUMBERED)
    transfer = await sent(memory, candidate)
    one: dict[str, Any] = {"tenant_id": HOME, "subject": candidate}
    order: dict[str, Any] = {"document_number": "1-CV", "issued_by": "Ban Thường vụ"}
    await order_erasure(memory.desk, command(on=CAME), **one, **order)
    memory.day = date(2024, 3, 1)
    with pytest.raises(Conflict, match="CANDIDATE_IN_TRANSIT"):
        await erase_personal_data(memory.desk, command(on=memory.day), **one)
    await accepted(memory, transfer)
    await erase_personal_data(memory.desk, command(on=memory.day), **one)
    received = memory.log[AWAY][-1].originator_id
    assert (await memory.reload(AWAY, Candidate, received)).identified.full_name


async def test_the_same_acceptance_twice() -> None:
    """The first result is the answer."""
    memory = await fragile()
    transfer = await sent(memory, await identified(memory))
    given = there()
    first = await accepted(memory, transfer, given)
    again = await perform(memory.desk, PROVINCE, given, lambda: accepted(memory, transfer, given))
    assert again == replace(first, repeated=True)


def _day() -> Day:
    return Day(date(2024, 1, 8), rule_book())


def _cell(cell_id: UUID) -> Cell:
    return Cell(cell_id, grassroots=True, characteristics=frozenset())
