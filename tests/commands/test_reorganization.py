"""Reorganizations: nobody is lost or moved in an older tree, and all of it can be taken back."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.commands.memory import (
    CELL,
    COMMITTEE,
    DISTRICT,
    GRASSROOTS_CELL,
    NEIGHBOR,
    Memory,
    command,
    furnished,
)
from tests.profile import at_length

from commands.candidate import identify_candidate, list_sympathizer
from commands.organization import establish_organization
from commands.ports import Recorded
from commands.reorganization import (
    draft_reorganization,
    execute_reorganization,
    reverse_reorganization,
    revise_reorganization,
)
from domain.access import Role
from domain.candidate import Person
from domain.change import Change, ChangeKind, Founding, Part
from domain.errors import Conflict, NotFound, NotPermitted, Refusal, RuleViolated
from domain.groups import Sex
from domain.organization import OrganizationKind
from projections.directory import ref_of_code

TENANT = 2
FIRST = date(2022, 1, 10)
OTHER = f"{DISTRICT}/loc-an"
THIRD = f"{OTHER}/thon-7"
CELLS = (CELL, NEIGHBOR, THIRD)
K = OrganizationKind


async def inhabited(people: int = 2) -> tuple[Memory, list[UUID]]:
    """Two committees with three cells and a grassroots cell, each with people since 2022."""
    memory = await furnished()
    for parent, name, kind in (
        (DISTRICT, "Xã Lộc An", K.GRASSROOTS_COMMITTEE),
        (OTHER, "Thôn 7", K.SUBORDINATE_CELL),
    ):
        await establish_organization(
            memory.desk, command(on=date(2021, 1, 4)), parent=parent, name=name, kind=kind
        )
    cases = []
    for cell in (*CELLS, GRASSROOTS_CELL):
        for number in range(people):
            person = Person(
                full_name=f"Người {number}", birth_date=date(1990, 1, 1), sex=Sex.FEMALE
            )
            on = FIRST + timedelta(days=number)
            made = await identify_candidate(
                memory.desk, command(on=on), organization=cell, person=person
            )
            cases.append(made.subject)
    return memory, cases


async def drafted(memory: Memory, on: date, *changes: Change) -> dict[str, Any]:
    """A plan for a day, as commands name it."""
    made = await draft_reorganization(
        memory.desk,
        command(on=on),
        organization=DISTRICT,
        title="Sắp xếp",
        planned_on=on,
        changes=changes,
    )
    return {"tenant_id": TENANT, "subject": made.subject}


async def executed(memory: Memory, on: date, *changes: Change) -> dict[str, Any]:
    """A plan that was carried out on its day."""
    plan = await drafted(memory, on, *changes)
    await execute_reorganization(memory.desk, command(on=on), **plan, document="1-QĐ/HU")
    return plan


async def reversed_(memory: Memory, plan: dict[str, Any]) -> Recorded:
    """Take a plan's execution back."""
    return await reverse_reorganization(
        memory.desk, command(on=date(2024, 11, 1)), **plan, reason="Ghi nhầm"
    )


def every_figure(
    memory: Memory, days: list[date], known: int | None = None
) -> dict[tuple[date, date], Counter[tuple[str, str]]]:
    """The figures of each pair of a day and a tree."""
    return {
        (effective, on): memory.figures(TENANT, effective, on, known)
        for effective in days
        for on in days
    }


def merge(*organizations: str, into: str) -> Change:
    """They go into one that is there."""
    return Change(kind=ChangeKind.MERGE, organizations=organizations, into=into)


def founding(name: str, superior: str = COMMITTEE) -> Founding:
    """A new cell."""
    return Founding(superior=superior, name=name, kind=K.SUBORDINATE_CELL)


MERGED = date(2023, 3, 1)
DAYS = [date(2022, 1, 9), date(2022, 6, 1), date(2023, 2, 28), MERGED, date(2024, 1, 1)]


async def test_before_is_after_a_merger() -> None:
    """On each day the successor has what its predecessors had, in the older trees they do."""
    memory, _ = await inhabited()
    before = every_figure(memory, DAYS)
    await executed(memory, MERGED, merge(CELL, THIRD, into=NEIGHBOR))
    after = every_figure(memory, DAYS)

    assert {key: figures for key, figures in after.items() if key[1] < MERGED} == {
        key: figures for key, figures in before.items() if key[1] < MERGED
    }
    assert after[date(2024, 1, 1), MERGED][NEIGHBOR, "IDENTIFIED"] == 6
    assert after[date(2024, 1, 1), MERGED][OTHER, "IDENTIFIED"] == 0
    assert after[date(2024, 1, 1), MERGED][DISTRICT, "IDENTIFIED"] == 8


