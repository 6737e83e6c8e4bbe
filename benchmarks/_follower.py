"""The reading process of `follow.latency`: many followers of one log, or as many bare listeners.

`python _follower.py ours|notify`: JSON lines in, JSON lines out. Moments are of CLOCK_MONOTONIC,
which all processes of a machine share.
"""

import asyncio
import json
import sys
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import Any, Final

import uvloop

from _ours import followers
from _postgres import listeners

MODES: Final[dict[str, Callable[..., AbstractAsyncContextManager[None]]]] = {
    "ours": followers,
    "notify": listeners,
}


async def main(mode: str) -> None:
    """Open once, then give out again and again what has arrived since."""
    arrivals: list[tuple[int, float]] = []

    def arrived(number: int) -> None:
        arrivals.append((number, time.monotonic()))

    async with AsyncExitStack() as stack:
        while line := await asyncio.to_thread(sys.stdin.readline):
            question = json.loads(line)
            answer: dict[str, Any] = {}
            if question.pop("op") == "open":
                await stack.enter_async_context(MODES[mode](**question, arrived=arrived))
            else:
                answer["arrivals"], arrivals[:] = list(arrivals), []
            print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1]))
