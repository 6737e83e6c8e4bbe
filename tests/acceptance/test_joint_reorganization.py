"""A province's plan over HTTP: taken back, countered, and carried on after kill -9."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.acceptance.commune import Answer, mutate, served_province
from tests.acceptance.installation import Installation
from tests.acceptance.records import act
from tests.acceptance.reform import figures, people

PROVINCE, BAO_LAM, DI_LINH = "lam-dong", "lam-dong/bao-lam", "lam-dong/di-linh"
HEIRS = tuple(f"lam-dong/xa-{number}" for number in range(1, 7))
CELLS = (
    *(f"{BAO_LAM}/loc-thang/thon-{number}" for number in (1, 2, 3)),
    *(f"{DI_LINH}/dinh-lac/thon-{number}" for number in (1, 2, 3)),
)
PEOPLE_OF_A_CELL = 2
EVERYBODY = PEOPLE_OF_A_CELL * len(CELLS)
REFORM, COUNTER = "2025-07-01", "2025-09-01"
DAYS = ("2024-06-01", "2025-06-30", REFORM, COUNTER, "2025-12-31")
PAIRS = [{"effective": effective, "tree": tree} for effective in DAYS for tree in DAYS]
SHOWN = """code name pipeline { stage count }
  groupFigures(period: {year: 2025}) { group admitted source }
  progress(period: {year: 2025}) { target achieved }"""
RANKED = """query Q($code: String!, $at: At) {
  rankingInput(organization: $code, period: {year: 2025}, at: $at) {
    lines { organization { code } defects { noted } } } }"""
LISTED = (
    "query Q($code: String!, $at: At) { defects(organization: $code, at: $at) { nodes { id } } }"
)
GIVE_UP_S = 60.0

Figures = list[dict[str, dict[str, Any]]]


@dataclass
class Province:
    """Two districts with people in six cells, and six tenants of 2025 that nobody is in yet."""

    installation: Installation

    def settle(self) -> None:
        """Add what has to be there before any plan."""
        add, on = ("tenant", "add"), ("--on", REFORM)
        for code in HEIRS:
            named = ("--name", f"Đảng bộ xã {code[-1]}", "--kind", "COMMUNE")
            self.installation.run(*add, code, *named, *on)
        for cell in CELLS:
            district, commune, segment = cell.rsplit("/", 2)
            if segment == "thon-1":
                self._establish(district, district, commune, "GRASSROOTS_COMMITTEE")
            self._establish(district, f"{district}/{commune}", segment, "SUBORDINATE_CELL")
            for number in range(PEOPLE_OF_A_CELL):
                self._identify(district, cell, number)

    def _establish(self, district: str, parent: str, segment: str, kind: str) -> None:
        named = {"parent": parent, "name": f"Tổ chức {segment}", "codeSegment": segment}
        self.do("board", district, "establishOrganization", on="2015-02-01", kind=kind, **named)

    def _identify(self, district: str, cell: str, number: int) -> None:
        person = {"fullName": f"Người Thử {number}", "birthDate": "1995-05-05", "sex": "FEMALE"}
        made = self.do(
            "board", district, "identifyCandidate", on="2024-03-04", organization=cell, **person
        )
        if number:
            listed = made["candidate"]["id"]
            self.do("board", district, "listSympathizer", on="2025-02-03", candidate=listed)

    def do(self, role: str, scope: str, mutation: str, *, on: str, **fields: Any) -> Answer:  # noqa: ANN401 (a mutation's own fields)
        """The success of a mutation."""
        token = self.installation.token(role, scope)
        answer = mutate(self.installation, token, mutation, {"occurredOn": on, **fields})
        assert answer["__typename"].endswith("Recorded"), answer
        return answer

    def plan(self, on: str, *changes: dict[str, Any]) -> dict[str, Any]:
        """Name a draft, as the mutations that go on with it take it."""
        made = self.do(
            "province",
            PROVINCE,
            "draftReorganization",
            on="2025-06-02",
            organization=PROVINCE,
            title="Đề án sắp xếp",
            plannedOn=on,
            changes=[
                {"organizations": [], "parts": [], "successorsOutside": []} | c for c in changes
            ],
        )
        return {"reorganization": made["reorganization"]["id"]}

    def execute(self, on: str, plan: dict[str, Any]) -> Answer:
        """Carry a plan out."""
        given = {"document": "1671/NQ", **plan}
        return self.do("province", PROVINCE, "executeReorganization", on=on, **given)

    def reverse(self, plan: dict[str, Any]) -> Answer:
        """Say that none of it was ever true."""
        given = {"reason": "Ghi nhầm", **plan}
        return self.do("province", PROVINCE, "reverseReorganization", on="2025-12-31", **given)

    def every_figure(self, **at: str) -> Figures:
        """All figures of all organizations, at every pair of a day and a tree."""
        return [figures(self.installation, PROVINCE, SHOWN, **pair, **at) for pair in PAIRS]

    def heads(self) -> dict[str, int]:
        """How many entries each tenant's log has, by its code."""
        lines = self.installation.run("tenant", "list").splitlines()
        return {code: int(head) for _, code, head in (line.split("\t") for line in lines)}

    def require_everybody(self) -> None:
        """Each person counts once, on the last day in the tree of each day."""
        for tree in DAYS:
            at = {"effective": DAYS[-1], "tree": tree}
            shown = figures(self.installation, PROVINCE, SHOWN, **at)
            assert total(shown, PROVINCE) == EVERYBODY, at

    def progress_of(self, plan: dict[str, Any]) -> dict[str, Any]:
        """How far a plan has come."""
        query = "query Q($id: ID!) { reorganization(id: $id) { state tenants { code leg } } }"
        token = self.installation.token("province", PROVINCE)
        asked = {"id": plan["reorganization"]}
        found: dict[str, Any] = self.installation.ask(query, token, asked)["reorganization"]
        return found


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Province]:
    """Each test leaves it as it was: it reverses its plans."""
    with served_province(tmp_path_factory.mktemp("joint") / "home") as installation:
        found = Province(installation)
        found.settle()
        yield found


