"""Judges the history of a run: what was acknowledged, what is in the log, what readers were given.

Run as `python -m tests.faults.check_history FOLDER`; prints a line a finding and ends with 1 if
there is any. It knows the promises of the log and nothing of how they are kept.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.faults.judge_answers import (
    judge_acknowledged,
    judge_order,
    judge_reads,
    judge_refusals,
    judge_repetitions,
)
from tests.faults.judge_log import (
    judge_claims,
    judge_command_rows,
    judge_commands,
    judge_positions,
    judge_sealed,
    judge_streams,
)
from tests.faults.judge_readers import judge_readers
from tests.faults.judged_history import Finding, History, lines, load

SHOWN_MAX: Final = 20
"""Findings of one kind; the others are counted."""
TERMINATED: Final = -15
# But for a driver's connection that went away before it was one, which its caller was told.
UNSEEN: Final = re.compile(
    r"was never retrieved\n(?!future: .*'unexpected connection_lost\(\) call')"
)


def judge_processes(history: History) -> Iterator[Finding]:
    """The run came to its end, and no process died but those that were killed."""
    if not history.noted("end"):
        yield Finding("process", "the run did not come to its end")
    for line in history.noted("died"):
        yield Finding("process", f"{line['name']} died by itself with {line['code']}")
    for line in history.noted("left"):
        if line["code"] not in {0, TERMINATED} or (
            line["code"] == TERMINATED and _was_ready(history, line["name"])
        ):
            yield Finding("process", f"{line['name']} ended with {line['code']}")
    for path in sorted(history.folder.glob("*.err")):
        if UNSEEN.search(path.read_text("utf-8", "replace")):
            yield Finding("process", f"{path.name} tells of an error that nobody saw")


def _was_ready(history: History, name: str) -> bool:
    """Whether its last life had begun its work, and could end in order."""
    start = max(line["start"] for line in history.noted("start") if line["name"] == name)
    path = history.folder / f"{name}.{start}.jsonl"
    return path.exists() and any(line["kind"] == "ready" for line in lines(path))


JUDGES: Final = (
    judge_processes,
    judge_positions,
    judge_streams,
    judge_commands,
    judge_command_rows,
    judge_claims,
    judge_sealed,
    judge_acknowledged,
    judge_refusals,
    judge_repetitions,
    judge_order,
    judge_reads,
    judge_readers,
)


def judge(history: History) -> list[Finding]:
    """All that is wrong."""
    return [finding for each in JUDGES for finding in each(history)]


def figures(history: History) -> str:
    """What was judged, for whoever wonders whether it was anything."""
    outcomes = Counter(
        "undocumented" if " " in each.outcome or "(" in each.outcome else each.outcome
        for each in history.all()
    )
    victims = Counter(line["victim"].partition("-")[0] for line in history.noted("kill"))
    events = sum(len(tenant.events) for tenant in history.tenants.values())
    told = ", ".join(f"{count} {name}" for name, count in outcomes.most_common())
    killed = ", ".join(f"{count} {name}" for name, count in sorted(victims.items()))
    return (
        f"{events} events of {sum(len(t.commands) for t in history.tenants.values())} commands in"
        f" {len(history.tenants)} logs; attempts: {told}; {len(history.reads)} reads of streams;"
        f" kills: {killed or 'none'}"
    )


def main(folder: Path) -> int:
    """Print the judgment of a history; 1 if anything is wrong."""
    history = load(folder)
    [run] = history.noted("run")
    findings = judge(history)
    shown: Counter[str] = Counter()
    for finding in findings:
        shown[finding.kind] += 1
        if shown[finding.kind] <= SHOWN_MAX:
            sys.stdout.write(f"seed {run['seed']}: {finding.kind}: {finding.text}\n")
    sys.stdout.write(f"seed {run['seed']}: {figures(history)}\n")
    summary = ", ".join(f"{count} {kind}" for kind, count in shown.items())
    sys.stdout.write(f"seed {run['seed']}: {summary or 'nothing is wrong'}\n")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
