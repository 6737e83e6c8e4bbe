"""What committees look at in every random history, so that none of it is compared with nothing.

Each of it is recorded by commands that must succeed; what comes after may correct or undo it.
"""

from collections.abc import Callable, Coroutine
from typing import Any
from uuid import UUID

from tests.projections.random_boards import Boards
from tests.projections.random_history import ONE, TWO, Case, History

from commands import course, target
from commands.call_up import propose_participants
from commands.ports import Recorded
from domain.course import Allotment
from domain.period import term
from domain.recurrence import Recurrence
from domain.schedule import CourseKind
from domain.target import Amount, CountingDate, TargetBasis, TargetTerms

Fields = dict[str, Any]


class CertainBoards:
    """A year of a committee's work."""

    def __init__(self, boards: Boards) -> None:
        self.boards = boards
        self.history: History = boards.history

    async def live(self) -> None:
        """All of it."""
        history = self.history
        for tenant in (ONE, TWO):
            await self.boards.assign(tenant, history.day)
            cell = next(c for c in history.cells if c.startswith(tenant))
            await self.boards.find_defect(cell, history.day, is_mended=tenant == ONE)
            await self.boards.answer(cell, history.day, is_agreed=True)
            await self.boards.owe(cell, history.day, None if tenant == ONE else Recurrence.MONTHLY)
            await self._hold_class(tenant)
            await self._ask_for_many(tenant)
        await history.pass_time(60)

    async def _hold_class(self, tenant: str) -> None:
        """Two people of a district come; one passes at the second attempt, one is revoked."""
        history, on = self.history, self.history.day
        there = [case for case in history.cases if case.tenant == tenant]
        await self.boards.plan_classes(tenant, CourseKind.NEW_MEMBER_CLASS, on)
        subject = await self.boards.open_class(tenant, CourseKind.NEW_MEMBER_CLASS, on)
        assert subject is not None
        await self._step(subject, tenant, course.allot_places, allotments=(Allotment(tenant, 5),))
        await history.pass_time(1)
        came = [case for case in there if await self._sends(subject, case)][:2]
        who = tuple(case.id for case in came)
        await self._step(subject, tenant, course.enroll_participants, candidates=who)
        await self._step(subject, tenant, course.hold_session, topic="Chuyên đề 1", present=who)
        await history.pass_time(3)
        await self.boards.assess(subject, came[0], history.day, has_passed=False)
        await self.boards.assess(subject, came[-1], history.day, has_passed=True)
        why = {"candidate": came[-1].id, "document_number": "7-QĐ", "reason": "Thi hộ"}
        await self._step(subject, tenant, course.revoke_certificate, **why)

    async def _ask_for_many(self, tenant: str) -> None:
        """A target that nobody can meet."""
        history = self.history
        terms = TargetTerms(
            basis=TargetBasis.OWN_PLAN,
            period=term("2020-2025"),
            group=None,
            counting=CountingDate.DECISION,
        )
        fields: Fields = {"organization": tenant, "terms": terms, "amount": Amount(90)}
        run = target.register_target
        made = await history.do(run, tenant, on=history.day, **fields, stated_growth_percent=None)
        assert made is not None, history.counted

    async def _sends(self, subject: UUID, case: Case) -> bool:
        """Whether somebody is in the district still, who is sent then."""
        sent: Fields = {"organization": case.tenant, "candidates": (case.id,)}
        run, day = propose_participants, self.history.day
        return await self.boards.step(subject, case.tenant, run, day, **sent) is not None

    async def _step(
        self,
        subject: UUID,
        tenant: str,
        run: Callable[..., Coroutine[Any, Any, Recorded]],
        **fields: Any,  # noqa: ANN401 - a command's own fields
    ) -> None:
        made = await self.boards.step(subject, tenant, run, self.history.day, **fields)
        assert made is not None, self.history.counted
