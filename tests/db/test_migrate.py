"""Migrations: once, in order, whole or not at all, and never over files that have changed."""

import asyncio
from pathlib import Path

import asyncpg
import pytest
from tests.databases import Urls

from db.migrate import MigrationRefused, migrate, pending, read_migrations


def write(folder: Path, name: str, sql: str) -> None:
    (folder / name).write_text(sql)


async def tables(urls: Urls) -> set[str]:
    connection = await asyncpg.connect(urls.owner)
    rows = await connection.fetch("SELECT relname FROM pg_class WHERE relname IN ('one', 'two')")
    await connection.close()
    return {row["relname"] for row in rows}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, "0001_one.sql", "CREATE TABLE one (n int)")
    write(tmp_path, "0002_two.sql", "CREATE TABLE two (n int)")
    return tmp_path


async def test_each_file_is_applied_once(empty_urls: Urls, folder: Path) -> None:
    assert [m.name for m in await pending(empty_urls.owner, folder)] == ["one", "two"]
    assert [m.name for m in await migrate(empty_urls.owner, folder)] == ["one", "two"]
    assert await migrate(empty_urls.owner, folder) == []
    assert await pending(empty_urls.owner, folder) == []
    assert await pending(empty_urls.app, folder) == []


async def test_two_runners_at_a_time_apply_each_file_once(empty_urls: Urls, folder: Path) -> None:
    runs = await asyncio.gather(*(migrate(empty_urls.owner, folder) for _ in range(3)))
    assert sorted(len(run) for run in runs) == [0, 0, 2]


async def test_a_file_that_fails_leaves_nothing_and_those_before_it_stay(
    empty_urls: Urls, folder: Path
) -> None:
    write(folder, "0002_two.sql", "CREATE TABLE two (n int); SELECT 1 / 0")
    with pytest.raises(asyncpg.DivisionByZeroError):
        await migrate(empty_urls.owner, folder)
    assert await tables(empty_urls) == {"one"}
    write(folder, "0002_two.sql", "CREATE TABLE two (n int)")
    assert [m.number for m in await migrate(empty_urls.owner, folder)] == [2]


async def test_an_applied_file_that_changed_or_went_is_refused(
    empty_urls: Urls, folder: Path
) -> None:
    await migrate(empty_urls.owner, folder)
    write(folder, "0003_three.sql", "CREATE TABLE three (n int)")
    write(folder, "0001_one.sql", "CREATE TABLE one (n bigint)")
    with pytest.raises(MigrationRefused, match="0001_one"):
        await migrate(empty_urls.owner, folder)
    with pytest.raises(MigrationRefused, match="missing"):
        await pending(empty_urls.owner, folder / "nowhere")


@pytest.mark.parametrize("name", ["0004_four.sql", "3_three.sql", "0003-three.sql"])
def test_a_gap_or_another_form_of_name_is_refused(folder: Path, name: str) -> None:
    write(folder, name, "SELECT 1")
    with pytest.raises(MigrationRefused, match="0003"):
        read_migrations(folder)
