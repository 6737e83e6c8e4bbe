"""What came of the classes of a period: who was sent by whom, who passed, with which grades.

A table says which classes began when; each of those is folded from its own events, as its own
figures are, so that there is one way to count them. A class with a hundred people has some hundred
and fifty events.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from db.database import Connection, Database
from domain.course import Course, CourseEntryVoided, CourseOpened
from domain.errors import InvalidInput
from domain.grading import Figures, Grade, figures_of, units_of
from domain.organization_code import organization_id
from domain.period import Period
from domain.schedule import CourseKind
from domain.text import Text
from eventstore.codec import Codec
from eventstore.stored_event import StoredEvent
from projections.register import Register
from projections.rollup import Rollup
from projections.target_progress import percent_of
from projections.tree import Node

CLASSES_MAX: Final = 1_000
"""How many classes one question may read."""
_AT_ONCE: Final = 25

_INSERT: Final = """
INSERT INTO course_opening (tenant_id, position, course, version, effective_on, starts_on, voids)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
_BEGUN: Final = """
SELECT DISTINCT o.course
FROM course_opening o
WHERE o.tenant_id = $1 AND o.starts_on BETWEEN $2 AND $3 AND o.position <= $4
  AND o.effective_on <= $5
  AND NOT EXISTS (
    SELECT FROM course_opening v
    WHERE v.tenant_id = o.tenant_id AND v.course = o.course AND v.voids = o.version
      AND v.position <= $4
  )
LIMIT $6
"""


class ClassResultProjection:
    """Keeps `course_opening`."""

    name = "class_result"
    version = 1
    types = frozenset({CourseOpened.TOPIC, CourseEntryVoided.TOPIC})
    tables = ("course_opening",)

    def __init__(self, codec: Codec) -> None:
        self._codec = codec

    async def apply(
        self, connection: Connection, tenant_id: int, events: list[StoredEvent]
    ) -> None:
        """One row an event."""
        rows = []
        for stored in events:
            entry = self._codec.decode_clear(stored)
            starts_on = entry.starts_on if isinstance(entry, CourseOpened) else None
            voids = entry.voided_version if isinstance(entry, CourseEntryVoided) else None
            place = (tenant_id, stored.position, stored.stream_id, stored.version)
            rows.append((*place, stored.effective_on, starts_on, voids))
        await connection.executemany(_INSERT, rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Which classes, and which of their people: of all `groups`, from units of a characteristic."""

    kind: CourseKind | None = None
    characteristic: str | None = None
    groups: frozenset[str] = frozenset()


@dataclass(slots=True)
class ClassResults:
    """What came of classes for the people of one part of the tree.

    `held` are the classes of organizations of that part, `classes` those in which it has places or
    people. Who was sent to two classes was sent twice; each counts by the last result in a class.
    """

    held: int = 0
    classes: int = 0
    places: int = 0
    sent: int = 0
    enrolled: int = 0
    attended: int = 0
    passed: int = 0
    not_passed: int = 0
    retakes: int = 0
    revoked: int = 0
    grades: Counter[Grade] = field(default_factory=Counter)

    @property
    def pass_percent(self) -> float | None:
        """Who passed, of those who were assessed."""
        return percent_of(self.passed, self.passed + self.not_passed)

    def add(self, figures: Figures) -> None:
        """What came of one more class."""
        self.sent += figures.proposed
        self.enrolled += figures.enrolled
        self.attended += figures.attended
        self.passed += figures.passed
        self.not_passed += figures.failed
        self.retakes += figures.retakes
        self.revoked += figures.revoked
        self.grades.update(dict(figures.spread))


class Classes:
    """Counts them."""

    def __init__(self, database: Database, register: Register) -> None:
        self._database = database
        self._register = register

    async def results(
        self, rollup: Rollup, period: Period, chosen: Chosen
    ) -> tuple[ClassResults, Mapping[UUID, ClassResults]]:
        """Of a roll-up's root with its whole subtree, and of each of its children.

        Counted are classes that begin in the period and were opened by the day of the basis, of the
        root, below it and above it. Raises InvalidInput for more than `CLASSES_MAX`.
        """
        begun = await self._begun(rollup, period)
        places = _Places(rollup, chosen.characteristic)
        parts = [ClassResults() for _ in (rollup.root, *rollup.root.children)]
        whole = ClassResults()
        for tenant_id, ids in begun:
            for course in await self._register.records(
                tenant_id, Course, ids, rollup.basis.positions[tenant_id], personal=False
            ):
                if chosen.kind in {None, course.proposed.kind}:
                    _take(whole, parts, course, rollup, places, chosen.groups)
        children = zip(rollup.root.children, parts[1:], strict=True)
        return whole, {child.id: part for child, part in children}

    async def _begun(self, rollup: Rollup, period: Period) -> list[tuple[int, Sequence[UUID]]]:
        """The classes by tenant, so many at a time as are folded without a pause."""
        found: list[tuple[int, Sequence[UUID]]] = []
        left = CLASSES_MAX
        for tenant_id, position in sorted(rollup.basis.positions.items()):
            async with self._database.tenant(tenant_id) as connection:
                rows = await connection.fetch(
                    _BEGUN,
                    tenant_id,
                    period.first,
                    period.last,
                    position,
                    rollup.basis.effective,
                    left + 1,
                )
            left -= len(rows)
            if left < 0:
                raise _too_many()
            ids = [row["course"] for row in rows]
            found += [(tenant_id, ids[at : at + _AT_ONCE]) for at in range(0, len(ids), _AT_ONCE)]
        return found


class _Places:
    """Which part of a roll-up a unit belongs to: 0 for the root itself, else a child's number."""

    def __init__(self, rollup: Rollup, characteristic: str | None) -> None:
        self._tree = rollup.tree
        self._numbers = rollup.tree.near(rollup.root).units
        self._characteristic = characteristic

    def holder(self, organization_id: UUID) -> int | None:
        """The part of an organization; None outside."""
        return self._numbers.get(organization_id)

    def sender(self, code: str) -> int | None:
        """The part of a unit that has the characteristic, itself or who has its people; or None."""
        unit = organization_id(code)
        node: Node | None = self._tree.place(unit)
        has = node is not None and self._characteristic in {None, *node.characteristics}
        return self._numbers.get(unit) if has else None


def _take(
    whole: ClassResults,
    parts: Sequence[ClassResults],
    course: Course,
    rollup: Rollup,
    places: _Places,
    groups: frozenset[str],
) -> None:
    on = rollup.basis.effective
    holder = places.holder(course.organization_id)
    if holder is not None:
        whole.held += 1
        parts[holder].held += 1
    people: dict[int, set[UUID]] = {}
    for person, unit in units_of(course, on, groups).items():
        if (number := places.sender(unit)) is not None:
            people.setdefault(number, set()).add(person)
    allotted: Counter[int] = Counter()
    for each in course.allotments(on):
        if each.places and (number := places.sender(each.unit)) is not None:
            allotted[number] += each.places
    for number in {*people, *allotted}:
        figures = figures_of(course, people.get(number, ()), on)
        for results in (whole, parts[number]):
            results.places += allotted[number]
            results.add(figures)
        parts[number].classes += 1
    whole.classes += bool(people or allotted)


def _too_many() -> InvalidInput:
    return InvalidInput(
        "TOO_MANY_CLASSES",
        Text(
            f"Câu hỏi này liên quan hơn {CLASSES_MAX} lớp; hãy hỏi kỳ hoặc tổ chức nhỏ hơn.",
            f"This concerns more than {CLASSES_MAX} classes; ask a shorter period or a smaller "
            f"part.",
        ),
        field="period",
    )
