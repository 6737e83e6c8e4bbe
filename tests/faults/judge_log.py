"""Judges of the logs by themselves: positions, versions, whole commands, claims and keys."""

from collections import defaultdict
from collections.abc import Iterator

from tests.faults.judged_history import Attempt, Finding, History, Key, Sent, Stored, Tenant


def recorded_by(attempts: list[Attempt], events: list[Stored]) -> list[Attempt]:
    """The sendings of a command whose events these are, all of them in their order."""
    return [attempt for attempt in attempts if _is_same(attempt.events, events)]


def _is_same(sent: tuple[Sent, ...], stored: list[Stored]) -> bool:
    return len(sent) == len(stored) and all(
        (ours.id, ours.stream) == (there.id, there.stream)
        and ours.version in {0, there.version}
        and ours.digest in {None, there.digest}
        for ours, there in zip(sent, stored, strict=True)
    )


def judge_positions(history: History) -> Iterator[Finding]:
    """Positions run from 1 to the head without a gap, and no recording time runs backwards."""
    for number, tenant in history.tenants.items():
        expected, latest = 0, ""
        for event in tenant.events:
            expected += 1
            if event.position != expected:
                yield Finding(
                    "gap", f"tenant {number} has position {event.position} in place of {expected}"
                )
                expected = event.position
            if event.recorded_at < latest:
                yield Finding(
                    "clock", f"position {event.position} of tenant {number} is before the last one"
                )
            latest = event.recorded_at
        if tenant.head != expected:
            yield Finding("gap", f"tenant {number} ends at {expected}, its head is {tenant.head}")


def judge_streams(history: History) -> Iterator[Finding]:
    """Versions run from 1 without a gap in the order of positions, and no event id comes twice."""
    for number, tenant in history.tenants.items():
        versions: dict[str, int] = defaultdict(int)
        ids: set[str] = set()
        for event in tenant.events:
            versions[event.stream] += 1
            if event.version != versions[event.stream]:
                yield Finding(
                    "version",
                    f"position {event.position} of tenant {number} is version {event.version} of"
                    f" its stream in place of {versions[event.stream]}",
                )
                versions[event.stream] = event.version
            if event.id in ids:
                yield Finding("twice", f"event {event.id} is in tenant {number} more than once")
            ids.add(event.id)


def judge_commands(history: History) -> Iterator[Finding]:
    """Whatever is in the log was sent, stands there whole, and was not refused."""
    for tenant in history.tenants.values():
        for key, positions in tenant.commands.items():
            yield from _judge_command(history.attempts.get(key, []), key, tenant, positions)


def _judge_command(
    attempts: list[Attempt], key: Key, tenant: Tenant, positions: list[int]
) -> Iterator[Finding]:
    where = f"command {key[2]} of {key[1]} in tenant {key[0]} at {positions[0]}..{positions[-1]}"
    if not attempts:
        yield Finding("stray", f"nobody sent {where}")
        return
    if positions != list(range(positions[0], positions[0] + len(positions))):
        yield Finding("torn", f"the events of {where} do not stand together")
    matching = recorded_by(attempts, tenant.of(key))
    if not matching:
        yield Finding("torn", f"{where} is not what was sent as {attempts[0]}")
    elif not any(attempt.may_have_recorded for attempt in matching):
        answers = ", ".join(str(attempt) for attempt in matching)
        yield Finding("refused", f"{where} was refused: {answers}")


def judge_command_rows(history: History) -> Iterator[Finding]:
    """The first result of each command in the log is remembered, and of no other."""
    remembered: dict[Key, tuple[int, int]] = {}
    for row in history.rows["command"]:
        remembered[row["tenant"], row["actor"], row["command"]] = (row["first"], row["last"])
    for number, tenant in history.tenants.items():
        for key, positions in tenant.commands.items():
            if remembered.pop(key, None) != (positions[0], positions[-1]):
                yield Finding("memory", f"tenant {number} remembers {key[2]} of {key[1]} wrongly")
    for key in remembered:
        yield Finding("memory", f"tenant {key[0]} remembers {key[2]}, which is not in its log")


def claimed(history: History, tenant: Tenant) -> Iterator[tuple[int, str, str, bool]]:
    """Position, thing, holder and whether it is given up, in the order of the log."""
    for key, positions in tenant.commands.items():
        matching = recorded_by(history.attempts.get(key, []), tenant.of(key))
        for claim in matching[0].claims if matching else ():
            yield positions[0], claim.what, claim.holder, claim.gives_up


def judge_claims(history: History) -> Iterator[Finding]:
    """In the order of the log nobody took what another one held, and the end is what is kept."""
    kept = {(row["tenant"], row["what"]): row["holder"] for row in history.rows["claim"]}
    held: dict[tuple[int, str], str] = {}
    for number, tenant in history.tenants.items():
        for position, what, holder, gives_up in claimed(history, tenant):
            before = held.get((number, what))
            if before not in {None, holder}:
                yield Finding(
                    "claim", f"{what} of tenant {number} is held by two at position {position}"
                )
            if gives_up:
                held.pop((number, what), None)
            else:
                held[number, what] = holder
    for place in sorted(held.keys() | kept.keys()):
        if held.get(place) != kept.get(place):
            yield Finding(
                "claim",
                f"{place[1]} of tenant {place[0]} is kept for {kept.get(place)},"
                f" by the log {held.get(place)} holds it",
            )


def judge_sealed(history: History) -> Iterator[Finding]:
    """Who has a key is who was given one and not erased, and it opens what was sealed."""
    kept = {(row["tenant"], row["person"]) for row in history.rows["key"]}
    for number, tenant in history.tenants.items():
        sealed = [
            (attempt, tenant.of(key))
            for key in tenant.commands
            for attempt in recorded_by(history.attempts.get(key, []), tenant.of(key))[:1]
        ]
        erased = {attempt.erases for attempt, _ in sealed} - {None}
        known = {person for attempt, _ in sealed for person in attempt.keys} - erased
        for person in sorted(known ^ {person for place, person in kept if place == number}):
            has = "has no key" if person in known else "has a key"
            yield Finding("key", f"person {person} of tenant {number} {has}")
        for attempt, stored in sealed:
            yield from _judge_plain(number, attempt, stored, erased)


def _judge_plain(
    number: int, sent: Attempt, stored: list[Stored], erased: set[str | None]
) -> Iterator[Finding]:
    for ours, there in zip(sent.events, stored, strict=True):
        if there.person in erased:
            is_sound = there.plain == "no key"
        else:
            is_sound = there.plain not in {"no key", "does not open"}
            is_sound &= ours.plain in {None, there.plain}
        if not is_sound:
            where = f"position {there.position} of tenant {number}"
            yield Finding("key", f"what {where} seals: {there.plain}")
