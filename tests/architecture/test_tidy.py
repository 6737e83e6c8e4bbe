"""Style as a test: sizes with exceptions that only shrink, imports, SQL, machine paths."""

import ast
import re
import sys
from pathlib import Path

import pytest
from tests.architecture.sources import ROOT, imported, modules, name_of, tracked, tree

FILE_LINES_MAX = 300
FUNCTION_LINES_MAX = 40
LONG_FILES = {
    "src/app/demo/play.py": "the demo's one run from the first tenant to the last event",
}
"""Files over the limit, each with a reason. A file that became shorter must be taken off."""
LONG_FUNCTIONS = {
    "src/commands/relocation.py:arrival": "what arrives: organizations, cases, quotas",
    "src/projections/dry_run.py:effects": "the tree before and after, and who counts where in each",
    "src/app/demo/reorganize.py:reorganize": "one plan from the draft to its last leg, in order",
    "src/projections/register.py:page": "one question, asked again until a page is full",
    "src/api/candidate.py:_shown": "one card, a line a field",
    "src/app/installation.py:_compose": "the parts of a process in the order in which they depend",
    "src/domain/activity.py:hold": "the fields of one form, each checked on its line",
    "src/domain/document.py:register": "the fields of one form, each checked on its line",
    "src/domain/grading.py:record_result": "the fields of one form, each checked on its line",
    "src/domain/obligation.py:impose": "the fields of one form, each checked on its line",
    "src/projections/candidate_card.py:page": "one statement's filters and its cursor, in order",
}
"""Functions over the limit, under the same rule."""

OUTSIDE = {"eventsourcing.domain", "holidays"}
"""What the domain may import beside the standard library."""

SQL_HOMES = ("src/projections/", "src/eventstore/", "src/db/")
SQL_GATEWAYS: dict[str, str] = {}
"""Gateways that own a table, each with its table."""
SQL = re.compile(
    r"\b(SELECT\s.+\sFROM|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM"
    r"|CREATE\s+(TABLE|INDEX|ROLE|DATABASE)|ALTER\s+TABLE|SET\s+LOCAL)\b",
    re.DOTALL,
)
MACHINE = re.compile(r"(?<![\w.~-])/(?:root|work|home)/")
INDEX = re.compile(
    "index-url|https?://[^\\s]*(?:/simple|packages|pypi|mirror|registry)", re.IGNORECASE
)


def test_files_are_short() -> None:
    """A file has up to 300 lines, or a reason; who lost the reason leaves the list."""
    long = {
        name_of(path)
        for path in modules()
        if len(path.read_text(encoding="utf-8").splitlines()) > FILE_LINES_MAX
    }

    assert set(LONG_FILES) == long


def test_functions_are_short() -> None:
    """A function has up to 40 lines, or a reason; who lost the reason leaves the list."""
    long = {
        f"{name_of(path)}:{node.name}"
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > FUNCTION_LINES_MAX
    }

    assert set(LONG_FUNCTIONS) == long


@pytest.mark.parametrize("path", modules("domain"), ids=lambda path: path.name)
def test_the_domain_imports_nothing_from_outside(path: Path) -> None:
    """The domain knows itself, the standard library, the library's domain and the holidays."""
    foreign = {
        name
        for name in imported(path)
        if name.partition(".")[0] not in {"domain", *sys.stdlib_module_names}
    }

    assert foreign <= OUTSIDE


@pytest.mark.parametrize("path", modules("domain"), ids=lambda path: path.name)
def test_the_domain_does_no_io(path: Path) -> None:
    """No module of the domain reaches for a clock, chance, the network or the environment."""
    banned = {"asyncio", "os", "random", "socket", "sqlite3", "subprocess", "threading", "time"}
    called = {
        f"{node.value.id}.{node.attr}"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }

    assert not banned & {name.partition(".")[0] for name in imported(path)}
    assert not called & {"date.today", "datetime.now", "datetime.utcnow"}


def test_sql_is_at_home() -> None:
    """SQL stands only in projections, the event store, db, and gateways that own a table."""
    homes = (*SQL_HOMES, *SQL_GATEWAYS)
    strays = {
        name_of(path)
        for path in modules()
        if not name_of(path).startswith(homes)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.search(node.value)
    }

    assert not strays


def test_sql_is_recognized() -> None:
    """The pattern finds the statements that there are."""
    assert SQL.search("SELECT tenant_id\nFROM tenant")
    assert any(SQL.search(path.read_text(encoding="utf-8")) for path in modules("eventstore"))


def test_no_machine_paths_and_no_index_addresses() -> None:
    """No file names a folder of a machine, no lock an index it was fetched from."""
    strays = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        if MACHINE.search(text):
            strays.append(name_of(path))
        locked = path.suffix == ".lock" or path.name == "pyproject.toml"
        if locked and INDEX.search(text):
            strays.append(f"{name_of(path)} names an index")

    assert not strays


def test_the_root_is_the_project() -> None:
    """These tests look at the project they belong to."""
    assert (ROOT / "pyproject.toml").is_file()
    assert len(modules()) > 50
