"""The quality of admissions follows the asked tree as their number does."""

from typing import Any

from tests.acceptance.commune import Commune

SPLIT_DAY = "2022-08-01"
FIGURES = """progress(period: {year: 2022}) { achieved }
  quality(period: {year: 2022}) { admitted stages { stage count } }"""


def shown(commune: Commune, code: str, **at: str) -> dict[str, Any]:
    query = (
        f"query Q($code: String!, $at: At) {{ organization(code: $code, at: $at) {{ {FIGURES} }} }}"
    )
    data = commune.installation.ask(query, commune.board, {"code": code, "at": at})
    found: dict[str, Any] = data["organization"]
    return found


def admitted(commune: Commune, name: str, cell: str) -> str:
    candidate = commune.identify(fullName=name, cell=cell)
    commune.prepare(candidate)
    commune.admit(candidate)
    return candidate


def test_who_was_admitted_before_a_split_or_a_merger_has_quality_where_the_person_counts(
    commune: Commune,
) -> None:
    """Cells that are divided and merged afterwards: number and quality agree in every tree."""
    one = admitted(commune, "K'Brịp Thử", "thon-1")
    two = admitted(commune, "Ka Hồng Thử", "thon-1")
    admitted(commune, "Ka Mai Thử", "thon-2")

    def part(name: str, *candidates: str) -> dict[str, Any]:
        founding = {"superior": commune.code, "name": name, "kind": "SUBORDINATE_CELL"}
        return {"founding": founding, "candidates": list(candidates)}

    commune.do(
        "splitOrganization",
        occurredOn=SPLIT_DAY,
        organization=f"{commune.code}/thon-1",
        parts=[part("Chi bộ thôn 1A", one), part("Chi bộ thôn 1B", two)],
        document="40-QĐ/HU",
    )
    last = commune.do(
        "mergeOrganizations",
        occurredOn="2022-09-01",
        organizations=[f"{commune.code}/thon-2"],
        into=f"{commune.code}/thon-1a",
        document="41-QĐ/HU",
    )
    after = {"after": last["position"], "effective": "2022-12-31"}

    for cell, tree, number in (
        ("thon-1a", "2022-12-31", 2),
        ("thon-1a", SPLIT_DAY, 1),
        ("thon-1b", "2022-12-31", 1),
        ("thon-1", "2022-07-31", 2),
        ("thon-2", "2022-07-31", 1),
    ):
        found = shown(commune, f"{commune.code}/{cell}", tree=tree, **after)
        assert found == {
            "progress": {"achieved": number},
            "quality": {"admitted": number, "stages": [{"stage": "DECIDED", "count": number}]},
        }, (cell, tree)
    whole = shown(commune, commune.code, **after)
    assert whole["progress"]["achieved"] == whole["quality"]["admitted"] == 3
