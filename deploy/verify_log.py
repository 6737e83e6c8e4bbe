"""Checks an exported log of Nguồn offline: each event, the tree over all of them, each checkpoint.

    python verify_log.py EXPORT.jsonl [--key VKEY]... [--witness FILE] [--witness-key VKEY]...

It needs Python 3.9 or newer and nothing else, and it is one file, so that an auditor can read it
through and keep it; it shares no code with the program that wrote the log. A leaf is the hash of
the byte 1 and an event's columns as PostgreSQL's record_send writes them; the tree is that of RFC
9162; checkpoints and cosignatures are those of c2sp.org (signed-note, tlog-checkpoint and
tlog-cosignature); signatures are Ed25519 (RFC 8032).

The exit code is 0 when everything agrees, 1 when something does not, 2 when the input cannot be
judged; the last line is JSON. The file itself names a key, but only as its writer claims it: give
the one you trust with --key. What the holder of that key rewrote and signed anew shows only beside
the checkpoints that an independent witness saw (--witness, JSON lines with a "checkpoint").
"""

from __future__ import annotations

import argparse
import base64
import functools
import hashlib
import heapq
import json
import re
import struct
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

FORMAT = "nguon-log/1"
GOOD, BAD, UNUSABLE = 0, 1, 2
VERDICTS = ("good", "bad", "unusable")
LINE_BYTES_MAX = 16 * 1024 * 1024
DIGITS_MAX = 19
KEYS_MAX = 16
SIGNATURES_MAX = 100
SENTENCES_MAX = 20
HASH_BYTES = 32
CHECKPOINT_LINE = b'{"checkpoint"'
CHECKPOINT_FIELDS = {"checkpoint"}
HEADER_FIELDS = {"format", "origin", "tenant", "code", "epoch", "keys"}
EVENT_FIELDS = {
    "position",
    "streamId",
    "version",
    "eventId",
    "type",
    "schemaVersion",
    "organizationId",
    "effectiveOn",
    "recordedAt",
    "actor",
    "causationId",
    "correlationId",
    "data",
    "personId",
    "sealed",
    "leaf",
}
SAFE = re.compile(r"[!-*,-~]{1,200}")
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
TIME = re.compile(r"(.{10})T([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9])(?:\.([0-9]{6}))?Z")
SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
DAY_ZERO = date(2000, 1, 1).toordinal()


class Unusable(Exception):
    """The input is not what it should be, so that it cannot be judged."""


class BadNote(Exception):
    """A checkpoint that is malformed or falsely signed."""


# Ed25519: all multiples of a key that are ever needed are made once, for it signs many checkpoints.

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
X_SIGN = 1 << 255
KEY_BYTES = 32
SIGNATURE_BYTES = 64
Point = tuple[int, int, int, int]
"""Extended coordinates (x, y, z, t), or what `addend` makes of them."""
NEUTRAL: Point = (0, 1, 1, 0)


def point_of(encoded: bytes) -> Point | None:
    """The point of 32 bytes, or None."""
    number = int.from_bytes(encoded, "little")
    y, is_odd = number % X_SIGN, number >= X_SIGN
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * ROOT_OF_MINUS_ONE % P
    if y >= P or x * x % P != square or (x == 0 and is_odd):
        return None
    if x % 2 != is_odd:
        x = P - x
    return x, y, 1, x * y % P


def addend(point: Point) -> Point:
    """The second operand of `add`."""
    x, y, z, t = point
    return (y - x) % P, (y + x) % P, 2 * z % P, 2 * D * t % P


def add(point: Point, prepared: Point) -> Point:
    """The sum, by the formula that holds for all pairs of points."""
    x, y, z, t = point
    y_less_x, y_plus_x, z2, t2d = prepared
    a, b, c, d = (y - x) * y_less_x, (y + x) * y_plus_x, t * t2d, z * z2
    e, f, g, h = (b - a) % P, (d - c) % P, (d + c) % P, (b + a) % P
    return e * f % P, g * h % P, f * g % P, e * h % P


