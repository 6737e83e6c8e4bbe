"""Targets (chỉ tiêu): one holder, period, group and basis each.

What was achieved is not here; it is counted from cases.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar, Self
from uuid import NAMESPACE_URL, UUID, uuid5

from domain.errors import InvalidInput
from domain.groups import require_group
from domain.period import Period
from domain.record import (
    CreatedEntry,
    Entry,
    Record,
    Taken,
    Voided,
    optional_words,
    record_not_found,
    require_words,
)
from domain.text import Text

_NAMESPACE = uuid5(NAMESPACE_URL, "nguon:target")


class TargetBasis(StrEnum):
    """Where a target comes from.

    The four stand beside each other and never overwrite one another.
    """

    REGISTERED = "REGISTERED"
    CONGRESS = "CONGRESS"
    ASSIGNED = "ASSIGNED"
    OWN_PLAN = "OWN_PLAN"


class CountingDate(StrEnum):
    """The day on which an admission counts: the decision's or the ceremony's.

    No source decides it (domain sheet, D.4).
    """

    DECISION = "DECISION"
    CEREMONY = "CEREMONY"


class TargetSet(CreatedEntry):
    """A target was registered upward, assigned downward, or stated by a congress or an own plan."""

    TOPIC = "target.set"
    basis: TargetBasis
    period: str
    period_first: date
    period_last: date
    group: str | None
    counting: CountingDate
    count: int | None
    share_percent: float | None
    stated_growth_percent: float | None
    document: str | None


class TargetAdjusted(Entry):
    """The target's amount is another one from that day on."""

    TOPIC = "target.adjusted"
    count: int | None
    share_percent: float | None
    reason: str
    document: str | None


class TargetEntryVoided(Voided):
    """An entry about the target was never true."""

    TOPIC = "target.entry_voided"
    reason: str


@dataclass(frozen=True, slots=True)
class Amount:
    """At least `count` admissions, or at least `share_percent` of all admissions.

    Exactly one of the two.
    """

    count: int | None = None
    share_percent: float | None = None

    def required(self, group: str | None) -> "Amount":
        """The amount itself.

        Raises InvalidInput unless exactly one is given, in bounds, and a share has a group.
        """
        if (self.count is None) == (self.share_percent is None):
            raise _invalid(
                "count",
                "chỉ một trong hai: count, sharePercent",
                "give either count or sharePercent",
            )
        if self.count is not None and not 0 <= self.count <= 1_000_000:
            raise _invalid("count", "từ 0 đến 1.000.000", "must be 0 to 1,000,000")
        if self.share_percent is not None and not 0 <= self.share_percent <= 100:
            raise _invalid("sharePercent", "từ 0 đến 100", "must be 0 to 100")
        if self.share_percent is not None and group is None:
            raise _invalid("group", "tỷ lệ phải có nhóm", "a share needs a group")
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetTerms:
    """What identifies a target beside its holder, and how it counts."""

    basis: TargetBasis
    period: Period
    group: str | None = None
    counting: CountingDate = CountingDate.DECISION


class Target(Record):
    """One target with all its adjustments."""

    voided_entry: ClassVar[type[Voided]] = TargetEntryVoided
    missing: ClassVar[Text] = Text("Không tìm thấy chỉ tiêu.", "There is no such target.")
    taken: ClassVar[Taken] = Taken(
        "TARGET_ALREADY_SET",
        Text("Chỉ tiêu này đã có; hãy điều chỉnh.", "This target is set already; adjust it."),
        "organization",
    )

    @classmethod
    def set(
        cls,
        holder: UUID,
        terms: TargetTerms,
        amount: Amount,
        *,
        on: date,
        stated_growth_percent: float | None = None,
        document: str | None = None,
    ) -> Self:
        """A new target; `on` is the date of its document.

        Raises InvalidInput for an unknown group or a bad amount.
        """
        require_group(terms.group)
        return cls._create(
            TargetSet,
            id=target_id(holder, terms),
            effective_on=on,
            organization_id=holder,
            **_statement(terms, amount, stated_growth_percent, document),
        )

    def restate(
        self,
        amount: Amount,
        *,
        on: date,
        stated_growth_percent: float | None = None,
        document: str | None = None,
        terms: TargetTerms | None = None,
    ) -> None:
        """State the target again, as it truly was; the old statement must have been voided.

        `terms` may say another counting date or other days of the period; the rest is the target's
        identity. Raises InvalidInput as `set` does, and for a day after an adjustment.
        """
        old = self.first
        if terms is None:
            period = Period(old.period, old.period_first, old.period_last)
            terms = TargetTerms(
                basis=old.basis, period=period, group=old.group, counting=old.counting
            )
        if any(entry.effective_on < on for entry in self.live()):
            raise _invalid("occurredOn", "sau ngày điều chỉnh", "is after an adjustment")
        self.trigger_event(
            TargetSet,
            originator_topic=old.originator_topic,
            effective_on=on,
            organization_id=old.organization_id,
            **_statement(terms, amount, stated_growth_percent, document),
        )

    def adjust(self, amount: Amount, *, on: date, reason: str, document: str | None = None) -> None:
        """Another amount from a day on; the old one stays readable.

        Raises InvalidInput for a bad amount or day.
        """
        if on < self.stated.effective_on:
            raise _invalid("occurredOn", "trước ngày giao chỉ tiêu", "is before the target was set")
        amount.required(self.stated.group)
        self.trigger_event(
            TargetAdjusted,
            effective_on=on,
            organization_id=self.stated.organization_id,
            count=amount.count,
            share_percent=amount.share_percent,
            reason=require_words("reason", reason, 2000),
            document=optional_words("document", document),
        )

    @property
    def is_stated(self) -> bool:
        """Whether a statement stands that was not voided."""
        return any(isinstance(entry, TargetSet) for entry in self.live())

    @property
    def stated(self) -> TargetSet:
        """The entry that states it now. Raises NotFound when it was voided without another."""
        live = [entry for entry in self.live() if isinstance(entry, TargetSet)]
        if not live:
            raise record_not_found(Target)
        return live[-1]

    @property
    def first(self) -> TargetSet:
        """The first statement, voided or not: holder, basis, period and group never change."""
        return next(entry for entry in self.entries if isinstance(entry, TargetSet))


def target_id(holder: UUID, terms: TargetTerms) -> UUID:
    """The identity of a target.

    The same holder, period, group and basis can be set only once, then adjusted.
    """
    name = f"{holder}/{terms.period.name}/{terms.group or '-'}/{terms.basis}"
    return uuid5(_NAMESPACE, name)


def _statement(
    terms: TargetTerms, amount: Amount, growth_percent: float | None, document: str | None
) -> dict[str, object]:
    amount.required(terms.group)
    if growth_percent is not None and not -100 <= growth_percent <= 100_000:
        raise _invalid("statedGrowthPercent", "từ -100 trở lên", "must be -100 or more")
    return {
        "basis": terms.basis,
        "period": terms.period.name,
        "period_first": terms.period.first,
        "period_last": terms.period.last,
        "group": terms.group,
        "counting": terms.counting,
        "count": amount.count,
        "share_percent": amount.share_percent,
        "stated_growth_percent": growth_percent,
        "document": optional_words("document", document),
    }


def _invalid(field: str, vi: str, en: str) -> InvalidInput:
    return InvalidInput(
        "INVALID_TARGET", Text(f"“{field}”: {vi}.", f"“{field}” {en}."), field=field
    )
