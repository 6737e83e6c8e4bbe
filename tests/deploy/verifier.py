"""The verifier as a module, and what it says of an export."""

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.deploy.exports import event

VERIFIER = Path(__file__).parents[2] / "deploy" / "verify_log.py"
SIZE = 23
SIZES = (1, 5, 10, 16, 20)
EVENTS = [event(position) for position in range(1, SIZE + 1)]


def load() -> Any:  # noqa: ANN401
    """The verifier as a module: it lies in no package."""
    spec = importlib.util.spec_from_file_location("verify_log", VERIFIER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


verify_log = load()


@dataclass(frozen=True)
class Verdict:
    """What the verifier says."""

    code: int
    text: str
    told: dict[str, Any]

    @property
    def where(self) -> tuple[int | None, list[int] | None]:
        return self.told["firstBadPosition"], self.told["badInterval"]


Verify = Callable[..., Verdict]
"""Run the verifier over an export, or over the lines of a file, with options."""
