"""A tenant's rule book: adopted, made stricter, never laxer, never reaching back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given as each
from hypothesis import strategies as st
from tests.domain.steps import Given, given, path, submitted, vetting, vote

from domain.admission import AdmissionDecided, CellVoteHeld, decide_admission, record_cell_vote
from domain.candidate import Person
from domain.condition import ConditionAttested, attest_condition
from domain.errors import Refusal
from domain.groups import Sex
from domain.judgment import Day
from domain.procedure import Effect, RuleBook, rule_book, rule_book_digest
from domain.rulebook import Document, Rulebook, RulebookAdopted

SHIPPED = rule_book()
TODAY = date(2022, 3, 1)
DOCUMENT = Document("12-QĐ/HU", date(2022, 2, 25))


def adopted() -> Rulebook:
    """A tenant that goes by the book that ships."""
    return Rulebook.begin("lam-dong/bao-lam", SHIPPED, rule_book_digest(), on=date(2022, 1, 3))


def tighten(record: Rulebook, rule: str, on: date = TODAY, **stricter: Any) -> None:  # noqa: ANN401
    """Be stricter from a day on."""
    record.tighten(SHIPPED, on=on, today=TODAY, rule=rule, document=DOCUMENT, **stricter)


def condition(record: Rulebook, on: date = TODAY, **changed: Any) -> None:  # noqa: ANN401
    """Students need a good study result."""
    stated: dict[str, Any] = {
        "code": "STUDY_RESULT",
        "vi": "Học lực khá trở lên",
        "en": "A study result of “khá” or better is missing",
        "group": "STUDENT",
    }
    record.add_condition(on=on, today=TODAY, document=DOCUMENT, **{**stated, **changed})


def refused(
    expected: str,
    field: str,
    record: Rulebook,
    run: Callable[..., None],
    *given: object,
    **more: object,
) -> None:
    """It is refused so, and nothing is recorded."""
    before = len(record.entries)
    with pytest.raises(Refusal) as refusal:
        run(record, *given, **more)
    assert (refusal.value.code, refusal.value.field) == (expected, field)
    assert before == len(record.entries)


def test_the_adoption_names_the_book() -> None:
    """Digest, the newest version of each rule, and the regulations, each with its first day."""
    entry = adopted().entries[0]

    assert isinstance(entry, RulebookAdopted)
    assert entry.digest == rule_book_digest()
    assert "T10@2025-07-01" in entry.versions
    assert len(entry.versions) == len(SHIPPED.versions)
    assert entry.regulations[-1] == "294-QĐ/TW@2025-07-01"


def test_the_same_book_is_not_adopted_twice() -> None:
    """Another one is, and its digest is the one that counts."""
    record = adopted()
    record.adopt(SHIPPED, rule_book_digest(), on=TODAY)
    assert len(record.entries) == 1
    record.adopt(SHIPPED, "0" * 64, on=TODAY)

    assert record.digest == "0" * 64
    assert record.organization_id == record.entries[1].organization_id
    assert record.book(SHIPPED) == SHIPPED


def test_a_shorter_limit() -> None:
    """From its day on; under every later version of the rule, too; its document is named."""
    record = adopted()
    tighten(record, "T9", parameter="working_days", value=45)
    book = record.book(SHIPPED)

    assert book.on("T9", TODAY - timedelta(days=1)) == SHIPPED.on("T9", TODAY)
    for day in (TODAY, date(2025, 1, 19), date(2025, 1, 20), date(2025, 7, 1)):
        version = book.on("T9", day)
        assert version.parameters["working_days"] == 45
        assert version.source == f"{SHIPPED.on('T9', day).source}; 12-QĐ/HU"
        assert version.effect is Effect.FINDING
    assert book.valid_to(SHIPPED.on("T9", TODAY)) == TODAY - timedelta(days=1)


def test_a_refusal_instead_of_a_finding() -> None:
    """The last rule counts for each thing; as strict as the book that ships takes it back."""
    record = adopted()
    tighten(record, "T9", effect=Effect.REFUSE)
    tighten(record, "T9", parameter="working_days", value=50)
    tighten(record, "T9", on=date(2022, 6, 1), effect=Effect.FINDING)
    book = record.book(SHIPPED)

    assert book.on("T9", TODAY).effect is Effect.REFUSE
    assert book.on("T9", TODAY).parameters["working_days"] == 50
    assert book.on("T9", date(2022, 6, 1)).effect is Effect.FINDING
    assert book.on("T9", date(2022, 6, 1)).parameters["working_days"] == 50


@pytest.mark.parametrize(
    ("rule", "stricter", "code", "field"),
    [
        ("T9", {"parameter": "working_days", "value": 61}, "RULE_LAXER", "value"),
        ("T7", {"parameter": "numerator", "value": 1}, "RULE_LAXER", "value"),
        ("T7", {"parameter": "numerator", "value": 4}, "INVALID_RULE", "value"),
        ("T7", {"parameter": "denominator", "value": 2}, "RULE_FIXED", "parameter"),
        ("T11", {"parameter": "months", "value": 18}, "RULE_FIXED", "parameter"),
        ("T18", {"parameter": "months", "value": 35}, "RULE_LAXER", "value"),
        ("T9", {"parameter": "working_days", "value": 0}, "INVALID_RULE", "value"),
        ("T4", {"effect": Effect.FINDING}, "RULE_LAXER", "effect"),
        ("T10", {"effect": Effect.FINDING}, "RULE_LAXER", "effect"),
        ("T99", {"effect": Effect.REFUSE}, "UNKNOWN_RULE", "rule"),
        ("T9", {"parameter": "days", "value": 5}, "UNKNOWN_RULE", "parameter"),
        ("T9", {}, "INVALID_RULE", "effect"),
        ("T9", {"parameter": "working_days"}, "INVALID_RULE", "effect"),
        (
            "T9",
            {"effect": Effect.REFUSE, "parameter": "working_days", "value": 5},
            "INVALID_RULE",
            "effect",
        ),
    ],
)
def test_only_stricter(rule: str, stricter: dict[str, Any], code: str, field: str) -> None:
    """What is laxer, fixed for everybody or not there is refused."""
    refused(code, field, adopted(), tighten, rule, **stricter)


def test_no_rule_reaches_back() -> None:
    """Neither a stricter rule nor a condition holds for a day before it is recorded."""
    yesterday = TODAY - timedelta(days=1)
    refused(
        "RULE_REACHES_BACK", "occurredOn", adopted(), tighten, "T9", yesterday, effect=Effect.REFUSE
    )
    refused("RULE_REACHES_BACK", "occurredOn", adopted(), condition, yesterday)


RULES = [rule for rule, versions in SHIPPED.versions.items() if versions[0].stricter]


@each(
    st.lists(
        st.tuples(
            st.sampled_from(RULES),
            st.integers(0, 1500),
            st.integers(0, 120),
            st.sampled_from([*Effect, None]),
        ),
        max_size=12,
    ),
    st.dates(date(2022, 1, 1), date(2027, 1, 1)),
)
def test_whatever_is_added_is_never_laxer(
    rules: list[tuple[str, int, int, Effect | None]], day: date
) -> None:
    """After any sequence every rule is, on every day, at least as strict as the one that ships."""
    record = adopted()
    for rule, after, value, effect in rules:
        parameter = next(iter(SHIPPED.versions[rule][0].stricter))
        stricter = {"effect": effect} if effect else {"parameter": parameter, "value": value}
        try:
            tighten(record, rule, TODAY + timedelta(days=after), **stricter)
        except Refusal:
            continue
    book, order = record.book(SHIPPED), list(Effect)[::-1]

    assert [e.value for e in order] == ["finding", "consent", "refuse"]
    for rule in SHIPPED.versions:
        own, shipped = book.on(rule, day), SHIPPED.on(rule, day)
        assert order.index(own.effect) >= order.index(shipped.effect)
        for name, value in shipped.parameters.items():
            direction = shipped.stricter.get(name)
            mine = own.parameters[name]
            assert mine == value or (mine < value if direction == "less" else mine > value)


def under(book: RuleBook, start: Given, take: Any, day: date, **fields: Any) -> Any:  # noqa: ANN401
    """One more step, judged by another book."""
    return start.when(lambda case: take(case, Day(day, book), **fields))


def test_commands_are_judged_by_the_tenants_rules() -> None:
    """A decision after 45 working days is refused where the tenant says so, with its document."""
    record = adopted()
    tighten(record, "T9", parameter="working_days", value=45)
    tighten(record, "T9", effect=Effect.REFUSE)
    book = record.book(SHIPPED)
    start = given(*path(vetting), vote(date(2023, 12, 4)), submitted(date(2023, 12, 20)))
    number = {"decision_number": "45"}

    late = under(book, start, decide_admission, date(2024, 2, 7), **number)
    assert late.refused("DECISION_LATE", rule="T9", field="occurredOn").source.endswith("12-QĐ/HU")
    under(book, start, decide_admission, date(2024, 2, 6), **number).then(AdmissionDecided)


def student() -> Given:
    """A student's case before the vote."""
    person = Person(
        full_name="Mẫu",
        birth_date=date(2002, 5, 20),
        sex=Sex.MALE,
        groups=frozenset({"STUDENT"}),
    )
    return given(*path(vetting), person=person)


