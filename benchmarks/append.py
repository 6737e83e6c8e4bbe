"""How fast the log appends, against other event stores and PostgreSQL itself on the same server.

`python benchmarks/append.py [--json] [--only NAME] [--rounds N] [--postgresql FOLDER]`. All have
equally many connections; ratios are the median of alternating rounds, absolute figures are this
machine's.
"""

import itertools
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import Final, TypeVar

import uvloop

from _compare import Contender, Figure, Options, PeerFailed, Report, compare, note, read_options
from _machine import describe
from _ours import TENANTS, Ours, open_ours
from _peers import Process, open_emmett, open_library
from _postgres import Copy, RawInsert, open_message_db, open_rows
from _server import Server, open_server

WRITERS: Final = 32
BULK_WRITERS: Final = 256
BULK_COMMANDS: Final = 8
BULK_EVENTS: Final = 10
SWEEP_S: Final = 0.5
COMMANDS: Final = Figure("commands/s")

Opened = TypeVar("Opened")
Appending = Callable[[int, int], Contender]
"""Appending by so many writers, so many events a command."""


@dataclass
class Peers:
    """Those that could be installed, by name."""

    store: dict[str, Appending] = field(default_factory=dict)
    save: dict[str, Contender] = field(default_factory=dict)
    """A change of an aggregate that is at hand."""
    save_reloaded: dict[str, Contender] = field(default_factory=dict)
    """A change of an aggregate that is read from the database first."""
    unlocked_store: dict[str, Appending] = field(default_factory=dict)
    unlocked_save: dict[str, Contender] = field(default_factory=dict)
    """Those whose readers may miss an event; their lines have names of their own."""


async def open_peers(server: Server, options: Options, stack: AsyncExitStack) -> Peers:
    """What the wanted lines compare with; what cannot be had is told on stderr."""
    peers = Peers()
    of_store = options.wants_any("append.store") or options.wants_any("append.sweep")
    if of_store:
        pool = await stack.enter_async_context(open_rows(server, "peer_rows"))
        peers.store["raw one-row insert"] = RawInsert(pool).append
        if opened := await _enter(stack, "emmett-postgresql", open_emmett(server)):
            name, emmett = opened
            peers.store[name] = _appending(emmett)
        if found := await _enter(stack, "message-db", open_message_db(server)):
            name, message_db = found
            peers.store[name] = partial(message_db.append, tenants=TENANTS)
    if of_store or options.wants_any("append.command"):
        await _add_library(peers, server, stack)
    return peers


async def _add_library(peers: Peers, server: Server, stack: AsyncExitStack) -> None:
    if opened := await _enter(stack, "eventsourcing", open_library(server)):
        name, library = opened
        peers.store[f"{name} recorder"] = _appending(library)
        peers.save[f"{name} Application.save"] = library.contender("save", writers=WRITERS)
        reloaded = library.contender("save_reloaded", writers=WRITERS)
        peers.save_reloaded[f"{name} get and Application.save"] = reloaded
    functions = open_library(server, functions=True)
    if opened := await _enter(stack, "eventsourcing with functions", functions):
        name, library = opened
        name += " with database functions (readers may miss events)"
        peers.unlocked_store[name] = _appending(library)
        peers.unlocked_save[name] = library.contender("save", writers=WRITERS)


def _appending(process: Process) -> Appending:
    return lambda writers, events: process.contender(
        "append", events, writers=writers, events=events
    )


async def _enter(
    stack: AsyncExitStack, name: str, peer: AbstractAsyncContextManager[Opened]
) -> Opened | None:
    try:
        return await stack.enter_async_context(peer)
    except PeerFailed as failure:
        note(f"{name} is left out: {failure}")
        return None


async def store(ours: Ours, peers: Peers, options: Options, report: Report) -> None:
    """One event a command of a new stream, 32 writers, 8 tenants; the store alone."""
    mine = ours.append(WRITERS, 1, TENANTS)
    for name, stores in (
        ("append.store", peers.store),
        ("append.store.unlocked", peers.unlocked_store),
    ):
        if options.wants(name):
            theirs = {peer: made(WRITERS, 1) for peer, made in stores.items()}
            report.add(await compare({name: mine}, theirs, options=options))


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
    warm, cold = ours.command(WRITERS), ours.cold_command(WRITERS)
    for name, mine, theirs in (
        ("append.command", warm, peers.save),
        ("append.command.cold", cold, peers.save | peers.save_reloaded),
        ("append.command.unlocked", warm, peers.unlocked_save),
    ):
        if options.wants(name):
            lines = await compare({name: mine}, theirs, options=options, figure=COMMANDS)
            report.add(lines)


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
        if options.wants_any("append.store"):
            await store(ours, peers, options, report)
        if options.wants("append.bulk"):
            await bulk(ours, server, options, report)
        if options.wants_any("append.command"):
            await command(ours, peers, options, report)
        if options.wants_any("append.sweep"):
            await sweep(ours, peers, options, report)


if __name__ == "__main__":
    uvloop.run(main(read_options(__doc__)))
