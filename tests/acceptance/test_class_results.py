"""What came of classes, by who sent the people, by area and by group."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.acceptance.commune import Commune
from tests.acceptance.sittings import SHOWN, act, attend, grade, open_class

RESULTS = """organization { code } held classes places sent enrolled attended passed notPassed
  retakes passPercent certificates { grade count } revoked"""
BOARD = f"""query Q($code: String!, $period: PeriodInput!, $kind: CourseKind, $area: String,
    $groups: [String!], $at: At) {{
  classResults(organization: $code, period: $period, kind: $kind, characteristic: $area,
      groups: $groups, at: $at) {{ whole {{ {RESULTS} }} children {{ {RESULTS} }} }} }}"""
AREA = "ETHNIC_MINORITY_AREA"
COUNTS = ("held", "classes", "places", "sent", "enrolled", "attended", "passed", "notPassed")


def board(commune: Commune, code: str | None = None, **given: Any) -> dict[str, Any]:  # noqa: ANN401 (what is asked, and by whom)
    token = given.pop("token", commune.board)
    asked = {name: given.pop(name, None) for name in ("kind", "area", "groups")}
    period = given.pop("period", {"year": 2023})
    variables = {"code": code or commune.code, "period": period, "at": given, **asked}
    found: dict[str, Any] = commune.installation.ask(BOARD, token, variables)["classResults"]
    return found


def counts(shown: dict[str, Any]) -> dict[str, int]:
    return {name: shown[name] for name in COUNTS}


def certified(candidate: str, score: float, mark: str, number: str) -> dict[str, object]:
    return {"candidate": candidate, "score": score, "grade": mark, "certificateNumber": number}


class Year:
    """A commune with a cell of a minority area, and its classes of 2023."""

    def __init__(self, commune: Commune) -> None:
        self.commune = commune
        self.area = f"{commune.code}/buon-thu"
        commune.do(
            "establishOrganization",
            occurredOn="2015-02-01",
            parent=commune.code,
            name="Chi bộ buôn Thử",
            kind="SUBORDINATE_CELL",
            codeSegment="buon-thu",
            characteristics=[AREA],
        )
        first, second = (f"{commune.code}/thon-{number}" for number in (1, 2))
        self.there = [commune.identify(cell="buon-thu") for _ in range(2)]
        self.here = [commune.identify() for _ in range(2)]
        self.there.append(commune.identify(cell="buon-thu", ethnicity="Kinh", sex="FEMALE"))
        self.course = open_class(commune, title="Lớp 1")["id"]
        act(
            commune,
            "allotPlaces",
            occurredOn="2023-01-11",
            course=self.course,
            allotments=[
                {"unit": self.area, "places": 4},
                {"unit": first, "places": 3},
                {"unit": second, "places": 1},
            ],
        )
        attend(commune, self.course, self.there, self.area)
        attend(commune, self.course, self.here, first)
        grade(
            commune,
            self.course,
            "2023-02-20",
            certified(self.there[0], 9.0, "EXCELLENT", "1/GCN"),
            {"candidate": self.there[1], "score": 4.0},
            certified(self.here[0], 7.0, "GOOD", "2/GCN"),
        )
        self.before_retake = datetime.now(UTC).isoformat()
        retaken = grade(
            commune, self.course, "2023-03-06", certified(self.there[1], 6.0, "AVERAGE", "3/GCN")
        )
        self.members = open_class(
            commune, "2023-05-08", kind="NEW_MEMBER_CLASS", quarter=2, title="Lớp đảng viên mới"
        )["id"]
        revoked = act(
            commune,
            "revokeCertificate",
            occurredOn="2023-06-01",
            course=self.course,
            candidate=self.here[0],
            documentNumber="3-QĐ/TTCT",
            reason="Thi hộ",
        )
        assert retaken["position"]
        self.position = revoked["position"]

    def recounted(self, *cells: str) -> dict[str, int]:
        """The same from the class's own list of people."""
        query = f"""query Q($id: ID!) {{ node(id: $id) {{
          ... on Course {{ {SHOWN["Course"]} }} }} }}"""
        installation, token = self.commune.installation, self.commune.board
        course = installation.ask(query, token, {"id": self.course})["node"]
        people = [each for each in course["participants"] if each["organization"] in cells]
        last = [each["results"][-1]["passed"] for each in people if each["results"]]
        places = [each["places"] for each in course["allotments"] if each["organization"] in cells]
        return {
            "places": sum(places),
            "sent": len(people),
            "enrolled": sum(each["enrolled"] for each in people),
            "attended": sum(each["sessionsAttended"] > 0 for each in people),
            "passed": sum(last),
            "notPassed": len(last) - sum(last),
        }


