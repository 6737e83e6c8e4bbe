"""Whoever signs is killed again and again while the log grows: one history, and all of it."""

import time
from pathlib import Path
from uuid import uuid4

from tests.acceptance.installation import Installation
from tests.profile import at_length

CODE = "lam-dong/bao-lam"
ESTABLISH = """
mutation ($input: EstablishOrganizationInput!) {
  establishOrganization(input: $input) { __typename }
}
"""
CHECKPOINT = "query ($o: String!) { checkpoint(organization: $o) { size note } }"
HEAD = "query ($o: String!) { events(organization: $o, first: 1000) { events { sequence } } }"
SEALED_S = 60.0


def test_a_killed_notary_signs_one_history(tmp_path: Path) -> None:
    installation = Installation(tmp_path / "home")
    added = ("--kind", "PROVINCE", "--on", "2015-01-01")
    installation.run("tenant", "add", "lam-dong", "--name", "Tỉnh ủy", *added)
    added = ("--kind", "DISTRICT", "--on", "2015-01-01")
    installation.run("tenant", "add", CODE, "--name", "Huyện ủy", *added)
    board, auditor = installation.token("board", CODE), installation.token("auditor", CODE)
    for kill in range(at_length(3)):
        installation.serve()
        began_s = time.monotonic()
        while time.monotonic() < began_s + 0.4 + 0.31 * (kill % 5):
            given = {
                "commandId": str(uuid4()),
                "occurredOn": "2020-02-01",
                "parent": CODE,
                "name": "Chi bộ thử",
                "kind": "GRASSROOTS_CELL",
                "codeSegment": f"c-{uuid4().hex[:12]}",
            }
            installation.ask(ESTABLISH, board, {"input": given})
        installation.kill()
    installation.serve()
    try:
        head = len(installation.ask(HEAD, auditor, {"o": CODE})["events"]["events"])
        deadline = time.monotonic() + SEALED_S
        while True:
            found = installation.ask(CHECKPOINT, auditor, {"o": CODE})["checkpoint"]
            if found is not None and found["size"] >= min(head, 1_000):
                break
            assert time.monotonic() < deadline, found
            time.sleep(0.05)
        assert installation.run("verify").count(": good") == 2
    finally:
        installation.stop()
