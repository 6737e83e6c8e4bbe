"""Records from snapshots: the same as from events, whatever becomes of the snapshots."""

import random
from collections.abc import Callable, Mapping
from functools import partial
from typing import Annotated, Any, ClassVar
from uuid import UUID, uuid4

import pytest
from eventsourcing.utils import get_topic
from tests.databases import Log, command, organization
from tests.domain.placing import CAME, handed_over, received
from tests.domain.steps import PERSON, given, helper, listed, path, recognized, void
from tests.domain.test_transfer import THERE, in_transit, reserved
from tests.eventstore.appends import new_append, new_event
from tests.eventstore.samples import entry_of, own_fields
from tests.eventstore.snapshots import DAY, Cellar, helped, settled

from domain.candidate import Candidate
from domain.errors import Conflict
from domain.events import CREATED
from domain.identity import Identity
from domain.log import Log as Epochs
from domain.organization import Organization
from domain.period import year
from domain.personal import SEALED
from domain.record import CreatedEntry, Record
from domain.target import Amount, Target, TargetBasis, TargetTerms
from domain.transfer import Transfer
from eventstore import record_reader
from eventstore.append import NewKey
from eventstore.codec import Codec
from eventstore.key_renewal import KeyRenewal
from eventstore.registry import Registry
from eventstore.sealing import PersonKey
from eventstore.snapshot import FORMAT, events_of
from eventstore.tenant_keys import KeyRing, TenantKeys

EVERY = 3


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """A snapshot after each three events."""
    monkeypatch.setattr(record_reader, "SNAPSHOT_EVERY", EVERY)


@pytest.fixture
def cellar(log: Log, registry: Registry, keys: TenantKeys) -> Cellar:
    return Cellar(log, Codec(registry), keys)


def candidate() -> Candidate:
    """With a voided entry, and personal fields in several."""
    return given(*path(recognized), void(3)).case


def target() -> Target:
    terms = TargetTerms(basis=TargetBasis.ASSIGNED, period=year(2023), group="WORKER")
    made = Target.set(organization().id, terms, Amount(count=30), on=DAY)
    made.adjust(Amount(share_percent=12.5), on=DAY, reason="Điều chỉnh")
    made.void(2, position=2, reason="Ghi nhầm", on=DAY)
    return made


def renamed() -> Organization:
    made = organization(renamed=2)
    made.void(2, position=2, reason="Ghi nhầm", on=DAY)
    return made


def epochs() -> Epochs:
    made = Epochs.start_second("lam-dong", 2, on=DAY, reason="Khôi phục", signed=(7, "AAAA"))
    for epoch in (3, 4):
        made.start(epoch, on=DAY, reason="Khôi phục", signed=None)
    return made


def transfer() -> Transfer:
    """Declined, for a reason that is personal."""
    made = in_transit()
    made.decline(DAY.replace(year=DAY.year + 5), reason="Không nhận", by="other")
    made.complete()
    return made


def identity() -> Identity:
    made = reserved()
    made.match(THERE, on=DAY)
    made.read(on=DAY)
    made.read(on=DAY)
    return made


def came() -> Candidate:
    """Received from another tenant, with a step of its own."""
    made = received(given(*path(listed), handed_over()).case)
    for _ in range(EVERY):
        helper(CAME)(made)
    return made


MADE: dict[type[Record], Callable[[], Record]] = {
    Candidate: candidate,
    Transfer: transfer,
    Identity: identity,
    Target: target,
    Organization: renamed,
    Epochs: epochs,
}


def any_record(kind: type[Record]) -> Record:
    """One of another kind: its first entry again and again, one of them voided."""
    began = next(entry for entry, made in CREATED.items() if made is kind)
    fields = entry_of(began, random.Random(7))
    own = {name: getattr(fields, name) for name in own_fields(began)}
    place = {"effective_on": DAY, "organization_id": UUID(int=1)}
    record: Record = kind._create(began, id=uuid4(), **place, **own)
    for _ in range(EVERY):
        record.trigger_event(began, originator_topic=get_topic(kind), **place, **own)
    if hasattr(kind, "voided_entry"):
        record.void(1, position=1, reason="Ghi nhầm", on=DAY, replaced=True)
    return record


def state(record: Record) -> dict[str, object]:
    """All there is of it; of its key whose it is."""
    told = dict(vars(record))
    key = told.pop("key", None)
    return told | {"type": type(record), "person": key and key.person_id}


