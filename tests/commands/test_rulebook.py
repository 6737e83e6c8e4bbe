"""Which rules a tenant goes by: adopted by the operator, begun by the first stricter rule."""

from tests.commands.memory import DISTRICT, TODAY, Memory, command, furnished

from commands.rulebook import adopt_rule_book, tighten_rule
from domain.procedure import Effect, rule_book, rule_book_digest
from domain.rulebook import Rulebook, RulebookAdopted, RuleTightened, rulebook_id

TENANT = 2


async def adopt(memory: Memory) -> object:
    return await adopt_rule_book(memory.desk, command(on=TODAY), tenant_id=TENANT, code=DISTRICT)


async def test_a_book_is_adopted_once() -> None:
    """The second time there is nothing to record."""
    memory = await furnished()
    assert await adopt(memory) is not None
    sizes = memory.sizes()

    assert await adopt(memory) is None
    assert sizes == memory.sizes()
    assert isinstance(memory.log[TENANT][-1], RulebookAdopted)


async def test_another_book_is_adopted_beside_the_old_one() -> None:
    """A newer program's book enters the log of a tenant that goes by an older one."""
    memory = await furnished()
    older = Rulebook.begin(DISTRICT, rule_book(), "0" * 64, on=TODAY)
    await memory.save(TENANT, command(), older, subject=older.id)
    await adopt(memory)
    record = await memory.reload(TENANT, Rulebook, rulebook_id(DISTRICT))

    assert record.digest == rule_book_digest()
    assert len(record.entries) == 2


async def test_the_first_stricter_rule_begins_the_record() -> None:
    """A tenant that has adopted none goes by the book of this program, and says so."""
    memory = await furnished()
    head = len(memory.log[TENANT])
    await tighten_rule(
        memory.desk,
        command(on=TODAY),
        organization=DISTRICT,
        rule="T9",
        document="12-QĐ/HU",
        effect=Effect.REFUSE,
    )

    assert [type(e) for e in memory.log[TENANT][head:]] == [RulebookAdopted, RuleTightened]
    assert (await memory.of(TENANT)).on("T9", TODAY).effect is Effect.REFUSE
    assert (await memory.of(3)).on("T9", TODAY).effect is Effect.FINDING
