"""Signs what each tenant's log has grown to, about every second while it grows.

Any number of processes may do it: one at a time is at a tenant's tree. A log that is not what was
signed before is not signed any more until the operator starts a new epoch; nobody else waits.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import datetime
from typing import Final

from opentelemetry import metrics

from db.database import CONNECTION_LOST, Connection, Database, DatabaseUnavailable
from eventstore.epochs import current_epoch
from eventstore.note import Checkpoint, Signer
from eventstore.signed_memory import MemoryLost, Overtaken, Signed, SignedMemory
from eventstore.store import EventStore
from eventstore.tenants import Tenant
from eventstore.tree import BrokenLog, Tree
from eventstore.wakeups import unless

_LOGGER: Final = logging.getLogger(__name__)
_METER: Final = metrics.get_meter("nguon.eventstore")
_SIGNED: Final = _METER.create_counter("nguon.proof.signed", description="Checkpoints signed")
_STOPPED: Final = _METER.create_gauge(
    "nguon.proof.stopped", description="1 while nothing is signed for a tenant"
)

EVERY_S: Final = 0.9
"""From the beginning of one round to that of the next, and so between checkpoints of a tenant."""
CONCURRENT_MAX: Final = 4
RETRY_S: Final = 5.0

_HEAD: Final = "SELECT head FROM tenant_log WHERE tenant_id = $1"
_NEWEST: Final = """
SELECT size, root FROM signed_checkpoint
WHERE tenant_id = $1 AND epoch = $2
ORDER BY size DESC LIMIT 1
"""
_KEEP: Final = """
INSERT INTO signed_checkpoint (tenant_id, epoch, size, root, note, signed_at)
VALUES ($1, $2, $3, $4, $5, $6)
"""
_REMEDY: Final = (
    "If the database was restored, start a new epoch: nguon epoch start --tenant CODE --reason TEXT"
)


class Refused(Exception):
    """The log is not the one that was signed before; the message is for the operator."""


class Notary:
    """One a process. `now` is the real time (aware)."""

    def __init__(
        self,
        database: Database,
        store: EventStore,
        signer: Signer,
        memory: SignedMemory,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._store = store
        self._signer = signer
        self._memory = memory
        self._now = now
        self._looked: dict[int, int] = {}
        self._retry_at_s: dict[int, float] = {}
        self.stopped: dict[int, str] = {}
        """Why nothing is signed, by tenant."""

    async def run(self, stop: asyncio.Event) -> None:
        """Sign until `stop` is set; outlives a restart of the database."""
        while not stop.is_set():
            began_s = time.monotonic()
            ticket = self._store.ticket()
            try:
                more = await self.advance()
            except (*CONNECTION_LOST, DatabaseUnavailable) as lost:
                _LOGGER.warning("signing goes on once the database is back: %s", lost)
                more = False
            except Exception:
                _LOGGER.exception("a round of signing failed, going on")
                more = False
            if not more:
                await unless(stop, asyncio.sleep(began_s + EVERY_S - time.monotonic()))
                await unless(stop, self._store.wait_for_append(ticket))

    async def advance(self) -> bool:
        """Bring each tree that is behind its log forward, and sign those that have reached it.

        Whether one has not.
        """
        tenants = {tenant.tenant_id: tenant for tenant in await self._store.tenants()}
        if not tenants:
            return False
        heads = await self._store.heads(list(tenants))
        due = [
            (tenants[tenant_id], head)
            for tenant_id, head in heads.items()
            if head != self._looked.get(tenant_id, 0)
            and time.monotonic() >= self._retry_at_s.get(tenant_id, 0)
        ]
        room = asyncio.Semaphore(CONCURRENT_MAX)

        async def one(tenant: Tenant, head: int) -> bool:
            async with room:
                return await self._try(tenant, head)

        return any(await asyncio.gather(*(one(*each) for each in due)))

    async def catch_up(self) -> None:
        """Until every log that can be is signed as a whole."""
        while await self.advance():
            pass

    async def _try(self, tenant: Tenant, head: int) -> bool:
        """Whether there is more to do at once."""
        try:
            async with self._database.tenant(tenant.tenant_id) as connection:
                is_done = await self._advance(connection, tenant)
        except (Refused, BrokenLog, MemoryLost) as reason:
            self._stop(tenant, str(reason))
            return False
        except (Overtaken, DatabaseUnavailable, *CONNECTION_LOST):
            return False
        except Exception as failure:
            _LOGGER.exception("signing the log of %s failed", tenant.code)
            self._stop(tenant, type(failure).__name__)
            return False
        if is_done is None:
            return False
        if not is_done:
            return True
        self._looked[tenant.tenant_id] = head
        if self.stopped.pop(tenant.tenant_id, None):
            _LOGGER.warning("the log of %s is signed again", tenant.code)
            _STOPPED.set(0, {"tenant": tenant.tenant_id})
        return False

    def _stop(self, tenant: Tenant, reason: str) -> None:
        self._retry_at_s[tenant.tenant_id] = time.monotonic() + RETRY_S
        if self.stopped.get(tenant.tenant_id) != reason:
            _LOGGER.error("the log of %s is not signed any more: %s", tenant.code, reason)
        self.stopped[tenant.tenant_id] = reason
        _STOPPED.set(1, {"tenant": tenant.tenant_id})

    async def _advance(self, connection: Connection, tenant: Tenant) -> bool | None:
        """Whether the tree has reached the head and is signed; None if another process is at it."""
        epoch = await current_epoch(connection, tenant)
        tree = await Tree.claim(connection, tenant.tenant_id, epoch)
        if tree is None:
            return None
        head: int = await connection.fetchval(_HEAD, tenant.tenant_id)
        if head < tree.size:
            raise Refused(f"it has {head} events and its tree {tree.size}. {_REMEDY}")
        tree = await tree.grown(head)
        if tree.size < head:
            return False
        if head:
            await self._sign(tenant, tree)
        return True

    async def _sign(self, tenant: Tenant, tree: Tree) -> None:
        """Sign the tree unless it is signed; what is remembered is remembered first."""
        root = await tree.root(tree.size)
        signed = Signed(tree.epoch, tree.size, root)
        remembered = await self._memory.last(tenant.code)
        kept = await tree.connection.fetchrow(_NEWEST, tenant.tenant_id, tree.epoch)
        if kept is not None:
            await _require_grown(Signed(tree.epoch, kept["size"], kept["root"]), tree, root)
        if remembered is not None:
            await _require_grown(remembered, tree, root)
        if remembered != signed:
            await self._memory.advance(tenant.code, remembered, signed)
        if kept is not None and kept["size"] == tree.size:
            return
        note = self._signer.sign(Checkpoint(self._origin(tenant, tree), tree.size, root))
        await tree.connection.execute(
            _KEEP, tenant.tenant_id, tree.epoch, tree.size, root, note, self._now()
        )
        _SIGNED.add(1)

    def _origin(self, tenant: Tenant, tree: Tree) -> str:
        return origin_of(self._signer.name, tenant.code, tree.epoch)


def origin_of(name: str, code: str, epoch: int) -> str:
    """The first line of the checkpoints of a tenant's log in an epoch."""
    return f"{name}/{code}/{epoch}"


async def _require_grown(signed: Signed, tree: Tree, root: bytes) -> None:
    """Raises Refused unless the tree is what was signed, or has grown out of it."""
    if signed.epoch != tree.epoch:
        if signed.epoch > tree.epoch:
            raise Refused(
                f"it is in epoch {tree.epoch}, and epoch {signed.epoch} was signed. {_REMEDY}"
            )
        return
    if signed.size > tree.size:
        raise Refused(f"it has {tree.size} events, and {signed.size} were signed. {_REMEDY}")
    then = root if signed.size == tree.size else await tree.root(signed.size)
    if then != signed.root:
        raise Refused(f"its first {signed.size} events are not those that were signed. {_REMEDY}")
