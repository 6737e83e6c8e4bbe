"""A tenant sees nothing of another one through any field; a province sees figures and no person."""

from uuid import uuid4

import pytest
from tests.api.harness import Caller

QUERIES = (
    'organization(code: "{code}") {{ id }}',
    'candidate(id: "{id}") {{ id }}',
    'node(id: "{id}") {{ id }}',
    'candidates(organization: "{code}") {{ totalCount }}',
    'auditTrail(organization: "{code}") {{ nodes {{ text }} }}',
    'events(organization: "{code}") {{ more }}',
    'dueList(organization: "{code}") {{ totalCount }}',
    'bridge(organization: "{code}", figure: {{stage: IDENTIFIED}}, from: {{}}, to: {{}}) {{ to }}',
)


@pytest.mark.parametrize("query", QUERIES, ids=range(8))
def test_nothing_of_a_neighbor_can_be_read(board: Caller, neighbor: Caller, query: str) -> None:
    """Neither by code nor by an identifier that was overheard; it does not even exist."""
    cell = board.cell()
    candidate = board.candidate(cell)["candidate"]["id"]
    asked = f"{{ found: {query.format(code=cell, id=candidate)} }}"
    answer = neighbor.ask(asked)
    own = board.ask(asked)

    assert own["data"]["found"] is not None
    assert not (answer["data"] or {}).get("found")
    assert answer["errors"][0]["extensions"]["code"].endswith("NOT_FOUND")


def test_nothing_of_a_neighbor_can_be_changed(board: Caller, neighbor: Caller) -> None:
    """Every way in is closed alike, and nothing is written."""
    cell = board.cell()
    recorded = board.candidate(cell)
    candidate, position = recorded["candidate"]["id"], recorded["position"]
    attempts = (
        neighbor.candidate(cell),
        neighbor.do("listSympathizer", candidate=candidate, occurredOn="2021-04-01"),
        neighbor.do("renameOrganization", organization=cell, occurredOn="2022-01-01", name="Khác"),
        neighbor.do("correctEvent", event=position, occurredOn="2022-01-01", reason="Khác"),
        neighbor.do(
            "assignTarget",
            organization=cell,
            occurredOn="2022-01-01",
            period={"year": 2022},
            count=1,
        ),
    )

    assert {"NotFound"} == {attempt["__typename"] for attempt in attempts}
    query = "query ($c: String!) { events(organization: $c) { events { sequence } } }"
    assert len(board.get(query, c=cell)["events"]["events"]) == 2


def test_a_tenant_has_no_superior_to_look_up_to(board: Caller, province: Caller) -> None:
    """The province is above the token of a tenant, and visible to its own."""
    query = '{ organization(code: "lam-dong/bao-lam") { parent { code } } }'

    assert board.get(query)["organization"]["parent"] is None
    assert {"code": "lam-dong"} == province.get(query)["organization"]["parent"]


def test_a_province_sees_figures_and_no_person(board: Caller, province: Caller) -> None:
    """Roll-ups of its tenants and events in the clear; no case, and nothing to record there."""
    name = f"Người {uuid4().hex[:8]}"
    cell = board.cell()
    recorded = board.candidate(
        cell, fullName=name, religion="Phật giáo", identityNumber="012345678901"
    )
    figures = province.get(
        """query ($code: String!, $at: At) {
          organization(code: "lam-dong", at: $at) { pipeline { stage count }
            children { nodes { code pipeline { stage count } } } }
          auditTrail(organization: $code) { nodes { text } }
          events(organization: $code) { events { data } } }""",
        code=cell,
        at={"after": recorded["position"]},
    )
    cases = province.ask(
        "query ($id: ID!) { candidate(id: $id) { stage fullName } }", id=recorded["candidate"]["id"]
    )

    assert name not in str(figures)
    assert "Phật" not in str(figures)
    assert {"lam-dong/bao-lam", "lam-dong/duc-trong"} <= {
        node["code"] for node in figures["organization"]["children"]["nodes"]
    }
    assert cases["data"] == {"candidate": None}
    assert "PROVINCE_READS_FIGURES" == cases["errors"][0]["extensions"]["code"]
    assert "NotPermitted" == province.candidate(cell)["__typename"]


def test_roles_without_leave_to_read_are_told_so(board: Caller) -> None:
    """A helper reads nothing here; the refusal is about the role, not about the thing."""
    helper = board.installation.caller("helper", "lam-dong/bao-lam")
    answer = helper.ask('{ organization(code: "lam-dong/bao-lam") { id } }')

    assert "NOT_PERMITTED" == answer["errors"][0]["extensions"]["code"]
