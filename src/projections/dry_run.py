"""What a plan would do: the tree with and without it, and how many people count where."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, TypeAlias
from uuid import UUID

from db.database import Database
from domain.case import Stage
from domain.counting import FLOWS
from domain.organization_entry import OrganizationEntry
from domain.part import AssignedToPart
from domain.record import Record
from projections import pipeline, target_progress
from projections.balances import Balances
from projections.held_cases import OVER
from projections.organization import row_of
from projections.read_models import ReadModels
from projections.tree import Node, Tree


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One organization before and after; a node is None where it does not exist.

    `people` are all that count at it and below, `open_cases` those whose pursuit is not over, and
    `targets` those that it holds itself.
    """

    code: str
    before: Node | None
    after: Node | None
    people_before: int
    people_after: int
    open_cases_before: int
    open_cases_after: int
    targets: int

    @property
    def is_one(self) -> bool:
        """Whether anything of it differs."""
        return (
            _said(self.before) != _said(self.after)
            or self.people_before != self.people_after
            or self.open_cases_before != self.open_cases_after
        )


_Sums: TypeAlias = Counter[tuple[UUID, bool]]


class _Count(NamedTuple):
    """How many people stand at a stage at a node."""

    at: Node | None
    stage: Stage
    n: int


async def effects(
    database: Database,
    read_models: ReadModels,
    on: date,
    changed: Mapping[int, Sequence[Record]],
) -> list[Effect]:
    """What the pending entries of each tenant's records change on a day, in the order of codes.

    Every organization whose attributes, superior or numbers differ is listed.
    """
    pending = [
        (tenant_id, entry)
        for tenant_id, records in changed.items()
        for record in records
        for entry in record.pending_events
    ]
    rows = [
        row_of(tenant_id, 0, entry)
        for tenant_id, entry in pending
        if isinstance(entry, OrganizationEntry)
    ]
    tenants = list(changed)
    before = await read_models.tree(tenants, on)
    after = await read_models.tree(tenants, on, rows)
    positions = await read_models.positions(tenants)
    async with database.rollup(tenants) as connection:
        standing = await Balances(positions).of_units(connection, on, None)
        stated = await target_progress.targets(connection, positions, on)
    counted = [(unit, Stage(account), n) for unit, account, n in standing if account not in FLOWS]
    assigned = {e.originator_id: e for _, e in pending if isinstance(e, AssignedToPart)}
    found = []
    for tenant_id in {tenant_id for tenant_id, e in pending if isinstance(e, AssignedToPart)}:
        units = _divided(before, assigned.values())
        async with database.tenant(tenant_id) as connection:
            found += await pipeline.persons(
                connection, tenant_id, positions[tenant_id], on, units, 0
            )
    parts = [(who, assigned[who.person]) for who in found if who.person in assigned]
    sums = _sums(_Count(before.place(unit), stage, n) for unit, stage, n in counted)
    later = _sums(
        [
            *(_Count(after.place(unit), stage, n) for unit, stage, n in counted),
            *(_Count(after.place(who.unit), who.stage, -1) for who, _ in parts),
            *(_Count(after.get(part.organization_id), who.stage, 1) for who, part in parts),
        ]
    )
    return _differing(before, after, sums, later, stated)


def _divided(before: Tree, assigned: Iterable[AssignedToPart]) -> list[UUID]:
    """The units that count at organizations which are to be divided, or below them."""
    nodes = {node for each in assigned if (node := before.get(each.divided_id)) is not None}
    return [unit for node in nodes for unit in before.units(node)]


def _differing(
    before: Tree,
    after: Tree,
    sums: _Sums,
    later: _Sums,
    stated: target_progress.Targets,
) -> list[Effect]:
    every = [
        Effect(
            code=life.code,
            before=before.get(life.id),
            after=after.get(life.id),
            people_before=sums[life.id, False],
            people_after=later[life.id, False],
            open_cases_before=sums[life.id, True],
            open_cases_after=later[life.id, True],
            targets=len(stated.held_by(life.id)),
        )
        for life in after.lives.values()
    ]
    return sorted((each for each in every if each.is_one), key=lambda each: each.code)


def _sums(counts: Iterable[_Count]) -> _Sums:
    """People of each node's whole subtree, once all of them and once those with open cases."""
    sums: _Sums = Counter()
    for at, stage, n in counts:
        for node in () if at is None else at.path():
            sums[node.id, False] += n
            if stage not in OVER:
                sums[node.id, True] += n
    return sums


def _said(node: Node | None) -> tuple[object, ...] | None:
    if node is None:
        return None
    above = None if node.parent is None else node.parent.id
    return node.name, node.kind, above, node.characteristics, node.admits
