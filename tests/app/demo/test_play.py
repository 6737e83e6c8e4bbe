"""The demo played through the real commands and rules into a log in memory."""

import asyncio
from datetime import date, datetime, timedelta, timezone

import pytest
from tests.app.demo.figures import admissions, findings, stages, targets
from tests.app.demo.memory import Memory

from app.demo import Parameters, is_loaded, play
from app.demo.quotas import LINE_CELL
from domain.case import Stage
from domain.errors import Conflict
from domain.target import TargetBasis

YEAR_END = timezone(timedelta(hours=7))
REACHABLE = set(Stage) - {Stage.IN_TRANSIT, Stage.MERGED}
"""The first is where others count who has left, and the demo merges nobody."""


def year(number: int) -> tuple[date, date]:
    return date(number, 1, 1), date(number, 12, 31)


def end_of(number: int) -> datetime:
    return datetime(number, 12, 31, 23, 59, tzinfo=YEAR_END)


def silent(_done: int, _total: int) -> None:
    """No progress shown."""


def played(parameters: Parameters) -> Memory:
    memory = Memory()
    assert asyncio.run(play(memory.site, parameters, silent))
    return memory


@pytest.fixture(scope="module")
def full() -> Memory:
    return played(Parameters())


@pytest.mark.parametrize(("people", "seed"), [(150, 1), (300, 4), (1500, 9)])
def test_every_stage_has_people_at_any_scale(people: int, seed: int) -> None:
    found = stages(played(Parameters(people=people, seed=seed)), "lam-dong", date(2023, 12, 31))
    assert set(found) == REACHABLE


@pytest.mark.parametrize("seed", [2, 3])
def test_the_minority_admissions_of_bao_lam_are_the_documents_from_1500_people_on(
    seed: int,
) -> None:
    memory = played(Parameters(people=1500, seed=seed))
    found = [
        admissions(memory, "lam-dong/bao-lam", year(y), group="ETHNIC_MINORITY")
        for y in (2022, 2023)
    ]
    assert found == [22, 30]


def test_bao_lam_grew_by_less_than_was_stated_and_the_year_2022_was_known_only_later(
    full: Memory,
) -> None:
    of = {
        y: admissions(full, "lam-dong/bao-lam", year(y), group="ETHNIC_MINORITY")
        for y in (2022, 2023)
    }
    then = admissions(
        full, "lam-dong/bao-lam", year(2022), group="ETHNIC_MINORITY", known=end_of(2022)
    )
    assert of == {2022: 22, 2023: 30}
    assert then < 22
    stated = [t for t in targets(full) if t.document == "100-KH/HU" and t.stated_growth_percent]
    assert [(t.count, t.stated_growth_percent, t.effective_on) for t in stated] == [
        (30, 40.0, date(2023, 4, 20))
    ]
    communes = [
        t for t in targets(full) if t.document == "100-KH/HU" and not t.stated_growth_percent
    ]
    assert sum(t.count or 0 for t in communes) == 30


def test_the_bloc_of_binh_dinh_reached_both_targets_but_did_not_know_it_at_the_end_of_the_year(
    full: Memory,
) -> None:
    final = admissions(full, "binh-dinh/khoi", year(2021))
    youth = admissions(full, "binh-dinh/khoi", year(2021), group="YOUTH_UNION")
    then = admissions(full, "binh-dinh/khoi", year(2021), known=end_of(2021))
    assert final == 205
    assert youth / final > 0.7
    assert then < 200


def test_a_third_of_the_bloc_is_below_half_of_its_term_and_one_organization_just_so(
    full: Memory,
) -> None:
    term = (date(2020, 7, 1), date(2023, 9, 17))
    bloc = {p.id: p.code for p in full.places.values() if p.code.count("/") == 2}
    of_term = {
        bloc[t.organization_id]: t.count or 0
        for t in targets(full)
        if t.basis is TargetBasis.CONGRESS and t.organization_id in bloc
    }
    achieved = {code: admissions(full, code, term) for code in of_term}
    below = {code for code, count in of_term.items() if 2 * achieved[code] < count}
    line = LINE_CELL.rpartition("/")[0]
    assert 0.25 < len(below) / len(of_term) < 0.45
    assert line in below
    assert 2 * (achieved[line] + 1) > of_term[line]
    assert stages(full, line, date(2023, 9, 17))[Stage.SUBMITTED] >= 1


def test_some_committees_are_late_and_only_who_was_just_received_lacks_a_helper(
    full: Memory,
) -> None:
    found = findings(full)
    assert found["T9"] > 0
    assert found["T13"] > 0
    assert found["P2"] == 1


def test_the_tenants_live_in_real_time_afterwards(full: Memory) -> None:
    assert set(full.clocks.values()) == {None}


def test_a_second_demo_changes_nothing_and_another_one_is_refused() -> None:
    memory = played(Parameters(people=100))
    before = {tenant: len(rows) for tenant, rows in memory.rows.items()}
    assert not asyncio.run(play(memory.site, Parameters(people=100), silent))
    for other in (Parameters(people=101), Parameters(people=100, seed=2)):
        with pytest.raises(Conflict):
            asyncio.run(play(memory.site, other, silent))
    assert {tenant: len(rows) for tenant, rows in memory.rows.items()} == before


def test_a_demo_cut_off_anywhere_goes_on_without_doubling_anything() -> None:
    parameters = Parameters(people=100)
    whole = played(parameters)
    memory = Memory(saves_until_failure=20)
    for allowed in (20, 600, 650):
        memory.saves_until_failure = allowed
        with pytest.raises((ExceptionGroup, ConnectionError)):
            asyncio.run(play(memory.site, parameters, silent))
        assert not asyncio.run(is_loaded(memory.site.desk, parameters))
    memory.saves_until_failure = None
    assert asyncio.run(play(memory.site, parameters, silent))
    assert {t: len(r) for t, r in memory.rows.items()} == {t: len(r) for t, r in whole.rows.items()}
    assert stages(memory, "lam-dong", date(2023, 12, 31)) == stages(
        whole, "lam-dong", date(2023, 12, 31)
    )


@pytest.mark.parametrize("short_by", [1, 3, 5, 7, 9])
def test_a_demo_cut_off_between_two_tenants_goes_on_without_doubling_anything(
    short_by: int,
) -> None:
    parameters, enough = Parameters(people=100), 10**6
    whole = Memory(saves_until_failure=enough)
    assert asyncio.run(play(whole.site, parameters, silent))
    assert whole.saves_until_failure is not None
    memory = Memory(saves_until_failure=enough - whole.saves_until_failure - short_by)
    with pytest.raises(ConnectionError):
        asyncio.run(play(memory.site, parameters, silent))
    memory.saves_until_failure = None
    assert asyncio.run(play(memory.site, parameters, silent))
    assert {t: len(r) for t, r in memory.rows.items()} == {t: len(r) for t, r in whole.rows.items()}


def test_progress_counts_every_command_once() -> None:
    seen: list[tuple[int, int]] = []
    asyncio.run(play(Memory().site, Parameters(people=100), lambda *step: seen.append(step)))
    assert [done for done, _ in seen] == list(range(len(seen)))
    assert seen[-1][0] == seen[-1][1]
