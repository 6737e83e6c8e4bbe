"""What is in the logs after a run, by plain SQL past the product's own reading code."""

from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

import asyncpg
from tests.faults.history import History
from tests.faults.log_commands import digest

from eventstore.key_directory import KeyDirectory
from eventstore.sealing import DoesNotOpen, PersonKey, open_thing
from eventstore.tenant_keys import KeyRing

EVENTS: Final = """
SELECT e.tenant_id, e.position, e.event_id, e.stream_id, e.version, e.actor, e.causation_id,
  e.recorded_at, e.data, e.person_id, e.sealed, k.key_version, k.wrapped
FROM event e LEFT JOIN person_key k ON k.tenant_id = e.tenant_id AND k.person_id = e.person_id
ORDER BY e.tenant_id, e.position
"""
COMMANDS: Final = """
SELECT tenant_id, actor, command_id, first_position, last_position FROM command
"""
HEADS: Final = "SELECT tenant_id, head FROM tenant_log"
CLAIMS: Final = "SELECT tenant_id, kind, holder, key_version, sealed FROM reservation"
KEYS: Final = "SELECT tenant_id, person_id FROM person_key"


async def dump(url: str, keys: Path, folder: Path) -> None:
    """Add the history named `log`."""
    history = History(folder, "log")
    ring = KeyRing(KeyDirectory(keys))
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            for row in await connection.fetch(HEADS):
                history.write("head", tenant=row["tenant_id"], position=row["head"])
            async for row in connection.cursor(EVENTS, prefetch=2_000):
                history.write("event", **await _event(row, ring))
            for row in await connection.fetch(COMMANDS):
                history.write("command", **_command(row))
            for row in await connection.fetch(CLAIMS):
                tenant, what = row["tenant_id"], await _thing(row, ring)
                history.write("claim", tenant=tenant, what=what, holder=row["holder"])
            for row in await connection.fetch(KEYS):
                history.write("key", tenant=row["tenant_id"], person=row["person_id"])
    finally:
        await connection.close()
    history.close()


async def _event(row: asyncpg.Record, ring: KeyRing) -> dict[str, object]:
    recorded_at: datetime = row["recorded_at"]
    return {
        "tenant": row["tenant_id"],
        "position": row["position"],
        "id": row["event_id"],
        "stream": row["stream_id"],
        "version": row["version"],
        "actor": row["actor"],
        "command": row["causation_id"],
        "recorded_at": recorded_at.isoformat(timespec="microseconds"),
        "digest": digest(row["data"], row["sealed"]),
        "person": row["person_id"],
        "plain": None if row["sealed"] is None else await _plain(row, ring),
    }


async def _plain(row: asyncpg.Record, ring: KeyRing) -> str:
    """What the sealed fields open to with the keys that are left, or that they do not."""
    tenant: int = row["tenant_id"]
    person: UUID = row["person_id"]
    key = None if row["wrapped"] is None else await ring.key(tenant, row["key_version"])
    if key is None:
        return "no key"
    try:
        opened = PersonKey.unwrap(tenant, person, row["wrapped"], key).open(
            row["stream_id"], row["event_id"], row["sealed"]
        )
    except DoesNotOpen:
        return "does not open"
    return digest(opened, None)


async def _thing(row: asyncpg.Record, ring: KeyRing) -> str:
    """What is reserved, by the key that is left."""
    key = await ring.key(row["tenant_id"], row["key_version"])
    if key is None:
        return "no key"
    try:
        return open_thing(key, row["tenant_id"], row["kind"], row["sealed"])
    except DoesNotOpen:
        return "does not open"


def _command(row: asyncpg.Record) -> dict[str, object]:
    return {
        "tenant": row["tenant_id"],
        "actor": row["actor"],
        "command": row["command_id"],
        "first": row["first_position"],
        "last": row["last_position"],
    }
