"""The contract of a log: what goes with the events of a command."""

import asyncio
from dataclasses import replace
from uuid import uuid4

from tests.eventstore.appends import claim, new_append, new_event
from tests.eventstore.contract.place import Place

from eventstore.append import NewKey, Status


async def test_what_was_made_with_another_tenant_key_is_outdated(place: Place) -> None:
    """The verdict names the current one. It goes before any other, a repetition too."""
    asked = new_append()
    await place.store.append(place.tenant, asked)
    await place.set_key_version(place.tenant, 2)
    for outdated in (asked, new_append(), new_append(asked.events[0])):
        verdict = await place.store.append(place.tenant, outdated)
        assert (verdict.status, verdict.key_version) == (Status.OUTDATED, 2)
    assert (await place.append(key_version=3)).status is Status.OUTDATED
    assert (await place.append(key_version=2)).status is Status.RECORDED
    assert (await place.store.append(place.other, new_append())).key_version == 1


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
