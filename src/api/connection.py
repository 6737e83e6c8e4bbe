"""Relay's pages. A cursor names the last thing seen by what orders the list, never an offset."""

from collections.abc import Sequence
from typing import Final

import strawberry

from domain.errors import InvalidInput
from domain.text import Text

FIRST_DEFAULT: Final = 50
FIRST_MAX: Final = 100
CURSOR_LENGTH_MAX: Final = 2_000


@strawberry.type
class PageInfo:
    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


def page_info(cursors: Sequence[str], *, after: str | None, more: bool) -> PageInfo:
    """What Relay says about a page that goes forward."""
    return PageInfo(
        has_next_page=more,
        has_previous_page=after is not None,
        start_cursor=cursors[0] if cursors else None,
        end_cursor=cursors[-1] if cursors else None,
    )


def page_size(first: int | None, *, default: int = FIRST_DEFAULT, maximum: int = FIRST_MAX) -> int:
    """How many are asked for. Raises InvalidInput outside 1 to `maximum`."""
    if first is None:
        return default
    if not 1 <= first <= maximum:
        raise InvalidInput(
            "PAGE_SIZE",
            Text(f"“first” từ 1 đến {maximum}.", f"“first” must be 1 to {maximum}."),
            field="first",
        )
    return first


def invalid_cursor() -> InvalidInput:
    """The refusal for a cursor that this service did not give out."""
    return InvalidInput(
        "INVALID_CURSOR",
        Text("“after” không phải là con trỏ hợp lệ.", "“after” is no cursor of this list."),
        field="after",
    )
