"""Moves, hand-overs and merges: what is asked, what ends, and that everybody counts once."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import product
from uuid import UUID

import pytest
from hypothesis import assume, settings
from hypothesis import given as each
from hypothesis import strategies as st
from tests.domain.membership import died, revoked, striking_off_proposed, struck_off
from tests.domain.placing import (
    CAME,
    LEFT,
    PASSAGE,
    PROVINCE,
    handed_over,
    moved,
    place,
    received,
    taken_back,
)
from tests.domain.steps import (
    CELL,
    PERSON,
    Given,
    Step,
    ceremony,
    certificate,
    decided,
    dossier,
    given,
    helper,
    listed,
    on,
    path,
    recognized,
    removed,
    submitted,
    vetting,
    void,
    vote,
)
from tests.domain.test_timeline import each_adds_up
from tests.profile import at_length

from domain.candidate import Candidate
from domain.case import Stage, stage
from domain.certificate import CertificateIssued
from domain.ending import record_withdrawal
from domain.erasure import order_erasure
from domain.errors import Conflict, Refusal
from domain.merging import FactsAdopted, Merged, Twin, adopt, merge
from domain.organization import OrganizationKind, OrganizationRef
from domain.placement import (
    HandedOver,
    Moved,
    Received,
    TakenBack,
    as_cell,
    hand_over,
    receive,
    take_back,
)
from domain.recognition import FullMemberRecognized
from domain.record import Entry
from domain.sympathizer import HelperAssigned, SympathizerListed
from domain.timeline import ADMITTED, FLOWS, IN_TRANSIT, timeline


def _recognized(day: date) -> Step:
    return recognized(day, day)


def withdrawn(day: date) -> Step:
    return lambda case: record_withdrawal(case, on(day))


def stocks(entries: list[Entry], day: date) -> Counter[tuple[UUID, str, int]]:
    """What each account of each unit holds of a person on a day."""
    held: Counter[tuple[UUID, str, int]] = Counter()
    for line, n in timeline(entries).items():
        if line.effective_on <= day and line.account not in FLOWS:
            held[line.unit, line.account, line.groups] += n
    return Counter({account: n for account, n in held.items() if n})


def admissions(entries: list[Entry]) -> int:
    return sum(n for line, n in timeline(entries).items() if line.account in ADMITTED.values())


def test_what_follows_a_move_follows_the_new_cell() -> None:
    """Stage, area and further entries are the new cell's from that day; the probation goes on."""
    to = place(2, OrganizationKind.GRASSROOTS_CELL, "RELIGIOUS_AREA")
    start = given(*path(ceremony))
    day = date(2023, 9, 1)
    (entry,) = start.when(moved(day, to)).then(Moved, findings=("P2",))
    case = start.case

    assert entry.organization_id == case.organization_id == to.id
    assert (case.cell_on(day - timedelta(days=1)).id, case.cell.id) == (CELL.id, to.id)
    assert case.cell.grassroots
    assert case.facts().helper is None
    (account,) = stocks(case.entries, day)
    assert account[:2] == (to.id, "PROBATIONARY")
    (before,) = stocks(case.entries, day - timedelta(days=1))
    assert before[0] == CELL.id
    (after,) = start.when(recognized()).then(FullMemberRecognized)
    assert after.organization_id == to.id
    assert after.member_from == date(2024, 7, 20)  # type: ignore[attr-defined]


def test_a_move_may_bring_a_helper() -> None:
    """Then nothing is missing."""
    helped = moved(LEFT, helper_name="Trần Giúp", helper_official_since=date(2010, 1, 1))
    given().when(helped).then(Moved, HelperAssigned)


def test_a_late_entry_belongs_to_the_cell_of_its_day() -> None:
    """What happened before the move is the old cell's, whenever it is recorded."""
    start = given(moved(LEFT))
    (entry,) = start.when(listed()).then(SympathizerListed, findings=("P2",))
    assert entry.organization_id == CELL.id


def test_a_move_leads_to_another_cell() -> None:
    """Not to the same one, and not to what is no cell."""
    given().when(moved(LEFT, place(1))).refused("SAME_CELL", field="organization")
    committee = place(2, OrganizationKind.GRASSROOTS_COMMITTEE)
    given().when(moved(LEFT, committee)).refused("ORGANIZATION_NOT_A_CELL", field="organization")


