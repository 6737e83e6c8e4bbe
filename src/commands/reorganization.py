"""Commands about reorganizations: draft and revise a plan, carry it out, take it back."""

from typing import Final
from uuid import UUID

from commands.joint_reorganization import execute_jointly, reverse_jointly
from commands.ports import Actor, Command, Desk, Recorded
from commands.reversal import Mark, voided
from commands.scope import require_record
from commands.step import Creation, Step, day_of
from commands.structure import apply
from domain import access
from domain import reorganization as decisions
from domain.access import Action
from domain.candidate import Candidate
from domain.organization import Organization
from domain.reorganization import Executed, Reorganization

draft_reorganization: Final = Creation(
    "draft_reorganization", Action.ORGANIZE, Reorganization, decisions.draft_reorganization
)
revise_reorganization: Final = Step(
    "revise_reorganization", Action.ORGANIZE, Reorganization, decisions.revise_reorganization
)


class _Execution(Step):
    """Records the changes of all organizations and the execution in one append.

    A province's plan concerns its tenants: each of them records its own part in one append.
    """

    async def __call__(
        self, desk: Desk, command: Command, *, tenant_id: int, subject: UUID, **fields: object
    ) -> Recorded:
        """Carry the plan out. Raises the refusals of its changes, NotPermitted and NotFound."""
        access.require(command.actor.role, self.action)
        plan: Reorganization = await desk.log.load(tenant_id, Reorganization, subject)
        await require_record(desk, command.actor, tenant_id, plan)
        day = await day_of(desk, tenant_id, command)
        if is_joint(command.actor):
            return await execute_jointly(desk, command, tenant_id, plan, str(fields["document"]))
        structure = await apply(desk, command.actor, tenant_id, day, plan.plan.changes)
        changed = list(structure.changed.values())
        self.take(plan, day, changed, **fields)
        return await desk.log.save(tenant_id, command, *changed, plan, subject=subject)


class _Reversal(Step):
    """Voids all that the execution recorded, in one append of each tenant."""

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
        if is_joint(command.actor):
            return await reverse_jointly(desk, command, tenant_id, plan, str(fields["reason"]))
        self.take(plan, day, **fields)
        assert plan.executed is not None
        marks = [await _mark(desk, tenant_id, each) for each in plan.executed.recorded]
        records = await voided(
            desk, tenant_id, marks, reason=str(fields["reason"]), on=command.occurred_on
        )
        return await desk.log.save(tenant_id, command, *records, plan, subject=subject)


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


def is_joint(actor: Actor) -> bool:
    """Whether somebody's plans concern several tenants: a province's do."""
    return "/" not in actor.organization


async def _mark(desk: Desk, tenant_id: int, executed: Executed) -> Mark:
    positions = await desk.log.positions(tenant_id, executed.record_id)
    kind = Candidate if executed.is_case else Organization
    version = executed.version
    return Mark(kind, executed.record_id, version, positions[version - 1])
