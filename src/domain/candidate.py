"""A candidate: one person's record, from being identified on.

The steps stand in the modules of their nouns: sympathizer, certificate, dossier, vetting,
admission, probation, erasure. A step is judged on the facts of its own day, whenever it is
recorded. What a breach of a rule does stands in the rule book.
"""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Annotated, ClassVar, Self
from uuid import UUID

from domain.case import Case, CaseEntry, fold
from domain.errors import Conflict, Finding
from domain.groups import Particulars, Sex, age_band, groups_on, person_groups
from domain.judgment import Day, Judgment
from domain.part import AssignedToPart, whereabouts
from domain.personal import SEALED
from domain.record import (
    CreatedEntry,
    Entry,
    Record,
    Taken,
    Voided,
    entry_has_successors,
    optional_words,
    require_past,
    require_words,
)
from domain.text import Text


class Identified(CaseEntry, CreatedEntry):
    """An outstanding person was found and is followed from that day on."""

    TOPIC = "candidate.identified"
    full_name: Annotated[str, SEALED]
    birth_date: Annotated[date, SEALED]
    sex: Annotated[Sex, SEALED]
    ethnicity: Annotated[str | None, SEALED]
    religion: Annotated[str | None, SEALED]
    identity_number: Annotated[str | None, SEALED]
    own_groups: tuple[str, ...]
    characteristics: tuple[str, ...]
    grassroots_cell: bool

    def take(self, case: Case) -> None:
        """The person is followed."""
        case.identified = self


class CandidateEntryVoided(Voided):
    """An entry of the case was never true."""

    TOPIC = "candidate.entry_voided"
    reason: Annotated[str, SEALED]


