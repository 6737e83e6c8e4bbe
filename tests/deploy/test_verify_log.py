"""The auditor's verifier: it passes a true log, and names where any other one goes wrong."""

import importlib.util
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.deploy.exports import (
    CODE,
    LOG,
    ORIGIN,
    OTHER,
    STRANGER,
    WITNESS,
    Event,
    Export,
    at,
    checkpoint,
    encoded,
    event,
    export,
    notes,
    rewritten,
    witnessed,
    write,
)
from tests.profile import at_length

from eventstore.note import Checkpoint, Signer

VERIFIER = Path(__file__).parents[2] / "deploy" / "verify_log.py"
SIZE = 23
SIZES = (1, 5, 10, 16, 20)
EVENTS = [event(position) for position in range(1, SIZE + 1)]


def load() -> Any:  # noqa: ANN401
    """The verifier as a module: it lies in no package."""
    spec = importlib.util.spec_from_file_location("verify_log", VERIFIER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


verify_log = load()


@dataclass(frozen=True)
class Verdict:
    """What the verifier says."""

    code: int
    text: str
    told: dict[str, Any]

    @property
    def where(self) -> tuple[int | None, list[int] | None]:
        return self.told["firstBadPosition"], self.told["badInterval"]


Verify = Callable[..., Verdict]


@pytest.fixture
def verify(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Verify:
    """Run the verifier over an export, or over the lines of a file."""

    def run(subject: Export | list[Any] | bytes, *options: str | Path) -> Verdict:
        path = tmp_path / "export.jsonl"
        if isinstance(subject, bytes):
            path.write_bytes(subject)
        else:
            write(path, subject.lines() if isinstance(subject, Export) else subject)
        code = verify_log.main([str(path), *map(str, options)])
        text = capsys.readouterr().out
        return Verdict(code, text, json.loads(text.splitlines()[-1]))

    return run


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 9, SIZE])
def test_a_true_log_is_good_at_every_size_of_checkpoint(verify: Verify, size: int) -> None:
    verdict = verify(export(EVENTS[:size], range(size + 1)), "--key", LOG.verifier_key())
    assert verdict.code == 0, verdict.text
    assert verdict.told == {
        "verdict": "good",
        "key": "given",
        "origin": ORIGIN,
        "events": size,
        "checkpoints": size + 1,
        "provenSize": size,
        "witnessCheckpoints": 0,
        "witnessedSize": 0,
        "cosignedSize": 0,
        "findings": 0,
        "firstBadPosition": None,
        "badInterval": None,
    }


