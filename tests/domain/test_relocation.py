"""Organizations that go over to another tenant: how they leave, how they arrive, what follows."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

import pytest
from tests.domain.steps import PERSON, on
from tests.domain.test_structure import DAY, ONE, ROOT, A, B, cell, change, organization, structure

from domain.candidate import Candidate, Cell
from domain.case import Stage
from domain.change import Change, ChangeKind, Founding
from domain.errors import Conflict, InvalidInput
from domain.events import record_kind
from domain.organization import Organization, OrganizationKind, OrganizationRef, Place
from domain.organization_attribute import count_members, take_place_of
from domain.organization_code import organization_id
from domain.organization_entry import Ended, MembersCounted, Succeeded
from domain.organization_kind import kind_under
from domain.placement import HandedOver, Passage, Received, hand_over, receive, units_of_others
from domain.relocation import arrive
from domain.restructuring import restructure
from domain.structure import Placed, Structure, concerned
from domain.timeline import timeline

K = OrganizationKind
NEW = "lam-dong/bao-lam-1"
GOES = Change(
    kind=ChangeKind.HAND_OVER,
    organizations=(A,),
    founding=Founding(superior=NEW, name="Chi bộ thôn A", kind=K.GRASSROOTS_CELL),
)
INTO = change(ChangeKind.HAND_OVER, ONE, into=NEW)
REFORM = date(2025, 7, 1)


def new_tenant(day: date = REFORM) -> Structure:
    """A commune of the reform, with nobody in it."""
    record = organization(NEW, K.BLOC, K.PROVINCE)
    placed = Placed(record.id, NEW, K.BLOC, None)
    return Structure(day=on(day), placed={record.id: placed}, records={record.id: record})


def left(given: Structure) -> list[tuple[Organization, Collection[str]]]:
    """What ended, and what goes on there."""
    return [
        (record, record.latest(Ended).successor_codes)
        for record in given.changed.values()
        if isinstance(record, Organization)
    ]


def test_one_goes_on_with_its_name_and_members() -> None:
    """It ends in one tenant on the day on which it is founded in the other."""
    given = structure(REFORM)
    count_members(given.records[organization_id(A)], on(DAY), official_members=7)
    given.records[organization_id(A)].collect_events()
    restructure(given, GOES)
    there = new_tenant()
    arrive(there, left(given), [GOES])

    made = there.records[organization_id(f"{NEW}/thon-a")]
    assert given.handed_over == {organization_id(A): f"{NEW}/thon-a"}
    assert made.latest(Succeeded).predecessor_code == A
    assert made.latest(MembersCounted).official_members == 7
    assert made.require_standing(REFORM).name == "Chi bộ thôn A"


def test_a_province_takes_the_place_of_another_one() -> None:
    """From its first day."""
    new, old = province("Gia Lai", REFORM), province("Bình Định", DAY)
    take_place_of(new, old, on=REFORM, document="202/2025/QH15")

    named = new.latest(Succeeded)
    assert (named.predecessor_code, named.effective_on) == ("binh-dinh", REFORM)


def test_what_cannot_be_taken_the_place_of() -> None:
    """What is none of its kind, what lies inside a tenant, what begins that day, what is over."""
    new, old = province("Gia Lai", REFORM), province("Bình Định", DAY)
    district = organization(NEW, K.DISTRICT, K.PROVINCE)
    inside = organization(ONE, K.GRASSROOTS_COMMITTEE, K.DISTRICT)
    for heir, other in ((new, district), (district, old), (district, inside)):
        with pytest.raises(InvalidInput, match="NOT_ITS_EQUAL"):
            take_place_of(heir, other, on=REFORM)
    with pytest.raises(InvalidInput, match="BEFORE_ESTABLISHMENT"):
        take_place_of(old, new, on=REFORM)
    old.record(Ended, date(2025, 6, 1), document=None, successors=(), successor_codes=())
    with pytest.raises(Conflict, match="ORGANIZATION_ENDED"):
        take_place_of(new, old, on=REFORM)


def province(name: str, day: date) -> Organization:
    """One without anything."""
    return Organization.establish(Place(), on=day, name=name, kind=K.PROVINCE)


def test_what_goes_into_another_brings_all_it_has() -> None:
    """Its cells stand below what takes it, under codes that say where they came from."""
    given = structure(REFORM)
    restructure(given, INTO)
    there = new_tenant()
    arrive(there, left(given), [INTO])

    segment = ONE.rpartition("/")[2]
    codes = {placed.code for placed in there.placed.values()}
    assert codes == {NEW, f"{NEW}/{segment}-a", f"{NEW}/{segment}-b"}
    assert {placed.kind for placed in there.placed.values()} == {K.BLOC, K.GRASSROOTS_CELL}
    assert given.standing(ROOT).code == ROOT


def test_a_committee_goes_on_with_those_below_it() -> None:
    """They keep the last part of their codes, and their kind."""
    given = structure(REFORM)
    goes = Change(
        kind=ChangeKind.HAND_OVER,
        organizations=(ONE,),
        founding=Founding(superior=NEW, name="Lộc Thắng", kind=K.GRASSROOTS_COMMITTEE),
    )
    restructure(given, goes)
    there = new_tenant()
    arrive(there, left(given), [goes])

    assert f"{NEW}/loc-thang/a" in {placed.code for placed in there.placed.values()}
    assert there.standing(f"{NEW}/loc-thang/b").kind is K.SUBORDINATE_CELL


def test_a_cell_does_not_go_into_a_committee() -> None:
    """Nor the other way about."""
    given = structure(REFORM)
    into = change(ChangeKind.HAND_OVER, A, into=NEW)
    restructure(given, into)
    with pytest.raises(InvalidInput, match="KINDS_DIFFER"):
        arrive(new_tenant(), left(given), [into])


@pytest.mark.parametrize(
    "wrong",
    [
        change(ChangeKind.HAND_OVER, A),
        Change(kind=ChangeKind.HAND_OVER, organizations=(A,), into=NEW, founding=cell("D", NEW)),
    ],
)
def test_it_says_once_where_it_goes(wrong: Change) -> None:
    """Into one or as a new one."""
    with pytest.raises(InvalidInput, match="ONE_TARGET"):
        wrong.destination()


def test_all_below_what_goes_is_concerned() -> None:
    """Its records are loaded, however deep; a new one of the other tenant is not."""
    given = structure(REFORM)
    ids = concerned([change(ChangeKind.HAND_OVER, ROOT, into=NEW)], given.placed.values())

    assert ids == set(given.placed)
    assert list(GOES.foundings()) == []


@pytest.mark.parametrize(
    ("kind", "superior", "becomes"),
    [
        (K.SUBORDINATE_CELL, K.PROVINCIAL_AGENCIES, K.GRASSROOTS_CELL),
        (K.GRASSROOTS_CELL, K.WARD, K.GRASSROOTS_CELL),
        (K.COMMUNE, K.WARD, K.GRASSROOTS_COMMITTEE),
        (K.SUBORDINATE_CELL, K.GRASSROOTS_COMMITTEE, K.SUBORDINATE_CELL),
    ],
)
def test_a_kind_fits_where_it_comes_to(
    kind: OrganizationKind, superior: OrganizationKind, becomes: OrganizationKind
) -> None:
    """A cell directly under the agencies of 2025 is a grassroots cell."""
    assert kind_under(kind, superior, REFORM) is becomes


def handed_over() -> tuple[Candidate, Candidate]:
    """A case that went over with its cell, and the one that goes on."""
    here = Cell(organization_id(A), grassroots=False, characteristics=frozenset())
    old = Candidate.identify(UUID(int=9), on(date(2023, 3, 1)), here, PERSON)
    passage = Passage(
        transfer_id=UUID(int=5),
        from_tenant=ROOT,
        to_tenant=NEW,
        province_id=organization_id("lam-dong"),
        document=None,
        to_cell=f"{NEW}/a",
    )
    hand_over(old, on(REFORM), passage)
    there = organization_id(f"{NEW}/a")
    ref = OrganizationRef(2, there, f"{NEW}/a", K.GRASSROOTS_CELL, (there,), frozenset())
    return old, receive(UUID(int=10), on(REFORM), ref, passage, old)


def test_nobody_has_left_a_cell_that_went_over() -> None:
    """In its place in an older tree the exit is taken back when the other tenant has the case."""
    old, new = handed_over()
    sums: dict[tuple[UUID, str], int] = {}
    for line, n in [*timeline(old.entries).items(), *timeline(new.entries).items()]:
        key = (line.unit, line.account)
        sums[key] = sums.get(key, 0) + n

    assert {key: n for key, n in sums.items() if n} == {
        (organization_id(f"{NEW}/a"), Stage.IDENTIFIED.value): 1
    }
    assert new.latest(Received).from_unit == organization_id(A)


def test_what_is_posted_elsewhere_is_known_by_its_unit() -> None:
    """Given a cell that went over, whatever either tenant posts is in units of its own or told."""
    for case, own in zip(handed_over(), (A, f"{NEW}/a"), strict=True):
        told = {unit for entry in case.entries for unit in units_of_others(entry)}
        posted = {line.unit for line in timeline(case.entries)}

        assert posted - told == {organization_id(own)}
        assert organization_id(own) not in told


def test_a_receipt_that_was_never_true_counts_nowhere() -> None:
    """And nothing that it brought stands; what follows it forbids to say so."""
    old, new = handed_over()
    new.void(1, position=1, reason="Nhầm", on=REFORM)
    old.void(2, position=2, reason="Nhầm", on=REFORM)

    assert not timeline(new.entries)
    assert new.organization_id == organization_id(A)
    assert not any(isinstance(entry, HandedOver) for entry in old.live())
    assert old.facts().handed_over is None
    with pytest.raises(Conflict, match="EVENT_ALREADY_CORRECTED"):
        old.void(2, position=2, reason="Nhầm", on=REFORM)


def test_the_other_cell_stays() -> None:
    """Nothing is said of who does not go."""
    given = structure(REFORM)
    restructure(given, GOES)

    assert given.standing(B).code == B
    assert list(given.changed) == [organization_id(A)]


def test_the_first_versions_knew_no_cells_that_go_over() -> None:
    """They are read as the hand-over of one case."""
    assert HandedOver.upcast_v1_v2({}) == {"toCell": None}
    assert Received.upcast_v1_v2({}) == {"fromUnit": None}
    assert record_kind(HandedOver.TOPIC) is Candidate
