"""The rule book: dated rules of procedure with their sources.

Holds no value of its own; all of them stand in `procedure.toml`.
"""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any, Final

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
    stricter: Mapping[str, str] = field(default_factory=dict)
    """Parameters that a tenant may move, each with its direction: `less` or `more`."""

    def refusal(self, at: str | None = None, **values: object) -> RuleViolated:
        """The refusal for a breach, its sentence filled with the parameters and `values`."""
        return RuleViolated(
            self.code, self._sentence(values), field=at, rule=self.rule, source=self.source
        )

    def finding(self, **values: object) -> Finding:
        """The finding for a breach that does not stop the step."""
        return Finding(self.rule, self.code, self._sentence(values), self.source)

    def _sentence(self, values: Mapping[str, object]) -> Text:
        shown = {k: f"{v:%d/%m/%Y}" if isinstance(v, date) else v for k, v in values.items()}
        return self.text.filled({**self.parameters, **shown})


class GroundKind(StrEnum):
    """What a ground is one for: striking a name off (T23), or having left the Party (T18, M6)."""

    STRIKING_OFF = "STRIKING_OFF"
    DEPARTURE = "DEPARTURE"


@dataclass(frozen=True, slots=True)
class Ground:
    """A reason that a regulation names, as a code; no narrative is kept of it.

    `is_excluded`: who left for it is never re-admitted. `after_clearing`: the wait counts from
    the day on which the criminal record was cleared.
    """

    kind: GroundKind
    code: str
    text: Text
    valid_from: date
    source: str
    confidence: str
    is_excluded: bool
    after_clearing: bool


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper of the recognition dossier, as a code."""

    code: str
    text: Text
    valid_from: date
    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Condition:
    """What a tenant asks for beside the Party's rules before the cell votes: of `group`, or all."""

    rule: str
    code: str
    group: str | None
    valid_from: date


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All versions of all rules, each list in the order of `valid_from`."""

    versions: Mapping[str, tuple[RuleVersion, ...]]
    regulations: tuple[tuple[date, str], ...]
    grounds: tuple[Ground, ...] = ()
    papers: tuple[Paper, ...] = ()
    conditions: tuple[Condition, ...] = ()

    def on(self, rule: str, day: date) -> RuleVersion:
        """The version of a rule in force on a day; before the first one, the first."""
        versions = self.versions[rule]
        return next((v for v in reversed(versions) if v.valid_from <= day), versions[0])

    def in_force(self, day: date) -> list[RuleVersion]:
        """The versions in force on a day, in the order of the book; none before its first day."""
        found = (self.on(rule, day) for rule in self.versions)
        return [version for version in found if version.valid_from <= day]

    def valid_to(self, version: RuleVersion) -> date | None:
        """The last day of a version; None for the newest."""
        later = [v.valid_from for v in self.versions[version.rule]]
        later = [start for start in later if start > version.valid_from]
        return min(later) - timedelta(days=1) if later else None

    def ground(self, kind: GroundKind, code: str, day: date) -> Ground | None:
        """The ground that a code named on a day."""
        return next(
            (
                each
                for each in self.grounds
                if (each.kind, each.code) == (kind, code) and each.valid_from <= day
            ),
            None,
        )

    def papers_on(self, day: date) -> list[Paper]:
        """The papers of a recognition dossier on a day."""
        return [paper for paper in self.papers if paper.valid_from <= day]

    def regulation_on(self, day: date) -> str:
        """The Central regulation on the Charter in force on a day.

        What a judged step was judged by.
        """
        in_force = [name for valid_from, name in self.regulations if valid_from <= day]
        return in_force[-1] if in_force else self.regulations[0][1]


SHIPPED: Final = files("domain").joinpath("procedure.toml")


@cache
def rule_book() -> RuleBook:
    """The rule book that ships."""
    data = tomllib.loads(SHIPPED.read_text("utf-8"))
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
                rule.get("stricter", {}),
            )
            for version in sorted(rule["version"], key=lambda row: row["valid_from"])
        )
        for rule in data["rule"]
    }
    regulations = sorted((row["valid_from"], row["name"]) for row in data["regulation"])
    return RuleBook(
        versions,
        tuple(regulations),
        tuple(_ground(row) for row in data["ground"]),
        tuple(_paper(row) for row in data["paper"]),
    )


@cache
def rule_book_digest() -> str:
    """SHA-256 of the rule book that ships, in hexadecimal: which one it is."""
    return hashlib.sha256(SHIPPED.read_bytes()).hexdigest()


def _ground(row: dict[str, Any]) -> Ground:
    return Ground(
        GroundKind(row["kind"]),
        row["code"],
        Text(row["vi"], row["en"]),
        row["valid_from"],
        row["source"],
        row["confidence"],
        row.get("excluded", False),
        row.get("after_clearing", False),
    )


def _paper(row: dict[str, Any]) -> Paper:
    return Paper(
        row["code"],
        Text(row["vi"], row["en"]),
        row["valid_from"],
        row["source"],
        row["confidence"],
    )
