"""What is stricter than a rule, and a tenant's stricter rules merged into the book that ships.

In which direction a parameter is stricter stands in the rule book; what is not named there is
fixed.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from domain.errors import InvalidInput, RuleViolated
from domain.procedure import Effect, RuleBook, RuleVersion
from domain.text import Text

if TYPE_CHECKING:
    from domain.rulebook import RuleTightened

_ORDER: Final = (Effect.FINDING, Effect.CONSENT, Effect.REFUSE)


def require_stricter(
    version: RuleVersion, effect: Effect | None, parameter: str | None, value: int | None
) -> None:
    """Passes for what is at least as strict as a version.

    Raises RuleViolated for what is laxer or fixed, InvalidInput for what cannot be.
    """
    if effect is not None:
        if _ORDER.index(effect) < _ORDER.index(version.effect):
            raise _laxer(version, "effect")
        return
    assert parameter is not None
    assert value is not None
    if parameter not in version.parameters:
        raise unknown("parameter", parameter)
    direction = version.stricter.get(parameter)
    if direction is None:
        raise RuleViolated(
            "RULE_FIXED",
            Text("Tham số này không được thay đổi.", "This parameter is fixed for everybody."),
            field="parameter",
            rule=version.rule,
            source=version.source,
        )
    if _stricter(direction, value, version.parameters[parameter]) != value:
        raise _laxer(version, "value")
    most = version.parameters.get("denominator") if parameter == "numerator" else 100_000
    if not 0 < value <= (most or 100_000):
        raise invalid("value", "ngoài phạm vi", "is out of range")


def _stricter(direction: str, one: int, other: int) -> int:
    return min(one, other) if direction == "less" else max(one, other)


def merged(
    shipped: RuleBook, rule: str, tightened: "list[RuleTightened]"
) -> tuple[RuleVersion, ...]:
    """The versions of a rule at each day on which the book or the tenant changed it."""
    starts = {v.valid_from for v in shipped.versions[rule]} | {e.effective_on for e in tightened}
    merged = []
    for start in sorted(starts):
        base = shipped.on(rule, start)
        parameters, effect, documents = dict(base.parameters), base.effect, [base.source]
        for entry in _last_of_each(e for e in tightened if e.effective_on <= start):
            if entry.effect is not None:
                effect = max(base.effect, entry.effect, key=_ORDER.index)
            elif entry.parameter in parameters and entry.value is not None:
                parameters[entry.parameter] = _stricter(
                    base.stricter[entry.parameter], entry.value, parameters[entry.parameter]
                )
            documents.append(entry.document)
        merged.append(
            replace(
                base,
                valid_from=start,
                parameters=parameters,
                effect=effect,
                source="; ".join(documents),
            )
        )
    return tuple(merged)


def _last_of_each(entries: "Iterable[RuleTightened]") -> "list[RuleTightened]":
    """The entry that counts for the effect and for each parameter: the last one."""
    return list({entry.parameter: entry for entry in entries}.values())


def _laxer(version: RuleVersion, field: str) -> RuleViolated:
    return RuleViolated(
        "RULE_LAXER",
        Text(
            "Cấp ủy chỉ được quy định chặt chẽ hơn quy định của Trung ương.",
            "A committee may only be stricter than the rules of Central.",
        ),
        field=field,
        rule=version.rule,
        source=version.source,
    )


def unknown(field: str, value: str) -> InvalidInput:
    return InvalidInput(
        "UNKNOWN_RULE",
        Text(f"Không có “{value}” trong bộ quy tắc.", f"The rule book has no “{value}”."),
        field=field,
    )


def invalid(field: str, vi: str, en: str) -> InvalidInput:
    return InvalidInput("INVALID_RULE", Text(f"“{field}”: {vi}.", f"“{field}”: {en}."), field=field)
