"""A bloc's plan for 2021: from 200 admissions upward, 70 % of them Youth Union members."""

from typing import Any

import pytest
from tests.acceptance.committee import Committee
from tests.acceptance.installation import Installation

STUDENT: dict[str, Any] = {"birthDate": "2001-03-03", "groups": ["STUDENT", "YOUTH_UNION"]}
OFFICIAL = {"birthDate": "1978-03-03"}
DOCUMENT = "Nghị quyết Đại hội Đảng bộ Khối (khóa XIV)"
AT_YEARS_END = {"effective": "2021-12-31"}


@pytest.fixture(scope="module")
def bloc(committees: Installation) -> Committee:
    """Given two colleges and an agency, and ten admissions in 2021, seven of Youth Union members.

    Given one more admission in 2020, after the bloc's congress of 14 October.
    """
    bloc = Committee.of(committees, "binh-dinh/khoi")
    large = f"{bloc.establish('cao-dang-1', 'Đảng bộ Trường Cao đẳng Bình Định')}/chi-bo-1"
    small = f"{bloc.establish('cao-dang-2', 'Đảng bộ Trường Cao đẳng Y tế')}/chi-bo-1"
    agency = f"{bloc.establish('so-1', 'Đảng bộ Sở Nội vụ')}/chi-bo-1"
    bloc.admit(agency, "2020-11-03", **OFFICIAL)
    for day in range(1, 6):
        bloc.admit(large, f"2021-05-{day:02}", grade="Giỏi", **STUDENT)
    bloc.admit(small, "2021-06-01", **STUDENT)
    bloc.admit(small, "2021-06-02", birthDate="1988-01-01")
    bloc.admit(agency, "2021-09-01", birthDate="1992-01-01", groups=["YOUTH_UNION"])
    bloc.admit(agency, "2021-09-02", **OFFICIAL)
    bloc.admit(agency, "2021-12-20", birthDate="1966-01-01")
    bloc.do(
        "registerTargets",
        occurredOn="2021-01-04",
        organization=bloc.code,
        document=DOCUMENT,
        issuedBy="Ban Thường vụ Đảng ủy Khối",
        lines=[
            {
                "period": {"year": 2021},
                "basis": "OWN_PLAN",
                "count": 200,
                "isMinimum": True,
            },
            {
                "period": {"year": 2021},
                "basis": "OWN_PLAN",
                "group": "YOUTH_UNION",
                "sharePercent": 70,
            },
            {"period": {"year": 2022}, "basis": "CONGRESS", "count": 190},
            {"period": {"year": 2021}, "basis": "CONGRESS", "count": 180},
            {
                "period": {"term": "2020-2025"},
                "basis": "CONGRESS",
                "count": 900,
                "termStartsOn": "2020-10-14",
            },
        ],
    )
    return bloc


@pytest.mark.requirement("R001-06")
def test_two_hundred_or_more_is_a_minimum(bloc: Committee) -> None:
    """When the plan says "từ 200 trở lên", then the target says that it is a minimum."""
    line = _line(bloc, 2021, "OWN_PLAN", None)

    assert (line["set"]["count"], line["set"]["isMinimum"]) == (200, True)
    assert line["set"]["issuedBy"] == "Ban Thường vụ Đảng ủy Khối"
    assert line["progress"] == {"target": 200, "achieved": 10, "percent": 5}
    assert line["isMet"] is False
    assert _line(bloc, 2021, "CONGRESS", None)["set"]["isMinimum"] is False


@pytest.mark.requirement("R001-06")
def test_a_target_may_be_a_rate_of_the_members_at_the_start_of_the_term(bloc: Committee) -> None:
    """When another bloc's congress asks 3 % of 5,356 members a year, then that is 161 people."""
    bloc.do(
        "registerTarget",
        occurredOn="2020-10-20",
        organization=f"{bloc.code}/so-1",
        period={"year": 2021},
        basis="CONGRESS",
        ratePercent=3,
        baseCount=5356,
        isMinimum=True,
    )
    shown = bloc.ask(
        "targets(period: {year: 2021}) { set { count ratePercent baseCount isMinimum } }",
        f"{bloc.code}/so-1",
    )

    assert shown["targets"] == [
        {"set": {"count": 161, "ratePercent": 3, "baseCount": 5356, "isMinimum": True}}
    ]


