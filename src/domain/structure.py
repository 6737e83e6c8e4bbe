"""The organizations of a tenant as they stand on a day, and what may be done with each.

The changes of a plan are made of it in `restructuring`; where people count follows from what is
recorded, nobody is moved.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from domain.candidate import Candidate
from domain.change import Change, ChangeKind, Founding, ends_on_first_day, into_itself
from domain.errors import InvalidInput, organization_not_found
from domain.judgment import Day, Judgment
from domain.organization import Organization, Place
from domain.organization_code import organization_id
from domain.organization_entry import Ended, Moved
from domain.organization_kind import OrganizationKind, require_kind_fits
from domain.record import Record
from domain.text import Text


@dataclass(frozen=True, slots=True)
class Placed:
    """An organization in the structure of a day; the tenant's own one has no superior in it."""

    id: UUID
    code: str
    kind: OrganizationKind
    superior_id: UUID | None


@dataclass(slots=True, kw_only=True)
class Structure:
    """The organizations of a tenant as they stand on a day.

    `records` holds what the changes may touch; `held` says which organization handles each case,
    and `open_cases` which cases are not over. `changed` gathers what there is to save, and
    `handed_over` by which code of another tenant an organization that ended goes on.
    """

    day: Day
    placed: dict[UUID, Placed]
    records: dict[UUID, Organization]
    candidates: Mapping[UUID, Candidate] = field(default_factory=dict)
    held: dict[UUID, UUID] = field(default_factory=dict)
    open_cases: frozenset[UUID] = frozenset()
    changed: dict[UUID, Record] = field(default_factory=dict)
    handed_over: dict[UUID, str] = field(default_factory=dict)

    def establish(self, founding: Founding, document: str | None) -> Placed:
        """A new organization; again under the code of one whose beginning was voided."""
        above = self.standing(founding.superior)
        made = Organization.establish(
            Place(above.id, above.code, above.kind),
            on=self.day.on,
            name=founding.name,
            kind=founding.kind,
            segment=founding.code_segment,
            characteristics=founding.characteristics,
            document=document,
        )
        record = self.records.setdefault(made.id, made)
        if record is not made:
            record.establish_again(made)
        self.changed[made.id] = record
        self.placed[made.id] = Placed(made.id, made.established.code, founding.kind, above.id)
        return self.placed[made.id]

    def retype(self, given: Placed, kind: OrganizationKind) -> None:
        """Let it stand as one of another kind."""
        self.placed[given.id] = replace(given, kind=kind)

    def move(self, given: Placed, above: Placed, document: str | None) -> None:
        """Put it under another superior. Raises InvalidInput, and Conflict for one below it."""
        require_kind_fits(given.kind, above.kind, self.day.on, "superior")
        if given.id in self._path(above):
            raise into_itself("superior")
        self.record(given).record(Moved, self.day.on, superior_id=above.id, document=document)
        self.placed[given.id] = replace(given, superior_id=above.id)

    def end(
        self,
        given: Placed,
        successors: Iterable[Placed],
        document: str | None,
        outside: tuple[str, ...] = (),
    ) -> None:
        """End it. Raises RuleViolated while others stand below it, Conflict on its first day."""
        heirs = tuple(successor.id for successor in successors)
        left = self.children(given)
        if left:
            Judgment(self.day).breach("O2", at="organization", count=len(left))
        record = self.record(given)
        if record.require_standing(self.day.on).established_on == self.day.on:
            raise ends_on_first_day()
        record.record(
            Ended, self.day.on, successors=heirs, successor_codes=outside, document=document
        )
        del self.placed[given.id]
        if len(heirs) == 1:
            for case, holder in self.held.items():
                if holder == given.id:
                    self.held[case] = heirs[0]

    def require_no_open_case(self, given: Placed) -> None:
        """Passes unless it handles a case that is not over. Raises RuleViolated."""
        left = sum(1 for case in self.open_cases if self.held.get(case) == given.id)
        if left:
            Judgment(self.day).breach("O1", at="organization", count=left)

    def standing(self, code: str) -> Placed:
        """What stands under a code. Raises NotFound, and Conflict for what has ended."""
        found = self.placed.get(organization_id(code))
        if found is not None:
            return found
        record = self.records.get(organization_id(code))
        if record is not None and record.live():
            record.require_standing(self.day.on)
        raise organization_not_found(code)

    def below_root(self, code: str) -> Placed:
        """As `standing`. Raises InvalidInput for the tenant's own organization."""
        given = self.standing(code)
        if given.superior_id not in self.placed:
            raise InvalidInput(
                "TENANT_BY_OPERATOR",
                Text(
                    "Tổ chức trực thuộc tỉnh không thay đổi bằng lệnh này.",
                    "What stands directly under the province is not changed by this.",
                ),
                field="organization",
            )
        return given

    def superior(self, given: Placed) -> Placed:
        """What it stands directly under; there must be something."""
        assert given.superior_id is not None
        return self.placed[given.superior_id]

    def children(self, given: Placed) -> list[Placed]:
        """What stands directly under it, in the order of codes."""
        below = [placed for placed in self.placed.values() if placed.superior_id == given.id]
        return sorted(below, key=lambda placed: placed.code)

    def record(self, given: Placed) -> Organization:
        """Its record, which is to be saved."""
        record = self.records[given.id]
        self.changed[given.id] = record
        return record

    def _path(self, given: Placed) -> list[UUID]:
        path = [given.id]
        while given.superior_id in self.placed and given.superior_id not in path:
            given = self.superior(given)
            path.append(given.id)
        return path


def concerned(changes: Iterable[Change], placed: Iterable[Placed]) -> set[UUID]:
    """The organizations whose records some changes may touch, those yet to be founded included."""
    ids: set[UUID] = set()
    handed_over: set[UUID] = set()
    every = list(placed)
    for change in changes:
        ids |= {organization_id(code) for code in change.codes()}
        ids |= {organization_id(code) for code in change.founded()}
        if change.kind is ChangeKind.HAND_OVER:
            handed_over |= {organization_id(code) for code in change.organizations}
    ids |= {each.id for each in every if each.superior_id in ids}
    return ids | _below(handed_over, every)


def _below(ids: set[UUID], placed: list[Placed]) -> set[UUID]:
    below = {each.id for each in placed if each.superior_id in ids}
    return below | _below(below, placed) if below else below
