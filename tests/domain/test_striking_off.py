"""Striking off and re-admission: proposed, decided, and a new pursuit after the wait."""

from datetime import date

import pytest
from tests.domain.case_steps import withdrawn
from tests.domain.membership import (
    consented,
    died,
    readmission_opened,
    received,
    recognition_vote,
    striking_off_proposed,
    struck_off,
    task,
)
from tests.domain.steps import (
    Given,
    Step,
    ceremony,
    certificate,
    decided,
    dossier,
    given,
    helper,
    listed,
    path,
    recognized,
    removed,
    submitted,
    vetting,
    void,
    vote,
)

from domain.case import Stage, stage
from domain.ending import CandidateWithdrawn
from domain.procedure import GroundKind, rule_book
from domain.readmission import ReadmissionOpened
from domain.striking_off import StrikingOffVoteHeld, StruckOff
from domain.sympathizer import SympathizerListed

GONE = [*path(ceremony), striking_off_proposed(), struck_off()]
OUT = {"rule": "P8", "field": "occurredOn"}


def test_struck_off_as_proposed() -> None:
    """The committee decides on the ground that the cell proposed; what was decided stays shown."""
    start = given(*path(ceremony))
    start.when(striking_off_proposed(ground="WILL_LOST")).then(StrikingOffVoteHeld)
    (entry,) = start.when(struck_off()).then(StruckOff)
    facts = start.case.case(date(2024, 3, 1))

    assert isinstance(entry, StruckOff)
    assert entry.ground == "WILL_LOST"
    assert stage(facts, date(2024, 3, 1)) is Stage.STRUCK_OFF
    assert stage(start.case.case(date(2024, 2, 29)), date(2024, 2, 29)) is Stage.PROBATIONARY
    assert facts.ceremony is not None
    assert facts.decided is not None


@pytest.mark.parametrize(
    "code", [g.code for g in rule_book().grounds if g.kind is GroundKind.STRIKING_OFF]
)
def test_every_ground(code: str) -> None:
    """Each ground of the rule book is one."""
    given(*path(ceremony)).when(striking_off_proposed(ground=code)).then(StrikingOffVoteHeld)


@pytest.mark.parametrize("ground", ["LAZY", "", "CORRUPTION"])
def test_no_other_ground(ground: str) -> None:
    """What is no ground of T23 strikes nobody off."""
    given(*path(ceremony)).when(striking_off_proposed(ground=ground)).refused(
        "NO_GROUND_FOR_STRIKING_OFF", rule="T23", field="ground"
    )


@pytest.mark.parametrize(
    ("official", "in_favor", "passed"), [(9, 6, True), (9, 5, False), (3, 2, True), (10, 6, False)]
)
def test_the_cell_proposes_by_two_thirds(official: int, in_favor: int, *, passed: bool) -> None:
    """Of all official members; after a failed vote the committee does not strike off."""
    start = given(*path(ceremony), striking_off_proposed(official=official, in_favor=in_favor))
    outcome = start.when(struck_off())

    if passed:
        outcome.then(StruckOff)
    else:
        outcome.refused("CELL_VOTE_NOT_PASSED", rule="T7", field="candidate")


def test_a_cell_of_two_proposes_nothing() -> None:
    """Three official members are needed, and no more votes than members."""
    start = given(*path(ceremony))
    start.when(striking_off_proposed(official=2, in_favor=2)).refused(
        "TOO_FEW_OFFICIAL_MEMBERS", rule="T19", field="officialMembers"
    )
    start.when(striking_off_proposed(official=3, in_favor=4)).refused(
        "COUNT_OUT_OF_RANGE", field="inFavor"
    )


def test_refer_after_three_failed_votes() -> None:
    """A fourth vote after three failed ones is a finding."""
    failed = [striking_off_proposed(date(2024, 2, day), 5) for day in (1, 2, 5)]
    start = given(*path(ceremony), *failed)

    start.when(striking_off_proposed(date(2024, 2, 6))).then(StrikingOffVoteHeld, findings=("T15",))


def test_nobody_is_struck_off_without_a_proposal_or_twice() -> None:
    """The cell proposes first; who is struck off is not struck off again."""
    given(*path(ceremony)).when(struck_off()).refused("STEP_OUT_OF_ORDER", **OUT)
    gone = given(*GONE)
    for step in (struck_off(), striking_off_proposed(date(2024, 3, 2))):
        gone.when(step).refused("STEP_ALREADY_RECORDED", field="candidate")


def test_nobody_is_struck_off_before_a_later_step() -> None:
    """A striking off is not dated before a step of the same membership."""
    start = given(*path(ceremony), striking_off_proposed(), task(date(2024, 4, 1)))
    start.when(struck_off()).refused("STEP_ALREADY_RECORDED", field="candidate")


