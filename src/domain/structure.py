"""Changes to the organizations of a tenant: each judged on the structure that those before it left.

What a change is stands in `change`; where people count follows from it, nobody is moved.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

from domain.candidate import Candidate
from domain.change import (
    Change,
    ChangeKind,
    Founding,
    Part,
    ends_on_first_day,
    into_itself,
    kinds_differ,
    needed,
    not_of_the_whole,
    require_several,
)
from domain.errors import InvalidInput, organization_not_found
from domain.judgment import Day, Judgment
from domain.organization import Organization, Place
from domain.organization_attribute import nothing_changes
from domain.organization_code import organization_id, require_code
from domain.organization_entry import Divided, Ended, Moved, Retyped
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
    and `open_cases` which cases are not over. `changed` gathers what there is to save.
    """

    day: Day
    placed: dict[UUID, Placed]
    records: dict[UUID, Organization]
    candidates: Mapping[UUID, Candidate] = field(default_factory=dict)
    held: dict[UUID, UUID] = field(default_factory=dict)
    open_cases: frozenset[UUID] = frozenset()
    changed: dict[UUID, Record] = field(default_factory=dict)

    def apply(self, change: Change) -> None:
        """Make one change.

        Raises InvalidInput, NotFound, Conflict, and RuleViolated for what stands in its way.
        """
        _CHANGES[change.kind](self, change)
        for record in self.changed.values():
            record.require_sound()

    def establish(self, founding: Founding, document: str | None) -> Placed:
        """A new organization; again under the code of one whose beginning was voided."""
        above = self._standing(founding.superior)
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

    def rename(self, change: Change) -> None:
        """Another name."""
        given = self._standing(change.one())
        self._record(given).rename(
            needed(change.name, "name"), on=self.day.on, document=change.document
        )

    def retype(self, change: Change) -> None:
        """Another kind, which fits under the superior, and under which all below it fit."""
        given = self._below_root(change.one())
        kind = needed(change.organization_kind, "organizationKind")
        if kind is given.kind:
            raise nothing_changes("organizationKind")
        require_kind_fits(kind, self._superior(given).kind, self.day.on, "organizationKind")
        for child in self._children(given):
            require_kind_fits(child.kind, kind, self.day.on, "organizationKind")
        self._record(given).record(Retyped, self.day.on, kind=kind, document=change.document)
        self.placed[given.id] = replace(given, kind=kind)

    def move(self, change: Change) -> None:
        """Another superior of the same tenant, not below the organization itself."""
        given = self._below_root(change.one())
        above = self._standing(needed(change.superior, "superior"))
        if above.id == given.superior_id:
            raise nothing_changes("superior")
        self._move(given, above, change.document)

    def merge(self, change: Change) -> None:
        """Some end, and all they have goes to one that is there, or to a new one."""
        merged = [self._below_root(code) for code in change.organizations]
        into = self._target(change.into, change.founding, change.document)
        require_several(len(merged), 1, "organizations")
        for given in merged:
            if given.kind.is_cell is not into.kind.is_cell:
                raise kinds_differ()
            if given.id == into.id:
                raise into_itself("into")
            for child in self._children(given):
                self._move(child, into, change.document)
            self._end(given, [into], change.document)

    def split(self, change: Change) -> None:
        """Parts leave, with the organizations and cases assigned to them; the whole ends or not.

        Raises RuleViolated when it is to end before all that it has is assigned.
        """
        whole = self._below_root(change.one())
        require_several(len(change.parts), 1 if change.remains else 2, "parts")
        parts = []
        for part in change.parts:
            target = self._target(part.into, part.founding, change.document)
            if target.id == whole.id:
                raise into_itself("parts")
            self._assign(whole, part, target, change.document)
            parts.append(target)
        if change.remains:
            ids = tuple(part.id for part in parts)
            self._record(whole).record(Divided, self.day.on, parts=ids, document=change.document)
            return
        self._require_no_open_case(whole)
        self._end(whole, parts, change.document)

    def dissolve(self, change: Change) -> None:
        """It ends without a successor, when nothing and nobody is left in it."""
        given = self._below_root(change.one())
        self._require_no_open_case(given)
        self._end(given, [], change.document)

    def end(self, change: Change) -> None:
        """It ends here, and organizations of other tenants take its place."""
        given = self._standing(change.one())
        codes = tuple(require_code(code) for code in change.successors_outside)
        require_several(len(codes), 1, "successorsOutside")
        self._end(given, [], change.document, codes)

    def _assign(self, whole: Placed, part: Part, target: Placed, document: str | None) -> None:
        for code in part.organizations:
            child = self._standing(code)
            if child.superior_id != whole.id:
                raise not_of_the_whole("parts.organizations")
            self._move(child, target, document)
        for case in part.candidates:
            if self.held.get(case) != whole.id:
                raise not_of_the_whole("parts.candidates")
            if not target.kind.is_cell:
                raise kinds_differ()
            candidate = self.candidates[case]
            candidate.assign(target.id, divided=whole.id, on=self.day.on)
            self.changed[case] = candidate
            self.held[case] = target.id

    def _move(self, given: Placed, above: Placed, document: str | None) -> None:
        require_kind_fits(given.kind, above.kind, self.day.on, "superior")
        if given.id in self._path(above):
            raise into_itself("superior")
        self._record(given).record(Moved, self.day.on, superior_id=above.id, document=document)
        self.placed[given.id] = replace(given, superior_id=above.id)

    def _end(
        self,
        given: Placed,
        successors: list[Placed],
        document: str | None,
        outside: tuple[str, ...] = (),
    ) -> None:
        left = self._children(given)
        if left:
            Judgment(self.day).breach("O2", at="organization", count=len(left))
        record = self._record(given)
        if record.require_standing(self.day.on).established_on == self.day.on:
            raise ends_on_first_day()
        record.record(
            Ended,
            self.day.on,
            successors=tuple(successor.id for successor in successors),
            successor_codes=outside,
            document=document,
        )
        del self.placed[given.id]
        if len(successors) == 1:
            for case, holder in self.held.items():
                if holder == given.id:
                    self.held[case] = successors[0].id

    def _require_no_open_case(self, given: Placed) -> None:
        left = sum(1 for case in self.open_cases if self.held.get(case) == given.id)
        if left:
            Judgment(self.day).breach("O1", at="organization", count=left)

    def _target(self, into: str | None, founding: Founding | None, document: str | None) -> Placed:
        if (into is None) is (founding is None):
            raise InvalidInput(
                "ONE_TARGET",
                Text(
                    "Nêu một tổ chức đã có (into) hoặc một tổ chức mới (founding).",
                    "Name either an organization that is there (into) or a new one (founding).",
                ),
                field="into",
            )
        if founding is not None:
            return self.establish(founding, document)
        assert into is not None
        return self._standing(into)

    def _standing(self, code: str) -> Placed:
        found = self.placed.get(organization_id(code))
        if found is not None:
            return found
        record = self.records.get(organization_id(code))
        if record is not None and record.live():
            record.require_standing(self.day.on)
        raise organization_not_found(code)

    def _below_root(self, code: str) -> Placed:
        given = self._standing(code)
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

    def _superior(self, given: Placed) -> Placed:
        assert given.superior_id is not None
        return self.placed[given.superior_id]

    def _children(self, given: Placed) -> list[Placed]:
        return [placed for placed in self.placed.values() if placed.superior_id == given.id]

    def _path(self, given: Placed) -> list[UUID]:
        path = [given.id]
        while given.superior_id in self.placed and given.superior_id not in path:
            given = self._superior(given)
            path.append(given.id)
        return path

    def _record(self, given: Placed) -> Organization:
        record = self.records[given.id]
        self.changed[given.id] = record
        return record


def concerned(changes: Iterable[Change], placed: Iterable[Placed]) -> set[UUID]:
    """The organizations whose records some changes may touch, those yet to be founded included."""
    ids: set[UUID] = set()
    for change in changes:
        ids |= {organization_id(code) for code in change.codes()}
        ids |= {organization_id(code) for code in change.founded()}
    return ids | {each.id for each in placed if each.superior_id in ids}


_CHANGES: Final[Mapping[ChangeKind, Callable[[Structure, Change], object]]] = {
    ChangeKind.ESTABLISH: lambda structure, change: structure.establish(
        needed(change.founding, "founding"), change.document
    ),
    ChangeKind.RENAME: Structure.rename,
    ChangeKind.RETYPE: Structure.retype,
    ChangeKind.MOVE: Structure.move,
    ChangeKind.MERGE: Structure.merge,
    ChangeKind.SPLIT: Structure.split,
    ChangeKind.DISSOLVE: Structure.dissolve,
    ChangeKind.END: Structure.end,
}