def test_a_voided_move_never_happened() -> None:
    """The person counts where it was; a restated identification does not undo a move."""
    start = given(moved(date(2023, 3, 1)))
    start.when(void(1, replaced=True))
    start.case.restate(on(date(2023, 3, 1)), PERSON)
    assert start.case.organization_id == UUID(int=2)
    start.when(void(2))
    assert start.case.organization_id == CELL.id


@pytest.mark.parametrize(
    "step", [helper(), listed(), certificate(), vote(), void(1), moved(CAME), handed_over(CAME)]
)
def test_a_case_that_was_handed_over_is_closed(step: Step) -> None:
    """Every further step and correction is refused, with the tenant that records them."""
    start = given(*path(listed), handed_over())
    assert stage(start.case.facts(), LEFT) is Stage.TRANSFERRED_OUT
    refusal = start.when(step).refused("CANDIDATE_HANDED_OVER", field="candidate")
    assert PASSAGE.to_tenant in refusal.text.en
    assert start.case.exclusive() == frozenset()


def test_a_case_goes_on_as_it_was_when_it_comes_back() -> None:
    """The hand-over that was not received leaves only its two entries."""
    start = given(*path(listed), handed_over())
    start.when(taken_back()).then(TakenBack)
    start.when(taken_back()).refused("NOT_IN_TRANSIT", field="candidate")
    assert stage(start.case.facts(), CAME) is Stage.SYMPATHIZER
    start.when(certificate(CAME)).then(CertificateIssued)


def test_only_an_open_case_without_later_entries_is_handed_over() -> None:
    """What is later must be corrected first; a full member is no candidate any more."""
    given(*path(listed)).when(handed_over(date(2023, 3, 14))).refused(
        "LATER_ENTRIES", field="occurredOn"
    )
    given(*path(recognized)).when(handed_over(date(2024, 9, 1))).refused(
        "STEP_ALREADY_RECORDED", field="candidate"
    )
    given().when(handed_over(date(2023, 2, 1))).refused(
        "STEP_OUT_OF_ORDER", rule="P8", field="occurredOn"
    )


def test_the_receiving_tenant_goes_on_from_what_the_case_had_come_to() -> None:
    """Facts, certificate, votes and the probation's end are there; the helper is to be assigned."""
    left = given(*path(ceremony), handed_over()).case
    came = received(left)
    facts, old = came.facts(), given(*path(ceremony)).case.facts()

    assert stage(facts, CAME) is Stage.PROBATIONARY
    assert facts.ceremony is not None
    assert old.ceremony is not None
    assert facts.ceremony.probation_ends_on == old.ceremony.probation_ends_on
    assert facts.vote is not None
    assert facts.certificate is not None
    assert facts.helper is None
    assert came.identified.full_name == left.identified.full_name
    assert came.entries[0].findings == ("P2",)  # type: ignore[attr-defined]
    Given(came).when(recognized()).then(FullMemberRecognized)


def test_admissions_stay_where_they_were_counted() -> None:
    """The receiving tenant posts none for what the other one decided, only for its own."""
    left = given(*path(decided), handed_over()).case
    came = received(left)
    assert (admissions(left.entries), admissions(came.entries)) == (1, 0)
    ceremony(CAME, consent="1-CV")(came)
    assert (admissions(left.entries), admissions(came.entries)) == (1, 1)


def test_what_was_left_out_before_the_hand_over_is_recorded_by_who_received_it() -> None:
    """A late entry is judged on the whole history and belongs to the cell that received it."""
    left = given(*path(listed), handed_over()).case
    came = received(left)
    (entry,) = Given(came).when(certificate(date(2023, 4, 3))).then(CertificateIssued)
    assert entry.organization_id == UUID(int=3)
    assert stage(came.facts(), CAME) is Stage.CERTIFIED
    assert not stocks(came.entries, CAME - timedelta(days=1)).keys() - {
        (PROVINCE, IN_TRANSIT, account[2]) for account in stocks(came.entries, date.max)
    }
    Given(came).when(listed(date(2023, 3, 20))).refused("STEP_ALREADY_RECORDED", field="candidate")


