"""Carries a province's reorganization on: what its record says is to be done next, is done.

Each leg is one append in one tenant's log, under a command id that follows from the plan; any
number of processes may take it, each may die in between, and what was done is found again.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from functools import partial
from typing import Final
from uuid import UUID, uuid5

from commands.identity import identity_passed
from commands.perform import ATTEMPTS_MAX, perform
from commands.ports import Actor, Command, Desk, Recorded
from commands.relocation import (
    Left,
    Parts,
    arrival,
    departure,
    destinations,
    left_in,
    parts_of,
    received_as,
    require_scope,
)
from commands.reversal import Mark, voided
from domain.access import Role
from domain.errors import Refusal, VersionConflict
from domain.events import record_kind
from domain.identity import Keeper
from domain.judgment import Day
from domain.record import Entry, Record
from domain.reorganization import Reorganization, decide_reorganization, decide_reversal
from domain.reorganization_entry import Leg, ReorganizationReversalDecided, ReorganizationState
from domain.structure import Structure


async def execute_jointly(
    desk: Desk, command: Command, province: int, plan: Reorganization, document: str
) -> Recorded:
    """Decide a plan of a province, once nothing stands in its way, and begin to carry it out.

    Raises the refusals of its changes; nothing is written then.
    """
    first = await desk.log.recorded(province, command)
    if first is None:
        await rehearse(desk, command.actor, plan)
        day = Day(command.occurred_on, await desk.rules.of(province), command.actor.id)
        decide_reorganization(plan, day, document=document)
        first = await desk.log.save(province, command, plan, subject=plan.id)
    with suppress(Refusal, VersionConflict):
        await carry_on(desk, province, plan.id)
    return first


async def reverse_jointly(
    desk: Desk, command: Command, province: int, plan: Reorganization, reason: str
) -> Recorded:
    """Decide that none of it was ever true, and begin to void it, unless something stands on it.

    Raises Conflict; nothing is written then.
    """
    first = await desk.log.recorded(province, command)
    if first is None:
        await require_scope(desk, command.actor, parts_of(plan))
        day = Day(command.occurred_on, await desk.rules.of(province), command.actor.id)
        decide_reversal(plan, day, reason=reason)
        for tenant, leg in _legs_back(parts_of(plan)):
            await _void(desk, plan, tenant, leg)
        first = await desk.log.save(province, command, plan, subject=plan.id)
    with suppress(Refusal, VersionConflict):
        await carry_on(desk, province, plan.id)
    return first


async def rehearse(desk: Desk, actor: Actor, plan: Reorganization) -> dict[int, list[Record]]:
    """All that each tenant would record, by its id; nothing is saved. Raises the refusals."""
    parts = parts_of(plan)
    await require_scope(desk, actor, parts)
    found: dict[int, dict[UUID, Record]] = {}
    known: dict[UUID, Record] = {}
    left: dict[str, Left] = {}
    for tenant, changes in parts.items():
        tenant_id = await desk.directory.tenant_of(tenant)
        day = Day(plan.plan.planned_on, await desk.rules.of(tenant_id), actor.id)
        structure = await departure(desk, plan, tenant, changes, day)
        known |= structure.changed
        found[tenant_id] = dict(structure.changed)
        _add(left, left_in(tenant, _pending(structure)))
    for tenant in destinations(parts):
        tenant_id = await desk.directory.tenant_of(tenant)
        day = Day(plan.plan.planned_on, await desk.rules.of(tenant_id), actor.id)
        structure = await arrival(desk, plan, tenant, left.get(tenant, Left()), day, known)
        found.setdefault(tenant_id, {}).update(structure.changed)
    return {tenant_id: list(records.values()) for tenant_id, records in found.items()}


async def carry_on(desk: Desk, province: int, plan_id: UUID) -> None:
    """Take every leg that is left.

    Raises a Refusal when one cannot be taken now, and VersionConflict when others always were
    first; nothing is lost by either.
    """
    races = 0
    while races < ATTEMPTS_MAX:
        plan = await desk.log.load(province, Reorganization, plan_id)
        step = _STEPS.get(plan.state)
        if step is None:
            return
        try:
            await step(desk, province, plan)
        except VersionConflict:
            races += 1
    raise VersionConflict


async def _go(desk: Desk, province: int, plan: Reorganization) -> None:
    """The next leg of an execution, or its end."""
    parts = parts_of(plan)
    for tenant, changes in parts.items():
        if tenant not in plan.done(Leg.DEPARTURE):
            leaves = partial(departure, desk, plan, tenant, changes)
            await _take(desk, plan, tenant, Leg.DEPARTURE, leaves)
            plan.advance(tenant, Leg.DEPARTURE)
            await _save(desk, province, plan)
            return
    left = await _left(desk, plan, parts)
    for tenant in destinations(parts):
        if tenant not in plan.done(Leg.ARRIVAL):
            arrives = partial(arrival, desk, plan, tenant, left.get(tenant, Left()))
            await _take(desk, plan, tenant, Leg.ARRIVAL, arrives)
            plan.advance(tenant, Leg.ARRIVAL)
            await _save(desk, province, plan)
            return
    await _pass_identities(desk, plan, left, back=False)
    plan.complete()
    await _save(desk, province, plan)


async def _go_back(desk: Desk, province: int, plan: Reorganization) -> None:
    """The next leg of a reversal, or its end."""
    parts = parts_of(plan)
    for tenant, leg in _legs_back(parts):
        if tenant in plan.done(leg):
            continue
        await _take_back(desk, plan, tenant, leg)
        plan.advance(tenant, leg)
        await _save(desk, province, plan)
        return
    await _pass_identities(desk, plan, await _left(desk, plan, parts), back=True)
    plan.complete()
    await _save(desk, province, plan)


_STEPS: Final[dict[ReorganizationState, Callable[[Desk, int, Reorganization], Awaitable[None]]]] = {
    ReorganizationState.UNDER_WAY: _go,
    ReorganizationState.REVERSING: _go_back,
}


UNFINISHED: Final = frozenset(_STEPS)
"""The states in which a plan is carried on."""


async def _take(
    desk: Desk,
    plan: Reorganization,
    tenant: str,
    leg: Leg,
    made: Callable[[Day], Awaitable[Structure]],
) -> None:
    tenant_id = await desk.directory.tenant_of(tenant)
    command = _leg_command(plan, leg, tenant)

    async def run() -> Recorded:
        day = Day(plan.plan.planned_on, await desk.rules.of(tenant_id), command.actor.id)
        structure = await made(day)
        records = list(structure.changed.values())
        return await desk.log.save(tenant_id, command, *records, subject=plan.id)

    if await desk.log.recorded(tenant_id, command) is None:
        await perform(desk, tenant_id, command, run)


async def _take_back(desk: Desk, plan: Reorganization, tenant: str, leg: Leg) -> None:
    tenant_id = await desk.directory.tenant_of(tenant)
    command = _command(plan, f"void {leg} {tenant}")

    async def run() -> Recorded:
        records = await _void(desk, plan, tenant, leg)
        return await desk.log.save(tenant_id, command, *records, subject=plan.id)

    was_taken = await desk.log.recorded(tenant_id, _leg_command(plan, leg, tenant)) is not None
    if was_taken and await desk.log.recorded(tenant_id, command) is None:
        await perform(desk, tenant_id, command, run)


async def _left(desk: Desk, plan: Reorganization, parts: Parts) -> dict[str, Left]:
    """What left, by the tenant it goes to; the figures show by now that it did."""
    found: dict[str, Left] = {}
    for tenant in parts:
        tenant_id = await desk.directory.tenant_of(tenant)
        recorded = await desk.log.recorded(tenant_id, _leg_command(plan, Leg.DEPARTURE, tenant))
        if recorded is not None:
            await desk.directory.shown(tenant_id, recorded.last_position)
            first, last = recorded.first_position, recorded.last_position
            _add(found, left_in(tenant, await desk.log.entries(tenant_id, first, last)))
    return found


def _add(found: dict[str, Left], more: Mapping[str, Left]) -> None:
    for tenant, left in more.items():
        into = found.setdefault(tenant, Left())
        into.organizations += left.organizations
        into.cases += left.cases
        into.targets += left.targets


async def _void(desk: Desk, plan: Reorganization, tenant: str, leg: Leg) -> list[Record]:
    """The records of a leg with its entries voided; none where it was never taken."""
    tenant_id = await desk.directory.tenant_of(tenant)
    recorded = await desk.log.recorded(tenant_id, _leg_command(plan, leg, tenant))
    if recorded is None:
        return []
    decided = plan.latest(ReorganizationReversalDecided)
    entries = await desk.log.entries(tenant_id, recorded.first_position, recorded.last_position)
    marks = [
        Mark(record_kind(each.TOPIC), each.originator_id, each.originator_version, position)
        for position, each in enumerate(entries, start=recorded.first_position)
    ]
    return await voided(desk, tenant_id, marks, reason=decided.reason, on=decided.effective_on)


def _legs_back(parts: Parts) -> Iterable[tuple[str, Leg]]:
    yield from ((tenant, Leg.ARRIVAL) for tenant in destinations(parts))
    yield from ((tenant, Leg.DEPARTURE) for tenant in parts)


async def _pass_identities(
    desk: Desk, plan: Reorganization, left: Mapping[str, Left], *, back: bool
) -> None:
    """Let the cases that go on keep the identity numbers of their persons, in each province."""
    for to_tenant, what in left.items():
        for case, from_tenant in what.cases:
            old = Keeper(from_tenant, case)
            new = Keeper(to_tenant, received_as(plan, case))
            givers = (new, old) if back else (old, new)
            await identity_passed(desk, _command(plan, "pass"), (from_tenant, case), *givers)


def _pending(structure: Structure) -> Iterable[Entry]:
    for record in structure.changed.values():
        for entry in record.pending_events:
            assert isinstance(entry, Entry)
            yield entry


async def _save(desk: Desk, province: int, plan: Reorganization) -> None:
    command = _command(plan, f"entry {plan.version}")
    await desk.log.save(province, command, plan, subject=plan.id)


def _leg_command(plan: Reorganization, leg: Leg, tenant: str) -> Command:
    return _command(plan, f"{leg} {tenant}")


def _command(plan: Reorganization, step: str) -> Command:
    """The command of a step: the same whoever takes it, in the name of who decided it."""
    assert plan.decided is not None
    return Command(
        id=uuid5(plan.id, step),
        actor=Actor(plan.decided.decided_by or "", Role.PROVINCE, ""),
        occurred_on=plan.plan.planned_on,
        correlation_id=plan.id,
    )
