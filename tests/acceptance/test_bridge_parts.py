"""Each part of a bridge, where it comes from: late facts, corrections, targets, rules, moves."""

from typing import Any

from tests.acceptance.bridges import amounts, bridge, events_of, part
from tests.acceptance.commune import Commune

YEAR = {"year": 2022}
BASIS = """query Q($code: String!, $at: At) { organization(code: $code, at: $at) {
  basis { token } } }"""


def report(commune: Commune, code: str | None = None, **at: str) -> str:
    """The basis of the figures of an organization, the commune unless told, at the year's end."""
    given = {"code": code or commune.code, "at": {"effective": "2022-12-31", **at}}
    shown = commune.installation.ask(BASIS, commune.board, given)["organization"]
    token: str = shown["basis"]["token"]
    return token


def since(
    commune: Commune,
    basis: str,
    figure: dict[str, Any],
    after: str,
    code: str | None = None,
    **given: Any,  # noqa: ANN401 (the question)
) -> dict[str, Any]:
    """The bridge from a report to what is known after a position, of the same day."""
    to = {"effective": "2022-12-31", "after": after}
    asked = {"figure": figure, "from": {"basis": basis}, "to": to, **given}
    return bridge(commune.installation, commune.board, code or commune.code, **asked)


def admitted(commune: Commune, on: str, **particulars: Any) -> str:  # noqa: ANN401 (a mutation's own fields)
    """The position of a new admission."""
    candidate = commune.identify(**particulars)
    commune.prepare(candidate)
    position: str = commune.admit(candidate, on)["position"]
    return position


def assigned(commune: Commune, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 (a mutation's own fields)
    """A target of the year from the district."""
    return commune.do(
        "assignTarget", occurredOn="2022-01-05", organization=commune.code, period=YEAR, **fields
    )


def test_what_came_late_and_what_was_corrected_stand_apart(commune: Commune) -> None:
    """Given a report, when one admission comes late and one is voided, then both are named."""
    voided = admitted(commune, "2022-07-01")
    kept = admitted(commune, "2022-08-01", fullName="Ka Hồng Thử")
    basis = report(commune, after=kept)
    late = admitted(commune, "2022-09-01", fullName="Ka Thị Muộn")
    done = commune.do("correctEvent", occurredOn="2022-12-01", event=voided, reason="Ghi nhầm")
    found = since(commune, basis, {"achieved": YEAR}, done["position"])

    assert late
    assert (found["from"], found["to"]) == (2, 2)
    assert amounts(found) == {"LATE_FACTS": 1, "CORRECTIONS": -1}
    assert events_of(found, "LATE_FACTS") == [("candidate.admission_decided", 1)]
    assert events_of(found, "CORRECTIONS") == [("candidate.entry_voided", -1)]


def test_a_corrected_day_is_a_correction_and_its_replacement(commune: Commune) -> None:
    """Given a decision entered for 2023, when its day is corrected, then nothing came late."""
    wrong = admitted(commune, "2023-01-03")
    basis = report(commune, after=wrong)
    done = commune.do(
        "correctEvent",
        occurredOn="2023-02-01",
        event=wrong,
        reason="Ghi nhầm ngày",
        replacement={"occurredOn": "2022-12-28"},
    )
    found = since(commune, basis, {"achieved": YEAR}, done["position"])

    assert amounts(found) == {"CORRECTIONS": 1}
    assert events_of(found, "CORRECTIONS") == [("candidate.admission_decided", 1)]


def test_a_target_is_told_apart_from_what_it_counts(commune: Commune) -> None:
    """Given a target, when its number and its counting date change, then each part is its own."""
    target = assigned(commune, count=2)
    position = admitted(commune, "2022-07-01")
    basis = report(commune, after=position)
    adjusted = commune.do(
        "adjustTarget",
        occurredOn="2022-06-01",
        target=target["target"]["id"],
        count=5,
        reason="Bổ sung",
    )
    raised = since(commune, basis, {"target": YEAR}, adjusted["position"])
    unchanged = since(commune, basis, {"achieved": YEAR}, adjusted["position"])
    commune.do(
        "correctEvent", occurredOn="2022-12-01", event=adjusted["position"], reason="Ghi nhầm"
    )
    commune.do("correctEvent", occurredOn="2022-12-01", event=target["position"], reason="Ghi nhầm")
    again = assigned(commune, count=2, counting="CEREMONY")
    recounted = since(commune, basis, {"achieved": YEAR}, again["position"])

    assert (raised["from"], raised["to"], amounts(raised)) == (2, 5, {"TARGET_CHANGES": 3})
    assert events_of(raised, "TARGET_CHANGES") == [("target.adjusted", None)]
    assert amounts(unchanged) == {}
    assert part(unchanged, "RULE_CHANGES")["text"] == "Both figures are counted in the same way."
    assert amounts(recounted) == {"RULE_CHANGES": -1}
    assert [kind for kind, _ in events_of(recounted, "RULE_CHANGES")] == [
        "target.adjusted",
        "target.entry_voided",
        "target.entry_voided",
        "target.set",
    ]


def test_a_share_grows_with_who_was_admitted(commune: Commune) -> None:
    """Given half of all admissions as a target, when one comes late, then the target grows."""
    assigned(commune, sharePercent=50, group="WOMEN")
    first = admitted(commune, "2022-07-01")
    basis = report(commune, after=first)
    late = admitted(commune, "2022-09-01", fullName="Ka Thị Muộn")
    found = since(commune, basis, {"target": YEAR}, late, group="WOMEN")

    assert (found["from"], found["to"]) == (0.5, 1)
    assert amounts(found) == {"LATE_FACTS": 0.5}


def test_people_of_a_part_have_moved_and_nothing_else(commune: Commune) -> None:
    """Given a cell's figure, when part of it becomes a cell of its own, then only that moved."""
    whole = f"{commune.code}/thon-1"
    one = commune.identify()
    two = commune.identify(fullName="Ka Hồng Thử")
    listed = [
        commune.do("listSympathizer", occurredOn="2022-02-01", candidate=each)["position"]
        for each in (one, two)
    ]
    basis = report(commune, whole, after=listed[-1])
    founding = {"superior": commune.code, "name": "Chi bộ thôn 1A", "kind": "SUBORDINATE_CELL"}
    split = commune.do(
        "splitOrganization",
        occurredOn="2022-08-01",
        organization=whole,
        parts=[{"founding": {**founding, "codeSegment": "chi-bo-thon-1a"}, "candidates": [one]}],
        remains=True,
    )
    figure = {"stage": "SYMPATHIZER"}
    of_cell = since(commune, basis, figure, split["position"], whole)
    restated = bridge(
        commune.installation,
        commune.board,
        whole,
        figure=figure,
        **{"from": {"effective": "2022-07-31"}, "to": {"effective": "2022-12-31"}},
    )
    of_commune = since(commune, report(commune), figure, split["position"])

    for found in (of_cell, restated):
        assert (found["from"], found["to"]) == (2, 1)
        assert amounts(found) == {"MOVED_ORGANIZATIONS": -1}
    assert events_of(of_cell, "MOVED_ORGANIZATIONS") == [("candidate.assigned_to_part", -1)]
    assert ("organization.divided", None) in events_of(restated, "MOVED_ORGANIZATIONS")
    assert (of_commune["difference"], amounts(of_commune)) == (0, {})
