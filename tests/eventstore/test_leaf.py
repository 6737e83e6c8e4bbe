"""The leaf's entry is what PostgreSQL itself makes of the row."""

import hashlib
import struct
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.databases import Urls
from tests.profile import at_length

from eventstore.leaf import entry_of
from eventstore.merkle import leaf_hash
from eventstore.stored_event import StoredEvent

BY_THE_SERVER = r"""
SELECT sha256('\x0001'::bytea || record_send(ROW(
  $1::int, $2::bigint, $3::uuid, $4::int, $5::uuid, convert_to($6::text, 'UTF8'), $7::smallint,
  $8::uuid, $9::date, $10::timestamptz, convert_to($11::text, 'UTF8'), $12::uuid, $13::uuid,
  $14::bytea, $15::uuid, $16::bytea)))
"""
"""As the log does it: the prefix of a leaf, the version, the row."""


COVERED = StoredEvent.__struct_fields__[:16]
"""The columns of `event`; the wrapped key that may come with them is of another table."""

EVENT = StoredEvent(
    tenant_id=2,
    position=17,
    stream_id=UUID(int=3),
    version=4,
    event_id=UUID(int=5),
    type="candidate.identified",
    schema_version=1,
    organization_id=None,
    effective_on=date(2023, 9, 16),
    recorded_at=datetime(2023, 9, 17, 1, 2, 3, 123456, tzinfo=UTC),
    actor="cán bộ Ơn",
    causation_id=UUID(int=6),
    correlation_id=UUID(int=7),
    data=b"{}",
    person_id=UUID(int=8),
    sealed=None,
)

_texts = st.text(st.characters(blacklist_characters="\0", blacklist_categories=["Cs"]))
_times = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001
rows = st.builds(
    StoredEvent,
    tenant_id=st.integers(1, 2**31 - 1),
    position=st.integers(1, 2**63 - 1),
    stream_id=st.uuids(),
    version=st.integers(1, 2**31 - 1),
    event_id=st.uuids(),
    type=_texts,
    schema_version=st.integers(-(2**15), 2**15 - 1),
    organization_id=st.none() | st.uuids(),
    effective_on=st.dates(date(1, 1, 2), date(9999, 12, 30)),
    recorded_at=_times,
    actor=_texts,
    causation_id=st.uuids(),
    correlation_id=st.uuids(),
    data=st.binary(),
    person_id=st.none() | st.uuids(),
    sealed=st.none() | st.binary(),
)


@pytest.fixture
async def server_connection(server: Urls) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(server.owner)
    yield connection
    await connection.close()


@pytest.mark.parametrize("zone", ["UTC", "Asia/Ho_Chi_Minh"])
async def test_the_server_makes_the_same_leaf_of_any_row(
    server_connection: asyncpg.Connection, zone: str
) -> None:
    await server_connection.execute("SELECT set_config('timezone', $1, false)", zone)
    prepared = await server_connection.prepare(BY_THE_SERVER)
    drawn: list[StoredEvent] = []

    @settings(max_examples=at_length(150), deadline=None, suppress_health_check=list(HealthCheck))
    @given(rows)
    def draw(row: StoredEvent) -> None:
        drawn.append(row)

    draw()
    for row in drawn:
        made = await prepared.fetchval(*(getattr(row, name) for name in COVERED))
        assert leaf_hash(entry_of(row)) == made, row


def test_the_entry_is_fixed_for_ever() -> None:
    """A golden one, written out by hand: no later version of anything may make another."""
    uuid = [struct.pack(">ii16s", 2950, 16, UUID(int=number).bytes) for number in range(9)]
    null = struct.pack(">ii", 2950, -1)
    actor = "cán bộ Ơn".encode()
    written = (
        b"\x01"
        + struct.pack(">i", 16)
        + struct.pack(">iii", 23, 4, 2)
        + struct.pack(">iiq", 20, 8, 17)
        + uuid[3]
        + struct.pack(">iii", 23, 4, 4)
        + uuid[5]
        + (struct.pack(">ii", 17, 20) + b"candidate.identified")
        + struct.pack(">iih", 21, 2, 1)
        + null
        + struct.pack(">iii", 1082, 4, 8659)
        + struct.pack(">iiq", 1184, 8, 748_227_723_123_456)
        + (struct.pack(">ii", 17, len(actor)) + actor)
        + uuid[6]
        + uuid[7]
        + (struct.pack(">ii", 17, 2) + b"{}")
        + uuid[8]
        + struct.pack(">ii", 17, -1)
    )
    assert entry_of(EVENT) == written
    assert leaf_hash(written) == hashlib.sha256(b"\x00" + written).digest()
    assert (
        leaf_hash(written).hex()
        == "655dd083cec3c7231bb24c93f3a956d87a2977942814ce8390398eb04427c4dc"
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"tenant_id": 3},
        {"position": 18},
        {"stream_id": uuid4()},
        {"version": 5},
        {"event_id": uuid4()},
        {"type": "candidate.identifiee"},
        {"schema_version": 2},
        {"organization_id": uuid4()},
        {"effective_on": date(2023, 9, 17)},
        {"recorded_at": EVENT.recorded_at + timedelta(microseconds=1)},
        {"actor": "cán bộ On"},
        {"causation_id": uuid4()},
        {"correlation_id": uuid4()},
        {"data": b"{ }"},
        {"person_id": None},
        {"sealed": b""},
        {"type": "candidate.identifiedc", "actor": "án bộ Ơn"},
    ],
    ids=" and ".join,
)
def test_every_column_is_covered(changed: dict[str, object]) -> None:
    other = msgspec.structs.replace(EVENT, **changed)
    assert entry_of(other) != entry_of(EVENT)


def test_a_time_of_another_zone_is_the_same_time() -> None:
    local = EVENT.recorded_at.astimezone()
    assert entry_of(msgspec.structs.replace(EVENT, recorded_at=local)) == entry_of(EVENT)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(TypeError):
        entry_of(msgspec.structs.replace(EVENT, recorded_at=EVENT.recorded_at.replace(tzinfo=None)))
