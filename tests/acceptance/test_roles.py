"""What each office sees of a case: the vetting is for those who vet, and decide, alone (F.1)."""

from typing import Any

import pytest
from tests.acceptance.commune import Commune
from tests.acceptance.duties import Duties
from tests.acceptance.followed import Followed, followed

CARD = """query C($id: ID!, $at: At) { candidate(id: $id, at: $at) {
  stage vetting { conclusion } vettingStatus dates { vettedOn } findings { rule }
  dossier { historyStampedOn vettingLetters { sentOn } vettingReplies { receivedOn }
    papers { code } } } }"""
LIST = """query L($code: String!, $filter: CandidateFilter) {
  candidates(organization: $code, filter: $filter) { nodes { id stage } } }"""
LOG = """query T($code: String!) {
  auditTrail(organization: $code, first: 200) { nodes { type } }
  events(organization: $code, first: 500) { events { type } }
  breaches(organization: $code) { nodes { findings { rule } } } }"""
CONFIDENTIAL = {
    "candidate.vetting_requested",
    "candidate.vetting_reply_received",
    "candidate.vetting_concluded",
    "candidate.history_declared",
    "candidate.history_stamped",
}


def vetted(commune: Commune) -> Followed:
    """Somebody found eligible, with a finding: the letters went out before the stamp."""
    person = followed(commune)
    person.certified()
    person.do("openDossier", "2022-04-01")
    person.do("submitApplication", "2022-04-02", writtenOn="2022-04-02")
    person.do("declareHistory", "2022-04-10", writtenOn="2022-04-09", schooling="COLLEGE")
    person.do("requestVetting", "2022-04-12", "grassroots", repliesExpected=1)
    person.do("stampHistory", "2022-04-15", "grassroots", pages=12)
    person.do("recordVettingReply", "2022-04-20", "grassroots")
    person.do("concludeVetting", "2022-05-01", "grassroots", conclusion="ELIGIBLE")
    return person


def shown(person: Followed, role: str) -> dict[str, Any]:
    """The card as an officer of the district sees it."""
    token = person.commune.installation.token(role, person.commune.district)
    card: dict[str, Any] = person.commune.installation.ask(CARD, token, {"id": person.id})[
        "candidate"
    ]
    return card


def log(commune: Commune, role: str) -> tuple[set[str], set[str], set[str]]:
    """The types of events in the trail and in the feed, and the rules found broken."""
    token = commune.installation.token(role, commune.district)
    data = commune.installation.ask(LOG, token, {"code": commune.code})
    return (
        {entry["type"] for entry in data["auditTrail"]["nodes"]},
        {event["type"] for event in data["events"]["events"]},
        {each["rule"] for node in data["breaches"]["nodes"] for each in node["findings"]},
    )


def test_who_runs_the_classes_sees_nothing_of_the_vetting(commune: Commune) -> None:
    """On the card, in the trail, the feed and the findings: a case whose dossier is open."""
    person = vetted(commune)
    board, classes = shown(person, "board"), shown(person, "classes")

    assert (board["stage"], board["vettingStatus"]) == ("OPINIONS", "ELIGIBLE")
    assert {"HISTORY", "VETTING"} <= {each["code"] for each in board["dossier"]["papers"]}
    assert board["findings"] == [{"rule": "V1"}]
    papers = {each["code"] for each in classes["dossier"].pop("papers")}
    assert classes == {
        "stage": "DOSSIER_OPEN",
        "vetting": None,
        "vettingStatus": None,
        "dates": {"vettedOn": None},
        "findings": [],
        "dossier": {"historyStampedOn": None, "vettingLetters": [], "vettingReplies": []},
    }
    assert papers
    assert papers.isdisjoint({"HISTORY", "VETTING"})
    for role, hidden in (("board", False), ("inspection", False), ("classes", True)):
        trail, feed, found = log(commune, role)
        assert (trail >= CONFIDENTIAL, feed >= CONFIDENTIAL) == (not hidden, not hidden)
        assert hidden is (CONFIDENTIAL.isdisjoint(trail) and CONFIDENTIAL.isdisjoint(feed))
        assert ("V1" in found) is not hidden
        assert "candidate.dossier_opened" in trail & feed


