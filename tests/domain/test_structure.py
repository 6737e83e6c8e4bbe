"""Changes of organizations: what each needs, what stands in its way, and what it records."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from tests.domain.steps import PERSON, on

from domain.candidate import Candidate, Cell
from domain.change import Change, ChangeKind, Founding, Part
from domain.errors import Conflict, InvalidInput, NotFound, Refusal, RuleViolated
from domain.organization import Organization, OrganizationKind, Place
from domain.organization_attribute import (
    assign_characteristic,
    count_members,
    delegate_admission,
    name_predecessor,
    remove_characteristic,
    withdraw_admission,
)
from domain.organization_code import organization_id
from domain.organization_entry import (
    CharacteristicAssigned,
    CharacteristicRemoved,
    Divided,
    Ended,
    Established,
    MembersCounted,
    Moved,
    Renamed,
    Retyped,
    Succeeded,
)
from domain.part import AssignedToPart, refined, whereabouts
from domain.record import Entry
from domain.restructuring import restructure
from domain.structure import Placed, Structure, concerned

K = OrganizationKind
ROOT = "lam-dong/bao-lam"
ONE, TWO = f"{ROOT}/loc-thang", f"{ROOT}/loc-an"
A, B, C = f"{ONE}/a", f"{ONE}/b", f"{TWO}/c"
FOUNDED, DAY = date(2020, 1, 6), date(2024, 3, 4)
CASE = UUID(int=9)


def organization(code: str, kind: K, above: K) -> Organization:
    """One that was established in 2020."""
    superior, _, segment = code.rpartition("/")
    place = Place(organization_id(superior), superior, above)
    made = Organization.establish(place, on=FOUNDED, name=segment, kind=kind, segment=segment)
    made.collect_events()
    return made


def structure(day: date = DAY, *, open_in: str | None = None) -> Structure:
    """A district with two communes and their three cells; a case in one of them if told."""
    kinds = {
        ROOT: (K.DISTRICT, K.PROVINCE),
        ONE: (K.GRASSROOTS_COMMITTEE, K.DISTRICT),
        TWO: (K.GRASSROOTS_COMMITTEE, K.DISTRICT),
        A: (K.SUBORDINATE_CELL, K.GRASSROOTS_COMMITTEE),
        B: (K.SUBORDINATE_CELL, K.GRASSROOTS_COMMITTEE),
        C: (K.SUBORDINATE_CELL, K.GRASSROOTS_COMMITTEE),
    }
    records = {organization_id(code): organization(code, *kinds[code]) for code in kinds}
    above = {code: organization_id(code.rpartition("/")[0]) for code in kinds}
    placed = {
        organization_id(code): Placed(
            organization_id(code), code, kinds[code][0], None if code == ROOT else above[code]
        )
        for code in kinds
    }
    made = Structure(day=on(day), placed=placed, records=records)
    if open_in is not None:
        cell = Cell(organization_id(open_in), grassroots=False, characteristics=frozenset())
        candidate = Candidate.identify(CASE, on(date(2023, 3, 1)), cell, PERSON)
        candidate.collect_events()
        made.candidates = {CASE: candidate}
        made.held = {CASE: cell.id}
        made.open_cases = frozenset({CASE})
    return made


def change(kind: ChangeKind, *organizations: str, **fields: Any) -> Change:  # noqa: ANN401 (a change's own fields)
    """One change."""
    return Change(kind=kind, organizations=organizations, **fields)


def cell(name: str, superior: str = ONE) -> Founding:
    """A new cell."""
    return Founding(superior=superior, name=name, kind=K.SUBORDINATE_CELL)


def recorded(given: Structure) -> list[type[Entry]]:
    """What there is to save, by kind."""
    return [type(e) for record in given.changed.values() for e in record.pending_events]  # type: ignore[misc]


@pytest.mark.parametrize(
    ("made", "kinds"),
    [
        (
            change(ChangeKind.ESTABLISH, founding=cell("D")),
            [Established],
        ),
        (change(ChangeKind.RENAME, A, name="Chi bộ thôn A"), [Renamed]),
        (change(ChangeKind.RETYPE, A, organization_kind=K.SECTIONAL_COMMITTEE), [Retyped]),
        (change(ChangeKind.MOVE, A, superior=TWO), [Moved]),
        (change(ChangeKind.MERGE, A, B, into=C), [Ended, Ended]),
        (change(ChangeKind.MERGE, A, B, founding=cell("D")), [Established, Ended, Ended]),
        (change(ChangeKind.MERGE, TWO, into=ONE), [Moved, Ended]),
        (
            change(
                ChangeKind.SPLIT,
                ONE,
                parts=(
                    Part(into=TWO, organizations=(A, B)),
                    Part(
                        founding=Founding(superior=ROOT, name="Xã mới", kind=K.GRASSROOTS_COMMITTEE)
                    ),
                ),
            ),
            [Moved, Moved, Established, Ended],
        ),
        (change(ChangeKind.SPLIT, A, remains=True, parts=(Part(into=B),)), [Divided]),
        (change(ChangeKind.DISSOLVE, A), [Ended]),
        (change(ChangeKind.END, A, successors_outside=("lam-dong/di-linh/a",)), [Ended]),
    ],
    ids=lambda given: given.kind if isinstance(given, Change) else None,
)
def test_each_change_records_what_it_says(made: Change, kinds: list[type[Entry]]) -> None:
    """Nothing else is recorded, and the next change sees what it left."""
    given = structure()
    restructure(given, made)

    assert recorded(given) == kinds


@pytest.mark.parametrize(
    ("made", "error", "code"),
    [
        (change(ChangeKind.ESTABLISH), InvalidInput, "FIELD_MISSING"),
        (change(ChangeKind.ESTABLISH, founding=cell("A")), Conflict, "CODE_TAKEN"),
        (change(ChangeKind.RENAME, A, B, name="x"), InvalidInput, "ONE_ORGANIZATION"),
        (
            change(ChangeKind.RETYPE, A, organization_kind=K.SUBORDINATE_CELL),
            Conflict,
            "NOTHING_CHANGES",
        ),
        (
            change(ChangeKind.RETYPE, ONE, organization_kind=K.GRASSROOTS_CELL),
            InvalidInput,
            "KIND_DOES_NOT_FIT",
        ),
        (
            change(ChangeKind.RETYPE, ROOT, organization_kind=K.BLOC),
            InvalidInput,
            "TENANT_BY_OPERATOR",
        ),
        (change(ChangeKind.MOVE, A, superior=ONE), Conflict, "NOTHING_CHANGES"),
        (change(ChangeKind.MOVE, A, superior=ROOT), InvalidInput, "KIND_DOES_NOT_FIT"),
        (
            change(ChangeKind.MOVE, A, superior=f"{ROOT}/nowhere"),
            NotFound,
            "ORGANIZATION_NOT_FOUND",
        ),
        (change(ChangeKind.MERGE, A, into=TWO), InvalidInput, "KINDS_DIFFER"),
        (change(ChangeKind.MERGE, A, into=A), Conflict, "INTO_ITSELF"),
        (change(ChangeKind.MERGE, A), InvalidInput, "ONE_TARGET"),
        (change(ChangeKind.MERGE, A, into=B, founding=cell("D")), InvalidInput, "ONE_TARGET"),
        (change(ChangeKind.SPLIT, A, parts=(Part(into=B),)), InvalidInput, "TOO_FEW"),
        (change(ChangeKind.SPLIT, A, remains=True, parts=(Part(into=A),)), Conflict, "INTO_ITSELF"),
        (
            change(ChangeKind.SPLIT, A, parts=(Part(into=B, organizations=(C,)), Part(into=C))),
            InvalidInput,
            "NOT_OF_THE_WHOLE",
        ),
        (
            change(ChangeKind.SPLIT, A, parts=(Part(into=B, candidates=(CASE,)), Part(into=C))),
            InvalidInput,
            "NOT_OF_THE_WHOLE",
        ),
        (
            change(
                ChangeKind.SPLIT,
                ONE,
                parts=(
                    Part(into=TWO),
                    Part(
                        founding=Founding(superior=ROOT, name="Xã mới", kind=K.GRASSROOTS_COMMITTEE)
                    ),
                ),
            ),
            RuleViolated,
            "ORGANIZATIONS_REMAIN",
        ),
        (change(ChangeKind.DISSOLVE, ONE), RuleViolated, "ORGANIZATIONS_REMAIN"),
        (change(ChangeKind.END, A), InvalidInput, "TOO_FEW"),
        (change(ChangeKind.END, A, successors_outside=("Thôn A",)), InvalidInput, "INVALID_CODE"),
    ],
    ids=lambda given: given if isinstance(given, str) else None,
)
def test_each_change_is_refused_for_a_reason(made: Change, error: type[Refusal], code: str) -> None:
    """The refusal says which."""
    with pytest.raises(error) as refusal:
        restructure(structure(), made)

    assert refusal.value.code == code


def test_a_superior_cannot_be_put_below_what_stands_below_it() -> None:
    """A sectional committee with a committee below it would otherwise close a ring."""
    given = structure()
    restructure(given, change(ChangeKind.RETYPE, A, organization_kind=K.SECTIONAL_COMMITTEE))
    restructure(given, change(ChangeKind.MOVE, B, superior=A))
    ring = Placed(organization_id(A), A, K.SUBORDINATE_CELL, organization_id(ONE))
    given.placed[ring.id] = ring
    given.placed[organization_id(B)] = Placed(organization_id(B), B, K.SECTIONAL_COMMITTEE, ring.id)
    with pytest.raises(Conflict) as refusal:
        restructure(given, change(ChangeKind.MOVE, A, superior=B))

    assert refusal.value.code == "INTO_ITSELF"


def test_nothing_is_said_of_what_ended_or_ends_before_it_began() -> None:
    """An ended organization is named as ended; one of today cannot end today."""
    given = structure()
    restructure(given, change(ChangeKind.DISSOLVE, A))
    with pytest.raises(Conflict) as ended:
        restructure(given, change(ChangeKind.MOVE, A, superior=TWO))
    restructure(given, change(ChangeKind.ESTABLISH, founding=cell("D")))
    with pytest.raises(InvalidInput) as first_day:
        restructure(given, change(ChangeKind.DISSOLVE, f"{ONE}/d"))
    early = structure(FOUNDED)
    early.placed.pop(organization_id(A))
    with pytest.raises(NotFound):
        restructure(early, change(ChangeKind.DISSOLVE, A))

    assert ended.value.code == "ORGANIZATION_ENDED"
    assert first_day.value.code == "ENDS_ON_FIRST_DAY"


def test_an_end_before_later_entries_is_refused() -> None:
    """What was recorded for a later day is to be corrected first."""
    given = structure()
    given.records[organization_id(A)].rename("Khác", on=date(2024, 6, 1))
    with pytest.raises(Conflict) as refusal:
        restructure(given, change(ChangeKind.DISSOLVE, A))

    assert refusal.value.code == "EVENT_HAS_SUCCESSORS"


def test_open_cases_follow_a_merger_and_hold_up_an_end() -> None:
    """They are the successor's from then on."""
    with pytest.raises(RuleViolated) as refusal:
        restructure(structure(open_in=A), change(ChangeKind.DISSOLVE, A))
    given = structure(open_in=A)
    elsewhere = {UUID(int=10): organization_id(C)}
    given.held |= elsewhere
    restructure(given, change(ChangeKind.MERGE, A, into=B))

    assert (refusal.value.code, refusal.value.rule) == ("OPEN_CASES_REMAIN", "O1")
    assert given.held == {CASE: organization_id(B), **elsewhere}
    with pytest.raises(RuleViolated):
        restructure(given, change(ChangeKind.DISSOLVE, B))


