"""What a member of a standing committee answers for: the results of a territory, each person once.

Every figure is the roll-up's own of an organization, added up over organizations none of which is
below another. Which territories there are is not known here.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from domain.case import Stage
from domain.characteristic import Aspect, characteristics
from domain.period import Period
from domain.target import CountingDate, TargetBasis
from projections import figures
from projections.figures import GroupFigure
from projections.rollup import Rollup
from projections.target_progress import Progress, percent_of
from projections.tree import Node, Tree


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a scoreboard is asked for."""

    period: Period
    basis: TargetBasis
    counting: CountingDate
    below_percent: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Figures of several organizations with all below them.

    `admitted` counts by the asked date; `target`, `achieved` and what follows are those of the
    organizations that have a target (not of the `without_target`), each by its own. `pace_percent`
    is the share of their targets that the time that has passed asks for.
    """

    organizations: int
    stages: Mapping[Stage, int]
    admitted: int
    target: float | None
    achieved: int
    without_target: int
    percent: float | None
    pace_percent: float | None
    is_below_target: bool
    is_below_pace: bool


def standing(tree: Tree, organizations: Iterable[UUID]) -> list[Node]:
    """Who stands for some organizations in a tree, those left out that are below another one.

    Themselves, or who has their people. What the tree does not have is left out.
    """
    found = {node for each in organizations for node in _standing(tree, each, frozenset())}
    return _topmost(found)


def in_area(nodes: Iterable[Node], characteristic: str) -> list[Node]:
    """The organizations of some parts of a tree that have a characteristic, none below another."""
    every = {below for node in nodes for below in node.subtree()}
    return _topmost({node for node in every if characteristic in node.characteristics})


def areas(nodes: Sequence[Node]) -> list[str]:
    """The characteristics of area that organizations of some parts of a tree have."""
    known = (each.code for each in characteristics().values() if each.aspect is Aspect.AREA)
    return [code for code in known if in_area(nodes, code)]


def in_nobodys_charge(node: Node, held: Collection[Node]) -> list[Node]:
    """The organizations directly below one of which no part is held, and nothing above."""
    covered = {below for each in held for below in each.subtree()}
    above = {over for each in held for over in each.path()}
    return [child for child in node.children if child not in covered and child not in above]


async def score(rollup: Rollup, nodes: Sequence[Node], asked: Asked, group: str | None) -> Score:
    """The figures of some nodes, none below another. Raises InvalidInput for an unknown group."""
    stages: Counter[Stage] = Counter()
    admitted = 0
    made = []
    for node in nodes:
        stages.update(await rollup.stage_counts(node, group))
        admitted += await rollup.achieved(node, asked.period, group, asked.counting)
        made.append(await rollup.progress(node, asked.period, group, asked.basis))
    stated = [(each, each.target) for each in made if each.target is not None]
    target = sum(amount for _, amount in stated) if stated else None
    achieved = sum(each.achieved for each, _ in stated)
    percent = percent_of(achieved, target)
    pace = percent_of(sum(each.pace_percent * amount / 100 for each, amount in stated), target)
    return Score(
        organizations=len(nodes),
        stages=stages,
        admitted=admitted,
        target=target,
        achieved=achieved,
        without_target=len(made) - len(stated),
        percent=percent,
        pace_percent=pace,
        is_below_target=percent is not None and percent < asked.below_percent,
        is_below_pace=percent is not None and pace is not None and percent < pace,
    )


async def below(
    rollup: Rollup, nodes: Iterable[Node], asked: Asked
) -> tuple[list[Node], list[Node]]:
    """Who achieved less than the asked percent of the own target, and who less than the pace."""
    of_target, of_pace = [], []
    for node in nodes:
        made: Progress = await rollup.progress(node, asked.period, None, asked.basis)
        if made.percent is not None and made.percent < asked.below_percent:
            of_target.append(node)
        if made.percent is not None and made.percent < made.pace_percent:
            of_pace.append(node)
    return of_target, of_pace


async def group_figures(
    rollup: Rollup, nodes: Iterable[Node], period: Period, counting: CountingDate
) -> list[GroupFigure]:
    """The figures of each group over some nodes, none below another."""
    admitted: Counter[str] = Counter()
    source: Counter[str] = Counter()
    everybody = 0
    for node in nodes:
        everybody += await rollup.achieved(node, period, None, counting)
        for each in await figures.group_figures(rollup, node, period, counting):
            admitted[each.group] += each.admitted
            source[each.group] += each.source
    return [
        GroupFigure(group, count, percent_of(count, everybody), source[group])
        for group, count in admitted.items()
    ]


def _standing(tree: Tree, organization: UUID, passed: frozenset[UUID]) -> set[Node]:
    node = tree.get(organization)
    if node is not None:
        return {node}
    life = tree.lives.get(organization)
    if life is None or organization in passed:
        return set()
    passed |= {organization}
    return {node for heir in life.heirs(tree.on) for node in _standing(tree, heir, passed)}


def _topmost(nodes: Collection[Node]) -> list[Node]:
    """Those that no other one is above of, in the order of their names."""
    found = [node for node in nodes if not any(above in nodes for above in node.path()[:-1])]
    return sorted(found, key=lambda node: node.order)
