"""How questions are asked of a served installation."""

from typing import Protocol

from tests.projections.served_figures import Shown
from tests.projections.three_ways import Question


class Asking(Protocol):
    """Where questions are asked, and answers counted by what was asked."""

    def ask(self, query: str, code: str, asked: Question, /, **variables: object) -> Shown: ...
    def pages(
        self, query: str, code: str, asked: Question, /, **variables: object
    ) -> list[Shown]: ...
    def count(self, what: str, number: int) -> None: ...
