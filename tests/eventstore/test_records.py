"""Records in several processes: who was first, renewed, lost and foreign keys, warm records."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from tests.commands.memory import Memory
from tests.databases import Log, command, establish, now
from tests.domain.steps import CELL, PERSON, on

from commands.perform import perform
from commands.ports import Actor, Command, Recorded
from db.database import Database
from domain import sympathizer
from domain.access import Role
from domain.candidate import Candidate, Identified
from domain.errors import Conflict, Refusal, VersionConflict
from domain.sympathizer import assign_helper, list_sympathizer
from eventstore.codec import Codec
from eventstore.key_directory import KeyDirectory
from eventstore.key_renewal import KeyRenewal
from eventstore.records import Records
from eventstore.registry import Registry
from eventstore.store import EventStore, KeySample
from eventstore.tenant_keys import KeyRing, KeysUnavailable, TenantKeys

DAY = date(2023, 3, 1)
OTHER_ACTOR = Actor("office-2", Role.OFFICE, "lam-dong/bao-lam")


@pytest.fixture
def process(log: Log, registry: Registry, keys: TenantKeys) -> Callable[..., Records]:
    """Another process on the same log, with the same keys unless told otherwise."""

    def start(other_keys: TenantKeys | None = None) -> Records:
        return Records(log.store, Codec(registry), other_keys or keys)

    return start


async def identify(records: Records, tenant: int, sent: Command | None = None) -> Recorded:
    """Record the first event of a new person."""
    case = Candidate.identify(uuid4(), on(DAY), CELL, PERSON)
    return await records.save(tenant, sent or command(), case, subject=case.id)


async def step(records: Records, tenant: int, sent: Command, case: UUID, name: str) -> Recorded:
    """One more step of a case, as a command takes it."""
    record = await records.load(tenant, Candidate, case)
    getattr(sympathizer, name)(
        record, on(DAY), **({"reason": "Nhầm"} if name == "remove_sympathizer" else {})
    )
    return await records.save(tenant, sent, record, subject=case)


async def performed(records: Records, tenant: int, case: UUID, name: str) -> Recorded:
    """The same through `perform`, which needs nothing else of a desk."""
    sent = command()
    desk = replace(Memory().desk, log=records)
    return await perform(desk, tenant, sent, partial(step, records, tenant, sent, case, name))


async def name_in(log: Log, records: Records, case: UUID) -> str | None:
    """What a process reads of a person."""
    opened = await records.open(await log.store.read_streams(log.tenant, [case]))
    first: Any = opened[case][0]
    assert isinstance(first, Identified)
    name: str | None = first.full_name
    return name


async def renew(log: Log, keys: TenantKeys) -> None:
    """Another process gives the tenant its next key and destroys the old one."""
    await KeyRenewal(log.store, keys, KeyRing(keys)).renew(log.tenant)


# Several processes


async def test_what_one_process_saves_another_reads_opens_and_goes_on_with(
    log: Log, registry: Registry, keys: TenantKeys
) -> None:
    case = (await identify(log.records, log.tenant)).subject
    async with (
        await Database.connect(log.urls.app) as database,
        EventStore(database, now) as store,
    ):
        elsewhere = Records(store, Codec(registry), keys)
        assert await name_in(log, elsewhere, case) == PERSON.full_name
        await step(elsewhere, log.tenant, command(), case, "list_sympathizer")
    with pytest.raises(VersionConflict):
        # This process has the record as it left it itself.
        await step(log.records, log.tenant, command(), case, "list_sympathizer")
    record = await log.records.load(log.tenant, Candidate, case)
    assert [type(entry).__name__ for entry in record.entries] == ["Identified", "SympathizerListed"]


async def test_a_warm_record_never_makes_a_wrong_refusal(
    log: Log, process: Callable[..., Records]
) -> None:
    """Here it is on the list still; another process has taken it off, so it can be put on again."""
    case = (await identify(log.records, log.tenant)).subject
    await performed(log.records, log.tenant, case, "list_sympathizer")
    await performed(process(), log.tenant, case, "remove_sympathizer")
    recorded = await performed(log.records, log.tenant, case, "list_sympathizer")
    assert (recorded.first_position, recorded.repeated) == (4, False)


async def test_a_warm_record_never_makes_a_wrong_success(
    log: Log, process: Callable[..., Records]
) -> None:
    """Here it is not on the list yet, but another process has put it there."""
    case = (await identify(log.records, log.tenant)).subject
    await performed(process(), log.tenant, case, "list_sympathizer")
    with pytest.raises(Refusal):
        await performed(log.records, log.tenant, case, "list_sympathizer")
    assert await log.store.heads([log.tenant]) == {log.tenant: 2}


async def test_a_warm_record_of_a_tenant_is_not_found_in_another(log: Log) -> None:
    case = (await identify(log.records, log.tenant)).subject
    with pytest.raises(Refusal):
        await log.records.load(log.other, Candidate, case)
    assert (await log.records.load(log.tenant, Candidate, case)).id == case


async def test_two_commands_on_one_record_do_not_share_the_warm_one(log: Log) -> None:
    case = (await identify(log.records, log.tenant)).subject
    first = await log.records.load(log.tenant, Candidate, case)
    second = await log.records.load(log.tenant, Candidate, case)
    assert first is not second
    list_sympathizer(first, on(DAY))
    assert second.version == 1


async def test_actors_that_chose_the_same_command_id_have_events_of_their_own(log: Log) -> None:
    """The place of sealed fields is their event's id."""
    sent = command()
    cases = [
        (await identify(log.records, log.tenant, replace(sent, actor=actor))).subject
        for actor in (sent.actor, OTHER_ACTOR)
    ]
    stored = await log.store.read_after(log.tenant, 0, 10)
    assert len({event.event_id for event in stored}) == 2
    for case in cases:
        assert await name_in(log, log.records, case) == PERSON.full_name


