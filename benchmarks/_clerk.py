"""Encoded events of the product, as its commands hand them to the store."""

from datetime import date
from typing import Final
from uuid import UUID, uuid4

from _postgres import PAYLOAD, TYPE
from eventstore.append import Append, NewEvent
from eventstore.sealing import PersonKey

PERSONAL: Final = '{"helperName":"Trần Văn Giúp"}'.encode()


class Clerk:
    """Makes encoded events about one person, whose key is at hand as in a command."""

    def __init__(self, actor: str, tenant_id: int) -> None:
        self.tenant_id = tenant_id
        self._actor = actor
        self._key = PersonKey.new(tenant_id, uuid4())

    def append(self, events: int) -> Append:
        """A new stream of so many events."""
        command, stream = uuid4(), uuid4()
        return Append(
            actor=self._actor,
            command_id=command,
            input_hash=(1).to_bytes(4, "big") + command.bytes * 2,
            subject=stream,
            correlation_id=command,
            events=tuple(self._event(stream, version) for version in range(1, events + 1)),
        )

    def _event(self, stream: UUID, version: int) -> NewEvent:
        event_id = uuid4()
        return NewEvent(
            stream_id=stream,
            version=version,
            event_id=event_id,
            type=TYPE,
            schema_version=1,
            organization_id=stream,
            effective_on=date(2023, 9, 17),
            data=PAYLOAD,
            person_id=self._key.person_id,
            sealed=self._key.seal(stream, event_id, PERSONAL),
        )