def multiples(point: Point) -> list[list[Point]]:
    """Row i holds the multiples 1 to 255 of 256**i times the point, as addends."""
    rows = []
    for _ in range(KEY_BYTES):
        row, one, multiple = [], addend(point), point
        for _ in range(255):
            row.append(addend(multiple))
            multiple = add(multiple, one)
        rows.append(row)
        point = multiple
    return rows


def add_multiple(point: Point, scalar: int, rows: list[list[Point]]) -> Point:
    """The point plus so many times the point of the rows."""
    for number, byte in enumerate(scalar.to_bytes(KEY_BYTES, "little")):
        if byte:
            point = add(point, rows[number][byte - 1])
    return point


@functools.cache
def base_multiples() -> list[list[Point]]:
    """Those of the generator, whose y is 4/5 and whose x is even."""
    base = point_of((4 * pow(5, -1, P) % P).to_bytes(KEY_BYTES, "little"))
    assert base is not None
    return multiples(base)


@functools.cache
def key_multiples(public: bytes) -> list[list[Point]] | None:
    """Those of the negated key, or None when its bytes are no point."""
    point = point_of(public)
    if point is None:
        return None
    x, y, z, t = point
    return multiples((-x % P, y, z, -t % P))


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether this is the Ed25519 signature of the message by the key."""
    rows = key_multiples(public)
    nonce, scalar = signature[:KEY_BYTES], int.from_bytes(signature[KEY_BYTES:], "little")
    if rows is None or len(signature) != SIGNATURE_BYTES or scalar >= ORDER:
        return False
    digest = hashlib.sha512(nonce + public + message).digest()
    challenge = int.from_bytes(digest, "little") % ORDER
    x, y, z, _ = add_multiple(add_multiple(NEUTRAL, scalar, base_multiples()), challenge, rows)
    inverse = pow(z, -1, P)
    x, y = x * inverse % P, y * inverse % P
    return (y + x % 2 * X_SIGN).to_bytes(KEY_BYTES, "little") == nonce


# Signed notes.


class Key(NamedTuple):
    """A verifier key: type 1 signs for a log, type 4 for a witness."""

    name: str
    key_id: bytes
    kind: int
    public: bytes


LOG, WITNESS = 1, 4


def key_of(text: object, kind: int) -> Key:
    """The key of its written form `name+id+base64`. Raises `Unusable`."""
    parts = text.split("+", 2) if isinstance(text, str) else []
    if len(parts) != 3 or not SAFE.fullmatch(parts[0]):  # noqa: PLR2004
        raise Unusable("A verifier key is not of the form name+id+base64.")
    name, written_id, encoded = parts
    try:
        raw = bytes_of(encoded)
    except ValueError:
        raw = b""
    if len(raw) != 1 + KEY_BYTES or raw[0] != kind:
        raise Unusable(f"The key {name} is not an Ed25519 key of signature type {kind}.")
    key_id = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
    if key_id.hex() != written_id or point_of(raw[1:]) is None:
        raise Unusable(f"The key {name} is damaged: its id or its point is not valid.")
    return Key(name, key_id, kind, raw[1:])


class Note(NamedTuple):
    """A checkpoint, and which kinds of the keys that were asked about have signed it."""

    origin: str
    size: int
    root: bytes
    kinds: set[int]


def open_note(note: object, keys: list[Key]) -> Note:
    """The checkpoint with its signatures checked. Raises `BadNote`."""
    if not isinstance(note, str):
        raise BadNote("it is no text")
    try:
        text, found, lines = note.rpartition("\n\n")
        origin, size, root = text.split("\n")
        message = f"{text}\n".encode()
        root_hash = bytes_of(root)
    except ValueError:
        raise BadNote("it is no text of three lines with signatures") from None
    signatures = lines.split("\n")
    if CONTROL.search(note) or not found or signatures.pop() or len(signatures) > SIGNATURES_MAX:
        raise BadNote("its signature lines are malformed")
    if not SIZE.fullmatch(size) or len(root_hash) != HASH_BYTES:
        raise BadNote("its size or its root is malformed")
    kinds = {kind for line in signatures for kind in signer_kinds(line, message, keys)}
    return Note(origin, int(size), root_hash, kinds)


def signer_kinds(line: str, message: bytes, keys: list[Key]) -> Iterator[int]:
    """The kind of the key that made a signature, nothing for an unknown key."""
    dash, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    try:
        signed = bytes_of(encoded)
    except ValueError:
        signed = b""
    if dash != "\N{EM DASH}" or not name or not signed[4:]:
        raise BadNote("a signature line is malformed")
    for key in keys:
        if (key.name, key.key_id) != (name, signed[:4]):
            continue
        signature, before = signed[4:], b""
        if key.kind == WITNESS:
            time, signature = int.from_bytes(signature[:8], "big"), signature[8:]
            before = f"cosignature/v1\ntime {time}\n".encode()
        if not is_signed(key.public, before + message, signature):
            raise BadNote(f"the signature of {key.name} is false")
        yield key.kind


# Lines of JSON.


def lines_of(file: BinaryIO) -> Iterator[bytes]:
    """The lines as they stand in the file, none of them endless."""
    while line := file.readline(LINE_BYTES_MAX + 1):
        if len(line) > LINE_BYTES_MAX:
            raise Unusable(f"A line is longer than {LINE_BYTES_MAX} bytes.")
        yield line


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object, none of whose fields stands twice: readers would differ over its value."""
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("a field stands twice")
    return fields