# Renewed keys


async def test_after_a_renewal_every_process_goes_on_with_the_next_key(
    log: Log, keys: TenantKeys, process: Callable[..., Records]
) -> None:
    elsewhere = process()
    old = (await identify(log.records, log.tenant)).subject
    assert await name_in(log, elsewhere, old) == PERSON.full_name
    for version in (2, 3):
        await renew(log, keys)
        assert [each for each, key in (await keys.versions(log.tenant)).items() if key] == [version]
        for records in (log.records, elsewhere, process()):
            new = (await identify(records, log.tenant)).subject
            await performed(records, log.tenant, new, "list_sympathizer")
            for reader in (log.records, elsewhere, process()):
                assert await name_in(log, reader, new) == PERSON.full_name
                assert await name_in(log, reader, old) == PERSON.full_name
        async with log.store.key_table(log.tenant) as table:
            assert {key.key_version for key in table.held.keys} == {version}
            assert len(table.held.keys) == 3 * version - 2
    await establish(log.records, log.other)
    assert await keys.versions(log.other) == {1: (await keys.versions(log.other))[1]}


async def test_a_record_that_was_loaded_before_a_renewal_is_saved_after_it(
    log: Log, keys: TenantKeys, process: Callable[..., Records]
) -> None:
    """With the person's own key, which is still the same."""
    case = (await identify(log.records, log.tenant)).subject
    record = await log.records.load(log.tenant, Candidate, case)
    assign_helper(record, on(DAY), helper_name="Trần Mẫu", helper_official_since=date(2010, 1, 1))
    await renew(log, keys)
    await log.records.save(log.tenant, command(), record, subject=case)
    streams = await log.store.read_streams(log.tenant, [case])
    [_, helped] = (await process().open(streams))[case]
    assert helped.helper_name == "Trần Mẫu"  # type: ignore[attr-defined]


