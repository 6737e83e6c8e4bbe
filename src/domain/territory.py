"""Territories: organizations for whose results one member of the standing committee answers.

Two members may share an organization (that is not ruled out anywhere); it is a finding.
"""

from collections.abc import Collection
from datetime import date
from typing import Annotated, ClassVar, NamedTuple, Self
from uuid import UUID

from domain.change import require_several
from domain.errors import Conflict, Finding
from domain.judgment import Day, Judgment
from domain.organization import OrganizationRef
from domain.personal import SEALED
from domain.record import (
    CreatedEntry,
    Entry,
    Record,
    Voided,
    entry_has_successors,
    optional_words,
    require_words,
)
from domain.text import Text


class TerritoryAssigned(CreatedEntry):
    """A member answers for some organizations from that day on; `member` is the actor's id."""

    TOPIC = "territory.assigned"
    member: str
    member_name: Annotated[str, SEALED]
    organizations: tuple[UUID, ...]
    document: str | None
    findings: tuple[str, ...]


class TerritoryChanged(Entry):
    """The member answers for other organizations from that day on."""

    TOPIC = "territory.changed"
    organizations: tuple[UUID, ...]
    document: str | None
    findings: tuple[str, ...]


class TerritoryEnded(Entry):
    """The member answers for nothing any more from that day on."""

    TOPIC = "territory.ended"
    document: str | None


class TerritoryEntryVoided(Voided):
    """An entry about the territory was never true."""

    TOPIC = "territory.entry_voided"
    reason: Annotated[str, SEALED]


class Charge(NamedTuple):
    """One organization from a day on until the day before `until`; without end when None."""

    organization_id: UUID
    since: date
    until: date | None


class Territory(Record):
    """What one member answers for."""

    voided_entry: ClassVar[type[Voided]] = TerritoryEntryVoided
    missing: ClassVar[Text] = Text("Không tìm thấy địa bàn.", "There is no such territory.")

    @classmethod
    def begin(cls, territory_id: UUID, holder: UUID, on: date, **values: object) -> Self:
        """A new territory."""
        return cls._create(
            TerritoryAssigned, id=territory_id, effective_on=on, organization_id=holder, **values
        )

    @property
    def assigned(self) -> TerritoryAssigned:
        """The entry that began it."""
        return self.latest(TerritoryAssigned)

    def organizations(self, on: date) -> frozenset[UUID]:
        """What the member answers for on a day."""
        held: frozenset[UUID] = frozenset()
        for entry in self.live(on):
            held = _held(entry)
        return held

    def charges(self) -> list[Charge]:
        """Each organization with the time for which the member answered for it."""
        since: dict[UUID, date] = {}
        found: list[Charge] = []
        for entry in self.live():
            held = _held(entry)
            gone = [each for each in since if each not in held]
            found += [Charge(each, since.pop(each), entry.effective_on) for each in gone]
            for each in sorted(held):
                since.setdefault(each, entry.effective_on)
        return found + [Charge(each, first, None) for each, first in since.items()]

    def require_standing(self, on: date) -> None:
        """Passes on a day on which the member answers for something. Raises Conflict."""
        if not self.organizations(on):
            raise Conflict(
                "TERRITORY_NOT_STANDING",
                Text("Vào ngày này không phụ trách địa bàn.", "It is nobody's charge on that day."),
                field="territory",
            )

    def require_sound(self) -> None:
        """Passes unless something comes before the beginning or after the end. Raises Conflict."""
        live = self.live()
        if live and not isinstance(live[0], TerritoryAssigned):
            raise entry_has_successors()
        if any(isinstance(entry, TerritoryEnded) for entry in live[:-1]):
            raise entry_has_successors()


def assign_territory(
    territory_id: UUID,
    day: Day,
    organization: OrganizationRef,
    others: Collection[Territory] = (),
    *,
    member: str,
    member_name: str,
    organizations: tuple[OrganizationRef, ...],
    document: str | None = None,
) -> Territory:
    """Put a member of the standing committee in charge of some organizations."""
    held = _required(organizations)
    return Territory.begin(
        territory_id,
        organization.id,
        day.on,
        member=require_words("member", member, 200),
        member_name=require_words("memberName", member_name, 200),
        organizations=held,
        document=optional_words("document", document),
        findings=tuple(each.rule for each in _shared(day, held, others)),
    )


def change_territory(
    territory: Territory,
    day: Day,
    others: Collection[Territory] = (),
    *,
    organizations: tuple[OrganizationRef, ...],
    document: str | None = None,
) -> list[Finding]:
    """Put the member in charge of other organizations from a day on."""
    territory.require_standing(day.on)
    held = _required(organizations)
    findings = _shared(day, held, others)
    territory.trigger_event(
        TerritoryChanged,
        effective_on=day.on,
        organization_id=territory.organization_id,
        organizations=held,
        document=optional_words("document", document),
        findings=tuple(each.rule for each in findings),
    )
    territory.require_sound()
    return findings


def end_territory(territory: Territory, day: Day, *, document: str | None = None) -> None:
    """Relieve the member of the charge."""
    territory.require_standing(day.on)
    territory.trigger_event(
        TerritoryEnded,
        effective_on=day.on,
        organization_id=territory.organization_id,
        document=optional_words("document", document),
    )
    territory.require_sound()


def _held(entry: Entry) -> frozenset[UUID]:
    if isinstance(entry, TerritoryAssigned | TerritoryChanged):
        return frozenset(entry.organizations)
    return frozenset()


def _required(organizations: tuple[OrganizationRef, ...]) -> tuple[UUID, ...]:
    require_several(len(organizations), 1, "organizations")
    return tuple(sorted({each.id for each in organizations}))


def _shared(day: Day, held: tuple[UUID, ...], others: Collection[Territory]) -> list[Finding]:
    judged = Judgment(day)
    shared = {each for other in others for each in other.organizations(day.on)} & set(held)
    if shared:
        judged.breach("O3", count=len(shared))
    return judged.findings
