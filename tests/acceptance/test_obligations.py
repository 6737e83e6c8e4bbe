"""Obligations: who owes a plan or a report, until when, what came of it, and who is urged."""

from typing import Any

import pytest
from tests.acceptance.commune import Commune
from tests.acceptance.duties import Duties

LETTER = {
    "kind": "PLAN",
    "title": "Kế hoạch tạo nguồn phát triển đảng viên của đơn vị",
    "addressee": "Thường trực Huyện ủy",
    "via": "Ban Tổ chức",
    "condition": "hiện đang còn nguồn quần chúng ưu tú",
    "deadline": "trước ngày 15/02/2021",
    "required": ["YEAR_TARGET", "TERM_TARGET"],
}
SAID = {"by": "Ban Tổ chức Huyện ủy", "reason": "Công văn ban hành ngày 10/01/2022"}
TARGETS = [{"period": "2022", "count": 6}, {"period": "2020-2025", "count": 30}]


@pytest.fixture
def duties(commune: Commune) -> Duties:
    """The duties of a new commune of Bảo Lâm."""
    return Duties(commune)


def own(duties: Duties, imposed: list[dict[str, Any]]) -> dict[str, Any]:
    """The commune's own obligation among those imposed together."""
    (found,) = (each for each in imposed if each["organization"] == duties.commune.code)
    return found


@pytest.mark.requirement("R004-14", "R004-15", "R004-17", "R004-18", "R003-07")
def test_bao_lam_asks_each_organization_for_a_plan(duties: Duties) -> None:
    """Given letter 381-CV/HU of 10/01/2022, which asks for plans “trước ngày 15/02/2021”.

    When the district interprets that as 15/02/2022, the day itself excluded, and a plan with both
    targets comes in on the 14th, while a commune without a source reports none; then the register
    of the letter shows who owes, who handed in and who is late, and the words stay as written.
    """
    commune = duties.commune
    neighbor = Commune.establish(commune.installation, commune.district)
    letter = duties.document("2022-01-10", "Công văn tăng cường công tác tạo nguồn")
    imposed = duties.impose("2022-01-10", document=letter, allBelow=True, **LETTER)
    ids = [each["id"] for each in imposed]
    plan, other = own(duties, imposed), own(Duties(neighbor), imposed)
    assert len({each["directive"] for each in imposed}) == 1
    assert len({each["organization"] for each in imposed}) == len(ids)
    assert plan["deadline"] == {
        "written": "trước ngày 15/02/2021",
        "writtenOn": "2021-02-15",
        "isImpossible": True,
    }
    assert (plan["addressee"], plan["via"]) == ("Thường trực Huyện ủy", "Ban Tổ chức")
    assert duties.register(letter, effective="2022-03-01")["late"] == 0

    literal: dict[str, Any] = {"obligations": ids, "due": "2021-02-15", "inclusive": False}
    refused = duties.attempt("interpretDeadline", "2022-01-12", **literal, **SAID)
    assert refused["code"] == "DEADLINE_IMPOSSIBLE"
    meant = {**literal, "due": "2022-02-15"}
    duties.do("interpretDeadline", "2022-01-12", **meant, **SAID)
    without = duties.attempt(
        "submitObligation",
        "2022-02-14",
        obligation=plan["id"],
        content={"targets": TARGETS[:1]},
    )
    assert (without["code"], without["field"]) == ("PART_MISSING", "content")
    submitted = duties.do(
        "submitObligation",
        "2022-02-14",
        obligation=plan["id"],
        named="Kế hoạch số 12-KH/ĐU",
        time="16:45",
        evidence="Sổ công văn đến số 31",
        content={"targets": TARGETS},
    )
    duties.do("reportNone", "2022-02-10", obligation=other["id"], reason="Không còn nguồn")

    assert [each["period"] for each in submitted["submissions"][0]["content"]["targets"]] == [
        "2022",
        "2020-2025",
    ]
    assert submitted["submissions"][0]["evidence"] == "Sổ công văn đến số 31"
    assert submitted["interpretations"][0]["reason"] == SAID["reason"]
    assert submitted["deadline"]["written"] == "trước ngày 15/02/2021"
    whole = {"organization": commune.district, "effective": "2022-02-15"}
    shown = duties.register(letter, **whole)
    assert (shown["owed"], shown["submitted"], shown["noneReported"]) == (len(ids), 1, 1)
    assert shown["missing"] == shown["late"] == len(ids) - 2
    standings = {each["obligation"]["organization"]: each["duty"] for each in shown["lines"]}
    assert not standings[commune.code]["isLate"]
    assert standings[commune.code]["lastDay"] == "2022-02-14"
    assert standings[neighbor.code]["standing"] == "NONE_REPORTED"

    summary = duties.document("2022-03-01", "Báo cáo tổng hợp kế hoạch tạo nguồn", kind="REPORT")
    duties.do("consolidateObligations", "2022-03-01", obligations=[plan["id"]], document=summary)
    assert duties.register(letter, effective="2022-03-01")["consolidated"] == 1


