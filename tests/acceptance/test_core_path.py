"""The core path through GraphQL.

A person is identified, listed, certified, vetted, voted on, admitted and recognized.
"""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from tests.acceptance.commune import Commune, mutate
from tests.acceptance.installation import Installation


def test_a_query_after_the_position_of_a_mutation_shows_it(commune: Commune) -> None:
    """Read your own write, at every step up to the recognition."""
    candidate = commune.identify()
    commune.prepare(candidate)
    commune.admit(candidate)
    ceremony = commune.do("holdCeremony", occurredOn="2022-07-20", candidate=candidate)

    shown = commune.stages(effective="2022-12-31", after=ceremony["position"])

    assert shown == {"PROBATIONARY": 1}

    recognized = commune.do(
        "recognizeFullMember",
        occurredOn="2023-08-01",
        candidate=candidate,
        decisionNumber="02-QĐ/HU",
        cellVoteOn="2023-07-25",
        officialMembers=9,
        inFavor=6,
    )
    after = {"after": recognized["position"]}
    assert commune.stages(effective="2023-07-20", **after) == {"RECOGNITION_DUE": 1}
    assert commune.stages(effective="2023-08-01", **after) == {"FULL_MEMBER": 1}
    assert commune.stages(effective="2022-01-09", **after) == {}


def test_the_same_command_again_answers_the_same_and_adds_nothing(commune: Commune) -> None:
    """The first result is remembered by its commandId."""
    candidate = commune.identify()
    again = {
        "commandId": str(uuid4()),
        "occurredOn": "2022-02-01",
        "candidate": candidate,
        "resolutionNumber": "5-NQ/CB",
    }
    first = commune.do("listSympathizer", **again)

    second = commune.do("listSympathizer", **again)

    assert second["position"] == first["position"]
    assert second["candidate"]["id"] == candidate
    assert _trail(commune) == [
        "organization.established",
        "organization.established",
        "organization.established",
        "candidate.identified",
        "candidate.sympathizer_listed",
    ]


def test_the_same_command_id_with_another_input_is_refused(commune: Commune) -> None:
    """Nothing is added by it."""
    candidate = commune.identify()
    again = {"commandId": str(uuid4()), "candidate": candidate}
    commune.do("listSympathizer", occurredOn="2022-02-01", **again)

    refused = commune.attempt("listSympathizer", occurredOn="2022-02-02", **again)

    assert refused["__typename"] == "Conflict"
    assert refused["code"] == "COMMAND_ID_REUSED"
    assert len(_trail(commune)) == 5


def test_a_failed_vote_is_recorded_and_the_proposal_cannot_be_adopted_after_it(
    commune: Commune,
) -> None:
    """Five of nine are fewer than two thirds; six are enough."""
    candidate = commune.identify()
    commune.prepare(candidate)
    commune.vote(candidate, in_favor=5)
    before = len(_trail(commune))

    refused = commune.attempt("submitDossier", occurredOn="2022-06-02", candidate=candidate)

    assert refused["__typename"] == "RuleViolated"
    assert (refused["code"], refused["rule"]) == ("CELL_VOTE_NOT_PASSED", "T7")
    assert "Điều lệ Đảng" in refused["source"]
    assert len(_trail(commune)) == before
    assert "candidate.cell_vote_held" in _trail(commune)

    commune.vote(candidate, on="2022-06-03", in_favor=6)
    commune.do("submitDossier", occurredOn="2022-06-04", candidate=candidate)


def test_a_decision_without_a_valid_certificate_is_refused_in_both_languages(
    commune: Commune,
) -> None:
    """Code, Vietnamese and English message, rule and source; nothing is written."""
    candidate = commune.identify()
    decision = {"occurredOn": "2022-07-01", "candidate": candidate, "decisionNumber": "1"}

    english = commune.attempt("decideAdmission", **decision)
    vietnamese = commune.attempt("decideAdmission", language="vi", **decision)

    assert (english["code"], english["rule"]) == ("CERTIFICATE_NOT_VALID", "T4")
    assert english["source"] == "01-HD/TW, 3.1"
    assert english["message"].startswith("There is no awareness-class certificate")
    assert vietnamese["message"].startswith("Không có giấy chứng nhận")
    assert len(_trail(commune)) == 4


