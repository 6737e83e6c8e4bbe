"""How much a target asks for: a number, a share of all admissions, or a rate of a base."""

import math
from dataclasses import dataclass
from decimal import Decimal

from domain.errors import InvalidInput
from domain.text import Text

COUNT_MAX = 1_000_000


@dataclass(frozen=True, slots=True)
class Amount:
    """`count` admissions, `share_percent` of all admissions, or `rate_percent` of `base_count`.

    Exactly one of the three. A base is a number of people on a stated day (members at the start of
    the term). `is_minimum` keeps that the document said a minimum ("từ 200 trở lên").
    """

    count: int | None = None
    share_percent: float | None = None
    rate_percent: float | None = None
    base_count: int | None = None
    is_minimum: bool = False

    def required(self, group: str | None) -> "Amount":
        """The amount itself.

        Raises InvalidInput unless exactly one is given, in bounds, a share has a group, and a rate
        its base.
        """
        given = (self.count, self.share_percent, self.rate_percent)
        if sum(1 for each in given if each is not None) != 1:
            raise invalid_target(
                "count",
                "chỉ một trong ba: count, sharePercent, ratePercent",
                "give one of count, sharePercent and ratePercent",
            )
        if (self.rate_percent is None) != (self.base_count is None):
            raise invalid_target(
                "baseCount", "đi cùng ratePercent", "goes together with ratePercent"
            )
        _require_between("count", self.count, 0, COUNT_MAX)
        _require_between("sharePercent", self.share_percent, 0, 100)
        _require_between("ratePercent", self.rate_percent, 0, 100)
        _require_between("baseCount", self.base_count, 0, 100 * COUNT_MAX)
        if self.share_percent is not None and group is None:
            raise invalid_target("group", "tỷ lệ phải có nhóm", "a share needs a group")
        return self

    @property
    def whole(self) -> int | None:
        """The number of admissions asked for, a rate rounded up to people; None for a share."""
        if self.rate_percent is None or self.base_count is None:
            return self.count
        return math.ceil(Decimal(str(self.rate_percent)) * self.base_count / 100)

    def stored(self) -> dict[str, object]:
        """The fields of an entry that states it."""
        return {
            "count": self.whole,
            "share_percent": self.share_percent,
            "rate_percent": self.rate_percent,
            "base_count": self.base_count,
            "is_minimum": self.is_minimum,
        }


def invalid_target(field: str, vi: str, en: str) -> InvalidInput:
    """The refusal for a field of a target."""
    return InvalidInput(
        "INVALID_TARGET", Text(f"“{field}”: {vi}.", f"“{field}” {en}."), field=field
    )


def _require_between(field: str, value: float | None, least: int, most: int) -> None:
    if value is not None and not least <= value <= most:
        bounds = f"{least:,}", f"{most:,}"
        vi = " đến ".join(bounds).replace(",", ".")
        raise invalid_target(field, f"từ {vi}", f"must be {' to '.join(bounds)}")
