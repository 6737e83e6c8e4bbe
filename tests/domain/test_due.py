"""What is due of a case on each day: against the facts of that day, and each kind at its limit."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from itertools import chain

import pytest
from hypothesis import given as each
from hypothesis import settings
from hypothesis import strategies as st
from tests.domain import case_steps as full
from tests.domain import membership
from tests.domain.membership import died, history_file, received, recognition_vote
from tests.domain.placing import CAME, LEFT, handed_over, moved, place
from tests.domain.placing import received as taken_on
from tests.domain.steps import Step, ceremony, decided, given, path, recognized, vote
from tests.domain.test_timeline import DAYS, HISTORIES, QUIET, lived
from tests.profile import at_length

from domain.case import CaseEntry, VettingConclusion, fold
from domain.due import DueLine, DueLines, dues, limits_change_on
from domain.due_kind import OF_CASES, OF_FIGURES, DueKind, due_kinds, horizon, reminder
from domain.groups import YOUTH_AGE
from domain.procedure import RuleBook, rule_book
from domain.record import Entry, live_entries

BOOK = rule_book()
DAY = timedelta(days=1)
PROBATION_END = DueKind.PROBATION_END
CHANGED_ON = date(2024, 2, 1)
NEVER_DUE = {
    "T1": "an age is judged at the review",
    "T2": "an age is judged at the review; the birth date is sealed, and nothing counts by it",
    "T3": "schooling is judged with the history",
    "T6": "time worked together is judged at the introduction",
    "T7": "a vote is judged when it is held",
    "T8": "a vote is judged when it is held",
    "T14": "the day of full membership is fixed, whatever is late",
    "T15": "failed votes are referred upward without a limit in time",
    "T17": "the log of who handed a case over is not told when it came",
    "T18": "the earliest day of a re-admission, not the last",
    "T19": "a number of members is judged at the vote",
    "T23": "a ground for striking off",
}


def shorter(rule: str, working_days: int, on: date = CHANGED_ON) -> RuleBook:
    """The rule book of a tenant that tightened a limit from a day on."""
    versions = BOOK.versions[rule]
    stricter = replace(BOOK.on(rule, on), valid_from=on, parameters={"working_days": working_days})
    before = tuple(each for each in versions if each.valid_from < on)
    return replace(BOOK, versions={**BOOK.versions, rule: (*before, stricter)})


def told(entries: Iterable[Entry], rules: RuleBook = BOOK) -> DueLines:
    """All that is due after the entries in the order in which they were recorded."""
    fold_ = DueLines(rules)
    for entry in entries:
        fold_.add(entry)
    return fold_


def standing(lines: Iterable[DueLine], day: date) -> list[tuple[DueKind, str, date, date]]:
    """What stands on a day."""
    return sorted(
        (line.kind, line.paper or "", line.raised_on, line.due_on)
        for line in lines
        if line.since <= day < line.until
    )


def recounted(
    entries: list[Entry], day: date, rules: RuleBook = BOOK
) -> list[tuple[DueKind, str, date, date]]:
    """The same by the facts of that day alone."""
    live = [each for each in live_entries(entries, day) if isinstance(each, CaseEntry)]
    young = bool(live) and YOUTH_AGE in live[-1].groups
    return sorted(
        (due.kind, due.paper or "", due.raised_on, due.due_on)
        for due in dues(fold(live), rules, day, young=young)
        if due.raised_on <= day < due.lapses_on
    )


@settings(max_examples=at_length(150), deadline=None)
@each(steps=HISTORIES, days=st.lists(DAYS, min_size=1, max_size=6))
def test_the_lines_are_what_the_facts_of_each_day_say(steps: list[Step], days: list[date]) -> None:
    """For random histories, late and corrected entries among them, and after each of them."""
    entries = lived(steps)
    lines = DueLines(BOOK)

    for count, entry in enumerate(entries, start=1):
        lines.add(entry)
        near = [entry.effective_on - DAY, entry.effective_on, entry.effective_on + DAY]
        for day in [*days, *near]:
            assert standing(lines.lines, day) == recounted(entries[:count], day)


@pytest.mark.parametrize("kind", QUIET)
def test_what_moves_no_case_makes_nothing_due(kind: type[CaseEntry]) -> None:
    """Nor settles it anything, on any day."""
    steps = [*full.way(full.ceremony), full.ceremony(), membership.task()]
    for count in range(len(steps) + 1):
        before = lived(steps[:count])
        last = before[-1].effective_on
        after = lived([*steps[:count], QUIET[kind](last + DAY)])
        for day in (last + DAY * n for n in range(0, 2000, 40)):
            assert recounted(after, day) == recounted(before, day)


@settings(max_examples=at_length(60), deadline=None)
@each(steps=HISTORIES, days=st.lists(DAYS, min_size=1, max_size=6), at=st.integers(0, 12))
def test_a_tightened_rule_limits_from_its_day_on(
    steps: list[Step], days: list[date], at: int
) -> None:
    """Wherever in the log it is tightened; before its day the old limit stands."""
    entries, book = lived(steps), shorter("T9", 20)
    lines = told(entries[:at])
    lines.go_by(book)
    for entry in entries[at:]:
        lines.add(entry)

    for day in chain(days, (CHANGED_ON - DAY, CHANGED_ON)):
        assert standing(lines.lines, day) == recounted(entries, day, book)
    assert limits_change_on(book) == [CHANGED_ON]


LIMITS: list[tuple[list[Step], DueKind, date, date]] = [
    (full.way(full.opened), DueKind.CERTIFICATE, date(2023, 4, 3), date(2028, 4, 3)),
    (full.way(full.replied), DueKind.VETTING, date(2023, 5, 9), date(2023, 6, 20)),
    (full.way(full.replied_again), DueKind.VETTING, date(2023, 5, 15), date(2023, 6, 26)),
    (path(vote), DueKind.DECISION, date(2023, 6, 5), date(2023, 8, 28)),
    (path(decided), DueKind.CEREMONY, date(2023, 7, 3), date(2023, 8, 14)),
    ([*path(decided), received()], DueKind.CEREMONY, date(2023, 7, 7), date(2023, 8, 18)),
    (path(ceremony), DueKind.HISTORY_FILE, date(2023, 7, 20), date(2023, 8, 31)),
    (path(ceremony), DueKind.RECOGNITION_REVIEW, date(2024, 7, 20), date(2024, 8, 30)),
    (
        [*path(ceremony), recognition_vote()],
        DueKind.RECOGNITION_DECISION,
        date(2024, 8, 1),
        date(2024, 9, 16),
    ),
]


@pytest.mark.parametrize(("steps", "kind", "raised_on", "due_on"), LIMITS)
def test_each_kind_stands_from_its_day_on_until_it_is_done(
    steps: list[Step], kind: DueKind, raised_on: date, due_on: date
) -> None:
    """From the day from which it counts; timely on the last day, late and still due after it."""
    lines = [each for each in told(given(*steps).case.entries).lines if each.kind is kind]
    line = max(lines, key=lambda each: each.since)

    assert (line.raised_on, line.due_on) == (raised_on, due_on)
    assert (line.since, line.until) == (raised_on, date.max)
    assert (horizon(kind, due_on, None) >= due_on) is (kind is not DueKind.VETTING)
    assert horizon(kind, due_on + DAY, None) >= due_on
    assert kind in {found for found, *_ in standing([line], due_on + DAY)}


def test_the_end_of_the_probation_gives_way_to_the_review() -> None:
    """Due until the day before, thirty days before of which people are reminded; never late."""
    lines = told(given(*path(ceremony), history_file()).case.entries).lines
    ends_on = date(2024, 7, 20)
    kind = DueKind.PROBATION_END

    assert standing(lines, ends_on - DAY) == [(kind, "", date(2023, 7, 20), ends_on)]
    assert [each[0] for each in standing(lines, ends_on)] == [DueKind.RECOGNITION_REVIEW]
    assert horizon(kind, date(2024, 6, 20), None) == ends_on
    assert (
        reminder(kind, date(2024, 6, 19), ends_on),
        reminder(kind, date(2024, 6, 20), ends_on),
    ) == (0, 1)


def test_a_certificate_is_reminded_of_three_times() -> None:
    """Six, three and one month before its last day (E.4)."""
    last = date(2028, 4, 3)
    days = [(2027, 10, 2), (2027, 10, 3), (2028, 1, 3), (2028, 3, 2), (2028, 3, 3), (2028, 4, 4)]

    assert [0, 1, 2, 2, 3, 3] == [reminder(DueKind.CERTIFICATE, date(*day), last) for day in days]


def test_who_goes_to_class_again_needs_no_certificate_yet() -> None:
    """A certificate that lapsed is due until the person is proposed for the class again."""
    steps = [*full.way(full.opened), full.proposed(date(2028, 5, 2))]
    lines = told(given(*steps).case.entries).lines
    certificate = (DueKind.CERTIFICATE, "", date(2023, 4, 3), date(2028, 4, 3))

    assert [certificate] == standing(lines, date(2028, 5, 1))
    assert [] == standing(lines, date(2028, 5, 2))


def test_each_paper_that_ages_is_due_a_year_after_its_day() -> None:
    """T5: until the cell's review; a paper without an age is none of them."""
    lines = told(given(*full.way(full.voted)).case.entries).lines
    due = {line.paper: line.due_on for line in lines if line.kind is DueKind.PAPER}

    assert due["APPLICATION"] == date(2024, 5, 5)
    assert due["HISTORY"] == date(2024, 5, 6)
    assert due["OPINIONS_RESIDENCE"] == date(2024, 6, 3)
    assert not {"CERTIFICATE", "VETTING"} & due.keys()
    after = told(given(*full.way(full.voted), full.voted()).case.entries).lines
    assert {kind for kind, *_ in standing(after, date(2023, 6, 5))} == {DueKind.DECISION}


