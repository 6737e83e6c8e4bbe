"""The log of all tenants: append and read. What it holds is decided elsewhere; nothing changes it.

Implements `commands.ports.Log`.
"""

import asyncio
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Final, Self, TypeVar
from uuid import UUID, uuid5

from commands.ports import Command, Recorded
from db.database import Database
from domain.candidate import Candidate
from domain.errors import Conflict, NotFound, VersionConflict
from domain.events import CREATED
from domain.record import Entry, Record
from domain.text import Text
from eventstore import reading
from eventstore.append import Append, NewEvent, Status
from eventstore.codec import Codec
from eventstore.group_commit import GroupCommit
from eventstore.reading import Filter
from eventstore.registry import Registry
from eventstore.stored_event import StoredEvent
from eventstore.tenants import Tenant, Tenants
from eventstore.wakeups import Wakeups, rest

POLL_S: Final = 1.0

R = TypeVar("R", bound=Record)

_HEADS: Final = "SELECT tenant_id, head FROM tenant_log WHERE tenant_id = ANY ($1::int[])"
_SIMULATED: Final = """
SELECT count(*) AS n FROM tenant_log WHERE tenant_id = ANY ($1::int[]) AND clock IS NOT NULL
"""
_KNOWN: Final = "SELECT tenant_id, position FROM positions_known_at($1::int[], $2)"
_CLOCK: Final = "UPDATE tenant_log SET clock = $2 WHERE tenant_id = $1"
_COMMAND: Final = """
SELECT input_hash, subject, first_position, last_position FROM command
WHERE tenant_id = $1 AND actor = $2 AND command_id = $3
"""


