"""Carries a transfer on: what its record in the province's log says is to be done next, is done.

Any number of processes may do so at once, and each may die between two steps: a step is recorded
once, under an id that follows from the transfer, and what was done before is found again.
"""

from collections.abc import Awaitable, Callable
from typing import Final
from uuid import UUID, uuid5

from commands.identity import open_register
from commands.perform import ATTEMPTS_MAX, perform
from commands.ports import Actor, Command, Desk, Recorded
from domain.access import Role
from domain.candidate import Candidate
from domain.errors import Conflict, InvalidInput, NotFound, Refusal, RuleViolated, VersionConflict
from domain.identity import Identity, Keeper
from domain.judgment import Day
from domain.person import identity_claim
from domain.placement import Passage, hand_over, receive, take_back
from domain.transfer import Transfer, TransferAccepted, TransferState

_PASSING: Final = frozenset({"BUSY"})
"""Refusals that say nothing about the case: the step is tried again later."""


async def carry_on(desk: Desk, province: int, transfer_id: UUID) -> None:
    """Take every step that can be taken without anybody's decision.

    Raises a Refusal when a step can only be taken later, and VersionConflict when others always
    were first; nothing is lost by either.
    """
    for _ in range(ATTEMPTS_MAX):
        transfer = await desk.log.load(province, Transfer, transfer_id)
        step = _STEPS.get(transfer.state)
        if step is None:
            return
        try:
            await step(desk, province, transfer)
        except VersionConflict:
            continue
    raise VersionConflict


async def _depart(desk: Desk, province: int, transfer: Transfer) -> None:
    decided = transfer.decided
    tenant_id = await desk.directory.tenant_of(decided.from_tenant)
    command = _command(transfer, "hand over")

    async def close() -> Recorded:
        candidate = await desk.log.load(tenant_id, Candidate, decided.candidate_id)
        day = Day(decided.effective_on, await desk.rules.of(tenant_id))
        hand_over(candidate, day, passage_of(transfer))
        return await desk.log.save(tenant_id, command, candidate, subject=candidate.id)

    try:
        await perform(desk, tenant_id, command, close)
    except Refusal as refusal:
        transfer.turn_back(_final(refusal))
    else:
        transfer.depart()
    await _save(desk, province, transfer)


async def _receive(desk: Desk, province: int, transfer: Transfer) -> None:
    decided, accepted = transfer.decided, transfer.latest(TransferAccepted)
    from_id = await desk.directory.tenant_of(decided.from_tenant)
    to_id = await desk.directory.tenant_of(decided.to_tenant)
    left = await desk.log.recorded(from_id, _command(transfer, "hand over"))
    assert left is not None
    # Whoever reads figures with the receipt in them must find the departure, too.
    await desk.directory.shown(from_id, left.last_position)
    candidate_id = received_as(transfer)
    command = _command(transfer, "receive", accepted.accepted_by)

    async def open_again() -> Recorded:
        old = await desk.log.load(from_id, Candidate, decided.candidate_id)
        cell = await desk.directory.organization_by_id(to_id, accepted.cell_id)
        day = Day(accepted.effective_on, await desk.rules.of(to_id))
        candidate = receive(candidate_id, day, cell, passage_of(transfer), old)
        return await desk.log.save(to_id, command, candidate, subject=candidate_id)

    try:
        await perform(desk, to_id, command, open_again)
    except Refusal as refusal:
        transfer.turn_back(_final(refusal))
        await _save(desk, province, transfer)
        return
    identity = await _identity_passed(desk, from_id, transfer, candidate_id)
    transfer.complete(candidate_id)
    await _save(desk, province, transfer, *([] if identity is None else [identity]))


async def _take_back(desk: Desk, province: int, transfer: Transfer) -> None:
    decided = transfer.decided
    tenant_id = await desk.directory.tenant_of(decided.from_tenant)
    if await desk.log.recorded(tenant_id, _command(transfer, "hand over")) is not None:
        command = _command(transfer, "take back")
        on = transfer.entries[-1].effective_on

        async def reopen() -> Recorded:
            candidate = await desk.log.load(tenant_id, Candidate, decided.candidate_id)
            day = Day(on, await desk.rules.of(tenant_id))
            take_back(candidate, day, transfer.id)
            return await desk.log.save(tenant_id, command, candidate, subject=candidate.id)

        await perform(desk, tenant_id, command, reopen)
    transfer.complete()
    await _save(desk, province, transfer)


_STEPS: Final[dict[TransferState, Callable[[Desk, int, Transfer], Awaitable[None]]]] = {
    TransferState.DECIDED: _depart,
    TransferState.ACCEPTED: _receive,
    TransferState.TURNED_BACK: _take_back,
}
"""What is to be done in a state; in the others it is somebody's turn, or nothing is left."""
UNFINISHED: Final = tuple(_STEPS)
"""The states in which a transfer is carried on."""


def received_as(transfer: Transfer) -> UUID:
    """The id of the case in the tenant that receives it."""
    return uuid5(transfer.id, "candidate")


def passage_of(transfer: Transfer) -> Passage:
    """What both tenants record of it."""
    decided = transfer.decided
    return Passage(
        transfer_id=transfer.id,
        from_tenant=decided.from_tenant,
        to_tenant=decided.to_tenant,
        province_id=decided.organization_id,
        document=decided.document,
    )


async def _identity_passed(
    desk: Desk, from_id: int, transfer: Transfer, candidate_id: UUID
) -> Identity | None:
    """The person's identity number, if there is one, as kept by the receiving tenant."""
    old = await desk.log.load(from_id, Candidate, transfer.decided.candidate_id)
    claimed = identity_claim(old.identified.identity_number)
    register = await open_register(desk, _command(transfer, "pass"), from_id, old)
    return await register.passed(claimed, Keeper(transfer.decided.to_tenant, candidate_id))


def _final(refusal: Refusal) -> str:
    """The code of a refusal that will never be another one. Raises the refusal if it may be."""
    judged = isinstance(refusal, Conflict | InvalidInput | NotFound | RuleViolated)
    if not judged or refusal.code in _PASSING:
        raise refusal
    return refusal.code


async def _save(desk: Desk, province: int, transfer: Transfer, *others: Identity) -> None:
    command = _command(transfer, f"entry {transfer.version}")
    await desk.log.save(province, command, transfer, *others, subject=transfer.id)


def _command(transfer: Transfer, step: str, actor: str | None = None) -> Command:
    """The command of a step: the same whoever takes it, in the name of who decided it."""
    decided = transfer.decided
    return Command(
        id=uuid5(transfer.id, step),
        actor=Actor(actor or decided.decided_by, Role.BOARD, decided.from_tenant),
        occurred_on=decided.effective_on,
        correlation_id=transfer.id,
    )
