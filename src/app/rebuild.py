"""Folds projections anew beside what serves, and lets the new rows take over, tenant by tenant."""

from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field

from app.failure import Mendable
from app.installation import Installation, open_installation
from app.operator import UnknownProjection
from app.projection_control import record_decision
from app.settings import Settings
from domain.projection import Projection
from eventstore.tenants import Tenant
from projections.batch import Unfoldable
from projections.rebuild import Difference, Rebuild
from projections.refold import refold


class UnknownTenant(Mendable):
    """There is no tenant of that code."""


class FoldFailed(Mendable):
    """The new fold stops before an event; what serves stays."""


class RowsDiffer(Mendable):
    """What was folded anew is not equal to what serves, and nobody has signed that off."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What is to be folded anew: all projections, all tenants, unless one is named."""

    projection: str | None = None
    tenant: str | None = None


async def rebuild(
    settings: Settings, choice: Choice, *, sign_off: str | None = None
) -> AsyncIterator[str]:
    """Say how far each projection of each tenant has come, batch by batch, then what came of it.

    One that was interrupted is gone on with. Raises UnknownProjection, UnknownTenant, and in the
    end FoldFailed or RowsDiffer, with what took over where the rows were equal.
    """
    async with open_installation(settings) as installation:
        names, tenants = await _chosen(installation, choice)
        outcome = _Outcome()
        for tenant in tenants:
            projections = [installation.runner.projection(name) for name in names]
            left = list(names)
            where = installation.database, projections, tenant.tenant_id, installation.codec
            async with aclosing(refold(*where)) as steps:
                async for step in steps:
                    yield f"{step.projection}\t{tenant.code}\t{step.position}/{step.until}"
                    if step.failed is not None:
                        outcome.fail(step.projection, tenant, step.failed)
                        left.remove(step.projection)
            for name in left:
                async for line in _take_over(installation, (name, tenant), sign_off, outcome):
                    yield f"{name}\t{tenant.code}\t{line}"
        outcome.require_whole()


@dataclass(frozen=True, slots=True)
class _Outcome:
    """Which folds stopped, and whose rows may not serve."""

    failed: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def fail(self, name: str, tenant: Tenant, failure: Unfoldable) -> None:
        self.failed.append(f"{name} of {tenant.code}, after event {failure.position}: {failure}")

    def require_whole(self) -> None:
        """Raises FoldFailed, or RowsDiffer."""
        if self.failed:
            raise FoldFailed("; ".join(self.failed))
        if self.refused:
            raise RowsDiffer(
                f"{', '.join(self.refused)}: the rows differ, so the old ones serve on. "
                "See why, then sign that off with --sign-off REASON, or drop them with --cancel."
            )


async def _take_over(
    installation: Installation, whose: tuple[str, Tenant], sign_off: str | None, outcome: _Outcome
) -> AsyncIterator[str]:
    """Let the new rows serve where they may; what differs, and what came of it."""
    name, tenant = whose
    work = _rebuild(installation, name)
    try:
        differences = await work.take_over(tenant.tenant_id)
    except Unfoldable as failed:
        outcome.fail(name, tenant, failed)
        return
    for each in differences:
        yield _told(each)
    if not differences:
        yield "equal, took over"
    elif sign_off is None:
        outcome.refused.append(f"{name} of {tenant.code}")
    else:
        await _record(installation, name, tenant, differences, sign_off)
        await work.take_over(tenant.tenant_id, signed_off=True)
        yield "signed off, took over"


async def cancel(settings: Settings, choice: Choice) -> None:
    """Drop what was folded beside. Raises UnknownProjection and UnknownTenant."""
    async with open_installation(settings) as installation:
        names, tenants = await _chosen(installation, choice)
        for tenant in tenants:
            for name in names:
                await _rebuild(installation, name).cancel(tenant.tenant_id)


async def _chosen(installation: Installation, choice: Choice) -> tuple[Sequence[str], list[Tenant]]:
    known = installation.projections
    if choice.projection is not None and choice.projection not in known:
        raise UnknownProjection(
            f"There is no projection {choice.projection!r}: {', '.join(known)}."
        )
    tenants = [
        tenant
        for tenant in await installation.store.tenants()
        if choice.tenant in {None, tenant.code}
    ]
    if not tenants and choice.tenant is not None:
        raise UnknownTenant(f"There is no tenant {choice.tenant!r}.")
    return (known if choice.projection is None else (choice.projection,)), tenants


def _rebuild(installation: Installation, name: str) -> Rebuild:
    return Rebuild(installation.database, installation.runner.projection(name))


async def _record(
    installation: Installation,
    name: str,
    tenant: Tenant,
    differences: list[Difference],
    reason: str,
) -> None:
    version = installation.runner.projection(name).version
    rows = sum(each.serving for each in differences), sum(each.new for each in differences)
    head = (await installation.store.heads([tenant.tenant_id]))[tenant.tenant_id]
    code = tenant.code
    await record_decision(
        installation,
        (tenant, name),
        f"sign-off:{code}/{name}/{version}/{head}\0{reason}",
        lambda on: Projection.begin_sign_off(code, name, version, rows, on=on, reason=reason),
        lambda record, on: record.sign_off(version, rows, on=on, reason=reason),
    )


def _told(difference: Difference) -> str:
    return (
        f"{difference.table}: {difference.serving} rows only in what serves, "
        f"{difference.new} only in the new"
    )
