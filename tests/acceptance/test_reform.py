"""The demo's reform of 2025: districts end, communes take their place, provinces are joined."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from tests.acceptance.commune import mutate
from tests.acceptance.installation import Installation
from tests.acceptance.reform import (
    AFTER,
    FIGURES,
    OUT,
    Figures,
    Person,
    figures,
    people,
    pipelines,
    plans,
    served_reform,
    successor_of,
    tenant_of,
)

BEFORE = "2025-06-30"
DAYS = ("2025-02-06", BEFORE, "2025-07-01", AFTER)
LAM_DONG, BINH_DINH, GIA_LAI = "lam-dong", "binh-dinh", "gia-lai"
BEFORE_THE_PLAN = "2025-07-01T00:00:00+07:00"
"""The demo's clock stands at the evening of that day when the plan is recorded."""


@pytest.fixture
def reversible(tmp_path: Path) -> Iterator[Installation]:
    """One of its own."""
    with served_reform(tmp_path / "home") as installation:
        yield installation


@dataclass(frozen=True, slots=True)
class Passed:
    """One plan: whose, by which province it is read before and after, between which days."""

    title: str
    before: tuple[str, str]
    after: tuple[str, str]
    earlier: tuple[str, ...] = ()
    """Tenants that ended by an earlier plan and keep those who are done with."""


PLANS = (
    Passed("Kết thúc hoạt động cấp huyện", (LAM_DONG, BEFORE), (LAM_DONG, AFTER)),
    Passed("Kết thúc hoạt động Đảng bộ Khối", (BINH_DINH, DAYS[0]), (BINH_DINH, BEFORE)),
    Passed("Hợp nhất vào tỉnh", (BINH_DINH, BEFORE), (GIA_LAI, AFTER), ("binh-dinh/khoi",)),
)


@pytest.mark.parametrize("passed", PLANS, ids=lambda passed: passed.title)
def test_whoever_stood_in_an_ended_district_stands_once_in_its_successors(
    reformed: Installation, passed: Passed
) -> None:
    """Given the lists of both sides, each figure of each tree is that of these very people."""
    (province, before), (new_province, after) = passed.before, passed.after
    stages = followed(reformed, passed)
    assert len(stages) > 10

    for effective, at in ((before, 0), (after, 1)):
        shown = pipelines(reformed, new_province, effective=effective, tree=after)
        assert below(shown) == counted((who.cell, both[at]) for who, both in stages.items())
        if province == new_province or effective == before:
            shown = pipelines(reformed, province, effective=effective, tree=before)
            assert below(shown) == counted((both[2], both[at]) for both in stages.values())


def followed(reformed: Installation, passed: Passed) -> dict[Person, tuple[str, str, str]]:
    """Everybody of the ended tenants, at the cell of today: both stages, and the cell of before.

    Fails for somebody whom no successor lists, or whom two do.
    """
    (province, before), (new_province, after) = passed.before, passed.after
    every = plans(reformed, province)
    plan = next(each for each in every if each["title"].startswith(passed.title))
    chain = [each for each in every if each["plannedOn"] <= plan["plannedOn"]]
    now_at = successor_of(change for each in chain for change in each["changes"])
    were_at = successor_of(c for each in chain if each is not plan for c in each["changes"])
    handed_over = [c for c in plan["changes"] if c["kind"] == "HAND_OVER"]
    ended = {tenant_of(code) for c in handed_over for code in c["organizations"]}
    heirs = {tenant_of(c["into"] or c["founding"]["code"]) for c in handed_over}

    came = {}
    for tenant in heirs & pipelines(reformed, new_province, effective=after).keys():
        for who, shown in people(reformed, tenant, effective=after).items():
            came[who] = shown["stage"]
    found: dict[Person, tuple[str, str, str]] = {}
    for tenant in sorted({*ended, *passed.earlier}):
        then = people(reformed, tenant, effective=before)
        now = people(reformed, tenant, effective=after, tree=before)
        assert then.keys() == now.keys()
        for who, shown in then.items():
            if shown["stage"] == OUT and tenant in passed.earlier:
                continue
            here = replace(who, cell=now_at(who.cell))
            stage = now[who]["stage"]
            if (shown["stage"], stage) != (OUT, OUT) and stage == OUT:
                assert now[who]["transferredTo"] == tenant_of(here.cell)
                stage = came.pop(here)
            assert here not in found
            found[here] = (shown["stage"], stage, were_at(who.cell))
    assert not came, "nobody stands in a successor who did not stand in an ended tenant"
    return found


