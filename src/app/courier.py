"""Carries on what several logs record one after the other and a process left between two steps.

Transfers of cases, and reorganizations of several tenants. What the steps are it does not know.

Any number of couriers may run; each step is recorded once.
"""

import asyncio
import logging
from collections.abc import Awaitable
from typing import Final
from uuid import UUID

from commands.hand_over import UNFINISHED, carry_on
from commands.joint_reorganization import UNFINISHED as JOINT_UNFINISHED
from commands.joint_reorganization import carry_on as carry_on_jointly
from commands.ports import Desk
from domain.errors import Refusal, VersionConflict
from domain.reorganization import Reorganization
from eventstore.store import EventStore
from eventstore.wakeups import unless
from projections.structure_record import StructureRecords
from projections.transfer import Transfers

_LOGGER: Final = logging.getLogger("nguon.app")
POLL_S: Final = 2.0


class Courier:
    """One a process."""

    def __init__(
        self, desk: Desk, transfers: Transfers, plans: StructureRecords, store: EventStore
    ) -> None:
        self._desk = desk
        self._transfers = transfers
        self._plans = plans
        self._store = store

    async def run(self, stop: asyncio.Event) -> None:
        """Look after all provinces until `stop` is set."""
        while not stop.is_set():
            try:
                await self.advance()
            except Exception:
                _LOGGER.exception("transfers: a round failed, going on")
            await unless(stop, asyncio.sleep(POLL_S))

    async def advance(self) -> None:
        """Carry on whatever is not waiting for anybody."""
        for tenant in await self._store.tenants():
            province = tenant.tenant_id
            if province != tenant.province_id:
                continue
            for transfer in await self._transfers.of(province, UNFINISHED):
                await self._take(carry_on(self._desk, province, transfer), transfer)
            for plan in await self._plans.all(province, Reorganization, personal=False):
                if plan.state in JOINT_UNFINISHED:
                    await self._take(carry_on_jointly(self._desk, province, plan.id), plan.id)

    async def _take(self, steps: Awaitable[None], what: UUID) -> None:
        try:
            await steps
        except (Refusal, VersionConflict) as later:
            _LOGGER.info("%s is carried on later: %s", what, later)
