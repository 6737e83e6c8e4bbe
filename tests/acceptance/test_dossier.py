"""A dossier on its way to the decision: papers, vetting, review, what sends it back or ends it."""

from typing import Any

import pytest
from tests.acceptance.commune import Commune
from tests.acceptance.followed import MEMBER, followed

PAPERS = "dossier { papers { code formCode datedOn state } }"


@pytest.mark.requirement("R000-07", "R000-20", "R004-12")
def test_an_admission_with_every_step_in_its_order_has_no_finding(commune: Commune) -> None:
    """Given all conditions, when each step is taken in its order, then nothing is to report."""
    person = followed(commune)
    person.submitted()
    person.do("decideAdmission", "2022-07-01", decisionNumber="01-QĐ/HU")

    shown = person.card("stage findings { rule } decision { decidedBy number }")
    states = {paper["state"] for paper in person.card(PAPERS)["dossier"]["papers"][:8]}

    assert shown == {
        "stage": "DECIDED",
        "findings": [],
        "decision": {"decidedBy": "SUPERIOR_STANDING_COMMITTEE", "number": "01-QĐ/HU"},
    }
    assert states == {"PRESENT"}


@pytest.mark.requirement("R000-07", "R004-12", "R001-24")
def test_no_case_passes_a_step_without_its_conditions(commune: Commune) -> None:
    """Given a case before each step, when its condition is missing, then its rule refuses."""
    person = followed(commune)
    refused = [person.attempt("openDossier", "2022-01-20")]
    person.on_the_list()
    refused.append(person.attempt("openDossier", "2022-02-20"))
    person.do("recordCertificate", "2022-03-01", number="12/GCN")
    refused.append(person.attempt("submitApplication", "2022-03-02", writtenOn="2022-03-02"))
    person.do("openDossier", "2022-04-01", resolutionNumber="6-NQ/CB")
    refused.append(person.attempt("stampHistory", "2022-04-02", pages=3))
    short = {**MEMBER, "workedTogetherSince": "2021-04-03"}
    refused.append(
        person.attempt("giveIntroduction", "2022-04-02", introducerName="Lê Thị Mẫu", **short)
    )
    person.do("requestVetting", "2022-04-03", repliesExpected=2)
    person.do("recordVettingReply", "2022-04-20")
    refused.append(person.attempt("concludeVetting", "2022-04-21", conclusion="ELIGIBLE"))
    refused.append(person.attempt("recordCellVote", "2022-04-22", officialMembers=9, inFavor=9))

    assert [answer["rule"] for answer in refused] == ["T4", "T4", "P8", "P8", "T6", "V2", "P6"]
    assert all(answer["source"] for answer in refused)
    assert person.card("stage dates { dossierOpenedOn }") == {
        "stage": "VETTING",
        "dates": {"dossierOpenedOn": "2022-04-01"},
    }


@pytest.mark.requirement("R000-20")
def test_deviations_from_the_order_are_recorded_and_reported(commune: Commune) -> None:
    """Given history before application and letters before the stamp, then both are findings."""
    person = followed(commune)
    person.on_the_list()
    person.do("recordCertificate", "2022-03-01", number="12/GCN")
    person.do("openDossier", "2022-04-01")
    person.do("declareHistory", "2022-04-02", writtenOn="2022-04-02", schooling="COLLEGE")
    person.do("requestVetting", "2022-04-03", repliesExpected=1)
    person.do("recordVettingReply", "2022-04-10")
    person.do("concludeVetting", "2022-05-01", conclusion="ELIGIBLE")
    person.do("recordCellVote", "2022-06-01", officialMembers=9, inFavor=9)
    person.do("submitDossier", "2022-06-10")
    person.do("decideAdmission", "2022-12-01", decisionNumber="01-QĐ/HU")

    reported = person.card("findings { rule code message source occurredOn }")["findings"]

    rules = [finding["rule"] for finding in reported]
    assert rules == ["D1", "V1", "D2", "P5", "G3", "S3", "T9", "S1"]
    assert all(finding["message"] and finding["source"] for finding in reported)
    assert reported[0]["occurredOn"] == "2022-04-02"


