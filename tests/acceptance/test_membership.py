"""After the decision: probation, recognition and screening, as an officer works with them."""

from typing import Any

import pytest
from tests.acceptance.commune import Answer, Commune

CARD = """query C($id: ID!, $at: At) { candidate(id: $id, at: $at) {
  stage dates { memberFrom probationEndsOn }
  deadlines { rule dueOn isPast }
  membership {
    decisionReceivedOn historyFileOn newMemberClass { certificateNumber }
    tasks { task kind content dueOn doneOn }
    assessments { interval assessed opinion }
    papers { paper } recognitionVotes { passed } measures { measure }
    returned { lacking } refusals { decisionNumber } strikingOffVotes { passed }
  }
  strikingOff { ground decisionNumber } ending { outcome endedOn documentNumber }
  readmission { departure leftOn consentNumber }
  findings { rule }
} }"""
SCREENING = """query S($code: String!, $at: At, $year: Int!, $counting: CountingDate!) {
  organization(code: $code, at: $at) {
    screening(period: {year: $year}, counting: $counting) {
      admitted uncounted net readmitted struckOff }
    progress(period: {year: $year}) { achieved }
    pipeline { stage count } } }"""


def card(commune: Commune, candidate: str, **at: str) -> dict[str, Any]:
    """The card as the board sees it on a day."""
    shown = commune.installation.ask(CARD, commune.board, {"id": candidate, "at": at})
    found: dict[str, Any] = shown["candidate"]
    return found


def probationary(commune: Commune, **particulars: Any) -> tuple[str, Answer]:  # noqa: ANN401
    """Somebody admitted in July 2022, whose probation ends on 20 July 2023."""
    candidate = commune.identify(**particulars)
    commune.prepare(candidate)
    commune.admit(candidate)
    commune.do("receiveDecision", occurredOn="2022-07-05", candidate=candidate)
    held = commune.do("holdCeremony", occurredOn="2022-07-20", candidate=candidate)
    return candidate, held


def screened(commune: Commune, year: int, after: str, counting: str = "DECISION") -> Any:  # noqa: ANN401
    """The figures of a year at its end."""
    at = {"effective": f"{year}-12-31", "after": after}
    variables = {"code": commune.code, "at": at, "year": year, "counting": counting}
    return commune.installation.ask(SCREENING, commune.board, variables)["organization"]


def quality(commune: Commune, code: str, period: str, **at: str) -> dict[str, Any]:
    """The admissions of a period told apart, beside those that are counted."""
    query = f"""query Q($code: String!, $at: At) {{ organization(code: $code, at: $at) {{
      admissions(period: {period}) {{ running }}
      quality(period: {period}) {{
        admitted ages {{ band count }} grades {{ grade count }} stages {{ stage count }} }} }} }}"""
    shown = commune.installation.ask(query, commune.board, {"code": code, "at": at})["organization"]
    return {"admissions": shown["admissions"], **shown["quality"]}


@pytest.mark.requirement("R001-28")
def test_a_probationary_member_is_given_tasks_and_conditions(commune: Commune) -> None:
    """Given a probation, when the cell gives a task and creates a condition, both are on the list.

    Then the done one bears its day, and the other is still open.
    """
    candidate, _ = probationary(commune)
    one = {"candidate": candidate}
    commune.do(
        "giveProbationTask",
        occurredOn="2022-08-01",
        content="Phụ trách tổ nhân dân tự quản",
        dueOn="2022-12-31",
        **one,
    )
    commune.do(
        "giveProbationTask",
        occurredOn="2022-08-02",
        content="Được cử đi học lớp dân vận",
        kind="CONDITION",
        **one,
    )
    commune.do("finishProbationTask", occurredOn="2022-12-20", task=1, **one)
    commune.do(
        "assessProbation",
        occurredOn="2022-08-31",
        interval="MONTH",
        assessed="GOOD",
        opinion="Hoàn thành tốt nhiệm vụ",
        **one,
    )
    commune.do("completeNewMemberClass", occurredOn="2022-11-03", certificateNumber="31", **one)
    late = commune.do("completeHistoryFile", occurredOn="2022-09-06", **one)
    shown = card(commune, candidate, after=late["position"])["membership"]

    assert [(t["task"], t["kind"], t["dueOn"], t["doneOn"]) for t in shown["tasks"]] == [
        (1, "TASK", "2022-12-31", "2022-12-20"),
        (2, "CONDITION", None, None),
    ]
    assert shown["tasks"][0]["content"] == "Phụ trách tổ nhân dân tự quản"
    assert shown["assessments"][0]["assessed"] == "GOOD"
    assert shown["newMemberClass"] == {"certificateNumber": "31"}
    assert shown["decisionReceivedOn"] == "2022-07-05"
    assert late["findings"] == [{"rule": "T16"}]