def whole(digits: str) -> int:
    """An integer of a length that any column could have."""
    if len(digits) > DIGITS_MAX + 1:
        raise ValueError("a number is too large")
    return int(digits)


DECODE = json.JSONDecoder(object_pairs_hook=unique, parse_int=whole).decode


def object_of(
    line: bytes, number: int, fields: set[str], file: str = "the export"
) -> dict[str, Any]:
    """The object of a line with exactly these fields. Raises `Unusable`."""
    try:
        found = DECODE(line.decode("utf-8"))
    except (ValueError, RecursionError):
        raise Unusable(f"Line {number} of {file} is not valid JSON in UTF-8.") from None
    if not isinstance(found, dict) or found.keys() != fields:
        raise Unusable(f"Line {number} of {file} does not have the fields that it should have.")
    return found


def bytes_of(text: str) -> bytes:
    """The bytes of their one base64 form. Raises ValueError."""
    raw = base64.b64decode(text, validate=True)
    if base64.b64encode(raw).decode() != text:
        raise ValueError("this is not the one base64 form")
    return raw


# Leaves and their tree.


def field(kind: int, value: bytes | None) -> bytes:
    """A column: the number of its type, its length or -1 for NULL, its bytes."""
    if value is None:
        return struct.pack(">ii", kind, -1)
    return struct.pack(">ii", kind, len(value)) + value


def uuid(text: str) -> bytes:
    """A column of type uuid. Raises ValueError or TypeError."""
    if not UUID.fullmatch(text):
        raise ValueError("no UUID in lower case")
    return struct.pack(">ii16s", 2950, 16, bytes.fromhex(text.replace("-", "")))


def days(text: str) -> int:
    """Days since 2000-01-01. Raises ValueError or TypeError."""
    if not DAY.fullmatch(text):
        raise ValueError("no date")
    return date(int(text[:4]), int(text[5:7]), int(text[8:])).toordinal() - DAY_ZERO


