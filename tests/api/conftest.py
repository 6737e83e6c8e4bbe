"""A server with three tenants, one for each test process, and its callers."""

from collections.abc import Iterator

import pytest
from tests.api.harness import Caller, Installation

TENANTS = (
    ("lam-dong", "Tỉnh ủy Lâm Đồng", "PROVINCE"),
    ("lam-dong/bao-lam", "Huyện ủy Bảo Lâm", "DISTRICT"),
    ("lam-dong/duc-trong", "Huyện ủy Đức Trọng", "DISTRICT"),
)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Three tenants, without anybody in them."""
    installation = Installation(tmp_path_factory.mktemp("home"))
    for code, name, kind in TENANTS:
        given = ("--name", name, "--kind", kind, "--on", "2020-01-01")
        installation.run("tenant", "add", code, *given)
    installation.start()
    yield installation
    assert installation.stop() == 0, installation.log()


@pytest.fixture(scope="session")
def board(server: Installation) -> Caller:
    return server.caller("board", "lam-dong/bao-lam")


@pytest.fixture(scope="session")
def neighbor(server: Installation) -> Caller:
    return server.caller("board", "lam-dong/duc-trong")


@pytest.fixture(scope="session")
def province(server: Installation) -> Caller:
    return server.caller("province", "lam-dong")
