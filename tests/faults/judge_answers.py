"""Judges of what the writers were told, against the log and against the order of time."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator
from itertools import accumulate

from tests.faults.judge_log import claimed, recorded_by
from tests.faults.judged_history import NEVER, Attempt, Finding, History, Key, Tenant

DOCUMENTED = {"cancelled", "outcome_unknown", "connection_lost", "unanswered"}
"""Why a writer may not know what became of its command."""
REFUSALS = {"conflict", "taken", "reused", "outdated", "too_large", "rejected"}


class Times:
    """How far a log had come by when, as far as the writers' clocks prove it."""

    def __init__(self, history: History, tenant: Tenant) -> None:
        acknowledged: list[tuple[int, int]] = []
        invoked: list[tuple[int, int]] = []
        for key, positions in tenant.commands.items():
            attempts = history.attempts.get(key, [])
            done = min((a.done for a in attempts if a.is_acknowledged), default=NEVER)
            acknowledged.append((done, positions[-1]))
            invoked.append((min((a.invoked for a in attempts), default=0), positions[0]))
        acknowledged.sort()
        invoked.sort()
        self._acknowledged = [at for at, _ in acknowledged]
        self._reached = list(accumulate((last for _, last in acknowledged), max))
        self._invoked = [at for at, _ in invoked]
        begun = list(accumulate((first for _, first in reversed(invoked)), min))
        self._begun = begun[::-1]
        self._end = len(tenant.events)

    def at_least(self, at: int) -> int:
        """The log had reached this position by then."""
        index = bisect_left(self._acknowledged, at)
        return self._reached[index - 1] if index else 0

    def at_most(self, at: int) -> int:
        """The log had not passed this position by then."""
        index = bisect_right(self._invoked, at)
        return self._begun[index] - 1 if index < len(self._begun) else self._end


def judge_acknowledged(history: History) -> Iterator[Finding]:
    """What was acknowledged is there, where it was said to be, and a repetition said the same."""
    for attempt in history.all():
        if not attempt.is_acknowledged:
            continue
        tenant = history.tenants[attempt.key[0]]
        positions = tenant.commands.get(attempt.key, [])
        if not positions:
            yield Finding("lost", f"{attempt} is not in the log")
        elif (positions[0], positions[-1]) != (attempt.first, attempt.last):
            yield Finding(
                "moved",
                f"{attempt} was told {attempt.first}..{attempt.last} and is at"
                f" {positions[0]}..{positions[-1]}",
            )
        else:
            recorded = recorded_by(history.attempts[attempt.key], tenant.of(attempt.key))
            if recorded and all(_is_other_input(attempt, each) for each in recorded):
                yield Finding("repeated", f"{attempt} was told of {recorded[0]}, another input")


def _is_other_input(one: Attempt, other: Attempt) -> bool:
    """Whether the two can be told apart: under another key they cannot, and count as the same."""
    return one.input != other.input and one.input[:8] == other.input[:8]


def judge_refusals(history: History) -> Iterator[Finding]:
    """Each refusal has its reason in the log at the time, and nothing is answered otherwise."""
    times = {number: Times(history, tenant) for number, tenant in history.tenants.items()}
    holders = {number: _holders(history, tenant) for number, tenant in history.tenants.items()}
    persons = {number: _persons(history, tenant) for number, tenant in history.tenants.items()}
    for attempt in history.all():
        number = attempt.key[0]
        tenant = history.tenants[number]
        from_, to = times[number].at_least(attempt.invoked), times[number].at_most(attempt.done)
        match attempt.outcome:
            case "conflict":
                known = any(persons[number].get(each, NEVER) <= to for each in attempt.keys)
                if not known and not _has_moved_on(tenant, attempt, from_, to):
                    yield Finding("conflict", f"nothing was in the way of {attempt}")
            case "taken":
                if not _was_taken(holders[number], attempt, from_, to):
                    yield Finding("taken", f"{attempt.subject} did not hold what {attempt} wants")
            case "reused":
                recorded = recorded_by(history.attempts[attempt.key], tenant.of(attempt.key))
                if not any(_is_other_input(attempt, each) for each in recorded):
                    yield Finding("reused", f"no other input has used the id of {attempt}")
            case "rejected" if not attempt.hopeless:
                yield Finding("answer", f"the database rejected {attempt}")
            case reason if reason not in (
                DOCUMENTED if attempt.is_unknown else {*REFUSALS, "recorded", "repeated"}
            ):
                yield Finding("answer", f"{attempt} has an answer that is not documented")


