"""What truly happened to one person, in an order that the procedure allows.

How it was recorded is not here.
"""
# ruff: noqa: S311 - seeded randomness on purpose, nothing here is secret

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from random import Random

from app.demo.names import Circumstances, full_name, person
from app.demo.quotas import Slot
from app.demo.steps import Verb
from domain.calendar import add_months
from domain.candidate import Person
from domain.case import Stage, VettingConclusion
from domain.groups import Sex


@dataclass(frozen=True, slots=True)
class Fact:
    """One step as it was: the command, its day and its arguments."""

    verb: Verb
    on: date
    fields: Mapping[str, object]


_PATH = (
    (Verb.IDENTIFY_CANDIDATE, 20, 120),
    (Verb.ASSIGN_HELPER, 0, 10),
    (Verb.LIST_SYMPATHIZER, 40, 300),
    (Verb.RECORD_CERTIFICATE, 15, 200),
    (Verb.OPEN_DOSSIER, 20, 60),
    (Verb.CONCLUDE_VETTING, 10, 40),
    (Verb.RECORD_CELL_VOTE, 5, 20),
    (Verb.SUBMIT_DOSSIER, 8, 25),
    (Verb.DECIDE_ADMISSION, 0, 0),
)
"""The way to a decision, with the least and most days from each step to the next (assumed)."""

_LAST_STEP = {
    Stage.IDENTIFIED: Verb.IDENTIFY_CANDIDATE,
    Stage.SYMPATHIZER: Verb.LIST_SYMPATHIZER,
    Stage.CERTIFIED: Verb.RECORD_CERTIFICATE,
    Stage.CERTIFICATE_EXPIRED: Verb.RECORD_CERTIFICATE,
    Stage.DOSSIER_OPEN: Verb.OPEN_DOSSIER,
    Stage.VETTING: Verb.CONCLUDE_VETTING,
    Stage.OPINIONS: Verb.CONCLUDE_VETTING,
    Stage.CELL_REVIEW: Verb.RECORD_CELL_VOTE,
    Stage.GRASSROOTS_REVIEW: Verb.RECORD_CELL_VOTE,
    Stage.SUBMITTED: Verb.SUBMIT_DOSSIER,
    Stage.REMOVED: Verb.RECORD_CERTIFICATE,
}
_SUPPLEMENT, _FAILED_FIRST, _DECIDED_LATE, _CEREMONY_LATE, _RECOGNIZED_LATE = (
    0.12,
    0.03,
    0.04,
    0.03,
    0.05,
)
"""How often a case takes each of these turns (assumed)."""
_REASONS = (
    "Không còn phấn đấu, rèn luyện",
    "Chuyển nơi cư trú, không tiếp tục theo dõi",
    "Vi phạm quy định của đơn vị",
)


def history(slot: Slot, seed: int) -> list[Fact]:
    """All facts of a person in the order of their days, the distant future included."""
    random = Random(f"{seed}/{slot.cell.code}/{slot.number}")
    facts = _until_anchor(random, slot)
    if slot.stage is Stage.REMOVED:
        removed = _fact(random, slot, Verb.REMOVE_SYMPATHIZER, slot.anchor)
        return [*facts, removed]
    if slot.admitted and slot.stage is not Stage.DECIDED:
        facts += _after_decision(random, slot)
    return facts


def _until_anchor(random: Random, slot: Slot) -> list[Fact]:
    last = _LAST_STEP.get(slot.stage, Verb.DECIDE_ADMISSION)
    day = slot.anchor
    if slot.stage is Stage.REMOVED:
        day -= timedelta(days=random.randint(30, 200))
    facts: list[Fact] = []
    for verb, *usual in reversed(_PATH):
        if facts:
            late = verb is Verb.SUBMIT_DOSSIER and random.random() < _DECIDED_LATE
            least, most = (95, 120) if late else usual
            day -= timedelta(days=random.randint(least, most))
        elif verb is not last:
            continue
        facts.insert(0, _fact(random, slot, verb, day))
    return _with_setbacks(random, facts, slot)


