"""One person, one case in a province: two logs, whatever happens between them."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from tests.commands.cases_placement import FAR_CELL, PROVINCE, SOMEBODY, far_cell, identified
from tests.commands.memory import (
    CELL,
    DISTRICT,
    OTHER_DISTRICT,
    Memory,
    command,
    furnished,
    identity,
)

from commands.candidate import identify_candidate, list_sympathizer
from commands.correction import Replacement, correct_event
from commands.erasure import erase_personal_data, order_erasure
from commands.identity import read_matches
from commands.identity_backfill import Backfilled, reserve_existing
from commands.merging import merge_duplicates
from commands.perform import perform
from commands.ports import Command, Recorded
from domain.access import Role
from domain.candidate import Candidate, Person
from domain.case import Stage, stage
from domain.erasure import erase
from domain.errors import Conflict, NotPermitted, Refusal
from domain.identity import Identity, IdentityMatched, IdentityReason, IdentityReleased, Keeper
from domain.judgment import Day
from domain.merging import FactsAdopted, Merged
from domain.placement import as_cell
from domain.procedure import rule_book

HOME, AWAY = 2, 3
NUMBERED = replace(SOMEBODY, identity_number="068 300 001 234")
CLAIM = ("identity number", "068300001234")
OTHER = ("identity number", "068300009999")


async def made() -> Memory:
    """The usual organizations, and a cell of the other district."""
    memory = await furnished()
    await far_cell(memory)
    return memory


async def away(memory: Memory, person: Person = NUMBERED) -> UUID:
    """A case of the other district."""
    return await identified(memory, FAR_CELL, person, OTHER_DISTRICT)


async def keeper(memory: Memory, claim: tuple[str, str] = CLAIM) -> Keeper | None:
    """Who keeps a number by the province's log."""
    holder = await memory.holder(PROVINCE, *claim)
    return None if holder is None else (await memory.reload(PROVINCE, Identity, holder)).keeper


def of(memory: Memory, kind: type) -> list[object]:
    """The entries of a kind in the province's log."""
    return [entry for entry in memory.log[PROVINCE] if isinstance(entry, kind)]


async def test_a_person_is_kept_by_one_tenant() -> None:
    """The second one is told no more than that, and the province hears of it once a command."""
    memory = await made()
    first = await identified(memory, person=NUMBERED)
    again = command(scope=OTHER_DISTRICT, on=date(2024, 1, 8))

    async def run() -> Recorded:
        same = replace(NUMBERED, identity_number="068300001234")
        return await identify_candidate(memory.desk, again, organization=FAR_CELL, person=same)

    for _ in range(2):
        with pytest.raises(Conflict) as refusal:
            await perform(memory.desk, AWAY, again, run)
        assert (refusal.value.code, refusal.value.field) == (
            "PERSON_KEPT_ELSEWHERE",
            "identityNumber",
        )
        assert DISTRICT not in refusal.value.text.en + refusal.value.text.vi
    assert not [e for e in memory.log[AWAY] if e.TOPIC.startswith("candidate.")]
    assert await keeper(memory) == Keeper(DISTRICT, first)
    (match,) = of(memory, IdentityMatched)
    assert isinstance(match, IdentityMatched)
    assert (match.tenant, match.candidate_id, match.asking_tenant) == (
        DISTRICT,
        first,
        OTHER_DISTRICT,
    )


async def test_without_a_number_the_province_is_not_asked() -> None:
    """Nothing but the case is written."""
    memory = await made()
    head = len(memory.log[PROVINCE])
    await identified(memory)
    await away(memory, SOMEBODY)
    assert head == len(memory.log[PROVINCE])


async def test_of_two_tenants_at_once_one_gets_the_person() -> None:
    """Whoever is first in the province's log."""
    memory = await made()
    results = await asyncio.gather(
        identified(memory, person=NUMBERED), away(memory), return_exceptions=True
    )
    refused = [each for each in results if isinstance(each, Refusal)]
    assert [each.code for each in refused] == ["PERSON_KEPT_ELSEWHERE"]
    (kept,) = [each for each in results if isinstance(each, UUID)]
    held = await keeper(memory)
    assert held is not None
    assert held.candidate_id == kept


