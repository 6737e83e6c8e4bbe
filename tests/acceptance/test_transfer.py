"""A case moves inside its tenant, and is handed over to another one: who sees what, who counts."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.acceptance.commune import REFUSAL, Answer, Commune, mutate, served_province
from tests.acceptance.installation import Installation
from tests.acceptance.recount import Recount, read_events
from tests.acceptance.test_erasure import found_on_disk

BAO_LAM, DI_LINH = "lam-dong/bao-lam", "lam-dong/di-linh"
CARD = """query Q($id: ID!, $at: At) { candidate(id: $id, at: $at) {
  stage fullName organization { code } transferredFrom transferredTo mergedInto
  dates { helperAssignedOn probationEndsOn identifiedOn memberFrom } votes { passed } } }"""
PIPELINE = """query Q($code: String!, $at: At) {
  organization(code: $code, at: $at) { pipeline { stage count } } }"""
TRANSFERS = """query Q($after: Position) { transfers(after: $after) {
  id state fromTenant toTenant candidate received code reason organization decidedOn } }"""
NAME = "Lò Văn Chuyển Tiếp Bịa"


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A province of these tests alone, since they compare its figures on different days."""
    with served_province(tmp_path_factory.mktemp("transfers") / "home") as installation:
        yield installation


@pytest.fixture
def far(province: Installation) -> Commune:
    """A commune of the other district."""
    return Commune.establish(province, DI_LINH)


def stages(installation: Installation, code: str, **at: str) -> dict[str, int]:
    """How many people stand where, as the province's board sees it."""
    token = installation.token("province", "lam-dong")
    data = installation.ask(PIPELINE, token, {"code": code, "at": at})
    return {line["stage"]: line["count"] for line in data["organization"]["pipeline"]}


