"""The generated schema is checked in, so that a change of the contract is seen in review."""

from pathlib import Path

from api.schema import schema

FILE = Path(__file__).parents[2] / "schema.graphql"


def test_schema_graphql_is_the_schema() -> None:
    """Write it anew with `python -c 'from api.schema import schema; print(schema.as_str())'`."""
    assert FILE.read_text(encoding="utf-8") == schema.as_str() + "\n"