def test_it_needs_nothing_but_the_standard_library(tmp_path: Path) -> None:
    """Run as an auditor does, without site packages and away from the program."""
    good = export(EVENTS, SIZES)
    bad = good.copy()
    bad.events[6]["actor"] += "x"
    files = [good.write(tmp_path / "good"), bad.write(tmp_path / "bad"), tmp_path / "missing"]
    runs = [
        subprocess.run(
            [sys.executable, "-I", "-S", "-W", "error", VERIFIER, file],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        for file in files
    ]
    assert [run.returncode for run in runs] == [0, 1, 2]
    assert [run.stderr for run in runs] == ["", "", ""]
    assert "Position 7" in runs[1].stdout
    assert "A file cannot be read" in runs[2].stdout


CHANGES: dict[str, object] = {
    "stream_id": UUID(int=1),
    "version": 99,
    "event_id": UUID(int=1),
    "type": "candidate.identifiee",
    "schema_version": 2,
    "organization_id": UUID(int=1),
    "effective_on": date(2000, 1, 1),
    "recorded_at": EVENTS[6].recorded_at + timedelta(microseconds=1),
    "actor": "cán bộ On",
    "causation_id": UUID(int=1),
    "correlation_id": UUID(int=1),
    "data": bytes([EVENTS[6].data[0] ^ 1]) + EVENTS[6].data[1:],
    "person_id": UUID(int=1),
    "sealed": b"x",
}


def changed(column: str) -> Event:
    """The seventh event with another value in a column."""
    return at(EVENTS, 7, **{column: CHANGES[column]})[6]


@pytest.mark.parametrize("column", CHANGES)
def test_a_change_in_any_column_is_named_by_its_position(verify: Verify, column: str) -> None:
    log = export(EVENTS, SIZES)
    log.events[6] = changed(column).line() | {"leaf": log.events[6]["leaf"]}
    verdict = verify(log)
    assert (verdict.code, verdict.where) == (1, (7, None))
    assert "Position 7: the event does not have its leaf hash." in verdict.text
    assert "leaf hashes are right, events were changed" in verdict.text
    assert verdict.told["provenSize"] == 20


@pytest.mark.parametrize("column", CHANGES)
def test_a_change_whose_leaf_hash_was_made_anew_lies_between_two_checkpoints(
    verify: Verify, column: str
) -> None:
    log = export(EVENTS, SIZES)
    log.events[6] = changed(column).line()
    verdict = verify(log)
    assert (verdict.code, verdict.where) == (1, (None, [6, 10]))
    assert "between the positions 6 and 10" in verdict.text
    assert (verdict.told["provenSize"], verdict.told["findings"]) == (5, 1)


def test_another_tenant_in_the_header_fits_no_event(verify: Verify) -> None:
    log = export(EVENTS, SIZES)
    log.header["tenant"] += 1
    verdict = verify(log)
    assert (verdict.code, verdict.where) == (1, (1, None))
    assert "And 4 more findings." in verdict.text


def test_a_changed_leaf_hash_is_told_from_a_changed_event(verify: Verify) -> None:
    log = export(EVENTS, SIZES)
    log.events[6]["leaf"] = log.events[7]["leaf"]
    verdict = verify(log)
    assert (verdict.code, verdict.where) == (1, (7, None))
    assert "events are those that were sealed, leaf hashes were changed" in verdict.text


def test_a_missing_leaf_hash_under_a_checkpoint_is_named(verify: Verify) -> None:
    log = export(EVENTS, SIZES)
    log.events[19]["leaf"] = None
    assert verify(log).where == (20, None)


def test_a_tail_that_is_not_sealed_yet_is_no_fault(verify: Verify) -> None:
    log = export(EVENTS, SIZES)
    for line in log.events[20:]:
        line["leaf"] = None
    verdict = verify(log)
    assert verdict.code == 0
    assert "No checkpoint covers the positions from 21 on." in verdict.text


@pytest.mark.parametrize("position", [1, 7, 20])
def test_a_deleted_row_is_missed_at_its_position(verify: Verify, position: int) -> None:
    log = export(EVENTS, SIZES)
    del log.events[position - 1]
    verdict = verify(log)
    assert (verdict.code, verdict.where) == (1, (position, None))


def test_a_cut_tail_is_missed_at_the_first_position_that_a_checkpoint_covers(
    verify: Verify,
) -> None:
    log = export(EVENTS, SIZES)
    del log.events[17:]
    verdict = verify(log)
    assert (verdict.code, verdict.where) == (1, (18, None))
    assert verdict.told["findings"] == 1


def test_a_deleted_row_whose_gap_was_closed_is_named(verify: Verify) -> None:
    log = export(EVENTS, SIZES)
    leaves = [line["leaf"] for line in log.events]
    del log.events[6]
    for number, line in enumerate(log.events):
        line |= {"position": number + 1, "leaf": leaves[number]}
    assert verify(log).where == (7, None)


def test_swapped_rows_are_named_by_the_first(verify: Verify) -> None:
    log = export(EVENTS, SIZES)
    one, two = log.events[6], log.events[11]
    for name in one:
        if name not in {"position", "leaf"}:
            one[name], two[name] = two[name], one[name]
    assert verify(log).where == (7, None)

    log.events[6], log.events[11] = log.events[11], log.events[6]
    assert verify(log).where == (7, None)


def test_a_row_that_stands_twice_is_named(verify: Verify) -> None:
    log = export(EVENTS, SIZES)
    log.events.insert(7, log.events[6])
    assert verify(log).where == (8, None)


@pytest.mark.parametrize(("start", "interval"), [(1, [1, 5]), (6, [6, 15]), (13, [6, 15])])
def test_a_tail_that_the_holder_of_the_key_rewrote_shows_beside_the_witness(
    verify: Verify, tmp_path: Path, start: int, interval: list[int]
) -> None:
    witness = witnessed(tmp_path / "witness", EVENTS, (5, 15, 18))
    forged = export(rewritten(EVENTS, start), SIZES)
    alone = verify(forged, "--key", LOG.verifier_key())
    assert alone.code == 0
    assert "rewrote and signed anew would look the same" in alone.text

    for options in ([], ["--witness-key", WITNESS.verifier_key()]):
        verdict = verify(forged, "--witness", witness, *options)
        assert (verdict.code, verdict.where) == (1, (None, interval))
        assert f"between the positions {interval[0]} and {interval[1]}" in verdict.text
        assert verdict.told["witnessedSize"] == interval[0] - 1


def test_a_tail_that_the_holder_of_the_key_cut_shows_beside_the_witness(
    verify: Verify, tmp_path: Path
) -> None:
    witness = witnessed(tmp_path / "witness", EVENTS, (5, 15, 18))
    verdict = verify(export(EVENTS[:16], (5, 16)), "--witness", witness)
    assert (verdict.code, verdict.where) == (1, (17, None))


def test_a_true_log_agrees_with_its_witness(verify: Verify, tmp_path: Path) -> None:
    """In any order, for the witness may have asked in any; at the end of the log too."""
    witness = witnessed(tmp_path / "witness", EVENTS, (SIZE, 3, 0, 16))
    verdict = verify(
        export(EVENTS, SIZES), "--witness", witness, "--witness-key", WITNESS.verifier_key()
    )
    assert verdict.code == 0
    assert (verdict.told["witnessCheckpoints"], verdict.told["witnessedSize"]) == (4, SIZE)


def test_a_witness_that_says_nothing_of_the_log_is_not_passed_over(
    verify: Verify, tmp_path: Path
) -> None:
    signer = Signer(LOG.key, f"nguon/{CODE}/2")
    other = signer.sign(Checkpoint(signer.name, 5, checkpoint(EVENTS, 5).root))
    log = export(EVENTS, SIZES)
    for lines in ([], notes([other])):
        verdict = verify(log, "--witness", write(tmp_path / "witness", lines))
        assert verdict.code == 2
        assert "has no checkpoint of nguon/lam-dong/bao-lam/1" in verdict.text


def test_other_logs_of_a_witness_are_passed_over_and_counted(
    verify: Verify, tmp_path: Path
) -> None:
    signer = Signer(LOG.key, f"nguon/{CODE}/0")
    of_another = signer.sign(Checkpoint(signer.name, 5, bytes(32)))
    lines = notes([of_another, LOG.sign(checkpoint(EVENTS, 5)), of_another])
    verdict = verify(export(EVENTS, SIZES), "--witness", write(tmp_path / "witness", lines))
    assert (verdict.code, verdict.told["witnessCheckpoints"]) == (0, 1)
    assert "It also holds 2 of other logs or earlier epochs" in verdict.text


def test_a_witness_is_believed_only_under_its_key(verify: Verify, tmp_path: Path) -> None:
    log, key = export(EVENTS, SIZES), ("--witness-key", WITNESS.verifier_key())
    by_stranger = witnessed(tmp_path / "1", EVENTS, (5,), witness=STRANGER)
    not_cosigned = write(tmp_path / "2", notes([LOG.sign(checkpoint(EVENTS, 5))]))
    for file in (by_stranger, not_cosigned):
        verdict = verify(log, "--witness", file, *key)
        assert verdict.code == 2
        assert "not cosigned by a witness whose key was given" in verdict.text
    text = witnessed(tmp_path / "3", EVENTS, (5,)).read_text()
    damaged = tmp_path / "4"
    damaged.write_text(
        text.replace(text[-20], "A" if text[-20] != "A" else "B", 1)[:-4] + text[-4:]
    )
    assert verify(log, "--witness", damaged, *key).code == 2


def test_a_log_that_its_witness_knows_under_another_key_is_bad(
    verify: Verify, tmp_path: Path
) -> None:
    """Whoever rewrites a log under a key of their own cannot sign what the witness has seen."""
    witness = witnessed(tmp_path / "witness", EVENTS, (5,))
    verdict = verify(export(EVENTS, SIZES, signer=OTHER), "--witness", witness)
    assert verdict.code == 1
    assert "was not signed by a trusted key of the log" in verdict.text


def test_the_key_of_the_file_is_a_claim_and_the_given_key_decides(verify: Verify) -> None:
    forged = export(rewritten(EVENTS, 1), SIZES, signer=OTHER)
    claimed = verify(forged)
    assert (claimed.code, claimed.told["key"]) == (0, "claimed")
    assert "only what its writer claims" in claimed.text

    verdict = verify(forged, "--key", LOG.verifier_key())
    assert (verdict.code, verdict.told["key"]) == (1, "given")
    assert "no trusted key of the log has signed it" in verdict.text
    assert f"The file names the key {OTHER.name}+" in verdict.text
    assert verdict.told["provenSize"] == 0
    forged.header["keys"] = [LOG.verifier_key()]
    assert verify(forged).code == 1


def test_a_log_may_have_had_two_keys(verify: Verify) -> None:
    log = export(EVENTS, SIZES)
    log.checkpoints[:2] = [OTHER.sign(checkpoint(EVENTS, size)) for size in SIZES[:2]]
    assert verify(log).code == 1
    log.header["keys"].append(OTHER.verifier_key())
    assert verify(log).code == 0
    both = ("--key", LOG.verifier_key(), "--key", OTHER.verifier_key())
    assert verify(log, *both).code == 0


def test_cosignatures_in_the_export_are_checked_under_the_witnesses_key(
    verify: Verify,
) -> None:
    log, key = export(EVENTS, SIZES, cosigned=True), ("--witness-key", WITNESS.verifier_key())
    verdict = verify(log, *key)
    assert (verdict.code, verdict.told["cosignedSize"]) == (0, 20)
    assert verify(export(EVENTS, SIZES), *key).told["cosignedSize"] == 0
    line = log.checkpoints[0].rpartition("— ")[2]
    log.checkpoints[-1] = log.checkpoints[-1].rpartition("— ")[0] + "— " + line
    assert verify(log).code == 0
    verdict = verify(log, *key)
    assert verdict.code == 1
    assert "the signature of witness.example/1 is false" in verdict.text


def test_checkpoints_out_of_order_or_of_another_log_are_named(verify: Verify) -> None:
    log = export(EVENTS, SIZES)
    log.checkpoints[1], log.checkpoints[2] = log.checkpoints[2], log.checkpoints[1]
    assert "line 27 is not valid: it is smaller" in verify(log).text
    log = export(EVENTS, SIZES)
    log.checkpoints.append(LOG.sign(Checkpoint(f"nguon/{CODE}/2", 23, bytes(32))))
    assert "line 30 is not valid: it is of another log" in verify(log).text


def test_a_wrong_root_of_the_empty_log_is_named(verify: Verify) -> None:
    log = export(EVENTS, SIZES)
    log.checkpoints.insert(0, LOG.sign(Checkpoint(ORIGIN, 0, bytes(32))))
    assert verify(log).code == 1


def test_two_signed_histories_in_one_file_are_bad(verify: Verify) -> None:
    log = export(EVENTS, SIZES)
    log.checkpoints.append(LOG.sign(checkpoint(rewritten(EVENTS, 12), 20)))
    verdict = verify(log)
    assert (verdict.code, verdict.told["provenSize"]) == (1, 20)


@settings(
    max_examples=at_length(150),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.data())
def test_no_flipped_bit_of_the_file_goes_unseen(
    verify: Verify, tmp_path: Path, data: st.DataObject
) -> None:
    raw = bytearray(export(EVENTS[:5], (2, 5)).write(tmp_path / "true").read_bytes())
    raw[data.draw(st.integers(0, len(raw) - 2))] ^= 1 << data.draw(st.integers(0, 7))
    assert verify(bytes(raw)).code != 0


def test_without_a_checkpoint_nothing_is_proven(verify: Verify) -> None:
    verdict = verify(export(EVENTS, []))
    assert verdict.code == 2
    assert "nothing in it is sealed or proven" in verdict.text
    log = export(EVENTS, [])
    log.events[6] = changed("actor").line() | {"leaf": log.events[6]["leaf"]}
    assert verify(log).code == 1


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
    "an event after a checkpoint": [*with_event(), EVENTS[3].line()],
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
    **{f"no {name}": without(name) for name in EVENTS[0].line()},
}


