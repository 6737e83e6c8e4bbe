"""The history of a run as its judges see it. Needs nothing but the history and Python."""

import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

NEVER: Final = 2**63
Line = dict[str, Any]
Key = tuple[int, str, str]
"""Tenant, actor and commandId: what makes two sendings the same command."""


class Finding(NamedTuple):
    """One breach of a promise; `kind` is stable, `text` says what and where."""

    kind: str
    text: str


class Sent(NamedTuple):
    """An event as a command sent it; version 0 is whatever comes next, None was not known."""

    id: str
    stream: str
    version: int
    digest: str | None
    plain: str | None


class Stored(NamedTuple):
    """An event as it stands in a log."""

    position: int
    id: str
    stream: str
    version: int
    key: Key
    recorded_at: str
    digest: str
    person: str | None
    plain: str | None


class Claim(NamedTuple):
    """What a command claims for its holder, or gives up."""

    what: str
    holder: str
    gives_up: bool


@dataclass(slots=True)
class Attempt:
    """One sending of a command and its answer, with the times of both."""

    op: str
    key: Key
    input: str
    """A keyed hash: the version of the key in 8 digits, then what can be compared under it."""
    events: tuple[Sent, ...]
    keys: tuple[str, ...]
    claims: tuple[Claim, ...]
    erases: str | None
    hopeless: bool
    sender: str | None
    invoked: int
    done: int = NEVER
    outcome: str = "unanswered"
    """`recorded`, `repeated`, the reason of a refusal or of not knowing, or `unanswered`."""
    is_unknown: bool = True
    first: int = 0
    last: int = 0
    subject: str | None = None

    @property
    def is_acknowledged(self) -> bool:
        return self.outcome in {"recorded", "repeated"}

    @property
    def may_have_recorded(self) -> bool:
        """Whether what stands in the log may come from this very sending."""
        return self.is_unknown or self.outcome == "recorded"

    def __str__(self) -> str:
        return f"{self.op} ({self.outcome}, tenant {self.key[0]})"


@dataclass(slots=True)
class Read:
    """A stream as a writer read it after a version: versions and ids."""

    op: str
    tenant: int
    stream: str
    after: int
    found: list[tuple[int, str]]
    invoked: int
    done: int


@dataclass(slots=True)
class Tenant:
    """One log as it stands at the end, and by stream and by command."""

    head: int = 0
    events: list[Stored] = field(default_factory=list)
    streams: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    commands: dict[Key, list[int]] = field(default_factory=lambda: defaultdict(list))

    def version_at(self, stream: str, position: int) -> int:
        """How many events the stream had when the log ended at a position."""
        return bisect_right(self.streams.get(stream, []), position)

    def of(self, key: Key) -> list[Stored]:
        """The events of a command."""
        wanted = set(self.commands.get(key, ()))
        return [self.events[at - 1] for at in sorted(wanted) if at <= len(self.events)]


@dataclass(slots=True)
class History:
    """All files of a run but what readers were given, which is read when it is judged."""

    folder: Path
    run: list[Line] = field(default_factory=list)
    attempts: dict[Key, list[Attempt]] = field(default_factory=lambda: defaultdict(list))
    reads: list[Read] = field(default_factory=list)
    tenants: dict[int, Tenant] = field(default_factory=lambda: defaultdict(Tenant))
    rows: dict[str, list[Line]] = field(default_factory=lambda: defaultdict(list))

    def all(self) -> Iterator[Attempt]:
        """Every attempt."""
        for attempts in self.attempts.values():
            yield from attempts

    def noted(self, kind: str) -> list[Line]:
        """What the run itself wrote down of a kind."""
        return [line for line in self.run if line["kind"] == kind]


def load(folder: Path) -> History:
    """The history in a folder."""
    history = History(folder, list(lines(folder / "run.1.jsonl")))
    for path in lives(folder, "writer"):
        _load_writer(history, path)
    for line in lines(folder / "log.1.jsonl"):
        match line["kind"]:
            case "head":
                history.tenants[line["tenant"]].head = line["position"]
            case "event":
                _load_event(history.tenants[line["tenant"]], line)
            case kind:
                history.rows[kind].append(line)
    return history


def lines(path: Path) -> Iterator[Line]:
    """The whole lines of a file; the last one of a killed process may be torn."""
    with path.open("rb") as file:
        for line in file:
            if line.endswith(b"\n"):
                yield json.loads(line)


def lives(folder: Path, kind: str) -> list[Path]:
    """The files of the processes of a kind, each one's in the order of its lives."""
    found = [(path.name.split("."), path) for path in folder.glob(f"{kind}-*.jsonl")]
    return [path for _, path in sorted(found, key=lambda each: (each[0][0], int(each[0][1])))]


def _load_writer(history: History, path: Path) -> None:
    reads: dict[str, Line] = {}
    attempts: dict[str, Attempt] = {}
    for line in lines(path):
        match line["kind"]:
            case "invoke" if "reads" in line:
                reads[line["op"]] = line
            case "invoke":
                attempt = _attempt(line, path.name)
                attempts[attempt.op] = attempt
                history.attempts[attempt.key].append(attempt)
            case "ok" | "fail" | "unknown":
                _answer(attempts.pop(line["op"]), line)
            case "read":
                history.reads.append(_read(reads.pop(line["op"]), line))
            case _:
                pass


def _read(asked: Line, line: Line) -> Read:
    return Read(
        op=line["op"],
        tenant=asked["tenant"],
        stream=line["stream"],
        after=line["after"],
        found=[(version, event) for version, event in line["found"]],
        invoked=asked["at"],
        done=line["at"],
    )


def _attempt(line: Line, file: str) -> Attempt:
    return Attempt(
        op=line["op"],
        key=(line["tenant"], line["actor"], line["command"]),
        input=line["input"],
        events=tuple(
            Sent(e["id"], e["stream"], e["version"], e["digest"], e["plain"])
            for e in line["events"]
        ),
        keys=tuple(line["keys"]),
        claims=tuple(Claim(c["what"], c["holder"], c["gives_up"]) for c in line["claims"]),
        erases=line["erases"],
        hopeless=line["hopeless"],
        sender=file if line["ordered"] else None,
        invoked=line["at"],
    )


def _answer(attempt: Attempt, line: Line) -> None:
    attempt.done = line["at"]
    attempt.is_unknown = line["kind"] == "unknown"
    attempt.outcome = line["status"] if line["kind"] == "ok" else line["reason"]
    attempt.first, attempt.last = line.get("first", 0), line.get("last", 0)
    attempt.subject = line.get("subject")


def _load_event(tenant: Tenant, line: Line) -> None:
    key = (line["tenant"], line["actor"], line["command"])
    tenant.events.append(
        Stored(
            line["position"],
            line["id"],
            line["stream"],
            line["version"],
            key,
            line["recorded_at"],
            line["digest"],
            line["person"],
            line["plain"],
        )
    )
    tenant.streams[line["stream"]].append(line["position"])
    tenant.commands[key].append(line["position"])
