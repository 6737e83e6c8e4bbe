"""Where a replay counts the people of organizations that are not there."""

from datetime import date

from app.replay.organizations import Organizations, Tree
from domain.organization import Organization, OrganizationKind, Place, organization_id

DAY = date(2023, 1, 5)
DISTRICT, COMMUNE = "lam-dong/bao-lam", "lam-dong/bao-lam/xa"


def founded(code: str, kind: OrganizationKind, above: str, of: OrganizationKind) -> Organization:
    """An organization under another one."""
    place = Place(organization_id(above), above, of)
    segment = code.rpartition("/")[2]
    return Organization.establish(
        place, on=DAY, name=segment, kind=kind, segment=segment, document="1-QĐ"
    )


def test_who_belonged_to_what_never_was_counts_at_what_it_stood_under() -> None:
    """Its founding was a mistake that was found later; of people that were there nobody is lost."""
    district = founded(DISTRICT, OrganizationKind.DISTRICT, "lam-dong", OrganizationKind.PROVINCE)
    commune = founded(
        COMMUNE, OrganizationKind.GRASSROOTS_COMMITTEE, DISTRICT, OrganizationKind.DISTRICT
    )

    def place() -> object:
        streams = [(2, list(each.entries)) for each in (district, commune)]
        return Tree(Organizations(streams), DAY, {}).place(commune.id)

    assert place() == commune.id
    commune.void(1, position=2, reason="Ghi nhầm", on=DAY)
    assert place() == district.id
