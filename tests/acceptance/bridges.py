"""Bridges between two figures, each of which is seen to add up. Knows the public contract only."""

from typing import Any

import pytest
from tests.acceptance.installation import Installation

BRIDGE = """
query Bridge($code: String!, $figure: BridgeFigureInput!, $from: At!, $to: At!, $group: String,
    $first: Int, $toCode: String) {
  bridge(organization: $code, figure: $figure, from: $from, to: $to, group: $group, first: $first,
      toOrganization: $toCode) {
    from to difference
    parts { part text amount eventCount places { organization elsewhere amount }
      events { tenant sequence type subject organization effectiveOn recordedAt amount } }
  }
}
"""
PROGRESS = "progress(period: $period, group: $group) { achieved target }"
PARTS = [
    "NEW_FACTS",
    "LATE_FACTS",
    "CORRECTIONS",
    "MOVED_ORGANIZATIONS",
    "TARGET_CHANGES",
    "RULE_CHANGES",
]


def bridge(installation: Installation, token: str, code: str, **given: Any) -> dict[str, Any]:  # noqa: ANN401 (the question)
    """A bridge, which is seen to add up."""
    found: dict[str, Any] = installation.ask(BRIDGE, token, {"code": code, **given})["bridge"]
    parts = found["parts"]
    assert [each["part"] for each in parts] == PARTS
    assert found["difference"] == (found["to"] or 0) - (found["from"] or 0)
    assert sum(each["amount"] for each in parts) == pytest.approx(found["difference"]), found
    for each in parts:
        told = [event["amount"] for event in each["events"] if event["amount"] is not None]
        is_whole = each["eventCount"] == len(each["events"]) == len(told)
        if is_whole and told and not each["places"]:
            assert sum(told) == pytest.approx(each["amount"]), each
    return found


def amounts(found: dict[str, Any]) -> dict[str, float]:
    """The parts that are something."""
    return {each["part"]: each["amount"] for each in found["parts"] if each["amount"]}


def part(found: dict[str, Any], name: str) -> dict[str, Any]:
    """One part."""
    return next(each for each in found["parts"] if each["part"] == name)


def events_of(found: dict[str, Any], name: str) -> list[tuple[str, float | None]]:
    """The types of a part's events, and what each explains."""
    return [(each["type"], each["amount"]) for each in part(found, name)["events"]]


def shown(
    installation: Installation,
    token: str,
    place: dict[str, Any],
    figure: dict[str, Any],
    group: str | None,
) -> Any:  # noqa: ANN401 (a figure)
    """The same figure, as the organization shows it."""
    named, value = next(iter(figure.items()))
    if named == "stage":
        kind, fields = "", "pipeline(group: $group) { stage count }"
    else:
        kind, fields = "$period: PeriodInput!, ", PROGRESS
    query = f"""query Q({kind}$code: String!, $at: At!, $group: String) {{
      organization(code: $code, at: $at) {{ {fields} }} }}"""
    given = {**place, "group": group, "period": value}
    organization = installation.ask(query, token, given)["organization"]
    if named != "stage":
        return organization["progress"][named]
    counts = {line["stage"]: line["count"] for line in organization["pipeline"]}
    return counts.get(value, 0)
