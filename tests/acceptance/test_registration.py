"""Letter 381-CV/HU of 10/01/2022: organizations register number and structure, year and term.

What follows from it over the years: adjustments, a successor's share, and the figures that are
closed and submitted at the end of a year.
"""

from typing import Any

import pytest
from tests.acceptance.committee import Committee
from tests.acceptance.installation import Installation

TERM = {"term": "2020-2025"}
REGISTERED = "3-ĐK/ĐU"


@pytest.fixture(scope="module")
def district(committees: Installation) -> Committee:
    """Given a commune whose congress was on 18 June 2020, and one that it will be merged into.

    Given three admissions in 2022: a Youth Union member, one of the age who is none, and one older.
    """
    district = Committee.of(committees, "lam-dong/di-linh")
    cell = f"{district.establish('xa-1', 'Đảng bộ xã Một')}/chi-bo-1"
    district.establish("xa-2", "Đảng bộ xã Hai")
    district.admit(cell, "2022-03-01", birthDate="1999-01-01", groups=["YOUTH_UNION"])
    district.admit(cell, "2022-05-02", birthDate="1997-01-01", sex="FEMALE")
    district.admit(cell, "2022-12-20", birthDate="1980-01-01", sex="FEMALE")
    return district


@pytest.mark.requirement("R004-04")
def test_number_and_structure_of_year_and_term_are_registered_together(
    district: Committee,
) -> None:
    """When a commune registers both periods by one document, then all of it stands, or nothing."""
    code = f"{district.code}/xa-1"
    grassroots = district.installation.token("grassroots", code)
    own = Committee(district.installation, code, grassroots)
    lines: list[dict[str, Any]] = [
        {"period": {"year": 2022}, "count": 4},
        {"period": {"year": 2022}, "group": "WOMEN", "sharePercent": 50},
        {"period": TERM, "termStartsOn": "2020-06-18", "count": 20},
        {"period": TERM, "termStartsOn": "2020-06-18", "group": "WOMEN", "count": 8},
    ]
    own.do(
        "registerTargets",
        occurredOn="2022-01-20",
        organization=code,
        document=REGISTERED,
        lines=lines,
    )
    more = [{"period": {"year": 2022}, "group": "WORKER", "count": 1}, lines[0]]
    refused = own.attempt("registerTargets", occurredOn="2022-01-21", organization=code, lines=more)
    year, term = (
        own.ask(
            f"""targets(period: {{{period}}}) {{ group basis registeredWith period {{ first }}
              set {{ count sharePercent document }} progress {{ achieved target }} }}""",
            effective="2022-12-31",
        )["targets"]
        for period in ("year: 2022", 'term: "2020-2025"')
    )

    assert refused["code"] == "TARGET_ALREADY_SET"
    assert [line["group"] for line in year] == [None, "WOMEN"]
    assert {line["registeredWith"] for line in (*year, *term)} == {district.code}
    assert year[1]["set"] == {"count": None, "sharePercent": 50, "document": REGISTERED}
    assert [line["progress"] for line in year] == [
        {"achieved": 3, "target": 4},
        {"achieved": 2, "target": 2},
    ]
    assert [line["progress"]["target"] for line in term] == [20, 8]
    assert term[0]["period"]["first"] == "2020-06-18"


@pytest.mark.requirement("R004-03")
def test_a_district_registers_its_term_with_the_province(district: Committee) -> None:
    """When the district registers its term target, then the province reads it, beside its own."""
    made = district.do(
        "registerTarget",
        occurredOn="2022-01-25",
        organization=district.code,
        period=TERM,
        count=1500,
        document="395-CV/HU",
        issuedBy="Ban Thường vụ Huyện ủy",
    )
    province = Committee(
        district.installation,
        "lam-dong",
        district.installation.token("province", "lam-dong"),
        made["position"],
    )
    shown = province.ask(
        """children { nodes { code targets(period: {term: "2020-2025"}) {
          basis registeredWith set { count document issuedBy } } } }"""
    )
    of_district = next(
        each["targets"] for each in shown["children"]["nodes"] if each["code"] == district.code
    )

    assert of_district == [
        {
            "basis": "REGISTERED",
            "registeredWith": "lam-dong",
            "set": {
                "count": 1500,
                "document": "395-CV/HU",
                "issuedBy": "Ban Thường vụ Huyện ủy",
            },
        }
    ]


