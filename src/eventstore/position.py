"""The cursor that clients see: how far somebody has seen the log of each of some tenants."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Self

import msgspec

from domain.errors import InvalidInput
from domain.text import Text
from eventstore import opaque

FORMAT: Final = b"\x01"
TENANTS_MAX: Final = 10_000
LENGTH_MAX: Final = 400_000
_DECODER: Final = msgspec.json.Decoder(list[tuple[int, int]])


class InvalidPosition(InvalidInput):
    """The text is no position that this service gave out."""

    def __init__(self) -> None:
        super().__init__(
            "INVALID_POSITION",
            Text("Vị trí (position) không hợp lệ.", "This is not a valid position."),
            field="position",
        )


@dataclass(frozen=True, slots=True)
class Position:
    """Positions by tenant, ascending by tenant; one that is not named is at 0, its beginning."""

    positions: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, positions: Mapping[int, int] | Iterable[tuple[int, int]]) -> Self:
        """A position from pairs of tenant and position; those at 0 are left out."""
        pairs = dict(positions)
        return cls(tuple(sorted((tenant, at) for tenant, at in pairs.items() if at > 0)))

    def at(self, tenant_id: int) -> int:
        """The position in one tenant's log."""
        return next((at for tenant, at in self.positions if tenant == tenant_id), 0)

    def as_dict(self) -> dict[int, int]:
        """The positions by tenant."""
        return dict(self.positions)

    def merge(self, other: "Position") -> "Position":
        """The furthest of both in each tenant."""
        merged = dict(self.positions)
        for tenant, at in other.positions:
            merged[tenant] = max(at, merged.get(tenant, 0))
        return Position.of(merged)

    def covers(self, other: "Position") -> bool:
        """Whether whoever has seen this has seen all of the other."""
        mine = dict(self.positions)
        return all(mine.get(tenant, 0) >= at for tenant, at in other.positions)

    def encode(self) -> str:
        """The opaque form, safe in URLs."""
        raw = FORMAT + msgspec.json.encode(self.positions)
        return opaque.to_text(raw)

    @classmethod
    def decode(cls, text: str) -> Self:
        """The position of an opaque form. Raises `InvalidPosition`."""
        try:
            raw = opaque.to_bytes(text, LENGTH_MAX)
            pairs = _DECODER.decode(raw[1:])
        except (ValueError, msgspec.DecodeError):
            raise InvalidPosition from None
        tenants = [tenant for tenant, _ in pairs]
        if (
            raw[:1] != FORMAT
            or len(pairs) > TENANTS_MAX
            or tenants != sorted(set(tenants))
            or any(not 0 < tenant < 2**31 or not 0 < at < 2**63 for tenant, at in pairs)
        ):
            raise InvalidPosition
        return cls(tuple(pairs))
