"""What every random history begins with, so that none lacks what makes figures hard to count.

Each of it is recorded by commands that must succeed; what comes after may correct or undo it.
"""

from collections.abc import Callable, Coroutine
from datetime import date, timedelta
from typing import Any

from tests.projections.random_history import (
    ENTERED,
    ONE,
    PROVINCE,
    TWO,
    VOTES,
    WAY,
    Case,
    History,
    K,
    tenant_of,
)
from tests.projections.random_papers import CertainPapers, Papers

from commands import candidate as path
from commands import membership, merging, obligation, review, target, transfer
from commands.correction import Replacement, correct_event
from commands.erasure import erase_personal_data, order_erasure
from commands.ports import Recorded
from commands.reorganization import (
    draft_reorganization,
    execute_reorganization,
    reverse_reorganization,
)
from domain.candidate import Person
from domain.change import Change, ChangeKind, Founding, Part
from domain.groups import Sex
from domain.obligation import Demand, ObligationKind
from domain.period import year
from domain.submission import ReturnedTo
from domain.target import Amount, CountingDate, TargetBasis, TargetTerms

Fields = dict[str, Any]
KINDS = (
    *("candidate.handed_over", "candidate.received", "candidate.merged", "candidate.moved"),
    *("candidate.facts_adopted", "candidate.personal_data_erased", "candidate.assigned_to_part"),
    *("candidate.struck_off", "candidate.readmission_opened", "candidate.dossier_returned"),
    *("candidate.certificate_revoked", "candidate.entry_voided", "organization.entry_voided"),
    *("organization.moved", "organization.ended", "target.set", "obligation.imposed"),
    *("obligation.entry_voided", "document.registered", "activity.held", "guidance.requested"),
)
"""Types of events that no history is without."""


