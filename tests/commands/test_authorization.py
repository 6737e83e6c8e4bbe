"""The authorization table: which action each command asks for, tried with every role."""

import pytest
from tests.commands import cases_organization
from tests.commands.memory import command
from tests.commands.test_every_command import CASES, Case, prepared

from domain.access import PERMITTED, Action, Role
from domain.errors import NotPermitted

TABLE = {
    "establish_organization": Action.ORGANIZE,
    "rename_organization": Action.ORGANIZE,
    "register_target": Action.REGISTER_TARGET,
    "assign_target": Action.ASSIGN_TARGET,
    "adjust_target": Action.REGISTER_TARGET,
    "identify_candidate": Action.INTRODUCE,
    "list_sympathizer": Action.RECORD_CELL_STEP,
    "remove_sympathizer": Action.RECORD_CELL_STEP,
    "assign_helper": Action.RECORD_CELL_STEP,
    "record_certificate": Action.RECORD_CERTIFICATE,
    "open_dossier": Action.RECORD_CELL_STEP,
    "conclude_vetting": Action.RECORD_GRASSROOTS_STEP,
    "record_cell_vote": Action.RECORD_CELL_STEP,
    "submit_dossier": Action.RECORD_GRASSROOTS_STEP,
    "decide_admission": Action.DECIDE,
    "hold_ceremony": Action.RECORD_CELL_STEP,
    "recognize_full_member": Action.DECIDE,
    "order_erasure": Action.ERASE,
    "erase_personal_data": Action.ERASE,
    "correct_event": Action.CORRECT,
    **{name: Action[action] for name, action in cases_organization.ACTIONS.items()},
}
"""Command to action: of a registered target and of a cell's step where the action depends on it."""


def test_every_command_is_tried() -> None:
    """There is no command outside the table, and none in it that is not tried."""
    assert set(TABLE) == {made.name for made in CASES}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("made", CASES, ids=lambda made: made.name)
async def test_roles(made: Case, role: Role) -> None:
    """A command succeeds for exactly the roles that its action is permitted to."""
    memory, ready = await prepared(made)
    sizes = memory.sizes()
    given = command(role, on=ready.on)
    if TABLE[made.name] in PERMITTED[role]:
        await ready.run(memory.desk, given, **ready.fields)
        assert sizes != memory.sizes()
        return
    with pytest.raises(NotPermitted):
        await ready.run(memory.desk, given, **ready.fields)
    assert sizes == memory.sizes()
