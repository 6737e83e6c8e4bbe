"""The commands about a tenant's rule book, for `test_every_command`."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from tests.commands.memory import CELL, DISTRICT

from commands.condition import attest_condition
from commands.rulebook import add_rule_condition, adopt_rule_book, tighten_rule
from domain.access import Role
from domain.procedure import Effect

TODAY: Final = date(2024, 12, 2)


def rulebook_cases(
    made: Callable[..., Any], case: Callable[..., Any], path: Sequence[Any]
) -> list[Any]:
    """Each command after the tenant has adopted the book; `made` and `case` make one."""

    def given(run: object, wrong: dict[str, Any], refusal: str, **fields: object) -> Any:  # noqa: ANN401
        return made(
            run, {"organization": DISTRICT, **fields}, TODAY, Role.GRASSROOTS, wrong, refusal
        )

    adopted = made(
        adopt_rule_book, {"tenant_id": 2, "code": DISTRICT}, TODAY, Role.CELL, {}, "NONE"
    )
    stricter = given(
        tighten_rule,
        {"effect": Effect.FINDING, "rule": "T4"},
        "RULE_LAXER",
        rule="T9",
        document="12-QĐ/HU",
        effect=Effect.REFUSE,
    )
    added = given(
        add_rule_condition,
        {"organization": CELL},
        "ORGANIZATION_NOT_A_TENANT",
        code="TITLE",
        vi="Danh hiệu lao động tiên tiến",
        en="The title of progressive worker",
        document="13-QĐ/HU",
    )
    attested = case(
        attest_condition,
        TODAY,
        Role.STANDING,
        {"condition": "POEM"},
        "UNKNOWN_CONDITION",
        condition="TITLE",
        document_number="31/GXN",
    )
    return [
        replace(stricter, before=(adopted,)),
        replace(added, before=(adopted,)),
        replace(attested, before=(adopted, added, path[0])),
    ]
