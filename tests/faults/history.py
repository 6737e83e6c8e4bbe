"""What the processes of a run saw, one JSON object a line, in files that outlive them.

Each start of a process writes a file of its own, so only the last line of a file can be torn.
"""

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

_ENCODER = msgspec.json.Encoder()


class Assignment(msgspec.Struct, frozen=True):
    """What a child process of a run is to do; `start` counts its lives from 1."""

    name: str
    start: int
    seed: int
    writers: int
    tenants: list[int]
    history: str
    keys: str


class History:
    """The lines of one life of a process; each is with the operating system when `write` returns.

    That is all a kill -9 needs: the page cache survives it.
    """

    def __init__(self, folder: Path, name: str, start: int = 1) -> None:
        path = folder / f"{name}.{start}.jsonl"
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)

    def write(self, kind: str, **fields: object) -> None:
        """One line; `at` is in nanoseconds of a clock that all processes of the machine share."""
        line = _ENCODER.encode({"kind": kind, "at": time.monotonic_ns(), **fields}) + b"\n"
        assert os.write(self._file, line) == len(line)

    def close(self) -> None:
        """Nothing comes after this."""
        os.close(self._file)


def lives(assignment: Assignment) -> Iterator[list[dict[str, Any]]]:
    """The whole lines of each former life of this process, the last one first."""
    for start in reversed(range(1, assignment.start)):
        path = Path(assignment.history) / f"{assignment.name}.{start}.jsonl"
        if path.exists():
            with path.open(encoding="utf-8") as file:
                yield [json.loads(line) for line in file if line.endswith("\n")]