EACH = {kind: MADE.get(kind, partial(any_record, kind)) for kind in CREATED.values()}


@pytest.mark.parametrize("make", [*EACH.values(), came])
async def test_a_record_from_a_snapshot_is_the_record_from_its_events(
    cellar: Cellar, make: Callable[[], Record]
) -> None:
    made = make()
    await cellar.save(made)
    from_events = await cellar.load(made.id)
    assert await cellar.version(made.id) == from_events.version >= EVERY
    assert len(from_events.entries) == from_events.version
    await cellar.make_unreadable(made.id, from_events.version)
    from_snapshot = await cellar.load(made.id)
    assert state(from_snapshot) == state(from_events)
    for name, member in vars(from_snapshot.entries[-1]).items():
        assert isinstance(getattr(from_events.entries[-1], name), type(member))


async def test_events_after_a_snapshot_are_added_to_it(cellar: Cellar) -> None:
    """And the next one is taken of both, once there are enough of them."""
    made = helped(EVERY)
    await cellar.save(made)
    await cellar.load(made.id)
    await cellar.make_unreadable(made.id, EVERY)
    for version in range(EVERY + 1, 3 * EVERY):
        record = await cellar.load(made.id)
        helper(DAY)(record)
        await cellar.save(record)
        record = await cellar.load(made.id)
        assert [entry.originator_version for entry in record.entries] == [*range(1, version + 1)]
        assert await cellar.version(made.id) == version // EVERY * EVERY
        assert record.entries[-1].helper_name == "Trần Văn Giúp"


async def test_few_events_are_read_without_a_snapshot(cellar: Cellar) -> None:
    made = helped(EVERY - 1)
    await cellar.save(made)
    assert (await cellar.load(made.id)).version == EVERY - 1
    assert await cellar.row(made.id) is None


DAMAGES: dict[str, Callable[[Any, Any], dict[str, object]]] = {
    "a flipped bit": lambda own, _: {"data": own["data"][:-1] + bytes([own["data"][-1] ^ 1])},
    "cut off": lambda own, _: {"data": own["data"][:-20]},
    "emptied": lambda *_: {"data": b""},
    "another version": lambda own, _: {"version": own["version"] - 1},
    "another person's key": lambda _, other: {"person_id": other["person_id"]},
    "another record's": lambda _, other: {k: other[k] for k in ("person_id", "data")},
    "nobody's key": lambda *_: {"person_id": None},
    "an unknown person's": lambda *_: {"person_id": uuid4()},
    "a later version than the log has": lambda own, _: {"version": own["version"] + 1},
    "an unknown format": lambda *_: {"format": FORMAT + 1},
}


@pytest.mark.parametrize("name", DAMAGES)
@pytest.mark.parametrize("make", [candidate, renamed], ids=["sealed", "clear"])
async def test_a_snapshot_that_does_not_fit_changes_nothing(
    cellar: Cellar, make: Callable[[], Record], name: str
) -> None:
    """The record is right, and the next snapshot takes the place of the bad one."""
    made, other = make(), helped(EVERY)
    for record in (made, other):
        await cellar.save(record)
    expected = state(await cellar.load(made.id))
    await cellar.load(other.id)
    good = await cellar.row(made.id)
    changed = DAMAGES[name](good, await cellar.row(other.id))
    for column, value in changed.items():
        await cellar.change(made.id, f"{column} = $2", value)
    for _ in range(3):
        assert state(await cellar.load(made.id)) == expected
    mended = dict(await cellar.row(made.id))
    if name == "a later version than the log has":
        # Nobody has read it, and it will be replaced by one that is as late.
        assert mended["version"] == made.version + 1
    else:
        assert {**mended, "data": b""} == {**good, "data": b""}
        await cellar.make_unreadable(made.id, made.version)
        assert state(await cellar.load(made.id)) == expected


# Old events


class Weighed(CreatedEntry):
    """Version 1 had a weight in words, and one name."""

    TOPIC = "scale.weighed"
    class_version: ClassVar[int] = 2

    name: Annotated[str, SEALED]
    weight_kg: int

    @staticmethod
    def upcast_v1_v2(state: Mapping[str, Any]) -> dict[str, Any]:
        """The weight becomes a number of kilograms."""
        return dict(state) | {"weightKg": int(state["weight"].removesuffix(" kg"))}


