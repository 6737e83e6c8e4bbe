"""The judges find what is wrong: one broken history for each kind of finding."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.architecture.sources import ROOT, imported
from tests.faults.check_history import judge
from tests.faults.judged_history import load
from tests.faults.sound_history import (
    LOG,
    READER,
    RUN,
    WRITER,
    Files,
    answered,
    claim,
    event,
    given,
    invoke,
    refused,
    remembered,
    sound,
    stored,
    write,
)

Break = Callable[[Files], object]
HERE = Path(__file__).parent
JUDGES = [*sorted(HERE.glob("judge*.py")), HERE / "check_history.py"]


def find(files: Files, file: str, /, **wanted: Any) -> dict[str, Any]:  # noqa: ANN401
    """The first line of a file with these values."""
    return next(line for line in files[file] if wanted.items() <= line.items())


def change(file: str, wanted: dict[str, Any], /, **new: Any) -> Break:  # noqa: ANN401
    return lambda files: find(files, file, **wanted).update(new)


def remove(file: str, /, **wanted: Any) -> Break:  # noqa: ANN401
    return lambda files: files[file].remove(find(files, file, **wanted))


def add(name: str, *new: dict[str, Any]) -> Break:
    return lambda files: files[name].extend(new)


def several(*breaks: Break) -> Break:
    return lambda files: [each(files) for each in breaks]


E = {"kind": "event"}
G = {"kind": "given"}
MORE = stored(6, "s9", 1, "c9")
"""A further event, of a command that the writer may or may not have sent."""
LONGER = several(
    add(LOG, MORE, remembered("c9", 6, 6)),
    change(LOG, {"kind": "head"}, position=6),
    add(READER, given(30.5, 6, "s9", 1)),
)

BREAKS: list[tuple[str, str, Break]] = [
    ("gap", "a position is missing", remove(LOG, **E, position=3)),
    ("gap", "the head is beyond the log", change(LOG, {"kind": "head"}, position=6)),
    ("clock", "time runs backwards", change(LOG, {**E, "position": 4}, recorded_at="2023")),
    ("version", "a version is left out", change(LOG, {**E, "position": 2}, version=3)),
    ("twice", "one event stands twice", change(LOG, {**E, "position": 5}, id="e1")),
    ("stray", "nobody sent it", LONGER),
    ("torn", "half of a command is there", change(LOG, {**E, "position": 2}, command="c3")),
    (
        "torn",
        "another command stands in between",
        several(
            change(LOG, {**E, "position": 2}, command="c2", id="e3", stream="s2", version=1),
            change(LOG, {**E, "position": 3}, command="c1", id="e2", stream="s1", version=2),
        ),
    ),
    ("torn", "the content is another", change(LOG, {**E, "position": 3}, digest="other")),
    (
        "refused",
        "a conflict was recorded",
        several(LONGER, add(WRITER, *refused(25, "c9", [event("e6", "s9", 1)], "conflict"))),
    ),
    ("memory", "a command is not remembered", remove(LOG, kind="command", command="c7")),
    ("memory", "a command is remembered that is not there", add(LOG, remembered("c8", 5, 5))),
    (
        "claim",
        "a second holder was let in",
        several(
            LONGER,
            add(WRITER, *answered(25, "c9", [event("e6", "s9", 1)], 6, 6, claims=[claim("h2")])),
        ),
    ),
    ("claim", "a claim is not kept", remove(LOG, kind="claim")),
    ("key", "a person has no key any more", remove(LOG, kind="key")),
    (
        "key",
        "an erased person can be read",
        change(WRITER, {"kind": "invoke", "op": "3"}, erases="p1"),
    ),
    (
        "key",
        "a key came from nowhere",
        add(LOG, {"person": "p9", "kind": "key", "tenant": 1, "at": 40}),
    ),
    ("key", "sealed fields do not open", change(LOG, {**E, "position": 4}, plain="does not open")),
    (
        "lost",
        "an acknowledged command is gone",
        add(WRITER, *answered(25, "c9", [event("e6", "s9", 1)], 6, 6)),
    ),
    (
        "moved",
        "it is elsewhere than acknowledged",
        change(WRITER, {"kind": "ok", "op": "3"}, first=4),
    ),
    (
        "repeated",
        "another input was taken for the same",
        change(WRITER, {"kind": "invoke", "op": "11"}, input="00000001other", events=[]),
    ),
    (
        "conflict",
        "nothing was in the way",
        add(WRITER, *refused(25, "c9", [event("x", "s9", 1)], "conflict")),
    ),
    ("taken", "nobody held it", change(WRITER, {"kind": "fail", "op": "9"}, subject="h3")),
    (
        "reused",
        "the input was the same",
        change(WRITER, {"kind": "invoke", "op": "13"}, input="00000001c1"),
    ),
    (
        "answer",
        "an error that no caller expects",
        add(
            WRITER,
            invoke(25, "c9", []),
            {"kind": "unknown", "at": 26, "op": "25", "reason": "KeyError('x')"},
        ),
    ),
    (
        "answer",
        "a sound command was rejected",
        change(WRITER, {"kind": "fail", "op": "7"}, reason="rejected"),
    ),
    (
        "forgotten",
        "a repetition was refused",
        change(WRITER, {"kind": "ok", "op": "11"}, kind="fail", reason="conflict"),
    ),
    (
        "time",
        "what was acknowledged first comes later",
        change(WRITER, {"kind": "ok", "op": "3"}, at=0.5),
    ),
    (
        "order",
        "an actor was overtaken by itself",
        several(
            change(WRITER, {"kind": "invoke", "op": "3"}, at=5.5),
            change(WRITER, {"kind": "ok", "op": "3"}, at=7),
        ),
    ),
    ("read", "a stream was read wrongly", change(WRITER, {"kind": "read"}, found=[[2, "e3"]])),
    ("read", "a stream was read as it had been", change(WRITER, {"kind": "read"}, found=[])),
    ("again", "a reader was given an event twice", add(READER, given(30, 5, "s3", 1))),
    ("skipped", "a reader missed an event", remove(READER, **G, position=3)),
    ("phantom", "a reader was given another event", change(READER, {**G, "position": 3}, id="x")),
    ("phantom", "a reader was given what is not there", add(READER, given(30, 6, "s9", 1))),
    (
        "cursor",
        "a reader was given a wrong position",
        add(READER, {"kind": "astray", "at": 30, "tenant": 1, "position": 5}),
    ),
    ("behind", "a reader did not come to the head", remove(READER, **G, position=5)),
    ("stalled", "a reader waited for the stranger", change(READER, {**G, "position": 4}, at=31)),
    ("stalled", "a reader took long to come to rest", change(READER, {**G, "position": 5}, at=99)),
    ("untried", "no stranger was there", remove(RUN, kind="stranger")),
    (
        "process",
        "a process died by itself",
        add(RUN, {"kind": "died", "at": 9, "name": "writer-0", "code": 1}),
    ),
    (
        "process",
        "a process ended in disorder",
        change(RUN, {"kind": "left", "name": "writer-0"}, code=-15),
    ),
    ("process", "the run broke off", remove(RUN, kind="end")),
]


def test_a_sound_history_is_sound(tmp_path: Path) -> None:
    write(tmp_path, sound())
    assert judge(load(tmp_path)) == []


@pytest.mark.parametrize(
    ("kind", "breaking"),
    [(kind, breaking) for kind, _, breaking in BREAKS],
    ids=[f"{kind}: {what}" for kind, what, _ in BREAKS],
)
def test_a_broken_history_is_found_out(tmp_path: Path, kind: str, breaking: Break) -> None:
    files = sound()
    breaking(files)
    write(tmp_path, files)
    assert kind in {finding.kind for finding in judge(load(tmp_path))}


def test_an_error_that_nobody_saw_is_found_out(tmp_path: Path) -> None:
    write(tmp_path, sound())
    (tmp_path / "writer-0.1.err").write_text("Task exception was never retrieved\n", "utf-8")
    assert [finding.kind for finding in judge(load(tmp_path))] == ["process"]


def test_each_kind_of_finding_has_a_broken_history() -> None:
    kinds = {
        kind
        for path in JUDGES
        for kind in re.findall(r'Finding\(\s*"(\w+)"', path.read_text("utf-8"))
    }
    assert kinds == {kind for kind, _, _ in BREAKS}


def test_what_a_kill_explains_is_no_finding(tmp_path: Path) -> None:
    """A torn last line, a late delivery around a kill, an event given again to nobody's notes."""
    files = sound()
    find(files, READER, kind="given", position=4)["at"] = 31
    find(files, READER, kind="given", position=5)["at"] = 31
    files[RUN].insert(4, {"kind": "kill", "at": 8, "victim": "postgres"})
    files[RUN].insert(5, {"kind": "stranger", "at": 9, "name": "reads", "is_open": True})
    write(tmp_path, files)
    with (tmp_path / f"{WRITER}.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"kind":"invoke","at":1')
    assert judge(load(tmp_path)) == []


def test_the_command_says_by_its_status_whether_anything_is_wrong(tmp_path: Path) -> None:
    for name, wrong in (("sound", None), ("broken", remove(LOG, **E, position=3))):
        files = sound()
        if wrong is not None:
            wrong(files)
        (tmp_path / name).mkdir()
        write(tmp_path / name, files)
        done = subprocess.run(
            [sys.executable, "-m", "tests.faults.check_history", str(tmp_path / name)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == (wrong is not None), done.stderr
        assert ("seed 5: gap:" in done.stdout) == (wrong is not None)


@pytest.mark.parametrize("path", JUDGES, ids=lambda path: path.name)
def test_the_judges_know_nothing_of_the_product(path: Path) -> None:
    own = {f"tests.faults.{judge.stem}" for judge in JUDGES}
    foreign = {
        name
        for name in imported(path)
        if name.partition(".")[0] not in sys.stdlib_module_names and name not in own
    }
    assert not foreign
