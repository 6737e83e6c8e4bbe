"""Commands about targets: register upward, assign and allocate downward, adjust."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from commands.ports import Actor, Command, Desk, OrganizationRef, Recorded
from commands.scope import inside, lies_in, require_organization
from domain import access
from domain.access import Action, Role
from domain.errors import InvalidInput, NotFound, NotPermitted, organization_not_found
from domain.record import record_not_found, require_past
from domain.target import Amount, Target, TargetBasis, TargetTerms, target_id
from domain.text import Text

LINES_MAX = 1_000


@dataclass(frozen=True, slots=True)
class Line:
    """One target of many that one document states; `organization` is its holder's code."""

    organization: str
    terms: TargetTerms
    amount: Amount
    stated_growth_percent: float | None = None


async def register_target(
    desk: Desk,
    command: Command,
    *,
    organization: str,
    terms: TargetTerms,
    amount: Amount,
    stated_growth_percent: float | None = None,
    document: str | None = None,
    issued_by: str | None = None,
) -> Recorded:
    """State an organization's own target.

    Registered with the superior, set by its congress, or of its own plan.
    """
    _require_own(terms.basis)
    holder = await require_organization(desk, command.actor, Action.REGISTER_TARGET, organization)
    line = Line(organization, terms, amount, stated_growth_percent)
    return await _set(desk, command, holder, [line], document, issued_by, None)


async def register_targets(
    desk: Desk,
    command: Command,
    *,
    organization: str,
    lines: Sequence[Line],
    document: str | None = None,
    issued_by: str | None = None,
) -> Recorded:
    """State an organization's own targets of several periods and groups by one document.

    All or none: number and structure, year and term stand together.
    """
    holder = await require_organization(desk, command.actor, Action.REGISTER_TARGET, organization)
    for line in lines:
        _require_own(line.terms.basis)
    return await _set(desk, command, holder, lines, document, issued_by, None)


async def assign_target(
    desk: Desk,
    command: Command,
    *,
    organization: str,
    terms: TargetTerms,
    amount: Amount,
    stated_growth_percent: float | None = None,
    document: str | None = None,
    issued_by: str | None = None,
) -> Recorded:
    """Assign a target to an organization.

    A committee assigns to those below it; only the level itself states its own.
    """
    holder = await require_organization(desk, command.actor, Action.ASSIGN_TARGET, organization)
    require_assigner(command.actor, organization)
    line = Line(organization, terms, amount, stated_growth_percent)
    setter = command.actor.organization
    return await _set(desk, command, holder, [line], document, issued_by, setter)


async def allocate_targets(
    desk: Desk,
    command: Command,
    *,
    organization: str,
    lines: Sequence[Line],
    document: str,
    issued_by: str | None = None,
) -> Recorded:
    """Assign targets to many organizations below one, by one decision of its committee.

    All or none. Organizations of other tenants are assigned theirs one by one.
    """
    superior = await require_organization(desk, command.actor, Action.ASSIGN_TARGET, organization)
    for line in lines:
        holder = await desk.directory.organization(line.organization)
        if line.organization == organization or not await lies_in(desk, superior, holder):
            raise organization_not_found(line.organization)
        if holder.tenant_id != superior.tenant_id:
            raise NotPermitted(
                "OTHER_TENANT",
                Text(
                    "Đơn vị này có sổ riêng; hãy giao bằng assignTarget.",
                    "This organization keeps a log of its own; assign it by assignTarget.",
                ),
                field="organization",
            )
    return await _set(desk, command, superior, lines, document, issued_by, organization)


async def adjust_target(
    desk: Desk,
    command: Command,
    *,
    tenant_id: int,
    target: UUID,
    amount: Amount,
    reason: str,
    document: str | None = None,
    issued_by: str | None = None,
) -> Recorded:
    """Change a target's amount from `occurred_on` on; only who set it or its superior may."""
    record, holder = await visible_target(desk, command, tenant_id, target)
    if record.first.basis is TargetBasis.ASSIGNED:
        await require_setter(desk, command.actor, record, holder.code)
    else:
        access.require(command.actor.role, Action.REGISTER_TARGET)
    require_known_day(desk, tenant_id, command)
    record.adjust(
        amount, on=command.occurred_on, reason=reason, document=document, issued_by=issued_by
    )
    return await desk.log.save(tenant_id, command, record, subject=target)


