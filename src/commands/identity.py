"""Keeps one person one case in a province: reserves the identity number there, then records.

Two logs are written one after the other. What is interrupted between them is a reservation that
the same command, sent again, goes on with, and that anybody may take over after a while.
"""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID, uuid4

from commands.perform import ATTEMPTS_MAX
from commands.ports import Command, Desk, Recorded
from commands.scope import tenant_code
from domain import access
from domain.access import Action
from domain.candidate import Candidate
from domain.errors import Conflict, NotFound, Refusal, VersionConflict
from domain.identity import Claimed, Identity, IdentityReason, Keeper
from domain.person import identity_claim
from domain.text import Text


async def save_person(
    desk: Desk, command: Command, tenant_id: int, candidate: Candidate, *others: Candidate
) -> Recorded:
    """As `Log.save`; an identity number that the case takes on is first reserved in the province.

    `others` are saved with it. Without a number nothing is asked or written but the case. Raises
    Conflict (PERSON_KEPT_ELSEWHERE) when another tenant keeps the person: the province is told, the
    caller no more than that.
    """
    now, before = candidate.exclusive(), candidate.held
    if now == before:
        return await desk.log.save(tenant_id, command, candidate, *others, subject=candidate.id)
    first = await desk.log.recorded(tenant_id, command)
    if first is not None:
        return first
    register = await open_register(desk, command, tenant_id, candidate)
    if now - before:
        await register.reserve(now - before)
    try:
        recorded = await desk.log.save(tenant_id, command, candidate, *others, subject=candidate.id)
    except Refusal:
        await register.release(now - before, IdentityReason.REFUSED)
        raise
    await register.release(before - now, IdentityReason.GIVEN_UP)
    return recorded


async def open_register(
    desk: Desk, command: Command, tenant_id: int, candidate: Candidate
) -> "Register":
    """The province's register, for the sake of one case of one of its tenants."""
    cell = await desk.directory.organization_by_id(tenant_id, candidate.organization_id)
    province = await desk.directory.organization(cell.code.partition("/")[0])
    keeper = Keeper(tenant_code(cell.code), candidate.id)
    return Register(desk, command, province.tenant_id, province.id, keeper)


async def identity_passed(
    desk: Desk, command: Command, case: tuple[str, UUID], giver: Keeper, taker: Keeper
) -> None:
    """Let another case keep the identity number of a `case` (tenant and id), if it has one.

    Into another province it is reserved there; whom another tenant of it keeps, that is told of.
    """
    tenant_id = await desk.directory.tenant_of(case[0])
    candidate = await desk.log.load(tenant_id, Candidate, case[1])
    claimed = identity_claim(candidate.identified.identity_number)
    if not claimed:
        return
    register = await _register_of(desk, command, giver)
    if giver.tenant.partition("/")[0] == taker.tenant.partition("/")[0]:
        await register.hand_on(claimed, taker)
        return
    with suppress(Conflict):
        await (await _register_of(desk, command, taker)).reserve(claimed)
    await register.release(claimed, IdentityReason.HANDED_OVER)


async def _register_of(desk: Desk, command: Command, keeper: Keeper) -> "Register":
    province = await desk.directory.organization(keeper.tenant.partition("/")[0])
    return Register(desk, command, province.tenant_id, province.id, keeper)