@pytest.mark.requirement("R004-09")
def test_youth_union_age_is_not_membership(district: Committee) -> None:
    """When both groups are asked, then two were of the age, and one of them a member."""
    shown = district.ask(
        """age: progress(period: {year: 2022}, group: "YOUTH_AGE") { achieved }
        members: progress(period: {year: 2022}, group: "YOUTH_UNION") { achieved }""",
        effective="2022-12-31",
    )

    assert (shown["age"]["achieved"], shown["members"]["achieved"]) == (2, 1)


def test_an_assigned_target_is_adjusted_from_above_with_old_new_and_reason(
    district: Committee,
) -> None:
    """When the commune adjusts what the district assigned, it is refused; the district may."""
    code = f"{district.code}/xa-1"
    assigned = district.do(
        "assignTarget",
        occurredOn="2023-01-05",
        organization=code,
        period={"year": 2023},
        count=9,
        document="2-QĐ/HU",
    )["target"]["id"]
    own = Committee(district.installation, code, district.installation.token("grassroots", code))
    change = {
        "occurredOn": "2023-06-30",
        "target": assigned,
        "count": 7,
        "reason": "Chia tách chi bộ",
        "document": "40-QĐ/HU",
        "issuedBy": "Ban Thường vụ Huyện ủy",
    }
    refused = own.attempt("adjustTarget", **change)
    district.do("adjustTarget", **change)
    (line,) = district.ask(
        """targets(period: {year: 2023}) { set { count } adjusted { count reason }
          amounts { from count document issuedBy reason } setBy }""",
        code,
    )["targets"]
    before = district.ask(
        "targets(period: {year: 2023}) { adjusted { count } progress { target } }",
        code,
        effective="2023-06-29",
    )

    assert refused["__typename"] == "NotPermitted"
    assert line["set"] == {"count": 9}
    assert line["adjusted"] == {"count": 7, "reason": "Chia tách chi bộ"}
    assert [(each["from"], each["count"], each["document"]) for each in line["amounts"]] == [
        ("2023-01-05", 9, "2-QĐ/HU"),
        ("2023-06-30", 7, "40-QĐ/HU"),
    ]
    assert line["setBy"] == district.code
    assert before["targets"] == [{"adjusted": None, "progress": {"target": 9}}]


def test_a_successor_is_carried_part_of_a_target_and_the_rest_stays_visible(
    district: Committee,
) -> None:
    """When a commune ends, then the decision moves 5 of 8; the original still says 8."""
    source, heir = f"{district.code}/xa-1", f"{district.code}/xa-2"
    target = district.do(
        "assignTarget",
        occurredOn="2025-01-05",
        organization=source,
        period={"year": 2025},
        count=8,
        document="1-QĐ/HU",
    )["target"]["id"]
    decision = {
        "occurredOn": "2025-07-01",
        "target": target,
        "successor": heir,
        "reason": "Kết thúc hoạt động",
        "document": "31-QĐ/HU",
        "issuedBy": "Ban Thường vụ Huyện ủy",
    }
    refused = district.attempt("carryTarget", count=9, **decision)
    district.do("carryTarget", count=5, **decision)
    query = """targets(period: {year: 2025}) { id set { count document } unassigned carriedFrom
      carried { successor count document on } }"""
    (old,), (new,) = (district.ask(query, code)["targets"] for code in (source, heir))
    (before,) = district.ask(query, source, effective="2025-06-30")["targets"]

    assert (refused["code"], refused["field"]) == ("INVALID_TARGET", "count")
    assert (old["set"]["count"], old["unassigned"]) == (8, 3)
    assert old["carried"] == [
        {"successor": heir, "count": 5, "document": "31-QĐ/HU", "on": "2025-07-01"}
    ]
    assert new["set"] == {"count": 5, "document": "31-QĐ/HU"}
    assert new["carriedFrom"] == target
    assert (before["carried"], before["unassigned"]) == ([], None)