def test_a_full_member_is_struck_off() -> None:
    """The grounds hold for every member."""
    day = date(2025, 2, 3)
    start = given(*path(recognized), striking_off_proposed(date(2025, 1, 6)), struck_off(day))

    assert stage(start.case.case(day), day) is Stage.STRUCK_OFF


@pytest.mark.parametrize("step", [listed, received, consented, ceremony, recognition_vote])
def test_who_is_struck_off_does_not_go_on(step: type) -> None:
    """The only way back is a re-admission."""
    given(*GONE).when(step(date(2024, 9, 2))).refused("STEP_ALREADY_RECORDED", field="candidate")


def again(start: Given) -> Given:
    """A re-admission up to the ceremony."""
    for step in (
        readmission_opened(),
        certificate(date(2027, 3, 2)),
        vetting(date(2027, 4, 1)),
        vote(date(2027, 5, 3)),
        submitted(date(2027, 5, 10)),
        decided(date(2027, 6, 1)),
        ceremony(date(2027, 6, 10)),
    ):
        step(start.case)
    return start


def test_a_readmission_has_a_probation_of_its_own() -> None:
    """The same procedure, a new decision, a new ceremony and twelve months."""
    start = again(given(*GONE))
    facts = start.case.case(date(2027, 6, 10))

    assert facts.readmission is not None
    assert facts.ceremony is not None
    assert facts.ceremony.probation_ends_on == date(2028, 6, 10)
    assert facts.membership.striking_off_votes == []
    assert stage(start.case.case(date(2027, 3, 1)), date(2027, 3, 1)) is Stage.DOSSIER_OPEN
    assert stage(facts, date(2027, 6, 10)) is Stage.PROBATIONARY
    recognized(date(2028, 6, 12), date(2028, 6, 12))(start.case)
    start.case.require_sound()


def test_steps_of_the_first_membership_are_corrected_after_a_readmission() -> None:
    """Each pursuit has its own decision, ceremony and striking off."""
    case = again(given(*GONE)).case
    versions = {type(e).__name__: e.originator_version for e in case.entries[:12]}
    for name, step in (
        ("AdmissionDecided", decided()),
        ("CeremonyHeld", ceremony()),
        ("StruckOff", struck_off()),
    ):
        void(versions[name])(case)
        step(case)
        case.require_sound()


LATE = date(2026, 9, 4)


@pytest.mark.parametrize(
    "steps",
    [
        [*GONE, readmission_opened(date(2028, 1, 3))],
        [
            *path(recognized),
            readmission_opened(date(2028, 1, 3), date(2024, 9, 2), "FAMILY_HARDSHIP"),
        ],
    ],
)
@pytest.mark.parametrize("step", [decided(LATE), ceremony(LATE), recognized(LATE, LATE)])
def test_what_is_recorded_late_is_of_the_membership_before(steps: list[Step], step: Step) -> None:
    """A day before the re-admission is of the first membership, which has had its steps."""
    given(*steps).when(step).refused("STEP_ALREADY_RECORDED", field="candidate")


def test_no_readmission_before_the_one_on_record() -> None:
    """One leaving is followed by one re-admission, in whatever order they are recorded."""
    start = given(*GONE, readmission_opened(date(2028, 1, 3)))
    start.when(readmission_opened()).refused("STEP_ALREADY_RECORDED", field="candidate")


@pytest.mark.parametrize(
    ("day", "left", "cleared", "departure", "refused"),
    [
        (date(2027, 2, 28), date(2024, 3, 1), None, "STRUCK_OFF", True),
        (date(2027, 3, 1), date(2024, 3, 1), None, "STRUCK_OFF", False),
        (date(2027, 2, 27), date(2024, 2, 29), None, "FAMILY_HARDSHIP", True),
        (date(2027, 2, 28), date(2024, 2, 29), None, "FAMILY_HARDSHIP", False),
        (date(2026, 5, 30), date(2020, 1, 1), date(2021, 5, 31), "CRIME_LESS_SERIOUS", True),
        (date(2026, 5, 31), date(2020, 1, 1), date(2021, 5, 31), "CRIME_LESS_SERIOUS", False),
    ],
)
def test_the_wait(
    day: date, left: date, cleared: date | None, departure: str, *, refused: bool
) -> None:
    """36 months after leaving, 60 after the record was cleared; on a new record, too."""
    person = GONE if departure == "STRUCK_OFF" else []
    outcome = given(*person).when(readmission_opened(day, left, departure, cleared=cleared))

    if refused:
        outcome.refused("READMISSION_TOO_EARLY", rule="T18", field="occurredOn")
    else:
        outcome.then(ReadmissionOpened)


