"""The rules of procedure applied to one step: what each looks at.

What a breach does stands in the rule book.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from domain.calendar import add_months, add_working_days, months_between
from domain.case import Case, VettingConclusion
from domain.errors import Finding, InvalidInput, RuleViolated
from domain.procedure import Effect, RuleBook
from domain.text import Text

if TYPE_CHECKING:
    from domain.person import Cell


@dataclass(frozen=True, slots=True)
class Day:
    """The day a step took place, the rules it is judged by, and the id of who records it.

    `cell` is the case's cell as it stood on that day, where the step depends on it.
    """

    on: date
    rules: RuleBook
    actor: str | None = None
    cell: "Cell | None" = None


@dataclass(frozen=True, slots=True)
class Judgment:
    """Judges one step by the versions of the rules in force and gathers its findings.

    Each method raises RuleViolated where the breach refuses, or lacks the superior's consent.
    """

    day: Day
    findings: list[Finding] = field(default_factory=list)

    def breach(
        self,
        rule: str,
        *,
        on: date | None = None,
        at: str | None = None,
        consent: str | None = None,
        **values: object,
    ) -> None:
        """A rule in force `on` a day (the step's by default) is broken.

        `at` names the input field.
        """
        version = self.day.rules.on(rule, on or self.day.on)
        if version.effect is Effect.FINDING:
            self.findings.append(version.finding(**values))
        elif version.effect is Effect.REFUSE or consent is None:
            raise version.refusal(at, **values)

    def out_of_order(self, missing: str, on: date | None = None) -> RuleViolated:
        """The refusal of a step before the one that it stands on (P8)."""
        vi, en = _MISSING[missing]
        day = on or self.day.on
        version = self.day.rules.on("P8", day)
        return version.refusal("occurredOn", missing_vi=vi, missing_en=en, day=day)

    def helper(self, case: Case) -> None:
        """P2: an official member helps."""
        if case.helper is None:
            self.breach("P2")

    def official_since(self, since: date) -> None:
        """P3: the helper is an official member on the day."""
        if since > self.day.on:
            self.breach("P3", at="helperOfficialSince", day=self.day.on)

    def age(self, birth_date: date, reviewed_on: date) -> None:
        """T1: the age counted by month on the day the cell reviews the case."""
        months_min = self.parameter("T1", "months_min", reviewed_on)
        if months_between(birth_date, reviewed_on) < months_min:
            self.breach("T1", on=reviewed_on, at="candidate", day=reviewed_on)

    def age_without_consent(
        self, birth_date: date, reviewed_on: date, consent_number: str | None
    ) -> None:
        """T2: over 60 on the day of review only with the superior's written consent."""
        months_max = self.parameter("T2", "months_max", reviewed_on)
        if months_between(birth_date, reviewed_on) > months_max:
            self.breach(
                "T2", on=reviewed_on, at="consentNumber", consent=consent_number, day=reviewed_on
            )

    def certificate(self, case: Case, on: date) -> None:
        """T4: the certificate of the awareness class is valid on a day."""
        held = case.certificate
        if held is None or not held.effective_on <= on <= held.valid_until:
            self.breach("T4", on=on, at="candidate", day=on)

    def certificate_ends_on(self) -> date:
        """T4: the last day of a certificate of the step's day."""
        return add_months(self.day.on, self.parameter("T4", "months"))

    def vetting(self, case: Case) -> None:
        """P6: the vetting found the person eligible."""
        if case.vetting is None or case.vetting.conclusion is not VettingConclusion.ELIGIBLE:
            self.breach("P6", at="candidate", day=self.day.on)

    def vote(self, case: Case) -> None:
        """T7: the cell's last vote passed."""
        if case.vote is None or not case.vote.passed:
            self.breach("T7", at="candidate")

    def has_majority(self, official_members: int, in_favor: int, rule: str = "T7") -> bool:
        """T7, T8: whether a vote passes; the base is all members, present or not."""
        numerator = self.parameter(rule, "numerator")
        return in_favor * self.parameter(rule, "denominator") >= official_members * numerator

    def failed_votes(self, case: Case) -> None:
        """T15: after some failed votes the matter belongs to the superior.

        All votes of a review before the next one have failed; after one that passed there is none.
        """
        if len(case.votes) >= self.parameter("T15", "votes"):
            self.breach("T15")

    def conditions(self, case: Case) -> None:
        """The tenant's own conditions for the person's groups are met."""
        assert case.identified is not None
        day = self.day.on
        for each in self.day.rules.conditions:
            concerns = each.group is None or each.group in case.identified.own_groups
            if concerns and each.valid_from <= day and each.code not in case.attested:
                self.breach(each.rule, at="candidate")

    def members(self, official_members: int) -> None:
        """T19: the cell has enough official members to vote."""
        if official_members < self.parameter("T19", "members_min"):
            self.breach("T19", at="officialMembers", official_members=official_members)

    def in_time(
        self,
        rule: str,
        counted_from: date,
        done_on: date,
        *,
        consent: str | None = None,
        extension: int = 0,
    ) -> None:
        """T9, T10, T12, T13: done within the rule's working days, the first day not counted.

        `extension` is the working days that were granted beyond.
        """
        days = self.parameter(rule, "working_days") + extension
        if done_on > add_working_days(counted_from, days):
            effect = self.day.rules.on(rule, self.day.on).effect
            field = "consentNumber" if effect is Effect.CONSENT else "occurredOn"
            self.breach(rule, at=field, consent=consent, day=counted_from, working_days=days)

    def probation_ends_on(self) -> date:
        """T11: the last day of a probation that begins on the step's day."""
        return add_months(self.day.on, self.parameter("T11", "months"))

    def parameter(self, rule: str, name: str, on: date | None = None) -> int:
        """A number that a rule in force `on` a day (the step's by default) goes by."""
        return self.day.rules.on(rule, on or self.day.on).parameters[name]


_MISSING = {
    "identified": ("chưa ghi nhận là quần chúng ưu tú", "the person is not identified"),
    "listed": ("chưa có trong danh sách cảm tình Đảng", "the person is not on the list"),
    "proposed": ("chưa được đề nghị đi học", "nobody proposed the person for the class"),
    "enrolled": ("chưa đi học lớp nhận thức", "the person does not attend the class"),
    "history": ("chưa khai lý lịch", "the personal history is not declared"),
    "vetting": ("chưa có kết luận thẩm tra", "the vetting is not concluded"),
    "vetting_request": ("chưa gửi yêu cầu thẩm tra", "no vetting reply is outstanding"),
    "vote": ("chi bộ chưa biểu quyết", "the cell has not voted"),
    "dossier": ("chưa được phép làm thủ tục", "the dossier is not open"),
    "submitted": ("hồ sơ chưa trình", "the dossier is not submitted"),
    "decided": ("chưa có quyết định kết nạp", "the admission is not decided"),
    "recognition_vote": (
        "chi bộ chưa biểu quyết đề nghị công nhận",
        "the cell has not voted on the recognition",
    ),
    "striking_off_vote": (
        "chi bộ chưa biểu quyết đề nghị xóa tên",
        "the cell has not voted on striking off",
    ),
    "ceremony": ("chưa tổ chức lễ kết nạp", "the ceremony is not held"),
}


def require_votes(official_members: int, in_favor: int, of: str = "officialMembers") -> None:
    """Passes for counts of people that can be. Raises InvalidInput.

    `of` is the input field of the first count.
    """
    if not 0 <= official_members <= 100_000:
        raise _count(of, 100_000)
    if not 0 <= in_favor <= official_members:
        raise _count("inFavor", official_members)


def _count(field: str, most: int) -> InvalidInput:
    return InvalidInput(
        "COUNT_OUT_OF_RANGE",
        Text(f"“{field}” phải từ 0 đến {most}.", f"“{field}” must be 0 to {most}."),
        field=field,
    )


def out_of_range(field: str, first: date, last: date) -> InvalidInput:
    """The refusal of a date that lies before `first` or after `last`."""
    return InvalidInput(
        "DATE_OUT_OF_RANGE",
        Text(
            f"“{field}” phải từ {first:%d/%m/%Y} đến {last:%d/%m/%Y}.",
            f"“{field}” must be from {first} to {last}.",
        ),
        field=field,
    )
