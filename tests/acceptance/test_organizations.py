"""Organizations over time: what they are like, how they change, and where their people count."""

from typing import Any

import pytest
from tests.acceptance.commune import Commune


def shown(commune: Commune, code: str, fields: str, **at: str) -> Any:  # noqa: ANN401 (as asked)
    """Fields of an organization as the district's board sees them."""
    query = (
        f"query Q($code: String!, $at: At) {{ organization(code: $code, at: $at) {{ {fields} }} }}"
    )
    data = commune.installation.ask(query, commune.board, {"code": code, "at": at})
    return data["organization"]


def people(commune: Commune, code: str, **at: str) -> int:
    """How many people are counted in an organization, whatever their stage."""
    pipeline = shown(commune, code, "pipeline { stage count }", **at)["pipeline"]
    return sum(line["count"] for line in pipeline)


@pytest.mark.requirement("R004-05", "R004-06", "R004-07", "R004-08", "R000-25")
def test_cells_are_found_by_their_characteristics_of_the_day(commune: Commune) -> None:
    """A commune works with its cells in minority and religious areas, each by its own kind."""
    first, second = f"{commune.code}/thon-1", f"{commune.code}/thon-2"
    for cell, characteristic, on in (
        (first, "VILLAGE", "2021-01-05"),
        (first, "ETHNIC_MINORITY_AREA", "2021-01-05"),
        (second, "RELIGIOUS_AREA", "2021-01-05"),
        (second, "ETHNIC_MINORITY_AREA", "2022-06-01"),
    ):
        last = commune.do(
            "assignCharacteristic",
            occurredOn=on,
            organization=cell,
            characteristic=characteristic,
            document="12-QĐ/ĐU",
        )

    def cells(characteristic: str, on: str) -> list[str]:
        found = shown(
            commune,
            commune.code,
            f'cells(characteristic: "{characteristic}") {{ code }}',
            effective=on,
            after=last["position"],
        )
        return [cell["code"] for cell in found["cells"]]

    assert cells("ETHNIC_MINORITY_AREA", "2021-12-31") == [first]
    assert cells("ETHNIC_MINORITY_AREA", "2022-06-01") == [first, second]
    assert cells("RELIGIOUS_AREA", "2022-06-01") == [second]
    of_first = shown(commune, first, "characteristics { code aspect }", effective="2022-01-10")
    assert {(each["code"], each["aspect"]) for each in of_first["characteristics"]} == {
        ("ETHNIC_MINORITY_AREA", "AREA"),
        ("VILLAGE", "TYPE"),
    }
    removed = commune.do(
        "removeCharacteristic",
        occurredOn="2023-01-05",
        organization=first,
        characteristic="ETHNIC_MINORITY_AREA",
    )
    after = {"after": removed["position"]}
    assert "ETHNIC_MINORITY_AREA" not in str(
        shown(commune, first, "characteristics { code }", effective="2023-01-05", **after)
    )
    assert cells("ETHNIC_MINORITY_AREA", "2023-01-04") == [first, second]


