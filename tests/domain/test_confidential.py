"""What of a case only those see who vet it or decide on it."""

from dataclasses import replace
from datetime import date

from tests.domain import case_steps as steps
from tests.domain.steps import given

from domain import vetting
from domain.case import CaseEntry, Stage, stage
from domain.confidential import PAPERS, RULES, STAGES, TOPICS, without_history, without_vetting
from domain.paper import papers
from domain.procedure import rule_book
from domain.vetting import VettingStatus, vetting_status

DAY = date(2023, 6, 4)


def test_nothing_of_the_vetting_is_left() -> None:
    """The case stands where its dossier is open, as if nobody had asked or answered yet."""
    case = given(*steps.way(steps.voted)[:-1]).case.case(DAY)
    shown = without_vetting(case)

    assert (stage(case, DAY), stage(shown, DAY)) == (Stage.OPINIONS, Stage.DOSSIER_OPEN)
    assert stage(case, DAY) in STAGES
    assert vetting_status(shown) is VettingStatus.NOT_STARTED
    assert (shown.history, shown.stamped, shown.vetting_replies) == (None, None, [])
    assert shown.introductions == case.introductions != []


def test_every_event_of_a_vetting_is_confidential() -> None:
    """Each entry of the module is, and what the catalogues say of it is known there."""
    entries = [
        kind
        for kind in vars(vetting).values()
        if isinstance(kind, type) and issubclass(kind, CaseEntry) and kind is not CaseEntry
    ]
    assert entries
    assert {kind.TOPIC for kind in entries} < TOPICS
    assert PAPERS < papers().keys()
    assert all(rule_book().on(rule, DAY) for rule in RULES)


def test_facts_brought_from_another_record_are_left_out() -> None:
    """A received case brings its history along, which tells of the vetting as well."""
    vetted = {"type": "candidate.vetting_concluded", "data": {"conclusion": "ELIGIBLE"}}
    listed = {"type": "candidate.sympathizer_listed", "data": {}}

    assert without_history({"history": [listed, vetted], "n": 1}) == {"history": [listed], "n": 1}
    assert without_history({"history": "Mẫu"}) == {"history": "Mẫu"}


def test_papers_that_tell_of_the_vetting_are_left_out_of_a_return() -> None:
    """On the card and in the event, one that another record brought along included."""
    came_back = {"papers": ["APPLICATION", "VETTING"], "to": "CELL"}
    clean = {"papers": ["APPLICATION"], "to": "CELL"}
    brought = {"type": "candidate.dossier_returned", "data": came_back}
    case = given(*steps.way(steps.decided), steps.returned()).case.case(date(2023, 7, 2))
    assert case.returned is not None
    case.returned = replace(case.returned, papers=("HISTORY", "APPLICATION"))  # type: ignore[call-arg]
    shown = without_vetting(case).returned

    assert without_history(came_back) == clean
    assert without_history({"history": [brought]}) == {"history": [{**brought, "data": clean}]}
    assert shown is not None
    assert shown.papers == ("APPLICATION",)
    assert case.returned.papers == ("HISTORY", "APPLICATION")