@pytest.mark.parametrize("name", HOSTILE_LINES)
def test_input_that_is_no_export_is_refused_in_a_sentence(verify: Verify, name: str) -> None:
    verdict = verify(HOSTILE_LINES[name])
    assert verdict.code == 2, verdict.text
    assert verdict.told["verdict"] == "unusable"
    assert verdict.text.splitlines()[0].endswith(".")
    assert verdict.text.isascii()
    assert "\x1b" not in verdict.text


HEADER = json.dumps(export([], []).header).encode() + b"\n"
HOSTILE_BYTES: dict[str, bytes] = {
    "an empty file": b"",
    "an empty line": b"\n",
    "no JSON": b"position,stream\n1,2\n",
    "no UTF-8": HEADER + b'{"position":"\xff"}\n',
    "nested without end": HEADER + b"[" * 100_000,
    "a number without end": HEADER + b'{"position":' + b"9" * 1_000_000 + b"}",
    "a field that stands twice": HEADER[:-2] + b',"tenant":3}\n',
    "a lone surrogate": HEADER
    + json.dumps(EVENTS[0].line() | {"actor": "\ud800"}).encode()
    + b"\n",
    "a line without end": HEADER + b" " * (17 * 1024 * 1024),
    "bytes of an executable": bytes(range(256)) * 40,
}


