"""What committees look at, made at random: classes, territories, inspections, duties with a day.

Beside the random history of the people; what is refused changes nothing.
"""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from tests.projections.random_history import NEW, ONE, TWO, VOTES, Case, History, Kind, tenant_of

from commands import candidate as path
from commands import course, defect, obligation, reaction, review, territory
from commands.call_up import propose_participants
from commands.course import Assessed, Assessment
from commands.ports import Recorded
from domain.course import Allotment
from domain.grading import AssessmentForm, Grade
from domain.obligation import Demand, ObligationKind
from domain.reaction import Occasion, ReactionKind
from domain.recurrence import Recurrence
from domain.schedule import CourseKind
from domain.submission import ReturnedTo

Fields = dict[str, Any]
PAPERS: Final = ("CERTIFICATE", "APPLICATION", "HISTORY", "VETTING", "INTRODUCTION")
BOARD_KINDS: Final = (
    *("schedule.made", "course.opened", "course.places_allotted", "course.participants_proposed"),
    *("course.participants_enrolled", "course.session_held", "course.result_recorded"),
    *("territory.assigned", "defect.noted", "defect.closed"),
    *("reaction.proposed", "reaction.decided", "obligation.deadline_interpreted"),
)
"""Types of events that no history of boards is without."""


@dataclass
class Boards:
    """Goes on with a random history."""

    history: History
    territories: list[tuple[str, UUID]] = field(default_factory=list)
    courses: list[tuple[str, UUID]] = field(default_factory=list)
    numbers: int = 0

    def kinds(self) -> list[Kind]:
        """What may happen, and how likely it is."""
        return [
            (6, self.hold_class),
            (3, self.revoke),
            (4, self.charge),
            (4, self.inspect),
            (4, self.react),
            (5, self.demand),
            (6, self.send_back),
        ]

    async def hold_class(self) -> None:
        """A class is held, for some people of some units, and some of them pass."""
        history, random = self.history, self.history.random
        tenant = random.choice([ONE, ONE, TWO, TWO, NEW])
        people = [case for case in history.cases if case.tenant == tenant][-30:]
        kind = random.choice([*CourseKind, CourseKind.NEW_MEMBER_CLASS])
        if self._chance(0.4):
            await self.plan_classes(tenant, kind, history.day)
        subject = await self.open_class(tenant, kind, on := self._before(300))
        if subject is None:
            return
        if self._chance(0.6):
            below = [c for c in self.history.cells if tenant_of(c) == tenant]
            units = random.sample([tenant, *below], min(3, 1 + len(below)))
            lots = tuple(Allotment(unit, random.randint(0, 6)) for unit in units)
            await self.step(subject, tenant, course.allot_places, on, allotments=lots)
        for case in random.sample(people, min(len(people), 4)):
            await self._attend(subject, case, on)

    async def plan_classes(self, tenant: str, kind: CourseKind, on: date) -> None:
        """A committee plans its classes of a year."""
        planned: Fields = {"kind": kind, "year": on.year, "minimum": 1, "maximum": 4}
        planned |= {"quarters": (1, 3), "lead": "Ban Tuyên giáo"}
        run = course.make_schedule
        await self.history.do(run, tenant, on=on, organization=tenant, **planned)

    async def open_class(self, tenant: str, kind: CourseKind, on: date) -> UUID | None:
        """A class that begins a day after it is opened."""
        made = await self.history.do(
            course.propose_course,
            tenant,
            on=on,
            organization=tenant,
            kind=kind,
            year=on.year,
            quarter=1 + (on.month - 1) // 3,
            title="Lớp bồi dưỡng",
            lead="Ban Tuyên giáo",
        )
        if made is None:
            return None
        self.courses.append((tenant, made.subject))
        await self.step(made.subject, tenant, course.approve_course, on)
        opening: Fields = {"starts_on": on + timedelta(days=1), "ends_on": on + timedelta(days=9)}
        opening |= {"location": "Trung tâm", "topics": ("Chuyên đề 1",), "pass_score": 5.0}
        await self.step(made.subject, tenant, course.open_course, on, **opening)
        return made.subject

    async def _attend(self, subject: UUID, case: Case, on: date) -> None:
        """Somebody is sent by the cell or the committee, and comes as far as is not refused."""
        random, who = self.history.random, (case.id,)
        sender = case.tenant
        if random.random() < 0.6:
            sender = random.choice([c for c in self.history.cells if tenant_of(c) == case.tenant])
        sent: Fields = {"organization": sender, "candidates": who}
        if await self.step(subject, case.tenant, propose_participants, on, **sent) is None:
            sent["organization"] = case.tenant
            await self.step(subject, case.tenant, propose_participants, on, **sent)
        enroll = course.enroll_participants
        if await self.step(subject, case.tenant, enroll, on, candidates=who) is None:
            return
        if random.random() < 0.15:
            left: Fields = {"candidate": case.id, "reason": "Bận việc"}
            await self.step(subject, case.tenant, course.withdraw_participant, on, **left)
            return
        held: Fields = {"topic": "Chuyên đề 1", "present": who}
        await self.step(subject, case.tenant, course.hold_session, on + timedelta(days=1), **held)
        for number in range(random.choice([1, 1, 2])):
            day = on + timedelta(days=2 + number)
            has_passed = random.random() < (0.6 + 0.3 * number)
            await self.assess(subject, case, day, has_passed=has_passed)

    async def assess(self, subject: UUID, case: Case, on: date, *, has_passed: bool) -> None:
        """Somebody is assessed, and has a certificate or not."""
        self.numbers += 1
        grade = self.history.random.choice(list(Grade)) if has_passed else None
        number = f"L{self.numbers}/GCN" if has_passed else None
        score = 8.0 if has_passed else 3.0
        result = Assessed(candidate=case.id, score=score, grade=grade, certificate_number=number)
        check = Assessment(
            assessed_on=on, form=AssessmentForm.TEST, signer_position="Giám đốc", signer_name="Ký"
        )
        fields: Fields = {"assessment": check, "results": (result,)}
        await self.step(subject, case.tenant, course.record_results, on, **fields)

    async def revoke(self) -> None:
        """A certificate of a class is revoked, if somebody has one."""
        if not self.courses:
            return
        tenant, subject = self.history.random.choice(self.courses[-3:])
        for case in [each for each in self.history.cases if each.tenant == tenant][-20:]:
            why: Fields = {"candidate": case.id, "document_number": "7-QĐ", "reason": "Thi hộ"}
            run = course.revoke_certificate
            if await self.step(subject, tenant, run, self.history.day, **why) is not None:
                return

    async def charge(self) -> None:
        """A member of a standing committee answers for some organizations, for others, for none."""
        random = self.history.random
        if self.territories and random.random() < 0.4:
            tenant, subject = random.choice(self.territories)
            if random.random() < 0.3:
                await self.step(subject, tenant, territory.end_territory, self._before(60))
                return
            some: Fields = {"organizations": self._some(tenant)}
            await self.step(subject, tenant, territory.change_territory, self._before(60), **some)
            return
        await self.assign(random.choice([ONE, TWO, NEW]), self._before(400))

    async def assign(self, tenant: str, on: date) -> None:
        """Another member answers for some organizations of a district."""
        made = await self.history.do(
            territory.assign_territory,
            tenant,
            on=on,
            organization=tenant,
            member=f"uvtv-{len(self.territories)}",
            member_name="Trần Văn Phụ Trách",
            organizations=self._some(tenant),
        )
        if made is not None:
            self.territories.append((tenant, made.subject))

    async def inspect(self) -> None:
        """An inspection finds a defect, which is closed or not."""
        await self.find_defect(self._any(), self._before(300), is_mended=self._chance(0.5))

    async def find_defect(self, code: str, on: date, *, is_mended: bool) -> None:
        """A defect of an organization, closed some days after."""
        found: Fields = {"found_by": "UBKT", "what": "Biên bản thiếu chữ ký"}
        tenant = tenant_of(code)
        made = await self.history.do(defect.note_defect, tenant, on=on, organization=code, **found)
        if made is not None and is_mended:
            closed = min(self.history.day, on + timedelta(days=self.history.random.randint(0, 90)))
            why = {"outcome": "Đã bổ sung"}
            await self.step(made.subject, tenant, defect.close_defect, closed, **why)

    async def react(self) -> None:
        """A reaction is proposed, and agreed to or not."""
        await self.answer(self._any(), self._before(300), is_agreed=self._chance(0.8))

    async def answer(self, code: str, on: date, *, is_agreed: bool) -> None:
        """A reaction to an organization's results."""
        random, tenant = self.history.random, tenant_of(code)
        proposed: Fields = {"proposed_by": "Ban Tổ chức", "ground": "Kết quả năm"}
        proposed |= {"kind": random.choice(list(ReactionKind)), "occasion": Occasion.YEARLY}
        proposed["period"] = random.choice([*3 * [None], *3 * [str(on.year)], "2020-2025"])
        made = await self.history.do(
            reaction.propose_reaction, tenant, on=on, organization=code, **proposed
        )
        if made is not None:
            said: Fields = {"agreed": is_agreed, "decided_by": "Ban Thường vụ"}
            decided = min(self.history.day, on + timedelta(days=random.randint(0, 200)))
            await self.step(made.subject, tenant, reaction.decide_reaction, decided, **said)

    async def demand(self) -> None:
        """A duty has a last day, or returns; something of it is handed in, perhaps."""
        code, on = self._any(), self._before(400)
        await self.owe(code, on, self.history.random.choice([None, *Recurrence]))

    async def owe(self, code: str, on: date, recurs: Recurrence | None) -> None:
        """A duty of an organization whose deadline somebody interprets."""
        history, random, tenant = self.history, self.history.random, tenant_of(code)
        period = random.choice([None, str(on.year)]) if recurs is not None else None
        made = await history.do(
            obligation.impose_obligations,
            tenant,
            on=on,
            organization=tenant,
            demand=Demand(
                kind=random.choice(list(ObligationKind)),
                title="Báo cáo",
                recurrence=recurs,
                period=period,
            ),
            owners=(obligation.Owner(organization=code),),
        )
        if made is None:
            return
        said: Fields = {"by": "Ban Tổ chức", "reason": "Theo công văn"}
        due: Fields = {"due": on + timedelta(days=random.randint(0, 90))}
        due["inclusive"] = self._chance(0.7)
        rule: Fields = {"days": random.randint(0, 20)}
        rule["every"] = random.choice([None, None, Recurrence.QUARTERLY])
        told = {**said, **(due if recurs is None else rule)}
        interpreted: Fields = {"tenant_id": history.tenants[tenant], "subjects": (made.subject,)}
        await history.do(obligation.interpret_deadline, tenant, on=on, **interpreted, **told)
        if recurs is None:
            history.duties.append((tenant, made.subject))
        names = _names(recurs, on)
        for name in random.sample(names, min(len(names), 2)):
            then = min(history.day, on + timedelta(days=random.randint(0, 150)))
            await self._hand_in(made.subject, tenant, then, name)

    async def _hand_in(self, subject: UUID, tenant: str, on: date, occurrence: str | None) -> None:
        random, of = self.history.random, {"occurrence": occurrence}
        if random.random() < 0.2:
            why = {"reason": "Không còn nguồn"}
            await self.step(subject, tenant, obligation.excuse_obligation, on, **of, **why)
            return
        named = {"named": "12-BC"}
        await self.step(subject, tenant, obligation.submit_obligation, on, **of, **named)
        if random.random() < 0.3:
            why_not = {"reasons": ("Thiếu số liệu",)}
            await self.step(subject, tenant, obligation.return_submission, on, **of, **why_not)

    async def send_back(self) -> None:
        """A submitted dossier comes back for some papers, and is perhaps submitted again."""
        random, history = self.history.random, self.history
        case = random.choice(history.cases[-20:])
        papers = tuple(random.sample(PAPERS, random.randint(0, 3)))
        await self.resubmit(case, papers, is_again=self._chance(0.6))

    async def resubmit(self, case: Case, papers: tuple[str, ...], *, is_again: bool) -> None:
        """A dossier comes back for some papers; submitted again some days after, or not."""
        history = self.history
        back: Fields = {"to": ReturnedTo.CELL, "defects": ("Thiếu dấu",), "papers": papers}
        made = await history.do_case(review.return_dossier, case, history.day, **back)
        if made is None or not is_again:
            return
        await history.pass_time(history.random.randint(1, 40))
        await history.do_case(path.record_cell_vote, case, history.day, **VOTES)
        await history.do_case(path.submit_dossier, case, history.day)

    async def step(
        self,
        subject: UUID,
        tenant: str,
        run: Callable[..., Coroutine[Any, Any, Recorded]],
        on: date,
        **fields: Any,  # noqa: ANN401 - a command's own fields
    ) -> Recorded | None:
        """A command about a record of a tenant."""
        fields = {"tenant_id": self.history.tenants[tenant], "subject": subject, **fields}
        return await self.history.do(run, tenant, on=on, **fields)

    def _any(self) -> str:
        history = self.history
        return history.random.choice([*history.cells, *history.committees, ONE, TWO])

    def _some(self, tenant: str) -> tuple[str, ...]:
        history = self.history
        inside = [c for c in [*history.cells, *history.committees] if tenant_of(c) == tenant]
        return tuple(history.random.sample([*inside, tenant], min(2, 1 + len(inside))))

    def _before(self, most: int) -> date:
        return self.history.day - timedelta(days=self.history.random.randint(10, most))

    def _chance(self, of_one: float) -> bool:
        return self.history.random.random() < of_one


def _names(recurs: Recurrence | None, on: date) -> list[str | None]:
    """Names of intervals about a day."""
    match recurs:
        case None | Recurrence.PERIODIC:
            return [None]
        case Recurrence.MONTHLY:
            return [f"{on:%Y-%m}", f"{on + timedelta(days=31):%Y-%m}"]
        case Recurrence.QUARTERLY:
            return [f"{on.year}-Q{1 + (on.month - 1) // 3}"]
        case _:
            return [str(on.year), f"{on.year}-H1"]
