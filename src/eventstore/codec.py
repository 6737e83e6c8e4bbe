"""Event objects to stored bytes and back, typed from their annotations; no keys and no SQL.

Fields marked SEALED go into a second JSON of their own. What the log keeps in columns (stream,
version, times, organization) is in neither. Entries inside an entry (a field `tuple[Entry, ...]`)
are stored as they would be alone, with their columns, the personal fields of all in the second
JSON. What an older version of a class stored is first lifted
to the current one by its upcasters; stored bytes never change.
"""

import dataclasses
import re
from collections.abc import Callable, Mapping
from operator import attrgetter
from types import MappingProxyType, SimpleNamespace
from typing import (
    Annotated,
    Any,
    Final,
    NamedTuple,
    get_args,
    get_origin,
    get_type_hints,
)

import msgspec

from domain.personal import Sealed
from domain.record import Entry
from eventstore.inner import (
    CLEAR,
    PERSONAL,
    Inner,
    PersonalOfAll,
    as_stored,
    inner_of,
    personal_of,
)
from eventstore.recent import Recent
from eventstore.registry import EventType, Registry, Upcaster
from eventstore.stored_event import StoredEvent

IN_COLUMNS: Final = frozenset(
    {
        "originator_id",
        "originator_version",
        "originator_topic",
        "timestamp",
        "effective_on",
        "organization_id",
    }
)

_STATE: Final = msgspec.json.Decoder(dict[str, Any])
_PATH: Final = re.compile(r"`\$\.?([\w.\[\]]+)`$")


class UnreadableEvent(Exception):
    """A row that this program cannot read: damaged, or of a newer one. Its reader must stop."""

    def __init__(self, stored: StoredEvent, reason: str) -> None:
        super().__init__(
            f"event {stored.position} of tenant {stored.tenant_id} ({stored.type},"
            f" schema version {stored.schema_version}) cannot be read: {reason}"
        )
        self.tenant_id = stored.tenant_id
        self.position = stored.position


class Encoded(NamedTuple):
    """What is stored of an event beside its columns."""

    type: str
    schema_version: int
    data: bytes
    personal: bytes | None


class Codec:
    """Encoders and decoders of all registered events, made once."""

    def __init__(self, registry: Registry) -> None:
        self._by_name = {name: _Form(kind) for name, kind in registry.types.items()}
        self._by_class = {form.cls: form for form in self._by_name.values()}
        self.recent: Recent | None = None

    def encode(self, entry: Entry) -> Encoded:
        """The stored form. Raises KeyError for a class that is not registered."""
        form = self._by_class[type(entry)]
        personal = form.personal
        fields: Any = entry
        if form.history is not None:
            fields = SimpleNamespace(
                **{**vars(entry), **self._nested(getattr(entry, form.history))}
            )
        return Encoded(
            form.name,
            form.schema_version,
            form.clear.encode(fields),
            None if personal is None else personal.encode(fields),
        )

    def decode(self, stored: StoredEvent, personal: bytes | None) -> Entry:
        """The event as it was recorded; `personal` is what its sealed fields opened to.

        Each of them is None where they do not open any more. Raises `UnreadableEvent`.
        """
        form = self._form(stored)
        is_current = stored.schema_version == form.schema_version
        if is_current and form.personal is not None and stored.sealed is None:
            raise UnreadableEvent(stored, "its personal fields are missing")
        known = personal is not None or stored.sealed is None
        return self._read(form, stored, personal, opened=known)

    def decode_clear(self, stored: StoredEvent) -> Entry:
        """The event with each personal field None, for counting. Raises `UnreadableEvent`."""
        found = None if self.recent is None else self.recent.entry(stored)
        if found is None:
            found = self._read(self._form(stored), stored, None, opened=False)
            if self.recent is not None:
                self.recent.keep(stored, found)
        return found

    def _nested(self, entries: tuple[Entry, ...]) -> dict[str, tuple[object, ...]]:
        """The two fields in which entries inside an entry are stored."""
        each = [(entry, self.encode(entry)) for entry in entries]
        return {
            CLEAR: tuple(inner_of(e, c.type, c.schema_version, c.data) for e, c in each),
            PERSONAL: tuple(personal_of(encoded.personal) for _, encoded in each),
        }

    def _read(
        self, form: "_Form", stored: StoredEvent, personal: bytes | None, *, opened: bool
    ) -> Entry:
        """The event, and the entries inside it; they count up to the version before the first."""
        if stored.schema_version < form.schema_version:
            entry = form.upcast(stored, personal, opened=opened)
        else:
            entry = form.read(stored, personal)
        if form.history is not None:
            fields = vars(entry)
            inner, known = fields.pop(CLEAR), fields.pop(PERSONAL)
            fields[form.history] = tuple(
                self._inside(stored, place - len(inner), each, known and known[place])
                for place, each in enumerate(inner)
            )
        return entry

    def _inside(
        self, outer: StoredEvent, version: int, inner: Inner, personal: dict[str, Any] | None
    ) -> Entry:
        stored, opened = as_stored(outer, version, inner, personal)
        return self._read(self._form(stored), stored, opened, opened=opened is not None)

    def _form(self, stored: StoredEvent) -> "_Form":
        form = self._by_name.get(stored.type)
        if form is None:
            raise UnreadableEvent(stored, "no event of this name is known")
        if not 1 <= stored.schema_version <= form.schema_version:
            raise UnreadableEvent(stored, f"only versions up to {form.schema_version} are known")
        return form


