"""A sitting over several dossiers is recorded whole or not at all."""

import asyncio
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.commands.memory import CELL, COMMITTEE, DISTRICT, NEIGHBOR, Memory, command, furnished
from tests.profile import at_length

from commands import candidate as steps
from commands.correction import Replacement, correct_event
from commands.meeting import MATTERS, hold_meeting, lay_docket
from domain.access import Role
from domain.admission import CellVoteHeld
from domain.candidate import Candidate, Person
from domain.case import VettingConclusion
from domain.docket import DocketMatter, Dossier
from domain.errors import InvalidInput, NotFound, NotPermitted, Refusal, RuleViolated
from domain.groups import Sex
from domain.judgment import Day
from domain.meeting import AgendaItem, Meeting, MeetingHeld, MeetingKind
from domain.procedure import rule_book
from domain.record import Entry
from domain.sitting import ITEMS_MAX, OF_CELLS, SittingItem, SittingMatter, items

TENANT = 2
JUNE = date(2024, 6, 3)
WAY: list[tuple[Any, date, dict[str, Any]]] = [
    (steps.list_sympathizer, date(2024, 2, 1), {}),
    (steps.record_certificate, date(2024, 3, 1), {"number": "1/GCN"}),
    (steps.open_dossier, date(2024, 4, 1), {}),
    (steps.conclude_vetting, date(2024, 5, 2), {"conclusion": VettingConclusion.ELIGIBLE}),
    (steps.record_cell_vote, date(2024, 5, 6), {"official_members": 9, "in_favor": 9}),
    (steps.submit_dossier, date(2024, 5, 20), {}),
]
"""The way of a person up to the submission of the dossier."""


async def person(memory: Memory, until: int, cell: str = CELL) -> UUID:
    """Somebody who has taken so many steps of the way."""
    who = Person(full_name=f"K'Thử {until}", birth_date=date(2000, 5, 20), sex=Sex.MALE)
    made = await steps.identify_candidate(
        memory.desk, command(on=date(2024, 1, 8)), organization=cell, person=who
    )
    for step, on, fields in WAY[:until]:
        await step(memory.desk, command(on=on), tenant_id=TENANT, subject=made.subject, **fields)
    return made.subject


async def sit(
    memory: Memory,
    *taken: SittingItem,
    role: Role = Role.BOARD,
    **fields: Any,  # noqa: ANN401 (the fields of the form)
) -> Meeting:
    """The meeting of the cell that took these items, as another process loads it."""
    stated = {
        "organization": CELL,
        "kind": MeetingKind.CELL_MEETING,
        "members": 9,
        "present": 9,
        **fields,
    }
    recorded = await hold_meeting(memory.desk, command(role, on=JUNE), items=taken, **stated)
    return await memory.reload(TENANT, Meeting, recorded.subject)


async def refusal_of(
    memory: Memory,
    *taken: SittingItem,
    **fields: Any,  # noqa: ANN401 (the fields of the form)
) -> Refusal:
    """Why the sitting was refused; nothing of it was written."""
    sizes = memory.sizes()
    with pytest.raises(Refusal) as refusal:
        await sit(memory, *taken, **fields)

    assert memory.sizes() == sizes
    return refusal.value


def listing(candidate: UUID) -> SittingItem:
    return SittingItem(
        matter=SittingMatter.LIST_SYMPATHIZER, candidate=candidate, in_favor=9, number="3-NQ/CB"
    )


def proposing(candidate: UUID, in_favor: int | None = 8) -> SittingItem:
    return SittingItem(
        matter=SittingMatter.PROPOSE_ADMISSION,
        candidate=candidate,
        in_favor=in_favor,
        number="6-NQ/CB",
    )


async def test_one_append_has_the_meeting_and_each_person() -> None:
    """Each person's own entry, with the actor who entered it; the minutes know which it is."""
    memory = await furnished()
    first, second = await person(memory, 0), await person(memory, 4)
    head = len(memory.log[TENANT])
    meeting = await sit(memory, listing(first), proposing(second, 5))

    assert [type(e).__name__ for e in memory.log[TENANT][head:]] == [
        "MeetingHeld",
        "ItemTaken",
        "ItemTaken",
        "SympathizerListed",
        "CellVoteHeld",
    ]
    voted = await memory.reload(TENANT, Candidate, second)
    vote = voted.latest(CellVoteHeld)
    assert (vote.official_members, vote.in_favor, vote.passed) == (9, 5, False)
    assert [each.entry for each in items(meeting)] == [2, vote.originator_version]