def test_closed_figures_stay_as_counted_and_the_difference_is_shown(district: Committee) -> None:
    """When a commune closes and submits 2022, and a forgotten decision is recorded afterwards.

    Then the closed figure is still 3, counted now it is 4; the commune may not reopen what the
    district has, the district may, and what is closed again is 4.
    """
    code = f"{district.code}/xa-1"
    own = Committee(district.installation, code, district.installation.token("grassroots", code))
    asked = {"organization": code, "period": {"year": 2022}}
    own.do("closeFigures", occurredOn="2023-01-05", document="2-BC/ĐU", **asked)
    own.do("submitFigures", occurredOn="2023-01-06", document="2-BC/ĐU", **asked)
    closed_at = own.position
    twice = own.attempt("closeFigures", occurredOn="2023-01-07", **asked)

    district.admit(f"{code}/chi-bo-1", "2022-12-28", birthDate="1990-01-01", sex="FEMALE")
    shown = _closing(district, code)
    assert (shown["status"], shown["closedOn"]) == ("SUBMITTED", "2023-01-05")
    assert _figure(shown, None) == {"closed": 3, "now": 4, "difference": 1}
    assert _figure(shown, "WOMEN") == {"closed": 2, "now": 3, "difference": 1}
    assert _figure(shown, "YOUTH_AGE") == {"closed": 2, "now": 2, "difference": 0}
    assert twice["code"] == "FIGURES_ALREADY_CLOSED"

    refused = own.attempt("reopenFigures", occurredOn="2023-02-01", reason="Bổ sung", **asked)
    assert refused["code"] == "SUBMITTED_FIGURES"
    district.do("reopenFigures", occurredOn="2023-02-01", reason="Sót một quyết định", **asked)
    district.do("closeFigures", occurredOn="2023-02-02", document="5-BC/ĐU", **asked)
    again = _closing(district, code)
    assert _figure(again, None) == {"closed": 4, "now": 4, "difference": 0}
    assert [(step["status"], step["organization"], step["reason"]) for step in again["steps"]] == [
        ("CLOSED", None, None),
        ("SUBMITTED", district.code, None),
        ("REOPENED", district.code, "Sót một quyết định"),
        ("CLOSED", None, None),
    ]
    assert again["position"] != closed_at
    assert district.ask("closing(period: {year: 2021}) { status }", code) == {"closing": None}


def test_a_province_closes_what_all_its_districts_admitted(district: Committee) -> None:
    """When the province closes a year, then the logs of all its districts are counted."""
    token = district.installation.token("province", "lam-dong")
    province = Committee(district.installation, "lam-dong", token, district.position)
    province.do(
        "closeFigures",
        occurredOn="2023-01-20",
        organization="lam-dong",
        period={"year": 2022},
    )
    shown = province.ask(
        "progress(period: {year: 2022}) { achieved } quality(period: {year: 2022}) { admitted }",
        effective="2023-01-20",
    )
    closed = _figure(_closing(province, "lam-dong"), None)

    assert closed["closed"] == closed["now"] == shown["progress"]["achieved"] >= 3
    assert shown["quality"]["admitted"] == closed["closed"]
    own = province.attempt(
        "submitFigures",
        occurredOn="2023-01-20",
        organization="lam-dong",
        period={"year": 2022},
        document="1-BC/TU",
    )
    assert own["code"] == "NO_LEVEL_ABOVE"


def _closing(district: Committee, code: str) -> dict[str, Any]:
    shown = district.ask(
        """closing(period: {year: 2022}) { status closedOn position
          figures { group counting closed now difference }
          steps { status organization reason document } }""",
        code,
    )
    closing: dict[str, Any] = shown["closing"]
    return closing


def _figure(closing: dict[str, Any], group: str | None) -> dict[str, int]:
    """By the day of the decision."""
    return next(
        {name: each[name] for name in ("closed", "now", "difference")}
        for each in closing["figures"]
        if (each["group"], each["counting"]) == (group, "DECISION")
    )
