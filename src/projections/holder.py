"""Whose records stand where in a tree, and what they are called there. People count by units."""

from uuid import UUID

from projections.tree import Node, Tree


def holders(tree: Tree, node: Node) -> dict[int, list[UUID]]:
    """Whose records stand at a node or below it, by the tenant whose log tells of them.

    Those of an organization that is not in this tree stand where its people count, and those of one
    that never was at what it was said to stand under: no log loses sight of them.
    """
    found: dict[int, list[UUID]] = {}
    for unit in tree.units(node):
        if (life := tree.lives.get(unit)) is not None:
            found.setdefault(life.tenant_id, []).append(unit)
    subtree = {below.id for below in node.subtree()}
    for organization_id, never in tree.voided.items():
        at = None if never.superior is None else tree.place(never.superior)
        if at is not None and at.id in subtree:
            found.setdefault(never.tenant_id, []).append(organization_id)
    return found


def name_of(tree: Tree, organization_id: UUID) -> str:
    """What a holder is called in a tree, also one that never was."""
    life = tree.lives.get(organization_id)
    return tree.voided[organization_id].name if life is None else life.name_on(tree.on)
