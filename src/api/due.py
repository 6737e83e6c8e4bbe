"""What is due, as GraphQL shows it: of cases, of organizations, of duties and of targets."""

from datetime import date

import strawberry

from api import organization as organizations
from api.access import may_open_cases
from api.connection import PageInfo
from api.context import Info
from api.due_count import DueCount
from api.node import GlobalId
from api.scalars import DueKind, Effect
from domain.due_kind import OF_CASES, OF_DUTIES, due_kinds, reminder
from domain.procedure import RuleBook
from projections.due_list import Owed


@strawberry.type(description="One thing that is to be done in time.")
class Due:
    kind: DueKind
    title: str = strawberry.field(description="What is to be done.")
    rule: str | None = strawberry.field(
        description="The rule that limits it; null for what a document or a target asks for."
    )
    source: str | None = strawberry.field(description="Of the rule, in force on the asked day.")
    effect: Effect | None = strawberry.field(description="What a breach of the rule does.")
    organization: organizations.Organization = strawberry.field(
        description="Whose it is in the asked tree: the cell of a case, the owner of a duty."
    )
    candidate: strawberry.ID | None = strawberry.field(
        description="Null for who may not open cases."
    )
    obligation: strawberry.ID | None
    detail: str | None = strawberry.field(
        description="The code of the paper, the name of the interval, or the target's period and "
        "basis."
    )
    raised_on: date = strawberry.field(description="The day from which it counts.")
    due_on: date = strawberry.field(description="The last timely day.")
    days_left: int = strawberry.field(description="Negative when it is late.")
    reminder: int = strawberry.field(
        description="The how-manieth reminder before the last day has come; 0 before the first."
    )


@strawberry.type
class DueEdge:
    cursor: str
    node: Due


@strawberry.type(description="Dues in the order of their last day.")
class DueConnection:
    edges: list[DueEdge]
    nodes: list[Due]
    page_info: PageInfo
    total_count: int
    counts: list[DueCount] = strawberry.field(description="Of the whole list, not of the page.")
    kinds: list[DueKind] = strawberry.field(
        description="What was looked for: the kinds asked for, else all that the caller may see."
    )


async def shown(
    info: Info, top: organizations.Organization, found: Owed, rules: RuleBook
) -> Due | None:
    """One thing that is due; None where nothing of the asked tree stands for its place."""
    day, tenant_id = top.figures.basis.effective, top.node.tenant_id
    place = top.figures.tree.place(found.place)
    if place is None:
        return None
    described = due_kinds()[found.kind]
    version = None if described.rule is None else rules.on(described.rule, day)
    of_case, of_duty = found.kind in OF_CASES, found.kind in OF_DUTIES
    opens = of_case and may_open_cases(info.context)
    return Due(
        kind=found.kind,
        title=described.text.in_language(info.context.language),
        rule=described.rule,
        source=None if version is None else version.source,
        effect=None if version is None else version.effect,
        organization=organizations.organization(info, top.figures, place, top.at),
        candidate=GlobalId("Candidate", tenant_id, found.subject).encode() if opens else None,
        obligation=GlobalId("Obligation", tenant_id, found.subject).encode() if of_duty else None,
        detail=found.detail or None,
        raised_on=found.raised_on,
        due_on=found.due_on,
        days_left=(found.due_on - day).days,
        reminder=reminder(found.kind, day, found.due_on),
    )
