"""Events and commands as the store takes them, made without the domain."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from tests.databases import FOUNDED

from eventstore.append import ANY_VERSION, Append, Claim, NewEvent

HASHED = b"\0\0\0\1input"
"""What was hashed with the first version of a tenant key."""


def new_event(stream: UUID | None = None, version: int = 1, **changed: Any) -> NewEvent:  # noqa: ANN401
    """An event of a stream, of one of its own unless told otherwise."""
    event = NewEvent(
        stream_id=stream or uuid4(),
        version=version,
        event_id=uuid4(),
        type="organization.renamed",
        schema_version=1,
        organization_id=None,
        effective_on=FOUNDED,
        data=b"{}",
    )
    return replace(event, **changed)


def next_events(stream: UUID, count: int, **changed: Any) -> list[NewEvent]:  # noqa: ANN401
    """The next events of a stream, whatever their versions are."""
    return [new_event(stream, ANY_VERSION, **changed) for _ in range(count)]


def new_append(*events: NewEvent, **changed: Any) -> Append:  # noqa: ANN401
    """A command of an id of its own with these events, or with one of a new stream."""
    asked = Append(
        actor="a",
        command_id=uuid4(),
        input_hash=HASHED,
        subject=uuid4(),
        correlation_id=uuid4(),
        events=events or (new_event(),),
    )
    return replace(asked, **changed)


def claim(index: bytes, holder: UUID, sealed: bytes | None = b"sealed") -> Claim:
    """Of the one kind of these tests; without `sealed` it is given up."""
    return Claim("identity", index, holder, sealed)
