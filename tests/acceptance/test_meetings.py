"""Meetings: plan and tasks on the agenda, a sitting over dossiers, the monthly conference."""

from typing import Any

import pytest
from tests.acceptance.commune import Commune
from tests.acceptance.sittings import act, attempt, nodes


def agenda_of(commune: Commune, **at: str) -> tuple[list[str], list[str]]:
    """Who waits for the conference of the commune: admissions, recognitions."""
    query = """query Q($code: String!, $at: At) { monthlyAgenda(organization: $code, at: $at) {
      admissions { totalCount nodes { id } } recognitions(first: 10) { nodes { id } } } }"""
    found = commune.installation.ask(query, commune.board, {"code": commune.code, "at": at})
    waiting = found["monthlyAgenda"]
    admissions = [each["id"] for each in waiting["admissions"]["nodes"]]
    assert waiting["admissions"]["totalCount"] == len(admissions)
    return admissions, [each["id"] for each in waiting["recognitions"]["nodes"]]


@pytest.mark.requirement("R001-19", "R001-20")
def test_a_cell_meeting_treats_the_plan_and_gives_tasks(commune: Commune) -> None:
    """The plan is an agenda item with its document; tasks go to the youth union and a candidate."""
    person = commune.identify()
    cell = f"{commune.code}/thon-1"
    meeting = act(
        commune,
        "holdMeeting",
        commune.installation.token("cell", cell),
        occurredOn="2022-03-03",
        organization=cell,
        kind="CELL_MEETING",
        members=9,
        present=7,
        absent=["Đảng viên Vắng Một", "Đảng viên Vắng Hai"],
        minutesNumber="3-BB/CB",
        agenda=[
            {"text": "Tạo nguồn phát triển đảng viên", "about": "Kế hoạch tạo nguồn năm 2022"},
            {
                "text": "Nâng cao nhận thức của quần chúng",
                "task": "Giới thiệu đoàn viên ưu tú",
                "assignee": "Chi đoàn thôn 1",
                "due": "2022-04-30",
            },
            {"text": "Giao nhiệm vụ", "candidate": person, "task": "Tham gia tổ tự quản"},
        ],
    )
    after = {"after": meeting["position"]}
    (listed,) = nodes(commune, "meetings", "Meeting", **after)

    assert (listed["members"], listed["present"], len(listed["absent"])) == (9, 7, 2)
    assert listed["agenda"][0]["about"] == "Kế hoạch tạo nguồn năm 2022"
    assert [item["task"] for item in listed["agenda"]] == [
        None,
        "Giới thiệu đoàn viên ưu tú",
        "Tham gia tổ tự quản",
    ]
    assert listed["agenda"][2]["candidate"] == person
    territory = commune.installation.token("territory", commune.district)
    query = "query Q($id: ID!) { node(id: $id) { ... on Meeting { present absent } } }"
    seen = commune.installation.ask(query, territory, {"id": meeting["id"]})["node"]
    assert seen == {"present": 7, "absent": None}


