"""One person, one case: held by a reservation that two writers cannot both get."""

import asyncio
from dataclasses import replace
from datetime import date
from uuid import uuid4

import asyncpg
import pytest
from tests.databases import Log, command
from tests.domain.steps import CELL, PERSON, on

from domain.candidate import Candidate, Person
from domain.errors import Conflict
from eventstore.key_renewal import KeyRenewal
from eventstore.tenant_keys import KeyRing, TenantKeys

NUMBERED = replace(PERSON, identity_number="068300001234")
DAY = date(2023, 3, 1)


async def identify(log: Log, person: Person = NUMBERED, *, tenant: int | None = None) -> Candidate:
    case = Candidate.identify(uuid4(), on(DAY), CELL, person)
    await log.records.save(tenant or log.tenant, command(), case, subject=case.id)
    return case


async def held(log: Log) -> int:
    connection = await asyncpg.connect(log.urls.owner)
    try:
        await connection.execute(f"SET nguon.tenant = '{log.tenant}'")
        count: int = await connection.fetchval("SELECT count(*) FROM reservation")
    finally:
        await connection.close()
    return count


async def test_of_eight_writers_at_once_one_gets_the_person(log: Log) -> None:
    written = await asyncio.gather(*(identify(log) for _ in range(8)), return_exceptions=True)
    refused = [each for each in written if isinstance(each, Conflict)]
    assert [each.code for each in refused] == ["PERSON_ALREADY_RECORDED"] * 7
    assert await log.store.heads([log.tenant]) == {log.tenant: 1}


async def test_a_number_is_the_same_however_it_is_written(log: Log) -> None:
    await identify(log)
    with pytest.raises(Conflict, match="identity number"):
        await identify(log, replace(PERSON, identity_number="068 300-001 234"))


async def test_other_tenants_and_people_without_a_number_are_not_held_up(log: Log) -> None:
    await identify(log)
    await identify(log, tenant=log.other)
    await identify(log, PERSON)
    await identify(log, PERSON)
    assert await held(log) == 1


async def test_a_corrected_number_gives_the_wrong_one_free(log: Log) -> None:
    first = await identify(log)
    case = await log.records.load(log.tenant, Candidate, first.id)
    case.void(1, position=1, reason="Ghi nhầm", on=DAY, replaced=True)
    case.restate(on(DAY), replace(NUMBERED, identity_number="068300009999"))
    await log.records.save(log.tenant, command(), case, subject=case.id)
    await identify(log)
    with pytest.raises(Conflict):
        await identify(log, replace(NUMBERED, identity_number="068300009999"))


async def test_a_voided_identification_gives_the_number_free(log: Log) -> None:
    first = await identify(log)
    case = await log.records.load(log.tenant, Candidate, first.id)
    case.void(1, position=1, reason="Ghi nhầm", on=DAY)
    await log.records.save(log.tenant, command(), case, subject=case.id)
    assert await held(log) == 0
    await identify(log)


async def test_a_new_tenant_key_keeps_every_reservation(log: Log, keys: TenantKeys) -> None:
    await identify(log)
    await KeyRenewal(log.store, keys, KeyRing(keys)).renew(log.tenant)
    with pytest.raises(Conflict):
        await identify(log)
    await identify(log, replace(NUMBERED, identity_number="068300009999"))
