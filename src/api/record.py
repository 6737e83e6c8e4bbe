"""Records of a kind as GraphQL lists and opens them.

What a kind shows is said by its own module.
"""

import base64
import binascii
from collections.abc import Awaitable, Callable
from datetime import date
from enum import StrEnum
from typing import Any, Generic, NamedTuple, TypeAlias, TypeVar
from uuid import UUID

import strawberry

from api import organization as organizations
from api import scalars
from api.access import may_read_persons, require_code
from api.basis import known_until
from api.connection import PageInfo, invalid_cursor, page_info, page_size
from api.context import Info
from api.node import GlobalId
from api.scalars import as_at
from commands.ports import Recorded
from commands.scope import inside
from domain import access
from domain.access import Action
from domain.errors import NotFound
from domain.record import CreatedEntry, Record, record_not_found
from projections.basis import At
from projections.register import Cursor

R = TypeVar("R", bound=Record)
T = TypeVar("T")
Show: TypeAlias = Callable[[Info, R, int, At], Awaitable[T]]
"""Makes the GraphQL value of a record of a tenant as of the asked day."""


@strawberry.type
class Edge(Generic[T]):
    cursor: str
    node: T


@strawberry.type(description="A page of records, newest first.")
class Connection(Generic[T]):
    edges: list[Edge[T]]
    nodes: list[T]
    page_info: PageInfo


class Listed(NamedTuple):
    """A kind of record that has a list: its GraphQL type, how it is shown, what kinds it comes in.

    `kinds` is the type of the field `kind` of the entry that begins it, where it has one.
    """

    record: type[Record]
    shown: type
    show: Callable[[Info, Any, int, At], Awaitable[Any]]
    description: str
    kinds: type[StrEnum] | None = None


def list_field(listed: Listed) -> Any:  # noqa: ANN401 - Strawberry's fields have no type
    """The query that lists records of an organization and all below it."""
    page: Any = Connection[listed.shown]  # type: ignore[name-defined]

    async def plain(
        info: Info,
        organization: str,
        first: int | None = None,
        after: str | None = None,
        at: scalars.At | None = None,
    ) -> object:
        return await _page(info, listed, organization, (first, after), at)

    async def of_kinds(  # noqa: PLR0913, PLR0917 - the query's arguments
        info: Info,
        organization: str,
        kinds: object = None,
        first: int | None = None,
        after: str | None = None,
        at: scalars.At | None = None,
    ) -> object:
        return await _page(info, listed, organization, (first, after), at, kinds)

    resolve: Any = plain
    if listed.kinds is not None:
        resolve = of_kinds
        resolve.__annotations__["kinds"] = list[listed.kinds] | None  # type: ignore[name-defined]
    resolve.__annotations__["return"] = page
    return strawberry.field(resolver=resolve, description=listed.description)


async def _page(  # noqa: PLR0913, PLR0917 - one question with its page and clocks
    info: Info,
    listed: Listed,
    code: str,
    page: tuple[int | None, str | None],
    clocks: scalars.At | None,
    kinds: Any = None,  # noqa: ANN401 - a list of the kind's own enum
) -> Connection[Any]:
    """A page. Raises NotFound and NotPermitted."""
    first, after = page
    at = as_at(clocks)
    await require_code(info, code, Action.READ_RECORDS)
    top = await organizations.opened(info, code, at)
    found = await info.context.services.register.page(
        top.figures,
        top.node,
        listed.record,
        keep=lambda record: not kinds or _began(record).kind in kinds,
        first=page_size(first),
        after=None if after is None else _decoded(after),
        personal=may_read_persons(info.context),
    )
    info.context.spend(len(found.found))
    tenant_id = top.node.tenant_id
    edges = [
        Edge(cursor=_encoded(each.cursor), node=await listed.show(info, each.record, tenant_id, at))
        for each in found.found
    ]
    return Connection(
        edges=edges,
        nodes=[edge.node for edge in edges],
        page_info=page_info([edge.cursor for edge in edges], after=after, more=found.more),
    )


def _began(record: Record) -> Any:  # noqa: ANN401 - an entry with a kind
    """The live entry that begins a record."""
    return next(each for each in reversed(record.live()) if isinstance(each, CreatedEntry))


async def record_by_id(info: Info, listed: Listed, tenant_id: int, record_id: UUID, at: At) -> Any:  # noqa: ANN401 - whatever the kind is shown as
    """One record inside the caller's scope. Raises NotFound and NotPermitted."""
    services = info.context.services
    until = await known_until(info, tenant_id, at)
    kind = listed.record
    record = await services.register.record(
        tenant_id, kind, record_id, until, personal=may_read_persons(info.context)
    )
    access.require(info.context.actor.role, Action.READ_RECORDS)
    if record is None:
        raise record_not_found(kind)
    try:
        holder = await services.desk.directory.organization_by_id(tenant_id, record.organization_id)
    except NotFound:
        raise record_not_found(kind) from None
    if not await inside(services.desk, info.context.actor, holder):
        raise record_not_found(kind)
    return await listed.show(info, record, tenant_id, at)


def after_command(kind: type[R], show: "Show[R, T]") -> Callable[[Info, Recorded], Awaitable[T]]:
    """Shows the record that a command of this caller has just changed."""

    async def shown(info: Info, recorded: Recorded) -> T:
        record = await info.context.services.register.record(
            recorded.tenant_id,
            kind,
            recorded.subject,
            None,
            personal=may_read_persons(info.context),
        )
        if record is None:
            raise record_not_found(kind)
        return await show(info, record, recorded.tenant_id, At())

    return shown


def id_of(record: Record, tenant_id: int) -> strawberry.ID:
    """The global id of a record."""
    return GlobalId(type(record).__name__, tenant_id, record.id).encode()


def _encoded(cursor: Cursor) -> str:
    plain = f"{cursor[0].isoformat()}:{cursor[1]}"
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def _decoded(text: str) -> Cursor:
    try:
        plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
        day, position = plain.split(":")
        return date.fromisoformat(day), int(position)
    except (binascii.Error, UnicodeError, ValueError):
        raise invalid_cursor() from None
