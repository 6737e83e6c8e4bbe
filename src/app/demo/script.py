"""The whole demo as a list of steps: organizations, targets and people, until a day.

The same for the same parameters.
"""

from dataclasses import dataclass
from datetime import date

from app.demo.chapters import chapters, hand_overs
from app.demo.organizations import PlannedOrganization, organizations, settings
from app.demo.quotas import PEOPLE_FULL, PEOPLE_MIN, slots
from app.demo.recordings import STARTED_ON, recordings
from app.demo.steps import Step, Verb, actor_for
from app.demo.targets import targets
from domain.errors import InvalidInput
from domain.text import Text

PEOPLE_MAX = 1_000_000
UNTIL_MIN = date(2020, 7, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What distinguishes one demo from another.

    Raises InvalidInput for values that no demo can be made of.
    """

    people: int = PEOPLE_FULL
    seed: int = 1
    until: date = date(2023, 12, 31)

    def __post_init__(self) -> None:
        if not PEOPLE_MIN <= self.people <= PEOPLE_MAX:
            raise _invalid("people", f"{PEOPLE_MIN}–{PEOPLE_MAX}")
        if self.until < UNTIL_MIN:
            raise _invalid("until", f"≥ {UNTIL_MIN}")

    @property
    def name(self) -> str:
        """All of them in one word."""
        return f"{self.seed}/{self.people}/{self.until.isoformat()}"


@dataclass(frozen=True, slots=True)
class Script:
    """The steps by phase: organizations level by level, then everything else by day."""

    tenants: tuple[PlannedOrganization, ...]
    organizations: tuple[tuple[Step, ...], ...]
    days: dict[str, dict[date, list[Step]]]
    """Tenant → day of recording, in order → steps, those of one subject in order."""
    together: tuple[Step, ...]
    """What concerns several tenants, in order, when all of them have come to its day."""

    @property
    def steps(self) -> list[Step]:
        """All steps, organizations first, then tenant by tenant and day by day."""
        by_day = [step for days in self.days.values() for day in days.values() for step in day]
        first = [step for level in self.organizations for step in level]
        return [*first, *by_day, *self.together]


def write_script(parameters: Parameters) -> Script:
    """The demo of these parameters; what would be recorded after `until` is left out."""
    people = slots(parameters.people, parameters.seed)
    steps = targets(people, parameters.seed)
    for slot in people:
        steps += recordings(slot, parameters.seed)
    steps += chapters(parameters.seed)
    tenants = tuple(o for o in organizations() if o.code == o.tenant)
    below = [o for o in organizations() if o.code != o.tenant]
    depths = sorted({o.code.count("/") for o in below})
    levels = tuple(
        tuple(_establish(o) for o in below if o.code.count("/") == depth) for depth in depths
    )
    together = hand_overs(parameters.seed, parameters.until)
    return Script(tenants, levels, _by_day(steps, parameters.until), together)


def _by_day(steps: list[Step], until: date) -> dict[str, dict[date, list[Step]]]:
    found: dict[str, dict[date, list[Step]]] = {}
    for step in sorted(steps, key=lambda step: step.recorded_on):
        if step.recorded_on <= until:
            found.setdefault(step.tenant, {}).setdefault(step.recorded_on, []).append(step)
    return found


def _establish(organization: PlannedOrganization) -> Step:
    return Step(
        key=organization.code,
        subject=organization.code,
        tenant=organization.tenant,
        verb=Verb.ESTABLISH_ORGANIZATION,
        occurred_on=settings()["established_on"],
        recorded_on=STARTED_ON,
        actor=actor_for(Verb.ESTABLISH_ORGANIZATION, organization.code),
        fields={
            "parent": organization.parent,
            "name": organization.name,
            "kind": organization.kind,
            "code_segment": organization.code.rpartition("/")[2],
            "characteristics": organization.characteristics,
            "document": settings()["document"],
        },
    )


def _invalid(field: str, bounds: str) -> InvalidInput:
    return InvalidInput(
        "INVALID_DEMO",
        Text(
            f"“{field}” của dữ liệu minh họa phải trong {bounds}.", f"The demo's {field}: {bounds}."
        ),
        field=field,
    )
