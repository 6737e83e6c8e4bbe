"""How what was recorded of targets is corrected."""

from typing import Any, Final, get_type_hints

from commands.correctable import Correctable, Correction, Values, recorded_by
from domain.access import Action
from domain.record import Entry, entry_has_successors
from domain.target import Amount, Target, TargetAdjusted, TargetCarried, TargetSet

_AMOUNT: Final[dict[str, Any]] = get_type_hints(Amount)


def _amount(values: Values) -> Amount:
    """The amount of a target's fields; the number that a rate came to is counted again."""
    given = {name: values.pop(name) for name in _AMOUNT}
    if given["rate_percent"] is not None:
        given["count"] = None
    return Amount(**given)


async def _without_what_was_received(correction: Correction) -> None:
    """The successor's target loses what it was carried in the same append.

    Raises Conflict when its amount was stated again since: that statement is corrected first.
    """
    carried, source = correction.entry, correction.record
    assert isinstance(carried, TargetCarried)
    tenant_id = correction.tenant_id
    heir = await correction.desk.log.load(tenant_id, Target, carried.successor_target)
    given = await correction.desk.log.positions(tenant_id, source.id)
    position = given[carried.originator_version - 1]
    held = await correction.desk.log.positions(tenant_id, heir.id)
    later = [number for number, at in enumerate(held, start=1) if at > position]
    received = heir.entries[later[0] - 1]
    if received not in heir.live():
        return
    stated = [entry for entry in heir.live() if isinstance(entry, TargetSet | TargetAdjusted)]
    if stated[-1] is not received:
        raise entry_has_successors()
    await correction.void_beside(heir, received.originator_version, replaced=True)
    left = heir.unassigned() if heir.is_stated else -len(heir.live())
    if left is not None and left < 0:
        raise entry_has_successors()


CORRECTABLE: Final[dict[type[Entry], Correctable]] = {
    TargetSet: Correctable(
        Action.CORRECT,
        {
            **_AMOUNT,
            "stated_growth_percent": float | None,
            "document": str | None,
            "issued_by": str | None,
        },
        recorded_by(
            lambda record, day, values: record.restate(_amount(values), on=day.on, **values)
        ),
    ),
    TargetAdjusted: Correctable(
        Action.CORRECT,
        {**_AMOUNT, "reason": str, "document": str | None, "issued_by": str | None},
        recorded_by(
            lambda record, day, values: record.adjust(_amount(values), on=day.on, **values)
        ),
    ),
    TargetCarried: Correctable(Action.ASSIGN_TARGET, beside=_without_what_was_received),
}
