"""Judges of the readers: each was given exactly the log, in order and in time."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from tests.faults.judge_answers import first_acknowledgments
from tests.faults.judged_history import NEVER, Finding, History, Line, lines, lives

SECOND: Final = 1_000_000_000
STALL_S: Final = 10.0
"""How long an acknowledged event may take to an undisturbed reader; generous."""
REST_S: Final = 60.0
"""How long after the last acknowledgment a reader may be at the head; generous too."""


@dataclass
class Reader:
    """How far one reader has come, over all its lives."""

    name: str
    reached: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    ready: int = 0
    last_given: int = 0
    given_meanwhile: int = 0
    """Events acknowledged and given while one transaction of a stranger was open."""


class Disturbances:
    """When whom was killed, and when strangers' transactions were open."""

    def __init__(self, history: History) -> None:
        self._kills: dict[str, list[int]] = defaultdict(list)
        for line in history.run:
            if line["kind"] in {"kill", "died"}:
                self._kills[line.get("victim") or line["name"]].append(line["at"])
        self.open = list(_open(history.noted("stranger"), self._kills["postgres"]))

    def next_kill(self, reader: str, at: int) -> int:
        """The first time from then on that the reader or the database was killed."""
        found = NEVER
        for victim in ("postgres", reader):
            kills = self._kills[victim]
            index = bisect_left(kills, at)
            found = min(found, kills[index] if index < len(kills) else NEVER)
        return found

    def is_meanwhile(self, acknowledged: int, given: int) -> bool:
        """Whether one stranger's transaction was open from before the one to after the other."""
        return any(begin < acknowledged and given < end for begin, end in self.open)


def _open(strangers: list[Line], kills: list[int]) -> Iterator[tuple[int, int]]:
    """From when to when; a kill of the database ends them all, whenever they notice."""
    begun: dict[str, int] = {}
    for line in strangers:
        if line["is_open"]:
            begun[line["name"]] = line["at"]
        elif line["name"] in begun:
            begin = begun.pop(line["name"])
            index = bisect_left(kills, begin)
            yield begin, min(line["at"], kills[index] if index < len(kills) else NEVER)


def judge_readers(history: History) -> Iterator[Finding]:
    """Each reader was given each event once, in the order of its log, soon, and up to the head."""
    acknowledged = first_acknowledgments(history)
    disturbances = Disturbances(history)
    names = {path.name.partition(".")[0] for path in lives(history.folder, "reader")}
    for name in sorted(names):
        reader = Reader(name)
        for path in lives(history.folder, name.partition("-")[0]):
            if path.name.startswith(f"{name}."):
                for line in lines(path):
                    yield from _judge_line(history, reader, line, acknowledged, disturbances)
        yield from _judge_end(history, reader, acknowledged)


def _judge_line(
    history: History,
    reader: Reader,
    line: Line,
    acknowledged: dict[int, list[int]],
    disturbances: Disturbances,
) -> Iterator[Finding]:
    if line["kind"] == "ready":
        reader.ready = line["at"]
    if line["kind"] == "astray":
        yield Finding("cursor", f"{reader.name} was given a wrong position with {line}")
    if line["kind"] != "given":
        return
    tenant, position = line["tenant"], line["position"]
    where = f"{reader.name}, tenant {tenant}, position {position}"
    expected = reader.reached[tenant] + 1
    if position < expected:
        yield Finding("again", f"{where}: given before")
    elif position > expected:
        yield Finding("skipped", f"{where}: {expected} was left out")
    reader.reached[tenant] = max(position, reader.reached[tenant])
    events = history.tenants[tenant].events
    if position > len(events):
        yield Finding("phantom", f"{where}: not in the log")
        return
    stored = events[position - 1]
    if (line["id"], line["stream"], line["version"]) != (stored.id, stored.stream, stored.version):
        yield Finding("phantom", f"{where}: another event than in the log")
    reader.last_given = line["at"]
    due = max(acknowledged[tenant][position - 1], reader.ready)
    if acknowledged[tenant][position - 1] == NEVER:
        return
    reader.given_meanwhile += disturbances.is_meanwhile(due, line["at"])
    late = line["at"] - due > STALL_S * SECOND
    if late and disturbances.next_kill(reader.name, due) - due > STALL_S * SECOND:
        seconds = (line["at"] - due) / SECOND
        yield Finding("stalled", f"{where}: given {seconds:.1f} s after it was acknowledged")


def _judge_end(
    history: History, reader: Reader, acknowledged: dict[int, list[int]]
) -> Iterator[Finding]:
    for number, tenant in history.tenants.items():
        if reader.reached[number] != len(tenant.events):
            yield Finding(
                "behind",
                f"{reader.name} came to {reader.reached[number]} of {len(tenant.events)} in"
                f" tenant {number}",
            )
    last = max((at for times in acknowledged.values() for at in times if at != NEVER), default=0)
    if reader.last_given - last > REST_S * SECOND:
        seconds = (reader.last_given - last) / SECOND
        yield Finding("stalled", f"{reader.name} came to rest {seconds:.1f} s after the writers")
    if not reader.given_meanwhile:
        yield Finding(
            "untried", f"{reader.name} was given nothing while a stranger's transaction was open"
        )
