"""Folds projections anew beside what serves, and lets the new rows take over, tenant by tenant."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass

from app.failure import Mendable
from app.installation import Installation, open_installation
from app.operator import UnknownProjection
from app.projection_control import record_decision
from app.settings import Settings
from domain.projection import Projection
from eventstore.tenants import Tenant
from projections.batch import Unfoldable
from projections.rebuild import Difference, Rebuild


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

    One that was interrupted is gone on with. Raises UnknownProjection, UnknownTenant, FoldFailed,
    and in the end RowsDiffer, with what took over where the rows were equal.
    """
    async with open_installation(settings) as installation:
        refused = []
        for name, tenant in await _chosen(installation, choice):
            label = f"{name}\t{tenant.code}"
            work = _rebuild(installation, name)
            try:
                async with aclosing(work.fold(tenant.tenant_id)) as steps:
                    async for position, until in steps:
                        yield f"{label}\t{position}/{until}"
            except Unfoldable as failed:
                where = f"{name} of {tenant.code}, after event {failed.position}"
                raise FoldFailed(f"{where}: {failed}") from failed
            differences = await work.take_over(tenant.tenant_id)
            for each in differences:
                yield f"{label}\t{_told(each)}"
            if not differences:
                yield f"{label}\tequal, took over"
            elif sign_off is None:
                refused.append(f"{name} of {tenant.code}")
            else:
                await _record(installation, name, tenant, differences, sign_off)
                await work.take_over(tenant.tenant_id, signed_off=True)
                yield f"{label}\tsigned off, took over"
        if refused:
            raise RowsDiffer(
                f"{', '.join(refused)}: the rows differ, so the old ones serve on. "
                "See why, then sign that off with --sign-off REASON, or drop them with --cancel."
            )


async def cancel(settings: Settings, choice: Choice) -> None:
    """Drop what was folded beside. Raises UnknownProjection and UnknownTenant."""
    async with open_installation(settings) as installation:
        for name, tenant in await _chosen(installation, choice):
            await _rebuild(installation, name).cancel(tenant.tenant_id)


async def _chosen(installation: Installation, choice: Choice) -> list[tuple[str, Tenant]]:
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
    names = known if choice.projection is None else (choice.projection,)
    return [(name, tenant) for name in names for tenant in tenants]


def _rebuild(installation: Installation, name: str) -> Rebuild:
    runner = installation.runner
    return Rebuild(installation.database, runner, runner.projection(name))


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