class EventStore:
    """One a process; `now` is the real time (aware), which a tenant's simulated clock replaces."""

    def __init__(self, database: Database, registry: Registry, now: Callable[[], datetime]) -> None:
        self._database = database
        self._codec = Codec(registry)
        self._tenants = Tenants(database)
        self._wakeups = Wakeups(database)
        self._commits = GroupCommit(database, now, lambda tenant, _: self._wakeups.appended(tenant))

    async def __aenter__(self) -> Self:
        self._wakeups.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._commits.aclose()
        await self._wakeups.aclose()

    async def save(
        self, tenant_id: int, command: Command, *records: Record, subject: UUID
    ) -> Recorded:
        """Append the pending entries of the records atomically; see `commands.ports.Log`.

        The records are spent: whatever comes of it, load them again for the next command.
        """
        entries = [entry for record in records for entry in record.collect_events()]
        append = Append(
            actor=command.actor.id,
            command_id=command.id,
            input_hash=command.input_hash,
            subject=subject,
            correlation_id=command.correlation_id or command.id,
            events=tuple(self._new(command, i, entry) for i, entry in enumerate(entries)),
        )
        verdict = await self._commits.append(tenant_id, append)
        match verdict.status:
            case Status.REUSED:
                raise _reused()
            case Status.CONFLICT:
                raise _conflict(records, append)
            case Status.RECORDED | Status.REPEATED:
                return Recorded(
                    tenant_id,
                    verdict.subject,
                    verdict.first_position,
                    verdict.last_position,
                    repeated=verdict.status is Status.REPEATED,
                )

    async def recorded(self, tenant_id: int, command: Command) -> Recorded | None:
        """The first result of this command id. Raises Conflict when it had another input."""
        async with self._database.tenant(tenant_id) as connection:
            row = await connection.fetchrow(_COMMAND, tenant_id, command.actor.id, command.id)
        if row is None:
            return None
        if row["input_hash"] != command.input_hash:
            raise _reused()
        first, last = row["first_position"], row["last_position"]
        return Recorded(tenant_id, row["subject"], first, last, repeated=True)

    async def load(self, tenant_id: int, aggregate: type[R], record_id: UUID) -> R:
        """The record as of the head of the log. Raises NotFound."""
        stream = await self.read_stream(tenant_id, record_id)
        record: Record | None = None
        for stored in stream:
            record = self._codec.decode(stored).mutate(record)
        if not isinstance(record, aggregate):
            raise _not_found(aggregate)
        return record

    async def entry_at(self, tenant_id: int, position: int) -> tuple[type[Record], UUID, int]:
        """The kind and id of the record that the event at a position belongs to, and its version.

        Raises NotFound.
        """
        async with self._database.tenant(tenant_id) as connection:
            stored = await reading.read_at(connection, tenant_id, position)
        if stored is None:
            raise NotFound(
                "EVENT_NOT_FOUND",
                Text("Không tìm thấy sự kiện.", "There is no such event."),
                field="event",
            )
        return _KINDS[stored.type.partition(".")[0]], stored.stream_id, stored.version

    async def read_stream(
        self, tenant_id: int, stream_id: UUID, *, until_position: int | None = None
    ) -> list[StoredEvent]:
        """The events of one stream by version, up to a position."""
        found = await self.read_streams(tenant_id, [stream_id], until_position=until_position)
        return found.get(stream_id, [])

    async def read_streams(
        self,
        tenant_id: int,
        stream_ids: Collection[UUID],
        *,
        until_position: int | None = None,
        types: Collection[str] | None = None,
    ) -> dict[UUID, list[StoredEvent]]:
        """The events of some streams by version; a stream without any is left out."""
        async with self._database.tenant(tenant_id) as connection:
            return await reading.read_streams(
                connection, tenant_id, stream_ids, until=until_position, types=types
            )

    async def read_after(
        self, tenant_id: int, position: int, limit: int, wanted: Filter | None = None
    ) -> list[StoredEvent]:
        """The wanted events after a position in the order of the log, at most `limit`."""
        async with self._database.tenant(tenant_id) as connection:
            return await reading.read_after(
                connection, tenant_id, position, limit, wanted or Filter()
            )

    async def heads(self, tenant_ids: Collection[int]) -> dict[int, int]:
        """The last position of each log."""
        async with self._database.rollup(tenant_ids) as connection:
            rows = await connection.fetch(_HEADS, list(tenant_ids))
        return {row["tenant_id"]: row["head"] for row in rows}

    async def positions_known_at(
        self, tenant_ids: Collection[int], known: datetime
    ) -> dict[int, int]:
        """The last position of each log recorded at or before a time; 0 where there was none."""
        rows = await self._database.read(_KNOWN, list(tenant_ids), known)
        return {row["tenant_id"]: row["position"] for row in rows}

    async def set_clock(self, tenant_id: int, clock: datetime | None) -> None:
        """Let a tenant's log record by a simulated clock, in all processes; None ends it."""
        async with self._database.tenant(tenant_id) as connection:
            await connection.execute(_CLOCK, tenant_id, clock)

    async def has_simulated_clock(self) -> bool:
        """Whether any tenant lives by a simulated clock, as during a demo that is still loading."""
        tenants = [tenant.tenant_id for tenant in await self.tenants()]
        async with self._database.rollup(tenants) as connection:
            return bool(await connection.fetchval(_SIMULATED, tenants))

    async def tenants(self) -> list[Tenant]:
        """All tenants by number."""
        return await self._tenants.all()

    async def tenant_of(self, code: str) -> int:
        """The tenant whose log an organization of a code belongs to. Raises NotFound."""
        return (await self._tenants.of_code(code)).tenant_id

    async def tenants_of_province(self, province_id: int) -> list[int]:
        """The numbers of a province's tenants, its own office included."""
        return await self._tenants.of_province(province_id)

    def ticket(self) -> asyncio.Event:
        """What the next append sets; take it before looking at the log, then `wait_for_append`."""
        return self._wakeups.ticket()

    async def wait_for_append(self, ticket: asyncio.Event, timeout_s: float = POLL_S) -> None:
        """Until something is appended anywhere after the ticket was taken, or the time-out."""
        await rest(ticket, timeout_s)

    def _new(self, command: Command, index: int, entry: object) -> NewEvent:
        assert isinstance(entry, Entry)
        encoded = self._codec.encode(entry)
        return NewEvent(
            stream_id=entry.originator_id,
            version=entry.originator_version,
            # Two actors may have chosen the same commandId.
            event_id=uuid5(command.id, f"event/{command.actor.id}/{index}"),
            type=encoded.type,
            schema_version=encoded.schema_version,
            organization_id=entry.organization_id,
            effective_on=entry.effective_on,
            data=encoded.data,
            personal=encoded.personal,
        )


_KINDS: Final = {kind.TOPIC.partition(".")[0]: record for kind, record in CREATED.items()}


def _conflict(records: Collection[Record], append: Append) -> Exception:
    """A new record that is there already will never succeed; anything else is worth another try."""
    for record in records:
        if any(event.version == 1 and event.stream_id == record.id for event in append.events):
            return Conflict(record.taken.code, record.taken.text, field=record.taken.field)
    return VersionConflict()


def _reused() -> Conflict:
    return Conflict(
        "COMMAND_ID_REUSED",
        Text(
            "Mã lệnh (commandId) này đã dùng cho nội dung khác.",
            "This commandId was used with another input.",
        ),
        field="commandId",
    )


def _not_found(aggregate: type[Record]) -> NotFound:
    if aggregate is Candidate:
        return NotFound(
            "CANDIDATE_NOT_FOUND",
            Text("Không tìm thấy hồ sơ quần chúng.", "There is no such candidate."),
            field="candidate",
        )
    name = aggregate.__name__
    return NotFound(
        f"{name.upper()}_NOT_FOUND",
        Text("Không tìm thấy.", f"There is no such {name.lower()}."),
        field=name.lower(),
    )
