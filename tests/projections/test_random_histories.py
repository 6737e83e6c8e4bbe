"""Random histories of several tenants: every figure is the same in three independent ways."""

import os
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import pytest
from tests.acceptance.recount import Event
from tests.databases import Urls
from tests.profile import at_length
from tests.projections.certain_boards import CertainBoards
from tests.projections.certain_history import KINDS, Beginning
from tests.projections.random_boards import BOARD_KINDS, Boards
from tests.projections.random_history import BEGUN, NEW, ONE, PROVINCE, TWO, History
from tests.projections.random_papers import LIMITED_KINDS, Papers
from tests.projections.served import Served, serving
from tests.projections.three_ways import aimed, compare, exported, question

from app.installation import Installation, open_installation
from app.settings import Directory, ExternalDatabase, Settings
from app.worker import running

STEPS, QUESTIONS, SERVED = 100, 5, 6
CODES = [PROVINCE, PROVINCE, ONE, TWO, NEW]
SERVED_CODES = [PROVINCE, *2 * [ONE, TWO], NEW]
ATTEMPTS = 60
OF_BOARDS = {
    "candidate.dossier_returned": "dossiers returned",
    "course.opened": "people sent to classes",
    "territory.assigned": "territories",
    "defect.noted": "defects ranked",
    "reaction.decided": "reactions ranked",
    "obligation.deadline_interpreted": "duties ranked",
}
"""What the boards of committees are about, and what is compared when one shows it."""
OF_DUES = {
    "candidate.certificate_issued": "due: CERTIFICATE",
    "candidate.introduction_given": "due: PAPER",
    "candidate.vetting_requested": "due: VETTING",
    "candidate.cell_vote_held": "due: DECISION",
    "candidate.admission_decided": "due: CEREMONY",
    "candidate.ceremony_held": "due: PROBATION",
    "candidate.recognition_vote_held": "due: RECOGNITION",
    "meeting.held": "due: RECURRING",
    "obligation.deadline_interpreted": "due: DUTIES",
    "target.set": "due: FIGURES",
    "territory.assigned": "dues of a territory",
}
"""What dues follow from, and what is compared when one is listed."""
SEED = int(os.environ.get("NGUON_SEED", "1"))


@asynccontextmanager
async def opened(urls: Urls, folder: Path) -> AsyncIterator[Installation]:
    """An installation over a database of its own."""
    settings = Settings(
        host="127.0.0.1",
        port=0,
        home=folder,
        database=ExternalDatabase(urls.owner, urls.app),
        now=None,
        token_public_key=None,
        keys=Directory(folder / "keys", None),
        otlp_endpoint=None,
    )
    async with open_installation(settings) as installation:
        yield installation


@pytest.mark.parametrize("seed", range(SEED, SEED + at_length(2)))
async def test_read_models_replay_and_recount_agree(urls: Urls, tmp_path: Path, seed: int) -> None:
    """At random clocks, levels, groups, bases and periods, after some years of anything."""
    random, compared = Random(seed), 0
    async with opened(urls, tmp_path) as installation:
        with serving(urls, tmp_path, CODES) as server:
            history = History(installation, random)
            async with running(installation.runner):
                await history.begin()
                await Beginning(history).live()
                boards = Boards(history)
                await CertainBoards(boards).live()
                await history.live(STEPS, *boards.kinds(), *Papers(history).kinds())
            await installation.runner.catch_up()
            events = await exported(installation, PROVINCE)
            span = (BEGUN, history.day)
            served = Served(server, events, random)
            for number in range(SERVED):
                asked = question(random, SERVED_CODES, span, history.moments)
                targets = aimed(random, asked, events, "target.set")
                served.compare(targets if number % 3 == 0 else asked)
            for of, compares in (
                (OF_BOARDS, served.compare_boards),
                (OF_DUES, served.compare_dues),
            ):
                for kind, shown in of.items():
                    for attempt in range(ATTEMPTS):
                        asked = question(random, SERVED_CODES, span, history.moments)
                        about = shown if attempt else None
                        compares(aimed(random, asked, events, kind), about)
                        if served.compared[shown]:
                            break
            for _ in range(QUESTIONS):
                asked = question(random, CODES, span, history.moments)
                compared += await compare(installation, events, asked)
    kinds = require_variety(events)
    print(f"seed {seed}: {len(events)} events, {compared} organizations thrice, {served.compared}")  # noqa: T201 (asked for)
    print(f"seed {seed}: {kinds}")  # noqa: T201 (asked for)
    assert compared >= QUESTIONS
    assert served.compared["organizations"] >= SERVED
    assert not {each for each in {**OF_BOARDS, **OF_DUES}.values() if not served.compared[each]}


def require_variety(events: list[Event]) -> dict[str, int]:
    """How often the history has what makes figures hard to count; no event is left out."""
    for tenant in CODES:
        sequence = [event["sequence"] for event in events if event["tenant"] == tenant]
        assert sequence == list(range(1, len(sequence) + 1)), tenant
    counted = Counter(event["type"] for event in events)
    kinds = {kind: counted[kind] for kind in (*KINDS, *BOARD_KINDS, *LIMITED_KINDS)}
    assert all(kinds.values()), kinds
    ended = [event["data"] for event in events if event["type"] == "organization.ended"]
    kinds["late"] = sum(event["recordedAt"][:10] > event["effectiveOn"] for event in events)
    kinds["ends with successors"] = sum(bool(data["successors"]) for data in ended)
    kinds["ends into another tenant"] = sum(bool(data["successorCodes"]) for data in ended)
    assert kinds["late"] > 10
    assert kinds["ends with successors"]
    return kinds