def test_after_a_merger_people_count_at_the_successor_and_their_cases_go_on(
    commune: Commune,
) -> None:
    """Two cells become one: their history stays theirs in every older tree."""
    first, second = f"{commune.code}/thon-1", f"{commune.code}/thon-2"
    moved = commune.identify()
    commune.identify(cell="thon-2", fullName="Ka Hồng Thử")
    commune.prepare(moved)
    merged = commune.do(
        "mergeOrganizations",
        occurredOn="2022-07-01",
        organizations=[first, second],
        founding={
            "superior": commune.code,
            "name": "Chi bộ thôn Liên Hợp",
            "kind": "SUBORDINATE_CELL",
        },
        document="20-QĐ/ĐU",
    )
    after = {"after": merged["position"]}
    successor = f"{commune.code}/thon-lien-hop"

    assert merged["organization"]["code"] == successor
    assert people(commune, successor, effective="2022-07-01", **after) == 2
    assert people(commune, first, effective="2022-06-30") == 1
    assert people(commune, commune.code, effective="2022-06-30") == 2
    assert people(commune, commune.code, effective="2022-07-01") == 2
    # The same people in the tree of the day before, a year later, and in the tree of a year later.
    assert people(commune, first, effective="2023-07-01", tree="2022-06-30") == 1
    assert people(commune, successor, effective="2022-06-30", tree="2023-07-01") == 2

    voted = commune.do(
        "recordCellVote", occurredOn="2022-07-10", candidate=moved, officialMembers=9, inFavor=9
    )
    query = """query Q($id: ID!, $at: At) {
      candidate(id: $id, at: $at) { stage organization { code } } }"""
    now = commune.installation.ask(
        query, commune.board, {"id": moved, "at": {"after": voted["position"]}}
    )
    assert now["candidate"]["organization"]["code"] == successor
    assert people(commune, first, effective="2023-07-01", tree="2022-06-30") == 1
    ended = shown(commune, first, "code endedOn successors { code on } predecessors { code }")
    assert ended == {
        "code": first,
        "endedOn": "2022-07-01",
        "successors": [{"code": successor, "on": "2022-07-01"}],
        "predecessors": [],
    }
    assert [
        each["code"] for each in shown(commune, successor, "predecessors { code }")["predecessors"]
    ] == [first, second]
    refused = commune.attempt(
        "identifyCandidate",
        occurredOn="2022-08-01",
        organization=first,
        fullName="Nguyễn Văn Thử",
        birthDate="1999-01-01",
        sex="MALE",
    )
    assert refused["code"] == "ORGANIZATION_ENDED"


SPLIT_DAY = "2022-08-01"
DRY_RUN = """query Q($id: ID!) { dryRun(reorganization: $id) {
  refusal { ... on Refusal { code rule } }
  effects { code before { people openCases superior } after { people openCases superior } } } }"""


