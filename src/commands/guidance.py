"""Commands about guidance: a unit asks, a board answers."""

from typing import Final

from commands.step import Creation, Step
from domain import guidance
from domain.access import Action
from domain.guidance import Guidance

request_guidance: Final = Creation(
    "request_guidance",
    Action.REQUEST_GUIDANCE,
    Guidance,
    Guidance.request,
    guidance.GuidanceRequested,
)
give_guidance: Final = Step(
    "give_guidance",
    Action.GIVE_GUIDANCE,
    Guidance,
    guidance.give_guidance,
    guidance.GuidanceGiven,
)
