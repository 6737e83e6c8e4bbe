"""Dossiers that came back: how many, for which papers, and how long until they came again."""

from collections import Counter
from datetime import UTC, date, datetime
from itertools import pairwise
from statistics import median
from typing import Any

from tests.acceptance.commune import Commune
from tests.acceptance.followed import Followed, followed

RETURNS = """organization { code } submitted returned times resubmitted returnPercent
  medianDaysUntilResubmission reasons { paper title count }"""
BOARD = f"""query Q($code: String!, $period: PeriodInput!, $at: At) {{
  dossierReturns(organization: $code, period: $period, at: $at) {{
    period {{ name }} whole {{ {RETURNS} }} children {{ {RETURNS} }} }} }}"""
YEAR = {"year": 2022}
VOTES: dict[str, Any] = {"officialMembers": 9, "inFavor": 9}
NOTHING = {"submitted": 0, "returned": 0, "times": 0, "resubmitted": 0, "returnPercent": None}


def board(commune: Commune, code: str | None = None, **given: Any) -> dict[str, Any]:  # noqa: ANN401 (clocks and who asks)
    token = given.pop("token", commune.board)
    period = given.pop("period", YEAR)
    variables = {"code": code or commune.code, "period": period, "at": given}
    found: dict[str, Any] = commune.installation.ask(BOARD, token, variables)["dossierReturns"]
    return found


def figures(shown: dict[str, Any]) -> dict[str, Any]:
    return {name: shown[name] for name in NOTHING}


def reasons(shown: dict[str, Any]) -> dict[str | None, int]:
    return {each["paper"]: each["count"] for each in shown["reasons"]}


def submitted(commune: Commune, cell: str = "thon-1") -> Followed:
    """Somebody whose dossier was submitted on 10/6/2022."""
    person = followed(commune, cell=cell)
    commune.prepare(person.id)
    commune.vote(person.id)
    person.do("submitDossier", "2022-06-10")
    return person


def sent_back(person: Followed, on: str, *papers: str) -> None:
    person.do("returnDossier", on, to="CELL", defects=["Thiếu chữ ký"], papers=list(papers))


def submitted_again(person: Followed, on: str) -> None:
    person.do("recordCellVote", on, **VOTES)
    person.do("submitDossier", on)


def recounted(commune: Commune, until: str) -> tuple[dict[str, Any], Counter[str | None], float]:
    """The same from the feed of events: who submitted in 2022, by what the events say alone."""
    query = """query E($code: String!) { events(organization: $code, first: 500) {
      events { type subject effectiveOn data } } }"""
    found = commune.installation.ask(query, commune.board, {"code": commune.code})
    steps: dict[str, list[tuple[str, str, Any]]] = {}
    for each in found["events"]["events"]:
        kind = each["type"].removeprefix("candidate.dossier_")
        if kind in {"submitted", "returned"} and each["effectiveOn"] <= until:
            step = (each["effectiveOn"], kind, each["data"])
            steps.setdefault(each["subject"], []).append(step)
    papers: Counter[str | None] = Counter()
    days, counted = [], Counter[str]()
    for told in steps.values():
        told.sort(key=lambda each: each[0])
        back = [data for _, kind, data in told if kind == "returned"]
        counted.update(submitted=1, returned=bool(back), times=len(back))
        for data in back:
            papers.update(data["papers"] or [None])
        for (left, kind, _), (again, _, _) in pairwise(told):
            if kind == "returned":
                days.append((date.fromisoformat(again) - date.fromisoformat(left)).days)
    counted["resubmitted"] = len(days)
    percent = 100 * counted["returned"] / counted["submitted"]
    return {**counted, "returnPercent": percent}, papers, median(days)


