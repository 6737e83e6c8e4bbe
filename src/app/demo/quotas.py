"""Every person of the demo as a slot, so that the figures of the documents come out."""
# ruff: noqa: S311 - seeded randomness on purpose, nothing here is secret

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import count, cycle
from random import Random

from app.demo.organizations import (
    BAO_LAM,
    BINH_DINH_BLOC,
    LAM_DONG_BLOC,
    PlannedOrganization,
    cells,
    settings,
    tenants,
)
from domain.calendar import is_working_day
from domain.case import Stage
from domain.organization import OrganizationKind

PEOPLE_MIN = 100
PEOPLE_FULL = 3000
"""The number of people for which the figures of the documents are made."""
MINORITY_SCALE_FULL = 1500
"""From this number of people on Bảo Lâm's minority admissions are the documented ones."""
TERM_CHECK_ON = date(2023, 9, 17)
"""The date of 1849-CV/ĐUK."""
LINE_CELL = f"{LAM_DONG_BLOC}/truong-cao-dang-da-lat/sinh-vien"
"""The cell of the organization that one more admission lifts over half of its term target."""
RECORDED_BY = date(2023, 12, 29)

_MINORITY_ADMISSIONS = {2021: 18, 2022: 22, 2023: 30}
_BINH_DINH_ADMISSIONS = 205
_BINH_DINH_YOUTH_SHARE = 0.715
_SHARES = {BINH_DINH_BLOC: 0.11, LAM_DONG_BLOC: 0.21, BAO_LAM: 0.155}
_RATES = {2021: 0.17, 2022: 0.19, 2023: 0.20}
_BLOC_RATES = {2020: 0.07, 2021: 0.17, 2022: 0.18, 2023: 0.18}
_UNFINISHED = (
    Stage.SUBMITTED, Stage.CERTIFICATE_EXPIRED, Stage.SYMPATHIZER, Stage.VETTING,
    Stage.CELL_REVIEW, Stage.IDENTIFIED,
    Stage.GRASSROOTS_REVIEW, Stage.REMOVED, Stage.CERTIFIED, Stage.DOSSIER_OPEN, Stage.OPINIONS,
    Stage.SYMPATHIZER,
    Stage.IDENTIFIED, Stage.CERTIFIED, Stage.REMOVED, Stage.CERTIFIED,
)  # fmt: skip


