"""Letter 1849-CV/ĐUK of 17/9/2023: who in a bloc stays behind its target, or its source."""

from typing import Any

import pytest
from tests.acceptance.committee import Committee
from tests.acceptance.installation import Installation

TERM = {"term": "2020-2025"}
ON_THE_DAY = {"effective": "2023-09-17"}
STUDENT: dict[str, Any] = {"birthDate": "2002-03-03", "groups": ["STUDENT", "YOUTH_UNION"]}
LEVELS = {"so-1": (3, 4), "truong-1": (2, 4), "benh-vien-1": (1, 4)}
"""Admissions since the congress, and what it asked for: above, exactly at, and below a half."""


@pytest.fixture(scope="module")
def bloc(committees: Installation) -> Committee:
    """Given an agency, a college and a hospital with congress targets of the term."""
    bloc = Committee.of(committees, "lam-dong/khoi")
    for code, name in (
        ("so-1", "Đảng bộ Sở Tài chính"),
        ("truong-1", "Đảng bộ Trường Cao đẳng Đà Lạt"),
        ("benh-vien-1", "Đảng bộ Bệnh viện đa khoa"),
    ):
        bloc.establish(code, name, "chi-bo-1", "chi-bo-2")
        bloc.do(
            "registerTarget",
            occurredOn="2020-08-12",
            organization=f"{bloc.code}/{code}",
            period=TERM,
            termStartsOn="2020-08-12",
            basis="CONGRESS",
            count=LEVELS[code][1],
            document="Nghị quyết đại hội nhiệm kỳ 2020-2025",
        )
    for on in ("2021-03-02", "2022-03-02", "2023-03-02"):
        bloc.admit(_cell(bloc, "so-1"), on, grade="Giỏi")
    bloc.admit(_cell(bloc, "truong-1"), "2022-05-04", **STUDENT)
    bloc.admit(_cell(bloc, "truong-1"), "2023-05-04", birthDate="1985-01-01")
    bloc.admit(
        _cell(bloc, "benh-vien-1"), "2022-09-01", birthDate="1990-01-01", groups=["HEALTH_STAFF"]
    )
    for number, code in ((1, "so-1"), (4, "truong-1"), (5, "benh-vien-1")):
        for _ in range(number):
            groups = ["PUPIL"] if code == "truong-1" else ["HEALTH_STAFF"]
            bloc.follow(_cell(bloc, code), "2023-06-01", groups=groups)
    return bloc


@pytest.mark.requirement("R003-04", "R003-12", "R004-11")
def test_only_units_below_half_of_the_congress_target_are_named(bloc: Committee) -> None:
    """When the day of the letter is asked, then exactly half is not below; the pace is shown."""
    shown = bloc.ask(
        """belowTarget(period: {term: "2020-2025"}) { code }
        half: belowTarget(period: {term: "2020-2025"}, percent: 50.5) { code }
        children { nodes { code targets(period: {term: "2020-2025"}) {
          basis period { first } progress { achieved target percent pacePercent } } } }""",
        **ON_THE_DAY,
    )
    lines = {_last(node["code"]): node["targets"] for node in shown["children"]["nodes"]}

    assert [_last(each["code"]) for each in shown["belowTarget"]] == ["benh-vien-1"]
    assert {_last(each["code"]) for each in shown["half"]} == {"benh-vien-1", "truong-1"}
    for code, (achieved, target) in LEVELS.items():
        (line,) = lines[code]
        assert (line["basis"], line["period"]["first"]) == ("CONGRESS", "2020-08-12")
        progress = line["progress"]
        assert (progress["achieved"], progress["target"]) == (achieved, target)
        assert progress["percent"] == 100 * achieved / target
        assert progress["pacePercent"] == pytest.approx(63.5, abs=0.5)


