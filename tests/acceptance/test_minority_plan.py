"""Plan 100-KH/HU of 20/04/2023: 30 minority admissions in the year, 40 % more than in 2022."""

from typing import Any

import pytest
from tests.acceptance.committee import Committee
from tests.acceptance.installation import Installation

MINORITY = {"ethnicity": "Mạ"}
YEAR = {"year": 2023}


@pytest.fixture(scope="module")
def bao_lam(committees: Installation) -> Committee:
    """Given a commune of a minority area, a township and a commune without a source.

    Given 21 minority admissions in 2022, and four in 2023 by the middle of October.
    """
    district = Committee.of(committees, "lam-dong/bao-lam")
    area = ("ETHNIC_MINORITY_AREA",)
    b_la = f"{district.establish('b-la', 'Đảng bộ xã B’Lá', characteristics=area)}/chi-bo-1"
    loc_thang = f"{district.establish('loc-thang', 'Đảng bộ thị trấn Lộc Thắng')}/chi-bo-1"
    district.establish("loc-bao", "Đảng bộ xã Lộc Bảo")
    for month in (6, 7, 8):
        for day in range(1, 8):
            district.admit(b_la, f"2022-{month:02}-{day:02}", **MINORITY)
    women = {"sex": "FEMALE", "religion": "Công giáo"}
    district.admit(b_la, "2023-06-05", grade="Giỏi", **MINORITY, **women)
    district.admit(b_la, "2023-07-05", grade="Giỏi", **MINORITY, sex="FEMALE")
    district.admit(b_la, "2023-09-06", **MINORITY)
    district.admit(loc_thang, "2023-10-10", grade="Trung bình", **MINORITY)
    for _ in range(9):
        district.follow(b_la, "2023-02-01", **MINORITY)
    district.follow(loc_thang, "2023-02-01")
    return district


@pytest.mark.requirement("R000-10", "R000-12", "R000-13")
def test_thirty_admissions_are_stated_allocated_and_followed(bao_lam: Committee) -> None:
    """When the district states 30 (+40 %) and allocates 21 of it by the plan.

    Then the grid shows the remainder of 9, until it is allocated; a second decision about the same
    cell of the grid is refused; the stated growth stands beside the one counted from 21 admissions.
    """
    bao_lam.do(
        "registerTargets",
        occurredOn="2022-12-26",
        organization=bao_lam.code,
        document="07-NQ/HU",
        issuedBy="Ban Chấp hành Đảng bộ huyện",
        lines=[
            {"period": YEAR, "basis": "OWN_PLAN", "count": 120},
            {
                "period": YEAR,
                "basis": "OWN_PLAN",
                "group": "ETHNIC_MINORITY",
                "count": 30,
                "statedGrowthPercent": 40,
            },
        ],
    )
    b_la, loc_thang = f"{bao_lam.code}/b-la", f"{bao_lam.code}/loc-thang"
    plan = {
        "organization": bao_lam.code,
        "period": YEAR,
        "document": "100-KH/HU",
        "issuedBy": "Ban Thường vụ Huyện ủy",
    }
    lines = [
        {"organization": b_la, "group": "ETHNIC_MINORITY", "count": 12},
        {"organization": b_la, "count": 20},
        {"organization": loc_thang, "group": "ETHNIC_MINORITY", "count": 9},
        {"organization": loc_thang, "count": 40},
    ]
    bao_lam.do("allocateTargets", occurredOn="2023-04-20", lines=lines, **plan)

    grid = _grid(bao_lam)
    assert grid["columns"] == [
        {"group": None, "own": 120, "allocated": 60, "remainder": 60, "without": 1},
        {"group": "ETHNIC_MINORITY", "own": 30, "allocated": 21, "remainder": 9, "without": 1},
    ]
    again = [{"organization": f"{bao_lam.code}/loc-bao", "group": "WOMEN", "count": 1}, lines[0]]
    refused = bao_lam.attempt("allocateTargets", occurredOn="2023-04-21", lines=again, **plan)
    assert refused["code"] == "TARGET_ALREADY_SET"
    assert b_la in refused["message"]
    assert _grid(bao_lam) == grid

    rest = [
        {"organization": f"{bao_lam.code}/loc-bao", "group": "ETHNIC_MINORITY", "count": 9},
    ]
    bao_lam.do("allocateTargets", occurredOn="2023-05-04", lines=rest, **plan)
    grid = _grid(bao_lam)
    assert [column["remainder"] for column in grid["columns"]] == [60, 0]
    cells = {row["organization"].rpartition("/")[2]: row["cells"][1] for row in grid["rows"]}
    assert {name: (cell["count"], cell["achieved"]) for name, cell in cells.items()} == {
        "b-la": (12, 3),
        "loc-thang": (9, 1),
        "loc-bao": (9, 0),
    }
    assert cells["b-la"]["percent"] == 25

    line = _lines(bao_lam, "OWN_PLAN", "ETHNIC_MINORITY")
    assert line["set"]["document"] == "07-NQ/HU"
    assert line["set"]["issuedBy"] == "Ban Chấp hành Đảng bộ huyện"
    progress = line["progress"]
    assert (progress["target"], progress["achieved"], line["isMet"]) == (30, 4, False)
    assert progress["achievedYearBefore"] == 21
    assert progress["statedGrowthPercent"] == 40
    assert progress["computedGrowthPercent"] == pytest.approx(42.857, abs=0.001)
    assert progress["pacePercent"] == pytest.approx(100 * (9 + 15 / 31) / 12)
    total = _lines(bao_lam, "OWN_PLAN", None)
    assert (total["progress"]["target"], total["progress"]["achieved"]) == (120, 4)


