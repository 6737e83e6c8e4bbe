"""Why a figure differs between two days: the parts add up, and each names its events."""

import random
from collections import Counter
from typing import Any

import pytest
from tests.acceptance.bridges import BRIDGE, amounts, bridge, part, shown
from tests.acceptance.installation import Installation
from tests.acceptance.recount import Event
from tests.profile import at_length

BASIS = """query Q($code: String!, $at: At!) { organization(code: $code, at: $at) {
  basis { token } } }"""
BAO_LAM = "lam-dong/bao-lam"
CODES = ("lam-dong", BAO_LAM, f"{BAO_LAM}/b-la", "lam-dong/di-linh", "lam-dong/khoi", "binh-dinh")
GROUPS = (None, "WOMEN", "ETHNIC_MINORITY", "YOUTH_AGE")
FIGURE: tuple[dict[str, Any], ...] = (
    {"achieved": {"year": 2022}},
    {"achieved": {"term": "2020-2025"}},
    {"stage": "CERTIFIED"},
    {"stage": "PROBATIONARY"},
    {"stage": "FULL_MEMBER"},
    {"stage": "SYMPATHIZER"},
    {"target": {"year": 2022}},
    {"achieved": {"range": {"first": "2021-03-05", "last": "2023-02-11"}}},
)


@pytest.mark.requirement("R000-12")
def test_what_bao_lam_knew_of_2022_and_what_is_known_today(
    demo: Installation, exported: dict[str, list[Event]]
) -> None:
    """Given 2022's minority admissions as known that evening, then what came later explains it."""
    known = "2022-12-31T17:00:00+00:00"
    found = bridge(
        demo,
        demo.token("board", BAO_LAM),
        BAO_LAM,
        figure={"achieved": {"year": 2022}},
        group="ETHNIC_MINORITY",
        **{"from": {"effective": "2022-12-31", "known": known}, "to": {"effective": "2023-12-31"}},
    )
    recorded = {(each["tenant"], each["sequence"]): each for each in exported["lam-dong"]}
    late, corrections = part(found, "LATE_FACTS"), part(found, "CORRECTIONS")

    assert amounts(found).keys() == {"LATE_FACTS", "CORRECTIONS"}
    assert found["difference"] > 0
    for told in (*late["events"], *corrections["events"]):
        event = recorded[told["tenant"], told["sequence"]]
        assert (told["type"], told["effectiveOn"]) == (event["type"], event["effectiveOn"])
        assert told["recordedAt"] > known
        assert told["subject"] is not None
    assert {told["type"] for told in late["events"]} == {"candidate.admission_decided"}
    assert all(told["effectiveOn"] <= "2022-12-31" for told in late["events"])
    assert "candidate.entry_voided" in {told["type"] for told in corrections["events"]}


def test_what_bao_lam_reported_on_30_october_2023_and_what_is_known_today(
    demo: Installation, exported: dict[str, list[Event]]
) -> None:
    """Given the year's admissions as reported in October, then each later decision is named."""
    known = "2023-10-30T17:00:00+00:00"
    board = demo.token("board", BAO_LAM)
    before = {"effective": "2023-10-30", "known": known}
    basis = demo.ask(BASIS, board, {"code": BAO_LAM, "at": before})["organization"]["basis"]
    asked = {"figure": {"achieved": {"year": 2023}}, "first": 100}
    to = {"effective": "2023-12-31"}
    found = bridge(demo, board, BAO_LAM, **asked, **{"from": before, "to": to})
    report = {"from": {"basis": basis["token"]}, "to": to}
    decided = {
        each["sequence"]
        for each in exported["lam-dong"]
        if each["tenant"] == BAO_LAM
        and each["type"] == "candidate.admission_decided"
        and each["recordedAt"] > known
        and each["effectiveOn"] > "2023-10-30"
    }
    told = {each["sequence"] for each in part(found, "NEW_FACTS")["events"]}

    assert found["difference"] > 0
    assert told == decided
    assert bridge(demo, board, BAO_LAM, **asked, **report) == found


def test_who_may_not_see_cases_sees_only_what_explains(demo: Installation) -> None:
    """Given the province, then it reads events and days, and not whose they are."""
    to = {"effective": "2023-12-31"}
    asked = {"figure": {"achieved": {"year": 2023}}, "from": {"effective": "2023-01-31"}, "to": to}
    province = bridge(demo, demo.token("province", "lam-dong"), BAO_LAM, **asked)
    events = part(province, "NEW_FACTS")["events"]

    assert events
    assert {(each["subject"], each["organization"]) for each in events} == {(None, None)}
    refused = demo.answer(
        BRIDGE, demo.token("board", "lam-dong/di-linh"), {"code": BAO_LAM, **asked}
    )
    assert refused["errors"][0]["extensions"]["code"] == "ORGANIZATION_NOT_FOUND"
    for first in (0, 101):
        found = demo.answer(
            BRIDGE, demo.token("board", BAO_LAM), {"code": BAO_LAM, "first": first, **asked}
        )
        assert found["errors"][0]["extensions"]["code"] == "PAGE_SIZE"


def test_the_parts_add_up_for_any_two_days(
    demo: Installation, exported: dict[str, list[Event]]
) -> None:
    """Given random organizations, groups, figures and clocks, then every bridge adds up."""
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    seen: Counter[str] = Counter()
    for _ in range(at_length(40)):
        code = chance.choice(CODES)
        province = code.split("/", maxsplit=1)[0]
        token = demo.token("province", province)
        sides = [clocks(chance, exported[province]) for _ in range(2)]
        asked: dict[str, Any] = {
            "figure": chance.choice(FIGURE),
            "group": chance.choice(GROUPS),
        }
        given = {"from": sides[0], "to": sides[1], **asked}
        found = bridge(demo, token, code, first=100, **given)
        assert_later_than_known(found, [at["known"] for at in sides if "known" in at])
        seen.update(amounts(found).keys())
        expected = [shown(demo, token, {"code": code, "at": at}, **asked) for at in sides]
        assert [found["from"], found["to"]] == expected, (seed, code, given)
    assert {"NEW_FACTS", "LATE_FACTS"} <= seen.keys(), (seed, seen)


def assert_later_than_known(found: dict[str, Any], known: list[str]) -> None:
    """What came late, or corrects, was recorded after the earlier of two times of knowledge."""
    for name in ("LATE_FACTS", "CORRECTIONS"):
        for event in part(found, name)["events"]:
            assert known, found
            assert event["recordedAt"] > min(known), found


def clocks(chance: random.Random, events: list[Event]) -> dict[str, str]:
    """Days and times somewhere in the log; without `known` all of it is."""
    at = {"effective": chance.choice(events)["effectiveOn"]}
    if chance.random() < 0.7:
        at["known"] = chance.choice(events)["recordedAt"]
    if chance.random() < 0.3:
        at["tree"] = chance.choice(events)["effectiveOn"]
    return at
