"""Fields with a description for the schema, typed.

Strawberry's own decorators lose the method's type.
"""

from collections.abc import Callable
from typing import TypeVar, cast

import strawberry

F = TypeVar("F", bound=Callable[..., object])


def field(description: str | None = None) -> Callable[[F], F]:
    """A field or mutation that a method resolves."""
    return cast("Callable[[F], F]", strawberry.field(description=description))


def subscription(description: str) -> Callable[[F], F]:
    """A subscription whose events an asynchronous generator yields."""
    return cast("Callable[[F], F]", strawberry.subscription(description=description))
