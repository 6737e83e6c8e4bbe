"""Reserves the identity number of a case that was recorded before numbers were reserved.

Nothing of the case changes. The operator's tool asks for one case after the other.
"""

from enum import StrEnum
from uuid import UUID

from commands.identity import open_register
from commands.ports import Command, Desk
from domain.candidate import Candidate
from domain.errors import Conflict, NotFound


class Backfilled(StrEnum):
    """What came of one case."""

    RESERVED = "reserved"
    KEPT = "kept"
    """It has its number already."""
    MATCHED = "matched"
    """Another case keeps the person, and the province's board is told, once."""
    WITHOUT = "without"
    """It has no number, or has ended here."""


async def reserve_existing(desk: Desk, command: Command, tenant_id: int, case: UUID) -> Backfilled:
    """Reserve the number of a case, as its identification would. Asking again changes nothing."""
    try:
        candidate = await desk.log.load(tenant_id, Candidate, case)
    except (NotFound, Conflict):
        return Backfilled.WITHOUT  # The person's data are erased.
    claimed = candidate.exclusive()
    if not claimed:
        return Backfilled.WITHOUT
    register = await open_register(desk, command, tenant_id, candidate)
    try:
        is_new = await register.reserve(claimed)
    except Conflict:
        return Backfilled.MATCHED
    return Backfilled.RESERVED if is_new else Backfilled.KEPT
