"""What the results of a year or a quarter give to the ranking of organizations."""

from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

import pytest
from tests.acceptance import records
from tests.acceptance.committee import Committee
from tests.acceptance.commune import Commune
from tests.acceptance.duties import Duties
from tests.acceptance.installation import Installation

LINE = """organization { code }
  progress { basis target achieved percent pacePercent }
  admissions { counting admitted admittedYearBefore growthPercent }
  duties { onTime late missing released }
  findings { steps rules { rule count } }
  defects { noted open }
  dossierReturns { submitted returned times }
  reactions { kind count own }
  cells cellsWithoutAdmission long: cellsWithoutAdmission(years: 3)"""
BOARD = f"""query Q($code: String!, $period: PeriodInput!, $of: RankedOrganizations!, $at: At) {{
  rankingInput(organization: $code, period: $period, of: $of, at: $at) {{
    review isForeseen rules {{ number reviews }} lines {{ {LINE} }} }} }}"""
FOLLOWED = """query Q($code: String!) { events(organization: $code, first: 500) {
  events { type effectiveOn subject data } } }"""
SECOND_QUARTER = {"range": {"first": "2022-04-01", "last": "2022-06-30"}}
ADMITTED = ("2021-05-20", "2022-02-15", "2022-05-10", "2022-08-01")


def board(commune: Commune, code: str | None = None, **given: Any) -> dict[str, Any]:  # noqa: ANN401 (what is asked, and by whom)
    token = given.pop("token", commune.board)
    asked = {"period": given.pop("period", {"year": 2022}), "of": given.pop("of", "CHILDREN")}
    variables = {"code": code or commune.district, "at": given, **asked}
    found: dict[str, Any] = commune.installation.ask(BOARD, token, variables)["rankingInput"]
    return found


def line(commune: Commune, code: str | None = None, **given: Any) -> dict[str, Any]:  # noqa: ANN401 (as `board`)
    """The line of the commune."""
    found = board(commune, code, **given)["lines"]
    (shown,) = [each for each in found if each["organization"]["code"] == commune.code]
    return dict(shown)


