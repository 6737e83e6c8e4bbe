"""Refusals: expected answers to a command that may not happen.

A programming error is never one of these.
"""

from dataclasses import dataclass

from domain.text import Text


class Refusal(Exception):
    """A command was refused and nothing was written.

    `code` is stable and in capitals, `field` names the input (camelCase) at fault where one is,
    `rule` and `source` name the dated rule of procedure that was applied.
    """

    def __init__(
        self,
        code: str,
        text: Text,
        *,
        field: str | None = None,
        rule: str | None = None,
        source: str | None = None,
    ) -> None:
        super().__init__(f"{code}: {text.en}")
        self.code = code
        self.text = text
        self.field = field
        self.rule = rule
        self.source = source


class InvalidInput(Refusal):
    """A value cannot be what it says it is."""


class NotFound(Refusal):
    """The thing does not exist, or the caller may not know that it does."""


class NotPermitted(Refusal):
    """The actor's role or organization does not allow the step."""


class RuleViolated(Refusal):
    """A rule of procedure forbids the step on its day."""


class Conflict(Refusal):
    """The step collides with something already recorded."""


class VersionConflict(Exception):
    """Another writer was first; load again and run the command again."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A breach that does not stop the step but is recorded with it and reported."""

    rule: str
    code: str
    text: Text
    source: str


def organization_not_found(code: str) -> NotFound:
    """The refusal for a code that does not exist in the caller's part of the tree."""
    return NotFound(
        "ORGANIZATION_NOT_FOUND",
        Text(f"Không tìm thấy tổ chức “{code}”.", f"There is no organization “{code}”."),
        field="organization",
    )
