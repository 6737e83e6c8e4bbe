"""How a person's history reached the log: in time, late, or wrong at first and corrected later."""
# ruff: noqa: S311 - seeded randomness on purpose, nothing here is secret

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from app.demo.histories import Fact, history
from app.demo.names import KINH
from app.demo.quotas import RECORDED_BY, Quirk, Slot
from app.demo.steps import Step, Verb, actor_for
from commands.correction import Replacement
from domain.candidate import Person

STARTED_ON = date(2020, 6, 1)
"""The first day of the system: everything older is taken over in its first weeks."""
_TAKEN_OVER_WITHIN_DAYS = 28
_ENTRY_WEEKDAYS = (1, 4)
"""Officers sit down to enter what happened on Tuesdays and Fridays (assumed)."""
_WRONG_BY = timedelta(days=7)


def recordings(slot: Slot, seed: int) -> list[Step]:
    """All commands about a person in the order given; the days of recording never run backwards."""
    random = Random(f"{seed}/{slot.key}/recording")
    quirk = _possible_quirk(slot)
    true_facts = history(slot, seed)
    facts = _wrongly_noted(true_facts, slot, quirk)
    steps: list[Step] = []
    recorded_on = STARTED_ON
    for number, fact in enumerate(facts):
        recorded_on = max(recorded_on, _recorded_on(random, fact, slot, quirk))
        steps.append(_step(slot, str(number), fact, recorded_on))
    steps += _set_right(random, steps, true_facts[0], slot.anchor, quirk)
    return sorted(steps, key=lambda step: step.recorded_on)


def entry_day(day: date) -> date:
    """The first day from `day` on at which entries are made."""
    while day.weekday() not in _ENTRY_WEEKDAYS:
        day += timedelta(days=1)
    return day


def _possible_quirk(slot: Slot) -> Quirk:
    """The slot's quirk, but none in the last weeks, where nobody would have noticed it yet."""
    return slot.quirk if slot.anchor < date(2023, 10, 1) else Quirk.NONE


def _recorded_on(random: Random, fact: Fact, slot: Slot, quirk: Quirk) -> date:
    if fact.on < STARTED_ON:
        return entry_day(STARTED_ON + timedelta(days=1 + random.randrange(_TAKEN_OVER_WITHIN_DAYS)))
    day = entry_day(fact.on + timedelta(days=_delay_days(random)))
    if fact.verb is Verb.DECIDE_ADMISSION and quirk is Quirk.LATE:
        return entry_day(date(fact.on.year + 1, 1, 5) + timedelta(days=random.randrange(40)))
    if slot.pinned and fact.on <= min(slot.anchor, RECORDED_BY):
        return min(day, RECORDED_BY)
    return day


def _delay_days(random: Random) -> int:
    """Mostly within a week; a late entry delays the next ones, so fewer are drawn than come out."""
    chance = random.random()
    if chance < 0.895:  # noqa: PLR2004 (calibrated: four of five entries come out within a week)
        return random.randint(0, 4)
    if chance < 0.955:  # noqa: PLR2004
        return random.randint(8, 9)
    return 10 + int(111 * random.random() ** 2)


def _wrongly_noted(facts: list[Fact], slot: Slot, quirk: Quirk) -> list[Fact]:
    """The facts as they were entered at first."""
    match quirk:
        case Quirk.WRONG_DATE:
            return [_misdated(fact, slot) for fact in facts]
        case Quirk.WRONG_GROUP:
            return [_misgrouped(fact) for fact in facts]
        case Quirk.FALSE_DECISION:
            on = slot.anchor + timedelta(days=10)
            return [*facts, Fact(Verb.DECIDE_ADMISSION, on, {"decision_number": "000-QĐ/DT"})]
        case _:
            return facts


def _misdated(fact: Fact, slot: Slot) -> Fact:
    """The decision under the day on which it was received, a week later."""
    received_on = slot.anchor + _WRONG_BY
    if fact.verb is Verb.DECIDE_ADMISSION:
        return replace(fact, on=received_on)
    if fact.verb is Verb.HOLD_CEREMONY:
        return replace(fact, fields={**fact.fields, "decision_received_on": received_on})
    return fact


def _misgrouped(fact: Fact) -> Fact:
    person = fact.fields.get("person")
    if not isinstance(person, Person):
        return fact
    return replace(fact, fields={**fact.fields, "person": _wrong_person(person)})


def _wrong_person(person: Person) -> Person:
    if person.ethnicity != KINH:
        return replace(person, ethnicity=KINH)
    if "YOUTH_UNION" in person.groups:
        return replace(person, groups=person.groups - {"YOUTH_UNION"})
    return replace(person, groups=person.groups | {"YOUTH_UNION"})


def _set_right(
    random: Random, steps: list[Step], identified: Fact, decided_on: date, quirk: Quirk
) -> list[Step]:
    """The corrections, some weeks after the admission was entered."""
    decided = next((step for step in steps if step.verb is Verb.DECIDE_ADMISSION), None)
    if decided is None:
        return []
    noticed_on = entry_day(decided.recorded_on + timedelta(days=random.randint(20, 60)))
    on = max(decided.recorded_on, min(noticed_on, RECORDED_BY))
    match quirk:
        case Quirk.WRONG_DATE:
            truth = Replacement(decided_on, {})
            return [
                _correction(decided, on, "Ghi ngày nhận quyết định thay cho ngày quyết định", truth)
            ]
        case Quirk.FALSE_DECISION:
            return [_correction(decided, on, "Quyết định không có thật, ghi nhầm người", None)]
        case Quirk.WRONG_GROUP:
            truth = Replacement(None, _true_fields(identified, steps[0]))
            return [
                _correction(steps[0], on, "Ghi sai thông tin cá nhân", truth),
                _correction(
                    decided, on, "Ghi lại theo thông tin đã đính chính", Replacement(None, {})
                ),
            ]
        case _:
            return []


def _true_fields(identified: Fact, noted: Step) -> Mapping[str, object]:
    """The input fields that were wrong, as they should have been."""
    truth, wrong = identified.fields["person"], noted.fields["person"]
    assert isinstance(truth, Person)
    assert isinstance(wrong, Person)
    if truth.ethnicity != wrong.ethnicity:
        return {"ethnicity": truth.ethnicity}
    return {"groups": sorted(truth.groups)}


def _step(slot: Slot, name: str, fact: Fact, recorded_on: date) -> Step:
    return Step(
        key=f"{slot.key}/{name}",
        subject=slot.key,
        tenant=slot.cell.tenant,
        verb=fact.verb,
        occurred_on=fact.on,
        recorded_on=recorded_on,
        actor=actor_for(fact.verb, slot.cell.code),
        fields=fact.fields,
    )


def _correction(wrong: Step, on: date, reason: str, replacement: Replacement | None) -> Step:
    """The board's correction of an entry."""
    return Step(
        key=f"{wrong.key}/corrected",
        subject=wrong.subject,
        tenant=wrong.tenant,
        verb=Verb.CORRECT_EVENT,
        occurred_on=on,
        recorded_on=on,
        actor=actor_for(Verb.DECIDE_ADMISSION, wrong.subject),
        fields={"reason": reason, "replacement": replacement},
        corrects=wrong.key,
    )
