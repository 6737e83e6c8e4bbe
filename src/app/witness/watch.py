"""Looks at the logs of an installation and cosigns what they have grown to, or refuses it."""

import binascii
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NoReturn

from app.witness.client import Client, NoAnswer, Offered
from app.witness.home import Home, Kept, Pin, parts
from eventstore.merkle import InvalidProof, verify_consistency
from eventstore.note import Checkpoint, InvalidKey, InvalidNote, Verifier, cosign, open_checkpoint

GOOD: Final = 0
REFUSED: Final = 1
UNANSWERED: Final = 2


class Refused(Exception):
    """What was offered is not what was seen before, grown; the message says how."""


class Witness:
    """Over its own home; `key` is the log's verifier key, if it came another way."""

    def __init__(self, home: Home, client: Client, key: Verifier | None) -> None:
        self._home = home
        self._client = client
        self._key = key

    def look(self, organization: str) -> str:
        """Look at one log once; what is to be said of it. Raises Refused and NoAnswer."""
        offered = self._client.checkpoint(organization)
        if offered is None:
            if self._home.pin(organization) is not None:
                raise Refused("no checkpoint is shown any more")
            return "nothing is signed yet"
        try:
            return self._take(organization, offered)
        except (InvalidNote, InvalidProof, InvalidKey, Refused) as reason:
            again = self._client.checkpoint(organization)
            # A new epoch may have begun between the checkpoint and its proof.
            if again is None or _origin(again) == _origin(offered):
                self._refuse(offered, reason)
        try:
            return self._take(organization, again)
        except (InvalidNote, InvalidProof, InvalidKey, Refused) as reason:
            self._refuse(again, reason)

    def _refuse(self, offered: Offered, reason: Exception) -> NoReturn:
        self._home.keep_refused(offered.note, str(reason))
        raise Refused(str(reason)) from None

    def _take(self, organization: str, offered: Offered) -> str:
        pin = self._home.pin(organization)
        trusted = self._key or Verifier.parse(offered.key if pin is None else pin.key)
        checkpoint = open_checkpoint(offered.note, [trusted])
        log, epoch = _named(organization, checkpoint)
        if pin is not None and log != pin.log:
            raise Refused(f"the log calls itself {log}, and it was {pin.log}")
        kept = self._home.last(log)
        said = self._compare(organization, checkpoint, epoch, kept)
        if kept is not None and kept.checkpoint == checkpoint:
            return said
        if pin is None or pin.key != str(trusted):
            self._home.keep_pin(organization, Pin(log, str(trusted)))
            said = f"{said}; from now on its key is {trusted}"
        note = cosign(offered.note, self._home.cosigner, int(time.time()))
        self._home.keep(note, Kept(epoch, checkpoint), log)
        return said

    def _compare(
        self, organization: str, checkpoint: Checkpoint, epoch: int, kept: Kept | None
    ) -> str:
        """What is to be said of a checkpoint that may follow the last one. Raises Refused."""
        size = checkpoint.size
        if kept is None:
            return f"first seen with {size} events in epoch {epoch}"
        seen = kept.checkpoint
        if epoch > kept.epoch:
            return (
                f"NEW EPOCH {epoch} with {size} events; nothing proves that it continues epoch"
                f" {kept.epoch}, last seen with {seen.size}"
            )
        if epoch < kept.epoch:
            raise Refused(f"it is back in epoch {epoch} after epoch {kept.epoch}")
        if size < seen.size:
            raise Refused(f"it has {size} events, fewer than the {seen.size} of before")
        if size == seen.size:
            if checkpoint.root != seen.root:
                raise Refused(f"it is another history of {size} events than was seen before")
            return f"unchanged with {size} events"
        try:
            path = self._client.consistency(organization, seen.size, size)
        except binascii.Error:
            raise Refused("its proof is no base64") from None
        verify_consistency(seen.size, seen.root, size, checkpoint.root, path)
        return f"grown from {seen.size} to {size} events"


def watch(
    home: Home,
    client: Client,
    organizations: Sequence[str],
    key: Verifier | None,
    every_s: float | None,
) -> int:
    """Look at each log, again and again unless `every_s` is None; then the exit code."""
    witness = Witness(home, client, key)
    while True:
        began_s = time.monotonic()
        code = _round(witness, client, organizations)
        if every_s is None:
            return code
        time.sleep(max(0.0, began_s + every_s - time.monotonic()))


def _round(witness: Witness, client: Client, organizations: Sequence[str]) -> int:
    code = GOOD
    try:
        chosen = organizations or client.organizations()
    except NoAnswer as reason:
        _tell(str(reason))
        return UNANSWERED
    for organization in chosen:
        try:
            _tell(f"{organization}: {witness.look(organization)}")
        except Refused as reason:
            _tell(f"{organization}: REFUSED: {reason}")
            code = REFUSED
        except NoAnswer as reason:
            _tell(f"{organization}: {reason}")
            code = max(code, UNANSWERED) if code != REFUSED else REFUSED
    return code


def _named(organization: str, checkpoint: Checkpoint) -> tuple[str, int]:
    """The log and the epoch that a checkpoint names. Raises Refused for another tenant's."""
    try:
        log, epoch = parts(checkpoint)
    except ValueError:
        log, epoch = "", 0
    if not log.endswith(f"/{organization}"):
        raise Refused(f"the checkpoint is of {checkpoint.origin}")
    return log, epoch


def _origin(offered: Offered) -> str:
    return offered.note.partition("\n")[0]


def _tell(sentence: str) -> None:
    sys.stdout.write(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} {sentence}\n")
    sys.stdout.flush()


def witness_key(folder: Path) -> str:
    """The verifier key of the witness that lives in a folder."""
    with Home.opened(folder) as home:
        return home.cosigner.verifier_key()
