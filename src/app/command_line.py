"""The command `nguon`.

Each verb reads the environment once and hands over; what it does stands elsewhere.
"""

# ruff: noqa: PLC0415 - `nguon token` must not load a server: each verb imports its own.

import sys
from collections.abc import Coroutine
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import IO, TypeVar

import click

from app.failure import is_mendable
from app.projection_commands import projection
from app.proof_commands import epoch, verify, witness
from app.replay_command import replay
from app.settings import InvalidSettings, read_settings
from commands.ports import Actor
from domain.access import Role
from domain.organization import OrganizationKind

T = TypeVar("T")


def main() -> None:
    """Run the command; what the operator can mend is one sentence on stderr and exit code 1."""
    try:
        cli()
    except Exception as error:
        if not is_mendable(error):
            raise
        click.echo(f"nguon: {error}", err=True)
        sys.exit(1)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="nguon")
def cli() -> None:
    """Nguồn: preparing and admitting members. State lives in ./var or NGUON_HOME."""


@cli.command()
@click.option("--port", type=click.IntRange(1, 65_535), help="Instead of PORT (8000).")
@click.option("--no-worker", is_flag=True, help="Leave the projections to `nguon worker`.")
def serve(*, port: int | None, no_worker: bool) -> None:
    """Serve the API, with the projection worker in the same process."""
    from app.web import serve as serve_

    settings = read_settings()
    if port is not None:
        settings = replace(settings, port=port)
    _run(serve_(settings, worker=not no_worker))


@cli.command()
def worker() -> None:
    """Run the projection worker alone."""
    from app.worker import work

    _run(work(read_settings()))


@cli.command()
def migrate() -> None:
    """Bring the database to this program's schema."""
    from app.operator import migrate_database

    for name in _run(migrate_database(read_settings())):
        click.echo(name)


@cli.command()
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="The last day it lives through.")
@click.option("--people", type=int, help="How many people.")
@click.option("--seed", type=int, help="Another seed, another demo.")
def demo(*, until: datetime | None, people: int | None, seed: int | None) -> None:
    """Load the demo province; does nothing when it is there already."""
    from app.demonstration import Given, load_demo

    given = Given()
    if until is not None:
        given["until"] = until.date()
    if people is not None:
        given["people"] = people
    if seed is not None:
        given["seed"] = seed
    _run(load_demo(read_settings(), given))


@cli.group()
def tenant() -> None:
    """Tenants: province offices and the organizations directly under them."""


@tenant.command("add")
@click.argument("code")
@click.option("--name", required=True)
@click.option("--kind", required=True, type=click.Choice([k.value for k in OrganizationKind]))
@click.option(
    "--on", type=click.DateTime(["%Y-%m-%d"]), help="When it was established; today by default."
)
@click.option(
    "--succeeds",
    multiple=True,
    metavar="CODE",
    help="The tenant, or for a province the province, whose place it takes; may be repeated.",
)
def add_tenant(
    *, code: str, name: str, kind: str, on: datetime | None, succeeds: tuple[str, ...]
) -> None:
    """Add the tenant CODE, such as lam-dong or lam-dong/bao-lam, and establish its organization."""
    from app.operator import add_tenant as add

    day = on.date() if on else None
    click.echo(_run(add(read_settings(), code, name, OrganizationKind(kind), day, succeeds)))


@tenant.command("list")
def list_tenants() -> None:
    """One tenant a line: number, code and position."""
    from app.operator import tenants

    for line in _run(tenants(read_settings())):
        click.echo(line)


@cli.group()
def identity() -> None:
    """The identity numbers that a province keeps, so that one person is one case."""


@identity.command("backfill")
@click.argument("code")
def backfill_identities(*, code: str) -> None:
    """Reserve the numbers of the cases that the province CODE had before they were reserved.

    Prints what came of how many; the province's board sees whom two tenants keep. A second run,
    also after one that was interrupted, does what is left.
    """
    from app.identity_backfill import backfill_identities as backfill

    for line in _run(backfill(read_settings(), code)):
        click.echo(line)


@cli.group()
def keys() -> None:
    """The keys of the tenants, which stand outside the database (NGUON_KEYS)."""


