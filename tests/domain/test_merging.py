"""Two records of one person: whatever either has, everything that happened is counted once."""

from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import assume, settings
from hypothesis import given as each
from hypothesis import strategies as st
from tests.domain.membership import (
    readmission_opened,
    revoked,
    striking_off_proposed,
    struck_off,
)
from tests.domain.placing import handed_over, received
from tests.domain.steps import (
    CELL,
    PERSON,
    Step,
    ceremony,
    certificate,
    decided,
    dossier,
    listed,
    on,
    path,
    recognized,
    submitted,
    vetting,
    vote,
)
from tests.domain.test_timeline import HISTORIES
from tests.profile import at_length

from domain.candidate import Candidate
from domain.case import CaseEntry, Stage, stage
from domain.ending import record_withdrawal
from domain.errors import Refusal
from domain.merging import FactsAdopted, Merged, Twin, adopt, merge
from domain.target import CountingDate
from domain.timeline import FLOWS, timeline
from domain.twin import admissions

MERGED_ON = date(2030, 1, 7)
STRUCK = [*path(ceremony), striking_off_proposed(), struck_off()]


def again(left: date = date(2024, 3, 1), departure: str = "STRUCK_OFF") -> list[Step]:
    """The whole way of a former member."""
    return [
        readmission_opened(date(2028, 3, 1), left, departure),
        *(certificate(date(2028, 3, 2)), vetting(date(2028, 4, 3)), vote(date(2028, 5, 3))),
        *(submitted(date(2028, 5, 10)), decided(date(2028, 6, 1)), ceremony(date(2028, 6, 10))),
    ]


AGAIN = again()
LATER = date(2028, 9, 1)
HARDSHIP = "FAMILY_HARDSHIP"


def record(number: int, *steps: Step) -> Candidate:
    """One of several records of the person."""
    case = Candidate.identify(UUID(int=number), on(date(2023, 3, 1)), CELL, PERSON)
    for step in steps:
        step(case)
    return case


def tried(number: int, steps: list[Step]) -> Candidate:
    """One of several records of the person, after those of the steps that are not refused."""
    case = record(number)
    for step in steps:
        with suppress(Refusal):
            step(case)
    return case


def twin(candidate: Candidate) -> Twin:
    return Twin("lam-dong/bao-lam", candidate)


def counted(*records: Candidate) -> Counter[str]:
    """What all records together count, by account."""
    sums: Counter[str] = Counter()
    for candidate in records:
        for line, n in timeline(candidate.entries).items():
            if line.account in FLOWS:
                sums[line.account] += n
    return Counter({account: n for account, n in sums.items() if n})


def joined(duplicate: Candidate, survivor: Candidate, *, adopting: bool = True) -> None:
    """Merge two records, the survivor's part last."""
    merge(twin(duplicate), twin(survivor), on(MERGED_ON), adopting=adopting)
    if adopting:
        adopt(survivor, on(MERGED_ON), twin(duplicate))


def known(*records: Candidate) -> Counter[str]:
    """On how many days something happened that counts, by account."""
    days = {
        (line.account, line.effective_on)
        for candidate in records
        for line, n in timeline(candidate.entries).items()
        if line.account in FLOWS and n
    }
    return Counter(account for account, _ in days)


@settings(max_examples=at_length(60), deadline=None)
@each(mine=HISTORIES, theirs=HISTORIES, adopting=st.booleans())
def test_nothing_that_happened_is_counted_twice(
    mine: list[Step], theirs: list[Step], *, adopting: bool
) -> None:
    """Whatever two records say: each account counts each of its days once, and none below zero.

    A person who counts by the ceremony counts by a decision.
    """
    survivor, duplicate = tried(9, mine), tried(10, theirs)
    days = known(survivor, duplicate)
    try:
        joined(duplicate, survivor, adopting=adopting)
    except Refusal:
        return
    sums = counted(survivor, duplicate)

    assert all(0 < n <= days[account] for account, n in sums.items())
    for after in (survivor, duplicate):
        assert after.version == len(after.entries)


