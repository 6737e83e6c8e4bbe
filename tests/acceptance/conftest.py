"""Installations for acceptance tests.

Each test process has one demo of its own; tests that write use an empty one.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.acceptance.commune import Commune, served_province
from tests.acceptance.installation import Installation
from tests.acceptance.recount import Event, read_events
from tests.acceptance.reform import served_reform


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A served demo of another seed and size than the default. Tests must leave it as it is."""
    installation = Installation(tmp_path_factory.mktemp("demo") / "home")
    installation.run("demo", "--people", "400", "--seed", "7")
    installation.serve()
    yield installation
    installation.stop()


@pytest.fixture(scope="session")
def reformed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A demo that lived through the reform of 2025. Tests must leave it as it is."""
    with served_reform(tmp_path_factory.mktemp("reform") / "home") as installation:
        yield installation


@pytest.fixture(scope="session")
def exported(
    demo: Installation, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[Event]]:
    """The exported events of both provinces, by the province's code."""
    folder: Path = tmp_path_factory.mktemp("export")
    events = {}
    for province in ("lam-dong", "binh-dinh"):
        file = folder / f"{province}.jsonl"
        demo.run("export", "--organization", province, "--output", str(file))
        events[province] = read_events(file)
    return events


@pytest.fixture(scope="session")
def province(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A served province with two districts and nothing in them.

    Each test establishes a commune of its own.
    """
    with served_province(tmp_path_factory.mktemp("province") / "home") as installation:
        yield installation


@pytest.fixture(scope="session")
def committees(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The committees that issued the four documents, and nothing below them."""
    installation = Installation(tmp_path_factory.mktemp("committees") / "home")
    for code, name, kind in (
        ("lam-dong", "Đảng bộ tỉnh Lâm Đồng", "PROVINCE"),
        ("lam-dong/bao-lam", "Đảng bộ huyện Bảo Lâm", "DISTRICT"),
        ("lam-dong/di-linh", "Đảng bộ huyện Di Linh", "DISTRICT"),
        ("lam-dong/khoi", "Đảng bộ Khối các cơ quan tỉnh", "BLOC"),
        ("binh-dinh", "Đảng bộ tỉnh Bình Định", "PROVINCE"),
        ("binh-dinh/khoi", "Đảng bộ Khối các cơ quan tỉnh", "BLOC"),
    ):
        named = ("--name", name, "--kind", kind, "--on", "2015-01-01")
        installation.run("tenant", "add", code, *named)
    installation.serve()
    yield installation
    installation.stop()


@pytest.fixture
def commune(province: Installation) -> Commune:
    """A new commune of Bảo Lâm with two cells."""
    return Commune.establish(province, "lam-dong/bao-lam")