async def test_one_refused_item_refuses_the_sitting() -> None:
    """The refusal names the item, the person and the rule."""
    memory = await furnished()
    first, second = await person(memory, 0), await person(memory, 2)
    refusal = await refusal_of(memory, listing(first), proposing(second))

    assert isinstance(refusal, RuleViolated)
    assert (refusal.rule, refusal.field) == ("P8", "items.2.occurredOn")
    assert "Mục 2 (K'Thử 2)" in refusal.text.vi


async def test_what_an_item_must_have_and_whom_it_may_concern() -> None:
    """A vote, a matter of such a meeting, a person of that cell inside the actor's part."""
    memory = await furnished()
    first, other = await person(memory, 4), await person(memory, 0, NEIGHBOR)
    missing = await refusal_of(memory, proposing(first, None))
    submission = SittingItem(matter=SittingMatter.SUBMIT_DOSSIER, candidate=first)
    elsewhere = await refusal_of(memory, listing(other))
    many = await refusal_of(memory, *[listing(first)] * (ITEMS_MAX + 1))
    forbidden = await refusal_of(memory, listing(first), role=Role.STANDING)

    assert (missing.code, missing.field) == ("FIELD_MISSING", "items.1.inFavor")
    assert (await refusal_of(memory, submission)).code == "MATTER_DOES_NOT_FIT"
    assert isinstance(elsewhere, NotFound)
    assert "K'Thử" not in elsewhere.text.vi
    assert many.code == "TOO_MANY"
    assert isinstance(forbidden, NotPermitted)


async def test_a_committee_submits_and_the_conference_admits() -> None:
    """The matters of committees, with their numbers."""
    memory = await furnished()
    first = await person(memory, 5)
    submission = SittingItem(
        matter=SittingMatter.SUBMIT_DOSSIER, candidate=first, in_favor=11, number="4-CV/ĐU"
    )
    admission = SittingItem(matter=SittingMatter.ADMIT, candidate=first, number="45-QĐ/HU")
    await sit(
        memory,
        submission,
        organization=COMMITTEE,
        kind=MeetingKind.COMMITTEE_MEETING,
        members=15,
        present=12,
    )
    await sit(
        memory,
        admission,
        organization=DISTRICT,
        kind=MeetingKind.STANDING_CONFERENCE,
        members=11,
        present=11,
        role=Role.STANDING,
    )
    facts = (await memory.reload(TENANT, Candidate, first)).facts()

    assert facts.submitted is not None
    assert facts.submitted.letter_number == "4-CV/ĐU"
    assert facts.decided is not None
    assert facts.decided.decision_number == "45-QĐ/HU"


async def test_an_agenda_names_people_and_documents_that_are_there() -> None:
    """Else the item of the agenda is named."""
    memory = await furnished()
    nowhere = UUID(int=5)
    for wrong in (
        AgendaItem(text="Họp", candidate=nowhere),
        AgendaItem(text="H", document=nowhere),
    ):
        refusal = await refusal_of(memory, agenda=(wrong,))
        assert isinstance(refusal, NotFound)
        assert (refusal.field or "").startswith("agenda.1.")
    first = await person(memory, 0)
    meeting = await sit(memory, agenda=(AgendaItem(text="Giao nhiệm vụ", candidate=first),))

    assert meeting.minutes.agenda[0].candidate == first


async def test_a_correction_of_one_item_concerns_that_person_only() -> None:
    """The other person and the minutes stay as they are; attendance is corrected by itself."""
    memory = await furnished()
    first, second = await person(memory, 4), await person(memory, 4)
    meeting = await sit(memory, proposing(first), proposing(second))
    position = next(
        number
        for number, entry in enumerate(memory.log[TENANT], start=1)
        if isinstance(entry, CellVoteHeld) and entry.originator_id == second
    )
    await correct_event(
        memory.desk,
        command(on=date(2024, 6, 10)),
        tenant_id=TENANT,
        position=position,
        reason="Kiểm phiếu lại",
        replacement=Replacement(None, {"inFavor": 5}),
    )
    facts = [(await memory.reload(TENANT, Candidate, each)).facts() for each in (first, second)]

    assert [case.vote and case.vote.passed for case in facts] == [True, False]
    assert items(await memory.reload(TENANT, Meeting, meeting.id)) == items(meeting)
    held = next(
        number
        for number, entry in enumerate(memory.log[TENANT], start=1)
        if isinstance(entry, MeetingHeld)
    )
    await correct_event(
        memory.desk,
        command(on=date(2024, 6, 10)),
        tenant_id=TENANT,
        position=held,
        reason="Đếm lại",
        replacement=Replacement(None, {"present": 7}),
    )
    assert (await memory.reload(TENANT, Meeting, meeting.id)).minutes.present == 7


