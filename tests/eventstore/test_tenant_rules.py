"""Which rules a process goes by: each tenant's own, read again after a second."""

from datetime import date, timedelta

import pytest
from tests.databases import Log, command

from domain.procedure import Effect, rule_book, rule_book_digest
from domain.rulebook import Document, Rulebook, rulebook_id
from eventstore import tenant_rules
from eventstore.tenant_rules import TenantRules

TODAY = date(2026, 3, 2)


async def refuse_late_decisions(log: Log, tenant: int) -> None:
    """The tenant's own rule, as another process records it."""
    code = next(t.code for t in await log.store.tenants() if t.tenant_id == tenant)
    record = Rulebook.begin(code, rule_book(), rule_book_digest(), on=TODAY)
    record.tighten(
        rule_book(),
        on=TODAY,
        today=TODAY,
        rule="T9",
        document=Document("12-QĐ/HU", TODAY),
        effect=Effect.REFUSE,
    )
    assert record.id == rulebook_id(code)
    await log.records.save(tenant, command(), record, subject=record.id)


async def effect(rules: TenantRules, tenant: int, day: date = TODAY) -> Effect:
    return (await rules.of(tenant)).on("T9", day).effect


async def test_a_tenant_without_rules_of_its_own_goes_by_those_that_ship(log: Log) -> None:
    rules = TenantRules(log.store, log.records)

    assert await rules.of(log.tenant) is rule_book()
    assert await rules.of(999_999) is rule_book()


async def test_another_processs_rule_is_seen_when_the_book_was_kept_long_enough(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And only by its own tenant, from its own day on."""
    rules = TenantRules(log.store, log.records)
    monkeypatch.setattr(tenant_rules, "KEPT_S", 3_600.0)
    assert await effect(rules, log.tenant) is Effect.FINDING
    await refuse_late_decisions(log, log.tenant)
    assert await effect(rules, log.tenant) is Effect.FINDING
    monkeypatch.setattr(tenant_rules, "KEPT_S", 0.0)

    assert await effect(rules, log.tenant) is Effect.REFUSE
    assert await effect(rules, log.tenant, TODAY - timedelta(days=1)) is Effect.FINDING
    assert await effect(rules, log.other) is Effect.FINDING


async def test_a_process_sees_its_own_rule_at_once(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it recorded itself is forgotten and read again."""
    monkeypatch.setattr(tenant_rules, "KEPT_S", 3_600.0)
    rules = TenantRules(log.store, log.records)
    await rules.of(log.tenant)
    await refuse_late_decisions(log, log.tenant)
    rules.forget(log.tenant)

    assert await effect(rules, log.tenant) is Effect.REFUSE
    assert await rules.of(log.tenant) is await rules.of(log.tenant)


async def test_a_book_that_did_not_change_is_not_made_again(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading it again finds as many events as before."""
    monkeypatch.setattr(tenant_rules, "KEPT_S", 0.0)
    await refuse_late_decisions(log, log.tenant)
    rules = TenantRules(log.store, log.records)

    assert await rules.of(log.tenant) is await rules.of(log.tenant)