@pytest.mark.requirement("R001-07")
def test_seventy_percent_both_of_the_target_and_of_the_admissions(bloc: Committee) -> None:
    """When seven of ten were Youth Union members: 140 were asked of 200, seven of the ten."""
    shown = bloc.ask(
        """progress(period: {year: 2021}, group: "YOUTH_UNION", basis: OWN_PLAN) {
          sharePercent target targetOfAchieved achieved percent }""",
        **AT_YEARS_END,
    )

    assert shown["progress"] == {
        "sharePercent": 70,
        "target": 140,
        "targetOfAchieved": 7,
        "achieved": 7,
        "percent": 5,
    }


@pytest.mark.requirement("R001-04")
def test_the_year_rolls_into_the_term(bloc: Committee) -> None:
    """When the term is asked, then its years are beside it, from the bloc's own congress on."""
    shown = bloc.ask(
        """targets(period: {term: "2020-2025"}) { basis period { first }
          years { year target achieved } progress { achieved target } }""",
        **AT_YEARS_END,
    )
    (line,) = shown["targets"]

    assert line["period"] == {"first": "2020-10-14"}
    assert line["progress"] == {"achieved": 11, "target": 900}
    assert line["years"][:3] == [
        {"year": 2020, "target": None, "achieved": 1},
        {"year": 2021, "target": 180, "achieved": 10},
        {"year": 2022, "target": 190, "achieved": 0},
    ]
    assert len(line["years"]) == 6


@pytest.mark.requirement("R001-03", "R001-05")
def test_a_younger_membership_is_seen_from_the_ages_of_the_admitted(bloc: Committee) -> None:
    """When the quality of the year is asked, then ages and grades stand beside the number."""
    shown = bloc.ask(
        """quality(period: {year: 2021}) { admitted ages { band count } grades { grade count } }
        byCeremony: quality(period: {year: 2021}, counting: CEREMONY) { admitted }""",
        **AT_YEARS_END,
    )
    quality = shown["quality"]

    assert quality["admitted"] == 10
    assert [(each["band"], each["count"]) for each in quality["ages"]] == [
        ("under-18", 0),
        ("18-30", 7),
        ("31-40", 1),
        ("41-50", 1),
        ("51-60", 1),
        ("over-60", 0),
    ]
    assert quality["grades"] == [{"grade": "Giỏi", "count": 5}, {"grade": "Khá", "count": 5}]
    assert shown["byCeremony"]["admitted"] == 9


@pytest.mark.requirement("R001-08")
def test_students_are_a_group_at_each_college(bloc: Committee) -> None:
    """When the colleges are compared, then each has its own figure and rate of students."""
    shown = bloc.ask(
        """children { nodes { code
          groupFigures(period: {year: 2021}) { group admitted percentOfAdmitted } } }""",
        **AT_YEARS_END,
    )
    students = {
        node["code"].rpartition("/")[2]: (each["admitted"], each["percentOfAdmitted"])
        for node in shown["children"]["nodes"]
        for each in node["groupFigures"]
        if each["group"] == "STUDENT"
    }

    assert students == {"cao-dang-1": (5, 100), "cao-dang-2": (1, 50), "so-1": (0, 0)}


def _line(bloc: Committee, year: int, basis: str, group: str | None) -> dict[str, Any]:
    shown = bloc.ask(
        f"""targets(period: {{year: {year}}}) {{ basis group isMet
          set {{ count isMinimum issuedBy }} progress {{ target achieved percent }} }}""",
        **AT_YEARS_END,
    )
    found: dict[str, Any] = next(
        line for line in shown["targets"] if (line["basis"], line["group"]) == (basis, group)
    )
    return found
