"""Dated facts about an organization as GraphQL shows them."""

from datetime import date

import strawberry

from api.scalars import Aspect
from domain.characteristic import characteristics as catalogue
from projections.lifetime import Link
from projections.tree import Node, Tree


@strawberry.type(description="What an organization is like; it may have several.")
class Characteristic:
    code: str
    name: str
    aspect: Aspect


@strawberry.type(description="An organization that came before or after, and from what day on.")
class Succession:
    code: str
    name: str | None = strawberry.field(description="Null for one outside what was asked.")
    on: date


@strawberry.type
class MemberCount:
    official_members: int
    counted_on: date


def characteristics(node: Node, language: str) -> list[Characteristic]:
    """In the order of the catalogue."""
    return [
        Characteristic(code=each.code, name=each.name.in_language(language), aspect=each.aspect)
        for each in catalogue().values()
        if each.code in node.characteristics
    ]


def member_count(node: Node) -> MemberCount | None:
    """The last count up to the day of the tree."""
    if node.official_members is None or node.members_counted_on is None:
        return None
    return MemberCount(official_members=node.official_members, counted_on=node.members_counted_on)


def predecessors(tree: Tree, node: Node) -> list[Succession]:
    """Whose people it took, in the order of the days."""
    return _shown(tree, tree.lives[node.id].predecessors)


def successors(tree: Tree, node: Node) -> list[Succession]:
    """Who took its people, in the order of the days."""
    return _shown(tree, tree.lives[node.id].successors)


def _shown(tree: Tree, links: list[Link]) -> list[Succession]:
    shown = []
    for link in links:
        life = tree.lives.get(link.id)
        code = link.code if life is None else life.code
        assert code is not None, "an organization of the tenant is in the tree's lives"
        name = None if life is None else life.name_on(link.on)
        shown.append(Succession(code=code, name=name, on=link.on))
    return sorted(shown, key=lambda each: (each.on, each.code))
