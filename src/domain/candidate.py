"""A candidate: one person's record, from being identified on.

The steps stand in the modules of their nouns: sympathizer, certificate, dossier, vetting,
admission, probation, recognition, placement, merging, erasure. A step is judged on the facts of
its own day, whenever it is recorded. What a breach of a rule does stands in the rule book.
"""

from datetime import date
from typing import TYPE_CHECKING, Annotated, ClassVar, Self
from uuid import UUID

from domain.case import Case, CaseEntry, fold
from domain.errors import Conflict, Finding
from domain.groups import age_band, groups_on
from domain.judgment import Day, Judgment
from domain.part import AssignedToPart, whereabouts
from domain.person import Cell, Identified, Person, identity_claim, particulars_of
from domain.personal import SEALED
from domain.record import CreatedEntry, Entry, Record, Taken, Voided
from domain.stand import require_steps_stand
from domain.text import Text

if TYPE_CHECKING:
    from domain.case import Placed

__all__ = ["Candidate", "CandidateEntryVoided", "Cell", "Identified", "Person"]


class CandidateEntryVoided(Voided):
    """An entry of the case was never true."""

    TOPIC = "candidate.entry_voided"
    reason: Annotated[str, SEALED]


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
            **particulars_of(day, cell, person),
        )

    @classmethod
    def begin(cls, entry: type[CreatedEntry], candidate_id: UUID, **values: object) -> Self:
        """A record that begins with another entry than an identification."""
        return cls._create(entry, id=candidate_id, **values)

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
            **particulars_of(day, _cell_of(first), person),
        )

    def assign(self, part: UUID, *, divided: UUID, on: date) -> None:
        """The person belongs to a part of the divided organization from a day on."""
        self.trigger_event(
            AssignedToPart, effective_on=on, organization_id=part, divided_id=divided
        )

    def exclusive(self) -> frozenset[tuple[str, str]]:
        """The identity number: one person, one case."""
        facts = self.facts()
        if facts.identified is None or facts.handed_over is not None or facts.merged is not None:
            return frozenset()
        return identity_claim(facts.identified.identity_number)

    def require_sound(self) -> None:
        """Passes unless a correction took away what a later membership step stands on.

        Raises Conflict: the later step is to be corrected first.
        """
        require_steps_stand(self.live())

    @property
    def identified(self) -> Identified:
        """The identification, the voided one only while no other replaces it."""
        live = self.facts().identified
        every = (*self.entries[0].brought(), *self.entries)
        return live or next(e for e in reversed(every) if isinstance(e, Identified))

    @property
    def organization_id(self) -> UUID:
        """The cell that handles the case now."""
        return self.cell.id

    @property
    def cell(self) -> Cell:
        """The cell that handles the case now."""
        return self._cell(self.live())

    @property
    def unit(self) -> UUID:
        """What the person counts under after all entries."""
        return whereabouts(self.entries, self.live()).units[-1]

    def cell_of(self, day: Day) -> Cell:
        """The cell that handled the case on the day of a step, as it stood then where known."""
        return day.cell or self.cell_on(day.on)

    def cell_on(self, day: date) -> Cell:
        """The cell that handled the case on a day, the first one before it had any here."""
        return self._cell(self.live(max(day, self.entries[0].effective_on)))

    def _cell(self, live: list[Entry]) -> Cell:
        """The last cell that the case was brought to, or the part of it that the person came to.

        What followed it since, the tree of each day tells.
        """
        placed = fold(live).placed or self.identified
        return _cell_of(placed, whereabouts(self.entries, live).organization_id)

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

    def review(self, day: Day) -> Case:
        """As `pursuit`, but only up to the next return of the dossier."""
        live = self.live()
        ends = (
            index
            for index, entry in enumerate(live)
            if isinstance(entry, CaseEntry)
            and (entry.ENDS_PURSUIT or entry.ENDS_ROUND)
            and entry.effective_on > day.on
        )
        return fold(live[: next(ends, None)])

    def require_last(self, day: Day) -> None:
        """Passes when no later step of the same pursuit stands on the list. Raises Conflict."""
        for entry in self.live():
            if not isinstance(entry, CaseEntry) or entry.effective_on <= day.on:
                continue
            if entry.BEGINS_PURSUIT:
                return
            self.require_none(entry if entry.STANDS_ON_LIST else None)

    def next_step(self, day: Day, *, of_pursuit: bool = False) -> CaseEntry | None:
        """The next step of a later day, if asked up to the beginning of another pursuit.

        What is recorded of the dead, too, is none.
        """
        for entry in self.live():
            if entry.effective_on <= day.on or not isinstance(entry, CaseEntry):
                continue
            if of_pursuit and entry.BEGINS_PURSUIT:
                return None
            if entry.OF_THE_LIVING:
                return entry
        return None

    def record(
        self,
        entry: type[CaseEntry],
        judged: Judgment,
        *,
        at: Cell | None = None,
        **values: object,
    ) -> list[Finding]:
        """Add an entry of the judged day, with the person's groups and age band on it.

        It concerns the cell that handled the case on that day, or the one it is brought to `at`.
        """
        if not entry.OPEN_TO_ENDED:
            self.require_open()
        cell = at or self.cell_of(judged.day)
        self.trigger_event(entry, **self.circumstances(judged, cell), **values)
        return judged.findings

    def circumstances(self, judged: Judgment, cell: Cell) -> dict[str, object]:
        """What every entry of a case says of its day: the cell, the person's groups and age."""
        first, day = self.identified, judged.day
        own = frozenset(first.own_groups)
        return {
            "effective_on": day.on,
            "organization_id": cell.id,
            "groups": groups_on(own, first.birth_date, day.on, cell.characteristics),
            "age_band": age_band(first.birth_date, day.on),
            "regulation": day.rules.regulation_on(day.on),
            "findings": tuple(finding.rule for finding in judged.findings),
        }

    def require(self, judged: Judgment, fact: str) -> Case:
        """The facts of the step's day.

        Raises RuleViolated (P8) when one of them is missing, Conflict when the case has ended here.
        """
        self.require_open()
        case = self.case(judged.day.on)
        if case.died is not None:
            judged.breach("E1", at="candidate", day=case.died.effective_on)
        if getattr(case, fact) is None:
            raise judged.out_of_order(fact)
        return case

    def void(
        self, version: int, *, position: int, reason: str, on: date, replaced: bool = False
    ) -> Entry:
        """As every record does it, while the case has not ended here, or of what ended it."""
        ends = getattr(self.entry(version), "ENDS_CASE", False)
        if not ends:
            self.require_open()
        return super().void(version, position=position, reason=reason, on=on, replaced=replaced)

    def require_open(self) -> None:
        """Passes while nobody else goes on with the case; whoever does records further steps.

        Raises Conflict.
        """
        if not any(isinstance(entry, CaseEntry) and entry.ENDS_CASE for entry in self.entries):
            return
        facts = self.facts()
        if facts.handed_over is not None:
            to = facts.handed_over.to_tenant
            raise Conflict(
                "CANDIDATE_HANDED_OVER",
                Text(
                    f"Hồ sơ đã chuyển đến {to}; đơn vị đó ghi tiếp, kể cả việc trước ngày chuyển.",
                    f"The case was handed over to {to}, which records what follows, and what was "
                    f"left out before.",
                ),
                field="candidate",
            )
        if facts.merged is not None:
            raise Conflict(
                "CANDIDATE_MERGED",
                Text(
                    "Đây là hồ sơ trùng; hãy ghi vào hồ sơ còn lại.",
                    "This is a duplicate; record it of the other case.",
                ),
                field="candidate",
            )

    def require_none(self, fact: CaseEntry | None) -> None:
        """Raises Conflict when a fact is there already."""
        if fact is not None:
            name = type(fact).__name__
            raise Conflict(
                "STEP_ALREADY_RECORDED",
                Text(
                    f"Bước này đã ghi ngày {fact.effective_on:%d/%m/%Y}; nếu sai, hãy đính chính.",
                    f"{name} is recorded on {fact.effective_on}; correct it if it is wrong.",
                ),
                field="candidate",
            )


def _cell_of(placed: "Placed", at: UUID | None = None) -> Cell:
    areas = frozenset(placed.characteristics)
    return Cell(at or placed.organization_id, placed.grassroots_cell, areas)