async def test_a_docket_is_laid_whole_or_not_at_all() -> None:
    """Two dossiers, one of which is not submitted yet, or of another part of the tree."""
    memory = await furnished()
    first, second = await person(memory, 6), await person(memory, 5)
    dossiers = tuple(Dossier(DocketMatter.ADMIT, each) for each in (first, second))
    fields: dict[str, Any] = {"body": "Ban Tổ chức", "meets_on": date(2024, 6, 24)}
    for organization, code in ((DISTRICT, "STEP_OUT_OF_ORDER"), (NEIGHBOR, "CANDIDATE_NOT_FOUND")):
        sizes = memory.sizes()
        with pytest.raises(Refusal) as refusal:
            await lay_docket(
                memory.desk,
                command(on=JUNE),
                organization=organization,
                dossiers=dossiers,
                **fields,
            )
        assert refusal.value.code == code
        assert memory.sizes() == sizes
    await lay_docket(
        memory.desk, command(on=JUNE), organization=DISTRICT, dossiers=dossiers[:1], **fields
    )

    assert type(memory.log[TENANT][-1]).__name__ == "DocketLaid"


CHOICES = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.sampled_from([*sorted(OF_CELLS), *sorted(OF_CELLS), SittingMatter.SUBMIT_DOSSIER]),
        st.sampled_from([9, 8, 6, 5, 10, None]),
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=at_length(25), deadline=None)
@given(st.lists(st.integers(0, 6), min_size=3, max_size=3), CHOICES)
def test_a_sitting_is_what_single_steps_would_be(
    stages: list[int], chosen: list[tuple[int, SittingMatter, int | None]]
) -> None:
    """Whole, and each person's entries as if taken one by one; or nothing."""
    asyncio.run(_compare(stages, chosen))


async def _compare(stages: list[int], chosen: list[tuple[int, SittingMatter, int | None]]) -> None:
    memory = await furnished()
    people = [await person(memory, stage) for stage in stages]
    singly = [await memory.reload(TENANT, Candidate, each) for each in people]
    refused = len({(who, matter) for who, matter, _ in chosen}) < len(chosen)
    for who, matter, in_favor in chosen:
        try:
            _single(singly[who], matter, in_favor)
        except Refusal:
            refused = True
            break
    taken = [
        SittingItem(
            matter=matter,
            candidate=people[who],
            in_favor=in_favor,
            number="6",
            reason="Thôi" if matter is SittingMatter.REMOVE_SYMPATHIZER else None,
        )
        for who, matter, in_favor in chosen
    ]
    sizes = memory.sizes()
    try:
        meeting = await sit(memory, *taken)
    except Refusal:
        assert refused
        assert memory.sizes() == sizes
        return
    assert not refused
    assert len(items(meeting)) == len(chosen)
    for single, each in zip(singly, people, strict=True):
        together = await memory.reload(TENANT, Candidate, each)
        assert _said(together.entries) == _said(single.entries)


def _single(candidate: Candidate, matter: SittingMatter, in_favor: int | None) -> None:
    """What the item means, said by hand."""
    day = Day(JUNE, rule_book(), command().actor.id)
    take = MATTERS[matter].take
    if in_favor is not None and in_favor > 9:
        raise InvalidInput("COUNT_OUT_OF_RANGE", rule_book().on("T7", JUNE).text)
    if matter in {SittingMatter.PROPOSE_ADMISSION, SittingMatter.PROPOSE_RECOGNITION}:
        if in_favor is None:
            raise InvalidInput("FIELD_MISSING", rule_book().on("T7", JUNE).text)
        take(candidate, day, official_members=9, in_favor=in_favor, resolution_number="6")
    elif matter is SittingMatter.REMOVE_SYMPATHIZER:
        take(candidate, day, reason="Thôi", resolution_number="6")
    elif matter in {SittingMatter.LIST_SYMPATHIZER, SittingMatter.OPEN_DOSSIER}:
        take(candidate, day, resolution_number="6")
    else:
        raise InvalidInput("MATTER_DOES_NOT_FIT", rule_book().on("T7", JUNE).text)


def _said(entries: list[Entry]) -> list[tuple[str, dict[str, object]]]:
    """What entries say, without when they were recorded."""
    return [
        (type(entry).__name__, {k: v for k, v in vars(entry).items() if k != "timestamp"})
        for entry in entries
    ]
