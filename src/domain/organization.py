"""Organizations of the Party: a stable identity with dated names.

People and targets are not here.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar, Self
from uuid import NAMESPACE_URL, UUID, uuid5

from domain.errors import InvalidInput
from domain.record import CreatedEntry, Entry, Record, Taken, Voided, optional_words, require_words
from domain.text import Text

_NAMESPACE = uuid5(NAMESPACE_URL, "nguon:organization")
_SEGMENT = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
CODE_LENGTH_MAX = 200


class OrganizationKind(StrEnum):
    """The levels and types of the domain sheet, B.1, as far as the core path needs them."""

    PROVINCE = "PROVINCE"
    DISTRICT = "DISTRICT"
    BLOC = "BLOC"
    GRASSROOTS_COMMITTEE = "GRASSROOTS_COMMITTEE"
    GRASSROOTS_CELL = "GRASSROOTS_CELL"
    SUBORDINATE_CELL = "SUBORDINATE_CELL"

    @property
    def is_cell(self) -> bool:
        """Whether cases are handled there."""
        return self in (OrganizationKind.GRASSROOTS_CELL, OrganizationKind.SUBORDINATE_CELL)


_CHILDREN: dict[OrganizationKind | None, frozenset[OrganizationKind]] = {
    None: frozenset({OrganizationKind.PROVINCE}),
    OrganizationKind.PROVINCE: frozenset({OrganizationKind.DISTRICT, OrganizationKind.BLOC}),
    OrganizationKind.DISTRICT: frozenset(
        {OrganizationKind.GRASSROOTS_COMMITTEE, OrganizationKind.GRASSROOTS_CELL}
    ),
    OrganizationKind.BLOC: frozenset(
        {OrganizationKind.GRASSROOTS_COMMITTEE, OrganizationKind.GRASSROOTS_CELL}
    ),
    OrganizationKind.GRASSROOTS_COMMITTEE: frozenset({OrganizationKind.SUBORDINATE_CELL}),
    OrganizationKind.GRASSROOTS_CELL: frozenset(),
    OrganizationKind.SUBORDINATE_CELL: frozenset(),
}

CHARACTERISTICS = frozenset({"ETHNIC_MINORITY_AREA", "RELIGIOUS_AREA"})


class Established(CreatedEntry):
    """The organization began to exist under a code that it keeps."""

    TOPIC = "organization.established"
    code: str
    name: str
    kind: OrganizationKind
    parent_id: UUID | None
    characteristics: tuple[str, ...]
    document: str | None


class Renamed(Entry):
    """The organization has another name from that day on; its identity and code stay."""

    TOPIC = "organization.renamed"
    name: str
    document: str | None


class OrganizationEntryVoided(Voided):
    """An entry about the organization was never true."""

    TOPIC = "organization.entry_voided"
    reason: str


@dataclass(frozen=True, slots=True)
class OrganizationRef:
    """An organization as others refer to it, as it stands today.

    `path` leads from the province to it, itself included.
    """

    tenant_id: int
    id: UUID
    code: str
    kind: OrganizationKind
    path: tuple[UUID, ...]
    characteristics: frozenset[str]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a new organization stands: its superior's id, code and kind.

    All None for a province.
    """

    id: UUID | None = None
    code: str | None = None
    kind: OrganizationKind | None = None


class Organization(Record):
    """One organization; its id follows from the code it was established under."""

    voided_entry: ClassVar[type[Voided]] = OrganizationEntryVoided
    taken: ClassVar[Taken] = Taken(
        "CODE_TAKEN", Text("Mã này đã có tổ chức mang.", "An organization bears this code."), "code"
    )

    @classmethod
    def establish(
        cls,
        place: Place,
        *,
        on: date,
        name: str,
        kind: OrganizationKind,
        segment: str | None = None,
        characteristics: Iterable[str] = (),
        document: str | None = None,
    ) -> Self:
        """A new organization under `place`.

        `segment` is the last part of its code, made from the name when left out.

        Raises InvalidInput for a kind that cannot stand there, a bad code or an unknown
        characteristic.
        """
        name = require_words("name", name, 300)
        _require_kind_fits(kind, place.kind)
        last = require_segment(segment) if segment is not None else code_segment(name)
        code = last if place.code is None else f"{place.code}/{last}"
        if len(code) > CODE_LENGTH_MAX:
            raise _invalid_code(code)
        return cls._create(
            Established,
            id=organization_id(code),
            effective_on=on,
            organization_id=organization_id(code),
            code=code,
            name=name,
            kind=kind,
            parent_id=place.id,
            characteristics=require_characteristics(characteristics),
            document=optional_words("document", document),
        )

    def rename(self, name: str, *, on: date, document: str | None = None) -> None:
        """Give the organization another name from a day on.

        Raises InvalidInput before it was established.
        """
        if on < self.established.effective_on:
            raise InvalidInput(
                "BEFORE_ESTABLISHMENT",
                Text(
                    "Tổ chức chưa thành lập vào ngày này.",
                    "The organization was not yet established on that day.",
                ),
                field="occurredOn",
            )
        self.trigger_event(
            Renamed,
            effective_on=on,
            organization_id=self.id,
            name=require_words("name", name, 300),
            document=optional_words("document", document),
        )

    @property
    def established(self) -> Established:
        """The entry that began it."""
        return self.latest(Established)


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


def _invalid_code(code: str) -> InvalidInput:
    return InvalidInput(
        "INVALID_CODE",
        Text(
            f"Mã “{code[:80]}” không hợp lệ: chữ thường không dấu và số, nối bằng dấu gạch.",
            f"“{code[:80]}” is no valid code: lower-case letters and digits joined by hyphens.",
        ),
        field="code",
    )


def _require_kind_fits(kind: OrganizationKind, superior: OrganizationKind | None) -> None:
    if kind not in _CHILDREN[superior]:
        raise InvalidInput(
            "KIND_DOES_NOT_FIT",
            Text(
                f"Loại {kind} không thể trực thuộc {superior or 'cấp trên nào'}.",
                f"{kind} cannot stand under {superior or 'nothing'}.",
            ),
            field="kind",
        )


def require_characteristics(
    characteristics: Iterable[str], field: str = "characteristics"
) -> tuple[str, ...]:
    """The characteristics in order. Raises InvalidInput for an unknown one."""
    chosen = tuple(sorted(set(characteristics)))
    for characteristic in chosen:
        if characteristic not in CHARACTERISTICS:
            raise InvalidInput(
                "UNKNOWN_CHARACTERISTIC",
                Text(
                    f"Không có đặc thù “{characteristic}”.",
                    f"There is no characteristic “{characteristic}”.",
                ),
                field=field,
            )
    return chosen