class Quirk(StrEnum):
    """What goes wrong with the entries of a person, always set right or caught up later."""

    NONE = "NONE"
    LATE = "LATE"
    WRONG_DATE = "WRONG_DATE"
    WRONG_GROUP = "WRONG_GROUP"
    FALSE_DECISION = "FALSE_DECISION"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One person to be: the cell, how far the case comes, the day of the decision or last step."""

    cell: PlannedOrganization
    number: int = 0
    stage: Stage
    anchor: date
    minority: bool = False
    youth_union: bool = False
    quirk: Quirk = Quirk.NONE
    pinned: bool = False
    """Recorded by RECORDED_BY up to the anchor, whatever the delays drawn."""

    @property
    def key(self) -> str:
        """What names the person in the demo."""
        return f"{self.cell.code}/{self.number}"

    @property
    def admitted(self) -> bool:
        """Whether an admission is truly decided, on the anchor."""
        return self.stage in (Stage.DECIDED, Stage.PROBATIONARY, Stage.FULL_MEMBER)


def slots(people: int, seed: int) -> list[Slot]:
    """All people of the demo. The same for the same arguments, whatever else was drawn before."""
    stages = cycle(_UNFINISHED)
    found: list[Slot] = []
    for tenant, number in people_of_tenants(people).items():
        random = Random(f"{seed}/{tenant}")
        admitted = _admitted(random, tenant, number, people)
        admitted = list(_with_quirks(admitted, tenant))
        rest = number - len(admitted)
        unfinished = [_unfinished(random, tenant, next(stages)) for _ in range(rest)]
        found += _with_particular_cases(admitted + unfinished, tenant)
    numbers: dict[str, Iterator[int]] = {}
    return [
        replace(slot, number=next(numbers.setdefault(slot.cell.code, count(1)))) for slot in found
    ]


def people_of_tenants(people: int) -> dict[str, int]:
    """How many people each tenant has; the sum is `people`."""
    others = [code for code in tenants() if "/" in code and code not in _SHARES]
    weights = Counter({code: len(cells(code)) for code in others})
    left = 1 - sum(_SHARES.values())
    exact = {code: people * share for code, share in _SHARES.items()} | {
        code: people * left * weight / weights.total() for code, weight in weights.items()
    }
    whole = {code: int(value) for code, value in exact.items()}
    by_remainder = sorted(exact, key=lambda code: (whole[code] - exact[code], code))
    for code in by_remainder[: people - sum(whole.values())]:
        whole[code] += 1
    return whole


def _admitted(random: Random, tenant: str, number: int, people: int) -> list[Slot]:
    if tenant == BINH_DINH_BLOC:
        total = min(number, round(_BINH_DINH_ADMISSIONS * people / PEOPLE_FULL))
        youth = round(total * _BINH_DINH_YOUTH_SHARE)
        return [
            replace(_admission(random, tenant, 2021, minority=False), youth_union=k < youth)
            for k in range(total)
        ]
    found: list[Slot] = []
    for year, rate in (_BLOC_RATES if tenant == LAM_DONG_BLOC else _RATES).items():
        fixed = _fixed_minority(tenant, year, people)
        for k in range(max(round(rate * number), fixed or 0)):
            minority = _is_minority(random, tenant) if fixed is None else k < fixed
            found.append(_admission(random, tenant, year, minority=minority))
    return found


def _fixed_minority(tenant: str, year: int, people: int) -> int | None:
    """How many ethnic-minority admissions the documents fix, scaled down for few people."""
    if tenant != BAO_LAM:
        return None
    scale = min(1.0, people / MINORITY_SCALE_FULL)
    return max(1, round(_MINORITY_ADMISSIONS[year] * scale))


def _admission(random: Random, tenant: str, year: int, *, minority: bool) -> Slot:
    cell = _cell(random, tenant, minority=minority)
    first_month = 7 if year == 2020 else 1  # noqa: PLR2004 (the term begins in July 2020)
    months = [m for m in (*range(1, 13), 5, 8, 11, 12) if m >= first_month]
    anchor = date(year, random.choice(months), random.randint(5, 22))
    return Slot(
        cell=cell,
        stage=Stage.FULL_MEMBER,
        anchor=_working_day(anchor),
        minority=minority,
        youth_union=random.random() < 0.62,  # noqa: PLR2004 (share of Youth Union members)
        pinned=tenant == BAO_LAM or (tenant == LAM_DONG_BLOC and anchor <= TERM_CHECK_ON),
    )


def _cell(random: Random, tenant: str, *, minority: bool = False) -> PlannedOrganization:
    choices = cells(tenant)
    weights = [_weight(cell, minority=minority) for cell in choices]
    return random.choices(choices, weights)[0]


def _weight(cell: PlannedOrganization, *, minority: bool) -> int:
    in_minority_area = "ETHNIC_MINORITY_AREA" in cell.characteristics
    weight = 8 if minority and in_minority_area else 2
    return weight * 2 if cell.kind is OrganizationKind.GRASSROOTS_CELL else weight


def _is_minority(random: Random, tenant: str) -> bool:
    return random.random() < settings()["minority"][tenant]


def _working_day(day: date) -> date:
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def _unfinished(random: Random, tenant: str, stage: Stage) -> Slot:
    minority = _is_minority(random, tenant)
    cell = _cell(random, tenant, minority=minority)
    if stage is Stage.GRASSROOTS_REVIEW:
        cell = random.choice(
            [c for c in cells(tenant) if c.kind is OrganizationKind.SUBORDINATE_CELL]
        )
    first, last = _last_step_between(tenant, stage)
    return Slot(
        cell=cell,
        stage=stage,
        anchor=first + timedelta(days=random.randint(0, (last - first).days)),
        minority=minority,
        youth_union=random.random() < 0.5,  # noqa: PLR2004 (share of Youth Union members)
        pinned=True,
    )


def _last_step_between(tenant: str, stage: Stage) -> tuple[date, date]:
    if stage is Stage.CERTIFICATE_EXPIRED:
        return date(2017, 1, 15), date(2018, 11, 20)
    year = 2021 if tenant == BINH_DINH_BLOC else 2023
    early = {Stage.REMOVED: 2, Stage.IDENTIFIED: 1, Stage.SYMPATHIZER: 1, Stage.CERTIFIED: 1}
    back = 0 if tenant == BINH_DINH_BLOC else early.get(stage, 0)
    return date(year - back, 5, 4), date(year, 12, 15)


def _with_quirks(admitted: Iterable[Slot], tenant: str) -> Iterator[Slot]:
    """December decisions that reach the log in January, wrong entries, cases that rest."""
    late = 0.04 if tenant == BINH_DINH_BLOC else 0.02
    places: Counter[int] = Counter()
    quirks = cycle((Quirk.WRONG_DATE, Quirk.WRONG_GROUP, Quirk.WRONG_DATE))
    for slot in admitted:
        year = slot.anchor.year
        places[year] += 1
        place = places[year]
        if place % round(1 / late) == round(1 / late) // 2 and year in (2021, 2022):
            yield replace(
                slot, quirk=Quirk.LATE, anchor=_working_day(date(year, 12, 8 + place % 17))
            )
        elif place % 30 == 7:  # noqa: PLR2004 (about one in thirty)
            yield replace(slot, quirk=next(quirks))
        elif place % 20 == 5 and year == 2022:  # noqa: PLR2004
            yield replace(slot, stage=Stage.PROBATIONARY)
        elif place % 20 == 3 and year == 2023 and not slot.minority:  # noqa: PLR2004
            yield replace(slot, stage=Stage.DECIDED, anchor=date(2023, 12, 12), pinned=True)
        else:
            yield slot


def _with_particular_cases(found: list[Slot], tenant: str) -> list[Slot]:
    """Decisions on record that never took place, and the particular cases of the seeds."""
    submitted = [k for k, slot in enumerate(found) if slot.stage is Stage.SUBMITTED]
    for k in submitted[1::4]:
        found[k] = replace(found[k], quirk=Quirk.FALSE_DECISION)
    if tenant == LAM_DONG_BLOC:
        unfinished = [k for k, slot in enumerate(found) if not slot.admitted]
        found[(submitted or unfinished)[0]] = Slot(
            cell=next(cell for cell in cells(tenant) if cell.code == LINE_CELL),
            stage=Stage.SUBMITTED,
            anchor=date(2023, 9, 8),
            youth_union=True,
            pinned=True,
        )
    if tenant == BAO_LAM:
        of_2022 = [
            k
            for k, s in enumerate(found)
            if s.minority and s.admitted and s.anchor.year == 2022  # noqa: PLR2004
        ]
        for k, (quirk, anchor) in zip(of_2022[:-1], _YEAR_END_OF_2022, strict=False):
            found[k] = replace(found[k], quirk=quirk, anchor=anchor, stage=Stage.FULL_MEMBER)
        if submitted:
            found[submitted[0]] = replace(
                found[submitted[0]],
                quirk=Quirk.FALSE_DECISION,
                anchor=date(2022, 12, 5),
                minority=True,
            )
    return found


_YEAR_END_OF_2022 = (
    (Quirk.WRONG_DATE, date(2022, 12, 28)),
    (Quirk.WRONG_GROUP, date(2022, 12, 20)),
    (Quirk.LATE, date(2022, 12, 15)),
)
"""Minority admissions of Bảo Lâm whose entries changed the figure of 2022 only after its end."""
