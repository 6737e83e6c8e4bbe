"""One person, one case in a province: reserved there, matched there, shown to its board alone."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from tests.acceptance.commune import REFUSAL, Answer, Commune
from tests.acceptance.installation import Installation

BAO_LAM, DI_LINH = "lam-dong/bao-lam", "lam-dong/di-linh"
MATCHES = """query Q($after: Position) { identityMatches(first: 100, after: $after) {
  position matchedOn tenant askingTenant candidate fullName birthDate } }"""
MERGE = """mutation M($input: MergeDuplicatesInput!) { mergeDuplicates(input: $input) {
  __typename ... on DuplicatesMerged { position } %s } }"""


@pytest.fixture
def far(province: Installation) -> Commune:
    """A commune of the other district."""
    return Commune.establish(province, DI_LINH)


def number() -> str:
    """An identity number that nobody has."""
    return f"068{uuid4().int % 10**9:09}"


def identified(commune: Commune, **particulars: Any) -> Answer:  # noqa: ANN401 (a mutation's own fields)
    """The answer to an identification in the first cell."""
    person = {"fullName": "Cil Thử Bịa", "birthDate": "1996-06-06", "sex": "FEMALE"}
    return commune.attempt(
        "identifyCandidate",
        occurredOn="2022-01-10",
        organization=f"{commune.code}/thon-1",
        **{**person, **particulars},
    )


def matches(installation: Installation) -> list[dict[str, Any]]:
    """What the province's board sees."""
    token = installation.token("province", "lam-dong")
    found: list[dict[str, Any]] = installation.ask(MATCHES, token)["identityMatches"]
    return found


def province_log(installation: Installation) -> list[dict[str, Any]]:
    """The province's own events."""
    query = """query F($after: Position) { events(organization: "lam-dong", first: 1000,
      after: $after, types: ["identity.reserved", "identity.matched", "identity.match_read",
      "identity.passed", "identity.released"]) { events { type data actor } next more } }"""
    token = installation.token("province", "lam-dong")
    found: list[dict[str, Any]] = []
    after = None
    while True:
        page = installation.ask(query, token, {"after": after})["events"]
        found += page["events"]
        after = page["next"]
        if not page["more"]:
            return found


def test_a_second_tenant_is_refused_and_the_province_told(commune: Commune, far: Commune) -> None:
    """Given a person whom Bảo Lâm keeps, when Di Linh records the number, then it hears only that.

    somebody keeps this person; the province's board sees who, and that it looked is in its log.
    """
    installation, own = commune.installation, number()
    kept = identified(commune, fullName="Kră Jăn Một Hồ Sơ", identityNumber=own)["candidate"]["id"]
    refused = identified(far, identityNumber=f"{own[:3]} {own[3:]}")
    assert (refused["code"], refused["field"]) == ("PERSON_KEPT_ELSEWHERE", "identityNumber")
    assert BAO_LAM not in json.dumps(refused)
    assert far.stages() == {}

    (match,) = [each for each in matches(installation) if each["candidate"] == kept]
    assert (match["tenant"], match["askingTenant"]) == (BAO_LAM, DI_LINH)
    assert (match["fullName"], match["birthDate"]) == ("Kră Jăn Một Hồ Sơ", "1996-06-06")
    log = province_log(installation)
    assert log[-1]["type"] == "identity.match_read"
    assert own not in json.dumps(log)
    assert "Kră Jăn" not in json.dumps(log, ensure_ascii=False)


def test_only_the_province_sees_matches(commune: Commune) -> None:
    """Not the boards of the tenants, not an auditor."""
    installation = commune.installation
    for role, code in (("board", BAO_LAM), ("auditor", "lam-dong"), ("integrator", "lam-dong")):
        answer = installation.answer(MATCHES, installation.token(role, code))
        assert answer["errors"][0]["extensions"]["code"] == "NOT_PERMITTED", answer


def test_of_two_tenants_at_once_exactly_one_wins(commune: Commune, far: Commune) -> None:
    """Twenty people, each recorded by both districts at the same moment."""
    for _ in range(20):
        own = number()
        with ThreadPoolExecutor(2) as both:
            one, other = both.map(
                lambda each, own=own: identified(each, identityNumber=own), (commune, far)
            )
        kinds = sorted((one["__typename"], other["__typename"]))
        assert kinds == ["CandidateRecorded", "Conflict"], (one, other)


def test_a_corrected_number_is_free_for_the_person_who_has_it(
    commune: Commune, far: Commune
) -> None:
    """Given a wrong number, when it is corrected, then the other district may record its bearer."""
    wrong, right = number(), number()
    done = identified(commune, identityNumber=wrong)
    commune.do(
        "correctEvent",
        occurredOn="2022-02-01",
        event=done["position"],
        reason="Ghi nhầm số",
        replacement={"fields": {"identityNumber": right}},
    )
    assert identified(far, identityNumber=right)["code"] == "PERSON_KEPT_ELSEWHERE"
    assert identified(far, identityNumber=wrong)["__typename"] == "CandidateRecorded"


def test_the_number_goes_along_with_a_case(commune: Commune, far: Commune) -> None:
    """After a hand-over the old district is the one that is refused."""
    own = number()
    candidate = identified(commune, identityNumber=own)["candidate"]["id"]
    sent = commune.do(
        "transferCandidate",
        occurredOn="2022-03-01",
        candidate=candidate,
        organization=f"{far.code}/thon-1",
    )
    far.do("acceptTransfer", occurredOn="2022-03-05", transfer=sent["transfer"]["id"])
    assert identified(commune, identityNumber=own)["code"] == "PERSON_KEPT_ELSEWHERE"
    assert identified(far, identityNumber=own)["code"] == "PERSON_ALREADY_RECORDED"


def test_the_province_merges_the_cases_of_two_districts(commune: Commune, far: Commune) -> None:
    """Given one person recorded twice without a number, the survivor alone counts from that day."""
    installation = commune.installation
    survivor = identified(commune)["candidate"]["id"]
    duplicate = identified(far)["candidate"]["id"]
    given = {"occurredOn": "2022-04-01", "candidate": duplicate, "survivor": survivor}
    refused = _merge(installation, far.board, given)
    assert refused["__typename"] == "NotFound"
    done = _merge(installation, installation.token("province", "lam-dong"), given)
    assert done["__typename"] == "DuplicatesMerged", done
    at = {"after": done["position"]}
    assert far.stages(effective="2022-04-01", **at) == {}
    assert far.stages(effective="2022-03-31") == {"IDENTIFIED": 1}
    assert commune.stages(effective="2022-04-01") == {"IDENTIFIED": 1}


def _merge(installation: Installation, token: str, fields: dict[str, Any]) -> Answer:
    given = {"commandId": str(uuid4()), **fields}
    answer: Answer = installation.ask(MERGE % REFUSAL, token, {"input": given})["mergeDuplicates"]
    return answer
