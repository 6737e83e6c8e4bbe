"""What is changed in a module, and that nothing else is."""

from pathlib import Path

from tests.mutants.operators import mutants

MODULE = '''"""A module."""
from domain.text import Text

LIMITS = frozenset({"T1", "T2"})


class Step:
    TOPIC = "case.step"
    IS_LAST = True

    def take(self, case: "Case | None") -> int:
        """A step."""
        assert case is not None
        if case.day <= 30 and not case.ended:
            case.step = self
            raise Late(Text("Muộn", "Late"), field="day")
        return min(case.days) + 1
'''
EXPECTED = {
    (4, None, "'T1' -> (nothing)"),
    (4, None, "'T1' -> 'XXT1'"),
    (4, None, "'T2' -> (nothing)"),
    (4, None, "'T2' -> 'XXT2'"),
    (9, None, "True -> False"),
    (14, "Step.take", "case.day <= 30 and (not case.ended) -> not case.ended"),
    (14, "Step.take", "case.day <= 30 and (not case.ended) -> case.day <= 30"),
    (14, "Step.take", "case.day <= 30 -> case.day < 30"),
    (14, "Step.take", "case.day <= 30 -> case.day > 30"),
    (14, "Step.take", "30 -> 31"),
    (14, "Step.take", "not case.ended -> case.ended"),
    (15, "Step.take", "case.step = self -> pass"),
    (16, "Step.take", "raise Late(Text('Muộn', 'Late'), field='day') -> pass"),
    (16, "Step.take", "Late(field='day') -> (nothing)"),
    (16, "Step.take", "'day' -> 'XXday'"),
    (17, "Step.take", "return min(case.days) + 1 -> return None"),
    (17, "Step.take", "min(case.days) + 1 -> min(case.days) - 1"),
    (17, "Step.take", "min(case.days) -> max(case.days)"),
    (17, "Step.take", "1 -> 2"),
}


def test_what_is_changed(tmp_path: Path) -> None:
    """Comparisons, conditions, numbers, codes, statements; no texts, types or stored names."""
    path = tmp_path / "step.py"
    path.write_text(MODULE, encoding="utf-8")
    found = mutants(path)

    assert EXPECTED == {(each.line, each.function, each.key[2]) for each in found}
    assert len(EXPECTED) == len(found)
    assert found[0].compiled().co_consts != compile(MODULE, str(path), "exec").co_consts
