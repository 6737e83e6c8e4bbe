"""The reform of July 2025: a figure in the tree of its day and restated in today's, explained."""

import random
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from tests.acceptance.bridges import amounts, bridge, part, shown
from tests.acceptance.installation import Installation
from tests.acceptance.reform import AFTER
from tests.profile import at_length

BEFORE, REFORM = "2025-06-30", "2025-07-01"
DAY = {"effective": BEFORE}
RESTATED = {"effective": BEFORE, "tree": AFTER}
TERM = {"achieved": {"term": "2020-2025"}}
FIGURES = (TERM, {"stage": "FULL_MEMBER"}, {"stage": "IDENTIFIED"})
GROUPS = (None, "WOMEN", "ETHNIC_MINORITY")
B_LA, LOC_TAN = "lam-dong/bao-lam/b-la", "lam-dong/bao-lam/loc-tan"
ACROSS = (
    *("lam-dong", "lam-dong/bao-lam", "lam-dong/bao-loc", "lam-dong/khoi", B_LA, LOC_TAN),
    *("lam-dong/bao-lam-1", "lam-dong/bao-lam-4", "lam-dong/phuong-2-bao-loc"),
    "lam-dong/cac-co-quan-dang",
)
CHILDREN = """query Q($code: String!, $at: At) { organization(code: $code, at: $at) {
  children(first: 1000) { nodes { code pipeline { stage count }
    progress(period: {term: "2020-2025"}) { achieved } } } } }"""


def restated(
    reformed: Installation,
    code: str,
    figure: dict[str, Any],
    **given: Any,  # noqa: ANN401 (the question)
) -> dict[str, Any]:
    """The bridge of a figure of the eve of the reform, from the tree of that day to today's."""
    asked = {"figure": figure, "from": DAY, "to": RESTATED, "first": 100, **given}
    return bridge(reformed, reformed.token("province", "lam-dong"), code, **asked)


@pytest.mark.parametrize(
    ("old", "new", "mates"),
    [
        (B_LA, "lam-dong/bao-lam-4", {"lam-dong/bao-lam"}),
        (LOC_TAN, "lam-dong/phuong-2-bao-loc", {"lam-dong/bao-loc"}),
    ],
)
@pytest.mark.parametrize("figure", FIGURES, ids=str)
def test_a_commune_restated_is_itself_and_those_it_was_joined_with(
    reformed: Installation, old: str, new: str, mates: set[str], figure: dict[str, Any]
) -> None:
    """B'Lá was joined with communes of its own district, Lộc Tân with those of another one."""
    found = restated(reformed, old, figure, toCode=new)
    moved = part(found, "MOVED_ORGANIZATIONS")

    assert amounts(found).keys() <= {"MOVED_ORGANIZATIONS"}
    assert sum(each["amount"] for each in moved["places"]) == found["difference"]
    for place in moved["places"]:
        assert place["organization"].startswith(f"{new}/")
        assert place["elsewhere"].rpartition("/")[0].rpartition("/")[0] in mates
        assert not place["elsewhere"].startswith(f"{old}/")
    if found["difference"]:
        ended = {each["organization"] for each in moved["events"]}
        assert {place["elsewhere"] for place in moved["places"]} <= ended
        assert {each["effectiveOn"] for each in moved["events"]} == {REFORM}


def test_both_communes_have_people_who_joined_them(reformed: Installation) -> None:
    """None of the bridges above explains nothing."""
    for old, new in ((B_LA, "lam-dong/bao-lam-4"), (LOC_TAN, "lam-dong/phuong-2-bao-loc")):
        assert restated(reformed, old, TERM, toCode=new)["difference"] > 0


@pytest.mark.parametrize("figure", FIGURES, ids=str)
def test_the_province_is_the_same_in_both_trees(
    reformed: Installation, figure: dict[str, Any]
) -> None:
    """Given all its districts ended, then nobody has left the province, and nothing moved in it."""
    found = restated(reformed, "lam-dong", figure)
    token = reformed.token("province", "lam-dong")
    trees = []
    for at in (DAY, RESTATED):
        given = {"code": "lam-dong", "at": at}
        shown = reformed.ask(CHILDREN, token, given)["organization"]["children"]["nodes"]
        trees.append({each["code"]: count(each, figure) for each in shown})

    assert found["to"] > 0
    assert amounts(found) == {}
    assert found["from"] == found["to"] == sum(trees[0].values()) == sum(trees[1].values())
    assert "lam-dong/bao-lam" in trees[0].keys() - trees[1].keys()
    assert {"lam-dong/bao-lam-4", "lam-dong/phuong-2-bao-loc"} <= trees[1].keys() - trees[0].keys()


def test_who_went_over_to_another_tenant_has_moved_and_is_not_new(reformed: Installation) -> None:
    """Given half a year with the reform in it, then hand-overs with the cell are no new facts."""
    for stage in ("IDENTIFIED", "SYMPATHIZER", "IN_TRANSIT"):
        found = restated(reformed, "lam-dong", {"stage": stage}, to={"effective": AFTER})
        handed_over = {"candidate.handed_over", "candidate.received"}
        for name in ("NEW_FACTS", "LATE_FACTS"):
            assert not handed_over & {each["type"] for each in part(found, name)["events"]}
        moved = part(found, "MOVED_ORGANIZATIONS")
        assert moved["eventCount"] > 0
        assert {each["type"] for each in moved["events"]} <= handed_over


def test_the_parts_add_up_across_the_reform(reformed: Installation) -> None:
    """Given any two days, times and trees before and after, then every bridge adds up."""
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    token = reformed.token("province", "lam-dong")
    seen: Counter[str] = Counter()
    for _ in range(at_length(30)):
        codes = [chance.choice(ACROSS) for _ in range(2)]
        sides = [clocks(chance) for _ in range(2)]
        asked: dict[str, Any] = {"figure": chance.choice(FIGURES), "group": chance.choice(GROUPS)}
        given = {"from": sides[0], "to": sides[1], "toCode": codes[1], **asked}
        found = bridge(reformed, token, codes[0], first=100, **given)
        seen.update(amounts(found).keys())
        expected = [
            shown(reformed, token, {"code": code, "at": at}, **asked)
            for code, at in zip(codes, sides, strict=True)
        ]
        assert [found["from"], found["to"]] == expected, (seed, codes, given)
    assert {"NEW_FACTS", "MOVED_ORGANIZATIONS"} <= seen.keys(), (seed, seen)


def clocks(chance: random.Random) -> dict[str, str]:
    """Days before and after the reform; without `known` all of the log is."""
    days = [date(2021, 1, 1) + timedelta(days=chance.randrange(1_825)) for _ in range(3)]
    at = {"effective": days[0].isoformat()}
    if chance.random() < 0.5:
        at["known"] = f"{days[1]}T17:00:00Z"
    if chance.random() < 0.5:
        at["tree"] = days[2].isoformat()
    return at


def count(organization: dict[str, Any], figure: dict[str, Any]) -> int:
    """One figure of an organization."""
    if figure == TERM:
        achieved: int = organization["progress"]["achieved"]
        return achieved
    stages: dict[str, int] = {line["stage"]: line["count"] for line in organization["pipeline"]}
    return stages.get(figure["stage"], 0)
