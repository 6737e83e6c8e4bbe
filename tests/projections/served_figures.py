"""The figures of each organization that an answer shows, compared with the recount."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from tests.acceptance.recount_boards import share_of
from tests.acceptance.recount_dues import Asked, Due, of_cases
from tests.acceptance.recount_lists import Lists
from tests.acceptance.recount_ranking import SOURCE
from tests.acceptance.recount_territories import Measure, Reached, later, reached
from tests.projections.three_ways import Question

Shown = dict[str, Any]
DUE_KINDS = (
    *("CERTIFICATE", "PAPER", "VETTING", "DECISION", "CEREMONY", "HISTORY_FILE"),
    *("PROBATION_END", "RECOGNITION_REVIEW", "RECOGNITION_DECISION"),
    *("CELL_MEETING", "RECONCILIATION", "PLAN", "REPORT", "OBLIGATION"),
    *("BELOW_TARGET", "BELOW_PACE", "NO_SOURCE"),
)
NODE = """
fragment Own on Organization {
  code name kind characteristics { code } officialMembers { officialMembers countedOn } mayAdmit
  establishedOn
  pipeline(group: $group) { stage count }
  progress(period: $period, group: $group, basis: $basis) {
    target achieved percent pacePercent achievedYearBefore shortfall computedGrowthPercent
    achievedGrowthPercent statedGrowthPercent allocated }
  screening(period: $period, group: $group, counting: $counting) {
    admitted uncounted readmitted struckOff }
  admissions(period: $period, group: $group, counting: $counting) {
    first admitted running admittedYearBefore runningYearBefore }
  groupFigures(period: $period, counting: $counting) { group admitted source percentOfAdmitted }
  source(period: $period, basis: $basis) {
    people sympathizers stages { stage count } needed admitted admittedPer100Sympathizers warning }
  quality(period: $period, group: $group, counting: $counting) {
    admitted ages { band count } grades { grade count } stages { stage count } }
  cellsWithoutAdmission(years: $years) { organization lastAdmissionOn }
  belowTarget(period: $period, basis: $basis) { code }
  dueCounts(withinDays: $within) { kind late coming }
}
fragment Grid on Organization {
  allocation(period: $period, basis: $basis, against: $against) {
    columns { group own allocated remainder without }
    rows { organization cells { group count sharePercent achieved percent } } }
}
query Figures(
  $code: String!, $at: At, $group: String, $period: PeriodInput!, $basis: TargetBasis!,
  $counting: CountingDate!, $years: Int!, $within: Int, $against: TargetBasis!
) {
  organization(code: $code, at: $at) { ...Own ...Grid children { nodes { ...Own
    children { nodes { ...Own children { nodes { ...Own children { nodes { code } } } } } } } } }
}
"""


class Figures:
    """The figures of all organizations of one answer."""

    def __init__(self, counted: Lists, asked: Question, years: int, within: int | None) -> None:
        self.counted = counted
        self.asked = asked
        self.years = years
        self._dues = list(of_cases(counted, Asked(asked.code, asked.clocks.effective, within)))
        self.day = asked.clocks.effective
        self.last = min(asked.period.last, self.day)

    def total(
        self, account: str, code: str, first: date, last: date, group: str | None = None
    ) -> int:
        """How often something counted there from a day to another."""
        return self.counted.happened(account, code, first, last, self.day, group)

    def compare(self, node: Shown) -> None:
        """Fails where an organization shows something else."""
        code, asked, counted = node["code"], self.asked, self.counted
        first = asked.period.first
        context = (code, asked)
        self._compare_attributes(node)
        stages = counted.stages(code, self.day, asked.group)
        assert counts_of(node["pipeline"]) == stages, context
        by = asked.counting.value
        accounts = {
            "admitted": f"ADMITTED_BY_{by}",
            "uncounted": f"UNCOUNTED_BY_{by}",
            "readmitted": f"READMITTED_BY_{by}",
            "struckOff": "STRIKINGS_OFF",
        }
        assert node["screening"] == {
            name: self.total(account, code, first, self.last, asked.group)
            for name, account in accounts.items()
        }, context
        self._compare_months(node)
        everybody = self.total(accounts["admitted"], code, first, self.last)
        for figure in node["groupFigures"]:
            group = figure["group"]
            waiting = counted.stages(code, self.day, group)
            assert figure["source"] == sum(waiting.get(stage, 0) for stage in SOURCE), context
            admitted = self.total(accounts["admitted"], code, first, self.last, group)
            assert figure["admitted"] == admitted, context
            assert figure["percentOfAdmitted"] == share_of(admitted, everybody), context
        every = counted.stages(code, self.day)
        waiting = {stage: every[stage] for stage in SOURCE if stage in every}
        assert counts_of(node["source"]["stages"]) == waiting, context
        assert node["source"]["people"] == sum(waiting.values()), context
        self._compare_source(node)
        self._compare_progress(node)
        self._compare_quality(node)
        below = counted.below(code)
        own = [each for each in self._dues if each.organization in below]
        assert node["dueCounts"] == counts_of_dues(own, self.day), context
        dry = counted.dry_cells(
            counted.flowed("ADMITTED_BY_DECISION", self.day), code, self.day, self.years
        )
        assert {
            each["organization"]: each["lastAdmissionOn"] for each in node["cellsWithoutAdmission"]
        } == {each: on and on.isoformat() for each, on in dry.items()}, context

    def _compare_attributes(self, node: Shown) -> None:
        body = self.counted.body(node["code"])
        members = node["officialMembers"]
        assert (
            node["name"],
            node["kind"],
            frozenset(each["code"] for each in node["characteristics"]),
            members and (members["officialMembers"], members["countedOn"]),
            node["mayAdmit"],
            node["establishedOn"],
        ) == (
            body.name,
            body.kind,
            body.characteristics,
            body.members,
            body.may_admit,
            body.first.isoformat(),
        ), (node["code"], self.asked)

    def _compare_months(self, node: Shown) -> None:
        asked, code, account = self.asked, node["code"], f"ADMITTED_BY_{self.asked.counting.value}"
        begin = asked.period.first
        shown = [date.fromisoformat(month["first"]) for month in node["admissions"]]
        assert shown == list(_months(begin, self.last)), (code, asked)
        for month in node["admissions"]:
            first = date.fromisoformat(month["first"])
            ends = min(_next_month(first) - timedelta(days=1), self.last)
            admitted = self.total(account, code, max(first, begin), ends, asked.group)
            running = self.total(account, code, begin, ends, asked.group)
            assert (month["admitted"], month["running"]) == (admitted, running), (code, asked)
            then = later(ends + timedelta(days=1), -12) - timedelta(days=1)
            of_month = self.total(account, code, later(max(first, begin), -12), then, asked.group)
            since = self.total(account, code, later(begin, -12), then, asked.group)
            before = month["admittedYearBefore"], month["runningYearBefore"]
            assert before == (of_month, since), (code, asked)

    def _compare_source(self, node: Shown) -> None:
        """Who may still be admitted, against what is left of the target."""
        code, shown = node["code"], node["source"]
        made = self._reached(code, None)
        stages = self.counted.stages(code, self.day)
        people = sum(stages.get(stage, 0) for stage in SOURCE)
        listed = people - stages.get("IDENTIFIED", 0)
        few = "LOW_SOURCE" if made.shortfall is not None and people < made.shortfall else None
        assert {
            "sympathizers": listed,
            "needed": made.shortfall,
            "admitted": made.achieved,
            "admittedPer100Sympathizers": share_of(made.achieved, listed),
            "warning": few if people else "NO_SOURCE",
        } == {name: shown[name] for name in shown if name not in {"people", "stages"}}, (
            code,
            self.asked,
        )

    def _compare_progress(self, node: Shown) -> None:
        code, asked = node["code"], self.asked
        shown, made = node["progress"], self._reached(code, asked.group)
        assert (shown["target"], shown["achieved"], shown["percent"]) == made[:3], (code, asked)
        assert shown["pacePercent"] == pytest.approx(made.pace), (code, asked)
        stated = self.counted.target(
            code, asked.period.name, self.day, asked.group, asked.basis.value
        )
        assert (
            shown["achievedYearBefore"],
            shown["shortfall"],
            shown["statedGrowthPercent"],
        ) == (made.before, made.shortfall, stated and stated["statedGrowthPercent"]), (code, asked)
        for name, now in (("computed", made.target), ("achieved", made.achieved)):
            growth = None if now is None or not made.before else 100 * (now / made.before - 1)
            assert shown[f"{name}GrowthPercent"] == pytest.approx(growth), (code, asked)
        if "children" not in node:
            return
        below = [
            child["code"]
            for child in node["children"]["nodes"]
            if (percent := self._reached(child["code"], None).percent) is not None and percent < 50
        ]
        assert [each["code"] for each in node["belowTarget"]] == below, (code, asked)

    def _reached(self, code: str, group: str | None) -> Reached:
        return reached(self.counted, code, measure_of(self.asked), self.day, group)

    def compare_allocation(self, node: Shown, against: str) -> int:
        """The grid of the targets directly below; how many there are."""
        asked, code = self.asked, node["code"]
        name, basis = asked.period.name, asked.basis.value
        children = sorted(each for each, over in self.counted.below(code).items() if over == code)
        found = 0
        shown = {each["organization"]: each for each in node["allocation"]["rows"]}
        assert sorted(shown) == children, (code, asked)
        for place, column in enumerate(node["allocation"]["columns"]):
            group = column["group"]
            own = self.counted.target(code, name, self.day, group, against)
            count: int | None = own["count"] if own else None
            allocated = without = 0
            for child in children:
                cell = shown[child]["cells"][place]
                of_child = self.counted.target(child, name, self.day, group, basis)
                made = self._reached(child, group)
                assert cell == {
                    "group": group,
                    "count": of_child and of_child["count"],
                    "sharePercent": of_child and of_child["sharePercent"],
                    "achieved": made.achieved,
                    "percent": made.percent,
                }, (child, asked)
                allocated += (of_child and of_child["count"]) or 0
                without += of_child is None
            found += len(children) - without + (own is not None)
            assert column == {
                "group": group,
                "own": count,
                "allocated": allocated,
                "remainder": None if count is None else count - allocated,
                "without": without,
            }, (code, asked)
        assert found == self._targets_of(code, children, against), (code, asked)
        return found

    def _targets_of(self, code: str, children: list[str], against: str) -> int:
        """How many targets there are of the period, the own ones and those directly below."""
        holders = [(code, against), *((child, self.asked.basis.value) for child in children)]
        return sum(
            self.counted.target(holder, self.asked.period.name, self.day, group, basis) is not None
            for holder, basis in holders
            for group in (None, *self._groups())
        )

    def _groups(self) -> set[str]:
        """All groups that targets are stated for."""
        every = [event for each in self.counted.subjects.values() for event in each.events]
        return {
            event["data"]["group"]
            for event in every
            if event["type"] == "target.set" and event["data"]["group"]
        }

    def _compare_quality(self, node: Shown) -> None:
        asked, shown = self.asked, node["quality"]
        told = self.counted.flowed(f"ADMITTED_BY_{asked.counting.value}", self.day)
        period = (asked.period.first, self.last)
        counted = self.counted.quality(told, node["code"], period, asked.group, self.day)
        context = (node["code"], asked)
        assert shown["admitted"] == counted.admitted, context
        ages = {each["band"]: each["count"] for each in shown["ages"] if each["count"]}
        assert ages == {band: n for band, n in counted.ages.items() if n}, context
        grades = {each["grade"]: each["count"] for each in shown["grades"] if each["count"]}
        assert grades == {grade: n for grade, n in counted.grades.items() if n}, context
        stages = {stage: n for stage, n in counted.stages.items() if n}
        assert counts_of(shown["stages"]) == stages, context


def nodes_of(node: Shown, parent: str | None) -> list[tuple[Shown, str | None]]:
    """All organizations of an answer, each with the code of what it stands directly under."""
    found = [(node, parent)]
    for child in node.get("children", {"nodes": []})["nodes"]:
        found += nodes_of(child, node["code"])
    return found


def counts_of(lines: list[Shown]) -> dict[str, int]:
    """By stage."""
    return {line["stage"]: line["count"] for line in lines}


def measure_of(asked: Question) -> Measure:
    """What targets are asked for."""
    period = asked.period
    return Measure(period.name, (period.first, period.last), asked.basis.value)


def period_of(asked: Question) -> dict[str, object]:
    """A period as it is asked for."""
    name, period = asked.period.name, asked.period
    if name.isdigit():
        return {"year": int(name)}
    if "/" not in name:
        return {"term": name}
    return {"range": {"first": period.first.isoformat(), "last": period.last.isoformat()}}


def _months(first: date, last: date) -> list[date]:
    found = []
    month = first.replace(day=1)
    while first <= last and month <= last:
        found.append(month)
        month = _next_month(month)
    return found


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def counts_of_dues(dues: list[Due], day: date) -> list[Shown]:
    """How much is late and how much is to come, by kind, in the order of the kinds."""
    late = Counter(each.kind for each in dues if each.due_on < day)
    every = Counter(each.kind for each in dues)
    return [
        {"kind": kind, "late": late[kind], "coming": every[kind] - late[kind]}
        for kind in DUE_KINDS
        if every[kind]
    ]
