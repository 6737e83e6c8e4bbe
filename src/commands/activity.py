"""Commands about activities: held, reviewed, replicated elsewhere."""

from typing import Final

from commands.step import Creation, Step
from domain import activity
from domain.access import Action
from domain.activity import Activity

hold_activity: Final = Creation(
    "hold_activity",
    Action.RECORD_ACTIVITY,
    Activity,
    Activity.hold,
    activity.ActivityHeld,
)
review_activity: Final = Step(
    "review_activity",
    Action.RECORD_ACTIVITY,
    Activity,
    activity.review_activity,
    activity.ActivityReviewed,
)
replicate_activity: Final = Step(
    "replicate_activity",
    Action.RECORD_ACTIVITY,
    Activity,
    activity.replicate_activity,
    None,
)
