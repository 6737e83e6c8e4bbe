"""The auditor's verifier: it passes a true log, and names where any other one goes wrong."""

import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.deploy.exports import (
    CODE,
    LOG,
    ORIGIN,
    at,
    checkpoint,
    export,
    line_of,
    rewritten,
)
from tests.deploy.verifier import EVENTS, SIZE, SIZES, VERIFIER, Verify
from tests.profile import at_length

from eventstore.note import Checkpoint
from eventstore.stored_event import StoredEvent


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


def changed(column: str) -> StoredEvent:
    """The seventh event with another value in a column."""
    return at(EVENTS, 7, **{column: CHANGES[column]})[6]


@pytest.mark.parametrize("column", CHANGES)
def test_a_change_in_any_column_is_named_by_its_position(verify: Verify, column: str) -> None:
    log = export(EVENTS, SIZES)
    log.events[6] = line_of(changed(column)) | {"leaf": log.events[6]["leaf"]}
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
    log.events[6] = line_of(changed(column))
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
    assert verdict.told["findings"] == 1


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
    log.events[6] = line_of(changed("actor")) | {"leaf": log.events[6]["leaf"]}
    assert verify(log).code == 1


def test_quiet_it_says_only_the_last_line(verify: Verify) -> None:
    verdict = verify(export(EVENTS, SIZES), "--quiet")
    assert len(verdict.text.splitlines()) == 1