def test_a_probationary_member_is_reprimanded_or_warned_only(commune: Commune) -> None:
    """Given a probation, when somebody wants to expel the member, then the Charter forbids it."""
    candidate, _ = probationary(commune)
    given = {"occurredOn": "2022-10-03", "candidate": candidate, "decisionNumber": "3-QĐ/ĐU"}
    refused = commune.attempt("disciplineProbationaryMember", measure="EXPULSION", **given)
    warned = commune.do("disciplineProbationaryMember", measure="WARNING", **given)

    assert (refused["code"], refused["rule"]) == ("MEASURE_NOT_FOR_PROBATIONARY", "M2")
    shown = card(commune, candidate, after=warned["position"])["membership"]
    assert shown["measures"] == [{"measure": "WARNING"}]


@pytest.mark.requirement("R001-29")
def test_the_recognition_starts_when_the_probation_ends(commune: Commune) -> None:
    """Given a probation that ends on 20 July 2023, when the clock reaches it, it is due.

    Then the cell has until 30 August for its vote, the committee counts from the vote, and whoever
    is late changes nothing of the day from which the member is one.
    """
    candidate, _ = probationary(commune)
    one = {"candidate": candidate}
    early = commune.attempt(
        "recordRecognitionVote", occurredOn="2023-07-19", officialMembers=9, inFavor=9, **one
    )
    before = card(commune, candidate, effective="2023-07-19")
    due = card(commune, candidate, effective="2023-07-20")

    assert (early["code"], early["rule"]) == ("PROBATION_NOT_ENDED", "T11")
    assert (before["stage"], due["stage"]) == ("PROBATIONARY", "RECOGNITION_DUE")
    assert {"rule": "T11", "dueOn": "2023-07-20", "isPast": False} in before["deadlines"]
    assert {"rule": "T12", "dueOn": "2023-08-31", "isPast": False} in due["deadlines"]

    commune.do("completeNewMemberClass", occurredOn="2022-11-03", certificateNumber="31", **one)
    for paper in ("SELF_REVIEW", "HELPER_REMARKS", "OPINIONS"):
        commune.do("fileRecognitionPaper", occurredOn="2023-07-10", paper=paper, **one)
    failed = commune.do(
        "recordRecognitionVote", occurredOn="2023-08-31", officialMembers=9, inFavor=5, **one
    )
    adopted = commune.attempt(
        "recognizeFullMember", occurredOn="2023-08-31", decisionNumber="2", **one
    )
    late = commune.do(
        "recordRecognitionVote", occurredOn="2023-09-05", officialMembers=9, inFavor=6, **one
    )
    recognized = commune.do(
        "recognizeFullMember", occurredOn="2023-11-01", decisionNumber="2-QĐ/HU", **one
    )
    shown = card(commune, candidate, after=recognized["position"])

    assert failed["findings"] == []
    assert (adopted["code"], adopted["rule"]) == ("CELL_VOTE_NOT_PASSED", "T7")
    assert late["findings"] == [{"rule": "T12"}]
    assert recognized["findings"] == [{"rule": "T12"}, {"rule": "T13"}]
    assert shown["dates"]["memberFrom"] == "2023-07-20"
    assert [vote["passed"] for vote in shown["membership"]["recognitionVotes"]] == [False, True]


