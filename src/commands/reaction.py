"""Commands about reactions to results: proposed by a board, decided by the committee."""

from typing import Final

from commands.step import Creation, Step
from domain import reaction
from domain.access import Action
from domain.reaction import Reaction

propose_reaction: Final = Creation(
    "propose_reaction",
    Action.PROPOSE_REACTION,
    Reaction,
    Reaction.propose,
    reaction.ReactionProposed,
)
decide_reaction: Final = Step(
    "decide_reaction",
    Action.DECIDE,
    Reaction,
    reaction.decide_reaction,
    reaction.ReactionDecided,
)
