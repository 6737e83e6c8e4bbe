"""The same question answered by the read models, by a replay of the logs, and by a recount.

The replay shares nothing with the read models but the case of the domain; the recount knows only
exported events and the rules of docs/events.md.
"""

import io
import json
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

from tests.acceptance.recount import Event
from tests.acceptance.recount_lists import Lists, asked_of
from tests.projections.recounted_dues import compare_dues

from app.export import write_events
from app.installation import Installation
from app.replay.command import reader_of
from app.replay.figures import Clocks, Figures, figures
from domain.calendar import add_months
from domain.groups import catalogue
from domain.period import Period, days, term, year
from domain.target import CountingDate, TargetBasis
from projections.basis import At
from projections.figures import SOURCE, group_figures, months, source
from projections.rollup import Rollup
from projections.tree import Node

FAR = date(9999, 1, 1)


@dataclass(frozen=True)
class Question:
    """What is asked of an organization and all below it."""

    code: str
    clocks: Clocks
    group: str | None
    basis: TargetBasis
    counting: CountingDate
    period: Period


def question(
    random: Random, codes: list[str], span: tuple[date, date], known: list[datetime]
) -> Question:
    """Any one: days before the first and after the last event, too."""
    first, last = span

    def any_day() -> date:
        return first + timedelta(days=random.randint(-100, (last - first).days + 500))

    def any_late_day() -> date:
        return last - timedelta(days=random.randint(-500, 900))

    begins = any_day()
    return Question(
        code=random.choice(codes),
        clocks=Clocks(
            random.choice((any_day, any_late_day))(),
            random.choice(known) if random.random() < 0.6 else None,
            any_day() if random.random() < 0.5 else None,
        ),
        group=random.choice((None, None, *catalogue())),
        basis=random.choice(list(TargetBasis)),
        counting=random.choice(list(CountingDate)),
        period=random.choice(
            [
                *(year(number) for number in range(first.year, last.year + 2)),
                term("2020-2025"),
                days(begins, begins + timedelta(days=random.randint(0, 900))),
            ]
        ),
    )


def aimed(random: Random, asked: Question, events: list[Event], kind: str) -> Question:
    """A question where and about when something of a kind happened."""
    event = random.choice([each for each in events if each["type"] == kind])
    on = date.fromisoformat(event["effectiveOn"])
    about = days(on - timedelta(days=random.randint(0, 200)), on + timedelta(days=120))
    tenant = event["tenant"]
    return replace(
        asked,
        code=random.choice([tenant, tenant, tenant.partition("/")[0]]),
        clocks=Clocks(
            on + timedelta(days=random.randint(0, random.choice([20, 600]))),
            asked.clocks.known if random.random() < 0.3 else None,
            asked.clocks.tree if random.random() < 0.4 else None,
        ),
        period=_stated(event) or random.choice([year(on.year), about, about, asked.period]),
    )


def _stated(event: Event) -> Period | None:
    """The period of a target."""
    if event["type"] != "target.set":
        return None
    first, last = (date.fromisoformat(event["data"][end]) for end in ("periodFirst", "periodLast"))
    return Period(event["data"]["period"], first, last)


async def exported(installation: Installation, code: str) -> list[Event]:
    """The events of a province as integrators get them."""
    output = io.StringIO()
    await write_events(installation, code, output)
    return [json.loads(line) for line in output.getvalue().splitlines()]


async def compare(installation: Installation, events: list[Event], asked: Question) -> int:
    """How many organizations have the same figures in all ways; fails where they have not."""
    clocks = asked.clocks
    at = At(effective=clocks.effective, known=clocks.known, tree=clocks.tree)
    rollup = await installation.read_models.rollup(asked.code, at)
    replayed = await figures(reader_of(installation), installation.store, asked.code, clocks)
    recount = asked_of(events, asked.code, clocks)
    lives = list(replayed.organizations())
    shown = {node.id: node for node in rollup.root.subtree()}
    assert {life.id for life in lives} == set(shown), asked
    for life in lives:
        node = shown[life.id]
        assert node.name == life.name(replayed.tree.day)
        if node is not rollup.root:
            assert node.parent is not None
            assert node.parent.id == replayed.tree.superior(life.id)
        await compare_stages(rollup, replayed, recount, node, asked)
        await compare_progress(rollup, replayed, recount, node, asked)
        await compare_beside(rollup, replayed, node, asked)
        await compare_flows(rollup, replayed, recount, node, asked)
    await compare_dues(installation, rollup, replayed)
    return len(lives)