async def test_a_command_cut_off_between_the_logs_is_completed_when_it_is_sent_again() -> None:
    """The reservation waits for the same case; others are refused meanwhile."""
    memory = await made()
    given = command(on=date(2024, 1, 8), command_id=identity("cut off"))
    await _cut_off(memory, given)
    assert await keeper(memory) is not None
    with pytest.raises(Conflict, match="PERSON_KEPT_ELSEWHERE"):
        await away(memory)
    recorded = await identify_candidate(memory.desk, given, organization=CELL, person=NUMBERED)
    assert await keeper(memory) == Keeper(DISTRICT, recorded.subject)


async def test_an_abandoned_reservation_is_taken_over_after_a_while() -> None:
    """Then the first command is too late."""
    memory = await made()
    given = command(on=date(2024, 1, 8), command_id=identity("cut off"))
    await _cut_off(memory, given)
    memory.day += timedelta(days=1)
    with pytest.raises(Conflict, match="PERSON_KEPT_ELSEWHERE"):
        await away(memory)
    memory.day += timedelta(days=1)
    taken = await away(memory)
    assert await keeper(memory) == Keeper(OTHER_DISTRICT, taken)
    with pytest.raises(Conflict, match="PERSON_KEPT_ELSEWHERE"):
        await identify_candidate(memory.desk, given, organization=CELL, person=NUMBERED)


async def test_a_kept_person_is_never_taken_over() -> None:
    """However long ago it was reserved; inside the tenant the old refusal is given."""
    memory = await made()
    first = await identified(memory, person=NUMBERED)
    memory.day += timedelta(days=400)
    with pytest.raises(Conflict, match="PERSON_KEPT_ELSEWHERE"):
        await away(memory)
    with pytest.raises(Conflict, match="PERSON_ALREADY_RECORDED"):
        await identified(memory, person=NUMBERED)
    assert await keeper(memory) == Keeper(DISTRICT, first)
    assert len(of(memory, IdentityMatched)) == 1


async def test_a_refusal_of_the_case_gives_the_number_free() -> None:
    """What the tenant's own log refuses leaves nothing in the province's."""
    memory = await made()
    await identified(memory, person=NUMBERED)
    held = await memory.holder(PROVINCE, *CLAIM)
    assert held is not None
    lost = await memory.load(PROVINCE, Identity, held)
    lost.release(frozenset({CLAIM}), IdentityReason.GIVEN_UP, on=memory.day)
    await memory.save(PROVINCE, command(), lost, subject=held)
    with pytest.raises(Conflict, match="PERSON_ALREADY_RECORDED"):
        await identified(memory, person=NUMBERED)
    assert await keeper(memory) is None
    released = of(memory, IdentityReleased)[-1]
    assert isinstance(released, IdentityReleased)
    assert released.reason is IdentityReason.REFUSED


async def test_a_corrected_number_is_kept_and_the_wrong_one_free() -> None:
    """In the province's log, too; a number that somebody else has cannot be taken on."""
    memory = await made()
    first = await identified(memory, person=NUMBERED)
    position = next(i for i, e in enumerate(memory.log[HOME], 1) if e.originator_id == first)
    right = Replacement(None, {"identityNumber": OTHER[1]})
    await correct_event(
        memory.desk,
        command(on=date(2024, 1, 9)),
        tenant_id=HOME,
        position=position,
        reason="Ghi nhầm",
        replacement=right,
    )
    assert await keeper(memory) is None
    assert await keeper(memory, OTHER) == Keeper(DISTRICT, first)
    second = await away(memory)
    with pytest.raises(Conflict, match="PERSON_KEPT_ELSEWHERE"):
        await correct_event(
            memory.desk,
            command(on=date(2024, 1, 9)),
            tenant_id=HOME,
            position=len(memory.log[HOME]),
            reason="Ghi nhầm",
            replacement=Replacement(None, {"identityNumber": CLAIM[1]}),
        )
    assert await keeper(memory) == Keeper(OTHER_DISTRICT, second)


