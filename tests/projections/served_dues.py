"""What a served installation says is due, compared with the recount of its exported events."""

from collections import Counter
from datetime import date
from random import Random

from tests.acceptance.recount import Subject
from tests.acceptance.recount_dues import OF_FIGURES, Asked, Due, of_cases, of_organizations
from tests.acceptance.recount_lists import Lists
from tests.acceptance.recount_territories import held_on, standing_for
from tests.projections.asking import Asking
from tests.projections.served_figures import Shown, counts_of_dues
from tests.projections.three_ways import Question

OF_ITSELF = OF_FIGURES | {"CELL_MEETING", "RECONCILIATION"}
"""What is due of an organization, and of nothing that is recorded about it."""
OF = {
    **dict.fromkeys(("PROBATION_END", "HISTORY_FILE"), "PROBATION"),
    **dict.fromkeys(("RECOGNITION_REVIEW", "RECOGNITION_DECISION"), "RECOGNITION"),
    **dict.fromkeys(("CELL_MEETING", "RECONCILIATION"), "RECURRING"),
    **dict.fromkeys(("PLAN", "REPORT", "OBLIGATION"), "DUTIES"),
    **dict.fromkeys(OF_FIGURES, "FIGURES"),
}
"""Kinds that are counted together."""
LIST = """query List(
  $code: String!, $at: At, $within: Int, $late: Boolean!, $kinds: [DueKind!], $territory: ID,
  $first: Int, $after: String
) {
  page: dueList(organization: $code, at: $at, withinDays: $within, lateOnly: $late, kinds: $kinds,
    territory: $territory, first: $first, after: $after) {
    totalCount counts { kind late coming }
    nodes { kind organization { code } candidate obligation detail raisedOn dueOn daysLeft }
    pageInfo { hasNextPage endCursor } } }"""


class Dues:
    """Compares what is due in one organization and all below it."""

    def __init__(self, served: Asking, counted: Lists, asked: Question, random: Random) -> None:
        self._served = served
        self._counted = counted
        self._asked = asked
        self._random = random

    def compare(self, code: str) -> None:
        """The whole list by its pages; fails where the recount differs."""
        day, within = (
            self._asked.clocks.effective,
            self._random.choice([None, None, 0, 40, 1830, 1830]),
        )
        asked, tenant = Asked(code, day, within), "/".join(code.split("/")[:2])
        is_late_only = self._random.random() < 0.2
        expected = [
            *of_cases(self._counted, asked, tenant),
            *of_organizations(self._counted, asked, tenant),
        ]
        if is_late_only:
            expected = [each for each in expected if each.due_on < day]
        kinds = sorted({each.kind for each in expected})
        chosen = self._random.sample(kinds, min(3, len(kinds)))
        if chosen and self._random.random() < 0.2:
            expected = [each for each in expected if each.kind in chosen]
        else:
            chosen = []
        territory = self._territory(tenant)
        if territory is not None:
            charged = standing_for(self._counted, held_on(territory, day))
            inside = {below for each in charged for below in self._counted.below(each)}
            expected = [each for each in expected if each.organization in inside]
            self._served.count("dues of a territory", len(expected))
        wanted: Shown = {"late": is_late_only, "kinds": chosen or None, "within": within}
        wanted["territory"] = territory and territory.events[0]["subject"]
        pages = self._served.pages(LIST, code, self._asked, **wanted)
        context = (code, wanted, self._asked)
        nodes = [node for page in pages for node in page["nodes"]]
        shown = [_due(node) for node in nodes]
        missing, extra = Counter(expected) - Counter(shown), Counter(shown) - Counter(expected)
        assert not missing + extra, (missing, extra, context)
        order = [(each.due_on, each.kind, each.detail or "") for each in shown]
        assert order == sorted(order), context
        assert all(node["daysLeft"] == (_due(node).due_on - day).days for node in nodes), context
        assert pages[0]["totalCount"] == len(expected), context
        assert pages[0]["counts"] == counts_of_dues(expected, day), context
        for each in expected:
            self._served.count(f"due: {OF.get(each.kind, each.kind)}", 1)

    def _territory(self, tenant: str) -> Subject | None:
        """That of some member of the standing committee, or none."""
        known = [
            each
            for each in self._counted.subjects.values()
            if each.events[0]["type"] == "territory.assigned" and each.events[0]["tenant"] == tenant
        ]
        return self._random.choice(known) if known and self._random.random() < 0.4 else None


def _due(node: Shown) -> Due:
    return Due(
        date.fromisoformat(node["dueOn"]),
        node["kind"],
        node["detail"],
        node["organization"]["code"],
        "" if node["kind"] in OF_ITSELF else node["candidate"] or node["obligation"],
        date.fromisoformat(node["raisedOn"]),
    )