def test_a_plan_shows_what_it_would_do_is_carried_out_whole_and_can_be_taken_back(
    commune: Commune,
) -> None:
    """A cell is split, the other one ends in it; a reversal restores every figure."""
    first, second = f"{commune.code}/thon-1", f"{commune.code}/thon-2"
    one = commune.identify()
    two = commune.identify(fullName="Ka Hồng Thử")
    commune.identify(cell="thon-2", fullName="Ka Mai Thử")

    def part(name: str, *candidates: str) -> dict[str, Any]:
        founding = {"superior": commune.code, "name": name, "kind": "SUBORDINATE_CELL"}
        return {"founding": founding, "candidates": list(candidates)}

    def plan(*assigned: str) -> dict[str, Any]:
        parts = [part("Chi bộ thôn 1A", one), part("Chi bộ thôn 1B", *assigned)]
        return {
            "title": "Chia thôn 1, nhập thôn 2",
            "plannedOn": SPLIT_DAY,
            "changes": [
                {"kind": "SPLIT", "organizations": [first], "parts": parts},
                {"kind": "MERGE", "organizations": [second], "into": f"{commune.code}/thon-1a"},
            ],
        }

    def dry_run(plan_id: str) -> dict[str, Any]:
        data = commune.installation.ask(DRY_RUN, commune.board, {"id": plan_id})
        found: dict[str, Any] = data["dryRun"]
        return found

    draft = commune.do(
        "draftReorganization", occurredOn="2022-07-20", organization=commune.district, **plan()
    )["reorganization"]
    assert dry_run(draft["id"]) == {
        "refusal": {"code": "OPEN_CASES_REMAIN", "rule": "O1"},
        "effects": [],
    }
    named = {"reorganization": draft["id"]}
    commune.do("reviseReorganization", occurredOn="2022-07-21", **named, **plan(two))
    told = {each["code"]: each for each in dry_run(draft["id"])["effects"]}
    assert {
        code.removeprefix(f"{commune.code}/"): each["after"] for code, each in told.items()
    } == {
        "thon-1": None,
        "thon-2": None,
        "thon-1a": {"people": 2, "openCases": 2, "superior": commune.code},
        "thon-1b": {"people": 1, "openCases": 1, "superior": commune.code},
    }
    before = people(commune, first, effective="2022-07-31")

    done = commune.do("executeReorganization", occurredOn=SPLIT_DAY, document="40-QĐ/HU", **named)
    after = {"after": done["position"]}
    assert done["reorganization"]["state"] == "EXECUTED"
    assert people(commune, f"{commune.code}/thon-1a", effective=SPLIT_DAY, **after) == 2
    assert people(commune, f"{commune.code}/thon-1b", effective=SPLIT_DAY) == 1
    # The past of each in the tree of today, and of all of them in the tree of then.
    assert people(commune, f"{commune.code}/thon-1b", effective="2022-03-01", tree=SPLIT_DAY) == 1
    assert people(commune, first, effective=SPLIT_DAY, tree="2022-07-31") == before == 2
    names = """query Q($code: String!) { candidates(organization: $code) { nodes { id } } }"""
    listed = commune.installation.ask(names, commune.board, {"code": f"{commune.code}/thon-1b"})
    assert [node["id"] for node in listed["candidates"]["nodes"]] == [two]
    commune.do("listSympathizer", occurredOn="2022-08-05", candidate=two)

    undone = commune.do(
        "reverseReorganization", occurredOn="2022-09-01", reason="Chưa từng thực hiện", **named
    )
    after = {"after": undone["position"]}
    assert undone["reorganization"]["state"] == "REVERSED"
    assert people(commune, first, effective="2023-01-01", **after) == 2
    assert people(commune, second, effective="2023-01-01") == 1
    query = "query Q($id: ID!) { reorganization(id: $id) { state changes { kind } executedOn } }"
    shown_plan = commune.installation.ask(query, commune.board, {"id": draft["id"]})
    assert shown_plan["reorganization"] == {
        "state": "REVERSED",
        "changes": [{"kind": "SPLIT"}, {"kind": "MERGE"}],
        "executedOn": SPLIT_DAY,
    }
    query = "query Q($code: String!) { reorganizations(organization: $code) { id } }"
    plans = commune.installation.ask(query, commune.board, {"code": commune.district})
    assert draft["id"] in [each["id"] for each in plans["reorganizations"]]
    query = """query Q($code: String!) {
      auditTrail(organization: $code, first: 200) { nodes { type text } } }"""
    trail = commune.installation.ask(query, commune.board, {"code": commune.code})
    lines = trail["auditTrail"]["nodes"]
    founded = [n["text"] for n in lines if n["type"] == "organization.established"]
    assert len(founded) == 5
    assert any("thôn 1B" in text for text in founded)


TERRITORY = """
  member memberName
  charges { since until organization { code progress(period: {year: 2022}) { achieved } } }
  all: admitted(period: {year: 2022})
  area: admitted(period: {year: 2022}, group: "MINORITY_AREA")
  minority: admitted(period: {year: 2022}, group: "ETHNIC_MINORITY")"""


