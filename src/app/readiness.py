"""Whether this installation can answer fully.

Migrated, demo loaded where asked, projections caught up; and which of them stand still.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from eventstore.store import EventStore
from projections.progress import Progress
from projections.runner import Runner

Check = Callable[[], Awaitable[bool]]
Standing = dict[str, str | int | None]


@dataclass(frozen=True, slots=True)
class Checks:
    """Words for an operator, each with the check that has to hold."""

    checks: dict[str, Check]
    runner: Runner
    store: EventStore

    async def missing(self) -> list[str]:
        """The words of the checks that do not hold; a check that fails does not hold."""
        return [words for words, check in self.checks.items() if not await _holds(check)]

    async def standing(self) -> list[Standing]:
        """The projections that are stopped, or that nobody moves though they are behind.

        None when the database cannot say; a check above tells then.
        """
        try:
            codes = {tenant.tenant_id: tenant.code for tenant in await self.store.tenants()}
            found = await self.runner.standing_still()
        except Exception:  # noqa: BLE001 - as for any check
            return []
        return [_told(codes[each.tenant_id], each) for each in found]


def _told(code: str, each: Progress) -> Standing:
    stop = each.stop
    return {
        "projection": each.projection,
        "tenant": code,
        "position": each.position,
        "lag": each.lag,
        "seconds": round(each.waiting_s),
        "reason": "its checkpoint does not move" if stop is None else stop.reason,
        "since": None if stop is None else stop.since.isoformat(timespec="seconds"),
    }


async def _holds(check: Check) -> bool:
    try:
        return await check()
    except Exception:  # noqa: BLE001 - whatever is wrong, it is not ready
        return False
