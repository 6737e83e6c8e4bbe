"""The part of a writer that goes through `Records`, as the product's commands do."""

import random
from datetime import date
from typing import Final, Protocol
from uuid import UUID, uuid5

from tests.domain.steps import CELL, PERSON, on
from tests.faults.history import History

from commands.ports import Actor, Command
from db.database import CONNECTION_LOST, DatabaseUnavailable
from domain.access import Role
from domain.candidate import Candidate
from domain.errors import Conflict, NotFound, Refusal, VersionConflict
from domain.organization import Organization, OrganizationKind, Place, organization_id
from domain.record import Record
from domain.sympathizer import assign_helper
from eventstore.group_commit import OutcomeUnknown
from eventstore.records import Records

SHARED: Final = 4
DAY: Final = date(2023, 3, 1)


class Process(Protocol):
    """What this needs of the process it writes in."""

    history: History
    records: Records

    def invoke(self, fields: dict[str, object]) -> str:
        """Notes an invocation and names it."""
        ...


class RecordWriter:
    """Establishes and renames cells, and follows candidates, whose fields are sealed."""

    def __init__(self, process: Process, chance: random.Random, actor: str) -> None:
        self._process = process
        self._chance = chance
        self._actor = Actor(actor, Role.OPERATOR, "tinh")
        self._candidates: list[tuple[int, UUID]] = []

    async def step(self, tenant: int) -> None:
        """One command, and sometimes the same once more."""
        command = Command(
            id=UUID(int=self._chance.getrandbits(128), version=4),
            actor=self._actor,
            occurred_on=DAY,
            input_hash=self._chance.randbytes(32),
        )
        make = self._chance.choice((self._cell, self._cell, self._candidate))
        for _ in range(1 + (self._chance.random() < 0.15)):
            try:
                record = await make(tenant)
            except Refusal:
                return
            if record is not None:
                await self._save(tenant, command, record)

    async def _cell(self, tenant: int) -> Record:
        """A cell that every writer renames; established by whoever is first."""
        place = Place(organization_id(f"tinh/{tenant}"), f"tinh/{tenant}", OrganizationKind.BLOC)
        segment = f"chung-{self._chance.randrange(SHARED)}"
        kind = OrganizationKind.GRASSROOTS_CELL
        try:
            found = await self._process.records.load(
                tenant, Organization, organization_id(f"tinh/{tenant}/{segment}")
            )
        except NotFound:
            return Organization.establish(place, on=DAY, name="Chi bộ", kind=kind, segment=segment)
        found.rename(f"Chi bộ {self._chance.randrange(1000)}", on=DAY)
        return found

    async def _candidate(self, tenant: int) -> Record:
        known = [each for each in self._candidates if each[0] == tenant]
        if not known or self._chance.random() < 0.6:
            made = UUID(int=self._chance.getrandbits(128), version=4)
            self._candidates = [*self._candidates[-10:], (tenant, made)]
            return Candidate.identify(made, on(DAY), CELL, PERSON)
        candidate = await self._process.records.load(
            tenant, Candidate, self._chance.choice(known)[1]
        )
        assign_helper(
            candidate,
            on(DAY),
            helper_name="Người Giúp",
            helper_official_since=DAY.replace(year=2015),
        )
        return candidate

    async def _save(self, tenant: int, command: Command, record: Record) -> None:
        op = self._process.invoke(self._described(tenant, command, record))
        history = self._process.history
        try:
            done = await self._process.records.save(tenant, command, record, subject=record.id)
        except VersionConflict:
            history.write("fail", op=op, reason="conflict")
        except Conflict as refused:
            reason = "reused" if refused.code == "COMMAND_ID_REUSED" else "conflict"
            history.write("fail", op=op, reason=reason)
        except OutcomeUnknown:
            history.write("unknown", op=op, reason="outcome_unknown")
        except (*CONNECTION_LOST, DatabaseUnavailable):
            history.write("unknown", op=op, reason="connection_lost")
        except Exception as error:  # noqa: BLE001 - the checker says whether this may happen
            history.write("unknown", op=op, reason=repr(error))
        else:
            status = "repeated" if done.repeated else "recorded"
            first, last = done.first_position, done.last_position
            history.write("ok", op=op, status=status, first=first, last=last, subject=done.subject)

    def _described(self, tenant: int, command: Command, record: Record) -> dict[str, object]:
        """As `log_commands.describe`; what is made only when it is saved stays None."""
        sealed = isinstance(record, Candidate)
        return {
            "tenant": tenant,
            "actor": command.actor.id,
            "command": command.id,
            "input": command.input_hash.hex(),
            "hopeless": False,
            "erases": None,
            "ordered": False,
            "events": [
                {
                    "id": uuid5(command.id, f"event/{command.actor.id}/{number}"),
                    "stream": entry.originator_id,
                    "version": entry.originator_version,
                    "digest": None,
                    "plain": None,
                }
                for number, entry in enumerate(record.pending_events)
            ],
            "keys": [record.id] if sealed and record.version == 1 else [],
            "claims": [],
        }
