"""The epochs of a tenant's log, as the log itself tells of them in a stream of its own."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import msgspec

from db.database import Connection
from domain.log import EpochStarted, log_id
from eventstore.tenants import Tenant

FIRST_EPOCH: Final = 1

_STARTED: Final = """
SELECT position, data FROM event
WHERE tenant_id = $1 AND stream_id = $2 AND type = $3
ORDER BY version
"""
_LAST: Final = """
SELECT data FROM event
WHERE tenant_id = $1 AND stream_id = $2
ORDER BY tenant_id DESC, stream_id DESC, version DESC
LIMIT 1
"""


class _Data(msgspec.Struct, rename="camel"):
    epoch: int
    reason: str


_decode: Final = msgspec.json.Decoder(_Data).decode


@dataclass(frozen=True, slots=True)
class Epoch:
    """An epoch that was started, and the position of the event that says so."""

    number: int
    position: int
    reason: str


async def current_epoch(connection: Connection, tenant: Tenant) -> int:
    """The number of the epoch that the log is in."""
    data = await connection.fetchval(_LAST, tenant.tenant_id, log_id(tenant.code))
    return FIRST_EPOCH if data is None else _decode(data).epoch


async def started_epochs(connection: Connection, tenant: Tenant) -> list[Epoch]:
    """All epochs that were started, in the order of the log; the first one never is.

    An event that cannot be read is passed over.
    """
    rows = await connection.fetch(
        _STARTED, tenant.tenant_id, log_id(tenant.code), EpochStarted.TOPIC
    )
    found = []
    for position, data in rows:
        with suppress(msgspec.DecodeError):
            started = _decode(data)
            found.append(Epoch(started.epoch, position, started.reason))
    return found
