"""The rule book as GraphQL shows it, and the mutations by which a tenant is stricter than it."""

from datetime import date
from typing import Annotated, TypeAlias
from uuid import UUID

import strawberry

from api.access import require_code
from api.context import Info
from api.described import field
from api.finding import filled
from api.mutation import position_of, run_at
from api.refusal import AnyRefusal, Conflict, InvalidInput, NotFound, NotPermitted, RuleViolated
from api.scalars import Effect, GroundKind, Position
from commands import rulebook as commands
from commands.ports import Recorded
from commands.scope import tenant_code
from domain.access import Action
from domain.procedure import RuleBook, RuleVersion
from domain.rulebook import LOCAL


@strawberry.type(description="A number that a rule goes by.")
class RuleParameter:
    name: str
    value: int
    stricter: str | None = strawberry.field(
        description="In which direction a tenant may move it: `less` or `more`; null when fixed."
    )


@strawberry.type(description="A rule of procedure as it stands on a day.")
class Rule:
    id: str
    code: str
    text: str
    effect: Effect
    parameters: list[RuleParameter]
    source: str
    confidence: str = strawberry.field(
        description="R: read quoted from the document; R?: second-hand; A: assumed."
    )
    valid_from: date
    valid_to: date | None
    is_local: bool = strawberry.field(description="A condition of the tenant's own.")


@strawberry.type(description="A reason that a regulation names, as a code.")
class Ground:
    kind: GroundKind
    code: str
    text: str
    source: str
    confidence: str
    is_excluded: bool = strawberry.field(
        description="Of a departure: who left for it is never re-admitted."
    )


async def rules_of(info: Info, organization: str | None, on: date | None) -> list[Rule]:
    """The rules in force on a day, of the caller's own tenant unless another is named."""
    book, day = await _book(info, organization, on)
    return [_rule(book, version, info.context.language) for version in book.in_force(day)]


async def grounds_of(info: Info, on: date | None) -> list[Ground]:
    """The grounds for striking off and of departures that were known on a day."""
    book, day = await _book(info, None, on)
    return [
        Ground(
            kind=each.kind,
            code=each.code,
            text=each.text.in_language(info.context.language),
            source=each.source,
            confidence=each.confidence,
            is_excluded=each.is_excluded,
        )
        for each in book.grounds
        if each.valid_from <= day
    ]


async def _book(info: Info, organization: str | None, on: date | None) -> tuple[RuleBook, date]:
    code = organization or info.context.actor.organization
    if organization is not None:
        await require_code(info, organization, Action.READ_FIGURES)
    desk = info.context.services.desk
    tenant_id = await desk.directory.tenant_of(tenant_code(code))
    return await desk.rules.of(tenant_id), on or desk.clock.today(tenant_id)


def _rule(book: RuleBook, version: RuleVersion, language: str) -> Rule:
    return Rule(
        id=version.rule,
        code=version.code,
        text=filled(version).in_language(language),
        effect=version.effect,
        parameters=[
            RuleParameter(name=name, value=value, stricter=version.stricter.get(name))
            for name, value in version.parameters.items()
        ],
        source=version.source,
        confidence=version.confidence,
        valid_from=version.valid_from,
        valid_to=book.valid_to(version),
        is_local=version.rule.startswith(LOCAL),
    )


@strawberry.input(
    description="Either `effect`, or `parameter` and `value`. `occurredOn` is the document's date; "
    "the rule holds from `inForceFrom`, today unless it is given."
)
class TightenRuleInput:
    command_id: UUID
    occurred_on: date
    organization: str
    rule: str
    document: str
    effect: Effect | None = None
    parameter: str | None = None
    value: int | None = None
    in_force_from: date | None = None


@strawberry.input(
    description="A condition asked for before the cell votes, of everybody or of one group; `vi` "
    "and `en` say what is missing."
)
class AddRuleConditionInput:
    command_id: UUID
    occurred_on: date
    organization: str
    code: str
    vi: str
    en: str
    document: str
    group: str | None = None
    effect: Effect = Effect.REFUSE
    in_force_from: date | None = None


@strawberry.type
class RulesRecorded:
    position: Position
    rules: list[Rule] = strawberry.field(description="As they stand on the day they hold from.")


RulesResult: TypeAlias = Annotated[
    RulesRecorded | InvalidInput | NotFound | NotPermitted | RuleViolated | Conflict,
    strawberry.union("RulesResult"),
]


@strawberry.type
class RulebookMutation:
    @field("Be stricter than the Party's rule: another effect, or another value of a parameter.")
    async def tighten_rule(
        self,
        info: Info,
        input: TightenRuleInput,  # noqa: A002 - the contract's name
    ) -> RulesResult:
        recorded = await run_at(
            info,
            "tightenRule",
            input,
            input.organization,
            lambda desk, command: commands.tighten_rule(
                desk,
                command,
                organization=input.organization,
                rule=input.rule,
                document=input.document,
                effect=input.effect,
                parameter=input.parameter,
                value=input.value,
                in_force_from=input.in_force_from,
            ),
        )
        return await _shown(info, recorded, input.organization, input.in_force_from)

    @field("Ask for one more thing before the cell votes; `attestCondition` says that it is met.")
    async def add_rule_condition(
        self,
        info: Info,
        input: AddRuleConditionInput,  # noqa: A002 - the contract's name
    ) -> RulesResult:
        recorded = await run_at(
            info,
            "addRuleCondition",
            input,
            input.organization,
            lambda desk, command: commands.add_rule_condition(
                desk,
                command,
                organization=input.organization,
                code=input.code,
                vi=input.vi,
                en=input.en,
                document=input.document,
                group=input.group,
                effect=input.effect,
                in_force_from=input.in_force_from,
            ),
        )
        return await _shown(info, recorded, input.organization, input.in_force_from)


async def _shown(
    info: Info, recorded: Recorded | AnyRefusal, organization: str, on: date | None
) -> RulesResult:
    if not isinstance(recorded, Recorded):
        return recorded
    return RulesRecorded(
        position=position_of(recorded), rules=await rules_of(info, organization, on)
    )