def goes_on(cell: str, superior: str, segment: str) -> dict[str, Any]:
    """A cell, with all its people, goes over as a cell of another tenant."""
    founding = {
        "superior": superior,
        "name": f"Chi bộ {segment}",
        "kind": "GRASSROOTS_CELL",
        "codeSegment": segment,
        "characteristics": [],
    }
    return {"kind": "HAND_OVER", "organizations": [cell], "founding": founding}


def both_districts_end(segment: str) -> list[dict[str, Any]]:
    """Each cell goes to a commune of its own."""
    changes = []
    for cell, heir in zip(CELLS, HEIRS, strict=True):
        changes.append(goes_on(cell, heir, f"{segment}-{heir[-1]}"))
    for commune, heirs in ((f"{BAO_LAM}/loc-thang", HEIRS[:3]), (f"{DI_LINH}/dinh-lac", HEIRS[3:])):
        district = commune.rpartition("/")[0]
        changes += [
            {"kind": "HAND_OVER", "organizations": [commune], "into": heirs[0]},
            {"kind": "END", "organizations": [district], "successorsOutside": list(heirs)},
        ]
    return changes


def total(shown: dict[str, dict[str, Any]], code: str) -> int:
    """All people of an organization, whatever their stage; 0 where it is not there."""
    return sum(line["count"] for line in shown.get(code, {"pipeline": []})["pipeline"])


def test_a_reversal_restores_every_figure_of_every_organization(province: Province) -> None:
    """At each pair of a day and a tree; and what was known between is as it was."""
    before = province.every_figure()
    assert {total(shown, PROVINCE) for shown in before} == {EVERYBODY}
    plan = province.plan(REFORM, *both_districts_end("nhap"))
    executed = province.execute(REFORM, plan)
    between = province.every_figure(after=executed["position"])
    known = datetime.now(UTC).isoformat()
    assert {total(shown, PROVINCE) for shown in between} == {EVERYBODY}
    assert [total(between[-1], heir) for heir in HEIRS] == [PEOPLE_OF_A_CELL] * len(HEIRS)

    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(province.reverse, plan)
        while not answer.done():
            province.require_everybody()
    undone = answer.result()
    assert undone["reorganization"]["state"] == "REVERSED"
    assert province.every_figure(after=undone["position"]) == before
    as_known = province.every_figure(known=known)
    assert {total(shown, PROVINCE) for shown in as_known} == {EVERYBODY}


