"""Commands about obligations: imposing them, what is handed in, how they are followed.

Who imposed a duty decides about it; its owner, or a level above for it, carries it out.
"""

from dataclasses import asdict, dataclass
from typing import Final
from uuid import uuid5

from commands.ports import Actor, Command, Desk, OrganizationRef, Recorded
from commands.scope import inside, lies_in, require_organization, require_record
from commands.step import JointStep, Step, day_of, require_count
from domain import deadline, fulfillment, urging
from domain.access import Action
from domain.document import Document
from domain.errors import NotPermitted, organization_not_found
from domain.obligation import Demand, Obligation
from domain.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Who owes a duty: an organization by its code, or a body of it."""

    organization: str
    body: str | None = None


async def impose_obligations(
    desk: Desk,
    command: Command,
    *,
    organization: str,
    demand: Demand,
    owners: tuple[Owner, ...] = (),
    all_below: bool = False,
) -> Recorded:
    """Impose one duty on many at once: each owner gets an obligation of its own, or none does.

    `organization` imposes it, on itself or below: on the `owners`, and with `all_below` on every
    organization directly below it. Raises InvalidInput for no owner or more than `RECORDS_MAX`.
    """
    above = await require_organization(desk, command.actor, Action.IMPOSE, organization)
    if demand.document is not None:
        await desk.log.load(above.tenant_id, Document, demand.document)
    found = [(await _owner(desk, above, each), each.body) for each in owners]
    if all_below:
        found += [(each, None) for each in await desk.directory.below(organization)]
    places = {(place.id, body): place for place, body in found}
    day = await day_of(desk, above.tenant_id, command)
    records = [
        Obligation.impose(
            uuid5(command.id, f"obligation/{owner_id}/{body or ''}"),
            day,
            place,
            imposed_by=above.id,
            directive=uuid5(command.id, "directive"),
            body=body,
            **asdict(demand),
        )
        for (owner_id, body), place in require_count("owners", places.items())
    ]
    return await desk.log.save(above.tenant_id, command, *records, subject=records[-1].id)


async def _owner(desk: Desk, above: OrganizationRef, owner: Owner) -> OrganizationRef:
    """The organization of an owner. Raises NotFound outside the part of the tree of `above`."""
    found = await desk.directory.organization(owner.organization)
    if not await lies_in(desk, above, found):
        raise organization_not_found(owner.organization)
    return found


async def require_imposer(desk: Desk, actor: Actor, tenant_id: int, obligation: Obligation) -> None:
    """Passes for whoever may act for the organization that imposed the duty.

    Raises NotFound as `require_record`, and NotPermitted for the owner of a duty from above.
    """
    await require_record(desk, actor, tenant_id, obligation)
    imposed_by = obligation.imposed.imposed_by
    above = await desk.directory.organization_by_id(tenant_id, imposed_by)
    if not await inside(desk, actor, above):
        raise NotPermitted(
            "IMPOSED_FROM_ABOVE",
            Text(
                "Nhiệm vụ do cấp trên giao; cấp trên quyết định.",
                "The duty was imposed from above; the level above decides.",
            ),
            field="obligation",
        )


interpret_deadline: Final = JointStep(
    "interpret_deadline",
    Action.IMPOSE,
    Obligation,
    deadline.interpret_deadline,
    deadline.DeadlineInterpreted,
    require_imposer,
)
submit_obligation: Final = Step(
    "submit_obligation",
    Action.FULFILL,
    Obligation,
    fulfillment.submit_obligation,
    fulfillment.ObligationSubmitted,
)
report_none: Final = Step(
    "report_none",
    Action.FULFILL,
    Obligation,
    fulfillment.report_none,
    fulfillment.NoneReported,
)
follow_up_obligation: Final = Step(
    "follow_up_obligation",
    Action.FULFILL,
    Obligation,
    urging.follow_up_obligation,
    urging.ObligationFollowedUp,
)
return_submission: Final = Step(
    "return_submission",
    Action.IMPOSE,
    Obligation,
    fulfillment.return_submission,
    fulfillment.ObligationReturned,
    require_imposer,
)
approve_submission: Final = Step(
    "approve_submission",
    Action.IMPOSE,
    Obligation,
    fulfillment.approve_submission,
    fulfillment.ObligationApproved,
    require_imposer,
)
excuse_obligation: Final = Step(
    "excuse_obligation",
    Action.IMPOSE,
    Obligation,
    fulfillment.excuse_obligation,
    fulfillment.ObligationExcused,
    require_imposer,
)
withdraw_obligations: Final = JointStep(
    "withdraw_obligations",
    Action.IMPOSE,
    Obligation,
    fulfillment.withdraw_obligations,
    fulfillment.ObligationWithdrawn,
    require_imposer,
)
consolidate_obligations: Final = JointStep(
    "consolidate_obligations",
    Action.IMPOSE,
    Obligation,
    fulfillment.consolidate_obligations,
    fulfillment.ObligationConsolidated,
    require_imposer,
)
remind_obligations: Final = JointStep(
    "remind_obligations",
    Action.URGE,
    Obligation,
    urging.remind_obligations,
    urging.ReminderSent,
    require_imposer,
)
urge_obligations: Final = JointStep(
    "urge_obligations",
    Action.URGE,
    Obligation,
    urging.urge_obligations,
    urging.UrgingLetterIssued,
    require_imposer,
)
