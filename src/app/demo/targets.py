"""The targets of the documents, and those derived from what the demo's people will achieve."""
# ruff: noqa: S311 - seeded randomness on purpose, nothing here is secret

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from app.demo.organizations import BAO_LAM, BINH_DINH_BLOC, LAM_DONG_BLOC, organizations, tenants
from app.demo.quotas import LINE_CELL, TERM_CHECK_ON, Slot
from app.demo.recordings import STARTED_ON, entry_day
from app.demo.steps import Step, Verb, actor_for
from domain.period import Period, term, year
from domain.target import Amount, TargetBasis, TargetTerms

MINORITY_PLAN = "100-KH/HU"
_MINORITY_TARGET = 30
_MINORITY_GROWTH_STATED = 40.0
_BINH_DINH_COUNT = 200
_BINH_DINH_YOUTH_PERCENT = 70.0
_TERM = "2020-2025"
_CONGRESS = "Nghị quyết đại hội nhiệm kỳ 2020-2025"
_LINE_ORGANIZATION = LINE_CELL.rpartition("/")[0]


def targets(people: list[Slot], seed: int) -> list[Step]:
    """The commands that set all targets, in the order of their holders and documents."""
    admitted = [slot for slot in people if slot.admitted]
    return [
        *_congress_targets(admitted, seed),
        *_binh_dinh(),
        *_bao_lam(admitted),
        *_totals_of_2023(admitted),
    ]


def _bao_lam(admitted: list[Slot]) -> Iterator[Step]:
    issued_on = date(2023, 4, 20)
    terms = TargetTerms(basis=TargetBasis.ASSIGNED, period=year(2023), group="ETHNIC_MINORITY")
    yield _target(
        BAO_LAM,
        terms,
        Amount(_MINORITY_TARGET),
        issued_on,
        MINORITY_PLAN,
        stated_growth_percent=_MINORITY_GROWTH_STATED,
    )
    for code, count in _allocation(admitted).items():
        yield _target(code, terms, Amount(count), issued_on + timedelta(days=7), MINORITY_PLAN)
    registered = TargetTerms(basis=TargetBasis.REGISTERED, period=term(_TERM))
    total = sum(1 for slot in admitted if slot.cell.tenant == BAO_LAM)
    yield _target(BAO_LAM, registered, Amount(total * 8 // 5), date(2022, 1, 10), "381-CV/HU")


def _allocation(admitted: list[Slot]) -> dict[str, int]:
    """The 30 admissions over the communes: one for each, the rest by what they will achieve."""
    communes = [o.code for o in organizations() if o.parent == BAO_LAM and not o.kind.is_cell]
    achieved = Counter(
        slot.cell.grassroots
        for slot in admitted
        if slot.minority and slot.anchor.year == 2023  # noqa: PLR2004
    )
    counts = dict.fromkeys(communes, 1)
    ranked = sorted(communes, key=lambda code: (-achieved[code], code))
    left = _MINORITY_TARGET - len(communes)
    for place in range(left):
        counts[ranked[place % 8]] += 1
    return counts


def _binh_dinh() -> Iterator[Step]:
    """The plan bears neither number nor date; the first day of its year stands for the date."""
    document = "Kế hoạch phát triển đảng viên năm 2021 (không số)"
    for basis in (TargetBasis.OWN_PLAN, TargetBasis.ASSIGNED):
        total = TargetTerms(basis=basis, period=year(2021))
        youth = TargetTerms(basis=basis, period=year(2021), group="YOUTH_UNION")
        share = Amount(share_percent=_BINH_DINH_YOUTH_PERCENT)
        yield _target(BINH_DINH_BLOC, total, Amount(_BINH_DINH_COUNT), date(2021, 1, 1), document)
        yield _target(BINH_DINH_BLOC, youth, share, date(2021, 1, 1), document)


def _congress_targets(admitted: list[Slot], seed: int) -> Iterator[Step]:
    """Term targets of which a third of the bloc's organizations miss half on TERM_CHECK_ON."""
    reached = Counter(
        slot.cell.grassroots
        for slot in admitted
        if slot.cell.tenant == LAM_DONG_BLOC and slot.anchor <= TERM_CHECK_ON
    )
    holders = [o.code for o in organizations() if o.parent == LAM_DONG_BLOC]
    terms = TargetTerms(basis=TargetBasis.CONGRESS, period=term(_TERM))
    total = 0
    for place, code in enumerate(holders):
        count = _congress_count(Random(f"{seed}/{code}/congress"), code, reached[code], place)
        total += count
        yield _target(code, terms, Amount(count), date(2020, 7, 1), _CONGRESS)
    yield _target(LAM_DONG_BLOC, terms, Amount(total), date(2020, 7, 1), _CONGRESS)


def _congress_count(random: Random, code: str, reached: int, place: int) -> int:
    if code == _LINE_ORGANIZATION:
        return 2 * reached + 1
    if place % 3 == 1:
        return max(2, 2 * reached + 2 + random.randint(0, reached))
    return max(1, 2 * reached - random.randint(0, max(0, reached * 2 // 3)))


def _totals_of_2023(admitted: list[Slot]) -> Iterator[Step]:
    """Totals of the province, its tenants and the bloc's organizations; the numbers are made up."""
    achieved: Counter[str] = Counter()
    for slot in admitted:
        if slot.anchor.year == 2023:  # noqa: PLR2004 (the year of the targets)
            achieved.update({slot.cell.tenant: 1, slot.cell.grassroots: 1})
    holders = [code for code in tenants() if code.startswith("lam-dong/")]
    counts = {code: max(1, round(achieved[code] * 1.06)) for code in holders}
    assigned = _total_of_2023(TargetBasis.ASSIGNED)
    issued_on, document = date(2022, 12, 20), "Chỉ tiêu kết nạp đảng viên năm 2023"
    yield _target("lam-dong", assigned, Amount(sum(counts.values())), issued_on, document)
    for code, count in counts.items():
        if code == BAO_LAM:
            yield _target(code, assigned, Amount(count), date(2022, 12, 26), "07-NQ/HU")
        else:
            yield _target(code, assigned, Amount(count), issued_on, document)
    for organization in organizations():
        if organization.parent == LAM_DONG_BLOC:
            count = max(1, achieved[organization.code])
            code, on = organization.code, date(2023, 1, 12)
            yield _target(code, assigned, Amount(count + 1), on, "Phân bổ chỉ tiêu năm 2023")
            own = _total_of_2023(TargetBasis.OWN_PLAN)
            yield _target(code, own, Amount(count), on, "Kế hoạch năm 2023 của đơn vị")


def _total_of_2023(basis: TargetBasis) -> TargetTerms:
    period: Period = year(2023)
    return TargetTerms(basis=basis, period=period)


def _target(
    code: str,
    terms: TargetTerms,
    amount: Amount,
    issued_on: date,
    document: str,
    **further: object,
) -> Step:
    verb = Verb.ASSIGN_TARGET if terms.basis is TargetBasis.ASSIGNED else Verb.REGISTER_TARGET
    key = f"{code}/target/{terms.basis}/{terms.period.name}/{terms.group or '-'}"
    return Step(
        key=key,
        subject=key,
        tenant="/".join(code.split("/")[:2]),
        verb=verb,
        occurred_on=issued_on,
        recorded_on=entry_day(max(issued_on, STARTED_ON) + timedelta(days=1)),
        actor=actor_for(verb, code),
        fields={
            "organization": code,
            "terms": terms,
            "amount": amount,
            "document": document,
            **further,
        },
    )
