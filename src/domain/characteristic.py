"""The catalogue of characteristics that an organization may have, several at a time.

Holds no value of its own; all of them stand in `characteristics.toml`.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from domain.errors import InvalidInput
from domain.text import Text


class Aspect(StrEnum):
    """What a characteristic speaks of."""

    AREA = "AREA"
    TYPE = "TYPE"
    SOURCE = "SOURCE"


@dataclass(frozen=True, slots=True)
class Characteristic:
    """One characteristic by its stable code."""

    code: str
    name: Text
    aspect: Aspect


@cache
def characteristics() -> dict[str, Characteristic]:
    """All characteristics by code, in the order of the data file."""
    data = tomllib.loads(files("domain").joinpath("characteristics.toml").read_text("utf-8"))
    return {
        row["code"]: Characteristic(row["code"], Text(row["vi"], row["en"]), Aspect(row["aspect"]))
        for row in data["characteristic"]
    }


def require_characteristics(
    codes: Iterable[str], field: str = "characteristics"
) -> tuple[str, ...]:
    """The codes, each once and in order. Raises InvalidInput for an unknown one."""
    chosen = tuple(sorted(set(codes)))
    for code in chosen:
        if code not in characteristics():
            raise InvalidInput(
                "UNKNOWN_CHARACTERISTIC",
                Text(f"Không có đặc thù “{code}”.", f"There is no characteristic “{code}”."),
                field=field,
            )
    return chosen
