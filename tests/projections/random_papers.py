"""What has limits in time, made at random: papers of dossiers, probations, meetings, registers.

Beside the random history of the people; what is refused changes nothing.
"""

from datetime import date, timedelta
from typing import Any, Final

from tests.projections.random_history import VOTES, WAY, Case, History, Kind, Steps, tenant_of

from commands import dossier, membership, review
from commands.activity import hold_activity
from commands.meeting import hold_meeting
from domain.activity import ActivityKind
from domain.dossier import Schooling
from domain.introduction import OpinionSource
from domain.meeting import MeetingKind

Fields = dict[str, Any]
BEFORE: Final = date(2010, 1, 1)
RECEIVED: Final[Steps] = ((membership.receive_decision, {}),)
COMPLETED: Final[Steps] = ((membership.complete_history_file, {}),)
ASKED: Final[Fields] = {"asked": 5, "in_favor": 5}
LIMITED_KINDS: Final = (
    *("candidate.application_submitted", "candidate.introduction_given"),
    *("candidate.opinions_collected", "candidate.decision_received"),
    *(
        "candidate.history_file_completed",
        "candidate.vetting_requested",
        "candidate.recognition_vote_held",
        "meeting.held",
    ),
)
"""Types of events that no history of limits is without."""


class Papers:
    """Goes on with a random history."""

    def __init__(self, history: History) -> None:
        self.history = history

    def kinds(self) -> list[Kind]:
        """What may happen, and how likely it is."""
        return [(12, self.prepare), (6, self.member), (6, self.meet)]

    async def prepare(self) -> None:
        """Some papers of a dossier, of today or before."""
        random, history = self.history.random, self.history
        begun = [case for case in history.cases if 6 < case.step < 11] or history.cases
        await self.papers(random.choice(begun[-10:]), history.before(250))

    async def papers(self, case: Case, on: date) -> None:
        """Two of the papers, the last of which are the vetting's and the committee's."""
        random, history = self.history.random, self.history
        written: Fields = {"written_on": on - timedelta(days=random.randint(0, 300))}
        source = {"source": random.choice(list(OpinionSource)), **ASKED}
        given: Steps = (
            (dossier.submit_application, written),
            (dossier.declare_history, {**written, "schooling": Schooling.UNIVERSITY}),
            (dossier.give_introduction, introduced("Một")),
            (dossier.give_introduction, introduced("Hai")),
            (dossier.collect_opinions, source),
            (dossier.request_vetting, {"replies_expected": 2}),
            (dossier.record_vetting_reply, {}),
            (review.extend_decision_term, {"working_days": 20, "reason": "Chờ xác minh"}),
        )
        for step, fields in random.sample(given, 3):
            await history.do_case(step, case, on, **fields)

    async def member(self) -> None:
        """A decision is received, a file completed, a recognition voted on."""
        random, history = self.history.random, self.history
        admitted = [case for case in history.cases if case.step >= 11] or history.cases
        case = random.choice(admitted[-8:])
        steps: Steps = (
            *RECEIVED,
            *COMPLETED,
            (membership.record_recognition_vote, VOTES),
            (membership.record_recognition_vote, {**VOTES, "in_favor": 2}),
            (membership.refuse_recognition, {"decision_number": "61-QĐ/HU"}),
        )
        step, fields = random.choice(steps)
        await history.do_case(step, case, history.before(60), **fields)

    async def meet(self) -> None:
        """A cell meets, or a register is reconciled."""
        random, history = self.history.random, self.history
        if random.random() < 0.6:
            await self.hold(random.choice(history.cells), history.before(100))
            return
        code = random.choice([*history.cells, *history.committees])
        await self.reconcile(code, history.before(100))

    async def hold(self, cell: str, on: date) -> None:
        """The meeting of a cell."""
        held: Fields = {"kind": MeetingKind.CELL_MEETING, "members": 9, "present": 8}
        await self.history.do(hold_meeting, tenant_of(cell), on=on, organization=cell, **held)

    async def reconcile(self, code: str, on: date) -> None:
        """An organization compares its register of members with those above and below."""
        told: Fields = {"kind": ActivityKind.RECONCILIATION, "title": "Đối khớp danh sách"}
        await self.history.do(hold_activity, tenant_of(code), on=on, organization=code, **told)


class CertainPapers:
    """Some dossiers, of which not all are voted on; each step must succeed."""

    def __init__(self, papers: Papers) -> None:
        self.papers = papers
        self.history = papers.history

    async def ages(self, case: Case) -> None:
        """Somebody applies, is introduced and vetted; the papers and the vetting wait."""
        await self._go(
            case,
            *WAY[:7],
            (dossier.submit_application, {"written_on": self.history.day}),
            (dossier.give_introduction, introduced("Một")),
            (dossier.give_introduction, introduced("Hai")),
            (dossier.collect_opinions, {"source": OpinionSource.RESIDENCE, **ASKED}),
            (dossier.request_vetting, {"replies_expected": 1}),
        )
        case.step = 7

    async def waits(self, case: Case) -> None:
        """The cell proposes somebody, and no committee decides."""
        await self._go(case, *WAY[:9])
        case.step = 9

    async def member(self, case: Case) -> None:
        """Somebody is admitted and goes through the probation; the cell and the register go on."""
        history = self.history
        received, completed = (
            *RECEIVED,
            *COMPLETED,
        )
        await self._go(case, *WAY[:11], received, *WAY[11:], completed)
        await history.pass_time(366)
        await self._go(case, (membership.record_recognition_vote, VOTES))
        case.step = len(WAY)
        cell = next(each for each in history.cells if each.startswith(case.tenant))
        await self.papers.hold(cell, history.day)
        await self.papers.reconcile(cell, history.day)

    async def _go(self, case: Case, *steps: Any) -> None:  # noqa: ANN401 - commands and fields
        for step, fields in steps:
            await self.history.pass_time(3)
            made = await self.history.do_case(step, case, self.history.day, **fields)
            assert made is not None, self.history.counted


def introduced(name: str) -> Fields:
    """By an official member of some name."""
    since = {"introducer_official_since": BEFORE, "worked_together_since": BEFORE}
    return {"introducer_name": f"Trần Thị {name}", **since}
