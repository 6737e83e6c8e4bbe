"""Cases of the time before identity numbers were reserved are brought under the same rule."""

import asyncio
import uuid
from collections.abc import Iterator
from datetime import date

import pytest
from tests.acceptance.commune import Commune, served_province
from tests.acceptance.installation import Installation
from tests.acceptance.test_identity import BAO_LAM, DI_LINH, identified, matches, number

from app.installation import open_installation
from app.settings import read_settings
from commands.ports import Actor, Command
from domain.access import Role
from domain.candidate import Candidate, Person
from domain.groups import Sex
from domain.judgment import Day
from domain.placement import as_cell
from domain.procedure import rule_book


@pytest.fixture
def old(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A province of this test alone, which is stopped and started again."""
    with served_province(tmp_path_factory.mktemp("old") / "home") as installation:
        yield installation


async def recorded_before(installation: Installation, code: str, own: str) -> None:
    """A case with a number, written as it was before: to the tenant's log alone."""
    settings = read_settings({"NGUON_HOME": str(installation.home)})
    async with open_installation(settings) as opened:
        place = await opened.desk.directory.organization(code)
        person = Person(
            full_name="Cil Cũ Bịa",
            birth_date=date(1996, 6, 6),
            sex=Sex.FEMALE,
            identity_number=own,
        )
        day = Day(date(2022, 1, 10), rule_book())
        case = Candidate.identify(uuid.uuid4(), day, as_cell(place), person)
        order = Command(
            id=uuid.uuid4(), actor=Actor("before", Role.BOARD, code), occurred_on=day.on
        )
        await opened.desk.log.save(place.tenant_id, order, case, subject=case.id)


def test_numbers_recorded_before_are_reserved_and_matches_told(old: Installation) -> None:
    """Given two districts that recorded one person, and another one that one of them recorded.

    When the operator runs the backfill, twice, then the board sees the match once, and neither
    person can be recorded again elsewhere.
    """
    home, far = Commune.establish(old, BAO_LAM), Commune.establish(old, DI_LINH)
    both, one = number(), number()
    old.stop()
    for commune, own in ((home, both), (far, both), (home, one)):
        asyncio.run(recorded_before(old, f"{commune.code}/thon-1", own))
    first = old.run("identity", "backfill", "lam-dong").splitlines()
    again = old.run("identity", "backfill", "lam-dong").splitlines()
    old.serve()

    assert first == ["reserved\t2", "kept\t0", "matched\t1", "without\t0"]
    assert again == ["reserved\t0", "kept\t2", "matched\t1", "without\t0"]
    (match,) = matches(old)
    assert (match["tenant"], match["askingTenant"]) == (BAO_LAM, DI_LINH)
    refused = identified(far, identityNumber=one)
    assert refused["code"] == "PERSON_KEPT_ELSEWHERE"
