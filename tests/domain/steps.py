"""Given-when-then over one case: what was recorded, one more step, what came of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from domain import admission, probation, recognition, sympathizer
from domain import certificate as certificates
from domain import dossier as dossiers
from domain import vetting as vettings
from domain.candidate import Candidate, Cell, Person
from domain.case import VettingConclusion
from domain.errors import Finding, Refusal
from domain.groups import Sex
from domain.judgment import Day
from domain.procedure import rule_book
from domain.record import Entry

CELL = Cell(UUID(int=1), grassroots=False, characteristics=frozenset())
PERSON = Person(full_name="Nguyễn Thị Mẫu", birth_date=date(2000, 5, 20), sex=Sex.FEMALE)
Step = Callable[[Candidate], object]
OF_PAPERS = frozenset({"V3", "D2", "P5", "G3", "S3"})
"""Rules that find something missing which the path of the first version does not have."""


def on(day: date, actor: str | None = None) -> Day:
    """A day under the rule book that ships."""
    return Day(day, rule_book(), actor)


@dataclass(frozen=True)
class Taken:
    """A step on a day with what is stated, recorded by somebody."""

    decision: Callable[..., object]
    day: date
    stated: dict[str, Any]
    actor: str | None = None

    def __call__(self, case: Candidate) -> object:
        """Take it."""
        return self.decision(case, on(self.day, self.actor), **self.stated)


@dataclass
class Outcome:
    """What one step led to."""

    case: Candidate
    before: int
    findings: object
    refusal: Refusal | None

    def then(
        self, *kinds: type[Entry], findings: tuple[str, ...] = (), papers: bool = False
    ) -> tuple[Entry, ...]:
        """Exactly these entries were recorded, with these findings.

        Findings about papers that the bare path leaves out count only where `papers` says so.
        """
        assert self.refusal is None
        new = tuple(self.case.entries[self.before :])
        found: list[Finding] = self.findings if isinstance(self.findings, list) else []

        assert kinds == tuple(type(entry) for entry in new)
        rules = tuple(finding.rule for finding in found)
        assert findings == tuple(rule for rule in rules if papers or rule not in OF_PAPERS)
        return new

    def refused(self, code: str, *, rule: str | None = None, field: str | None = None) -> Refusal:
        """It was refused for this reason and nothing was recorded."""
        assert self.refusal is not None, "it was accepted"
        seen = (self.refusal.code, self.refusal.rule, self.refusal.field)

        assert (code, rule, field) == seen
        assert self.before == len(self.case.entries)
        assert (rule is None) is (self.refusal.source is None)
        return self.refusal


@dataclass(frozen=True)
class Given:
    """A case after some steps."""

    case: Candidate

    def when(self, step: Step) -> Outcome:
        """Take one more step."""
        before = len(self.case.entries)
        try:
            return Outcome(self.case, before, step(self.case), None)
        except Refusal as refusal:
            return Outcome(self.case, before, None, refusal)


def given(*steps: Step, person: Person = PERSON, cell: Cell = CELL) -> Given:
    """A case identified on 1 March 2023, after these steps."""
    case = Candidate.identify(UUID(int=9), on(date(2023, 3, 1)), cell, person)
    for step in steps:
        step(case)
    return Given(case)


def _at(step: Callable[..., object], day: date, **fields: Any) -> Step:  # noqa: ANN401
    return Taken(step, day, fields)


def helper(day: date = date(2023, 3, 10), since: date = date(2015, 1, 1)) -> Step:
    return _at(
        sympathizer.assign_helper, day, helper_name="Trần Văn Giúp", helper_official_since=since
    )


def listed(day: date = date(2023, 3, 15)) -> Step:
    return _at(sympathizer.list_sympathizer, day, resolution_number="3-NQ/CB")


def removed(day: date) -> Step:
    return _at(sympathizer.remove_sympathizer, day, reason="Không còn phấn đấu")


def certificate(day: date = date(2023, 4, 3), number: str = "12/2023") -> Step:
    return _at(certificates.record_certificate, day, number=number, grade="Khá")


def dossier(day: date = date(2023, 5, 4)) -> Step:
    return _at(dossiers.open_dossier, day)


def vetting(
    day: date = date(2023, 6, 1), conclusion: VettingConclusion = VettingConclusion.ELIGIBLE
) -> Step:
    return _at(vettings.conclude_vetting, day, conclusion=conclusion)


def vote(day: date = date(2023, 6, 5), official: int = 9, in_favor: int = 9) -> Step:
    return _at(admission.record_cell_vote, day, official_members=official, in_favor=in_favor)


def submitted(day: date = date(2023, 6, 20)) -> Step:
    return _at(admission.submit_dossier, day)


def decided(day: date = date(2023, 7, 3), consent: str | None = None) -> Step:
    return _at(admission.decide_admission, day, decision_number="45-QĐ/HU", consent_number=consent)


def ceremony(
    day: date = date(2023, 7, 20), received: date | None = None, consent: str | None = None
) -> Step:
    return _at(probation.hold_ceremony, day, decision_received_on=received, consent_number=consent)


def recognized(
    day: date = date(2024, 8, 20),
    voted_on: date = date(2024, 8, 1),
    official: int = 9,
    in_favor: int = 9,
) -> Step:
    return _at(
        recognition.recognize_full_member,
        day,
        decision_number="60-QĐ/HU",
        cell_vote_on=voted_on,
        official_members=official,
        in_favor=in_favor,
    )


def void(version: int, *, replaced: bool = False) -> Step:
    """The entry of a version was never true."""
    return lambda case: case.void(
        version, position=version, reason="Ghi nhầm", on=date(2025, 1, 2), replaced=replaced
    )


PATH = (
    helper,
    listed,
    certificate,
    dossier,
    vetting,
    vote,
    submitted,
    decided,
    ceremony,
    recognized,
)


def path(until: Callable[..., Step], *, without: Callable[..., Step] | None = None) -> list[Step]:
    """The usual steps up to and including one, without another."""
    return [make() for make in PATH[: PATH.index(until) + 1] if make is not without]
