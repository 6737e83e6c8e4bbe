"""Questions over many obligations: who owes and has handed in, what is open, who is reminded."""

from collections import Counter
from datetime import date, timedelta
from typing import Final
from uuid import UUID

import strawberry

from api import organization as organizations
from api.access import require_code
from api.addressing import unaddressed
from api.context import Info
from api.node import decode_id, not_found
from api.obligation import Duty, Obligation, day_of, duty, show
from domain import duty as rules
from domain import urging
from domain.access import Action
from domain.errors import InvalidInput
from domain.fulfillment import ObligationConsolidated
from domain.obligation import Obligation as DomainObligation
from domain.obligation import Standing
from domain.text import Text
from domain.urging import Trigger
from projections.basis import At
from projections.obligation import FOUND_MAX

AHEAD_DEFAULT: Final = 15
SHOWN_MAX: Final = 500


@strawberry.type(description="A duty with the obligation that it belongs to.")
class OwedDuty:
    obligation: Obligation
    duty: Duty


@strawberry.type(
    description="Duties in the order of their last day, those without one last; at most 500 of "
    "`totalCount`."
)
class OwedDuties:
    total_count: int
    nodes: list[OwedDuty]


@strawberry.type(description="An owner who is to be reminded, why, and when that was last done.")
class DueReminder:
    obligation: Obligation
    duty: Duty
    trigger: Trigger
    last_reminded_on: date | None


@strawberry.type(
    description="Who owes what a document or a directive asks for, as of the asked day. "
    "`submitted` includes what was approved; `late` is what came late or is still to come late; "
    "`unaddressed` are owners whom the document's distribution list does not reach."
)
class ObligationRegister:
    owed: int
    submitted: int
    approved: int
    returned: int
    missing: int
    none_reported: int
    excused: int
    withdrawn: int
    late: int
    consolidated: int
    lines: list[OwedDuty]
    unaddressed: list[Obligation]


async def obligation_register(  # noqa: PLR0913, PLR0917 - one question with its clocks
    info: Info,
    code: str,
    document: str | None,
    directive: UUID | None,
    occurrence: str | None,
    at: At,
) -> ObligationRegister:
    """The duties of one document or directive.

    Raises InvalidInput unless exactly one of the two is given, NotFound and NotPermitted.
    """
    if (document is None) == (directive is None):
        raise _neither_or_both()
    tenant_id, records = await _found(info, code, at, document, directive)
    on = day_of(info, tenant_id, at)
    owed = [(record, each) for record in records for each in rules.duties(record, on)]
    lines = [pair for pair in owed if occurrence in {None, pair[1].occurrence}]
    missed = await unaddressed(info, tenant_id, records, on)

    standings = Counter(each.standing for _, each in lines)
    return ObligationRegister(
        owed=len(lines) - standings[Standing.WITHDRAWN],
        submitted=standings[Standing.SUBMITTED] + standings[Standing.APPROVED],
        approved=standings[Standing.APPROVED],
        returned=standings[Standing.RETURNED],
        missing=standings[Standing.OPEN],
        none_reported=standings[Standing.NONE_REPORTED],
        excused=standings[Standing.EXCUSED],
        withdrawn=standings[Standing.WITHDRAWN],
        late=sum(1 for _, each in lines if each.is_late),
        consolidated=sum(1 for record, each in lines if _is_consolidated(record, each, on)),
        lines=[await _shown(info, tenant_id, record, each, at) for record, each in lines],
        unaddressed=[
            await show(info, record, tenant_id, at) for record in records if missed.get(record.id)
        ],
    )


async def open_obligations(info: Info, code: str, within_days: int | None, at: At) -> OwedDuties:
    """What an organization and all below it still owe; due within some days, or at all."""
    tenant_id, records = await _found(info, code, at, only_open=True)
    on = day_of(info, tenant_id, at)
    until = None if within_days is None else on + timedelta(days=_days("withinDays", within_days))
    found = [
        (record, each)
        for record in records
        for each in rules.duties(record, on)
        if each.standing.is_open
        and (until is None or (each.due is not None and each.due.last_day <= until))
    ]
    found.sort(key=lambda pair: pair[1].due.last_day if pair[1].due is not None else date.max)
    return OwedDuties(
        total_count=len(found),
        nodes=[
            await _shown(info, tenant_id, record, each, at) for record, each in found[:SHOWN_MAX]
        ],
    )