@pytest.mark.requirement("R000-32", "R000-27")
def test_a_member_answers_for_a_territory_and_each_organization_for_its_own_result(
    commune: Commune,
) -> None:
    """The scoreboard names who answers, by area and by group of people, and by the day."""
    area = "ETHNIC_MINORITY_AREA"
    commune.do(
        "establishOrganization",
        occurredOn="2021-01-05",
        parent=commune.code,
        name="Chi bộ thôn 3",
        kind="SUBORDINATE_CELL",
        characteristics=[area],
    )
    admitted = []
    for cell, ethnicity in (("thon-3", "Mạ"), ("thon-1", "Kinh")):
        candidate = commune.identify(cell=cell, ethnicity=ethnicity)
        commune.prepare(candidate)
        admitted.append(commune.admit(candidate))
    member = {"member": "uvtv-3", "memberName": "Lê Văn Phụ Trách"}
    assigned = commune.do(
        "assignTerritory",
        occurredOn="2022-01-05",
        organization=commune.district,
        organizations=[commune.code],
        document="5-QĐ/HU",
        **member,
    )
    territory = assigned["territory"]["id"]
    shared = commune.do(
        "assignTerritory",
        occurredOn="2022-02-01",
        organization=commune.district,
        organizations=[commune.code],
        member="uvtv-4",
        memberName="Trần Thị Phụ Trách",
    )
    assert assigned["findings"] == []
    assert shared["findings"] == [{"rule": "O3", "code": "TERRITORY_SHARED"}]

    def territory_shown(token: str) -> dict[str, Any]:
        query = f"query Q($id: ID!) {{ node(id: $id) {{ ... on Territory {{ {TERRITORY} }} }} }}"
        found: dict[str, Any] = commune.installation.ask(query, token, {"id": territory})["node"]
        return found

    found = territory_shown(commune.board)
    assert (found["memberName"], found["all"], found["area"], found["minority"]) == (
        "Lê Văn Phụ Trách",
        2,
        1,
        1,
    )
    assert found["charges"][0]["organization"] == {
        "code": commune.code,
        "progress": {"achieved": 2},
    }
    office = commune.installation.token("office", commune.district)
    assert territory_shown(office)["memberName"] is None

    # Half a year later others answer for the commune; what was achieved before stays theirs.
    other = commune.do(
        "changeTerritory",
        occurredOn="2022-06-15",
        territory=territory,
        organizations=[f"{commune.code}/thon-2"],
    )
    found = territory_shown(commune.board)
    assert found["all"] == 0
    assert [(each["since"], each["until"]) for each in found["charges"]] == [
        ("2022-01-05", "2022-06-15"),
        ("2022-06-15", None),
    ]
    query = """query Q($code: String!, $at: At) {
      inCharge: inChargeOf(organization: $code, at: $at) { member } }"""

    def in_charge(on: str) -> list[str]:
        at = {"effective": on, "after": other["position"]}
        given = {"code": f"{commune.code}/thon-3", "at": at}
        data = commune.installation.ask(query, commune.board, given)
        return sorted(each["member"] for each in data["inCharge"])

    assert in_charge("2022-01-31") == ["uvtv-3"]
    assert in_charge("2022-06-14") == ["uvtv-3", "uvtv-4"]
    assert in_charge("2022-06-15") == ["uvtv-4"]
    board = """query Q($code: String!) { organization(code: $code, at: {effective: "2022-12-31"}) {
      cells { code area: progress(period: {year: 2022}, group: "MINORITY_AREA") { achieved }
        people: progress(period: {year: 2022}, group: "ETHNIC_MINORITY") { achieved } } } }"""
    cells = commune.installation.ask(board, commune.board, {"code": commune.code})
    scores = [
        (each["code"].rpartition("/")[2], each["area"]["achieved"], each["people"]["achieved"])
        for each in cells["organization"]["cells"]
    ]
    assert scores == [("thon-1", 0, 0), ("thon-2", 0, 0), ("thon-3", 1, 1)]