def require_assigner(actor: Actor, holder: str) -> None:
    """Raises NotPermitted unless the actor may assign, and change, the target of this holder."""
    access.require(actor.role, Action.ASSIGN_TARGET)
    if actor.role is Role.GRASSROOTS and holder == actor.organization:
        raise NotPermitted(
            "NOT_PERMITTED",
            Text("Chỉ tiêu do cấp trên giao.", "A target is assigned by the level above."),
            field="organization",
        )


async def require_setter(desk: Desk, actor: Actor, target: Target, holder: str) -> None:
    """Raises NotPermitted unless the actor stands for who assigned the target, or for its superior.

    Domain sheet, D.6.
    """
    require_assigner(actor, holder)
    if target.set_by is None:
        return
    if not await inside(desk, actor, await desk.directory.organization(target.set_by)):
        raise NotPermitted(
            "SET_FROM_ABOVE",
            Text(
                "Chỉ cấp đã giao hoặc cấp trên của cấp đó được điều chỉnh.",
                "Only the level that assigned it, or one above that, may change it.",
            ),
            field="target",
        )


async def visible_target(
    desk: Desk, command: Command, tenant_id: int, target: UUID
) -> tuple[Target, OrganizationRef]:
    """A target and its holder inside the actor's scope. Raises NotFound."""
    record = await desk.log.load(tenant_id, Target, target)
    holder = await desk.directory.organization_by_id(tenant_id, record.first.organization_id)
    if not await inside(desk, command.actor, holder):
        raise record_not_found(Target)
    return record, holder


async def _set(
    desk: Desk,
    command: Command,
    place: OrganizationRef,
    lines: Sequence[Line],
    document: str | None,
    issued_by: str | None,
    set_by: str | None,
) -> Recorded:
    """Append all lines or none; the first is the command's subject."""
    require_known_day(desk, place.tenant_id, command)
    if not 1 <= len(lines) <= LINES_MAX:
        raise _lines(f"có từ 1 đến {LINES_MAX} dòng", f"must have 1 to {LINES_MAX} entries")
    records: dict[UUID, Target] = {}
    for line in lines:
        same = line.organization == place.code
        holder = place if same else await desk.directory.organization(line.organization)
        made = await _stated(desk, command, holder, line, document, issued_by, set_by)
        if made.id in records:
            raise _lines("nêu một chỉ tiêu hai lần", "state one target twice")
        records[made.id] = made
    first = next(iter(records))
    return await desk.log.save(place.tenant_id, command, *records.values(), subject=first)


async def _stated(
    desk: Desk,
    command: Command,
    holder: OrganizationRef,
    line: Line,
    document: str | None,
    issued_by: str | None,
    set_by: str | None,
) -> Target:
    """The target of a line: a new one, or one again whose statement was voided."""
    try:
        record = await desk.log.load(holder.tenant_id, Target, target_id(holder.id, line.terms))
    except NotFound:
        return Target.set(
            holder.id,
            line.terms,
            line.amount,
            on=command.occurred_on,
            stated_growth_percent=line.stated_growth_percent,
            document=document,
            issued_by=issued_by,
            set_by=set_by,
        )
    record.require_unset(line.organization)
    record.restate(
        line.amount,
        on=command.occurred_on,
        stated_growth_percent=line.stated_growth_percent,
        document=document,
        issued_by=issued_by,
        set_by=set_by,
        terms=line.terms,
    )
    return record


def _require_own(basis: TargetBasis) -> None:
    if basis is TargetBasis.ASSIGNED:
        raise InvalidInput(
            "ASSIGNED_FROM_ABOVE",
            Text("Chỉ tiêu giao dùng assignTarget.", "An assigned target is set by assignTarget."),
            field="basis",
        )


def _lines(vi: str, en: str) -> InvalidInput:
    return InvalidInput("INVALID_TARGET", Text(f"“lines” {vi}.", f"“lines” {en}."), field="lines")


def require_known_day(desk: Desk, tenant_id: int, command: Command) -> None:
    """Raises InvalidInput for a day that has not come."""
    require_past("occurredOn", command.occurred_on, desk.clock.today(tenant_id))
