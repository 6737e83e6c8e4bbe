"""The contract of a log: commands happen once; bounds."""

import asyncio
from dataclasses import replace
from uuid import uuid4

import pytest
from tests.eventstore.appends import HASHED, new_append, new_event
from tests.eventstore.contract.place import Place

from eventstore.append import Status
from eventstore.group_commit import COMMAND_BYTES_MAX, CommandTooLarge
from eventstore.store import FirstResult


async def test_the_same_command_gives_its_first_result_and_no_event(place: Place) -> None:
    asked = new_append(new_event(), new_event())
    await place.append()
    first = await place.store.append(place.tenant, asked)
    again = replace(asked, events=(new_event(),), subject=uuid4())
    verdict = await place.store.append(place.tenant, again)
    assert (verdict.status, verdict.subject) == (Status.REPEATED, asked.subject)
    assert (verdict.first_position, verdict.last_position) == (2, 3)
    assert (first.first_position, first.last_position) == (2, 3)
    assert await place.head() == 3
    assert await place.store.find_command(place.tenant, "a", asked.command_id) == FirstResult(
        HASHED, asked.subject, 2, 3
    )


async def test_the_same_command_with_another_input_is_refused(place: Place) -> None:
    asked = new_append()
    await place.store.append(place.tenant, asked)
    verdict = await place.append(command_id=asked.command_id, input_hash=b"\0\0\0\1other")
    assert (verdict.status, verdict.subject) == (Status.REUSED, asked.subject)
    assert await place.head() == 1


async def test_a_command_that_was_hashed_under_another_key_counts_as_the_same(place: Place) -> None:
    """After a rotation the inputs cannot be compared any more."""
    asked = new_append()
    await place.store.append(place.tenant, asked)
    await place.set_key_version(2)
    verdict = await place.append(
        command_id=asked.command_id, input_hash=b"\0\0\0\2other", key_version=2
    )
    assert (verdict.status, verdict.subject) == (Status.REPEATED, asked.subject)


async def test_a_command_id_is_its_actors_and_its_tenants_own(place: Place) -> None:
    asked = new_append()
    for tenant in (place.tenant, place.other):
        for actor in ("a", "b"):
            own = replace(asked, actor=actor, events=(new_event(),))
            assert (await place.store.append(tenant, own)).status is Status.RECORDED
    assert await place.head() == 2
    assert await place.store.find_command(place.tenant, "c", asked.command_id) is None


async def test_a_refused_command_is_not_remembered(place: Place) -> None:
    """Its id can be used again, for the same and for something else."""
    stream = uuid4()
    await place.append(new_event(stream))
    refused = new_append(new_event(stream))
    assert (await place.store.append(place.tenant, refused)).status is Status.CONFLICT
    assert await place.store.find_command(place.tenant, "a", refused.command_id) is None
    mended = replace(refused, events=(new_event(stream, 2),), input_hash=b"\0\0\0\1other")
    assert (await place.store.append(place.tenant, mended)).status is Status.RECORDED


async def test_of_commands_that_are_sent_at_once_only_the_wrong_ones_fail(place: Place) -> None:
    known, used, stream = new_append(), new_append(), uuid4()
    for there in (known, used, new_append(new_event(stream))):
        await place.store.append(place.tenant, there)
    asked = [
        new_append(),
        new_append(new_event(stream)),
        known,
        replace(used, input_hash=b"\0\0\0\1other"),
        new_append(key_version=7),
        new_append(),
    ]
    verdicts = await asyncio.gather(*(place.store.append(place.tenant, each) for each in asked))
    assert [verdict.status for verdict in verdicts] == [
        Status.RECORDED,
        Status.CONFLICT,
        Status.REPEATED,
        Status.REUSED,
        Status.OUTDATED,
        Status.RECORDED,
    ]
    assert [verdicts[0].first_position, verdicts[-1].first_position] == [4, 5]


async def test_of_one_command_that_is_sent_many_times_at_once_one_is_recorded(place: Place) -> None:
    asked = new_append()
    verdicts = await asyncio.gather(*[place.store.append(place.tenant, asked) for _ in range(20)])
    assert sorted(verdict.status for verdict in verdicts) == ["recorded"] + 19 * ["repeated"]
    assert {verdict.first_position for verdict in verdicts} == {1}


async def test_a_command_that_is_too_large_is_refused_alone(place: Place) -> None:
    large = new_append(new_event(data=bytes(COMMAND_BYTES_MAX)))
    with pytest.raises(CommandTooLarge):
        await place.store.append(place.tenant, large)
    fits = new_append(new_event(data=bytes(COMMAND_BYTES_MAX - 1_000)))
    assert (await place.store.append(place.tenant, fits)).first_position == 1
    assert await place.store.find_command(place.tenant, "a", large.command_id) is None


async def test_a_closed_store_takes_nothing_and_finishes_what_it_took(place: Place) -> None:
    asked = [asyncio.create_task(place.append()) for _ in range(5)]
    await asyncio.sleep(0)
    await place.store.__aexit__(None, None, None)
    verdicts = await asyncio.gather(*asked)
    assert [verdict.status for verdict in verdicts] == 5 * [Status.RECORDED]
    with pytest.raises(RuntimeError, match="closed"):
        await place.append()
    assert await place.head() == 5
