"""C.2, 31 and 32: a former member begins anew, or is refused outright."""

from datetime import date
from functools import partial

from tests.domain import case_steps as steps
from tests.domain import membership as member
from tests.domain.steps import Step, void
from tests.domain.transition import TWICE, Refusal, Transition, Wrong, after, missing, otherwise
from tests.domain.transitions_recognition import WAY as TO_FULL_MEMBER
from tests.domain.transitions_striking_off import WAY as TO_STRIKING_OFF

from domain.case import Stage
from domain.procedure import GroundKind, rule_book
from domain.readmission import ReadmissionOpened

TOO_EARLY: Refusal = ("READMISSION_TOO_EARLY", "T18", "occurredOn")
NO_CONSENT: Refusal = ("READMISSION_WITHOUT_CONSENT", "M4", "consentNumber")
EXCLUDED: Refusal = ("READMISSION_EXCLUDED", "M6", "departure")
NOT_THEN: Refusal = ("DATE_OUT_OF_RANGE", None, "leftOn")
again = member.readmission_opened
convicted = partial(again, departure="CRIME_LESS_SERIOUS", left=date(2020, 1, 1))
CLEARED = date(2021, 5, 31)
ELSEWHERE = date(2020, 1, 2)
READMITTED: tuple[Step, ...] = (
    again(),
    steps.certified(date(2027, 3, 2)),
    steps.vetted(date(2027, 4, 1)),
    steps.voted(date(2027, 5, 3)),
    steps.submitted(date(2027, 5, 10)),
    steps.decided(date(2027, 6, 1)),
    steps.ceremony(date(2027, 6, 10)),
    member.striking_off_proposed(date(2027, 9, 1)),
    member.struck_off(date(2027, 10, 1)),
)
"""A re-admission that ended as the first membership did."""
READMISSION = (
    Transition(
        "31",
        again,
        None,
        ReadmissionOpened,
        Stage.DOSSIER_OPEN,
        (
            missing(member.struck_off, TWICE),
            otherwise("a day early", again(date(2027, 2, 28)), TOO_EARLY),
            otherwise("without consent", again(consent=None), NO_CONSENT),
            otherwise("left on another day", again(left=date(2024, 3, 2)), NOT_THEN),
            otherwise(
                "left in future", again(left=date(2027, 3, 2)), ("DATE_IN_FUTURE", None, "leftOn")
            ),
            otherwise(
                "for no reason", again(departure="BORED"), ("UNKNOWN_DEPARTURE", None, "departure")
            ),
            otherwise(
                "for a ground of striking off",
                again(departure="WILL_LOST"),
                ("UNKNOWN_DEPARTURE", None, "departure"),
            ),
            after(again(), TWICE),
            Wrong(
                "re-admitted before",
                ("READMITTED_BEFORE", "M5", "candidate"),
                more=READMITTED,
                step=again(date(2031, 1, 6), date(2027, 10, 1)),
            ),
        ),
        way=TO_STRIKING_OFF,
    ),
    Transition(
        "31",
        partial(again, left=ELSEWHERE, day=date(2024, 1, 2), departure="STRUCK_OFF"),
        steps.listed,
        ReadmissionOpened,
        Stage.DOSSIER_OPEN,
        (
            otherwise(
                "a day early",
                again(date(2023, 1, 1), ELSEWHERE),
                ("STEP_OUT_OF_ORDER", "P8", "occurredOn"),
            ),
            otherwise("36 months less a day", again(date(2024, 1, 1), date(2021, 1, 2)), TOO_EARLY),
            otherwise("36 months", again(date(2024, 1, 2), date(2021, 1, 2)), None),
            otherwise(
                "without consent", again(date(2024, 1, 2), ELSEWHERE, consent=None), NO_CONSENT
            ),
        ),
    ),
    Transition(
        "31",
        partial(convicted, day=date(2026, 5, 31), cleared=CLEARED),
        steps.listed,
        ReadmissionOpened,
        Stage.DOSSIER_OPEN,
        (
            otherwise(
                "60 months less a day",
                convicted(day=date(2026, 5, 30), cleared=CLEARED),
                TOO_EARLY,
            ),
            otherwise(
                "not cleared",
                convicted(day=date(2026, 5, 31)),
                ("DATE_MISSING", None, "recordClearedOn"),
            ),
        ),
    ),
    Transition(
        "31",
        partial(again, day=date(2028, 1, 3), left=date(2024, 8, 20), departure="FAMILY_HARDSHIP"),
        None,
        ReadmissionOpened,
        Stage.DOSSIER_OPEN,
        (
            otherwise(
                "left before the recognition", again(date(2028, 1, 3), date(2024, 8, 19)), NOT_THEN
            ),
            Wrong(
                "of a probationary member",
                TWICE,
                more=(void(len(TO_FULL_MEMBER) + 1),),
            ),
        ),
        way=TO_FULL_MEMBER,
    ),
    Transition(
        "32",
        partial(again, departure="FAMILY_HARDSHIP", left=ELSEWHERE, day=date(2024, 1, 2)),
        steps.listed,
        ReadmissionOpened,
        Stage.DOSSIER_OPEN,
        tuple(
            otherwise(
                f"left for {ground.code}",
                again(departure=ground.code, left=date(2001, 1, 1)),
                EXCLUDED,
            )
            for ground in rule_book().grounds
            if ground.kind is GroundKind.DEPARTURE and ground.is_excluded
        ),
    ),
)
"""32: extreme family hardship is the one own request that may come back."""
