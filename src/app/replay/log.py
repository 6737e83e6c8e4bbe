"""Reads what a replay folds, with personal fields closed: a few streams at a time."""

from collections.abc import AsyncIterator, Collection, Mapping
from typing import Final
from uuid import UUID

from db.database import Database
from domain.candidate import CandidateEntryVoided
from domain.case import CaseEntry
from domain.events import EVENTS
from domain.organization_entry import OrganizationEntry, OrganizationEntryVoided
from domain.part import AssignedToPart
from domain.record import CreatedEntry, Entry
from domain.target_entry import TargetAdjusted, TargetEntryVoided, TargetSet
from eventstore.codec import Codec
from eventstore.reading import Filter, read_streams
from eventstore.store import EventStore
from eventstore.stored_event import StoredEvent

AT_ONCE: Final = 500
OF_ORGANIZATIONS: Final = frozenset(
    cls.TOPIC for cls in EVENTS if issubclass(cls, OrganizationEntry | OrganizationEntryVoided)
)
OF_TARGETS: Final = frozenset(c.TOPIC for c in (TargetSet, TargetAdjusted, TargetEntryVoided))
OF_PEOPLE: Final = frozenset(
    cls.TOPIC
    for cls in EVENTS
    if issubclass(cls, CaseEntry | AssignedToPart | CandidateEntryVoided)
)
BEGINNINGS: Final = frozenset(
    cls.TOPIC for cls in EVENTS if issubclass(cls, CaseEntry) and issubclass(cls, CreatedEntry)
)


class Reader:
    """The logs of an installation."""

    def __init__(self, database: Database, store: EventStore, codec: Codec) -> None:
        self._database = database
        self._store = store
        self._codec = codec

    async def streams(
        self, positions: Mapping[int, int], types: Collection[str]
    ) -> list[tuple[int, list[Entry]]]:
        """All records with events of some types, up to a position of each tenant's log."""
        streams: dict[tuple[int, UUID], list[Entry]] = {}
        for tenant_id, until in positions.items():
            async for stored in self.events(tenant_id, Filter(types=types, until=until)):
                entries = streams.setdefault((tenant_id, stored.stream_id), [])
                entries.append(self._codec.decode_clear(stored))
        return [(tenant_id, entries) for (tenant_id, _), entries in streams.items()]

    async def people(self, positions: Mapping[int, int]) -> AsyncIterator[list[Entry]]:
        """The entries of each person's record, up to a position of each tenant's log."""
        for tenant_id, until in positions.items():
            begun = Filter(types=BEGINNINGS, until=until)
            ids = {stored.stream_id async for stored in self.events(tenant_id, begun)}
            for some in _cut(sorted(ids)):
                async with self._database.tenant(tenant_id) as connection:
                    found = await read_streams(
                        connection, tenant_id, some, until=until, types=OF_PEOPLE
                    )
                for stream in found.values():
                    yield [self._codec.decode_clear(stored) for stored in stream]

    async def stream(self, tenant_id: int, stream_id: UUID, until: int) -> list[StoredEvent]:
        """The stored events of one record."""
        async with self._database.tenant(tenant_id) as connection:
            found = await read_streams(connection, tenant_id, [stream_id], until=until)
        return found.get(stream_id, [])

    def decode(self, stored: list[StoredEvent], types: Collection[str]) -> list[Entry]:
        """Those of the events that are of some types."""
        return [self._codec.decode_clear(each) for each in stored if each.type in types]

    async def events(self, tenant_id: int, wanted: Filter) -> AsyncIterator[StoredEvent]:
        """The wanted events of a log in its order."""
        position = 0
        while found := await self._store.read_after(tenant_id, position, 5_000, wanted):
            for stored in found:
                yield stored
            position = found[-1].position


def _cut(ids: list[UUID]) -> list[list[UUID]]:
    return [ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE)]
