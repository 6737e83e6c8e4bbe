"""Carries transfers on that a process left between two steps. What the steps are it does not know.

Any number of couriers may run; each step is recorded once.
"""

import asyncio
import logging
from typing import Final

from commands.hand_over import UNFINISHED, carry_on
from commands.ports import Desk
from domain.errors import Refusal, VersionConflict
from eventstore.store import EventStore
from eventstore.wakeups import unless
from projections.transfer import Transfers

_LOGGER: Final = logging.getLogger("nguon.app")
POLL_S: Final = 2.0


class Courier:
    """One a process."""

    def __init__(self, desk: Desk, transfers: Transfers, store: EventStore) -> None:
        self._desk = desk
        self._transfers = transfers
        self._store = store

    async def run(self, stop: asyncio.Event) -> None:
        """Look after the transfers of all provinces until `stop` is set."""
        while not stop.is_set():
            try:
                await self.advance()
            except Exception:
                _LOGGER.exception("transfers: a round failed, going on")
            await unless(stop, asyncio.sleep(POLL_S))

    async def advance(self) -> None:
        """Carry on each transfer that is not waiting for anybody."""
        for tenant in await self._store.tenants():
            if tenant.tenant_id != tenant.province_id:
                continue
            for transfer in await self._transfers.of(tenant.tenant_id, UNFINISHED):
                try:
                    await carry_on(self._desk, tenant.tenant_id, transfer)
                except (Refusal, VersionConflict) as later:
                    _LOGGER.info("transfer %s is carried on later: %s", transfer, later)
