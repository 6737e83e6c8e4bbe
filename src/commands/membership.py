"""Commands about a membership: from the receipt of the decision to the recognition or the end."""

from typing import Final

from commands.step import Step
from domain import (
    discipline,
    probation,
    probation_duty,
    readmission,
    recognition,
    striking_off,
)
from domain.access import Action
from domain.candidate import Candidate

receive_decision: Final = Step(
    "receive_decision",
    Action.RECORD_CELL_STEP,
    Candidate,
    probation.receive_decision,
    probation.DecisionReceived,
)
consent_to_late_ceremony: Final = Step(
    "consent_to_late_ceremony",
    Action.RECORD_GRASSROOTS_STEP,
    Candidate,
    probation.consent_to_late_ceremony,
    probation.LateCeremonyConsented,
)
give_probation_task: Final = Step(
    "give_probation_task",
    Action.RECORD_CELL_STEP,
    Candidate,
    probation_duty.give_probation_task,
    probation_duty.ProbationTaskGiven,
)
finish_probation_task: Final = Step(
    "finish_probation_task",
    Action.RECORD_CELL_STEP,
    Candidate,
    probation_duty.finish_probation_task,
    probation_duty.ProbationTaskDone,
)
assess_probation: Final = Step(
    "assess_probation",
    Action.RECORD_CELL_STEP,
    Candidate,
    probation_duty.assess_probation,
    probation_duty.ProbationAssessed,
)
complete_new_member_class: Final = Step(
    "complete_new_member_class",
    Action.RECORD_CERTIFICATE,
    Candidate,
    probation_duty.complete_new_member_class,
    probation_duty.NewMemberClassCompleted,
)
complete_history_file: Final = Step(
    "complete_history_file",
    Action.RECORD_GRASSROOTS_STEP,
    Candidate,
    probation_duty.complete_history_file,
    probation_duty.HistoryFileCompleted,
)
file_recognition_paper: Final = Step(
    "file_recognition_paper",
    Action.RECORD_CELL_STEP,
    Candidate,
    recognition.file_recognition_paper,
    recognition.RecognitionPaperFiled,
)
record_recognition_vote: Final = Step(
    "record_recognition_vote",
    Action.RECORD_CELL_STEP,
    Candidate,
    recognition.record_recognition_vote,
    recognition.RecognitionVoteHeld,
)
return_recognition: Final = Step(
    "return_recognition",
    Action.DECIDE,
    Candidate,
    recognition.return_recognition,
    recognition.RecognitionReturned,
)
refuse_recognition: Final = Step(
    "refuse_recognition",
    Action.ADMIT,
    Candidate,
    recognition.refuse_recognition,
    recognition.RecognitionRefused,
    in_place=True,
)
discipline_probationary_member: Final = Step(
    "discipline_probationary_member",
    Action.RECORD_CELL_STEP,
    Candidate,
    discipline.discipline,
    discipline.Disciplined,
)
propose_striking_off: Final = Step(
    "propose_striking_off",
    Action.RECORD_CELL_STEP,
    Candidate,
    striking_off.propose_striking_off,
    striking_off.StrikingOffVoteHeld,
)
strike_off: Final = Step(
    "strike_off",
    Action.DECIDE,
    Candidate,
    striking_off.strike_off,
    striking_off.StruckOff,
)
open_readmission: Final = Step(
    "open_readmission",
    Action.RECORD_CELL_STEP,
    Candidate,
    readmission.open_readmission,
    readmission.ReadmissionOpened,
)
