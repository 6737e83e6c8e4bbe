"""Classes: planned for a year, proposed and approved, filled by the cells, genuinely graded."""

from typing import Any

import pytest
from tests.acceptance.commune import Commune
from tests.acceptance.sittings import (
    FIGURES,
    act,
    attempt,
    attend,
    grade,
    nodes,
    open_class,
)


def certified(candidate: str, score: float, grade: str, number: str) -> dict[str, object]:
    return {
        "candidate": candidate,
        "score": score,
        "grade": grade,
        "certificateNumber": number,
    }


@pytest.mark.requirement("R001-09", "R001-10", "R001-35")
def test_the_bloc_plans_its_classes_for_the_year(commune: Commune) -> None:
    """Given a plan of 3 to 4 candidate classes in quarters I, III, IV and 2 to 3 for new members.

    When four candidate classes are opened, two of them in one quarter, then the plan shows how many
    began in which quarter; the propaganda board runs them with the organization board and office.
    """
    runs: dict[str, Any] = {
        "lead": "Ban Tuyên giáo",
        "partners": ["Ban Tổ chức", "Văn phòng"],
        "occurredOn": "2023-01-02",
        "organization": commune.code,
        "year": 2023,
    }
    candidates = act(
        commune,
        "makeSchedule",
        kind="CANDIDATE_CLASS",
        minimum=3,
        maximum=4,
        quarters=[1, 3, 4],
        **runs,
    )
    members = act(
        commune,
        "makeSchedule",
        kind="NEW_MEMBER_CLASS",
        minimum=2,
        maximum=3,
        quarters=[2, 3],
        **runs,
    )
    again = attempt(
        commune,
        "makeSchedule",
        kind="NEW_MEMBER_CLASS",
        minimum=1,
        maximum=1,
        quarters=[2],
        **runs,
    )
    for number, (starts_on, quarter) in enumerate(
        [("2023-02-13", 1), ("2023-07-10", 3), ("2023-08-14", 3), ("2023-10-16", 4)]
    ):
        course = open_class(
            commune,
            starts_on,
            quarter=quarter,
            schedule=candidates["id"],
            title=f"Lớp khóa {number + 1}",
            partners=["Ban Tổ chức", "Văn phòng"],
        )
    after = {"after": course["position"]}
    shown = {each["kind"]: each for each in nodes(commune, "schedules", "Schedule", **after)}

    assert again["code"] == "SCHEDULE_EXISTS"
    assert shown["CANDIDATE_CLASS"]["progress"] == [
        {"quarter": 1, "planned": True, "opened": 1},
        {"quarter": 2, "planned": False, "opened": 0},
        {"quarter": 3, "planned": True, "opened": 2},
        {"quarter": 4, "planned": True, "opened": 1},
    ]
    assert len(shown["CANDIDATE_CLASS"]["courses"]) == 4
    assert (members["minimum"], members["maximum"], members["quarters"]) == (2, 3, [2, 3])
    assert (course["lead"], course["partners"]) == ("Ban Tuyên giáo", ["Ban Tổ chức", "Văn phòng"])
    assert [each["title"] for each in nodes(commune, "courses", "Course", **after)] == [
        "Lớp khóa 4",
        "Lớp khóa 3",
        "Lớp khóa 2",
        "Lớp khóa 1",
    ]


@pytest.mark.requirement("R003-25")
def test_the_standing_committee_approves_before_a_class_opens(commune: Commune) -> None:
    """The board proposes with a letter, the standing committee decides, then the class opens."""
    proposed = act(
        commune,
        "proposeCourse",
        occurredOn="2023-01-03",
        organization=commune.code,
        kind="CANDIDATE_CLASS",
        year=2023,
        quarter=1,
        title="Lớp khóa I",
        lead="Ban Xây dựng tổ chức cơ sở đảng",
        letterNumber="12-TTr/BXD",
    )
    opening: dict[str, Any] = {
        "course": proposed["id"],
        "occurredOn": "2023-01-10",
        "startsOn": "2023-02-13",
        "endsOn": "2023-02-17",
        "location": "Hội trường",
        "topics": ["Bài 1"],
        "passScore": 5.0,
    }
    classes = commune.installation.token("classes", commune.district)
    standing = commune.installation.token("standing", commune.district)
    approval: dict[str, Any] = {
        "course": proposed["id"],
        "occurredOn": "2023-01-05",
        "decisionNumber": "7-QĐ/ĐUK",
    }

    assert proposed["state"] == "PROPOSED"
    assert attempt(commune, "openCourse", classes, **opening)["code"] == "COURSE_NOT_APPROVED"
    assert attempt(commune, "approveCourse", classes, **approval)["code"] == "NOT_PERMITTED"
    assert act(commune, "approveCourse", standing, **approval)["state"] == "APPROVED"
    opened = act(commune, "openCourse", classes, **opening)
    assert (opened["approvedOn"], opened["decisionNumber"]) == ("2023-01-05", "7-QĐ/ĐUK")
    assert opened["opening"]["passScore"] == 5.0


