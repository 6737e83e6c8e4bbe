"""Code paths of organizations: how they are made from names, and the identity that follows."""

import re
import unicodedata
from uuid import NAMESPACE_URL, UUID, uuid5

from domain.errors import InvalidInput
from domain.text import Text

_NAMESPACE = uuid5(NAMESPACE_URL, "nguon:organization")
_SEGMENT = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
CODE_LENGTH_MAX = 200


def organization_id(code: str) -> UUID:
    """The identity of the first bearer of a code.

    Establishing it a second time collides by construction.
    """
    return uuid5(_NAMESPACE, code)


_KIND_WORDS = ("dang-bo", "chi-bo", "xa", "thi-tran", "phuong", "huyen", "thanh-pho", "thi-xa")


def plain_words(name: str) -> str:
    """A name without diacritics, in lower case, its words joined by hyphens: `B'Lá` → `b-la`."""
    plain = unicodedata.normalize("NFD", name.casefold().replace("đ", "d"))
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")


def code_segment(name: str) -> str:
    """The last part of a code made from a name.

    The kind is left out but before a number (`Phường 1` → `phuong-1`).
    """
    segment = plain_words(name)
    shortened = True
    while shortened:
        shortened = False
        for word in _KIND_WORDS:
            rest = segment.removeprefix(f"{word}-")
            if rest != segment and not rest[0].isdigit():
                segment, shortened = rest, True
    return require_segment(segment)


def require_segment(segment: str) -> str:
    """The segment itself.

    Raises InvalidInput unless it is lower-case letters and digits joined by hyphens.
    """
    if len(segment) > 60 or not _SEGMENT.fullmatch(segment):
        raise _invalid_code(segment)
    return segment


def code_below(superior: str | None, name: str, segment: str | None) -> str:
    """The code of an organization under a superior's code.

    Its last part is `segment`, made from the name when left out. Raises InvalidInput.
    """
    last = require_segment(segment) if segment is not None else code_segment(name)
    return require_code(last if superior is None else f"{superior}/{last}")


def require_code(code: str) -> str:
    """The code path itself. Raises InvalidInput for what cannot be one."""
    if len(code) > CODE_LENGTH_MAX or not all(map(_SEGMENT.fullmatch, code.split("/"))):
        raise _invalid_code(code)
    return code


def _invalid_code(code: str) -> InvalidInput:
    return InvalidInput(
        "INVALID_CODE",
        Text(
            f"Mã “{code[:80]}” không hợp lệ: chữ thường không dấu và số, nối bằng dấu gạch.",
            f"“{code[:80]}” is no valid code: lower-case letters and digits joined by hyphens.",
        ),
        field="code",
    )