def test_a_case_is_not_received_before_it_left() -> None:
    """Nor by what is no cell."""
    left = given(handed_over()).case
    with pytest.raises(Refusal, match="DATE_OUT_OF_RANGE"):
        received(left, LEFT - timedelta(days=1))


def test_a_case_may_be_handed_on_and_come_home() -> None:
    """The history of the first tenant goes along, once."""
    first = given(*path(certificate), handed_over()).case
    second = received(first)
    vote_day = date(2023, 10, 1)
    dossier(vote_day)(second)
    hand_over(second, on(vote_day), PASSAGE)
    third = receive(UUID(int=12), on(vote_day), place(1), PASSAGE, second)

    kinds = [type(entry).__name__ for entry in third.live()]
    assert kinds.count("Identified") == kinds.count("CertificateIssued") == 1
    assert kinds.count("Received") == 2
    assert stage(third.facts(), vote_day) is Stage.DOSSIER_OPEN
    assert third.organization_id == UUID(int=1)


def test_erasure_may_be_ordered_of_a_closed_case_and_moves_nobody() -> None:
    """The copy that a tenant keeps of a case that left can be erased."""
    start = given(handed_over(date(2030, 3, 1)))
    before = stocks(start.case.entries, date.max)
    order_erasure(start.case, on(date(2032, 5, 1)), document_number="1", issued_by="Ban")
    assert before == stocks(start.case.entries, date.max)


DAYS = st.integers(-3, 500).map(lambda n: date(2023, 3, 1) + timedelta(days=n))
STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.sampled_from([helper, listed, certificate, dossier, vetting, vote, removed, moved]),
            DAYS,
        ).map(lambda made: made[0](made[1])),
        st.integers(2, 9).map(void),
    ),
    max_size=8,
)


def lived(case: Candidate, steps: list[Step]) -> None:
    for step in steps:
        try:
            step(case)
        except Refusal:
            continue


@dataclass(frozen=True)
class Handover:
    """Both logs of a case that was handed over, and days to look at."""

    old: list[Entry]
    new: list[Entry]
    days: list[date]

    @property
    def departed(self) -> int:
        """The position of the departure."""
        return next(i for i, e in enumerate(self.old, 1) if isinstance(e, HandedOver))

    def held(self, known_old: int, known_new: int, day: date) -> Counter[tuple[str, int]]:
        """What the province's accounts hold on a day, by account and groups."""
        total: Counter[tuple[str, int]] = Counter()
        for entries in (self.old[:known_old], self.new[:known_new]):
            for (_, account, groups), n in stocks(entries, day).items():
                total[account, groups] += n
        return Counter({account: n for account, n in total.items() if n})


@st.composite
def handovers(draw: st.DrawFn) -> Handover:
    """Some history, a hand-over, its receipt or return some days later, and some more history."""
    old = given(*path(ceremony)[: draw(st.integers(0, 9))]).case
    lived(old, draw(STEPS))
    assume(old.facts().identified is not None)
    left = max(draw(DAYS), *(entry.effective_on for entry in old.live()), date(2023, 3, 1))
    hand_over(old, on(left), PASSAGE)
    came = left + timedelta(days=draw(st.integers(0, 60)))
    new: list[Entry] = []
    if draw(st.booleans()):
        take_back(old, on(came), PASSAGE.transfer_id)
        lived(old, draw(STEPS))
    else:
        case = receive(UUID(int=11), on(came), place(3), PASSAGE, old)
        lived(case, draw(STEPS))
        new = case.entries
    days = draw(st.lists(DAYS, min_size=1, max_size=5))
    return Handover(old.entries, new, [*days, left, came, date(2035, 1, 1)])


