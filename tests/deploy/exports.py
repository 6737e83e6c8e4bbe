"""Exports as an auditor gets them, of logs that were made with the program's own proof code."""

import base64
import json
import random
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from eventstore.leaf import entry_of
from eventstore.merkle import leaf_hash, root
from eventstore.note import Checkpoint, Cosigner, Signer, cosign
from eventstore.stored_event import StoredEvent

TENANT, CODE, EPOCH = 2, "lam-dong/bao-lam", 1
ORIGIN = f"nguon/{CODE}/{EPOCH}"
LOG, OTHER = (
    Signer(Ed25519PrivateKey.from_private_bytes(bytes([byte] * 32)), ORIGIN) for byte in (1, 2)
)
WITNESS, STRANGER = (
    Cosigner(Ed25519PrivateKey.from_private_bytes(bytes([byte] * 32)), "witness.example/1")
    for byte in (3, 4)
)
SEEN = 1_700_000_000


@dataclass(frozen=True)
class Export:
    """The lines of an export, still apart."""

    header: dict[str, Any]
    events: list[dict[str, Any]]
    checkpoints: list[str]

    def lines(self) -> list[object]:
        return [self.header, *self.events, *notes(self.checkpoints)]

    def copy(self) -> "Export":
        """Another one whose lines can be changed."""
        return deepcopy(self)

    def write(self, path: Path) -> Path:
        return write(path, self.lines())


def leaf_of(event: StoredEvent) -> bytes:
    return leaf_hash(entry_of(event))


def line_of(event: StoredEvent) -> dict[str, Any]:
    """The line of an export."""
    return {
        "position": event.position,
        "streamId": str(event.stream_id),
        "version": event.version,
        "eventId": str(event.event_id),
        "type": event.type,
        "schemaVersion": event.schema_version,
        "organizationId": event.organization_id and str(event.organization_id),
        "effectiveOn": event.effective_on.isoformat(),
        "recordedAt": event.recorded_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "actor": event.actor,
        "causationId": str(event.causation_id),
        "correlationId": str(event.correlation_id),
        "data": encoded(event.data),
        "personId": event.person_id and str(event.person_id),
        "sealed": None if event.sealed is None else encoded(event.sealed),
        "leaf": encoded(leaf_of(event)),
    }


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def notes(checkpoints: Iterable[str]) -> list[object]:
    return [{"checkpoint": note} for note in checkpoints]


def write(path: Path, lines: Iterable[object]) -> Path:
    """The objects as JSON lines."""
    with path.open("w", encoding="utf-8") as file:
        for line in lines:
            file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
    return path


def event(position: int, seed: int = 0) -> StoredEvent:
    """One that looks like those of a tenant; another seed has another one at its place."""
    choice = random.Random(f"{seed} {position}")
    return StoredEvent(
        tenant_id=TENANT,
        position=position,
        stream_id=UUID(int=choice.getrandbits(128)),
        version=choice.randrange(1, 20),
        event_id=UUID(int=choice.getrandbits(128)),
        type=choice.choice(["candidate.identified", "candidate.cell_vote_held"]),
        schema_version=1,
        organization_id=choice.choice([None, UUID(int=choice.getrandbits(128))]),
        effective_on=date(2015, 1, 1) + timedelta(days=choice.randrange(3000)),
        recorded_at=datetime(2023, 9, 17, tzinfo=UTC)
        + timedelta(microseconds=choice.randrange(10**12)),
        actor=choice.choice(["operator-1", "cán bộ Ơn 😀", ""]),
        causation_id=UUID(int=choice.getrandbits(128)),
        correlation_id=UUID(int=choice.getrandbits(128)),
        data=choice.randbytes(choice.randrange(1, 60)),
        person_id=choice.choice([None, UUID(int=choice.getrandbits(128))]),
        sealed=choice.choice([None, choice.randbytes(choice.randrange(40))]),
    )


def checkpoint(events: list[StoredEvent], size: int) -> Checkpoint:
    return Checkpoint(ORIGIN, size, root([leaf_of(event) for event in events[:size]]))


def export(
    events: list[StoredEvent], sizes: Iterable[int], *, signer: Signer = LOG, cosigned: bool = False
) -> Export:
    """The log of the events with a checkpoint at each of the sizes."""
    header = {
        "format": "nguon-log/1",
        "origin": ORIGIN,
        "tenant": TENANT,
        "code": CODE,
        "epoch": EPOCH,
        "keys": [signer.verifier_key()],
    }
    signed = [signer.sign(checkpoint(events, size)) for size in sizes]
    if cosigned:
        signed = [cosign(note, WITNESS, SEEN) for note in signed]
    return Export(header, [line_of(one) for one in events], signed)


def witnessed(
    path: Path,
    events: list[StoredEvent],
    sizes: Iterable[int],
    *,
    signer: Signer = LOG,
    witness: Cosigner = WITNESS,
) -> Path:
    """The file of a witness that saw the log of the events at these sizes."""
    seen = [signer.sign(checkpoint(events, size)) for size in sizes]
    return write(path, notes(cosign(note, witness, SEEN) for note in seen))


def rewritten(events: list[StoredEvent], start: int) -> list[StoredEvent]:
    """The same log with other events from a position on."""
    return [*events[: start - 1], *(event(one.position, seed=1) for one in events[start - 1 :])]


def at(events: list[StoredEvent], position: int, **changed: object) -> list[StoredEvent]:
    """The same log with another value in a column of one event."""
    other = msgspec.structs.replace(events[position - 1], **changed)
    return [*events[: position - 1], other, *events[position:]]