@pytest.mark.requirement("R001-11", "R001-31")
def test_the_monthly_conference_decides_what_the_board_lays_before_it(commune: Commune) -> None:
    """Given a dossier that is submitted and a probation that has ended.

    When the organization board lays both before the conference, then they stand on its agenda; the
    standing committee decides them in one sitting, with the minutes and a decision each.
    """
    new, old = commune.identify(), commune.identify()
    for person in (new, old):
        commune.prepare(person)
    commune.admit(old, on="2022-07-01")
    commune.do("holdCeremony", occurredOn="2022-07-20", candidate=old)
    commune.vote(new, on="2023-04-03")
    last = commune.do("submitDossier", occurredOn="2023-06-20", candidate=new)
    waiting = agenda_of(commune, effective="2023-08-15", after=last["position"])
    dossiers = [
        {"matter": "ADMIT", "candidate": new},
        {"matter": "RECOGNIZE", "candidate": old},
    ]
    board: dict[str, Any] = {
        "occurredOn": "2023-07-10",
        "organization": commune.district,
        "body": "Ban Tổ chức Huyện ủy",
        "letterNumber": "31-TTr/BTC",
    }
    early = attempt(commune, "layDocket", meetsOn="2023-07-19", dossiers=dossiers, **board)
    docket = act(commune, "layDocket", meetsOn="2023-08-15", dossiers=dossiers, **board)
    standing = commune.installation.token("standing", commune.district)
    sitting: dict[str, Any] = {
        "occurredOn": "2023-08-15",
        "organization": commune.district,
        "kind": "STANDING_CONFERENCE",
        "body": "Ban Thường vụ Huyện ủy",
        "members": 11,
        "present": 10,
        "minutesNumber": "8-BB/HU",
    }
    admission = {"matter": "ADMIT", "candidate": new, "inFavor": 11, "number": "88-QĐ/HU"}
    recognition = {
        "matter": "RECOGNIZE",
        "candidate": old,
        "inFavor": 11,
        "number": "89-QĐ/HU",
        "cellVoteOn": "2023-08-01",
        "cellOfficialMembers": 9,
        "cellInFavor": 9,
    }
    hasty = attempt(
        commune,
        "holdMeeting",
        standing,
        items=[admission, {**recognition, "cellVoteOn": "2023-07-01"}],
        **sitting,
    )
    held = act(commune, "holdMeeting", standing, items=[admission, recognition], **sitting)

    assert waiting == ([new], [old])
    assert (early["code"], early["rule"]) == ("PROBATION_NOT_ENDED", "T11")
    assert early["field"] == "dossiers.2.meetsOn"
    assert docket["dossiers"] == dossiers
    assert (hasty["code"], hasty["field"]) == ("PROBATION_NOT_ENDED", "items.2.cellVoteOn")
    assert [item["number"] for item in held["items"]] == ["88-QĐ/HU", "89-QĐ/HU"]
    assert commune.stages(after=held["position"]) == {"DECIDED": 1, "FULL_MEMBER": 1}
    assert agenda_of(commune, after=held["position"]) == ([], [])


@pytest.mark.requirement("R001-11")
def test_a_sitting_is_recorded_whole_and_corrected_one_by_one(commune: Commune) -> None:
    """Given a cell that sits over two people, one without a dossier.

    Then nothing of the sitting is recorded, until it is only about whom it may decide; a vote that
    was counted wrong is corrected for that person alone, and the minutes show that it was.
    """
    first, second, third = (commune.identify() for _ in range(3))
    commune.prepare(first)
    commune.prepare(second)
    cell = f"{commune.code}/thon-1"
    sitting: dict[str, Any] = {
        "occurredOn": "2022-06-01",
        "organization": cell,
        "kind": "CELL_MEETING",
        "members": 9,
        "present": 9,
    }

    def proposal(candidate: str, number: str) -> dict[str, object]:
        return {
            "matter": "PROPOSE_ADMISSION",
            "candidate": candidate,
            "inFavor": 8,
            "number": number,
        }

    refused = attempt(
        commune, "holdMeeting", items=[proposal(first, "6"), proposal(third, "7")], **sitting
    )
    held = act(
        commune, "holdMeeting", items=[proposal(first, "6"), proposal(second, "7")], **sitting
    )
    query = """query Q($code: String!, $subject: ID!) { auditTrail(organization: $code,
      subject: $subject, first: 50) { nodes { type position actor } } }"""
    trail = commune.installation.ask(
        query, commune.board, {"code": commune.code, "subject": second}
    )["auditTrail"]["nodes"]
    vote = next(entry for entry in trail if entry["type"] == "candidate.cell_vote_held")
    corrected = commune.do(
        "correctEvent",
        occurredOn="2022-06-10",
        event=vote["position"],
        reason="Kiểm phiếu lại",
        replacement={"fields": {"inFavor": 5}},
    )

    assert refused["code"] == "CERTIFICATE_NOT_VALID"
    assert refused["field"].startswith("items.2.")
    assert [item["corrected"] for item in held["items"]] == [False, False]
    (listed,) = nodes(commune, "meetings", "Meeting", after=corrected["position"])
    assert [item["corrected"] for item in listed["items"]] == [False, True]
    assert commune.stages() == {"GRASSROOTS_REVIEW": 1, "CELL_REVIEW": 1, "IDENTIFIED": 1}
