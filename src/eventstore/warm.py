"""The records that this process has just written, for the next command on the same one.

A few, for some seconds: they hold personal fields, and another process may have gone on with them.
"""

import time
from collections import OrderedDict
from typing import Final
from uuid import UUID

from domain.record import Record

KEPT_S: Final = 10.0
KEPT_MAX: Final = 1_000


class Warm:
    """Each record is given out once, so no two commands share it."""

    def __init__(self) -> None:
        self._records: OrderedDict[tuple[int, UUID], tuple[float, Record]] = OrderedDict()

    def put(self, tenant_id: int, record: Record) -> None:
        """Keep a record as it stands in the log now."""
        key = tenant_id, record.id
        self._records[key] = time.monotonic(), record
        self._records.move_to_end(key)
        self._drop()

    def take(self, tenant_id: int, record_id: UUID) -> Record | None:
        """The record, which is not kept any more."""
        self._drop()
        found = self._records.pop((tenant_id, record_id), None)
        return None if found is None else found[1]

    def _drop(self) -> None:
        oldest_s = time.monotonic() - KEPT_S
        while self._records:
            key, (kept_s, _) = next(iter(self._records.items()))
            if kept_s >= oldest_s and len(self._records) <= KEPT_MAX:
                break
            del self._records[key]