def test_a_person_of_seventeen_is_not_admitted(commune: Commune) -> None:
    """Age counts by month on the day the cell reviews the case."""
    candidate = commune.identify(birthDate="2004-07-15")
    commune.prepare(candidate)

    vote = commune.attempt(
        "recordCellVote",
        occurredOn="2022-06-30",
        candidate=candidate,
        officialMembers=9,
        inFavor=9,
    )
    decision = commune.attempt(
        "decideAdmission", occurredOn="2022-06-30", candidate=candidate, decisionNumber="1"
    )

    assert (vote["code"], vote["rule"]) == ("UNDER_AGE", "T1")
    assert (decision["code"], decision["rule"]) == ("UNDER_AGE", "T1")
    commune.vote(candidate, on="2022-07-01")


@pytest.mark.parametrize("occurred_on", ["2099-01-01", "2199-12-31"])
def test_a_personal_fact_of_the_future_is_refused(commune: Commune, occurred_on: str) -> None:
    """The refusal names the field."""
    refused = commune.attempt(
        "identifyCandidate",
        occurredOn=occurred_on,
        organization=f"{commune.code}/thon-1",
        fullName="Người Mai Sau",
        birthDate="1995-05-05",
        sex="FEMALE",
    )

    assert (refused["code"], refused["field"]) == ("DATE_IN_FUTURE", "occurredOn")
    assert len(_trail(commune)) == 3


def test_one_late_entry_changes_exactly_the_figures_that_it_should(commune: Commune) -> None:
    """An admission of last year, recorded now.

    Last year's figure as known now, and no figure as known before.
    """
    candidate = commune.identify()
    commune.prepare(candidate)
    commune.vote(candidate)
    submitted = commune.do("submitDossier", occurredOn="2022-06-10", candidate=candidate)
    days = ("2022-06-30", "2022-07-01", "2022-12-31", "2023-06-30")
    seen = {"after": submitted["position"]}
    before = {day: commune.stages(effective=day, **seen) for day in days}
    known = datetime.now(UTC).isoformat()

    late = commune.do(
        "decideAdmission", occurredOn="2022-07-01", candidate=candidate, decisionNumber="1"
    )

    now = {day: commune.stages(effective=day, after=late["position"]) for day in days}
    then = {day: commune.stages(effective=day, known=known) for day in days}
    assert before == then
    assert [day for day in days if before[day] != now[day]] == list(days[1:])
    assert now["2022-12-31"] == {"DECIDED": 1}
    assert before["2022-12-31"] == {"SUBMITTED": 1}


def test_a_corrected_entry_counts_as_if_it_had_always_been_right(commune: Commune) -> None:
    """The wrong day leaves every figure as known now, and stays in those as known before."""
    candidate = commune.identify()
    wrong = commune.do("listSympathizer", occurredOn="2022-02-01", candidate=candidate)
    commune.stages(after=wrong["position"])
    known = datetime.now(UTC).isoformat()

    corrected = commune.do(
        "correctEvent",
        occurredOn="2022-05-05",
        event=wrong["position"],
        reason="Ghi nhầm ngày họp",
        replacement={"occurredOn": "2022-03-01"},
    )

    after = corrected["position"]
    assert commune.stages(effective="2022-02-15", after=after) == {"IDENTIFIED": 1}
    assert commune.stages(effective="2022-03-01", after=after) == {"SYMPATHIZER": 1}
    assert commune.stages(effective="2022-02-15", known=known) == {"SYMPATHIZER": 1}


def test_an_admission_that_lifts_an_organization_over_the_line_takes_it_off_the_list(
    province: Installation, commune: Commune
) -> None:
    """One admission of two is 50 percent, which is not below 50."""
    commune.do(
        "registerTarget",
        occurredOn="2020-08-01",
        organization=commune.code,
        period={"term": "2020-2025"},
        basis="CONGRESS",
        count=2,
    )
    candidate = commune.identify()
    commune.prepare(candidate)
    listed = _below(province, commune, commune.identify("2022-01-11"))

    commune.admit(candidate)

    assert commune.code in listed
    assert commune.code not in _below(province, commune, None)


