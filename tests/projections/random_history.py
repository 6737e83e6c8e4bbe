"""Random histories of several tenants, made by commands on a real database over some years.

Most is recorded as it happens, some late, some is corrected; people move, are handed over, merged
and erased; cells are merged, split, moved, and go over to other tenants. What is refused changes
nothing and is only counted.
"""

from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID, uuid5

from app.installation import Installation
from commands import (
    awareness_class,
    dossier,
    membership,
    merging,
    obligation,
    organization_attribute,
    review,
    sympathizer,
    target,
    transfer,
)
from commands import candidate as path
from commands.activity import hold_activity
from commands.correction import Replacement, correct_event
from commands.document import register_document
from commands.erasure import erase_personal_data, order_erasure
from commands.guidance import request_guidance
from commands.organization import establish_organization, rename_organization
from commands.perform import perform
from commands.ports import Actor, Command, Recorded
from commands.reorganization import (
    draft_reorganization,
    execute_reorganization,
    reverse_reorganization,
)
from domain.access import Role
from domain.activity import ActivityKind
from domain.awareness_class import ClassOutcome
from domain.candidate import Person
from domain.case import VettingConclusion
from domain.change import Change, ChangeKind, Founding, Part
from domain.document import DocumentKind
from domain.errors import Refusal
from domain.groups import Sex
from domain.obligation import Demand, ObligationKind
from domain.organization import Organization, OrganizationKind, Place, organization_id
from domain.period import days, term, year
from domain.submission import ReturnedTo
from domain.target import Amount, CountingDate, TargetBasis, TargetTerms
from eventstore.tenants import add_tenant

K = OrganizationKind
PROVINCE, ONE, TWO, NEW = (
    *("lam-dong", "lam-dong/bao-lam", "lam-dong/di-linh", "lam-dong/bao-lam-1"),
)
BEGUN: Final = date(2018, 3, 1)
FOUNDED: Final = date(2015, 2, 2)
REFORM: Final = date(2025, 7, 1)
VOTES: Final = {"official_members": 9, "in_favor": 9}
Fields = dict[str, Any]
Steps = tuple[tuple[Callable[..., Coroutine[Any, Any, Recorded]], Fields], ...]
"""Commands with the fields that they are given."""
Kind = tuple[int, Callable[[], Coroutine[Any, Any, None]]]
"""What may happen, and how likely it is."""
WAY: Final[Steps] = (
    (
        path.assign_helper,
        {"helper_name": "Lê Thị Giúp", "helper_official_since": date(2010, 1, 1)},
    ),
    (path.list_sympathizer, {}),
    (awareness_class.propose_for_class, {}),
    (awareness_class.agree_to_class, {}),
    (awareness_class.enroll_in_class, {"class_name": "Lớp 1"}),
    (path.record_certificate, {"number": "12/GCN", "grade": "Giỏi"}),
    (path.open_dossier, {}),
    (path.conclude_vetting, {"conclusion": VettingConclusion.ELIGIBLE}),
    (path.record_cell_vote, VOTES),
    (path.submit_dossier, {}),
    (path.decide_admission, {"decision_number": "45-QĐ/HU"}),
    (path.hold_ceremony, {}),
)
ASIDE: Final[Steps] = (
    *WAY,
    (path.remove_sympathizer, {"reason": "Không còn phấn đấu"}),
    (path.record_certificate, {"number": "77/GCN", "grade": "Khá"}),
    (
        path.revoke_recorded_certificate,
        {"number": "12/GCN", "document_number": "9-QĐ", "reason": "Thi hộ"},
    ),
    (awareness_class.record_class_failure, {"outcome": ClassOutcome.FAILED}),
    (dossier.request_vetting, {"replies_expected": 1}),
    (dossier.reopen_vetting, {}),
    (path.conclude_vetting, {"conclusion": VettingConclusion.SUPPLEMENT_NEEDED}),
    (path.record_cell_vote, {"official_members": 9, "in_favor": 2}),
    (review.refuse_proposal, {"reason": "Chưa đạt"}),
    (review.return_dossier, {"to": ReturnedTo.CELL, "defects": ("Thiếu dấu",)}),
    (review.refuse_admission, {"reason": "Chưa đạt", "notice_number": "3-TB/HU"}),
    (review.revoke_decision, {"reason": "Sai", "decision_number": "50-QĐ/HU"}),
    (review.record_withdrawal, {"reason": "Chuyển nơi ở"}),
    (sympathizer.confirm_sympathizer, {}),
    (path.recognize_full_member, {"decision_number": "60-QĐ/HU", **VOTES}),
    (path.recognize_full_member, {"decision_number": "60-QĐ/HU", **VOTES}),
    (membership.propose_striking_off, {"ground": "NO_ACTIVITY", **VOTES}),
    (membership.strike_off, {"decision_number": "70-QĐ/HU"}),
    (membership.strike_off, {"decision_number": "70-QĐ/HU"}),
)
ENTERED: Final[Steps] = (
    (
        register_document,
        {"kind": DocumentKind.PLAN, "title": "Kế hoạch tạo nguồn", "issuer": "Cấp ủy"},
    ),
    (hold_activity, {"kind": ActivityKind.TRAINING, "title": "Tập huấn"}),
    (request_guidance, {"question": "Cách làm", "lead": "Ban Tổ chức"}),
)
DUTY: Final[Steps] = (
    (obligation.submit_obligation, {"named": "10-KH"}),
    (obligation.submit_obligation, {"named": "11-KH"}),
    (obligation.report_none, {"reason": "Không còn nguồn"}),
    (obligation.return_submission, {"reasons": ("Thiếu số liệu",)}),
    (obligation.approve_submission, {}),
    (obligation.excuse_obligation, {"reason": "Không còn nguồn"}),
    (obligation.withdraw_obligations, {"reason": "Đã giao nhầm"}),
)


