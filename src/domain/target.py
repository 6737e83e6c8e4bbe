"""Targets (chỉ tiêu): one holder, period, group and basis each.

What was achieved is not here; it is counted from cases.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Self
from uuid import NAMESPACE_URL, UUID, uuid5

from domain.amount import Amount, invalid_target
from domain.errors import Conflict
from domain.groups import require_group
from domain.period import Period
from domain.record import (
    Record,
    Taken,
    Voided,
    optional_words,
    record_not_found,
    require_words,
)
from domain.target_entry import (
    CountingDate,
    TargetAdjusted,
    TargetBasis,
    TargetCarried,
    TargetEntryVoided,
    TargetSet,
)
from domain.text import Text

__all__ = [
    "Amount",
    "CountingDate",
    "Target",
    "TargetAdjusted",
    "TargetBasis",
    "TargetCarried",
    "TargetEntryVoided",
    "TargetSet",
    "TargetTerms",
    "target_id",
]
_NAMESPACE = uuid5(NAMESPACE_URL, "nguon:target")


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
        issued_by: str | None = None,
        set_by: str | None = None,
        carried_from: UUID | None = None,
    ) -> Self:
        """A new target; `on` is the date of its document, `issued_by` the body that issued it.

        Raises InvalidInput for an unknown group or a bad amount.
        """
        require_group(terms.group)
        return cls._create(
            TargetSet,
            id=target_id(holder, terms),
            effective_on=on,
            organization_id=holder,
            **_statement(terms, amount, stated_growth_percent, document, issued_by),
            set_by=set_by,
            carried_from=carried_from,
        )

    def restate(
        self,
        amount: Amount,
        *,
        on: date,
        stated_growth_percent: float | None = None,
        document: str | None = None,
        issued_by: str | None = None,
        set_by: str | None = None,
        carried_from: UUID | None = None,
        terms: TargetTerms | None = None,
    ) -> None:
        """State the target again, as it truly was; the old statement must have been voided.

        `terms` may say another counting date or other days of the period; the rest is the target's
        identity. Without them the same is stated otherwise: who set it and where it came from stay.
        Raises InvalidInput as `set` does, and for a day after an adjustment.
        """
        old = self._stated_last
        if any(entry.effective_on < on for entry in self.live()):
            raise invalid_target("occurredOn", "sau ngày điều chỉnh", "is after an adjustment")
        self.trigger_event(
            TargetSet,
            originator_topic=old.originator_topic,
            effective_on=on,
            organization_id=old.organization_id,
            **_statement(terms or self.terms, amount, stated_growth_percent, document, issued_by),
            set_by=set_by if terms else set_by or old.set_by,
            carried_from=carried_from if terms else carried_from or old.carried_from,
        )

    def adjust(
        self,
        amount: Amount,
        *,
        on: date,
        reason: str,
        document: str | None = None,
        issued_by: str | None = None,
    ) -> None:
        """Another amount from a day on; the old one stays readable.

        Raises InvalidInput for a bad amount or day.
        """
        if on < self.stated.effective_on:
            raise invalid_target("occurredOn", "trước ngày giao chỉ tiêu", "is before it was set")
        amount.required(self.stated.group)
        self.trigger_event(
            TargetAdjusted,
            effective_on=on,
            organization_id=self.stated.organization_id,
            **amount.stored(),
            reason=require_words("reason", reason, 2000),
            document=optional_words("document", document),
            issued_by=optional_words("issuedBy", issued_by, 300),
        )

    def carry(
        self,
        successor: str,
        successor_target: UUID,
        *,
        count: int,
        on: date,
        reason: str,
        document: str,
        issued_by: str | None = None,
    ) -> TargetCarried:
        """Give part of the target to the same target of a successor of its holder, by its code.

        The target stays what it is; what nobody got remains visible. Raises InvalidInput for a bad
        day, for a share (which the successor states anew), and for more than what is left.
        """
        if on < self.stated.effective_on:
            raise invalid_target("occurredOn", "trước ngày giao chỉ tiêu", "is before it was set")
        left = self.unassigned()
        if left is None:
            raise invalid_target("target", "là tỷ lệ, không chuyển được", "is a share")
        if not 1 <= count <= left:
            raise invalid_target("count", f"từ 1 đến {left}", f"must be 1 to {left}")
        self.trigger_event(
            TargetCarried,
            effective_on=on,
            organization_id=self.stated.organization_id,
            successor=successor,
            successor_target=successor_target,
            count=count,
            reason=require_words("reason", reason, 2000),
            document=require_words("document", document, 200),
            issued_by=optional_words("issuedBy", issued_by, 300),
        )
        carried = self.entries[-1]
        assert isinstance(carried, TargetCarried)
        return carried

    def amount(self, until: date | None = None) -> TargetSet | TargetAdjusted:
        """The entry that states the amount as of a day, of all days without one."""
        entries = [e for e in self.live(until) if isinstance(e, TargetSet | TargetAdjusted)]
        if not entries:
            raise record_not_found(Target)
        return entries[-1]

    def carried(self, until: date | None = None) -> list[TargetCarried]:
        """What went to successors by a day."""
        return [entry for entry in self.live(until) if isinstance(entry, TargetCarried)]

    def unassigned(self, until: date | None = None) -> int | None:
        """What no successor got of the amount; None of a share."""
        count = self.amount(until).count
        return None if count is None else count - sum(e.count for e in self.carried(until))

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
    def terms(self) -> TargetTerms:
        """Its terms as they were stated last, voided or not."""
        stated = self._stated_last
        period = Period(stated.period, stated.period_first, stated.period_last)
        return TargetTerms(
            basis=stated.basis, period=period, group=stated.group, counting=stated.counting
        )

    @property
    def set_by(self) -> str | None:
        """The code of the organization that assigned it; None where that was not kept."""
        return self._stated_last.set_by

    def require_unset(self, holder: str) -> None:
        """Raises Conflict, which names the holder, for a target that stands: it is adjusted."""
        if self.is_stated:
            vi, en = self.taken.text.vi, self.taken.text.en
            text = Text(f"{vi} ({holder})", f"{en} ({holder})")
            raise Conflict(self.taken.code, text, field=self.taken.field)

    @property
    def _stated_last(self) -> TargetSet:
        return [entry for entry in self.entries if isinstance(entry, TargetSet)][-1]

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
    terms: TargetTerms,
    amount: Amount,
    growth_percent: float | None,
    document: str | None,
    issued_by: str | None,
) -> dict[str, object]:
    amount.required(terms.group)
    if growth_percent is not None and not -100 <= growth_percent <= 100_000:
        raise invalid_target("statedGrowthPercent", "từ -100 trở lên", "must be -100 or more")
    return {
        "basis": terms.basis,
        "period": terms.period.name,
        "period_first": terms.period.first,
        "period_last": terms.period.last,
        "group": terms.group,
        "counting": terms.counting,
        **amount.stored(),
        "stated_growth_percent": growth_percent,
        "document": optional_words("document", document),
        "issued_by": optional_words("issuedBy", issued_by, 300),
    }
