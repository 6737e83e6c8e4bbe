"""Signed checkpoints: the format of the reference implementation, and nothing forged is opened."""

import base64
import hashlib
import struct

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.profile import at_length

from eventstore.note import (
    Checkpoint,
    Cosigner,
    InvalidKey,
    InvalidNote,
    SignatureKind,
    Signer,
    Verifier,
    cosign,
    cosigned_time,
    open_checkpoint,
)

# The example of golang.org/x/mod/sumdb/note, the reference implementation of signed notes.
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_SECRET = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
GO_TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
GO_SIGNATURE = (
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
)

ORIGIN = "nguon/lam-dong/bao-lam/1"
LOG = Signer(Ed25519PrivateKey.from_private_bytes(bytes(range(32))), ORIGIN)
OTHER = Signer(Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))), ORIGIN)
WITNESS = Cosigner(Ed25519PrivateKey.from_private_bytes(bytes(range(2, 34))), "witness.example/1")
LOG_KEY, OTHER_KEY, WITNESS_KEY = (
    Verifier.parse(key.verifier_key()) for key in (LOG, OTHER, WITNESS)
)
CHECKPOINT = Checkpoint(ORIGIN, 20_852_163, hashlib.sha256(b"root").digest())
NOTE = LOG.sign(CHECKPOINT)
SEEN = 1_679_315_147


def test_the_key_and_the_signature_of_the_reference_implementation_are_ours() -> None:
    """Ed25519 has one signature for a text and a key, so that even the bytes are the same."""
    verifier = Verifier.parse(GO_KEY)
    signed = base64.b64decode(GO_SIGNATURE)
    assert (verifier.name, verifier.kind) == ("PeterNeumann", SignatureKind.LOG)
    assert str(verifier) == GO_KEY
    assert signed[:4] == verifier.key_id
    verifier.check(GO_TEXT, signed[4:])
    key = Ed25519PrivateKey.from_private_bytes(base64.b64decode(GO_SECRET)[1:])
    assert Signer(key, "PeterNeumann").verifier_key() == GO_KEY
    assert key.sign(GO_TEXT.encode()) == signed[4:]
    with pytest.raises(InvalidNote):
        verifier.check(GO_TEXT.replace("problem", "Problem"), signed[4:])


def test_a_note_that_is_signed_but_no_checkpoint_is_not_opened() -> None:
    note = f"{GO_TEXT}\n— PeterNeumann {GO_SIGNATURE}\n"
    with pytest.raises(InvalidNote, match="no checkpoint"):
        open_checkpoint(note, [Verifier.parse(GO_KEY)])


def test_a_checkpoint_is_written_in_the_published_form() -> None:
    text = f"{ORIGIN}\n20852163\n{base64.b64encode(CHECKPOINT.root).decode()}\n"
    public = LOG.key.public_key().public_bytes_raw()
    key_id = hashlib.sha256(ORIGIN.encode() + b"\n\x01" + public).digest()[:4]
    signature = LOG.key.sign(text.encode())

    assert CHECKPOINT.body == text
    assert f"{text}\n— {ORIGIN} {base64.b64encode(key_id + signature).decode()}\n" == NOTE
    encoded = base64.b64encode(b"\x01" + public).decode()
    assert f"{ORIGIN}+{key_id.hex()}+{encoded}" == LOG.verifier_key()
    assert open_checkpoint(NOTE, [LOG_KEY]) == CHECKPOINT


def test_a_cosignature_is_written_in_the_published_form() -> None:
    public = WITNESS.key.public_key().public_bytes_raw()
    key_id = hashlib.sha256(b"witness.example/1\n\x04" + public).digest()[:4]
    cosigned = cosign(NOTE, WITNESS, SEEN)
    line = cosigned.removeprefix(NOTE)
    signed = base64.b64decode(line.removeprefix("— witness.example/1 "))

    assert signed[:12] == key_id + struct.pack(">Q", SEEN)
    message = f"cosignature/v1\ntime {SEEN}\n{CHECKPOINT.body}"
    Ed25519PublicKey.from_public_bytes(public).verify(signed[12:], message.encode())
    assert cosigned_time(cosigned, WITNESS_KEY) == SEEN
    assert open_checkpoint(cosigned, [LOG_KEY]) == CHECKPOINT
    assert open_checkpoint(cosigned, [WITNESS_KEY]) == CHECKPOINT
    assert cosigned_time(cosign(cosigned, WITNESS, SEEN + 5), WITNESS_KEY) == SEEN + 5


def test_a_note_without_a_signature_of_a_trusted_key_is_refused() -> None:
    for note, keys in (
        (NOTE, []),
        (NOTE, [OTHER_KEY]),
        (NOTE, [WITNESS_KEY]),
        (OTHER.sign(CHECKPOINT), [LOG_KEY]),
    ):
        with pytest.raises(InvalidNote, match="no trusted key"):
            open_checkpoint(note, keys)
    with pytest.raises(InvalidNote, match="has not cosigned"):
        cosigned_time(NOTE, WITNESS_KEY)


def test_a_signature_of_an_unknown_key_is_passed_over() -> None:
    both = NOTE + OTHER.sign(CHECKPOINT).removeprefix(CHECKPOINT.body + "\n")
    assert open_checkpoint(both, [LOG_KEY]) == open_checkpoint(both, [OTHER_KEY]) == CHECKPOINT


def test_one_false_signature_of_a_trusted_key_spoils_the_note() -> None:
    false = LOG.sign(Checkpoint(ORIGIN, 1, CHECKPOINT.root)).rpartition("\n\n")[2]
    with pytest.raises(InvalidNote, match="not valid"):
        open_checkpoint(NOTE + false, [LOG_KEY])


