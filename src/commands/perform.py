"""Runs one command to its end.

Again after another writer was first, and to its first result when it is a repetition.
"""

from collections.abc import Awaitable, Callable
from typing import Final

from commands.ports import Command, Desk, Recorded
from domain.errors import Conflict, Refusal, VersionConflict
from domain.text import Text

ATTEMPTS_MAX: Final = 8


async def perform(
    desk: Desk, tenant_id: int, command: Command, run: Callable[[], Awaitable[Recorded]]
) -> Recorded:
    """The result of `run`, which loads, decides and saves in one go.

    Raises the command's Refusal, unless the same command was recorded before: then its first result
    is the answer. A command that loses `ATTEMPTS_MAX` races in a row is refused with code BUSY;
    nothing of it is written.
    """
    refused = False
    for _ in range(ATTEMPTS_MAX):
        try:
            return await run()
        except VersionConflict:
            continue
        except Refusal:
            first = await desk.log.recorded(tenant_id, command)
            if first is not None:
                return first
            # A record may be as this process left it, and another one has gone on with it: only
            # what is refused twice, the second time on what the log holds, is refused.
            if refused:
                raise
            refused = True
    raise Conflict(
        "BUSY",
        Text(
            "Nhiều người cùng ghi một hồ sơ; hãy thử lại.",
            "Too many writers on the same record; try again.",
        ),
    )
