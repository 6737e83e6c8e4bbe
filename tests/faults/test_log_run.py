"""The log under many writers, kills of processes and of PostgreSQL, and strangers' transactions."""

import random
import subprocess
import sys
from pathlib import Path

import pytest
from tests.architecture.sources import ROOT
from tests.faults.check_history import figures, judge
from tests.faults.judged_history import load
from tests.profile import LONG

SEED = random.SystemRandom().randrange(2**32)
SECONDS = 600 if LONG else 16
PROCESSES, WRITERS, TENANTS = (8, 32, 8) if LONG else (2, 32, 3)
PREPARATION_S = 400


def test_what_is_acknowledged_is_in_the_log_once_and_every_reader_sees_the_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The history of the run has no finding, and the run had what it was for."""
    folder = tmp_path / "history"
    size = f"--processes {PROCESSES} --writers {WRITERS} --tenants {TENANTS}".split()
    command = [
        *(sys.executable, "-m", "tests.faults.log_run"),
        *("--seed", str(SEED), "--seconds", str(SECONDS), *size, "--history", str(folder)),
    ]
    done = subprocess.run(
        command,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS + PREPARATION_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    history = load(folder)
    with capsys.disabled():
        sys.stdout.write(f"\nseed {SEED}: {figures(history)}\n")

    assert judge(history) == [], f"seed {SEED}"
    victims = {line["victim"].partition("-")[0] for line in history.noted("kill")}
    outcomes = {attempt.outcome for attempt in history.all()}
    assert victims == {"postgres", "reader", "writer"}
    assert {"recorded", "repeated", "reused", "conflict", "taken", "cancelled"} <= outcomes