def test_the_rate_of_return_and_its_reasons_are_seen_by_unit(commune: Commune) -> None:
    """Four dossiers of two cells: one comes back twice, one once and not again, two never."""
    often, once = submitted(commune), submitted(commune)
    submitted(commune)
    last = submitted(commune, "thon-2")
    sent_back(often, "2022-06-15", "APPLICATION", "VETTING")
    submitted_again(often, "2022-06-25")
    sent_back(often, "2022-07-01", "APPLICATION")
    submitted_again(often, "2022-07-21")
    sent_back(once, "2022-07-05")
    after = once.position

    found = board(commune, effective="2022-12-31", after=after)
    counted, papers, days = recounted(commune, "2022-12-31")
    whole, cells = found["whole"], found["children"]

    assert found["period"] == {"name": "2022"}
    assert figures(whole) == counted
    assert whole["medianDaysUntilResubmission"] == days == 15
    assert reasons(whole) == papers == {"APPLICATION": 2, "VETTING": 1, None: 1}
    assert whole["reasons"][0]["title"]
    assert [each["organization"]["code"].rpartition("/")[2] for each in cells] == [
        "thon-1",
        "thon-2",
    ]
    assert [(each["submitted"], each["returned"], each["times"]) for each in cells] == [
        (3, 2, 3),
        (1, 0, 0),
    ]
    assert cells[1]["returnPercent"] == 0.0

    # As of an earlier day what came later is not there, the dossiers of another year never are.
    early = board(commune, effective="2022-06-30", after=after)["whole"]
    assert figures(early) == recounted(commune, "2022-06-30")[0]
    assert (early["times"], early["resubmitted"]) == (1, 1)
    assert figures(board(commune, period={"year": 2021})["whole"]) == NOTHING
    # Above, the same dossiers are among the district's.
    district = board(commune, commune.district, effective="2022-12-31")
    (part,) = [c for c in district["children"] if c["organization"]["code"] == commune.code]
    assert figures(part) == figures(whole)
    province = commune.installation.token("province", "lam-dong")
    above = board(commune, "lam-dong", token=province, effective="2022-12-31")
    (tenant,) = [c for c in above["children"] if c["organization"]["code"] == "lam-dong/bao-lam"]
    assert figures(tenant) == figures(district["whole"])
    # A province's board may not vet: what tells of the vetting is not named to it.
    assert "VETTING" not in reasons(above["whole"])
    assert "APPLICATION" in reasons(above["whole"])
    assert last.position is not None


def test_what_is_entered_late_or_corrected_changes_only_what_is_known_since(
    commune: Commune,
) -> None:
    """A return entered later, then found never to have been: each is seen as it was known."""
    person = submitted(commune)
    before = datetime.now(UTC).isoformat()
    sent_back(person, "2022-06-15", "HISTORY")
    noted = person.position
    then = datetime.now(UTC).isoformat()
    corrected = commune.do(
        "correctEvent", occurredOn="2022-07-01", event=noted, reason="Nhầm hồ sơ"
    )
    days = {"effective": "2022-12-31"}

    now = board(commune, after=corrected["position"], **days)["whole"]
    assert (now["submitted"], now["returned"], reasons(now)) == (1, 0, {})
    known = board(commune, known=then, **days)["whole"]
    assert (known["submitted"], known["returned"], reasons(known)) == (1, 1, {"HISTORY": 1})
    assert board(commune, known=before, **days)["whole"]["returned"] == 0


def test_dossiers_follow_people_into_the_parts_of_a_divided_cell(commune: Commune) -> None:
    """A split and a merger: dossiers of before count at the part, in the tree of then as then."""
    one, two, three = submitted(commune), submitted(commune), submitted(commune, "thon-2")
    sent_back(one, "2022-06-15", "APPLICATION")
    sent_back(three, "2022-06-15", "APPLICATION")

    def part(name: str, candidate: str) -> dict[str, Any]:
        founding = {"superior": commune.code, "name": name, "kind": "SUBORDINATE_CELL"}
        return {"founding": founding, "candidates": [candidate]}

    commune.do(
        "splitOrganization",
        occurredOn="2022-08-01",
        organization=f"{commune.code}/thon-1",
        parts=[part("Chi bộ thôn 1A", one.id), part("Chi bộ thôn 1B", two.id)],
        document="40-QĐ/HU",
    )
    merged = commune.do(
        "mergeOrganizations",
        occurredOn="2022-09-01",
        organizations=[f"{commune.code}/thon-2"],
        into=f"{commune.code}/thon-1b",
        document="41-QĐ/HU",
    )

    def cells(tree: str) -> dict[str, tuple[int, int]]:
        found = board(commune, effective="2022-12-31", tree=tree, after=merged["position"])
        assert (found["whole"]["submitted"], found["whole"]["returned"]) == (3, 2)
        return {
            each["organization"]["code"].rpartition("/")[2]: (each["submitted"], each["returned"])
            for each in found["children"]
        }

    assert cells("2022-07-31") == {"thon-1": (2, 1), "thon-2": (1, 1)}
    assert cells("2022-08-31") == {"thon-1a": (1, 1), "thon-1b": (1, 0), "thon-2": (1, 1)}
    assert cells("2022-12-31") == {"thon-1a": (1, 1), "thon-1b": (2, 1)}
    gone = board(commune, f"{commune.code}/thon-2", effective="2022-12-31", tree="2022-07-31")
    assert gone["whole"]["returned"] == 1


def test_another_tenant_learns_nothing(commune: Commune) -> None:
    """Neither the figures nor that there is such a commune."""
    other = commune.installation.token("board", "lam-dong/di-linh")
    variables = {"code": commune.code, "period": YEAR}
    answer = commune.installation.answer(BOARD, other, variables)

    assert answer["errors"][0]["extensions"]["code"] == "ORGANIZATION_NOT_FOUND"
    assert not answer.get("data")
