"""The figures beside targets, on the demo, equal a recount from exported events and each other."""

from datetime import date
from typing import Any

import pytest
from tests.acceptance.installation import Installation
from tests.acceptance.recount import Event, Recount

CODES = ("lam-dong", "lam-dong/bao-lam", "lam-dong/bao-lam/b-la", "lam-dong/khoi", "binh-dinh")
BEFORE_DECISION = {
    "IDENTIFIED",
    "SYMPATHIZER",
    "CLASS_PROPOSED",
    "CLASS_ATTENDING",
    "CERTIFIED",
    "CERTIFICATE_EXPIRED",
    "DOSSIER_OPEN",
    "VETTING",
    "OPINIONS",
    "CELL_REVIEW",
    "GRASSROOTS_REVIEW",
    "SUBMITTED",
}
FIGURES = """
query Figures($code: String!, $at: At) {
  organization(code: $code, at: $at) {
    admissions(period: {year: 2023}) { first admitted running runningYearBefore }
    women: admissions(period: {year: 2023}, group: "WOMEN", counting: CEREMONY) { running }
    groupFigures(period: {year: 2023}) { group admitted percentOfAdmitted source }
    quality(period: {year: 2023}) {
      admitted ages { count } grades { count } stages { stage count } }
    source(period: {year: 2023}) { people sympathizers stages { stage count } }
    pipeline { stage count }
    targets(period: {year: 2023}) { basis group progress { target achieved } }
  }
}
"""


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("day", ["2023-02-28", "2023-09-17"])
def test_figures_equal_a_recount(
    demo: Installation, exported: dict[str, list[Event]], code: str, day: str
) -> None:
    """Months and running totals, the same days a year before, groups, quality and source."""
    province = code.split("/", maxsplit=1)[0]
    recount, on = Recount(exported[province]), date.fromisoformat(day)
    shown = _figures(demo, code, day)

    _assert_months(recount, shown, code, on)
    admitted = recount.admitted(code, date(2023, 1, 1), on)
    stages = recount.pipeline(code, on)
    source = {stage: n for stage, n in stages.items() if stage in BEFORE_DECISION}
    for each in shown["groupFigures"]:
        group = each["group"]
        of_group = recount.pipeline(code, on, group)
        assert each["admitted"] == recount.admitted(code, date(2023, 1, 1), on, group), group
        assert each["source"] == sum(n for s, n in of_group.items() if s in BEFORE_DECISION), group
    assert {each["stage"]: each["count"] for each in shown["source"]["stages"]} == source
    assert shown["source"]["people"] == sum(source.values())
    assert shown["source"]["sympathizers"] == sum(source.values()) - source.get("IDENTIFIED", 0)
    quality = shown["quality"]
    assert quality["admitted"] == admitted
    for told_apart in ("ages", "grades", "stages"):
        assert sum(each["count"] for each in quality[told_apart]) == admitted
    for line in shown["targets"]:
        group, basis = line["group"], line["basis"]
        stated = recount.target(code, "2023", on, group, basis)
        assert stated is not None
        if stated["count"] is not None:
            assert line["progress"]["target"] == stated["count"]
        assert line["progress"]["achieved"] == recount.admitted(
            code, date(2023, 1, 1), on, group, stated["counting"]
        )


def test_the_demo_has_something_to_count(demo: Installation) -> None:
    """None of the figures above is nothing throughout."""
    shown = _figures(demo, "lam-dong", "2023-09-17")

    assert shown["admissions"][-1]["running"] > 10
    assert shown["admissions"][-1]["runningYearBefore"] > 10
    assert shown["women"][-1]["running"] > 0
    assert shown["source"]["people"] > 10
    assert shown["targets"]


def _assert_months(recount: Recount, shown: dict[str, Any], code: str, on: date) -> None:
    for month in shown["admissions"]:
        first = date.fromisoformat(month["first"])
        following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        last = min(on, date.fromordinal(following.toordinal() - 1))
        before = date(last.year - 1, last.month, last.day)
        assert month["admitted"] == recount.admitted(code, first, last)
        assert month["running"] == recount.admitted(code, date(2023, 1, 1), last)
        assert month["runningYearBefore"] == recount.admitted(code, date(2022, 1, 1), before)
    women = recount.admitted(code, date(2023, 1, 1), on, "WOMEN", "CEREMONY")
    assert shown["women"][-1]["running"] == women
    assert len(shown["admissions"]) == len(shown["women"]) == on.month


def _figures(demo: Installation, code: str, day: str) -> dict[str, Any]:
    token = demo.token("province", code.split("/", maxsplit=1)[0])
    variables = {"code": code, "at": {"effective": day}}
    found: dict[str, Any] = demo.ask(FIGURES, token, variables)["organization"]
    return found