def test_a_duty_is_imposed_on_all_or_on_nobody(duties: Duties) -> None:
    """An owner that does not exist stops the whole command; the same command happens once."""
    code = duties.commune.code
    refused = duties.attempt(
        "imposeObligations",
        "2022-01-10",
        organization=duties.commune.district,
        owners=[{"organization": code}, {"organization": f"{code}/khong-co"}],
        kind="PLAN",
        title="Kế hoạch",
    )

    assert refused["code"] == "ORGANIZATION_NOT_FOUND"
    assert duties.open() == []


@pytest.mark.requirement(
    "R000-05", "R000-21", "R000-26", "R000-28", "R000-30", "R000-31", "R000-33"
)
def test_the_duties_of_plan_100_of_bao_lam(duties: Duties) -> None:
    """Given plan 100-KH/HU with its duties and its distribution list.

    The communes owe a plan without a deadline, with measures for minority areas, and a report
    before 30/10/2023; the Youth Union owes a program and is not on the list; the organization board
    leads with the advisory boards and reports periodically, without an interval.
    """
    commune = duties.commune
    plan = duties.document("2023-04-20", "Kế hoạch phát triển đảng viên năm 2023", kind="PLAN")
    duties.attempt(
        "addressDocument",
        "2023-04-20",
        document=plan,
        recipients=[
            {"name": "Thường trực Tỉnh ủy", "purpose": "REPORT"},
            {
                "name": "Các tổ chức cơ sở đảng",
                "purpose": "ACTION",
                "organization": commune.district,
            },
            {"name": "Ban Tổ chức Huyện ủy", "purpose": "ACTION"},
            {"name": "Lưu Văn phòng", "purpose": "ARCHIVE"},
        ],
    )
    each, day = [{"organization": commune.code}], "2023-04-20"
    board = [{"organization": commune.district, "body": "Ban Tổ chức Huyện ủy"}]
    youth = [{"organization": commune.district, "body": "Huyện đoàn"}]
    (own_plan,) = duties.impose(
        day,
        document=plan,
        owners=each,
        kind="PLAN",
        title="Kế hoạch lãnh đạo thực hiện",
        required=["MEASURES"],
    )
    (report,) = duties.impose(
        day,
        document=plan,
        owners=each,
        kind="REPORT",
        title="Báo cáo kết quả thực hiện",
        deadline="trước ngày 30/10/2023",
        addressee="Ban Thường vụ Huyện ủy",
    )
    (program,) = duties.impose(
        day, document=plan, owners=youth, kind="PROGRAM", title="Chương trình hành động"
    )
    (task,) = duties.impose(
        day,
        document=plan,
        owners=board,
        kind="TASK",
        title="Đôn đốc, kiểm tra, hướng dẫn việc thực hiện kế hoạch",
        lead="Ban Tổ chức Huyện ủy",
        coworkers=["Các cơ quan tham mưu, giúp việc Huyện ủy"],
    )
    (periodic,) = duties.impose(
        day,
        document=plan,
        owners=board,
        kind="REPORT",
        title="Định kỳ báo cáo Ban Thường vụ",
        deadline="định kỳ",
        recurrence="PERIODIC",
    )
    duties.do(
        "interpretDeadline",
        day,
        obligations=[report["id"]],
        due="2023-10-30",
        inclusive=False,
        **SAID,
    )
    measure = {
        "text": "Phân công đảng viên giúp đỡ quần chúng thôn có đồng bào dân tộc thiểu số",
        "result": "8 người được giúp đỡ",
    }
    done = duties.do(
        "submitObligation",
        "2023-06-01",
        obligation=own_plan["id"],
        content={"measures": [measure]},
        parent=plan,
    )
    came = duties.do("submitObligation", "2023-10-30", obligation=report["id"], named="45-BC/ĐU")
    action = duties.document("2023-06-15", "Chương trình hành động", kind="PROGRAM")
    handed = duties.do("submitObligation", "2023-06-15", obligation=program["id"], document=action)
    quarterly = duties.do(
        "interpretDeadline",
        "2023-05-01",
        obligations=[periodic["id"]],
        every="QUARTERLY",
        days=10,
        **SAID,
    )

    assert own_plan["deadline"] is None
    assert done["duties"][0]["due"] is None
    assert done["submissions"][0]["content"]["measures"][0]["result"] == measure["result"]
    assert done["submissions"][0]["parent"] == plan
    assert came["duties"][0]["isLate"]
    assert handed["submissions"][0]["document"] == action
    assert (task["lead"], task["coworkers"]) == (
        "Ban Tổ chức Huyện ủy",
        ["Các cơ quan tham mưu, giúp việc Huyện ủy"],
    )
    assert [each["occurrence"] for each in periodic["duties"]] == [None]
    assert quarterly["duties"][0]["occurrence"] == "2023-Q2"
    assert quarterly["duties"][0]["lastDay"] == "2023-07-10"
    shown = duties.register(plan, organization=commune.district)
    assert [each["id"] for each in shown["unaddressed"]] == [program["id"]]
    assert (program["isAddressed"], report["isAddressed"]) == (False, True)