def test_a_case_is_assigned_to_a_part_that_is_a_cell() -> None:
    """The person's own record says which part; a committee handles no case."""
    given = structure(open_in=A)
    parts = (Part(into=B, candidates=(CASE,)), Part(founding=cell("D")))
    restructure(given, change(ChangeKind.SPLIT, A, parts=parts))
    candidate = given.candidates[CASE]

    assert recorded(given) == [AssignedToPart, Established, Ended]
    assert candidate.organization_id == organization_id(B)
    assert candidate.cell.id == organization_id(B)
    with pytest.raises(InvalidInput) as refusal:
        restructure(
            structure(open_in=A),
            change(ChangeKind.SPLIT, A, remains=True, parts=(Part(into=TWO, candidates=(CASE,)),)),
        )
    assert refusal.value.code == "KINDS_DIFFER"


def test_kind_and_superior_are_those_of_the_day() -> None:
    """The day before nothing of it is known."""
    given = structure()
    restructure(given, change(ChangeKind.MOVE, A, superior=TWO))
    restructure(given, change(ChangeKind.RETYPE, A, organization_kind=K.SECTIONAL_COMMITTEE))
    record = given.records[organization_id(A)]
    now, before = record.standing(DAY), record.standing(date(2024, 3, 3))

    assert now is not None
    assert before is not None
    assert (now.kind, now.superior_id) == (K.SECTIONAL_COMMITTEE, organization_id(TWO))
    assert (before.kind, before.superior_id) == (K.SUBORDINATE_CELL, organization_id(ONE))


