"""Whether a log of 1,000,000 events costs more an event than one of 10,000.

`python benchmarks/scale.py [--json] [--only NAME] [--rounds N] [--postgresql FOLDER]`. The peer is
the same work on the short log, in the same database; at 1.0 the long one costs nothing more.
"""

from contextlib import AsyncExitStack
from typing import Final

import uvloop

from _compare import Options, Report, compare, read_options
from _grown import Grown
from _machine import describe
from _ours import open_ours
from _server import open_server

SHORT: Final = 10_000
LONG: Final = 1_000_000


async def main(options: Options) -> None:
    """Grow two tenants' logs, then measure them in turn."""
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(open_server(options.postgresql))
        ours = await stack.enter_async_context(open_ours(server))
        installation = ours.installation
        tenants = (await installation.store.tenants())[-2:]
        short = await Grown.grow(server, installation, tenants[0], SHORT)
        long = await Grown.grow(server, installation, tenants[1], LONG)
        report = Report(options, await describe(server))
        lines = {
            "scale.read.page": (long.page(), short.page()),
            "scale.read.stream": (await long.stream(), await short.stream()),
            "scale.verify": (long.verify(), short.verify()),
            "scale.append": (long.append(), short.append()),
        }
        for name, (mine, theirs) in lines.items():
            if options.wants(name):
                peers = {f"a log of {SHORT:,} events": theirs}
                report.add(await compare({name: mine}, peers, options=options))


if __name__ == "__main__":
    uvloop.run(main(read_options(__doc__)))
