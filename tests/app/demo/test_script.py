"""The demo's script before it is played: deterministic, nothing in the future, cases in order."""

from collections import Counter, defaultdict
from datetime import date, timedelta

import pytest

from app.demo.organizations import organizations, tenants
from app.demo.quotas import people_of_tenants, slots
from app.demo.recordings import STARTED_ON
from app.demo.script import Parameters, Script, write_script
from app.demo.steps import Step, Verb
from domain.calendar import add_working_days
from domain.candidate import Person
from domain.errors import InvalidInput
from domain.organization import OrganizationKind

SCALES = (100, 300, 3000)


@pytest.fixture(scope="module", params=SCALES)
def script(request: pytest.FixtureRequest) -> Script:
    people: int = request.param
    return write_script(Parameters(people=people, seed=5))


def cases(script: Script) -> dict[str, list[Step]]:
    found: dict[str, list[Step]] = defaultdict(list)
    for step in script.steps:
        other = {Verb.ESTABLISH_ORGANIZATION, Verb.REGISTER_TARGET, Verb.ASSIGN_TARGET}
        if step.verb not in other and not step.subject.startswith("story/"):
            found[step.subject].append(step)
    return found


def test_the_same_parameters_give_the_same_script() -> None:
    assert write_script(Parameters(people=300)).steps == write_script(Parameters(people=300)).steps


def test_another_seed_gives_other_people() -> None:
    first, second = (
        {
            step.fields["person"]
            for step in write_script(Parameters(people=300, seed=seed)).steps
            if isinstance(step.fields.get("person"), Person)
        }
        for seed in (1, 2)
    )
    assert not first & second


def test_an_earlier_end_is_the_beginning_of_a_later_one() -> None:
    early = write_script(Parameters(people=300, until=date(2022, 6, 30)))
    late = write_script(Parameters(people=300))
    kept = [step for step in late.steps if step.recorded_on <= date(2022, 6, 30)]
    assert sorted(s.key for s in early.steps) == sorted(s.key for s in kept)


def test_nothing_is_recorded_before_it_happened_or_after_the_end(script: Script) -> None:
    for step in script.steps:
        assert step.occurred_on <= step.recorded_on <= date(2023, 12, 31), step.key


def test_the_entries_of_a_case_are_recorded_in_order(script: Script) -> None:
    for steps in cases(script).values():
        days = [step.recorded_on for step in steps]
        assert days == sorted(days)
        assert steps[0].verb is Verb.IDENTIFY_CANDIDATE


def test_every_step_has_a_key_of_its_own(script: Script) -> None:
    assert max(Counter(step.key for step in script.steps).values()) == 1


@pytest.mark.parametrize("people", SCALES)
def test_there_are_as_many_people_as_asked_for(people: int) -> None:
    assert sum(people_of_tenants(people).values()) == people
    assert len({slot.key for slot in slots(people, 1)}) == people


def test_most_entries_are_made_within_a_week_and_some_are_months_late() -> None:
    delays = [
        (step.recorded_on - step.occurred_on).days
        for step in write_script(Parameters()).steps
        if step.occurred_on >= STARTED_ON and step.verb is not Verb.CORRECT_EVENT
    ]
    within_a_week = sum(1 for delay in delays if delay <= 7) / len(delays)
    late = sum(1 for delay in delays if delay >= 10) / len(delays)
    assert 0.77 < within_a_week < 0.88
    assert 0.09 < late < 0.16
    assert max(delays) > 100


def test_some_people_have_an_entry_that_is_corrected_later() -> None:
    script = write_script(Parameters())
    corrected = {step.subject for step in script.steps if step.verb is Verb.CORRECT_EVENT}
    assert 0.02 < len(corrected) / 3000 < 0.04


def test_few_decisions_come_later_than_sixty_working_days_after_the_vote() -> None:
    late = decided = 0
    for steps in cases(write_script(Parameters())).values():
        votes = [s.occurred_on for s in steps if s.verb is Verb.RECORD_CELL_VOTE]
        for step in steps:
            if step.verb is Verb.DECIDE_ADMISSION:
                decided += 1
                late += step.occurred_on > add_working_days(votes[-1], 60)
    assert 0 < late < decided * 0.08


def test_the_organizations_are_those_of_2023() -> None:
    planned = organizations()
    kinds = Counter(o.kind for o in planned)
    communes = [o for o in planned if o.parent == "lam-dong/bao-lam" and not o.kind.is_cell]
    assert kinds[OrganizationKind.DISTRICT] == 12
    assert len(communes) == 14
    assert len(tenants()) == 16
    codes = {o.code for o in planned}
    assert len(codes) == len(planned)
    for code in (
        "lam-dong/bao-lam/loc-thang",
        "lam-dong/bao-lam/b-la",
        "lam-dong/da-lat/phuong-1",
        "lam-dong/da-huoai/thi-tran-ma-da-guoi",
        "lam-dong/da-huoai/xa-ma-da-guoi",
        "lam-dong/khoi",
        "binh-dinh/khoi",
    ):
        assert code in codes


def test_every_committee_has_at_least_two_cells_and_those_of_bao_lam_three_to_five() -> None:
    cells = Counter(
        o.parent for o in organizations() if o.kind is OrganizationKind.SUBORDINATE_CELL
    )
    committees = [o for o in organizations() if o.kind is OrganizationKind.GRASSROOTS_COMMITTEE]
    assert all(cells[o.code] >= 2 for o in committees)
    bao_lam = [cells[o.code] for o in committees if o.parent == "lam-dong/bao-lam"]
    assert set(bao_lam) == {3, 4, 5}


@pytest.mark.parametrize(
    "wrong", [{"people": 99}, {"people": 2_000_000}, {"until": date(2020, 6, 30)}]
)
def test_parameters_out_of_bounds_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        Parameters(**wrong)  # type: ignore[arg-type]


def test_the_system_starts_before_the_first_entry(script: Script) -> None:
    assert min(step.recorded_on for step in script.steps) == STARTED_ON
    assert min(step.occurred_on for step in script.steps) < STARTED_ON - timedelta(days=365)
