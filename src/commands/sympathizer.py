"""Commands about people who are followed: who found them, how they do, their place on the list."""

from typing import Final

from commands.step import Step
from domain import assessment, recommendation, sympathizer, trial_task
from domain.access import Action
from domain.candidate import Candidate

recommend_person: Final = Step(
    "recommend_person",
    Action.INTRODUCE,
    Candidate,
    recommendation.recommend_person,
    recommendation.PersonRecommended,
)
assess_progress: Final = Step(
    "assess_progress",
    Action.RECORD_CELL_STEP,
    Candidate,
    assessment.assess_progress,
    assessment.ProgressAssessed,
)
assign_trial_task: Final = Step(
    "assign_trial_task",
    Action.RECORD_CELL_STEP,
    Candidate,
    trial_task.assign_trial_task,
    trial_task.TrialTaskAssigned,
)
close_trial_task: Final = Step(
    "close_trial_task",
    Action.RECORD_CELL_STEP,
    Candidate,
    trial_task.close_trial_task,
    trial_task.TrialTaskClosed,
)
confirm_sympathizer: Final = Step(
    "confirm_sympathizer",
    Action.RECORD_GRASSROOTS_STEP,
    Candidate,
    sympathizer.confirm_sympathizer,
    sympathizer.SympathizerConfirmed,
)