async def test_a_split_refines_the_past_of_those_assigned() -> None:
    """Each person counts at the part from that day on and at the whole before, in every figure."""
    memory, cases = await inhabited()
    one, two = cases[:2]
    parts = (
        Part(founding=founding("Thôn 1A"), candidates=(one,)),
        Part(founding=founding("Thôn 1B"), candidates=(two,)),
    )
    before = every_figure(memory, DAYS)
    await executed(
        memory, MERGED, Change(kind=ChangeKind.SPLIT, organizations=(CELL,), parts=parts)
    )
    await list_sympathizer(memory.desk, command(on=date(2023, 4, 1)), tenant_id=TENANT, subject=one)
    after = every_figure(memory, DAYS)
    new = f"{COMMITTEE}/thon-1a"

    for (effective, on), figures in after.items():
        if on < MERGED and effective < date(2023, 4, 1):
            assert figures == before[effective, on]
        if on >= MERGED and effective < date(2023, 4, 1):
            assert figures[new, "IDENTIFIED"] == before[effective, on][CELL, "IDENTIFIED"] / 2
    last = date(2024, 1, 1)
    assert after[last, date(2022, 6, 1)][CELL, "SYMPATHIZER"] == 1
    assert after[last, date(2022, 6, 1)][CELL, "IDENTIFIED"] == 1
    assert after[last, last][new, "SYMPATHIZER"] == 1
    assert memory.log[TENANT][-1].organization_id == memory.tree(TENANT).find(new).id  # type: ignore[union-attr]


async def test_a_split_is_refused_while_somebody_is_left() -> None:
    """All open cases are assigned before the whole ends; nothing of the plan is recorded."""
    memory, cases = await inhabited()
    parts = (
        Part(founding=founding("Thôn 1A"), candidates=(cases[0],)),
        Part(founding=founding("Thôn 1B")),
    )
    plan = await drafted(
        memory,
        MERGED,
        Change(kind=ChangeKind.RENAME, organizations=(NEIGHBOR,), name="Chi bộ thôn Hai"),
        Change(kind=ChangeKind.SPLIT, organizations=(CELL,), parts=parts),
    )
    sizes = memory.sizes()
    with pytest.raises(RuleViolated) as refusal:
        await execute_reorganization(memory.desk, command(on=MERGED), **plan, document="1")

    assert (refusal.value.code, memory.sizes()) == ("OPEN_CASES_REMAIN", sizes)


async def test_a_reversal_is_refused_when_something_stands_on_it() -> None:
    """Who was identified in the new cell must be dealt with first."""
    memory, _ = await inhabited()
    change = Change(
        kind=ChangeKind.MERGE, organizations=(CELL, NEIGHBOR), founding=founding("Liên Hợp")
    )
    plan = await executed(memory, MERGED, change)
    await identify_candidate(
        memory.desk,
        command(on=date(2023, 5, 1)),
        organization=f"{COMMITTEE}/lien-hop",
        person=Person(full_name="Người mới", birth_date=date(1990, 1, 1), sex=Sex.MALE),
    )
    sizes = memory.sizes()
    with pytest.raises(Conflict) as refusal:
        await reversed_(memory, plan)

    assert (refusal.value.code, memory.sizes()) == ("EVENT_HAS_SUCCESSORS", sizes)


async def test_after_a_reversal_the_plan_can_be_made_again() -> None:
    """The same new code is borne again, and a counter-plan undoes a move from its own day on."""
    memory, _ = await inhabited()
    change = Change(
        kind=ChangeKind.MERGE, organizations=(CELL, NEIGHBOR), founding=founding("Liên Hợp")
    )
    untouched = every_figure(memory, DAYS)
    await reversed_(memory, await executed(memory, MERGED, change))
    assert every_figure(memory, DAYS) == untouched
    plan = await executed(memory, MERGED, change)
    with pytest.raises(Conflict):
        await revise_reorganization(
            memory.desk,
            command(on=MERGED),
            **plan,
            title="Khác",
            planned_on=MERGED,
            changes=(change,),
        )

    moved, back = date(2023, 6, 1), date(2023, 9, 1)
    cell = f"{COMMITTEE}/lien-hop"
    before = memory.figures(TENANT, back, date(2023, 5, 31))
    move = {"kind": ChangeKind.MOVE, "organizations": (cell,)}
    await executed(memory, moved, Change(**move, superior=OTHER))  # type: ignore[arg-type]
    assert memory.figures(TENANT, back, moved) != before
    await executed(memory, back, Change(**move, superior=COMMITTEE))  # type: ignore[arg-type]
    assert memory.figures(TENANT, back, back) == before
    assert memory.figures(TENANT, back, moved) != before


