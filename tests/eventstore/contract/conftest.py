"""The logs that the contract is held to."""

import pytest
from tests.databases import Log, now
from tests.eventstore.contract.place import Place
from tests.eventstore.memory import MemoryStore


@pytest.fixture(params=["postgresql", "memory"])
def place(request: pytest.FixtureRequest) -> Place:
    if request.param == "memory":
        return Place(MemoryStore([1, 2, 3], now), 2, 3)
    log: Log = request.getfixturevalue("log")
    return Place(log.store, log.tenant, log.other)