def microseconds(text: str) -> int:
    """Microseconds since 2000-01-01 00:00 UTC. Raises ValueError or TypeError."""
    found = TIME.fullmatch(text)
    if found is None:
        raise ValueError("no time in UTC")
    day, hour, minute, second, fraction = found.groups()
    seconds = ((days(day) * 24 + int(hour)) * 60 + int(minute)) * 60 + int(second)
    return seconds * 1_000_000 + int(fraction or 0)


def leaf_of(tenant: int, event: dict[str, Any]) -> bytes:
    """The leaf hash of an event. Raises ValueError, TypeError, AttributeError or struct.error."""
    get = event.__getitem__
    organization, person, sealed = get("organizationId"), get("personId"), get("sealed")
    if {type(get("position")), type(get("version")), type(get("schemaVersion"))} != {int}:
        raise TypeError("true is no number")
    entry = (
        struct.pack(">Biiiiiiq", 1, 16, 23, 4, tenant, 20, 8, get("position")),
        uuid(get("streamId")),
        struct.pack(">iii", 23, 4, get("version")),
        uuid(get("eventId")),
        field(17, get("type").encode()),
        struct.pack(">iih", 21, 2, get("schemaVersion")),
        field(2950, None) if organization is None else uuid(organization),
        struct.pack(">iii", 1082, 4, days(get("effectiveOn"))),
        struct.pack(">iiq", 1184, 8, microseconds(get("recordedAt"))),
        field(17, get("actor").encode()),
        uuid(get("causationId")),
        uuid(get("correlationId")),
        field(17, bytes_of(get("data"))),
        field(2950, None) if person is None else uuid(person),
        field(17, None if sealed is None else bytes_of(sealed)),
    )
    return hashlib.sha256(b"\x00" + b"".join(entry)).digest()


class Tree:
    """A tree that grows leaf by leaf and keeps only the roots of its full subtrees."""

    def __init__(self, size: int = 0, peaks: tuple[bytes, ...] = ()) -> None:
        self.size = size
        self.peaks = list(peaks)

    def copy(self) -> Tree:
        """Another tree that has the same leaves so far."""
        return Tree(self.size, tuple(self.peaks))

    def add(self, leaf: bytes) -> None:
        """Let the tree grow by a leaf hash."""
        full = self.size
        while full & 1:
            leaf = hashlib.sha256(b"\x01" + self.peaks.pop() + leaf).digest()
            full >>= 1
        self.peaks.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """The root over all leaves so far."""
        if not self.peaks:
            return hashlib.sha256().digest()
        return functools.reduce(
            lambda right, left: hashlib.sha256(b"\x01" + left + right).digest(), self.peaks[::-1]
        )


# The audit.


class Header(NamedTuple):
    """What the first line says of the log."""

    origin: str
    tenant: int
    keys: list[Key]


class Claim(NamedTuple):
    """That the first `size` events of the log have this root, in the order of checking."""

    size: int
    side: int
    root: bytes


