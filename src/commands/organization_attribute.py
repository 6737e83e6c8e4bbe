"""Commands about dated attributes of one organization."""

from typing import Final

from commands.step import Step
from domain import organization_attribute as attribute
from domain import organization_entry as entry
from domain.access import Action
from domain.organization import Organization

assign_characteristic: Final = Step(
    "assign_characteristic",
    Action.ORGANIZE,
    Organization,
    attribute.assign_characteristic,
    entry.CharacteristicAssigned,
)
remove_characteristic: Final = Step(
    "remove_characteristic",
    Action.ORGANIZE,
    Organization,
    attribute.remove_characteristic,
    entry.CharacteristicRemoved,
)
count_members: Final = Step(
    "count_members",
    Action.ORGANIZE,
    Organization,
    attribute.count_members,
    entry.MembersCounted,
)
delegate_admission: Final = Step(
    "delegate_admission",
    Action.DECIDE,
    Organization,
    attribute.delegate_admission,
    entry.AdmissionDelegated,
)
withdraw_admission: Final = Step(
    "withdraw_admission",
    Action.DECIDE,
    Organization,
    attribute.withdraw_admission,
    entry.AdmissionWithdrawn,
)
name_predecessor: Final = Step(
    "name_predecessor",
    Action.ORGANIZE,
    Organization,
    attribute.name_predecessor,
)
