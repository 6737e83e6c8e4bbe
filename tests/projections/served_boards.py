"""What a served installation shows committees, compared with the recount of its exported events.

Who answers for which results, what came of dossiers and of classes, what the ranking is given.
"""

from collections.abc import Callable
from random import Random

import pytest
from tests.acceptance import recount_ranking as ranking
from tests.acceptance.recount_boards import Wanted, classes, dossiers
from tests.acceptance.recount_lists import Lists
from tests.acceptance.recount_territories import (
    AREAS,
    reached,
)
from tests.projections.asking import Asking
from tests.projections.served_figures import Shown, measure_of, period_of
from tests.projections.served_territories import Territories
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
        self._territories = Territories(served, counted, asked, random)

    def compare(self, code: str, about: str | None = None) -> None:
        """All of them, or the one about something; fails where the recount differs."""
        self._is_office = "/" not in code
        boards = {
            "dossiers returned": self._dossiers,
            "people sent to classes": self._classes,
            "territories": self._territories.compare,
            "ranking": self._ranking,
            "charges": self._territories.compare_charges,
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
