"""One candidate's card, and the list of candidates of an organization, at any date and knowledge.

A card is folded from its own few events when it is asked for, so it keeps no rows; the list finds
its people by postings.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Final
from uuid import UUID

from db.database import Database
from domain.candidate import Identified
from domain.case import Case, CaseEntry, Stage, fold, stage
from domain.errors import InvalidInput
from domain.gap import STAGES, Gap, has_gap
from domain.groups import YOUTH_AGE, mask, require_group, unmask
from domain.part import AssignedToPart, whereabouts
from domain.placement import Received
from domain.recommendation import Recommender
from domain.record import Entry, live_entries
from domain.text import Text
from domain.timeline import groups_counted
from domain.vetting import VettingStatus, vetting_status
from domain.vietnamese import SortKey, person_key
from eventstore.codec import Codec
from eventstore.records import Records
from eventstore.store import EventStore
from projections import pipeline
from projections.rollup import Rollup
from projections.tree import Node


@dataclass(frozen=True, slots=True)
class CandidateCard:
    """A case on a day: its facts, its stage, and the groups that the person is counted in.

    `position` is that of the last event known of it. Personal fields of `case` are None when the
    card was opened without them.
    """

    tenant_id: int
    id: UUID
    organization_id: UUID
    stage: Stage
    groups: tuple[str, ...]
    case: Case
    findings: tuple[tuple[str, date], ...]
    position: int
    received_from: str | None


@dataclass(frozen=True, slots=True)
class CandidatePage:
    """Cards in name order; `after` leads to the next page, None at the end."""

    cards: tuple[CandidateCard, ...]
    after: str | None
    total: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which people a list is of; what is None or empty does not narrow it.

    `paper_months` is how long a paper is good, by the rule of the asked day.
    """

    stages: frozenset[Stage] = frozenset()
    group: str | None = None
    gap: Gap | None = None
    vetting: frozenset[VettingStatus] = frozenset()
    recommended_by: Recommender | None = None
    paper_months: int = 0

    def at(self, stage: Stage) -> bool:
        """Whether somebody at a stage may be wanted."""
        possible = STAGES[self.gap] if self.gap is not None else frozenset(Stage)
        return stage in possible and (not self.stages or stage in self.stages)

    @property
    def of_facts(self) -> bool:
        """Whether the facts of each case must be looked at."""
        return bool(self.gap or self.vetting or self.recommended_by)

    def takes(self, card: CandidateCard, day: date) -> bool:
        """Whether a case by its facts is wanted."""
        case, young = card.case, YOUTH_AGE in card.groups
        by = {given.recommended_by for given in case.recommendations}
        return (
            (not self.vetting or vetting_status(case) in self.vetting)
            and (self.recommended_by is None or self.recommended_by in by)
            and (
                self.gap is None
                or has_gap(self.gap, case, day, young=young, months=self.paper_months)
            )
        )


FACTS_MAX: Final = 5_000
"""How many cases one list looks into; more are refused, not cut off."""
_AT_ONCE: Final = 500