class Side:
    """How far the checkpoints of one source agree with the log."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.count = 0
        self.proven = 0
        self.has_failed = False


class Audit:
    """One pass over an export, and what it found."""

    def __init__(self, header: Header, given: list[Key], witness_keys: list[Key]) -> None:
        self.header = header
        self.keys = (given or header.keys) + witness_keys
        self.sides = (Side("the checkpoint"), Side("the witness's checkpoint"))
        self.tree = Tree()
        self.kept: Tree | None = None
        """The tree over the leaf hashes that were kept, from the first that is not the event's."""
        self.is_told = False
        """Whether a checkpoint has told which of the two is the right one."""
        self.first_unkept: int | None = None
        self.is_broken = False
        self.sealed = 0
        self.cosigned = 0
        self.passed_over = 0
        self.findings = 0
        self.sentences: list[str] = []
        self.bad_position: int | None = None
        self.bad_interval: tuple[int, int] | None = None

    def run(self, events: BinaryIO, checkpoints: BinaryIO, at: int, seen: list[Claim]) -> None:
        """Read the events, pausing at each size of a checkpoint; those begin at line `at`."""
        claims = heapq.merge(self.claims(checkpoints, at), seen)
        claim = next(claims, None)
        for number, line in enumerate(lines_of(events), 2):
            while claim is not None and claim.size == self.tree.size:
                self.compare(claim)
                claim = next(claims, None)
            if number == at or self.is_broken:
                break
            self.grow(object_of(line, number, EVENT_FIELDS), number)
        while claim is not None:
            if claim.size == self.tree.size:
                self.compare(claim)
            else:
                self.miss(claim)
            claim = next(claims, None)
        if self.first_unkept is not None and self.first_unkept <= self.sealed:
            self.find(
                f"Position {self.first_unkept}: a checkpoint covers the event, but its leaf hash"
                " is missing.",
                self.first_unkept,
            )
        if not self.sides[0].count:
            raise Unusable("The export has no checkpoint: nothing in it is sealed or proven.")

    def grow(self, event: dict[str, Any], number: int) -> None:
        """Check the next event against its leaf hash and let the tree grow by it."""
        expected = self.tree.size + 1
        try:
            leaf = leaf_of(self.header.tenant, event)
            kept = leaf if event["leaf"] is None else bytes_of(event["leaf"])
        except (ValueError, TypeError, AttributeError, struct.error):
            raise Unusable(
                f"Line {number} of the export, where position {expected} belongs, has a field"
                " whose value is not of its type."
            ) from None
        if event["position"] != expected:
            self.is_broken = True
            self.find(
                f"Position {expected} is missing or not in its place: line {number} holds position"
                f" {event['position']}. What follows was not checked.",
                expected,
            )
            return
        if event["leaf"] is None and self.first_unkept is None:
            self.first_unkept = expected
        if leaf != kept:
            self.find(f"Position {expected}: the event does not have its leaf hash.", expected)
            self.kept = self.kept or self.tree.copy()
        if self.kept is not None:
            self.kept.add(kept)
        self.tree.add(leaf)

    def claims(self, file: BinaryIO, at: int) -> Iterator[Claim]:
        """The validly signed checkpoints of the export, which must ascend."""
        last = 0
        for number, line in enumerate(lines_of(file), at):
            text = object_of(line, number, CHECKPOINT_FIELDS)["checkpoint"]
            self.sides[0].count += 1
            try:
                note = self.own(text, last)
            except BadNote as reason:
                self.find(f"The checkpoint in line {number} is not valid: {reason}.")
                continue
            self.sealed = last = note.size
            self.cosigned = note.size if WITNESS in note.kinds else self.cosigned
            yield Claim(note.size, 0, note.root)

    def own(self, text: object, last: int) -> Note:
        """The checkpoint if it is one of this log after the last one. Raises `BadNote`."""
        note = open_note(text, self.keys)
        if note.origin != self.header.origin:
            raise BadNote("it is of another log or of another epoch")
        if LOG not in note.kinds:
            raise BadNote("no trusted key of the log has signed it")
        if note.size < last:
            raise BadNote("it is smaller than the one before it")
        return note

    def compare(self, claim: Claim) -> None:
        """Compare a checkpoint with the tree, which has just its size."""
        side = self.sides[claim.side]
        if self.tree.root() == claim.root:
            self.tell(claim, "the events are those that were sealed, leaf hashes were changed")
        elif self.kept is not None and self.kept.root() == claim.root:
            self.tell(claim, "the leaf hashes are right, events were changed after their sealing")
        else:
            self.differ(claim)
        side.proven = side.proven if side.has_failed else claim.size

    def tell(self, claim: Claim, sentence: str) -> None:
        """Say once which of an event and its leaf hash was changed."""
        if self.kept is not None and not self.is_told:
            self.is_told = True
            self.find(f"By {self.sides[claim.side].name} of size {claim.size} {sentence}.")

    def differ(self, claim: Claim) -> None:
        """Take down once for each side that its checkpoints are of another history, and where."""
        side = self.sides[claim.side]
        if side.has_failed:
            return
        side.has_failed = True
        agreed = f"agrees with that of size {side.proven}" if side.proven else "agrees with none"
        self.find(
            f"Something between the positions {side.proven + 1} and {claim.size} is not what was"
            f" signed: {side.name} of size {claim.size} has another root; the log {agreed}"
            " before it."
        )
        if self.bad_interval is None or claim.size < self.bad_interval[1]:
            self.bad_interval = side.proven + 1, claim.size

    def miss(self, claim: Claim) -> None:
        """Take down once for each side that a checkpoint covers events that are not there."""
        side = self.sides[claim.side]
        if self.is_broken or side.has_failed:
            return
        side.has_failed = True
        missing = self.tree.size + 1
        self.find(
            f"Position {missing} is missing: the file ends before it, but {side.name} of size"
            f" {claim.size} covers it.",
            missing,
        )

    def find(self, sentence: str, position: int | None = None) -> None:
        """Take down that something is wrong, and where."""
        self.findings += 1
        if self.findings <= SENTENCES_MAX:
            self.sentences.append(sentence)
        if position is not None:
            self.bad_position = min(position, self.bad_position or position)


