"""Folds a projection anew beside the rows that serve, and lets the new ones take over.

Tenant by tenant: the old rows serve until the new ones are equal to them, or until somebody has
signed off what differs. What was folded stays when it is interrupted, and is gone on with.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Final

from db.database import Connection, Database
from projections.projection import Projection
from projections.refold import SERVING, forget, refold, refold_rest

_REPLACE: Final = """
UPDATE public.checkpoint SET version = $3 WHERE tenant_id = $1 AND projection = $2
"""
_DIFFER: Final = """
SELECT count(*) FROM (
  SELECT * FROM {one}.{table} WHERE tenant_id = $1
  EXCEPT ALL
  SELECT * FROM {other}.{table} WHERE tenant_id = $1
) AS lacking
"""


@dataclass(frozen=True, slots=True)
class Difference:
    """How many rows of a table only the serving fold has, and how many only the new one."""

    table: str
    serving: int
    new: int


class Rebuild:
    """One projection of a newer program, or the same one again."""

    def __init__(self, database: Database, projection: Projection) -> None:
        self._database = database
        self._projection = projection

    async def fold(self, tenant: int) -> AsyncGenerator[tuple[int, int], None]:
        """Fold beside what serves, as far as that has come: how far of how far, each batch.

        Raises Unfoldable.
        """
        async with aclosing(refold(self._database, [self._projection], tenant)) as steps:
            async for step in steps:
                if step.failed is not None:
                    raise step.failed
                yield step.position, step.until

    async def take_over(self, tenant: int, *, signed_off: bool = False) -> list[Difference]:
        """Let the new rows serve if they are equal to the old ones, or what differs is signed off.

        Gives what differs; without a signature and with a difference nothing is changed. The
        serving rows do not move on while they are compared, but they are read.
        """
        name = self._projection.name
        async with self._database.tenant(tenant) as connection:
            until = await connection.fetchval(SERVING + " FOR UPDATE", tenant, name) or 0
            await refold_rest(connection, self._projection, tenant, until)
            differences = await self._differences(connection, tenant)
            if differences and not signed_off:
                return differences
            for table in self._projection.tables:
                await connection.execute(_delete(table), tenant)
                await connection.execute(_copy(table), tenant)
            await connection.execute(_REPLACE, tenant, name, self._projection.version)
            await forget(connection, self._projection, tenant)
        return differences

    async def cancel(self, tenant: int) -> None:
        """Drop what was folded beside; what serves stays."""
        async with self._database.tenant(tenant) as connection:
            await forget(connection, self._projection, tenant)

    async def _differences(self, connection: Connection, tenant: int) -> list[Difference]:
        found = []
        for table in self._projection.tables:
            sides = (("public", "beside"), ("beside", "public"))
            serving, new = [
                await connection.fetchval(_DIFFER.format(one=one, other=other, table=table), tenant)
                for one, other in sides
            ]
            if serving or new:
                found.append(Difference(table, serving, new))
        return found


def _delete(table: str) -> str:
    return f"DELETE FROM public.{table} WHERE tenant_id = $1"  # noqa: S608 (our own names)


def _copy(table: str) -> str:
    return f"INSERT INTO public.{table} SELECT * FROM beside.{table} WHERE tenant_id = $1"  # noqa: S608 (our own names)