async def compare_stages(
    rollup: Rollup, replayed: Figures, recount: Lists, node: Node, asked: Question
) -> None:
    """How many people stand where."""
    stages = dict(await rollup.stage_counts(node, asked.group))
    assert stages == replayed.stages(node.id, asked.group), (node.code, asked)
    counted = recount.stages(node.code, asked.clocks.effective, asked.group)
    assert {stage.value: n for stage, n in stages.items()} == counted, (node.code, asked)


async def compare_progress(
    rollup: Rollup, replayed: Figures, recount: Lists, node: Node, asked: Question
) -> None:
    """Targets, what was achieved of them, and who is below."""
    day = asked.clocks.effective
    shown = await rollup.progress(node, asked.period, asked.group, asked.basis)
    stated = {(t.holder, t.period.name, t.group, t.basis): t for t in replayed.targets}
    key = (node.id, asked.period.name)
    own = stated.get((*key, asked.group, asked.basis))
    total = stated.get((*key, None, asked.basis))
    held = [t.period for t in replayed.targets if t.holder == node.id]
    nominal = next((p for p in held if p.name == asked.period.name), asked.period)
    period = own.period if own else nominal
    leading = own or total
    counting = leading.counting if leading else CountingDate.DECISION
    last = min(period.last, day)
    achieved = admitted(replayed, node, counting, period.first, last, asked.group)
    assert (shown.achieved, shown.counting) == (achieved, counting), (node.code, asked)
    whole = float(admitted(replayed, node, counting, period.first, last, None))
    if total is not None and total.count is not None:
        whole = total.count
    amount = None
    if own is not None:
        amount = own.count if own.count is not None else whole * (own.share_percent or 0) / 100
    assert shown.target == amount, (node.code, asked)
    if own is not None:
        assert achieved == replayed.achieved(own)
    below = await rollup.below_target(node, asked.period, 50, asked.basis)
    for child in node.children:
        reached = (await rollup.progress(child, asked.period, None, asked.basis)).percent
        assert (child in below) is (reached is not None and reached < 50)
    what = f"ADMITTED_BY_{counting.value}"
    again = recount.happened(what, node.code, period.first, last, day, asked.group)
    assert again == achieved, (node.code, asked)
    found = recount.target(node.code, asked.period.name, day, asked.group, asked.basis.value)
    assert (found and (found["count"], found["sharePercent"])) == (
        own and (own.count, own.share_percent)
    ), (node.code, asked)


async def compare_beside(rollup: Rollup, replayed: Figures, node: Node, asked: Question) -> None:
    """Months, groups, source, and what came to nothing."""
    period, day = asked.period, asked.clocks.effective
    last = min(period.last, day)
    for month in await months(rollup, node, period, asked.group, asked.counting):
        first = max(month.first, period.first)
        ends = min(add_months(month.first, 1) - timedelta(days=1), last)
        counted = admitted(replayed, node, asked.counting, first, ends, asked.group)
        running = admitted(replayed, node, asked.counting, period.first, ends, asked.group)
        assert (month.admitted, month.running) == (counted, running), (node.code, month, asked)
    for figure in await group_figures(rollup, node, period, asked.counting):
        stages = replayed.stages(node.id, figure.group)
        waiting = sum(stages.get(stage, 0) for stage in SOURCE)
        counted = admitted(replayed, node, asked.counting, period.first, last, figure.group)
        assert (figure.source, figure.admitted) == (waiting, counted), (node.code, figure, asked)
    all_stages = replayed.stages(node.id)
    people = sum(all_stages.get(stage, 0) for stage in SOURCE)
    assert (await source(rollup, node, period, asked.basis)).people == people


async def compare_flows(
    rollup: Rollup, replayed: Figures, recount: Lists, node: Node, asked: Question
) -> None:
    """What happened once and is counted once, beside the admissions that targets count."""
    period, day, by = asked.period, asked.clocks.effective, asked.counting.value
    last = min(period.last, day)
    accounts = [f"{what}_BY_{by}" for what in ("ADMITTED", "READMITTED", "UNCOUNTED")]
    for account in (*accounts, "STRIKINGS_OFF"):
        flowed = await rollup.flow(node, account, period, asked.group)
        counted = replayed.total(node.id, account, period.first, last, asked.group)
        assert flowed == counted, (node.code, account, asked)
        again = recount.happened(account, node.code, period.first, last, day, asked.group)
        assert flowed == again, (node.code, account, asked)


def admitted(  # noqa: PLR0913, PLR0917 - all by position from a few places
    replayed: Figures, node: Node, by: CountingDate, first: date, last: date, group: str | None
) -> int:
    """Of the replay."""
    return replayed.total(node.id, f"ADMITTED_BY_{by.value}", first, last, group)