async def test_a_committee_decides_on_what_stands_below_it() -> None:
    """A cell's own office changes nothing of it, and a commune's office no grassroots cell."""
    memory, _ = await inhabited()
    change = merge(GRASSROOTS_CELL, into=GRASSROOTS_CELL)
    for role, scope, error in (
        (Role.GRASSROOTS, DISTRICT, NotPermitted),
        (Role.BOARD, GRASSROOTS_CELL, NotPermitted),
        (Role.GRASSROOTS, COMMITTEE, NotFound),
    ):
        plan = await drafted(memory, MERGED, change)
        with pytest.raises((error, NotFound)):
            await execute_reorganization(
                memory.desk, command(role, scope, on=MERGED), **plan, document="1"
            )


@dataclass
class Story:
    """Random plans on rising days, and what was true before each."""

    memory: Memory
    cases: list[UUID]
    on: date = date(2022, 3, 1)
    plans: list[tuple[dict[str, Any], date, int]] = field(default_factory=list)

    def days(self) -> list[date]:
        """The days between which something changes."""
        return [
            date(2022, 1, 15),
            *(on + timedelta(days=d) for _, on, _ in self.plans for d in (-1, 0)),
            date(2024, 6, 1),
        ]

    def cells(self) -> list[str]:
        """The subordinate cells of the day."""
        nodes = self.memory.tree(TENANT, self.on).nodes()
        return sorted(node.code for node in nodes if node.kind is K.SUBORDINATE_CELL)

    async def plan(self, data: st.DataObject) -> None:
        """One random plan; one that is refused leaves everything as it was."""
        self.on += timedelta(days=30)
        known = len(self.memory.log[TENANT])
        cells = self.cells()
        chosen = data.draw(st.sampled_from(cells))
        superior = data.draw(st.sampled_from([COMMITTEE, OTHER]))
        others = [cell for cell in cells if cell != chosen]
        changes = [
            Change(kind=ChangeKind.MOVE, organizations=(chosen,), superior=superior),
            await self._split(chosen, data),
            Change(
                kind=ChangeKind.MERGE,
                organizations=(chosen,),
                founding=founding(f"Thôn {known}", superior),
            ),
            *(merge(chosen, into=other) for other in others),
        ]
        try:
            done = await executed(self.memory, self.on, data.draw(st.sampled_from(changes)))
        except Refusal:
            return
        self.plans.append((done, self.on, known))

    async def _split(self, chosen: str, data: st.DataObject) -> Change:
        known = len(self.memory.log[TENANT])
        tree = self.memory.tree(TENANT, self.on)
        node = tree.find(chosen)
        assert node is not None
        held = await self.memory.held(TENANT, [node.id], self.on)
        first: list[UUID] = []
        second: list[UUID] = []
        for case in held:
            data.draw(st.sampled_from([first, second])).append(case.case)
        existing = [cell for cell in self.cells() if cell != chosen]
        into = data.draw(st.sampled_from([None, *existing]))
        part = (
            Part(founding=founding(f"Thôn {known}A"), candidates=tuple(first))
            if into is None
            else Part(into=into, candidates=tuple(first))
        )
        return Change(
            kind=ChangeKind.SPLIT,
            organizations=(chosen,),
            remains=data.draw(st.booleans()),
            parts=(part, Part(founding=founding(f"Thôn {known}B"), candidates=tuple(second))),
        )

    def check(self) -> None:
        """Everybody counts once in every tree, every code leads somewhere, older trees stay."""
        days = self.days()
        now = every_figure(self.memory, days)
        for effective in days:
            expected = self.memory.figures(TENANT, effective, FIRST, self.plans[0][2])
            totals = [_total(now[effective, on], DISTRICT) for on in days]
            assert totals == [_total(expected, DISTRICT)] * len(days)
        for _, on, known in self.plans:
            for effective in days:
                for older in (day for day in days if day < on):
                    then = self.memory.figures(TENANT, effective, older, known)
                    assert then == now[effective, older]
        tree = self.memory.tree(TENANT)
        assert all(ref_of_code(tree, life.code) is not None for life in tree.lives.values())


def _total(figures: Counter[tuple[str, str]], code: str) -> int:
    return sum(n for (of, _), n in figures.items() if of == code)


@settings(max_examples=at_length(20), deadline=None)
@given(st.data())
def test_random_reorganizations_keep_everybody_and_can_all_be_taken_back(
    data: st.DataObject,
) -> None:
    """Plans in any order; then each reversal restores every figure of every tree."""

    async def play() -> None:
        memory, cases = await inhabited()
        story = Story(memory, cases)
        for _ in range(data.draw(st.integers(1, 4))):
            await story.plan(data)
        if not story.plans:
            return
        story.check()
        days = story.days()
        for plan, _, known in reversed(story.plans):
            await reversed_(memory, plan)
            assert every_figure(memory, days) == every_figure(memory, days, known)

    asyncio.run(play())
