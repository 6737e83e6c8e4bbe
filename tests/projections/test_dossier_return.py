"""Dossiers of random histories: what is posted is what the events say, however it was folded."""

from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final
from uuid import uuid4

import pytest
from tests.acceptance.recount import Event, Subject
from tests.databases import Log, Urls, command
from tests.domain.steps import CELL, PERSON, ceremony, path
from tests.domain.steps import on as steps_on
from tests.projections.random_history import BEGUN, PROVINCE, WAY, History
from tests.projections.test_random_histories import opened
from tests.projections.three_ways import exported

from app.worker import running
from commands import review
from domain.candidate import Candidate
from domain.events import CREATED, EVENTS
from domain.merging import Twin, merge
from domain.period import Period, year
from domain.submission import ReturnedTo
from domain.target import CountingDate
from eventstore.codec import Codec
from eventstore.registry import Registry
from projections import batch
from projections.basis import At
from projections.dossier_return import DossierReturnProjection, returns
from projections.quality import Qualities
from projections.rebuild import Rebuild
from projections.runner import Runner

STEPS = 120
BEGINS, MERGED = date(2023, 3, 1), date(2030, 1, 7)
COUNT = """
SELECT sum(n) FROM dossier_posting
WHERE tenant_id = $1 AND effective_on <= $2 AND fact = 'SUBMITTED'
"""
BACK: Final[Any] = (review.return_dossier, {"to": ReturnedTo.CELL, "defects": ("Thiếu dấu",)})
ENDS = {
    "candidate.withdrawn",
    "candidate.decision_revoked",
    "candidate.sympathizer_removed",
    "candidate.proposal_refused",
    "candidate.grassroots_resolution_refused",
    "candidate.admission_refused",
    "candidate.struck_off",
    "candidate.readmission_opened",
    "candidate.sympathizer_listed",
}
"""What a pursuit ends, or another begins, with."""


class Busy(History):
    """People hurry to the committee, and their dossiers come back."""

    async def hurry(self) -> None:
        """Somebody new, whose dossier is submitted, returned, submitted and returned again."""
        await super().hurry()
        await self.identify()
        case = self.cases[-1]
        way = [*WAY[:2], *WAY[5:10], BACK, *WAY[8:10], BACK]
        for step, fields in way[: self.random.randint(6, len(way))]:
            on = min(self.day, case.last + timedelta(days=self.random.choice((1, 7, 20))))
            await self.do_case(step, case, on, **fields)


def recounted(
    events: list[Event], period: Period, on: date, known: datetime | None
) -> Counter[str]:
    """A province's dossiers of a period from its exported events alone."""
    cases: dict[str, list[Event]] = {}
    for event in events:
        is_known = known is None or datetime.fromisoformat(event["recordedAt"]) <= known
        if is_known and event["type"].startswith("candidate."):
            cases.setdefault(event["subject"], []).append(event)
    counted: Counter[str] = Counter()
    for case in cases.values():
        live = [
            (each["type"], date.fromisoformat(each["effectiveOn"]), each["version"] > 0)
            for each in Subject(case).standing(on)
        ]
        _count(live, period, counted)
    return counted


def _count(live: list[tuple[str, date, bool]], period: Period, counted: Counter[str]) -> None:
    began: date | None = None
    back = 0
    for kind, day, is_own in live:
        if kind in ENDS:
            began = None
        if kind == "candidate.dossier_submitted" and began is None:
            began, back = day, 0
            counted["submitted"] += is_own and period.first <= began <= period.last
        if kind == "candidate.dossier_returned" and began is not None:
            back += 1
            is_asked = is_own and period.first <= began <= period.last
            counted["times"] += is_asked
            counted["returned"] += is_asked and back == 1


@pytest.mark.parametrize("seed", [11, 14])
async def test_random_dossiers_are_counted_and_folded_anew_alike(
    urls: Urls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """At random clocks; parts add up to the whole; one event at a time folds to the same rows."""
    random = Random(seed)
    async with opened(urls, tmp_path) as installation:
        history = Busy(installation, random)
        async with running(installation.runner):
            await history.begin()
            await history.live(STEPS)
        await installation.runner.catch_up()
        events = await exported(installation, PROVINCE)
        codec = Codec(Registry(EVENTS, CREATED))
        qualities = Qualities(installation.database, codec)
        seen: Counter[str] = Counter()
        for number in [*range(BEGUN.year, history.day.year + 1)] * 2:
            known = random.choice([None, random.choice(history.moments)])
            on = date(number + random.randint(0, 2), random.randint(1, 12), 28)
            rollup = await installation.read_models.rollup(PROVINCE, At(on, known))
            whole = await returns(rollup, rollup.root, year(number))
            parts = [await returns(rollup, each, year(number)) for each in rollup.root.children]
            expected = recounted(events, year(number), on, known)

            figures = (whole.submitted, whole.returned, whole.times)
            assert figures == tuple(expected[name] for name in ("submitted", "returned", "times"))
            assert sum(part.times for part in parts) <= whole.times
            seen += expected
            for node in rollup.root.subtree():
                by = random.choice(list(CountingDate))
                quality = await qualities.of(rollup, node, year(number), None, by)
                achieved = await rollup.achieved(node, year(number), None, by)
                assert quality.admitted == achieved, (node.code, number)
        assert seen["times"] > seen["returned"] > 3

        monkeypatch.setattr(batch, "BATCH_MAX", random.randint(1, 9))
        projection = DossierReturnProjection(codec)
        work = Rebuild(installation.database, projection)
        for tenant in await installation.store.tenants():
            async for _ in work.fold(tenant.tenant_id):
                pass
            assert await work.take_over(tenant.tenant_id) == []


async def test_the_dossier_of_a_duplicate_counts_until_it_is_found_out(
    log: Log, registry: Registry
) -> None:
    """Both records have the admission: from the day of the merger its dossier counts once."""
    records = [Candidate.identify(uuid4(), steps_on(BEGINS), CELL, PERSON) for _ in range(2)]
    for record in records:
        for step in path(ceremony):
            step(record)
    survivor, duplicate = (Twin("lam-dong/bao-lam", record) for record in records)
    merge(duplicate, survivor, steps_on(MERGED))
    for record in records:
        await log.records.save(log.tenant, command(), record, subject=record.id)
    projection = DossierReturnProjection(Codec(registry))
    await Runner(log.database, log.store, [projection]).catch_up()

    async with log.database.tenant(log.tenant) as connection:
        counts = [
            await connection.fetchval(COUNT, log.tenant, day)
            for day in (MERGED - timedelta(days=1), MERGED)
        ]
    assert counts == [2, 1]
