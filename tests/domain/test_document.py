"""Documents: what the register refuses, and what a distribution list of a day is."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from tests.domain.steps import on

from domain.distribution import (
    TEMPLATE_LENGTH_MAX,
    TemplateOffered,
    acknowledge_document,
    address_document,
    offer_template,
    publish_document,
)
from domain.document import (
    Document,
    DocumentKind,
    Recipient,
    RecipientPurpose,
    Relation,
    link_document,
)
from domain.errors import Conflict, InvalidInput
from domain.organization import OrganizationKind, OrganizationRef

DISTRICT = OrganizationRef(
    2, UUID(int=2), "tinh/huyen", OrganizationKind.DISTRICT, (UUID(int=2),), frozenset()
)
DAY = on(date(2023, 4, 20))


def registered(**fields: Any) -> Document:  # noqa: ANN401 (the fields of the form)
    """A plan of the district."""
    stated = {"kind": DocumentKind.PLAN, "title": "Kế hoạch", "issuer": "Ban Thường vụ", **fields}
    return Document.register(UUID(int=9), DAY, DISTRICT, **stated)


def test_unknown_stays_unknown() -> None:
    """A plan without number, date, place and signer is registered without them."""
    entry = registered().registered

    assert (entry.number, entry.issued_on, entry.issued_at, entry.signer_name) == (None,) * 4


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"secrecy": "TỐI MẬT"}, "CLASSIFIED_DOCUMENT", "secrecy"),
        ({"issued_on": date(2023, 4, 21)}, "DATE_IN_FUTURE", "issuedOn"),
        ({"period": "2023-2024"}, "UNKNOWN_PERIOD", "period"),
        ({"title": " "}, "INVALID_TEXT", "title"),
        ({"goals": ("x",) * 101}, "TOO_MANY", "goals"),
    ],
)
def test_what_the_register_refuses(fields: dict[str, Any], code: str, field: str) -> None:
    """Each refusal names its field."""
    with pytest.raises(InvalidInput) as refusal:
        registered(**fields)

    assert (refusal.value.code, refusal.value.field) == (code, field)


@pytest.mark.parametrize("period", ["2023", "2020-2025", None])
def test_periods_of_documents(period: str | None) -> None:
    """A year, a term, or none."""
    assert registered(period=period).registered.period == period


def test_a_link_names_one_other_document() -> None:
    """Of the register or as written: not both, not neither, not itself."""
    document = registered()
    for wrong in ({}, {"to": UUID(int=3), "named": "28-CT/TU"}, {"to": document.id}):
        with pytest.raises(InvalidInput, match="INVALID_LINK"):
            link_document(document, DAY, relation=Relation.BASED_ON, **wrong)
    link_document(document, DAY, relation=Relation.BASED_ON, to=UUID(int=3))
    link_document(document, DAY, relation=Relation.IMPLEMENTS, named="28-CT/TU")

    assert len(document.entries) == 3


def test_the_last_distribution_list_of_a_day_counts() -> None:
    """Before the first one nobody is addressed."""
    document = registered()
    first, second = (
        (Recipient(name=name, purpose=RecipientPurpose.REPORT),) for name in ("Tỉnh ủy", "Huyện ủy")
    )
    address_document(document, on(date(2023, 4, 21)), recipients=first)
    address_document(document, on(date(2023, 5, 1)), recipients=second)

    assert document.recipients(date(2023, 4, 20)) == ()
    assert document.recipients(date(2023, 4, 30)) == first
    assert document.recipients() == second
    with pytest.raises(InvalidInput, match="NO_RECIPIENTS"):
        address_document(document, DAY, recipients=())


def test_an_organization_acknowledges_once() -> None:
    """The second time is a conflict."""
    document = registered()
    acknowledge_document(document, DAY, by=DISTRICT)
    with pytest.raises(Conflict, match="ALREADY_ACKNOWLEDGED"):
        acknowledge_document(document, DAY, by=DISTRICT)


def test_the_beginning_is_recorded_again_once_it_is_voided() -> None:
    """Not after what stands on it since an earlier day."""
    document = registered(number="1OO-KH/HU")
    publish_document(document, on(date(2023, 4, 22)), publisher="Ban Tuyên giáo", site="Trang tin")
    document.void(1, position=1, reason="Gõ nhầm", on=DAY.on, replaced=True)
    later = Document.register(
        document.id,
        on(date(2023, 4, 23)),
        DISTRICT,
        kind=DocumentKind.PLAN,
        title="Kế hoạch",
        issuer="Ban Thường vụ",
    )
    with pytest.raises(Conflict, match="EVENT_HAS_SUCCESSORS"):
        document.begin_again(later)
    document.begin_again(registered(number="100-KH/HU"))

    assert document.registered.number == "100-KH/HU"


@pytest.mark.parametrize("content", [" \n", "x" * (TEMPLATE_LENGTH_MAX + 1)])
def test_templates_are_neither_empty_nor_huge(content: str) -> None:
    """The refusal names the content."""
    with pytest.raises(InvalidInput, match="INVALID_TEMPLATE"):
        offer_template(registered(), DAY, name="Mẫu", content=content)


def test_a_template_is_kept_as_it_is() -> None:
    """With its line breaks."""
    document = registered()
    offer_template(document, DAY, name="Mẫu", content="1. Tình hình\n2. Chỉ tiêu")

    assert document.latest(TemplateOffered).content == "1. Tình hình\n2. Chỉ tiêu"