@pytest.mark.requirement("R000-19")
def test_who_is_certified_without_a_dossier_or_whose_dossier_is_incomplete(
    commune: Commune,
) -> None:
    """Given the Mạ who were sent to class, then each list names those for whom work is left."""
    certified, begun, done = (followed(commune) for _ in range(3))
    kinh = followed(commune, ethnicity="Kinh")
    for person in (certified, kinh):
        person.certified()
    begun.vetted()
    begun.do("reopenVetting", "2022-05-20", documentNumber="8-CV")
    done.reviewed()
    minority = ', group: "ETHNIC_MINORITY"'

    assert done.listed_with(f"gap: CERTIFIED_WITHOUT_DOSSIER{minority}") == [certified.id]
    assert set(done.listed_with("gap: CERTIFIED_WITHOUT_DOSSIER")) == {certified.id, kinh.id}
    assert done.listed_with(f"gap: DOSSIER_INCOMPLETE{minority}") == [begun.id]
    assert done.listed_with("vetting: [SUPPLEMENT_NEEDED]") == [begun.id]
    assert done.listed_with("vetting: [ELIGIBLE], stages: [GRASSROOTS_REVIEW]") == [done.id]
    assert done.listed_with("gap: DOSSIER_INCOMPLETE, stages: [SUBMITTED]") == []


@pytest.mark.requirement("R000-19")
def test_the_check_list_says_what_is_missing(commune: Commune) -> None:
    """Given a dossier, then each paper has its form, its day and its state; old ones are redone."""
    person = followed(commune)
    person.vetted()

    def states(on: str) -> dict[str, str]:
        papers = person.card(PAPERS, effective=on)["dossier"]["papers"]
        return {paper["code"]: paper["state"] for paper in papers}

    first = person.card(PAPERS, effective="2022-05-02")["dossier"]["papers"]
    assert first[1] == {
        "code": "APPLICATION",
        "formCode": "1-KNĐ",
        "datedOn": "2022-04-02",
        "state": "PRESENT",
    }
    missing = {code for code, state in states("2022-05-02").items() if state == "MISSING"}
    assert missing >= {"INTRODUCTION", "UNION_RESOLUTION", "OPINIONS_RESIDENCE"}
    assert states("2023-04-02")["APPLICATION"] == "PRESENT"
    assert states("2023-04-03")["APPLICATION"] == "OUTDATED"
    person.do("submitApplication", "2023-04-03", writtenOn="2023-04-03")
    assert states("2023-04-03")["APPLICATION"] == "PRESENT"


@pytest.mark.requirement("R000-19")
def test_vetting_has_a_status_of_its_own(commune: Commune) -> None:
    """Given letters and replies, then the status follows them whatever the stage."""
    person = followed(commune)
    person.certified()
    person.do("openDossier", "2022-04-01")
    seen = []

    def status() -> None:
        seen.append(person.card("vettingStatus")["vettingStatus"])

    status()
    for mutation, day, fields in (
        ("requestVetting", "2022-04-02", {"repliesExpected": 2, "documentNumber": "4-CV"}),
        ("recordVettingReply", "2022-04-10", {"documentNumber": "7-CV"}),
        ("recordVettingReply", "2022-04-11", {}),
        ("concludeVetting", "2022-04-12", {"conclusion": "ELIGIBLE"}),
        ("reopenVetting", "2022-04-20", {}),
        ("concludeVetting", "2022-04-21", {"conclusion": "REFER_UPWARD"}),
        ("concludeVetting", "2022-04-22", {"conclusion": "NOT_ELIGIBLE"}),
    ):
        person.do(mutation, day, "grassroots", **fields)
        status()
    letters = person.card(
        "dossier { vettingLetters { documentNumber repliesExpected }"
        " vettingReplies { receivedOn } }"
    )["dossier"]

    assert seen == [
        *("NOT_STARTED", "REQUESTED", "REPLIES_OUTSTANDING", "REPLIES_COMPLETE", "ELIGIBLE"),
        *("SUPPLEMENT_NEEDED", "REFERRED_UPWARD", "NOT_ELIGIBLE"),
    ]
    assert letters["vettingLetters"] == [{"documentNumber": "4-CV", "repliesExpected": 2}]
    assert [r["receivedOn"] for r in letters["vettingReplies"]] == ["2022-04-10", "2022-04-11"]


@pytest.mark.requirement("R001-25")
def test_the_cell_proposes_by_two_thirds_and_a_second_person_confirms(commune: Commune) -> None:
    """Given a vote, then only another officer confirms the tally, with the same counts.

    After a vote that failed the proposal cannot be adopted; the cell may vote again.
    """
    person = followed(commune)
    person.vetted()
    person.do("recordCellVote", "2022-06-01", officialMembers=9, inFavor=5)
    adopted = person.attempt("adoptGrassrootsResolution", "2022-06-02")
    submitted = person.attempt("submitDossier", "2022-06-02")
    votes: dict[str, Any] = {"officialMembers": 9, "inFavor": 6}
    person.do("recordCellVote", "2022-06-03", **votes)
    same = person.attempt("confirmVoteTally", "2022-06-04", **votes)
    other = person.attempt(
        "confirmVoteTally", "2022-06-04", "grassroots", officialMembers=9, inFavor=7
    )
    person.do("confirmVoteTally", "2022-06-04", "grassroots", **votes)
    person.do("giveSectionalAppraisal", "2022-06-06", agrees=True, documentNumber="2-BC")
    resolution: dict[str, Any] = {"committeeMembers": 15, "committeeInFavor": 14}
    person.do(
        "adoptGrassrootsResolution", "2022-06-08", "grassroots", resolutionNumber="7", **resolution
    )
    shown = person.card(
        """votes { passed } review { tallyConfirmedOn sectionalAppraisal { agrees documentNumber }
        grassrootsResolution { resolutionNumber committeeMembers committeeInFavor } }"""
    )

    refused = [answer["rule"] for answer in (adopted, submitted, same, other)]
    assert refused == ["T7", "T7", "S2", "S4"]
    assert shown == {
        "votes": [{"passed": False}, {"passed": True}],
        "review": {
            "tallyConfirmedOn": "2022-06-04",
            "sectionalAppraisal": {"agrees": True, "documentNumber": "2-BC"},
            "grassrootsResolution": {"resolutionNumber": "7", **resolution},
        },
    }


