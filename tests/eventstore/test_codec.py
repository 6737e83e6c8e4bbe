"""Events as bytes: each registered one there and back, personal fields apart, damage named."""

import dataclasses
import random
from typing import Any

import msgspec
import pytest
from tests.eventstore.samples import entry_of, stored_of

from domain.admission import CellVoteHeld
from domain.candidate import Identified
from domain.events import CREATED, EVENTS
from domain.groups import Sex
from domain.record import Entry
from eventstore.codec import Codec, UnreadableEvent
from eventstore.registry import NAMES_FILE, Registry, read_names
from eventstore.stored_event import StoredEvent

ROUNDS = 20


def decode(codec: Codec, stored: StoredEvent) -> Entry:
    """As if what is sealed had been opened."""
    return codec.decode(stored, stored.sealed)


@pytest.fixture
def codec(registry: Registry) -> Codec:
    return Codec(registry)


def identified() -> Entry:
    choice = random.Random(20260104)
    entry: Any = entry_of(Identified, choice)
    named: Entry = dataclasses.replace(
        entry, full_name="Nguyễn Văn Bí Mật", ethnicity="Cơ Ho", sex=Sex.FEMALE
    )
    return named


@pytest.mark.parametrize("cls", EVENTS, ids=lambda cls: cls.TOPIC)
def test_each_event_comes_back_as_it_went(codec: Codec, cls: type[Entry]) -> None:
    choice = random.Random(20260105)
    for _ in range(ROUNDS):
        entry = entry_of(cls, choice)
        decoded = decode(codec, stored_of(codec, entry))
        assert decoded == entry
        assert vars(decoded).keys() == vars(entry).keys()
        for name, member in vars(entry).items():
            assert type(getattr(decoded, name)) is type(member)
        assert codec.encode(decoded) == codec.encode(entry)


def test_personal_fields_stand_in_their_own_bytes_only(codec: Codec) -> None:
    stored = stored_of(codec, identified())
    assert stored.sealed is not None
    assert {"fullName", "birthDate", "sex", "ethnicity", "religion", "identityNumber"} == set(
        msgspec.json.decode(stored.sealed)
    )
    assert not set(msgspec.json.decode(stored.data)) & set(msgspec.json.decode(stored.sealed))
    assert "Bí Mật".encode() not in stored.data


def test_decoded_in_the_clear_personal_fields_are_none_even_when_they_are_there(
    codec: Codec,
) -> None:
    entry = identified()
    for personal in (b"sealed bytes", None):
        decoded: Any = codec.decode_clear(stored_of(codec, entry, sealed=personal))
        assert (decoded.full_name, decoded.birth_date, decoded.ethnicity) == (None, None, None)
        assert decoded.own_groups == entry.own_groups  # type: ignore[attr-defined]


def test_an_event_without_personal_fields_has_none_stored(codec: Codec) -> None:
    vote = entry_of(CellVoteHeld, random.Random(1))
    assert codec.encode(vote).personal is None


@pytest.mark.parametrize(
    "damage",
    [
        {"type": "candidate.unheard_of"},
        {"schema_version": 2},
        {"data": b""},
        {"data": b"{"},
        {"data": b"\xff\xfe{}"},
        {"data": b"{}"},
        {"sealed": None},
        {"sealed": b'{"fullName": 7}'},
        {"sealed": b'{"fullName": "\xff"}'},
    ],
    ids=str,
)
def test_a_row_that_cannot_be_read_is_named_without_what_it_says(
    codec: Codec, damage: dict[str, object]
) -> None:
    stored = stored_of(codec, identified(), **damage)
    with pytest.raises(UnreadableEvent, match="event 17 of tenant 3") as caught:
        decode(codec, stored)
    assert (caught.value.tenant_id, caught.value.position) == (3, 17)
    assert caught.value.__cause__ is None
    assert "Bí Mật" not in str(caught.value)


def test_a_wrong_enum_value_is_not_repeated_in_the_error(codec: Codec) -> None:
    stored = stored_of(codec, identified())
    assert stored.sealed is not None
    personal = stored.sealed.replace(b'"FEMALE"', b'"Secret"')
    with pytest.raises(UnreadableEvent) as caught:
        decode(codec, msgspec.structs.replace(stored, sealed=personal))
    assert "Secret" not in str(caught.value)


def test_the_stored_names_are_the_registered_ones_and_none_is_lost(
    registry: Registry,
) -> None:
    """A line that leaves the file leaves stored events unreadable: names only ever come."""
    lines = NAMES_FILE.read_text("utf-8").splitlines()
    assert lines == sorted(set(lines))
    assert read_names() == registry.types.keys()
    assert registry.types.keys() >= FIRST_NAMES


FIRST_NAMES = {
    "candidate.admission_decided",
    "candidate.cell_vote_held",
    "candidate.ceremony_held",
    "candidate.certificate_issued",
    "candidate.dossier_opened",
    "candidate.dossier_submitted",
    "candidate.entry_voided",
    "candidate.full_member_recognized",
    "candidate.helper_assigned",
    "candidate.identified",
    "candidate.sympathizer_listed",
    "candidate.sympathizer_removed",
    "candidate.vetting_concluded",
    "organization.entry_voided",
    "organization.established",
    "organization.renamed",
    "target.adjusted",
    "target.entry_voided",
    "target.set",
}
"""The names of the first release: the file alone could be edited together with the code."""


def test_a_name_that_is_taken_twice_or_missing_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        Registry([CellVoteHeld, CellVoteHeld], CREATED)

    class Nameless(Entry):
        pass

    with pytest.raises(TypeError, match="TOPIC"):
        Registry([Nameless], CREATED)