def header_of(line: bytes) -> Header:
    """The header of an export. Raises `Unusable`."""
    head = object_of(line, 1, HEADER_FIELDS)
    origin, tenant, code, epoch = (head[name] for name in ("origin", "tenant", "code", "epoch"))
    if head["format"] != FORMAT:
        raise Unusable(f"The file is not an export of the format {FORMAT}.")
    if (
        not all(isinstance(text, str) and SAFE.fullmatch(text) for text in (origin, code))
        or not all(type(number) is int and 0 < number < 2**31 for number in (tenant, epoch))
        or not origin.endswith(f"/{code}/{epoch}")
        or not isinstance(head["keys"], list)
        or len(head["keys"]) > KEYS_MAX
    ):
        raise Unusable("The header does not name a log, its tenant and its keys.")
    return Header(origin, tenant, [key_of(text, LOG) for text in head["keys"]])


def seen_by_witness(path: Path, audit: Audit, witness_keys: list[Key]) -> list[Claim]:
    """The checkpoints of this log in the witness's file, ascending. Raises `Unusable`."""
    claims = []
    with path.open("rb") as file:
        for number, line in enumerate(lines_of(file), 1):
            text = object_of(line, number, CHECKPOINT_FIELDS, "the witness's file")["checkpoint"]
            place = f"The checkpoint in line {number} of the witness's file"
            try:
                note = open_note(text, audit.keys)
            except BadNote as reason:
                raise Unusable(f"{place} is not valid: {reason}.") from None
            if witness_keys and WITNESS not in note.kinds:
                raise Unusable(f"{place} is not cosigned by a witness whose key was given.")
            if note.origin != audit.header.origin:
                audit.passed_over += 1
                continue
            if LOG not in note.kinds:
                audit.find(f"{place} was not signed by a trusted key of the log.")
            claims.append(Claim(note.size, 1, note.root))
    if not claims:
        raise Unusable(f"The witness's file has no checkpoint of {audit.header.origin}.")
    audit.sides[1].count = len(claims)
    return sorted(claims)


def first_checkpoint(file: BinaryIO) -> int:
    """The number of the line where the checkpoints begin or would; the file is left there."""
    number, place = 1, 0
    for line in lines_of(file):
        if line.startswith(CHECKPOINT_LINE):
            file.seek(place)
            return number
        number, place = number + 1, place + len(line)
    return number