@pytest.mark.parametrize("name", HOSTILE_BYTES)
def test_bytes_that_are_no_export_are_refused_in_a_sentence(verify: Verify, name: str) -> None:
    verdict = verify(HOSTILE_BYTES[name])
    assert verdict.code == 2, verdict.text
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


def test_an_unusable_key_is_refused_in_a_sentence(verify: Verify) -> None:
    log = export(EVENTS, SIZES)
    not_a_point = (
        Signer(LOG.key, "x").verifier_key().split("+")[0]
        + "+00000000+"
        + encoded(b"\x01" + (2).to_bytes(32, "little"))
    )
    for options in (
        ("--key", "x"),
        ("--key", WITNESS.verifier_key()),
        ("--key", not_a_point),
        ("--witness-key", LOG.verifier_key()),
    ):
        verdict = verify(log, *options)
        assert verdict.code == 2
        assert "key" in verdict.text


def test_quiet_it_says_only_the_last_line(verify: Verify) -> None:
    verdict = verify(export(EVENTS, SIZES), "--quiet")
    assert len(verdict.text.splitlines()) == 1


# Signatures: the second and third vector of RFC 8032, section 7.1: key, text, nonce and scalar.
RFC_8032 = [
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da",
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac",
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]


@pytest.mark.parametrize("vector", RFC_8032)
def test_the_signatures_of_the_standard_are_valid(vector: tuple[str, ...]) -> None:
    public, message, nonce, scalar = map(bytes.fromhex, vector)
    assert verify_log.is_signed(public, message, nonce + scalar)
    assert not verify_log.is_signed(public, message + b"x", nonce + scalar)


ORDER = 2**252 + 27742317777372353535851937790883648493


@settings(max_examples=at_length(100), deadline=None)
@given(st.integers(0, 3), st.binary(), st.integers(0, 511))
def test_a_signature_is_valid_for_its_key_and_text_only(
    number: int, message: bytes, bit: int
) -> None:
    key = Ed25519PrivateKey.from_private_bytes(bytes([number] * 32))
    public, signature = key.public_key().public_bytes_raw(), key.sign(message)
    assert verify_log.is_signed(public, message, signature)
    flipped = bytearray(signature)
    flipped[bit // 8] ^= 1 << bit % 8
    assert not verify_log.is_signed(public, message, bytes(flipped))
    assert not verify_log.is_signed(public, message + b"\0", signature)
    assert not verify_log.is_signed(public, message, signature[:-1])
    assert not verify_log.is_signed(
        STRANGER.key.public_key().public_bytes_raw(), message, signature
    )
    scalar = int.from_bytes(signature[32:], "little") + ORDER
    assert not verify_log.is_signed(public, message, signature[:32] + scalar.to_bytes(32, "little"))