@pytest.mark.requirement("R003-25", "R003-26")
def test_the_end_of_course_check_is_genuine(commune: Commune) -> None:
    """Given four people in class, one of whom never comes.

    When the check is graded, then who was never there is not assessed, who fails gets no
    certificate and may take it again, and the class shows its grades, failures and retakes.
    """
    people = [commune.identify() for _ in range(4)]
    course = open_class(commune)["id"]
    attend(commune, course, people[:3], f"{commune.code}/thon-1")
    one = {"course": course}
    act(
        commune,
        "proposeParticipants",
        occurredOn="2023-01-21",
        organization=f"{commune.code}/thon-1",
        candidates=people[3:],
        **one,
    )
    act(commune, "enrollParticipants", occurredOn="2023-02-01", candidates=people[3:], **one)
    absent = grade(commune, course, "2023-02-20", certified(people[3], 9.0, "EXCELLENT", "9/GCN"))
    unfounded = grade(commune, course, "2023-02-20", certified(people[0], 3.0, "GOOD", "1/GCN"))
    first = grade(
        commune,
        course,
        "2023-02-20",
        certified(people[0], 9.5, "EXCELLENT", "1/GCN"),
        certified(people[1], 7.0, "GOOD", "2/GCN"),
        {"candidate": people[2], "score": 4.0},
    )
    retake = grade(commune, course, "2023-03-06", certified(people[2], 6.0, "AVERAGE", "3/GCN"))

    assert absent["code"] == "NOT_ATTENDED"
    assert absent["message"].startswith("Item 1 (K'Brịp Thử Nghiệm)")
    assert unfounded["code"] == "CERTIFICATE_DOES_NOT_FIT"
    after_first = first["course"]["results"]
    assert (after_first["passed"], after_first["failed"], after_first["retakes"]) == (2, 1, 0)
    figures = retake["course"]["results"]
    assert figures == {
        "proposed": 4,
        "enrolled": 4,
        "attended": 3,
        "passed": 3,
        "failed": 0,
        "retakes": 1,
        "revoked": 0,
        "meanScore": 7.5,
        "spread": [
            {"grade": "EXCELLENT", "count": 1},
            {"grade": "VERY_GOOD", "count": 0},
            {"grade": "GOOD", "count": 1},
            {"grade": "AVERAGE", "count": 1},
        ],
    }
    who = {each["candidate"]: each for each in retake["course"]["participants"]}
    assert [each["retake"] for each in who[people[2]]["results"]] == [False, True]
    assert who[people[0]]["results"][0]["signerName"] == "Người Ký Thử"
    assert commune.stages(after=retake["position"]) == {"CERTIFIED": 3, "CLASS_ATTENDING": 1}


@pytest.mark.requirement("R003-26")
def test_one_wrong_result_records_no_certificate_at_all(commune: Commune) -> None:
    """Two people with one certificate number: nobody is graded. Later the one is revoked."""
    people = [commune.identify(), commune.identify()]
    course = open_class(commune)["id"]
    attend(commune, course, people, f"{commune.code}/thon-1")
    refused = grade(
        commune,
        course,
        "2023-02-20",
        certified(people[0], 8.0, "GOOD", "1/GCN"),
        certified(people[1], 8.0, "GOOD", "1/GCN"),
    )
    good = grade(commune, course, "2023-02-20", certified(people[0], 8.0, "GOOD", "1/GCN"))

    assert (refused["code"], refused["field"]) == (
        "CERTIFICATE_NUMBER_TAKEN",
        "results.2.certificateNumber",
    )
    assert commune.stages(after=good["position"]) == {"CERTIFIED": 1, "CLASS_ATTENDING": 1}
    revoked = act(
        commune,
        "revokeCertificate",
        occurredOn="2023-06-01",
        course=course,
        candidate=people[0],
        documentNumber="3-QĐ/TTCT",
        reason="Thi hộ",
    )
    assert revoked["results"]["revoked"] == 1
    after = {"after": revoked["position"]}
    assert commune.stages(**after) == {"IDENTIFIED": 1, "CLASS_ATTENDING": 1}
    card = """query Q($id: ID!, $at: At) { candidate(id: $id, at: $at) { stage
      certificate { number } revokedCertificates { number revokedOn documentNumber reason } } }"""
    variables = {"id": people[0], "at": after}
    assert commune.installation.ask(card, commune.board, variables)["candidate"] == {
        "stage": "IDENTIFIED",
        "certificate": None,
        "revokedCertificates": [
            {
                "number": "1/GCN",
                "revokedOn": "2023-06-01",
                "documentNumber": "3-QĐ/TTCT",
                "reason": "Thi hộ",
            }
        ],
    }