@settings(max_examples=at_length(120), deadline=None)
@each(made=handovers())
def test_everybody_counts_once_whatever_is_known_of_either_log(made: Handover) -> None:
    """In one tenant or in transit, for every pair of known positions, on every day.

    The province's sum over both logs is always one person. Where the receipt is not known before
    the departure, which the hand-over sees to, one account of one set of groups holds that person.
    """
    began = made.old[0].effective_on
    for known_old, known_new in product(range(1, len(made.old) + 1), range(len(made.new) + 1)):
        for day in made.days:
            held = made.held(known_old, known_new, day)

            assert sum(held.values()) == (1 if day >= began else 0)
            if known_old >= made.departed or known_new == 0:
                assert set(held.values()) <= {1}
                assert Stage.TRANSFERRED_OUT.value not in {account for account, _ in held}


@settings(max_examples=at_length(60), deadline=None)
@each(before=STEPS, after=STEPS, left=DAYS)
def test_what_each_event_of_a_received_case_posts_adds_up(
    before: list[Step], after: list[Step], left: date
) -> None:
    """The postings of one event after the other are the timeline of them all."""
    old = given(*before and path(listed)).case
    lived(old, before)
    left = max(left, *(entry.effective_on for entry in old.live()))
    hand_over(old, on(left), PASSAGE)
    came = receive(UUID(int=11), on(left), place(3), PASSAGE, old)
    lived(came, after)
    for entries in (old.entries, came.entries):
        each_adds_up(entries)


FURTHER = st.lists(
    st.tuples(
        st.sampled_from(
            [
                *(listed, certificate, dossier, vetting, vote, submitted, decided, ceremony),
                *(revoked, withdrawn, striking_off_proposed, struck_off, _recognized, died),
            ]
        ),
        st.integers(0, 700),
    ),
    max_size=8,
)


def flowing(*records: list[Entry]) -> Counter[tuple[str, date]]:
    """What all records together count on each day, by account."""
    sums: Counter[tuple[str, date]] = Counter()
    for entries in records:
        for line, n in timeline(entries).items():
            if line.account in FLOWS:
                sums[line.account, line.effective_on] += n
    return Counter({each: n for each, n in sums.items() if n})


@settings(max_examples=at_length(100), deadline=None)
@each(start=st.integers(0, 10), further=FURTHER, days=st.integers(0, 400))
def test_a_hand_over_changes_nothing_of_what_the_province_counts(
    start: int, further: list[tuple[Callable[[date], Step], int]], days: int
) -> None:
    """Admissions, what took them away and strikings off: of each day the same as without it.

    What comes to nothing after the hand-over was counted in the tenant that the person left, and
    is uncounted once, in the tenant that records it.
    """
    stays, leaves = (given(*path(recognized)[:start]).case for _ in range(2))
    left = max(entry.effective_on for entry in leaves.entries) + timedelta(days=days)
    assume(leaves.facts().recognized is None)
    hand_over(leaves, on(left), PASSAGE)
    came = receive(UUID(int=11), on(left), place(3), PASSAGE, leaves)
    for make, after in further:
        step = make(left + timedelta(days=after))
        lived(stays, [step])
        lived(came, [step])

    assert flowing(leaves.entries, came.entries) == flowing(stays.entries)


@pytest.mark.parametrize(
    ("until", "further", "uncounted"),
    [
        (decided, [revoked(date(2023, 9, 20))], {"UNCOUNTED_BY_DECISION"}),
        (decided, [withdrawn(date(2023, 9, 20))], {"UNCOUNTED_BY_DECISION"}),
        (
            ceremony,
            [striking_off_proposed(), struck_off()],
            {"UNCOUNTED_BY_DECISION", "UNCOUNTED_BY_CEREMONY", "STRIKINGS_OFF"},
        ),
    ],
)
def test_what_comes_to_nothing_elsewhere_is_uncounted_there_once(
    until: Callable[..., Step], further: list[Step], uncounted: set[str]
) -> None:
    """The admission stays in the old tenant; the new one posts what took it away."""
    left = given(*path(until), handed_over()).case
    came = received(left)
    for step in further:
        step(came)

    assert {account for account, _ in flowing(came.entries)} == uncounted
    assert not {account for account, _ in flowing(left.entries)} & uncounted
    assert set(flowing(left.entries, came.entries).values()) == {1}


