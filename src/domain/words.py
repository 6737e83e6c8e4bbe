"""Lists of words that people state."""

from collections.abc import Sequence

from domain.errors import InvalidInput
from domain.record import require_words
from domain.text import Text


def words_of(field: str, values: Sequence[str], length_max: int = 1000) -> tuple[str, ...]:
    """As `require_words` for each of at most 100 values."""
    if len(values) > 100:
        raise InvalidInput(
            "TOO_MANY",
            Text(f"“{field}” có tối đa 100 mục.", f"“{field}” has at most 100 items."),
            field=field,
        )
    return tuple(require_words(field, value, length_max) for value in values)
