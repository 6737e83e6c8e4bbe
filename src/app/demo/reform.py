"""The reform of 2025: districts and blocs end, communes become tenants, Bình Định goes to Gia Lai.

Each plan hands every cell over by name, so that nobody's cell loses what it is called.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final, TypedDict, cast

from app.demo.organizations import (
    BINH_DINH_BLOC,
    LAM_DONG_BLOC,
    PlannedOrganization,
    communes,
    organizations,
    tenants,
)
from domain.change import Change, ChangeKind, Founding
from domain.organization import OrganizationKind, code_segment, plain_words

REFORM: Final = date(2025, 7, 1)
BLOCS_END: Final = date(2025, 2, 7)
_PARTY: Final = "cac-co-quan-dang"
_STATE: Final = "uy-ban-nhan-dan"
_OF_PARTY: Final = frozenset({"tinh-doan", "lien-doan-lao-dong-tinh", "hoi-nong-dan-tinh"})
_GIA_LAI: Final = "gia-lai"
_BINH_DINH: Final = "binh-dinh"
_LAM_DONG: Final = "lam-dong"


_Unit = TypedDict("_Unit", {"code": str, "name": str, "from": list[str]})


@dataclass(frozen=True, slots=True)
class Reform:
    """One plan of a province. `founded` are the tenants that begin with it, provinces first."""

    province: str
    on: date
    title: str
    document: str
    founded: tuple[PlannedOrganization, ...]
    changes: tuple[Change, ...]
    succeeds: tuple[tuple[str, str], ...] = ()
    """Codes of provinces, each with that of the one whose place it takes."""


def reforms(until: date) -> list[Reform]:
    """The plans that were carried out by a day, in their order."""
    return [each for each in _reforms() if each.on <= until]


def all_tenants(until: date) -> list[str]:
    """The codes of the demo's tenants on a day, those that ended by then included."""
    return [*tenants(), *(each.code for reform in reforms(until) for each in reform.founded)]


@cache
def _reforms() -> tuple[Reform, ...]:
    names = {_LAM_DONG: "Lâm Đồng", _BINH_DINH: "Bình Định", _GIA_LAI: "Gia Lai"}
    pairs = {province: _agencies(province, name) for province, name in names.items()}
    gia_lai = PlannedOrganization(_GIA_LAI, "Đảng bộ tỉnh Gia Lai", OrganizationKind.PROVINCE)
    wards = tuple(_new_tenant(unit) for unit in _units())
    return (
        Reform(
            _BINH_DINH,
            BLOCS_END,
            "Kết thúc hoạt động Đảng bộ Khối tỉnh Bình Định",
            "Dữ liệu minh họa",
            pairs[_BINH_DINH],
            tuple(_bloc_ends(BINH_DINH_BLOC)),
        ),
        Reform(
            _BINH_DINH,
            REFORM,
            "Hợp nhất vào tỉnh Gia Lai",
            "Nghị quyết 202/2025/QH15",
            (gia_lai, *pairs[_GIA_LAI]),
            tuple(_into_gia_lai()),
            ((_GIA_LAI, _BINH_DINH),),
        ),
        Reform(
            _LAM_DONG,
            REFORM,
            "Kết thúc hoạt động cấp huyện, lập đảng bộ xã, phường",
            "Nghị quyết 1671/NQ-UBTVQH15",
            (*pairs[_LAM_DONG], *wards),
            (*_bloc_ends(LAM_DONG_BLOC), *_districts_end()),
        ),
    )


def _agencies(province: str, name: str) -> tuple[PlannedOrganization, ...]:
    kind = OrganizationKind.PROVINCIAL_AGENCIES
    return (
        PlannedOrganization(f"{province}/{_PARTY}", f"Đảng bộ các cơ quan Đảng tỉnh {name}", kind),
        PlannedOrganization(f"{province}/{_STATE}", f"Đảng bộ Ủy ban nhân dân tỉnh {name}", kind),
    )


def _bloc_ends(bloc: str) -> Iterator[Change]:
    province = bloc.partition("/")[0]
    for below in _below(bloc):
        part = _PARTY if _segment(below.code) in _OF_PARTY else _STATE
        yield _goes_on(below, f"{province}/{part}", below.name, _segment(below.code))
    yield _ends(bloc, f"{province}/{_PARTY}", f"{province}/{_STATE}")


def _into_gia_lai() -> Iterator[Change]:
    for below in _below(BINH_DINH_BLOC):
        part = _PARTY if _segment(below.code) in _OF_PARTY else _STATE
        was = PlannedOrganization(
            f"{_BINH_DINH}/{part}/{_segment(below.code)}", below.name, below.kind
        )
        yield _goes_on(was, f"{_GIA_LAI}/{part}", below.name, _segment(below.code))
    for part in (_PARTY, _STATE):
        yield Change(
            kind=ChangeKind.HAND_OVER,
            organizations=(f"{_BINH_DINH}/{part}",),
            into=f"{_GIA_LAI}/{part}",
        )
    yield _ends(_BINH_DINH, _GIA_LAI)


def _districts_end() -> Iterator[Change]:
    heirs = {old: _tenant_code(unit) for unit in _units() for old in unit["from"]}
    for district, found in communes().items():
        for number, commune in found.items():
            heir, old = heirs[number], _segment(commune.code)
            bare = commune.name.removeprefix("Đảng bộ ")
            for cell in _below(commune.code):
                segment = f"{old}-{_segment(cell.code)}"
                yield _goes_on(cell, heir, f"{cell.name} ({bare})", segment, is_cell=True)
            yield Change(kind=ChangeKind.HAND_OVER, organizations=(commune.code,), into=heir)
        seat = heirs[next(iter(found))]
        own = {commune.code for commune in found.values()}
        for below in _below(district):
            if below.code not in own:
                yield _goes_on(below, seat, below.name, _segment(below.code))
        yield _ends(district, *sorted({heirs[number] for number in found}))


def _goes_on(
    given: PlannedOrganization, superior: str, name: str, segment: str, *, is_cell: bool = False
) -> Change:
    kind = OrganizationKind.GRASSROOTS_CELL if is_cell else given.kind
    founding = Founding(superior=superior, name=name, kind=kind, code_segment=segment)
    return Change(kind=ChangeKind.HAND_OVER, organizations=(given.code,), founding=founding)


def _ends(code: str, *successors: str) -> Change:
    return Change(kind=ChangeKind.END, organizations=(code,), successors_outside=successors)


def _below(code: str) -> Iterable[PlannedOrganization]:
    return [each for each in organizations() if each.parent == code]


@cache
def _units() -> tuple[_Unit, ...]:
    text = files("app.demo").joinpath("reform.json").read_text("utf-8")
    return tuple(cast("list[_Unit]", json.loads(text)["units"]))


def _new_tenant(unit: _Unit) -> PlannedOrganization:
    word, _, _ = unit["name"].partition(" ")
    kind = OrganizationKind.WARD if word == "Phường" else OrganizationKind.COMMUNE
    name = f"Đảng bộ {word.lower()}{unit['name'].removeprefix(word)}"
    return PlannedOrganization(_tenant_code(unit), name, kind)


def _tenant_code(unit: _Unit) -> str:
    """The kind is kept where a district bore the name."""
    code = f"{_LAM_DONG}/{code_segment(unit['name'])}"
    return f"{_LAM_DONG}/{plain_words(unit['name'])}" if code in tenants() else code


def _segment(code: str) -> str:
    return code.rpartition("/")[2]
