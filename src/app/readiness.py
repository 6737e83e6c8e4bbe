"""Whether this installation can answer fully.

Migrated, demo loaded where asked, projections caught up.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

Check = Callable[[], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Checks:
    """Words for an operator, each with the check that has to hold."""

    checks: dict[str, Check]

    async def missing(self) -> list[str]:
        """The words of the checks that do not hold; a check that fails does not hold."""
        return [words for words, check in self.checks.items() if not await _holds(check)]


async def _holds(check: Check) -> bool:
    try:
        return await check()
    except Exception:  # noqa: BLE001 - whatever is wrong, it is not ready
        return False