async def test_a_renewal_between_two_looks_is_no_database_from_before_it(
    log: Log, keys: TenantKeys, process: Callable[..., Records], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that has just learned which key is current finds it destroyed."""
    await identify(log.records, log.tenant)
    look = log.store.key_sample

    async def renewed_after_the_look(tenant: int) -> KeySample:
        sample = await look(tenant)
        monkeypatch.undo()
        await renew(log, keys)
        return sample

    monkeypatch.setattr(log.store, "key_sample", renewed_after_the_look)
    assert not (await identify(process(), log.tenant)).repeated


async def test_a_repetition_is_recognized_after_a_renewal(
    log: Log, keys: TenantKeys, process: Callable[..., Records]
) -> None:
    """Its input cannot be compared any more, with the key it was hashed under destroyed."""
    sent = command()
    first = await identify(log.records, log.tenant, sent)
    with pytest.raises(Conflict, match="COMMAND_ID_REUSED"):
        await log.records.recorded(log.tenant, replace(sent, input_hash=b"other"))
    await renew(log, keys)
    again = replace(first, repeated=True)
    for asked in (sent, replace(sent, input_hash=b"other")):
        assert await process().recorded(log.tenant, asked) == again
        assert await identify(process(), log.tenant, asked) == again
    assert await log.store.heads([log.tenant]) == {log.tenant: 1}


# Erased


async def erase(records: Records, tenant: int, case: UUID) -> None:
    record = await records.load(tenant, Candidate, case)
    list_sympathizer(record, on(DAY))
    await records.erase(tenant, command(), record)


async def test_an_erased_person_is_gone_in_every_process_and_nobody_else_is(
    log: Log, process: Callable[..., Records]
) -> None:
    """In those too that had read, kept or written the record a moment ago."""
    elsewhere, writer = process(), process()
    gone = (await identify(writer, log.tenant)).subject
    stays = (await identify(log.records, log.tenant)).subject
    for records in (log.records, elsewhere):
        assert await name_in(log, records, gone) == PERSON.full_name
    await erase(log.records, log.tenant, gone)
    for records in (log.records, elsewhere, writer, process()):
        assert await name_in(log, records, gone) is None
        assert await name_in(log, records, stays) == PERSON.full_name
        with pytest.raises(Conflict, match="PERSONAL_DATA_ERASED"):
            await performed(records, log.tenant, gone, "remove_sympathizer")
        await identify(records, log.tenant)


async def test_who_loaded_a_person_before_the_erasure_cannot_save_after_it(
    log: Log, process: Callable[..., Records]
) -> None:
    case = (await identify(log.records, log.tenant)).subject
    record = await process().load(log.tenant, Candidate, case)
    await erase(log.records, log.tenant, case)
    list_sympathizer(record, on(DAY))
    with pytest.raises(VersionConflict):
        await process().save(log.tenant, command(), record, subject=case)


async def test_an_erasure_that_loses_a_race_erases_nobody(
    log: Log, process: Callable[..., Records]
) -> None:
    case = (await identify(log.records, log.tenant)).subject
    record = await log.records.load(log.tenant, Candidate, case)
    list_sympathizer(record, on(DAY))
    await performed(process(), log.tenant, case, "list_sympathizer")
    with pytest.raises(VersionConflict):
        await log.records.erase(log.tenant, command(), record)
    for records in (log.records, process()):
        assert await name_in(log, records, case) == PERSON.full_name
        await identify(records, log.tenant)


# Keys that are not there


async def assert_unavailable(log: Log, records: Records, case: UUID) -> None:
    """Neither read nor written, and not taken for erased."""
    head = (await log.store.heads([log.tenant]))[log.tenant]
    with pytest.raises(KeysUnavailable):
        await records.load(log.tenant, Candidate, case)
    with pytest.raises(KeysUnavailable):
        await name_in(log, records, case)
    with pytest.raises(KeysUnavailable):
        await identify(records, log.tenant)
    assert await log.store.heads([log.tenant]) == {log.tenant: head}


async def test_a_lost_place_of_keys_is_not_an_erasure(
    log: Log, process: Callable[..., Records], tmp_path: Path
) -> None:
    """And no key is made in it that the log does not know."""
    case = (await identify(log.records, log.tenant)).subject
    empty = KeyDirectory(tmp_path / "lost")
    await assert_unavailable(log, process(empty), case)
    assert await empty.versions(log.tenant) == {}
    assert await name_in(log, process(), case) == PERSON.full_name


async def test_another_installations_keys_are_no_keys(
    log: Log, process: Callable[..., Records], tmp_path: Path
) -> None:
    case = (await identify(log.records, log.tenant)).subject
    foreign = KeyDirectory(tmp_path / "foreign")
    await foreign.add(log.tenant, 1)
    await assert_unavailable(log, process(foreign), case)


async def test_keys_from_before_a_renewal_are_no_keys(
    log: Log, keys: TenantKeys, process: Callable[..., Records], tmp_path: Path
) -> None:
    """A place that was restored from a backup lacks the key that the log names."""
    case = (await identify(log.records, log.tenant)).subject
    older = KeyDirectory(tmp_path / "keys from before")
    source, target = tmp_path / "keys", tmp_path / "keys from before"
    target.mkdir(mode=0o700)
    (target / str(log.tenant)).mkdir(mode=0o700)
    name = f"{log.tenant}/1.key"
    (target / name).write_bytes((source / name).read_bytes())
    (target / name).chmod(0o600)
    await renew(log, keys)
    await assert_unavailable(log, process(older), case)
    assert await name_in(log, process(), case) == PERSON.full_name


async def test_a_database_from_before_an_erasure_reads_as_erased_and_takes_nothing(
    log: Log, keys: TenantKeys, process: Callable[..., Records]
) -> None:
    """It names a key that is destroyed: with the current keys nobody comes back."""
    case = (await identify(log.records, log.tenant)).subject
    await keys.add(log.tenant, 2)
    await keys.destroy(log.tenant, 1)
    records = process()
    assert await name_in(log, records, case) is None
    with pytest.raises(Conflict, match="PERSONAL_DATA_ERASED"):
        await records.load(log.tenant, Candidate, case)
    with pytest.raises(KeysUnavailable, match="older than its last erasure"):
        await identify(records, log.tenant)


async def test_a_renewal_after_the_read_is_no_erasure(
    log: Log, process: Callable[..., Records], keys: TenantKeys
) -> None:
    """The wrapped key that was read is of no use any more; the one that is there now is."""
    case = (await identify(log.records, log.tenant)).subject
    read = await log.store.read_streams(log.tenant, [case])
    await KeyRenewal(log.store, keys, KeyRing(keys)).renew(log.tenant)
    [[first]] = (await process().open(read)).values()
    assert isinstance(first, Identified)
    assert first.full_name == PERSON.full_name


async def test_an_event_without_personal_fields_is_read_without_any_key(
    log: Log, process: Callable[..., Records], tmp_path: Path
) -> None:
    recorded = await establish(log.records, log.tenant)
    keyless = process(KeyDirectory(tmp_path / "lost"))
    opened = await keyless.open(await log.store.read_streams(log.tenant, [recorded.subject]))
    assert len(opened[recorded.subject]) == 1