class Year:
    """A commune's 2022: admissions, duties, a defect, reactions and a dossier that came back."""

    def __init__(self, installation: Installation) -> None:
        self.commune = Commune.establish(installation, "lam-dong/bao-lam")
        self.committee = Committee.of(installation, self.commune.district)
        for day in ADMITTED:
            self.committee.admit(f"{self.commune.code}/thon-1", day)
        whole = {"organization": self.commune.code, "period": {"year": 2022}}
        self.commune.do("assignTarget", occurredOn="2022-01-05", count=4, **whole)
        self.commune.do("registerTarget", occurredOn="2022-01-05", count=6, **whole)
        self._return()
        self._owe()
        self._react()

    def _return(self) -> None:
        candidate = self.commune.identify(cell="thon-2")
        self.commune.prepare(candidate)
        self.commune.vote(candidate)
        one = {"candidate": candidate}
        self.commune.do("submitDossier", occurredOn="2022-06-10", **one)
        self.commune.do(
            "returnDossier", occurredOn="2022-06-15", to="CELL", defects=["Thiếu chữ ký"], **one
        )

    def _owe(self) -> None:
        duties = Duties(self.commune)
        owed = []
        for title in ("đúng hạn", "trễ", "thiếu", "miễn", "năm sau"):
            (found,) = duties.impose(
                "2022-01-10",
                owners=[{"organization": self.commune.code}],
                kind="REPORT",
                title=title,
                addressee="Thường trực Huyện ủy",
                deadline="trước ngày 30/5/2022",
            )
            owed.append(found["id"])
        said = {"by": "Ban Tổ chức", "reason": "Theo công văn"}
        duties.do("interpretDeadline", "2022-01-12", obligations=owed[:4], due="2022-05-30", **said)
        duties.do("interpretDeadline", "2022-01-12", obligations=owed[4:], due="2023-05-30", **said)
        duties.do("submitObligation", "2022-05-30", obligation=owed[0], named="Báo cáo 1")
        duties.do("submitObligation", "2022-07-15", obligation=owed[1], named="Báo cáo 2")
        duties.do("excuseObligation", "2022-05-01", obligation=owed[3], reason="Sáp nhập")

    def _react(self) -> None:
        for occurred_on in ("2022-03-01", "2022-09-01"):
            last = self._act(
                "inspection",
                "noteDefect",
                "Defect",
                occurredOn=occurred_on,
                organization=self.commune.code,
                foundBy="UBKT Huyện ủy",
                what="Nghị quyết chi bộ không ghi số phiếu",
            )
        self._act(
            "inspection",
            "closeDefect",
            "Defect",
            occurredOn="2022-10-01",
            defect=last["id"],
            outcome="Đã khắc phục",
        )
        cell = f"{self.commune.code}/thon-1"
        self.react("COMMENDATION", self.commune.code, "2022-12-20", period="2022")
        self.react("COMMENDATION", cell, "2022-05-10")
        self.react("CRITICISM", cell, "2022-12-20", agreed=False)
        self.before_late = datetime.now(UTC).isoformat()
        self.react("CRITICISM", self.commune.code, "2022-06-20")
        self.committee.position = self.react("REWARD", cell, "2021-12-20")["position"]

    def react(
        self,
        kind: str,
        organization: str,
        on: str,
        *,
        agreed: bool = True,
        **fields: Any,  # noqa: ANN401 (a mutation's own fields)
    ) -> dict[str, Any]:
        proposed = self._act(
            "board",
            "proposeReaction",
            "Reaction",
            occurredOn=on,
            organization=organization,
            kind=kind,
            occasion="YEARLY",
            proposedBy="Ban Tổ chức",
            ground="Kết quả kết nạp đảng viên so với chỉ tiêu",
            **fields,
        )
        return self._act(
            "standing",
            "decideReaction",
            "Reaction",
            occurredOn=on,
            reaction=proposed["id"],
            agreed=agreed,
            decidedBy="Ban Thường vụ",
        )

    def _act(self, role: str, mutation: str, noun: str, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 (a mutation's own)
        installation = self.commune.installation
        token = installation.token(role, self.commune.district)
        done = records.act(installation, token, mutation, noun, "id", **fields)
        assert "code" not in done, done
        return done

    @property
    def at(self) -> dict[str, Any]:
        return {"effective": "2022-12-31", "after": self.committee.position}

    def broken(self, first: str, last: str) -> tuple[int, dict[str, int]]:
        """Steps with findings and the rules they break, from the feed of events."""
        token, rules, steps = self.commune.board, Counter[str](), 0
        data = self.commune.installation.ask(FOLLOWED, token, {"code": self.commune.code})
        for event in data["events"]["events"]:
            found = event["data"].get("findings", [])
            is_case = event["type"].startswith("candidate.")
            if is_case and found and first <= event["effectiveOn"] <= last:
                steps += 1
                rules.update(found)
        return steps, dict(rules)


@pytest.mark.requirement("R001-13", "R003-24", "R004-16")
def test_the_results_of_a_year_are_an_input_to_the_ranking(province: Installation) -> None:
    """Targets, growth, duties, findings, defects, returned dossiers and reactions of a commune."""
    year = Year(province)
    found = board(year.commune, **year.at)
    shown = line(year.commune, **year.at)

    assert (found["review"], found["isForeseen"], found["rules"]) == ("YEAR", False, None)
    by_basis = {each["basis"]: each for each in shown["progress"]}
    assert [
        (by_basis[b]["target"], by_basis[b]["percent"]) for b in ("ASSIGNED", "REGISTERED")
    ] == [
        (4.0, 75.0),
        (6.0, 50.0),
    ]
    assert by_basis["CONGRESS"]["target"] is None
    counted = [sum(day.startswith(each) for day in ADMITTED) for each in ("2022", "2021")]
    assert shown["admissions"] == [
        {
            "counting": counting,
            "admitted": counted[0],
            "admittedYearBefore": counted[1],
            "growthPercent": 200.0,
        }
        for counting in ("DECISION", "CEREMONY")
    ]
    assert shown["duties"] == {"onTime": 1, "late": 1, "missing": 1, "released": 1}
    steps, rules = year.broken("2022-01-01", "2022-12-31")
    assert shown["findings"]["steps"] == steps > 0
    assert {each["rule"]: each["count"] for each in shown["findings"]["rules"]} == rules
    assert shown["defects"] == {"noted": 2, "open": 1}
    assert shown["dossierReturns"] == {"submitted": 4, "returned": 1, "times": 1}
    assert shown["reactions"] == [
        {"kind": "COMMENDATION", "count": 2, "own": 1},
        {"kind": "CRITICISM", "count": 1, "own": 1},
    ]
    assert (shown["cells"], shown["cellsWithoutAdmission"], shown["long"]) == (2, 1, 1)

    # Who may not vet sees no rule that tells of the vetting; the vetting has none of its own then.
    classes = province.token("classes", year.commune.district)
    less = line(year.commune, token=classes, **year.at)["findings"]
    hidden = {"V1", "V2", "V3", "S1"}
    assert {each["rule"] for each in less["rules"]} == rules.keys() - hidden


@pytest.mark.requirement("R003-24", "R004-16")
def test_a_quarter_is_measured_by_the_target_of_its_year(province: Installation) -> None:
    """Admissions of the quarter, but progress since January, as of the quarter's last day."""
    year = Year(province)
    found = board(year.commune, period=SECOND_QUARTER, **year.at)
    shown = line(year.commune, period=SECOND_QUARTER, **year.at)

    assert found["review"] == "QUARTER"
    assigned = next(each for each in shown["progress"] if each["basis"] == "ASSIGNED")
    assert (assigned["target"], assigned["achieved"], assigned["percent"]) == (4.0, 2, 50.0)
    elapsed = 100 * date(2022, 6, 30).timetuple().tm_yday / 365
    assert assigned["pacePercent"] == pytest.approx(elapsed, abs=1)
    by_decision = shown["admissions"][0]
    assert (by_decision["admitted"], by_decision["admittedYearBefore"]) == (1, 1)
    assert shown["duties"] == {"onTime": 1, "late": 1, "missing": 1, "released": 1}
    assert (shown["findings"]["steps"], shown["defects"]) == (
        year.broken("2022-04-01", "2022-06-30")[0],
        {"noted": 0, "open": 0},
    )
    # What names the year is none to the quarter.
    assert {each["kind"]: each["count"] for each in shown["reactions"]} == {
        "COMMENDATION": 1,
        "CRITICISM": 1,
    }
    term = board(year.commune, period={"term": "2020-2025"}, **year.at)
    assert term["review"] == "TERM"
    of_term = line(year.commune, period={"term": "2020-2025"}, **year.at)["admissions"][0]
    assert (of_term["admitted"], of_term["admittedYearBefore"]) == (len(ADMITTED), None)
    later = board(year.commune, period={"year": 2024}, effective="2024-12-31")
    assert (later["rules"]["number"], later["isForeseen"]) == ("124-QĐ/TW", True)
    since = board(year.commune, period={"year": 2025}, effective="2025-12-31")
    assert since["rules"] == {"number": "366-QĐ/TW", "reviews": ["QUARTER", "YEAR", "TERM"]}


def test_a_year_that_has_passed_is_measured_by_what_is_true_on_the_asked_day(
    province: Installation,
) -> None:
    """A target that another number was set for in January; the quarter ended before that."""
    commune = Commune.establish(province, "lam-dong/bao-lam")
    whole = {"organization": commune.code, "period": {"year": 2022}}
    stated = commune.do("assignTarget", occurredOn="2022-01-05", count=4, **whole)
    target = stated["target"]["id"]
    later = {"occurredOn": "2023-01-10", "target": target, "count": 5, "reason": "Tăng"}
    at = {"effective": "2023-02-01", "after": commune.do("adjustTarget", **later)["position"]}

    year = {"range": {"first": "2022-01-01", "last": "2022-12-31"}}
    for period, amount in (({"year": 2022}, 5.0), (year, 5.0), (SECOND_QUARTER, 4.0)):
        shown = line(commune, period=period, **at)["progress"]
        assert {each["basis"]: each["target"] for each in shown}["ASSIGNED"] == amount


def test_the_input_is_that_of_the_day_and_of_what_was_known(province: Installation) -> None:
    """In June the late report was missing; what was decided in June was entered later."""
    year = Year(province)
    june = line(year.commune, effective="2022-06-30", after=year.committee.position)
    assert june["duties"] == {"onTime": 1, "late": 0, "missing": 2, "released": 1}
    assert june["admissions"][0]["admittedYearBefore"] == 1
    assert (june["admissions"][0]["admitted"], june["defects"]["noted"]) == (2, 1)
    may = line(year.commune, effective="2022-05-29")
    assert may["duties"] == {"onTime": 0, "late": 0, "missing": 0, "released": 0}

    known = line(year.commune, effective="2022-12-31", known=year.before_late)
    assert known["reactions"] == [{"kind": "COMMENDATION", "count": 2, "own": 1}]


def test_organizations_are_compared_at_any_level_in_the_asked_tree(
    province: Installation,
) -> None:
    """Grassroots below the province, districts below it, cells below a commune; after a merger."""
    year = Year(province)
    commune = year.commune
    token = province.token("province", "lam-dong")
    above: dict[str, Any] = {"token": token, **year.at}
    grassroots = line(commune, "lam-dong", of="GRASSROOTS", **above)
    district = board(commune, **year.at)["lines"]
    same = line(commune, **year.at)
    assert {**grassroots, "findings": None} == {**same, "findings": None}
    (tenant,) = [
        each
        for each in board(commune, "lam-dong", **above)["lines"]
        if each["organization"]["code"] == commune.district
    ]
    for name in ("onTime", "late", "missing", "released"):
        assert tenant["duties"][name] == sum(each["duties"][name] for each in district)
    assert tenant["defects"]["noted"] == sum(each["defects"]["noted"] for each in district)
    cells = {
        each["organization"]["code"]: each
        for each in board(commune, commune.code, **year.at)["lines"]
    }
    first, second = (f"{commune.code}/thon-{number}" for number in (1, 2))
    assert (cells[first]["admissions"][0]["admitted"], cells[second]["cellsWithoutAdmission"]) == (
        3,
        1,
    )

    merged = commune.do(
        "mergeOrganizations",
        occurredOn="2022-12-01",
        organizations=[first, second],
        founding={
            "superior": commune.code,
            "name": "Chi bộ thôn Liên Hợp",
            "kind": "SUBORDINATE_CELL",
        },
        document="20-QĐ/ĐU",
    )
    after = {"effective": "2022-12-31", "after": merged["position"]}
    (one,) = board(commune, commune.code, **after)["lines"]
    assert one["organization"]["code"].endswith("thon-lien-hop")
    assert (one["admissions"][0]["admitted"], one["dossierReturns"]["returned"]) == (3, 1)
    assert one["reactions"] == [{"kind": "COMMENDATION", "count": 1, "own": 1}]
    old = board(commune, commune.code, tree="2022-11-30", **after)["lines"]
    assert [each["admissions"][0]["admitted"] for each in old] == [3, 0]


def test_another_tenant_and_who_reads_no_records_are_refused(province: Installation) -> None:
    """A stranger learns nothing; an auditor has the log, not the registers."""
    commune = Commune.establish(province, "lam-dong/bao-lam")
    for token, code in (
        (province.token("board", "lam-dong/di-linh"), "ORGANIZATION_NOT_FOUND"),
        (province.token("auditor", commune.district), "NOT_PERMITTED"),
    ):
        variables = {"code": commune.code, "period": {"year": 2022}, "of": "CHILDREN"}
        answer = province.answer(BOARD, token, variables)
        assert answer["errors"][0]["extensions"]["code"] == code
