"""Checkpoints of a log as signed notes, and a witness's cosignatures (C2SP); no keys of its own.

The formats are those of c2sp.org/signed-note, /tlog-checkpoint and /tlog-cosignature, with Ed25519.
A checkpoint here never has extension lines: nobody could audit what they say.
"""

import base64
import binascii
import hashlib
import re
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, NamedTuple, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from eventstore.merkle import HASH_BYTES

NOTE_LENGTH_MAX: Final = 100_000
KEY_ID_BYTES: Final = 4
KEY_BYTES: Final = 32
SIGNATURE_BYTES: Final = 64
SIZE_MAX: Final = 2**63 - 1
_MARK: Final = "— "
_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f]")
_SIZE: Final = re.compile(r"0|[1-9][0-9]{0,18}")
_TIME: Final = struct.Struct(">Q")


class InvalidNote(Exception):
    """The text is no signed checkpoint, or none that a trusted key has signed."""


class InvalidKey(Exception):
    """The text is no verifier key."""


class SignatureKind(IntEnum):
    """The signature types of C2SP that are in use here."""

    LOG = 1
    WITNESS = 4


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log commits to: the root over its first `size` events."""

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        assert self.origin
        assert not _CONTROL.search(self.origin)
        assert "\n" not in self.origin
        assert 0 <= self.size <= SIZE_MAX
        assert len(self.root) == HASH_BYTES

    @property
    def body(self) -> str:
        """The text of the note, without the empty line that follows it."""
        return f"{self.origin}\n{self.size}\n{_base64(self.root)}\n"

    def encode(self) -> bytes:
        """The bytes that are signed."""
        return self.body.encode()

    @classmethod
    def parse(cls, body: str) -> Self:
        """The checkpoint of a note's text, in its one form. Raises `InvalidNote`."""
        lines = body.split("\n")
        if len(lines) != 4 or lines[3] or not lines[0] or not _SIZE.fullmatch(lines[1]):  # noqa: PLR2004
            raise InvalidNote("the text is no checkpoint of an origin, a size and a root")
        size, root = int(lines[1]), _bytes(lines[2])
        if size > SIZE_MAX or root is None or len(root) != HASH_BYTES:
            raise InvalidNote("the checkpoint's size or root has no place in a log")
        return cls(lines[0], size, root)


@dataclass(frozen=True, slots=True)
class Verifier:
    """The public half of a log's or a witness's key."""

    name: str
    kind: SignatureKind
    public: bytes

    @classmethod
    def parse(cls, text: str) -> Self:
        """The verifier of a key as `str` writes it. Raises `InvalidKey`."""
        name, _, rest = text.partition("+")
        key_id, _, encoded = rest.partition("+")
        key = _bytes(encoded)
        if not _is_name(name) or key is None or len(key) != 1 + KEY_BYTES:
            raise InvalidKey("a verifier key is a name, a key id and an Ed25519 key, joined by +")
        if key[0] not in set(SignatureKind):
            raise InvalidKey(f"keys of type {key[0]} are not in use here")
        verifier = cls(name, SignatureKind(key[0]), key[1:])
        if verifier.key_id.hex() != key_id:
            raise InvalidKey("the key id is not that of the name and the key")
        return verifier

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{_base64(bytes([self.kind]) + self.public)}"

    @property
    def key_id(self) -> bytes:
        """Four bytes that tell keys of one name apart; no proof of anything."""
        named = self.name.encode() + b"\n" + bytes([self.kind]) + self.public
        return hashlib.sha256(named).digest()[:KEY_ID_BYTES]

    def check(self, body: str, signature: bytes) -> int | None:
        """When a witness signed the text, in seconds since 1970; None for a log's signature.

        Raises `InvalidNote`.
        """
        message, timestamp = body.encode(), None
        if self.kind is SignatureKind.WITNESS:
            if len(signature) != _TIME.size + SIGNATURE_BYTES:
                raise InvalidNote(f"the signature of {self.name} has no time")
            (timestamp,) = _TIME.unpack_from(signature)
            message, signature = _cosigned(body, timestamp), signature[_TIME.size :]
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            raise InvalidNote(f"the signature of {self.name} is not valid") from None
        return timestamp


@dataclass(frozen=True, slots=True)
class Signer:
    """A log's private key under the name that stands in its signatures."""

    key: Ed25519PrivateKey
    name: str

    def __post_init__(self) -> None:
        assert _is_name(self.name)

    def sign(self, checkpoint: Checkpoint) -> str:
        """The checkpoint as a signed note."""
        signature = self.key.sign(checkpoint.encode())
        return f"{checkpoint.body}\n{_line(self._verifier(), signature)}"

    def verifier_key(self) -> str:
        """The public half, as verifiers are given it."""
        return str(self._verifier())

    def _verifier(self) -> Verifier:
        return Verifier(self.name, SignatureKind.LOG, self.key.public_key().public_bytes_raw())


