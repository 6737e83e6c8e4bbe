"""Bytes as text that is safe in URLs, in one form only: for what callers keep and do not read."""

import base64


def to_text(raw: bytes) -> str:
    """The text of some bytes."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def to_bytes(text: str, length_max: int) -> bytes:
    """The bytes of a text of at most so many characters. Raises ValueError for any other."""
    if not text or len(text) > length_max or not text.isascii() or "=" in text:
        raise ValueError
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
