"""What a witness keeps: its key, the checkpoints that it cosigned, and what it refused."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from app.failure import Mendable
from app.key_file import key_in
from db.cluster import open_lock, write_private
from eventstore.note import Checkpoint, Cosigner, InvalidNote, Verifier, open_checkpoint

NAME: Final = "nguon-witness"


class HomeUnusable(Mendable):
    """The folder is another witness's at the moment, or a file in it is damaged."""


class Pin(msgspec.Struct, frozen=True):
    """The log of an organization, as its checkpoints name it, and the key that signs it."""

    log: str
    key: str


class _Line(msgspec.Struct):
    checkpoint: str


@dataclass(frozen=True, slots=True)
class Kept:
    """The last checkpoint of a log that was cosigned."""

    epoch: int
    checkpoint: Checkpoint


class Home:
    """A folder of one witness; `opened` lends it to one process at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.cosigner = Cosigner(key_in(folder / "witness.key"), NAME)
        self._pins = self._read_pins()
        self._kept = self._read_kept()

    @classmethod
    @contextmanager
    def opened(cls, folder: Path) -> Iterator["Home"]:
        """The home, ours until the block ends. Raises HomeUnusable."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(open_lock(folder, ".lock"), "rb") as lock:  # noqa: PTH123 (a descriptor)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise HomeUnusable(f"Another witness is at work in {folder}.") from None
            yield cls(folder)

    def pin(self, organization: str) -> Pin | None:
        """What the organization's log was pinned to when it was first seen."""
        return self._pins.get(organization)

    def last(self, log: str) -> Kept | None:
        """The last checkpoint of a log, in whatever epoch."""
        return self._kept.get(log)

    def keep_pin(self, organization: str, pin: Pin) -> None:
        """Go by this log and key from now on."""
        self._pins[organization] = pin
        write_private(self._folder / "pinned.json", msgspec.json.encode(self._pins).decode())

    def keep(self, note: str, kept: Kept, log: str) -> None:
        """Keep a cosigned checkpoint, durably, before anybody is told of it."""
        _append(self._checkpoints, {"checkpoint": note})
        self._kept[log] = kept

    def keep_refused(self, note: str, reason: str) -> None:
        """Keep what shows that a log was not what it had been, once."""
        path = self._folder / "refused.jsonl"
        shown = {"checkpoint": note, "reason": reason}
        if not path.exists() or json.dumps(shown) not in path.read_text("utf-8").splitlines():
            _append(path, shown)

    @property
    def _checkpoints(self) -> Path:
        return self._folder / "checkpoints.jsonl"

    def _read_pins(self) -> dict[str, Pin]:
        path = self._folder / "pinned.json"
        try:
            return msgspec.json.decode(path.read_bytes(), type=dict[str, Pin])
        except FileNotFoundError:
            return {}
        except msgspec.DecodeError:
            raise HomeUnusable(f"{path} is damaged.") from None

    def _read_kept(self) -> dict[str, Kept]:
        """The last checkpoint of each log; a last line that was never finished is cut off."""
        path = self._checkpoints
        last: dict[str, str] = {}
        if not path.exists():
            return {}
        own = Verifier.parse(self.cosigner.verifier_key())
        with path.open("r+b") as file:
            try:
                for line in file:
                    if not line.endswith(b"\n"):
                        file.truncate(file.tell() - len(line))
                        break
                    note = msgspec.json.decode(line, type=_Line).checkpoint
                    last[note.partition("\n")[0].rpartition("/")[0]] = note
                opened = [open_checkpoint(note, [own]) for note in last.values()]
                return {
                    log: Kept(epoch, found) for found in opened for log, epoch in [parts(found)]
                }
            except (msgspec.DecodeError, InvalidNote, ValueError) as reason:
                raise HomeUnusable(f"{path} is not what this witness wrote: {reason}.") from None


def parts(checkpoint: Checkpoint) -> tuple[str, int]:
    """The log that a checkpoint is of, and its epoch. Raises ValueError for another origin."""
    log, _, epoch = checkpoint.origin.rpartition("/")
    if not log or not epoch.isascii() or not epoch.isdigit() or epoch.startswith("0"):
        raise ValueError(checkpoint.origin)
    return log, int(epoch)


def _append(path: Path, shown: dict[str, str]) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with open(descriptor, "ab") as file:  # noqa: PTH123 (a descriptor)
        file.write(json.dumps(shown).encode() + b"\n")
        file.flush()
        os.fsync(descriptor)