@pytest.mark.requirement("R000-11")
def test_women_minority_and_religious_people_in_every_result_view(bao_lam: Committee) -> None:
    """When results are asked by group, then each view has the group's own figure."""
    shown = bao_lam.ask(
        """groupFigures(period: {year: 2023}) { group admitted percentOfAdmitted source }
        women: admissions(period: {year: 2023}, group: "WOMEN") { first admitted running }
        pipeline(group: "WOMEN") { stage count }
        religious: progress(period: {year: 2023}, group: "RELIGIOUS") { achieved }
        quality(period: {year: 2023}, group: "RELIGIOUS") { admitted }""",
        effective="2023-10-15",
    )
    groups = {each.pop("group"): each for each in shown["groupFigures"]}

    assert groups["WOMEN"] == {"admitted": 2, "percentOfAdmitted": 50, "source": 0}
    assert groups["ETHNIC_MINORITY"] == {"admitted": 4, "percentOfAdmitted": 100, "source": 9}
    assert groups["RELIGIOUS"] == {"admitted": 1, "percentOfAdmitted": 25, "source": 0}
    assert groups["MINORITY_AREA"]["admitted"] == 3
    assert [month["running"] for month in shown["women"]] == [0, 0, 0, 0, 0, 1, 2, 2, 2, 2]
    assert shown["pipeline"] == [{"stage": "PROBATIONARY", "count": 2}]
    assert (shown["religious"]["achieved"], shown["quality"]["admitted"]) == (1, 1)


@pytest.mark.requirement("R000-08")
def test_quality_is_named_beside_the_number(bao_lam: Committee) -> None:
    """When the admissions of 2023 are asked, then their quality is named beside the count."""
    shown = bao_lam.ask(
        """progress(period: {year: 2023}) { achieved }
        quality(period: {year: 2023}) {
          admitted grades { grade count } stages { stage count } ages { band count } }""",
        effective="2023-10-15",
    )
    quality = shown["quality"]

    assert quality["admitted"] == shown["progress"]["achieved"] == 4
    assert quality["grades"][0] == {"grade": "Giỏi", "count": 2}
    assert {each["grade"]: each["count"] for each in quality["grades"]} == {
        "Giỏi": 2,
        "Khá": 1,
        "Trung bình": 1,
    }
    assert quality["stages"] == [
        {"stage": "DECIDED", "count": 1},
        {"stage": "PROBATIONARY", "count": 3},
    ]
    assert {each["band"]: each["count"] for each in quality["ages"] if each["count"]} == {
        "18-30": 4
    }


@pytest.mark.requirement("R000-09")
def test_a_lack_of_source_is_warned_of(bao_lam: Committee) -> None:
    """When communes have targets, then whoever lacks people to reach them is warned of."""
    for code, count in (("b-la", 12), ("loc-thang", 4), ("loc-bao", 2)):
        bao_lam.do(
            "registerTarget",
            occurredOn="2023-01-15",
            organization=f"{bao_lam.code}/{code}",
            period=YEAR,
            basis="OWN_PLAN",
            count=count,
        )
    shown = bao_lam.ask(
        """children { nodes { code source(period: {year: 2023}, basis: OWN_PLAN) {
          people sympathizers needed warning stages { stage count } } } }""",
        effective="2023-10-15",
    )
    sources = {
        node["code"].rpartition("/")[2]: tuple(node["source"].values())[:4]
        for node in shown["children"]["nodes"]
    }

    stages = next(
        node["source"]["stages"]
        for node in shown["children"]["nodes"]
        if node["code"].endswith("/b-la")
    )
    assert sources["b-la"] == (9, 9, 9, None)
    assert stages == [{"stage": "SYMPATHIZER", "count": 9}]
    assert sources["loc-thang"] == (1, 1, 3, "LOW_SOURCE")
    assert sources["loc-bao"] == (0, 0, 2, "NO_SOURCE")


def _grid(district: Committee) -> dict[str, Any]:
    shown = district.ask(
        """allocation(period: {year: 2023}, against: OWN_PLAN) {
          columns { group own allocated remainder without }
          rows { organization cells { group count achieved percent } } }""",
        effective="2023-10-15",
    )
    grid: dict[str, Any] = shown["allocation"]
    return grid


def _lines(district: Committee, basis: str, group: str | None) -> dict[str, Any]:
    shown = district.ask(
        """targets(period: {year: 2023}) {
          basis group isMet set { count document issuedBy }
          progress { target achieved achievedYearBefore statedGrowthPercent computedGrowthPercent
            pacePercent } }""",
        effective="2023-10-15",
    )
    found: dict[str, Any] = next(
        line for line in shown["targets"] if (line["basis"], line["group"]) == (basis, group)
    )
    return found