@pytest.mark.requirement("R000-17")
def test_the_training_of_each_unit_and_of_minority_areas_is_told_apart(commune: Commune) -> None:
    """One class with people of three cells: places, sent, passed, grades, and what was revoked."""
    year = Year(commune)
    cells = [f"{commune.code}/{each}" for each in ("buon-thu", "thon-1", "thon-2")]
    at = {"effective": "2023-12-31", "after": year.position}
    found = board(commune, **at)
    whole = found["whole"]
    by_cell = {each["organization"]["code"]: each for each in found["children"]}

    assert counts(whole) == {"held": 2, "classes": 1, **year.recounted(*cells)}
    assert (whole["sent"], whole["passed"], whole["notPassed"]) == (5, 3, 0)
    assert (whole["retakes"], whole["revoked"], whole["passPercent"]) == (1, 1, 100.0)
    grades = {each["grade"]: each["count"] for each in whole["certificates"]}
    assert grades == {"EXCELLENT": 1, "VERY_GOOD": 0, "GOOD": 1, "AVERAGE": 1}
    for cell in cells:
        classes = {"held": 0, "classes": 1, **year.recounted(cell)}
        assert counts(by_cell[cell]) == classes == counts(board(commune, cell, **at)["whole"])

    area = board(commune, area=AREA, **at)["whole"]
    assert counts(area) == {"held": 2, "classes": 1, **year.recounted(cells[0])}
    minority = board(commune, area=AREA, groups=["ETHNIC_MINORITY"], **at)["whole"]
    assert (minority["sent"], minority["passed"], minority["places"]) == (2, 2, 4)
    women = board(commune, groups=["WOMEN"], **at)["whole"]
    assert (women["sent"], women["enrolled"], women["passPercent"]) == (1, 1, None)
    members = board(commune, kind="NEW_MEMBER_CLASS", **at)["whole"]
    assert (members["held"], members["classes"], members["sent"]) == (1, 0, 0)
    assert board(commune, period={"year": 2022}, **at)["whole"]["held"] == 0

    # Above, the commune is one of the district's parts; the province adds up its tenants.
    district = board(commune, commune.district, **at)
    (part,) = [c for c in district["children"] if c["organization"]["code"] == commune.code]
    assert counts(part) == counts(whole)
    province = commune.installation.token("province", "lam-dong")
    above = board(commune, "lam-dong", token=province, effective="2023-12-31")
    sums = Counter[str]()
    for each in above["children"]:
        sums.update(counts(each))
    assert {**sums} == counts(above["whole"]) == counts(district["whole"])


def test_results_are_those_of_the_day_and_of_what_was_known(commune: Commune) -> None:
    """Before the retake, on the day of the class's notice, and as known before the retake."""
    year = Year(commune)
    after = {"after": year.position}

    def told(**at: str) -> tuple[int, ...]:
        whole = board(commune, **at)["whole"]
        return whole["sent"], whole["passed"], whole["notPassed"], whole["revoked"]

    assert told(effective="2023-12-31", **after) == (5, 3, 0, 1)
    assert told(effective="2023-03-05") == (5, 2, 1, 0)
    assert told(effective="2023-01-10") == (0, 0, 0, 0)
    assert told(effective="2023-12-31", known=year.before_retake) == (5, 2, 1, 0)


