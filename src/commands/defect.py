"""Commands about defects: noted by an inspection, reminded of, closed."""

from typing import Final

from commands.step import Creation, Step
from domain import defect
from domain.access import Action
from domain.defect import Defect

note_defect: Final = Creation(
    "note_defect",
    Action.NOTE_DEFECT,
    Defect,
    Defect.note,
    defect.DefectNoted,
)
remind_of_defect: Final = Step(
    "remind_of_defect",
    Action.NOTE_DEFECT,
    Defect,
    defect.remind_of_defect,
    defect.DefectReminded,
)
close_defect: Final = Step(
    "close_defect",
    Action.NOTE_DEFECT,
    Defect,
    defect.close_defect,
    defect.DefectClosed,
)