def test_two_writers_of_one_commune_never_lose_or_double_a_name(commune: Commune) -> None:
    """The second organization of a code is refused."""
    again = {"occurredOn": "2015-02-02", "parent": commune.code, "kind": "SUBORDINATE_CELL"}

    refused = commune.attempt("establishOrganization", name="Chi bộ thôn 1", **again)

    assert (refused["__typename"], refused["code"]) == ("Conflict", "CODE_TAKEN")


def test_another_districts_board_finds_no_candidate_of_ours(
    province: Installation, commune: Commune
) -> None:
    """Neither to read nor to change, and the answer hides that there is one."""
    candidate = commune.identify()
    stranger = province.token("board", "lam-dong/di-linh")

    change = mutate(
        province, stranger, "listSympathizer", {"occurredOn": "2022-02-01", "candidate": candidate}
    )
    read = province.answer(f'{{ candidate(id: "{candidate}") {{ id }} }}', stranger)

    assert (change["__typename"], change["code"]) == ("NotFound", "CANDIDATE_NOT_FOUND")
    assert read["data"] == {"candidate": None}
    assert read["errors"][0]["extensions"]["code"] == "CANDIDATE_NOT_FOUND"


def _trail(commune: Commune) -> list[str]:
    query = """query T($code: String!) {
      auditTrail(organization: $code, first: 100) { nodes { type } } }"""
    data = commune.installation.ask(query, commune.board, {"code": commune.code})
    return [entry["type"] for entry in data["auditTrail"]["nodes"]]


def _below(province: Installation, commune: Commune, _last: str | None) -> list[str]:
    query = """{ organization(code: "lam-dong/bao-lam", at: {effective: "2023-09-17"}) {
      belowTarget(period: {term: "2020-2025"}) { code } } }"""
    commune.stages(
        after=commune.do(
            "renameOrganization",
            organization=commune.code,
            occurredOn="2023-01-01",
            name="Đảng bộ xã",
        )["position"]
    )
    found = province.ask(query, commune.board)["organization"]["belowTarget"]
    return [organization["code"] for organization in found]


def test_a_code_that_nobody_bore_yet_is_answered_for_its_last_bearer(commune: Commune) -> None:
    """Before it was established the organization had a name to come and nobody in it."""
    commune.identify()
    query = """query Q($code: String!, $at: At) {
      organization(code: $code, at: $at) { name pipeline { stage count } } }"""
    empty = {"name": "Đảng bộ xã", "pipeline": []}
    for at in ({"effective": "2010-01-01"}, {"known": "2015-06-01T00:00:00Z"}):
        variables = {"code": commune.code, "at": at}
        shown = commune.installation.ask(query, commune.board, variables)["organization"]

        assert shown == empty


def test_a_term_counts_from_the_holders_own_congress_day(commune: Commune) -> None:
    """Admissions before that day are of the term before, nominal days or not."""
    candidate = commune.identify()
    commune.prepare(candidate)
    commune.admit(candidate, on="2022-07-01")
    terms: dict[str, Any] = {
        "occurredOn": "2022-08-01",
        "organization": commune.code,
        "period": {"term": "2020-2025"},
        "basis": "CONGRESS",
        "count": 4,
    }
    refused = commune.attempt("registerTarget", **terms, termStartsOn="2027-01-01")
    recorded = commune.do("registerTarget", **terms, termStartsOn="2020-09-15")
    query = """query Q($code: String!, $at: At) { organization(code: $code, at: $at) {
      progress(period: {term: "2020-2025"}, basis: CONGRESS) {
        target achieved period { first last } } } }"""
    at = {"effective": "2022-12-31", "after": recorded["position"]}
    shown = commune.installation.ask(query, commune.board, {"code": commune.code, "at": at})

    assert refused["field"] == "termStartsOn"
    assert shown["organization"]["progress"] == {
        "target": 4.0,
        "achieved": 1,
        "period": {"first": "2020-09-15", "last": "2025-06-30"},
    }
