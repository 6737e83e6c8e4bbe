"""The library's own PostgreSQL recorder and application, driven by threads.

Runs in its own environment: JSON lines in, JSON lines out.
"""

import json
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from itertools import cycle
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import StoredEvent

PAYLOAD = b'{"groups":["ETHNIC_MINORITY","YOUTH_UNION"],"ageBand":"18-30","inFavor":7}'
STEPS_A_CASE = 10
COMMON: dict[str, Any] = {
    "effective_on": "2023-09-17",
    "organization_id": str(uuid4()),
    "groups": ["ETHNIC_MINORITY", "YOUTH_UNION"],
    "age_band": "18-30",
    "regulation": "01-HD/TW",
    "findings": [],
}


class Case(Aggregate):
    """About as many fields an event as a candidate of the product's, none of them sealed."""

    @event("Identified")
    def __init__(self, full_name: str, birth_date: str, sex: str) -> None:
        self.full_name = full_name
        self.birth_date = birth_date
        self.sex = sex
        self.steps: list[str] = []

    class StepRecorded(Aggregate.Event):
        """One step of the case."""

        effective_on: str
        organization_id: str
        groups: list[str]
        age_band: str
        regulation: str
        findings: list[str]
        number: str

        def apply(self, aggregate: "Case") -> None:
            """Remember it."""
            aggregate.steps.append(self.number)

    def record(self, number: int) -> None:
        """One more step."""
        self.trigger_event(self.StepRecorded, number=f"{number}-NQ/CB", **COMMON)


def new_case() -> Case:
    return Case(full_name="Nguyễn Thị Mẫu", birth_date="2000-05-20", sex="FEMALE")


@dataclass
class Peer:
    """One application with a pool of connections."""

    application: Application[UUID]

    def made(self, question: dict[str, Any]) -> Callable[[], Callable[[], object]]:
        """What makes the step of one writer."""
        match question["op"]:
            case "append":
                return partial(self.append, question["events"])
            case "save":
                return self.save
            case "save_reloaded":
                return self.save_reloaded
            case "load":
                return partial(self.load, question["events"])
            case unknown:
                raise ValueError(f"there is no operation {unknown!r}")

    def append(self, events: int) -> Callable[[], object]:
        """A new stream of so many events whose state is encoded already."""
        recorder = self.application.recorder

        def step() -> None:
            stream = uuid4()
            recorder.insert_events(
                [
                    StoredEvent(stream, number, "candidate.cell_vote_held", PAYLOAD)
                    for number in range(1, events + 1)
                ]
            )

        return step

    def save(self) -> Callable[[], object]:
        """A change of an aggregate that is at hand, eleven to a case, the first one creating it."""
        steps = cycle(range(STEPS_A_CASE + 1))
        case = new_case()

        def step() -> None:
            nonlocal case
            if (number := next(steps)) == 0:
                case = new_case()
            else:
                case.record(number)
            self.application.save(case)

        return step

    def save_reloaded(self) -> Callable[[], object]:
        """The same, with the aggregate read from the database before every change."""
        steps = cycle(range(STEPS_A_CASE + 1))
        case_id = uuid4()

        def step() -> None:
            nonlocal case_id
            if (number := next(steps)) == 0:
                case = new_case()
                case_id = case.id
            else:
                case = self.application.repository.get(case_id)
                case.record(number)
            self.application.save(case)

        return step

    def load(self, events: int) -> Callable[[], object]:
        """Reading one aggregate of so many events."""
        case = new_case()
        for number in range(1, events):
            case.record(number)
        self.application.save(case)

        def step() -> None:
            assert self.application.repository.get(case.id).version == events

        return step


def drive(writers: int, seconds: float, made: Callable[[], Callable[[], object]]) -> dict[str, Any]:
    """Each thread ends a command before the next, until the time is over."""
    latencies: list[float] = []
    errors: list[str] = []
    steps = [made() for _ in range(writers)]
    started = time.perf_counter()

    def write(step: Callable[[], object]) -> None:
        try:
            before = time.perf_counter()
            while before - started < seconds:
                step()
                after = time.perf_counter()
                latencies.append(1000 * (after - before))
                before = after
        except Exception as error:  # noqa: BLE001 - told to whoever asked
            errors.append(repr(error))

    threads = [threading.Thread(target=write, args=(step,)) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = time.perf_counter() - started
    return {"error": errors[0]} if errors else {"seconds": taken, "latencies_ms": latencies}


def opened(dsn: str, connections: int, *, functions: bool) -> Application[UUID]:
    parts = urlsplit(dsn)
    return Application(
        env={
            "PERSISTENCE_MODULE": "eventsourcing.postgres",
            "POSTGRES_DBNAME": parts.path.removeprefix("/"),
            "POSTGRES_HOST": parts.hostname or "",
            "POSTGRES_PORT": str(parts.port),
            "POSTGRES_USER": parts.username or "",
            "POSTGRES_PASSWORD": parts.password or "",
            "POSTGRES_POOL_SIZE": str(connections),
            "POSTGRES_MAX_OVERFLOW": "0",
            "POSTGRES_CONNECT_TIMEOUT": "60",
            "POSTGRES_ENABLE_DB_FUNCTIONS": "yes" if functions else "no",
        }
    )


def main() -> None:
    peer: Peer | None = None
    for line in sys.stdin:
        question = json.loads(line)
        answer: dict[str, Any]
        if question["op"] == "open":
            functions = question["functions"]
            peer = Peer(opened(question["dsn"], question["connections"], functions=functions))
            answer = {"version": version("eventsourcing")}
        else:
            assert peer is not None
            made = peer.made(question)
            answer = drive(question["writers"], question["seconds"], made)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
