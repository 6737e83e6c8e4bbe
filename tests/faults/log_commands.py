"""The commands that the writers of a run send: small, seeded, and told apart by their event ids."""

import hashlib
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final
from uuid import UUID, uuid5

from eventstore.append import ANY_VERSION, Append, Claim, NewEvent, NewKey
from eventstore.group_commit import COMMAND_BYTES_MAX
from eventstore.sealing import PersonKey, blind_index, seal_thing
from eventstore.tenant_keys import TenantKey

NAMESPACE: Final = UUID("b2f3a7a4-5a0e-4d7c-9a51-5d0b5a4c1e77")
SHARED_STREAMS: Final = 4
SHARED_PERSONS: Final = 400
SHARED_CLAIMS: Final = 12
CLAIM_KIND: Final = "case"
LARGE_BYTES: Final = 100_000
DAY: Final = date(2024, 5, 1)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a command claims for its holder, or gives up."""

    thing: str
    holder: UUID
    gives_up: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A command before it is known which key of its tenant it will be sent under.

    `plain` is what it seals, by event; `key` the one it seals with, which `is_new` or not.
    """

    tenant: int
    actor: str
    command: UUID
    input: bytes
    events: tuple[NewEvent, ...]
    plain: Mapping[UUID, bytes] = field(default_factory=dict)
    key: PersonKey | None = None
    is_new: bool = False
    is_shared: bool = False
    wishes: tuple[Wish, ...] = ()
    erases: UUID | None = None
    hopeless: bool = False

    def under(self, key: TenantKey) -> Append:
        """The command as it is sent."""
        new = (self.key,) if self.key is not None and self.is_new else ()
        return Append(
            actor=self.actor,
            command_id=self.command,
            input_hash=key.version.to_bytes(4, "big") + self.input,
            subject=self.events[0].stream_id,
            correlation_id=self.command,
            events=self.events,
            key_version=key.version,
            keys=tuple(NewKey(person.person_id, person.wrap(key)) for person in new),
            claims=tuple(
                Claim(
                    CLAIM_KIND,
                    blind_index(key, CLAIM_KIND, wish.thing),
                    wish.holder,
                    None if wish.gives_up else seal_thing(key, self.tenant, CLAIM_KIND, wish.thing),
                )
                for wish in self.wishes
            ),
        )

    def described(self, append: Append) -> dict[str, Any]:
        """The command as the history keeps it: enough to judge it."""
        return {
            "tenant": self.tenant,
            "actor": self.actor,
            "command": self.command,
            "input": append.input_hash.hex(),
            "hopeless": self.hopeless,
            "erases": self.erases,
            "events": [
                {
                    "id": event.event_id,
                    "stream": event.stream_id,
                    "version": event.version,
                    "size": len(event.data),
                    "digest": digest(event.data, event.sealed),
                    "plain": digest(self.plain[event.event_id], None) if event.sealed else None,
                }
                for event in append.events
            ],
            "keys": [key.person_id for key in append.keys],
            "claims": [
                {"what": wish.thing, "holder": wish.holder, "gives_up": wish.gives_up}
                for wish in self.wishes
            ],
        }


def digest(data: bytes, sealed: bytes | None) -> str:
    """What the history keeps of an event's content."""
    return hashlib.sha256(data + b"|" + (sealed or b"")).hexdigest()[:16]


def again(line: Mapping[str, Any]) -> Prepared | None:
    """The command of an invocation in the history once more, if it holds all that it was made of.

    What went through `Records`, was sealed or claimed something does not.
    """
    events = line["events"]
    made_here = line["ordered"] and not line["hopeless"]
    if not made_here or line["claims"] or any(event["plain"] for event in events):
        return None
    return Prepared(
        tenant=line["tenant"],
        actor=line["actor"],
        command=UUID(line["command"]),
        input=bytes.fromhex(line["input"])[4:],
        events=tuple(
            _event(UUID(e["id"]), UUID(e["stream"]), e["version"], e["size"]) for e in events
        ),
    )


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

    def person(self, tenant: int) -> Prepared:
        """Sealed events of a person who has no key yet, unless another writer was first."""
        is_shared = self._chance.random() < 0.5
        person = self.id()
        if is_shared:
            number = self._chance.randrange(SHARED_PERSONS)
            person = uuid5(NAMESPACE, f"{self._seed}/person/{tenant}/{number}")
        made = PersonKey.new(tenant, person)
        run = self._run(self.id(), 1, self._chance.randint(1, 2))
        return replace(self._sealed(tenant, made, run), is_new=True, is_shared=is_shared)

    def more_of(self, tenant: int, key: PersonKey, stream: UUID, version: int) -> Prepared:
        """Another sealed event of a person who has a key."""
        return self._sealed(tenant, key, self._run(stream, version + 1, 1))

    def claim(self, tenant: int) -> Prepared:
        """One or two things claimed that others want too, or given up."""
        holder = uuid5(NAMESPACE, f"{self._seed}/holder/{self._actor}/{tenant}")
        gives_up = self._chance.random() < 0.45
        numbers = self._chance.sample(range(SHARED_CLAIMS), self._chance.choice((1, 1, 2)))
        wishes = tuple(Wish(f"thing-{number}", holder, gives_up) for number in numbers)
        return replace(self.new_stream(tenant), wishes=wishes)

    def erasure(self, tenant: int, person: UUID | None) -> Prepared:
        """The receipt for a renewal of the tenant's key, which may leave out a person."""
        return replace(self.new_stream(tenant), erases=person)

    def oversized(self, tenant: int) -> Prepared:
        """More than one command may hold."""
        return self._prepared(tenant, [_event(self.id(), self.id(), 1, COMMAND_BYTES_MAX)])

    def large(self, tenant: int) -> Prepared:
        """Much, but not too much."""
        return self._prepared(tenant, [_event(self.id(), self.id(), 1, LARGE_BYTES)])

    def hopeless(self, tenant: int) -> Prepared:
        """What the database rejects, whoever is in the same batch."""
        event = replace(_event(self.id(), self.id(), 1, 8), type="nul \0")
        return replace(self._prepared(tenant, [event]), hopeless=True)

    def other_input(self, prepared: Prepared) -> Prepared:
        """The commandId of another command with an input and events of its own."""
        other = self.new_stream(prepared.tenant)
        return replace(other, actor=prepared.actor, command=prepared.command)

    def others_id(self, prepared: Prepared) -> Prepared:
        """The commandId that another actor has used, which makes it no repetition."""
        return replace(self.new_stream(prepared.tenant), command=prepared.command)

    def _sealed(self, tenant: int, key: PersonKey, events: Iterable[NewEvent]) -> Prepared:
        plain: dict[UUID, bytes] = {}
        sealed: list[NewEvent] = []
        for event in events:
            text = f"Người Thử {event.event_id}".encode()
            plain[event.event_id] = text
            closed = key.seal(event.stream_id, event.event_id, text)
            sealed.append(replace(event, person_id=key.person_id, sealed=closed))
        return replace(self._prepared(tenant, sealed), plain=plain, key=key)

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
        return Prepared(
            tenant=tenant,
            actor=self._actor,
            command=self.id(),
            input=self._chance.randbytes(32),
            events=tuple(events),
        )


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
