"""Commands after the cell's vote, up to the decision or to what ends the pursuit without it."""

from typing import Final

from commands.step import Step
from domain import ending, review, submission
from domain.access import Action
from domain.candidate import Candidate

confirm_vote_tally: Final = Step(
    "confirm_vote_tally",
    Action.RECORD_GRASSROOTS_STEP,
    Candidate,
    review.confirm_vote_tally,
    review.TallyConfirmed,
)
refuse_proposal: Final = Step(
    "refuse_proposal",
    Action.RECORD_CELL_STEP,
    Candidate,
    review.refuse_proposal,
    review.ProposalRefused,
)
give_sectional_appraisal: Final = Step(
    "give_sectional_appraisal",
    Action.RECORD_GRASSROOTS_STEP,
    Candidate,
    review.give_sectional_appraisal,
    review.SectionalAppraisalGiven,
)
adopt_grassroots_resolution: Final = Step(
    "adopt_grassroots_resolution",
    Action.RECORD_GRASSROOTS_STEP,
    Candidate,
    review.adopt_grassroots_resolution,
    review.GrassrootsResolutionAdopted,
)
refuse_grassroots_resolution: Final = Step(
    "refuse_grassroots_resolution",
    Action.RECORD_GRASSROOTS_STEP,
    Candidate,
    review.refuse_grassroots_resolution,
    review.GrassrootsResolutionRefused,
)
return_dossier: Final = Step(
    "return_dossier",
    Action.DECIDE,
    Candidate,
    submission.return_dossier,
    submission.DossierReturned,
)
extend_decision_term: Final = Step(
    "extend_decision_term",
    Action.DECIDE,
    Candidate,
    submission.extend_decision_term,
    submission.DecisionTermExtended,
)
refuse_admission: Final = Step(
    "refuse_admission",
    Action.ADMIT,
    Candidate,
    submission.refuse_admission,
    submission.AdmissionRefused,
    in_place=True,
)
revoke_decision: Final = Step(
    "revoke_decision",
    Action.DECIDE,
    Candidate,
    ending.revoke_decision,
    ending.DecisionRevoked,
)
record_withdrawal: Final = Step(
    "record_withdrawal",
    Action.RECORD_CELL_STEP,
    Candidate,
    ending.record_withdrawal,
    ending.CandidateWithdrawn,
)
record_death: Final = Step(
    "record_death",
    Action.RECORD_CELL_STEP,
    Candidate,
    ending.record_death,
    ending.PersonDied,
)