def test_the_records_that_a_plan_may_touch() -> None:
    """Those it names, those it founds, and what stands below them."""
    given = structure()
    made = change(
        ChangeKind.SPLIT,
        ONE,
        parts=(
            Part(into=TWO, organizations=(A,), candidates=(CASE,)),
            Part(founding=cell("D", TWO)),
        ),
    )
    named = (ONE, TWO, A, B, C, f"{TWO}/d")

    assert concerned([made], given.placed.values()) == {organization_id(code) for code in named}
    assert list(made.candidates()) == [CASE]


def test_a_unit_is_refined_with_each_division_and_not_by_other_entries() -> None:
    """A real transfer begins anew; an entry that names the whole or the part does not."""
    given = structure(open_in=A)
    candidate = given.candidates[CASE]
    a, b, c = (organization_id(code) for code in (A, B, C))
    candidate.assign(b, divided=a, on=DAY)
    candidate.assign(c, divided=b, on=date(2024, 6, 1))
    found = whereabouts(candidate.entries, candidate.live())
    first = refined(a, b, DAY)
    second = refined(first.id, c, date(2024, 6, 1))

    assert found.refined == [first, second]
    assert set(found.units) == {second.id}
    assert found.organization_id == c
    assert whereabouts(candidate.entries, candidate.live(DAY)).organization_id == b
    assert whereabouts(candidate.entries, []).organization_id is None
    lone = candidate.entries[1:]
    assert whereabouts(lone, lone).organization_id == c


