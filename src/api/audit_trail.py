"""The audit trail: who recorded what and when, told in sentences without personal values."""

import re
from datetime import date, datetime
from typing import Final

import strawberry

from api import organization as organizations
from api.connection import PageInfo, invalid_cursor, page_info, page_size
from api.context import Info
from api.event import hidden_types, subject_id
from api.node import decode_id
from api.scalars import Position
from domain import access
from domain.access import Action
from eventstore import position
from projections import audit_trail
from projections.basis import At

AUDIT_MAX: Final = 500


_CURSOR: Final = re.compile(r"([0-9]{1,9})\.([0-9]{1,18})")


@strawberry.type(description="One line of the trail; corrections stand beside what they correct.")
class AuditEntry:
    position: Position
    effective_on: date
    recorded_at: datetime
    actor: str
    type: str
    subject: strawberry.ID
    text: str


@strawberry.type
class AuditEntryEdge:
    cursor: str
    node: AuditEntry


@strawberry.type
class AuditEntryConnection:
    edges: list[AuditEntryEdge]
    nodes: list[AuditEntry]
    page_info: PageInfo


async def trail(
    info: Info, code: str, subject: str | None, page: tuple[int | None, str | None], at: At
) -> AuditEntryConnection:
    """The trail of an organization and all below it, or of one thing in it.

    In the order of the log.
    """
    first, after = page
    access.require(info.context.actor.role, Action.READ_EVENTS)
    top = await organizations.opened(info, code, at)
    wanted = None if subject is None else decode_id(subject, field="subject")
    found = await audit_trail.audit_trail(
        info.context.services.store,
        top.figures,
        top.node,
        subject=None if wanted is None else (wanted.tenant_id, wanted.id),
        after=_after(after),
        first=page_size(first, maximum=AUDIT_MAX),
        effective=at.effective,
        hidden=hidden_types(info.context),
    )
    info.context.spend(len(found.entries))
    return _connection(
        [_shown(info, entry) for entry in found.entries], after=after, more=found.more
    )


def _connection(
    entries: list[AuditEntryEdge], *, after: str | None, more: bool
) -> AuditEntryConnection:
    return AuditEntryConnection(
        edges=entries,
        nodes=[edge.node for edge in entries],
        page_info=page_info([edge.cursor for edge in entries], after=after, more=more),
    )


def _shown(info: Info, entry: audit_trail.AuditEntry) -> AuditEntryEdge:
    node = AuditEntry(
        position=Position(position.Position.of({entry.tenant_id: entry.position})),
        effective_on=entry.effective_on,
        recorded_at=entry.recorded_at,
        actor=entry.actor,
        type=entry.type,
        subject=subject_id(entry.type, entry.tenant_id, entry.subject),
        text=entry.text.in_language(info.context.language),
    )
    return AuditEntryEdge(cursor=f"{entry.tenant_id}.{entry.position}", node=node)


def _after(cursor: str | None) -> audit_trail.Place:
    if cursor is None:
        return audit_trail.Place()
    match = _CURSOR.fullmatch(cursor)
    if match is None:
        raise invalid_cursor()
    return audit_trail.Place(int(match[1]), int(match[2]))
