"""How fast the log is read: one record from its events, and an event by who follows the log.

`python benchmarks/read.py [--json] [--only NAME] [--rounds N] [--postgresql FOLDER]`.
"""

import asyncio
import sys
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

import uvloop

from _compare import (
    P99,
    Contender,
    Figure,
    Options,
    PeerFailed,
    Report,
    Run,
    compare,
    note,
    read_options,
)
from _machine import describe
from _ours import Ours, open_ours
from _peers import Process, open_library
from _postgres import Notify, RawInsert, open_rows
from _server import Server, open_server

LENGTHS: Final = (100, 1000)
FOLLOWINGS: Final = {"follow.latency": (10, 200), "follow.p99": (100, 500)}
"""Followers, and events a second, by the name of the line."""
ARRIVAL_S: Final = 10.0
LOADS: Final = Figure("loads/s")
FOLLOWER: Final = Path(__file__).with_name("_follower.py")


async def rehydrate(ours: Ours, server: Server, options: Options, report: Report) -> None:
    """One reader that loads the same record again and again, against `repository.get`.

    From its events, and from a snapshot, which is what the policy makes of both lengths.
    """
    async with AsyncExitStack() as stack:
        try:
            version, library = await stack.enter_async_context(open_library(server))
        except PeerFailed as failure:
            note(f"eventsourcing is left out: {failure}")
            return
        for events in LENGTHS:
            mine = {
                name: await ours.load(events, snapshots=snapshots)
                for name, snapshots in (
                    (f"read.rehydrate.{events}", False),
                    (f"read.snapshot.{events}", True),
                )
                if options.wants(name)
            }
            if mine:
                peer = library.contender("load", writers=1, events=events)
                theirs = {f"{version} repository.get": peer}
                report.add(await compare(mine, theirs, options=options, figure=LOADS))


async def follow(ours: Ours, server: Server, options: Options, report: Report) -> None:
    """From before the append until each follower of another process has the event."""
    async with AsyncExitStack() as stack:
        pool = await stack.enter_async_context(open_rows(server, "peer_notify"))
        # The second is durable, as our events are; the first is not.
        peers = {"bare NOTIFY": Notify(pool).send, "insert and NOTIFY": RawInsert(pool).send}
        for name, (followers, pace) in FOLLOWINGS.items():
            if options.wants(name):
                async with AsyncExitStack() as readers:
                    reading = await _open_reader(readers, "ours")
                    listening = await _open_reader(readers, "notify")
                    dsn = server.address_of("peer_notify")
                    await listening.ask(op="open", dsn=dsn, count=followers)
                    await reading.ask(
                        op="open",
                        home=str(server.folder),
                        owner_url=server.owner_url,
                        app_url=server.app_url,
                        tenant=ours.followed,
                        count=followers,
                    )
                    mine = {name: _paced(ours.send, reading, followers, pace)}
                    theirs = {
                        f"{peer} to {followers} listeners": _paced(send, listening, followers, pace)
                        for peer, send in peers.items()
                    }
                    report.add(
                        await compare(mine, theirs, options=options, seconds=2.0, figure=P99)
                    )


async def _open_reader(stack: AsyncExitStack, mode: str) -> Process:
    process = await Process.start(sys.executable, str(FOLLOWER), mode)
    stack.push_async_callback(process.aclose)
    return process


def _paced(
    send: Callable[[int], Awaitable[int]], reader: Process, followers: int, pace: int
) -> Contender:
    """A round at a fixed pace, whether the earlier ones have arrived or not."""
    sent: dict[int, float] = {}

    async def one(number: int, due: float) -> None:
        await asyncio.sleep(due - time.monotonic())
        before = time.monotonic()
        sent[await send(number)] = before

    async def run(seconds: float) -> Run:
        first, count = len(sent), round(seconds * pace)
        started = time.monotonic()
        async with asyncio.TaskGroup() as group:
            for place in range(count):
                group.create_task(one(first + place, started + place / pace))
        arrivals = await _arrivals(reader, count, followers)
        latencies = [1000 * (moment - sent[number]) for number, moment in arrivals]
        return Run(count, time.monotonic() - started, latencies)

    return run


async def _arrivals(reader: Process, count: int, followers: int) -> list[tuple[int, float]]:
    """All that were sent, or the benchmark stops: a lost event has no latency."""
    arrivals: list[tuple[int, float]] = []
    async with asyncio.timeout(ARRIVAL_S):
        while len(arrivals) < count * followers:
            arrivals += (await reader.ask(op="take"))["arrivals"]
            await asyncio.sleep(0.05)
    times: dict[int, int] = defaultdict(int)
    for number, _ in arrivals:
        times[number] += 1
    assert set(times.values()) == {followers}
    return arrivals


async def main(options: Options) -> None:
    """Start a server of its own, measure, and leave nothing behind but installed peers."""
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(open_server(options.postgresql))
        ours = await stack.enter_async_context(open_ours(server))
        report = Report(options, await describe(server))
        if options.wants_any("read.rehydrate") or options.wants_any("read.snapshot"):
            await rehydrate(ours, server, options, report)
        if options.wants_any("follow."):
            await follow(ours, server, options, report)


if __name__ == "__main__":
    uvloop.run(main(read_options(__doc__)))