def gained(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    """The stages whose counts changed."""
    changed = {stage: after.get(stage, 0) - before.get(stage, 0) for stage in {*before, *after}}
    return {stage: n for stage, n in changed.items() if n}


def card(
    installation: Installation, token: str, candidate: str, **at: str
) -> dict[str, Any] | None:
    """What a caller sees of a case; nothing when it is not found."""
    answer = installation.answer(CARD, token, {"id": candidate, "at": at})
    found: dict[str, Any] | None = (answer.get("data") or {}).get("candidate")
    return found


def probationer(commune: Commune, **particulars: str) -> tuple[str, dict[str, str]]:
    """A probationary member since 20 July 2022, and how to ask for figures with it in them."""
    candidate = commune.identify(fullName=NAME, **particulars)
    commune.prepare(candidate)
    commune.admit(candidate)
    held = commune.do("holdCeremony", occurredOn="2022-07-20", candidate=candidate)
    return candidate, {"after": held["position"]}


def sent(commune: Commune, candidate: str, to: Commune, on: str = "2022-09-01") -> Answer:
    """The hand-over to the second cell of another commune."""
    return commune.do(
        "transferCandidate",
        occurredOn=on,
        candidate=candidate,
        organization=f"{to.code}/thon-2",
        document="12-GT/HU",
    )


def test_a_case_moves_to_another_cell(commune: Commune) -> None:
    """Given a probationary member, when the case moves to another cell of the commune, then that.

    cell counts the person from that day, the probation ends when it did, and the helper is new.
    """
    installation, other = commune.installation, f"{commune.code}/thon-2"
    candidate, _ = probationer(commune)
    moved = commune.do(
        "moveCandidate",
        occurredOn="2022-09-01",
        candidate=candidate,
        organization=other,
        document="3-QĐ/ĐU",
    )
    assert [found["rule"] for found in moved["findings"]] == ["P2"]
    at = {"after": moved["position"]}
    assert stages(installation, other, effective="2022-09-01", **at) == {"PROBATIONARY": 1}
    assert stages(installation, other, effective="2022-08-31") == {}
    assert stages(installation, f"{commune.code}/thon-1", effective="2022-08-31") == {
        "PROBATIONARY": 1
    }
    seen = card(installation, commune.board, candidate)
    assert seen is not None
    assert (seen["organization"]["code"], seen["dates"]["helperAssignedOn"]) == (other, None)
    assert seen["dates"]["probationEndsOn"] == "2023-07-20"

    cell = installation.token("cell", other)
    old_cell = installation.token("cell", f"{commune.code}/thon-1")
    helper = {
        "candidate": candidate,
        "occurredOn": "2022-09-05",
        "helperName": "Đảng viên Mới",
        "helperOfficialSince": "2010-01-01",
    }
    refused = mutate(installation, old_cell, "assignHelper", helper)
    assert refused["__typename"] == "NotFound"
    done = mutate(installation, cell, "assignHelper", helper)
    assert done["__typename"] == "CandidateRecorded"
    elsewhere = commune.attempt(
        "moveCandidate", occurredOn="2022-10-01", candidate=candidate, organization=other
    )
    assert elsewhere["code"] == "SAME_CELL"


def test_a_case_is_handed_over_and_goes_on_in_the_other_tenant(
    commune: Commune, far: Commune
) -> None:
    """Given a probationary member, when the district hands the case over, then it is in transit.

    at the province and closed here; when the other district accepts it, then it goes on there with
    its history, is recognized there, and the province has counted one person all the time.
    """
    installation = commune.installation
    candidate, at = probationer(commune)
    before = stages(installation, "lam-dong", **at)
    decided = sent(commune, candidate, far)
    assert decided["transfer"]["state"] == "IN_TRANSIT"
    at = {"after": decided["position"]}

    assert gained(before, stages(installation, "lam-dong", **at)) == {
        "IN_TRANSIT": 1,
        "RECOGNITION_DUE": -1,
    }
    assert stages(installation, commune.code) == {"TRANSFERRED_OUT": 1}
    assert stages(installation, far.code) == {}
    closed = commune.attempt("listSympathizer", occurredOn="2022-09-02", candidate=candidate)
    assert (closed["code"], DI_LINH in closed["message"]) == ("CANDIDATE_HANDED_OVER", True)
    late = commune.attempt(
        "recordCertificate", occurredOn="2022-08-30", candidate=candidate, number="9/GCN"
    )
    assert late["code"] == "CANDIDATE_HANDED_OVER"

    (waiting,) = _transfers(installation, far.board, decided)
    assert (waiting["fromTenant"], waiting["organization"]) == (BAO_LAM, f"{far.code}/thon-2")
    assert card(installation, far.board, candidate) is None
    accepted = far.do("acceptTransfer", occurredOn="2022-09-10", transfer=waiting["id"])
    assert accepted["transfer"]["state"] == "RECEIVED"
    received = accepted["transfer"]["received"]
    at = {"after": accepted["position"]}

    assert gained(before, stages(installation, "lam-dong", **at)) == {}
    assert stages(installation, far.code) == {"RECOGNITION_DUE": 1}
    on_the_way = stages(installation, "lam-dong", effective="2022-09-05")
    assert gained(stages(installation, "lam-dong", effective="2022-08-31"), on_the_way) == {
        "IN_TRANSIT": 1,
        "PROBATIONARY": -1,
    }
    seen = card(installation, far.board, received)
    assert seen is not None
    assert (seen["fullName"], seen["transferredFrom"]) == (NAME, BAO_LAM)
    assert seen["dates"]["probationEndsOn"] == "2023-07-20"
    assert (len(seen["votes"]), seen["dates"]["helperAssignedOn"]) == (1, None)
    assert card(installation, far.board, received, effective="2022-09-09") is None
    left = card(installation, commune.board, candidate)
    assert left is not None
    assert (left["stage"], left["transferredTo"]) == ("TRANSFERRED_OUT", DI_LINH)

    far.do(
        "recognizeFullMember",
        occurredOn="2023-08-20",
        candidate=received,
        decisionNumber="60-QĐ/HU",
        cellVoteOn="2023-08-01",
        officialMembers=9,
        inFavor=9,
    )
    done = card(installation, far.board, received)
    assert done is not None
    assert done["dates"]["memberFrom"] == "2023-07-20"


def test_an_admission_stays_where_it_was_counted(commune: Commune, far: Commune) -> None:
    """The old commune achieved it; the new one has one person more and no admission."""
    candidate, _ = probationer(commune)
    decided = sent(commune, candidate, far)
    accepted = far.do("acceptTransfer", occurredOn="2022-09-10", transfer=decided["transfer"]["id"])
    for each, achieved in ((commune, 1), (far, 0)):
        query = """query Q($code: String!, $at: At) { organization(code: $code, at: $at) {
          progress(period: {year: 2022}) { achieved } } }"""
        at = {"after": accepted["position"]}
        data = each.installation.ask(query, each.board, {"code": each.code, "at": at})
        assert data["organization"]["progress"]["achieved"] == achieved


def test_a_case_that_is_declined_is_open_again(commune: Commune, far: Commune) -> None:
    """Given a case in transit, when the other district declines it, then it goes on here.

    Its board reads the reason; the province does not.
    """
    installation = commune.installation
    candidate = commune.identify(fullName=NAME)
    decided = sent(commune, candidate, far)
    gone = stages(installation, "lam-dong", after=decided["position"])
    transfer = decided["transfer"]["id"]
    mine = commune.attempt("acceptTransfer", occurredOn="2022-09-10", transfer=transfer)
    assert mine["__typename"] == "NotFound"
    declined = far.do(
        "returnTransfer", occurredOn="2022-09-10", transfer=transfer, reason="Không về nơi này"
    )
    assert declined["transfer"]["state"] == "RETURNED"

    at = {"after": declined["position"]}
    assert gained(gone, stages(installation, "lam-dong", **at)) == {
        "IDENTIFIED": 1,
        "IN_TRANSIT": -1,
    }
    open_again = card(installation, commune.board, candidate)
    assert open_again is not None
    assert (open_again["stage"], open_again["transferredTo"]) == ("IDENTIFIED", None)
    commune.do("listSympathizer", occurredOn="2022-09-11", candidate=candidate)
    told = _transfers(installation, commune.board, declined)[-1]
    assert (told["code"], told["reason"]) == ("DECLINED", "Không về nơi này")
    province = installation.token("province", "lam-dong")
    assert _transfers(installation, province, declined)[-1]["reason"] is None


def test_what_the_province_has_of_a_hand_over_names_nobody(commune: Commune, far: Commune) -> None:
    """No personal value is in the clear on the disk, and none in what the province can read."""
    installation = commune.installation
    number = "068099771234"
    name = "Kră Jăn Thử Không Lộ"
    candidate = commune.identify(fullName=name, identityNumber=number)
    decided = sent(commune, candidate, far)
    far.do("acceptTransfer", occurredOn="2022-09-10", transfer=decided["transfer"]["id"])
    province = installation.token("province", "lam-dong")
    feed = """query F { events(organization: "lam-dong", first: 1000) { events { type data } } }"""
    events = installation.ask(feed, province)["events"]["events"]

    assert {"transfer.completed", "identity.passed", "candidate.received"} <= {
        event["type"] for event in events
    }
    told = json.dumps(events, ensure_ascii=False)
    assert name not in told
    assert number not in told
    assert card(installation, province, candidate) is None
    assert found_on_disk(Path(installation.home), [name, number]) == []


def test_who_may_hand_over(commune: Commune, far: Commune) -> None:
    """The tenant's board, to a cell of another tenant of the province; nobody of the province."""
    candidate = commune.identify()
    fields = {
        "occurredOn": "2022-09-01",
        "candidate": candidate,
        "organization": f"{far.code}/thon-1",
    }
    installation = commune.installation
    for role, code in (
        ("grassroots", commune.code),
        ("province", "lam-dong"),
        ("standing", BAO_LAM),
    ):
        refused = mutate(installation, installation.token(role, code), "transferCandidate", fields)
        assert refused["__typename"] == "NotPermitted"
    stranger = mutate(installation, far.board, "transferCandidate", fields)
    assert stranger["__typename"] == "NotFound"
    inside = {**fields, "organization": f"{commune.code}/thon-2"}
    assert commune.attempt("transferCandidate", **inside)["code"] == "SAME_TENANT"
    no_cell = {**fields, "organization": far.code}
    assert commune.attempt("transferCandidate", **no_cell)["code"] == "ORGANIZATION_NOT_A_CELL"


def test_a_duplicate_is_merged(commune: Commune) -> None:
    """Given two records of one person, when the board merges them, then one person counts.

    The survivor has the certificate that only the duplicate had; both stay readable.
    """
    installation = commune.installation
    survivor, duplicate = commune.identify(fullName=NAME), commune.identify(fullName=NAME)
    commune.do("recordCertificate", occurredOn="2022-03-01", candidate=duplicate, number="12/GCN")
    query = """mutation M($input: MergeDuplicatesInput!) { mergeDuplicates(input: $input) {
      __typename ... on DuplicatesMerged { position survivor } %s } }"""
    given = {
        "commandId": "0d1f6c36-24f9-4a5e-9ddc-64f1ab3c2f10",
        "occurredOn": "2022-04-01",
        "candidate": duplicate,
        "survivor": survivor,
        "adoptFacts": True,
    }
    answer = installation.ask(query % REFUSAL, commune.board, {"input": given})["mergeDuplicates"]
    assert answer["__typename"] == "DuplicatesMerged", answer
    at = {"after": answer["position"]}

    assert commune.stages(effective="2022-04-01", **at) == {"CERTIFIED": 1}
    assert commune.stages(effective="2022-03-31") == {"CERTIFIED": 1, "IDENTIFIED": 1}
    ended = card(installation, commune.board, duplicate)
    assert ended is not None
    assert (ended["stage"], ended["mergedInto"]) == ("MERGED", survivor)
    closed = commune.attempt("listSympathizer", occurredOn="2022-05-01", candidate=duplicate)
    assert closed["code"] == "CANDIDATE_MERGED"


def struck_off(commune: Commune, candidate: str, on: str = "2022-11-10") -> Answer:
    """The vote of the cell and the decision of the committee."""
    commune.do(
        "proposeStrikingOff",
        occurredOn="2022-10-20",
        candidate=candidate,
        ground="NO_ACTIVITY",
        officialMembers=9,
        inFavor=9,
    )
    return commune.do("strikeOff", occurredOn=on, candidate=candidate, decisionNumber="12-QĐ/HU")


def screening(installation: Installation, code: str, day: str) -> dict[str, dict[str, int]]:
    """What was counted of 2022 up to a day, by the date of counting."""
    query = """query Q($code: String!, $at: At) { organization(code: $code, at: $at) {
      DECISION: screening(period: {year: 2022}, counting: DECISION) { ...S }
      CEREMONY: screening(period: {year: 2022}, counting: CEREMONY) { ...S } } }
      fragment S on Screening { admitted uncounted readmitted struckOff }"""
    given = {"code": code, "at": {"effective": day}}
    data = installation.ask(query, installation.token("province", "lam-dong"), given)
    found: dict[str, dict[str, int]] = data["organization"]
    return found


def recounted(known: Recount, code: str, day: str) -> dict[str, dict[str, int]]:
    """The same from the exported events."""
    accounts = {"admitted": "ADMITTED", "uncounted": "UNCOUNTED", "readmitted": "READMITTED"}
    days = date(2022, 1, 1), date.fromisoformat(day)
    return {
        by: {
            **{name: known.counted(f"{a}_BY_{by}", code, *days) for name, a in accounts.items()},
            "struckOff": known.counted("STRIKINGS_OFF", code, *days),
        }
        for by in ("DECISION", "CEREMONY")
    }


def exported(installation: Installation, folder: Path) -> Recount:
    """All events of the province."""
    file = folder / "lam-dong.jsonl"
    installation.run("export", "--organization", "lam-dong", "--output", str(file))
    return Recount(read_events(file))


def test_who_is_struck_off_after_a_hand_over_is_uncounted_once(
    commune: Commune, far: Commune, tmp_path: Path
) -> None:
    """Given an admission that one district counted, when the other one strikes the name off.

    Then the first keeps its figure, the second uncounts it, and the province has both once.
    """
    installation = commune.installation
    before = screening(installation, "lam-dong", "2022-12-31")
    candidate, _ = probationer(commune)
    moved = sent(commune, candidate, far)
    came = far.do("acceptTransfer", occurredOn="2022-09-10", transfer=moved["transfer"]["id"])
    struck_off(far, came["transfer"]["received"])
    known = exported(installation, tmp_path)

    for code in ("lam-dong", BAO_LAM, DI_LINH, commune.code, far.code):
        for day in ("2022-09-05", "2022-11-09", "2022-11-10", "2022-12-31"):
            shown = screening(installation, code, day)
            assert shown == recounted(known, code, day), (code, day)
    for by, after in screening(installation, "lam-dong", "2022-12-31").items():
        assert gained(before[by], after) == {"admitted": 1, "uncounted": 1, "struckOff": 1}, by
    own = screening(installation, far.code, "2022-12-31")["CEREMONY"]
    assert own == {"admitted": 0, "uncounted": 1, "readmitted": 0, "struckOff": 1}


def test_two_records_of_who_was_struck_off_count_once(
    commune: Commune, far: Commune, tmp_path: Path
) -> None:
    """Given two districts that both recorded admission and striking off, when the province merges.

    Then all of it counts once in the province from that day on, and the survivor keeps its own.
    """
    installation = commune.installation
    before = screening(installation, "lam-dong", "2022-12-31")
    survivor, duplicate = probationer(commune)[0], probationer(far)[0]
    struck_off(commune, survivor)
    struck_off(far, duplicate)
    query = """mutation M($input: MergeDuplicatesInput!) { mergeDuplicates(input: $input) {
      __typename ... on DuplicatesMerged { position survivor } %s } }"""
    given = {
        "commandId": "5ad77d2f-4f0e-4f0a-8a68-1c0f5f5f8f11",
        "occurredOn": "2022-12-01",
        "candidate": duplicate,
        "survivor": survivor,
        "adoptFacts": True,
    }
    province = installation.token("province", "lam-dong")
    answer = installation.ask(query % REFUSAL, province, {"input": given})["mergeDuplicates"]
    assert answer["__typename"] == "DuplicatesMerged", answer
    stages(installation, "lam-dong", after=answer["position"])
    known = exported(installation, tmp_path)

    for code in ("lam-dong", BAO_LAM, DI_LINH, commune.code, far.code):
        for day in ("2022-11-30", "2022-12-01"):
            assert screening(installation, code, day) == recounted(known, code, day), (code, day)
    for by, after in screening(installation, "lam-dong", "2022-12-01").items():
        assert gained(before[by], after) == {"admitted": 1, "uncounted": 1, "struckOff": 1}, by


def test_an_admission_that_only_the_duplicate_has_is_not_lost(commune: Commune) -> None:
    """Given a decision on one record only, merging without adopting it is refused with advice."""
    installation = commune.installation
    survivor, duplicate = commune.identify(fullName=NAME), probationer(commune)[0]
    query = """mutation M($input: MergeDuplicatesInput!) { mergeDuplicates(input: $input) {
      __typename ... on DuplicatesMerged { position survivor } %s } }"""
    given = {
        "commandId": "b0c7b0b8-1cf5-4c4b-9f0e-6a9a6c1f3c12",
        "occurredOn": "2022-12-01",
        "candidate": duplicate,
        "survivor": survivor,
    }
    answer = installation.ask(query % REFUSAL, commune.board, {"input": given})["mergeDuplicates"]
    assert (answer["__typename"], answer["code"]) == ("Conflict", "ADMISSION_LEFT_OUT")
    assert answer["field"] == "adoptFacts"


def test_all_figures_equal_a_recount_of_the_exported_events(
    commune: Commune, far: Commune, tmp_path: Path
) -> None:
    """By the rules of docs/events.md, on every day on which somebody left, came or was merged."""
    installation = commune.installation
    candidate, _ = probationer(commune, birthDate="2000-02-03")
    decided = sent(commune, candidate, far)
    far.do("acceptTransfer", occurredOn="2022-09-10", transfer=decided["transfer"]["id"])
    file = tmp_path / "lam-dong.jsonl"
    installation.run("export", "--organization", "lam-dong", "--output", str(file))
    events = read_events(file)
    known = Recount(events)
    placing = {"handed_over", "taken_back", "received", "moved", "merged", "facts_adopted"}
    days = {e["effectiveOn"] for e in events if e["type"].rpartition(".")[2] in placing}
    token = installation.token("province", "lam-dong")
    query = """query Q($code: String!, $at: At, $group: String) {
      organization(code: $code, at: $at) { pipeline(group: $group) { stage count } } }"""
    for day in sorted({*days, "2022-09-05", "2030-01-01"}):
        for code in ("lam-dong", BAO_LAM, DI_LINH, commune.code, far.code):
            for group in (None, "YOUTH_AGE", "ETHNIC_MINORITY"):
                given = {"code": code, "at": {"effective": day}, "group": group}
                shown = installation.ask(query, token, given)["organization"]["pipeline"]
                counted = {line["stage"]: line["count"] for line in shown}
                expected = known.pipeline(code, date.fromisoformat(day), group)
                assert counted == expected, (code, day, group)


def _transfers(installation: Installation, token: str, after: Answer) -> list[dict[str, Any]]:
    """The transfers that a caller sees, those that wait last."""
    data = installation.ask(TRANSFERS, token, {"after": after["position"]})
    found: list[dict[str, Any]] = data["transfers"]
    wanted = after["transfer"]["id"]
    return [each for each in found if each["id"] == wanted]


def test_who_was_handed_over_stays_in_the_groups_of_that_day(
    commune: Commune, far: Commune
) -> None:
    """Given somebody of Youth Union age who is handed over and grows older.

    When something is recorded of the old case later, then the list shows the groups in which the
    figures count the person, and by which it was asked.
    """
    candidate = commune.identify(birthDate="1992-03-01")
    sent(commune, candidate, far)
    order = {"documentNumber": "12-CV/HU", "issuedBy": "Ban Thường vụ Huyện ủy"}
    ordered = commune.do("orderErasure", occurredOn="2023-09-01", candidate=candidate, **order)
    query = """query Q($code: String!, $at: At) {
      organization(code: $code, at: $at) { pipeline(group: "YOUTH_AGE") { stage count } }
      candidates(organization: $code, at: $at, filter: {group: "YOUTH_AGE"}) {
        nodes { id groups } } }"""
    variables = {"code": commune.code, "at": {"after": ordered["position"]}}

    shown = commune.installation.ask(query, commune.board, variables)

    assert shown["organization"]["pipeline"] == [{"stage": "TRANSFERRED_OUT", "count": 1}]
    [node] = shown["candidates"]["nodes"]
    assert (node["id"], "YOUTH_AGE" in node["groups"]) == (candidate, True)