def test_a_defect_of_a_cell_that_never_came_is_ranked_where_it_is_listed(
    province: Province,
) -> None:
    """Given a hand-over that is reversed, then a defect noted after it stays with the commune."""
    plan = province.plan(REFORM, goes_on(CELLS[0], HEIRS[0], "nham"))
    province.execute(REFORM, plan)
    installation = province.installation
    noted = {"organization": f"{HEIRS[0]}/nham", "foundBy": "UBKT", "what": "Thiếu chữ ký"}
    token = installation.token("inspection", HEIRS[0])
    act(installation, token, "noteDefect", "Defect", "id", occurredOn="2025-08-01", **noted)
    undone = province.reverse(plan)
    at = {"effective": "2025-12-31", "after": undone["position"]}
    asked = {"code": PROVINCE, "at": at}
    lines = installation.ask(RANKED, installation.token("province", PROVINCE), asked)
    ranked = {
        each["organization"]["code"]: each["defects"]["noted"]
        for each in lines["rankingInput"]["lines"]
    }
    listed = {
        code: len(
            installation.ask(LISTED, installation.token("board", code), {**asked, "code": code})[
                "defects"
            ]["nodes"]
        )
        for code in (BAO_LAM, HEIRS[0])
    }

    assert listed == {BAO_LAM: 0, HEIRS[0]: 1}
    assert {code: ranked[code] for code in listed} == listed


def test_a_counter_plan_restores_the_figures_from_its_day_on(province: Province) -> None:
    """The cells go back under new codes; of the time between the successors keep theirs."""
    there, back, heir = CELLS[3], f"{DI_LINH}/dinh-lac", HEIRS[5]
    before = province.every_figure()
    plan = province.plan(REFORM, goes_on(there, heir, "sang"))
    province.execute(REFORM, plan)
    between = province.every_figure()
    given_back = goes_on(f"{heir}/sang", back, "thon-1-tro-ve")
    given_back["founding"]["kind"] = "SUBORDINATE_CELL"
    counter = province.plan(COUNTER, given_back)
    countered = province.execute(COUNTER, counter)
    after = province.every_figure(after=countered["position"])

    for pair, was, then, now in zip(PAIRS, before, between, after, strict=True):
        if pair["tree"] < COUNTER:
            assert of(now, BAO_LAM, DI_LINH, heir) == of(then, BAO_LAM, DI_LINH, heir), pair
        else:
            assert of(now, BAO_LAM, DI_LINH, back, heir) == of(was, BAO_LAM, DI_LINH, back, heir)
            assert total(now, f"{back}/thon-1-tro-ve") == total(was, there)
        assert total(now, PROVINCE) == EVERYBODY
    province.reverse(counter)
    assert province.every_figure(after=province.reverse(plan)["position"]) == before


def of(shown: dict[str, dict[str, Any]], *codes: str) -> list[Any]:
    """The figures of some organizations."""
    return [shown.get(code) for code in codes]


@pytest.mark.parametrize("leg", ["DEPARTURE", "ARRIVAL"])
def test_a_plan_goes_on_after_kill_9_and_counts_each_person_once_all_the_while(
    province: Province, leg: str
) -> None:
    """The mutation is cut off between two tenants; who starts next carries the plan on."""
    installation, before = province.installation, province.every_figure()
    plan = province.plan(REFORM, *both_districts_end(f"giua-{leg.lower()}"))
    empty = province.heads()
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(province.execute, REFORM, plan)
        wait_for(province, plan, leg)
        installation.kill()
        with pytest.raises((OSError, AssertionError)):
            answer.result(GIVE_UP_S)
    heads = province.heads()
    assert any(heads[heir] == empty[heir] for heir in HEIRS), "somebody still waits"

    installation.serve()
    until = time.monotonic() + GIVE_UP_S
    while province.progress_of(plan)["state"] != "EXECUTED":
        assert time.monotonic() < until
        province.require_everybody()
    province.require_everybody()
    assert [len(people(installation, heir, effective=DAYS[-1])) for heir in HEIRS] == [2] * 6
    undone = province.reverse(plan)
    assert province.every_figure(after=undone["position"]) == before


def wait_for(province: Province, plan: dict[str, Any], leg: str) -> None:
    """Look until some tenant has taken a leg. Fails when none does."""
    until = time.monotonic() + GIVE_UP_S
    while time.monotonic() < until:
        if any(each["leg"] == leg for each in province.progress_of(plan)["tenants"]):
            return
    raise AssertionError("the plan never came so far")