@pytest.mark.requirement("R003-13", "R003-14")
def test_term_own_year_and_allocated_year_stand_side_by_side(bloc: Committee) -> None:
    """When the bloc allocates, and the unit plans and registers, then nobody overwrites anybody."""
    code = f"{bloc.code}/so-1"
    for basis, count in (("CONGRESS", 1), ("OWN_PLAN", 2), ("REGISTERED", 3)):
        bloc.do(
            "registerTarget",
            occurredOn="2023-01-10",
            organization=code,
            period={"year": 2023},
            basis=basis,
            count=count,
            document=f"{count}-KH/ĐU",
        )
    bloc.do(
        "allocateTargets",
        occurredOn="2023-02-01",
        organization=bloc.code,
        period={"year": 2023},
        document="5-QĐ/ĐUK",
        issuedBy="Ban Thường vụ Đảng ủy Khối",
        lines=[{"organization": code, "count": 4, "group": None}],
    )
    shown = bloc.ask(
        """targets(period: {year: 2023}) { basis group setBy registeredWith
          set { count document issuedBy } progress { achieved percent } }""",
        code,
        **ON_THE_DAY,
    )
    lines = {line["basis"]: line for line in shown["targets"]}

    assert [(line["basis"], line["set"]["count"]) for line in shown["targets"]] == [
        ("REGISTERED", 3),
        ("CONGRESS", 1),
        ("ASSIGNED", 4),
        ("OWN_PLAN", 2),
    ]
    assert lines["ASSIGNED"]["set"]["document"] == "5-QĐ/ĐUK"
    assert lines["ASSIGNED"]["setBy"] == bloc.code
    assert lines["OWN_PLAN"]["setBy"] is None
    assert lines["REGISTERED"]["registeredWith"] == bloc.code
    assert {basis: line["progress"]["percent"] for basis, line in lines.items()} == {
        "REGISTERED": pytest.approx(100 / 3),
        "CONGRESS": 100,
        "ASSIGNED": 25,
        "OWN_PLAN": 50,
    }


@pytest.mark.requirement("R003-02")
def test_results_since_the_start_of_the_term_in_number_and_quality(bloc: Committee) -> None:
    """When the bloc looks back to its congress, then number, months and grades are there."""
    shown = bloc.ask(
        """progress(period: {term: "2020-2025"}, basis: CONGRESS) { achieved }
        admissions(period: {term: "2020-2025"}) {
          first admitted running admittedYearBefore runningYearBefore }
        year: admissions(period: {year: 2023}) { running runningYearBefore }
        quality(period: {term: "2020-2025"}) { admitted grades { grade count } }""",
        **ON_THE_DAY,
    )
    months = {month["first"]: month for month in shown["admissions"]}

    assert shown["progress"]["achieved"] == 6
    assert shown["quality"] == {
        "admitted": 6,
        "grades": [{"grade": "Giỏi", "count": 3}, {"grade": "Khá", "count": 3}],
    }
    assert months["2022-09-01"] == {
        "first": "2022-09-01",
        "admitted": 1,
        "running": 4,
        "admittedYearBefore": 0,
        "runningYearBefore": 1,
    }
    assert shown["admissions"][-1]["first"] == "2023-09-01"
    assert shown["year"][-1] == {"running": 2, "runningYearBefore": 3}


@pytest.mark.requirement("R003-03")
def test_admissions_that_do_not_match_the_sympathizers_are_seen(bloc: Committee) -> None:
    """When units are compared, then the hospital admits 20 for each 100 it has, the agency 300."""
    shown = bloc.ask(
        """children { nodes { code source(period: {term: "2020-2025"}, basis: CONGRESS) {
          sympathizers admitted admittedPer100Sympathizers } } }""",
        **ON_THE_DAY,
    )
    sources = {_last(each["code"]): each["source"] for each in shown["children"]["nodes"]}

    assert sources["so-1"]["admittedPer100Sympathizers"] == 300
    assert sources["truong-1"]["admittedPer100Sympathizers"] == 50
    assert sources["benh-vien-1"] == {
        "sympathizers": 5,
        "admitted": 1,
        "admittedPer100Sympathizers": 20,
    }


