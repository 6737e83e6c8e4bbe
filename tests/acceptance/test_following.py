"""Following people before there is a dossier: found, helped, assessed, listed, sent to class."""

from typing import Any
from uuid import uuid4

import pytest
from tests.acceptance.commune import Commune, mutate
from tests.acceptance.followed import GOOD, Followed, followed


@pytest.mark.requirement("R000-23", "R003-22")
def test_the_youth_union_introduces_outstanding_minority_members(commune: Commune) -> None:
    """Given two people whom the Youth Union found, when asked by group, then the Mạ is listed."""
    minority, kinh = followed(commune), followed(commune, ethnicity="Kinh", sex="FEMALE")
    others = followed(commune)
    found: dict[str, Any] = {"recommendedBy": "YOUTH_UNION", "organizationName": "Đoàn xã"}
    for each in (minority, kinh):
        each.do("recommendPerson", "2022-01-11", "union", **found)
    others.do("recommendPerson", "2022-01-11", recommendedBy="TRADE_UNION")

    twice = minority.attempt("recommendPerson", "2022-01-12", "union", **found)
    shown = minority.card("recommendations { recommendedBy organizationName recommendedOn }")
    of_group = others.listed_with('recommendedBy: YOUTH_UNION, group: "ETHNIC_MINORITY"')

    assert twice["code"] == "STEP_ALREADY_RECORDED"
    assert shown["recommendations"] == [{**found, "recommendedOn": "2022-01-11"}]
    assert of_group == [minority.id]
    assert others.listed_with("recommendedBy: TRADE_UNION") == [others.id]


def test_a_union_sees_the_outcome_and_neither_votes_nor_vetting(commune: Commune) -> None:
    """Given a case that was voted on, when a union speaks for the person, it sees no more."""
    person = followed(commune)
    person.reviewed()
    union = commune.installation.token("union", commune.code)
    query = """mutation R($input: RecommendPersonInput!) { recommendPerson(input: $input) {
      ... on CandidateRecorded { candidate { stage fullName vettingStatus votes { passed }
        findings { rule } missingAssessments recommendations { recommendedBy } } } } }"""
    given = {
        "commandId": str(uuid4()),
        "candidate": person.id,
        "occurredOn": "2022-06-09",
        "recommendedBy": "TRADE_UNION",
    }
    shown = commune.installation.ask(query, union, {"input": given})["recommendPerson"]
    read = commune.installation.answer(f'{{ candidate(id: "{person.id}") {{ id }} }}', union)

    assert shown["candidate"] == {
        "stage": "DOSSIER_OPEN",
        "fullName": None,
        "vettingStatus": None,
        "votes": [],
        "findings": [],
        "missingAssessments": [],
        "recommendations": [{"recommendedBy": "TRADE_UNION"}],
    }
    assert read["data"] == {"candidate": None}


@pytest.mark.requirement("R003-09", "R001-21")
def test_somebody_not_yet_on_the_list_has_an_official_member_to_help(commune: Commune) -> None:
    """Given an outstanding person, then only an official member helps, from the first stage on."""
    person = followed(commune)
    name = {"helperName": "Đảng viên Giúp Đỡ"}

    refused = person.attempt("assignHelper", "2022-01-12", helperOfficialSince="2022-01-13", **name)
    person.do("recommendPerson", "2022-01-11", recommendedBy="CELL")
    missing = person.listed_with("gap: HELPER_MISSING")
    person.do("assignHelper", "2022-01-12", helperOfficialSince="2015-01-01", **name)

    assert (refused["code"], refused["rule"]) == ("HELPER_NOT_OFFICIAL_MEMBER", "P3")
    assert missing == [person.id]
    assert person.listed_with("gap: HELPER_MISSING") == []
    assert person.card("stage helper { name officialSince assignedOn }") == {
        "stage": "IDENTIFIED",
        "helper": {
            "name": "Đảng viên Giúp Đỡ",
            "officialSince": "2015-01-01",
            "assignedOn": "2022-01-12",
        },
    }


