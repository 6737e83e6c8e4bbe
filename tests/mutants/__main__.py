"""`python -m tests.mutants recognition probation`: what no test notices; exit status 1 if any.

Tests are collected once; each change is made in a child of that process, in the one function that
it concerns, and only the tests that reach its line are run. What runs on import, or when tests are
collected, is changed in a process of its own. Changes that are accepted stand in docs/mutants.md.
"""

import argparse
import gc
import os
import pickle
import re
import signal
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import coverage
import pytest
from _pytest.runner import runtestprotocol
from hypothesis import settings
from tests.mutants.operators import Mutant, mutants

ROOT = Path(__file__).parents[2]
DOMAIN = ROOT / "src" / "domain"
TESTS = "tests/domain"
ACCEPTED = ROOT / "docs" / "mutants.md"
OPTIONS = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--noconftest"]
OPTIONS += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
settings.register_profile("mutants", derandomize=True, database=None, deadline=None)
SECONDS = 120
"""A child that takes longer is killed, and so counts as noticed."""
LONGEST = 4.0
"""Tests that take more seconds are left out: what only they notice should have a short test too."""


@dataclass
class Reached:
    """Which tests reach which line of a file, how long each takes, and who does on collection."""

    tests: dict[str, dict[int, list[str]]]
    seconds: dict[str, float]
    collecting: dict[str, dict[int, list[str]]] = field(default_factory=dict)


class Runner:
    """A plugin that runs each change's tests instead of all tests once."""

    def __init__(self, modules: list[str], jobs: int, early: coverage.Coverage) -> None:
        """Take the modules by name; `early` has measured the import and the collection."""
        self.modules, self.jobs, self.early = modules, jobs, early
        self.survivors: list[Mutant] = []
        self.counts: Counter[tuple[str, str]] = Counter()
        self.noticing: dict[str, None] = {}
        """Tests that noticed a change of the module, the last one last: they are run first."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_make_collect_report(self, collector: pytest.Collector) -> None:
        """Know which file reaches a line while its tests are collected."""
        if isinstance(collector, pytest.Module):
            self.early.switch_context(collector.nodeid)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try every change of every module."""
        self.early.stop()
        self.items = {item.nodeid: item for item in session.items}
        self.reached = _in_child(self._measure)
        self.functions = _functions()
        data = self.early.get_data()
        self.reached.collecting = {f: data.contexts_by_lineno(f) for f in data.measured_files()}
        for name in self.modules:
            self._try_module(DOMAIN / f"{name}.py")
        return True

    def _measure(self) -> Reached:
        measured = _coverage()
        seconds = {}
        with measured.collect():
            for name, item in self.items.items():
                measured.switch_context(name)
                begun = time.perf_counter()
                if not _passes(item):
                    sys.exit(f"{name} fails without any change")
                seconds[name] = time.perf_counter() - begun
        data = measured.get_data()
        return Reached({f: data.contexts_by_lineno(f) for f in data.measured_files()}, seconds)

    def _try_module(self, path: Path) -> None:
        running: dict[int, tuple[Mutant, int]] = {}
        self.noticing.clear()
        for number, mutant in enumerate(mutants(path)):
            while len(running) >= self.jobs:
                self._reap(running)
            child, pipe = _fork(lambda m=mutant, n=number: self._noticing(m, n))  # type: ignore[misc]
            running[child] = mutant, pipe
        while running:
            self._reap(running)
        noticed, survived = self.counts[path.stem, "noticed"], self.counts[path.stem, "survived"]
        _say(f"{path.stem}: {noticed} noticed, {survived} not")

    def _reap(self, running: dict[int, tuple[Mutant, int]]) -> None:
        pid, status = os.wait()
        mutant, pipe = running.pop(pid)
        with os.fdopen(pipe, "rb") as said:
            test = said.read().decode()
        if test:
            self.noticing.pop(test, None)
            self.noticing[test] = None
        if status:
            self.counts[mutant.path.stem, "noticed"] += 1
            return
        self.counts[mutant.path.stem, "survived"] += 1
        self.survivors.append(mutant)
        module, function, change = mutant.key
        _say(f"  {module}.py:{mutant.line} {function}: {change}")

    def _noticing(self, mutant: Mutant, number: int) -> str | None:
        """In a child: the test that fails under the change."""
        signal.alarm(SECONDS)
        path = str(mutant.path)
        code = mutant.compiled()
        if mutant.function is not None and self._swap(path, mutant.function, code):
            _forget_caches()
            for name in self._tests_of(path, mutant.line):
                if not _passes(self.items[name]):
                    return name
            collecting = self.reached.collecting.get(path, {}).get(mutant.line, [])
            if not collecting:
                return None
        return self._noticing_anew(mutant, number, self._files_of(mutant))

    def _swap(self, path: str, function: str, module: CodeType) -> bool:
        """Give every function of that name the changed code; False where that cannot be."""
        code = next(_codes(module, function), None)
        found = self.functions[path, function]
        if code is None or not found:
            return False
        for each in found:
            if each.__code__.co_freevars != code.co_freevars:
                return False
            each.__code__ = code
        return True

    def _tests_of(self, path: str, line: int) -> list[str]:
        found = self.reached.tests.get(path, {}).get(line, [])
        first = [name for name in reversed(self.noticing) if name in found]
        seconds = self.reached.seconds
        rest = (name for name in {*found} - {"", *first} if seconds[name] <= LONGEST)
        return [*first, *sorted(rest, key=lambda name: seconds[name])]

    def _files_of(self, mutant: Mutant) -> list[str]:
        """The files of the tests that reach the module, its own first, then the short ones."""
        lines = self.reached.tests.get(str(mutant.path), {})
        found = {name for tests in lines.values() for name in tests if name}
        seconds: defaultdict[str, float] = defaultdict(float)
        for name in found or self.items:
            if self.reached.seconds[name] <= LONGEST:
                seconds[name.partition("::")[0]] += self.reached.seconds[name]
        first = [name.partition("::")[0] for name in reversed(self.noticing)]
        first.append(f"{TESTS}/test_{mutant.path.stem}.py")
        ordered = [name for name in dict.fromkeys(first) if name in seconds]
        return [*ordered, *sorted({*seconds} - {*ordered}, key=lambda name: seconds[name])]

    @staticmethod
    def _noticing_anew(mutant: Mutant, number: int, files: list[str]) -> str | None:
        """In a process that makes the change while it imports."""
        command = [sys.executable, "-m", "tests.mutants", mutant.path.stem, "--only", str(number)]
        done = subprocess.run(
            [*command, "--tests", *files], cwd=ROOT, check=False, capture_output=True, text=True
        )
        if done.returncode == 0:
            return None
        told = re.search(r"^(?:FAILED|ERROR) (\S+)", done.stdout, re.MULTILINE)
        return told[1] if told else ""


