"""Obligations: what may follow on what, what is late, who is reminded."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from tests.domain.obligations import IMPOSED_ON, imposed
from tests.domain.steps import on
from tests.profile import at_length

from domain.addressing import is_addressed
from domain.content import (
    LINES_MAX,
    CellPlan,
    Content,
    Figure,
    Measure,
    Milestone,
    PlanTarget,
)
from domain.deadline import interpret_deadline
from domain.document import Recipient, RecipientPurpose
from domain.duty import duties
from domain.errors import Conflict, InvalidInput, NotFound
from domain.fulfillment import (
    ObligationSubmitted,
    approve_submission,
    consolidate_obligations,
    excuse_obligation,
    report_none,
    return_submission,
    submit_obligation,
    withdraw_obligations,
)
from domain.obligation import Obligation, ObligationKind, Part, Standing
from domain.record import Voided
from domain.recurrence import Recurrence
from domain.urging import (
    FollowUp,
    Trigger,
    follow_up_obligation,
    last_reminded_on,
    remind_obligations,
    reminders,
    urge_obligations,
)

SAID: dict[str, Any] = {"by": "Ban Tổ chức", "reason": "Theo công văn"}
FEBRUARY = date(2022, 2, 1)


def due(on_day: date = date(2022, 2, 15), **fields: Any) -> Obligation:  # noqa: ANN401 (the fields of the form)
    """A plan that is due before a day."""
    plan = imposed(**fields)
    interpret_deadline(plan, on(IMPOSED_ON), due=on_day, inclusive=False, **SAID)
    return plan


def submit(plan: Obligation, day: date, **fields: Any) -> None:  # noqa: ANN401 (the fields of the form)
    """A plan comes in."""
    submit_obligation(plan, on(day), **{"named": "12-KH/ĐU", **fields})


def standing(plan: Obligation, day: date) -> tuple[Standing, bool]:
    """Where a single duty stands, and whether it is late."""
    (found,) = duties(plan, day)
    return found.standing, found.is_late


@pytest.mark.parametrize(("day", "late"), [(date(2022, 2, 14), False), (date(2022, 2, 15), True)])
def test_what_comes_on_the_excluded_day_is_late(day: date, late: bool) -> None:  # noqa: FBT001
    """And stays late or in time whatever is asked later."""
    plan = due()
    submit(plan, day)

    assert standing(plan, date(2023, 1, 1)) == (Standing.SUBMITTED, late)
    assert duties(plan, date(2023, 1, 1))[0].received_on == day


def test_a_returned_plan_is_late_until_it_comes_again() -> None:
    """The first submission was in time, so the second one is."""
    plan = due()
    submit(plan, FEBRUARY)
    return_submission(plan, on(date(2022, 2, 10)), reasons=("Thiếu chỉ tiêu nhiệm kỳ",))
    assert standing(plan, date(2022, 2, 14)) == (Standing.RETURNED, False)
    assert standing(plan, date(2022, 2, 15)) == (Standing.RETURNED, True)

    submit(plan, date(2022, 2, 20))
    approve_submission(plan, on(date(2022, 2, 21)))

    assert standing(plan, date(2022, 3, 1)) == (Standing.APPROVED, False)


def test_who_is_let_off_is_not_late() -> None:
    """Excused by the imposer, or without what the condition asks for, or the duty withdrawn."""
    excused, none, withdrawn = due(), due(condition="còn nguồn"), due()
    excuse_obligation(excused, on(FEBRUARY), reason="Mới thành lập")
    report_none(none, on(FEBRUARY), reason="Không còn nguồn")
    withdraw_obligations(withdrawn, on(FEBRUARY), reason="Giao nhầm")

    later = date(2022, 6, 1)
    assert standing(excused, later) == (Standing.EXCUSED, False)
    assert standing(none, later) == (Standing.NONE_REPORTED, False)
    assert standing(withdrawn, later) == (Standing.WITHDRAWN, False)


def test_only_a_condition_lets_an_owner_report_none() -> None:
    """Everybody else owes the plan."""
    with pytest.raises(InvalidInput, match="NO_CONDITION"):
        report_none(imposed(), on(FEBRUARY), reason="Không còn nguồn")


def _return(plan: Obligation) -> None:
    return_submission(plan, on(FEBRUARY), reasons=("Thiếu",))


@pytest.mark.parametrize(
    ("steps", "last"),
    [
        ([], _return),
        ([], lambda plan: approve_submission(plan, on(FEBRUARY))),
        ([lambda plan: submit(plan, FEBRUARY)], lambda plan: submit(plan, FEBRUARY)),
        (
            [lambda plan: submit(plan, FEBRUARY)],
            lambda plan: excuse_obligation(plan, on(FEBRUARY), reason="Nhầm"),
        ),
        (
            [lambda plan: withdraw_obligations(plan, on(IMPOSED_ON), reason="Nhầm")],
            lambda plan: submit(plan, FEBRUARY),
        ),
        (
            [lambda plan: submit(plan, FEBRUARY), _return],
            lambda plan: submit(plan, IMPOSED_ON),
        ),
    ],
)
def test_a_step_that_does_not_fit_is_refused(
    steps: list[Callable[[Obligation], None]], last: Callable[[Obligation], None]
) -> None:
    """Nothing goes back that never came; the steps are taken in the order of their days."""
    plan = imposed()
    for step in steps:
        step(plan)
    with pytest.raises(Conflict, match="DUTY_OUT_OF_ORDER"):
        last(plan)


def test_a_submission_that_others_stand_on_is_not_voided() -> None:
    """A correction is judged by the same order; a voided beginning leaves nothing."""
    plan = imposed()
    submit(plan, FEBRUARY)
    approve_submission(plan, on(FEBRUARY))
    plan.void(2, position=2, reason="Ghi nhầm", on=FEBRUARY)
    with pytest.raises(Conflict, match="DUTY_OUT_OF_ORDER"):
        plan.require_sound()

    other = imposed()
    other.void(1, position=1, reason="Ghi nhầm", on=FEBRUARY)
    other.require_sound()
    with pytest.raises(NotFound, match="OBLIGATION_NOT_FOUND"):
        submit(other, FEBRUARY)


def test_each_interval_is_handed_in_for_itself() -> None:
    """One that does not exist yet is refused; withdrawal ends what was still open."""
    report = imposed(recurrence=Recurrence.QUARTERLY, kind=ObligationKind.REPORT, deadline=None)
    submit(report, date(2022, 3, 30), occurrence="2022-Q1")
    for wrong in (None, "2022-Q2", "2022"):
        with pytest.raises(InvalidInput, match="UNKNOWN_OCCURRENCE"):
            submit(report, date(2022, 3, 31), occurrence=wrong)
    withdraw_obligations(report, on(date(2022, 5, 1)), reason="Có quy định mới")

    found = {each.occurrence: each.standing for each in duties(report, date(2023, 1, 1))}
    assert found == {"2022-Q1": Standing.SUBMITTED, "2022-Q2": Standing.WITHDRAWN}


def test_a_periodic_report_comes_again_and_again() -> None:
    """Without an interval nothing stops the next one."""
    report = imposed(recurrence=Recurrence.PERIODIC, deadline=None)
    submit(report, date(2022, 3, 1))
    submit(report, date(2022, 4, 1))

    assert standing(report, date(2022, 5, 1)) == (Standing.SUBMITTED, False)


TARGETS = (
    PlanTarget(period="2022", count=6),
    PlanTarget(period="2020-2025", count=30, group="WOMEN"),
)
CONTENT = Content(
    situation="Có 12 quần chúng ưu tú",
    tasks=("Rà soát nguồn",),
    measures=(Measure(text="Phân công giúp đỡ", evaluation="Nguồn còn mỏng", result="8 người"),),
    milestones=(Milestone(on=date(2022, 9, 5), text="Mở lớp"),),
    figures=(Figure(name="Đảng viên hoàn thành xuất sắc", value=18.5, unit="%"),),
    targets=TARGETS,
    cells=(CellPlan(name="Chi bộ thôn 1", text="2 nguồn", targets=TARGETS),),
    results=("Kết nạp 5",),
    lessons=("Giao việc sớm",),
)


def test_a_full_plan_has_every_part() -> None:
    """With the plan above, everything that can be asked for is there."""
    plan = imposed(required=frozenset(Part))
    submit(plan, FEBRUARY, content=CONTENT, parent=UUID(int=5), time="16:45", on_behalf_by="ĐU xã")

    entry = plan.latest(ObligationSubmitted)
    assert entry.content == CONTENT
    assert (entry.time, entry.on_behalf_by) == ("16:45", "ĐU xã")


@pytest.mark.parametrize("kept", [(), TARGETS[:1], TARGETS[1:]])
def test_the_year_target_and_the_term_target_are_both_asked_for(
    kept: tuple[PlanTarget, ...],
) -> None:
    """Neither stands for the other."""
    plan = imposed(required=frozenset({Part.YEAR_TARGET, Part.TERM_TARGET}))
    with pytest.raises(InvalidInput, match="PART_MISSING"):
        submit(plan, FEBRUARY, content=Content(targets=kept))


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"named": None}, "NOTHING_SUBMITTED"),
        ({"time": "24:00"}, "INVALID_TIME"),
        ({"content": Content(targets=(PlanTarget(period="2022", count=-1),))}, "OUT_OF_RANGE"),
        ({"content": Content(targets=(PlanTarget(period="x", count=1),))}, "UNKNOWN_PERIOD"),
        ({"content": Content(figures=(Figure(name="Tỷ lệ", value=float("nan")),))}, "OUT_OF_RANGE"),
        ({"content": Content(measures=(Measure(text="a"),) * (LINES_MAX + 1))}, "TOO_MANY"),
        (
            {
                "content": Content(
                    cells=(CellPlan(name="a", text="b", targets=TARGETS * LINES_MAX),)
                )
            },
            "TOO_MANY",
        ),
    ],
)
def test_what_cannot_be_handed_in(fields: dict[str, Any], code: str) -> None:
    """The refusal says why."""
    with pytest.raises(InvalidInput, match=code):
        submit(imposed(), FEBRUARY, **fields)


def test_a_return_has_reasons() -> None:
    """At least one."""
    plan = imposed()
    submit(plan, FEBRUARY)
    with pytest.raises(InvalidInput, match="NO_REASON"):
        return_submission(plan, on(FEBRUARY), reasons=())


def test_only_what_was_handed_in_is_consolidated() -> None:
    """What was returned is not."""
    plan = imposed()
    with pytest.raises(InvalidInput, match="NOTHING_TO_CONSOLIDATE"):
        consolidate_obligations(plan, on(FEBRUARY))
    submit(plan, FEBRUARY)
    consolidate_obligations(plan, on(FEBRUARY), note="Báo cáo tổng hợp")

    assert len(plan.entries) == 3


@pytest.mark.parametrize(
    ("kind", "day", "expected"),
    [
        (ObligationKind.PLAN, date(2022, 1, 30), []),
        (ObligationKind.PLAN, date(2022, 1, 31), [Trigger.DUE_SOON]),
        (ObligationKind.PLAN, date(2022, 2, 15), [Trigger.PLAN_MISSING]),
        (ObligationKind.PROGRAM, date(2022, 2, 15), [Trigger.PLAN_MISSING]),
        (ObligationKind.REPORT, date(2022, 2, 15), [Trigger.REPORT_MISSING]),
        (ObligationKind.TASK, date(2022, 2, 15), [Trigger.OVERDUE]),
    ],
)
def test_what_triggers_a_reminder(kind: ObligationKind, day: date, expected: list[Trigger]) -> None:
    """Fourteen days before its last day at the earliest, by kind once that has passed."""
    found = reminders(due(kind=kind), day, within_days=14)

    assert [each.trigger for each in found] == expected


def test_who_is_done_or_has_no_deadline_is_not_reminded() -> None:
    """A returned plan is overdue, not missing."""
    plan = due()
    submit(plan, FEBRUARY)
    later = date(2022, 6, 1)
    assert reminders(plan, later, within_days=14) == []
    assert reminders(imposed(), later, within_days=14) == []

    _return(plan)
    assert [each.trigger for each in reminders(plan, later, within_days=14)] == [Trigger.OVERDUE]


def test_reminders_letters_and_follow_ups_are_recorded() -> None:
    """The last reminder of an occurrence is known by day."""
    plan = due()
    remind_obligations(plan, on(FEBRUARY), trigger=Trigger.DUE_SOON)
    urge_obligations(plan, on(date(2022, 3, 1)), trigger=Trigger.PLAN_MISSING, document=UUID(int=4))
    follow_up_obligation(
        plan, on(date(2022, 3, 2)), kind=FollowUp.GUIDANCE, by="Ban Tổ chức", result="Đã hướng dẫn"
    )

    with pytest.raises(InvalidInput, match="UNKNOWN_OCCURRENCE"):
        remind_obligations(plan, on(FEBRUARY), trigger=Trigger.OTHER, occurrence="2022")
    assert last_reminded_on(plan, None, IMPOSED_ON) is None
    assert last_reminded_on(plan, None, FEBRUARY) == FEBRUARY
    assert last_reminded_on(plan, None, date(2022, 4, 1)) == date(2022, 3, 1)
    assert last_reminded_on(plan, "2022", date(2022, 4, 1)) is None


def line(name: str, purpose: RecipientPurpose, organization: str | None = None) -> Recipient:
    """A line of a distribution list."""
    return Recipient(name=name, purpose=purpose, organization=organization)


LIST = [
    line("Thường trực Tỉnh ủy", RecipientPurpose.REPORT),
    line("Các tổ chức cơ sở đảng", RecipientPurpose.ACTION, "tinh/huyen"),
    line("Lưu Văn phòng", RecipientPurpose.ARCHIVE),
    line("Đảng bộ bệnh viện", RecipientPurpose.INFORMATION),
]


@pytest.mark.parametrize(
    ("code", "name", "body", "expected"),
    [
        ("tinh/huyen/xa", "Đảng bộ xã", None, True),
        ("tinh/khoi/xa", "Đảng bộ xã", None, False),
        ("tinh/khoi/vien", "Đảng bộ Bệnh viện", None, True),
        ("tinh/huyen", "Đảng bộ huyện", None, True),
        ("tinh/huyen", "Đảng bộ huyện", "Huyện đoàn", False),
        ("tinh/huyen", "Đảng bộ huyện", "Văn phòng", False),
        ("tinh", "Đảng bộ tỉnh", "Thường trực Tỉnh ủy", True),
    ],
)
def test_whom_a_distribution_list_reaches(
    code: str, name: str, body: str | None, *, expected: bool
) -> None:
    """By name or code, or for action through the level above; the archive is nobody."""
    assert is_addressed(LIST, code=code, name=name, body=body) is expected


STEPS: list[Callable[[Obligation, date], None]] = [
    submit,
    lambda plan, day: return_submission(plan, on(day), reasons=("Thiếu",)),
    lambda plan, day: approve_submission(plan, on(day)),
    lambda plan, day: excuse_obligation(plan, on(day), reason="Nhầm"),
    lambda plan, day: report_none(plan, on(day), reason="Không còn nguồn"),
    lambda plan, day: withdraw_obligations(plan, on(day), reason="Nhầm"),
]


@settings(max_examples=at_length(80), deadline=None)
@given(some.lists(some.tuples(some.sampled_from(STEPS), some.integers(0, 60)), max_size=12))
def test_whatever_is_recorded_can_be_read_on_every_day(
    steps: list[tuple[Callable[[Obligation, date], None], int]],
) -> None:
    """Accepted steps fit on each day, late ones too; what is refused is left out."""
    plan = due(condition="còn nguồn")
    for step, after in steps:
        tried = Obligation.of(plan.entries)
        assert isinstance(tried, Obligation)
        try:
            step(tried, IMPOSED_ON + timedelta(days=after))
        except Conflict:
            continue
        plan = tried

    for after in range(62):
        (found,) = duties(plan, IMPOSED_ON + timedelta(days=after))
        assert (found.received_on is None) <= (found.standing is not Standing.SUBMITTED)
        assert not (found.is_late and found.standing is Standing.EXCUSED)
    assert not any(isinstance(entry, Voided) for entry in plan.entries)
