"""From identifying a person to the ceremony, with what is refused on the way, through GraphQL."""

from typing import Any
from uuid import uuid4

import pytest
from tests.api.harness import Caller

COUNT = """query ($code: String!) {
  events(organization: $code, first: 1000) { events { sequence } } }"""
ORGANIZATION = """query ($code: String!, $at: At) {
  organization(code: $code, at: $at) { name pipeline { stage count } } }"""
CARD = """query ($id: ID!, $at: At) { candidate(id: $id, at: $at) {
  id stage fullName groups certificate { number validUntil } votes { passed }
  dates { listedOn decidedOn ceremonyOn } decision { number } organization { code } findings {
  rule message } } }"""

STEPS = (
    (
        "assignHelper",
        {
            "occurredOn": "2021-03-05",
            "helperName": "Trần Văn An",
            "helperOfficialSince": "2015-01-01",
        },
    ),
    ("listSympathizer", {"occurredOn": "2021-03-10", "resolutionNumber": "01-NQ/CB"}),
    ("recordCertificate", {"occurredOn": "2021-06-01", "number": "123"}),
    ("openDossier", {"occurredOn": "2021-09-01"}),
    ("concludeVetting", {"occurredOn": "2021-10-01", "conclusion": "ELIGIBLE"}),
    ("recordCellVote", {"occurredOn": "2021-11-01", "officialMembers": 9, "inFavor": 9}),
    ("submitDossier", {"occurredOn": "2021-11-10", "letterNumber": "5-CV"}),
    ("decideAdmission", {"occurredOn": "2021-12-01", "decisionNumber": "77-QĐ/HU"}),
    ("holdCeremony", {"occurredOn": "2021-12-20"}),
)


def _person(board: Caller, cell: str) -> str:
    result = board.candidate(cell)
    assert result["__typename"] == "CandidateRecorded", result
    identifier: str = result["candidate"]["id"]
    return identifier


def _walk(board: Caller, candidate: str, until: str) -> dict[str, Any]:
    """Take the steps up to one, that included."""
    for mutation, given in STEPS:
        result = board.do(mutation, candidate=candidate, **given)
        assert result["__typename"] == "CandidateRecorded", (mutation, result)
        if mutation == until:
            return result
    raise AssertionError(until)


def _events(board: Caller, cell: str) -> int:
    return len(board.get(COUNT, code=cell)["events"]["events"])


def test_the_whole_path_shows_on_the_card_and_in_the_figures(board: Caller) -> None:
    """The card at once; the figures after the position of the mutation."""
    cell = board.cell()
    candidate = _person(board, cell)
    last = _walk(board, candidate, "holdCeremony")
    card = board.get(CARD, id=candidate, at={"effective": "2022-01-01"})["candidate"]
    after = board.get(
        ORGANIZATION, code=cell, at={"effective": "2022-01-01", "after": last["position"]}
    )

    assert "PROBATIONARY" == card["stage"]
    assert "77-QĐ/HU" == card["decision"]["number"]
    assert [{"passed": True}] == card["votes"]
    assert cell == card["organization"]["code"]
    assert [{"stage": "PROBATIONARY", "count": 1}] == after["organization"]["pipeline"]


def test_the_card_of_an_earlier_day_knows_nothing_of_later_facts(board: Caller) -> None:
    """`effective` cuts by what was true."""
    cell = board.cell()
    candidate = _person(board, cell)
    _walk(board, candidate, "recordCertificate")

    early = board.get(CARD, id=candidate, at={"effective": "2021-03-12"})["candidate"]

    assert "SYMPATHIZER" == early["stage"]
    assert early["certificate"] is None


def test_the_same_command_again_returns_the_same_and_adds_nothing(board: Caller) -> None:
    """Another input under the same id is refused."""
    cell = board.cell()
    command = str(uuid4())
    first = board.candidate(cell, commandId=command)
    count = _events(board, cell)
    again = board.candidate(cell, commandId=command)
    other = board.candidate(cell, commandId=command, fullName="Lê Thị Khác")

    assert first == again
    assert "Conflict" == other["__typename"]
    assert "COMMAND_ID_REUSED" == other["code"]
    assert count == _events(board, cell)


@pytest.mark.parametrize(
    ("until", "mutation", "given", "kind", "code"),
    [
        (None, "openDossier", {"occurredOn": "2021-09-01"}, "RuleViolated", None),
        (None, "listSympathizer", {"occurredOn": "2099-01-01"}, "InvalidInput", "DATE_IN_FUTURE"),
        (
            "concludeVetting",
            "decideAdmission",
            {"occurredOn": "2021-12-01", "decisionNumber": "1"},
            "RuleViolated",
            None,
        ),
    ],
    ids=["dossier-without-list", "future", "decision-too-early"],
)
def test_a_refusal_has_both_languages_and_writes_nothing(  # noqa: PLR0913, PLR0917 - one case a row
    board: Caller,
    until: str | None,
    mutation: str,
    given: dict[str, Any],
    kind: str,
    code: str | None,
) -> None:
    """Code, rule and source are the same in both."""
    cell = board.cell()
    candidate = _person(board, cell)
    if until:
        _walk(board, candidate, until)
    count = _events(board, cell)
    english = board.do(mutation, "en", candidate=candidate, **given)
    vietnamese = board.do(mutation, "vi", candidate=candidate, **given)

    assert kind == english["__typename"] == vietnamese["__typename"], english
    assert english["message"] != vietnamese["message"]
    assert english["code"] == vietnamese["code"] == (code or english["code"])
    if kind == "RuleViolated":
        assert english["rule"]
        assert english["source"]
    assert count == _events(board, cell)


