"""The verbs of `nguon` about projections: list, resume, skip."""

# ruff: noqa: PLC0415 - each verb imports its own.

import click

from app.settings import read_settings


@click.group()
def projection() -> None:
    """How far the read models have come, and what to do about one that stopped."""


@projection.command("list")
def list_projections() -> None:
    """Position, head, lag in positions and seconds of each one of each tenant, and why it stopped.

    The seconds are the age of the oldest event that is not folded.
    """
    import uvloop

    from app.projection_control import list_projections as list_

    for line in uvloop.run(list_(read_settings())):
        click.echo(line)


@projection.command()
@click.argument("name")
@click.option("--tenant", "code", required=True, metavar="CODE")
def resume(*, name: str, code: str) -> None:
    """Try the event before which the projection NAME stopped again at once."""
    import uvloop

    from app.projection_control import resume as resume_

    click.echo(uvloop.run(resume_(read_settings(), name, code)))


@projection.command()
@click.argument("name")
@click.option("--tenant", "code", required=True, metavar="CODE")
@click.option("--position", required=True, type=click.IntRange(min=1), help="Where it stopped.")
@click.option("--reason", required=True, help="Stands in the log for ever.")
def skip(*, name: str, code: str, position: int, reason: str) -> None:
    """Let the projection NAME pass over the event before which it stopped, now and ever after."""
    import uvloop

    from app.projection_control import skip as skip_

    click.echo(uvloop.run(skip_(read_settings(), name, code, position, reason)))
