"""The auditor's verifier has an Ed25519 of its own."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.deploy.exports import (
    STRANGER,
)
from tests.deploy.verifier import verify_log
from tests.profile import at_length

# The second and third vector of RFC 8032, section 7.1: key, text, nonce and scalar.
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


FIELD = 2**255 - 19
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


@pytest.mark.parametrize(
    "number",
    [2, FIELD, FIELD + 1, 2**255 - 1, 1 + 2**255],
    ids=["no point", "y is p", "y is p + 1", "y is 2**255 - 1", "x is zero and odd"],
)
def test_bytes_that_are_no_point_in_its_one_form_are_no_key(number: int) -> None:
    assert verify_log.point_of(number.to_bytes(32, "little")) is None
    assert verify_log.point_of((1).to_bytes(32, "little")) is not None