STEPS: Iterable[tuple[Any, dict[str, Any], type[Entry]]] = (
    (assign_characteristic, {"characteristic": "VILLAGE"}, CharacteristicAssigned),
    (count_members, {"official_members": 12}, MembersCounted),
)


@pytest.mark.parametrize(("step", "fields", "kind"), STEPS)
def test_attributes_are_dated(step: Any, fields: dict[str, Any], kind: type[Entry]) -> None:  # noqa: ANN401 (any step)
    """An attribute holds from its day on, and the day before does not know it."""
    record = organization(A, K.SUBORDINATE_CELL, K.GRASSROOTS_COMMITTEE)
    step(record, on(DAY), **fields)
    now, before = record.standing(DAY), record.standing(date(2024, 3, 3))

    assert isinstance(record.entries[-1], kind)
    assert now is not None
    assert before is not None
    assert (now.characteristics, now.members) != (before.characteristics, before.members)


def test_characteristics_come_and_go_once() -> None:
    """What is so already is no change."""
    record = organization(A, K.SUBORDINATE_CELL, K.GRASSROOTS_COMMITTEE)
    with pytest.raises(Conflict):
        remove_characteristic(record, on(DAY), characteristic="VILLAGE")
    assign_characteristic(record, on(DAY), characteristic="VILLAGE")
    with pytest.raises(Conflict):
        assign_characteristic(record, on(DAY), characteristic="VILLAGE")
    remove_characteristic(record, on(date(2024, 4, 1)), characteristic="VILLAGE")
    standing = record.standing(date(2024, 4, 1))

    assert isinstance(record.entries[-1], CharacteristicRemoved)
    assert standing is not None
    assert standing.characteristics == frozenset()


