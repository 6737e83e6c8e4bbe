"""Vietnamese alphabetical order, computed here because no database collation can be relied on."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

_LETTERS: Final = {letter: i for i, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")}
_TONES: Final = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
"""Tone marks in dictionary order after the level tone: huyền, hỏi, ngã, sắc, nặng."""

SortKey = tuple[tuple[tuple[int, ...], ...], tuple[int, ...], str]


@lru_cache(maxsize=20_000)
def sort_key(name: str) -> SortKey:
    """A key that puts names into Vietnamese order: letters first, then tones.

    Numbers by value (thôn 2 before thôn 10).
    """
    words: list[tuple[int, ...]] = []
    tones: list[int] = []
    for word in re.findall(r"\d+|[^\W\d_]+", unicodedata.normalize("NFC", name.casefold())):
        if word.isdigit():
            words.append((-1, int(word)))
            continue
        letters, word_tones = _spelled(word)
        words.append(letters)
        tones.extend(word_tones)
    return tuple(words), tuple(tones), name


def person_key(full_name: str) -> SortKey:
    """A key that orders people as lists do: by given name, which comes last, then by the rest."""
    words = full_name.split()
    return sort_key(" ".join([*words[-1:], *words[:-1]]))


def _spelled(word: str) -> tuple[tuple[int, ...], list[int]]:
    letters: list[int] = []
    tones: list[int] = []
    for character in word:
        parts = unicodedata.normalize("NFD", character)
        tone = next((_TONES[mark] for mark in parts if mark in _TONES), 0)
        plain = unicodedata.normalize("NFC", "".join(m for m in parts if m not in _TONES))
        letters.append(_LETTERS.get(plain, 100 + ord(plain[0])))
        tones.append(tone)
    return tuple(letters), tones
