"""Meetings, what they may decide, and what is laid before a conference."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from tests.domain.classes import DISTRICT
from tests.domain.steps import ceremony, decided, given, on, path, recognized, submitted, vote

from domain.docket import DOSSIERS_MAX, Docket, DocketMatter, Dossier, require_ready
from domain.errors import InvalidInput, Refusal
from domain.meeting import AGENDA_MAX, AgendaItem, Meeting, MeetingKind
from domain.organization import OrganizationKind, OrganizationRef
from domain.sitting import (
    SittingItem,
    SittingMatter,
    fields_of_item,
    items,
    require_matter,
    take_item,
)

DAY = on(date(2023, 6, 5))
CELL = OrganizationRef(
    2,
    UUID(int=1),
    "tinh/huyen/xa/thon-1",
    OrganizationKind.SUBORDINATE_CELL,
    (UUID(int=1),),
    frozenset(),
)


def meeting(place: OrganizationRef = CELL, **fields: Any) -> Meeting:  # noqa: ANN401 (the fields of the form)
    """Eight of nine members."""
    stated = {"kind": MeetingKind.CELL_MEETING, "members": 9, "present": 8, **fields}
    return Meeting.hold(UUID(int=7), DAY, place, **stated)


def item(**fields: Any) -> SittingItem:  # noqa: ANN401 (the fields of the form)
    stated = {"matter": SittingMatter.PROPOSE_ADMISSION, "candidate": UUID(int=9), **fields}
    return SittingItem(**stated)


@pytest.mark.parametrize(
    ("place", "fields", "code"),
    [
        (DISTRICT, {}, "KIND_DOES_NOT_FIT"),
        (CELL, {"kind": MeetingKind.STANDING_CONFERENCE}, "KIND_DOES_NOT_FIT"),
        (CELL, {"members": 0}, "NUMBER_OUT_OF_RANGE"),
        (CELL, {"present": 10}, "NUMBER_OUT_OF_RANGE"),
        (CELL, {"absent": ("Một", "Hai")}, "ATTENDANCE_DOES_NOT_ADD_UP"),
        (CELL, {"agenda": (AgendaItem(text=" "),)}, "INVALID_TEXT"),
        (CELL, {"agenda": (AgendaItem(text="x"),) * (AGENDA_MAX + 1)}, "TOO_MANY"),
        (CELL, {"agenda": (AgendaItem(text="x", due=date(2023, 7, 1)),)}, "NO_TASK"),
    ],
)
def test_what_a_meeting_refuses(place: OrganizationRef, fields: dict[str, Any], code: str) -> None:
    """A kind that the organization does not hold, counts that do not add up."""
    with pytest.raises(Refusal) as refusal:
        meeting(place, **fields)

    assert refusal.value.code == code


def test_the_minutes_keep_the_agenda() -> None:
    """With the task, who has it, and until when."""
    task = AgendaItem(text="Tạo nguồn", task="Rà soát", assignee="Chi đoàn", due=date(2023, 7, 1))

    assert meeting(agenda=(task,)).minutes.agenda == (task,)


@pytest.mark.parametrize("matter", SittingMatter)
def test_a_cell_decides_on_its_list_and_proposes(matter: SittingMatter) -> None:
    """The rest is a committee's; only a grassroots cell submits a dossier itself."""
    of_cell = {
        SittingMatter.LIST_SYMPATHIZER,
        SittingMatter.REMOVE_SYMPATHIZER,
        SittingMatter.OPEN_DOSSIER,
        SittingMatter.PROPOSE_ADMISSION,
        SittingMatter.PROPOSE_RECOGNITION,
    }
    conference = meeting(DISTRICT, kind=MeetingKind.STANDING_CONFERENCE)

    assert _is_decided(meeting(), matter, OrganizationKind.SUBORDINATE_CELL) is (matter in of_cell)
    assert _is_decided(meeting(), matter, OrganizationKind.GRASSROOTS_CELL) is (
        matter in {*of_cell, SittingMatter.SUBMIT_DOSSIER}
    )
    assert _is_decided(conference, matter, OrganizationKind.DISTRICT) is (matter not in of_cell)


def _is_decided(sitting: Meeting, matter: SittingMatter, place: OrganizationKind) -> bool:
    try:
        require_matter(sitting, matter, place)
    except InvalidInput:
        return False
    return True


