"""Loads the demo province into this installation, with a progress bar on stderr.

And leaves its figures ready.
"""

import sys
from datetime import date, datetime
from typing import TypedDict

from app.clock import Clock
from app.demo import Parameters, Site, play
from app.failure import Mendable
from app.installation import Installation, open_installation
from app.settings import Settings
from app.worker import running
from domain.calendar import VIETNAM
from eventstore.tenants import add_tenant

_WIDTH = 40


class Given(TypedDict, total=False):
    """What the command line says; the rest is the demo's default."""

    until: date
    people: int
    seed: int


class FutureDemo(Mendable):
    """The demo was asked to record what has not happened yet."""


async def load_demo(settings: Settings, given: Given) -> None:
    """Play the demo unless it is there.

    Raises Conflict for an installation that holds something else.
    """
    today = Clock(settings.now).now().astimezone(VIETNAM).date()
    if "until" not in given:
        given["until"] = min(today, Parameters().until)
    if given["until"] > today:
        raise FutureDemo(f"The demo cannot live beyond today, {today}.")
    parameters = Parameters(**given)
    async with open_installation(settings) as installation:
        async with running(installation.runner):
            await play(_site(installation), parameters, _Bar())
        await installation.runner.catch_up()


def _site(installation: Installation) -> Site:
    owner_dsn = installation.dsns.owner_dsn

    async def add(code: str) -> int:
        return await add_tenant(owner_dsn, code)

    async def move(tenant_id: int, moment: datetime | None) -> None:
        await installation.store.set_clock(tenant_id, moment)
        installation.clock.simulate(tenant_id, moment)

    return Site(desk=installation.desk, add_tenant=add, set_clock=move)


class _Bar:
    """One line on a terminal that is written over; a line for each tenth where nobody watches."""

    def __init__(self) -> None:
        self._shown = -1

    def __call__(self, done: int, total: int) -> None:
        percent = 100 if total == 0 else 100 * done // total
        terminal = sys.stderr.isatty()
        step = percent if terminal else percent // 10
        if step == self._shown:
            return
        self._shown = step
        bar = "█" * (_WIDTH * percent // 100)
        start, end = ("\r", "\n" if done == total else "") if terminal else ("", "\n")
        sys.stderr.write(f"{start}demo {bar:<{_WIDTH}} {percent:3} % ({done}/{total}){end}")
        sys.stderr.flush()