@pytest.mark.requirement("R001-31")
def test_the_recognition_dossiers_that_are_due_are_listed_beforehand(commune: Commune) -> None:
    """Given three probations, when the meeting of July 2023 is prepared, two are on its list.

    Then a dossier that came back with a defect is on it with what it lacks.
    """
    first, _ = probationary(commune, fullName="Nguyễn Thị An Thử")
    second, _ = probationary(commune, fullName="Trần Văn Bình Thử")
    late = commune.identify()
    commune.prepare(late)
    commune.admit(late)
    last = commune.do("holdCeremony", occurredOn="2022-08-10", candidate=late)
    query = """query D($code: String!, $at: At) { candidates(organization: $code, at: $at,
      filter: {stages: [RECOGNITION_DUE]}) { totalCount nodes { id deadlines { rule dueOn } } } }"""

    def due(day: str, after: str) -> dict[str, Any]:
        at = {"effective": day, "after": after}
        shown = commune.installation.ask(query, commune.board, {"code": commune.code, "at": at})
        found: dict[str, Any] = shown["candidates"]
        return found

    july = due("2023-07-31", last["position"])
    assert [node["id"] for node in july["nodes"]] == [first, second]
    assert {"rule": "T12", "dueOn": "2023-08-31"} in july["nodes"][0]["deadlines"]
    assert due("2023-08-10", last["position"])["totalCount"] == 3
    assert due("2023-07-19", last["position"])["totalCount"] == 0

    one = {"candidate": first}
    commune.do("fileRecognitionPaper", occurredOn="2023-07-10", paper="OPINIONS", **one)
    vote = commune.do(
        "recordRecognitionVote", occurredOn="2023-07-21", officialMembers=9, inFavor=9, **one
    )
    returned = commune.do("returnRecognition", occurredOn="2023-07-25", lacking=["OPINIONS"], **one)
    shown = card(commune, first, effective="2023-07-31", after=returned["position"])
    assert vote["findings"] == [{"rule": "M3"}]
    assert shown["membership"]["returned"] == {"lacking": ["OPINIONS"]}
    assert shown["membership"]["papers"] == []


@pytest.mark.requirement("R004-13")
def test_screening_is_shown_beside_admissions(commune: Commune) -> None:
    """Given an admission of 2022, when the name is struck off in 2023, both years stay readable.

    Then 2022 counts the admission as before, and 2023 shows what came to nothing in it.
    """
    candidate, held = probationary(commune)
    before = screened(commune, 2022, held["position"])
    one = {"candidate": candidate}
    votes: dict[str, Any] = {"officialMembers": 9, "inFavor": 8}
    unknown = commune.attempt(
        "proposeStrikingOff", occurredOn="2023-02-01", ground="LAZY", **votes, **one
    )
    early = commune.attempt("strikeOff", occurredOn="2023-02-01", decisionNumber="9", **one)
    commune.do("proposeStrikingOff", occurredOn="2023-02-01", ground="NO_ACTIVITY", **votes, **one)
    struck = commune.do("strikeOff", occurredOn="2023-03-01", decisionNumber="9-QĐ/HU", **one)
    position = struck["position"]

    assert (unknown["code"], unknown["rule"]) == ("NO_GROUND_FOR_STRIKING_OFF", "T23")
    assert (early["code"], early["rule"]) == ("STEP_OUT_OF_ORDER", "P8")
    assert screened(commune, 2022, position) == before
    assert before["screening"] == {
        "admitted": 1,
        "uncounted": 0,
        "net": 1,
        "readmitted": 0,
        "struckOff": 0,
    }
    assert before["progress"] == {"achieved": 1}
    for counting in ("DECISION", "CEREMONY"):
        assert screened(commune, 2023, position, counting)["screening"] == {
            "admitted": 0,
            "uncounted": 1,
            "net": -1,
            "readmitted": 0,
            "struckOff": 1,
        }
    assert screened(commune, 2023, position)["pipeline"] == [{"stage": "STRUCK_OFF", "count": 1}]
    assert card(commune, candidate, after=position)["strikingOff"] == {
        "ground": "NO_ACTIVITY",
        "decisionNumber": "9-QĐ/HU",
    }


def test_a_decision_is_revoked_before_the_ceremony_only(commune: Commune) -> None:
    """Given a decision, when it is revoked, the year shows both; after a ceremony it is refused."""
    candidate = commune.identify()
    commune.prepare(candidate)
    commune.admit(candidate)
    revoked = commune.do(
        "revokeDecision",
        occurredOn="2022-07-15",
        candidate=candidate,
        decisionNumber="5-QĐ/HU",
        reason="Sai tiêu chuẩn",
    )
    member, held = probationary(commune)
    refused = commune.attempt(
        "revokeDecision",
        occurredOn="2022-07-18",
        candidate=member,
        decisionNumber="6-QĐ/HU",
        reason="Sai tiêu chuẩn",
    )
    figures = screened(commune, 2022, held["position"])["screening"]

    assert (refused["code"], refused["rule"]) == ("REVOKED_AFTER_CEREMONY", "M1")
    assert (figures["admitted"], figures["uncounted"], figures["net"]) == (2, 1, 1)
    assert revoked["candidate"]["stage"] == "DECISION_REVOKED"


