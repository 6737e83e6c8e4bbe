"""The facts of a membership from the decision on: the ceremony's papers, probation, recognition.

The entries themselves stand with the steps that record them.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from domain.discipline import Disciplined
    from domain.probation import DecisionReceived, LateCeremonyConsented
    from domain.probation_duty import (
        HistoryFileCompleted,
        NewMemberClassCompleted,
        ProbationAssessed,
        ProbationTaskDone,
        ProbationTaskGiven,
    )
    from domain.recognition import (
        RecognitionPaperFiled,
        RecognitionRefused,
        RecognitionReturned,
        RecognitionVoteHeld,
    )
    from domain.striking_off import StrikingOffVoteHeld


@dataclass(slots=True)
class Membership:
    """The facts of one membership as they stand on a day; lists are in the order that counts."""

    received: "DecisionReceived | None" = None
    late_consent: "LateCeremonyConsented | None" = None
    tasks: "list[ProbationTaskGiven]" = field(default_factory=list)
    tasks_done: "dict[int, ProbationTaskDone]" = field(default_factory=dict)
    assessments: "list[ProbationAssessed]" = field(default_factory=list)
    new_member_class: "NewMemberClassCompleted | None" = None
    history_file: "HistoryFileCompleted | None" = None
    papers: "dict[str, RecognitionPaperFiled]" = field(default_factory=dict)
    recognition_votes: "list[RecognitionVoteHeld]" = field(default_factory=list)
    recognition_vote: "RecognitionVoteHeld | None" = None
    """The vote on which a recognition may still be decided."""
    returned: "RecognitionReturned | None" = None
    refusals: "list[RecognitionRefused]" = field(default_factory=list)
    measures: "list[Disciplined]" = field(default_factory=list)
    striking_off_votes: "list[StrikingOffVoteHeld]" = field(default_factory=list)

    @property
    def failed_recognitions(self) -> int:
        """How often the recognition was not agreed to, by the cell or the committee (T15)."""
        return len(self.refusals) + sum(not vote.passed for vote in self.recognition_votes)

    @property
    def failed_strikings_off(self) -> int:
        """How often the cell did not agree to a striking off (T15)."""
        return sum(not vote.passed for vote in self.striking_off_votes)
