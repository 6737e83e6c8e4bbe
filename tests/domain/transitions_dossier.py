"""C.2, 10 to 13: the dossier, the vetting, introductions and opinions."""

from datetime import date
from functools import partial

from tests.domain import case_steps as steps
from tests.domain.case_steps import month
from tests.domain.transition import (
    NO_CERTIFICATE,
    Transition,
    after,
    missing,
    otherwise,
)

from domain import (
    dossier,
    introduction,
    vetting,
)
from domain.case import Stage, VettingConclusion
from domain.introduction import OpinionSource

DOSSIER = (
    Transition(
        "10",
        steps.opened,
        steps.opened,
        dossier.DossierOpened,
        Stage.DOSSIER_OPEN,
        (
            missing(steps.listed),
            missing(steps.certified, NO_CERTIFICATE),
            otherwise("after 60 months", steps.opened(date(2028, 4, 4)), NO_CERTIFICATE),
            after(steps.opened()),
        ),
    ),
    Transition(
        "10",
        steps.applied,
        steps.applied,
        dossier.ApplicationSubmitted,
        Stage.DOSSIER_OPEN,
        (missing(steps.opened), after(steps.applied())),
    ),
    Transition(
        "10",
        steps.declared,
        steps.declared,
        dossier.HistoryDeclared,
        Stage.DOSSIER_OPEN,
        (missing(steps.opened), missing(steps.applied, "D1"), after(steps.declared())),
    ),
    Transition(
        "11",
        steps.stamped,
        steps.stamped,
        dossier.HistoryStamped,
        Stage.DOSSIER_OPEN,
        (missing(steps.opened), missing(steps.declared), after(steps.stamped())),
    ),
    Transition(
        "11",
        steps.requested,
        steps.requested,
        vetting.VettingRequested,
        Stage.VETTING,
        (
            missing(steps.opened),
            missing(steps.stamped, "V1"),
            after(steps.vetted(month(9, 5)), name="after it was concluded"),
        ),
    ),
    Transition(
        "11",
        steps.replied,
        steps.replied,
        vetting.VettingReplyReceived,
        Stage.VETTING,
        (missing(steps.opened), missing(steps.requested)),
    ),
    Transition(
        "12",
        steps.vetted,
        steps.vetted,
        vetting.VettingConcluded,
        Stage.OPINIONS,
        (
            missing(steps.opened),
            missing(steps.requested, "V3"),
            missing(steps.replied, ("VETTING_REPLIES_OUTSTANDING", "V2", "conclusion")),
        ),
    ),
    Transition(
        "12",
        partial(steps.vetted, conclusion=VettingConclusion.NOT_ELIGIBLE),
        steps.vetted,
        vetting.VettingConcluded,
        Stage.VETTING,
        (missing(steps.opened),),
    ),
    Transition(
        "12",
        steps.reopened,
        steps.voted,
        vetting.VettingReopened,
        Stage.VETTING,
        (missing(steps.opened), missing(steps.vetted)),
    ),
    Transition(
        "13",
        steps.introduced,
        steps.introduced,
        introduction.IntroductionGiven,
        Stage.OPINIONS,
        (
            missing(steps.opened),
            otherwise(
                "a day too short together",
                steps.introduced(worked_together_since=date(2022, 6, 3)),
                ("INTRODUCER_TOO_SHORT_TOGETHER", "T6", "workedTogetherSince"),
            ),
            otherwise(
                "twelve months together, official for less",
                steps.introduced(
                    worked_together_since=date(2022, 6, 2),
                    introducer_official_since=month(1, 6),
                ),
                None,
            ),
            otherwise(
                "not official yet",
                steps.introduced(introducer_official_since=month(3, 6)),
                ("INTRODUCER_NOT_OFFICIAL_MEMBER", "P4", "introducerOfficialSince"),
            ),
            after(steps.introduced(), ("INTRODUCER_ALREADY_RECORDED", None, "introducerName")),
        ),
    ),
    Transition(
        "13",
        steps.introducer_replaced,
        steps.voted,
        introduction.IntroducerReplaced,
        Stage.OPINIONS,
        (
            missing(steps.opened),
            missing(steps.introduced, ("NO_SUCH_INTRODUCTION", None, "introduction")),
        ),
    ),
    Transition(
        "13",
        steps.union_resolved,
        steps.union_resolved,
        introduction.UnionResolutionGiven,
        Stage.OPINIONS,
        (missing(steps.opened), after(steps.union_resolved())),
    ),
    Transition(
        "13",
        steps.opinions,
        steps.opinions,
        introduction.OpinionsCollected,
        Stage.OPINIONS,
        (
            missing(steps.opened),
            after(steps.opinions()),
            after(steps.opinions(source=OpinionSource.RESIDENCE), None, "of the other side"),
        ),
    ),
)