@pytest.mark.requirement("R001-17", "R001-30", "R001-37", "R001-39")
def test_every_unit_of_the_bloc_sends_its_plan(duties: Duties) -> None:
    """Given a plan that asks each unit for its own 2021 plan before 05/3/2021, via the board.

    The unit's plan names the plan above and its own situation; it is returned with reasons, comes
    again and is approved; the board's guidance stands beside it. Directive 28 is a task that stays.
    """
    commune = duties.commune
    above = duties.document("2021-02-01", "Kế hoạch phát triển đảng viên năm 2021", kind="PLAN")
    directive = duties.document("2019-01-21", "Chỉ thị 28-CT/TU", kind="DIRECTIVE")
    owners = [{"organization": commune.code}]
    (plan,) = duties.impose(
        "2021-02-01",
        document=above,
        owners=owners,
        kind="PLAN",
        title="Kế hoạch phát triển đảng viên năm 2021",
        period="2021",
        addressee="Đảng ủy Khối",
        via="Ban Tổ chức Đảng ủy Khối",
        deadline="trước ngày 05/3/2021",
        required=["PARENT", "SITUATION"],
    )
    (task,) = duties.impose(
        "2021-02-01",
        document=directive,
        owners=owners,
        kind="TASK",
        title="Tiếp tục thực hiện Chỉ thị 28-CT/TU",
    )
    one = {"obligation": plan["id"]}
    duties.do(
        "interpretDeadline",
        "2021-02-02",
        obligations=[plan["id"]],
        due="2021-03-05",
        inclusive=False,
        **SAID,
    )
    sent = {**one, "parent": above, "content": {"situation": "Đơn vị có 12 quần chúng ưu tú"}}
    duties.do("submitObligation", "2021-03-04", **sent)
    returned = duties.do(
        "returnSubmission", "2021-03-08", **one, reasons=["Chưa nêu giải pháp", "Thiếu chỉ tiêu"]
    )
    duties.do(
        "followUpObligation",
        "2021-03-09",
        **one,
        kind="GUIDANCE",
        by="Ban Tổ chức Đảng ủy Khối",
        result="Hướng dẫn bổ sung giải pháp",
        measures=["Gửi mẫu kế hoạch"],
    )
    duties.do("submitObligation", "2021-03-15", **sent)
    approved = duties.do("approveSubmission", "2021-03-20", **one)

    assert returned["steps"][-1]["reasons"] == ["Chưa nêu giải pháp", "Thiếu chỉ tiêu"]
    assert [each["standing"] for each in approved["steps"]] == [
        "SUBMITTED",
        "RETURNED",
        "SUBMITTED",
        "APPROVED",
    ]
    assert not approved["duties"][0]["isLate"]
    assert approved["followUps"][0]["by"] == "Ban Tổ chức Đảng ủy Khối"
    assert approved["submissions"][1]["parent"] == above
    (missing,) = duties.reminders(effective="2021-03-10")
    assert (missing["trigger"], missing["obligation"]["id"]) == ("OVERDUE", plan["id"])
    assert [each["obligation"]["id"] for each in duties.open()] == [task["id"]]
    assert duties.register(directive)["missing"] == 1