@pytest.mark.parametrize("official_members", [-1, 1_000_001])
def test_a_count_of_members_can_be(official_members: int) -> None:
    """Neither less than nobody nor more than there can be."""
    record = organization(A, K.SUBORDINATE_CELL, K.GRASSROOTS_COMMITTEE)
    with pytest.raises(InvalidInput):
        count_members(record, on(DAY), official_members=official_members)


def test_authority_is_given_to_grassroots_committees() -> None:
    """Not to cells, and not twice."""
    commune = organization(ONE, K.GRASSROOTS_COMMITTEE, K.DISTRICT)
    delegate_admission(commune, on(DAY), document="1-QĐ/HU")
    with pytest.raises(Conflict):
        delegate_admission(commune, on(DAY), document="1-QĐ/HU")
    standing = commune.standing(DAY)
    withdraw_admission(commune, on(date(2024, 5, 1)))
    later = commune.standing(date(2024, 5, 1))
    with pytest.raises(InvalidInput) as refusal:
        delegate_admission(
            organization(A, K.SUBORDINATE_CELL, K.GRASSROOTS_COMMITTEE), on(DAY), document="1"
        )

    assert standing is not None
    assert later is not None
    assert (standing.admits, later.admits) == (True, False)
    assert refusal.value.code == "NOT_A_GRASSROOTS_COMMITTEE"


def test_a_predecessor_outside_is_named_for_the_first_day() -> None:
    """Its identity follows from its code."""
    record = organization(A, K.SUBORDINATE_CELL, K.GRASSROOTS_COMMITTEE)
    name_predecessor(record, on(FOUNDED), predecessor="lam-dong/di-linh/a")
    with pytest.raises(InvalidInput):
        name_predecessor(record, on(DAY), predecessor="lam-dong/di-linh/a")
    entry = record.latest(Succeeded)
    standing = record.standing(DAY)

    assert entry.predecessor_id == organization_id("lam-dong/di-linh/a")
    assert standing is not None
    assert standing.code == A


def test_a_code_is_borne_again_when_its_first_bearer_never_was() -> None:
    """The stream goes on, and its entries before the beginning do not stand."""
    record = organization(A, K.SUBORDINATE_CELL, K.GRASSROOTS_COMMITTEE)
    again = organization(A, K.SUBORDINATE_CELL, K.GRASSROOTS_COMMITTEE)
    with pytest.raises(Conflict):
        record.establish_again(again)
    record.void(1, position=1, reason="Ghi nhầm", on=DAY)
    assert record.standing(DAY) is None
    record.establish_again(again)

    assert record.established.originator_version == 3
    record.rename("Khác", on=DAY)
    record.void(3, position=3, reason="Ghi nhầm", on=DAY, replaced=True)
    with pytest.raises(Conflict):
        record.require_sound()
    assert record.standing(DAY) is None
