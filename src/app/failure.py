"""Failures that an operator can mend: one sentence says how, and no stack trace helps."""

# ruff: noqa: PLC0415 - the error types come with a driver, which is loaded after a failure only.


class Mendable(Exception):
    """The command line prints the message and exits with code 1."""


def is_mendable(error: Exception) -> bool:
    """Whether one sentence tells the operator everything; a surprise keeps its traceback."""
    from db.database import CONNECTION_LOST, DatabaseUnavailable
    from db.embedded import EmbeddedPostgresError
    from db.migrate import MigrationRefused
    from domain.errors import Refusal
    from eventstore.signed_memory import MemoryLost
    from eventstore.tenant_keys import KeysUnavailable

    expected = (
        *(Mendable, Refusal, MemoryLost, KeysUnavailable),
        *(EmbeddedPostgresError, MigrationRefused, DatabaseUnavailable),
    )
    return isinstance(error, (*expected, *CONNECTION_LOST))
