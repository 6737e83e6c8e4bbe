"""The commands that the writers of a run send: small, seeded, and told apart by their event ids."""

import hashlib
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final
from uuid import UUID, uuid5

from eventstore.append import ANY_VERSION, Append, Claim, NewEvent, NewKey
from eventstore.group_commit import BATCH_BYTES_MAX
from eventstore.sealing import PersonKey
from eventstore.tenant_keys import TenantKey

NAMESPACE: Final = UUID("b2f3a7a4-5a0e-4d7c-9a51-5d0b5a4c1e77")
SHARED_STREAMS: Final = 4
SHARED_PERSONS: Final = 400
SHARED_CLAIMS: Final = 12
LARGE_BYTES: Final = 100_000
KEY_VERSION: Final = (1).to_bytes(4, "big")
DESTROYED_VERSION: Final = 9
DAY: Final = date(2024, 5, 1)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A command, the tenant it is for, and the plain text of what it seals by event.

    `key` is the one it seals with.
    """

    tenant: int
    append: Append
    plain: Mapping[UUID, bytes]
    key: PersonKey | None = None
    hopeless: bool = False


def digest(data: bytes, sealed: bytes | None) -> str:
    """What the history keeps of an event's content."""
    return hashlib.sha256(data + b"|" + (sealed or b"")).hexdigest()[:16]


def describe(prepared: Prepared) -> dict[str, Any]:
    """The command as the history keeps it: enough to judge it, and to send most of them again."""
    append = prepared.append
    return {
        "tenant": prepared.tenant,
        "actor": append.actor,
        "command": append.command_id,
        "input": append.input_hash.hex(),
        "subject": append.subject,
        "key_version": append.key_version,
        "hopeless": prepared.hopeless,
        "events": [
            {
                "id": event.event_id,
                "stream": event.stream_id,
                "version": event.version,
                "size": len(event.data),
                "digest": digest(event.data, event.sealed),
                "person": event.person_id,
                "plain": digest(prepared.plain[event.event_id], None) if event.sealed else None,
            }
            for event in append.events
        ],
        "keys": [{"person": k.person_id, "digest": digest(k.wrapped, None)} for k in append.keys],
        "claims": [
            {
                "what": f"{claim.kind}/{claim.index.hex()}",
                "holder": claim.holder,
                "gives_up": claim.sealed is None,
            }
            for claim in append.claims
        ],
    }


def again(line: Mapping[str, Any]) -> Prepared | None:
    """The command of an invocation in the history once more, if it holds all that it was made of.

    What went through `Records`, was sealed or claimed something does not.
    """
    events = line["events"]
    made_here = line["ordered"] and not line["hopeless"]
    if not made_here or line["keys"] or line["claims"] or any(e["person"] for e in events):
        return None
    append = Append(
        actor=line["actor"],
        command_id=UUID(line["command"]),
        input_hash=bytes.fromhex(line["input"]),
        subject=UUID(line["subject"]),
        correlation_id=UUID(line["command"]),
        key_version=line["key_version"],
        events=tuple(
            _event(UUID(e["id"]), UUID(e["stream"]), e["version"], e["size"]) for e in events
        ),
    )
    return Prepared(line["tenant"], append, {})


def shared_stream(seed: int, tenant: int, number: int) -> UUID:
    """A stream to which every writer appends."""
    return uuid5(NAMESPACE, f"{seed}/stream/{tenant}/{number}")