@settings(max_examples=at_length(60), deadline=None)
@each(life=HISTORIES, more=st.integers(0, 30), less=st.integers(0, 30))
def test_two_records_of_one_life_count_as_one(life: list[Step], more: int, less: int) -> None:
    """Each record knows the life up to some step: who knows less may end, and all of it counts.

    Unless the longer record corrects what the other one tells, or tells of a re-admission.
    """
    whole, part = tried(9, life[: max(more, less)]), tried(10, life[: min(more, less)])
    assume(all(each.facts().identified and not each.facts().died for each in (whole, part)))
    told = [{(type(e), e.effective_on) for e in case.live()} for case in (part, whole)]
    assume(told[0] <= told[1])
    expected = counted(whole)
    refused = _refused(part, whole, adopting=False)

    assert refused in {None, "ADMISSIONS_DIFFER"}
    assert refused is not None or counted(whole, part) == expected


@settings(max_examples=at_length(60), deadline=None)
@each(life=HISTORIES, more=st.integers(0, 30), less=st.integers(0, 30))
def test_who_knows_more_may_end_when_its_facts_are_taken_over(
    life: list[Step], more: int, less: int
) -> None:
    """Then all of it counts, too, and unless the longer record corrects the other."""
    whole, part = tried(9, life[: max(more, less)]), tried(10, life[: min(more, less)])
    assume(all(each.facts().identified and not each.facts().died for each in (whole, part)))
    expected = counted(whole)
    told = [{(type(e), e.effective_on) for e in case.live()} for case in (part, whole)]
    assume(told[0] <= told[1])
    refused = _refused(whole, part)
    assert refused in {None, "ADMISSION_LEFT_OUT", "ADMISSIONS_DIFFER"}
    assert refused is not None or counted(whole, part) == expected


def _refused(duplicate: Candidate, survivor: Candidate, *, adopting: bool = True) -> str | None:
    try:
        joined(duplicate, survivor, adopting=adopting)
    except Refusal as refusal:
        return refusal.code
    return None


@settings(max_examples=at_length(40), deadline=None)
@each(lives=st.lists(HISTORIES, min_size=3, max_size=3))
def test_of_three_records_everything_counts_once(lives: list[list[Step]]) -> None:
    """The second merge counts what the first one left where it was.

    But for an admission that came to nothing: the second record is not told of it, so that a third
    one with the same admission counts it once more (see `merge`).
    """
    first, second, survivor = (tried(9 + place, life) for place, life in enumerate(lives))
    told = [entry for entry in first.live() if isinstance(entry, CaseEntry)]
    assume(not any(admission.is_over for admission in admissions(told)))
    days = known(first, second, survivor)
    try:
        joined(first, second)
        joined(second, survivor)
    except Refusal:
        return

    sums = counted(first, second, survivor)
    assert all(0 < n <= days[account] for account, n in sums.items())


def test_a_striking_off_that_both_records_have_counts_once() -> None:
    """With the admission that it brought to nothing."""
    survivor, duplicate = record(9, *STRUCK), record(10, *STRUCK)
    expected = counted(survivor)
    joined(duplicate, survivor)

    assert counted(duplicate, survivor) == expected
    assert expected["STRIKINGS_OFF"] == 1


def test_a_striking_off_that_only_the_duplicate_has_is_taken_over() -> None:
    """It stays counted where it was; the survivor is struck off."""
    survivor, duplicate = record(9, *path(ceremony)), record(10, *STRUCK)
    expected = counted(duplicate)
    joined(duplicate, survivor)

    assert counted(duplicate, survivor) == expected
    assert stage(survivor.facts(), MERGED_ON) is Stage.STRUCK_OFF