@dataclass
class Case:
    """A person's record in one tenant."""

    tenant: str
    id: UUID
    last: date
    step: int = 0


@dataclass
class History:
    """An installation that lives through some years."""

    installation: Installation
    random: Random
    day: date = BEGUN
    tenants: dict[str, int] = field(default_factory=dict)
    cells: list[str] = field(default_factory=list)
    committees: list[str] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    done: list[tuple[str, int]] = field(default_factory=list)
    transfers: list[tuple[str, UUID, UUID]] = field(default_factory=list)
    gone: list[Case] = field(default_factory=list)
    ordered: list[Case] = field(default_factory=list)
    plans: list[tuple[str, UUID]] = field(default_factory=list)
    duties: list[tuple[str, UUID]] = field(default_factory=list)
    moments: list[datetime] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)
    number: int = 0

    async def begin(self) -> None:
        """Four tenants, each with its own organization, and communes and cells in two of them."""
        owner = self.installation.dsns.owner_dsn
        for code in (PROVINCE, ONE, TWO, NEW):
            self.tenants[code] = await add_tenant(owner, code)
        await self.pass_time(0)
        kinds = {PROVINCE: K.PROVINCE, ONE: K.DISTRICT, TWO: K.DISTRICT, NEW: K.COMMUNE}
        for code, kind in kinds.items():
            above, _, segment = code.rpartition("/")
            place = Place(organization_id(above), above, K.PROVINCE) if above else Place()
            on = REFORM if code == NEW else FOUNDED
            made = Organization.establish(place, on=on, name=code, kind=kind, segment=segment)
            log = self.installation.desk.log
            await log.save(self.tenants[code], self.command(code), made, subject=made.id)
        for district in (ONE, TWO):
            await self.found(district, "Xã A", K.GRASSROOTS_COMMITTEE)
            await self.found(district, "Xã B", K.GRASSROOTS_COMMITTEE)
            await self.found(district, "Bệnh viện", K.GRASSROOTS_CELL, "RELIGIOUS_AREA")
            for commune in self.committees[-2:]:
                await self.found(commune, "Thôn 1", K.SUBORDINATE_CELL)
                await self.found(commune, "Thôn 2", K.SUBORDINATE_CELL, "ETHNIC_MINORITY_AREA")

    async def found(self, parent: str, name: str, kind: K, *areas: str) -> None:
        """A new organization that stands from the beginning."""
        fields: Fields = {"parent": parent, "name": name, "kind": kind, "characteristics": areas}
        await self.do(establish_organization, tenant_of(parent), on=FOUNDED, **fields)
        made = await self.installation.desk.directory.organization(
            f"{parent}/{Founding(superior=parent, name=name, kind=kind).code.rpartition('/')[2]}"
        )
        (self.cells if kind.is_cell else self.committees).append(made.code)

    async def live(self, steps: int, *others: Kind) -> None:
        """Let some things happen, each some days after the one before; `others` among them."""
        kinds: list[Kind] = [
            *others,
            (12, self.identify),
            (26, self.hurry),
            (14, self.aside),
            (10, self.late),
            (9, self.correct),
            (5, self.move),
            (6, self.hand_over),
            (8, self.answer),
            (3, self.merge),
            (2, self.erase),
            (4, self.leave),
            (5, self.readmit),
            (6, self.set_target),
            (5, self.describe),
            (10, self.register),
            (8, self.reorganize),
            (2, self.reverse),
        ]
        for number in range(steps):
            left = (date(2026, 3, 1) - self.day).days // (steps - number)
            await self.pass_time(self.random.randint(0, 2 * max(left, 1)))
            chances = [each for weight, each in kinds for _ in range(weight)]
            try:
                await (self.identify if number < 14 else self.random.choice(chances))()
            except Refusal as refusal:
                self.counted[f"asked: {refusal.code}"] += 1
        await self.pass_time(10)
        for tenant_id in self.tenants.values():
            await self.installation.store.set_clock(tenant_id, None)

    async def pass_time(self, days_: int) -> None:
        """The tenants' clock goes on."""
        self.day += timedelta(days=days_)
        moment = datetime(self.day.year, self.day.month, self.day.day, 2, len(self.moments) % 60,
                          tzinfo=UTC)  # fmt: skip
        self.moments.append(moment)
        for tenant_id in self.tenants.values():
            await self.installation.store.set_clock(tenant_id, moment)
            self.installation.clock.simulate(tenant_id, moment)

    async def identify(self) -> None:
        """Somebody is found in a cell."""
        cell, on = self.random.choice(self.cells), self.before(200)
        born = self.day - timedelta(days=self.random.randint(18 * 365, 45 * 365))
        person = Person(
            full_name=f"Người {self.number}",
            birth_date=born,
            sex=self.random.choice(list(Sex)),
            ethnicity=self.random.choice(["Kinh", "Mạ", None]),
            groups=frozenset(self.random.sample(["YOUTH_UNION", "WORKER", "STUDENT"], 1)),
        )
        made = await self.do(
            path.identify_candidate, tenant_of(cell), on=on, organization=cell, person=person
        )
        if made is not None:
            self.cases.append(Case(tenant_of(cell), made.subject, on))

    async def hurry(self) -> None:
        """Somebody goes some steps of the way, a day after the other."""
        case = self.random.choice(self.cases[-16:])
        for _ in range(self.random.choice((1, 3, 6, len(WAY)))):
            if case.step >= len(WAY):
                return
            step, fields = WAY[case.step]
            on = min(self.day, case.last + timedelta(days=self.random.choice((1, 1, 7, 20))))
            made = await self.do_case(step, case, on, **fields)
            is_optional = 2 <= case.step <= 4
            if made is None and not is_optional:
                return
            case.step += 1

    async def aside(self) -> None:
        """Any step of today, of somebody."""
        case = self.random.choice(self.cases[-15:])
        step, fields = self.random.choice(ASIDE)
        await self.do_case(step, case, self.day, **fields)

    async def late(self) -> None:
        """Any step of a day long past."""
        case = self.random.choice(self.cases)
        step, fields = self.random.choice(ASIDE)
        await self.do_case(step, case, self.before(500), **fields)

    async def correct(self) -> None:
        """Something was never true, or was true of another day."""
        tenant, position = self.random.choice(self.done[-60:])
        other = Replacement(self.before(300), {}) if self.random.random() < 0.5 else None
        fields: Fields = {"position": position, "reason": "Ghi nhầm", "replacement": other}
        await self.do(correct_event, tenant, tenant_id=self.tenants[tenant], **fields)

    async def move(self) -> None:
        """Another cell of the tenant goes on with a case."""
        case = self.random.choice(self.cases)
        to = self.random.choice([cell for cell in self.cells if tenant_of(cell) == case.tenant])
        on = self.random.choice((self.day, self.before(400)))
        await self.do_case(path.move_candidate, case, on, organization=to)

    async def hand_over(self) -> None:
        """Another tenant is to go on with a case."""
        case = self.random.choice(self.cases)
        others = [cell for cell in self.cells if tenant_of(cell) != case.tenant]
        to = self.random.choice(others)
        made = await self.do_case(
            transfer.transfer_candidate, case, self.before(20), organization=to
        )
        if made is not None:
            self.transfers.append((tenant_of(to), made.subject, case.id))

    async def answer(self) -> None:
        """A case in transit is received, or sent back."""
        if not self.transfers:
            return
        to, subject, _ = self.transfers.pop(self.random.randrange(len(self.transfers)))
        fields: Fields = {"tenant_id": self.tenants[PROVINCE], "subject": subject}
        on = self.before(10)
        if self.random.random() < 0.25:
            await self.do(transfer.return_transfer, to, on=on, reason="Thiếu hồ sơ", **fields)
            return
        made = await self.do(transfer.accept_transfer, to, on=on, **fields)
        if made is not None:
            await self.installation.courier.advance()
            self.cases.append(Case(to, uuid5(subject, "candidate"), on, step=5))

    async def merge(self) -> None:
        """Two records turn out to be those of one person."""
        first, second = self.random.sample(self.cases[-20:], 2)
        scope = first.tenant if first.tenant == second.tenant else PROVINCE
        await self.do(
            merging.merge_duplicates,
            scope,
            on=self.day,
            tenant_id=self.tenants[first.tenant],
            subject=first.id,
            survivor=(self.tenants[second.tenant], second.id),
            adopt_facts=self.random.random() < 0.7,
        )

    async def erase(self) -> None:
        """Somebody's data is to be erased; an earlier order is carried out."""
        if self.ordered and self.random.random() < 0.7:
            case = self.ordered.pop()
            await self.do_case(erase_personal_data, case, self.day)
            return
        case = self.random.choice(self.cases)
        fields: Fields = {
            "document_number": "3-CV",
            "issued_by": "Tòa án",
            "approval_number": "4-CV",
        }
        if await self.do_case(order_erasure, case, self.day, **fields) is not None:
            self.ordered.append(case)

    async def leave(self) -> None:
        """Somebody who had the ceremony becomes a full member, or is struck off."""
        held = [case for case in self.cases if case.step >= len(WAY)] or self.cases
        case = self.random.choice(held[-6:])
        if self.random.random() < 0.15:
            await self.do_case(review.record_death, case, self.before(200))
            return
        if self.random.random() < 0.4:
            votes = {"decision_number": "60-QĐ/HU", **VOTES}
            await self.do_case(path.recognize_full_member, case, self.day, **votes)
            return
        proposed = {"ground": "NO_ACTIVITY", **VOTES}
        on = min(self.day, case.last + timedelta(days=40))
        await self.do_case(membership.propose_striking_off, case, on, **proposed)
        if await self.do_case(membership.strike_off, case, on, decision_number="70-QĐ/HU"):
            self.gone.append(case)

    async def readmit(self) -> None:
        """A former member begins again, and goes the way to the decision."""
        case = self.random.choice(self.gone or self.cases)
        on = self.day
        made = await self.do_case(
            membership.open_readmission,
            case,
            on,
            departure=self.random.choice(["STRUCK_OFF", "FAMILY_HARDSHIP"]),
            left_on=self.random.choice([case.last, self.before(900)]),
            consent_number="8-CV",
        )
        if made is not None:
            case.step = 7

    async def set_target(self) -> None:
        """An organization has another target."""
        code = self.random.choice([PROVINCE, ONE, TWO, *self.cells, *self.committees])
        basis = self.random.choice(list(TargetBasis))
        group = self.random.choice([None, None, "WOMEN", "YOUTH_AGE"])
        now = self.day.year
        period = self.random.choice(
            [year(now), year(now - 1), term("2020-2025"), days(date(now, 1, 1), date(now, 9, 30))]
        )
        terms = TargetTerms(
            basis=basis,
            period=period,
            group=group,
            counting=self.random.choice(list(CountingDate)),
        )
        amount = Amount(self.random.randint(1, 9))
        if group is not None and self.random.random() < 0.5:
            amount = Amount(share_percent=float(self.random.randint(5, 80)))
        assigned = basis is TargetBasis.ASSIGNED
        run = target.assign_target if assigned else target.register_target
        fields: Fields = {"organization": code, "terms": terms, "amount": amount}
        made = await self.do(
            run,
            tenant_of(code),
            on=self.before(300),
            **fields,
            stated_growth_percent=self.random.choice([None, 5.0]),
        )
        if made is not None and self.random.random() < 0.5:
            await self.adjust_one(tenant_of(code), made.subject)

    async def adjust_one(self, tenant: str, subject: UUID) -> None:
        """A target asks for another number from a day on."""
        await self.pass_time(self.random.randint(0, 60))
        await self.do(
            target.adjust_target,
            tenant,
            on=self.before(30),
            tenant_id=self.tenants[tenant],
            target=subject,
            amount=Amount(self.random.randint(1, 9)),
            reason="Điều chỉnh",
        )

    async def describe(self) -> None:
        """An organization is called otherwise, or its area is another one."""
        code = self.random.choice([*self.cells, *self.committees])
        if self.random.random() < 0.4:
            name = f"Chi bộ {self.number}"
            await self.do(
                rename_organization, tenant_of(code), on=self.day, organization=code, name=name
            )
            return
        area = self.random.choice(["ETHNIC_MINORITY_AREA", "RELIGIOUS_AREA"])
        choices: list[tuple[Callable[..., Coroutine[Any, Any, Recorded]], Fields]] = [
            (organization_attribute.assign_characteristic, {"characteristic": area}),
            (organization_attribute.remove_characteristic, {"characteristic": area}),
            (
                organization_attribute.count_members,
                {"official_members": self.random.randint(9, 30)},
            ),
            (organization_attribute.delegate_admission, {"document": "4-QĐ"}),
            (organization_attribute.withdraw_admission, {}),
        ]
        step, fields = self.random.choice(choices)
        fields["tenant_id"] = self.tenants[tenant_of(code)]
        on = self.before(200)
        await self.do(step, tenant_of(code), on=on, subject=organization_id(code), **fields)

    async def register(self) -> None:
        """Something is entered into a register, or becomes of a duty."""
        if self.duties and self.random.random() < 0.5:
            tenant, duty = self.random.choice(self.duties)
            step, fields = self.random.choice(DUTY)
            several = step is obligation.withdraw_obligations
            fields = {**fields, "subjects": (duty,)} if several else {**fields, "subject": duty}
            on = self.before(60)
            await self.do(step, tenant, on=on, tenant_id=self.tenants[tenant], **fields)
            return
        code, on = self.random.choice([*self.cells, *self.committees, ONE, TWO]), self.before(300)
        if self.random.random() < 0.5:
            made = await self.do(
                obligation.impose_obligations,
                tenant_of(code),
                on=on,
                organization=tenant_of(code),
                demand=Demand(kind=ObligationKind.PLAN, title=f"Kế hoạch {self.number}"),
                owners=(obligation.Owner(organization=code),),
            )
            if made is not None:
                self.duties.append((tenant_of(code), made.subject))
            return
        for create, fields in self.random.sample(ENTERED, 2):
            await self.do(create, tenant_of(code), on=on, organization=code, **fields)

    async def reorganize(self) -> None:
        """A plan of a tenant, or from the reform on one of the province, is carried out."""
        is_joint = self.day >= REFORM and self.random.random() < 0.6
        scope = PROVINCE if is_joint else self.random.choice([ONE, TWO])
        changes = [self.handed()] if is_joint else [await self.change(scope)]
        role = Role.PROVINCE if is_joint else Role.BOARD
        on = self.random.choice([self.day, self.day, self.before(60)])
        drafted = await self.do(
            draft_reorganization,
            scope,
            role=role,
            on=on,
            organization=scope,
            title="Đề án",
            planned_on=on,
            changes=tuple(changes),
        )
        if drafted is None:
            return
        fields: Fields = {"tenant_id": self.tenants[scope], "subject": drafted.subject}
        made = await self.do(
            execute_reorganization, scope, role=role, on=on, document="1-NQ", **fields
        )
        if made is None:
            return
        self.plans.append((scope, drafted.subject))
        await self.installation.courier.advance()
        founded = [code for change in changes for code in change.founded()]
        if changes[0].kind is ChangeKind.HAND_OVER:
            founded = [changes[0].destination()]
        self.cells += [code for code in founded if code not in self.cells]

    async def change(self, district: str) -> Change:
        """One of a tenant's own plan."""
        cells = [cell for cell in self.cells if tenant_of(cell) == district]
        chosen, other = self.random.sample(cells, 2)
        commune = self.random.choice([c for c in self.committees if tenant_of(c) == district])
        founding = Founding(superior=commune, name=f"Thôn N{self.number}", kind=K.SUBORDINATE_CELL)
        kind = self.random.choice([ChangeKind.MOVE, ChangeKind.MERGE, ChangeKind.SPLIT])
        if kind is ChangeKind.MOVE:
            return Change(kind=kind, organizations=(chosen,), superior=commune)
        if kind is ChangeKind.MERGE and self.random.random() < 0.5:
            return Change(kind=kind, organizations=(chosen, other), founding=founding)
        if kind is ChangeKind.MERGE:
            return Change(kind=kind, organizations=(chosen,), into=other)
        place = await self.installation.desk.directory.organization(chosen)
        held = await self.installation.desk.cases.held(place.tenant_id, [place.id], self.day)
        sides: tuple[list[UUID], list[UUID]] = ([], [])
        for each in sorted(case.case for case in held):
            self.random.choice(sides).append(each)
        second = Part(founding=founding, candidates=tuple(sides[1]))
        into = self.random.random() < 0.5
        first = (
            Part(into=other, candidates=tuple(sides[0]))
            if into
            else Part(
                founding=Founding(
                    superior=commune, name=f"Thôn M{self.number}", kind=K.SUBORDINATE_CELL
                ),
                candidates=tuple(sides[0]),
            )
        )
        remains = self.random.random() < 0.4
        return Change(kind=kind, organizations=(chosen,), parts=(first, second), remains=remains)

    def handed(self) -> Change:
        """A cell goes over to another tenant."""
        cells = [cell for cell in self.cells if tenant_of(cell) != NEW]
        chosen = self.random.choice(cells)
        there = [cell for cell in self.cells if tenant_of(cell) == NEW]
        if there and self.random.random() < 0.3:
            return Change(
                kind=ChangeKind.HAND_OVER, organizations=(chosen,), into=self.random.choice(there)
            )
        founding = Founding(superior=NEW, name=f"Thôn X{self.number}", kind=K.GRASSROOTS_CELL)
        return Change(kind=ChangeKind.HAND_OVER, organizations=(chosen,), founding=founding)

    async def reverse(self) -> None:
        """The last plan was never true."""
        if not self.plans:
            return
        scope, plan = self.plans.pop()
        role = Role.PROVINCE if scope == PROVINCE else Role.BOARD
        fields: Fields = {"tenant_id": self.tenants[scope], "subject": plan}
        if await self.do(reverse_reorganization, scope, role=role, reason="Nhầm", **fields):
            await self.installation.courier.advance()

    async def do_case(
        self,
        run: Callable[..., Coroutine[Any, Any, Recorded]],
        case: Case,
        on: date,
        **fields: Any,  # noqa: ANN401 - a command's own fields
    ) -> Recorded | None:
        """A command about a case."""
        fields = {"tenant_id": self.tenants[case.tenant], "subject": case.id, **fields}
        made = await self.do(run, case.tenant, on=on, **fields)
        if made is not None:
            case.last = max(case.last, on)
        return made

    async def do(
        self,
        run: Callable[..., Coroutine[Any, Any, Recorded]],
        scope: str,
        *,
        role: Role | None = None,
        on: date | None = None,
        **fields: Any,  # noqa: ANN401 - a command's own fields
    ) -> Recorded | None:
        """A command of a board, or of the province; None for one that is refused."""
        name = getattr(run, "name", None) or run.__name__
        role = role or (Role.PROVINCE if scope == PROVINCE else Role.BOARD)
        command = self.command(scope, role, on)
        desk = self.installation.desk
        tenant_id = fields.get("tenant_id", self.tenants[scope])
        try:
            made: Recorded = await perform(
                desk, tenant_id, command, lambda: run(desk, command, **fields)
            )
        except Refusal as refusal:
            self.counted[f"{name}: {refusal.code}"] += 1
            return None
        self.counted[name] += 1
        code = next(code for code, each in self.tenants.items() if each == made.tenant_id)
        self.done += [(code, p) for p in range(made.first_position, made.last_position + 1)]
        return made

    def command(self, scope: str, role: Role = Role.OPERATOR, on: date | None = None) -> Command:
        """One with an id that follows from its place in the history."""
        self.number += 1
        return Command(
            id=UUID(int=self.random.getrandbits(128)),
            actor=Actor(f"{role}@{scope}", role, scope),
            occurred_on=on or self.day,
            input_hash=b"",
        )

    def before(self, most: int) -> date:
        """Today, or some days before."""
        return self.day - timedelta(days=self.random.choice((0, 0, self.random.randint(0, most))))


def tenant_of(code: str) -> str:
    """The tenant's code of an organization's."""
    return "/".join(code.split("/")[:2])
