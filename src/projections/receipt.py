"""What a figure rested on, written down so that it can be asked for again, as an opaque token.

Anybody could write one: who is given it back checks what it says.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final, Self

import msgspec

from domain.errors import InvalidInput
from domain.text import Text
from eventstore import opaque

FORMAT: Final = b"\x01"
LENGTH_MAX: Final = 400_000


class InvalidBasis(InvalidInput):
    """The text is no basis that this service gave out, or one of another question."""

    def __init__(self, code: str = "INVALID_BASIS", text: Text | None = None) -> None:
        super().__init__(
            code,
            text or Text("Cơ sở số liệu (basis) không hợp lệ.", "This is not a valid basis."),
            field="at.basis",
        )


class LogReceipt(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """How much of one tenant's log counted, for facts and for the tree.

    `versions` are those of the folds that wrote its rows, in the order of the receipt's `folds`.
    `root` is that of the Merkle tree over the first `size` events, as far as it had grown then.
    """

    tenant_id: int
    position: int
    tree_position: int
    versions: tuple[int, ...]
    size: int | None = None
    root: bytes | None = None


class _Token(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    effective: date
    tree_on: date
    folds: tuple[str, ...]
    logs: list[LogReceipt]


_DECODER: Final = msgspec.json.Decoder(_Token)


@dataclass(frozen=True, slots=True)
class Receipt:
    """The day of a figure, the day of its tree, the logs ascending by tenant.

    `folds` are the names of the projections; while one is folded anew its rows are of one version
    in some tenants, and of another in others.
    """

    effective: date
    tree_on: date
    folds: tuple[str, ...]
    logs: tuple[LogReceipt, ...]

    def position(self, tenant_id: int) -> int:
        """How much of a tenant's log counted. Raises InvalidBasis for one that did not count."""
        for log in self.logs:
            if log.tenant_id == tenant_id:
                return log.position
        raise other_tenants()

    def encode(self) -> str:
        """The opaque form, safe in URLs."""
        token = _Token(self.effective, self.tree_on, self.folds, list(self.logs))
        raw = FORMAT + msgspec.json.encode(token)
        return opaque.to_text(raw)

    @classmethod
    def decode(cls, text: str) -> Self:
        """The receipt of an opaque form. Raises InvalidBasis."""
        try:
            raw = opaque.to_bytes(text, LENGTH_MAX)
            token = _DECODER.decode(raw[1:])
        except (ValueError, msgspec.DecodeError):
            raise InvalidBasis from None
        tenants = [log.tenant_id for log in token.logs]
        if raw[:1] != FORMAT or not tenants or tenants != sorted(set(tenants)):
            raise InvalidBasis
        if any(len(log.versions) != len(token.folds) for log in token.logs):
            raise InvalidBasis
        if any(not 0 <= at < 2**63 for log in token.logs for at in _numbers(log)):
            raise InvalidBasis
        return cls(token.effective, token.tree_on, token.folds, tuple(token.logs))


def other_tenants() -> InvalidBasis:
    """The refusal for a basis of other tenants than those of the asked organization."""
    return InvalidBasis(
        "BASIS_OF_OTHER_TENANTS",
        Text(
            "Cơ sở số liệu này không phải của đảng bộ được hỏi.",
            "This basis is of other tenants than the asked organization's.",
        ),
    )


def _numbers(log: LogReceipt) -> tuple[int, ...]:
    return log.tenant_id, log.position, log.tree_position, log.size or 0
