"""The further commands of the demo's stories, by name: every one of the case and of the records."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from commands import (
    activity,
    awareness_class,
    body,
    call_up,
    candidate,
    course,
    defect,
    document,
    dossier,
    guidance,
    meeting,
    membership,
    obligation,
    organization_attribute,
    reaction,
    review,
    sympathizer,
    territory,
    transfer,
)
from commands.ports import Recorded
from commands.step import commands_of

Run = Callable[..., Awaitable[Recorded]]

FUNCTIONS: Final[dict[str, Run]] = {
    run.__name__: run
    for run in (
        candidate.identify_candidate,
        candidate.move_candidate,
        course.allot_places,
        course.enroll_participants,
        call_up.propose_participants,
        course.record_results,
        course.revoke_certificate,
        course.withdraw_participant,
        document.acknowledge_document,
        meeting.hold_meeting,
        meeting.lay_docket,
        obligation.impose_obligations,
        transfer.accept_transfer,
        transfer.transfer_candidate,
    )
}
"""The commands that are more than a step of one record or its creation."""

FURTHER: Final[dict[str, Any]] = {
    command.name: command
    for command in commands_of(
        activity,
        awareness_class,
        body,
        candidate,
        course,
        defect,
        document,
        dossier,
        guidance,
        membership,
        obligation,
        organization_attribute,
        reaction,
        review,
        sympathizer,
        territory,
    )
} | FUNCTIONS