def test_a_readmission_of_the_duplicate_is_taken_over() -> None:
    """The first membership is on one record, the new one on another; the person has both."""
    survivor, duplicate = record(9, *STRUCK), record(10, *AGAIN)
    expected = counted(survivor) + counted(duplicate)
    joined(duplicate, survivor)

    assert counted(duplicate, survivor) == expected
    assert expected["READMITTED_BY_DECISION"] == expected["ADMITTED_BY_DECISION"] == 1
    assert survivor.facts().readmission is not None
    assert stage(survivor.facts(), LATER) is Stage.PROBATIONARY
    joined_on = survivor.entries[-1].effective_on
    assert stage(survivor.case(joined_on - timedelta(days=1)), joined_on) is Stage.STRUCK_OFF


def test_the_first_membership_may_be_on_the_duplicate() -> None:
    """It is history there, and nothing of it is taken over into the new pursuit."""
    for first in (STRUCK, path(recognized)):
        left = date(2024, 9, 1) if first is not STRUCK else date(2024, 3, 1)
        departure = "STRUCK_OFF" if first is STRUCK else HARDSHIP
        survivor, duplicate = record(9, *again(left, departure)), record(10, *first)
        expected = counted(survivor) + counted(duplicate)
        joined(duplicate, survivor)

        assert counted(duplicate, survivor) == expected
        assert stage(survivor.facts(), LATER) is Stage.PROBATIONARY


def test_a_full_member_who_left_may_be_readmitted_on_the_other_record() -> None:
    """As of the day on which the person left; not before the membership began."""
    survivor = record(9, *path(recognized))
    joined(record(10, *again(date(2024, 9, 1), HARDSHIP)), survivor)
    assert stage(survivor.facts(), LATER) is Stage.PROBATIONARY

    early = record(10, *again(date(2023, 2, 1), HARDSHIP))
    with pytest.raises(Refusal, match="ADMISSION_LEFT_OUT"):
        joined(early, record(9, *path(recognized)))


def test_a_pursuit_of_readmission_that_ended_is_not_taken_over() -> None:
    """What is over begins nothing."""
    revoked_again = [*AGAIN[:-1], revoked(date(2028, 6, 2))]
    survivor, duplicate = record(9, *STRUCK), record(10, *revoked_again)
    joined(duplicate, survivor)
    assert stage(survivor.facts(), MERGED_ON) is Stage.STRUCK_OFF


def test_a_readmission_that_both_have_counts_once() -> None:
    """Also where only one of them has its ceremony."""
    survivor, duplicate = record(9, *STRUCK, *AGAIN[:-1]), record(10, *AGAIN)
    joined(duplicate, survivor)
    sums = counted(duplicate, survivor)
    assert sums["READMITTED_BY_DECISION"] == sums["READMITTED_BY_CEREMONY"] == 1
    assert sums["STRIKINGS_OFF"] == 1


def test_a_revocation_that_only_the_duplicate_has_is_taken_over() -> None:
    """The decision stands nowhere any more, and came to nothing once."""
    survivor, duplicate = record(9, *path(decided)), record(10, *path(decided), revoked())
    expected = counted(duplicate)
    joined(duplicate, survivor)
    assert counted(duplicate, survivor) == expected
    assert stage(survivor.facts(), MERGED_ON) is Stage.DECISION_REVOKED


def test_a_revocation_does_not_end_a_pursuit_with_a_ceremony() -> None:
    """The records contradict each other: one of them is to be corrected, or ends."""
    survivor, duplicate = record(9, *path(ceremony)), record(10, *path(decided), revoked())
    with pytest.raises(Refusal, match="ADMISSION_LEFT_OUT"):
        joined(duplicate, survivor)
    joined(survivor, duplicate)
    assert counted(duplicate, survivor) == {"ADMITTED_BY_DECISION": 1, "UNCOUNTED_BY_DECISION": 1}