@pytest.mark.parametrize(
    "code",
    [g.code for g in rule_book().grounds if g.kind is GroundKind.DEPARTURE and g.is_excluded],
)
def test_refused_outright(code: str) -> None:
    """For the listed reasons there is no re-admission, however long ago, whoever consents."""
    given().when(readmission_opened(departure=code, left=date(2001, 1, 1))).refused(
        "READMISSION_EXCLUDED", rule="M6", field="departure"
    )


def test_the_provinces_consent_in_writing() -> None:
    """Without it there is no re-admission; the reason is a code of the rule book."""
    start = given(*GONE)
    start.when(readmission_opened(consent=None)).refused(
        "READMISSION_WITHOUT_CONSENT", rule="M4", field="consentNumber"
    )
    start.when(readmission_opened(departure="QUARREL")).refused(
        "UNKNOWN_DEPARTURE", field="departure"
    )
    start.when(readmission_opened(departure="CRIME_LESS_SERIOUS")).refused(
        "DATE_MISSING", field="recordClearedOn"
    )


def test_once_only() -> None:
    """Who was re-admitted and struck off again does not come back."""
    start = again(given(*GONE))
    for step in (
        striking_off_proposed(date(2027, 9, 1)),
        struck_off(date(2027, 10, 1)),
    ):
        step(start.case)

    start.when(readmission_opened(date(2031, 1, 6), date(2027, 10, 1))).refused(
        "READMITTED_BEFORE", rule="M5", field="candidate"
    )


@pytest.mark.parametrize(
    ("steps", "left", "code", "field"),
    [
        (GONE, date(2024, 3, 2), "DATE_OUT_OF_RANGE", "leftOn"),
        (path(decided), date(2024, 3, 1), "STEP_ALREADY_RECORDED", "candidate"),
        (path(recognized), date(2024, 8, 19), "DATE_OUT_OF_RANGE", "leftOn"),
        ([], date(2027, 3, 2), "DATE_IN_FUTURE", "leftOn"),
        ([*GONE, readmission_opened()], date(2024, 3, 1), "STEP_ALREADY_RECORDED", "candidate"),
        ([readmission_opened()], date(2024, 3, 1), "STEP_ALREADY_RECORDED", "candidate"),
    ],
)
def test_only_a_former_member(steps: list[Step], left: date, code: str, field: str) -> None:
    """Who is a member, or is on the way, is not re-admitted; the day of leaving is what it was."""
    given(*steps).when(readmission_opened(left=left)).refused(code, field=field)


def test_a_full_member_who_left() -> None:
    """Of a full member the day and the reason of leaving are stated with the re-admission."""
    start = given(*path(recognized))
    start.when(readmission_opened(date(2028, 1, 3), date(2025, 1, 2), "FAMILY_HARDSHIP")).then(
        ReadmissionOpened
    )


def test_a_readmission_that_was_given_up() -> None:
    """Who is listed, removed and comes again goes the usual way, still counted apart."""
    start = given(helper(), readmission_opened(date(2024, 1, 2), date(2020, 1, 2)))
    start.when(listed(date(2024, 1, 3))).then(SympathizerListed)
    removed(date(2024, 1, 4))(start.case)

    assert stage(start.case.case(date(2024, 1, 4)), date(2024, 1, 4)) is Stage.REMOVED
    start.when(dossier(date(2024, 1, 5))).refused(
        "CERTIFICATE_NOT_VALID", rule="T4", field="candidate"
    )
    assert start.case.facts().readmission is not None


def test_who_is_readmitted_withdraws_without_a_listing() -> None:
    """The pursuit is over; another re-admission may begin, and is still counted apart."""
    start = given(*GONE, readmission_opened())
    day = date(2027, 4, 1)
    start.when(withdrawn(day)).then(CandidateWithdrawn)

    assert stage(start.case.case(day), day) is Stage.WITHDRAWN
    start.when(withdrawn(date(2027, 4, 2))).refused("STEP_OUT_OF_ORDER", **OUT)
    start.when(readmission_opened(date(2027, 5, 4))).then(ReadmissionOpened)
    start.case.require_sound()
    given(helper()).when(withdrawn(day)).refused("STEP_OUT_OF_ORDER", **OUT)


def test_a_death_after_a_striking_off() -> None:
    """The dead are deceased, struck off or not; a death before a re-admission is refused."""
    start = given(*GONE, died(date(2024, 5, 1)))
    day = date(2024, 5, 1)

    assert stage(start.case.case(day), day) is Stage.DECEASED
    given(*GONE, readmission_opened()).when(died(day)).refused(
        "STEP_ALREADY_RECORDED", field="candidate"
    )