def remarks_of(audit: Audit, given: list[Key], witness_keys: list[Key]) -> Iterator[str]:
    """What the verdict rests on, and what it leaves open."""
    log, witness = audit.sides
    yield (
        f"Checked: the leaf hashes of {audit.tree.size} events, the roots and the signatures of"
        f" {log.count} checkpoints."
    )
    if not given:
        yield (
            "The log's key is the one that the file itself names, which is only what its writer"
            " claims. Give the key that you received another way with --key."
        )
    for key in audit.header.keys if given else ():
        if key not in given:
            yield f"The file names the key {key.name}+{key.key_id.hex()}, which was not given."
    if witness.count:
        yield (
            f"The witness's file holds {witness.count} checkpoints of this log; its own signature"
            f" {'was checked on each' if witness_keys else 'was not checked (--witness-key)'}."
        )
    else:
        yield (
            "No witness's file was given: a log that the holder of its key rewrote and signed anew"
            " would look the same."
        )
    if audit.passed_over:
        yield f"It also holds {audit.passed_over} of other logs or earlier epochs: not compared."
    if witness_keys:
        yield f"The largest checkpoint in the export with a cosignature has size {audit.cosigned}."
    if audit.tree.size > audit.sealed:
        yield f"No checkpoint covers the positions from {audit.sealed + 1} on."


def judge(options: argparse.Namespace) -> tuple[Audit | None, int, list[str]]:
    """The audit as far as it came, the exit code, and what is to be said."""
    audit, code = None, GOOD
    remarks: list[str] = []
    try:
        given = [key_of(text, LOG) for text in options.key]
        witness_keys = [key_of(text, WITNESS) for text in options.witness_key]
        with options.export.open("rb") as events, options.export.open("rb") as checkpoints:
            audit = Audit(header_of(next(lines_of(events), b"")), given, witness_keys)
            seen = seen_by_witness(options.witness, audit, witness_keys) if options.witness else []
            audit.run(events, checkpoints, first_checkpoint(checkpoints), seen)
        remarks += remarks_of(audit, given, witness_keys)
    except OSError as error:
        code, remarks = UNUSABLE, [f"A file cannot be read: {error.strerror}."]
    except Unusable as reason:
        code, remarks = UNUSABLE, [str(reason)]
    if audit is None or not audit.findings:
        return audit, code, remarks
    more = audit.findings - len(audit.sentences)
    rest = [f"And {more} more findings."] if more else []
    return audit, BAD, audit.sentences + rest + remarks


def summary(audit: Audit | None, code: int, options: argparse.Namespace) -> dict[str, Any]:
    """The verdict for a program to read; sizes are those up to which checkpoints agree."""
    told: dict[str, Any] = {"verdict": VERDICTS[code], "key": "given" if options.key else "claimed"}
    if audit is not None:
        told |= {
            "origin": audit.header.origin,
            "events": audit.tree.size,
            "checkpoints": audit.sides[0].count,
            "provenSize": audit.sides[0].proven,
            "witnessCheckpoints": audit.sides[1].count,
            "witnessedSize": audit.sides[1].proven,
            "cosignedSize": audit.cosigned,
            "findings": audit.findings,
            "firstBadPosition": audit.bad_position,
            "badInterval": audit.bad_interval,
        }
    return told


def main(arguments: list[str]) -> int:
    """Check what the arguments name, print what was found, and return the exit code."""
    parser = argparse.ArgumentParser(description="Check an exported log of Nguon offline.")
    parser.add_argument("export", type=Path, metavar="EXPORT.jsonl")
    parser.add_argument("--key", action="append", default=[], metavar="VKEY")
    parser.add_argument("--witness", type=Path, metavar="FILE")
    parser.add_argument("--witness-key", action="append", default=[], metavar="VKEY")
    parser.add_argument("--quiet", action="store_true", help="print the last line only")
    options = parser.parse_args(arguments)
    audit, code, sentences = judge(options)
    lines = [] if options.quiet else [*sentences, f"The log is {VERDICTS[code]}."]
    lines.append(json.dumps(summary(audit, code, options)))
    sys.stdout.write("\n".join(lines) + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