def twins(*steps: Step) -> tuple[Twin, Twin]:
    """A bare second record, and one after some steps."""
    other = Candidate.identify(UUID(int=10), on(date(2023, 3, 1)), CELL, PERSON)
    return Twin("lam-dong/bao-lam", other), Twin("lam-dong/bao-lam", given(*steps).case)


def test_a_duplicate_counts_nowhere_from_the_day_it_is_known() -> None:
    """Before that day it did; further steps are the survivor's; what was recorded is readable."""
    survivor, duplicate = twins(*path(listed))
    merge(duplicate, survivor, on(LEFT), document="1-TB")
    case = duplicate.candidate

    assert type(case.entries[-1]) is Merged
    assert not stocks(case.entries, LEFT)
    assert sum(stocks(case.entries, LEFT - timedelta(days=1)).values()) == 1
    assert stage(case.facts(), LEFT) is Stage.MERGED
    assert case.exclusive() == frozenset()
    assert case.facts().listed is not None
    Given(case).when(certificate(CAME)).refused("CANDIDATE_MERGED", field="candidate")


def test_the_survivor_takes_over_what_it_lacks() -> None:
    """From the day of the merge, and posts no admission for it."""
    survivor, duplicate = twins(*path(ceremony))
    assert adopt(survivor.candidate, on(LEFT), duplicate)
    case = survivor.candidate

    assert type(case.entries[-1]) is FactsAdopted
    assert stage(case.case(LEFT), LEFT) is Stage.PROBATIONARY
    assert stage(case.case(LEFT - timedelta(days=1)), LEFT) is Stage.IDENTIFIED
    assert admissions(case.entries) == 0
    assert not adopt(survivor.candidate, on(LEFT), duplicate)
    merge(duplicate, survivor, on(LEFT), adopting=True)
    assert admissions(duplicate.candidate.entries) == 2


def test_there_may_be_nothing_to_take_over() -> None:
    """Then nothing is recorded."""
    survivor, duplicate = twins()
    assert not adopt(survivor.candidate, on(LEFT), duplicate)
    assert len(survivor.candidate.entries) == 1


def test_a_record_is_not_its_own_duplicate() -> None:
    """Merging it with itself is refused."""
    survivor, _ = twins()
    with pytest.raises(Refusal, match="SAME_CANDIDATE"):
        merge(survivor, survivor, on(LEFT))


def test_a_receipt_begins_with_what_another_record_held() -> None:
    """Its entries are numbered before the first own one."""
    came = received(given(*path(listed), handed_over()).case)
    first = came.entries[0]
    assert isinstance(first, Received)
    assert [entry.originator_version for entry in first.history] == [-3, -2, -1]


ENDED_ON = date(2023, 8, 1)


def gone(established_on: date | None = None, ended_on: date | None = None) -> OrganizationRef:
    """A cell that was there only for a while."""
    return replace(place(), established_on=established_on, ended_on=ended_on)


@pytest.mark.parametrize(
    ("to", "code"),
    [
        (gone(ended_on=ENDED_ON), "ORGANIZATION_ENDED"),
        (gone(ended_on=LEFT), "ORGANIZATION_ENDED"),
        (gone(established_on=LEFT + timedelta(days=1)), "BEFORE_ESTABLISHMENT"),
    ],
)
def test_nobody_goes_to_a_cell_that_is_not_there(to: OrganizationRef, code: str) -> None:
    """Neither by a move nor by a receipt, on the day on which it happens; nothing is recorded."""
    field = "organization" if code == "ORGANIZATION_ENDED" else "occurredOn"
    given().when(moved(LEFT, to)).refused(code, field=field)
    left = given(handed_over(LEFT)).case
    with pytest.raises(Refusal) as refusal:
        receive(UUID(int=11), on(LEFT), to, PASSAGE, left)

    assert refusal.value.code == code


def test_a_late_move_goes_to_a_cell_that_was_there_then() -> None:
    """On its first day, and on the last one before it ended; today's destination must be there."""
    there = gone(established_on=LEFT, ended_on=LEFT + timedelta(days=1))
    given().when(moved(LEFT, there)).then(Moved, findings=("P2",))

    assert as_cell(place()).id == place().id
    with pytest.raises(Conflict):
        as_cell(there)