async def test_an_erasure_gives_the_number_free() -> None:
    """Another tenant may record the person; what became of a crash in between is nobody's."""
    for is_cut_off in (False, True):
        memory = await made()
        first = await identified(memory, person=NUMBERED)
        await order_erasure(
            memory.desk,
            command(on=date(2024, 1, 9)),
            tenant_id=HOME,
            subject=first,
            document_number="1-CV",
            issued_by="Ban",
        )
        if is_cut_off:
            case = await memory.load(HOME, Candidate, first)
            await memory.erase(HOME, command(on=memory.day), _erased(case, memory))
            memory.day += timedelta(days=2)
        else:
            await erase_personal_data(
                memory.desk, command(on=memory.day), tenant_id=HOME, subject=first
            )
            assert await keeper(memory) is None
        taken = await away(memory)
        assert await keeper(memory) == Keeper(OTHER_DISTRICT, taken)


async def test_only_the_province_reads_matches_and_that_is_recorded() -> None:
    """Before they are shown."""
    memory = await made()
    await identified(memory, person=NUMBERED)
    with pytest.raises(Conflict):
        await away(memory)
    (match,) = of(memory, IdentityMatched)
    assert isinstance(match, IdentityMatched)
    for role in set(Role) - {Role.PROVINCE}:
        with pytest.raises(NotPermitted):
            await read_matches(memory.desk, command(role), PROVINCE, [match.originator_id])
    reader = command(Role.PROVINCE, "lam-dong", on=memory.day)
    await read_matches(memory.desk, reader, PROVINCE, [match.originator_id])
    assert memory.log[PROVINCE][-1].TOPIC == "identity.match_read"


@pytest.mark.parametrize("is_cut_off", [False, True])
async def test_the_province_merges_the_cases_of_two_tenants(is_cut_off: bool) -> None:  # noqa: FBT001
    """The survivor's log first; a command cut off between both is completed by the same one."""
    memory = await made()
    survivor, duplicate = await identified(memory), await away(memory)
    await _listed(memory, duplicate)
    given = command(Role.PROVINCE, "lam-dong", on=date(2024, 2, 1), command_id=identity("merge"))

    async def merge() -> Recorded:
        return await merge_duplicates(
            memory.desk,
            given,
            tenant_id=AWAY,
            subject=duplicate,
            survivor=(HOME, survivor),
            adopt_facts=True,
        )

    if is_cut_off:
        memory.fails_in = AWAY
        with pytest.raises(ConnectionError):
            await merge()
        memory.fails_in = None
    await merge()
    kept = await memory.reload(HOME, Candidate, survivor)
    ended = await memory.reload(AWAY, Candidate, duplicate)
    assert [type(e) for e in kept.entries].count(FactsAdopted) == 1
    assert [type(e) for e in ended.entries].count(Merged) == 1
    assert stage(kept.facts(), given.occurred_on) is Stage.SYMPATHIZER
    assert await keeper(memory) is None


async def test_a_tenant_merges_only_what_it_keeps() -> None:
    """Cases of two tenants are the province's matter, and its own ones are not."""
    memory = await made()
    first, second, third = (
        await identified(memory),
        await identified(memory),
        await away(memory, SOMEBODY),
    )
    province = command(Role.PROVINCE, "lam-dong", on=date(2024, 2, 1))
    with pytest.raises(NotPermitted, match="OTHER_TENANT"):
        await merge_duplicates(
            memory.desk, province, tenant_id=HOME, subject=second, survivor=(HOME, first)
        )
    with pytest.raises(Refusal, match="CANDIDATE_NOT_FOUND"):
        await merge_duplicates(
            memory.desk,
            command(on=date(2024, 2, 1)),
            tenant_id=HOME,
            subject=second,
            survivor=(AWAY, third),
        )
    await _listed(memory, second, tenant=HOME, scope=DISTRICT)
    head = len(memory.log[HOME])
    await merge_duplicates(
        memory.desk,
        command(on=date(2024, 2, 1)),
        tenant_id=HOME,
        subject=second,
        survivor=(HOME, first),
        adopt_facts=True,
    )
    assert [type(e) for e in memory.log[HOME][head:]] == [Merged, FactsAdopted]