@keys.command("list")
def list_keys() -> None:
    """One version of a tenant's key a line: code, version and state."""
    from app.key_store import list_keys as list_

    for line in _run(list_(read_settings())):
        click.echo(line)


@keys.command("renew")
@click.option("--tenant", "code", metavar="CODE", help="One tenant; all by default.")
def renew_keys(*, code: str | None) -> None:
    """Wrap everybody's key with a new tenant key and destroy the old one."""
    from app.key_store import renew_keys as renew

    _run(renew(read_settings(), code))


@keys.command("export")
@click.option("--output", type=click.File("w", encoding="utf-8"), default="-")
def export_keys(*, output: IO[str]) -> None:
    """Write the wrapped keys of all people, for a restore; after each erasure anew."""
    from app.key_store import export_keys as export_

    _run(export_(read_settings(), output))


@keys.command("import")
@click.argument("source", type=click.File("r", encoding="utf-8"))
def import_keys(*, source: IO[str]) -> None:
    """After a restore of the database: use the exported keys, not the backup's older ones."""
    from app.key_store import import_keys as import_

    for code in _run(import_(read_settings(), source)):
        click.echo(code)


@cli.command()
@click.option("--organization", required=True, metavar="CODE")
@click.option("--output", type=click.File("w", encoding="utf-8"), default="-")
@click.option("--proof", is_flag=True, help="A tenant's whole log, for deploy/verify_log.py.")
def export(*, organization: str, output: IO[str], proof: bool) -> None:
    """Write the events of an organization and all below it as JSON lines.

    Without personal fields; with --proof they stand there as they are stored, sealed.
    """
    from app.export import export_events
    from app.export_proof import export_proof

    run = export_proof if proof else export_events
    _run(run(read_settings(), organization, output))


@cli.command()
@click.option("--projection", help="One projection; all by default.")
@click.option("--tenant", metavar="CODE", help="One tenant; all by default.")
@click.option("--sign-off", metavar="REASON", help="Let rows take over that differ, and say why.")
@click.option("--cancel", is_flag=True, help="Drop what an interrupted one folded.")
def rebuild(
    *, projection: str | None, tenant: str | None, sign_off: str | None, cancel: bool
) -> None:
    """Fold projections anew beside the rows that serve; take over where both are equal.

    An interrupted rebuild is gone on with by the next one.
    """
    from app import rebuild as rebuilding

    choice = rebuilding.Choice(projection, tenant)

    async def print_all() -> None:
        async for line in rebuilding.rebuild(read_settings(), choice, sign_off=sign_off):
            click.echo(line)

    _run(rebuilding.cancel(read_settings(), choice) if cancel else print_all())


@cli.command("database-url")
@click.option("--role", required=True, type=click.Choice(["app", "owner"]))
def database_url(*, role: str) -> None:
    """Print a DSN.

    The embedded PostgreSQL must be running: it stops with the last nguon process.
    """
    from app.operator import running_dsns

    dsns = _run(running_dsns(read_settings()))
    click.echo(dsns.app_dsn if role == "app" else dsns.owner_dsn)


@cli.command()
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--organization", required=True, metavar="CODE")
@click.option("--actor", default="developer", show_default=True, metavar="ID")
@click.option("--ttl", default=8 * 3_600, show_default=True, metavar="SECONDS")
def token(*, role: str, organization: str, actor: str, ttl: int) -> None:
    """Print a bearer token signed with the local development key.

    A negative ttl gives an expired one.
    """
    from api.authentication import claims
    from app.development_key import development_key, sign

    settings = read_settings()
    if settings.token_public_key is not None:
        raise InvalidSettings(
            "Tokens are issued elsewhere: NGUON_TOKEN_PUBLIC_KEY replaces the development key."
        )
    said = claims(Actor(actor, Role(role), organization), timedelta(seconds=ttl), datetime.now(UTC))
    click.echo(sign(development_key(settings.home), said))


def _run(work: Coroutine[object, object, T]) -> T:
    import uvloop

    return uvloop.run(work)


cli.add_command(replay)
cli.add_command(projection)
cli.add_command(verify)
cli.add_command(epoch)
cli.add_command(witness)
