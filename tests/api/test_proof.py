"""Checkpoints and proofs over GraphQL: they verify, and only those may have them who should."""

import base64
import time
from typing import Any

import pytest
from tests.api.harness import Caller, Installation

from domain.access import PERMITTED, Action, Role
from eventstore.merkle import verify_consistency, verify_inclusion
from eventstore.note import Verifier, open_checkpoint

CODE = "lam-dong/bao-lam"
CHECKPOINT = """
query ($code: String!, $size: Int) {
  checkpoint(organization: $code, size: $size) { origin size root note key signedAt }
}
"""
INCLUSION = """
query ($code: String!, $sequence: Int!, $size: Int) {
  inclusionProof(organization: $code, sequence: $sequence, size: $size) {
    index size leaf path checkpoint { size root }
  }
}
"""
CONSISTENCY = """
query ($code: String!, $from: Int!, $to: Int!) {
  consistencyProof(organization: $code, from: $from, to: $to)
}
"""
SEALED_S = 30


@pytest.fixture(scope="module")
def auditor(server: Installation) -> Caller:
    return server.caller("auditor", CODE)


def sealed(auditor: Caller, board: Caller) -> dict[str, Any]:
    """The newest checkpoint once it covers a cell that is new."""
    cell = board.cell()
    query = "query ($code: String!) { events(organization: $code) { events { sequence } } }"
    [event] = board.get(query, code=cell)["events"]["events"]
    deadline = time.monotonic() + SEALED_S
    while True:
        found = auditor.get(CHECKPOINT, code=CODE)["checkpoint"]
        if found is not None and found["size"] >= event["sequence"]:
            checkpoint: dict[str, Any] = found
            return checkpoint
        assert time.monotonic() < deadline, found
        time.sleep(0.05)


def raw(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def test_a_checkpoint_is_signed_with_the_key_that_it_names(auditor: Caller, board: Caller) -> None:
    shown = sealed(auditor, board)
    checkpoint = open_checkpoint(shown["note"], [Verifier.parse(shown["key"])])
    assert checkpoint.origin == shown["origin"] == f"nguon/{CODE}/1"
    assert (checkpoint.size, checkpoint.root) == (shown["size"], raw(shown["root"]))
    assert shown["signedAt"].endswith("+00:00")
    assert auditor.get(CHECKPOINT, code=CODE, size=shown["size"])["checkpoint"] == shown
    assert auditor.get(CHECKPOINT, code=CODE, size=0)["checkpoint"] is None
    assert auditor.get(CHECKPOINT, code=CODE, size=2**31 - 1)["checkpoint"] is None


def test_proofs_verify(auditor: Caller, board: Caller) -> None:
    old = sealed(auditor, board)
    new = sealed(auditor, board)
    given = {"code": CODE, "from": old["size"], "to": new["size"]}
    path = [raw(one) for one in auditor.get(CONSISTENCY, **given)["consistencyProof"]]
    verify_consistency(old["size"], raw(old["root"]), new["size"], raw(new["root"]), path)
    for size in (old["size"], new["size"], None):
        for sequence in (1, old["size"]):
            found = auditor.get(INCLUSION, code=CODE, sequence=sequence, size=size)
            proof = found["inclusionProof"]
            assert (proof["index"], proof["size"]) == (sequence - 1, proof["checkpoint"]["size"])
            path = [raw(one) for one in proof["path"]]
            root = raw(proof["checkpoint"]["root"])
            verify_inclusion(raw(proof["leaf"]), sequence - 1, proof["size"], path, root)


@pytest.mark.parametrize("sequence", [-1, 0, 2**31 - 1])
@pytest.mark.usefixtures("newest")
def test_there_is_no_proof_of_what_is_not_there(auditor: Caller, sequence: int) -> None:
    assert auditor.get(INCLUSION, code=CODE, sequence=sequence)["inclusionProof"] is None


@pytest.mark.parametrize(("old", "new"), [(-1, 1), (2, 1), (0, 2**31 - 1)])
@pytest.mark.usefixtures("newest")
def test_sizes_that_nothing_signed_covers_are_refused(auditor: Caller, old: int, new: int) -> None:
    given: dict[str, Any] = {"code": CODE, "from": old, "to": new}
    answer = auditor.ask(CONSISTENCY, **given)
    assert answer["errors"][0]["extensions"]["code"] == "SIZE_OUT_OF_RANGE"


QUERIES: dict[str, dict[str, Any]] = {
    CHECKPOINT: {},
    INCLUSION: {"sequence": 1},
    CONSISTENCY: {"from": 0, "to": 1},
}


@pytest.fixture(scope="module")
def newest(auditor: Caller, board: Caller) -> dict[str, Any]:
    """A checkpoint there is."""
    return sealed(auditor, board)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.usefixtures("newest")
def test_who_may_have_it(server: Installation, role: Role) -> None:
    """The roles that look from outside, for the log of their own tenant, and nobody else."""
    caller = server.caller(role.value, CODE)
    for query, given in QUERIES.items():
        answer = caller.ask(query, code=CODE, **given)
        if Action.READ_PROOFS in PERMITTED[role]:
            assert "errors" not in answer
        else:
            assert answer["errors"][0]["extensions"]["code"] == "NOT_PERMITTED"


@pytest.mark.parametrize(
    ("scope", "code"),
    [
        ("lam-dong/duc-trong", CODE),
        ("lam-dong/duc-trong", "lam-dong"),
        (f"{CODE}/x", CODE),
        (CODE, f"{CODE}/x"),
        (CODE, "LAM-DONG"),
    ],
)
@pytest.mark.usefixtures("newest")
def test_a_log_outside_of_the_scope_is_not_found(
    server: Installation, scope: str, code: str
) -> None:
    """And so is whatever has no log of its own."""
    caller = server.caller("auditor", scope)
    for query, given in QUERIES.items():
        answer = caller.ask(query, code=code, **given)
        assert answer["errors"][0]["extensions"]["code"] == "ORGANIZATION_NOT_FOUND"


def test_a_province_may_look_at_the_logs_below_it(server: Installation, board: Caller) -> None:
    province = server.caller("province", "lam-dong")
    sealed(province, board)
    assert province.get(CHECKPOINT, code="lam-dong")["checkpoint"]["origin"] == "nguon/lam-dong/1"