class Scale(Record):
    """What somebody is weighed on."""


async def test_old_events_stay_as_old_as_they_are_in_a_snapshot(cellar: Cellar) -> None:
    """Whoever reads it lifts them, as from the log."""
    tenant, stream = cellar.log.tenant, uuid4()
    key = PersonKey.new(tenant, stream)
    wrapped = key.wrap(await KeyRing(cellar.keys).current(tenant))
    old = {"data": b'{"weight":"70 kg"}', "schema_version": 1}
    new = {"data": b'{"weightKg":71}', "schema_version": 2}
    appended = []
    for version, stored in enumerate((old, old, new), start=1):
        event_id = uuid4()
        sealed = key.seal(stream, event_id, b'{"name":"Mau"}')
        row = {"event_id": event_id, "type": Weighed.TOPIC, "organization_id": uuid4()}
        appended.append(new_event(stream, version, person_id=stream, sealed=sealed, **row | stored))
    await cellar.log.store.append(tenant, new_append(*appended, keys=(NewKey(stream, wrapped),)))

    cellar.codec = Codec(Registry([Weighed], {Weighed: Scale}))
    from_events = await cellar.load(stream)
    assert [each.weight_kg for each in from_events.entries] == [70, 70, 71]
    snapshot, _ = await cellar.log.store.snapshots.read(tenant, stream)
    assert snapshot is not None
    kept = [
        (stored.schema_version, personal) for stored, personal in events_of(snapshot, {stream: key})
    ]
    assert kept == [(version, b'{"name":"Mau"}') for version in (1, 1, 2)]
    await cellar.make_unreadable(stream, 3)
    assert state(await cellar.load(stream)) == state(from_events)


# Keys


async def erase(cellar: Cellar, record_id: UUID) -> None:
    records = cellar.process()
    record = await records.load(cellar.log.tenant, Candidate, record_id)
    helper(DAY)(record)
    await records.erase(cellar.log.tenant, command(), record)


async def test_no_personal_value_stands_in_a_snapshot(cellar: Cellar) -> None:
    made = candidate()
    await cellar.save(made)
    await cellar.load(made.id)
    row = await cellar.row(made.id)
    assert row["person_id"] == made.id
    for value in (PERSON.full_name, "Mẫu", "2000-05-20", "Trần Văn Giúp", "Ghi nhầm"):
        assert value.encode() not in row["data"]


async def test_an_erasure_takes_the_snapshot_of_its_person_and_no_other(cellar: Cellar) -> None:
    gone, stays, cell = helped(EVERY), helped(EVERY), renamed()
    for record in (gone, stays, cell):
        await cellar.save(record)
        await cellar.load(record.id)
    await erase(cellar, gone.id)
    assert await cellar.row(gone.id) is None
    assert await cellar.version(stays.id) == EVERY
    assert await cellar.version(cell.id) == cell.version
    with pytest.raises(Conflict, match="PERSONAL_DATA_ERASED"):
        await cellar.load(gone.id)


async def test_a_snapshot_that_outlives_its_person_says_nothing_and_is_removed(
    cellar: Cellar,
) -> None:
    """As one from a backup."""
    made = helped(EVERY)
    await cellar.save(made)
    await cellar.load(made.id)
    row = await cellar.row(made.id)
    await erase(cellar, made.id)
    async with cellar.log.database.tenant(cellar.log.tenant) as connection:
        await connection.execute(
            "INSERT INTO snapshot VALUES ($1, $2, $3, $4, $5, $6)", *row.values()
        )
    with pytest.raises(Conflict, match="PERSONAL_DATA_ERASED"):
        await cellar.load(made.id)
    await settled(cellar.log.store, cellar.log.tenant)
    assert await cellar.row(made.id) is None


async def test_a_renewed_tenant_key_leaves_snapshots_as_they_are(cellar: Cellar) -> None:
    made = candidate()
    await cellar.save(made)
    expected = state(await cellar.load(made.id))
    row = await cellar.row(made.id)
    await KeyRenewal(cellar.log.store, cellar.keys, KeyRing(cellar.keys)).renew(cellar.log.tenant)
    await cellar.make_unreadable(made.id, made.version)
    assert state(await cellar.load(made.id)) == expected
    assert await cellar.row(made.id) == row