class CandidateCards:
    """Opens cards."""

    def __init__(
        self, database: Database, store: EventStore, records: Records, codec: Codec
    ) -> None:
        self._database = database
        self._store = store
        self._records = records
        self._codec = codec

    async def card(
        self,
        tenant_id: int,
        candidate: UUID,
        effective: date,
        *,
        until_position: int | None = None,
        personal: bool,
    ) -> CandidateCard | None:
        """The card of a candidate on a day, from the events up to a position.

        None when nothing was known of it then.
        """
        cards = await self._cards(
            tenant_id, [candidate], effective, until_position=until_position, personal=personal
        )
        return cards.get(candidate)

    async def page(
        self,
        rollup: Rollup,
        node: Node,
        wanted: Wanted,
        *,
        first: int,
        after: str | None,
        personal: bool,
    ) -> CandidatePage:
        """The people of a node's subtree in Vietnamese name order, by given name.

        The cursor is opaque.

        Raises InvalidInput for an unknown group, and for more than `FACTS_MAX` cases to look into.
        """
        require_group(wanted.group)
        tenant, until = node.tenant_id, rollup.basis.positions[node.tenant_id]
        async with self._database.tenant(tenant) as connection:
            found = await pipeline.persons(
                connection,
                tenant,
                until,
                rollup.basis.effective,
                rollup.tree.units(node),
                0 if wanted.group is None else mask([wanted.group]),
            )
        people = [who.person for who in found if wanted.at(who.stage)]
        if wanted.of_facts:
            people = await self._with_facts(tenant, people, rollup.basis.effective, until, wanted)
        names = await self._names(tenant, people, until, personal=personal)
        ordered = sorted(names.items(), key=_by_name)
        rest = ordered if after is None else _after(ordered, after)
        chosen = [person for person, _ in islice(rest, first)]
        cards = await self._cards(
            tenant, chosen, rollup.basis.effective, until_position=until, personal=personal
        )
        more = len(rest) > first
        return CandidatePage(
            tuple(cards[person] for person in chosen if person in cards),
            str(chosen[-1]) if more else None,
            len(people),
        )

    async def _with_facts(
        self, tenant_id: int, people: list[UUID], effective: date, until: int, wanted: Wanted
    ) -> list[UUID]:
        """Those of the people whose cases are wanted by their facts; nothing sealed is opened."""
        if len(people) > FACTS_MAX:
            raise InvalidInput(
                "LIST_TOO_LARGE",
                Text(
                    f"Quá {FACTS_MAX} hồ sơ: hãy chọn tổ chức nhỏ hơn hoặc giai đoạn cụ thể.",
                    f"More than {FACTS_MAX} cases: name a smaller organization, or stages.",
                ),
                field="filter",
            )
        kept: list[UUID] = []
        for start in range(0, len(people), _AT_ONCE):
            part = people[start : start + _AT_ONCE]
            cards = await self._cards(
                tenant_id, part, effective, until_position=until, personal=False
            )
            kept += [who for who, card in cards.items() if wanted.takes(card, effective)]
        return kept

    async def _names(
        self, tenant_id: int, persons: list[UUID], until: int, *, personal: bool
    ) -> dict[UUID, SortKey]:
        """The sort keys of names.

        Without leave to read names, people stand in the order of their ids.
        """
        nobody = person_key("")
        names = dict.fromkeys(persons, nobody)
        if personal:
            streams = await self._store.read_streams(
                tenant_id,
                persons,
                until_position=until,
                types=[Identified.TOPIC, Received.TOPIC],
            )
            for person, entries in (await self._records.open(streams)).items():
                stated = [e for e in live_entries(entries) if isinstance(e, Identified)]
                last = max(stated, key=lambda entry: entry.originator_version)
                if last.full_name is not None:
                    names[person] = person_key(last.full_name)
        return names

    async def _cards(
        self,
        tenant_id: int,
        candidates: Iterable[UUID],
        effective: date,
        *,
        until_position: int | None,
        personal: bool,
    ) -> dict[UUID, CandidateCard]:
        streams = await self._store.read_streams(
            tenant_id, list(candidates), until_position=until_position
        )
        if personal:
            opened = await self._records.open(streams)
        else:
            opened = {
                candidate: [self._codec.decode_clear(stored) for stored in stream]
                for candidate, stream in streams.items()
            }
        cards: dict[UUID, CandidateCard] = {}
        for candidate, entries in opened.items():
            position = streams[candidate][-1].position
            found = _fold_card(tenant_id, candidate, entries, effective, position)
            if found is not None:
                cards[candidate] = found
        return cards


def _fold_card(
    tenant_id: int, candidate: UUID, entries: list[Entry], effective: date, position: int
) -> CandidateCard | None:
    if isinstance(entries[0], Received) and effective < entries[0].effective_on:
        return None
    live = live_entries(entries, effective)
    case = fold(live)
    reached = stage(case, effective)
    if reached is None:
        return None
    counted = [entry for entry in live if not isinstance(entry, AssignedToPart)]
    holder = whereabouts(entries, live).organization_id
    assert holder is not None, "a case with a stage has entries"
    left = case.handed_over
    groups = groups_counted(case, counted[-1]) if left is None else mask(left.groups)
    return CandidateCard(
        tenant_id=tenant_id,
        id=candidate,
        organization_id=holder,
        stage=reached,
        groups=unmask(groups),
        case=case,
        findings=tuple(
            (rule, entry.effective_on)
            for entry in live
            if isinstance(entry, CaseEntry)
            for rule in entry.findings
        ),
        position=position,
        received_from=entries[0].from_tenant if isinstance(entries[0], Received) else None,
    )


def _by_name(item: tuple[UUID, SortKey]) -> tuple[SortKey, UUID]:
    return item[1], item[0]


def _after(ordered: list[tuple[UUID, SortKey]], cursor: str) -> list[tuple[UUID, SortKey]]:
    index = next((i for i, (person, _) in enumerate(ordered) if str(person) == cursor), None)
    if index is None:
        raise InvalidInput(
            "INVALID_CURSOR",
            Text("Con trỏ trang không còn hợp lệ.", "The page cursor is not valid any more."),
            field="after",
        )
    return ordered[index + 1 :]
