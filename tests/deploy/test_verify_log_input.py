"""Input that is no export is refused by the auditor's verifier, whatever it is."""

import json
from typing import Any
from uuid import UUID

import pytest
from tests.deploy.exports import (
    CODE,
    LOG,
    ORIGIN,
    WITNESS,
    checkpoint,
    export,
    line_of,
)
from tests.deploy.verifier import EVENTS, Verify


def with_event(**fields: object) -> list[Any]:
    log = export(EVENTS[:3], (3,))
    log.events[1] |= fields
    return log.lines()


def with_header(**fields: object) -> list[Any]:
    log = export(EVENTS[:3], (3,))
    log.header.update(fields)
    return log.lines()


def without(name: str) -> list[Any]:
    lines = with_event()
    del lines[2][name]
    return lines


HOSTILE_LINES: dict[str, list[Any]] = {
    "another format": with_header(format="nguon-log/2"),
    "another field of the header": with_header(note="x"),
    "an origin that is not the tenant's": with_header(code="lam-dong/di-linh"),
    "an origin with an escape sequence": with_header(origin=f"\x1b[2J/{CODE}/1"),
    "a tenant that is true": with_header(tenant=True),
    "a tenant too large": with_header(tenant=2**31),
    "a tenant that is a text": with_header(tenant="2"),
    "keys that are no list": with_header(keys=LOG.verifier_key()),
    "a thousand keys": with_header(keys=[LOG.verifier_key()] * 1000),
    "a key that is no text": with_header(keys=[7]),
    "a key that is no key": with_header(keys=["a+b+c"]),
    "a witness's key as the log's": with_header(keys=[WITNESS.verifier_key()]),
    "a key id that is not the key's": with_header(
        keys=[LOG.verifier_key().replace("+3eb18526+", "+3eb18527+")]
    ),
    "a header that is a list": [[], *with_event()[1:]],
    "no event's fields": [with_header()[0], {}],
    "a list for an event": [with_header()[0], []],
    "a null for an event": [with_header()[0], None],
    "an event after a checkpoint": [*with_event(), line_of(EVENTS[3])],
    "a checkpoint with another field": [*with_event(), {"checkpoint": "x", "more": 1}],
    "a number with a fraction": with_event(version=1.0),
    "a number that is no number": with_event(version=float("nan")),
    "a number that is true": with_event(version=True),
    "a number of a thousand digits": with_event(position=10**999),
    "a position past bigint": with_event(position=2**63),
    "a version past int": with_event(version=2**31),
    "a schema version past smallint": with_event(schemaVersion=2**15),
    "a null version": with_event(version=None),
    "a null actor": with_event(actor=None),
    "an actor that is a list": with_event(actor=["x"]),
    "a UUID in capitals": with_event(streamId=str(UUID(int=10)).upper()),
    "a UUID in braces": with_event(streamId=f"{{{UUID(int=1)}}}"),
    "a UUID that is a number": with_event(eventId=5),
    "a null UUID": with_event(causationId=None),
    "an empty UUID": with_event(organizationId=""),
    "a date that was never": with_event(effectiveOn="2023-02-30"),
    "a date without dashes": with_event(effectiveOn="20230228"),
    "a date of the year 0": with_event(effectiveOn="0000-01-01"),
    "a time without a zone": with_event(recordedAt="2023-09-17T01:02:03.123456"),
    "a time of hour 24": with_event(recordedAt="2023-09-17T24:00:00.000000Z"),
    "a time in nanoseconds": with_event(recordedAt="2023-09-17T01:02:03.123456789Z"),
    "data that is no base64": with_event(data="~~~~"),
    "data with a line break": with_event(data="AAAA\n"),
    "data in another base64": with_event(data="AAB="),
    "data that is an object": with_event(data={}),
    "null data": with_event(data=None),
    "a leaf hash that is a number": with_event(leaf=0),
    "another field": with_event(personal="x"),
    **{f"no {name}": without(name) for name in line_of(EVENTS[0])},
}


