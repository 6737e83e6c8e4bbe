"""Which cases an organization handles, for commands that are to end or to divide it."""

from collections.abc import Collection
from datetime import date
from typing import Final
from uuid import UUID

from commands.ports import HeldCase
from db.database import Database
from domain.case import Stage
from eventstore.position import Position
from eventstore.store import EventStore
from projections import pipeline
from projections.read_models import ReadModels

OVER: Final = frozenset(
    {
        Stage.FULL_MEMBER,
        Stage.REMOVED,
        Stage.WITHDRAWN,
        Stage.REFUSED,
        Stage.STRUCK_OFF,
        Stage.DECEASED,
        Stage.TRANSFERRED_OUT,
        Stage.DECISION_REVOKED,
    }
)
"""The stages of a case that nobody works on any more."""


class HeldCases:
    """Implements `commands.ports.Cases`."""

    def __init__(self, database: Database, read_models: ReadModels, store: EventStore) -> None:
        self._database = database
        self._read_models = read_models
        self._store = store

    async def held(
        self, tenant_id: int, organizations: Collection[UUID], on: date
    ) -> list[HeldCase]:
        """The cases that some organizations handle in the tree of a day, by what is known now.

        Raises ReadModelBehind.
        """
        heads = await self._store.heads([tenant_id])
        await self._read_models.wait_for(Position.of(heads), [tenant_id])
        tree = await self._read_models.tree([tenant_id], on)
        units = {
            unit: node.id
            for each in organizations
            if (node := tree.get(each)) is not None
            for unit in tree.units(node)
            if (at := tree.place(unit)) is not None and at is node
        }
        async with self._database.tenant(tenant_id) as connection:
            found = await pipeline.persons(
                connection, tenant_id, heads[tenant_id], date.max, list(units), 0
            )
        return [
            HeldCase(who.person, units[who.unit], who.stage not in OVER)
            for who in sorted(found, key=lambda who: who.person)
        ]
