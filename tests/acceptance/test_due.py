"""What is late and what is coming, by organization and by territory, at any date."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.acceptance.commune import Commune, mutate
from tests.acceptance.duties import Duties
from tests.acceptance.followed import Followed
from tests.acceptance.installation import Installation
from tests.acceptance.owing import due_counts, due_list, dues
from tests.acceptance.records import act
from tests.acceptance.test_membership import probationary
from tests.acceptance.test_rules import today

IN_CHARGE = """query I($code: String!, $at: At) {
  inChargeOf(organization: $code, at: $at) { member } }"""
MEETING = {"kind": "CELL_MEETING", "members": 9, "present": 9}


def waiting(commune: Commune, cell: str = "thon-1", on: str = "2022-06-01", **who: Any) -> str:  # noqa: ANN401
    """Somebody whom the cell agreed to admit, and whom nobody has decided on."""
    candidate = commune.identify(cell=cell, **who)
    commune.prepare(candidate)
    commune.vote(candidate, on)
    return candidate


def met(commune: Commune, on: str, cell: str = "thon-1", **fields: Any) -> dict[str, Any]:  # noqa: ANN401
    """A meeting of a cell."""
    place = {"organization": f"{commune.code}/{cell}", "occurredOn": on}
    given = {**MEETING, **place, **fields}
    held = act(commune.installation, commune.board, "holdMeeting", "Meeting", "id", **given)
    commune.position = held["position"]
    return held


@pytest.mark.requirement("R001-29")
def test_each_step_is_due_from_the_one_before_it_on(commune: Commune) -> None:
    """Given a case up to its probation, on each day it is listed with what comes next.

    The last timely day is still to come, the day after it is late; the recognition is due on the
    day on which the probation ends.
    """
    probationary(commune)
    many: dict[str, Any] = {"days": 1830}

    assert dues(commune, "2022-04-01", **many) == [("CERTIFICATE", "2027-03-01")]
    assert dues(commune, "2022-06-01", **many) == [("DECISION", "2022-08-24")]
    assert dues(commune, "2022-07-04", **many) == [("CEREMONY", "2022-08-12")]
    assert dues(commune, "2022-07-05", **many) == [("CEREMONY", "2022-08-16")]
    for day, left in (("2022-08-31", 0), ("2022-09-01", -1)):
        file, probation = due_list(commune, day, **many)["nodes"]
        assert (file["kind"], file["dueOn"], file["daysLeft"]) == (
            "HISTORY_FILE",
            "2022-08-31",
            left,
        )
        assert (probation["kind"], probation["dueOn"]) == ("PROBATION_END", "2023-07-20")
    late = [("HISTORY_FILE", "2022-08-31")]
    assert dues(commune, "2023-06-19") == late
    assert dues(commune, "2023-06-20") == [*late, ("PROBATION_END", "2023-07-20")]
    assert dues(commune, "2023-07-20") == [*late, ("RECOGNITION_REVIEW", "2023-08-31")]
    assert dues(commune, "2023-07-20", late_only=True) == late


def test_what_is_due_names_its_rule_and_the_case(commune: Commune) -> None:
    """Given a vote, the rule in force is named with its source, and the cell and the person."""
    candidate = waiting(commune)
    (found,) = due_list(commune, "2022-08-10")["nodes"]
    shown = due_list(commune, "2022-08-10")

    assert found == {
        "kind": "DECISION",
        "title": "The competent committee's decision on the admission",
        "rule": "T9",
        "source": "24-QĐ/TW, 4.3.1",
        "effect": "FINDING",
        "organization": {"code": f"{commune.code}/thon-1"},
        "candidate": candidate,
        "obligation": None,
        "detail": None,
        "raisedOn": "2022-06-01",
        "dueOn": "2022-08-24",
        "daysLeft": 14,
        "reminder": 1,
    }
    assert shown["counts"] == [{"kind": "DECISION", "late": 0, "coming": 1}]
    assert dues(commune, "2022-07-29") == []


def test_a_late_entry_changes_what_was_due_but_not_what_was_known(commune: Commune) -> None:
    """Given a decision that is entered late, as known before it the case was overdue."""
    candidate = waiting(commune)
    before = dues(commune, "2022-12-31")
    known = datetime.now(UTC).isoformat()
    commune.do("submitDossier", occurredOn="2022-06-10", candidate=candidate)
    commune.do(
        "decideAdmission", occurredOn="2022-08-25", candidate=candidate, decisionNumber="7-QĐ/HU"
    )

    assert before == [("DECISION", "2022-08-24")]
    assert dues(commune, "2022-12-31", known=known) == before
    assert dues(commune, "2022-12-31") == [("CEREMONY", "2022-10-10")]
    assert dues(commune, "2022-08-24") == before
    assert dues(commune, "2022-08-25") == []


def test_papers_and_an_idle_vetting_are_due_for_those_who_may_see_them(commune: Commune) -> None:
    """Given a dossier under way, its papers age, and a vetting without replies stands still.

    Then the organizer of classes sees neither the vetting nor the history.
    """
    who = Followed(commune, commune.identify())
    who.certified()
    who.do("openDossier", "2022-04-01")
    who.do("submitApplication", "2022-04-05", writtenOn="2022-04-04")
    who.do("declareHistory", "2022-04-10", writtenOn="2022-04-08", schooling="UPPER_SECONDARY")
    who.do("stampHistory", "2022-04-12", pages=12)
    who.do("requestVetting", "2022-04-15", repliesExpected=2)
    commune.position = who.position

    idle = ("VETTING", "2022-05-31")
    papers = [("PAPER", "2023-04-04"), ("PAPER", "2023-04-08")]
    assert dues(commune, "2022-05-31") == []
    assert dues(commune, "2022-06-01") == [idle]
    assert dues(commune, "2023-03-08") == [idle, *papers]
    classes = commune.installation.token("classes", commune.district)
    shown = due_list(commune, "2023-03-08", token=classes)
    assert [(each["kind"], each["detail"]) for each in shown["nodes"]] == [("PAPER", "APPLICATION")]
    assert (shown["totalCount"], "VETTING" in shown["kinds"]) == (1, False)


def test_what_is_due_moves_with_the_person(commune: Commune) -> None:
    """Given a move, what is due is the new cell's from that day on, the old one's before it."""
    candidate = waiting(commune)
    commune.do(
        "moveCandidate",
        occurredOn="2022-08-15",
        candidate=candidate,
        organization=f"{commune.code}/thon-2",
        helperName="Đảng viên Khác",
        helperOfficialSince="2010-01-01",
    )
    expected = [("DECISION", "2022-08-24")]

    def at(cell: str, day: str) -> list[tuple[str, str]]:
        code = f"{commune.code}/{cell}"
        return dues(commune, day, code=code)

    assert (at("thon-1", "2022-08-14"), at("thon-2", "2022-08-14")) == (expected, [])
    assert (at("thon-1", "2022-08-15"), at("thon-2", "2022-08-15")) == ([], expected)


@pytest.mark.requirement("R000-32")
def test_a_member_of_the_standing_committee_sees_the_own_territory(commune: Commune) -> None:
    """Given a charge over one cell, only what is due there is listed, without saying of whom.

    Before the charge began nothing was.
    """
    waiting(commune)
    waiting(commune, "thon-2", birthDate="1994-04-04")
    assigned = commune.do(
        "assignTerritory",
        occurredOn="2022-08-12",
        organization=commune.district,
        organizations=[f"{commune.code}/thon-2"],
        member="uvtv-7",
        memberName="Lê Văn Phụ Trách",
    )
    token = commune.installation.token("territory", commune.district)
    own = {"territory": assigned["territory"]["id"], "code": commune.district, "token": token}
    (found,) = due_list(commune, "2022-08-15", **own)["nodes"]

    assert found["organization"] == {"code": f"{commune.code}/thon-2"}
    assert (found["kind"], found["candidate"]) == ("DECISION", None)
    assert dues(commune, "2022-08-11", **own) == []
    assert len(dues(commune, "2022-08-15")) == 2
    stranger = commune.installation.token("board", "lam-dong/di-linh")
    asked = {**own, "token": stranger, "code": "lam-dong/di-linh"}
    answer = refused(commune, **asked)
    assert answer["extensions"]["code"] == "NOT_FOUND"


@pytest.mark.requirement("R000-32")
def test_a_charge_goes_on_over_the_parts_of_what_was_split(commune: Commune) -> None:
    """Given a charge over a cell that becomes two, then both are in it, and no other cell.

    The day before it was the whole cell.
    """
    first = waiting(commune)
    second = waiting(commune, birthDate="1994-04-04")
    waiting(commune, "thon-2", birthDate="1993-03-03")
    whole = f"{commune.code}/thon-1"
    assigned = commune.do(
        "assignTerritory",
        occurredOn="2022-06-12",
        organization=commune.district,
        organizations=[whole],
        member="uvtv-7",
        memberName="Lê Văn Phụ Trách",
    )
    parts = [
        {
            "founding": {
                "superior": commune.code,
                "name": f"Chi bộ thôn 1{letter}",
                "kind": "SUBORDINATE_CELL",
            },
            "candidates": [candidate],
        }
        for letter, candidate in (("A", first), ("B", second))
    ]
    commune.do("splitOrganization", occurredOn="2022-08-01", organization=whole, parts=parts)
    own = {"territory": assigned["territory"]["id"], "code": commune.district, "days": 60}
    split = {f"{commune.code}/thon-1{letter}" for letter in "ab"}
    for day, expected in (("2022-07-31", {whole}), ("2022-08-15", split)):
        found = due_list(commune, day, **own)["nodes"]
        assert {each["organization"]["code"] for each in found} == expected
        assert len(found) == 2
    for cell in (*split, f"{commune.code}/thon-2"):
        asked = {"code": cell, "at": {"effective": "2022-08-15", "after": commune.position}}
        answer = commune.installation.ask(IN_CHARGE, commune.board, asked)["inChargeOf"]
        assert [each["member"] for each in answer] == (["uvtv-7"] if cell in split else [])


def refused(commune: Commune, token: str, **asked: Any) -> dict[str, Any]:  # noqa: ANN401
    """The error of a question that is refused."""
    query = """query D($code: String!, $territory: ID, $kinds: [DueKind!], $days: Int,
        $after: String, $first: Int) {
      dueList(organization: $code, territory: $territory, kinds: $kinds, withinDays: $days,
        after: $after, first: $first) { totalCount } }"""
    variables = {"code": commune.code, **asked}
    (error,) = commune.installation.answer(query, token, variables)["errors"]
    found: dict[str, Any] = error
    return found


def test_only_who_may_see_it_sees_what_is_due(commune: Commune) -> None:
    """Another tenant's board is told of no such organization; a union sees no cases."""
    waiting(commune)
    of = commune.installation.token

    assert refused(commune, of("board", "lam-dong/di-linh"))["extensions"]["code"] == (
        "ORGANIZATION_NOT_FOUND"
    )
    assert refused(commune, of("cell", f"{commune.code}/thon-1"))["extensions"]["code"] == (
        "ORGANIZATION_NOT_FOUND"
    )
    union = of("union", commune.code)
    assert dues(commune, "2022-08-20", token=union) == []
    error = refused(commune, union, kinds=["DECISION"])
    assert (error["extensions"]["code"], "DECISION" in error["message"]) == ("NOT_PERMITTED", True)
    province = of("province", "lam-dong")
    shown = due_list(commune, "2022-08-20", token=province)
    assert (shown["nodes"], set(shown["kinds"]) & {"DECISION", "VETTING"}) == ([], set())
    assert "PLAN" in shown["kinds"]
    auditor = due_list(commune, "2022-08-20", token=of("auditor", commune.district))
    assert {each["kind"] for each in auditor["nodes"]} == {"DECISION"}
    assert "PLAN" not in auditor["kinds"]
    assert refused(commune, province, kinds=["CEREMONY"])["extensions"]["code"] == "NOT_PERMITTED"
    assert refused(commune, commune.board, days=-1)["extensions"]["code"] == "DAYS_OUT_OF_RANGE"
    assert refused(commune, commune.board, after="x")["extensions"]["code"] == "INVALID_CURSOR"
    assert refused(commune, commune.board, first=501)["extensions"]["code"] == "PAGE_SIZE"


