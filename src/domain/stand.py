"""Whether the entries of a case still stand after a correction: each on what it takes for granted.

The steps themselves judge what comes anew; nothing of the rule book is here.
"""

from collections.abc import Iterable

from domain.case import Case, CaseEntry, fold
from domain.record import Entry, entry_has_successors


def require_steps_stand(entries: Iterable[Entry]) -> None:
    """Passes unless a correction took away what a later step stands on.

    The entries are the live ones in the order in which they count. Raises Conflict: the later step
    is to be corrected first.
    """
    live = [entry for entry in entries if isinstance(entry, CaseEntry)]
    so_far = Case()
    for later in live:
        if any(getattr(so_far, fact) is not None for fact in later.STANDS_WITHOUT):
            raise entry_has_successors()
        later.take(so_far)
        facts = fold(entry for entry in live if later.STANDS_ON and _by_then(entry, later))
        if any(getattr(facts, fact) is None for fact in later.STANDS_ON):
            raise entry_has_successors()


def _by_then(entry: CaseEntry, later: CaseEntry) -> bool:
    """Whether an entry is of an earlier day, or of the same one and ends no pursuit."""
    if entry.effective_on == later.effective_on:
        return not entry.ENDS_PURSUIT
    return entry.effective_on < later.effective_on
