"""Rows that are damaged, exchanged or unknown: whoever reads them stops, and nobody else."""

from collections.abc import Callable
from datetime import date
from typing import TypeAlias
from uuid import uuid4

import pytest
from tests.databases import Log, change_event, command
from tests.domain.steps import CELL, PERSON, on

from domain.candidate import Candidate
from domain.sympathizer import assign_helper
from eventstore.codec import Codec, UnreadableEvent
from eventstore.records import Records
from eventstore.registry import Registry
from eventstore.stored_event import StoredEvent
from eventstore.tenant_keys import TenantKeys

DAY = date(2023, 3, 1)
Columns: TypeAlias = dict[str, object]
Damage: TypeAlias = Callable[[StoredEvent, StoredEvent, StoredEvent], Columns]


def case() -> Candidate:
    """Two sealed events of one person."""
    made = Candidate.identify(uuid4(), on(DAY), CELL, PERSON)
    assign_helper(made, on(DAY), helper_name="Trần Mẫu", helper_official_since=date(2010, 1, 1))
    return made


def flipped(sealed: bytes | None, at: int) -> bytes:
    assert sealed is not None
    changed = bytearray(sealed)
    changed[at] ^= 1
    return bytes(changed)


DAMAGES: dict[str, tuple[Damage, str]] = {
    "a flipped bit of the nonce": (
        lambda own, _next, _other: {"sealed": flipped(own.sealed, 1)},
        "do not open",
    ),
    "a flipped bit of the format": (
        lambda own, _next, _other: {"sealed": flipped(own.sealed, 0)},
        "do not open",
    ),
    "a flipped bit of the tag": (
        lambda own, _next, _other: {"sealed": flipped(own.sealed, -1)},
        "do not open",
    ),
    "cut off": (lambda own, _next, _other: {"sealed": (own.sealed or b"")[:20]}, "do not open"),
    "emptied": (lambda *_: {"sealed": b""}, "do not open"),
    "taken out": (lambda *_: {"sealed": None, "person_id": None}, "personal fields are missing"),
    "the sealed fields of the same person's next event": (
        lambda _own, following, _other: {"sealed": following.sealed},
        "do not open",
    ),
    "the sealed fields of another person": (
        lambda _own, _next, other: {"sealed": other.sealed},
        "do not open",
    ),
    "another person's id": (
        lambda _own, _next, other: {"person_id": other.person_id},
        "do not open",
    ),
    "another person's id and sealed fields": (
        lambda _own, _next, other: {"person_id": other.person_id, "sealed": other.sealed},
        "do not open",
    ),
    "another event id": (lambda *_: {"event_id": uuid4()}, "do not open"),
    "an unknown name": (lambda *_: {"type": "candidate.unheard_of"}, "no event of this name"),
    "a newer version": (lambda *_: {"schema_version": 99}, "only versions up to"),
    "invalid JSON": (lambda *_: {"data": b"{"}, "no JSON"),
    "another type": (
        lambda own, _next, _other: {"data": own.data.replace(b'"groups":[', b'"groups":[7,')},
        "the field groups... does not fit",
    ),
    "another event's fields": (
        lambda _own, following, _other: {"data": following.data},
        "no JSON of this event",
    ),
}


@pytest.mark.parametrize("name", DAMAGES)
async def test_a_damaged_row_stops_its_own_reader_and_nobody_else(
    log: Log, registry: Registry, keys: TenantKeys, name: str
) -> None:
    damaged, sound, elsewhere = case(), case(), case()
    for tenant, record in ((log.tenant, sound), (log.tenant, damaged), (log.other, elsewhere)):
        await log.records.save(tenant, command(), record, subject=record.id)
    [own, following] = await log.store.read_stream(log.tenant, damaged.id)
    [other, _] = await log.store.read_stream(log.tenant, sound.id)
    damage, reason = DAMAGES[name]
    await change_event(log.urls, log.tenant, own.position, **damage(own, following, other))

    reader = Records(log.store, Codec(registry), keys)
    both = [damaged.id, sound.id]
    with pytest.raises(UnreadableEvent, match=reason) as loading:
        await reader.load(log.tenant, Candidate, damaged.id)
    with pytest.raises(UnreadableEvent, match=reason) as opening:
        await reader.open(await log.store.read_streams(log.tenant, both))
    for caught in (loading, opening):
        assert (caught.value.tenant_id, caught.value.position) == (log.tenant, own.position)
        assert f"event {own.position} of tenant {log.tenant} " in str(caught.value)
        assert caught.value.__cause__ is None
        assert "Mẫu" not in str(caught.value)
    assert (await reader.load(log.tenant, Candidate, sound.id)).version == 2
    assert (await reader.load(log.other, Candidate, elsewhere.id)).version == 2
