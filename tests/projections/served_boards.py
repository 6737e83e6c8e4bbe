"""What a served installation shows committees, compared with the recount of its exported events.

Who answers for which results, what came of dossiers and of classes, what the ranking is given.
"""

from collections.abc import Callable
from datetime import date
from random import Random
from typing import Protocol

import pytest
from tests.acceptance import recount_ranking as ranking
from tests.acceptance.recount_boards import Wanted, classes, dossiers
from tests.acceptance.recount_lists import Lists
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
from tests.projections.served_figures import Shown, counts_of, measure_of, period_of
from tests.projections.three_ways import Question

HIDDEN_PAPERS = {"HISTORY", "VETTING"}
HIDDEN_RULES = {"V1", "V2", "V3", "S1"}
"""What tells of the vetting and is shown to those only who vet, which a province does not."""
RETURNS = """
fragment Back on DossierReturns {
  organization { code } submitted returned times resubmitted returnPercent
  reasons { paper count } medianDaysUntilResubmission
}
"""
DOSSIERS = (
    RETURNS
    + """query Dossiers($code: String!, $at: At, $period: PeriodInput!) {
  board: dossierReturns(organization: $code, period: $period, at: $at) {
    whole { ...Back } children { ...Back } } }"""
)
CLASSES = """
fragment Came on ClassResults {
  organization { code } held classes places sent enrolled attended passed notPassed retakes
  passPercent certificates { grade count } revoked
}
query Classes(
  $code: String!, $at: At, $period: PeriodInput!, $kind: CourseKind, $characteristic: String,
  $groups: [String!]
) {
  board: classResults(organization: $code, period: $period, kind: $kind,
    characteristic: $characteristic, groups: $groups, at: $at) {
    whole { ...Came } children { ...Came } } }"""
RANKING = (
    RETURNS
    + """query Ranking(
  $code: String!, $at: At, $period: PeriodInput!, $of: RankedOrganizations!, $years: Int!
) {
  board: rankingInput(organization: $code, period: $period, of: $of, at: $at) {
    review rules { number } isForeseen
    lines {
      organization { code level } progress { basis target achieved percent pacePercent }
      admissions { counting admitted admittedYearBefore }
      duties { onTime late missing released } findings { steps rules { rule count } }
      defects { noted open } reactions { kind count own }
      dossierReturns { ...Back } cells cellsWithoutAdmission(years: $years) } } }"""
)
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


class Asking(Protocol):
    """Where questions are asked, and answers counted by what was asked."""

    def ask(self, query: str, code: str, asked: Question, /, **variables: object) -> Shown: ...
    def pages(
        self, query: str, code: str, asked: Question, /, **variables: object
    ) -> list[Shown]: ...
    def count(self, what: str, number: int) -> None: ...


