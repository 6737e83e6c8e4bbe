"""Organizations that go over to another tenant with all they have: how they leave, and arrive.

Each one ends in its tenant and names by code what goes on in the other; there it is founded, or
what stands there takes its place. Both sides say so, and the tree of each day follows from both.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace

from domain.change import Change, ChangeKind, Founding, kinds_differ, require_several
from domain.organization import Organization
from domain.organization_code import require_code
from domain.organization_entry import Ended, MembersCounted
from domain.organization_kind import kind_under
from domain.structure import Placed, Structure


def leave(structure: Structure, change: Change) -> None:
    """End organizations and all below them here; `structure.handed_over` says what goes on.

    One that goes on as a founding of its own keeps the codes of those below it. Of one that goes
    into another, those below it stand directly below that, their last part of the code led by its.
    """
    code = change.destination()
    require_several(len(change.organizations), 1, "organizations")
    if change.founding is not None:
        _leave(structure, structure.below_root(change.one()), code, change.document)
        return
    for organization in change.organizations:
        given = structure.standing(organization)
        for child in structure.children(given):
            name = f"{_segment(given.code)}-{_segment(child.code)}"
            _leave(structure, child, f"{code}/{name}", change.document)
        _end(structure, given, code, change.document)


def _leave(structure: Structure, given: Placed, code: str, document: str | None) -> None:
    for child in structure.children(given):
        _leave(structure, child, f"{code}/{_segment(child.code)}", document)
    _end(structure, given, require_code(code), document)


def _end(structure: Structure, given: Placed, code: str, document: str | None) -> None:
    structure.end(given, [], document, (code,))
    structure.handed_over[given.id] = code


def taken_by(changes: Iterable[Change]) -> frozenset[str]:
    """The codes of what stands in other tenants already and takes the place of what ends."""
    intos = {change.into for change in changes if change.kind is ChangeKind.HAND_OVER}
    ends = {code for change in changes for code in change.successors_outside}
    return frozenset({each for each in intos if each is not None} | ends)


def arrive(
    structure: Structure,
    left: Iterable[tuple[Organization, Collection[str]]],
    changes: Collection[Change],
) -> None:
    """Let what ended in other tenants go on here, under the codes that each record comes with.

    Raises InvalidInput for what cannot stand there, NotFound for a superior that does not, and
    Conflict (CODE_TAKEN) for a code that somebody bears.
    """
    foundings = {
        change.founding.code: change.founding
        for change in changes
        if change.kind is ChangeKind.HAND_OVER and change.founding is not None
    }
    taken = taken_by(changes) - foundings.keys()
    arriving = [(code, record) for record, codes in left for code in codes]
    arriving.sort(key=lambda each: (each[0] in taken, each[0].count("/"), each[0], each[1].id))
    founded: set[str] = set()
    for code, record in arriving:
        if code not in taken and code not in founded:
            _found(structure, record, code, foundings.get(code))
            founded.add(code)
        _succeed(structure, record, code)


def _found(structure: Structure, record: Organization, code: str, stated: Founding | None) -> None:
    superior, _, segment = code.rpartition("/")
    was = record.standing(structure.day.on)
    assert was is not None
    kind = kind_under(was.kind, structure.standing(superior).kind, structure.day.on)
    founding = stated or Founding(superior=superior, name=was.name, kind=kind, code_segment=segment)
    characteristics = tuple(sorted(was.characteristics | set(founding.characteristics)))
    document = record.latest(Ended).document
    made = structure.establish(replace(founding, characteristics=characteristics), document)
    if was.members is not None:
        structure.record(made).record(
            MembersCounted,
            structure.day.on,
            official_members=was.members.official_members,
            document=document,
        )


def _succeed(structure: Structure, record: Organization, code: str) -> None:
    heir = structure.standing(code)
    was = record.standing(structure.day.on)
    assert was is not None
    if was.kind.is_cell is not heir.kind.is_cell:
        raise kinds_differ()
    document = record.latest(Ended).document
    structure.record(heir).succeed(was.code, on=structure.day.on, document=document)


def _segment(code: str) -> str:
    return code.rpartition("/")[2]
