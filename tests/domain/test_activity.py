"""Activities: people are counted, models are replicated once at a place."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from tests.domain.steps import on
from tests.domain.test_document import DISTRICT

from domain.activity import (
    PEOPLE_MAX,
    Activity,
    ActivityHeld,
    ActivityKind,
    ActivityReplicated,
    ActivityReviewed,
    Participants,
    Tally,
    replicate_activity,
    review_activity,
)
from domain.errors import Conflict, InvalidInput

DAY = on(date(2023, 6, 1))


def held(**fields: Any) -> Activity:  # noqa: ANN401 (the fields of the form)
    """Something the district did."""
    stated = {"kind": ActivityKind.TRAINING, "title": "Tập huấn nghiệp vụ", **fields}
    return Activity.hold(UUID(int=9), DAY, DISTRICT, **stated)


def test_an_activity_keeps_what_was_stated() -> None:
    """Groups in order and once; people as counts of roles."""
    people = (Participants(role="Bí thư chi bộ", count=40),)
    activity = held(
        audience=people,
        groups=("WOMEN", "PUPIL", "WOMEN"),
        areas=("ETHNIC_MINORITY_AREA",),
        until=date(2023, 6, 2),
    )

    assert activity.began.audience == people
    assert activity.began.groups == ("PUPIL", "WOMEN")
    assert activity.latest(ActivityHeld).until == date(2023, 6, 2)


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"until": date(2023, 5, 31)}, "ENDS_BEFORE_IT_BEGINS", "until"),
        ({"groups": ("NOBODY",)}, "UNKNOWN_GROUP", "groups"),
        ({"areas": ("SEA",)}, "UNKNOWN_CHARACTERISTIC", "areas"),
        ({"audience": (Participants(role="x", count=-1),)}, "COUNT_OUT_OF_RANGE", "audience.count"),
        (
            {"audience": (Participants(role="x", count=PEOPLE_MAX + 1),)},
            "COUNT_OUT_OF_RANGE",
            "audience.count",
        ),
    ],
)
def test_what_an_activity_refuses(fields: dict[str, Any], code: str, field: str) -> None:
    """Each refusal names its field."""
    with pytest.raises(InvalidInput) as refusal:
        held(**fields)

    assert (refusal.value.code, refusal.value.field) == (code, field)


def test_a_review_counts_by_group_area_and_grade() -> None:
    """A tally may be of any of them or of none."""
    activity = held(kind=ActivityKind.REVIEW)
    tallies = (
        Tally(count=12, group="ETHNIC_MINORITY", grade="Khá"),
        Tally(count=7, area="RELIGIOUS_AREA"),
        Tally(count=0),
    )
    review_activity(activity, DAY, results="Đã rà soát", tallies=tallies)

    assert activity.latest(ActivityReviewed).tallies == tallies
    with pytest.raises(InvalidInput, match="UNKNOWN_CHARACTERISTIC"):
        review_activity(activity, DAY, results="x", tallies=(Tally(count=1, area="SEA"),))


def test_a_model_is_replicated_once_at_a_place() -> None:
    """Only a model or an example is."""
    model = held(kind=ActivityKind.MODEL)
    replicate_activity(model, DAY, at=DISTRICT)

    assert model.latest(ActivityReplicated).at_organization_id == DISTRICT.id
    with pytest.raises(Conflict, match="ALREADY_REPLICATED"):
        replicate_activity(model, DAY, at=DISTRICT)
    with pytest.raises(InvalidInput, match="NOT_A_MODEL"):
        replicate_activity(held(), DAY, at=DISTRICT)
