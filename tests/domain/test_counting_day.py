"""Area groups of an admission: those of the day that counts, whatever the area becomes later."""

from dataclasses import replace
from datetime import date

import pytest
from tests.domain.membership import revoked, striking_off_proposed, struck_off
from tests.domain.steps import CELL, Step, ceremony, decided, given, path, submitted

from domain.admission import decide_admission
from domain.candidate import Candidate, Cell
from domain.groups import unmask
from domain.judgment import Day
from domain.probation import hold_ceremony
from domain.procedure import rule_book
from domain.timeline import UNCOUNTED, timeline

RELIGIOUS = replace(CELL, characteristics=frozenset({"RELIGIOUS_AREA"}))
DECIDED_ON, HELD_ON = date(2023, 7, 3), date(2023, 7, 20)


def decided_in(cell: Cell) -> Step:
    """The decision, with the cell as it stood on its day."""

    def step(case: Candidate) -> object:
        day = Day(DECIDED_ON, rule_book(), None, cell)
        return decide_admission(case, day, decision_number="45-QĐ/HU")

    return step


def held_in(cell: Cell) -> Step:
    """The ceremony, likewise."""
    return lambda case: hold_ceremony(case, Day(HELD_ON, rule_book(), None, cell))


def areas(*steps: Step, cell: Cell = CELL) -> dict[str, tuple[str, ...]]:
    """The area groups of what was counted once, by account."""
    lines = timeline(given(*path(submitted), *steps, cell=cell).case.entries)
    return {
        line.account: tuple(g for g in unmask(line.groups) if g.endswith("_AREA"))
        for line, n in lines.items()
        if n == 1 and ("ADMITTED" in line.account or "UNCOUNTED" in line.account)
    }


@pytest.mark.parametrize(
    ("on_decision", "on_ceremony"), [(RELIGIOUS, CELL), (CELL, RELIGIOUS), (RELIGIOUS, RELIGIOUS)]
)
@pytest.mark.parametrize("at_first", [CELL, RELIGIOUS])
def test_each_counting_day_has_the_area_of_its_own(
    at_first: Cell, on_decision: Cell, on_ceremony: Cell
) -> None:
    """Whatever the area was when the person was identified, the day that counts decides."""
    counted = areas(decided_in(on_decision), held_in(on_ceremony), cell=at_first)

    assert counted == {
        "ADMITTED_BY_DECISION": tuple(on_decision.characteristics),
        "ADMITTED_BY_CEREMONY": tuple(on_ceremony.characteristics),
    }


def test_what_comes_to_nothing_does_so_in_the_groups_of_the_admission() -> None:
    """Counted then and less what came to nothing since agree, group by group."""
    revocation = areas(decided_in(RELIGIOUS), revoked(date(2023, 7, 10)))
    end = [striking_off_proposed(date(2024, 3, 1)), struck_off(date(2024, 3, 20))]
    striking_off = areas(decided_in(RELIGIOUS), held_in(CELL), *end)
    unchanged = areas(decided(), ceremony(), *end, cell=RELIGIOUS)

    assert revocation["UNCOUNTED_BY_DECISION"] == ("RELIGIOUS_AREA",)
    assert [striking_off[account] for account in UNCOUNTED.values()] == [("RELIGIOUS_AREA",), ()]
    assert set(unchanged.values()) == {("RELIGIOUS_AREA",)}