def _coverage() -> coverage.Coverage:
    return coverage.Coverage(data_file=None, config_file=False, include=[f"{DOMAIN}/*"])


def _passes(item: pytest.Item) -> bool:
    return not any(report.failed for report in runtestprotocol(item, log=False, nextitem=None))


def _functions() -> dict[tuple[str, str], list[FunctionType]]:
    """All functions of src/domain that there are, by file and name."""
    found = defaultdict(list)
    for each in gc.get_objects():
        if isinstance(each, FunctionType) and each.__code__.co_filename.startswith(str(DOMAIN)):
            found[each.__code__.co_filename, each.__code__.co_qualname].append(each)
    gc.freeze()
    return found


def _codes(code: CodeType, qualname: str) -> Any:  # noqa: ANN401
    for each in code.co_consts:
        if isinstance(each, CodeType):
            if each.co_qualname == qualname:
                yield each
            yield from _codes(each, qualname)


def _forget_caches() -> None:
    for name, module in [*sys.modules.items()]:
        if name.startswith("domain."):
            for each in vars(module).values():
                if hasattr(each, "cache_clear"):
                    each.cache_clear()


def _fork(work: Callable[[], str | None]) -> tuple[int, int]:
    """The id of a child, whose status says whether a test failed, and a pipe that says which."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        noticed = True
        try:
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, 1)
            os.dup2(null, 2)
            test = work()
            noticed = test is not None
            os.write(writing, (test or "").encode())
        finally:
            os._exit(int(noticed))
    os.close(writing)
    return pid, reading


def _in_child(work: Callable[[], Reached]) -> Reached:
    """What work comes to in a child, so that it leaves nothing behind here."""
    reading, writing = os.pipe()
    if os.fork() == 0:
        os.close(reading)
        status = 1
        try:
            with os.fdopen(writing, "wb") as pipe:
                pickle.dump(work(), pipe)
            status = 0
        finally:
            os._exit(status)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        found = pipe.read()
    _, status = os.wait()
    if status:
        sys.exit("the tests do not pass without any change")
    reached: Reached = pickle.loads(found)  # noqa: S301 (of this very program)
    return reached


def _run_only(name: str, number: int, tests: list[str]) -> int:
    """Run tests on a module that is changed while it is imported."""
    mutant = mutants(DOMAIN / f"{name}.py")[number]
    code, path = mutant.compiled(), str(mutant.path)
    kept = SourceFileLoader.get_code

    def get_code(self: SourceFileLoader, fullname: str) -> CodeType | None:
        return code if self.path == path else kept(self, fullname)

    SourceFileLoader.get_code = get_code  # type: ignore[method-assign, assignment]
    return int(pytest.main([*OPTIONS, "-x", *tests]))


def _accepted() -> set[tuple[str, str, str]]:
    """The changes that docs/mutants.md lists: module, function, change."""
    if not ACCEPTED.exists():
        return set()
    rows = (
        line.replace("\\|", "\0").split("|") for line in ACCEPTED.read_text("utf-8").splitlines()
    )
    cells = ([c.replace("\0", "|").strip().strip("`") for c in row[1:4]] for row in rows)
    return {(c[0], c[1], c[2]) for c in cells if len(c) == 3}


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def main() -> int:
    """Run it for the modules named, for all without a name."""
    parser = argparse.ArgumentParser()
    parser.add_argument("modules", nargs="*")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", type=int)
    parser.add_argument("--tests", nargs="*", default=[TESTS])
    given = parser.parse_args()
    sys.path[:0] = [str(ROOT), str(ROOT / "src")]
    settings.load_profile("mutants")
    if given.only is not None:
        return _run_only(given.modules[0], given.only, given.tests)
    modules = given.modules or sorted(path.stem for path in DOMAIN.glob("[!_]*.py"))
    early = _coverage()
    early.start()
    runner = Runner(modules, given.jobs, early)
    pytest.main([*OPTIONS, *given.tests], plugins=[runner])
    unknown = [mutant for mutant in runner.survivors if mutant.key not in _accepted()]
    noticed = sum(n for (_, what), n in runner.counts.items() if what == "noticed")
    tried = sum(runner.counts.values())
    _say(f"{noticed} of {tried} changes noticed; {len(unknown)} are neither noticed nor accepted")
    return int(bool(unknown) or not tried)


if __name__ == "__main__":
    sys.exit(main())
