"""`nguon replay` on the demo: figures from the logs alone, and the story of one person."""

import json
from datetime import date, datetime
from typing import Any

import pytest
from tests.acceptance.installation import Installation
from tests.acceptance.recount import Event, Recount

FIGURES = """
query Figures($code: String!, $at: At) {
  organization(code: $code, at: $at) {
    code
    pipeline(group: "WOMEN") { stage count }
    progress(period: {year: 2023}, group: "WOMEN") { achieved }
    children { nodes {
      code
      pipeline(group: "WOMEN") { stage count }
      progress(period: {year: 2023}, group: "WOMEN") { achieved }
    } }
  }
}
"""
DAY, KNOWN = "2023-09-17", "2023-10-30T17:00:00Z"


@pytest.fixture(scope="module")
def replayed(demo: Installation) -> dict[str, Any]:
    """The province's women on a day, as known some weeks later."""
    clocks = ("--effective", DAY, "--known", KNOWN)
    printed = demo.run(
        "replay", "--tenant", "lam-dong", *clocks, "--group", "WOMEN", "--json", timeout_s=120
    )
    found: dict[str, Any] = json.loads(printed)
    return found


def test_a_replay_counts_what_the_read_models_show(
    demo: Installation, replayed: dict[str, Any]
) -> None:
    """The province and all directly below it."""
    at = {"effective": DAY, "known": KNOWN}
    token = demo.token("province", "lam-dong")
    shown = demo.ask(FIGURES, token, {"code": "lam-dong", "at": at})["organization"]
    by_code = {line["code"]: line for line in replayed["organizations"]}

    assert shown["children"]["nodes"]
    for organization in (shown, *shown["children"]["nodes"]):
        line = by_code[organization["code"]]
        stages = {each["stage"]: each["count"] for each in organization["pipeline"]}
        assert line["stages"] == stages
        assert line["admitted"]["DECISION"].get("2023", 0) == organization["progress"]["achieved"]


def test_a_replay_counts_what_a_recount_counts(
    replayed: dict[str, Any], exported: dict[str, list[Event]]
) -> None:
    """Every organization, its admissions by both days that count and its targets."""
    known = datetime.fromisoformat(KNOWN)
    recount, day = Recount(exported["lam-dong"], known), date.fromisoformat(DAY)

    assert len(replayed["organizations"]) > 20
    assert any(line["targets"] for line in replayed["organizations"])
    for line in replayed["organizations"]:
        code = line["code"]
        assert line["stages"] == recount.pipeline(code, day, "WOMEN"), code
        for by, years in line["admitted"].items():
            first = date(2000, 1, 1)
            assert sum(years.values()) == recount.admitted(code, first, day, "WOMEN", by), code
        for target in line["targets"]:
            period, group, basis = target["period"], target["group"], target["basis"]
            stated = recount.target(code, period, day, group, basis)
            assert stated is not None
            assert stated["count"] == target["count"]


def test_the_story_of_a_person_has_a_line_an_event(
    demo: Installation, exported: dict[str, list[Event]]
) -> None:
    """What stands on that day, then who recorded what when; no personal field is among it."""
    person = next(e for e in exported["lam-dong"] if e["type"] == "candidate.admission_decided")
    own = [e for e in exported["lam-dong"] if e["subject"] == person["subject"]]
    given = ("--tenant", "lam-dong", "--person", person["subject"])
    printed = demo.run("replay", *given, "--effective", person["effectiveOn"])
    state, place, *story = printed.splitlines()

    assert state.startswith(f"on {person['effectiveOn']}: ")
    assert f"in: {person['tenant']}/" in place
    assert len(story) == len(own)
    for line, event in zip(story, own, strict=True):
        assert line.startswith(f"{event['sequence']}: {event['effectiveOn']} {event['type']}")
        assert f"by {event['actor']}" in line
    assert "fullName" not in "".join(story)


def test_the_story_of_an_organization_follows_its_figures(demo: Installation) -> None:
    """From its establishment on."""
    given = ("--tenant", "lam-dong/bao-lam", "--organization", "lam-dong/bao-lam/b-la")
    first, known, name, *rest = demo.run("replay", *given, "--effective", DAY).splitlines()

    assert first == f"on {DAY}, in the tree of {DAY}"
    assert known.startswith("known up to: lam-dong/bao-lam ")
    assert name.startswith("lam-dong/bao-lam/b-la\t")
    assert any("organization.established: code lam-dong/bao-lam/b-la" in line for line in rest)
