"""Organizations over time: what they are like, how they change, and where their people count."""

from typing import Any

import pytest
from tests.acceptance.commune import Commune


def shown(commune: Commune, code: str, fields: str, **at: str) -> Any:  # noqa: ANN401 (as asked)
    """Fields of an organization as the district's board sees them."""
    query = (
        f"query Q($code: String!, $at: At) {{ organization(code: $code, at: $at) {{ {fields} }} }}"
    )
    data = commune.installation.ask(query, commune.board, {"code": code, "at": at})
    return data["organization"]


def people(commune: Commune, code: str, **at: str) -> int:
    """How many people are counted in an organization, whatever their stage."""
    pipeline = shown(commune, code, "pipeline { stage count }", **at)["pipeline"]
    return sum(line["count"] for line in pipeline)


@pytest.mark.requirement("R004-05", "R004-06", "R004-07", "R004-08", "R000-25")
def test_cells_are_found_by_their_characteristics_of_the_day(commune: Commune) -> None:
    """A commune works with its cells in minority and religious areas, each by its own kind."""
    first, second = f"{commune.code}/thon-1", f"{commune.code}/thon-2"
    for cell, characteristic, on in (
        (first, "VILLAGE", "2021-01-05"),
        (first, "ETHNIC_MINORITY_AREA", "2021-01-05"),
        (second, "RELIGIOUS_AREA", "2021-01-05"),
        (second, "ETHNIC_MINORITY_AREA", "2022-06-01"),
    ):
        last = commune.do(
            "assignCharacteristic",
            occurredOn=on,
            organization=cell,
            characteristic=characteristic,
            document="12-QĐ/ĐU",
        )

    def cells(characteristic: str, on: str) -> list[str]:
        found = shown(
            commune,
            commune.code,
            f'cells(characteristic: "{characteristic}") {{ code }}',
            effective=on,
            after=last["position"],
        )
        return [cell["code"] for cell in found["cells"]]

    assert cells("ETHNIC_MINORITY_AREA", "2021-12-31") == [first]
    assert cells("ETHNIC_MINORITY_AREA", "2022-06-01") == [first, second]
    assert cells("RELIGIOUS_AREA", "2022-06-01") == [second]
    of_first = shown(commune, first, "characteristics { code aspect }", effective="2022-01-10")
    assert {(each["code"], each["aspect"]) for each in of_first["characteristics"]} == {
        ("ETHNIC_MINORITY_AREA", "AREA"),
        ("VILLAGE", "TYPE"),
    }
    removed = commune.do(
        "removeCharacteristic",
        occurredOn="2023-01-05",
        organization=first,
        characteristic="ETHNIC_MINORITY_AREA",
    )
    after = {"after": removed["position"]}
    assert "ETHNIC_MINORITY_AREA" not in str(
        shown(commune, first, "characteristics { code }", effective="2023-01-05", **after)
    )
    assert cells("ETHNIC_MINORITY_AREA", "2023-01-04") == [first, second]


def test_after_a_merger_people_count_at_the_successor_and_their_cases_go_on(
    commune: Commune,
) -> None:
    """Two cells become one: their history stays theirs in every older tree."""
    first, second = f"{commune.code}/thon-1", f"{commune.code}/thon-2"
    moved = commune.identify()
    commune.identify(cell="thon-2", fullName="Ka Hồng Thử")
    commune.prepare(moved)
    merged = commune.do(
        "mergeOrganizations",
        occurredOn="2022-07-01",
        organizations=[first, second],
        founding={
            "superior": commune.code,
            "name": "Chi bộ thôn Liên Hợp",
            "kind": "SUBORDINATE_CELL",
        },
        document="20-QĐ/ĐU",
    )
    after = {"after": merged["position"]}
    successor = f"{commune.code}/thon-lien-hop"

    assert merged["organization"]["code"] == successor
    assert people(commune, successor, effective="2022-07-01", **after) == 2
    assert people(commune, first, effective="2022-06-30") == 1
    assert people(commune, commune.code, effective="2022-06-30") == 2
    assert people(commune, commune.code, effective="2022-07-01") == 2
    # The same people in the tree of the day before, a year later, and in the tree of a year later.
    assert people(commune, first, effective="2023-07-01", tree="2022-06-30") == 1
    assert people(commune, successor, effective="2022-06-30", tree="2023-07-01") == 2

    voted = commune.do(
        "recordCellVote", occurredOn="2022-07-10", candidate=moved, officialMembers=9, inFavor=9
    )
    query = """query Q($id: ID!, $at: At) {
      candidate(id: $id, at: $at) { stage organization { code } } }"""
    now = commune.installation.ask(
        query, commune.board, {"id": moved, "at": {"after": voted["position"]}}
    )
    assert now["candidate"]["organization"]["code"] == successor
    assert people(commune, first, effective="2023-07-01", tree="2022-06-30") == 1
    ended = shown(commune, first, "code endedOn successors { code on } predecessors { code }")
    assert ended == {
        "code": first,
        "endedOn": "2022-07-01",
        "successors": [{"code": successor, "on": "2022-07-01"}],
        "predecessors": [],
    }
    assert [
        each["code"] for each in shown(commune, successor, "predecessors { code }")["predecessors"]
    ] == [first, second]
    refused = commune.attempt(
        "identifyCandidate",
        occurredOn="2022-08-01",
        organization=first,
        fullName="Nguyễn Văn Thử",
        birthDate="1999-01-01",
        sex="MALE",
    )
    assert refused["code"] == "ORGANIZATION_ENDED"
