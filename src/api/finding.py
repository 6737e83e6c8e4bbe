"""Findings: breaches that did not stop a step, shown with the rule they break and its source."""

from datetime import date

import msgspec
import strawberry

from api.context import Info
from commands.ports import Recorded
from domain.procedure import RuleBook, RuleVersion
from domain.text import Text


@strawberry.type(description="A breach of a rule of procedure that was recorded and is reported.")
class Finding:
    rule: str
    code: str
    message: str
    source: str
    occurred_on: date


class _Blanks(dict[str, object]):
    """The values of a sentence that were not kept read as an ellipsis."""

    def __missing__(self, _: str) -> str:
        return "…"


class _Kept(msgspec.Struct):
    findings: list[str] = []


def finding(rules: RuleBook, rule: str, day: date, language: str) -> Finding:
    """A finding by the version of its rule on the day of the step.

    An event keeps the rule's id only.
    """
    version = rules.on(rule, day)
    return Finding(
        rule=rule,
        code=version.code,
        message=filled(version).in_language(language),
        source=version.source,
        occurred_on=day,
    )


def filled(version: RuleVersion) -> Text:
    """The sentence of a rule with its parameters; values that were not kept are blanks."""
    return version.text.filled(_Blanks(version.parameters))


async def findings_of(info: Info, recorded: Recorded) -> list[Finding]:
    """What was recorded with the events of one command."""
    services = info.context.services
    rules = await services.desk.rules.of(recorded.tenant_id)
    count = recorded.last_position - recorded.first_position + 1
    events = await services.store.read_after(recorded.tenant_id, recorded.first_position - 1, count)
    return [
        finding(rules, rule, event.effective_on, info.context.language)
        for event in events
        for rule in msgspec.json.decode(event.data, type=_Kept).findings
    ]
