"""The log as commands see it: records instead of events. It opens what is sealed, and seals.

Implements `commands.ports.Log`. No personal field leaves or enters the database by another way.
"""

import hmac
from collections.abc import Iterable, Mapping
from typing import Protocol, TypeVar
from uuid import UUID, uuid5

from commands.ports import Command, Recorded
from domain.errors import NotFound
from domain.events import record_kind
from domain.record import Entry, Record, record_not_found
from domain.text import Text
from eventstore import key_access, key_renewal, record_reader
from eventstore.append import Append, Claim, NewEvent, NewKey, Status, Verdict
from eventstore.codec import Codec
from eventstore.key_access import KeyAccess, open_personal
from eventstore.key_renewal import KeyRenewal
from eventstore.outcome import recorded, reused
from eventstore.reading import READ_MAX
from eventstore.record_reader import RecordReader
from eventstore.sealing import PersonKey, blind_index, seal_thing
from eventstore.store import FirstResult
from eventstore.stored_event import StoredEvent
from eventstore.tenant_keys import KeyRing, TenantKey, TenantKeys
from eventstore.warm import Warm

R = TypeVar("R", bound=Record)


class Store(key_access.Store, key_renewal.Store, record_reader.Store, Protocol):
    """What of an EventStore is needed here."""

    async def append(self, tenant_id: int, append: Append) -> Verdict: ...

    async def holder(self, tenant_id: int, kind: str, index: bytes) -> UUID | None: ...

    async def find_command(
        self, tenant_id: int, actor: str, command_id: UUID
    ) -> FirstResult | None: ...

    async def read_after(self, tenant_id: int, position: int, limit: int) -> list[StoredEvent]: ...