def test_a_list_by_the_vetting_is_for_those_who_may_see_it(commune: Commune) -> None:
    """To the others the person is one of those whose dossier is open."""
    person = vetted(commune)
    classes = commune.installation.token("classes", commune.district)
    named = {"code": commune.code}
    for filter_ in (
        {"vetting": ["ELIGIBLE"]},
        {"stages": ["OPINIONS"]},
        {"gap": "DOSSIER_INCOMPLETE"},
    ):
        answer = commune.installation.answer(LIST, classes, {**named, "filter": filter_})
        assert answer["errors"][0]["extensions"]["code"] == "NOT_PERMITTED", answer
    found = commune.installation.ask(
        LIST, classes, {**named, "filter": {"stages": ["DOSSIER_OPEN"]}}
    )

    assert found["candidates"]["nodes"] == [{"id": person.id, "stage": "DOSSIER_OPEN"}]
    assert person.listed_with("vetting: [ELIGIBLE]") == [person.id]
    assert person.listed_with("stages: [DOSSIER_OPEN]") == []


@pytest.mark.requirement("R000-07")
def test_the_standing_committee_sees_the_vetting_of_a_dossier_before_it(commune: Commune) -> None:
    """Not while the dossier is still below, and all of it once that is submitted."""
    person = vetted(commune)
    below = shown(person, "standing")
    votes: dict[str, Any] = {"officialMembers": 9, "inFavor": 8}
    person.do("recordCellVote", "2022-06-01", **votes)
    person.do("submitDossier", "2022-06-10", "grassroots")
    before_it = shown(person, "standing")

    assert (below["stage"], below["vettingStatus"]) == ("DOSSIER_OPEN", None)
    assert (before_it["stage"], before_it["vetting"]) == (
        "SUBMITTED",
        {"conclusion": "ELIGIBLE"},
    )


def test_an_area_counts_from_its_own_day_and_what_is_recorded_later_changes_nothing(
    commune: Commune,
) -> None:
    """Given a religious area from May on, then an decision of July counts in it, for ever."""
    person = followed(commune)
    area = {"organization": f"{commune.code}/thon-1", "characteristic": "RELIGIOUS_AREA"}
    commune.do("assignCharacteristic", occurredOn="2022-05-15", **area)
    person.submitted()
    person.do("decideAdmission", "2022-07-01", decisionNumber="01-QĐ/HU")
    commune.do("removeCharacteristic", occurredOn="2022-07-05", **area)
    held = person.do("holdCeremony", "2022-07-10")

    def counted(group: str, counting: str) -> int:
        query = """query Q($code: String!, $at: At, $group: String, $counting: CountingDate!) {
          organization(code: $code, at: $at) { admissions(
            period: { year: 2022 }, group: $group, counting: $counting) { admitted } } }"""
        given = {
            "code": commune.code,
            "at": {"after": held["position"]},
            "group": group,
            "counting": counting,
        }
        data = commune.installation.ask(query, commune.board, given)
        return sum(month["admitted"] for month in data["organization"]["admissions"])

    assert [counted("RELIGIOUS_AREA", each) for each in ("DECISION", "CEREMONY")] == [1, 0]
    assert [counted("ETHNIC_MINORITY", each) for each in ("DECISION", "CEREMONY")] == [1, 1]


def test_who_answers_for_a_territory_urges_and_imposes_nothing(commune: Commune) -> None:
    """A member of the standing committee reminds of a duty; a month ahead is all that is seen."""
    duties = Duties(commune)
    member = commune.installation.token("territory", commune.district)
    demand = {"kind": "REPORT", "title": "Báo cáo tháng", "recurrence": "MONTHLY"}
    owners = [{"organization": commune.code}]
    (report,) = duties.impose("2022-01-10", owners=owners, **demand)
    given: dict[str, Any] = {"organization": commune.district, "owners": owners, **demand}
    refused = duties.attempt("imposeObligations", "2022-02-01", token=member, **given)
    reminded = duties.do(
        "remindObligations",
        "2022-02-10",
        token=member,
        obligations=[report["id"]],
        occurrence="2022-01",
        trigger="REPORT_MISSING",
    )
    (seen, *_) = duties.ask(
        "openObligations",
        "$organization: String!",
        "nodes { obligation { duties(ahead: 366) { occurrence } } }",
        effective="2022-02-10",
    )["nodes"]

    assert refused["code"] == "NOT_PERMITTED"
    assert [each["occurrence"] for each in reminded["reminders"]] == ["2022-01"]
    assert [each["occurrence"] for each in seen["obligation"]["duties"]] == [
        *("2022-01", "2022-02", "2022-03")
    ]
