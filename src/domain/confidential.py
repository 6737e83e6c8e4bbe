"""What of a case only those see who vet it or decide on it (domain sheet, F.1)."""

from dataclasses import replace
from typing import Any, Final

from domain.case import Case, CaseEntry, Stage
from domain.dossier import HistoryDeclared, HistoryStamped
from domain.vetting import VettingConcluded, VettingReopened, VettingReplyReceived, VettingRequested

_KINDS: Final[tuple[type[CaseEntry], ...]] = (
    HistoryDeclared,
    HistoryStamped,
    VettingRequested,
    VettingReplyReceived,
    VettingConcluded,
    VettingReopened,
)
TOPICS: Final = frozenset(kind.TOPIC for kind in _KINDS)
"""The events that tell of somebody's political history and of its vetting."""
RULES: Final = frozenset({"V1", "V2", "V3", "S1"})
"""The rules whose findings tell of it."""
PAPERS: Final = frozenset({"HISTORY", "VETTING"})
"""The papers of the check-list that tell of it."""
STAGES: Final = frozenset({Stage.VETTING, Stage.OPINIONS})
"""The stages that tell of it; without it such a case stands where its dossier is open."""


def without_vetting(case: Case) -> Case:
    """The case as it is shown to those who may not see the history and its vetting."""
    return replace(
        case,
        returned=case.returned and case.returned.without(PAPERS),
        history=None,
        stamped=None,
        vetting_requests=[],
        vetting_replies=[],
        vetting=None,
        reopened=None,
    )


def without_history(data: Any) -> Any:  # noqa: ANN401 - JSON
    """What an event says, without the confidential facts that it brought from another record.

    `data` is an event's as it is stored; facts brought along stand under `history`. Of the papers
    that came back those are left out that tell of the vetting.
    """
    shown = data
    if isinstance(papers := data.get("papers"), list):
        shown = {**shown, "papers": [paper for paper in papers if paper not in PAPERS]}
    if isinstance(brought := data.get("history"), list):
        facts = [
            {**fact, "data": without_history(fact["data"])}
            for fact in brought
            if fact.get("type") not in TOPICS
        ]
        shown = {**shown, "history": facts}
    return shown
