"""A tenant's rule book: which one that ships it goes by, and the stricter rules of its own.

A tenant may only add to the Party's rules: shorter limits, more votes, a refusal in the place of a
finding, a condition of its own. What would be laxer is refused (domain sheet, K.4). A rule holds
from the day on which it is recorded at the earliest; it never reaches back.
"""

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar, Final, Self
from uuid import NAMESPACE_URL, UUID, uuid5

from domain.errors import Conflict
from domain.groups import require_group
from domain.organization import organization_id
from domain.procedure import Condition, Effect, RuleBook, RuleVersion
from domain.record import CreatedEntry, Entry, Record, Taken, require_words
from domain.strictness import invalid, merged, require_stricter, unknown
from domain.text import Text

_NAMESPACE: Final = uuid5(NAMESPACE_URL, "nguon:rulebook")
LOCAL: Final = "L:"
"""What the id of a tenant's own condition begins with."""


class RulebookAdopted(CreatedEntry):
    """From here on the tenant's commands are judged by the rule book with this digest (SHA-256).

    `versions` name each rule with the first day of its newest version, `regulations` likewise.
    """

    TOPIC = "rulebook.adopted"
    digest: str
    versions: tuple[str, ...]
    regulations: tuple[str, ...]


class RuleTightened(Entry):
    """The tenant goes by a stricter effect, or a stricter value of a parameter, from that day on.

    As strict as the book that ships is how it is taken back.
    """

    TOPIC = "rulebook.tightened"
    rule: str
    effect: Effect | None
    parameter: str | None
    value: int | None
    document: str
    document_on: date


class ConditionAdded(Entry):
    """The tenant asks for one more thing before the cell votes, of everybody or of one group."""

    TOPIC = "rulebook.condition_added"
    code: str
    vi: str
    en: str
    group: str | None
    effect: Effect
    document: str
    document_on: date


@dataclass(frozen=True, slots=True)
class Document:
    """The document that sets a rule, and its date."""

    number: str
    on: date


