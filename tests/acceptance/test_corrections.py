"""What was recorded of several things at once is corrected, or says what is done instead."""

from typing import Any

from tests.acceptance.commune import Commune
from tests.acceptance.sittings import act, nodes, open_class
from tests.acceptance.test_organizations import people

EVENTS = """query Q($code: String!, $types: [String!]) {
  events(organization: $code, types: $types, first: 100) { events { position } } }"""
CHARGES = """query Q($id: ID!) { node(id: $id) {
  ... on Territory { charges { organization { code } } } } }"""


def last(commune: Commune, event: str) -> str:
    """The position of the last event of a type that concerns the commune."""
    given = {"code": commune.code, "types": [event]}
    found = commune.installation.ask(EVENTS, commune.board, given)["events"]["events"]
    position: str = found[-1]["position"]
    return position


def corrected(commune: Commune, event: str, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 (fields of an event)
    """What the board's correction of the last event of a type answers."""
    given: dict[str, Any] = {"replacement": {"fields": fields}} if fields else {}
    return commune.attempt(
        "correctEvent",
        occurredOn="2024-06-03",
        event=last(commune, event),
        reason="Ghi nhầm",
        **given,
    )


def test_the_people_of_a_split_go_back_to_the_whole(commune: Commune) -> None:
    """Given a cell that a part left, when the split is voided, then nobody ever left it."""
    whole, part = f"{commune.code}/thon-1", f"{commune.code}/chi-bo-thon-1a"
    one = commune.identify()
    commune.identify(fullName="Ka Hồng Thử")
    founding = {"superior": commune.code, "name": "Chi bộ thôn 1A", "kind": "SUBORDINATE_CELL"}
    split = commune.do(
        "splitOrganization",
        occurredOn="2022-08-01",
        organization=whole,
        parts=[{"founding": {**founding, "codeSegment": "chi-bo-thon-1a"}, "candidates": [one]}],
        remains=True,
    )
    after = {"after": split["position"]}
    assert (people(commune, part, **after), people(commune, whole, **after)) == (1, 1)
    done = corrected(commune, "organization.divided")
    assert done["__typename"] == "CorrectionRecorded", done
    after = {"after": done["position"]}

    assert (people(commune, part, **after), people(commune, whole, **after)) == (0, 2)


def test_a_territory_is_corrected_with_organizations_by_their_codes(commune: Commune) -> None:
    """Given the wrong cell in a change of charge, when it is corrected, then the right one is."""
    installation = commune.installation
    cells = [f"{commune.code}/thon-{number}" for number in (1, 2)]
    assigned = commune.do(
        "assignTerritory",
        occurredOn="2022-01-05",
        organization=commune.code,
        organizations=cells,
        member="uv-2",
        memberName="Lê Văn Phụ Trách",
    )
    territory = assigned["territory"]["id"]
    commune.do(
        "changeTerritory", occurredOn="2022-06-15", territory=territory, organizations=cells[:1]
    )
    done = corrected(commune, "territory.changed", organizations=cells[1:])
    assert done["__typename"] == "CorrectionRecorded", done
    people(commune, commune.code, after=done["position"])
    charges = installation.ask(CHARGES, commune.board, {"id": territory})["node"]["charges"]

    assert [each["organization"]["code"] for each in charges] == [cells[0], cells[1]]


def test_a_call_up_list_is_corrected_while_nobody_stands_on_it(commune: Commune) -> None:
    """Given the wrong person on the list: once enrolled the list stands, before it is corrected."""
    cell = f"{commune.code}/thon-1"
    wrong, right = commune.identify(), commune.identify(fullName="Ka Đúng Thử")
    course = open_class(commune)["id"]
    proposal = {"organization": cell, "candidates": [wrong], "course": course}
    act(commune, "proposeParticipants", occurredOn="2023-01-20", **proposal)
    act(commune, "enrollParticipants", occurredOn="2023-02-01", candidates=[wrong], course=course)
    stands = corrected(commune, "course.participants_proposed", candidates=[right])
    assert (stands["__typename"], stands["code"]) == ("Conflict", "EVENT_HAS_SUCCESSORS")
    corrected(commune, "course.participants_enrolled")
    done = corrected(commune, "course.participants_proposed", candidates=[right])
    assert done["__typename"] == "CorrectionRecorded", done
    (shown,) = nodes(commune, "courses", "Course", after=done["position"])

    assert [each["candidate"] for each in shown["participants"]] == [right]


def test_the_minutes_say_where_an_item_is_corrected(commune: Commune) -> None:
    """Given an item of a sitting, its correction is refused with what to do instead."""
    candidate = commune.identify()
    act(
        commune,
        "holdMeeting",
        occurredOn="2022-02-01",
        organization=f"{commune.code}/thon-1",
        kind="CELL_MEETING",
        members=9,
        present=9,
        items=[{"matter": "LIST_SYMPATHIZER", "candidate": candidate}],
    )
    refused = corrected(commune, "meeting.item_taken")

    assert (refused["__typename"], refused["code"]) == ("InvalidInput", "EVENT_NOT_CORRECTABLE")
    assert "Correct the step in the person's case" in refused["message"]