@dataclass(frozen=True, slots=True)
class Cell:
    """The cell that handles a case.

    Its id, whether it is a grassroots cell, and the characteristics of its area.
    """

    id: UUID
    grassroots: bool
    characteristics: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who the person is, as stated. Unknown stays None."""

    full_name: str
    birth_date: date
    sex: Sex
    ethnicity: str | None = None
    religion: str | None = None
    identity_number: str | None = None
    groups: frozenset[str] = frozenset()


class Candidate(Record):
    """One person's record.

    Raises of every step: RuleViolated by the rule book, Conflict for a fact already there,
    InvalidInput.
    """

    voided_entry: ClassVar[type[Voided]] = CandidateEntryVoided
    missing: ClassVar[Text] = Text(
        "Không tìm thấy hồ sơ quần chúng.", "There is no such candidate."
    )
    held_elsewhere: ClassVar[Taken] = Taken(
        "PERSON_ALREADY_RECORDED",
        Text(
            "Đã có hồ sơ khác mang số định danh này.",
            "Another case has this identity number.",
        ),
        "identityNumber",
    )

    @classmethod
    def identify(cls, candidate_id: UUID, day: Day, cell: Cell, person: Person) -> Self:
        """Begin to follow an outstanding person in a cell."""
        return cls._create(
            Identified,
            id=candidate_id,
            effective_on=day.on,
            organization_id=cell.id,
            **_particulars(day, cell, person),
        )

    def restate(self, day: Day, person: Person) -> None:
        """Record the identification again, as it truly was; the old one must have been voided.

        Raises RuleViolated for a day after another step of the case.
        """
        first = self.identified
        if any(entry.effective_on < day.on for entry in self.live()):
            raise Judgment(day).out_of_order("identified", self.live()[0].effective_on)
        self.trigger_event(
            Identified,
            originator_topic=first.originator_topic,
            effective_on=day.on,
            organization_id=first.organization_id,
            **_particulars(day, _cell_of(first), person),
        )

    def assign(self, part: UUID, *, divided: UUID, on: date) -> None:
        """The person belongs to a part of the divided organization from a day on."""
        self.trigger_event(
            AssignedToPart, effective_on=on, organization_id=part, divided_id=divided
        )

    def exclusive(self) -> frozenset[tuple[str, str]]:
        """The identity number: one person, one case."""
        voided = {e.voided_version for e in self.entries if isinstance(e, Voided)}
        live = [
            entry
            for entry in self.entries
            if isinstance(entry, Identified) and entry.originator_version not in voided
        ]
        if not live or live[-1].identity_number is None:
            return frozenset()
        digits = "".join(sign for sign in live[-1].identity_number if sign.isalnum())
        return frozenset({("identity number", digits.upper())})

    def require_sound(self) -> None:
        """Passes unless a correction took away what a later membership step stands on.

        Raises Conflict: the later step is to be corrected first.
        """
        facts = self.facts()
        chain = (facts.decided, facts.ceremony, facts.recognized)
        for earlier, later in pairwise(chain):
            if later is not None and (earlier is None or earlier.effective_on > later.effective_on):
                raise entry_has_successors()

    @property
    def identified(self) -> Identified:
        """The identification, the voided one only while no other replaces it."""
        live = self.facts().identified
        return live or next(e for e in reversed(self.entries) if isinstance(e, Identified))

    @property
    def cell(self) -> Cell:
        """The cell that handles the case."""
        first = self.identified
        return Cell(self.organization_id, first.grassroots_cell, frozenset(first.characteristics))

    @property
    def organization_id(self) -> UUID:
        """The organization that the case belongs to: the last one that it was given to.

        What followed it since, the tree of each day tells.
        """
        return self._organization(self.live())

    def _organization(self, live: list[Entry]) -> UUID:
        found = whereabouts(self.entries, live).organization_id
        return found or self.identified.organization_id

    def case(self, on: date) -> Case:
        """The facts as they stood on a day, with all that is known of it now."""
        return fold(self.live(on))

    def facts(self) -> Case:
        """The facts after all entries, of later days too."""
        return fold(self.live())

    def pursuit(self, day: Day) -> Case:
        """The facts at the end of the pursuit that a day falls into: up to what ends it next."""
        live = self.live()
        ends = (
            index
            for index, entry in enumerate(live)
            if isinstance(entry, CaseEntry) and entry.ENDS_PURSUIT and entry.effective_on > day.on
        )
        return fold(live[: next(ends, None)])

    def record(self, entry: type[CaseEntry], judged: Judgment, **values: object) -> list[Finding]:
        """Add an entry of the judged day, with the person's groups and age band on it."""
        first, day = self.identified, judged.day
        self.trigger_event(
            entry,
            effective_on=day.on,
            organization_id=self._organization(self.live(day.on)),
            groups=groups_on(
                frozenset(first.own_groups),
                first.birth_date,
                day.on,
                frozenset(first.characteristics),
            ),
            age_band=age_band(first.birth_date, day.on),
            regulation=day.rules.regulation_on(day.on),
            findings=tuple(finding.rule for finding in judged.findings),
            **values,
        )
        return judged.findings

    def require(self, judged: Judgment, fact: str) -> Case:
        """The facts of the step's day. Raises RuleViolated (P8) when one of them is missing."""
        case = self.case(judged.day.on)
        if getattr(case, fact) is None:
            raise judged.out_of_order(fact)
        return case

    def require_none(self, fact: CaseEntry | None, name: str) -> None:
        """Raises Conflict when a fact is there already; `name` is that of its entry."""
        if fact is not None:
            raise Conflict(
                "STEP_ALREADY_RECORDED",
                Text(
                    f"Bước này đã ghi ngày {fact.effective_on:%d/%m/%Y}; nếu sai, hãy đính chính.",
                    f"{name} is recorded on {fact.effective_on}; correct it if it is wrong.",
                ),
                field="candidate",
            )


def _cell_of(first: Identified) -> Cell:
    return Cell(first.organization_id, first.grassroots_cell, frozenset(first.characteristics))


def _particulars(day: Day, cell: Cell, person: Person) -> dict[str, object]:
    require_past("birthDate", person.birth_date, day.on)
    own = person_groups(
        person.groups,
        Particulars(person.birth_date, person.sex, person.ethnicity, person.religion),
    )
    return {
        "full_name": require_words("fullName", person.full_name, 200),
        "birth_date": person.birth_date,
        "sex": person.sex,
        "ethnicity": optional_words("ethnicity", person.ethnicity, 100),
        "religion": optional_words("religion", person.religion, 100),
        "identity_number": optional_words("identityNumber", person.identity_number, 20),
        "own_groups": tuple(sorted(own)),
        "characteristics": tuple(sorted(cell.characteristics)),
        "grassroots_cell": cell.grassroots,
        "groups": groups_on(own, person.birth_date, day.on, cell.characteristics),
        "age_band": age_band(person.birth_date, day.on),
        "regulation": day.rules.regulation_on(day.on),
        "findings": (),
    }
