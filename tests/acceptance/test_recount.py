"""Every figure equals a recount from exported events, by code that knows only docs/events.md."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from tests.acceptance.installation import Installation
from tests.acceptance.recount import Event, Recount

CODES = (
    "lam-dong",
    "lam-dong/bao-lam",
    "lam-dong/bao-lam/b-la",
    "lam-dong/bao-lam/b-la/thon-1",
    "lam-dong/khoi",
    "binh-dinh",
)
DATES = ("2021-06-30", "2022-12-31", "2023-06-30", "2023-09-17", "2023-12-31")
GROUPS = (None, "WOMEN", "ETHNIC_MINORITY", "YOUTH_UNION", "YOUTH_AGE", "MINORITY_AREA")
FIGURES = """
query Figures($code: String!, $at: At, $group: String) {
  organization(code: $code, at: $at) {
    code
    pipeline(group: $group) { stage count }
    progress(period: {year: 2023}, group: $group) { target achieved percent shortfall }
    children { nodes {
      code
      pipeline(group: $group) { stage count }
      progress(period: {year: 2023}, group: $group) { target achieved }
    } }
  }
}
"""


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("day", DATES)
def test_pipeline_and_progress_equal_a_recount(
    demo: Installation, exported: dict[str, list[Event]], code: str, day: str
) -> None:
    """At five dates, for province, district, commune, cell and all directly below them."""
    recount = Recount(exported[code.split("/", maxsplit=1)[0]])
    for group in GROUPS:
        shown = _figures(demo, code, {"effective": day}, group)

        for organization in (shown, *shown["children"]["nodes"]):
            _assert_equal(recount, organization, date.fromisoformat(day), group)


@pytest.mark.parametrize(
    "known", ["2022-06-30T17:00:00Z", "2022-12-31T16:59:59Z", "2023-07-15T01:00:00Z"]
)
@pytest.mark.parametrize("day", ["2022-06-30", "2022-12-31"])
def test_figures_as_known_at_a_time_equal_a_recount_of_what_was_recorded_by_then(
    demo: Installation, exported: dict[str, list[Event]], known: str, day: str
) -> None:
    """Late and corrected entries count only from when they were recorded."""
    at = {"effective": day, "known": known}
    recount = Recount(exported["lam-dong"], datetime.fromisoformat(known).astimezone(UTC))

    shown = _figures(demo, "lam-dong", at, "ETHNIC_MINORITY")

    for organization in (shown, *shown["children"]["nodes"]):
        _assert_equal(recount, organization, date.fromisoformat(day), "ETHNIC_MINORITY")


def test_effective_and_known_differ_by_exactly_the_late_and_corrected_entries(
    demo: Installation, exported: dict[str, list[Event]]
) -> None:
    """Recounting without what came later explains the whole difference; and there is one."""
    day, known = date(2022, 12, 31), datetime(2022, 12, 31, 17, tzinfo=UTC)
    then = _figures(demo, "lam-dong", {"effective": "2022-12-31", "known": known.isoformat()}, None)
    now = _figures(demo, "lam-dong", {"effective": "2022-12-31"}, None)
    after = [e for e in exported["lam-dong"] if datetime.fromisoformat(e["recordedAt"]) > known]
    late = [
        e for e in after if e["effectiveOn"] <= "2022-12-31" or e["type"].endswith("entry_voided")
    ]
    without_late = [e for e in exported["lam-dong"] if e not in late]

    assert late
    assert then["pipeline"] != now["pipeline"]
    assert _counts(then) == Recount(without_late).pipeline("lam-dong", day)
    assert _counts(now) == Recount(exported["lam-dong"]).pipeline("lam-dong", day)


def test_the_sequence_of_each_tenant_has_no_gap_and_recorded_times_never_run_backwards(
    exported: dict[str, list[Event]],
) -> None:
    """Positions count from 1, and the order of recording is theirs."""
    for events in exported.values():
        tenants: dict[str, list[Event]] = {}
        for event in events:
            tenants.setdefault(event["tenant"], []).append(event)

        for tenant, log in tenants.items():
            assert [e["sequence"] for e in log] == list(range(1, len(log) + 1)), tenant
            recorded = [datetime.fromisoformat(e["recordedAt"]) for e in log]
            assert recorded == sorted(recorded), tenant


def _figures(
    demo: Installation, code: str, at: dict[str, str], group: str | None
) -> dict[str, Any]:
    token = demo.token("province", code.split("/", maxsplit=1)[0])
    variables = {"code": code, "at": at, "group": group}
    organization: dict[str, Any] = demo.ask(FIGURES, token, variables)["organization"]
    return organization


def _counts(organization: dict[str, Any]) -> dict[str, int]:
    return {line["stage"]: line["count"] for line in organization["pipeline"]}


def _assert_equal(
    recount: Recount, organization: dict[str, Any], day: date, group: str | None
) -> None:
    code, progress = organization["code"], organization["progress"]
    target = recount.target(code, "2023", day, group)
    expected = None if target is None else target["count"]
    achieved = recount.admitted(code, date(2023, 1, 1), day, group)

    assert _counts(organization) == recount.pipeline(code, day, group), (code, day, group)
    assert (progress["target"], progress["achieved"]) == (expected, achieved), (code, day, group)
