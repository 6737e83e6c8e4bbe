"""The authorization table: which action each command asks for, tried with every role."""

import pytest
from tests.commands import cases_organization
from tests.commands.cases import Case
from tests.commands.memory import command
from tests.commands.test_every_command import CASES, prepared

from domain.access import PERMITTED, Action, Role
from domain.errors import NotPermitted

TABLE = {
    "establish_organization": Action.ORGANIZE,
    "rename_organization": Action.ORGANIZE,
    "register_target": Action.REGISTER_TARGET,
    "assign_target": Action.ASSIGN_TARGET,
    "adjust_target": Action.REGISTER_TARGET,
    "register_targets": Action.REGISTER_TARGET,
    "allocate_targets": Action.ASSIGN_TARGET,
    "carry_target": Action.ASSIGN_TARGET,
    "close_figures": Action.CLOSE_FIGURES,
    "submit_figures": Action.CLOSE_FIGURES,
    "reopen_figures": Action.CLOSE_FIGURES,
    "identify_candidate": Action.INTRODUCE,
    "list_sympathizer": Action.RECORD_CELL_STEP,
    "remove_sympathizer": Action.RECORD_CELL_STEP,
    "assign_helper": Action.RECORD_CELL_STEP,
    "record_certificate": Action.RECORD_CERTIFICATE,
    "revoke_recorded_certificate": Action.RECORD_CERTIFICATE,
    "open_dossier": Action.RECORD_CELL_STEP,
    "conclude_vetting": Action.RECORD_GRASSROOTS_STEP,
    "record_cell_vote": Action.RECORD_CELL_STEP,
    "submit_dossier": Action.RECORD_GRASSROOTS_STEP,
    "decide_admission": Action.ADMIT,
    "hold_ceremony": Action.RECORD_CELL_STEP,
    "recognize_full_member": Action.ADMIT,
    "recommend_person": Action.INTRODUCE,
    "assess_progress": Action.RECORD_CELL_STEP,
    "assign_trial_task": Action.RECORD_CELL_STEP,
    "close_trial_task": Action.RECORD_CELL_STEP,
    "confirm_sympathizer": Action.RECORD_GRASSROOTS_STEP,
    "propose_for_class": Action.RECORD_CELL_STEP,
    "agree_to_class": Action.RECORD_GRASSROOTS_STEP,
    "enroll_in_class": Action.RECORD_CERTIFICATE,
    "record_class_failure": Action.RECORD_CERTIFICATE,
    "submit_application": Action.RECORD_CELL_STEP,
    "declare_history": Action.RECORD_CELL_STEP,
    "stamp_history": Action.RECORD_GRASSROOTS_STEP,
    "request_vetting": Action.RECORD_GRASSROOTS_STEP,
    "record_vetting_reply": Action.RECORD_GRASSROOTS_STEP,
    "reopen_vetting": Action.RECORD_GRASSROOTS_STEP,
    "give_introduction": Action.RECORD_CELL_STEP,
    "replace_introducer": Action.RECORD_CELL_STEP,
    "record_union_resolution": Action.INTRODUCE,
    "collect_opinions": Action.RECORD_CELL_STEP,
    "confirm_vote_tally": Action.RECORD_GRASSROOTS_STEP,
    "refuse_proposal": Action.RECORD_CELL_STEP,
    "give_sectional_appraisal": Action.RECORD_GRASSROOTS_STEP,
    "adopt_grassroots_resolution": Action.RECORD_GRASSROOTS_STEP,
    "refuse_grassroots_resolution": Action.RECORD_GRASSROOTS_STEP,
    "return_dossier": Action.DECIDE,
    "extend_decision_term": Action.DECIDE,
    "refuse_admission": Action.ADMIT,
    "revoke_decision": Action.DECIDE,
    "record_withdrawal": Action.RECORD_CELL_STEP,
    "record_death": Action.RECORD_CELL_STEP,
    "move_candidate": Action.RECORD_GRASSROOTS_STEP,
    "merge_duplicates": Action.MERGE,
    "transfer_candidate": Action.TRANSFER,
    "accept_transfer": Action.TRANSFER,
    "return_transfer": Action.TRANSFER,
    "receive_decision": Action.RECORD_CELL_STEP,
    "consent_to_late_ceremony": Action.RECORD_GRASSROOTS_STEP,
    "give_probation_task": Action.RECORD_CELL_STEP,
    "finish_probation_task": Action.RECORD_CELL_STEP,
    "assess_probation": Action.RECORD_CELL_STEP,
    "complete_new_member_class": Action.RECORD_CERTIFICATE,
    "complete_history_file": Action.RECORD_GRASSROOTS_STEP,
    "file_recognition_paper": Action.RECORD_CELL_STEP,
    "record_recognition_vote": Action.RECORD_CELL_STEP,
    "return_recognition": Action.DECIDE,
    "refuse_recognition": Action.ADMIT,
    "discipline_probationary_member": Action.RECORD_CELL_STEP,
    "propose_striking_off": Action.RECORD_CELL_STEP,
    "strike_off": Action.DECIDE,
    "open_readmission": Action.RECORD_CELL_STEP,
    "tighten_rule": Action.DECIDE,
    "add_rule_condition": Action.DECIDE,
    "attest_condition": Action.RECORD_CELL_STEP,
    "order_erasure": Action.ERASE,
    "erase_personal_data": Action.ERASE,
    "correct_event": Action.CORRECT,
    "register_document": Action.KEEP_DOCUMENTS,
    "link_document": Action.KEEP_DOCUMENTS,
    "address_document": Action.KEEP_DOCUMENTS,
    "publish_document": Action.KEEP_DOCUMENTS,
    "offer_template": Action.KEEP_DOCUMENTS,
    "acknowledge_document": Action.ACKNOWLEDGE,
    "hold_activity": Action.RECORD_ACTIVITY,
    "review_activity": Action.RECORD_ACTIVITY,
    "replicate_activity": Action.RECORD_ACTIVITY,
    "note_defect": Action.NOTE_DEFECT,
    "remind_of_defect": Action.NOTE_DEFECT,
    "close_defect": Action.NOTE_DEFECT,
    "request_guidance": Action.REQUEST_GUIDANCE,
    "give_guidance": Action.GIVE_GUIDANCE,
    "propose_reaction": Action.PROPOSE_REACTION,
    "decide_reaction": Action.DECIDE,
    "make_schedule": Action.RUN_CLASSES,
    "propose_course": Action.RUN_CLASSES,
    "approve_course": Action.DECIDE,
    "open_course": Action.RUN_CLASSES,
    "allot_places": Action.RUN_CLASSES,
    "propose_participants": Action.RECORD_CELL_STEP,
    "enroll_participants": Action.RUN_CLASSES,
    "withdraw_participant": Action.RUN_CLASSES,
    "hold_session": Action.RUN_CLASSES,
    "record_results": Action.RUN_CLASSES,
    "revoke_certificate": Action.RUN_CLASSES,
    "hold_meeting": Action.HOLD_MEETINGS,
    "lay_docket": Action.ASSEMBLE_DOSSIERS,
    "impose_obligations": Action.IMPOSE,
    "interpret_deadline": Action.IMPOSE,
    "submit_obligation": Action.FULFILL,
    "report_none": Action.FULFILL,
    "follow_up_obligation": Action.FULFILL,
    "return_submission": Action.IMPOSE,
    "approve_submission": Action.IMPOSE,
    "excuse_obligation": Action.IMPOSE,
    "withdraw_obligations": Action.IMPOSE,
    "consolidate_obligations": Action.IMPOSE,
    "remind_obligations": Action.URGE,
    "urge_obligations": Action.URGE,
    **{name: Action[action] for name, action in cases_organization.ACTIONS.items()},
}
"""Command to action: of a registered target and of a cell's step where the action depends on it."""


def test_every_command_is_tried() -> None:
    """There is no command outside the table, and none in it that is not tried."""
    assert set(TABLE) == {made.name for made in CASES}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("made", CASES, ids=lambda made: made.name)
async def test_roles(made: Case, role: Role) -> None:
    """A command succeeds for exactly the roles that its action is permitted to.

    A grassroots committee admits only where that was delegated to it; nothing is, here.
    """
    memory, ready = await prepared(made)
    sizes = memory.sizes()
    given = command(role, on=ready.on)
    not_delegated = TABLE[made.name] is Action.ADMIT and role is Role.GRASSROOTS
    if TABLE[made.name] in PERMITTED[role] and not not_delegated:
        await ready.run(memory.desk, given, **ready.fields)
        assert sizes != memory.sizes()
        return
    with pytest.raises(NotPermitted):
        await ready.run(memory.desk, given, **ready.fields)
    assert sizes == memory.sizes()
