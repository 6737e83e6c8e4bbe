"""Defects, guidance and reactions: what is open, and what is decided once."""

from datetime import date
from uuid import UUID

import pytest
from tests.domain.steps import on
from tests.domain.test_document import DISTRICT

from domain.defect import Defect, DefectReminded, close_defect, remind_of_defect
from domain.errors import Conflict, InvalidInput
from domain.guidance import Guidance, GuidanceGiven, give_guidance
from domain.reaction import Occasion, Reaction, ReactionDecided, ReactionKind, decide_reaction

DAY = on(date(2023, 6, 1))
LATER = on(date(2023, 7, 1))


def noted(rule: str | None = None) -> Defect:
    """A defect that the inspection found."""
    return Defect.note(
        UUID(int=9), DAY, DISTRICT, found_by="Ủy ban Kiểm tra", what="Thiếu biên bản", rule=rule
    )


def test_a_defect_is_reminded_of_until_it_is_closed() -> None:
    """Afterwards neither reminded of nor closed again."""
    defect = noted("T7")
    remind_of_defect(defect, DAY, by="Ủy ban Kiểm tra")
    assert defect.latest(DefectReminded).by == "Ủy ban Kiểm tra"
    close_defect(defect, LATER, outcome="Đã bổ sung biên bản")

    assert defect.noted.rule == "T7"
    assert defect.closed(DAY.on) is None
    closed = defect.closed()
    assert closed is not None
    assert closed.outcome == "Đã bổ sung biên bản"
    with pytest.raises(Conflict, match="DEFECT_CLOSED"):
        remind_of_defect(defect, LATER, by="Ủy ban Kiểm tra")
    with pytest.raises(Conflict, match="DEFECT_CLOSED"):
        close_defect(defect, LATER, outcome="Xong")


def test_a_defect_names_a_rule_that_there_is() -> None:
    """The refusal names the field."""
    with pytest.raises(InvalidInput, match="UNKNOWN_RULE"):
        noted("T99")


def test_the_last_guidance_counts() -> None:
    """A question may be answered more than once."""
    question = Guidance.request(
        UUID(int=9), DAY, DISTRICT, question="Chi bộ còn 2 đảng viên?", lead="Ban Tổ chức"
    )
    give_guidance(question, LATER, by="Ban Tổ chức", answer="Ghép chi bộ trước khi biểu quyết")

    assert question.requested.lead == "Ban Tổ chức"
    assert question.latest(GuidanceGiven).by == "Ban Tổ chức"


def test_a_proposal_is_decided_once() -> None:
    """The decided rank is the proposed one unless the committee says another."""
    proposal = Reaction.propose(
        UUID(int=9),
        DAY,
        DISTRICT,
        kind=ReactionKind.RANKING,
        occasion=Occasion.YEARLY,
        proposed_by="Ban Tổ chức",
        ground="Đạt 110 % chỉ tiêu",
        rank="Hoàn thành xuất sắc",
    )
    assert proposal.decided() is None
    decide_reaction(proposal, LATER, agreed=True, decided_by="Ban Thường vụ")

    assert proposal.decided(DAY.on) is None
    assert proposal.latest(ReactionDecided).rank == "Hoàn thành xuất sắc"
    with pytest.raises(Conflict, match="REACTION_DECIDED"):
        decide_reaction(proposal, LATER, agreed=False, decided_by="Ban Thường vụ")
