"""The clock of a process.

The real time or one that starts elsewhere and ticks on, and the simulated clocks of tenants.
"""

import time
from datetime import UTC, date, datetime, timedelta

from domain.calendar import VIETNAM


class Clock:
    """`starts_at` (aware) is the time it shows when it is made; None means the real time.

    A tenant's simulated clock stands in the database, where the log reads it; here it is only
    mirrored.
    """

    def __init__(self, starts_at: datetime | None = None) -> None:
        self._starts_at = starts_at
        self._made_at_s = time.monotonic()
        self._simulated: dict[int, datetime] = {}

    def now(self) -> datetime:
        """The time, aware UTC; no tenant's."""
        if self._starts_at is None:
            return datetime.now(UTC)
        return self._starts_at + timedelta(seconds=time.monotonic() - self._made_at_s)

    def today(self, tenant_id: int) -> date:
        """The day in Vietnam by the tenant's clock."""
        return self._simulated.get(tenant_id, self.now()).astimezone(VIETNAM).date()

    def simulate(self, tenant_id: int, moment: datetime | None) -> None:
        """Let a tenant live at a time of its own (aware), or return it to this clock with None."""
        if moment is None:
            self._simulated.pop(tenant_id, None)
        else:
            self._simulated[tenant_id] = moment
