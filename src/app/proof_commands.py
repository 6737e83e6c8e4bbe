"""The verbs of `nguon` about the proof of the log: verify, epoch, witness."""

# ruff: noqa: PLC0415 - a witness must not load a server: each verb imports its own.

import sys
from pathlib import Path

import click

from app.failure import is_mendable
from app.settings import read_settings


@click.command()
@click.option("--tenant", "codes", metavar="CODE", multiple=True, help="All by default.")
@click.option(
    "--checkpoints",
    metavar="FILE",
    multiple=True,
    type=click.Path(path_type=Path),
    help="What a witness keeps (checkpoints.jsonl).",
)
def verify(*, codes: tuple[str, ...], checkpoints: tuple[Path, ...]) -> None:
    """Check each log against its tree and all that was signed of it.

    The exit code is 0 when all agree, 1 when something does not, 2 when it cannot be judged.
    """
    import uvloop

    from app.verify import UNUSABLE
    from app.verify import verify as verify_

    try:
        verdict = uvloop.run(verify_(read_settings(), codes, checkpoints))
    except Exception as error:
        if not is_mendable(error):
            raise
        click.echo(f"nguon: {error}", err=True)
        sys.exit(UNUSABLE)
    for line in verdict.lines:
        click.echo(line)
    sys.exit(verdict.code)


@click.group()
def epoch() -> None:
    """Epochs of a log: what is signed belongs to one."""


@epoch.command("start")
@click.option("--tenant", "code", required=True, metavar="CODE")
@click.option("--reason", required=True, help="Stands in the log for ever.")
def start_epoch(*, code: str, reason: str) -> None:
    """Begin a new epoch, as after a restore from a backup."""
    import uvloop

    from app.epoch import start_epoch as start

    click.echo(uvloop.run(start(read_settings(), code, reason)))


@click.group(invoke_without_command=True)
@click.option("--home", metavar="DIR", type=click.Path(path_type=Path), help="What it keeps.")
@click.option("--url", help="The installation, such as https://nguon.example.vn.")
@click.option("--token", help="Of an auditor, an inspection commission or a province.")
@click.option(
    "--organization", "organizations", metavar="CODE", multiple=True, help="All of the token's."
)
@click.option("--key", metavar="VKEY", help="The log's verifier key; else the first one is kept.")
@click.option("--once", is_flag=True, help="Look once; the exit code is 1 if something is refused.")
@click.option("--every", default=60.0, show_default=True, metavar="SECONDS")
@click.pass_context
def witness(  # noqa: PLR0913 - the options
    context: click.Context,
    *,
    home: Path | None,
    url: str | None,
    token: str | None,
    organizations: tuple[str, ...],
    key: str | None,
    once: bool,
    every: float,
) -> None:
    """Watch the logs of an installation from elsewhere, and cosign what they have grown to."""
    if context.invoked_subcommand is not None:
        return
    from app.witness.client import Client
    from app.witness.home import Home
    from app.witness.watch import watch
    from eventstore.note import InvalidKey, Verifier

    if home is None or url is None or token is None:
        raise click.UsageError("--home, --url and --token are needed.")
    if not url.startswith(("http://", "https://")):
        raise click.UsageError("--url must begin with https:// or http://.")
    try:
        trusted = Verifier.parse(key) if key is not None else None
    except InvalidKey as reason:
        raise click.UsageError(f"--key: {reason}.") from None
    with Home.opened(home) as opened:
        click.echo(f"witness {opened.cosigner.verifier_key()}")
        every_s = None if once else every
        sys.exit(watch(opened, Client(url, token), organizations, trusted, every_s))


@witness.command("key")
@click.option("--home", required=True, metavar="DIR", type=click.Path(path_type=Path))
def show_key(*, home: Path) -> None:
    """Print the verifier key of the witness, to be handed to whoever relies on it."""
    from app.witness.watch import witness_key

    click.echo(witness_key(home))
