"""A small history in which all went well, to be broken by tests; times are in seconds."""

import json
from pathlib import Path
from typing import Any

Files = dict[str, list[dict[str, Any]]]
SECOND = 1_000_000_000
RUN, WRITER, LOG, READER = "run.1", "writer-0.1", "log.1", "reader-0.1"
EVENTS = [  # stream, version, command, by position
    ("s1", 1, "c1"),
    ("s1", 2, "c1"),
    ("s2", 1, "c2"),
    ("p1", 1, "c3"),
    ("s3", 1, "c7"),
]


def sound() -> Files:
    """A run in which all went well; times are in seconds, later in nanoseconds."""
    writer = [
        *answered(1, "c1", [event("e1", "s1", 1), event("e2", "s1", 2)], 1, 2),
        *answered(3, "c2", [event("e3", "s2", 0)], 3, 3, claims=[claim("h1")]),
        *answered(5, "c3", [event("e4", "p1", 1, plain="text")], 4, 4, keys=["p1"]),
        *refused(7, "c4", [event("x1", "s1", 1)], "conflict"),
        *refused(9, "c5", [event("x2", "s9", 1)], "taken", claims=[claim("h2")], subject="h1"),
        *answered(11, "c1", [event("e1", "s1", 1), event("e2", "s1", 2)], 1, 2, status="repeated"),
        *refused(13, "c1", [event("x3", "s9", 1)], "reused", given="other"),
        *refused(15, "c6", [event("x4", "s9", 1, plain="text")], "conflict", keys=["p1"]),
        invoke(17, "c7", [event("e5", "s3", 1)]),
        invoke(18, "c8", [event("x5", "s4", 1)]),
        {"kind": "invoke", "at": 19, "op": "19", "tenant": 1, "reads": "s1"},
        {"kind": "read", "at": 20, "op": "19", "stream": "s1", "after": 1, "found": [[2, "e2"]]},
    ]
    log: list[dict[str, Any]] = [{"kind": "head", "at": 40, "tenant": 1, "position": 5}]
    reader: list[dict[str, Any]] = [{"kind": "ready", "at": 0}]
    for position, (stream, version, command) in enumerate(EVENTS, start=1):
        log.append(stored(position, stream, version, command))
        reader.append(given(2 * position + 1, position, stream, version))
    for command, first, last in (("c1", 1, 2), ("c2", 3, 3), ("c3", 4, 4), ("c7", 5, 5)):
        log.append(remembered(command, first, last))
    log.append({"kind": "claim", "at": 40, "tenant": 1, "what": "case/1", "holder": "h1"})
    log.append({"kind": "key", "at": 40, "tenant": 1, "person": "p1"})
    run: list[dict[str, Any]] = [
        {"kind": "run", "at": 0, "seed": "5"},
        {"kind": "start", "at": 0, "name": "writer-0", "start": 1},
        {"kind": "start", "at": 0, "name": "reader-0", "start": 1},
        {"kind": "stranger", "at": 1, "name": "writes", "is_open": True},
        {"kind": "left", "at": 31, "name": "writer-0", "code": 0},
        {"kind": "stranger", "at": 32, "name": "writes", "is_open": False},
        {"kind": "left", "at": 33, "name": "reader-0", "code": 0},
        {"kind": "end", "at": 41},
    ]
    return {RUN: run, WRITER: [{"kind": "ready", "at": 0}, *writer], LOG: log, READER: reader}


def invoke(at: float, command: str, events: list[Any], **other: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "kind": "invoke",
        "at": at,
        "op": str(at),
        "tenant": 1,
        "actor": other.get("actor", "a"),
        "command": command,
        "input": f"00000001{other.get('given', command)}",
        "events": events,
        "keys": other.get("keys", []),
        "claims": other.get("claims", []),
        "erases": other.get("erases"),
        "hopeless": False,
        "ordered": True,
    }


def answered(
    at: float,
    command: str,
    events: list[Any],
    first: int,
    last: int,
    **other: Any,  # noqa: ANN401
) -> list[dict[str, Any]]:
    told = {"status": other.pop("status", "recorded"), "first": first, "last": last}
    return [
        invoke(at, command, events, **other),
        {"kind": "ok", "at": at + 1, "op": str(at), **told},
    ]


def refused(
    at: float,
    command: str,
    events: list[Any],
    reason: str,
    **other: Any,  # noqa: ANN401
) -> list[dict[str, Any]]:
    answer = {"kind": "fail", "op": str(at), "reason": reason, "subject": other.get("subject")}
    return [invoke(at, command, events, **other), {**answer, "at": at + 1}]


def event(event_id: str, stream: str, version: int, plain: str | None = None) -> dict[str, Any]:
    return {"id": event_id, "stream": stream, "version": version, "digest": "d", "plain": plain}


def claim(holder: str, *, gives_up: bool = False) -> dict[str, Any]:
    return {"what": "case/1", "holder": holder, "gives_up": gives_up}


def stored(position: int, stream: str, version: int, command: str) -> dict[str, Any]:
    return {
        "kind": "event",
        "at": 40,
        "tenant": 1,
        "position": position,
        "id": f"e{position}",
        "stream": stream,
        "version": version,
        "actor": "a",
        "command": command,
        "recorded_at": f"2024-01-01T00:00:0{position}+00:00",
        "digest": "d",
        "person": "p1" if stream == "p1" else None,
        "plain": "text" if stream == "p1" else None,
    }


def remembered(command: str, first: int, last: int) -> dict[str, Any]:
    row = {"tenant": 1, "actor": "a", "command": command, "first": first, "last": last}
    return {"kind": "command", "at": 40, **row}


def given(at: float, position: int, stream: str, version: int) -> dict[str, Any]:
    event_id = f"e{position}"
    told = {"position": position, "id": event_id, "stream": stream, "version": version}
    return {"kind": "given", "at": at, "tenant": 1, **told}


def write(folder: Path, files: Files) -> None:
    for name, found in files.items():
        text = [json.dumps({**line, "at": int(line["at"] * SECOND)}) for line in found]
        (folder / f"{name}.jsonl").write_text("\n".join(text) + "\n", "utf-8")
