"""The key that signs checkpoints, and those that ever did, in the directory of keys."""

from dataclasses import dataclass
from pathlib import Path

from app.failure import Mendable
from app.key_file import key_in
from app.settings import Settings
from eventstore.note import InvalidKey, Signer, Verifier
from eventstore.signed_memory import SignedMemory

PUBLIC_HALVES = "log-verifier-keys.txt"


class LogKeysUnusable(Mendable):
    """The list of keys is damaged. The message names it."""


@dataclass(frozen=True, slots=True)
class LogKeys:
    """What an installation signs with and remembers.

    `verifiers` are the public halves of all keys that ever signed here, the newest last.
    """

    signer: Signer
    verifiers: tuple[Verifier, ...]
    memory: SignedMemory


def open_log_keys(settings: Settings) -> LogKeys:
    """The key is made on first use; one that was replaced by the operator stays known."""
    folder = settings.home / "keys"
    signer = Signer(key_in(folder / "log-signing.key"), settings.log_name)
    known = _known(folder / PUBLIC_HALVES, signer.verifier_key())
    memory = SignedMemory(folder / "log-signed" / settings.log_name)
    return LogKeys(signer, known, memory)


def _known(path: Path, newest: str) -> tuple[Verifier, ...]:
    """The keys of the list, to which the newest one is added."""
    # Two processes may have added the same one.
    lines = list(dict.fromkeys(path.read_text("utf-8").splitlines())) if path.exists() else []
    if newest not in lines:
        lines.append(newest)
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{newest}\n")
    try:
        return tuple(Verifier.parse(line) for line in lines)
    except InvalidKey as reason:
        raise LogKeysUnusable(f"{path} has a line that is no verifier key: {reason}.") from None