def _has_moved_on(tenant: Tenant, attempt: Attempt, low: int, high: int) -> bool:
    """Whether a stream was not where the attempt wants it, at some time while it was under way."""
    first: dict[str, int] = {}
    for event in attempt.events:
        first.setdefault(event.stream, event.version)
    return any(
        {tenant.version_at(stream, low), tenant.version_at(stream, high)} != {version - 1}
        for stream, version in first.items()
        if version
    )


def _persons(history: History, tenant: Tenant) -> dict[str, int]:
    """Where in the log each person got a key."""
    found: dict[str, int] = {}
    for key, positions in tenant.commands.items():
        for attempt in recorded_by(history.attempts.get(key, []), tenant.of(key))[:1]:
            found |= dict.fromkeys(attempt.keys, positions[0])
    return found


def _holders(history: History, tenant: Tenant) -> dict[str, list[tuple[int, int, str]]]:
    """Who held a thing from which position to which."""
    held: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for position, what, holder, gives_up in claimed(history, tenant):
        if held[what] and held[what][-1][1] == NEVER:
            since, _, before = held[what].pop()
            held[what].append((since, position if gives_up else NEVER, before))
        elif not gives_up:
            held[what].append((position, NEVER, holder))
    return held


def _was_taken(
    holders: dict[str, list[tuple[int, int, str]]], attempt: Attempt, low: int, high: int
) -> bool:
    return any(
        holder == attempt.subject != claim.holder and since <= high and until > low
        for claim in attempt.claims
        for since, until, holder in holders.get(claim.what, [])
    )


def judge_repetitions(history: History) -> Iterator[Finding]:
    """Once a command is acknowledged, each later sending of it is told so, or of another input."""
    for attempts in history.attempts.values():
        if len(attempts) == 1:
            continue
        done = min((each.done for each in attempts if each.is_acknowledged), default=NEVER)
        for attempt in attempts:
            told = {"recorded", "repeated", "reused", "outdated", "too_large"}
            if attempt.hopeless:
                told.add("rejected")
            if attempt.invoked > done and not attempt.is_unknown and attempt.outcome not in told:
                yield Finding("forgotten", f"{attempt} was acknowledged before")


def judge_order(history: History) -> Iterator[Finding]:
    """What was sent after an acknowledgment, or after it by the same actor, comes after it."""
    for number, tenant in history.tenants.items():
        earliest = NEVER
        for key in reversed(tenant.commands):
            attempts = history.attempts.get(key, [])
            invoked = min((each.invoked for each in attempts), default=NEVER)
            if invoked != NEVER and invoked > earliest:
                yield Finding(
                    "time",
                    f"{attempts[0]} was sent when a later position of tenant {number} was"
                    " acknowledged already",
                )
            done = min((each.done for each in attempts if each.is_acknowledged), default=NEVER)
            earliest = min(earliest, done)
        yield from _judge_actors(history, tenant)


def _judge_actors(history: History, tenant: Tenant) -> Iterator[Finding]:
    """Commands sent once, by one life of a process, straight to the store."""
    last: dict[tuple[str, str], Attempt] = {}
    for key in tenant.commands:
        attempts = history.attempts.get(key, [])
        if len(attempts) != 1 or attempts[0].outcome == "outcome_unknown":
            continue
        [attempt] = attempts
        if attempt.sender is None:
            continue
        before = last.get((attempt.sender, key[1]))
        if before is not None and before.invoked > attempt.invoked:
            yield Finding("order", f"{attempt} comes after {before}, which its actor sent later")
        last[attempt.sender, key[1]] = attempt


def judge_reads(history: History) -> Iterator[Finding]:
    """A stream that was read is the stream, as far as it was acknowledged before at the least."""
    times = {number: Times(history, tenant) for number, tenant in history.tenants.items()}
    for read in history.reads:
        tenant = history.tenants[read.tenant]
        positions = tenant.streams.get(read.stream, [])
        ids = [
            (version, tenant.events[position - 1].id)
            for version, position in enumerate(positions, start=1)
            if read.after < version <= read.after + len(read.found)
        ]
        if ids != read.found:
            yield Finding("read", f"{read.op} is not the stream {read.stream}")
        least = tenant.version_at(read.stream, times[read.tenant].at_least(read.invoked))
        if read.after + len(read.found) < least:
            yield Finding("read", f"{read.op} misses what was acknowledged before it")


def first_acknowledgments(history: History) -> dict[int, list[int]]:
    """When each position of a log was first acknowledged, NEVER where it was not."""
    found: dict[int, list[int]] = {}
    for number, tenant in history.tenants.items():
        at: dict[Key, int] = {
            key: min(
                (a.done for a in history.attempts.get(key, []) if a.is_acknowledged), default=NEVER
            )
            for key in tenant.commands
        }
        found[number] = [at[event.key] for event in tenant.events]
    return found
