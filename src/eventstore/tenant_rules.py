"""The rules each tenant goes by, kept for a second.

A rule never reaches back before the day on which it is recorded, so what was judged within that
second in another process was judged by the rules of the moment at which it was given.
"""

import time
from typing import Final, Protocol
from uuid import UUID

from domain.procedure import RuleBook, rule_book
from domain.record import Entry, Record
from domain.rulebook import Rulebook, rulebook_id
from eventstore.records import Records
from eventstore.stored_event import StoredEvent
from eventstore.tenants import Tenant

KEPT_S: Final = 1.0


class Store(Protocol):
    """What of an EventStore is needed here."""

    async def tenants(self) -> list[Tenant]: ...

    async def read_stream(self, tenant_id: int, stream_id: UUID) -> list[StoredEvent]: ...


class TenantRules:
    """Implements `commands.ports.Rules`; one a process."""

    def __init__(self, store: Store, records: Records) -> None:
        self._store = store
        self._records = records
        self._kept: dict[int, tuple[float, int, RuleBook]] = {}

    async def of(self, tenant_id: int) -> RuleBook:
        """The tenant's rule book; read again when it was kept for `KEPT_S`."""
        kept = self._kept.get(tenant_id)
        if kept is not None and time.monotonic() - kept[0] < KEPT_S:
            return kept[2]
        entries = await self._read(tenant_id)
        if kept is not None and kept[1] == len(entries):
            book = kept[2]
        else:
            found = Record.of(entries)
            book = found.book(rule_book()) if isinstance(found, Rulebook) else rule_book()
        self._kept[tenant_id] = (time.monotonic(), len(entries), book)
        return book

    def forget(self, tenant_id: int) -> None:
        """Read it again at the next question."""
        self._kept.pop(tenant_id, None)

    async def _read(self, tenant_id: int) -> list[Entry]:
        code = next((t.code for t in await self._store.tenants() if t.tenant_id == tenant_id), None)
        if code is None:
            return []
        stream_id = rulebook_id(code)
        events = await self._store.read_stream(tenant_id, stream_id)
        opened = await self._records.open({stream_id: events})
        return opened[stream_id]