class Maker:
    """The commands of one writer, by chance from its seed."""

    def __init__(self, chance: random.Random, seed: int, actor: str) -> None:
        self._chance = chance
        self._seed = seed
        self._actor = actor

    def id(self) -> UUID:
        """A new one."""
        return UUID(int=self._chance.getrandbits(128), version=4)

    def new_stream(self, tenant: int) -> Prepared:
        """One to five events of a stream that nobody else knows."""
        return self._prepared(tenant, self._run(self.id(), 1, self._chance.randint(1, 5)))

    def expected(self, tenant: int, stream: UUID, version: int) -> Prepared:
        """One to three events that must come right after a version."""
        return self._prepared(
            tenant, self._run(stream, version + 1, self._chance.choice((1, 1, 2, 3)))
        )

    def any_version(self, tenant: int) -> Prepared:
        """One to three events that come next in a shared stream, whatever that is."""
        return self._prepared(tenant, self._next(tenant, self._chance.randint(1, 3)))

    def several_streams(self, tenant: int) -> Prepared:
        """A new stream and one or two shared ones in one command, their events interleaved."""
        events = self._run(self.id(), 1, self._chance.randint(1, 3))
        for _ in range(self._chance.randint(1, 2)):
            events[self._chance.randint(0, len(events)) : 0] = self._next(tenant, 1)
        return self._prepared(tenant, events)

    def person(self, tenant: int, key: TenantKey) -> Prepared:
        """Sealed events of a person who has no key yet, unless another writer was first."""
        person = self.id()
        if self._chance.random() < 0.5:
            number = self._chance.randrange(SHARED_PERSONS)
            person = uuid5(NAMESPACE, f"{self._seed}/person/{tenant}/{number}")
        made = PersonKey.new(tenant, person)
        run = self._run(self.id(), 1, self._chance.randint(1, 2))
        prepared = self.sealed(tenant, made, run)
        new = NewKey(person, made.wrap(key))
        return replace(prepared, append=replace(prepared.append, keys=(new,)))

    def more_of(self, tenant: int, key: PersonKey, stream: UUID, version: int) -> Prepared:
        """Another sealed event of a person who has a key."""
        return self.sealed(tenant, key, self._run(stream, version + 1, 1))

    def sealed(self, tenant: int, key: PersonKey, events: Iterable[NewEvent]) -> Prepared:
        """These events with personal fields."""
        plain: dict[UUID, bytes] = {}
        sealed: list[NewEvent] = []
        for event in events:
            text = f"Người Thử {event.event_id}".encode()
            plain[event.event_id] = text
            closed = key.seal(event.stream_id, event.event_id, text)
            sealed.append(replace(event, person_id=key.person_id, sealed=closed))
        return replace(self._prepared(tenant, sealed), plain=plain, key=key)

    def claim(self, tenant: int) -> Prepared:
        """One or two things claimed that others want too, or given up."""
        holder = uuid5(NAMESPACE, f"{self._seed}/holder/{self._actor}/{tenant}")
        gives_up = self._chance.random() < 0.45
        numbers = self._chance.sample(range(SHARED_CLAIMS), self._chance.choice((1, 1, 2)))
        claims = tuple(
            Claim("case", bytes([number]) * 8, holder, None if gives_up else b"sealed")
            for number in numbers
        )
        prepared = self.new_stream(tenant)
        return replace(prepared, append=replace(prepared.append, claims=claims))

    def oversized(self, tenant: int) -> Prepared:
        """More than one command may hold."""
        return self._prepared(tenant, [_event(self.id(), self.id(), 1, BATCH_BYTES_MAX)])

    def large(self, tenant: int) -> Prepared:
        """Much, but not too much."""
        return self._prepared(tenant, [_event(self.id(), self.id(), 1, LARGE_BYTES)])

    def hopeless(self, tenant: int) -> Prepared:
        """What the database rejects, whoever is in the same batch."""
        event = replace(_event(self.id(), self.id(), 1, 8), type="nul \0")
        return replace(self._prepared(tenant, [event]), hopeless=True)

    def outdated(self, tenant: int) -> Prepared:
        """As if sealed with a tenant key that is not the current one."""
        prepared = self.new_stream(tenant)
        return replace(prepared, append=replace(prepared.append, key_version=DESTROYED_VERSION))

    def other_input(self, prepared: Prepared) -> Prepared:
        """The commandId of another command with an input and events of its own."""
        other = self.new_stream(prepared.tenant)
        append = replace(
            other.append, actor=prepared.append.actor, command_id=prepared.append.command_id
        )
        return replace(other, append=append)

    def others_id(self, prepared: Prepared) -> Prepared:
        """The commandId that another actor has used, which makes it no repetition."""
        other = self.new_stream(prepared.tenant)
        append = replace(other.append, command_id=prepared.append.command_id)
        return replace(other, append=append)

    def _next(self, tenant: int, count: int) -> list[NewEvent]:
        number = self._chance.randrange(SHARED_STREAMS)
        stream = shared_stream(self._seed, tenant, number)
        return [
            _event(self.id(), stream, ANY_VERSION, self._chance.randint(8, 200))
            for _ in range(count)
        ]

    def _run(self, stream: UUID, first: int, count: int) -> list[NewEvent]:
        return [
            _event(self.id(), stream, version, self._chance.randint(8, 200))
            for version in range(first, first + count)
        ]

    def _prepared(self, tenant: int, events: Sequence[NewEvent]) -> Prepared:
        command = self.id()
        append = Append(
            actor=self._actor,
            command_id=command,
            input_hash=KEY_VERSION + self._chance.randbytes(32),
            subject=events[0].stream_id,
            correlation_id=command,
            events=tuple(events),
        )
        return Prepared(tenant, append, {})


def _event(event_id: UUID, stream: UUID, version: int, size: int) -> NewEvent:
    """The same id and size give the same content, so that a command can be sent again."""
    return NewEvent(
        stream_id=stream,
        version=version,
        event_id=event_id,
        type="fault.happened",
        schema_version=1,
        organization_id=None,
        effective_on=DAY,
        data=(event_id.bytes * (size // 16 + 1))[:size],
    )
