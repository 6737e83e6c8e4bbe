"""How fast the log appends, against other event stores and PostgreSQL itself on the same server.

`python benchmarks/append.py [--json] [--only NAME] [--rounds N] [--postgresql FOLDER]`. All have
equally many connections; ratios are the median of alternating rounds, absolute figures are this
machine's.
"""

import itertools
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import uvloop

from _compare import Contender, Figure, Options, PeerFailed, Report, compare, note, read_options
from _machine import describe
from _ours import TENANTS, Ours, open_ours
from _peers import open_emmett, open_library
from _postgres import Copy, RawInsert, open_message_db, open_rows
from _server import Server, open_server

WRITERS: Final = 32
BULK_WRITERS: Final = 256
BULK_COMMANDS: Final = 8
BULK_EVENTS: Final = 10
SWEEP_S: Final = 0.5
COMMANDS: Final = Figure("commands/s")


@dataclass
class Peers:
    """Those that could be installed, by name."""

    store: dict[str, Callable[[int, int], Contender]] = field(default_factory=dict)
    """Appending by so many writers, so many events a command."""
    save: dict[str, Contender] = field(default_factory=dict)
    """A change of an aggregate that is at hand."""
    save_reloaded: dict[str, Contender] = field(default_factory=dict)
    """A change of an aggregate that is read from the database first."""


async def open_peers(server: Server, options: Options, stack: AsyncExitStack) -> Peers:
    """What the wanted lines compare with; what cannot be had is told on stderr."""
    peers = Peers()
    of_store = options.wants("append.store") or options.wants("append.sweep")
    if of_store:
        pool = await stack.enter_async_context(open_rows(server, "peer_rows"))
        peers.store["raw one-row insert"] = RawInsert(pool).append
        try:
            name, emmett = await stack.enter_async_context(open_emmett(server))
            peers.store[name] = lambda writers, events: emmett.contender(
                "append", events, writers=writers, events=events
            )
        except PeerFailed as failure:
            note(f"emmett-postgresql is left out: {failure}")
        try:
            name, message_db = await stack.enter_async_context(open_message_db(server))
            peers.store[name] = partial(message_db.append, tenants=TENANTS)
        except PeerFailed as failure:
            note(f"message-db is left out: {failure}")
    if of_store or options.wants("append.command"):
        try:
            name, library = await stack.enter_async_context(open_library(server))
        except PeerFailed as failure:
            note(f"eventsourcing is left out: {failure}")
        else:
            peers.store[f"{name} recorder"] = lambda writers, events: library.contender(
                "append", events, writers=writers, events=events
            )
            saved = library.contender("save", writers=WRITERS)
            peers.save[f"{name} Application.save"] = saved
            reloaded = library.contender("save_reloaded", writers=WRITERS)
            peers.save_reloaded[f"{name} get and Application.save"] = reloaded
    return peers


async def store(ours: Ours, peers: Peers, options: Options, report: Report) -> None:
    """One event a command of a new stream, 32 writers, 8 tenants; the store alone."""
    theirs = {name: made(WRITERS, 1) for name, made in peers.store.items()}
    mine = {"append.store": ours.append(WRITERS, 1, TENANTS)}
    report.add(await compare(mine, theirs, options=options))


async def bulk(ours: Ours, server: Server, options: Options, report: Report) -> None:
    """Ten events a command, 256 writers, against COPY of the rows that this makes."""
    mine = ours.bulk(BULK_WRITERS, BULK_EVENTS, BULK_COMMANDS)
    await mine(0)
    count = BULK_WRITERS * BULK_EVENTS * BULK_COMMANDS
    async with open_rows(server, "peer_copy") as pool:
        copy = await Copy.of_log(server, pool, count)
        lines = await compare(
            {"append.bulk": mine}, {"COPY of the same rows": copy.run}, options=options
        )
    report.add(lines)


async def command(ours: Ours, peers: Peers, options: Options, report: Report) -> None:
    """The whole command, access check to append, with the candidate just used or read afresh."""
    if options.wants("append.command"):
        mine = {"append.command": ours.command(WRITERS)}
        report.add(await compare(mine, peers.save, options=options, figure=COMMANDS))
    mine = {"append.command.cold": ours.cold_command(WRITERS)}
    theirs = peers.save | peers.save_reloaded
    report.add(await compare(mine, theirs, options=options, figure=COMMANDS))


async def sweep(ours: Ours, peers: Peers, options: Options, report: Report) -> None:
    """From one writer to 256, one and ten events a command, one and eight tenants."""
    for writers, events in itertools.product((1, 8, 32, 256), (1, 10)):
        mine = {
            name: ours.append(writers, events, tenants)
            for tenants in (1, TENANTS)
            if options.wants(name := f"append.sweep.{writers}w.{events}e.{tenants}t")
        }
        if mine:
            theirs = {name: made(writers, events) for name, made in peers.store.items()}
            report.add(await compare(mine, theirs, options=options, seconds=SWEEP_S))


async def main(options: Options) -> None:
    """Start a server of its own, measure, and leave nothing behind but installed peers."""
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(open_server(options.postgresql))
        ours = await stack.enter_async_context(open_ours(server))
        peers = await open_peers(server, options, stack)
        report = Report(options, await describe(server))
        if options.wants("append.store"):
            await store(ours, peers, options, report)
        if options.wants("append.bulk"):
            await bulk(ours, server, options, report)
        if options.wants("append.command"):
            await command(ours, peers, options, report)
        if options.wants("append.sweep"):
            await sweep(ours, peers, options, report)


if __name__ == "__main__":
    uvloop.run(main(read_options(__doc__)))