class Records:
    """One a process."""

    def __init__(self, store: Store, codec: Codec, keys: TenantKeys) -> None:
        self._store = store
        self._codec = codec
        self._ring = KeyRing(keys)
        self._keys = KeyAccess(store, self._ring)
        self._reader = RecordReader(store, codec, self._keys)
        self._renewal = KeyRenewal(store, keys, self._ring)
        self._warm = Warm()

    async def load(self, tenant_id: int, aggregate: type[R], record_id: UUID) -> R:
        """The record as of the head of the log, or as this process has just left it.

        In the second case another process may have been first, so a command may only go by a
        record that it saves. Raises NotFound, and Conflict for a person whose fields are erased.
        """
        record = self._warm.take(tenant_id, record_id)
        if record is None:
            record = await self._reader.load(tenant_id, record_id)
        if not isinstance(record, aggregate):
            raise record_not_found(aggregate)
        return record

    async def open(self, streams: Mapping[UUID, list[StoredEvent]]) -> dict[UUID, list[Entry]]:
        """The entries of streams that were read with their keys.

        The personal fields of a person who is erased are None. Raises UnreadableEvent.
        """
        keys = await self._keys.of(stored for stream in streams.values() for stored in stream)
        return {
            stream_id: [
                self._codec.decode(stored, open_personal(stored, keys)) for stored in stream
            ]
            for stream_id, stream in streams.items()
        }

    async def save(
        self, tenant_id: int, command: Command, *records: Record, subject: UUID
    ) -> Recorded:
        """Append the pending entries of the records atomically; see `commands.ports.Log`.

        The records are spent: whatever comes of it, load them again for the next command.
        """
        events, new_keys = self._seal(tenant_id, command, records)
        while True:
            key = await self._keys.current(tenant_id)
            append = _append(
                command,
                key,
                subject,
                events,
                keys=tuple(NewKey(new.person_id, new.wrap(key)) for new in new_keys),
                claims=_claims(tenant_id, key, records),
            )
            verdict = await self._store.append(tenant_id, append)
            if verdict.status is not Status.OUTDATED:
                break
            self._keys.named(tenant_id, verdict.key_version)
        if verdict.status is Status.RECORDED:
            for record in records:
                record.held = record.exclusive()
                self._warm.put(tenant_id, record)
        return recorded(tenant_id, verdict, records, events)

    async def erase(self, tenant_id: int, command: Command, record: Record) -> Recorded:
        """Append the pending entries and destroy the key of the record's person, or neither."""
        events, _ = self._seal(tenant_id, command, [record])

        def receipt(key: TenantKey) -> Append:
            return _append(command, key, record.id, events)

        verdict = await self._renewal.renew(tenant_id, without=record.id, receipt=receipt)
        assert verdict is not None
        self._keys.named(tenant_id, verdict.key_version)
        return recorded(tenant_id, verdict, [record], events)

    async def recorded(self, tenant_id: int, command: Command) -> Recorded | None:
        """The first result of this command id. Raises Conflict when it had another input."""
        first = await self._store.find_command(tenant_id, command.actor.id, command.id)
        if first is None:
            return None
        key = await self._ring.key(tenant_id, int.from_bytes(first.input_hash[:4], "big"))
        # What was hashed under a destroyed key cannot be compared.
        if key is not None and first.input_hash != _input_hash(key, command):
            raise reused()
        return Recorded(
            tenant_id, first.subject, first.first_position, first.last_position, repeated=True
        )

    async def holder(self, tenant_id: int, kind: str, value: str) -> UUID | None:
        """The record that holds what only one of the tenant may hold; see `Record.exclusive`."""
        key = await self._keys.current(tenant_id)
        return await self._store.holder(tenant_id, kind, blind_index(key, kind, value))

    async def entry_at(self, tenant_id: int, position: int) -> tuple[type[Record], UUID, int]:
        """The kind and id of the record that the event at a position belongs to, and its version.

        Raises NotFound.
        """
        found = await self._store.read_after(tenant_id, position - 1, 1) if position > 0 else []
        if not found:
            raise NotFound(
                "EVENT_NOT_FOUND",
                Text("Không tìm thấy sự kiện.", "There is no such event."),
                field="event",
            )
        return record_kind(found[0].type), found[0].stream_id, found[0].version

    async def entries(self, tenant_id: int, first: int, last: int) -> list[Entry]:
        """The entries from one position to another; see `commands.ports.Log`."""
        found: list[Entry] = []
        while first <= last:
            events = await self._store.read_after(
                tenant_id, first - 1, min(last - first + 1, READ_MAX)
            )
            found += [self._codec.decode_clear(event) for event in events]
            first += len(events)
        return found

    async def positions(self, tenant_id: int, record_id: UUID) -> list[int]:
        """The positions of a record's entries by version; none for a record that is not there."""
        return [event.position for event in await self._store.read_stream(tenant_id, record_id)]

    def _seal(
        self, tenant_id: int, command: Command, records: Iterable[Record]
    ) -> tuple[tuple[NewEvent, ...], list[PersonKey]]:
        """The pending entries as events, and the keys made for people who had none."""
        events: list[NewEvent] = []
        new_keys: list[PersonKey] = []
        for record in records:
            for entry in record.collect_events():
                assert isinstance(entry, Entry)
                encoded = self._codec.encode(entry)
                # Two actors may have chosen the same commandId.
                event_id = uuid5(command.id, f"event/{command.actor.id}/{len(events)}")
                person_id = sealed = None
                if encoded.personal is not None:
                    if record.key is None:
                        record.key = PersonKey.new(tenant_id, record.id)
                        new_keys.append(record.key)
                    assert isinstance(record.key, PersonKey)
                    person_id = record.key.person_id
                    sealed = record.key.seal(record.id, event_id, encoded.personal)
                events.append(
                    NewEvent(
                        stream_id=entry.originator_id,
                        version=entry.originator_version,
                        event_id=event_id,
                        type=encoded.type,
                        schema_version=encoded.schema_version,
                        organization_id=entry.organization_id,
                        effective_on=entry.effective_on,
                        data=encoded.data,
                        person_id=person_id,
                        sealed=sealed,
                    )
                )
        return tuple(events), new_keys


def _input_hash(key: TenantKey, command: Command) -> bytes:
    return key.version.to_bytes(4, "big") + hmac.digest(key.command, command.input_hash, "sha256")


def _append(  # noqa: PLR0913 - what a command consists of
    command: Command,
    key: TenantKey,
    subject: UUID,
    events: tuple[NewEvent, ...],
    *,
    keys: tuple[NewKey, ...] = (),
    claims: tuple[Claim, ...] = (),
) -> Append:
    return Append(
        actor=command.actor.id,
        command_id=command.id,
        input_hash=_input_hash(key, command),
        subject=subject,
        correlation_id=command.correlation_id or command.id,
        events=events,
        key_version=key.version,
        keys=keys,
        claims=claims,
    )


def _claims(tenant_id: int, key: TenantKey, records: Iterable[Record]) -> tuple[Claim, ...]:
    """What the records hold now and did not, and what they give up."""
    claims: list[Claim] = []
    for record in records:
        now = record.exclusive()
        for kind, value in record.held ^ now:
            index = blind_index(key, kind, value)
            is_new = (kind, value) in now
            sealed = seal_thing(key, tenant_id, kind, value) if is_new else None
            claims.append(Claim(kind, index, record.id, sealed))
    return tuple(claims)
