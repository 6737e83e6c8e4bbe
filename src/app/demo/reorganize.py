"""Carries a reform of the demo out, as a province does it."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import date

from app.demo.reform import Reform
from commands.joint_reorganization import carry_on
from commands.perform import perform
from commands.ports import Actor, Command, Desk
from commands.reorganization import draft_reorganization, execute_reorganization
from domain.access import Role
from domain.errors import Refusal, VersionConflict
from domain.reorganization import Reorganization
from domain.reorganization_entry import ReorganizationState

_PAUSE_S = 0.2


async def reorganize(
    desk: Desk, province: int, reform: Reform, order: Callable[[str, Actor, date], Command]
) -> None:
    """Draft the plan, decide it, and wait until every tenant has recorded its part."""
    actor = Actor(f"{reform.province}/office", Role.PROVINCE, reform.province)
    key = f"reform/{reform.province}/{reform.on}"
    draft = order(f"{key}/draft", actor, reform.on)
    drafted = await perform(
        desk,
        province,
        draft,
        lambda: draft_reorganization(
            desk,
            draft,
            organization=reform.province,
            title=reform.title,
            planned_on=reform.on,
            changes=reform.changes,
            document=reform.document,
        ),
    )
    execute = order(f"{key}/execute", actor, reform.on)
    await perform(
        desk,
        province,
        execute,
        lambda: execute_reorganization(
            desk,
            execute,
            tenant_id=province,
            subject=drafted.subject,
            document=reform.document,
        ),
    )
    while True:
        plan = await desk.log.load(province, Reorganization, drafted.subject)
        if plan.state is ReorganizationState.EXECUTED:
            return
        with suppress(Refusal, VersionConflict):
            await carry_on(desk, province, plan.id)
        await asyncio.sleep(_PAUSE_S)
