"""The reform of 2025 as its readers see it: who stood where, and what each figure said.

Knows the public contract only.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from tests.acceptance.installation import Installation

AFTER = "2025-12-31"
OUT = "TRANSFERRED_OUT"
FIRST = 100
FIGURES = "code pipeline { stage count }"
LEVELS_BELOW = 3
"""Tenants, what is grassroots, cells."""
PEOPLE = """query Q($code: String!, $at: At!, $after: String) {
  candidates(organization: $code, at: $at, first: 100, after: $after) {
    pageInfo { endCursor hasNextPage }
    nodes { stage fullName birthDate transferredTo organization { code } } } }"""
PLANS = """query Q($code: String!) { reorganizations(organization: $code) {
  id state title plannedOn tenants { code leg }
  changes { kind organizations into founding { code } successorsOutside } } }"""

Figures: TypeAlias = dict[str, Counter[str]]
"""By the code of an organization: how many people of it and all below it stand at each stage."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at a cell. The synthetic names and birth dates tell the people of a cell apart."""

    cell: str
    name: str
    born: str


@contextmanager
def served_reform(home: Path) -> Iterator[Installation]:
    """A served demo, of another seed than the default, up to `AFTER`."""
    installation = Installation(home)
    installation.run("demo", "--until", AFTER, "--people", "100", "--seed", "7")
    installation.serve()
    try:
        yield installation
    finally:
        installation.stop()


def figures(
    installation: Installation, province: str, fields: str = FIGURES, **at: str
) -> dict[str, dict[str, Any]]:
    """Fields of every organization of a province, by its code."""
    asked = fields
    for _ in range(LEVELS_BELOW):
        asked = f"{fields} children(first: {FIRST}) {{ totalCount nodes {{ {asked} }} }}"
    query = (
        f"query Q($code: String!, $at: At!) {{ organization(code: $code, at: $at) {{ {asked} }} }}"
    )
    data = installation.ask(
        query, installation.token("province", province), {"code": province, "at": at}
    )
    found: dict[str, dict[str, Any]] = {}
    _gather(data["organization"], found)
    return found


def _gather(shown: dict[str, Any], found: dict[str, dict[str, Any]]) -> None:
    below = shown.pop("children", {"totalCount": 0, "nodes": []})
    assert below["totalCount"] == len(below["nodes"])
    found[shown["code"]] = shown
    for each in below["nodes"]:
        _gather(each, found)


def pipelines(installation: Installation, province: str, **at: str) -> Figures:
    """The stages of everybody, by organization; who has nobody is left out."""
    found = figures(installation, province, **at)
    return {
        code: Counter({line["stage"]: line["count"] for line in shown["pipeline"]})
        for code, shown in found.items()
        if shown["pipeline"]
    }


def people(installation: Installation, tenant: str, **at: str) -> dict[Person, dict[str, Any]]:
    """Everybody in a tenant's own cases, as its board sees them."""
    token, found, after = installation.token("board", tenant), {}, None
    while True:
        page = installation.ask(PEOPLE, token, {"code": tenant, "at": at, "after": after})
        for node in page["candidates"]["nodes"]:
            who = Person(node["organization"]["code"], node["fullName"], node["birthDate"])
            assert who not in found
            found[who] = node
        if not page["candidates"]["pageInfo"]["hasNextPage"]:
            return found
        after = page["candidates"]["pageInfo"]["endCursor"]


def plans(installation: Installation, province: str) -> list[dict[str, Any]]:
    """The province's plans, the newest day first."""
    token = installation.token("province", province)
    found: list[dict[str, Any]] = installation.ask(PLANS, token, {"code": province})[
        "reorganizations"
    ]
    return found


def successor_of(changes: Iterable[dict[str, Any]]) -> Callable[[str], str]:
    """What took the place of an organization by some plans, as their texts say it."""
    goes_on = {
        change["organizations"][0]: change["founding"]["code"]
        for change in changes
        if change["kind"] == "HAND_OVER" and change["founding"] is not None
    }

    def found(code: str) -> str:
        above, rest = code, ""
        while above:
            if above in goes_on:
                return found(goes_on[above] + rest)
            above, slash, segment = above.rpartition("/")
            rest = f"{slash}{segment}{rest}"
        return code

    return found


def tenant_of(code: str) -> str:
    """The tenant that an organization belongs to."""
    return "/".join(code.split("/")[:2])
