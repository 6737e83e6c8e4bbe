"""Who changed what, on which ground, when it was true and when it was recorded.

A reading of the log itself, without rows.

Texts name no personal value; who may see those opens the candidate's card.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Final
from uuid import UUID

import msgspec

from domain.groups import catalogue
from domain.text import Text
from eventstore.reading import Filter
from eventstore.store import EventStore
from eventstore.stored_event import StoredEvent
from projections.holder import holders, name_of
from projections.rollup import Rollup
from projections.tree import Node

PAGE_MAX: Final = 500

_OPTIONAL: Final[Mapping[str, tuple[str, str]]] = {
    "document": (", văn bản {}", ", document {}"),
    "resolutionNumber": (", nghị quyết số {}", ", resolution {}"),
    "documentNumber": (", văn bản số {}", ", document {}"),
    "letterNumber": (", công văn số {}", ", letter {}"),
    "consentNumber": (", văn bản đồng ý số {}", ", consent {}"),
    "occurrence": (" (kỳ {})", " ({})"),
}
"""Parts of a sentence that are there only where the event names the document."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of the trail."""

    tenant_id: int
    position: int
    effective_on: date
    recorded_at: datetime
    actor: str
    type: str
    subject: UUID
    text: Text


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Lines in the order of the log; `more` says whether others follow the last one."""

    entries: tuple[AuditEntry, ...]
    more: bool


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a reader of the trail stands.

    Tenants are read one after the other, each in the order of its log.
    """

    tenant_id: int = 0
    position: int = 0


async def audit_trail(
    store: EventStore,
    rollup: Rollup,
    node: Node,
    *,
    subject: tuple[int, UUID] | None,
    after: Place,
    first: int,
    effective: date | None,
    hidden: frozenset[str],
) -> AuditPage:
    """The trail of a node's subtree, or of one subject in it (its tenant and id), after a place.

    It is cut at what was known at the roll-up's basis. `first` is 1 to `PAGE_MAX`; `effective`
    leaves out what was true only later, `hidden` events of some types.
    """
    size = min(first, PAGE_MAX)
    found: list[StoredEvent] = []
    for tenant_id, nodes in sorted(holders(rollup.tree, node).items()):
        if tenant_id < after.tenant_id or (subject is not None and subject[0] != tenant_id):
            continue
        wanted = Filter(
            organizations=nodes,
            until=rollup.basis.log_end(tenant_id),
            effective=effective,
            stream=None if subject is None else subject[1],
            hidden=hidden,
        )
        start = after.position if tenant_id == after.tenant_id else 0
        found += await store.read_after(tenant_id, start, size + 1 - len(found), wanted)
        if len(found) > size:
            break
    return AuditPage(
        tuple(_entry(stored, rollup) for stored in found[:size]), more=len(found) > size
    )


def _entry(stored: StoredEvent, rollup: Rollup) -> AuditEntry:
    return AuditEntry(
        tenant_id=stored.tenant_id,
        position=stored.position,
        effective_on=stored.effective_on,
        recorded_at=stored.recorded_at,
        actor=stored.actor,
        type=stored.type,
        subject=stored.stream_id,
        text=_told(stored, rollup),
    )


def _told(stored: StoredEvent, rollup: Rollup) -> Text:
    template = _templates()[stored.type]
    data: dict[str, object] = msgspec.json.decode(stored.data)
    assert stored.organization_id is not None, "the trail is of organizations"
    name = name_of(rollup.tree, stored.organization_id)
    return Text(
        template.vi.format_map({**_values(data, 0), "organization": name}),
        template.en.format_map({**_values(data, 1), "organization": name}),
    )


@cache
def _templates() -> dict[str, Text]:
    data = tomllib.loads(files("projections").joinpath("audit_texts.toml").read_text("utf-8"))
    return {
        f"{record}.{event}": Text(text["vi"], text["en"])
        for record, events in data.items()
        for event, text in events.items()
    }


def _values(data: Mapping[str, object], language: int) -> dict[str, object]:
    """The values of a sentence; `language` is 0 for Vietnamese and 1 for English."""
    shown = {name: "—" if value is None else value for name, value in data.items()}
    for field, parts in _OPTIONAL.items():
        value = data.get(field)
        shown[field] = parts[language].format(value) if value is not None else ""
    group = data.get("group")
    named = catalogue().get(group) if isinstance(group, str) else None
    shown["group"] = f" ({named.name.vi if language == 0 else named.name.en})" if named else ""
    count, share = data.get("count"), data.get("sharePercent")
    shown["amount"] = f"{count}" if count is not None else f"{share} %"
    if "passed" in data:
        passed = ("đạt", "passed") if data["passed"] else ("không đạt", "failed")
        shown["passed"] = passed[language]
    return shown