def test_an_admission_is_not_lost() -> None:
    """Merging without taking over what only the duplicate counts is refused."""
    duplicate = record(10, *path(decided))
    with pytest.raises(Refusal, match="ADMISSION_LEFT_OUT") as refused:
        joined(duplicate, record(9), adopting=False)
    assert refused.value.field == "adoptFacts"
    assert duplicate.facts().merged is None
    joined(duplicate, record(9))
    assert isinstance(duplicate.entries[-1], Merged)


def test_one_decision_is_no_readmission_in_one_record_only() -> None:
    """Correct that first: it counts in one account or in the other."""
    day = date(2028, 6, 1)
    first = [
        *(listed(date(2026, 3, 1)), certificate(date(2028, 3, 2)), dossier(date(2028, 3, 3))),
        *(vetting(date(2028, 4, 3)), vote(date(2028, 5, 3)), submitted(date(2028, 5, 10))),
        decided(day),
    ]
    with pytest.raises(Refusal, match="ADMISSIONS_DIFFER"):
        joined(record(10, *AGAIN), record(9, *first))


def test_a_record_that_goes_on_is_not_merged_before() -> None:
    """Its later steps would be counted of somebody who counts nowhere."""
    with pytest.raises(Refusal, match="LATER_ENTRIES"):
        merge(twin(record(10, *path(ceremony))), twin(record(9)), on(date(2023, 5, 1)))


def test_what_another_tenant_counted_is_taken_back_where_the_duplicate_is() -> None:
    """The duplicate was handed over with its decision, and the survivor has the decision, too."""
    left = record(10, *path(decided), handed_over())
    came = received(left)
    survivor = record(12, *path(decided))
    expected = counted(survivor)
    joined(came, survivor)

    assert counted(left, came, survivor) == expected
    assert counted(came) == {"ADMITTED_BY_DECISION": -1}


def test_what_was_taken_over_before_is_taken_back_too() -> None:
    """A duplicate's own duplicate counted the decision that the survivor has."""
    first, second = record(10, *path(decided)), record(11)
    survivor = record(12, *path(decided))
    expected = counted(survivor)
    joined(first, second)
    joined(second, survivor)

    assert counted(first, second, survivor) == expected


def test_facts_are_taken_over_once() -> None:
    """A merge that was cut off between two logs is taken up again."""
    survivor, duplicate = record(9), record(10, *path(decided))
    assert adopt(survivor, on(MERGED_ON), twin(duplicate))
    assert not adopt(survivor, on(MERGED_ON), twin(duplicate))
    merge(twin(duplicate), twin(survivor), on(MERGED_ON), adopting=True)

    assert counted(survivor, duplicate) == {"ADMITTED_BY_DECISION": 1}
    assert [type(entry) for entry in survivor.entries].count(FactsAdopted) == 1


def test_a_merge_of_the_first_version_takes_back_all_of_a_date() -> None:
    """As it was recorded then: by the dates of counting."""
    duplicate = record(10, *path(ceremony))
    merge(twin(duplicate), twin(record(9, *path(ceremony))), on(MERGED_ON))
    (*before, last) = duplicate.entries
    merge_now: Any = last
    old = replace(merge_now, counted_twice=(CountingDate.DECISION,), taken_back=())
    sums: Counter[str] = Counter()
    for line, n in timeline([*before, old]).items():
        sums[line.account] += n
    assert (sums["ADMITTED_BY_DECISION"], sums["ADMITTED_BY_CEREMONY"]) == (0, 1)


def test_a_merge_of_the_first_version_named_no_single_accounts() -> None:
    """Its stored form is lifted."""
    assert Merged.upcast_v1_v2({"countedTwice": []}) == {"countedTwice": [], "takenBack": []}


def test_a_withdrawal_before_any_decision_is_not_taken_over() -> None:
    """Only the duplicate's pursuit ended."""
    withdrawn = record(10, listed(), lambda case: record_withdrawal(case, on(date(2023, 4, 1))))
    survivor = record(9, listed())
    joined(withdrawn, survivor)
    assert stage(survivor.facts(), MERGED_ON) is Stage.SYMPATHIZER
