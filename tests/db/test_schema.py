"""What every table of every migration must obey, read from the catalog, and schema.sql."""

import asyncio
import re

import asyncpg
import pytest
from tests.databases import Log, Urls, establish

from db.database import Database
from db.migrate import FOLDER
from db.schema import SCHEMA_FILE, read_schema

# Without tenant_id: the runner's own table, which holds nothing of any tenant.
NOT_OF_A_TENANT = {"migration"}
# Small and shared: reference tables on a cluster, where a unique key needs no tenant_id.
REFERENCE_TABLES = {"tenant"}
TABLES = """
SELECT c.relname FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
ORDER BY 1
"""


async def query(url: str, sql: str, *parameters: object) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetch(sql, *parameters)
    finally:
        await connection.close()


async def tables(urls: Urls) -> list[str]:
    return [row["relname"] for row in await query(urls.owner, TABLES)]


async def test_the_generated_schema_is_the_checked_in_one(urls: Urls) -> None:
    """After a new migration: `NGUON_DATABASE_URL=... python -m db.schema > src/db/schema.sql`."""
    assert await read_schema(urls.owner) == await asyncio.to_thread(SCHEMA_FILE.read_text, "utf-8")


async def test_every_table_has_forced_row_level_security_and_a_policy(urls: Urls) -> None:
    rows = await query(
        urls.owner,
        "SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity AS forced,"
        " EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid) AS guarded,"
        " pg_get_userbyid(c.relowner) AS owner"
        " FROM pg_class c"
        " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')",
    )
    assert {row["owner"] for row in rows} == {"nguon_owner"}
    unguarded = {row["relname"] for row in rows if not (row["forced"] and row["guarded"])}
    assert unguarded == NOT_OF_A_TENANT


async def test_tenant_id_leads_every_table_key_and_index(urls: Urls) -> None:
    first_columns = await query(
        urls.owner,
        "SELECT c.relname, (SELECT a.attname FROM pg_attribute a WHERE a.attrelid = c.oid"
        " AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum LIMIT 1) AS first"
        " FROM pg_class c"
        " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')",
    )
    indexes = await query(
        urls.owner,
        "SELECT t.relname, i.relname AS index, a.attname AS first FROM pg_index x"
        " JOIN pg_class t ON t.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid"
        " LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = x.indkey[0]"
        " WHERE t.relnamespace = 'public'::regnamespace",
    )
    own = NOT_OF_A_TENANT
    assert [r["relname"] for r in first_columns if r["first"] != "tenant_id"] == sorted(own)
    wrong = {r["index"] for r in indexes if r["first"] != "tenant_id" and r["relname"] not in own}
    assert wrong == {"tenant_code_uq"}
    assert {"tenant"} == REFERENCE_TABLES


async def test_foreign_keys_stay_within_a_tenant_or_lead_to_a_reference_table(urls: Urls) -> None:
    rows = await query(
        urls.owner,
        "SELECT k.conname, k.confrelid::regclass::text AS target,"
        " (SELECT a.attname FROM pg_attribute a"
        "  WHERE a.attrelid = k.conrelid AND a.attnum = k.conkey[1]) AS first"
        " FROM pg_constraint k WHERE k.contype = 'f' AND k.connamespace = 'public'::regnamespace",
    )
    for row in rows:
        assert row["target"] in REFERENCE_TABLES or row["first"] == "tenant_id", row["conname"]


async def test_every_constraint_was_named_by_us(urls: Urls) -> None:
    """PostgreSQL's own names end in _pkey, _key, _check, _fkey or _excl."""
    rows = await query(
        urls.owner,
        "SELECT k.conname, c.relname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid"
        " WHERE k.connamespace = 'public'::regnamespace AND k.contype <> 'n'",
    )
    for row in rows:
        name: str = row["conname"]
        assert re.fullmatch(rf"{row['relname']}_(\w+_)?(pk|uq|ck|fk)", name), name


async def test_there_is_no_trigger_no_rule_and_no_extension(urls: Urls) -> None:
    found = await query(
        urls.owner,
        "SELECT tgname AS name FROM pg_trigger WHERE NOT tgisinternal"
        " UNION ALL SELECT extname FROM pg_extension WHERE extname <> 'plpgsql'"
        " UNION ALL SELECT rulename FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class"
        " WHERE c.relnamespace = 'public'::regnamespace",
    )
    assert [row["name"] for row in found] == []


def test_no_migration_uses_what_a_cluster_or_a_plain_server_lacks() -> None:
    forbidden = r"\b(MERGE\s+INTO|TRIGGER|CREATE\s+EXTENSION|xmin|txid_\w+|ICU)\b"
    for file in sorted(FOLDER.glob("*.sql")):
        sql = re.sub(r"--.*", "", file.read_text("utf-8"))
        assert not re.findall(forbidden, sql, re.IGNORECASE), file.name


