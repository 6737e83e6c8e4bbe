"""The verb `nguon replay`."""

# ruff: noqa: PLC0415 - each verb imports its own, so that the others start without it.

from datetime import UTC, datetime

import click

from app.failure import Mendable
from app.settings import read_settings


class UnknownTime(Mendable):
    """A time that cannot be understood."""


@click.command()
@click.option("--tenant", required=True, metavar="CODE", help="A province stands for all of its.")
@click.option("--effective", type=click.DateTime(["%Y-%m-%d"]), help="As of a day; today.")
@click.option("--known", metavar="TIME", help="As known at a time (2023-10-30T17:00:00Z); now.")
@click.option("--tree", type=click.DateTime(["%Y-%m-%d"]), help="In the organizations of a day.")
@click.option("--organization", metavar="CODE", help="One and all below it, and its story.")
@click.option("--group", metavar="CODE", help="Only who is in a group, such as WOMEN.")
@click.option("--person", metavar="ID", help="The state and the whole story of one person.")
@click.option("--json", "as_json", is_flag=True, help="The figures as one JSON object.")
def replay(  # noqa: PLR0913 - one parameter an option
    *,
    tenant: str,
    effective: datetime | None,
    known: str | None,
    tree: datetime | None,
    organization: str | None,
    group: str | None,
    person: str | None,
    as_json: bool,
) -> None:
    """Count and tell from the logs alone, without the read models. Personal fields stay closed."""
    import uvloop

    from app.replay.command import Question
    from app.replay.command import replay as replay_
    from domain.groups import require_group

    if person is not None and as_json:
        raise click.UsageError("--json is about figures, not about a person.")
    question = Question(
        tenant=tenant,
        effective=effective.date() if effective else None,
        known=_time(known),
        tree=tree.date() if tree else None,
        organization=organization,
        group=require_group(group),
        person=person,
        as_json=as_json,
    )
    for line in uvloop.run(replay_(read_settings(), question)):
        click.echo(line)


def _time(value: str | None) -> datetime | None:
    """A time with its zone, UTC where it names none. Raises UnknownTime."""
    if value is None:
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        raise UnknownTime(f"--known: {value!r} is no time, such as 2023-10-30T17:00:00Z.") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
