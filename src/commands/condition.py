"""The command that attests a condition of the tenant's own."""

from typing import Final

from commands.step import Step
from domain import condition
from domain.access import Action
from domain.candidate import Candidate

attest_condition: Final = Step(
    "attest_condition",
    Action.RECORD_CELL_STEP,
    Candidate,
    condition.attest_condition,
    condition.ConditionAttested,
)
