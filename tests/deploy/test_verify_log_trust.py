"""Whom the auditor's verifier believes: the log's key, and an independent witness."""

from pathlib import Path

import pytest
from tests.deploy.exports import (
    CODE,
    LOG,
    OTHER,
    STRANGER,
    WITNESS,
    checkpoint,
    export,
    notes,
    rewritten,
    witnessed,
    write,
)
from tests.deploy.verifier import EVENTS, SIZE, SIZES, Verify

from eventstore.note import Checkpoint, SignatureKind, Signer, Verifier


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


def test_an_unusable_key_is_refused_in_a_sentence(verify: Verify) -> None:
    log = export(EVENTS, SIZES)
    not_a_point = str(Verifier("x", SignatureKind.LOG, (2).to_bytes(32, "little")))
    for options in (
        ("--key", "x"),
        ("--key", WITNESS.verifier_key()),
        ("--key", not_a_point),
        ("--witness-key", LOG.verifier_key()),
    ):
        verdict = verify(log, *options)
        assert verdict.code == 2
        assert "key" in verdict.text
