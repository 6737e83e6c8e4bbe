"""Alternating rounds of ours and the peers', and what is printed of them."""

import argparse
import asyncio
import gc
import json
import math
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROUNDS: Final = 5
WARM_UP_S: Final = 0.3
PERCENTILES: Final = (50, 95, 99)
_LATENCIES_MIN: Final = 20


@dataclass(frozen=True, slots=True)
class Run:
    """What one side did in one round: units of work, the time for all, and for each command."""

    units: int
    seconds: float
    latencies_ms: Sequence[float] = ()

    @property
    def rate(self) -> float:
        """Units a second."""
        return self.units / self.seconds

    @property
    def p99_ms(self) -> float:
        """The time that 99 of 100 commands stay below."""
        return percentile(self.latencies_ms, 99)


Contender = Callable[[float], Awaitable[Run]]
"""One round, of about as many seconds."""


@dataclass(frozen=True, slots=True)
class Figure:
    """What of a run is compared."""

    unit: str
    of: Callable[[Run], float] = lambda run: run.rate
    lower_is_better: bool = False


RATE: Final = Figure("events/s")
P99: Final = Figure("ms p99", lambda run: run.p99_ms, lower_is_better=True)


class PeerFailed(Exception):
    """A peer could not be installed or did not answer; its line is left out."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asks for."""

    as_json: bool
    only: str
    rounds: int
    postgresql: Path | None

    def wants(self, name: str) -> bool:
        """Whether the line of this name is asked for."""
        return name.startswith(self.only)

    def wants_any(self, group: str) -> bool:
        """Whether a line may be asked for whose name begins with this."""
        return group.startswith(self.only) or self.only.startswith(group)


def read_options(about: str) -> Options:
    """The options that all benchmarks share."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--json", action="store_true", help="one JSON object a line on stdout")
    parser.add_argument("--only", metavar="NAME", default="", help="lines whose name begins so")
    parser.add_argument(
        "--rounds", type=int, default=ROUNDS, help="alternating rounds (%(default)s)"
    )
    parser.add_argument(
        "--postgresql", type=Path, metavar="FOLDER", help="programs of another PostgreSQL to run on"
    )
    given = parser.parse_args()
    if given.rounds < 1:
        parser.error("--rounds must be at least 1")
    return Options(given.json, given.only, given.rounds, given.postgresql)


async def drive(
    writers: int,
    units: int,
    step: Callable[[int], Awaitable[object]],
    *,
    seconds: float = math.inf,
    commands: int = sys.maxsize,
) -> Run:
    """Each writer awaits its command before the next, until the time or its number is over.

    The time counts until the last command has ended; each command is so many units.
    """
    latencies: list[float] = []
    started = time.perf_counter()

    async def write(writer: int) -> None:
        before = time.perf_counter()
        left = commands
        while left > 0 and before - started < seconds:
            await step(writer)
            after = time.perf_counter()
            latencies.append(1000 * (after - before))
            before = after
            left -= 1

    async with asyncio.TaskGroup() as group:
        for writer in range(writers):
            group.create_task(write(writer))
    return Run(len(latencies) * units, time.perf_counter() - started, latencies)


async def compare(
    ours: dict[str, Contender],
    peers: dict[str, Contender],
    *,
    options: Options,
    seconds: float = 1.0,
    figure: Figure = RATE,
) -> list[dict[str, object]]:
    """One line for each of ours (by the line's name) and each peer.

    Every round lets each run once, every other round in the opposite order. A peer that fails is
    told on stderr and has no line.
    """
    runs: dict[str, list[Run]] = {}
    contenders = list((ours | peers).items())
    for name, run in contenders:
        runs[name] = []
        await _attempt(runs, name, run, min(seconds, WARM_UP_S))
        runs.get(name, []).clear()
    for number in range(options.rounds):
        for name, run in contenders if number % 2 == 0 else reversed(contenders):
            if name in runs:
                await _attempt(runs, name, run, seconds)
    return [
        _line(name, runs[name], peer, runs[peer], figure)
        for name in ours
        for peer in peers
        if peer in runs
    ]


async def _attempt(runs: dict[str, list[Run]], name: str, run: Contender, seconds: float) -> None:
    gc.collect()
    try:
        runs[name].append(await run(seconds))
    except PeerFailed as failure:
        note(f"{name} is left out: {failure}")
        del runs[name]


def _line(
    name: str, ours: list[Run], peer_name: str, theirs: list[Run], figure: Figure
) -> dict[str, object]:
    pairs = [(figure.of(mine), figure.of(his)) for mine, his in zip(ours, theirs, strict=True)]
    ratios = [his / mine if figure.lower_is_better else mine / his for mine, his in pairs]
    line: dict[str, object] = {
        "name": name,
        "ours": _round(statistics.median(mine for mine, _ in pairs)),
        "peer": _round(statistics.median(his for _, his in pairs)),
        "peer_name": peer_name,
        "ratio": round(statistics.median(ratios), 2),
        "unit": figure.unit,
    }
    for side, runs in (("ours", ours), ("peer", theirs)):
        latencies = [value for run in runs for value in run.latencies_ms]
        if len(latencies) >= _LATENCIES_MIN:
            for share in PERCENTILES:
                line[f"{side}_p{share}_ms"] = round(percentile(latencies, share), 2)
    return line


def percentile(values: Iterable[float], share: int) -> float:
    """The value that `share` of 100 do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)]


def _round(value: float) -> float:
    return round(value) if value >= 100 else round(value, 2)


def note(message: str) -> None:
    """Something that belongs beside the figures, not among them."""
    print(f"note: {message}", file=sys.stderr, flush=True)


class Report:
    """Prints lines as they come: JSON on stdout, or a table for reading."""

    def __init__(self, options: Options, header: str) -> None:
        self._as_json = options.as_json
        # The head of the table never mixes with the JSON lines.
        print(header, file=sys.stderr if options.as_json else sys.stdout, flush=True)
        if not options.as_json:
            titles = ("name", "ours", "peer", "unit", "ratio", "p50/p95/p99 ms, ours", "peer")
            print("\n" + _row(*titles, "peer is"))

    def add(self, lines: Iterable[dict[str, object]]) -> None:
        """Print some lines."""
        for line in lines:
            if self._as_json:
                print(json.dumps(line, ensure_ascii=False), flush=True)
                continue
            words = [str(line[key]) for key in ("name", "ours", "peer", "unit", "ratio")]
            print(_row(*words, *_latencies(line), str(line["peer_name"])), flush=True)


def _latencies(line: dict[str, object]) -> tuple[str, str]:
    ours, peer = (
        "/".join(str(line.get(f"{side}_p{share}_ms", "")) for share in PERCENTILES).strip("/")
        for side in ("ours", "peer")
    )
    return ours, peer


def _row(*words: str) -> str:
    name, ours, peer, unit, ratio, mine, theirs, peer_name = words
    figures = f"{ours:>9} {peer:>9} {unit:<10} {ratio:>7}"
    return f"{name:<28} {figures}  {mine:<22} {theirs:<24} {peer_name}"
