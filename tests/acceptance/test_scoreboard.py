"""What each member of a standing committee answers for, by area and by group of people."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from tests.acceptance.commune import Commune
from tests.acceptance.installation import Installation

SCORE = """organizations stages { stage count } admitted target achieved withoutTarget percent
  pacePercent isBelowTarget isBelowPace"""
BOARD = f"""query Q($code: String!, $member: String, $percent: Float!, $at: At) {{
  territoryScoreboard(organization: $code, period: {{year: 2022}}, member: $member,
      belowPercent: $percent, at: $at) {{
    inNobodysCharge {{ code }}
    territories {{
      territory {{ member memberName document admitted(period: {{year: 2022}}) }}
      organizations {{ code }} unplaced score {{ {SCORE} }}
      women: score(group: "WOMEN") {{ admitted }}
      minority: score(group: "ETHNIC_MINORITY") {{ {SCORE} }}
      both: score(group: "ETHNIC_MINORITY", characteristic: "ETHNIC_MINORITY_AREA") {{ admitted }}
      groups {{ group admitted percentOfAdmitted source }}
      areas {{ area {{ code name }} organizations {{ code }} score {{ {SCORE} }} }}
      belowTarget {{ code }} belowPace {{ code }} }} }} }}"""
PEOPLE = """query L($code: String!, $at: At) {
  candidates(organization: $code, first: 50, at: $at) { nodes { stage groups } } }"""
YEAR_END = {"effective": "2022-12-31"}


def board(commune: Commune, member: str | None, **at: Any) -> dict[str, Any]:  # noqa: ANN401 (clocks)
    percent = at.pop("percent", 50.0)
    code = at.pop("code", commune.district)
    token = at.pop("token", commune.board)
    variables = {"code": code, "member": member, "percent": percent, "at": at}
    found: dict[str, Any] = commune.installation.ask(BOARD, token, variables)["territoryScoreboard"]
    return found


def only(commune: Commune, member: str, **at: Any) -> dict[str, Any]:  # noqa: ANN401 (clocks)
    (found,) = board(commune, member, **at)["territories"]
    return dict(found)


def codes(shown: list[dict[str, Any]]) -> list[str]:
    return sorted(each["code"] for each in shown)


def admitted(commune: Commune, cell: str, **particulars: Any) -> None:  # noqa: ANN401 (the person's own)
    candidate = commune.identify(cell=cell, **particulars)
    commune.prepare(candidate)
    commune.admit(candidate)


def recounted(commune: Commune, *organizations: str, after: str) -> list[dict[str, Any]]:
    """The people of some organizations, from the lists of single cases."""
    found = []
    for code in organizations:
        variables = {"code": code, "at": {**YEAR_END, "after": after}}
        data = commune.installation.ask(PEOPLE, commune.board, variables)
        found += data["candidates"]["nodes"]
    return found


class Charged:
    """A member who answers for a commune, a cell below it, and a cell of another commune."""

    def __init__(self, installation: Installation) -> None:
        self.one = Commune.establish(installation, "lam-dong/bao-lam")
        self.other = Commune.establish(installation, "lam-dong/bao-lam")
        self.member = f"uvtv-{uuid4().hex[:8]}"
        self.cell = f"{self.one.code}/thon-1"
        self.foreign = f"{self.other.code}/thon-2"
        self.one.do(
            "assignCharacteristic",
            occurredOn="2021-01-05",
            organization=self.cell,
            characteristic="ETHNIC_MINORITY_AREA",
            document="12-QĐ/ĐU",
        )
        admitted(self.one, "thon-1")
        admitted(self.one, "thon-2", ethnicity="Kinh", sex="FEMALE")
        admitted(self.other, "thon-1")
        admitted(self.other, "thon-2", ethnicity="Kinh")
        self.one.identify(cell="thon-1")
        self.one.do(
            "assignTarget",
            occurredOn="2022-01-05",
            organization=self.one.code,
            period={"year": 2022},
            count=4,
        )
        self.before = datetime.now(UTC).isoformat()
        self.assigned = self.one.do(
            "assignTerritory",
            occurredOn="2022-01-06",
            organization=self.one.district,
            organizations=[self.one.code, self.cell, self.foreign],
            member=self.member,
            memberName="Lê Văn Phụ Trách",
            document="5-QĐ/HU",
        )
        self.position = self.assigned["position"]


@pytest.mark.requirement("R000-27", "R000-32")
def test_a_member_sees_the_results_of_the_territory_by_area_and_by_group(
    province: Installation,
) -> None:
    """Each person once, though a cell is named beside its commune; targets, pace and who is low."""
    charged = Charged(province)
    at = {**YEAR_END, "after": charged.position}
    shown = only(charged.one, charged.member, percent=60.0, **at)
    people = recounted(charged.one, charged.one.code, charged.foreign, after=charged.position)
    decided = [each for each in people if each["stage"] == "DECIDED"]

    assert shown["territory"] == {
        "member": charged.member,
        "memberName": "Lê Văn Phụ Trách",
        "document": "5-QĐ/HU",
        "admitted": len(decided),
    }
    assert codes(shown["organizations"]) == sorted([charged.one.code, charged.foreign])
    score = shown["score"]
    assert {each["stage"]: each["count"] for each in score["stages"]} == Counter(
        each["stage"] for each in people
    )
    assert (score["admitted"], len(people)) == (3, 4)
    assert score["admitted"] == len(decided)
    # Only the commune has a target: what the cell of the other one achieved is none of it.
    measured = ("target", "achieved", "withoutTarget", "percent", "pacePercent")
    assert [score[each] for each in measured] == [4.0, 2, 1, 50.0, 100.0]
    assert (score["isBelowTarget"], score["isBelowPace"]) == (True, True)
    assert codes(shown["belowTarget"]) == codes(shown["belowPace"]) == [charged.one.code]
    enough = only(charged.one, charged.member, **at)
    assert (enough["score"]["isBelowTarget"], enough["belowTarget"]) == (False, [])

    groups = {each["group"]: each for each in shown["groups"]}
    # A card does not show the area's group: of the cell's two people one was admitted.
    assert groups["MINORITY_AREA"]["admitted"] == 1
    for group in shown["groups"]:
        if group["group"] == "MINORITY_AREA":
            continue
        of_group = [each for each in people if group["group"] in each["groups"]]
        of_decided = [each for each in of_group if each["stage"] == "DECIDED"]
        assert group["admitted"] == len(of_decided), group
        assert group["source"] == len(of_group) - len(of_decided), group
    assert (shown["women"]["admitted"], shown["minority"]["admitted"]) == (1, 1)
    (area,) = shown["areas"]
    assert area["area"] == {"code": "ETHNIC_MINORITY_AREA", "name": "Ethnic-minority area"}
    assert codes(area["organizations"]) == [charged.cell]
    assert (area["score"]["admitted"], area["score"]["target"]) == (1, None)
    assert sum(each["count"] for each in area["score"]["stages"]) == 2
    assert shown["both"]["admitted"] == 1


@pytest.mark.requirement("R000-32")
def test_who_answers_follows_the_day_and_what_was_known(province: Installation) -> None:
    """Before the assignment nobody does; a change that is entered later is known since then."""
    charged = Charged(province)
    apart = Commune.establish(province, "lam-dong/bao-lam")
    at = {**YEAR_END, "after": charged.position}
    nobodys = codes(board(charged.one, None, **at)["inNobodysCharge"])
    assert apart.code in nobodys
    assert not {charged.one.code, charged.other.code} & set(nobodys)
    assert board(charged.one, charged.member, effective="2022-01-05")["territories"] == []
    assert board(charged.one, charged.member, known=charged.before, **YEAR_END)["territories"] == []

    then = datetime.now(UTC).isoformat()
    changed = charged.one.do(
        "changeTerritory",
        occurredOn="2022-06-15",
        territory=charged.assigned["territory"]["id"],
        organizations=[f"{charged.other.code}/thon-1"],
    )
    late = {**YEAR_END, "after": changed["position"]}

    def held(**clocks: str) -> list[str]:
        return codes(only(charged.one, charged.member, **clocks)["organizations"])

    both = sorted([charged.one.code, charged.foreign])
    assert held(**late) == [f"{charged.other.code}/thon-1"]
    assert held(effective="2022-06-14") == both
    assert held(known=then, **YEAR_END) == both
    half = only(charged.one, charged.member, effective="2022-06-14")["score"]
    assert (half["admitted"], half["achieved"], half["isBelowPace"]) == (0, 0, True)


def test_a_territory_follows_the_organizations_in_the_asked_tree(province: Installation) -> None:
    """A merger, a split: who has the people stands for them, and each person counts once."""
    charged = Charged(province)
    first, second = f"{charged.one.code}/thon-1", f"{charged.one.code}/thon-2"
    charged.one.do(
        "changeTerritory",
        occurredOn="2022-02-01",
        territory=charged.assigned["territory"]["id"],
        organizations=[first, second, charged.foreign],
    )
    merged = charged.one.do(
        "mergeOrganizations",
        occurredOn="2022-09-01",
        organizations=[first, second],
        founding={
            "superior": charged.one.code,
            "name": "Chi bộ thôn Liên Hợp",
            "kind": "SUBORDINATE_CELL",
        },
        document="20-QĐ/ĐU",
    )
    people = recounted(charged.one, charged.foreign, after=merged["position"])
    assert len(people) == 1
    founding = {"superior": charged.other.code, "kind": "SUBORDINATE_CELL"}
    query = "query L($code: String!) { candidates(organization: $code) { nodes { id } } }"
    listed = province.ask(query, charged.one.board, {"code": charged.foreign})["candidates"]
    split = charged.one.do(
        "splitOrganization",
        occurredOn="2022-10-01",
        organization=charged.foreign,
        parts=[
            {
                "founding": {**founding, "name": "Chi bộ thôn 2A"},
                "candidates": [node["id"] for node in listed["nodes"]],
            },
            {"founding": {**founding, "name": "Chi bộ thôn 2B"}, "candidates": []},
        ],
        document="40-QĐ/HU",
    )

    def told(tree: str) -> tuple[list[str], int]:
        at = {**YEAR_END, "tree": tree, "after": split["position"]}
        shown = only(charged.one, charged.member, **at)
        assert shown["unplaced"] == []
        names = [code.rpartition("/")[2] for code in codes(shown["organizations"])]
        return sorted(names), shown["score"]["admitted"]

    assert told("2022-08-31") == (["thon-1", "thon-2", "thon-2"], 3)
    assert told("2022-09-01") == (["thon-2", "thon-lien-hop"], 3)
    assert told("2022-12-31") == (["thon-2a", "thon-2b", "thon-lien-hop"], 3)
    young = only(charged.one, charged.member, tree="2015-01-15", **YEAR_END)
    assert young["organizations"] == []
    assert sorted(young["unplaced"]) == sorted([first, second, charged.foreign])


CHARGES = """query C($code: String!, $at: At) { territories(organization: $code, at: $at) {
  member charges { since organization { code } admitted(period: {year: 2022}) }
  admitted(period: {year: 2022}) } }"""


@pytest.mark.requirement("R000-32")
def test_who_answered_for_a_part_before_and_after_counts_each_admission_once(
    province: Installation,
) -> None:
    """Given charges over a commune and its cell, the cell's for longer; then the cell is split."""
    commune = Commune.establish(province, "lam-dong/bao-lam")
    first = f"{commune.code}/thon-1"
    people = [commune.identify(cell=cell) for cell in ("thon-1", "thon-2")]
    for candidate in people:
        commune.prepare(candidate)
        commune.admit(candidate)
    member = f"uvtv-{uuid4()}"
    charged = commune.do(
        "assignTerritory",
        occurredOn="2022-01-05",
        organization=commune.district,
        organizations=[commune.code, first],
        member=member,
        memberName="Lê Văn Phụ Trách",
    )
    narrowed = commune.do(
        "changeTerritory",
        occurredOn="2022-11-01",
        territory=charged["territory"]["id"],
        organizations=[first],
    )

    def charges(after: str) -> tuple[int, list[tuple[str, int]]]:
        at = {**YEAR_END, "after": after}
        asked = {"code": commune.district, "at": at}
        every = province.ask(CHARGES, commune.board, asked)["territories"]
        (found,) = [one for one in every if one["member"] == member]
        each = [(one["organization"]["code"], one["admitted"]) for one in found["charges"]]
        return found["admitted"], sorted(each)

    assert charges(narrowed["position"]) == (2, [(commune.code, 2), (first, 1)])

    parts = [
        {
            "founding": {
                "superior": commune.code,
                "name": f"Chi bộ thôn 1{letter}",
                "kind": "SUBORDINATE_CELL",
            },
            "candidates": moved,
        }
        for letter, moved in (("A", people[:1]), ("B", []))
    ]
    split = commune.do(
        "splitOrganization", occurredOn="2022-12-01", organization=first, parts=parts
    )
    total, each = charges(split["position"])
    assert each == [(commune.code, 2), (f"{first}a", 1), (f"{first}b", 0)]
    assert total == 2


def test_the_province_has_members_of_its_own_and_others_learn_nothing(
    province: Installation,
) -> None:
    """A territory of the provincial committee counts a whole district; strangers are refused."""
    commune = Commune.establish(province, "lam-dong/bao-lam")
    admitted(commune, "thon-1")
    member = f"uvtv-{uuid4().hex[:8]}"
    token = province.token("province", "lam-dong")
    at = {"code": "lam-dong", "token": token, **YEAR_END}
    whole = board(commune, member, **at)
    assert whole["territories"] == []
    assert codes(whole["inNobodysCharge"]) == ["lam-dong/bao-lam", "lam-dong/di-linh"]

    other = province.token("board", "lam-dong/di-linh")
    variables = {"code": commune.district, "member": member, "percent": 50.0, "at": {}}
    answer = province.answer(BOARD, other, variables)
    assert answer["errors"][0]["extensions"]["code"] == "ORGANIZATION_NOT_FOUND"
    office = province.token("office", commune.district)
    named = Charged(province)
    at = {**YEAR_END, "after": named.position, "token": office}
    assert only(named.one, named.member, **at)["territory"]["memberName"] is None