class Boards:
    """Compares the boards of one organization at one question's clocks and period."""

    def __init__(self, served: Asking, counted: Lists, asked: Question, random: Random) -> None:
        self._served = served
        self._counted = counted
        self._asked = asked
        self._random = random
        self._day = asked.clocks.effective
        self._period = asked.period.first, asked.period.last
        self._last = min(asked.period.last, self._day)
        self._is_office = False

    def compare(self, code: str, about: str | None = None) -> None:
        """All of them, or the one about something; fails where the recount differs."""
        self._is_office = "/" not in code
        boards = {
            "dossiers returned": self._dossiers,
            "people sent to classes": self._classes,
            "territories": self._scoreboard,
            "ranking": self._ranking,
            "charges": self._charges,
        }
        for board in boards.values() if about is None else [boards.get(about, self._ranking)]:
            board(code)

    def _ask(self, query: str, code: str, **variables: object) -> Shown:
        """A province's office asks about the province, a board about its district."""
        variables |= {"period": period_of(self._asked)}
        role = "board" if "/" in code else "province"
        board: Shown = self._served.ask(query, code, self._asked, role=role, **variables)["board"]
        return board

    def _parts(self, board: Shown, compare: Callable[[Shown], int]) -> int:
        """Compares each part; how much was found in all of them."""
        whole = board["whole"]["organization"]["code"]
        children = [code for code, over in self._counted.below(whole).items() if over == whole]
        shown = [each["organization"]["code"] for each in board["children"]]
        assert sorted(shown) == sorted(children), self._asked
        return sum(compare(part) for part in [board["whole"], *board["children"]])

    def _dossiers(self, code: str) -> None:
        compared = self._parts(self._ask(DOSSIERS, code), self._compare_dossiers)
        self._served.count("dossiers returned", compared)

    def _compare_dossiers(self, shown: Shown) -> int:
        """As many as came back."""
        code = shown["organization"]["code"]
        found = dossiers(self._counted, code, self._period, self._day)
        assert {
            "submitted": found.submitted,
            "returned": found.returned,
            "times": found.times,
            "resubmitted": sum(found.days.values()),
            "returnPercent": found.percent,
            "medianDaysUntilResubmission": found.median,
        } == {name: shown[name] for name in shown if name not in {"organization", "reasons"}}, (
            code,
            self._asked,
        )
        assert {each["paper"]: each["count"] for each in shown["reasons"]} == {
            paper: n
            for paper, n in found.papers.items()
            if n and not (self._is_office and paper in HIDDEN_PAPERS)
        }, (code, self._asked)
        return found.times

    def _classes(self, code: str) -> None:
        wanted = Wanted(
            self._period,
            self._random.choice([None, None, "CANDIDATE_CLASS", "NEW_MEMBER_CLASS"]),
            self._random.choice([None, None, None, *AREAS]),
            set(self._random.choice([[], [], ["WOMEN"], ["YOUTH_UNION", "YOUTH_AGE"]])),
        )

        def compare(shown: Shown) -> int:
            return self._compare_classes(shown, wanted)

        asked = {"kind": wanted.kind, "characteristic": wanted.characteristic}
        board = self._ask(CLASSES, code, **asked, groups=sorted(wanted.groups) or None)
        self._served.count("people sent to classes", self._parts(board, compare))

    def _compare_classes(self, shown: Shown, wanted: Wanted) -> int:
        """How many were sent."""
        code = shown["organization"]["code"]
        found = classes(self._counted, code, wanted, self._day)
        grades = {each["grade"]: each["count"] for each in shown["certificates"] if each["count"]}
        assert {
            "held": found.held,
            "classes": found.classes,
            "places": found.places,
            "sent": found.sent,
            "enrolled": found.enrolled,
            "attended": found.attended,
            "passed": found.passed,
            "notPassed": found.failed,
            "retakes": found.retakes,
            "passPercent": found.percent,
            "revoked": found.revoked,
        } == {
            name: shown[name] for name in shown if name not in {"organization", "certificates"}
        }, (
            code,
            wanted,
            self._asked,
        )
        assert grades == dict(found.grades), (code, wanted, self._asked)
        return found.sent

    def _ranking(self, code: str) -> None:
        of, years = self._random.choice(["CHILDREN", "GRASSROOTS"]), self._random.randint(1, 3)
        board = self._ask(RANKING, code, of=of, years=years)
        reviewed = ranking.review(self._asked.period.name, self._period)
        in_force = [each for each in ranking.RULES if each[0] <= self._last]
        assert (board["review"], (board["rules"] or {}).get("number"), board["isForeseen"]) == (
            reviewed,
            in_force[-1][1] if in_force else None,
            bool(in_force) and reviewed in in_force[-1][2],
        ), self._asked
        below = self._counted.below(code)
        shown = [each["organization"] for each in board["lines"]]
        wanted = {each for each, over in below.items() if over == code}
        if of == "GRASSROOTS":
            grassroots = {each for each in below if ranking.is_grassroots(self._counted, each)}
            wanted = grassroots - {code}
        assert sorted(each["code"] for each in shown) == sorted(wanted), self._asked
        for line in board["lines"]:
            self._compare_line(line, years)

    def _compare_line(self, shown: Shown, years: int) -> None:
        code, context = shown["organization"]["code"], (shown["organization"], self._asked)
        hidden = HIDDEN_RULES if self._is_office else set()
        name = self._asked.period.name
        found = ranking.line(self._counted, code, name, self._period, self._day, hidden)
        assert shown["duties"] == {
            each: found.duties[each] for each in ("onTime", "late", "missing", "released")
        }, context
        assert shown["findings"]["steps"] == found.steps, context
        rules = {each["rule"]: each["count"] for each in shown["findings"]["rules"]}
        assert rules == dict(found.rules), context
        assert shown["defects"] == {"noted": found.noted, "open": found.open}, context
        assert {each["kind"]: (each["count"], each["own"]) for each in shown["reactions"]} == {
            kind: (n, found.own[kind]) for kind, n in found.reactions.items()
        }, context
        for each in shown["admissions"]:
            assert (each["admitted"], each["admittedYearBefore"]) == ranking.admissions(
                self._counted, code, each["counting"], self._period, self._day
            ), context
        self._compare_dossiers(shown["dossierReturns"])
        self._compare_targets(shown["progress"], code)
        assert shown["cells"] == ranking.cells(self._counted, code), context
        told = self._counted.flowed("ADMITTED_BY_DECISION", self._day)
        dry = self._counted.dry_cells(told, code, self._day, years)
        assert shown["cellsWithoutAdmission"] == len(dry), context
        self._served.count("duties ranked", found.duties.total())
        self._served.count("defects ranked", found.noted)
        self._served.count("reactions ranked", found.reactions.total())

    def _compare_targets(self, shown: list[Shown], code: str) -> None:
        """A part of a year is measured by the target of the year, as of its end."""
        asked = measure_of(self._asked)
        first, last = asked.period
        day = self._day
        if asked.name.count("/") and first.year == last.year:
            whole = first.replace(month=1, day=1), first.replace(month=12, day=31)
            is_whole = asked.period == whole
            asked = asked._replace(name=str(first.year), period=whole)
            day = day if is_whole else min(day, last)
        for each in shown:
            made = reached(self._counted, code, asked._replace(basis=each["basis"]), day, None)
            assert (each["target"], each["achieved"], each["percent"]) == made[:3], (
                code,
                each,
                self._asked,
            )
            assert each["pacePercent"] == pytest.approx(made.pace)

    def _scoreboard(self, code: str) -> None:
        asked, percent = self._asked, self._random.choice([20.0, 50.0, 100.0])
        characteristic = self._random.choice([None, None, *AREAS])
        board = self._ask(
            SCOREBOARD,
            code,
            basis=asked.basis.value,
            counting=asked.counting.value,
            percent=percent,
            group=asked.group,
            characteristic=characteristic,
        )
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

    def _charges(self, code: str) -> None:
        """Who answers for an organization, and whom it ever gave a territory."""
        role, tenant = "province" if self._is_office else "board", "/".join(code.split("/")[:2])
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
            source = sum(of_group.stages[stage] for stage in ranking.SOURCE)
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