@pytest.mark.requirement("R001-27", "R001-32")
def test_reviews_at_six_months_and_at_the_end_of_the_year(duties: Duties) -> None:
    """Given reports on the occasion of the reviews, which have no date.

    Each occurrence has its own review of three parts; it is late only against the day that
    somebody set for the occasion.
    """
    (review,) = duties.impose(
        "2021-02-01",
        owners=[{"organization": duties.commune.code}],
        kind="REPORT",
        title="Đánh giá công tác phát triển đảng viên",
        deadline="vào dịp sơ kết 6 tháng, tổng kết năm",
        recurrence="SIX_MONTHS_AND_YEAR",
        period="2021",
        required=["RESULTS", "LESSONS", "MEASURES"],
    )
    one = {"obligation": review["id"]}
    content = {
        "results": ["Kết nạp 3 đảng viên"],
        "lessons": ["Giao việc sớm cho quần chúng"],
        "measures": [
            {"text": "Mở thêm lớp nhận thức", "evaluation": "Nguồn chưa học lớp còn nhiều"}
        ],
    }
    duties.do(
        "interpretDeadline",
        "2021-06-20",
        obligations=[review["id"]],
        due="2021-07-09",
        occurrence="2021-H1",
        **SAID,
    )
    half = {**one, "occurrence": "2021-H1"}
    partial = duties.attempt(
        "submitObligation", "2021-07-12", **half, content={**content, "lessons": []}
    )
    assert partial["code"] == "PART_MISSING"
    shown = duties.do("submitObligation", "2021-07-12", **half, content=content)

    first, year = shown["duties"]
    assert (first["occurrence"], first["standing"], first["isLate"]) == (
        "2021-H1",
        "SUBMITTED",
        True,
    )
    assert (year["occurrence"], year["standing"], year["due"], year["isLate"]) == (
        "2021",
        "OPEN",
        None,
        False,
    )
    assert shown["submissions"][0]["content"]["measures"][0]["evaluation"].startswith("Nguồn")