async def reminders(info: Info, code: str, within_days: int | None, at: At) -> list[DueReminder]:
    """Who is to be reminded: overdue, or due within some days (15 unless said)."""
    tenant_id, records = await _found(info, code, at, only_open=True)
    on = day_of(info, tenant_id, at)
    days = _days("withinDays", AHEAD_DEFAULT if within_days is None else within_days)
    found = [each for record in records for each in urging.reminders(record, on, within_days=days)]
    found.sort(key=lambda each: each.duty.due.last_day if each.duty.due is not None else date.max)
    return [
        DueReminder(
            obligation=await show(info, each.obligation, tenant_id, at),
            duty=duty(each.duty),
            trigger=each.trigger,
            last_reminded_on=urging.last_reminded_on(each.obligation, each.duty.occurrence, on),
        )
        for each in found[:SHOWN_MAX]
    ]


async def _found(  # noqa: PLR0913 - one question with its clocks
    info: Info,
    code: str,
    at: At,
    document: str | None = None,
    directive: UUID | None = None,
    *,
    only_open: bool = False,
) -> tuple[int, list[DomainObligation]]:
    """The obligations of a subtree. Raises InvalidInput when there are too many to look at."""
    await require_code(info, code, Action.READ_RECORDS)
    top = await organizations.opened(info, code, at)
    records = await obligations_of(
        info, top, document=document, directive=directive, only_open=only_open
    )
    return top.node.tenant_id, records


async def obligations_of(
    info: Info,
    top: organizations.Organization,
    *,
    document: str | None = None,
    directive: UUID | None = None,
    only_open: bool = False,
) -> list[DomainObligation]:
    """The obligations of a subtree that was opened, for whoever may read records.

    Raises InvalidInput when there are too many to look at.
    """
    tenant_id = top.node.tenant_id
    services = info.context.services
    ids = await services.obligations.find(
        top.figures,
        top.node,
        document=None if document is None else _document(document, tenant_id),
        directive=directive,
        only_open=only_open,
    )
    if len(ids) > FOUND_MAX:
        raise InvalidInput(
            "TOO_MANY_OBLIGATIONS",
            Text(
                f"Có hơn {FOUND_MAX} nhiệm vụ; hãy chọn tổ chức nhỏ hơn.",
                f"There are more than {FOUND_MAX} obligations; ask for a smaller organization.",
            ),
            field="organization",
        )
    info.context.spend(len(ids))
    until = top.figures.basis.positions[tenant_id]
    return await services.register.records(tenant_id, DomainObligation, ids, until, personal=False)


def _neither_or_both() -> InvalidInput:
    return InvalidInput(
        "ONE_OF_TWO",
        Text("Chọn document hoặc directive.", "Give either document or directive."),
        field="document",
    )


def _document(given: str, tenant_id: int) -> UUID:
    found = decode_id(given, kind="Document", field="document")
    if found.tenant_id != tenant_id:
        raise not_found("document")
    return found.id


def _days(field: str, days: int) -> int:
    if not 0 <= days <= urging.AHEAD_DAYS_MAX:
        raise InvalidInput(
            "DAYS_OUT_OF_RANGE",
            Text(
                f"“{field}” từ 0 đến {urging.AHEAD_DAYS_MAX}.",
                f"“{field}” must be 0 to {urging.AHEAD_DAYS_MAX}.",
            ),
            field=field,
        )
    return days


def _is_consolidated(record: DomainObligation, found: rules.Duty, on: date) -> bool:
    return any(
        isinstance(each, ObligationConsolidated) and each.occurrence == found.occurrence
        for each in record.live(on)
    )


async def _shown(
    info: Info, tenant_id: int, record: DomainObligation, found: rules.Duty, at: At
) -> OwedDuty:
    return OwedDuty(obligation=await show(info, record, tenant_id, at), duty=duty(found))
