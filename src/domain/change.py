"""One change to the organizations of a tenant, as a plan states it. Organizations go by code."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, TypeVar
from uuid import UUID

from domain.candidate import Candidate
from domain.errors import Conflict, InvalidInput
from domain.organization_code import code_below, require_code
from domain.organization_kind import OrganizationKind
from domain.text import Text

T = TypeVar("T")


class ChangeKind(StrEnum):
    """The changes of the domain sheet, B.5."""

    ESTABLISH = "ESTABLISH"
    RENAME = "RENAME"
    RETYPE = "RETYPE"
    MOVE = "MOVE"
    MERGE = "MERGE"
    SPLIT = "SPLIT"
    DISSOLVE = "DISSOLVE"
    END = "END"
    HAND_OVER = "HAND_OVER"


@dataclass(frozen=True, slots=True, kw_only=True)
class Founding:
    """A new organization; the last part of its code is made from the name when left out."""

    superior: str
    name: str
    kind: OrganizationKind
    code_segment: str | None = None
    characteristics: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        """Its code path. Raises InvalidInput."""
        return code_below(self.superior, self.name, self.code_segment)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What leaves a divided organization: `into` one that is there, or into a new one."""

    into: str | None = None
    founding: Founding | None = None
    organizations: tuple[str, ...] = ()
    candidates: tuple[Annotated[UUID, Candidate], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change. Which fields it needs follows from its kind.

    MERGE goes `into` an organization that is there or into the `founding`; a SPLIT ends the whole
    unless it `remains`; END names the codes of its successors in other tenants. HAND_OVER gives
    organizations, with all they have, to another tenant: one goes on there as the `founding`, or
    some go `into` what stands, or is founded, there.
    """

    kind: ChangeKind
    organizations: tuple[str, ...] = ()
    founding: Founding | None = None
    into: str | None = None
    superior: str | None = None
    name: str | None = None
    organization_kind: OrganizationKind | None = None
    parts: tuple[Part, ...] = ()
    remains: bool | None = None
    successors_outside: tuple[str, ...] = ()
    document: str | None = None

    def one(self) -> str:
        """The only organization that it names. Raises InvalidInput."""
        if len(self.organizations) != 1:
            raise InvalidInput(
                "ONE_ORGANIZATION",
                Text(
                    "Thay đổi này nêu đúng một tổ chức.",
                    "This change names exactly one organization.",
                ),
                field="organizations",
            )
        return self.organizations[0]

    def codes(self) -> Iterator[str]:
        """The organizations of the tenant that it names."""
        yield from self.organizations
        if self.kind is ChangeKind.HAND_OVER:
            return
        yield from (code for code in (self.into, self.superior) if code is not None)
        for part in self.parts:
            yield from part.organizations
            if part.into is not None:
                yield part.into
        yield from (founding.superior for founding in self.foundings())

    def destination(self) -> str:
        """Which organization of another tenant goes on, by its code. Raises InvalidInput."""
        if (self.into is None) is (self.founding is None):
            raise one_target()
        if self.founding is not None:
            return self.founding.code
        assert self.into is not None
        return require_code(self.into)

    def founded(self) -> Iterator[str]:
        """The codes of the tenant's organizations that it founds. Raises InvalidInput."""
        yield from (founding.code for founding in self.foundings())

    def foundings(self) -> Iterator[Founding]:
        """The organizations of the tenant that it founds."""
        if self.kind is ChangeKind.HAND_OVER:
            return
        every = (self.founding, *(part.founding for part in self.parts))
        yield from (founding for founding in every if founding is not None)

    def candidates(self) -> Iterator[UUID]:
        """The cases that it assigns."""
        for part in self.parts:
            yield from part.candidates


def needed(value: T | None, field: str) -> T:
    """The value itself. Raises InvalidInput for one that is not there."""
    if value is None:
        raise InvalidInput(
            "FIELD_MISSING",
            Text(f"Thay đổi này cần “{field}”.", f"This change needs “{field}”."),
            field=field,
        )
    return value


def require_several(count: int, least: int, field: str) -> None:
    """Passes for enough of something. Raises InvalidInput."""
    if count < least:
        raise InvalidInput(
            "TOO_FEW",
            Text(f"“{field}” cần ít nhất {least}.", f"“{field}” needs at least {least}."),
            field=field,
        )


def one_target() -> InvalidInput:
    """The refusal of a change that says neither or both of where all goes."""
    return InvalidInput(
        "ONE_TARGET",
        Text(
            "Nêu một tổ chức đã có (into) hoặc một tổ chức mới (founding).",
            "Name either an organization that is there (into) or a new one (founding).",
        ),
        field="into",
    )


def kinds_differ() -> InvalidInput:
    """The refusal to put a cell into a committee, or the other way about."""
    return InvalidInput(
        "KINDS_DIFFER",
        Text(
            "Chi bộ chỉ nhập vào chi bộ, đảng bộ chỉ nhập vào đảng bộ.",
            "Cells go into cells, and committees into committees.",
        ),
        field="into",
    )


def into_itself(field: str) -> Conflict:
    """The refusal to put an organization below or into itself."""
    return Conflict(
        "INTO_ITSELF",
        Text(
            "Tổ chức không thể đứng dưới hoặc nhập vào chính nó.",
            "An organization cannot stand below or go into itself.",
        ),
        field=field,
    )


def not_of_the_whole(field: str) -> InvalidInput:
    """The refusal to assign what does not belong to the divided organization."""
    return InvalidInput(
        "NOT_OF_THE_WHOLE",
        Text(
            "Chỉ chia những gì thuộc tổ chức được chia.",
            "Only what belongs to the divided organization can be assigned.",
        ),
        field=field,
    )


def ends_on_first_day() -> InvalidInput:
    """The refusal of an end on the first day: it would never have existed."""
    return InvalidInput(
        "ENDS_ON_FIRST_DAY",
        Text(
            "Tổ chức không thể kết thúc ngay ngày thành lập.",
            "An organization cannot end on the day on which it was established.",
        ),
        field="occurredOn",
    )