def test_a_condition_of_the_tenants_own() -> None:
    """A student needs the document; somebody else, and a vote before its day, does not."""
    record = adopted()
    condition(record, date(2023, 6, 5))
    book = record.book(SHIPPED)
    votes = {"official_members": 9, "in_favor": 9}
    day, code = date(2023, 6, 5), "STUDY_RESULT"

    start = student()
    under(book, start, record_cell_vote, day, **votes).refused(
        code, rule=f"L:{code}", field="candidate"
    )
    under(book, student(), record_cell_vote, date(2023, 6, 4), **votes).then(CellVoteHeld)
    others = given(*path(vetting))
    under(book, others, record_cell_vote, day, **votes).then(CellVoteHeld)
    attested = {"condition": code, "document_number": "31/GXN"}
    under(SHIPPED, start, attest_condition, day, **attested).refused(
        "UNKNOWN_CONDITION", field="condition"
    )
    under(book, start, attest_condition, day, **attested).then(ConditionAttested)
    under(book, start, record_cell_vote, day, **votes).then(CellVoteHeld)
    assert dict(start.case.facts().attested) == {code: "31/GXN"}


def test_a_condition_may_be_a_finding_and_concern_everybody() -> None:
    """Its sentence and document are those of the tenant."""
    record = adopted()
    condition(record, group=None, effect=Effect.FINDING, code="TITLE")
    votes = {"official_members": 9, "in_favor": 9}
    outcome = under(record.book(SHIPPED), student(), record_cell_vote, date(2023, 6, 5), **votes)

    outcome.then(CellVoteHeld, findings=("L:TITLE",))
    assert outcome.findings[0].text.vi == "Học lực khá trở lên"
    assert outcome.findings[0].source == "12-QĐ/HU"


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"code": "study"}, "INVALID_RULE", "code"),
        ({"vi": "Thiếu {x}"}, "INVALID_RULE", "vi"),
        ({"en": " "}, "INVALID_TEXT", "en"),
        ({"group": "POETS"}, "UNKNOWN_GROUP", "group"),
    ],
)
def test_a_condition_is_said_plainly(changed: dict[str, Any], code: str, field: str) -> None:
    """In both languages, with a code of its own, of a group that there is."""
    refused(code, field, adopted(), condition, **changed)


def test_a_condition_is_added_once() -> None:
    """A code is not used twice."""
    record = adopted()
    condition(record)
    refused("CONDITION_ALREADY_ADDED", "code", record, condition)


def test_a_rule_that_ships_no_more_is_left_out() -> None:
    """A stricter rule of a book that is gone changes nothing."""
    record = adopted()
    tighten(record, "T9", effect=Effect.REFUSE)
    newer = replace(SHIPPED, versions={k: v for k, v in SHIPPED.versions.items() if k != "T9"})

    assert record.book(newer).versions == newer.versions


def test_a_parameter_that_is_no_more_is_left_out() -> None:
    """A stricter value of it changes nothing in a book without it."""
    record = adopted()
    tighten(record, "T9", parameter="working_days", value=45)
    bare = replace(SHIPPED.on("T9", TODAY), parameters={})
    book = record.book(replace(SHIPPED, versions={"T9": (bare,)}))

    assert book.on("T9", TODAY).parameters == {}
