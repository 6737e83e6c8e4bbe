"""Refusals as GraphQL values: an expected answer to a mutation, not an error."""

from typing import TypeAlias

import strawberry

from domain import errors


@strawberry.interface(
    description="Why a mutation recorded nothing. `rule` and `source` name the dated rule of "
    "procedure that was applied."
)
class Refusal:
    code: str
    message: str
    field: str | None = None
    rule: str | None = None
    source: str | None = None


@strawberry.type(description="A value cannot be what it says it is.")
class InvalidInput(Refusal):
    pass


@strawberry.type(description="The thing does not exist, or the caller may not know that it does.")
class NotFound(Refusal):
    pass


@strawberry.type(description="The actor's role or organization does not allow the step.")
class NotPermitted(Refusal):
    pass


@strawberry.type(description="A rule of procedure forbids the step on its day.")
class RuleViolated(Refusal):
    pass


@strawberry.type(description="The step collides with something already recorded.")
class Conflict(Refusal):
    pass


AnyRefusal: TypeAlias = InvalidInput | NotFound | NotPermitted | RuleViolated | Conflict

_TYPES: dict[
    type[errors.Refusal], type[InvalidInput | NotFound | NotPermitted | RuleViolated | Conflict]
] = {
    errors.InvalidInput: InvalidInput,
    errors.NotFound: NotFound,
    errors.NotPermitted: NotPermitted,
    errors.RuleViolated: RuleViolated,
    errors.Conflict: Conflict,
}


def as_type(refusal: errors.Refusal, language: str) -> AnyRefusal:
    """The GraphQL value of a refusal, its sentence in the caller's language."""
    kind = next(_TYPES[cls] for cls in type(refusal).__mro__ if cls in _TYPES)
    return kind(
        code=refusal.code,
        message=refusal.text.in_language(language),
        field=refusal.field,
        rule=refusal.rule,
        source=refusal.source,
    )
