"""Each requirement of the documents is shown by an acceptance test, or waits for a read model."""

from tests.requirements import TABLE, requirements, table, traces

WAITING_MAX = 25
"""So many may wait for the read models."""


def test_there_are_124_requirements() -> None:
    """34 + 40 + 31 + 19, as the documents have them."""
    numbers = [each.number for each in requirements()]

    assert len(numbers) == len(set(numbers)) == 124


def test_every_requirement_is_shown() -> None:
    """By a test that goes through the API; a number that nobody demands is a slip."""
    shown = set(traces())
    wanted = {each.number for each in requirements()}
    waiting = {each.number for each in requirements() if each.read_model}

    assert shown <= wanted
    assert wanted - shown <= waiting
    assert len(waiting) <= WAITING_MAX


def test_the_page_is_up_to_date() -> None:
    """Run `python -m tests.requirements > docs/requirements.md`."""
    assert table() == TABLE.read_text(encoding="utf-8")