def test_a_page_goes_on_where_the_last_one_ended(commune: Commune) -> None:
    """Whatever kinds it mixes: cases and meetings, the first last day first, each once."""
    for number in range(3):
        waiting(commune, birthDate=f"1995-05-0{number + 1}")
    met(commune, "2022-07-04")
    met(commune, "2022-07-11", "thon-2")
    every = due_list(commune, "2022-08-24")
    pages, after = [], None
    while True:
        page = due_list(commune, "2022-08-24", first=2, after=after)
        pages += page["nodes"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break

    assert [each["kind"] for each in every["nodes"]] == ["DECISION"] * 3 + ["CELL_MEETING"] * 2
    assert (pages, every["totalCount"]) == (every["nodes"], 5)


def test_the_next_meeting_and_reconciliation_are_due(commune: Commune) -> None:
    """T20, T21: by the end of the next month, and of the third month after the last one.

    A meeting that was never held counts as long as it was believed.
    """
    met(commune, "2022-01-20")
    wrong = met(commune, "2022-03-15")
    commune.position = act(
        commune.installation,
        commune.board,
        "holdActivity",
        "Activity",
        "id",
        organization=commune.code,
        occurredOn="2022-01-31",
        kind="RECONCILIATION",
        title="Đối khớp danh sách đảng viên quý IV/2021",
    )["position"]

    assert dues(commune, "2022-02-10") == []
    assert dues(commune, "2022-02-28") == [("CELL_MEETING", "2022-02-28")]
    assert dues(commune, "2022-03-01", late_only=True) == [("CELL_MEETING", "2022-02-28")]
    assert dues(commune, "2022-04-30") == [
        ("CELL_MEETING", "2022-04-30"),
        ("RECONCILIATION", "2022-04-30"),
    ]
    (meeting, register) = due_list(commune, "2022-05-01", late_only=True)["nodes"]
    assert (meeting["rule"], meeting["organization"]["code"]) == ("T20", f"{commune.code}/thon-1")
    assert (register["rule"], register["organization"]["code"]) == ("T21", commune.code)

    known = datetime.now(UTC).isoformat()
    commune.do("correctEvent", occurredOn="2022-05-02", event=wrong["position"], reason="Chưa họp")
    after = {"kinds": ["CELL_MEETING"]}
    assert dues(commune, "2022-04-30", **after) == [("CELL_MEETING", "2022-02-28")]
    assert dues(commune, "2022-04-30", kinds=["CELL_MEETING"], known=known) == [
        ("CELL_MEETING", "2022-04-30")
    ]


def test_plans_and_reports_that_are_missing_are_due(commune: Commune) -> None:
    """Given a plan and a quarterly report that the district asks for, each owner has them due."""
    duty = Duties(commune)
    owners = [{"organization": commune.code}]
    (plan,) = duty.impose("2022-01-10", kind="PLAN", title="Kế hoạch năm 2022", owners=owners)
    duty.do(
        "interpretDeadline",
        "2022-01-10",
        obligations=[plan["id"]],
        by="Ban Tổ chức",
        reason="Trước ngày 15/02/2022",
        due="2022-02-15",
        inclusive=False,
    )
    (report,) = duty.impose(
        "2022-01-10", kind="REPORT", title="Báo cáo quý", owners=owners, recurrence="QUARTERLY"
    )
    commune.position = duty.position

    assert dues(commune, "2022-01-29") == []
    assert dues(commune, "2022-01-30") == [("PLAN", "2022-02-14")]
    late, coming = due_list(commune, "2022-03-16")["nodes"]
    assert (late["kind"], late["obligation"], late["daysLeft"]) == ("PLAN", plan["id"], -30)
    assert (coming["kind"], coming["obligation"]) == ("REPORT", report["id"])
    assert (coming["detail"], coming["raisedOn"]) == ("2022-Q1", "2022-01-01")
    assert coming["organization"] == {"code": commune.code}
    assert dues(commune, "2022-03-16", kinds=["REPORT"]) == [("REPORT", "2022-03-31")]


@pytest.mark.requirement("R003-04")
def test_units_behind_their_targets_are_listed(commune: Commune) -> None:
    """Given a term's and a year's target, below half, below the pace, and nobody left to admit."""
    for period, count in (({"term": "2020-2025"}, 2), ({"year": 2022}, 2)):
        commune.do(
            "registerTarget",
            occurredOn="2022-01-05",
            organization=commune.code,
            period=period,
            basis="CONGRESS",
            count=count,
        )
    term, year = "2020-2025 CONGRESS", "2022 CONGRESS"

    def behind(day: str, **asked: Any) -> list[tuple[str, str]]:  # noqa: ANN401
        found = due_list(commune, day, **asked)["nodes"]
        return [(each["kind"], each["detail"]) for each in found]

    every = [("BELOW_PACE", year), ("NO_SOURCE", year)]
    of_term = [("BELOW_PACE", term), ("BELOW_TARGET", term), ("NO_SOURCE", term)]
    assert behind("2022-06-30") == [*every, *of_term]
    candidate = commune.identify()
    commune.prepare(candidate)
    commune.admit(candidate)
    kinds = {"kinds": ["BELOW_PACE", "BELOW_TARGET"]}
    assert behind("2022-06-30", **kinds) == [every[0], *of_term[:2]]
    assert behind("2022-07-01", **kinds) == [every[0]]


def test_the_province_counts_what_is_due_without_seeing_cases(commune: Commune) -> None:
    """Given two districts, the province's counts are the sum of theirs, late apart from coming."""
    before = due_counts(commune, "lam-dong", "2022-08-24", token=province(commune), days=30)
    district = due_counts(commune, commune.district, "2022-08-24", days=30)
    waiting(commune)
    waiting(commune, "thon-2", "2022-05-31", birthDate="1993-03-03")
    here = due_counts(commune, commune.code, "2022-08-24", days=30)

    assert here == {"DECISION": (1, 1)}
    for code, token, earlier in (
        ("lam-dong", province(commune), before),
        (commune.district, commune.board, district),
    ):
        late, coming = earlier.get("DECISION", (0, 0))
        found = due_counts(commune, code, "2022-08-24", token=token, days=30)
        assert found["DECISION"] == (late + 1, coming + 1)


def province(commune: Commune) -> str:
    """A token of the province."""
    return commune.installation.token("province", "lam-dong")


def test_a_tightened_rule_limits_what_is_open_from_its_day_on(commune: Commune) -> None:
    """Given a shorter limit of the district, what is open is due earlier from today on.

    What was due yesterday was so by the longer limit, whatever is known.
    """
    other = Commune.establish(commune.installation, "lam-dong/di-linh")
    waiting(other)
    (before,) = due_list(other, "2022-08-10")["nodes"]
    tightened = mutate(
        other.installation,
        other.board,
        "tightenRule",
        {
            "occurredOn": today(),
            "organization": "lam-dong/di-linh",
            "rule": "T9",
            "parameter": "working_days",
            "value": 20,
            "document": "9-QĐ/HU",
        },
    )
    assert tightened["__typename"] == "RulesRecorded", tightened
    other.position = tightened["position"]

    assert before["dueOn"] == "2022-08-24"
    assert dues(other, "2022-08-10") == [("DECISION", "2022-08-24")]
    assert dues(other, today(-1)) == [("DECISION", "2022-08-24")]
    assert dues(other, on=today()) == [("DECISION", "2022-06-29")]


def test_as_many_are_due_as_stand_at_the_stage_before(demo: Installation) -> None:
    """Given the demo's years, in every organization on any day, as known then and now.

    Who is decided on owes a ceremony, who is in probation its end, who has ended it a recognition.
    """
    query = """query Q($at: At) { organization(code: "lam-dong", at: $at) { children(first: 50) {
      nodes { code children(first: 200) { nodes { code pipeline { stage count }
        dueCounts(withinDays: 1830) { kind late coming } } } } } } }"""
    token = demo.token("province", "lam-dong")
    seen = Counter[str]()
    for day in ("2021-06-30", "2022-03-31", "2023-02-28", "2023-12-31"):
        for known in (None, f"{day}T17:00:00Z"):
            at = {"effective": day, "known": known}
            tenants = demo.ask(query, token, {"at": at})["organization"]["children"]["nodes"]
            for place in (each for tenant in tenants for each in tenant["children"]["nodes"]):
                stages = {each["stage"]: each["count"] for each in place["pipeline"]}
                due = {each["kind"]: each["late"] + each["coming"] for each in place["dueCounts"]}
                recognitions = ("RECOGNITION_REVIEW", "RECOGNITION_DECISION")
                shown = {
                    "DECIDED": due.get("CEREMONY", 0),
                    "PROBATIONARY": due.get("PROBATION_END", 0),
                    "RECOGNITION_DUE": sum(due.get(kind, 0) for kind in recognitions),
                }
                assert shown == {stage: stages.get(stage, 0) for stage in shown}, place["code"]
                seen.update(shown)

    assert min(seen.values()) > 20
