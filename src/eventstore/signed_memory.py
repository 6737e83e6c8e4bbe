"""What was last signed of each log, in files outside the database.

So a database that was restored or rewritten is noticed: it cannot be made to forget.
"""

import asyncio
import base64
import fcntl
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from db.cluster import open_lock, write_private

_NAME: Final = re.compile(r"([1-9][0-9]*)\.signed")


class MemoryLost(Exception):
    """A file cannot be read or written, or is damaged. The message names it."""


class Overtaken(Exception):
    """Another process signed meanwhile; what was to be signed must be looked at again."""


@dataclass(frozen=True, slots=True)
class Signed:
    """The largest tree that was signed in an epoch."""

    epoch: int
    size: int
    root: bytes


class _File(msgspec.Struct):
    size: int
    root: bytes


class SignedMemory:
    """One file a log and epoch, `<code>/<epoch>.signed`, in a folder that only its owner reads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def last(self, code: str) -> Signed | None:
        """What was last signed of a tenant's log, in its newest epoch. Raises MemoryLost."""
        return await asyncio.to_thread(self._last, code)

    async def advance(self, code: str, before: Signed | None, after: Signed) -> None:
        """Remember what is about to be signed, durably.

        Raises Overtaken unless `before` is still what is remembered, and MemoryLost.
        """
        await asyncio.to_thread(self._advance, code, before, after)

    def _last(self, code: str) -> Signed | None:
        folder = self._folder / code
        with _reported(folder):
            try:
                names = [path.name for path in folder.iterdir()]
            except FileNotFoundError:
                return None
            epochs = [int(found[1]) for name in names if (found := _NAME.fullmatch(name))]
            return self._read(folder, max(epochs)) if epochs else None

    def _advance(self, code: str, before: Signed | None, after: Signed) -> None:
        folder = self._folder / code
        with _reported(folder):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self._locked():
                if self._last(code) != before:
                    raise Overtaken
                content = msgspec.json.encode(_File(after.size, after.root))
                write_private(folder / f"{after.epoch}.signed", content.decode())

    @contextmanager
    def _locked(self) -> Iterator[None]:
        # Closing the descriptor gives up the lock, and so does the end of the process.
        with open(open_lock(self._folder, ".lock"), "rb") as lock:  # noqa: PTH123 (a descriptor)
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    @staticmethod
    def _read(folder: Path, epoch: int) -> Signed:
        path = folder / f"{epoch}.signed"
        try:
            found = msgspec.json.decode(path.read_bytes(), type=_File)
        except msgspec.DecodeError:
            raise MemoryLost(
                f"{path} is damaged: put the newest copy of it in its place."
            ) from None
        return Signed(epoch, found.size, found.root)


def root_text(signed: Signed) -> str:
    """The root as it stands in checkpoints."""
    return base64.b64encode(signed.root).decode("ascii")


@contextmanager
def _reported(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise MemoryLost(
            f"What was signed cannot be read or written in {folder}: {error.strerror}."
        ) from error
