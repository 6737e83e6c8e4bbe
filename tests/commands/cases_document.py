"""The commands about documents."""

from datetime import date
from typing import Any

from tests.commands.cases import TENANT, Case, Run
from tests.commands.memory import CELL, DISTRICT

from commands.document import (
    acknowledge_document,
    address_document,
    link_document,
    offer_template,
    publish_document,
    register_document,
)
from domain.access import Role
from domain.document import DocumentKind, Recipient, RecipientPurpose, Relation

REGISTERED = Case(
    register_document,
    {
        "organization": DISTRICT,
        "kind": DocumentKind.PLAN,
        "title": "Kế hoạch tạo nguồn",
        "issuer": "Ban Thường vụ Huyện ủy",
    },
    date(2024, 1, 8),
    Role.CELL,
    {"secrecy": "MẬT"},
    "CLASSIFIED_DOCUMENT",
)


def _step(run: Run, forbidden: Role, wrong: dict[str, Any], code: str, **fields: object) -> Case:
    """A command about the registered document."""
    place = {"tenant_id": TENANT, "subject": None}
    return Case(run, {**place, **fields}, date(2024, 1, 9), forbidden, wrong, code, (REGISTERED,))


DOCUMENT_CASES = [
    REGISTERED,
    _step(
        link_document,
        Role.CELL,
        {"named": None},
        "INVALID_LINK",
        relation=Relation.BASED_ON,
        named="07-NQ/HU, 26/12/2022",
    ),
    _step(
        address_document,
        Role.CELL,
        {"recipients": ()},
        "NO_RECIPIENTS",
        recipients=(Recipient(name="Lưu Văn phòng", purpose=RecipientPurpose.ARCHIVE),),
    ),
    _step(
        publish_document,
        Role.CELL,
        {"site": " "},
        "INVALID_TEXT",
        publisher="Ban Tuyên giáo",
        site="Trang thông tin điện tử",
    ),
    _step(
        offer_template,
        Role.CELL,
        {"content": " "},
        "INVALID_TEMPLATE",
        name="Mẫu kế hoạch",
        content="1. Tình hình",
    ),
    _step(
        acknowledge_document,
        Role.STANDING,
        {"note": ""},
        "INVALID_TEXT",
        organization=CELL,
    ),
]
