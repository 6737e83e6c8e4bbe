"""The logs that the contract is held to."""

import pytest
from tests.databases import Log, now
from tests.eventstore.contract.place import Place
from tests.eventstore.memory import MemoryStore


@pytest.fixture(params=["postgresql", "memory"])
def place(request: pytest.FixtureRequest) -> Place:
    if request.param == "memory":
        store = MemoryStore([1, 2, 3], now)
        return Place(store, 2, 3, store.set_key_version)
    log: Log = request.getfixturevalue("log")

    async def set_key_version(tenant_id: int, version: int) -> None:
        async with log.database.tenant(tenant_id) as connection:
            await connection.execute(
                "UPDATE tenant_log SET key_version = $2 WHERE tenant_id = $1", tenant_id, version
            )

    return Place(log.store, log.tenant, log.other, set_key_version)
