"""The demo command on a real database: killed in the middle, it goes on and nothing is doubled."""

import os
import signal
import subprocess
import sys
from pathlib import Path

NGUON = str(Path(sys.executable).parent / "nguon")
DEMO = ("demo", "--people", "150")
TIMEOUT_S = 120


def environment(home: Path) -> dict[str, str]:
    return {**os.environ, "NGUON_HOME": str(home)}


def run(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [NGUON, *arguments],
        env=environment(home),
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )


def kill_at(home: Path, percent: str) -> None:
    """Begin the demo and kill its process when it reports that much."""
    with subprocess.Popen(
        [NGUON, *DEMO], env=environment(home), stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if f" {percent} %" in line:
                process.send_signal(signal.SIGKILL)
                break
    assert process.returncode == -signal.SIGKILL


def test_a_demo_killed_twice_ends_like_one_that_was_not(tmp_path: Path) -> None:
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    assert run(whole, *DEMO).returncode == 0
    for percent in ("20", "60"):
        kill_at(killed, percent)
    resumed = run(killed, *DEMO)
    assert resumed.returncode == 0, resumed.stderr
    expected = run(whole, "tenant", "list").stdout
    assert expected.count("\n") == 16
    assert run(killed, "tenant", "list").stdout == expected


def test_a_second_demo_is_there_already_and_another_is_refused(tmp_path: Path) -> None:
    assert run(tmp_path / "home", *DEMO).returncode == 0
    before = run(tmp_path / "home", "tenant", "list").stdout
    assert run(tmp_path / "home", *DEMO).returncode == 0
    other = run(tmp_path / "home", *DEMO, "--seed", "2")
    assert other.returncode == 1
    assert "ANOTHER_DEMO_LOADED" in other.stderr
    assert run(tmp_path / "home", "tenant", "list").stdout == before