@pytest.mark.parametrize("conclusion", VettingConclusion)
def test_an_idle_vetting_is_over_with_its_conclusion(conclusion: VettingConclusion) -> None:
    """T22: whatever it is, unless a supplement is needed."""
    steps = [*full.way(full.vetted), full.vetted(conclusion=conclusion)]
    kinds = [
        kind for kind, *_ in standing(told(given(*steps).case.entries).lines, full.month(2, 6))
    ]

    assert (DueKind.VETTING in kinds) is (conclusion is VettingConclusion.SUPPLEMENT_NEEDED)


def test_a_granted_extension_is_due_later() -> None:
    """T9: before the day on which it was granted the old limit stands."""
    lines = told(given(*full.way(full.decided), full.extended()).case.entries).lines

    assert [due for *_, due in standing(lines, date(2023, 6, 22))] == [date(2023, 8, 28)]
    assert [due for *_, due in standing(lines, date(2023, 6, 23))] == [date(2023, 10, 11)]


def test_what_is_due_moves_with_the_person() -> None:
    """Who moves takes along what is due; on the days before it was due where the person was."""
    moved_on = date(2023, 9, 1)
    lines = told(given(*path(ceremony), moved(moved_on)).case.entries).lines
    ends = sorted((e for e in lines if e.kind is DueKind.PROBATION_END), key=lambda e: e.since)

    assert [(each.since, each.until) for each in ends] == [
        (date(2023, 7, 20), moved_on),
        (moved_on, date(2024, 7, 20)),
    ]
    assert ends[1].unit == place().id != ends[0].unit
    assert ends[0][3:5] == ends[1][3:5]


