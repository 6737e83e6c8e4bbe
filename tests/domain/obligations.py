"""Obligations for tests: the plan that Bảo Lâm asks for, and steps on a day."""

from datetime import date
from typing import Any
from uuid import UUID

from tests.domain.steps import on

from domain.obligation import Obligation, ObligationKind
from domain.organization import OrganizationKind, OrganizationRef

COMMUNE = OrganizationRef(
    2,
    UUID(int=3),
    "tinh/huyen/xa",
    OrganizationKind.GRASSROOTS_COMMITTEE,
    (UUID(int=2), UUID(int=3)),
    frozenset(),
)
IMPOSED_ON = date(2022, 1, 10)


def imposed(day: date = IMPOSED_ON, **fields: Any) -> Obligation:  # noqa: ANN401 (the fields of the form)
    """A plan owed by the commune to the district."""
    stated = {
        "imposed_by": UUID(int=2),
        "directive": UUID(int=8),
        "kind": ObligationKind.PLAN,
        "title": "Kế hoạch tạo nguồn phát triển đảng viên",
        "deadline": "trước ngày 15/02/2021",
        **fields,
    }
    return Obligation.impose(UUID(int=9), on(day), COMMUNE, **stated)
