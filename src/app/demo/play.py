"""Plays the demo's script through the commands of every user, on each tenant's simulated clock.

Command ids follow from the seed and the step, so a demo that was interrupted goes on where it
stopped when it is played again.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta, timezone
from hashlib import sha256
from typing import Final
from uuid import UUID

from app.demo.organizations import PlannedOrganization, settings
from app.demo.recordings import STARTED_ON
from app.demo.reform import Reform, all_tenants, reforms
from app.demo.reorganize import reorganize
from app.demo.script import Parameters, Script, write_script
from app.demo.steps import Step, Verb, actor_for, command_id
from app.demo.verbs import FURTHER
from commands.candidate import (
    assign_helper,
    conclude_vetting,
    decide_admission,
    hold_ceremony,
    identify_candidate,
    list_sympathizer,
    open_dossier,
    recognize_full_member,
    record_cell_vote,
    record_certificate,
    remove_sympathizer,
    submit_dossier,
)
from commands.correction import correct_event
from commands.organization import establish_organization
from commands.perform import perform
from commands.ports import Actor, Command, Desk, Recorded
from commands.target import assign_target, register_target
from commands.tenant import found_tenant
from domain.access import Role
from domain.errors import Conflict, NotFound
from domain.period import year
from domain.target import Amount, TargetBasis, TargetTerms
from domain.text import Text
from projections.read_models import ReadModelBehind

PROVINCE: Final = "lam-dong"
CONCURRENT_MAX: Final = 64
"""Commands under way at a time, over all tenants."""

_ENTRY_TIME: Final = time(17, tzinfo=timezone(timedelta(hours=7)))
_ATTEMPTS: Final = 10
_OPERATOR: Final = "operator"
_LAST: Final = Verb.REGISTER_TARGET
_RUN: Final[dict[str, Callable[..., Awaitable[Recorded]]]] = {
    **FURTHER,
    Verb.ESTABLISH_ORGANIZATION: establish_organization,
    Verb.REGISTER_TARGET: register_target,
    Verb.ASSIGN_TARGET: assign_target,
    Verb.IDENTIFY_CANDIDATE: identify_candidate,
    Verb.ASSIGN_HELPER: assign_helper,
    Verb.LIST_SYMPATHIZER: list_sympathizer,
    Verb.REMOVE_SYMPATHIZER: remove_sympathizer,
    Verb.RECORD_CERTIFICATE: record_certificate,
    Verb.OPEN_DOSSIER: open_dossier,
    Verb.CONCLUDE_VETTING: conclude_vetting,
    Verb.RECORD_CELL_VOTE: record_cell_vote,
    Verb.SUBMIT_DOSSIER: submit_dossier,
    Verb.DECIDE_ADMISSION: decide_admission,
    Verb.HOLD_CEREMONY: hold_ceremony,
    Verb.RECOGNIZE_FULL_MEMBER: recognize_full_member,
    Verb.CORRECT_EVENT: correct_event,
}
_BY_PLACE = (
    Verb.ESTABLISH_ORGANIZATION,
    Verb.REGISTER_TARGET,
    Verb.ASSIGN_TARGET,
    Verb.IDENTIFY_CANDIDATE,
)


@dataclass(frozen=True, slots=True)
class Site:
    """The installation the demo is played in.

    Projections have to run beside it, since commands look up organizations.
    `add_tenant` gives the id of the tenant of a code and adds it, without any entry, where it is
    missing. `set_clock` sets a tenant's stored clock, None for the real one.
    """

    desk: Desk
    add_tenant: Callable[[str], Awaitable[int]]
    set_clock: Callable[[int, datetime | None], Awaitable[None]]


Progress = Callable[[int, int], None]
"""Told how many commands of how many are done."""


async def play(site: Site, parameters: Parameters, progress: Progress) -> bool:
    """Load the demo; False when it is there already. Afterwards all its tenants live in real time.

    Raises Conflict when the installation holds another demo, or organizations that bear the
    demo's codes.
    """
    if await is_loaded(site.desk, parameters):
        await _return_to_real_time(site, parameters)
        return False
    script = write_script(parameters)
    days = _Days()
    desk = replace(site.desk, clock=days)
    player = _Player(site, desk, days, parameters, progress, len(script.steps))
    await player.open_tenants(script.tenants)
    await player.play(script)
    for reform in reforms(parameters.until):
        await player.reform(reform)
    await player.finish()
    await _return_to_real_time(site, parameters)
    return True


async def _return_to_real_time(site: Site, parameters: Parameters) -> None:
    """Let all tenants live in real time; after an interruption here the next call does it again."""
    for code in all_tenants(parameters.until):
        await site.set_clock(await site.desk.directory.tenant_of(code), None)


async def is_loaded(desk: Desk, parameters: Parameters) -> bool:
    """Whether this very demo was played to its end.

    Raises Conflict when the installation holds another one.
    """
    try:
        tenant_id = await desk.directory.tenant_of(PROVINCE)
    except NotFound:
        return False
    try:
        await desk.log.recorded(tenant_id, _founding(PROVINCE, parameters))
        return await desk.log.recorded(tenant_id, _final(parameters)) is not None
    except Conflict as refusal:
        raise _another_demo() from refusal


@dataclass(frozen=True, slots=True)
class _Days:
    """The day of each tenant while the demo lives through its years."""

    of_tenant: dict[int, date] = field(default_factory=dict)

    def today(self, tenant_id: int) -> date:
        """The tenant's day."""
        return self.of_tenant[tenant_id]


