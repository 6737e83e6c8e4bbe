"""What `nguon verify` and the auditor's verifier say of logs that somebody has laid hands on."""

import asyncio
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from tests.databases import Log, establish
from tests.proof import fill, forget_tree, owner, restore, seal, settings_of, signed

from app.epoch import EpochRefused, start_epoch
from app.export_proof import NoLog, export_proof
from app.installation import open_installation
from app.settings import Settings
from app.verify import BAD, GOOD, CannotVerify, Verdict, verify
from eventstore.note import Checkpoint
from eventstore.tree import Tree

CODE = "lam-dong/bao-lam"
OFFLINE = Path(__file__).parents[2] / "deploy" / "verify_log.py"
SIZES = (300, 500, 600)
AT = 418
"""The event that hands are laid on; all its columns have a value."""
WHERE_AT = "UPDATE event SET CHANGE WHERE tenant_id = $1 AND position = 418"

CHANGES = {
    "tenant_id": "tenant_id = 1",
    "position": "position = 9999",
    "stream_id": "stream_id = md5(stream_id::text)::uuid",
    "version": "version = version + 100",
    "event_id": "event_id = md5(event_id::text)::uuid",
    "type": "type = replace(type, 'd', 'e')",
    "schema_version": "schema_version = 2",
    "organization_id": "organization_id = md5(organization_id::text)::uuid",
    "organization_id to nothing": "organization_id = NULL",
    "effective_on": "effective_on = effective_on + 1",
    "effective_on beyond Python": "effective_on = DATE '12000-01-01'",
    "recorded_at": "recorded_at = recorded_at + interval '1 microsecond'",
    "recorded_at beyond Python": "recorded_at = '12000-01-01Z'",
    "recorded_at to infinity": "recorded_at = 'infinity'",
    "actor": "actor = replace(actor, 'c', 'd')",
    "causation_id": "causation_id = md5(causation_id::text)::uuid",
    "correlation_id": "correlation_id = md5(correlation_id::text)::uuid",
    "data": "data = set_byte(data, 0, get_byte(data, 0) # 1)",
    "person_id": "person_id = md5(person_id::text)::uuid",
    "sealed": "sealed = set_byte(sealed, 15, get_byte(sealed, 15) # 128)",
    "sealed to nothing": "sealed = NULL",
}
"""Each column of an event, changed as little as can be, and taken away where it can be."""


@pytest.fixture
async def settings(log: Log, tmp_path: Path) -> Settings:
    """An installation whose log was signed at three sizes."""
    made = settings_of(log, tmp_path)
    for size in SIZES:
        await fill(log, log.tenant, size)
        assert await seal(made) == {}
    return made


async def tamper(log: Log, *statements: str) -> None:
    async with owner(log.urls, log.tenant) as connection:
        for statement in statements:
            # The owner is bound by the policies, too; whoever tampers turns them off first.
            await connection.execute("ALTER TABLE event NO FORCE ROW LEVEL SECURITY")
            assert (await connection.execute(statement, log.tenant)).split()[-1] != "0"
            await connection.execute("ALTER TABLE event FORCE ROW LEVEL SECURITY")


async def offline(
    settings: Settings, *arguments: str, code: str = CODE
) -> tuple[int, dict[str, Any]]:
    """The exit code and the last line of the auditor's verifier on an export."""
    export = settings.home / "export.jsonl"
    text = io.StringIO()
    await export_proof(settings, code, text)
    await asyncio.to_thread(export.write_text, text.getvalue(), "utf-8")
    given = [sys.executable, str(OFFLINE), str(export), *arguments]
    done = await asyncio.to_thread(
        subprocess.run, given, capture_output=True, text=True, check=False
    )
    last: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return done.returncode, last


def line_of(verdict: Verdict, code: str = CODE) -> str:
    """What is said of a tenant in its first line."""
    [line] = [line for line in verdict.lines if line.startswith(f"{code}: ")]
    return line


async def test_a_log_that_nobody_touched_is_good(log: Log, settings: Settings) -> None:
    await fill(log, log.tenant, 610)
    await establish(log.records, log.province)
    await seal(settings)
    await fill(log, log.tenant, 620)
    verdict = await verify(settings, (), ())
    assert verdict.code == GOOD
    assert line_of(verdict).endswith("good (620 events, 610 sealed, 5 checkpoints)")
    assert "  No checkpoint covers the positions from 611 on." in verdict.lines
    assert line_of(verdict, "lam-dong").endswith("good (1 events, 1 sealed, 2 checkpoints)")
    assert line_of(verdict, "lam-dong/di-linh").endswith("good (0 events, 0 sealed, 0 checkpoints)")
    code, said = await offline(settings)
    assert (code, said["events"], said["provenSize"]) == (0, 620, 610)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