@pytest.mark.requirement("R003-07", "R003-17", "R003-19", "R003-20", "R003-23")
def test_letter_1849_asks_a_college_for_a_roadmap_and_urges(duties: Duties) -> None:
    """Given letter 1849-CV/ĐUK to a college with a plan that is missing.

    The owner is urged by the letter, checks itself, and hands in a plan with a roadmap and a figure
    for the quality of its members; the building board leads with inspection and office.
    """
    commune = duties.commune
    owners = [{"organization": commune.code}]
    letter = duties.document("2023-09-17", "Công văn đôn đốc công tác phát triển đảng viên")
    (plan,) = duties.impose(
        "2023-03-01",
        owners=owners,
        kind="PLAN",
        title="Kế hoạch tạo nguồn, phát triển đảng viên trong sinh viên",
        deadline="đến ngày 31/3/2023",
        required=["MILESTONES", "FIGURES"],
    )
    (task,) = duties.impose(
        "2023-09-17",
        document=letter,
        owners=[{"organization": commune.district, "body": "Ban Xây dựng tổ chức cơ sở đảng"}],
        kind="TASK",
        title="Theo dõi, kiểm tra, đôn đốc, hướng dẫn",
        lead="Ban Xây dựng tổ chức cơ sở đảng",
        coworkers=["Ủy ban Kiểm tra", "Văn phòng Đảng ủy Khối"],
    )
    duties.do("interpretDeadline", "2023-03-01", obligations=[plan["id"]], due="2023-03-31", **SAID)
    (due,) = duties.reminders(effective="2023-03-20")
    assert due["trigger"] == "DUE_SOON"
    duties.do("remindObligations", "2023-03-20", obligations=[plan["id"]], trigger="DUE_SOON")
    (missing,) = duties.reminders(effective="2023-09-17")
    assert (missing["trigger"], missing["lastRemindedOn"]) == ("PLAN_MISSING", "2023-03-20")
    urged = duties.do(
        "urgeObligations",
        "2023-09-17",
        obligations=[plan["id"]],
        trigger="PLAN_MISSING",
        document=letter,
    )
    checked = duties.do(
        "followUpObligation",
        "2023-09-25",
        obligation=plan["id"],
        kind="SELF_CHECK",
        by="Đảng ủy trường",
        result="Chưa phân công người phụ trách",
        measures=["Phân công phó bí thư phụ trách"],
    )
    shown = duties.do(
        "submitObligation",
        "2023-10-02",
        obligation=plan["id"],
        content={
            "milestones": [
                {"on": "2023-11-30", "text": "Mở lớp nhận thức cho sinh viên"},
                {"on": "2024-05-19", "text": "Kết nạp 5 sinh viên"},
            ],
            "figures": [
                {"name": "Đảng viên hoàn thành tốt nhiệm vụ trở lên", "value": 95, "unit": "%"}
            ],
        },
    )

    assert urged["reminders"][-1]["letter"] == letter
    assert checked["followUps"][0]["kind"] == "SELF_CHECK"
    content = shown["submissions"][0]["content"]
    assert [each["on"] for each in content["milestones"]] == ["2023-11-30", "2024-05-19"]
    assert content["figures"][0]["value"] == 95
    assert shown["duties"][0]["isLate"]
    assert task["coworkers"] == ["Ủy ban Kiểm tra", "Văn phòng Đảng ủy Khối"]
    assert duties.reminders(effective="2023-10-03") == []


@pytest.mark.requirement("R004-05")
def test_a_commune_plans_with_each_of_its_cells(duties: Duties) -> None:
    """Given a commune that asks its cells for plans; it hands one in for a cell and says so.

    Its own plan holds the plan of each cell. The cell neither lets itself off nor takes back what
    the commune imposed.
    """
    commune = duties.commune
    above = {"organization": commune.code}
    cells = duties.impose(
        "2022-01-20", **above, allBelow=True, kind="PLAN", title="Kế hoạch chi bộ"
    )
    (own_plan,) = duties.impose(
        "2022-01-20",
        owners=[above],
        kind="PLAN",
        title="Kế hoạch tạo nguồn của xã",
        required=["CELLS"],
    )
    assert [each["organization"] for each in cells] == [
        f"{commune.code}/thon-1",
        f"{commune.code}/thon-2",
    ]
    token = commune.installation.token("grassroots", commune.code)
    one = {"obligation": cells[0]["id"], "token": token}
    handed = duties.do(
        "submitObligation",
        "2022-02-01",
        **one,
        named="Kế hoạch chi bộ thôn 1",
        onBehalfBy="Đảng ủy xã",
    )
    plans = [
        {
            "name": f"Chi bộ thôn {number}",
            "organization": f"{commune.code}/thon-{number}",
            "text": "Vùng đồng bào dân tộc thiểu số, có 2 nguồn",
            "targets": [{"period": "2022", "count": number, "group": "ETHNIC_MINORITY"}],
        }
        for number in (1, 2)
    ]
    shown = duties.do(
        "submitObligation", "2022-02-10", obligation=own_plan["id"], content={"cells": plans}
    )
    refused = duties.attempt(
        "excuseObligation", "2022-02-11", obligation=own_plan["id"], reason="Bận", token=token
    )
    allowed = duties.do("approveSubmission", "2022-02-11", **one)

    assert handed["submissions"][0]["onBehalfBy"] == "Đảng ủy xã"
    assert shown["submissions"][0]["content"]["cells"] == plans
    assert refused["code"] == "IMPOSED_FROM_ABOVE"
    assert allowed["duties"][0]["standing"] == "APPROVED"


