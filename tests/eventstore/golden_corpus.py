"""Stored bytes of every event at every version, which must be read for ever.

`golden/<name>.v<version>.json` holds what was stored and never changes; `digests.txt` has a line
for each (`sha256sum -c digests.txt`) and only ever gets longer. The `.read.json` beside it is what
it means today, and changes with the class. After a new event or version run
`python -m tests.eventstore.golden_corpus`, then look at what git says of the `.read.json` files.
"""

import hashlib
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from tests.eventstore.samples import entry_of, own_fields, row, stored_of

from domain.events import CREATED, EVENTS
from domain.record import Entry
from eventstore.codec import Codec
from eventstore.registry import Registry
from eventstore.stored_event import StoredEvent

FOLDER: Final = Path(__file__).parent / "golden"
DIGESTS: Final = FOLDER / "digests.txt"
SEEDS: Final = 100


class Sample(NamedTuple):
    """One event as it was stored, its personal fields as they were before they were sealed."""

    data: str
    personal: str | None


def stored_file(name: str, version: int) -> Path:
    return FOLDER / f"{name}.v{version}.json"


def read_file(name: str, version: int) -> Path:
    return FOLDER / f"{name}.v{version}.read.json"


def digest(file: Path) -> str:
    """The file's line in the list."""
    return f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}"


def rows_in(name: str, version: int) -> list[StoredEvent]:
    """The samples of an event as rows of the log."""
    samples = json.loads(stored_file(name, version).read_text("utf-8"))
    return [row_of(name, version, Sample(**sample)) for sample in samples]


def row_of(name: str, version: int, sample: Sample) -> StoredEvent:
    """With the personal fields in the place of what seals them."""
    personal = None if sample.personal is None else sample.personal.encode()
    return row(
        type=name,
        schema_version=version,
        data=sample.data.encode(),
        person_id=None if personal is None else row().stream_id,
        sealed=personal,
    )


def reading(codec: Codec, stored: StoredEvent) -> dict[str, dict[str, str]]:
    """The fields that a row decodes to, and those when nothing personal opens any more."""
    read = {"read": fields_of(codec.decode(stored, stored.sealed))}
    if stored.sealed is not None:
        read["erased"] = fields_of(codec.decode(stored, None))
    return read


def fields_of(entry: Entry) -> dict[str, str]:
    return {name: _told(getattr(entry, name)) for name in own_fields(type(entry))}


def _told(value: object) -> str:
    if isinstance(value, frozenset):
        return f"frozenset({sorted(map(repr, value))})"
    return repr(value)


def _samples(codec: Codec, cls: type[Entry]) -> Iterator[Sample]:
    """As many as it takes to have each field None, empty, beyond ASCII, and of each enum value."""
    seen: set[tuple[str, object]] = set()
    for seed in range(SEEDS):
        entry = entry_of(cls, random.Random(f"{cls.TOPIC} {seed}"))
        shapes = {(name, _shape(getattr(entry, name))) for name in own_fields(cls)}
        if not shapes <= seen:
            seen |= shapes
            stored = stored_of(codec, entry)
            personal = None if stored.sealed is None else stored.sealed.decode()
            yield Sample(stored.data.decode(), personal)


def _shape(value: object) -> object:
    if value is None or isinstance(value, bool):
        return value
    if type(value) is str:
        return "empty" if not value else value.isascii()
    if isinstance(value, str):
        return value
    return bool(value) if isinstance(value, tuple | frozenset) else "some"


def write() -> None:
    """What is stored of each event today where there is no file yet, and every reading anew."""
    registry = Registry(EVENTS, CREATED)
    codec = Codec(registry)
    FOLDER.mkdir(exist_ok=True)
    lines = DIGESTS.read_text("utf-8") if DIGESTS.exists() else ""
    for kind in registry.types.values():
        file = stored_file(kind.name, kind.schema_version)
        if not file.exists():
            _write(file, [sample._asdict() for sample in _samples(codec, kind.cls)])
            lines += f"{digest(file)}\n"
        for version in range(1, kind.schema_version + 1):
            _write(
                read_file(kind.name, version),
                [reading(codec, stored) for stored in rows_in(kind.name, version)],
            )
    DIGESTS.write_text(lines, "utf-8")


def _write(file: Path, content: object) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=1)
    file.write_text(f"{text}\n", "utf-8")


if __name__ == "__main__":
    write()
