"""The contract of a log: what goes with the events of a command."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from tests.eventstore.appends import claim, new_append, new_event
from tests.eventstore.contract.place import Place

from eventstore.append import NewKey, Status
from eventstore.key_table import KeyTable, Reservation, WrappedKey
from eventstore.store import KeySample


async def test_what_was_made_with_another_tenant_key_is_outdated(place: Place) -> None:
    """The verdict names the current one. It goes before any but those on a repetition."""
    asked = new_append()
    await place.store.append(place.tenant, asked)
    await place.set_key_version(2)
    for outdated in (new_append(), new_append(asked.events[0])):
        verdict = await place.store.append(place.tenant, outdated)
        assert (verdict.status, verdict.key_version) == (Status.OUTDATED, 2)
    assert (await place.append(key_version=3)).status is Status.OUTDATED
    assert (await place.append(key_version=2)).status is Status.RECORDED
    assert (await place.store.append(place.other, new_append())).key_version == 1


async def test_a_repetition_is_known_as_one_after_the_key_was_renewed(place: Place) -> None:
    """So what was recorded before an answer was lost is never said to be outdated."""
    asked = new_append()
    await place.store.append(place.tenant, asked)
    await place.set_key_version(2)
    verdict = await place.store.append(place.tenant, asked)
    assert (verdict.status, verdict.first_position) == (Status.REPEATED, 1)
    other = replace(asked, input_hash=b"\0\0\0\1other")
    assert (await place.store.append(place.tenant, other)).status is Status.REUSED


async def test_a_person_key_comes_with_the_sealed_events_of_a_stream(place: Place) -> None:
    stream, person = uuid4(), uuid4()
    sealed = new_event(stream, 1, person_id=person, sealed=b"sealed")
    await place.append(sealed, new_event(stream, 2), keys=(NewKey(person, b"wrapped"),))
    found = await place.store.read_stream(place.tenant, stream)
    assert [(event.key_version, event.wrapped) for event in found] == [
        (1, b"wrapped"),
        (None, None),
    ]
    assert await place.store.read_streams(place.tenant, [stream]) == {stream: found}
    [first, _] = await place.store.read_after(place.tenant, 0, 10)
    assert (first.sealed, first.key_version, first.wrapped) == (b"sealed", None, None)


async def test_a_person_who_has_a_key_gets_no_second_one(place: Place) -> None:
    person = uuid4()
    await place.append(keys=(NewKey(person, b"first"),))
    again = await place.append(keys=(NewKey(person, b"second"), NewKey(uuid4(), b"third")))
    assert again.status is Status.CONFLICT
    assert await place.head() == 1
    elsewhere = new_append(keys=(NewKey(person, b"second"),))
    assert (await place.store.append(place.other, elsewhere)).status is Status.RECORDED


async def test_all_wrapped_keys_and_reservations_are_seen_and_replaced_as_a_whole(
    place: Place,
) -> None:
    """Who is left out has no key any more; a claim that is left out is free."""
    stays, goes, holder = uuid4(), uuid4(), uuid4()
    await place.append(
        keys=(NewKey(stays, b"stays"), NewKey(goes, b"goes")),
        claims=(claim(b"old", holder), claim(b"left out", holder)),
    )
    async with place.store.key_table(place.tenant) as table:
        held = table.held
        await table.replace(
            KeyTable(
                2,
                [WrappedKey(stays, 2, b"stays again")],
                [Reservation("identity", b"new", holder, 2, b"again")],
            )
        )
    assert held.key_version == 1
    assert {(key.person_id, key.wrapped) for key in held.keys} == {
        (stays, b"stays"),
        (goes, b"goes"),
    }
    assert {(each.index, each.holder, each.sealed) for each in held.reservations} == {
        (b"old", holder, b"sealed"),
        (b"left out", holder, b"sealed"),
    }
    assert await place.store.key_version(place.tenant) == 2
    assert await place.store.key_sample(place.tenant) == KeySample(1, 2, stays, 2, b"stays again")
    taken = await place.append(key_version=2, claims=(claim(b"new", uuid4()),))
    assert (taken.status, taken.subject) == (Status.TAKEN, holder)
    free = (claim(b"old", uuid4()), claim(b"left out", uuid4()))
    new_key = (NewKey(goes, b"new"),)
    verdict = await place.append(key_version=2, claims=free, keys=new_key)
    assert verdict.status is Status.RECORDED


@pytest.mark.parametrize("end", ["commits", "discards", "raises"])
async def test_a_receipt_is_recorded_with_the_new_keys_or_neither_is(
    place: Place, end: str
) -> None:
    person, newcomer, stream = UUID(int=1), UUID(int=2), uuid4()
    await place.append(keys=(NewKey(person, b"old"),))
    with suppress(LookupError):
        async with place.store.key_table(place.tenant) as table:
            await table.replace(KeyTable(2, [WrappedKey(person, 2, b"new")], []))
            receipt = new_append(
                new_event(stream),
                key_version=2,
                keys=(NewKey(newcomer, b"newcomer"),),
                claims=(claim(b"1", newcomer),),
            )
            verdict = await table.append(receipt)
            assert (verdict.status, verdict.first_position) == (Status.RECORDED, 2)
            if end == "discards":
                table.discard()
            if end == "raises":
                raise LookupError
    old, new = KeySample(1, 1, person, 1, b"old"), KeySample(2, 2, person, 2, b"new")
    is_done = end == "commits"
    assert await place.store.key_sample(place.tenant) == (new if is_done else old)
    assert len(await place.store.read_stream(place.tenant, stream)) == is_done
    # Streams, keys and claims are as free or as taken.
    for events, extra in (
        ([new_event(stream)], {}),
        ([], {"keys": (NewKey(newcomer, b"again"),)}),
        ([], {"claims": (claim(b"1", uuid4()),)}),
    ):
        verdict = await place.append(*events, key_version=1 + is_done, **extra)
        assert (verdict.status is Status.RECORDED) != is_done


async def test_whoever_writes_while_the_keys_are_renewed_waits_and_is_outdated(
    place: Place,
) -> None:
    async with place.store.key_table(place.tenant) as table:
        waiting = asyncio.create_task(place.append())
        elsewhere = await place.store.append(place.other, new_append())
        assert elsewhere.status is Status.RECORDED
        for _ in range(10):
            await asyncio.sleep(0)
        assert not waiting.done()
        await table.replace(replace(table.held, key_version=2))
    assert (await waiting).status is Status.OUTDATED


async def test_a_log_without_keys_has_none_to_try(place: Place) -> None:
    await place.append()
    assert await place.store.key_sample(place.tenant) == KeySample(1, 1, None, None, None)
    assert await place.store.key_sample(999) == KeySample(0, 1, None, None, None)


async def test_what_is_claimed_is_taken_for_everybody_else(place: Place) -> None:
    holder, stranger = uuid4(), uuid4()
    assert (await place.append(claims=(claim(b"1", holder),))).status is Status.RECORDED
    refused = await place.append(claims=(claim(b"2", stranger), claim(b"1", stranger)))
    assert (refused.status, refused.subject) == (Status.TAKEN, holder)
    assert await place.head() == 1
    # Nothing of the refused command was claimed, and another kind and tenant have their own.
    assert (await place.append(claims=(claim(b"2", holder),))).status is Status.RECORDED
    other_kind = replace(claim(b"1", stranger), kind="case")
    assert (await place.append(claims=(other_kind,))).status is Status.RECORDED
    elsewhere = new_append(claims=(claim(b"1", stranger),))
    assert (await place.store.append(place.other, elsewhere)).status is Status.RECORDED


async def test_a_holder_may_claim_again_what_it_holds(place: Place) -> None:
    holder = uuid4()
    for _ in range(2):
        assert (await place.append(claims=(claim(b"1", holder),))).status is Status.RECORDED
    assert (await place.append(claims=(claim(b"1", uuid4()),))).status is Status.TAKEN


async def test_what_its_holder_gives_up_is_free(place: Place) -> None:
    holder, next_holder = uuid4(), uuid4()
    await place.append(claims=(claim(b"1", holder),))
    assert (await place.append(claims=(claim(b"1", holder, None),))).status is Status.RECORDED
    assert (await place.append(claims=(claim(b"1", next_holder),))).status is Status.RECORDED
    refused = await place.append(claims=(claim(b"1", holder),))
    assert (refused.status, refused.subject) == (Status.TAKEN, next_holder)


async def test_nobody_gives_up_what_another_holds(place: Place) -> None:
    holder, stranger = uuid4(), uuid4()
    await place.append(claims=(claim(b"1", holder),))
    refused = await place.append(claims=(claim(b"1", stranger, None),))
    assert (refused.status, refused.subject) == (Status.TAKEN, holder)
    assert (await place.append(claims=(claim(b"1", stranger),))).status is Status.TAKEN
    assert (await place.append(claims=(claim(b"2", stranger, None),))).status is Status.RECORDED


async def test_claims_are_made_and_given_up_with_the_events_or_not_at_all(place: Place) -> None:
    holder, stream = uuid4(), uuid4()
    await place.append(new_event(stream), claims=(claim(b"old", holder),))
    change = (claim(b"old", holder, None), claim(b"new", holder))
    assert (await place.append(new_event(stream), claims=change)).status is Status.CONFLICT
    assert (await place.append(claims=(claim(b"old", uuid4()),))).status is Status.TAKEN
    assert (await place.append(new_event(stream, 2), claims=change)).status is Status.RECORDED
    assert (await place.append(claims=(claim(b"new", uuid4()),))).status is Status.TAKEN
    assert (await place.append(claims=(claim(b"old", uuid4()),))).status is Status.RECORDED


async def test_of_those_who_claim_the_same_at_once_one_gets_it(place: Place) -> None:
    asked = [new_append(claims=(claim(b"1", uuid4()),)) for _ in range(10)]
    verdicts = await asyncio.gather(*(place.store.append(place.tenant, each) for each in asked))
    assert sorted(verdict.status for verdict in verdicts) == ["recorded"] + 9 * ["taken"]
    assert len({verdict.subject for verdict in verdicts if verdict.status is Status.TAKEN}) == 1
