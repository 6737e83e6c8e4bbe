"""What a served installation answers over HTTP, compared with the recount of its exported events.

Nothing of the read models is called here: every answer went through a token, GraphQL and JSON.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from tests.acceptance.installation import Installation
from tests.acceptance.recount import Event
from tests.acceptance.recount_duties import OPEN as OPEN_STANDINGS
from tests.acceptance.recount_duties import duties
from tests.acceptance.recount_lists import BEGINS, Lists, asked_of
from tests.databases import Urls
from tests.projections.served_boards import Boards
from tests.projections.served_dues import Dues
from tests.projections.served_figures import NODE, Figures, Shown, nodes_of, period_of
from tests.projections.three_ways import Question

from api.authentication import claims
from app.development_key import development_key, sign
from commands.ports import Actor
from domain.access import Role
from domain.target import TargetBasis

DISTRICTS = ("lam-dong/bao-lam", "lam-dong/di-linh")
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
  openObligations(organization: $code, at: $at) {
    totalCount nodes { obligation { id } duty { occurrence } } } }"""


@contextmanager
def serving(urls: Urls, home: Path, codes: list[str]) -> Iterator[Installation]:
    """A server over a database, with tokens of each district's board and of the auditor.

    It is started, and ready once nobody lives by a simulated clock any more.
    """
    key = development_key(home)
    environment = {"NGUON_DATABASE_URL": urls.owner, "NGUON_APP_DATABASE_URL": urls.app}
    made = Installation(home, environment=environment)
    for code in codes:
        for role in [Role.BOARD] if "/" in code else [Role.AUDITOR, Role.PROVINCE]:
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
        self.compared = Counter[str]()

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
        Dues(self, own, asked, self._random).compare(code)
        self._people(code, own, asked)
        self._findings(code, own, asked)
        for kind in BEGINS:
            self._records(kind, code, own, asked)
        self._open_obligations(code, own, asked)

    def compare_boards(self, asked: Question, about: str | None = None) -> None:
        """What an organization shows its committee, or one board of it.

        Fails where the recount differs.
        """
        counted = asked_of(self._events, asked.code, asked.clocks)
        code = asked.code
        if self._random.random() < 0.3:
            code = self._random.choice([*counted.below(code)])
            counted = asked_of(self._events, code, asked.clocks)
        Boards(self, counted, asked, self._random).compare(code, about)

    def compare_dues(self, asked: Question, _about: str | None = None) -> None:
        """What is due in a district; fails where the recount differs."""
        code = asked.code if "/" in asked.code else self._random.choice(DISTRICTS)
        Dues(self, asked_of(self._events, code, asked.clocks), asked, self._random).compare(code)

    def ask(self, query: str, code: str, asked: Question, /, **variables: object) -> Shown:
        at = {"effective": asked.clocks.effective.isoformat()}
        if asked.clocks.known is not None:
            at["known"] = asked.clocks.known.isoformat()
        if asked.clocks.tree is not None:
            at["tree"] = asked.clocks.tree.isoformat()
        by = str(variables.pop("by", "/".join(code.split("/")[:2])))
        role = str(variables.pop("role", "board" if "/" in by else "auditor"))
        token = self._installation.token(role, by)
        language = self._random.choice(["vi", "en"])
        given = {"code": code, "at": at, **variables}
        return self._installation.ask(query, token, given, language=language)

    def pages(self, query: str, code: str, asked: Question, /, **variables: object) -> list[Shown]:
        """A list by pages of some size."""
        pages: list[Shown] = []
        first = self._random.choice([5, 100, 100])
        after = None
        while True:
            page = self.ask(query, code, asked, first=first, after=after, **variables)["page"]
            pages.append(page)
            total = page.get("totalCount")
            if not page["pageInfo"]["hasNextPage"]:
                nodes = sum(len(each["nodes"]) for each in pages)
                assert total is None or total == nodes
                return pages
            after = page["pageInfo"]["endCursor"]

    def _nodes(self, query: str, code: str, asked: Question, /, **variables: object) -> list[Shown]:
        """All nodes of a list."""
        pages = self.pages(query, code, asked, **variables)
        return [node for page in pages for node in page["nodes"]]

    def count(self, what: str, number: int) -> None:
        self.compared[what] += number

    def _figures(self, asked: Question, counted: Lists, by: str) -> None:
        years, within = self._random.randint(1, 4), self._random.choice([None, 0, 60, 1830])
        against = self._random.choice(list(TargetBasis)).value
        shown = self.ask(
            NODE,
            asked.code,
            asked,
            by=by,
            group=asked.group,
            period=period_of(asked),
            basis=asked.basis.value,
            counting=asked.counting.value,
            years=years,
            within=within,
            against=against,
        )["organization"]
        figures = Figures(counted, asked, years, within)
        nodes = list(nodes_of(shown, None))
        over = counted.below(asked.code)
        assert {node["code"]: parent for node, parent in nodes[1:]} == {
            code: parent for code, parent in over.items() if code != asked.code
        }, asked
        assert len(nodes) == len(over)
        for node, _ in nodes:
            figures.compare(node)
        self.count("organizations", len(nodes))
        self.count("targets allocated", figures.compare_allocation(shown, against))

    def _people(self, code: str, counted: Lists, asked: Question) -> None:
        people = counted.people(code, "/".join(code.split("/")[:2]), asked.clocks.effective)
        standing = [stage for stage, _ in people.values()]
        some = self._random.sample(standing, min(2, len(standing)))
        for group, stages in [(None, []), (asked.group, []), (None, some)]:
            wanted = {"group": group, "stages": stages}
            nodes = self._nodes(PEOPLE, code, asked, filter=wanted)
            shown = sorted((n["id"], n["stage"], sorted(n["groups"])) for n in nodes)
            assert shown == sorted(
                (person, stage, sorted(groups))
                for person, (stage, groups) in people.items()
                if group in {None, *groups} and (not stages or stage in stages)
            ), (code, asked)
            self.count("people", len(shown))

    def _findings(self, code: str, counted: Lists, asked: Question) -> None:
        nodes = self._nodes(FINDINGS, code, asked)
        shown = [
            (self._by_position[n["position"]]["sequence"], [f["rule"] for f in n["findings"]])
            for n in nodes
        ]
        tenant = "/".join(code.split("/")[:2])
        assert shown == counted.findings(code, tenant, asked.clocks.effective), (code, asked)
        self.count("findings", len(shown))

    def _trail(self, code: str, counted: Lists, asked: Question) -> None:
        shown: dict[str, list[int]] = {}
        order = []
        for entry in self._nodes(TRAIL, code, asked):
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
        self.count("trail", len(order))

    def _records(self, kind: str, code: str, counted: Lists, asked: Question) -> None:
        more = "duties { occurrence standing lastDay isLate }" if kind == "obligations" else ""
        nodes = self._nodes(RECORDS.format(kind=kind, more=more), code, asked)
        tenant, day = "/".join(code.split("/")[:2]), asked.clocks.effective
        assert [n["id"] for n in nodes] == counted.records(kind, code, tenant, day), (code, asked)
        for node in nodes if more else ():
            shown = [
                (each["occurrence"], each["standing"], each["lastDay"], each["isLate"])
                for each in node["duties"]
            ]
            assert shown == [
                (each.occurrence, each.standing, each.last and each.last.isoformat(), each.is_late)
                for each in duties(counted.subjects[node["id"]].standing(day), day)
            ], (node, asked)
        self.count(kind, len(nodes))

    def _open_obligations(self, code: str, counted: Lists, asked: Question) -> None:
        found = self.ask(OPEN, code, asked)["openObligations"]
        tenant, day = "/".join(code.split("/")[:2]), asked.clocks.effective
        still = [
            (each, duty.occurrence)
            for each in counted.records("obligations", code, tenant, day)
            for duty in duties(counted.subjects[each].standing(day), day)
            if duty.standing in OPEN_STANDINGS
        ]
        shown = [(node["obligation"]["id"], node["duty"]["occurrence"]) for node in found["nodes"]]
        assert found["totalCount"] == len(still), (code, asked)
        assert Counter(shown) == Counter(still) or len(still) > len(shown) == 500, (code, asked)
        self.count("open obligations", len(shown))