@pytest.mark.requirement("R003-10", "R003-11", "R004-10", "R000-18")
def test_each_person_is_assessed_monthly_and_quarterly(commune: Commune) -> None:
    """Given a person followed since January, then months and quarters are missing until assessed.

    What is assessed are study or work, character and motive, with the measures that follow.
    """
    person, neglected = followed(commune), followed(commune, ethnicity="Kinh")
    due = "missingAssessments"
    before = person.card(due, effective="2022-07-01")[due]
    months = [f"2022-0{month}" for month in range(2, 7)]
    for period in (*months, "2022-Q2"):
        person.do("assessProgress", "2022-07-01", period=period, measures="Kèm cặp", **GOOD)

    again = person.attempt("assessProgress", "2022-07-02", period="2022-Q2", **GOOD)
    early = person.attempt("assessProgress", "2022-07-02", period="2022-Q4", **GOOD)
    shown = person.card("assessments { period studyOrWork character motive measures }")

    assert before == [*months, "2022-Q2"]
    assert person.card(due, effective="2022-07-31")[due] == []
    assert (again["code"], early["code"]) == ("STEP_ALREADY_RECORDED", "INVALID_PERIOD")
    assert shown["assessments"][-1] == {"period": "2022-Q2", "measures": "Kèm cặp", **GOOD}
    missing = "gap: ASSESSMENT_MISSING"
    assert person.listed_with(missing, "2022-07-31") == [neglected.id]
    assert person.listed_with(f'{missing}, group: "ETHNIC_MINORITY"', "2022-07-31") == []


@pytest.mark.requirement("R001-20")
def test_a_task_is_given_and_its_end_recorded(commune: Commune) -> None:
    """Given a task, when it is done, then the card shows both; no other task can be closed."""
    person = followed(commune)
    person.do("assignTrialTask", "2022-02-01", description="Vận động bà con", dueOn="2022-03-01")
    fields = "trialTasks { number description dueOn closedOn fulfilled remark }"
    (task,) = person.card(fields)["trialTasks"]
    assert task["number"] == 1

    refused = person.attempt("closeTrialTask", "2022-02-20", task=99, fulfilled=True)
    person.do(
        "closeTrialTask", "2022-02-20", task=task["number"], fulfilled=True, remark="Hoàn thành tốt"
    )

    assert (refused["code"], refused["field"]) == ("TASK_NOT_FOUND", "task")
    assert person.card(fields)["trialTasks"] == [
        {
            "number": task["number"],
            "description": "Vận động bà con",
            "dueOn": "2022-03-01",
            "closedOn": "2022-02-20",
            "fulfilled": True,
            "remark": "Hoàn thành tốt",
        }
    ]


@pytest.mark.requirement("R001-22", "R001-26")
def test_the_list_is_confirmed_reviewed_and_adjusted(commune: Commune) -> None:
    """Given somebody on the list, then the committee confirms it, and the cell takes people off.

    Whoever is taken off for a reason may be listed again, and is confirmed again.
    """
    person = followed(commune)
    early = person.attempt("confirmSympathizer", "2022-01-20", "grassroots")
    person.on_the_list()
    dates = "stage dates { listedOn listConfirmedOn removedOn }"
    confirmed = person.card(dates)
    person.do(
        "removeSympathizer", "2022-05-01", reason="Không còn phấn đấu", resolutionNumber="9-NQ/CB"
    )
    ending = "stage ending { outcome endedOn reason documentNumber }"
    removed = person.card(ending)
    person.do("listSympathizer", "2022-09-01")

    assert (early["code"], early["rule"]) == ("STEP_OUT_OF_ORDER", "P8")
    assert confirmed["dates"] == {
        "listedOn": "2022-02-01",
        "listConfirmedOn": "2022-02-15",
        "removedOn": None,
    }
    assert removed == {
        "stage": "REMOVED",
        "ending": {
            "outcome": "REMOVED",
            "endedOn": "2022-05-01",
            "reason": "Không còn phấn đấu",
            "documentNumber": "9-NQ/CB",
        },
    }
    assert person.card(ending) == {"stage": "SYMPATHIZER", "ending": None}
    assert person.listed_with("gap: LIST_NOT_CONFIRMED") == [person.id]


