"""Commands about a tenant's rule book: adopt the one that ships, and be stricter than it."""

from datetime import date

from commands.ports import Command, Desk, OrganizationRef, Recorded
from commands.scope import require_organization, tenant_code
from domain.access import Action
from domain.errors import InvalidInput, NotFound
from domain.procedure import Effect, rule_book, rule_book_digest
from domain.record import require_past
from domain.rulebook import Document, Rulebook, rulebook_id
from domain.text import Text


async def adopt_rule_book(
    desk: Desk, command: Command, *, tenant_id: int, code: str
) -> Recorded | None:
    """Let a tenant go by the rule book that ships; None when it does already.

    The operator's: it is asked for whenever a process starts that may have brought a newer one.
    """
    try:
        record = await desk.log.load(tenant_id, Rulebook, rulebook_id(code))
    except NotFound:
        record = _begun(code, command.occurred_on)
    else:
        if record.digest == rule_book_digest():
            return None
        record.adopt(rule_book(), rule_book_digest(), on=command.occurred_on)
    recorded = await desk.log.save(tenant_id, command, record, subject=record.id)
    desk.rules.forget(tenant_id)
    return recorded


async def tighten_rule(
    desk: Desk,
    command: Command,
    *,
    organization: str,
    rule: str,
    document: str,
    effect: Effect | None = None,
    parameter: str | None = None,
    value: int | None = None,
    in_force_from: date | None = None,
) -> Recorded:
    """Be stricter than the Party's rule; `occurred_on` is the document's date.

    Raises RuleViolated for what is laxer, Conflict for a rule that would reach back, InvalidInput.
    """
    tenant, today = await _tenant(desk, command, organization)
    record = await _rulebook(desk, tenant, today)
    record.tighten(
        rule_book(),
        on=in_force_from or today,
        today=today,
        rule=rule,
        document=Document(document, command.occurred_on),
        effect=effect,
        parameter=parameter,
        value=value,
    )
    return await _saved(desk, command, tenant, record)


async def add_rule_condition(
    desk: Desk,
    command: Command,
    *,
    organization: str,
    code: str,
    vi: str,
    en: str,
    document: str,
    group: str | None = None,
    effect: Effect = Effect.REFUSE,
    in_force_from: date | None = None,
) -> Recorded:
    """Ask for one more thing before the cell votes; `occurred_on` is the document's date.

    Raises Conflict for a code in use or a condition that would reach back, InvalidInput.
    """
    tenant, today = await _tenant(desk, command, organization)
    record = await _rulebook(desk, tenant, today)
    record.add_condition(
        on=in_force_from or today,
        today=today,
        code=code,
        vi=vi,
        en=en,
        document=Document(document, command.occurred_on),
        group=group,
        effect=effect,
    )
    return await _saved(desk, command, tenant, record)


async def _tenant(desk: Desk, command: Command, code: str) -> tuple[OrganizationRef, date]:
    """The tenant itself, and its today. Raises InvalidInput for what is below it."""
    found = await require_organization(desk, command.actor, Action.DECIDE, code)
    if found.code != tenant_code(found.code):
        raise InvalidInput(
            "ORGANIZATION_NOT_A_TENANT",
            Text(
                "Quy định riêng do cấp ủy trực thuộc tỉnh ban hành.",
                "Rules of its own are set by the committee directly under the province.",
            ),
            field="organization",
        )
    today = desk.clock.today(found.tenant_id)
    require_past("occurredOn", command.occurred_on, today)
    return found, today


async def _rulebook(desk: Desk, tenant: OrganizationRef, today: date) -> Rulebook:
    try:
        return await desk.log.load(tenant.tenant_id, Rulebook, rulebook_id(tenant.code))
    except NotFound:
        return _begun(tenant.code, today)


def _begun(code: str, on: date) -> Rulebook:
    return Rulebook.begin(code, rule_book(), rule_book_digest(), on=on)


async def _saved(
    desk: Desk, command: Command, tenant: OrganizationRef, record: Rulebook
) -> Recorded:
    recorded = await desk.log.save(tenant.tenant_id, command, record, subject=record.id)
    desk.rules.forget(tenant.tenant_id)
    return recorded