async def test_a_changed_column_is_found(log: Log, settings: Settings, change: str) -> None:
    await tamper(log, WHERE_AT.replace("CHANGE", change))
    verdict = await verify(settings, [CODE], ())
    assert verdict.code == BAD
    assert f"first bad position {AT} " in line_of(verdict).replace(",", " ")
    if "12000" in change or "infinity" in change:
        return  # No export could hold it.
    code, said = await offline(settings)
    assert (code, said["firstBadPosition"]) == (1, AT)


@pytest.mark.parametrize("position", [1, AT, 600])
async def test_a_deleted_row_is_found(log: Log, settings: Settings, position: int) -> None:
    await tamper(
        log,
        "DELETE FROM event WHERE tenant_id = $1 AND position = PLACE".replace(
            "PLACE", str(position)
        ),
    )
    verdict = await verify(settings, [CODE], ())
    assert verdict.code == BAD
    assert f"first bad position {position}" in line_of(verdict)
    code, said = await offline(settings)
    assert (code, said["firstBadPosition"]) == (1, position)


async def test_swapped_rows_are_found(log: Log, settings: Settings) -> None:
    move = "UPDATE event SET position = {} WHERE tenant_id = $1 AND position = {}"
    await tamper(log, move.format(9_999, AT), move.format(AT, 550), move.format(550, 9_999))
    verdict = await verify(settings, [CODE], ())
    assert verdict.code == BAD
    assert f"first bad position {AT}" in line_of(verdict)
    code, said = await offline(settings)
    assert (code, said["firstBadPosition"]) == (1, AT)


async def test_a_tail_that_was_cut_off_with_all_its_traces_is_found(
    log: Log, settings: Settings
) -> None:
    """What was remembered outside the database tells."""
    await restore(log, log.tenant, 500)
    verdict = await verify(settings, [CODE], ())
    assert verdict.code == BAD
    assert "first bad position 501" in line_of(verdict)


async def test_a_gap_in_a_stream_is_found_before_it_is_sealed(log: Log, settings: Settings) -> None:
    await fill(log, log.tenant, 620)
    await tamper(log, "UPDATE event SET version = 7 WHERE tenant_id = $1 AND position = 615")
    verdict = await verify(settings, [CODE], ())
    assert verdict.code == BAD
    assert "first bad position 615" in line_of(verdict)


@pytest.mark.parametrize(("level", "index"), [(0, 1), (1, 0)])
async def test_a_changed_tile_is_found(
    log: Log, settings: Settings, level: int, index: int
) -> None:
    """And told from a changed event, by the next checkpoint."""
    await tamper(
        log,
        "UPDATE tile SET hashes = set_byte(hashes, 40, get_byte(hashes, 40) # 1)"
        " WHERE tenant_id = $1 AND (level, index) = PLACE".replace("PLACE", str((level, index))),
    )
    verdict = await verify(settings, [CODE], ())
    assert verdict.code == BAD
    if level == 0:
        assert "first bad position 258" in line_of(verdict)
        assert "  The event is as it was at the signed checkpoint of size 300." in verdict.lines
    else:
        assert "  Entry 1 of the tiles of level 1 is wrong." in verdict.lines


async def test_a_changed_event_is_told_from_a_changed_tile(log: Log, settings: Settings) -> None:
    await tamper(log, WHERE_AT.replace("CHANGE", "actor = 'x'"))
    verdict = await verify(settings, [CODE], ())
    assert "  The event was changed after the signed checkpoint of size 500." in verdict.lines


@pytest.mark.parametrize(
    "change",
    ["root = sha256(root)", "note = replace(note, '500', '501')", "size = 499"],
)
async def test_a_changed_checkpoint_is_found(log: Log, settings: Settings, change: str) -> None:
    await tamper(
        log,
        "UPDATE signed_checkpoint SET CHANGE WHERE tenant_id = $1 AND size = 500".replace(
            "CHANGE", change
        ),
    )
    assert (await verify(settings, [CODE], ())).code == BAD


async def rewrite(log: Log, settings: Settings) -> None:
    """The worst that can be done inside: an event changed, the tiles made anew, all signed anew.

    What was remembered is taken away, too.
    """
    await tamper(log, WHERE_AT.replace("CHANGE", "actor = 'x'"))
    await forget_tree(log, log.tenant, checkpoints_after=AT - 1)
    async with open_installation(settings) as installation:
        signer = installation.log_keys.signer
        for size in SIZES[1:]:
            async with installation.database.tenant(log.tenant) as connection:
                tree = await Tree.claim(connection, log.tenant, 1)
                assert tree is not None
                tree = await tree.grown(size)
                root = await tree.root(size)
                note = signer.sign(Checkpoint(f"nguon/{CODE}/1", size, root))
                await connection.execute(
                    "INSERT INTO signed_checkpoint VALUES ($1, 1, $2, $3, $4, now())",
                    *(log.tenant, size, root, note),
                )
    for file in await asyncio.to_thread(lambda: list(settings.home.rglob("*.signed"))):
        file.unlink()


