"""Dated attributes of one organization: characteristics, members, authority to admit."""

from datetime import date, timedelta
from typing import Final

from domain.characteristic import require_characteristics
from domain.errors import Conflict, InvalidInput
from domain.judgment import Day
from domain.organization import Organization
from domain.organization_code import require_code
from domain.organization_entry import (
    AdmissionDelegated,
    AdmissionWithdrawn,
    CharacteristicAssigned,
    CharacteristicRemoved,
    MembersCounted,
)
from domain.organization_kind import Level, may_be_on
from domain.record import require_words
from domain.text import Text

MEMBERS_MAX: Final = 1_000_000


def assign_characteristic(
    organization: Organization, day: Day, *, characteristic: str, document: str | None = None
) -> None:
    """Give the organization a characteristic from a day on."""
    standing = organization.require_standing(day.on)
    require_characteristics([characteristic])
    _require_change(characteristic not in standing.characteristics, "characteristic")
    organization.record(
        CharacteristicAssigned, day.on, characteristic=characteristic, document=document
    )


def remove_characteristic(
    organization: Organization, day: Day, *, characteristic: str, document: str | None = None
) -> None:
    """Take a characteristic from the organization from a day on."""
    standing = organization.require_standing(day.on)
    require_characteristics([characteristic])
    _require_change(characteristic in standing.characteristics, "characteristic")
    organization.record(
        CharacteristicRemoved, day.on, characteristic=characteristic, document=document
    )


def count_members(
    organization: Organization, day: Day, *, official_members: int, document: str | None = None
) -> None:
    """State how many official members the organization has from a day on."""
    organization.require_standing(day.on)
    if not 0 <= official_members <= MEMBERS_MAX:
        raise InvalidInput(
            "COUNT_OUT_OF_RANGE",
            Text(
                f"Số đảng viên chính thức phải từ 0 đến {MEMBERS_MAX}.",
                f"The number of official members must be 0 to {MEMBERS_MAX}.",
            ),
            field="officialMembers",
        )
    organization.record(
        MembersCounted, day.on, official_members=official_members, document=document
    )


def delegate_admission(organization: Organization, day: Day, *, document: str) -> None:
    """Authorize a grassroots committee to decide on admissions and recognitions itself."""
    standing = organization.require_standing(day.on)
    if standing.kind.is_cell or not may_be_on(standing.kind, Level.GRASSROOTS):
        raise InvalidInput(
            "NOT_A_GRASSROOTS_COMMITTEE",
            Text(
                "Chỉ đảng ủy cơ sở được ủy quyền quyết định kết nạp.",
                "Only a grassroots committee can be authorized to decide on admissions.",
            ),
            field="organization",
        )
    _require_change(not standing.admits, "organization")
    organization.record(
        AdmissionDelegated, day.on, document=require_words("document", document, 200)
    )


def withdraw_admission(
    organization: Organization, day: Day, *, document: str | None = None
) -> None:
    """Take from a grassroots committee the authority to decide on admissions."""
    _require_change(organization.require_standing(day.on).admits, "organization")
    organization.record(AdmissionWithdrawn, day.on, document=document)


def name_predecessor(
    organization: Organization, day: Day, *, predecessor: str, document: str | None = None
) -> None:
    """Say that a new organization took the place of one outside its tenant, on its first day."""
    if day.on != organization.require_standing(day.on).established_on:
        raise InvalidInput(
            "NOT_THE_FIRST_DAY",
            Text(
                "Chỉ nêu tổ chức tiền thân vào ngày thành lập.",
                "A predecessor is named for the day on which the organization was established.",
            ),
            field="occurredOn",
        )
    organization.succeed(require_code(predecessor), on=day.on, document=document)


def take_place_of(
    organization: Organization, other: Organization, *, on: date, document: str | None = None
) -> None:
    """Say that a new tenant takes the place of another one.

    Raises InvalidInput for an organization inside a tenant, or for a province and what is none, and
    what `require_standing` raises of a predecessor that is not there on the day before.
    """
    was = other.require_standing(on - timedelta(days=1))
    is_province, was_province = ("/" not in each.established.code for each in (organization, other))
    if is_province is not was_province or other.established.code.count("/") > 1:
        raise InvalidInput(
            "NOT_ITS_EQUAL",
            Text(
                "Tỉnh chỉ kế thừa tỉnh; đơn vị trực thuộc tỉnh chỉ kế thừa đơn vị trực thuộc tỉnh.",
                "A province takes the place of a province, what stands directly under one that of "
                "what stands directly under one.",
            ),
            field="succeeds",
        )
    organization.succeed(was.code, on=on, document=document)


def _require_change(changes: bool, field: str) -> None:  # noqa: FBT001 - what is required
    if not changes:
        raise nothing_changes(field)


def nothing_changes(field: str) -> Conflict:
    """The refusal of a change to what is already so."""
    return Conflict(
        "NOTHING_CHANGES",
        Text("Vào ngày này đã như vậy rồi.", "It is so already on that day."),
        field=field,
    )