def test_who_comes_back_to_a_cell_has_there_what_is_due_twice() -> None:
    """With a break between: nobody there has to look after it meanwhile."""
    days = [date(2023, 9, 1), date(2023, 10, 1), date(2023, 11, 1)]
    steps = [moved(day, place(number)) for day, number in zip(days, (2, 4, 2), strict=True)]
    lines = told(given(*path(ceremony), *steps).case.entries).lines

    assert sorted(
        (line.since, line.until)
        for line in lines
        if line.kind is PROBATION_END and line.unit == place(2).id
    ) == [(days[0], days[1]), (days[2], date(2024, 7, 20))]


def test_what_is_due_of_who_came_is_due_there_from_that_day() -> None:
    """The other tenant's days are its own; the limits count on from what happened there."""
    left = given(*path(ceremony), handed_over()).case
    came = [line for line in told(taken_on(left).entries).lines if line.kind is PROBATION_END]
    before = [line for line in told(left.entries).lines if line.kind is PROBATION_END]

    assert [(line.since, line.unit) for line in came] == [(CAME, place(3).id)]
    assert [line.until for line in before] == [LEFT]
    assert came[0].due_on == before[0].due_on


@pytest.mark.parametrize("kind", DueKind)
def test_a_horizon_is_told_in_days_or_begins_with_the_first_reminder(kind: DueKind) -> None:
    """What follows from figures has none."""
    day = date(2023, 6, 1)
    expected = date.max if kind in OF_FIGURES else day + timedelta(days=40)

    assert horizon(kind, day, 40) == expected
    assert horizon(kind, day, 0) in {date.max, day}
    assert horizon(kind, day, None) >= day - DAY


