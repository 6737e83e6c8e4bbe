"""Generic records over HTTP: one mutation, one list. Knows the public contract only."""

from typing import Any
from uuid import uuid4

from tests.acceptance.installation import Installation

REFUSAL = "... on Refusal { code message field rule }"


def act(
    installation: Installation,
    token: str,
    mutation: str,
    noun: str,
    shown: str,
    **fields: Any,  # noqa: ANN401 (a mutation's own fields)
) -> dict[str, Any]:
    """The record of a `noun` after a mutation, or its refusal; `position` is there on success."""
    given_type = f"{mutation[0].upper()}{mutation[1:]}Input!"
    query = f"""mutation M($input: {given_type}) {{ {mutation}(input: $input) {{ __typename
      ... on {noun}Recorded {{ position {noun.lower()} {{ {shown} }} }} {REFUSAL} }} }}"""
    given = {"commandId": str(uuid4()), **fields}
    answer = installation.ask(query, token, {"input": given})[mutation]
    if noun.lower() in answer:
        return {**answer[noun.lower()], "position": answer["position"]}
    refused: dict[str, Any] = answer
    return refused


def listed(  # noqa: PLR0913 - one list and who asks
    installation: Installation,
    token: str,
    query: str,
    shown: str,
    organization: str,
    *,
    kinds: str = "",
    **at: str,
) -> list[dict[str, Any]]:
    """The first page of a list of records."""
    asked = f"""query Q($code: String!, $at: At) {{
      {query}(organization: $code, at: $at{kinds}) {{ nodes {{ {shown} }} }} }}"""
    data = installation.ask(asked, token, {"code": organization, "at": at})
    found: list[dict[str, Any]] = data[query]["nodes"]
    return found