def test_a_province_names_the_one_whose_place_it_took_once(reformed: Installation) -> None:
    """The operator said so, and the plan by which that one ended."""
    query = 'query { organization(code: "gia-lai") { predecessors { code on } } }'
    shown = reformed.ask(query, reformed.token("province", GIA_LAI))
    assert shown["organization"]["predecessors"] == [{"code": BINH_DINH, "on": "2025-07-01"}]


def counted(places: Iterable[tuple[str, str]]) -> Figures:
    """The stages of people at their cells, for each organization below a province."""
    found: Figures = {}
    for cell, stage in places:
        parts = cell.split("/")
        for depth in range(2, len(parts) + 1):
            found.setdefault("/".join(parts[:depth]), Counter())[stage] += 1
    return found


def below(shown: Figures) -> Figures:
    """Without the province itself."""
    return {code: found for code, found in shown.items() if "/" in code}


@pytest.mark.parametrize("province", [LAM_DONG, BINH_DINH, GIA_LAI])
def test_a_province_has_the_same_people_in_the_tree_of_every_day(
    reformed: Installation, province: str
) -> None:
    """No tree loses anybody: stage by stage, and below the province as at its head."""
    for effective in DAYS:
        totals = []
        for tree in DAYS:
            shown = pipelines(reformed, province, effective=effective, tree=tree)
            totals.append(shown[province])
            tenants = [found for code, found in shown.items() if code.count("/") == 1]
            in_tenants = sum(found.total() - found[OUT] for found in tenants)
            assert in_tenants + shown[province]["IN_TRANSIT"] == totals[0].total()
        assert len({tuple(sorted(total.items())) for total in totals}) == 1, effective
    assert totals[0].total() > 10


def test_the_province_sees_an_ended_district_as_in_its_own_tree(reformed: Installation) -> None:
    """Its people are followed to the communes; the district's own board sees who left."""
    asked = (
        f"query Q($code: String!, $at: At) {{ organization(code: $code, at: $at) {{ {FIGURES} }} }}"
    )
    token, district = reformed.token("province", LAM_DONG), f"{LAM_DONG}/bao-lam"

    def alone(code: str, token: str, **at: str) -> Counter[str]:
        shown = reformed.ask(asked, token, {"code": code, "at": at})["organization"]
        return Counter({line["stage"]: line["count"] for line in shown["pipeline"]})

    for effective in (BEFORE, AFTER):
        whole = pipelines(reformed, LAM_DONG, effective=effective, tree=BEFORE)
        codes = [c for c in whole if c.count("/") == 1 or c.startswith(f"{district}/loc-")]
        assert len(codes) > 15
        for code in codes:
            assert alone(code, token, effective=effective, tree=BEFORE) == whole[code], code
    assert alone(district, token, effective=AFTER) == whole[district]
    assert not whole[district][OUT]
    assert alone(district, reformed.token("board", district), effective=AFTER)[OUT] > 0


def test_reversing_the_reform_by_correction_restores_every_figure(reversible: Installation) -> None:
    """Known then, known now; what was known between stays what it was."""
    board = reversible.token("province", LAM_DONG)
    plan = next(each for each in plans(reversible, LAM_DONG) if each["plannedOn"] == "2025-07-01")
    asked = "code pipeline { stage count } groupFigures(period: {year: 2023}) { group admitted }"

    def shown(**at: str) -> list[dict[str, Any]]:
        return [figures(reversible, LAM_DONG, asked, effective=each, **at) for each in DAYS]

    before = shown(known=BEFORE_THE_PLAN)
    before_in_its_tree = shown(known=BEFORE_THE_PLAN, tree=BEFORE)
    between, moment = shown(), datetime.now(UTC).isoformat()
    reversal = {
        "occurredOn": "2026-01-05",
        "reorganization": plan["id"],
        "reason": "Ghi nhầm",
        "commandId": str(uuid4()),
    }
    reversed_at = mutate(reversible, board, "reverseReorganization", reversal)
    assert reversed_at["reorganization"]["state"] == "REVERSED", reversed_at
    after = {"after": reversed_at["position"]}

    assert between != before
    assert standing(shown(**after)) == standing(before)
    assert standing(shown(tree=BEFORE)) == standing(before_in_its_tree)
    assert shown(known=BEFORE_THE_PLAN) == before
    assert shown(known=moment) == between


def standing(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without the tenants that the operator opened for the reform, in which there is nobody."""
    return [{code: shown for code, shown in each.items() if shown["pipeline"]} for each in found]