class Beginning:
    """The years before everything else happens at random."""

    def __init__(self, history: History) -> None:
        self.history = history

    async def live(self) -> None:
        """All of it, over four years."""
        former = await self.person(f"{ONE}/a/thon-1")
        twin = await self.person(f"{ONE}/a/thon-2")
        leaver = await self.person(f"{ONE}/b/thon-1")
        parted = [await self.person(f"{TWO}/a/thon-1") for _ in range(3)]
        await self.go(former, len(WAY))
        await self.go(twin, 10)
        await self.go(leaver, 6)
        await self.go(parted[0], 10)
        await self.send_back(parted[0])
        await self.go(parted[0], 11)
        await self.correct(leaver)
        await self.strike_off(former)
        await self.hand_over(leaver, f"{TWO}/b/thon-1")
        await self.return_and_merge(twin)
        await self.divide(parted)
        await self.erase(parted[2])
        await self.enter(f"{ONE}/a/thon-1")
        await self.readmit(former)
        papers = CertainPapers(Papers(self.history))
        await papers.ages(await self.person(f"{ONE}/b/thon-2"))
        await papers.waits(await self.person(f"{ONE}/b/thon-2"))
        await papers.member(await self.person(f"{TWO}/b/thon-1"))

    async def person(self, cell: str) -> Case:
        """Somebody is found in a cell."""
        history = self.history
        history.number += 1
        person = Person(
            full_name=f"Người {history.number}",
            birth_date=date(1990, 5, 5) + timedelta(days=history.random.randint(0, 3000)),
            sex=history.random.choice(list(Sex)),
            ethnicity=history.random.choice(["Kinh", "Mạ"]),
            groups=frozenset({"YOUTH_UNION"}),
        )
        made = await self.do(
            path.identify_candidate, tenant_of(cell), organization=cell, person=person
        )
        case = Case(tenant_of(cell), made.subject, history.day)
        history.cases.append(case)
        return case

    async def go(self, case: Case, steps: int) -> None:
        """Some steps of the way, a week after each other."""
        for step, fields in WAY[case.step : steps]:
            await self.history.pass_time(7)
            await self.of(step, case, **fields)
        case.step = steps

    async def correct(self, case: Case) -> None:
        """The certificate is corrected, then a second one is revoked, then that was never true."""
        history = self.history
        await self.of(path.record_certificate, case, number="13/GCN", grade="Khá")
        tenant, position = history.done[-1]
        fields: Fields = {"tenant_id": history.tenants[tenant], "reason": "Ghi nhầm"}
        earlier = Replacement(history.day - timedelta(days=1), {})
        await self.do(correct_event, tenant, position=position, replacement=earlier, **fields)
        revoked = {"number": "13/GCN", "document_number": "9-QĐ", "reason": "Thi hộ"}
        await self.of(path.revoke_recorded_certificate, case, **revoked)

    async def strike_off(self, case: Case) -> None:
        """The probation ends with the name struck off."""
        await self.history.pass_time(60)
        await self.of(membership.propose_striking_off, case, ground="NO_ACTIVITY", **VOTES)
        await self.of(membership.strike_off, case, decision_number="70-QĐ/HU")
        self.history.gone.append(case)

    async def readmit(self, case: Case) -> None:
        """The same person begins again after more than three years, and is admitted again."""
        await self.history.pass_time(max(0, (case.last - self.history.day).days + 1100))
        left = {"departure": "STRUCK_OFF", "left_on": case.last, "consent_number": "8-CV"}
        await self.of(membership.open_readmission, case, **left)
        case.step = 5
        step, fields = WAY[5]
        await self.of(step, case, **{**fields, "number": "14/GCN"})
        case.step = 7
        await self.go(case, 11)

    async def hand_over(self, case: Case, to: str) -> None:
        """Another tenant goes on with a case."""
        history = self.history
        made = await self.of(transfer.transfer_candidate, case, organization=to)
        fields: Fields = {"tenant_id": history.tenants[PROVINCE], "subject": made.subject}
        await self.do(transfer.accept_transfer, tenant_of(to), **fields)
        await history.installation.courier.advance()

    async def return_and_merge(self, case: Case) -> None:
        """A dossier is returned; then the record turns out to be one of two of the same person."""
        back = {"to": ReturnedTo.CELL, "defects": ("Thiếu dấu",)}
        await self.of(review.return_dossier, case, **back)
        other = await self.person(f"{ONE}/a/thon-1")
        survivor = (self.history.tenants[other.tenant], other.id)
        await self.of(merging.merge_duplicates, case, survivor=survivor, adopt_facts=True)
        await self.of(path.move_candidate, other, organization=f"{ONE}/a/thon-2")

    async def send_back(self, case: Case) -> None:
        """A dossier is returned for its papers, and submitted again."""
        papers = ("VETTING", "APPLICATION")
        back: Fields = {"to": ReturnedTo.CELL, "defects": ("Thiếu dấu",), "papers": papers}
        await self.of(review.return_dossier, case, **back)
        case.step = 8
        await self.go(case, 10)

    async def divide(self, cases: list[Case]) -> None:
        """A cell is divided for good, another one for a while; a third one moves."""

        def part(name: str, *of: Case) -> Part:
            founding = Founding(superior=f"{TWO}/a", name=name, kind=K.SUBORDINATE_CELL)
            return Part(founding=founding, candidates=tuple(sorted(case.id for case in of)))

        parts = (part("Thôn 1A", *cases[:1]), part("Thôn 1B", *cases[1:]))
        whole = (f"{TWO}/a/thon-1",)
        await self.plan(Change(kind=ChangeKind.SPLIT, organizations=whole, parts=parts))
        moved = Change(
            kind=ChangeKind.MOVE, organizations=(f"{TWO}/b/thon-2",), superior=f"{TWO}/a"
        )
        await self.plan(moved)
        merged = Change(
            kind=ChangeKind.MERGE,
            organizations=(f"{TWO}/a/thon-2", f"{TWO}/a/thon-1a"),
            founding=Founding(superior=f"{TWO}/a", name="Thôn Nhầm", kind=K.SUBORDINATE_CELL),
        )
        plan = await self.plan(merged)
        fields: Fields = {"tenant_id": self.history.tenants[TWO], "subject": plan.subject}
        await self.history.pass_time(20)
        await self.do(reverse_reorganization, TWO, reason="Nhầm", **fields)
        self.history.cells += [f"{TWO}/a/thon-1a", f"{TWO}/a/thon-1b"]

    async def plan(self, change: Change) -> Recorded:
        """A plan of the second district, carried out."""
        await self.history.pass_time(20)
        drafted = await self.do(
            draft_reorganization,
            TWO,
            organization=TWO,
            title="Đề án",
            planned_on=self.history.day,
            changes=(change,),
        )
        fields: Fields = {"tenant_id": self.history.tenants[TWO], "subject": drafted.subject}
        await self.do(execute_reorganization, TWO, document="1-NQ", **fields)
        return drafted

    async def erase(self, case: Case) -> None:
        """Somebody's data is ordered to be erased, and is."""
        order = {"document_number": "3-CV", "issued_by": "Tòa án", "approval_number": "4-CV"}
        await self.of(order_erasure, case, **order)
        await self.history.pass_time(40)
        await self.of(erase_personal_data, case)

    async def enter(self, cell: str) -> None:
        """A cell has something in every register, and a duty that was not fulfilled after all."""
        for create, fields in ENTERED:
            await self.do(create, ONE, organization=cell, **fields)
        demand = Demand(kind=ObligationKind.PLAN, title="Kế hoạch năm")
        owners = (obligation.Owner(organization=cell),)
        run = obligation.impose_obligations
        duty = await self.do(run, ONE, organization=ONE, demand=demand, owners=owners)
        fields = {"tenant_id": self.history.tenants[ONE], "subject": duty.subject}
        await self.do(obligation.submit_obligation, ONE, named="10-KH", **fields)
        self.history.duties.append((ONE, duty.subject))
        position = self.history.done[-1][1]
        await self.history.pass_time(40)
        fields = {"tenant_id": self.history.tenants[ONE], "reason": "Ghi nhầm"}
        await self.do(correct_event, ONE, position=position, **fields)
        day = self.history.day
        terms = TargetTerms(
            basis=TargetBasis.CONGRESS,
            period=year(day.year),
            group=None,
            counting=CountingDate.DECISION,
        )
        amount = Amount(3)
        await self.do(
            target.register_target,
            ONE,
            organization=ONE,
            terms=terms,
            amount=amount,
            stated_growth_percent=None,
        )

    async def of(
        self,
        run: Callable[..., Coroutine[Any, Any, Recorded]],
        case: Case,
        **fields: Any,  # noqa: ANN401 - a command's own fields
    ) -> Recorded:
        """A command of today about a case, which must succeed."""
        made = await self.history.do_case(run, case, self.history.day, **fields)
        assert made is not None, self.history.counted
        return made

    async def do(
        self,
        run: Callable[..., Coroutine[Any, Any, Recorded]],
        scope: str,
        **fields: Any,  # noqa: ANN401 - a command's own fields
    ) -> Recorded:
        """A command of today, which must succeed."""
        made = await self.history.do(run, scope, on=self.history.day, **fields)
        assert made is not None, self.history.counted
        return made