@pytest.mark.requirement("R000-07")
def test_a_submitted_dossier_comes_back_and_is_decided_in_a_longer_term(commune: Commune) -> None:
    """Given defects, then the cell votes again; given an extension, a late decision is in time."""
    person = followed(commune)
    person.submitted()
    person.do(
        "returnDossier", "2022-06-15", to="CELL", defects=["Thiếu chữ ký"], letterNumber="5-CV/BTC"
    )
    returned = person.card("stage review { returned { to defects letterNumber returnedOn } }")
    votes = {"officialMembers": 9, "inFavor": 9}
    steps: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("recordCellVote", "2022-07-01", votes),
        ("adoptGrassrootsResolution", "2022-07-05", {}),
        ("submitDossier", "2022-07-10", {}),
    )
    for mutation, day, fields in steps:
        person.do(mutation, day, **fields)
    too_long = person.attempt(
        "extendDecisionTerm", "2022-08-01", workingDays=31, reason="Chờ xác minh"
    )
    person.do("extendDecisionTerm", "2022-08-01", workingDays=30, reason="Chờ xác minh")
    decided = person.do("decideAdmission", "2022-10-20", decisionNumber="01-QĐ/HU")

    assert returned == {
        "stage": "CELL_REVIEW",
        "review": {
            "returned": {
                "to": "CELL",
                "defects": ["Thiếu chữ ký"],
                "letterNumber": "5-CV/BTC",
                "returnedOn": "2022-06-15",
            }
        },
    }
    assert (too_long["code"], too_long["rule"]) == ("DECISION_EXTENSION_TOO_LONG", "T9E")
    assert decided["findings"] == []


@pytest.mark.requirement("R000-07")
def test_an_authorized_committee_decides_by_two_thirds_of_its_members(commune: Commune) -> None:
    """Given an authorization from a day on, then its own vote decides from that day on (T8)."""
    person = followed(commune)
    person.submitted()
    named = {"organization": commune.code, "document": "9-QĐ/HU"}
    commune.do("delegateAdmission", occurredOn="2022-07-01", **named)
    given: dict[str, Any] = {"decisionNumber": "01", "committeeMembers": 15}
    early = person.attempt(
        "decideAdmission", "2022-06-30", "grassroots", committeeInFavor=10, **given
    )
    unauthorized = person.attempt(
        "decideAdmission",
        "2022-06-30",
        authorizationNumber="9-QĐ/HU",
        committeeInFavor=10,
        **given,
    )
    few = person.attempt("decideAdmission", "2022-07-01", "grassroots", committeeInFavor=9, **given)
    person.do("decideAdmission", "2022-07-01", "grassroots", committeeInFavor=10, **given)

    assert (early["__typename"], early["code"]) == ("NotPermitted", "ADMISSION_NOT_DELEGATED")
    assert (unauthorized["code"], unauthorized["rule"]) == ("ADMISSION_NOT_DELEGATED", "G4")
    assert (few["code"], few["rule"]) == ("COMMITTEE_VOTE_NOT_PASSED", "T8")
    assert person.card("decision { decidedBy committeeInFavor }")["decision"] == {
        "decidedBy": "GRASSROOTS_COMMITTEE",
        "committeeInFavor": 10,
    }


ENDINGS = [
    ("refuseAdmission", "2022-06-20", "REFUSED", {"reason": "Chưa đạt", "noticeNumber": "1-TB"}),
    ("recordWithdrawal", "2022-06-20", "WITHDRAWN", {"reason": "Chuyển đi", "letterNumber": "x"}),
    ("removeSympathizer", "2022-06-20", "REMOVED", {"reason": "Vi phạm", "resolutionNumber": "8"}),
    ("recordDeath", "2022-06-20", "DECEASED", {"documentNumber": "2-GCT"}),
]