@pytest.mark.parametrize("name", HOSTILE_LINES)
def test_input_that_is_no_export_is_refused_in_a_sentence(verify: Verify, name: str) -> None:
    verdict = verify(HOSTILE_LINES[name])
    assert verdict.code == 2, verdict.text
    assert verdict.told["verdict"] == "unusable"
    assert verdict.text.splitlines()[0].endswith(".")
    assert verdict.text.isascii()
    assert "\x1b" not in verdict.text


HEADER, FIRST, *_ = TRUE = [
    json.dumps(one).encode() + b"\n" for one in export(EVENTS[:3], (3,)).lines()
]
NO_JSON = "is not valid JSON in UTF-8"
HOSTILE_BYTES: dict[str, tuple[bytes, str]] = {
    "an empty file": (b"", f"Line 1 of the export {NO_JSON}"),
    "an empty line": (b"\n", f"Line 1 of the export {NO_JSON}"),
    "no JSON": (b"position,stream\n1,2\n", f"Line 1 of the export {NO_JSON}"),
    "no UTF-8": (FIRST.replace(b"candidate", b"candid\xff"), f"Line 2 of the export {NO_JSON}"),
    "nested without end": (b"[" * 100_000, NO_JSON),
    "a number without end": (FIRST.replace(b": 1,", b": " + b"9" * 100_000 + b","), NO_JSON),
    "a number too long": (FIRST.replace(b": 1,", b": " + b"9" * 40 + b","), NO_JSON),
    "a field that stands twice": (FIRST.replace(b"{", b'{"position":1,'), NO_JSON),
    "a lone surrogate": (FIRST.replace(b"candidate", b"\\ud800"), "not of its type"),
    "a line without end": (b" " * (17 * 1024 * 1024), "longer than 16777216 bytes"),
    "bytes of an executable": (bytes(range(256)) * 40, NO_JSON),
}
"""What stands for the first event, or for the whole file, and what is said of it."""


@pytest.mark.parametrize("name", HOSTILE_BYTES)
def test_bytes_that_are_no_export_are_refused_in_a_sentence(verify: Verify, name: str) -> None:
    raw, sentence = HOSTILE_BYTES[name]
    whole = raw if "Line 1" in sentence else b"".join([HEADER, raw, *TRUE[2:]])
    assert verify(b"".join(TRUE)).code == 0
    verdict = verify(whole)
    assert verdict.code == 2, verdict.text
    assert sentence in verdict.text
    assert verdict.text.isascii()


NOTE = LOG.sign(checkpoint(EVENTS, 5))
ROOT_LINE = NOTE.splitlines()[2]


@pytest.mark.parametrize(
    "note",
    [
        None,
        7,
        [],
        "",
        "\n\n\n",
        NOTE[:-1],
        NOTE + "\n",
        NOTE.replace("\n\n", "\n"),
        NOTE.replace("— ", "- "),
        NOTE.replace("\n5\n", "\n05\n"),
        NOTE.replace("\n5\n", "\n" + "9" * 5000 + "\n"),
        NOTE.replace("\n5\n", "\n-5\n"),
        NOTE.replace("\n5\n", "\n6\n"),
        NOTE.replace(ROOT_LINE, ROOT_LINE[4:]),
        NOTE.replace(ROOT_LINE, "A" * 43 + "="),
        NOTE.replace("\n\n", "\nan extension\n\n"),
        NOTE.replace(ORIGIN, "\x1b[2J"),
        NOTE + "— x AAAA\n",
        NOTE + "— x\x07 AAAAAAA=\n",
        NOTE + "— x AAAAAAA=\n" * 200,
        NOTE + NOTE.splitlines()[-1][:-8] + "AAAAAAA=\n",
        NOTE + "\ud800",
    ],
)
def test_a_checkpoint_that_is_malformed_or_forged_is_named(verify: Verify, note: object) -> None:
    lines = export(EVENTS, (1,)).lines()
    raw = b"".join(json.dumps(line).encode() + b"\n" for line in [*lines, {"checkpoint": note}])
    verdict = verify(raw)
    assert verdict.code == 1
    assert "The checkpoint in line 26 is not valid" in verdict.text
    assert verdict.text.isascii()