def test_a_former_member_is_readmitted_once_and_counted_apart(commune: Commune) -> None:
    """Given a name struck off, when 36 months have passed and the province consents, it goes on.

    Then the admission is a re-admission, and no target counts it.
    """
    candidate, _ = probationary(commune)
    one = {"candidate": candidate}
    votes: dict[str, Any] = {"officialMembers": 9, "inFavor": 9}
    commune.do("proposeStrikingOff", occurredOn="2022-10-03", ground="WILL_LOST", **votes, **one)
    commune.do("strikeOff", occurredOn="2022-11-01", decisionNumber="9", **one)
    left: dict[str, Any] = {
        "leftOn": "2022-11-01",
        "departure": "STRUCK_OFF",
        "consentNumber": "99-CV/TU",
    }
    early = commune.attempt("openReadmission", occurredOn="2025-10-31", **left, **one)
    alone = commune.attempt(
        "openReadmission", occurredOn="2025-11-03", **{**left, "consentNumber": None}, **one
    )
    commune.do("openReadmission", occurredOn="2025-11-03", **left, **one)
    commune.do("recordCertificate", occurredOn="2025-11-10", number="12/GCN", **one)
    commune.do("concludeVetting", occurredOn="2025-12-01", conclusion="ELIGIBLE", **one)
    commune.do("recordCellVote", occurredOn="2025-12-15", **votes, **one)
    commune.do("submitDossier", occurredOn="2025-12-20", **one)
    decided = commune.do("decideAdmission", occurredOn="2025-12-29", decisionNumber="7", **one)
    figures = screened(commune, 2025, decided["position"])
    since = '{range: {first: "2022-01-01", last: "2025-12-31"}}'
    both = quality(commune, commune.code, since, after=decided["position"])

    assert (early["code"], early["rule"]) == ("READMISSION_TOO_EARLY", "T18")
    assert (alone["code"], alone["rule"]) == ("READMISSION_WITHOUT_CONSENT", "M4")
    assert figures["progress"] == {"achieved": 0}
    assert (figures["screening"]["admitted"], figures["screening"]["readmitted"]) == (0, 1)
    shown = card(commune, candidate, after=decided["position"])
    assert both["admitted"] == both["admissions"][-1]["running"] == 1
    assert shown["readmission"]["consentNumber"] == "99-CV/TU"
    assert shown["readmission"]["departure"] == "STRUCK_OFF"


def test_a_death_ends_the_probation(commune: Commune) -> None:
    """Given a probation, when the member dies, nothing is due any more."""
    candidate, _ = probationary(commune)
    died = commune.do("recordDeath", occurredOn="2023-01-09", candidate=candidate)
    shown = card(commune, candidate, after=died["position"])

    assert (shown["stage"], shown["ending"]["endedOn"], shown["deadlines"]) == (
        "DECEASED",
        "2023-01-09",
        [],
    )