@dataclass(slots=True)
class _Player:
    site: Site
    desk: Desk
    days: _Days
    parameters: Parameters
    progress: Progress
    total: int
    done: int = 0
    tenant_ids: dict[str, int] = field(default_factory=dict)
    candidates: dict[str, UUID] = field(default_factory=dict)
    positions: dict[str, int] = field(default_factory=dict)
    room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(CONCURRENT_MAX))

    async def open_tenants(self, planned: Iterable[PlannedOrganization]) -> None:
        """Add the tenants, provinces first."""
        for tenant in planned:
            self.tenant_ids[tenant.code] = await self.site.add_tenant(tenant.code)

    async def play(self, script: Script) -> None:
        """Carry out the whole script."""
        self.progress(0, self.total)
        for tenant in script.tenants:
            await self._set_day(tenant.code, STARTED_ON)
            await self._found(tenant, settings()["established_on"])
        for level in script.organizations:
            await self._together([[step] for step in level])
        async with asyncio.TaskGroup() as lives:
            for tenant_code, days in script.days.items():
                lives.create_task(self._live(tenant_code, days))
        for step in script.together:
            for tenant in script.tenants:
                await self._set_day(tenant.code, step.recorded_on)
            await self._take(step)

    async def finish(self) -> None:
        """The province's own plan for the year to come: by it a loaded demo is known."""
        until = self.parameters.until
        await self._set_day(PROVINCE, until)
        command = _final(self.parameters)
        terms = TargetTerms(basis=TargetBasis.OWN_PLAN, period=year(until.year + 1))
        await perform(
            self.desk,
            self.tenant_ids[PROVINCE],
            command,
            lambda: register_target(
                self.desk,
                command,
                organization=PROVINCE,
                terms=terms,
                amount=Amount(max(1, self.parameters.people // 4)),
                document=f"Dữ liệu minh họa {self.parameters.name}",
            ),
        )

    async def reform(self, reform: Reform) -> None:
        """Found the new tenants, then let the province decide and carry out its plan."""
        await self.open_tenants(reform.founded)
        for code in self.tenant_ids:
            await self._set_day(code, reform.on)
        for tenant in reform.founded:
            succeeds = tuple(old for new, old in reform.succeeds if new == tenant.code)
            await self._found(tenant, reform.on, succeeds)
        await reorganize(self.desk, self.tenant_ids[reform.province], reform, self._order)

    def _order(self, key: str, actor: Actor, on: date) -> Command:
        return _command(key, actor, on, self.parameters)

    async def _live(self, tenant_code: str, days: dict[date, list[Step]]) -> None:
        for day, steps in days.items():
            await self._set_day(tenant_code, day)
            subjects: dict[str, list[Step]] = {}
            for step in steps:
                subjects.setdefault(step.subject, []).append(step)
            await self._together(list(subjects.values()))

    async def _together(self, subjects: list[list[Step]]) -> None:
        """Different subjects at the same time, the steps of one subject one after the other."""
        async with asyncio.TaskGroup() as running:
            for steps in subjects:
                running.create_task(self._in_turn(steps))

    async def _in_turn(self, steps: list[Step]) -> None:
        async with self.room:
            for step in steps:
                await self._take(step)

    async def _take(self, step: Step) -> None:
        tenant_id = self.tenant_ids[step.tenant]
        command = _command(step.key, step.actor, step.occurred_on, self.parameters)
        run = _RUN[step.verb]
        fields = {**step.fields, **self._known(step, tenant_id)}
        try:
            recorded = await self._patiently(
                tenant_id, command, lambda: run(self.desk, command, **fields)
            )
        except Exception as refusal:
            refusal.add_note(f"demo step {step.key}: {step.verb} on {step.occurred_on}")
            raise
        if step.verb is Verb.IDENTIFY_CANDIDATE:
            self.candidates[step.subject] = recorded.subject
        self.positions[step.key] = recorded.first_position
        self.done += 1
        self.progress(self.done, self.total)

    async def _patiently(
        self, tenant_id: int, command: Command, run: Callable[[], Awaitable[Recorded]]
    ) -> Recorded:
        """A slow machine's figures may come later than a user would wait for them."""
        for _ in range(_ATTEMPTS):
            try:
                return await perform(self.desk, tenant_id, command, run)
            except ReadModelBehind:
                continue
        return await perform(self.desk, tenant_id, command, run)

    def _known(self, step: Step, tenant_id: int) -> dict[str, object]:
        """What only the log could tell: which tenant, and unless a story says it, which record."""
        if "subject" in step.fields or "subjects" in step.fields:
            return {"tenant_id": tenant_id}
        if step.verb in _BY_PLACE or not isinstance(step.verb, Verb):
            return {}
        if step.corrects is not None:
            return {"tenant_id": tenant_id, "position": self.positions[step.corrects]}
        return {"tenant_id": tenant_id, "subject": self.candidates[step.subject]}

    async def _set_day(self, tenant_code: str, day: date) -> None:
        tenant_id = self.tenant_ids[tenant_code]
        await self.site.set_clock(tenant_id, datetime.combine(day, _ENTRY_TIME))
        self.days.of_tenant[tenant_id] = day

    async def _found(
        self, tenant: PlannedOrganization, on: date, succeeds: tuple[str, ...] = ()
    ) -> None:
        """Establish a tenant's own organization, which is the operator's to do."""
        tenant_id = self.tenant_ids[tenant.code]
        command = _founding(tenant.code, self.parameters, on)

        async def establish() -> Recorded:
            return await found_tenant(
                self.desk,
                command,
                tenant_id,
                code=tenant.code,
                name=tenant.name,
                kind=tenant.kind,
                succeeds=succeeds,
                document=settings()["document"],
            )

        try:
            await perform(self.desk, tenant_id, command, establish)
        except Conflict as refusal:
            raise _another_demo() from refusal


def _founding(tenant_code: str, parameters: Parameters, on: date | None = None) -> Command:
    """The first command of a tenant: its id is the same for every demo, its input is not."""
    actor = Actor(_OPERATOR, Role.OPERATOR, tenant_code)
    on = on or settings()["established_on"]
    return _command(tenant_code, actor, on, parameters, of_seed=False)


def _final(parameters: Parameters) -> Command:
    """The last command: its id is the same for every demo, its input is not."""
    return _command(
        "complete", actor_for(_LAST, PROVINCE), parameters.until, parameters, of_seed=False
    )


def _command(
    key: str, actor: Actor, occurred_on: date, parameters: Parameters, *, of_seed: bool = True
) -> Command:
    name = f"{parameters.seed}/{key}" if of_seed else key
    return Command(
        id=command_id(name),
        actor=actor,
        occurred_on=occurred_on,
        input_hash=sha256(f"{parameters.name}/{key}".encode()).digest(),
    )


def _another_demo() -> Conflict:
    return Conflict(
        "ANOTHER_DEMO_LOADED",
        Text(
            "Hệ thống đã có dữ liệu khác: chỉ hệ thống trống mới nạp được bộ này.",
            "This installation holds other data already: only an empty one can take this demo.",
        ),
    )