async def test_a_tail_rewritten_and_signed_anew_is_caught_by_a_witness(
    log: Log, settings: Settings, tmp_path: Path
) -> None:
    """Alone it looks good; beside what a witness saw, the interval is named."""
    seen = [json.dumps({"checkpoint": row["note"]}) for row in await signed(log, log.tenant)]
    file = tmp_path / "checkpoints.jsonl"
    file.write_text("\n".join(seen) + "\n", "utf-8")
    assert (await verify(settings, (), [file])).code == GOOD
    await rewrite(log, settings)

    assert (await verify(settings, [CODE], ())).code == GOOD
    assert (await offline(settings))[0] == 0
    verdict = await verify(settings, [CODE], [file])
    assert verdict.code == BAD
    assert "bad interval 301-500" in line_of(verdict)
    code, said = await offline(settings, "--witness", str(file))
    assert (code, said["badInterval"]) == (1, [301, 500])


async def test_after_a_restore_a_new_epoch_goes_on_visibly(log: Log, tmp_path: Path) -> None:
    settings = settings_of(log, tmp_path)
    await establish(log.records, log.tenant)
    await fill(log, log.tenant, 300)
    assert await seal(settings) == {}
    witnessed = [json.dumps({"checkpoint": row["note"]}) for row in await signed(log, log.tenant)]
    file = tmp_path / "checkpoints.jsonl"
    file.write_text("\n".join(witnessed) + "\n", "utf-8")
    await restore(log, log.tenant, 250)
    await fill(log, log.tenant, 310)
    assert list(await seal(settings)) == [log.tenant]

    said = await start_epoch(settings, CODE, "Restored from the backup of 1 May.")
    assert said == f"{CODE}: epoch 2 began at position 311"
    with pytest.raises(EpochRefused, match="nothing is signed in it yet"):
        await start_epoch(settings, CODE, "Again.")
    assert await seal(settings) == {}
    assert [(row["epoch"], row["size"]) for row in await signed(log, log.tenant)] == [(2, 311)]
    verdict = await verify(settings, [CODE], [file])
    assert verdict.code == GOOD
    [told] = [line for line in verdict.lines if "Restored from the backup" in line]
    assert "Epoch 2 began at position 311" in told
    code, found = await offline(settings)
    assert (code, found["origin"], found["provenSize"]) == (0, f"nguon/{CODE}/2", 311)

    [event] = await log.store.read_after(log.tenant, 310, 1)
    data = json.loads(event.data)
    assert event.type == "log.epoch_started"
    assert (data["epoch"], data["signedSize"]) == (2, 300)
    assert "epoch 3 began" in await start_epoch(settings, CODE, "And once more.")


async def test_an_erased_person_leaves_every_proof_valid(log: Log, settings: Settings) -> None:
    """The keys are no part of what is proven."""
    person = UUID(bytes=b"\x07" * 16)
    async with owner(log.urls, log.tenant) as connection:
        await connection.execute(
            "INSERT INTO person_key (tenant_id, person_id, key_version, wrapped)"
            " VALUES ($1, $2, 1, '')",
            *(log.tenant, person),
        )
    before = await verify(settings, [CODE], ())
    await tamper(log, "DELETE FROM person_key WHERE tenant_id = $1")
    assert await verify(settings, [CODE], ()) == before
    assert before.code == GOOD
    assert (await offline(settings))[0] == 0


async def test_another_tenants_damage_is_its_own(log: Log, settings: Settings) -> None:
    await fill(log, log.other, 10)
    await tamper(log, "DELETE FROM event WHERE tenant_id = $1 AND position = 3")
    verdict = await verify(settings, (), ())
    assert "BAD" in line_of(verdict)
    assert "good" in line_of(verdict, "lam-dong/di-linh")


async def test_what_cannot_be_judged_is_said(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(CannotVerify, match="no tenant 'lam-dong/x'"):
        await verify(settings, ["lam-dong/x"], ())
    with pytest.raises(CannotVerify, match="cannot be read"):
        await verify(settings, (), [tmp_path / "none"])
    file = tmp_path / "some"
    file.write_text("{}\n", "utf-8")
    with pytest.raises(CannotVerify, match="line 1"):
        await verify(settings, (), [file])
    with pytest.raises(NoLog):
        await export_proof(settings, f"{CODE}/loc-thang", io.StringIO())


async def test_a_checkpoint_that_this_log_never_signed_is_bad(
    settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "some"
    note = "nguon/x/1\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n— nguon AAAAAAAA\n"
    file.write_text(json.dumps({"checkpoint": note}) + "\n", "utf-8")
    verdict = await verify(settings, [CODE], [file])
    assert verdict.code == BAD
    assert "line 1" in verdict.lines[0]