@pytest.mark.parametrize(
    "steps",
    [
        [*path(ceremony), died()],
        [*path(ceremony), handed_over()],
        [*path(decided), full.withdrawn()],
        [*path(vote), full.removed()],
    ],
)
def test_nothing_is_due_of_who_is_gone(steps: list[Step]) -> None:
    """From the day of the ending on; before it everything was."""
    entries = given(*steps).case.entries
    lines, last = told(entries).lines, entries[-1].effective_on

    assert standing(lines, last - DAY)
    assert standing(lines, last) == []


def test_what_is_done_keeps_its_days() -> None:
    """Settled on the day of the step, and as due on every day before as it was."""
    lines = told(given(*path(recognized), history_file()).case.entries).lines

    assert max(line.until for line in lines) < date.max
    assert [kind for kind, *_ in standing(lines, date(2023, 7, 2))] == [DueKind.DECISION]


def test_every_rule_in_time_is_due_or_says_why_not() -> None:
    """T1 to T23: each makes something due, or is judged with its step."""
    rules = {rule for rule in BOOK.versions if rule[0] == "T" and rule[1:].isdigit()}
    due = {described.rule for described in due_kinds().values()} - {None}

    assert due | set(NEVER_DUE) == rules
    assert not due & set(NEVER_DUE)
    assert list(due_kinds()) == list(DueKind)
    assert all(described.text.vi != described.text.en for described in due_kinds().values())


def test_the_limits_are_those_that_the_rows_were_folded_by() -> None:
    """A limit that ships may be changed with a new version of the projection only."""
    limits = {
        described.rule: [dict(each.parameters) for each in BOOK.versions[described.rule]]
        for kind in OF_CASES
        if (described := due_kinds()[kind]).rule is not None
    }

    assert limits_change_on(BOOK) == []
    assert {rule: versions[0] for rule, versions in limits.items()} == {
        "T4": {"months": 60},
        "T5": {"months": 12},
        "T22": {"working_days": 30, "abroad_working_days": 90},
        "T9": {"working_days": 60},
        "T10": {"working_days": 30},
        "T16": {"working_days": 30},
        "T11": {"months": 12},
        "T12": {"working_days": 30},
        "T13": {"working_days": 30, "extension_working_days": 30},
    }
