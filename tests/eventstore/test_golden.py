"""What was ever stored is read as it was meant, and none of it is taken out of the corpus."""

import hashlib
import json

import pytest
from tests.eventstore.golden_corpus import (
    DIGESTS,
    FOLDER,
    digest,
    fields_of,
    read_file,
    reading,
    rows_in,
    stored_file,
)

from domain.events import CREATED, EVENTS
from eventstore.codec import Codec
from eventstore.registry import Registry

REGISTRY = Registry(EVENTS, CREATED)
CODEC = Codec(REGISTRY)
STORED = [
    (name, version)
    for name, kind in REGISTRY.types.items()
    for version in range(1, kind.schema_version + 1)
]
LINES_PINNED = 181
PIN = "9e6bb961e6e1c5fd88a1cc82a24c87972ee22e9f2d54a109dbd3a379ee395516"
"""Of the first lines of the list: the list alone could be edited together with the files."""


def lines() -> list[str]:
    return DIGESTS.read_text("utf-8").splitlines()


def test_every_event_has_its_stored_bytes_at_every_version() -> None:
    """For a new one run `python -m tests.eventstore.golden_corpus`."""
    files = {file.name for file in FOLDER.iterdir()} - {DIGESTS.name}
    expected = {file(*each).name for each in STORED for file in (stored_file, read_file)}
    assert files == expected


def test_what_was_stored_is_unchanged() -> None:
    assert sorted(lines()) == sorted(digest(stored_file(*each)) for each in STORED)


def test_no_line_leaves_the_list() -> None:
    """Lines come at its end. A pin may be moved on to later lines, never changed."""
    pinned = "\n".join(lines()[:LINES_PINNED])
    assert hashlib.sha256(pinned.encode()).hexdigest() == PIN


@pytest.mark.parametrize(("name", "version"), STORED)
def test_what_was_stored_is_read_as_it_was_meant(name: str, version: int) -> None:
    """Decoded in the clear, for counting, it is what it is after an erasure."""
    expected = json.loads(read_file(name, version).read_text("utf-8"))
    rows = rows_in(name, version)
    assert [reading(CODEC, stored) for stored in rows] == expected
    assert [fields_of(CODEC.decode_clear(stored)) for stored in rows] == [
        each.get("erased", each["read"]) for each in expected
    ]


@pytest.mark.parametrize("name", REGISTRY.types)
def test_what_is_stored_today_is_what_the_current_version_says(name: str) -> None:
    """A class that stores anything else needs a version of its own, and an upcaster to it."""
    for stored in rows_in(name, REGISTRY.types[name].schema_version):
        encoded = CODEC.encode(CODEC.decode(stored, stored.sealed))
        assert encoded == (name, stored.schema_version, stored.data, stored.sealed)
