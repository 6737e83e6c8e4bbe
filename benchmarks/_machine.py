"""What a figure depends on: the machine, the server, its durability, the disk under its data."""

import os
import platform
from pathlib import Path

import asyncpg

from _server import CONNECTIONS, Server
from db.durability import read_durability


async def describe(server: Server) -> str:
    """One line a fact, for the head of a table."""
    connection = await asyncpg.connect(server.superuser_url)
    try:
        data = Path(await connection.fetchval("SHOW data_directory"))
    finally:
        await connection.close()
    durability = await read_durability(server.app_url)
    safe = "" if durability.is_safe else " (NOT SAFE: figures of another server)"
    return "\n".join(
        (
            f"machine      {_processor()}, {os.cpu_count()} cores, {_memory_gib():.0f} GiB",
            f"server       {durability}{safe}",
            f"data         {_file_system(data)}",
            f"connections  {CONNECTIONS} for each of those compared",
            f"python       {platform.python_version()}",
        )
    )


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return value.strip()
    return platform.machine()


def _memory_gib() -> float:
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30


def _file_system(folder: Path) -> str:
    """The type and options of the mount that the folder lies on."""
    mounts = [line.split() for line in Path("/proc/mounts").read_text().splitlines()]
    above = {str(path) for path in (folder, *folder.parents)}
    # The last of equal mount points hides the earlier ones.
    _, _, kind, options = max(
        (mount[:4] for mount in mounts if mount[1] in above),
        key=lambda mount: len(mount[1]),
    )
    return f"{kind} ({options})"
