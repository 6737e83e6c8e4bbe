"""What one request carries: who asks, in which language, and the doors to the layers below.

No connection, no tenant.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol, TypeAlias

import strawberry
from graphql import GraphQLError

from api.authentication import Caller, TokenReader
from api.codes import Codes
from commands.ports import Actor, Desk
from db.database import Database
from eventstore.proofs import Proofs
from eventstore.store import EventStore
from projections.candidate_card import CandidateCards
from projections.identity_match import IdentityMatches
from projections.obligation import Obligations
from projections.quality import Qualities
from projections.read_models import ReadModels
from projections.register import Register
from projections.structure_record import StructureRecords
from projections.target_line import TargetLines
from projections.transfer import Transfers

NODES_MAX: Final = 20_000
"""Organizations, candidates and entries one request may find.

Nesting lists in lists multiplies quickly.
"""


class Readiness(Protocol):
    """Says what still has to happen before this installation answers fully."""

    async def missing(self) -> list[str]:
        """Words for what is missing, in English for operators; empty when ready."""
        ...

    async def standing(self) -> Sequence[Mapping[str, str | int | None]]:
        """The projections that stand still in some tenants, which makes nothing unready."""
        ...


@dataclass(frozen=True, slots=True)
class Services:
    """What the composition root gives to the API."""

    desk: Desk
    store: EventStore
    database: Database
    read_models: ReadModels
    cards: CandidateCards
    target_lines: TargetLines
    qualities: Qualities
    structure_records: StructureRecords
    codes: Codes
    tokens: TokenReader
    readiness: Readiness
    proofs: Proofs
    register: Register
    transfers: Transfers
    matches: IdentityMatches
    obligations: Obligations


class RequestContext:
    """One HTTP request, or one WebSocket connection with the token it was opened with."""

    def __init__(self, services: Services, caller: Caller, language: str) -> None:
        self.services = services
        self.caller = caller
        self.language = language
        self._nodes_left = NODES_MAX

    @property
    def actor(self) -> Actor:
        """Who asks."""
        return self.caller.actor

    def renewed(self) -> "RequestContext":
        """The same caller with a budget of its own, for the next operation of a connection."""
        return RequestContext(self.services, self.caller, self.language)

    def spend(self, nodes: int) -> None:
        """Count what was found.

        Raises GraphQLError QUERY_TOO_LARGE beyond `NODES_MAX` for one request.
        """
        self._nodes_left -= nodes
        if self._nodes_left < 0:
            raise GraphQLError(
                f"The query finds more than {NODES_MAX} things; ask for less at a time.",
                extensions={"code": "QUERY_TOO_LARGE"},
            )


Info: TypeAlias = strawberry.Info[RequestContext, None]