def test_a_failed_vote_is_recorded_and_adopting_the_proposal_refused(board: Caller) -> None:
    """The vote stands on the card as not passed."""
    cell = board.cell()
    candidate = _person(board, cell)
    _walk(board, candidate, "concludeVetting")
    vote = board.do(
        "recordCellVote", candidate=candidate, occurredOn="2021-11-01", officialMembers=9, inFavor=5
    )
    submitted = board.do("submitDossier", candidate=candidate, occurredOn="2021-11-10")

    assert "CandidateRecorded" == vote["__typename"]
    assert "RuleViolated" == submitted["__typename"]
    assert [{"passed": False}] == board.get(CARD, id=candidate)["candidate"]["votes"]


def test_a_target_is_assigned_adjusted_and_shown(board: Caller) -> None:
    """Its identifier leads back to it through `node`."""
    cell = board.cell()
    given: dict[str, Any] = {
        "occurredOn": "2023-01-10",
        "organization": cell,
        "period": {"year": 2023},
    }
    assigned = board.do("assignTarget", group="ETHNIC_MINORITY", count=3, **given)
    target = assigned["target"]["id"]
    adjusted = board.do(
        "adjustTarget", target=target, occurredOn="2023-06-01", count=4, reason="Bổ sung"
    )
    query = """query ($code: String!, $after: Position) {
      organization(code: $code, at: {after: $after}) {
        progress(period: {year: 2023}, group: "ETHNIC_MINORITY") {
          target achieved shortfall basis } } }"""
    progress = board.get(query, code=cell, after=adjusted["position"])["organization"]["progress"]
    node = board.get("query ($id: ID!) { node(id: $id) { id ... on Target { count } } }", id=target)

    assert {"target": 4.0, "achieved": 0, "shortfall": 4.0, "basis": "ASSIGNED"} == progress
    assert {"id": target, "count": 4} == node["node"]


def test_an_organization_is_renamed_from_a_day_on(board: Caller) -> None:
    """The day before still shows the old name."""
    cell = board.cell()
    renamed = board.do(
        "renameOrganization", organization=cell, occurredOn="2022-05-01", name="Chi bộ Mới"
    )
    before = board.get(
        ORGANIZATION, code=cell, at={"effective": "2022-04-30", "after": renamed["position"]}
    )

    assert "Chi bộ Mới" == renamed["organization"]["name"]
    assert "Chi bộ Mới" != before["organization"]["name"]


def test_a_correction_voids_and_replaces(board: Caller) -> None:
    """The events stay, the card changes.

    And `known` before the correction still shows the mistake.
    """
    cell = board.cell()
    candidate = _person(board, cell)
    recorded = _walk(board, candidate, "listSympathizer")
    feed = board.get(
        "query ($c: String!) { events(organization: $c) { events { type recordedAt sequence } } }",
        c=cell,
    )["events"]["events"]
    corrected = board.do(
        "correctEvent",
        occurredOn="2021-04-01",
        event=recorded["position"],
        reason="Nhầm ngày",
        replacement={"occurredOn": "2021-03-20", "fields": {"resolutionNumber": "02-NQ/CB"}},
    )
    now = board.get(CARD, id=candidate)["candidate"]
    then = board.get(CARD, id=candidate, at={"known": feed[-1]["recordedAt"]})["candidate"]

    assert "CorrectionRecorded" == corrected["__typename"], corrected
    assert "candidate.entry_voided" == corrected["event"]["type"]
    assert "2021-03-20" == now["dates"]["listedOn"]
    assert "2021-03-10" == then["dates"]["listedOn"]


def test_people_come_in_vietnamese_name_order_page_by_page(board: Caller) -> None:
    """Đ follows D, and the given name leads."""
    cell = board.cell()
    for name in ("Lê Văn Đạt", "Trần Thị Ánh", "Nguyễn Văn Dũng"):
        board.candidate(cell, fullName=name)
    position = board.candidate(cell, fullName="Phạm An")["position"]
    query = """query ($c: String!, $after: String, $at: At) {
      candidates(organization: $c, first: 3, after: $after, at: $at) {
        totalCount nodes { fullName } pageInfo { hasNextPage endCursor } } }"""
    first = board.get(query, c=cell, at={"after": position})["candidates"]
    second = board.get(query, c=cell, after=first["pageInfo"]["endCursor"])["candidates"]

    names = [n["fullName"] for n in first["nodes"] + second["nodes"]]
    assert ["Phạm An", "Trần Thị Ánh", "Nguyễn Văn Dũng", "Lê Văn Đạt"] == names
    assert (4, True) == (first["totalCount"], first["pageInfo"]["hasNextPage"])
    assert not second["pageInfo"]["hasNextPage"]


def test_the_audit_trail_tells_what_happened_without_names(board: Caller) -> None:
    """In the language of the caller, with the actor."""
    cell = board.cell()
    candidate = _person(board, cell)
    query = """query ($c: String!, $s: ID) { auditTrail(organization: $c, subject: $s) {
      nodes { text actor type subject } pageInfo { hasNextPage } } }"""
    nodes = board.get(query, c=cell, s=candidate)["auditTrail"]["nodes"]

    assert [candidate] == [node["subject"] for node in nodes]
    assert "board-1" == nodes[0]["actor"]
    assert "Hoa" not in nodes[0]["text"]