def test_findings_are_listed_for_the_inspection_commission(commune: Commune) -> None:
    """Given a late file, when the commission asks, it is listed until a correction takes it off."""
    candidate, held = probationary(commune)
    inspection = commune.installation.token("inspection", "lam-dong/bao-lam")
    late = commune.do("completeHistoryFile", occurredOn="2022-09-06", candidate=candidate)
    query = """query B($code: String!, $first: Int, $after: String, $at: At) {
      breaches(organization: $code, first: $first, after: $after, at: $at) {
        nodes { candidate organization occurredOn findings { rule code source } }
        pageInfo { hasNextPage endCursor } } }"""

    def listed(**asked: Any) -> dict[str, Any]:  # noqa: ANN401
        variables = {"code": commune.code, **asked}
        found: dict[str, Any] = commune.installation.ask(query, inspection, variables)["breaches"]
        return found

    begun = listed(at={"effective": "2022-07-31", "after": held["position"]})
    cursor = begun["pageInfo"]["endCursor"]
    before = listed(at={"after": late["position"]}, after=cursor)
    assert before["nodes"] == [
        {
            "candidate": candidate,
            "organization": f"{commune.code}/thon-1",
            "occurredOn": "2022-09-06",
            "findings": [
                {"rule": "T16", "code": "HISTORY_FILE_LATE", "source": "12-HD/BTCTW, 2.2"}
            ],
        }
    ]
    assert listed(at={"effective": "2022-09-05"}, after=cursor)["nodes"] == []
    second = commune.do("listSympathizer", occurredOn="2022-02-01", candidate=commune.identify())
    paged = listed(first=1, at={"after": second["position"]}, after=cursor)
    rest = listed(first=1, after=paged["pageInfo"]["endCursor"])
    assert paged["pageInfo"]["hasNextPage"]
    assert [node["findings"][0]["rule"] for node in rest["nodes"]] == ["P2"]

    corrected = commune.do(
        "correctEvent",
        occurredOn="2023-01-09",
        event=late["position"],
        reason="Ghi nhầm ngày",
        replacement={"occurredOn": "2022-08-30"},
    )
    after = listed(at={"after": corrected["position"]}, after=cursor)
    assert [node["findings"][0]["rule"] for node in after["nodes"]] == ["P2"]
    refused = commune.installation.answer(
        query, commune.installation.token("province", "lam-dong"), {"code": commune.code}
    )
    assert refused["errors"][0]["extensions"]["code"] == "PROVINCE_READS_FIGURES"


def merge_cells(commune: Commune) -> tuple[str, dict[str, str]]:
    """The cell that took the place of both cells in July 2023, and when to ask it."""
    merged = commune.do(
        "mergeOrganizations",
        occurredOn="2023-07-01",
        organizations=[f"{commune.code}/thon-1", f"{commune.code}/thon-2"],
        founding={
            "superior": commune.code,
            "name": "Chi bộ thôn Liên Hợp",
            "kind": "SUBORDINATE_CELL",
        },
        document="20-QĐ/ĐU",
    )
    at = {"effective": "2023-07-01", "after": merged["position"]}
    return f"{commune.code}/thon-lien-hop", at


def test_findings_of_an_ended_cell_are_its_successors(commune: Commune) -> None:
    """Given a finding, when its cell is merged, it is still listed, and by the cell that had it."""
    candidate = commune.identify()
    commune.do("listSympathizer", occurredOn="2022-02-01", candidate=candidate)
    successor, at = merge_cells(commune)
    query = """query B($code: String!, $at: At) {
      breaches(organization: $code, at: $at) { nodes { candidate organization } } }"""

    def listed(code: str, at: dict[str, str]) -> list[dict[str, str]]:
        answer = commune.installation.ask(query, commune.board, {"code": code, "at": at})
        found: list[dict[str, str]] = answer["breaches"]["nodes"]
        return found

    finding = {"candidate": candidate, "organization": f"{commune.code}/thon-1"}
    assert listed(successor, at) == listed(commune.code, at) == [finding]
    assert listed(f"{commune.code}/thon-1", {"effective": "2023-06-30"}) == [finding]


def test_the_quality_of_admissions_follows_a_merger_of_cells(commune: Commune) -> None:
    """Given an admission, when its cell is merged, its quality is told where it is counted.

    The certificate that counts is the one that was held on the day of the decision.
    """
    candidate = commune.identify()
    one = {"candidate": candidate}
    commune.do("listSympathizer", occurredOn="2022-02-01", **one)
    certificate = {"occurredOn": "2022-03-01", **one}
    commune.do("recordCertificate", number="15/GCN", grade="Giỏi", **certificate)
    commune.do("recordCertificate", number="16/GCN", grade="Khá", **certificate)
    commune.do(
        "revokeRecordedCertificate",
        occurredOn="2022-03-10",
        number="16/GCN",
        documentNumber="9-QĐ",
        reason="Cấp nhầm",
        **one,
    )
    commune.do("openDossier", occurredOn="2022-04-01", **one)
    commune.do("concludeVetting", occurredOn="2022-05-01", conclusion="ELIGIBLE", **one)
    commune.admit(candidate)
    successor, at = merge_cells(commune)

    told = quality(commune, successor, "{year: 2022}", **at)

    assert told["admitted"] == told["admissions"][-1]["running"] == 1
    assert told["grades"] == [{"grade": "Giỏi", "count": 1}]
    assert told["stages"] == [{"stage": "DECIDED", "count": 1}]
