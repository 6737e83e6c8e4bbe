"""What a command over several people needs: each checked by itself, each refusal naming its item.

All records of such a command are saved in one append; a refusal anywhere records nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from commands.authority import in_place
from commands.ports import Actor, Desk, OrganizationRef
from commands.scope import lies_in, require_record
from domain.access import Action
from domain.candidate import Candidate
from domain.errors import Refusal
from domain.judgment import Day
from domain.text import Text


@contextmanager
def item(field: str, number: int, candidate: Candidate | None = None) -> Iterator[None]:
    """Lets a refusal say which item of the list `field` (from 1) and which person it concerns."""
    try:
        yield
    except Refusal as refusal:
        who = "" if candidate is None else f" ({candidate.identified.full_name})"
        inner = "" if refusal.field is None else f".{refusal.field}"
        raise type(refusal)(
            refusal.code,
            Text(
                f"Mục {number}{who}: {refusal.text.vi}",
                f"Item {number}{who}: {refusal.text.en}",
            ),
            field=f"{field}.{number}{inner}",
            rule=refusal.rule,
            source=refusal.source,
        ) from refusal


class People:
    """The candidates that one command changes, each loaded once and inside the actor's scope."""

    def __init__(self, desk: Desk, actor: Actor, tenant_id: int) -> None:
        self._desk = desk
        self._actor = actor
        self._tenant_id = tenant_id
        self._found: dict[UUID, Candidate] = {}

    async def load(self, candidate_id: UUID) -> Candidate:
        """The candidate. Raises NotFound for one outside the actor's scope."""
        if candidate_id not in self._found:
            found = await self._desk.log.load(self._tenant_id, Candidate, candidate_id)
            await require_record(self._desk, self._actor, self._tenant_id, found)
            self._found[candidate_id] = found
        return self._found[candidate_id]

    async def cell_of(self, candidate: Candidate) -> OrganizationRef:
        """The cell that handles the case."""
        return await self._desk.directory.organization_by_id(
            self._tenant_id, candidate.organization_id
        )

    async def is_of(self, candidate: Candidate, place: OrganizationRef) -> bool:
        """Whether an organization, or one below it, handles the case."""
        return await lies_in(self._desk, place, await self.cell_of(candidate))

    async def in_place(self, candidate: Candidate, day: Day, action: Action) -> Day:
        """The day with the candidate's cell as it stood then; raises as `authority.in_place`."""
        return await in_place(self._desk, self._actor, day, (self._tenant_id, candidate), action)

    def all(self) -> tuple[Candidate, ...]:
        """Those loaded so far, to be saved together."""
        return tuple(self._found.values())