async def _cut_off(memory: Memory, given: Command) -> None:
    """The process dies after the reservation, before the case."""
    memory.fails_in = HOME
    with pytest.raises(ConnectionError):
        await identify_candidate(memory.desk, given, organization=CELL, person=NUMBERED)
    memory.fails_in = None


async def _listed(
    memory: Memory, case: UUID, *, tenant: int = AWAY, scope: str = OTHER_DISTRICT
) -> None:
    given = command(scope=scope, on=date(2024, 1, 20))
    await list_sympathizer(memory.desk, given, tenant_id=tenant, subject=case)


def _erased(case: Candidate, memory: Memory) -> Candidate:
    erase(case, Day(memory.day, rule_book()))
    return case


async def test_numbers_of_earlier_cases_are_reserved_once() -> None:
    """The first case keeps the person, the province hears of the second; again changes nothing."""
    memory = await made()
    numbers = (NUMBERED, NUMBERED, replace(SOMEBODY, identity_number="068300009999"), SOMEBODY)
    tenants = (HOME, AWAY, HOME, HOME)
    cases = [await _unreserved(memory, t, who) for t, who in zip(tenants, numbers, strict=True)]

    async def backfill() -> list[Backfilled]:
        order = command(Role.OPERATOR, "lam-dong", on=memory.day)
        return [
            await reserve_existing(memory.desk, order, tenant, case)
            for tenant, case in zip(tenants, cases, strict=True)
        ]

    assert await backfill() == [
        Backfilled.RESERVED,
        Backfilled.MATCHED,
        Backfilled.RESERVED,
        Backfilled.WITHOUT,
    ]
    head = len(memory.log[PROVINCE])
    assert (await backfill())[:3] == [Backfilled.KEPT, Backfilled.MATCHED, Backfilled.KEPT]
    assert head == len(memory.log[PROVINCE])
    assert await keeper(memory) == Keeper(DISTRICT, cases[0])
    (match,) = of(memory, IdentityMatched)
    assert isinstance(match, IdentityMatched)
    assert (match.asking_tenant, match.asked_as) == (OTHER_DISTRICT, cases[1])
    assert [e for e in memory.log[HOME] if e.originator_id == cases[0]][1:] == []


async def test_a_backfill_that_was_cut_off_is_taken_up() -> None:
    """What is reserved is found; who is erased has no number any more."""
    memory = await made()
    case = await _unreserved(memory, HOME, NUMBERED)
    order = command(Role.OPERATOR, "lam-dong", on=memory.day)
    memory.fails_in = PROVINCE
    with pytest.raises(ConnectionError):
        await reserve_existing(memory.desk, order, HOME, case)
    memory.fails_in = None
    assert await reserve_existing(memory.desk, order, HOME, case) is Backfilled.RESERVED
    unknown = identity("nobody")
    assert await reserve_existing(memory.desk, order, HOME, unknown) is Backfilled.WITHOUT


async def _unreserved(memory: Memory, tenant: int, person: Person) -> UUID:
    """A case as it was recorded before numbers were reserved."""
    cell = as_cell(await memory.organization(CELL if tenant == HOME else FAR_CELL))
    day = Day(date(2024, 1, 8), rule_book())
    case = Candidate.identify(uuid4(), day, cell, person)
    await memory.save(tenant, command(on=day.on), case, subject=case.id)
    return case.id
