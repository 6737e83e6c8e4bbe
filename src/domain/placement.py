"""Which cell handles a case: a move inside the tenant, a hand-over to another one, its receipt.

The hand-over itself, from the decision to its end, is a record of the province's: `transfer`, or
`reorganization` where the whole cell goes over.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from domain.candidate import Candidate, Cell
from domain.case import Case, CaseEntry
from domain.errors import Conflict, Finding, InvalidInput
from domain.judgment import Day, Judgment, out_of_range
from domain.organization import OrganizationKind, OrganizationRef, require_there
from domain.part import AssignedToPart
from domain.record import CreatedEntry, Entry, optional_words
from domain.sympathizer import assign_helper
from domain.text import Text


class Moved(CaseEntry):
    """Another cell of the same tenant handles the case from that day on; it assigns a helper."""

    TOPIC = "candidate.moved"
    BRINGS_TO_CELL = True
    characteristics: tuple[str, ...]
    grassroots_cell: bool
    document: str | None

    def take(self, case: Case) -> None:
        """The helper of the old cell does not come along."""
        case.placed, case.helper = self, None


class HandedOver(CaseEntry):
    """Another tenant goes on with the case; until it has received it, it is in transit.

    `provinceId` is the province's own unit, in which who is in transit counts. Where the whole cell
    goes over, `transferId` is the reorganization, and `toCell` the code of what goes on as it.
    """

    TOPIC = "candidate.handed_over"
    class_version: ClassVar[int] = 2
    ENDS_CASE = True
    transfer_id: UUID
    to_tenant: str
    province_id: UUID
    document: str | None
    to_cell: str | None = None

    @staticmethod
    def upcast_v1_v2(state: Mapping[str, Any]) -> dict[str, Any]:
        """Version 1 knew no cells that go over."""
        return {"toCell": None, **state}

    def take(self, case: Case) -> None:
        """The case has ended here."""
        case.handed_over = self


class TakenBack(CaseEntry):
    """The case came back without having been received; it goes on as if it had never left."""

    TOPIC = "candidate.taken_back"
    OPEN_TO_ENDED = True
    transfer_id: UUID

    def take(self, case: Case) -> None:
        """The case is open again."""
        case.handed_over = None


class Received(CaseEntry, CreatedEntry):
    """A case that another tenant handed over is gone on with, from what it had come to.

    `history` is what was true of it there; `transitGroups` are those in which it was in transit.
    Of a cell that went over with all its people `fromUnit` is the unit in which the person counted.
    """

    TOPIC = "candidate.received"
    class_version: ClassVar[int] = 2
    BRINGS_TO_CELL = True
    transfer_id: UUID
    from_tenant: str
    province_id: UUID
    document: str | None
    characteristics: tuple[str, ...]
    grassroots_cell: bool
    transit_groups: tuple[str, ...]
    history: tuple[Entry, ...]
    from_unit: UUID | None = None

    @staticmethod
    def upcast_v1_v2(state: Mapping[str, Any]) -> dict[str, Any]:
        """Version 1 knew no cells that go over."""
        return {"fromUnit": None, **state}

    def brought(self) -> tuple[Entry, ...]:
        """The entries of the other tenant's record."""
        return self.history

    def take(self, case: Case) -> None:
        """The receiving cell handles the case; unless it is the same one, it assigns a helper."""
        case.placed = self
        if self.from_unit is None:
            case.helper = None


def units_of_others(entry: Entry) -> tuple[UUID, ...]:
    """The units of other tenants in which an entry lets the person be counted, or not any more."""
    if not isinstance(entry, HandedOver | Received):
        return ()
    left = entry.from_unit if isinstance(entry, Received) else None
    return (entry.province_id,) if left is None else (entry.province_id, left)


def move(
    candidate: Candidate,
    day: Day,
    *,
    cell: OrganizationRef,
    document: str | None = None,
    helper_name: str | None = None,
    helper_official_since: date | None = None,
) -> list[Finding]:
    """Let another cell of the same tenant go on; without a new helper that is a finding.

    Raises InvalidInput for what is no cell, is of another tenant, or has the case already, and
    what `as_cell` raises of a cell that is not there on the day.
    """
    judged = Judgment(day)
    candidate.require(judged, "identified")
    if cell.id == candidate.cell_on(day.on).id:
        raise _not_there("SAME_CELL", "Hồ sơ đã ở chi bộ này.", "The case is there already.")
    to = as_cell(cell, day.on)
    helped = helper_name is not None and helper_official_since is not None
    if not helped:
        judged.breach("P2")
    candidate.record(
        Moved,
        judged,
        at=to,
        characteristics=tuple(sorted(to.characteristics)),
        grassroots_cell=to.grassroots,
        document=optional_words("document", document),
    )
    if helper_name is not None and helper_official_since is not None:
        assign_helper(
            candidate,
            day,
            helper_name=helper_name,
            helper_official_since=helper_official_since,
        )
    return judged.findings