@pytest.mark.requirement("R001-23")
def test_a_person_is_proposed_for_the_class_and_passes_the_second_time(commune: Commune) -> None:
    """Given the cell's proposal, when the committee agrees, then the person goes to class.

    Who fails is back on the list; who passes has a certificate, and may be sent again once it has
    lapsed.
    """
    person = followed(commune)
    person.on_the_list()
    person.do("proposeForClass", "2022-02-20", resolutionNumber="4-NQ/CB")
    undecided = person.stage("2022-02-20")
    person.do("agreeToClass", "2022-02-21", "grassroots")
    person.do("enrollInClass", "2022-02-25", "classes", className="Lớp 1/2022")
    person.do("recordClassFailure", "2022-03-01", "classes", outcome="FAILED")
    for mutation, day, role, fields in (
        ("proposeForClass", "2022-03-10", None, {}),
        ("agreeToClass", "2022-03-11", "grassroots", {}),
        ("enrollInClass", "2022-03-15", "classes", {"className": "Lớp 2/2022"}),
        ("recordCertificate", "2022-03-21", "classes", {"number": "40/GCN"}),
    ):
        person.do(mutation, day, role, **fields)
    shown = person.card("awarenessClass { enrolledOn className notPassed { outcome recordedOn } }")

    days = ("2022-02-21", "2022-02-25", "2022-03-01", "2022-03-11", "2022-03-15", "2022-03-21")
    assert undecided == "SYMPATHIZER"
    assert [person.stage(day) for day in days] == [
        *("CLASS_PROPOSED", "CLASS_ATTENDING", "SYMPATHIZER"),
        *("CLASS_PROPOSED", "CLASS_ATTENDING", "CERTIFIED"),
    ]
    assert person.findings() == []
    assert shown["awarenessClass"] == {
        "enrolledOn": None,
        "className": None,
        "notPassed": [{"outcome": "FAILED", "recordedOn": "2022-03-01"}],
    }


@pytest.mark.requirement("R001-23")
def test_somebody_not_on_the_list_goes_to_class_and_it_is_reported(commune: Commune) -> None:
    """A class is no stage: who is sent there too early is not stopped, but it is found."""
    person = followed(commune)
    person.do("proposeForClass", "2022-02-20")
    person.do("enrollInClass", "2022-02-25", "classes", className="Lớp 1/2022")

    assert person.findings() == ["L2", "L3"]
    assert person.stage("2022-02-25") == "CLASS_ATTENDING"


def test_a_grassroots_cell_confirms_its_list_itself(commune: Commune) -> None:
    """It has no committee that could: the step is refused, and the proposal alone suffices."""
    code = f"{commune.code}-cb"
    commune.do(
        "establishOrganization",
        occurredOn="2015-02-01",
        parent=commune.district,
        name="Chi bộ cơ sở",
        kind="GRASSROOTS_CELL",
        codeSegment=code.rpartition("/")[2],
    )
    answer = commune.do(
        "identifyCandidate",
        occurredOn="2022-01-10",
        organization=code,
        fullName="Người Mẫu",
        birthDate="1995-05-05",
        sex="FEMALE",
    )
    person = Followed(commune, answer["candidate"]["id"])
    person.do("listSympathizer", "2022-02-01")
    refused = person.attempt("confirmSympathizer", "2022-02-02")
    person.do("proposeForClass", "2022-02-20")

    assert (refused["code"], refused["rule"]) == ("NO_GRASSROOTS_COMMITTEE", "G1")
    assert person.stage("2022-02-20") == "CLASS_PROPOSED"
    assert person.findings() == ["P2"]


def test_who_may_not_read_persons_sees_no_personal_field(commune: Commune) -> None:
    """An auditor's card has the dates and grades, but neither names nor remarks."""
    person = followed(commune)
    person.on_the_list()
    person.do("assessProgress", "2022-03-01", period="2022-02", remark="Nhiệt tình", **GOOD)
    auditor = commune.installation.token("auditor", commune.district)
    query = """query C($id: ID!) { candidate(id: $id) {
      fullName helper { name assignedOn } assessments { remark motive } } }"""
    shown = commune.installation.ask(query, auditor, {"id": person.id})["candidate"]

    assert shown == {
        "fullName": None,
        "helper": {"name": None, "assignedOn": "2022-01-20"},
        "assessments": [{"remark": None, "motive": "GOOD"}],
    }


def test_a_helper_and_a_stranger_may_not_assess(commune: Commune) -> None:
    """Another district finds nobody; a role without the right is told so."""
    person = followed(commune)
    stranger = commune.installation.token("board", "lam-dong/di-linh")
    given = {"candidate": person.id, "occurredOn": "2022-03-01", "period": "2022-02", **GOOD}
    outside = mutate(commune.installation, stranger, "assessProgress", given)
    union = person.attempt("assessProgress", "2022-03-01", "union", period="2022-02", **GOOD)

    assert (outside["__typename"], union["__typename"]) == ("NotFound", "NotPermitted")
    assert person.card("assessments { period }")["assessments"] == []
