"""The log of all tenants: append and read. It opens no event; nothing changes what it holds."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self
from uuid import UUID

from db.database import Connection, Database
from eventstore import reading
from eventstore.append import Append, Verdict, append_batch
from eventstore.group_commit import GroupCommit
from eventstore.key_table import (
    KeyTable,
    WrappedKey,
    read_key_table,
    read_wrapped_keys,
    replace_key_table,
)
from eventstore.reading import LogReader
from eventstore.snapshot_table import SnapshotTable
from eventstore.stored_event import COLUMNS, KEY_COLUMNS, StoredEvent
from eventstore.tails import POLL_S, Tails
from eventstore.tenants import Tenant, Tenants
from eventstore.wakeups import Wakeups, rest

_SIMULATED: Final = """
SELECT count(*) AS n FROM tenant_log WHERE tenant_id = ANY ($1::int[]) AND clock IS NOT NULL
"""
_KNOWN: Final = "SELECT tenant_id, position FROM positions_known_at($1::int[], $2)"
_CLOCK: Final = "UPDATE tenant_log SET clock = $2 WHERE tenant_id = $1"
_COMMAND: Final = """
SELECT input_hash, subject, first_position, last_position FROM command
WHERE tenant_id = $1 AND actor = $2 AND command_id = $3
"""
_HOLDER: Final = """
SELECT holder FROM reservation WHERE tenant_id = $1 AND kind = $2 AND index = $3
"""
_KEY_VERSION: Final = "SELECT key_version FROM tenant_log WHERE tenant_id = $1"
_KEY_SAMPLE: Final = """
SELECT l.head, l.key_version, k.person_id, k.key_version AS wrapped_version, k.wrapped
FROM tenant_log l LEFT JOIN LATERAL (
  SELECT p.person_id, p.key_version, p.wrapped FROM person_key p
  WHERE p.tenant_id = l.tenant_id ORDER BY p.tenant_id, p.person_id LIMIT 1
) k ON true
WHERE l.tenant_id = $1
"""
_STREAM: Final = f"SELECT {COLUMNS}, {KEY_COLUMNS} FROM read_streams($1, ARRAY[$2::uuid], $3, NULL)"  # noqa: S608 (our own column list)


@dataclass(frozen=True, slots=True)
class FirstResult:
    """What a command led to when it was recorded."""

    input_hash: bytes
    subject: UUID
    first_position: int
    last_position: int


@dataclass(frozen=True, slots=True)
class KeySample:
    """A log's head and key version, and one of its wrapped keys, if it has any."""

    head: int
    key_version: int
    person_id: UUID | None
    wrapped_version: int | None
    wrapped: bytes | None


class _Discarded(Exception):
    """Rolls a transaction back and goes no further."""


class _LockedKeyTable:
    """The key table of a tenant inside the transaction that holds its log."""

    def __init__(
        self, connection: Connection, tenant_id: int, now: Callable[[], datetime], held: KeyTable
    ) -> None:
        self._connection = connection
        self._tenant_id = tenant_id
        self._now = now
        self.held = held
        self.is_discarded = False
        self.head = 0

    async def replace(self, table: KeyTable) -> None:
        """Put another table in its place."""
        await replace_key_table(self._connection, self._tenant_id, table)

    async def append(self, append: Append) -> Verdict:
        """Record a command in the same transaction."""
        [verdict] = await append_batch(
            self._connection.fetch, self._tenant_id, self._now(), [append]
        )
        self.head = verdict.last_position
        return verdict

    def discard(self) -> None:
        """Nothing of this shall have happened."""
        self.is_discarded = True


class EventStore(LogReader):
    """One a process; `now` is the real time (aware), which a tenant's simulated clock replaces."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        super().__init__(database)
        self._now = now
        self._tenants = Tenants(database)
        self.snapshots = SnapshotTable(database)
        self._apart = database.apart()
        self.tails = Tails(LogReader(self._apart))
        self._wakeups = Wakeups(database, self.tails)
        self._commits = GroupCommit(database, now, self._wakeups.appended)

    async def __aenter__(self) -> Self:
        await self._apart.__aenter__()
        self._wakeups.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._commits.aclose()
        await self.snapshots.aclose()
        await self._wakeups.aclose()
        await self.tails.aclose()
        await self._apart.aclose()

    async def append(self, tenant_id: int, append: Append) -> Verdict:
        """Record the events of a command, or say why not; see `GroupCommit.append`."""
        return await self._commits.append(tenant_id, append)

    @asynccontextmanager
    async def key_table(self, tenant_id: int) -> AsyncIterator["_LockedKeyTable"]:
        """The tenant's wrapped keys, nobody else writing to its log while the block runs.

        Commits at the end of the block, unless it raised or discarded.
        """
        with suppress(_Discarded):
            async with self._database.tenant(tenant_id) as connection:
                held = await read_key_table(connection, tenant_id)
                table = _LockedKeyTable(connection, tenant_id, self._now, held)
                yield table
                if table.is_discarded:
                    raise _Discarded
        self._wakeups.appended(tenant_id, table.head)

    async def holder(self, tenant_id: int, kind: str, index: bytes) -> UUID | None:
        """Who holds the thing behind a blind index."""
        async with self._database.tenant(tenant_id) as connection:
            found: UUID | None = await connection.fetchval(_HOLDER, tenant_id, kind, index)
        return found

    async def key_version(self, tenant_id: int) -> int:
        """The version of the tenant key that the log is sealed with now."""
        async with self._database.tenant(tenant_id) as connection:
            version: int = await connection.fetchval(_KEY_VERSION, tenant_id)
        return version

    async def key_sample(self, tenant_id: int) -> KeySample:
        """What tells whether the keys at hand are this database's; an unknown tenant's is empty."""
        async with self._database.tenant(tenant_id) as connection:
            row = await connection.fetchrow(_KEY_SAMPLE, tenant_id)
        return KeySample(0, 1, None, None, None) if row is None else KeySample(*row)

    async def wrapped_keys(self, tenant_id: int, person_ids: Collection[UUID]) -> list[WrappedKey]:
        """The wrapped keys of some people as they are now; who has none is left out."""
        async with self._database.tenant(tenant_id) as connection:
            return await read_wrapped_keys(connection, tenant_id, person_ids)

    async def find_command(
        self, tenant_id: int, actor: str, command_id: UUID
    ) -> FirstResult | None:
        """What the command of this id led to, if it was recorded."""
        async with self._database.tenant(tenant_id) as connection:
            row = await connection.fetchrow(_COMMAND, tenant_id, actor, command_id)
        return None if row is None else FirstResult(*row)

    async def read_stream(
        self, tenant_id: int, stream_id: UUID, *, after_version: int = 0
    ) -> list[StoredEvent]:
        """The events of one stream after a version, with their wrapped keys; one round trip."""
        rows = await self._database.read(_STREAM, tenant_id, stream_id, after_version)
        return [StoredEvent(*row) for row in rows]

    async def read_streams(
        self,
        tenant_id: int,
        stream_ids: Collection[UUID],
        *,
        until_position: int | None = None,
        types: Collection[str] | None = None,
    ) -> dict[UUID, list[StoredEvent]]:
        """The events of some streams by version, with their wrapped keys.

        A stream without any is left out.
        """
        async with self._database.tenant(tenant_id) as connection:
            return await reading.read_streams(
                connection, tenant_id, stream_ids, until=until_position, types=types
            )

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