@dataclass(frozen=True, slots=True)
class Cosigner:
    """A witness's private key under its name. It must not be used for anything else."""

    key: Ed25519PrivateKey
    name: str

    def __post_init__(self) -> None:
        assert _is_name(self.name)

    def verifier_key(self) -> str:
        """The public half, as verifiers are given it."""
        return str(self._verifier())

    def signature(self, body: str, timestamp: int) -> str:
        """The line that says: at this time this was the largest state seen of the log."""
        signed = _TIME.pack(timestamp) + self.key.sign(_cosigned(body, timestamp))
        return _line(self._verifier(), signed)

    def _verifier(self) -> Verifier:
        return Verifier(self.name, SignatureKind.WITNESS, self.key.public_key().public_bytes_raw())


class _Signature(NamedTuple):
    name: str
    key_id: bytes
    signature: bytes


def open_checkpoint(note: str, verifiers: Iterable[Verifier]) -> Checkpoint:
    """The checkpoint that at least one of the keys has signed and none of them falsely.

    Signatures of other keys are passed over. Raises `InvalidNote`.
    """
    body, signatures = _split(note)
    checkpoint = Checkpoint.parse(body)
    if not list(_times(body, signatures, verifiers)):
        raise InvalidNote("no trusted key has signed the note")
    return checkpoint


def cosign(note: str, witness: Cosigner, timestamp: int) -> str:
    """The note with one more signature line; seconds since 1970. Raises `InvalidNote`.

    The witness must have opened the note and found it consistent with what it saw before.
    """
    body, _ = _split(note)
    Checkpoint.parse(body)
    return note + witness.signature(body, timestamp)


def cosigned_time(note: str, witness: Verifier) -> int:
    """When the witness last cosigned the note, in seconds since 1970. Raises `InvalidNote`."""
    assert witness.kind is SignatureKind.WITNESS
    body, signatures = _split(note)
    Checkpoint.parse(body)
    times = [time for time in _times(body, signatures, [witness]) if time is not None]
    if not times:
        raise InvalidNote(f"{witness.name} has not cosigned the note")
    return max(times)


def _times(
    body: str, signatures: list[_Signature], verifiers: Iterable[Verifier]
) -> Iterator[int | None]:
    """One for each signature of the keys, every one of which must be valid."""
    known = {(verifier.name, verifier.key_id): verifier for verifier in verifiers}
    for name, key_id, signature in signatures:
        verifier = known.get((name, key_id))
        if verifier is not None:
            yield verifier.check(body, signature)


def _split(note: str) -> tuple[str, list[_Signature]]:
    """The text of a note, up to its last newline, and its signatures. Raises `InvalidNote`."""
    if len(note) > NOTE_LENGTH_MAX or _CONTROL.search(note):
        raise InvalidNote("the note is too long or has control characters")
    try:
        note.encode()
    except UnicodeEncodeError:
        raise InvalidNote("the note cannot be written in UTF-8") from None
    body, found, lines = note.rpartition("\n\n")
    if not found or not lines.endswith("\n"):
        raise InvalidNote("the note has no text, an empty line and signature lines")
    return body + "\n", [_signature(line) for line in lines[:-1].split("\n")]


def _signature(line: str) -> _Signature:
    name, _, encoded = line.removeprefix(_MARK).partition(" ")
    signed = _bytes(encoded)
    if not line.startswith(_MARK) or not _is_name(name) or signed is None:
        raise InvalidNote("a signature line is no dash, name and signature")
    if len(signed) <= KEY_ID_BYTES:
        raise InvalidNote("a signature line has no signature")
    return _Signature(name, signed[:KEY_ID_BYTES], signed[KEY_ID_BYTES:])


def _line(verifier: Verifier, signature: bytes) -> str:
    return f"{_MARK}{verifier.name} {_base64(verifier.key_id + signature)}\n"


def _cosigned(body: str, timestamp: int) -> bytes:
    return f"cosignature/v1\ntime {timestamp}\n{body}".encode()


def _is_name(text: str) -> bool:
    return text != "" and "+" not in text and not any(one.isspace() for one in text)


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _bytes(text: str) -> bytes | None:
    """The bytes of their one base64 form, None for any other text."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if _base64(data) == text else None