@pytest.mark.requirement("R001-26")
@pytest.mark.parametrize(("mutation", "on", "outcome", "fields"), ENDINGS)
def test_what_ends_a_submitted_case(
    commune: Commune, mutation: str, on: str, outcome: str, fields: dict[str, str]
) -> None:
    """Given a submitted dossier, when the case ends, then the card and the pipeline say how."""
    person = followed(commune)
    person.submitted()
    ended = person.do(mutation, on, **fields)
    late = person.attempt("decideAdmission", "2022-07-01", decisionNumber="01-QĐ/HU")
    shown = person.card("stage ending { outcome endedOn reason documentNumber }")

    assert commune.stages(effective=on, after=ended["position"]) == {outcome: 1}
    assert late["__typename"] == "RuleViolated"
    assert shown == {
        "stage": outcome,
        "ending": {
            "outcome": outcome,
            "endedOn": on,
            "reason": fields.get("reason"),
            "documentNumber": next(v for k, v in fields.items() if k != "reason"),
        },
    }


@pytest.mark.requirement("R000-07")
def test_a_decision_is_revoked_before_the_ceremony(commune: Commune) -> None:
    """Given a decision, when it is revoked, it counts against that day, and another may follow."""
    person = followed(commune)
    person.submitted()
    person.do("decideAdmission", "2022-07-01", decisionNumber="01-QĐ/HU")
    revoked = person.do(
        "revokeDecision", "2022-07-10", reason="Sai tiêu chuẩn", decisionNumber="3-QĐ/HU"
    )
    ceremony = person.attempt("holdCeremony", "2022-07-20")
    query = """query P($code: String!, $at: At) { organization(code: $code, at: $at) {
      first: progress(period: { range: { first: "2022-07-01", last: "2022-07-09" } }) { achieved }
      whole: screening(period: { year: 2022 }) { admitted uncounted net } } }"""
    at = {"effective": "2022-12-31", "after": revoked["position"]}
    counted = commune.installation.ask(query, commune.board, {"code": commune.code, "at": at})

    assert (ceremony["rule"], person.stage("2022-07-10")) == ("P8", "DECISION_REVOKED")
    assert counted["organization"] == {
        "first": {"achieved": 1},
        "whole": {"admitted": 1, "uncounted": 1, "net": 0},
    }
    person.do("listSympathizer", "2022-08-01")
    assert person.stage("2022-08-01") == "CERTIFIED"


@pytest.mark.requirement("R001-25")
def test_the_cell_and_the_committee_may_refuse(commune: Commune) -> None:
    """Given a failed vote, the cell refuses; given a passed one, only the committee can."""
    of_cell, of_committee = followed(commune), followed(commune)
    of_cell.vetted()
    of_cell.do("recordCellVote", "2022-06-01", officialMembers=9, inFavor=2)
    of_cell.do("refuseProposal", "2022-06-01", reason="Chưa đạt")
    of_committee.reviewed()
    cell = of_committee.attempt("refuseProposal", "2022-06-09", reason="Chưa đạt")
    of_committee.do("refuseGrassrootsResolution", "2022-06-09", "grassroots", reason="Chưa đạt")

    assert (cell["code"], cell["rule"]) == ("PROPOSAL_WAS_ADOPTED", "G2")
    assert (of_cell.stage("2022-06-01"), of_committee.stage("2022-06-09")) == ("REFUSED", "REFUSED")


def test_an_introducer_is_replaced_and_a_wrong_entry_corrected(commune: Commune) -> None:
    """Given an introducer who moved, another one follows without twelve months together."""
    person = followed(commune)
    person.vetted()
    given = person.do("giveIntroduction", "2022-05-10", introducerName="Lê Thị Mẫu", **MEMBER)
    fields = "dossier { introductions { number introducerName workedTogetherSince } }"
    (first,) = person.card(fields)["dossier"]["introductions"]
    commune.do(
        "correctEvent",
        occurredOn="2022-05-11",
        event=given["position"],
        reason="Nhầm tên",
        replacement={"fields": {"introducerName": "Lê Thị Đúng"}},
    )
    (again,) = person.card(fields)["dossier"]["introductions"]
    person.do(
        "replaceIntroducer",
        "2022-05-20",
        introduction=again["number"],
        reason="Chuyển công tác",
        introducerName="Vũ Văn Thay",
        introducerOfficialSince="2010-01-01",
        workedTogetherSince="2022-05-01",
    )
    (last,) = person.card(fields)["dossier"]["introductions"]

    names = [each["introducerName"] for each in (first, again, last)]
    assert names == ["Lê Thị Mẫu", "Lê Thị Đúng", "Vũ Văn Thay"]
    assert last["workedTogetherSince"] == "2022-05-01"
