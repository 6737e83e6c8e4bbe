"""The due list over HTTP. Knows the public contract only."""

from typing import Any

from tests.acceptance.commune import Commune

SHOWN = """kind title rule source effect organization { code } candidate obligation detail raisedOn
  dueOn daysLeft reminder"""
LIST = f"""query D($code: String!, $territory: ID, $kinds: [DueKind!], $days: Int, $late: Boolean!,
    $first: Int, $after: String, $at: At) {{
  dueList(organization: $code, territory: $territory, kinds: $kinds, withinDays: $days,
      lateOnly: $late, first: $first, after: $after, at: $at) {{
    totalCount kinds counts {{ kind late coming }} nodes {{ {SHOWN} }}
    pageInfo {{ hasNextPage endCursor }} }} }}"""
COUNTS = """query C($code: String!, $days: Int, $at: At) {
  organization(code: $code, at: $at) { dueCounts(withinDays: $days) { kind late coming } } }"""


def due_list(
    commune: Commune,
    on: str | None = None,
    *,
    code: str | None = None,
    token: str | None = None,
    **asked: Any,  # noqa: ANN401 (the arguments of the query, and its clocks)
) -> dict[str, Any]:
    """What is due in a commune, or in another organization, after all that was recorded there."""
    at: dict[str, Any] = {each: asked.pop(each) for each in ("known", "tree") if each in asked}
    variables: dict[str, Any] = {
        "code": code or commune.code,
        "at": {"effective": on, "after": commune.position, **at},
        "late": asked.pop("late_only", False),
        **asked,
    }
    shown = commune.installation.ask(LIST, token or commune.board, variables)
    found: dict[str, Any] = shown["dueList"]
    return found


def dues(commune: Commune, on: str, **asked: Any) -> list[tuple[str, str]]:  # noqa: ANN401
    """Kind and last day of all that is due."""
    return [(each["kind"], each["dueOn"]) for each in due_list(commune, on, **asked)["nodes"]]


def due_counts(
    commune: Commune, code: str, on: str, *, token: str | None = None, days: int | None = None
) -> dict[str, tuple[int, int]]:
    """How much is late and how much is coming, by kind."""
    variables = {"code": code, "days": days, "at": {"effective": on, "after": commune.position}}
    shown = commune.installation.ask(COUNTS, token or commune.board, variables)
    return {
        each["kind"]: (each["late"], each["coming"]) for each in shown["organization"]["dueCounts"]
    }