def as_cell(place: OrganizationRef, on: date | None = None) -> Cell:
    """The organization as a case sees it. Raises InvalidInput for what is no cell.

    It must be there on a day `on`, today without one: raises InvalidInput before it was
    established, and Conflict from the day on which it ended.
    """
    if not place.kind.is_cell:
        raise _not_there(
            "ORGANIZATION_NOT_A_CELL",
            "Hồ sơ quần chúng do chi bộ theo dõi.",
            "A cell handles the case of an outstanding person.",
        )
    require_there(place, on or date.max)
    grassroots = place.kind is OrganizationKind.GRASSROOTS_CELL
    return Cell(place.id, grassroots, place.characteristics)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """What both tenants know of a hand-over: its record, both ends, the province's unit.

    `to_cell` is the code of what goes on as the cell, where that goes over as a whole.
    """

    transfer_id: UUID
    from_tenant: str
    to_tenant: str
    province_id: UUID
    document: str | None
    to_cell: str | None = None


def require_movable(candidate: Candidate, day: Day) -> None:
    """Passes when the case can be handed over on a day.

    Raises RuleViolated before it began, Conflict when it has ended, is that of a full member
    (who is no candidate any more) or goes on after that day: correct what is later, or hand over
    later.
    """
    candidate.require(Judgment(day), "identified")
    facts = candidate.facts()
    candidate.require_none(facts.recognized)
    require_nothing_later(candidate, day)


def require_nothing_later(candidate: Candidate, day: Day) -> None:
    """Passes for a case without an entry of a later day. Raises Conflict."""
    later = [entry for entry in candidate.live() if entry.effective_on > day.on]
    if later:
        last = later[-1].effective_on
        raise Conflict(
            "LATER_ENTRIES",
            Text(
                f"Hồ sơ còn ghi việc đến ngày {last:%d/%m/%Y}; hãy làm từ ngày đó trở đi.",
                f"There are entries up to {last}; do it from that day on.",
            ),
            field="occurredOn",
        )


def hand_over(candidate: Candidate, day: Day, passage: Passage) -> None:
    """Close the case here; another tenant goes on with it. Raises as `require_movable`."""
    require_movable(candidate, day)
    candidate.record(
        HandedOver,
        Judgment(day),
        transfer_id=passage.transfer_id,
        to_tenant=passage.to_tenant,
        province_id=passage.province_id,
        document=passage.document,
        to_cell=passage.to_cell,
    )


def take_back(candidate: Candidate, day: Day, transfer_id: UUID) -> None:
    """Open the case again that was handed over by this transfer and not received.

    Raises Conflict when it is open.
    """
    held = candidate.facts().handed_over
    if held is None or held.transfer_id != transfer_id:
        raise Conflict(
            "NOT_IN_TRANSIT",
            Text("Hồ sơ không ở trạng thái đang chuyển.", "The case is not in transit."),
            field="candidate",
        )
    candidate.record(TakenBack, Judgment(day), transfer_id=transfer_id)


def receive(
    candidate_id: UUID, day: Day, cell: OrganizationRef, passage: Passage, left: Candidate
) -> Candidate:
    """The record of a case that `left` another tenant, begun with what is true of it there.

    Nothing but the person's data, the facts and their days comes along; what was wrong and has been
    corrected stays behind. Raises InvalidInput for what is no cell, or a day before it left, and
    what `as_cell` raises of a cell that is not there on the day.
    """
    to = as_cell(cell, day.on)
    handed_over = left.facts().handed_over
    assert handed_over is not None
    if day.on < handed_over.effective_on:
        raise out_of_range("occurredOn", handed_over.effective_on, day.on)
    judged = Judgment(day)
    if handed_over.to_cell is None:
        judged.breach("P2")
    return Candidate.begin(
        Received,
        candidate_id,
        transfer_id=passage.transfer_id,
        from_tenant=passage.from_tenant,
        province_id=passage.province_id,
        document=passage.document,
        characteristics=tuple(sorted(to.characteristics)),
        grassroots_cell=to.grassroots,
        transit_groups=handed_over.groups,
        history=_history(left),
        from_unit=None if handed_over.to_cell is None else left.unit,
        **left.circumstances(judged, to),
    )


def _history(left: Candidate) -> tuple[Entry, ...]:
    """What is true of a case, in order, numbered up to the version before the first one."""
    own = HandedOver | TakenBack | AssignedToPart
    kept = [entry for entry in left.live() if not isinstance(entry, own)]
    return tuple(_brought(entry, place - len(kept)) for place, entry in enumerate(kept))


def _brought(entry: Any, version: int) -> Entry:  # noqa: ANN401 (the fields of each kind differ)
    # What an earlier receipt brought is among the kept entries already.
    inner = {"history": ()} if isinstance(entry, Received) else {}
    made: Entry = replace(entry, originator_version=version, **inner)
    return made


def _not_there(code: str, vi: str, en: str) -> InvalidInput:
    return InvalidInput(code, Text(vi, en), field="organization")
