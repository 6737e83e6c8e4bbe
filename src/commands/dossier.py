"""Commands about the papers of an admission dossier and the vetting of the history."""

from typing import Final

from commands.step import Step
from domain import dossier, introduction, vetting
from domain.access import Action
from domain.candidate import Candidate

submit_application: Final = Step(
    "submit_application",
    Action.RECORD_CELL_STEP,
    Candidate,
    dossier.submit_application,
    dossier.ApplicationSubmitted,
)
declare_history: Final = Step(
    "declare_history",
    Action.RECORD_CELL_STEP,
    Candidate,
    dossier.declare_history,
    dossier.HistoryDeclared,
)
stamp_history: Final = Step(
    "stamp_history",
    Action.RECORD_GRASSROOTS_STEP,
    Candidate,
    dossier.stamp_history,
    dossier.HistoryStamped,
)
request_vetting: Final = Step(
    "request_vetting",
    Action.RECORD_GRASSROOTS_STEP,
    Candidate,
    vetting.request_vetting,
    vetting.VettingRequested,
)
record_vetting_reply: Final = Step(
    "record_vetting_reply",
    Action.RECORD_GRASSROOTS_STEP,
    Candidate,
    vetting.record_vetting_reply,
    vetting.VettingReplyReceived,
)
reopen_vetting: Final = Step(
    "reopen_vetting",
    Action.RECORD_GRASSROOTS_STEP,
    Candidate,
    vetting.reopen_vetting,
    vetting.VettingReopened,
)
give_introduction: Final = Step(
    "give_introduction",
    Action.RECORD_CELL_STEP,
    Candidate,
    introduction.give_introduction,
    introduction.IntroductionGiven,
)
replace_introducer: Final = Step(
    "replace_introducer",
    Action.RECORD_CELL_STEP,
    Candidate,
    introduction.replace_introducer,
    introduction.IntroducerReplaced,
)
record_union_resolution: Final = Step(
    "record_union_resolution",
    Action.INTRODUCE,
    Candidate,
    introduction.record_union_resolution,
    introduction.UnionResolutionGiven,
)
collect_opinions: Final = Step(
    "collect_opinions",
    Action.RECORD_CELL_STEP,
    Candidate,
    introduction.collect_opinions,
    introduction.OpinionsCollected,
)
