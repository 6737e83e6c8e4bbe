"""Events of older versions: lifted step by step, whether their personal fields open or not."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar
from uuid import uuid4

import msgspec
import pytest
from tests.databases import Log
from tests.eventstore.appends import new_append, new_event
from tests.eventstore.samples import row

from domain.personal import SEALED
from domain.record import Entry
from eventstore.append import NewKey
from eventstore.codec import Codec, UnreadableEvent
from eventstore.records import Records
from eventstore.registry import Registry
from eventstore.sealing import PersonKey
from eventstore.stored_event import StoredEvent
from eventstore.tenant_keys import KeyRing, TenantKeys


class Weighed(Entry):
    """Version 1 had one name and a weight in words, version 2 two names, and no place yet."""

    TOPIC = "test.weighed"
    class_version: ClassVar[int] = 3

    family_name: Annotated[str, SEALED]
    given_name: Annotated[str, SEALED]
    weight_kg: int
    place: str = "?"

    @staticmethod
    def upcast_v1_v2(state: Mapping[str, Any]) -> dict[str, Any]:
        """The name is split where it can be seen."""
        lifted = dict(state)
        if "name" in state:
            lifted["familyName"], _, lifted["givenName"] = lifted.pop("name").partition(" ")
        return lifted

    @staticmethod
    def upcast_v2_v3(state: Mapping[str, Any]) -> dict[str, Any]:
        """The weight becomes a number of kilograms."""
        return dict(state) | {"weightKg": int(state["weight"].removesuffix(" kg")), "place": "Huế"}


class Confessed(Entry):
    """Version 1 had its reason in the clear."""

    TOPIC = "test.confessed"
    class_version: ClassVar[int] = 2

    reason: Annotated[str, SEALED]

    @staticmethod
    def upcast_v1_v2(state: Mapping[str, Any]) -> dict[str, Any]:
        """Nothing but the place of the reason has changed."""
        return dict(state)


class Careless(Entry):
    """Its upcaster writes into what it is given."""

    TOPIC = "test.careless"
    class_version: ClassVar[int] = 2

    amount: int

    @staticmethod
    def upcast_v1_v2(state: dict[str, Any]) -> dict[str, Any]:
        """Not a pure function."""
        state["amount"] = 1
        return state


CODEC = Codec(Registry([Weighed, Confessed, Careless], {}))
HISTORY = {
    1: (b'{"weight":"70 kg"}', '{"name":"Nguyễn Văn Mẫu"}'.encode()),
    2: (b'{"weight":"70 kg"}', '{"familyName":"Nguyễn","givenName":"Văn Mẫu"}'.encode()),
    3: (
        '{"weightKg":70,"place":"Huế"}'.encode(),
        '{"familyName":"Nguyễn","givenName":"Văn Mẫu"}'.encode(),
    ),
}
"""What each version stored of the same weighing."""


def weighed(version: int, **changed: object) -> StoredEvent:
    data, personal = HISTORY[version]
    stored = row(
        type=Weighed.TOPIC,
        schema_version=version,
        data=data,
        person_id=uuid4(),
        sealed=personal,
    )
    return msgspec.structs.replace(stored, **changed)


def told(entry: Entry) -> tuple[object, ...]:
    assert isinstance(entry, Weighed)
    return entry.family_name, entry.given_name, entry.weight_kg, entry.place


@pytest.mark.parametrize("version", HISTORY)
def test_every_version_is_read_as_the_current_one(version: int) -> None:
    stored = weighed(version)
    entry = CODEC.decode(stored, stored.sealed)
    assert told(entry) == ("Nguyễn", "Văn Mẫu", 70, "Huế")
    assert (entry.originator_version, entry.timestamp) == (1, stored.recorded_at)
    assert CODEC.encode(entry) == (Weighed.TOPIC, 3, *HISTORY[3])


@pytest.mark.parametrize("version", HISTORY)
def test_of_an_erased_person_every_version_keeps_what_was_clear(version: int) -> None:
    stored = weighed(version)
    for entry in (CODEC.decode(stored, None), CODEC.decode_clear(stored)):
        assert told(entry) == (None, None, 70, "Huế")


async def test_old_versions_are_opened_from_the_log_until_their_person_is_erased(
    log: Log, keys: TenantKeys
) -> None:
    stream, person = uuid4(), uuid4()
    tenant_key = await KeyRing(keys).current(log.tenant)
    key = PersonKey.new(log.tenant, person)
    events = []
    for version, (data, personal) in HISTORY.items():
        event_id = uuid4()
        events.append(
            new_event(
                stream,
                version,
                event_id=event_id,
                type=Weighed.TOPIC,
                schema_version=version,
                organization_id=uuid4(),
                data=data,
                person_id=person,
                sealed=key.seal(stream, event_id, personal),
            )
        )
    new_key = NewKey(person, key.wrap(tenant_key))
    await log.store.append(log.tenant, new_append(*events, keys=(new_key,)))
    records = Records(log.store, CODEC, keys)

    async def opened() -> list[tuple[object, ...]]:
        streams = await log.store.read_streams(log.tenant, [stream])
        return [told(entry) for entry in (await records.open(streams))[stream]]

    assert await opened() == 3 * [("Nguyễn", "Văn Mẫu", 70, "Huế")]
    async with log.database.tenant(log.tenant) as connection:
        await connection.execute("DELETE FROM person_key WHERE tenant_id = $1", log.tenant)
    assert await opened() == 3 * [(None, None, 70, "Huế")]


def test_what_was_clear_in_an_old_version_can_be_personal_now() -> None:
    """Then it is read where it stands, but not by whoever counts."""
    stored = row(type=Confessed.TOPIC, data='{"reason":"Lỗi nhập"}'.encode())
    entry: Any = CODEC.decode(stored, None)
    counted: Any = CODEC.decode_clear(stored)
    assert (entry.reason, counted.reason) == ("Lỗi nhập", None)


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        ({"data": b"{"}, "no JSON"),
        ({"data": b"[]"}, "no JSON"),
        ({"data": b"\xff"}, "no JSON"),
        ({"data": b"{}"}, "upcast_v2_v3 fails with KeyError"),
        ({"data": b'{"weight":7}'}, "upcast_v2_v3 fails with AttributeError"),
        ({"data": b'{"weight":"Secret"}'}, "upcast_v2_v3 fails with ValueError"),
        ({"sealed": b'{"name":7}'}, "upcast_v1_v2 fails with AttributeError"),
        ({"sealed": b"{}"}, "no JSON"),
        ({"sealed": None}, "personal fields are missing"),
        ({"schema_version": 0}, "only versions up to 3"),
        ({"schema_version": -1}, "only versions up to 3"),
        ({"schema_version": 4}, "only versions up to 3"),
    ],
    ids=str,
)
def test_an_old_row_that_cannot_be_lifted_is_named_without_what_it_says(
    damage: dict[str, object], reason: str
) -> None:
    stored = weighed(1, **damage)
    with pytest.raises(UnreadableEvent, match=f"event 17 of tenant 3 .*{reason}") as caught:
        CODEC.decode(stored, stored.sealed)
    assert caught.value.__cause__ is None
    assert "Secret" not in str(caught.value)


def test_an_upcaster_that_writes_into_the_stored_state_is_found_out() -> None:
    stored = row(type=Careless.TOPIC, data=b'{"amount":7}')
    with pytest.raises(UnreadableEvent, match="upcast_v1_v2 fails with TypeError"):
        CODEC.decode(stored, None)


def lifted(state: Mapping[str, Any]) -> dict[str, Any]:
    return dict(state)


@pytest.mark.parametrize(
    ("version", "steps"),
    [
        (2, []),
        (3, ["upcast_v1_v2"]),
        (3, ["upcast_v2_v3"]),
        (1, ["upcast_v1_v2"]),
        (2, ["upcast_v1_v2", "upcast_v2_v3"]),
        (3, ["upcast_v1_v2", "upcast_v2_v3", "upcast_v1_v3"]),
        (0, []),
    ],
)
def test_a_chain_with_a_missing_or_a_loose_link_is_found_at_start(
    version: int, steps: list[str]
) -> None:
    members: dict[str, Any] = {step: staticmethod(lifted) for step in steps}
    linked = type("Linked", (Entry,), {"TOPIC": f"test.linked_{uuid4()}"} | members)
    linked.class_version = version  # type: ignore[attr-defined]
    with pytest.raises(ValueError, match=f"Linked has version {version} and the upcasters"):
        Registry([linked], {})