async def test_the_application_is_a_plain_role_and_cannot_change_the_log(urls: Urls) -> None:
    roles = await query(
        urls.owner, "SELECT rolname FROM pg_roles WHERE NOT rolsuper AND NOT rolbypassrls"
    )
    assert "nguon_app" in {row["rolname"] for row in roles}
    for table in ("event", "command", "signed_checkpoint"):
        for act in ("UPDATE", "DELETE", "TRUNCATE"):
            [row] = await query(
                urls.owner, "SELECT has_table_privilege('nguon_app', $1, $2) AS may", table, act
            )
            assert not row["may"], (table, act)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await query(urls.app, "SELECT add_tenant('lam-dong')")


async def fill_every_table(log: Log) -> list[str]:
    """A row of each of two tenants in every table of tenants, written past the application."""
    names = [name for name in await tables(log.urls) if name not in NOT_OF_A_TENANT]
    for tenant in (log.tenant, log.other):
        await establish(log.records, tenant)
    connection = await asyncpg.connect(log.urls.owner)
    try:
        for tenant in (log.tenant, log.other):
            async with connection.transaction():
                await connection.execute(f"SET LOCAL nguon.tenant = '{tenant}'")
                for name in names:
                    if not await connection.fetchval(f'SELECT EXISTS (SELECT FROM "{name}")'):  # noqa: S608 (from the catalog)
                        await insert_a_row(connection, name, tenant)
    finally:
        await connection.close()
    return names


SAMPLES = {
    "integer": "1",
    "bigint": "1",
    "smallint": "1",
    "text": "'x'",
    "uuid": "gen_random_uuid()",
    "date": "DATE '2023-01-01'",
    "bytea": "'\\x00'",
    "boolean": "false",
    "timestamp with time zone": "now()",
    "integer[]": "'{}'",
    "text[]": "'{}'",
    "uuid[]": "'{}'",
    "double precision": "1",
}


async def insert_a_row(
    connection: "asyncpg.Connection[asyncpg.Record]", table: str, tenant: int
) -> None:
    columns = await connection.fetch(
        "SELECT attname, format_type(atttypid, atttypmod) AS type FROM pg_attribute"
        " WHERE attrelid = $1::text::regclass AND attnum > 0 AND attnotnull AND NOT attisdropped"
        " AND attidentity = '' AND attgenerated = ''",
        table,
    )
    values = {c["attname"]: SAMPLES[c["type"]] for c in columns} | {"tenant_id": str(tenant)}
    await connection.execute(
        f'INSERT INTO "{table}" ({", ".join(values)})'  # noqa: S608 (from the catalog)
        f" VALUES ({', '.join(values.values())})"
    )


async def seen(database: Database, table: str, begin: str) -> set[int]:
    """The tenants whose rows a session of the application sees after a statement."""
    connection = await database.listen_connection()
    try:
        async with connection.transaction():
            await connection.execute(begin)
            rows = await connection.fetch(f'SELECT DISTINCT tenant_id FROM "{table}"')  # noqa: S608 (from the catalog)
    finally:
        await connection.close()
    return {row["tenant_id"] for row in rows}


async def test_a_session_sees_the_rows_of_its_tenant_and_without_one_none(log: Log) -> None:
    names = await fill_every_table(log)
    assert {"event", "command", "checkpoint", "tenant_log", "posting"} <= set(names)
    for name in names:
        for setting, expected in (
            (f"SET LOCAL nguon.tenant = '{log.tenant}'", {log.tenant}),
            (f"SET LOCAL nguon.tenant = '{log.other}'", {log.other}),
            ("SET LOCAL nguon.tenant = ''", set()),
            ("SET LOCAL nguon.tenant = '0'", set()),
            ("SELECT", set()),
        ):
            assert await seen(log.database, name, setting) == expected, (name, setting)


async def test_a_roll_up_reads_no_events_and_writes_nothing(log: Log) -> None:
    names = await fill_every_table(log)
    both = f"SET LOCAL nguon.tenants = '{log.tenant},{log.other}'"
    open_to_rollups = {n for n in names if await seen(log.database, n, both)}
    assert not {"event", "command", "tenant"} & open_to_rollups
    for name in open_to_rollups:
        one = f"SET LOCAL nguon.tenants = '{log.other}'"
        assert await seen(log.database, name, one) == {log.other}
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        async with log.database.rollup([log.tenant]) as connection:
            await connection.execute("UPDATE tenant_log SET head = 9")
    session = await log.database.listen_connection()
    async with session.transaction():
        await session.execute(both)
        assert await session.execute("UPDATE tenant_log SET head = 9") == "UPDATE 0"
    await session.close()


async def test_a_session_cannot_write_rows_of_another_tenant(log: Log) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with log.database.tenant(log.tenant) as connection:
            await connection.execute(
                "INSERT INTO checkpoint (tenant_id, projection, position) VALUES ($1, 'p', 0)",
                log.other,
            )