def test_results_stand_at_who_has_the_people_of_a_cell(commune: Commune) -> None:
    """After a merger at the successor, in the tree of before at the cell, in the whole always."""
    year = Year(commune)
    merged = commune.do(
        "mergeOrganizations",
        occurredOn="2023-08-01",
        organizations=[f"{commune.code}/thon-1", f"{commune.code}/thon-2"],
        founding={
            "superior": commune.code,
            "name": "Chi bộ thôn Liên Hợp",
            "kind": "SUBORDINATE_CELL",
        },
        document="20-QĐ/ĐU",
    )
    commune.do(
        "splitOrganization",
        occurredOn="2023-09-01",
        organization=year.area,
        parts=[
            {
                "founding": {
                    "superior": commune.code,
                    "name": f"Chi bộ buôn {name}",
                    "kind": "SUBORDINATE_CELL",
                },
                "candidates": people,
            }
            for name, people in (("A", year.there[:1]), ("B", year.there[1:]))
        ],
        document="21-QĐ/ĐU",
    )

    def sent(tree: str) -> tuple[int, dict[str, tuple[int, int]]]:
        found = board(commune, effective="2023-12-31", tree=tree, after=merged["position"])
        cells = {
            each["organization"]["code"].rpartition("/")[2]: (each["sent"], each["places"])
            for each in found["children"]
        }
        return found["whole"]["sent"], cells

    assert sent("2023-07-31") == (5, {"buon-thu": (3, 4), "thon-1": (2, 3), "thon-2": (0, 1)})
    assert sent("2023-08-01") == (5, {"buon-thu": (3, 4), "thon-lien-hop": (2, 4)})
    # A list names the divided cell, so its people count where both parts are.
    split = sent("2023-09-01")
    assert split == (5, {"buon-a": (0, 0), "buon-b": (0, 0), "thon-lien-hop": (2, 4)})


def test_places_are_kept_whose_unit_turns_out_never_to_have_been(commune: Commune) -> None:
    """Given places for the cell of a merger that is reversed, then they are the commune's.

    The cell was said to follow both cells, so they count where both are.
    """
    people = [commune.identify(cell=cell) for cell in ("thon-1", "thon-2")]
    founding = {"superior": commune.code, "name": "Thôn Nhầm", "kind": "SUBORDINATE_CELL"}
    merged = [f"{commune.code}/thon-{number}" for number in (1, 2)]
    drafted = commune.do(
        "draftReorganization",
        occurredOn="2023-01-02",
        organization=commune.district,
        title="Đề án",
        plannedOn="2023-01-02",
        changes=[{"kind": "MERGE", "organizations": merged, "founding": founding}],
    )
    plan = {"reorganization": drafted["reorganization"]["id"]}
    commune.do("executeReorganization", occurredOn="2023-01-02", document="1-NQ", **plan)
    course = open_class(commune, kind="NEW_MEMBER_CLASS")["id"]
    cell = f"{commune.code}/thon-nham"
    places = [{"unit": cell, "places": 4}]
    act(commune, "allotPlaces", occurredOn="2023-01-11", course=course, allotments=places)
    held = attend(commune, course, people, cell)
    at = {"effective": "2023-12-31"}
    before = board(commune, after=held["position"], **at)
    undone = commune.do("reverseReorganization", occurredOn="2023-03-01", reason="Nhầm", **plan)
    after = board(commune, after=undone["position"], **at)

    assert (before["whole"]["sent"], before["whole"]["places"]) == (2, 4)
    assert after["whole"] == before["whole"]
    assert [(each["sent"], each["places"]) for each in before["children"]] == [(2, 4)]
    assert [(each["sent"], each["places"]) for each in after["children"]] == [(1, 0), (1, 0)]


def test_what_is_asked_must_exist_and_be_the_askers_own(commune: Commune) -> None:
    """Unknown words are named; another tenant learns nothing; a figure is not for every role."""
    other = commune.installation.token("board", "lam-dong/di-linh")
    helper = commune.installation.token("helper", commune.district)

    def refused(token: str, **asked: Any) -> tuple[str, str | None]:  # noqa: ANN401 (what is asked)
        variables = {"code": commune.code, "period": {"year": 2023}, **asked}
        answer = commune.installation.answer(BOARD, token, variables)
        extensions = answer["errors"][0]["extensions"]
        return extensions["code"], extensions.get("field")

    assert refused(commune.board, groups=["NOBODY"]) == ("UNKNOWN_GROUP", "groups")
    assert refused(commune.board, area="MOON") == ("UNKNOWN_CHARACTERISTIC", "characteristic")
    assert refused(other)[0] == "ORGANIZATION_NOT_FOUND"
    assert refused(helper)[0] == "NOT_PERMITTED"
