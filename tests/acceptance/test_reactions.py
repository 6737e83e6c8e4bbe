"""Defects, guidance, and what the committees do about results."""

from typing import Any

import pytest
from tests.acceptance import records
from tests.acceptance.commune import Commune

DEFECT = """id organization foundBy foundOn what candidate rule closedOn outcome
  reminders { by remindedOn note }"""
GUIDANCE = "id organization question lead requestedOn answers { by givenOn answer document }"
REACTION = """id organization kind occasion proposedBy ground period theme rank office person
  activity decision { agreed decidedBy decidedOn decisionNumber rank }"""
SHOWN = {"Defect": DEFECT, "Guidance": GUIDANCE, "Reaction": REACTION}


def act(
    commune: Commune,
    role: str,
    mutation: str,
    noun: str,
    **fields: Any,  # noqa: ANN401 (a mutation's own fields)
) -> dict[str, Any]:
    """A record after what somebody of the district did."""
    token = commune.installation.token(role, commune.district)
    given = {"occurredOn": "2023-06-01", **fields}
    return records.act(commune.installation, token, mutation, noun, SHOWN[noun], **given)


def react(commune: Commune, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 (a mutation's own fields)
    """What the organization board proposes."""
    given = {
        "organization": commune.code,
        "occasion": "YEARLY",
        "proposedBy": "Ban Tổ chức",
        "ground": "Kết quả kết nạp đảng viên so với chỉ tiêu",
        **fields,
    }
    return act(commune, "board", "proposeReaction", "Reaction", **given)


def decide(commune: Commune, reaction: dict[str, Any], **fields: Any) -> dict[str, Any]:  # noqa: ANN401 (a mutation's own fields)
    """What the standing committee decides."""
    given = {
        "occurredOn": "2023-12-20",
        "reaction": reaction["id"],
        "agreed": True,
        "decidedBy": "Ban Thường vụ",
        **fields,
    }
    return act(commune, "standing", "decideReaction", "Reaction", **given)


@pytest.mark.requirement("R001-34", "R001-33")
def test_a_defect_is_found_reminded_of_and_closed(commune: Commune) -> None:
    """By the inspection commission; the list says what was open on a day."""
    found = act(
        commune,
        "inspection",
        "noteDefect",
        "Defect",
        organization=commune.code,
        foundBy="UBKT Đảng ủy xã",
        what="Nghị quyết chi bộ không ghi số phiếu",
        rule="T7",
        remedyUntil="2023-06-30",
    )
    act(
        commune,
        "inspection",
        "remindOfDefect",
        "Defect",
        occurredOn="2023-07-03",
        defect=found["id"],
        by="UBKT Huyện ủy",
        note="Quá hạn khắc phục",
    )
    closed = act(
        commune,
        "inspection",
        "closeDefect",
        "Defect",
        occurredOn="2023-07-10",
        defect=found["id"],
        outcome="Đã bổ sung biên bản kiểm phiếu",
    )

    assert closed["reminders"] == [
        {"by": "UBKT Huyện ủy", "remindedOn": "2023-07-03", "note": "Quá hạn khắc phục"}
    ]
    then = records.listed(
        commune.installation,
        commune.board,
        "defects",
        DEFECT,
        commune.code,
        effective="2023-07-05",
        after=closed["position"],
    )
    assert [(each["closedOn"], len(each["reminders"])) for each in then] == [(None, 1)]
    again = act(
        commune, "inspection", "closeDefect", "Defect", defect=found["id"], outcome="Lần nữa"
    )
    assert again["code"] == "DEFECT_CLOSED"
    assert (
        act(
            commune,
            "office",
            "noteDefect",
            "Defect",
            organization=commune.code,
            foundBy="Văn phòng",
            what="Không thuộc thẩm quyền",
        )["code"]
        == "NOT_PERMITTED"
    )


@pytest.mark.requirement("R003-18", "R001-30")
def test_a_unit_asks_and_the_leading_board_answers(commune: Commune) -> None:
    """A cell with two official members asks what to do; the log keeps question and answer."""
    asked = records.act(
        commune.installation,
        commune.installation.token("cell", f"{commune.code}/thon-1"),
        "requestGuidance",
        "Guidance",
        GUIDANCE,
        occurredOn="2023-06-01",
        organization=f"{commune.code}/thon-1",
        question="Chi bộ chỉ còn 2 đảng viên chính thức thì biểu quyết thế nào?",
        lead="Ban Xây dựng tổ chức cơ sở đảng",
    )
    answered = act(
        commune,
        "board",
        "giveGuidance",
        "Guidance",
        occurredOn="2023-06-05",
        guidance=asked["id"],
        by="Ban Xây dựng tổ chức cơ sở đảng",
        answer="Cấp trên bổ sung đảng viên hoặc ghép chi bộ trước khi biểu quyết.",
    )

    assert answered["lead"] == "Ban Xây dựng tổ chức cơ sở đảng"
    assert [each["givenOn"] for each in answered["answers"]] == ["2023-06-05"]
    log = records.listed(
        commune.installation,
        commune.board,
        "guidance",
        GUIDANCE,
        commune.code,
        after=answered["position"],
    )
    assert [each["question"] for each in log] == [asked["question"]]


@pytest.mark.requirement("R001-15", "R001-16", "R003-28", "R003-29")
def test_units_are_commended_criticized_rectified_and_rewarded(commune: Commune) -> None:
    """Proposed by a board, decided once by the committee; yearly, or at any time by a theme."""
    praise = react(commune, kind="COMMENDATION", period="2023")
    blame = react(
        commune,
        kind="CRITICISM",
        office="Cấp ủy viên phụ trách",
        person="Người Thử Nghiệm",
        ground="Chưa quan tâm công tác tạo nguồn",
    )
    weak = react(commune, kind="RECTIFICATION", occasion="AD_HOC", theme="Đơn vị yếu")
    reward = react(
        commune, kind="REWARD", occasion="AD_HOC", theme="Chuyên đề 5 năm thực hiện 28-CT/TU"
    )

    assert decide(commune, praise, decisionNumber="77-QĐ/HU")["decision"] == {
        "agreed": True,
        "decidedBy": "Ban Thường vụ",
        "decidedOn": "2023-12-20",
        "decisionNumber": "77-QĐ/HU",
        "rank": None,
    }
    assert decide(commune, blame, agreed=False)["decision"]["agreed"] is False
    assert decide(commune, weak)["theme"] == "Đơn vị yếu"
    last = decide(commune, reward)
    assert (last["occasion"], last["theme"]) == ("AD_HOC", "Chuyên đề 5 năm thực hiện 28-CT/TU")
    assert decide(commune, praise)["code"] == "REACTION_DECIDED"
    found = records.listed(
        commune.installation,
        commune.board,
        "reactions",
        REACTION,
        commune.code,
        kinds=", kinds: [CRITICISM, REWARD]",
        after=last["position"],
    )
    assert {each["id"] for each in found} == {blame["id"], reward["id"]}


@pytest.mark.requirement("R001-13", "R003-24", "R004-16")
def test_the_result_is_an_input_of_the_ranking(commune: Commune) -> None:
    """Given a target and what was achieved of it, then the board proposes a rank on that ground."""
    commune.do(
        "assignTarget",
        occurredOn="2022-01-10",
        organization=commune.code,
        period={"year": 2022},
        count=2,
    )
    candidate = commune.identify()
    commune.prepare(candidate)
    decided = commune.admit(candidate)
    shown = commune.installation.ask(
        """query Q($code: String!, $at: At) { organization(code: $code, at: $at) {
          progress(period: { year: 2022 }) { target achieved percent } } }""",
        commune.board,
        {"code": commune.code, "at": {"effective": "2022-12-31", "after": decided["position"]}},
    )["organization"]["progress"]
    assert shown == {"target": 2, "achieved": 1, "percent": 50}

    proposed = react(
        commune,
        kind="RANKING",
        period="2022",
        ground=f"Kết nạp {shown['achieved']}/{shown['target']:.0f}, đạt {shown['percent']:.0f} %",
        rank="Hoàn thành nhiệm vụ",
    )
    ranked = decide(commune, proposed, rank="Không hoàn thành nhiệm vụ")

    assert (proposed["ground"], proposed["period"]) == ("Kết nạp 1/2, đạt 50 %", "2022")
    assert proposed["rank"] == "Hoàn thành nhiệm vụ"
    assert ranked["decision"]["rank"] == "Không hoàn thành nhiệm vụ"
