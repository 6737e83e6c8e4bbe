"""What the changes of a plan do: each is judged on the structure that those before it left."""

from collections.abc import Callable, Mapping
from typing import Final

from domain.change import (
    Change,
    ChangeKind,
    Founding,
    Part,
    into_itself,
    kinds_differ,
    needed,
    not_of_the_whole,
    one_target,
    require_several,
)
from domain.organization_attribute import nothing_changes
from domain.organization_code import require_code
from domain.organization_entry import Divided, Retyped
from domain.organization_kind import require_kind_fits
from domain.relocation import leave
from domain.structure import Placed, Structure


def restructure(structure: Structure, change: Change) -> None:
    """Make one change.

    Raises InvalidInput, NotFound, Conflict, and RuleViolated for what stands in its way.
    """
    _CHANGES[change.kind](structure, change)
    for record in structure.changed.values():
        record.require_sound()


def _rename(structure: Structure, change: Change) -> None:
    """Another name."""
    given = structure.standing(change.one())
    structure.record(given).rename(
        needed(change.name, "name"), on=structure.day.on, document=change.document
    )


def _retype(structure: Structure, change: Change) -> None:
    """Another kind, which fits under the superior, and under which all below it fit."""
    given = structure.below_root(change.one())
    kind = needed(change.organization_kind, "organizationKind")
    if kind is given.kind:
        raise nothing_changes("organizationKind")
    require_kind_fits(kind, structure.superior(given).kind, structure.day.on, "organizationKind")
    for child in structure.children(given):
        require_kind_fits(child.kind, kind, structure.day.on, "organizationKind")
    structure.record(given).record(Retyped, structure.day.on, kind=kind, document=change.document)
    structure.retype(given, kind)


def _move(structure: Structure, change: Change) -> None:
    """Another superior of the same tenant, not below the organization itself."""
    given = structure.below_root(change.one())
    above = structure.standing(needed(change.superior, "superior"))
    if above.id == given.superior_id:
        raise nothing_changes("superior")
    structure.move(given, above, change.document)


def _merge(structure: Structure, change: Change) -> None:
    """Some end, and all they have goes to one that is there, or to a new one."""
    merged = [structure.below_root(code) for code in change.organizations]
    into = _target(structure, change.into, change.founding, change.document)
    require_several(len(merged), 1, "organizations")
    for given in merged:
        if given.kind.is_cell is not into.kind.is_cell:
            raise kinds_differ()
        if given.id == into.id:
            raise into_itself("into")
        for child in structure.children(given):
            structure.move(child, into, change.document)
        structure.end(given, [into], change.document)


def _split(structure: Structure, change: Change) -> None:
    """Parts leave, with the organizations and cases assigned to them; the whole ends or not.

    Raises RuleViolated when it is to end before all that it has is assigned.
    """
    whole = structure.below_root(change.one())
    require_several(len(change.parts), 1 if change.remains else 2, "parts")
    parts = []
    for part in change.parts:
        target = _target(structure, part.into, part.founding, change.document)
        if target.id == whole.id:
            raise into_itself("parts")
        _assign(structure, whole, part, target, change.document)
        parts.append(target)
    if change.remains:
        ids = tuple(part.id for part in parts)
        structure.record(whole).record(
            Divided, structure.day.on, parts=ids, document=change.document
        )
        return
    structure.require_no_open_case(whole)
    structure.end(whole, parts, change.document)


def _dissolve(structure: Structure, change: Change) -> None:
    """It ends without a successor, when nothing and nobody is left in it."""
    given = structure.below_root(change.one())
    structure.require_no_open_case(given)
    structure.end(given, [], change.document)


def _end(structure: Structure, change: Change) -> None:
    """It ends here, and organizations of other tenants take its place."""
    given = structure.standing(change.one())
    codes = tuple(require_code(code) for code in change.successors_outside)
    require_several(len(codes), 1, "successorsOutside")
    structure.end(given, [], change.document, codes)


def _assign(
    structure: Structure, whole: Placed, part: Part, target: Placed, document: str | None
) -> None:
    for code in part.organizations:
        child = structure.standing(code)
        if child.superior_id != whole.id:
            raise not_of_the_whole("parts.organizations")
        structure.move(child, target, document)
    for case in part.candidates:
        if structure.held.get(case) != whole.id:
            raise not_of_the_whole("parts.candidates")
        if not target.kind.is_cell:
            raise kinds_differ()
        candidate = structure.candidates[case]
        candidate.assign(target.id, divided=whole.id, on=structure.day.on)
        structure.changed[case] = candidate
        structure.held[case] = target.id


def _target(
    structure: Structure, into: str | None, founding: Founding | None, document: str | None
) -> Placed:
    if (into is None) is (founding is None):
        raise one_target()
    if founding is not None:
        return structure.establish(founding, document)
    assert into is not None
    return structure.standing(into)


_CHANGES: Final[Mapping[ChangeKind, Callable[[Structure, Change], object]]] = {
    ChangeKind.ESTABLISH: lambda structure, change: structure.establish(
        needed(change.founding, "founding"), change.document
    ),
    ChangeKind.RENAME: _rename,
    ChangeKind.RETYPE: _retype,
    ChangeKind.MOVE: _move,
    ChangeKind.MERGE: _merge,
    ChangeKind.SPLIT: _split,
    ChangeKind.DISSOLVE: _dissolve,
    ChangeKind.END: _end,
    ChangeKind.HAND_OVER: leave,
}