@pytest.mark.requirement("R000-17")
def test_the_results_of_minority_areas_are_seen_by_themselves(commune: Commune) -> None:
    """Given people of a minority area and of another cell in one class.

    Then the quality of the training of the area's people can be read, by area and by cell.
    """
    commune.do(
        "establishOrganization",
        occurredOn="2015-02-01",
        parent=commune.code,
        name="Chi bộ buôn Thử",
        kind="SUBORDINATE_CELL",
        codeSegment="buon-thu",
        characteristics=["ETHNIC_MINORITY_AREA"],
    )
    area = f"{commune.code}/buon-thu"
    there = commune.do(
        "identifyCandidate",
        occurredOn="2022-01-10",
        organization=area,
        fullName="K'Thử Vùng",
        birthDate="1995-05-05",
        sex="FEMALE",
        ethnicity="Mạ",
    )["candidate"]["id"]
    here = commune.identify()
    course = open_class(commune)["id"]
    attend(commune, course, [there], area)
    attend(commune, course, [here], f"{commune.code}/thon-1")
    graded = grade(
        commune,
        course,
        "2023-02-20",
        certified(there, 8.5, "VERY_GOOD", "1/GCN"),
        {"candidate": here, "score": 3.0},
    )
    query = f"""query Q($id: ID!, $groups: [String!], $cell: String) {{ node(id: $id) {{
      ... on Course {{ results(groups: $groups, organization: $cell) {FIGURES} }} }} }}"""

    def figures(**chosen: object) -> dict[str, object]:
        found: dict[str, object] = commune.installation.ask(
            query, commune.board, {"id": course, **chosen}
        )["node"]["results"]
        return found

    by_area = figures(groups=["MINORITY_AREA"])
    assert graded["course"]["results"]["failed"] == 1
    assert (by_area["enrolled"], by_area["passed"], by_area["failed"]) == (1, 1, 0)
    assert by_area["meanScore"] == 8.5
    assert figures(cell=area) == by_area
    assert figures(groups=["MINORITY_AREA", "WOMEN"]) == by_area
    assert figures(groups=["ETHNIC_MINORITY"])["enrolled"] == 2


@pytest.mark.requirement("R001-23", "R003-08")
def test_a_cell_reviews_its_people_and_proposes_them_for_the_class(commune: Commune) -> None:
    """Given places for each cell. When a cell reviews its people in a meeting and proposes them.

    Then they are on the call-up list with the resolution, no more than it has places; the cell sees
    its own people only.
    """
    people = [commune.identify(), commune.identify()]
    cell = f"{commune.code}/thon-1"
    token = commune.installation.token("cell", cell)
    course = open_class(commune)["id"]
    one: dict[str, Any] = {"course": course, "organization": cell, "occurredOn": "2023-01-20"}
    allotted = act(
        commune,
        "allotPlaces",
        occurredOn="2023-01-11",
        course=course,
        allotments=[{"unit": cell, "places": 1}, {"unit": f"{commune.code}/thon-2", "places": 5}],
    )
    review = act(
        commune,
        "holdMeeting",
        token,
        occurredOn="2023-01-18",
        organization=cell,
        kind="CELL_MEETING",
        members=9,
        present=8,
        minutesNumber="1-BB/CB",
        agenda=[
            {"text": "Rà soát 2 quần chúng ưu tú, cử người đi học lớp bồi dưỡng nhận thức"},
            {"text": "Đề nghị cử đi học", "candidate": people[0]},
        ],
    )
    proposed = act(
        commune,
        "proposeParticipants",
        token,
        candidates=people[:1],
        resolutionNumber="5-NQ/CB",
        meeting=review["id"],
        **one,
    )
    full = attempt(commune, "proposeParticipants", token, candidates=people[1:], **one)
    enrolled = act(
        commune,
        "enrollParticipants",
        occurredOn="2023-02-01",
        course=course,
        candidates=people[:1],
    )

    assert [line["proposed"] for line in allotted["allotments"]] == [0, 0]
    assert [line["proposed"] for line in proposed["allotments"]] == [1, 0]
    assert [each["candidate"] for each in proposed["participants"]] == people[:1]
    assert full["code"] == "NO_PLACE_LEFT"
    assert review["agenda"][1]["candidate"] == people[0]
    query = """query Q($code: String!, $at: At) { openCourses(organization: $code, at: $at) {
      id participants { candidate } } }"""
    found = [
        [
            each["participants"]
            for each in commune.installation.ask(
                query,
                token,
                {"code": cell, "at": {"effective": day, "after": enrolled["position"]}},
            )["openCourses"]
            if each["id"] == course
        ]
        for day in ("2023-02-02", "2023-02-18")
    ]
    assert found == [[[{"candidate": people[0]}]], []]
    withdrawn = act(
        commune,
        "withdrawParticipant",
        occurredOn="2023-02-02",
        course=course,
        candidate=people[0],
        reason="Ốm dài ngày",
    )
    assert withdrawn["participants"] == []