@dataclass(frozen=True, slots=True)
class Register:
    """The province's identity numbers, for the sake of one case and one command."""

    desk: Desk
    command: Command
    province: int
    office: UUID
    keeper: Keeper

    async def reserve(self, claimed: Claimed) -> bool:
        """Reserve a number for the case, unless somebody else keeps the person. Raises Conflict.

        False when the case has it already.
        """
        for _ in range(ATTEMPTS_MAX):
            held = await self._held(claimed)
            try:
                if held is None:
                    identity = self._new(claimed, self.keeper)
                elif held.keeper == self.keeper:
                    return False
                else:
                    identity = held
                    await self._take_over(identity, claimed)
                await self._save(identity)
            except VersionConflict:
                continue
            except Conflict as taken:
                if taken.code == Identity.held_elsewhere.code:
                    continue
                raise
            return True
        raise VersionConflict

    async def release(self, claimed: Claimed, reason: IdentityReason) -> None:
        """Give a number free, if it is this case that keeps it."""
        while claimed:
            identity = await self._held(claimed)
            if identity is None or identity.keeper != self.keeper:
                return
            identity.release(claimed, reason, on=self._today)
            try:
                await self._save(identity)
            except VersionConflict:
                continue
            return

    async def passed(self, claimed: Claimed, to: Keeper) -> Identity | None:
        """The record of the number with its passing to another case, yet to be saved.

        None when there is no number, or somebody else has it.
        """
        held = await self._held(claimed) if claimed else None
        if held is None:
            return self._new(claimed, to) if claimed else None
        if held.keeper != self.keeper:
            return None
        held.pass_to(to, IdentityReason.HANDED_OVER, on=self._today)
        return held

    async def hand_on(self, claimed: Claimed, to: Keeper) -> None:
        """Let another case keep a number, unless somebody else has it."""
        passed = await self.passed(claimed, to)
        if passed is not None:
            await self._save(passed)

    async def _take_over(self, identity: Identity, claimed: Claimed) -> None:
        """Let an abandoned number pass to this case; tell the province of one that is kept."""
        keeper = identity.keeper
        if keeper is None:
            raise VersionConflict  # Given free a moment ago.
        if not await self._is_kept(identity, keeper, claimed):
            identity.pass_to(self.keeper, IdentityReason.ABANDONED, on=self._today)
            return
        if keeper.tenant == self.keeper.tenant:
            said = Candidate.held_elsewhere
            raise Conflict(said.code, said.text, field=said.field)
        if identity.match(self.keeper, on=self._today):
            await self._save(identity)
        raise _kept_elsewhere()

    async def _is_kept(self, identity: Identity, keeper: Keeper, claimed: Claimed) -> bool:
        if not identity.is_abandoned(self._today):
            return True
        tenant_id = await self.desk.directory.tenant_of(keeper.tenant)
        try:
            found = await self.desk.log.load(tenant_id, Candidate, keeper.candidate_id)
        except (NotFound, Conflict):
            return False  # It never came, or its person is erased.
        if found.facts().handed_over is not None:
            return claimed <= identity_claim(found.identified.identity_number)
        return claimed <= found.exclusive()

    async def _held(self, claimed: Claimed) -> Identity | None:
        ((kind, value),) = claimed
        holder = await self.desk.log.holder(self.province, kind, value)
        if holder is None:
            return None
        return await self.desk.log.load(self.province, Identity, holder)

    def _new(self, claimed: Claimed, keeper: Keeper) -> Identity:
        return Identity.reserve(uuid4(), self.office, claimed, keeper, on=self._today)

    async def _save(self, identity: Identity) -> None:
        aside = replace(self.command, id=uuid4(), input_hash=b"", correlation_id=self.command.id)
        await self.desk.log.save(self.province, aside, identity, subject=identity.id)

    @property
    def _today(self) -> date:
        return self.desk.clock.today(self.province)


async def read_matches(
    desk: Desk, command: Command, province: int, identities: Collection[UUID]
) -> Recorded:
    """Take down that the province's board looks at some matches. Raises NotPermitted."""
    access.require(command.actor.role, Action.READ_MATCHES)
    records = [await desk.log.load(province, Identity, each) for each in sorted(set(identities))]
    for record in records:
        record.read(on=desk.clock.today(province))
    return await desk.log.save(province, command, *records, subject=records[0].id)


def _kept_elsewhere() -> Conflict:
    return Conflict(
        "PERSON_KEPT_ELSEWHERE",
        Text(
            "Một đơn vị khác trong tỉnh đang theo dõi người này; cấp tỉnh đã được báo.",
            "Another unit of the province keeps this person; the province has been told.",
        ),
        field="identityNumber",
    )
