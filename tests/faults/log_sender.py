"""How a process of a run sends its commands, and notes what it was told."""

import asyncio
from collections import deque
from contextlib import suppress
from pathlib import Path
from typing import Final
from uuid import UUID

import asyncpg
from tests.faults.history import Assignment, History
from tests.faults.log_commands import Prepared

from db.database import CONNECTION_LOST, DatabaseUnavailable
from domain.events import CREATED, EVENTS
from eventstore.append import Append, Status, Verdict
from eventstore.codec import Codec
from eventstore.group_commit import CommandTooLarge, OutcomeUnknown
from eventstore.key_directory import KeyDirectory
from eventstore.key_renewal import KeyRenewal
from eventstore.records import Records
from eventstore.registry import Registry
from eventstore.store import EventStore
from eventstore.tenant_keys import KeyRing, TenantKey

REMEMBERED: Final = 80


class Sender:
    """What the writers of one process share."""

    def __init__(self, assignment: Assignment, history: History, store: EventStore) -> None:
        self.assignment = assignment
        self.history = history
        self.store = store
        keys = KeyDirectory(Path(assignment.keys))
        self.records = Records(store, Codec(Registry(EVENTS, CREATED)), keys)
        self._ring = KeyRing(keys)
        self._renewal = KeyRenewal(store, keys, self._ring)
        self._key_versions: dict[int, int] = {}
        self.sent: deque[Prepared] = deque(maxlen=REMEMBERED)
        self.known: dict[UUID, int] = {}
        self.finished = asyncio.Event()
        self._invocations = 0

    def invoke(self, fields: dict[str, object]) -> str:
        """Written before anything is sent, so that whatever is in the log is in the history."""
        self._invocations += 1
        name = f"{self.assignment.name}.{self.assignment.start}.{self._invocations}"
        self.history.write("invoke", op=name, **fields)
        return name

    async def send(self, prepared: Prepared) -> Verdict | None:
        """The verdict if it was recorded, now or before; everything else stands in the history.

        Sent again under the tenant's next key when that has been renewed meanwhile.
        """
        while True:
            append = prepared.under(await self._key(prepared.tenant))
            verdict = await self._send_once(prepared, append)
            if verdict is None or verdict.status is not Status.OUTDATED:
                break
            self._key_versions[prepared.tenant] = verdict.key_version
        self.sent.append(prepared)
        return verdict

    async def _send_once(self, prepared: Prepared, append: Append) -> Verdict | None:
        op = self.invoke(prepared.described(append) | {"ordered": True})
        try:
            verdict = await self.store.append(prepared.tenant, append)
        except CommandTooLarge:
            self.history.write("fail", op=op, reason="too_large")
        except asyncpg.PostgresError as error:
            self.history.write("fail", op=op, reason="rejected", error=repr(error))
        except asyncio.CancelledError:
            self.history.write("unknown", op=op, reason="cancelled")
            raise
        except OutcomeUnknown:
            self.history.write("unknown", op=op, reason="outcome_unknown")
        except Exception as error:  # noqa: BLE001 - the checker says whether this may happen
            self.history.write("unknown", op=op, reason=repr(error))
        else:
            return self._note(op, verdict)
        return None

    async def renew(self, prepared: Prepared) -> None:
        """Renew the tenant's key with this receipt, without the person it erases."""
        ops: list[str] = []

        def receipt(key: TenantKey) -> Append:
            append = prepared.under(key)
            ops.append(self.invoke(prepared.described(append) | {"ordered": False}))
            return append

        try:
            verdict = await self._renewal.renew(
                prepared.tenant, without=prepared.erases, receipt=receipt
            )
        except (*CONNECTION_LOST, DatabaseUnavailable):
            for op in ops:
                self.history.write("unknown", op=op, reason="connection_lost")
        except Exception as error:
            for op in ops:
                self.history.write("unknown", op=op, reason=repr(error))
            if not ops:
                raise
        else:
            assert verdict is not None
            self._note(ops[0], verdict)

    async def version(self, tenant: int, stream: UUID) -> int:
        """The version of a stream; what was read stands in the history."""
        known = self.known.get(stream, 0)
        op = self.invoke({"tenant": tenant, "reads": stream})
        events = await self.store.read_stream(tenant, stream, after_version=known)
        found = [(event.version, event.event_id) for event in events]
        self.history.write("read", op=op, stream=stream, after=known, found=found)
        version = events[-1].version if events else known
        self.known[stream] = max(version, self.known.get(stream, 0))
        return version

    async def _key(self, tenant: int) -> TenantKey:
        """The key that the log has last named, as far as is known here."""
        while True:
            version = self._key_versions.get(tenant)
            if version is None:
                with suppress(*CONNECTION_LOST, DatabaseUnavailable):
                    self._key_versions[tenant] = await self.store.key_version(tenant)
                continue
            key = self._ring.cached_key(tenant, version) or await self._ring.key(tenant, version)
            if key is not None:
                return key
            self._key_versions.pop(tenant, None)

    def _note(self, op: str, verdict: Verdict) -> Verdict | None:
        if verdict.status in {Status.RECORDED, Status.REPEATED}:
            first, last = verdict.first_position, verdict.last_position
            self.history.write("ok", op=op, status=verdict.status, first=first, last=last)
            return verdict
        self.history.write("fail", op=op, reason=verdict.status, subject=verdict.subject)
        return verdict if verdict.status is Status.OUTDATED else None
