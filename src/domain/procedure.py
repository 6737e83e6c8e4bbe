"""The rule book: dated rules of procedure with their sources.

Holds no value of its own; all of them stand in `procedure.toml`.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files

from domain.errors import Finding, RuleViolated
from domain.text import Text


class Effect(StrEnum):
    """What a breach of a rule does."""

    REFUSE = "refuse"
    CONSENT = "consent"
    FINDING = "finding"


@dataclass(frozen=True, slots=True)
class RuleVersion:
    """One rule as it stood from `valid_from` on."""

    rule: str
    code: str
    text: Text
    valid_from: date
    effect: Effect
    parameters: Mapping[str, int]
    source: str
    confidence: str

    def refusal(self, field: str | None = None, **values: object) -> RuleViolated:
        """The refusal for a breach, its sentence filled with the parameters and `values`."""
        return RuleViolated(
            self.code, self._sentence(values), field=field, rule=self.rule, source=self.source
        )

    def finding(self, **values: object) -> Finding:
        """The finding for a breach that does not stop the step."""
        return Finding(self.rule, self.code, self._sentence(values), self.source)

    def _sentence(self, values: Mapping[str, object]) -> Text:
        shown = {k: f"{v:%d/%m/%Y}" if isinstance(v, date) else v for k, v in values.items()}
        return self.text.filled({**self.parameters, **shown})


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All versions of all rules, each list in the order of `valid_from`."""

    versions: Mapping[str, tuple[RuleVersion, ...]]
    regulations: tuple[tuple[date, str], ...]

    def on(self, rule: str, day: date) -> RuleVersion:
        """The version of a rule in force on a day; before the first one, the first."""
        versions = self.versions[rule]
        return next((v for v in reversed(versions) if v.valid_from <= day), versions[0])

    def regulation_on(self, day: date) -> str:
        """The Central regulation on the Charter in force on a day.

        What a judged step was judged by.
        """
        in_force = [name for valid_from, name in self.regulations if valid_from <= day]
        return in_force[-1] if in_force else self.regulations[0][1]


@cache
def rule_book() -> RuleBook:
    """The rule book that ships."""
    data = tomllib.loads(files("domain").joinpath("procedure.toml").read_text("utf-8"))
    versions = {
        rule["id"]: tuple(
            RuleVersion(
                rule["id"],
                rule["code"],
                Text(rule["vi"], rule["en"]),
                version["valid_from"],
                Effect(version["effect"]),
                version["parameters"],
                version["source"],
                version["confidence"],
            )
            for version in sorted(rule["version"], key=lambda row: row["valid_from"])
        )
        for rule in data["rule"]
    }
    regulations = sorted((row["valid_from"], row["name"]) for row in data["regulation"])
    return RuleBook(versions, tuple(regulations))
