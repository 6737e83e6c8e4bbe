"""The verifier over exports that are written on the way."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.deploy.exports import Export, write
from tests.deploy.verifier import Verdict, Verify, verify_log


@pytest.fixture
def verify(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Verify:
    """Run the verifier over an export, or over the lines of a file."""

    def run(subject: Export | list[Any] | bytes, *options: str | Path) -> Verdict:
        path = tmp_path / "export.jsonl"
        if isinstance(subject, bytes):
            path.write_bytes(subject)
        else:
            write(path, subject.lines() if isinstance(subject, Export) else subject)
        code = verify_log.main([str(path), *map(str, options)])
        text = capsys.readouterr().out
        return Verdict(code, text, json.loads(text.splitlines()[-1]))

    return run