@pytest.mark.requirement("R003-05", "R003-16")
def test_students_pupils_and_health_staff_are_groups_of_each_unit(bloc: Committee) -> None:
    """When a school is looked at, then one of two admissions was a student's, none a pupil's."""
    query = """groupFigures(period: {term: "2020-2025"}) {
      group admitted percentOfAdmitted source }"""
    school, hospital = (
        {
            each.pop("group"): tuple(each.values())
            for each in bloc.ask(query, f"{bloc.code}/{code}", **ON_THE_DAY)["groupFigures"]
        }
        for code in ("truong-1", "benh-vien-1")
    )

    assert school["STUDENT"] == (1, 50, 0)
    assert school["PUPIL"] == (0, 0, 4)
    assert school["YOUTH_UNION"] == (1, 50, 0)
    assert hospital["HEALTH_STAFF"] == (1, 100, 5)


def test_cells_without_an_admission_for_years_are_named(bloc: Committee) -> None:
    """When two years are asked, then the cells that never admitted, and none that did in them."""
    query = "cellsWithoutAdmission(years: %d) { organization lastAdmissionOn }"
    dry = bloc.ask(query % 2, **ON_THE_DAY)["cellsWithoutAdmission"]
    later = bloc.ask(query % 2, effective="2025-05-04")["cellsWithoutAdmission"]
    ever = bloc.ask(query % 9, **ON_THE_DAY)["cellsWithoutAdmission"]

    assert {each["organization"] for each in dry} == {
        f"{bloc.code}/{code}/chi-bo-2" for code in LEVELS
    }
    assert {each["lastAdmissionOn"] for each in dry} == {None}
    assert {each["organization"]: each["lastAdmissionOn"] for each in later} == {
        **{f"{bloc.code}/{code}/chi-bo-2": None for code in LEVELS},
        _cell(bloc, "so-1"): "2023-03-02",
        _cell(bloc, "truong-1"): "2023-05-04",
        _cell(bloc, "benh-vien-1"): "2022-09-01",
    }
    assert ever == []


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("cellsWithoutAdmission(years: 0) { organization }", "INVALID_YEARS"),
        ("cellsWithoutAdmission(years: 101) { organization }", "INVALID_YEARS"),
        ('quality(period: {year: 2023}, group: "NOBODY") { admitted }', "UNKNOWN_GROUP"),
        ('admissions(period: {year: 2023}, group: "NOBODY") { first }', "UNKNOWN_GROUP"),
        ("targets(period: {year: 1}) { basis }", "UNKNOWN_PERIOD"),
    ],
)
def test_questions_without_an_answer_are_refused(bloc: Committee, field: str, code: str) -> None:
    """When something is asked that is not there, then the refusal says what."""
    query = f'{{ organization(code: "{bloc.code}") {{ {field} }} }}'
    answer = bloc.installation.answer(query, bloc.board)

    assert [error["extensions"]["code"] for error in answer["errors"]] == [code]


@pytest.mark.parametrize("day", ["0001-01-01", "1990-02-28", "2020-02-29", "9999-12-31"])
def test_figures_of_any_day(bloc: Committee, day: str) -> None:
    """When a day long before or after is asked, then the figures are those of that day."""
    shown = bloc.ask(
        """admissions(period: {year: 2020}) { running runningYearBefore }
        groupFigures(period: {year: 2020}) { admitted }
        quality(period: {year: 2020}) { admitted }
        source(period: {year: 2020}) { people warning }
        allocation(period: {year: 2020}) { columns { group } }
        targets(period: {year: 2020}) { basis }""",
        effective=day,
        tree="2023-09-17",
    )
    months = {"0001-01-01": 0, "1990-02-28": 0, "2020-02-29": 2, "9999-12-31": 12}[day]
    people = 10 if day == "9999-12-31" else 0

    assert shown["admissions"] == [{"running": 0, "runningYearBefore": 0}] * months
    assert shown["source"]["people"] == people
    assert (shown["source"]["warning"] == "NO_SOURCE") is (people == 0)
    assert shown["quality"] == {"admitted": 0}


def _cell(bloc: Committee, code: str) -> str:
    return f"{bloc.code}/{code}/chi-bo-1"


def _last(code: str) -> str:
    return code.rpartition("/")[2]
