"""What is due by the rows that the projection keeps, and by the facts of each person on the day.

The recount folds each record as it stands on the asked day and places it in the replay's own tree;
it shares with the rows only what the domain says is due of the facts of one day.
"""

from collections import Counter
from uuid import UUID

from app.installation import Installation
from app.replay.command import reader_of
from app.replay.figures import Figures
from app.replay.person import Person
from domain.due import dues
from domain.due_kind import OF_CASES, DueKind, horizon
from domain.groups import YOUTH_AGE
from domain.procedure import rule_book
from projections.due_list import asked, due_counts, dues_of_cases
from projections.rollup import Rollup


async def compare_dues(installation: Installation, rollup: Rollup, replayed: Figures) -> int:
    """How much is due in the root; fails where an organization has not the same in both ways."""
    day = rollup.basis.effective
    within = (None, 0, 30, 1830)[day.toordinal() % 4]
    again = await recounted(installation, replayed, within)
    found = 0
    for node in rollup.root.subtree():
        counts = {each.kind: each for each in await due_counts(rollup, node, within)}
        for kind in DueKind:
            late, coming = again[node.id, kind, True], again[node.id, kind, False]
            shown = (counts[kind].late, counts[kind].coming) if kind in counts else (0, 0)
            assert shown == (late, coming), (node.code, kind, day)
            found += late + coming if node is rollup.root else 0
    tenant = rollup.root.tenant_id
    async with installation.database.tenant(tenant) as connection:
        listed = await dues_of_cases(
            connection,
            tenant,
            rollup.basis.positions[tenant],
            day,
            rollup.tree.units(rollup.root),
            asked(OF_CASES, day, within_days=within),
            limit=10_000,
        )
    assert sorted(listed) == listed
    assert len(listed) == found or len(rollup.basis.positions) > 1
    return found


async def recounted(
    installation: Installation, replayed: Figures, within: int | None
) -> Counter[tuple[UUID, DueKind, bool]]:
    """How much is due in each organization and all below it, by kind, late or not."""
    day = replayed.clocks.effective
    counts: Counter[tuple[UUID, DueKind, bool]] = Counter()
    async for entries in reader_of(installation).people(replayed.positions):
        person = Person(entries, day)
        if person.unit is None or person.stage is None:
            continue
        place = replayed.tree.place(person.unit)
        for each in dues(person.case, rule_book(), day, young=YOUTH_AGE in person.groups):
            stands = each.raised_on <= day < each.lapses_on
            if stands and each.due_on <= horizon(each.kind, day, within):
                for node in replayed.tree.path(place) if place is not None else ():
                    counts[node, each.kind, each.due_on < day] += 1
    return counts
