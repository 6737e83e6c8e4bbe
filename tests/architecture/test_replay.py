"""A replay is the other way to every figure: it takes nothing from the first one."""

import ast
from pathlib import Path

import pytest
from tests.architecture.sources import imported, modules, name_of, tree

FOLDS = {"domain.timeline", "domain.counting"}
"""Modules of the domain that fold figures."""
FOLD = "whereabouts"
"""What folds them in a module that also has entries."""


@pytest.mark.parametrize("path", modules("app/replay"), ids=name_of)
def test_a_replay_shares_no_fold_with_the_read_models(path: Path) -> None:
    """No read model, no postings, no units as they are posted."""
    names = set(imported(path))

    assert not {name for name in names if name.partition(".")[0] == "projections"}
    assert not names & FOLDS
    assert FOLD not in {each.id for each in ast.walk(tree(path)) if isinstance(each, ast.Name)}


def test_there_is_a_replay() -> None:
    """The rule above is about something."""
    assert len(modules("app/replay")) > 5
