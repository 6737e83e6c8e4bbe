"""What organizations do: training, education, reviews, inspections, models, campaigns."""

from typing import Any

import pytest
from tests.acceptance import records
from tests.acceptance.commune import Commune

SHOWN = """id organization kind title body beganOn endedOn period topics areas groups
  audience { role count } reviews { reviewedOn results lessons measures
  tallies { count group area grade } } replications { organization replicatedOn note }"""


def hold(commune: Commune, token: str = "", **fields: Any) -> dict[str, Any]:  # noqa: ANN401 (a mutation's own fields)
    """An activity of the commune."""
    given = {"occurredOn": "2023-06-01", "organization": commune.code, **fields}
    return records.act(
        commune.installation, token or commune.board, "holdActivity", "Activity", SHOWN, **given
    )


def review(commune: Commune, activity: dict[str, Any], **fields: Any) -> dict[str, Any]:  # noqa: ANN401 (a mutation's own fields)
    """The activity after its results are recorded."""
    given = {"occurredOn": "2023-07-01", "activity": activity["id"], **fields}
    return records.act(
        commune.installation, commune.board, "reviewActivity", "Activity", SHOWN, **given
    )


def listed(commune: Commune, kinds: str, **at: str) -> list[dict[str, Any]]:
    """The commune's activities of some kinds."""
    return records.listed(
        commune.installation,
        commune.board,
        "activities",
        SHOWN,
        commune.code,
        kinds=f", kinds: [{kinds}]",
        **at,
    )


@pytest.mark.requirement("R000-14", "R000-15", "R003-27")
def test_committee_members_and_secretaries_are_trained(commune: Commune) -> None:
    """Given a training session with its topics, then the participants are there by role."""
    audience = [
        {"role": "Cấp ủy viên", "count": 25},
        {"role": "Bí thư, phó bí thư chi bộ", "count": 48},
        {"role": "Cán bộ làm công tác đảng vụ", "count": 6},
    ]
    topics = ["Điều lệ Đảng", "24-QĐ/TW", "01-HD/TW", "Quy trình kết nạp đảng viên"]
    made = hold(
        commune,
        kind="TRAINING",
        title="Tập huấn nghiệp vụ công tác đảng viên",
        body="Ban Tổ chức",
        until="2023-06-02",
        topics=topics,
        audience=audience,
    )

    assert (made["audience"], made["topics"]) == (audience, topics)
    after = {"after": made["position"]}
    assert [each["id"] for each in listed(commune, "TRAINING", **after)] == [made["id"]]
    assert listed(commune, "INSPECTION", **after) == []
    assert listed(commune, "TRAINING", effective="2023-05-31", **after) == []


@pytest.mark.requirement("R000-16", "R000-24", "R001-18", "R003-21", "R003-15")
def test_education_and_propaganda_name_their_audience_and_area(commune: Commune) -> None:
    """Of minority areas, of pupils, of members, by a union; examples are found and kept."""
    education = hold(
        commune,
        kind="EDUCATION",
        title="Giáo dục chính trị, truyền thống",
        areas=["ETHNIC_MINORITY_AREA"],
        audience=[{"role": "Nhân dân vùng đồng bào dân tộc thiểu số", "count": 300}],
    )
    pupils = hold(
        commune,
        kind="PROPAGANDA",
        title="Thi đua học tập, phấn đấu vào Đảng",
        groups=["PUPIL"],
        audience=[{"role": "Học sinh trung học phổ thông", "count": 420}],
    )
    union = commune.installation.token("union", commune.code)
    campaign = hold(
        commune, union, kind="EMULATION", title="Phong trào Tuổi trẻ sáng tạo", body="Đoàn xã"
    )
    example = hold(commune, kind="EXAMPLE", title="Đảng viên gương mẫu, uy tín ở thôn 1")

    assert education["areas"] == ["ETHNIC_MINORITY_AREA"]
    assert pupils["groups"] == ["PUPIL"]
    assert campaign["body"] == "Đoàn xã"
    found = listed(commune, "EDUCATION, PROPAGANDA, EMULATION, EXAMPLE", after=example["position"])
    assert {each["id"] for each in found} == {
        each["id"] for each in (education, pupils, campaign, example)
    }


