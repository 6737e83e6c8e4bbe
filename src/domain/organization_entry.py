"""What is recorded about an organization, and what it adds up to on a day."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.organization_kind import OrganizationKind
from domain.record import CreatedEntry, Entry, Voided


class OrganizationEntry(Entry):
    """An entry about an organization."""

    def take(self, standing: "Standing") -> None:
        """Change the attributes; an entry that says nothing here changes none."""


class Established(OrganizationEntry, CreatedEntry):
    """The organization began to exist under a code that it keeps."""

    TOPIC = "organization.established"
    code: str
    name: str
    kind: OrganizationKind
    parent_id: UUID | None
    characteristics: tuple[str, ...]
    document: str | None


class Renamed(OrganizationEntry):
    """The organization has another name from that day on; its identity and code stay."""

    TOPIC = "organization.renamed"
    name: str
    document: str | None

    def take(self, standing: "Standing") -> None:
        """Another name."""
        standing.name = self.name


class Retyped(OrganizationEntry):
    """The organization is of another kind from that day on."""

    TOPIC = "organization.retyped"
    kind: OrganizationKind
    document: str | None

    def take(self, standing: "Standing") -> None:
        """Another kind."""
        standing.kind = self.kind


class Moved(OrganizationEntry):
    """The organization stands under another superior of its tenant from that day on."""

    TOPIC = "organization.moved"
    superior_id: UUID
    document: str | None

    def take(self, standing: "Standing") -> None:
        """Another superior."""
        standing.superior_id = self.superior_id


class CharacteristicAssigned(OrganizationEntry):
    """The organization has a characteristic from that day on."""

    TOPIC = "organization.characteristic_assigned"
    characteristic: str
    document: str | None

    def take(self, standing: "Standing") -> None:
        """One more."""
        standing.characteristics |= {self.characteristic}


class CharacteristicRemoved(OrganizationEntry):
    """The organization has a characteristic no more from that day on."""

    TOPIC = "organization.characteristic_removed"
    characteristic: str
    document: str | None

    def take(self, standing: "Standing") -> None:
        """One less."""
        standing.characteristics -= {self.characteristic}


class MembersCounted(OrganizationEntry):
    """How many official members the organization has from that day on."""

    TOPIC = "organization.members_counted"
    official_members: int
    document: str | None

    def take(self, standing: "Standing") -> None:
        """Another count."""
        standing.members = self


class AdmissionDelegated(OrganizationEntry):
    """The superior authorized the committee to decide on admissions itself."""

    TOPIC = "organization.admission_delegated"
    document: str

    def take(self, standing: "Standing") -> None:
        """It decides."""
        standing.admits = True


class AdmissionWithdrawn(OrganizationEntry):
    """The committee may decide on admissions no more."""

    TOPIC = "organization.admission_withdrawn"
    document: str | None

    def take(self, standing: "Standing") -> None:
        """It decides no more."""
        standing.admits = False


class Ended(OrganizationEntry):
    """The organization exists no more from that day on.

    `successors` stand in its tenant, `successor_codes` name those outside it; without any its
    people count at its superior.
    """

    TOPIC = "organization.ended"
    successors: tuple[UUID, ...]
    successor_codes: tuple[str, ...]
    document: str | None

    def take(self, standing: "Standing") -> None:
        """The last day was the one before."""
        standing.ended = self


class Divided(OrganizationEntry):
    """Parts left the organization, which goes on."""

    TOPIC = "organization.divided"
    parts: tuple[UUID, ...]
    document: str | None


class Succeeded(OrganizationEntry):
    """The organization took the place of one that stood outside its tenant."""

    TOPIC = "organization.succeeded"
    predecessor_id: UUID
    predecessor_code: str
    document: str | None


class OrganizationEntryVoided(Voided):
    """An entry about the organization was never true."""

    TOPIC = "organization.entry_voided"
    reason: str


@dataclass(slots=True)
class Standing:
    """An organization as it stands on a day."""

    code: str
    name: str
    kind: OrganizationKind
    superior_id: UUID | None
    characteristics: frozenset[str]
    established_on: date
    admits: bool = False
    members: MembersCounted | None = None
    ended: Ended | None = None
