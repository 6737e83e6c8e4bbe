"""How far the readers of a run have come, from what they have written down so far."""

import json
from collections import defaultdict
from pathlib import Path


class Progress:
    """Reads on where it stopped the last time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[Path, int] = defaultdict(int)
        self._reached: dict[str, dict[int, int]] = defaultdict(dict)

    def look(self) -> dict[str, dict[int, int]]:
        """The last position that each reader noted of each tenant."""
        for path in sorted(self._folder.glob("reader-*.jsonl"), key=_life):
            with path.open("rb") as file:
                file.seek(self._read[path])
                for line in file:
                    if not line.endswith(b"\n"):
                        break
                    self._read[path] += len(line)
                    self._note(path.name.partition(".")[0], line)
        return dict(self._reached)

    def _note(self, reader: str, line: bytes) -> None:
        noted = json.loads(line)
        if noted["kind"] == "given":
            self._reached[reader][noted["tenant"]] = noted["position"]


def _life(path: Path) -> tuple[str, int]:
    name, start, _ = path.name.split(".")
    return name, int(start)