@pytest.mark.requirement("R000-18", "R001-27", "R001-14", "R003-11")
def test_a_review_has_results_lessons_and_measures(commune: Commune) -> None:
    """The source is counted by group, area and quality; the conference is linked to a review."""
    made = hold(commune, kind="REVIEW", title="Rà soát nguồn năm 2023", period="2023")
    tallies = [
        {"count": 9, "group": "ETHNIC_MINORITY", "area": None, "grade": "Tốt"},
        {"count": 4, "group": "ETHNIC_MINORITY", "area": None, "grade": "Khá"},
        {"count": 15, "group": None, "area": "ETHNIC_MINORITY_AREA", "grade": None},
    ]
    shown = review(
        commune,
        made,
        results="13 quần chúng ưu tú người dân tộc thiểu số đủ điều kiện bồi dưỡng",
        lessons="Cần phân công đảng viên giúp đỡ sớm hơn",
        measures=["Cử 6 người học lớp nhận thức về Đảng quý IV"],
        tallies=tallies,
    )

    assert shown["reviews"] == [
        {
            "reviewedOn": "2023-07-01",
            "results": "13 quần chúng ưu tú người dân tộc thiểu số đủ điều kiện bồi dưỡng",
            "lessons": "Cần phân công đảng viên giúp đỡ sớm hơn",
            "measures": ["Cử 6 người học lớp nhận thức về Đảng quý IV"],
            "tallies": tallies,
        }
    ]
    conference = hold(commune, kind="CONFERENCE", title="Tổng kết công tác xây dựng Đảng 2023")
    told = review(commune, conference, results="Kết nạp 30 đảng viên, đạt 100 % chỉ tiêu")
    assert told["reviews"][0]["results"].startswith("Kết nạp 30")


@pytest.mark.requirement("R001-12", "R001-33", "R003-17")
def test_inspections_are_held_at_two_levels(commune: Commune) -> None:
    """By the inspection commission of the district, by that of the commune, by the unit itself."""
    above = commune.installation.token("inspection", commune.district)
    below = commune.installation.token("inspection", commune.code)
    for token, body in ((above, "UBKT Huyện ủy"), (below, "UBKT Đảng ủy xã")):
        made = hold(
            commune,
            token,
            kind="INSPECTION",
            title="Kiểm tra công tác kết nạp, công nhận đảng viên",
            body=body,
        )
        assert made["body"] == body
    hold(commune, kind="URGING", title="Đôn đốc các chi bộ", body="Ban Tổ chức")
    last = hold(commune, kind="SELF_CHECK", title="Đơn vị tự kiểm tra thực hiện kế hoạch")

    found = listed(commune, "INSPECTION, SELF_CHECK, URGING", after=last["position"])
    assert sorted(each["body"] or "" for each in found) == [
        "",
        "Ban Tổ chức",
        "UBKT Huyện ủy",
        "UBKT Đảng ủy xã",
    ]


@pytest.mark.requirement("R000-22")
def test_a_model_is_replicated(commune: Commune) -> None:
    """A creative way of one cell is taken up by another, once."""
    model = hold(
        commune,
        kind="MODEL",
        title="Mỗi chi bộ giúp một quần chúng là người dân tộc thiểu số",
        organization=f"{commune.code}/thon-1",
    )
    given = {
        "occurredOn": "2023-09-01",
        "activity": model["id"],
        "at": f"{commune.code}/thon-2",
    }

    def replicate() -> dict[str, Any]:
        return records.act(
            commune.installation, commune.board, "replicateActivity", "Activity", SHOWN, **given
        )

    assert replicate()["replications"] == [
        {"organization": f"{commune.code}/thon-2", "replicatedOn": "2023-09-01", "note": None}
    ]
    assert replicate()["code"] == "ALREADY_REPLICATED"


def test_another_tenant_sees_no_activity(commune: Commune) -> None:
    """Neither in the list nor by its id."""
    made = hold(commune, kind="OTHER", title="Hoạt động")
    other = commune.installation.token("board", "lam-dong/khoi")
    found = commune.installation.answer(
        "query Q($id: ID!) { node(id: $id) { id } }", other, {"id": made["id"]}
    )

    assert found["data"]["node"] is None
    assert found["errors"][0]["extensions"]["code"] == "ACTIVITY_NOT_FOUND"
    assert commune.code not in str(found)
