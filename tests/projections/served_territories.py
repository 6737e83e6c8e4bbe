"""Who answers for which results, compared with the recount of exported events."""

from datetime import date
from random import Random

import pytest
from tests.acceptance.recount_lists import Lists
from tests.acceptance.recount_ranking import SOURCE
from tests.acceptance.recount_territories import (
    AREAS,
    Score,
    admitted_in,
    ever_charged,
    in_area,
    in_charge,
    in_nobodys_charge,
    reached,
    score,
    standing_for,
    territories,
)
from tests.projections.asking import Asking
from tests.projections.served_figures import Shown, counts_of, measure_of, period_of
from tests.projections.three_ways import Question

SCOREBOARD = """
fragment Made on Score {
  organizations stages { stage count } admitted target achieved withoutTarget percent pacePercent
  isBelowTarget isBelowPace
}
query Scoreboard(
  $code: String!, $at: At, $period: PeriodInput!, $basis: TargetBasis!, $counting: CountingDate!,
  $percent: Float!, $group: String, $characteristic: String
) {
  board: territoryScoreboard(organization: $code, period: $period, basis: $basis,
    counting: $counting, belowPercent: $percent, at: $at) {
    territories {
      territory { member } organizations { code } unplaced
      score(group: $group, characteristic: $characteristic) { ...Made }
      groups { group admitted percentOfAdmitted source }
      areas { area { code } organizations { code } score { ...Made } }
      belowTarget { code } belowPace { code } }
    inNobodysCharge { code } } }"""
CHARGES = """query Charges(
  $code: String!, $at: At, $period: PeriodInput!, $group: String, $counting: CountingDate!
) {
  held: territories(organization: $code, at: $at) {
    member admitted(period: $period, group: $group, counting: $counting)
    charges {
      since until organization { code }
      admitted(period: $period, group: $group, counting: $counting) } }
  own: inChargeOf(organization: $code, at: $at) { member } }"""


