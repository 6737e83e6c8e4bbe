"""The transitions of the domain sheet, C.2 and K.3: the one table of them, by topics.

Each row has a step, what it stands on, where the case stands after it, and for each single thing
that may be wrong what comes of it: a refusal (code, rule, field) or a finding (the rule).
"""

from typing import Final

from tests.domain.transition import Transition
from tests.domain.transitions_decision import DECISION
from tests.domain.transitions_dossier import DOSSIER
from tests.domain.transitions_listing import CLASS, FIRST_STAGE
from tests.domain.transitions_placement import PLACEMENT
from tests.domain.transitions_probation import PROBATION
from tests.domain.transitions_readmission import READMISSION
from tests.domain.transitions_recognition import RECOGNITION
from tests.domain.transitions_review import REVIEW
from tests.domain.transitions_striking_off import STRIKING_OFF

TABLE: Final[tuple[Transition, ...]] = (
    *(*FIRST_STAGE, *CLASS, *DOSSIER, *REVIEW, *DECISION),
    *(*PROBATION, *RECOGNITION, *STRIKING_OFF, *PLACEMENT, *READMISSION),
)