def test_a_cosignature_is_no_signature_of_the_log_and_the_other_way_round() -> None:
    """The same private key under both kinds: what one signed never counts for the other."""
    key = LOG.key
    as_witness = Cosigner(key, ORIGIN)
    verifier = Verifier.parse(as_witness.verifier_key())
    cosigned = CHECKPOINT.body + "\n" + as_witness.signature(CHECKPOINT.body, SEEN)
    assert open_checkpoint(cosigned, [verifier]) == CHECKPOINT
    with pytest.raises(InvalidNote):
        open_checkpoint(cosigned, [LOG_KEY])
    moved = (
        CHECKPOINT.body
        + f"\n— {ORIGIN} "
        + base64.b64encode(verifier.key_id + key.sign(CHECKPOINT.encode())).decode()
    )
    with pytest.raises(InvalidNote, match="has no time"):
        open_checkpoint(moved + "\n", [verifier])


def open_twice(note: str) -> tuple[Checkpoint, int]:
    """What both the log and its witness vouch for."""
    return open_checkpoint(note, [LOG_KEY]), cosigned_time(note, WITNESS_KEY)


@settings(max_examples=at_length(300))
@given(st.data())
def test_no_changed_character_goes_unseen(data: st.DataObject) -> None:
    note = cosign(NOTE, WITNESS, SEEN)
    assert open_twice(note) == (CHECKPOINT, SEEN)
    at = data.draw(st.integers(0, len(note) - 1))
    other = data.draw(st.characters().filter(lambda one: one != note[at]))
    forged = note[:at] + other + note[at + 1 :]
    with pytest.raises(InvalidNote):
        open_twice(forged)


def test_no_cut_note_is_opened() -> None:
    for end in range(len(NOTE)):
        with pytest.raises(InvalidNote):
            open_checkpoint(NOTE[:end], [LOG_KEY])


def signed_text(text: str) -> str:
    """A note of any text with a valid signature of the log."""
    signature = base64.b64encode(LOG_KEY.key_id + LOG.key.sign(text.encode())).decode()
    return f"{text}\n— {ORIGIN} {signature}\n"


ROOT = base64.b64encode(CHECKPOINT.root).decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        f"\n5\n{ROOT}\n",
        f"{ORIGIN}\n5\n",
        f"{ORIGIN}\n05\n{ROOT}\n",
        f"{ORIGIN}\n+5\n{ROOT}\n",
        f"{ORIGIN}\n-5\n{ROOT}\n",
        f"{ORIGIN}\n5 \n{ROOT}\n",
        f"{ORIGIN}\n\u0665\n{ROOT}\n",
        f"{ORIGIN}\n\n{ROOT}\n",
        f"{ORIGIN}\n{'9' * 19}\n{ROOT}\n",
        f"{ORIGIN}\n{'9' * 9000}\n{ROOT}\n",
        f"{ORIGIN}\n5\n{ROOT[:-1]}\n",
        f"{ORIGIN}\n5\n{ROOT} \n",
        f"{ORIGIN}\n5\n{ROOT[:-2]}F=\n",
        f"{ORIGIN}\n5\nAAAA\n",
        f"{ORIGIN}\n5\n{ROOT}\nan extension\n",
        f"{ORIGIN}\t\n5\n{ROOT}\n",
    ],
)
def test_only_the_one_form_of_a_checkpoint_is_opened(text: str) -> None:
    assert open_checkpoint(signed_text(f"{ORIGIN}\n5\n{ROOT}\n"), [LOG_KEY]).size == 5
    with pytest.raises(InvalidNote):
        open_checkpoint(signed_text(text), [LOG_KEY])


@pytest.mark.parametrize(
    "line",
    [
        "",
        "— \n",
        f"- {ORIGIN} AAAAAAA=\n",
        f"—{ORIGIN} AAAAAAA=\n",
        f"— {ORIGIN}\n",
        f"— {ORIGIN} \n",
        f"— {ORIGIN} AAAA\n",
        f"— {ORIGIN} AAAAAA==\n",
        f"— {ORIGIN} AAAAAAA= \n",
        f"— {ORIGIN} AAAAAAA\n",
        f"— {ORIGIN} AAAAAAB=\n",
        "— a+b AAAAAAA=\n",
        "— a\u00a0b AAAAAAA=\n",
        "— ab AAAAAAA=",
        "— a\ud800 AAAAAAA=\n",
        "— a\x07 AAAAAAA=\n",
        "— ab AAAAAAA=\n" * 10_000,
    ],
)
def test_a_malformed_signature_line_spoils_the_note(line: str) -> None:
    assert open_checkpoint(NOTE + "— ab AAAAAAA=\n", [LOG_KEY]) == CHECKPOINT
    with pytest.raises(InvalidNote):
        open_checkpoint((NOTE + line) if line else NOTE[:-1], [LOG_KEY])
    with pytest.raises(InvalidNote):
        cosign((NOTE + line) if line else NOTE[:-1], WITNESS, SEEN)


def test_mangled_keys_are_refused() -> None:
    """As the reference implementation tests it: every part of a key, every changed character."""
    for start in range(len(GO_KEY)):
        for end in range(start, len(GO_KEY) + 1):
            if (start, end) != (0, len(GO_KEY)):
                with pytest.raises(InvalidKey):
                    Verifier.parse(GO_KEY[start:end])
    for at, one in enumerate(GO_KEY):
        with pytest.raises(InvalidKey):
            Verifier.parse(GO_KEY[:at] + chr(ord(one) + 1) + GO_KEY[at + 1 :])
    for key in (
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        GO_KEY.replace("c74f", "C74F"),
        GO_KEY + "\n",
        " " + GO_KEY,
    ):
        with pytest.raises(InvalidKey):
            Verifier.parse(key)
