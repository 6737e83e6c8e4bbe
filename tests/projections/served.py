"""What a served installation answers over HTTP, compared with the recount of its exported events.

Nothing of the read models is called here: every answer went through a token, GraphQL and JSON.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from tests.acceptance.installation import Installation
from tests.acceptance.recount import Event
from tests.acceptance.recount_lists import BEGINS, Lists, asked_of
from tests.databases import Urls
from tests.projections.three_ways import Question

from api.authentication import claims
from app.development_key import development_key, sign
from commands.ports import Actor
from domain.access import Role

Shown = dict[str, Any]
SOURCE = (
    *("IDENTIFIED", "SYMPATHIZER", "CLASS_PROPOSED", "CLASS_ATTENDING", "CERTIFIED"),
    *("CERTIFICATE_EXPIRED", "DOSSIER_OPEN", "VETTING", "OPINIONS", "CELL_REVIEW"),
    *("GRASSROOTS_REVIEW", "SUBMITTED"),
)
NODE = """
fragment Own on Organization {
  code name kind characteristics { code } officialMembers { officialMembers countedOn } mayAdmit
  establishedOn
  pipeline(group: $group) { stage count }
  progress(period: $period, group: $group, basis: $basis) { target achieved percent }
  screening(period: $period, group: $group, counting: $counting) {
    admitted uncounted readmitted struckOff }
  admissions(period: $period, group: $group, counting: $counting) {
    first admitted running admittedYearBefore runningYearBefore }
  groupFigures(period: $period, counting: $counting) { group admitted source }
  source(period: $period, basis: $basis) { people sympathizers stages { stage count } }
  quality(period: $period, group: $group, counting: $counting) {
    admitted ages { band count } grades { grade count } stages { stage count } }
  cellsWithoutAdmission(years: $years) { organization lastAdmissionOn }
  belowTarget(period: $period, basis: $basis) { code }
}
query Figures(
  $code: String!, $at: At, $group: String, $period: PeriodInput!, $basis: TargetBasis!,
  $counting: CountingDate!, $years: Int!
) {
  organization(code: $code, at: $at) { ...Own children { nodes { ...Own
    children { nodes { ...Own children { nodes { ...Own children { nodes { code } } } } } } } } }
}
"""
PEOPLE = """
query People(
  $code: String!, $at: At, $filter: CandidateFilter, $first: Int, $after: String
) {
  page: candidates(organization: $code, at: $at, filter: $filter, first: $first, after: $after) {
    totalCount nodes { id stage groups } pageInfo { hasNextPage endCursor } } }"""
FINDINGS = """query Findings($code: String!, $at: At, $first: Int, $after: String) {
  page: breaches(organization: $code, at: $at, first: $first, after: $after) {
    nodes { position findings { rule } } pageInfo { hasNextPage endCursor } } }"""
TRAIL = """query Trail($code: String!, $at: At, $first: Int, $after: String) {
  page: auditTrail(organization: $code, at: $at, first: $first, after: $after) {
    nodes { position effectiveOn recordedAt actor type subject text }
    pageInfo { hasNextPage endCursor } } }"""
RECORDS = """query Records($code: String!, $at: At, $first: Int, $after: String) {{
  page: {kind}(organization: $code, at: $at, first: $first, after: $after) {{
    nodes {{ id {more} }} pageInfo {{ hasNextPage endCursor }} }} }}"""
OPEN = """query Open($code: String!, $at: At) {
  openObligations(organization: $code, at: $at) { totalCount nodes { obligation { id } } } }"""


@contextmanager
def serving(urls: Urls, home: Path, codes: list[str]) -> Iterator[Installation]:
    """A server over a database, with tokens of each district's board and of the auditor.

    It is started, and ready once nobody lives by a simulated clock any more.
    """
    key = development_key(home)
    environment = {"NGUON_DATABASE_URL": urls.owner, "NGUON_APP_DATABASE_URL": urls.app}
    made = Installation(home, environment=environment)
    for code in codes:
        role = Role.AUDITOR if "/" not in code else Role.BOARD
        said = claims(Actor("oracle-1", role, code), timedelta(hours=1), datetime.now(UTC))
        made.tokens["token", "--role", role.value, "--organization", code] = sign(key, said)
    try:
        made.start("--no-worker")
        yield made
    finally:
        made.stop()


class Served:
    """Compares answers; `compared` counts them by what was asked."""

    def __init__(self, installation: Installation, events: list[Event], random: Random) -> None:
        installation.wait_until_ready()
        self._installation = installation
        self._events = events
        self._random = random
        self._by_position = {event["position"]: event for event in events}
        self.compared: dict[str, int] = {}

    def compare(self, asked: Question) -> None:
        """All that an organization and those below it show; fails where the recount differs."""
        tenant, clocks = asked.code, asked.clocks
        by_province = self._random.random() < 0.4
        counted = asked_of(self._events, tenant, clocks, by_province=by_province)
        self._figures(asked, counted, "lam-dong" if by_province else tenant)
        own = counted if not by_province else asked_of(self._events, tenant, clocks)
        code = self._random.choice([tenant, tenant, *own.below(tenant)])
        if code != tenant:
            own = asked_of(self._events, code, clocks)
        self._trail(code, own, asked)
        if tenant == "lam-dong":
            return
        self._people(code, own, asked)
        self._findings(code, own, asked)
        for kind in BEGINS:
            self._records(kind, code, own, asked)
        self._open_obligations(code, own, asked)

    def _ask(self, query: str, code: str, asked: Question, /, **variables: object) -> Shown:
        at = {"effective": asked.clocks.effective.isoformat()}
        if asked.clocks.known is not None:
            at["known"] = asked.clocks.known.isoformat()
        if asked.clocks.tree is not None:
            at["tree"] = asked.clocks.tree.isoformat()
        by = str(variables.pop("by", "/".join(code.split("/")[:2])))
        token = self._installation.token("board" if "/" in by else "auditor", by)
        language = self._random.choice(["vi", "en"])
        given = {"code": code, "at": at, **variables}
        return self._installation.ask(query, token, given, language=language)

    def _pages(self, query: str, code: str, asked: Question, /, **variables: object) -> list[Shown]:
        """All nodes of a list, by pages of some size."""
        nodes: list[Shown] = []
        first = self._random.choice([5, 100, 100])
        after = None
        while True:
            page = self._ask(query, code, asked, first=first, after=after, **variables)["page"]
            nodes += page["nodes"]
            total = page.get("totalCount")
            if not page["pageInfo"]["hasNextPage"]:
                assert total in {None, len(nodes)}, (code, asked)
                return nodes
            assert len(page["nodes"]) <= first
            after = page["pageInfo"]["endCursor"]

    def _count(self, what: str, number: int) -> None:
        self.compared[what] = self.compared.get(what, 0) + number

    def _figures(self, asked: Question, counted: Lists, by: str) -> None:
        years = self._random.randint(1, 4)
        shown = self._ask(
            NODE,
            asked.code,
            asked,
            by=by,
            group=asked.group,
            period=_period(asked),
            basis=asked.basis.value,
            counting=asked.counting.value,
            years=years,
        )["organization"]
        figures = Figures(counted, asked, years)
        nodes = list(_nodes(shown, None))
        over = counted.below(asked.code)
        assert {node["code"]: parent for node, parent in nodes[1:]} == {
            code: parent for code, parent in over.items() if code != asked.code
        }, asked
        assert len(nodes) == len(over)
        for node, _ in nodes:
            figures.compare(node)
        self._count("organizations", len(nodes))

    def _people(self, code: str, counted: Lists, asked: Question) -> None:
        people = counted.people(code, "/".join(code.split("/")[:2]), asked.clocks.effective)
        standing = [stage for stage, _ in people.values()]
        some = self._random.sample(standing, min(2, len(standing)))
        for group, stages in [(None, []), (asked.group, []), (None, some)]:
            wanted = {"group": group, "stages": stages}
            nodes = self._pages(PEOPLE, code, asked, filter=wanted)
            shown = sorted((n["id"], n["stage"], sorted(n["groups"])) for n in nodes)
            assert shown == sorted(
                (person, stage, sorted(groups))
                for person, (stage, groups) in people.items()
                if group in {None, *groups} and (not stages or stage in stages)
            ), (code, asked)
            self._count("people", len(shown))

    def _findings(self, code: str, counted: Lists, asked: Question) -> None:
        nodes = self._pages(FINDINGS, code, asked)
        shown = [
            (self._by_position[n["position"]]["sequence"], [f["rule"] for f in n["findings"]])
            for n in nodes
        ]
        tenant = "/".join(code.split("/")[:2])
        assert shown == counted.findings(code, tenant, asked.clocks.effective), (code, asked)
        self._count("findings", len(shown))

    def _trail(self, code: str, counted: Lists, asked: Question) -> None:
        shown: dict[str, list[int]] = {}
        order = []
        for entry in self._pages(TRAIL, code, asked):
            event = self._by_position[entry["position"]]
            for name in ("effectiveOn", "actor", "type", "subject"):
                assert entry[name] == event[name], (entry, event)
            assert datetime.fromisoformat(entry["recordedAt"]) == datetime.fromisoformat(
                event["recordedAt"]
            )
            assert entry["text"].strip(), entry
            assert not {"{", "}", "?"} & set(entry["text"]), entry
            shown.setdefault(event["tenant"], []).append(event["sequence"])
            order.append(event["tenant"])
        assert len([n for n, each in enumerate(order) if order[n - 1 : n] != [each]]) == len(shown)
        assert shown == counted.trail(code, asked.clocks.effective), (code, asked)
        self._count("trail", len(order))

    def _records(self, kind: str, code: str, counted: Lists, asked: Question) -> None:
        more = "duties { standing }" if kind == "obligations" else ""
        nodes = self._pages(RECORDS.format(kind=kind, more=more), code, asked)
        tenant, day = "/".join(code.split("/")[:2]), asked.clocks.effective
        assert [n["id"] for n in nodes] == counted.records(kind, code, tenant, day), (code, asked)
        for node in nodes if more else ():
            standings = [duty["standing"] for duty in node["duties"]]
            assert standings == [counted.standing(node["id"], day)], (node, asked)
        self._count(kind, len(nodes))

    def _open_obligations(self, code: str, counted: Lists, asked: Question) -> None:
        found = self._ask(OPEN, code, asked)["openObligations"]
        tenant, day = "/".join(code.split("/")[:2]), asked.clocks.effective
        still = {
            each
            for each in counted.records("obligations", code, tenant, day)
            if counted.standing(each, day) in {"OPEN", "RETURNED"}
        }
        shown = [node["obligation"]["id"] for node in found["nodes"]]
        assert (set(shown), len(shown)) == (still, found["totalCount"]), (code, asked)
        self._count("open obligations", len(shown))


class Figures:
    """The figures of all organizations of one answer."""

    def __init__(self, counted: Lists, asked: Question, years: int) -> None:
        self.counted = counted
        self.asked = asked
        self.years = years
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
        assert _counts(node["pipeline"]) == stages, context
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
        for figure in node["groupFigures"]:
            group = figure["group"]
            waiting = counted.stages(code, self.day, group)
            assert figure["source"] == sum(waiting.get(stage, 0) for stage in SOURCE), context
            admitted = self.total(accounts["admitted"], code, first, self.last, group)
            assert figure["admitted"] == admitted, context
        every = counted.stages(code, self.day)
        waiting = {stage: every[stage] for stage in SOURCE if stage in every}
        assert _counts(node["source"]["stages"]) == waiting, context
        assert node["source"]["people"] == sum(waiting.values()), context
        self._compare_progress(node)
        self._compare_quality(node)
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

    def _compare_progress(self, node: Shown) -> None:
        code, asked = node["code"], self.asked
        amount, achieved, percent = self._progress(code, asked.group)
        shown = node["progress"]
        assert (shown["target"], shown["achieved"], shown["percent"]) == (
            amount,
            achieved,
            percent,
        ), (code, asked)
        if "children" not in node:
            return
        below = [
            child["code"]
            for child in node["children"]["nodes"]
            if (reached := self._progress(child["code"], None)[2]) is not None and reached < 50
        ]
        assert [each["code"] for each in node["belowTarget"]] == below, (code, asked)

    def _progress(self, code: str, group: str | None) -> tuple[float | None, int, float | None]:
        asked, basis = self.asked, self.asked.basis.value
        own = self.counted.target(code, asked.period.name, self.day, group, basis)
        total = self.counted.target(code, asked.period.name, self.day, None, basis)
        leading = own or total
        counting = leading["counting"] if leading else "DECISION"
        account = f"ADMITTED_BY_{counting}"
        first = asked.period.first
        achieved = self.total(account, code, first, self.last, group)
        if own is None:
            return None, achieved, None
        amount = own["count"]
        if amount is None:
            whole = total and total["count"]
            if whole is None:
                whole = self.total(account, code, first, self.last)
            amount = whole * own["sharePercent"] / 100
        return amount, achieved, 100 * achieved / amount if amount else None

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
        assert _counts(shown["stages"]) == stages, context


def _nodes(node: Shown, parent: str | None) -> list[tuple[Shown, str | None]]:
    found = [(node, parent)]
    for child in node.get("children", {"nodes": []})["nodes"]:
        found += _nodes(child, node["code"])
    return found


def _counts(lines: list[Shown]) -> dict[str, int]:
    return {line["stage"]: line["count"] for line in lines}


def _period(asked: Question) -> dict[str, object]:
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