class _Part:
    """The clear or the personal fields of one event class, as a struct of their own."""

    def __init__(self, name: str, fields: list[tuple[str, Any, Any]]) -> None:
        struct = msgspec.defstruct(name, fields, rename="camel", frozen=True, kw_only=True)
        self._struct = struct
        self._names = tuple(field for field, _, _ in fields)
        # Sets are stored in order, so that equal events have equal bytes.
        self._encode = msgspec.json.Encoder(order="deterministic").encode
        self._decode = msgspec.json.Decoder(struct).decode
        self._values: Callable[[object], Any] | None = (
            attrgetter(*self._names) if len(self._names) > 1 else None
        )

    def encode(self, entry: Entry) -> bytes:
        if self._values is not None:
            values = self._values(entry)
        else:
            values = [getattr(entry, name) for name in self._names]
        return self._encode(self._struct(**dict(zip(self._names, values, strict=True))))

    def decode(self, data: bytes) -> dict[str, Any]:
        return msgspec.structs.asdict(self._decode(data))

    def convert(self, state: Mapping[str, Any]) -> dict[str, Any]:
        return msgspec.structs.asdict(msgspec.convert(state, self._struct))


class _Form:
    """How one event class is stored."""

    def __init__(self, kind: EventType) -> None:
        self.cls: Any = kind.cls
        self.name = kind.name
        self.schema_version = kind.schema_version
        hints = get_type_hints(kind.cls, include_extras=True)
        every = [field for field in dataclasses.fields(kind.cls) if field.name not in IN_COLUMNS]
        self.history = next((f.name for f in every if hints[f.name] == tuple[Entry, ...]), None)
        own = [field for field in every if field.name != self.history]
        personal = [_field(field, hints) for field in own if _is_sealed(hints[field.name])]
        clear = [_field(field, hints) for field in own if not _is_sealed(hints[field.name])]
        if self.history is not None:
            clear.append((CLEAR, tuple[Inner, ...], msgspec.field(name="history")))
            personal.append((PERSONAL, PersonalOfAll, msgspec.field(name="history")))
        self.clear = _Part(kind.cls.__name__, clear)
        self.personal = _Part(f"{kind.cls.__name__}Personal", personal) if personal else None
        self._without_personal = {name: None for name, _, _ in personal}
        self._topic = kind.aggregate_topic
        self._upcasters = kind.upcasters

    def read(self, stored: StoredEvent, personal: bytes | None) -> Entry:
        """The event from what the current version stored, its personal fields None without them.

        Raises UnreadableEvent.
        """
        try:
            fields = self.clear.decode(stored.data)
            if self.personal is not None:
                fields |= (
                    self._without_personal if personal is None else self.personal.decode(personal)
                )
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise UnreadableEvent(stored, _place(error)) from None
        return self._entry(stored, fields)

    def upcast(self, stored: StoredEvent, personal: bytes | None, *, opened: bool) -> Entry:
        """The event from what an older version stored.

        With `opened` its fields are all there, and none is None for having been sealed. Raises
        UnreadableEvent.
        """
        if stored.person_id is not None and stored.sealed is None:
            raise UnreadableEvent(stored, "its personal fields are missing")
        try:
            clear, sealed = _STATE.decode(stored.data), _STATE.decode(personal or b"{}")
            # The entries inside have a clear and a personal part under one name.
            inner = {name: sealed[name] for name in clear.keys() & sealed.keys()}
            state = sealed | clear
            for step in self._upcasters[stored.schema_version - 1 :]:
                state = _lifted(stored, step, state)
            fields = self.clear.convert(state)
            if self.personal is not None:
                fields |= self.personal.convert(state | inner) if opened else self._without_personal
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise UnreadableEvent(stored, _place(error)) from None
        return self._entry(stored, fields)

    def _entry(self, stored: StoredEvent, fields: dict[str, Any]) -> Entry:
        """The event of these fields and of those that stand in columns.

        Filled past `__init__`, which sets each field of a frozen dataclass by object.__setattr__.
        """
        fields["originator_id"] = stored.stream_id
        fields["originator_version"] = stored.version
        fields["timestamp"] = stored.recorded_at
        fields["effective_on"] = stored.effective_on
        fields["organization_id"] = stored.organization_id
        if self._topic is not None:
            fields["originator_topic"] = self._topic
        entry: Entry = self.cls.__new__(self.cls)
        object.__setattr__(entry, "__dict__", fields)
        return entry


def _lifted(stored: StoredEvent, step: Upcaster, state: dict[str, Any]) -> dict[str, Any]:
    """What one upcaster makes of it. One that writes into what it is given fails."""
    try:
        return step(MappingProxyType(state))
    except Exception as error:  # noqa: BLE001 (whatever it stumbles over, the row cannot be read)
        reason = f"{step.__name__} fails with {type(error).__name__}"
        # Without the cause, which may quote a personal value.
        raise UnreadableEvent(stored, reason) from None


def _field(field: "dataclasses.Field[Any]", hints: dict[str, Any]) -> tuple[str, Any, Any]:
    if field.default is not dataclasses.MISSING:
        default: Any = field.default
    elif field.default_factory is not dataclasses.MISSING:
        default = msgspec.field(default_factory=field.default_factory)
    else:
        default = msgspec.field()
    return field.name, _plain(hints[field.name]), default


def _is_sealed(hint: object) -> bool:
    return get_origin(hint) is Annotated and any(
        isinstance(mark, Sealed) for mark in get_args(hint)[1:]
    )


def _plain(hint: object) -> object:
    return get_args(hint)[0] if get_origin(hint) is Annotated else hint


def _place(error: Exception) -> str:
    """Which field does not fit. The rest of msgspec's message may quote a personal value."""
    found = _PATH.search(str(error))
    return f"the field {found[1]} does not fit" if found else "it is no JSON of this event"