class Rulebook(Record):
    """The rule book of one tenant, from the first adoption on."""

    missing: ClassVar[Text] = Text("Chưa có bộ quy tắc.", "There is no rule book yet.")
    taken: ClassVar[Taken] = Taken(
        "RULEBOOK_ALREADY_ADOPTED",
        Text("Bộ quy tắc đã được áp dụng.", "The rule book has just been adopted."),
        "commandId",
    )

    @classmethod
    def begin(cls, code: str, shipped: RuleBook, digest: str, *, on: date) -> Self:
        """The first adoption; `code` is the tenant's."""
        return cls._create(
            RulebookAdopted,
            id=rulebook_id(code),
            effective_on=on,
            organization_id=organization_id(code),
            **_statement(shipped, digest),
        )

    def adopt(self, shipped: RuleBook, digest: str, *, on: date) -> None:
        """Another book that ships; nothing when it is the one that was adopted last."""
        if self.digest == digest:
            return
        self.trigger_event(
            RulebookAdopted,
            originator_topic=self.latest(RulebookAdopted).originator_topic,
            effective_on=on,
            organization_id=self.organization_id,
            **_statement(shipped, digest),
        )

    @property
    def digest(self) -> str:
        """Of the book that was adopted last."""
        return next(e.digest for e in reversed(self.entries) if isinstance(e, RulebookAdopted))

    def tighten(
        self,
        shipped: RuleBook,
        *,
        on: date,
        today: date,
        rule: str,
        document: Document,
        effect: Effect | None = None,
        parameter: str | None = None,
        value: int | None = None,
    ) -> None:
        """Go by a stricter effect or value from a day on.

        Raises InvalidInput for a rule or parameter that is not there, RuleViolated for what is
        laxer than the book that ships or is fixed, Conflict for a day `on` before `today`.
        """
        _require_from_today(on, today)
        if rule not in shipped.versions:
            raise unknown("rule", rule)
        if (effect is None) == (parameter is None) or (parameter is None) != (value is None):
            raise invalid(
                "effect",
                "hoặc là hệ quả, hoặc là tham số và giá trị",
                "give either an effect, or a parameter and its value",
            )
        for version in _from(shipped, rule, on):
            require_stricter(version, effect, parameter, value)
        self.trigger_event(
            RuleTightened,
            effective_on=on,
            organization_id=self.organization_id,
            rule=rule,
            effect=effect,
            parameter=parameter,
            value=value,
            document=require_words("document", document.number, 200),
            document_on=document.on,
        )

    def add_condition(
        self,
        *,
        on: date,
        today: date,
        code: str,
        vi: str,
        en: str,
        document: Document,
        group: str | None = None,
        effect: Effect = Effect.REFUSE,
    ) -> None:
        """Ask for one more thing before the cell votes; `code` is in capitals, digits and `_`.

        Raises InvalidInput, and Conflict for a code in use or a day before `today`.
        """
        _require_from_today(on, today)
        if not re.fullmatch(r"[A-Z][A-Z0-9_]{1,49}", code):
            raise invalid("code", "chữ in hoa, số và _", "capitals, digits and _")
        require_group(group)
        if any(isinstance(e, ConditionAdded) and e.code == code for e in self.entries):
            raise Conflict(
                "CONDITION_ALREADY_ADDED",
                Text(f"Đã có điều kiện “{code}”.", f"There is a condition “{code}” already."),
                field="code",
            )
        self.trigger_event(
            ConditionAdded,
            effective_on=on,
            organization_id=self.organization_id,
            code=code,
            vi=_sentence("vi", vi),
            en=_sentence("en", en),
            group=group,
            effect=effect,
            document=require_words("document", document.number, 200),
            document_on=document.on,
        )

    def book(self, shipped: RuleBook) -> RuleBook:
        """The book that ships with the tenant's stricter rules in it."""
        versions = dict(shipped.versions)
        tightened = [e for e in self.live() if isinstance(e, RuleTightened)]
        for rule in {e.rule for e in tightened} & versions.keys():
            versions[rule] = merged(shipped, rule, [e for e in tightened if e.rule == rule])
        added = [e for e in self.live() if isinstance(e, ConditionAdded)]
        versions |= {f"{LOCAL}{e.code}": (_version(e),) for e in added}
        conditions = tuple(
            Condition(f"{LOCAL}{e.code}", e.code, e.group, e.effective_on) for e in added
        )
        return replace(shipped, versions=versions, conditions=conditions)


def rulebook_id(code: str) -> UUID:
    """The identity of a tenant's rule book, by the tenant's code."""
    return uuid5(_NAMESPACE, code)


def _statement(shipped: RuleBook, digest: str) -> dict[str, object]:
    newest = {rule: versions[-1].valid_from for rule, versions in shipped.versions.items()}
    return {
        "digest": digest,
        "versions": tuple(f"{rule}@{start}" for rule, start in newest.items()),
        "regulations": tuple(f"{name}@{start}" for start, name in shipped.regulations),
    }


def _from(shipped: RuleBook, rule: str, day: date) -> list[RuleVersion]:
    """The versions of a rule in force on a day or later."""
    later = [v for v in shipped.versions[rule] if v.valid_from > day]
    return [shipped.on(rule, day), *later]


def _version(entry: ConditionAdded) -> RuleVersion:
    return RuleVersion(
        f"{LOCAL}{entry.code}",
        entry.code,
        Text(entry.vi, entry.en),
        entry.effective_on,
        entry.effect,
        {},
        entry.document,
        "R",
    )


def _sentence(field: str, words: str) -> str:
    """Words without braces, which would be placeholders. Raises InvalidInput."""
    said = require_words(field, words, 500)
    if "{" in said or "}" in said:
        raise invalid(field, "không có dấu ngoặc nhọn", "has no braces")
    return said


def _require_from_today(on: date, today: date) -> None:
    if on < today:
        raise Conflict(
            "RULE_REACHES_BACK",
            Text(
                f"Quy tắc chỉ có hiệu lực từ ngày ghi nhận ({today:%d/%m/%Y}) trở đi.",
                f"A rule holds from the day it is recorded ({today}) at the earliest.",
            ),
            field="occurredOn",
        )