def test_a_committee_has_bodies_members_and_authority_by_the_day(commune: Commune) -> None:
    """Names of bodies vary, counts are dated, and the delegated committee decides itself."""
    made = commune.do(
        "establishBody",
        occurredOn="2020-01-06",
        organization=commune.code,
        kind="ORGANIZATION_BOARD",
        name="Ban Tổ chức",
    )
    body = made["body"]["id"]
    commune.do("renameBody", occurredOn="2021-01-06", body=body, name="Ban Xây dựng TCCSĐ")
    ended = commune.do("endBody", occurredOn="2022-01-06", body=body)
    query = """query Q($code: String!, $at: At) {
      bodies(organization: $code, at: $at) { name kind endedOn organization { code } } }"""

    def bodies(on: str) -> list[dict[str, Any]]:
        at = {"effective": on, "after": ended["position"]}
        given = {"code": commune.code, "at": at}
        found: list[dict[str, Any]] = commune.installation.ask(query, commune.board, given)[
            "bodies"
        ]
        return found

    assert [each["name"] for each in bodies("2020-12-31")] == ["Ban Tổ chức"]
    assert bodies("2021-12-31") == [
        {
            "name": "Ban Xây dựng TCCSĐ",
            "kind": "ORGANIZATION_BOARD",
            "endedOn": "2022-01-06",
            "organization": {"code": commune.code},
        }
    ]
    assert bodies("2022-01-06") == []

    fields = (
        "officialMembers { officialMembers countedOn } decidesAdmission { code } mayAdmit level"
    )
    named = {"organization": commune.code}
    commune.do("countMembers", occurredOn="2021-12-31", officialMembers=41, **named)
    commune.do("delegateAdmission", occurredOn="2022-01-01", document="3-QĐ/HU", **named)
    last = commune.do("withdrawAdmission", occurredOn="2023-01-01", **named)
    before, during, after = (
        shown(commune, commune.code, fields, effective=on, after=last["position"])
        for on in ("2021-12-30", "2022-06-01", "2023-01-01")
    )
    assert before == {
        "officialMembers": None,
        "decidesAdmission": {"code": commune.district},
        "mayAdmit": False,
        "level": "GRASSROOTS",
    }
    assert during["officialMembers"] == {"officialMembers": 41, "countedOn": "2021-12-31"}
    assert (during["decidesAdmission"]["code"], during["mayAdmit"]) == (commune.code, True)
    assert after["decidesAdmission"] == {"code": commune.district}


def test_a_moved_cell_answers_to_its_new_superior_and_a_wrong_move_is_corrected(
    commune: Commune,
) -> None:
    """Scope follows today's tree, not the code; a correction puts the cell back."""
    other = Commune.establish(commune.installation, commune.district)
    candidate = commune.identify()
    cell = f"{commune.code}/thon-1"
    moved = commune.do(
        "moveOrganization", occurredOn="2022-03-01", organization=cell, superior=other.code
    )
    office = commune.installation.token("grassroots", other.code)
    former = commune.installation.token("grassroots", commune.code)
    query = "query Q($id: ID!) { candidate(id: $id) { stage } }"
    assert commune.installation.ask(query, office, {"id": candidate})["candidate"]["stage"]
    hidden = commune.installation.answer(query, former, {"id": candidate})
    assert hidden["errors"][0]["extensions"]["code"] == "CANDIDATE_NOT_FOUND"
    assert people(commune, other.code, effective="2022-03-01", after=moved["position"]) == 1
    assert people(commune, commune.code, effective="2022-03-01") == 0
    assert people(commune, commune.code, effective="2022-02-28") == 1

    corrected = commune.do(
        "correctEvent", occurredOn="2022-04-01", event=moved["position"], reason="Ghi nhầm"
    )
    at = {"effective": "2022-03-01", "after": corrected["position"]}
    assert people(commune, commune.code, **at) == 1
    refused = commune.attempt("dissolveOrganization", occurredOn="2022-05-01", organization=cell)
    assert (refused["code"], refused["rule"]) == ("OPEN_CASES_REMAIN", "O1")
    commune.do("dissolveOrganization", occurredOn="2022-05-01", organization=f"{other.code}/thon-2")
    ended = commune.do(
        "endOrganization",
        occurredOn="2022-06-01",
        organization=f"{other.code}/thon-1",
        successorsOutside=["lam-dong/di-linh/thon-1"],
    )
    assert ended["organization"]["code"] == f"{other.code}/thon-1"
    outside = shown(commune, f"{other.code}/thon-1", "successors { code name on }")
    assert outside["successors"] == [
        {"code": "lam-dong/di-linh/thon-1", "name": None, "on": "2022-06-01"}
    ]
