"""The rule book over GraphQL: what holds when, and what a committee adds to it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.acceptance.commune import Answer, Commune, mutate
from tests.acceptance.installation import Installation

DISTRICT = "lam-dong/di-linh"
RULES = """query R($on: Date, $organization: String) { rules(on: $on, organization: $organization) {
  id code text effect parameters { name value stricter } source confidence validFrom validTo
  isLocal } grounds(on: $on) { kind code text isExcluded } }"""


def rules(
    installation: Installation, token: str, on: str | None = None, *, language: str = "en"
) -> dict[str, dict[str, Any]]:
    """The rules of a day by their ids."""
    shown = installation.ask(RULES, token, {"on": on}, language=language)
    return {rule["id"]: rule for rule in shown["rules"]}


def today(days: int = 0) -> str:
    """A day in Vietnam from today."""
    return (datetime.now(UTC) + timedelta(hours=7, days=days)).date().isoformat()


def test_the_rules_of_both_sides_of_each_change(province: Installation) -> None:
    """Each rule has its effect, parameters, source and confidence, and the days of its version."""
    board = province.token("board", "lam-dong/bao-lam")
    changes = {"2021-07-29": "29-QĐ/TW", "2021-07-30": "24-QĐ/TW", "2025-01-19": "24-QĐ/TW"}
    changes |= {"2025-01-20": "232-QĐ/TW", "2025-06-30": "232-QĐ/TW", "2025-07-01": "294-QĐ/TW"}
    for day, regulation in changes.items():
        ceremony = rules(province, board, day)["T10"]
        assert ceremony["source"] == f"{regulation}, 4.1"
        assert ceremony["validFrom"] <= day
        assert ceremony["validTo"] is None or ceremony["validTo"] >= day
    for day, guidance in {"2025-06-08": "01-HD/TW", "2025-06-09": "06-HD/TW"}.items():
        assert rules(province, board, day)["T4"]["source"].startswith(guidance)
    shown = rules(province, board, "2022-07-01")

    assert {f"T{n}" for n in range(1, 24)} <= shown.keys()
    assert shown["T10"]["effect"] == "CONSENT"
    assert shown["T10"]["parameters"] == [{"name": "working_days", "value": 30, "stricter": "less"}]
    assert shown["T10"]["confidence"] == "R"
    assert "30 working days" in shown["T10"]["text"]
    vietnamese = rules(province, board, "2022-07-01", language="vi")
    assert "30 ngày làm việc" in vietnamese["T10"]["text"]
    grounds = province.ask(RULES, board, {"on": "2022-07-01"})["grounds"]
    assert {"CORRUPTION", "OWN_REQUEST"} <= {g["code"] for g in grounds if g["isExcluded"]}


def test_each_log_says_which_rule_book_it_goes_by(province: Installation) -> None:
    """The rule book's digest and versions are an event of every tenant."""
    auditor = province.token("auditor", "lam-dong")
    query = """{ events(organization: "lam-dong", types: ["rulebook.adopted"], first: 100) {
      events { tenant data } } }"""
    events = province.ask(query, auditor)["events"]["events"]

    assert {e["tenant"] for e in events} >= {"lam-dong", "lam-dong/bao-lam", DISTRICT}
    assert {len(e["data"]["digest"]) for e in events} == {64}
    assert "T10@2025-07-01" in events[0]["data"]["versions"]


def test_a_committee_may_only_be_stricter(province: Installation) -> None:
    """Given the Party's rules, when a committee is laxer, it is refused with the source."""
    board = province.token("board", DISTRICT)
    given = {"occurredOn": today(-3), "organization": DISTRICT, "document": "12-QĐ/HU"}

    def tighten(**fields: object) -> Answer:
        return mutate(province, board, "tightenRule", {**given, **fields})

    laxer = tighten(rule="T9", parameter="working_days", value=90)
    fixed = tighten(rule="T11", parameter="months", value=18)
    back = tighten(rule="T9", effect="REFUSE", inForceFrom=today(-3))

    assert (laxer["__typename"], laxer["code"]) == ("RuleViolated", "RULE_LAXER")
    assert laxer["source"] == "294-QĐ/TW, 4.3.1"
    assert (fixed["code"], fixed["rule"]) == ("RULE_FIXED", "T11")
    assert (back["__typename"], back["code"]) == ("Conflict", "RULE_REACHES_BACK")
    stricter = tighten(rule="T13", parameter="working_days", value=20, inForceFrom=today(1))
    assert stricter["__typename"] == "RulesRecorded"
    assert rules(province, board, today())["T13"]["parameters"][0]["value"] == 30
    tomorrow = rules(province, board, today(1))["T13"]
    assert tomorrow["parameters"][0]["value"] == 20
    assert tomorrow["source"].endswith("12-QĐ/HU")
    stranger = province.token("board", "lam-dong/bao-lam")
    assert rules(province, stranger, today(1))["T13"]["parameters"][0]["value"] == 30


def test_commands_go_by_the_committees_own_rules(province: Installation) -> None:
    """Given a condition for students, when one is voted on without the document, it is refused.

    Then a document that attests it lets the vote be held; a student of another district needs none.
    """
    commune = Commune.establish(province, DISTRICT)
    neighbor = Commune.establish(province, "lam-dong/bao-lam")
    mutate(
        province,
        commune.board,
        "addRuleCondition",
        {
            "occurredOn": today(),
            "organization": DISTRICT,
            "code": "STUDY_RESULT",
            "vi": "Thiếu xác nhận học lực khá trở lên.",
            "en": "A study result of “khá” or better is not attested.",
            "group": "STUDENT",
            "document": "13-QĐ/HU",
        },
    )
    votes: dict[str, Any] = {"occurredOn": today(), "officialMembers": 9, "inFavor": 9}
    student = _student(commune)
    refused = commune.attempt("recordCellVote", candidate=student, **votes)
    attested = commune.do(
        "attestCondition",
        occurredOn=today(),
        candidate=student,
        condition="STUDY_RESULT",
        documentNumber="31/GXN",
    )
    commune.do("recordCellVote", candidate=student, **votes)

    assert (refused["code"], refused["rule"]) == ("STUDY_RESULT", "L:STUDY_RESULT")
    assert (refused["source"], refused["message"]) == (
        "13-QĐ/HU",
        "A study result of “khá” or better is not attested.",
    )
    query = """query C($id: ID!) { candidate(id: $id) {
      conditions { condition documentNumber } } }"""
    shown = province.ask(query, commune.board, {"id": attested["candidate"]["id"]})
    assert shown["candidate"]["conditions"] == [
        {"condition": "STUDY_RESULT", "documentNumber": "31/GXN"}
    ]
    assert rules(province, commune.board)["L:STUDY_RESULT"]["isLocal"]
    neighbor.do("recordCellVote", candidate=_student(neighbor), **votes)


def _student(commune: Commune) -> str:
    """A student who is ready for the vote, with a certificate of this year."""
    student = commune.identify(groups=["STUDENT"], birthDate="2004-05-05")
    one = {"candidate": student}
    commune.do("listSympathizer", occurredOn="2022-02-01", **one)
    commune.do("recordCertificate", occurredOn=today(-200), number="12/GCN", **one)
    commune.do("openDossier", occurredOn=today(-150), **one)
    commune.do("concludeVetting", occurredOn=today(-100), conclusion="ELIGIBLE", **one)
    return student
