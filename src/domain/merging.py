"""Two records of one person: the duplicate ends, the other one survives."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from domain import twin
from domain.candidate import Candidate
from domain.case import Case, CaseEntry
from domain.counting import Flow
from domain.errors import Conflict
from domain.judgment import Day, Judgment
from domain.placement import require_nothing_later
from domain.record import Entry, optional_words
from domain.target_entry import CountingDate
from domain.text import Text


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What a duplicate tells of a day and the survivor counts as well, by its account."""

    account: str
    on: date


class Merged(CaseEntry):
    """The record was found to be a second one of the same person; from that day it counts nowhere.

    `takenBack` is what it counted, or took over as counted, and the survivor counts as well: one of
    each is taken back that day. Version 1 named the dates of counting in `countedTwice` instead.
    """

    TOPIC = "candidate.merged"
    class_version: ClassVar[int] = 2
    ENDS_CASE = True
    survivor_tenant: str
    survivor_id: UUID
    counted_twice: tuple[CountingDate, ...]
    document: str | None
    taken_back: tuple[TakenBack, ...] = ()

    @staticmethod
    def upcast_v1_v2(state: Mapping[str, Any]) -> dict[str, Any]:
        """Version 1 took everything back that was counted by a date."""
        return {"takenBack": [], **state}

    def take(self, case: Case) -> None:
        """The case has ended here."""
        case.merged = self


class FactsAdopted(CaseEntry):
    """Facts of a duplicate that this record lacked are taken over; `history` is what they were."""

    TOPIC = "candidate.facts_adopted"
    duplicate_tenant: str
    duplicate_id: UUID
    history: tuple[Entry, ...]

    def take(self, case: Case) -> None:
        """The facts stand as if they had been recorded here."""
        for entry in self.told():
            entry.take(case)

    def told(self) -> tuple[CaseEntry, ...]:
        """What was taken over."""
        return tuple(entry for entry in self.history if isinstance(entry, CaseEntry))


@dataclass(frozen=True, slots=True)
class Twin:
    """One of two records of a person, and the code of the tenant that keeps it."""

    tenant: str
    candidate: Candidate


def merge(
    duplicate: Twin,
    survivor: Twin,
    day: Day,
    *,
    adopting: bool = False,
    document: str | None = None,
) -> None:
    """End the duplicate in favor of the survivor, which is `adopting` what it lacks, or not.

    Of what the duplicate counted remains what the survivor takes over, and admissions that came to
    nothing before and of which the survivor knows nothing: merged into a third record that tells of
    such an admission, the survivor would not take that back. Raises Conflict when either has ended,
    when the duplicate goes on after that day, and for an admission that nobody would tell of.
    """
    judged = Judgment(day)
    _require_two(duplicate.candidate, survivor.candidate)
    duplicate.candidate.require(judged, "identified")
    survivor.candidate.require(judged, "identified")
    require_nothing_later(duplicate.candidate, day)
    kept, other = _sides(survivor.candidate, duplicate.candidate)
    adopted = twin.lacked(kept, other) if adopting else []
    taken_back = tuple(
        TakenBack(flow.account, flow.entry.effective_on)
        for flow in _counted_twice(kept, other, adopted)
    )
    duplicate.candidate.record(
        Merged,
        judged,
        survivor_tenant=survivor.tenant,
        survivor_id=survivor.candidate.id,
        counted_twice=(),
        document=optional_words("document", document),
        taken_back=taken_back,
    )


def adopt(survivor: Candidate, day: Day, duplicate: Twin) -> bool:
    """Let the survivor take over what it lacks as of the day; whether there was anything.

    Raises Conflict when that would not fit together with what it has.
    """
    judged = Judgment(day)
    survivor.require(judged, "identified")
    if any(_is_adopted(entry, duplicate.candidate) for entry in survivor.live()):
        return False
    taken = twin.lacked(*_sides(survivor, duplicate.candidate))
    if not taken:
        return False
    survivor.record(
        FactsAdopted,
        judged,
        duplicate_tenant=duplicate.tenant,
        duplicate_id=duplicate.candidate.id,
        history=tuple(taken),
    )
    survivor.require_sound()
    return True


def _sides(survivor: Candidate, duplicate: Candidate) -> tuple[list[CaseEntry], list[CaseEntry]]:
    """What each of two records tells without the other: what was adopted before is left out."""
    kept, other = (
        [entry for entry in record.live() if isinstance(entry, CaseEntry)]
        for record in (survivor, duplicate)
    )
    return [entry for entry in kept if not _is_adopted(entry, duplicate)], other


def _is_adopted(entry: Entry, duplicate: Candidate) -> bool:
    return isinstance(entry, FactsAdopted) and entry.duplicate_id == duplicate.id


def _counted_twice(
    kept: Sequence[CaseEntry], other: Sequence[CaseEntry], adopted: list[CaseEntry]
) -> Iterator[Flow]:
    """What the duplicate counts and the survivor counts as well. Raises Conflict; see `merge`."""
    mine = twin.admissions(kept)
    for theirs in twin.admissions(other):
        same = twin.same_as(theirs, mine)
        if same is None:
            if not theirs.is_over and not twin.is_former(kept, other, theirs):
                _require_told(theirs.flows, adopted)
            continue
        if same.is_again is not theirs.is_again:
            raise _admissions_differ(theirs.began_on)
        twice = [flow for flow in theirs.flows if flow.entry not in adopted]
        if not same.is_over:
            _require_told([flow for flow in twice if not same.tells_of(flow.entry)], adopted)
        yield from twice


def _require_told(flows: list[Flow], adopted: list[CaseEntry]) -> None:
    """Passes when the survivor takes over all of these. Raises Conflict."""
    left_out = [flow.entry for flow in flows if flow.entry not in adopted]
    if left_out:
        on = left_out[0].effective_on
        raise Conflict(
            "ADMISSION_LEFT_OUT",
            Text(
                f"Hồ sơ trùng có kết quả ngày {on:%d/%m/%Y} đã tính vào số liệu mà hồ sơ còn lại "
                f"không có; hãy tiếp nhận các bước đó, gộp theo chiều ngược lại hoặc đính chính.",
                f"The duplicate has a step of {on} that is counted and that the survivor lacks: "
                f"adopt its facts, merge the other way round, or correct it first.",
            ),
            field="adoptFacts",
        )


def _admissions_differ(on: date) -> Conflict:
    return Conflict(
        "ADMISSIONS_DIFFER",
        Text(
            f"Quyết định ngày {on:%d/%m/%Y} ở một hồ sơ là kết nạp lại, ở hồ sơ kia thì không; "
            f"hãy đính chính trước khi gộp.",
            f"The decision of {on} is a re-admission in one record only: correct that first.",
        ),
        field="survivor",
    )


def _require_two(duplicate: Candidate, survivor: Candidate) -> None:
    if duplicate.id == survivor.id:
        raise Conflict(
            "SAME_CANDIDATE",
            Text(
                "Hai hồ sơ phải khác nhau.",
                "A record cannot be merged with itself.",
            ),
            field="survivor",
        )
