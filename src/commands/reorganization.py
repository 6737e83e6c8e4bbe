"""Commands about reorganizations: draft and revise a plan, carry it out, take it back."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from commands.ports import Command, Desk, Recorded
from commands.scope import require_record
from commands.step import Creation, Step, day_of
from commands.structure import apply
from domain import access
from domain import reorganization as decisions
from domain.access import Action
from domain.candidate import Candidate, Identified
from domain.organization import Organization
from domain.organization_entry import Established
from domain.record import Record, entry_has_successors
from domain.reorganization import Executed, Reorganization

draft_reorganization: Final = Creation(
    "draft_reorganization", Action.ORGANIZE, Reorganization, decisions.draft_reorganization
)
revise_reorganization: Final = Step(
    "revise_reorganization", Action.ORGANIZE, Reorganization, decisions.revise_reorganization
)


class _Execution(Step):
    """Records the changes of all organizations and the execution in one append."""

    async def __call__(
        self, desk: Desk, command: Command, *, tenant_id: int, subject: UUID, **fields: object
    ) -> Recorded:
        """Carry the plan out. Raises the refusals of its changes, NotPermitted and NotFound."""
        access.require(command.actor.role, self.action)
        plan: Reorganization = await desk.log.load(tenant_id, Reorganization, subject)
        await require_record(desk, command.actor, tenant_id, plan)
        day = await day_of(desk, tenant_id, command)
        structure = await apply(desk, command.actor, tenant_id, day, plan.plan.changes)
        changed = list(structure.changed.values())
        self.take(plan, day, changed, **fields)
        return await desk.log.save(tenant_id, command, *changed, plan, subject=subject)


class _Reversal(Step):
    """Voids all that the execution recorded, in one append."""

    async def __call__(
        self, desk: Desk, command: Command, *, tenant_id: int, subject: UUID, **fields: object
    ) -> Recorded:
        """Take the execution back.

        Raises Conflict when something else stands on it, NotPermitted and NotFound.
        """
        access.require(command.actor.role, self.action)
        plan: Reorganization = await desk.log.load(tenant_id, Reorganization, subject)
        await require_record(desk, command.actor, tenant_id, plan)
        day = await day_of(desk, tenant_id, command)
        self.take(plan, day, **fields)
        assert plan.executed is not None
        voided = [
            await _voided(desk, command, tenant_id, marks, str(fields["reason"]))
            for marks in _by_record(plan.executed.recorded)
        ]
        await _require_unused(desk, tenant_id, voided)
        return await desk.log.save(tenant_id, command, *voided, plan, subject=subject)


execute_reorganization: Final = _Execution(
    "execute_reorganization",
    Action.ORGANIZE,
    Reorganization,
    decisions.execute_reorganization,
)
reverse_reorganization: Final = _Reversal(
    "reverse_reorganization",
    Action.ORGANIZE,
    Reorganization,
    decisions.reverse_reorganization,
)


def _by_record(recorded: Iterable[Executed]) -> list[list[Executed]]:
    found: dict[UUID, list[Executed]] = {}
    for each in recorded:
        found.setdefault(each.record_id, []).append(each)
    return list(found.values())


async def _voided(
    desk: Desk, command: Command, tenant_id: int, marks: list[Executed], reason: str
) -> Record:
    """The record with its marked entries voided, the last one first."""
    kind = Candidate if marks[0].is_case else Organization
    record: Record = await desk.log.load(tenant_id, kind, marks[0].record_id)
    positions = await desk.log.positions(tenant_id, record.id)
    for mark in sorted(marks, key=lambda each: -each.version):
        record.void(
            mark.version,
            position=positions[mark.version - 1],
            reason=reason,
            on=command.occurred_on,
        )
    record.require_sound()
    return record


async def _require_unused(desk: Desk, tenant_id: int, voided: list[Record]) -> None:
    """Passes unless something was founded or recorded in what is now never to have existed."""
    gone = {
        record.id
        for record in voided
        if not any(isinstance(entry, Established) for entry in record.live())
        and isinstance(record, Organization)
    }
    today = desk.clock.today(tenant_id)
    for placed in (await desk.directory.structure(tenant_id, today)).values():
        if placed.superior_id in gone and placed.id not in {record.id for record in voided}:
            raise entry_has_successors()
    for held in await desk.cases.held(tenant_id, sorted(gone), today):
        case = await desk.log.load(tenant_id, Candidate, held.case)
        identified: Identified = case.identified
        if identified.organization_id in gone:
            raise entry_has_successors()