def _with_setbacks(random: Random, facts: list[Fact], slot: Slot) -> list[Fact]:
    """At times a supplement before the vetting ended well, a failed vote before a passed one."""
    found = list(facts)
    for before, fact in pairwise(facts):
        between = before.on + (fact.on - before.on) / 2
        if fact.verb is Verb.CONCLUDE_VETTING and slot.admitted and random.random() < _SUPPLEMENT:
            unclear = {**fact.fields, "conclusion": VettingConclusion.SUPPLEMENT_NEEDED}
            found.insert(found.index(fact), Fact(fact.verb, between, unclear))
        if fact.verb is Verb.RECORD_CELL_VOTE and slot.admitted and random.random() < _FAILED_FIRST:
            failed = {**fact.fields, **_votes(random, passed=False)}
            found.insert(found.index(fact), Fact(fact.verb, between, failed))
    return found


def _after_decision(random: Random, slot: Slot) -> list[Fact]:
    received_on = slot.anchor + timedelta(days=random.randint(2, 8))
    late = random.random() < _CEREMONY_LATE
    held_on = received_on + timedelta(days=random.randint(*((58, 70) if late else (5, 25))))
    consent = f"{random.randint(10, 400)}-CV/ĐU" if late else None
    ceremony = Fact(
        Verb.HOLD_CEREMONY,
        held_on,
        {"decision_received_on": received_on, "consent_number": consent},
    )
    if slot.stage is Stage.PROBATIONARY:
        return [ceremony]
    vote_on = add_months(held_on, 12) + timedelta(days=random.randint(0, 25))
    overdue = random.random() < _RECOGNIZED_LATE
    decided_on = vote_on + timedelta(days=random.randint(*((60, 80) if overdue else (3, 30))))
    fields = {
        "decision_number": f"{random.randint(1, 900)}-QĐ/{_body(slot)}",
        "cell_vote_on": vote_on,
        **_votes(random, passed=True),
    }
    return [ceremony, Fact(Verb.RECOGNIZE_FULL_MEMBER, decided_on, fields)]


def _fact(random: Random, slot: Slot, verb: Verb, day: date) -> Fact:
    return Fact(verb, day, _fields(random, slot, verb, day))


def _fields(  # noqa: PLR0911 - one return a verb
    random: Random, slot: Slot, verb: Verb, day: date
) -> dict[str, object]:
    resolution: dict[str, object] = {"resolution_number": f"{random.randint(1, 60)}-NQ/CB"}
    match verb:
        case Verb.IDENTIFY_CANDIDATE:
            return {"organization": slot.cell.code, "person": _person(random, slot)}
        case Verb.ASSIGN_HELPER:
            helper = full_name(random, random.choice((Sex.FEMALE, Sex.MALE)))
            since = day - timedelta(days=random.randint(400, 9000))
            return {"helper_name": helper, "helper_official_since": since}
        case Verb.RECORD_CERTIFICATE:
            number = f"{random.randint(1, 2000):04d}/{day.year}"
            return {"number": number, "grade": random.choice(("Khá", "Khá", "Giỏi", "Trung bình"))}
        case Verb.CONCLUDE_VETTING:
            open_ended = slot.stage is Stage.VETTING
            conclusion = (
                VettingConclusion.SUPPLEMENT_NEEDED if open_ended else VettingConclusion.ELIGIBLE
            )
            return {"conclusion": conclusion, "document_number": f"{random.randint(1, 300)}-BC/ĐU"}
        case Verb.RECORD_CELL_VOTE:
            failed = slot.stage is Stage.CELL_REVIEW
            return {**_votes(random, passed=not failed), **resolution}
        case Verb.SUBMIT_DOSSIER:
            return {"letter_number": f"{random.randint(1, 300)}-TTr/ĐU"}
        case Verb.DECIDE_ADMISSION:
            return {"decision_number": f"{random.randint(1, 900)}-QĐ/{_body(slot)}"}
        case Verb.REMOVE_SYMPATHIZER:
            return {"reason": random.choice(_REASONS), **resolution}
        case _:
            return resolution


def _person(random: Random, slot: Slot) -> Person:
    """The person, old enough on every day that is judged."""
    circumstances = Circumstances(
        slot.cell.setting,
        slot.cell.code.split("/")[1],
        slot.minority,
        slot.youth_union,
        "RELIGIOUS_AREA" in slot.cell.characteristics,
    )
    return person(random, circumstances, slot.anchor)


def _votes(random: Random, *, passed: bool) -> dict[str, int]:
    members = random.randint(4, 28)
    enough = -(-2 * members // 3)
    in_favor = random.randint(enough, members) if passed else random.randint(1, enough - 1)
    return {"official_members": members, "in_favor": in_favor}


def _body(slot: Slot) -> str:
    return "ĐUK" if slot.cell.tenant.endswith("/khoi") else "HU"