def test_what_is_open_is_found_by_its_last_day(duties: Duties) -> None:
    """What is due within so many days, and all that is open; what was withdrawn is neither."""
    owners = [{"organization": duties.commune.code}]
    ids = []
    for day, title in (("2022-03-20", "Báo cáo quý"), ("2022-03-05", "Báo cáo tháng")):
        (report,) = duties.impose("2022-01-10", owners=owners, kind="REPORT", title=title)
        duties.do("interpretDeadline", "2022-01-10", obligations=[report["id"]], due=day, **SAID)
        ids.append(report["id"])
    duties.impose("2022-01-10", owners=owners, kind="TASK", title="Giữ nguồn")
    on: dict[str, Any] = {"effective": "2022-03-01"}

    assert [each["obligation"]["title"] for each in duties.open(**on)] == [
        "Báo cáo tháng",
        "Báo cáo quý",
        "Giữ nguồn",
    ]
    assert [each["obligation"]["title"] for each in duties.open(7, **on)] == ["Báo cáo tháng"]
    duties.do("withdrawObligations", "2022-03-01", obligations=ids, reason="Trùng nội dung")
    assert [each["obligation"]["title"] for each in duties.open(**on)] == ["Giữ nguồn"]
    assert len(duties.open(effective="2022-02-28")) == 3


def test_a_wrong_submission_is_corrected(duties: Duties) -> None:
    """The steps of a duty are corrected like any other event; the owner corrects only its own."""
    commune = duties.commune
    (report,) = duties.impose(
        "2022-01-10", owners=[{"organization": commune.code}], kind="REPORT", title="Báo cáo"
    )
    duties.do(
        "interpretDeadline", "2022-01-10", obligations=[report["id"]], due="2022-02-01", **SAID
    )
    interpreted = duties.position
    duties.do("submitObligation", "2022-02-11", obligation=report["id"], named="45-BC/ĐU")
    commune.do(
        "correctEvent",
        occurredOn="2022-03-01",
        event=duties.position,
        reason="Gõ nhầm ngày nhận",
        replacement={"occurredOn": "2022-02-01"},
    )
    clerk = commune.installation.token("grassroots", commune.code)
    commune.board = clerk
    refused = commune.attempt(
        "correctEvent", occurredOn="2022-03-01", event=interpreted, reason="Muốn thêm thời gian"
    )

    shown = "... on Obligation { duties { receivedOn isLate } }"
    found = commune.installation.ask(
        f"query Q($id: ID!) {{ node(id: $id) {{ {shown} }} }}",
        clerk,
        {"id": report["id"]},
    )["node"]
    assert found["duties"] == [{"receivedOn": "2022-02-01", "isLate": False}]
    assert refused["code"] == "IMPOSED_FROM_ABOVE"


def test_what_was_never_handed_in_was_open_all_the_time(duties: Duties) -> None:
    """Given a report that is said to have come in, and a correction two months later.

    When it is asked what was open in between, then the report is: what was never true was not true
    on the days before the mistake was found either.
    """
    fields = {
        "owners": [{"organization": duties.commune.code}],
        "kind": "REPORT",
        "title": "Sơ kết",
    }
    [report] = duties.impose("2022-01-10", **fields)
    duties.do("submitObligation", "2022-02-01", obligation=report["id"], named="2-BC/ĐU")
    assert duties.open(effective="2022-02-10") == []

    duties.position = duties.commune.do(
        "correctEvent", occurredOn="2022-04-01", event=duties.position, reason="Chưa nhận được"
    )["position"]

    for day in ("2022-02-10", "2022-04-02"):
        assert [each["duty"]["standing"] for each in duties.open(effective=day)] == ["OPEN"], day
