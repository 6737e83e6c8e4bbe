"""A figure's basis, given back, is answered with the same digits, whatever was recorded since."""

import base64
import json
from typing import Any

import pytest
from tests.acceptance.commune import Commune

ASKED = """query Q($code: String!, $at: At) { organization(code: $code, at: $at) {
  basis { token effective tree folds { name version }
    logs { tenant position treePosition size root } }
  ...Figures } }"""
FIGURES = """fragment Figures on Organization {
  name pipeline { stage count }
  children { nodes { code name pipeline { stage count } } }
  progress(period: {year: 2022}) { target achieved percent }
  admissions(period: {year: 2022}) { running }
  groupFigures(period: {year: 2022}) { group admitted source } }"""


def asked(commune: Commune, code: str | None = None, **at: Any) -> dict[str, Any]:  # noqa: ANN401 (clocks)
    """The figures of an organization, the commune unless told, and what they rest on."""
    given = {"code": code or commune.code, "at": at}
    shown: dict[str, Any] = commune.installation.ask(ASKED + FIGURES, commune.board, given)
    return dict(shown["organization"])


def refusal(commune: Commune, code: str, token: str | None = None, **at: Any) -> str:  # noqa: ANN401 (clocks)
    """The code of the error that a question is answered with."""
    query = "query Q($code: String!, $at: At) { organization(code: $code, at: $at) { name } }"
    variables = {"code": code, "at": at}
    answer = commune.installation.answer(query, token or commune.board, variables)
    found: str = answer["errors"][0]["extensions"]["code"]
    return found


def changed(token: str, **changes: Any) -> str:  # noqa: ANN401 (parts of a token)
    """A token of which somebody changed something."""
    raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    effective, tree, folds, logs = json.loads(raw[1:])
    if "pipeline" in changes:
        logs[0][3][folds.index("pipeline")] = changes["pipeline"]
    logs = [[changes.get("tenant", log[0]), *log[1:]] for log in logs]
    if "position" in changes:
        logs[0][1] = changes["position"]
    if "root" in changes:
        logs[0][5] = changes["root"]
    written = raw[:1] + json.dumps([effective, tree, folds, logs]).encode()
    return base64.urlsafe_b64encode(written).decode().rstrip("=")


def target(commune: Commune) -> str:
    """Two admissions of the year, assigned by the district."""
    assigned = commune.do(
        "assignTarget",
        occurredOn="2022-01-05",
        organization=commune.code,
        period={"year": 2022},
        count=2,
    )
    found: str = assigned["target"]["id"]
    return found


def counted(shown: dict[str, Any]) -> list[list[Any]]:
    """How much of each log counted; how far its tree covers that grows meanwhile."""
    kept = ("tenant", "position", "treePosition")
    return [[log[name] for name in kept] for log in shown["basis"]["logs"]]


@pytest.mark.requirement("R000-10")
def test_the_same_basis_gives_the_same_digits_after_everything_changed(commune: Commune) -> None:
    """Given figures and their basis, when much is recorded late, then the basis shows the same."""
    assigned = target(commune)
    admitted = commune.identify()
    commune.prepare(admitted)
    decided = commune.admit(admitted)
    before = asked(commune, effective="2022-12-31", after=decided["position"])
    basis = before["basis"]["token"]

    late = commune.identify(fullName="Ka Hồng Thử")
    commune.prepare(late)
    commune.admit(late, "2022-09-01")
    commune.do("adjustTarget", occurredOn="2022-06-01", target=assigned, count=5, reason="Bổ sung")
    renamed = commune.do(
        "renameOrganization", occurredOn="2022-05-01", organization=commune.code, name="Tên mới"
    )
    commune.do(
        "correctEvent",
        occurredOn="2022-12-01",
        event=decided["position"],
        reason="Ghi nhầm",
    )
    merged = commune.do(
        "mergeOrganizations",
        occurredOn="2022-11-01",
        organizations=[f"{commune.code}/thon-1", f"{commune.code}/thon-2"],
        founding={
            "superior": commune.code,
            "name": "Chi bộ thôn Liên Hợp",
            "kind": "SUBORDINATE_CELL",
        },
    )
    now = asked(commune, effective="2022-12-31", after=merged["position"])
    again = asked(commune, basis=basis)

    assert renamed["organization"]["name"] == "Tên mới"
    assert {name for name in now if now[name] != before[name]} >= {
        "name",
        "pipeline",
        "children",
        "progress",
    }
    assert (before["progress"]["achieved"], before["progress"]["target"]) == (1, 2)
    assert now["progress"]["target"] == 5
    assert {**again, "basis": None} == {**before, "basis": None}
    once_more = asked(commune, basis=again["basis"]["token"])
    assert {**once_more, "basis": None} == {**before, "basis": None}
    assert counted(once_more) == counted(again) == counted(before)


def test_a_basis_names_the_logs_with_their_signed_trees(commune: Commune) -> None:
    """Given a basis, then each log's root is that of the tree that checkpoints are signed for."""
    installation = commune.installation
    commune.identify()
    inspection = installation.token("inspection", commune.district)
    query = "query Q($code: String!) { checkpoint(organization: $code) { size root } }"
    for _ in range(100):
        (log,) = asked(commune)["basis"]["logs"]
        variables = {"code": commune.district}
        signed = installation.ask(query, inspection, variables)["checkpoint"]
        if log["size"] == log["position"] == signed["size"]:
            break
    assert log["tenant"] == commune.district
    assert (log["size"], log["root"]) == (signed["size"], signed["root"])


def test_what_a_basis_does_not_cover_is_refused(commune: Commune) -> None:
    """A basis answers only for the tenants it names, by the folds it names, of the same log."""
    province = commune.installation.token("province", "lam-dong")
    shown = asked(commune)["basis"]
    basis = shown["token"]
    [log] = shown["logs"]

    assert refusal(commune, "lam-dong", province, basis=basis) == "BASIS_OF_OTHER_TENANTS"
    assert refusal(commune, "lam-dong/di-linh", province, basis=basis) == "BASIS_OF_OTHER_TENANTS"
    assert refusal(commune, commune.code, basis=changed(basis, tenant=9999)) == (
        "BASIS_OF_OTHER_TENANTS"
    )
    beyond = changed(basis, position=log["position"] + 1_000_000)
    assert refusal(commune, commune.code, basis=beyond) == "BASIS_OF_OTHER_LOG"
    assert refusal(commune, commune.code, basis="AQ") == "INVALID_BASIS"
    assert refusal(commune, commune.code, basis=basis, tree="2022-01-01") == "BASIS_STANDS_ALONE"
    assert refusal(commune, "lam-dong/di-linh", basis=basis) == "ORGANIZATION_NOT_FOUND"


def test_another_log_or_fold_is_named(commune: Commune) -> None:
    """Given a basis of an older fold, then the refusal names the fold and both versions."""
    installation = commune.installation
    commune.identify()
    basis = asked(commune)["basis"]
    other = base64.b64encode(b"\0" * 32).decode()
    query = "query Q($code: String!, $at: At) { organization(code: $code, at: $at) { name } }"
    variables = {
        "code": commune.code,
        "at": {"basis": changed(basis["token"], pipeline=0)},
    }
    (error,) = installation.answer(query, commune.board, variables)["errors"]

    assert error["extensions"]["code"] == "BASIS_OF_OTHER_FOLD"
    assert "version 0 of “pipeline”; now it is 1" in error["message"]
    assert refusal(commune, commune.code, basis=changed(basis["token"], root=other)) == (
        "BASIS_OF_OTHER_LOG"
    )
