"""When a person's data may be erased: the order, the wait, and the dossier that forbids it."""

from dataclasses import replace
from datetime import date

from tests.domain.steps import Step, certificate, dossier, given, helper, listed, on, void

from domain.erasure import ErasureOrdered, PersonalDataErased, erase, order_erasure
from domain.judgment import Day
from domain.procedure import Effect, rule_book

ORDERED = date(2024, 1, 10)
FIRST_DAY = date(2024, 1, 25)
WITH_DOSSIER = (helper(), listed(), certificate(), dossier())


def ordered(day: date = ORDERED, approval: str | None = None) -> Step:
    return lambda case: order_erasure(
        case,
        on(day),
        document_number="12-CV/HU",
        issued_by="Ban Thường vụ Huyện ủy",
        approval_number=approval,
    )


def erased(day: date = FIRST_DAY) -> Step:
    return lambda case: erase(case, on(day))


def test_the_order_names_the_first_day_on_which_it_may_be_carried_out() -> None:
    (order,) = given().when(ordered()).then(ErasureOrdered)
    assert isinstance(order, ErasureOrdered)
    assert (order.erasable_from, order.approval_number) == (FIRST_DAY, None)


def test_it_is_carried_out_from_that_day_on_and_not_before() -> None:
    start = given(ordered())
    (receipt,) = start.when(erased()).then(PersonalDataErased)
    assert isinstance(receipt, PersonalDataErased)
    assert receipt.document_number == "12-CV/HU"
    assert start.case.case(FIRST_DAY).erased is receipt
    assert start.case.case(ORDERED).erased is None
    early = given(ordered()).when(erased(date(2024, 1, 24)))
    early.refused("ERASURE_TOO_EARLY", rule="X2", field="occurredOn")


def test_without_an_order_nothing_is_erased() -> None:
    given().when(erased()).refused("ERASURE_NOT_ORDERED", field="candidate")
    given(ordered(), void(2)).when(erased()).refused("ERASURE_NOT_ORDERED", field="candidate")


def test_a_second_order_does_not_begin_the_wait_anew() -> None:
    given(ordered(), ordered(date(2024, 1, 24))).when(erased()).then(PersonalDataErased)


def test_a_dossier_may_be_touched_with_the_approval_only() -> None:
    start = given(*WITH_DOSSIER)
    start.when(ordered()).refused("ERASURE_OF_DOSSIER", rule="X1", field="approvalNumber")
    start.when(ordered(approval="3-QĐ/TU")).then(ErasureOrdered)
    start.when(erased()).then(PersonalDataErased)


def test_a_dossier_opened_after_the_order_needs_the_approval_too() -> None:
    start = given(helper(), listed(), certificate(), ordered(date(2023, 5, 1)), dossier())
    start.when(erased()).refused("ERASURE_OF_DOSSIER", rule="X1", field="approvalNumber")
    start.when(ordered(approval="3-QĐ/TU")).then(ErasureOrdered)
    start.when(erased()).then(PersonalDataErased)


def test_where_the_wait_is_a_finding_only_the_order_counts_at_once() -> None:
    """Rules are data: a version of another effect must do what it says."""
    book = rule_book()
    mild = tuple(replace(version, effect=Effect.FINDING) for version in book.versions["X2"])
    rules = replace(book, versions={**book.versions, "X2": mild})
    start = given(ordered()).when(lambda case: erase(case, Day(date(2024, 1, 11), rules)))
    (receipt,) = start.then(PersonalDataErased, findings=("X2",))
    assert isinstance(receipt, PersonalDataErased)
    assert receipt.document_number == "12-CV/HU"