def test_each_matter_of_a_person_is_taken_once() -> None:
    """With its own vote, of no more than all members."""
    sitting = meeting()
    take_item(sitting, DAY, item(in_favor=8, number="6-NQ/CB"), entry=7)
    for wrong, code in ((item(), "ITEM_TWICE"), (item(candidate=UUID(int=8), in_favor=10), None)):
        with pytest.raises(Refusal) as refusal:
            take_item(sitting, DAY, wrong, entry=7)
        assert refusal.value.code == (code or "COUNT_OUT_OF_RANGE")
    take_item(sitting, DAY, item(matter=SittingMatter.OPEN_DOSSIER), entry=8)
    taken, other = items(sitting)

    assert other.in_favor is None
    assert (taken.in_favor, taken.number, taken.entry) == (8, "6-NQ/CB", 7)


def test_an_item_gives_a_step_its_fields() -> None:
    """The number under the step's own name, the vote of the meeting or the cell's earlier one."""
    vote_fields = ("official_members", "in_favor", "resolution_number")
    recognition = ("decision_number", "cell_vote_on", "official_members", "in_favor")
    given_item = item(in_favor=8, number="6")
    after_vote = item(
        in_favor=8,
        number="6",
        cell_vote_on=date(2024, 8, 1),
        cell_official_members=5,
        cell_in_favor=4,
    )

    assert fields_of_item(vote_fields, frozenset(), 9, given_item) == {
        "official_members": 9,
        "in_favor": 8,
        "resolution_number": "6",
    }
    assert fields_of_item(recognition, frozenset(recognition), 9, after_vote) == {
        "decision_number": "6",
        "cell_vote_on": date(2024, 8, 1),
        "official_members": 5,
        "in_favor": 4,
    }
    with pytest.raises(Refusal) as refusal:
        fields_of_item(vote_fields, frozenset({"in_favor"}), 9, item())
    assert (refusal.value.code, refusal.value.field) == ("FIELD_MISSING", "inFavor")
    with pytest.raises(Refusal) as refusal:
        fields_of_item(vote_fields, frozenset(), 9, after_vote)
    assert (refusal.value.code, refusal.value.field) == ("FIELD_DOES_NOT_FIT", "cellVoteOn")


def docket(**fields: Any) -> Docket:  # noqa: ANN401 (the fields of the form)
    stated = {
        "body": "Ban Tổ chức",
        "meets_on": date(2023, 6, 26),
        "dossiers": (Dossier(DocketMatter.ADMIT, UUID(int=9)),),
        **fields,
    }
    return Docket.lay(UUID(int=6), DAY, DISTRICT, **stated)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"meets_on": date(2023, 6, 4)}, "DATE_OUT_OF_RANGE"),
        ({"meets_on": date(2025, 1, 1)}, "DATE_OUT_OF_RANGE"),
        ({"dossiers": ()}, "INVALID_DOSSIERS"),
        ({"dossiers": (Dossier(DocketMatter.ADMIT, UUID(int=9)),) * 2}, "INVALID_DOSSIERS"),
        (
            {
                "dossiers": tuple(
                    Dossier(DocketMatter.ADMIT, UUID(int=n)) for n in range(DOSSIERS_MAX + 1)
                )
            },
            "INVALID_DOSSIERS",
        ),
    ],
)
def test_what_a_docket_refuses(fields: dict[str, Any], code: str) -> None:
    """A conference that has been, no dossier, too many, one twice."""
    with pytest.raises(Refusal) as refusal:
        docket(**fields)

    assert refusal.value.code == code
    assert docket().laid.body == "Ban Tổ chức"


def test_a_dossier_is_ready_for_the_conference() -> None:
    """Submitted and undecided; or a probation that has ended by then and is not recognized."""
    june, august = on(date(2023, 6, 26)), on(date(2024, 7, 1))
    require_ready(given(*path(submitted)).case, june, DocketMatter.ADMIT, june.on)
    member = given(*path(ceremony)).case
    require_ready(member, august, DocketMatter.RECOGNIZE, date(2024, 7, 20))
    late = on(date(2024, 9, 1))
    refused = [
        (given(*path(vote)).case, june, DocketMatter.ADMIT, june.on, "STEP_OUT_OF_ORDER"),
        (
            given(*path(decided)).case,
            on(date(2023, 7, 4)),
            DocketMatter.ADMIT,
            date(2023, 7, 4),
            "STEP_ALREADY_RECORDED",
        ),
        (member, august, DocketMatter.RECOGNIZE, date(2024, 7, 19), "PROBATION_NOT_ENDED"),
        (
            given(*path(recognized)).case,
            late,
            DocketMatter.RECOGNIZE,
            late.on,
            "STEP_ALREADY_RECORDED",
        ),
    ]
    for case, day, matter, meets_on, code in refused:
        with pytest.raises(Refusal) as refusal:
            require_ready(case, day, matter, meets_on)
        assert refusal.value.code == code