class Territories:
    """Compares what the members of one committee answer for."""

    def __init__(self, served: Asking, counted: Lists, asked: Question, random: Random) -> None:
        self._served = served
        self._counted = counted
        self._asked = asked
        self._random = random
        self._day = asked.clocks.effective
        self._period = asked.period.first, asked.period.last
        self._last = min(asked.period.last, self._day)

    def compare(self, code: str) -> None:
        """The scoreboard; fails where the recount differs."""
        asked, percent = self._asked, self._random.choice([20.0, 50.0, 100.0])
        characteristic = self._random.choice([None, None, *AREAS])
        board = self._served.ask(
            SCOREBOARD,
            code,
            asked,
            role="board" if "/" in code else "province",
            period=period_of(asked),
            basis=asked.basis.value,
            counting=asked.counting.value,
            percent=percent,
            group=asked.group,
            characteristic=characteristic,
        )["board"]
        expected = [
            (each.member, standing_for(self._counted, each.held), each.held)
            for each in territories(self._counted, code, self._day)
        ]
        shown = board["territories"]
        assert sorted(
            (each["territory"]["member"], sorted(node["code"] for node in each["organizations"]))
            for each in shown
        ) == sorted((member, nodes) for member, nodes, _ in expected), asked
        by_member = {(member, *nodes): held for member, nodes, held in expected}
        for each in shown:
            nodes = sorted(node["code"] for node in each["organizations"])
            held = by_member[each["territory"]["member"], *nodes]
            self._compare_territory(each, nodes, held, (percent, characteristic))
        held_now = [node for _, nodes, _ in expected for node in nodes]
        free = sorted(node["code"] for node in board["inNobodysCharge"])
        assert free == in_nobodys_charge(self._counted, code, held_now), asked
        self._served.count("territories", len(shown))

    def compare_charges(self, code: str) -> None:
        """Who answers for an organization, and whom it ever gave a territory."""
        role, tenant = "board" if "/" in code else "province", "/".join(code.split("/")[:2])
        asked, by = self._asked, self._asked.counting.value
        given = {"period": period_of(asked), "group": asked.group, "counting": by}
        found = self._served.ask(CHARGES, code, asked, role=role, **given)
        held = ever_charged(self._counted, code)
        assert sorted(each["member"] for each in found["held"]) == sorted(held), (code, asked)

        told = [
            flow
            for flow in self._counted.flowed(f"ADMITTED_BY_{by}", self._day)
            if self._period[0] <= flow.on <= self._last
            and (asked.group is None or asked.group in flow.groups)
        ]
        for each in found["held"]:
            charges = held[each["member"]]
            assert each["admitted"] == admitted_in(self._counted, told, charges), (
                code,
                each,
                asked,
            )
            assert sorted(map(_charge, each["charges"]), key=str) == sorted(
                ((*charge, admitted_in(self._counted, told, [charge])) for charge in charges),
                key=str,
            ), (code, each, asked)
        own = sorted(each["member"] for each in found["own"])
        assert own == in_charge(self._counted, code, tenant, self._day), (code, self._asked)
        self._served.count("members in charge", len(own))

    def _compare_territory(
        self, shown: Shown, nodes: list[str], held: set[str], asked: tuple[float, str | None]
    ) -> None:
        percent, characteristic = asked
        counted, context = self._counted, (shown["territory"], self._asked)
        bodies = counted.places.bodies
        assert shown["unplaced"] == sorted(
            bodies[each].code
            for each in held
            if each in bodies and not standing_for(counted, [each])
        ), context
        chosen = in_area(counted, nodes, characteristic) if characteristic else nodes
        self._compare_score(shown["score"], chosen, percent, self._asked.group)
        areas = {area: within for area in AREAS if (within := in_area(counted, nodes, area))}
        assert {
            each["area"]["code"]: sorted(node["code"] for node in each["organizations"])
            for each in shown["areas"]
        } == areas, context
        for each in shown["areas"]:
            self._compare_score(each["score"], areas[each["area"]["code"]], percent, None)
        everybody = self._score(nodes, None).admitted
        for figure in shown["groups"]:
            of_group = self._score(nodes, figure["group"])
            source = sum(of_group.stages[stage] for stage in SOURCE)
            assert (figure["admitted"], figure["source"]) == (of_group.admitted, source), context
            share = 100 * of_group.admitted / everybody if everybody else None
            assert figure["percentOfAdmitted"] == share, context
        made = {
            code: reached(counted, code, measure_of(self._asked), self._day, None) for code in nodes
        }
        told = {code: each for code, each in made.items() if each.percent is not None}
        assert sorted(node["code"] for node in shown["belowTarget"]) == [
            code for code, each in told.items() if (each.percent or 0) < percent
        ], context
        assert sorted(node["code"] for node in shown["belowPace"]) == [
            code for code, each in told.items() if (each.percent or 0) < each.pace
        ], context

    def _score(self, nodes: list[str], group: str | None) -> Score:
        asked = self._asked
        counting = asked.counting.value
        return score(self._counted, nodes, measure_of(asked), counting, self._day, group)

    def _compare_score(
        self, shown: Shown, nodes: list[str], percent: float, group: str | None
    ) -> None:
        found, context = self._score(nodes, group), (nodes, self._asked)
        assert counts_of(shown["stages"]) == dict(found.stages), context
        for name, value in {
            "organizations": found.organizations,
            "admitted": found.admitted,
            "target": found.target,
            "achieved": found.achieved,
            "withoutTarget": found.without,
            "percent": found.percent,
            "pacePercent": found.pace,
        }.items():
            assert shown[name] == pytest.approx(value), (name, context)
        reached_percent, pace = found.percent, found.pace
        assert shown["isBelowTarget"] is (
            reached_percent is not None and reached_percent < percent
        ), context
        assert shown["isBelowPace"] is (
            reached_percent is not None and pace is not None and reached_percent < pace
        ), context


def _charge(shown: Shown) -> tuple[date, date | None, str, int]:
    until = shown["until"] and date.fromisoformat(shown["until"])
    since = date.fromisoformat(shown["since"])
    return since, until, shown["organization"]["code"], shown["admitted"]
