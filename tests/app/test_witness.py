"""A witness believes what is proven to it, and refuses the rest for good."""

import hashlib
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.witness.client import Client, NoAnswer, Offered
from app.witness.home import NAME, Home, HomeUnusable
from app.witness.watch import GOOD, REFUSED, UNANSWERED, Refused, Witness, watch
from eventstore.merkle import consistency_path, leaf_hash, root
from eventstore.note import Checkpoint, Signer, Verifier, cosigned_time, open_checkpoint

CODE = "lam-dong/bao-lam"
KEY, OTHER_KEY = (Ed25519PrivateKey.from_private_bytes(bytes([one] * 32)) for one in (1, 2))


@dataclass
class Shown(Client):
    """An installation that shows what a test makes of it."""

    leaves: list[bytes] = field(default_factory=list)
    signer: Signer = field(default_factory=lambda: Signer(KEY, "nguon"))
    origin: str = f"nguon/{CODE}/1"

    def grow(self, *events: str) -> "Shown":
        """The same with more events."""
        self.leaves = [*self.leaves, *(leaf_hash(event.encode()) for event in events)]
        return self

    def checkpoint(self, organization: str) -> Offered | None:
        if organization == "lam-dong/none":
            raise NoAnswer("There is no organization “lam-dong/none”.")
        if not self.leaves:
            return None
        checkpoint = Checkpoint(self.origin, len(self.leaves), root(self.leaves))
        return Offered(self.signer.sign(checkpoint), self.signer.verifier_key())

    def consistency(self, organization: str, old_size: int, size: int) -> list[bytes]:
        assert organization == CODE
        path = consistency_path(old_size, size)
        return [root(self.leaves[part.start : part.end]) for part in path]

    def organizations(self) -> list[str]:
        return [CODE]


@pytest.fixture
def shown() -> Shown:
    return Shown()


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with Home.opened(tmp_path) as opened:
        yield opened


def look(home: Home, shown: Shown, key: Verifier | None = None) -> str:
    return Witness(home, shown, key).look(CODE)


def kept(folder: Path) -> list[str]:
    """The notes of the witness's file."""
    lines = (folder / "checkpoints.jsonl").read_text("utf-8").splitlines()
    assert all(set(json.loads(line)) == {"checkpoint"} for line in lines)
    return [json.loads(line)["checkpoint"] for line in lines]


def test_what_grows_is_cosigned(home: Home, shown: Shown, tmp_path: Path) -> None:
    assert look(home, shown) == "nothing is signed yet"
    said = look(home, shown.grow("a", "b"))
    assert said.startswith("first seen with 2 events in epoch 1; from now on its key is nguon+")
    assert look(home, shown) == "unchanged with 2 events"
    assert look(home, shown.grow("c", "d", "e")) == "grown from 2 to 5 events"
    own = Verifier.parse(home.cosigner.verifier_key())
    log = Verifier.parse(shown.signer.verifier_key())
    for note, size in zip(kept(tmp_path), (2, 5), strict=True):
        assert open_checkpoint(note, [log]).size == size
        assert abs(cosigned_time(note, own) - time.time()) < 60


def test_it_remembers_over_its_own_end(shown: Shown, tmp_path: Path) -> None:
    """One that was killed in the middle of a line forgets that line only."""
    with Home.opened(tmp_path) as home:
        look(home, shown.grow("a", "b"))
        look(home, shown.grow("c"))
        key = home.cosigner.verifier_key()
    with (tmp_path / "checkpoints.jsonl").open("ab") as file:
        file.write(b'{"checkpoint": "nguon/lam')
    with Home.opened(tmp_path) as home:
        assert look(home, shown.grow("d")) == "grown from 3 to 4 events"
        assert home.cosigner.verifier_key() == key
    assert len(kept(tmp_path)) == 3
    assert key.startswith(f"{NAME}+")
    assert (tmp_path / "witness.key").stat().st_mode & 0o077 == 0


HISTORIES = {
    "smaller": (["a", "b"], "fewer than the 3"),
    "another of the same size": (["a", "b", "x"], "another history of 3 events"),
    "another that has grown": (["a", "x", "c", "d", "e"], "does not begin with that of 3"),
}


@pytest.mark.parametrize(("events", "reason"), HISTORIES.values(), ids=HISTORIES)
def test_a_second_history_is_refused_for_good(
    home: Home, shown: Shown, tmp_path: Path, events: list[str], reason: str
) -> None:
    """What was shown is kept, once: two signed histories convict their signer."""
    look(home, shown.grow("a", "b", "c"))
    second = Shown().grow(*events)
    for _ in range(2):
        with pytest.raises(Refused, match=reason):
            look(home, second)
    assert len(kept(tmp_path)) == 1
    [refused] = (tmp_path / "refused.jsonl").read_text("utf-8").splitlines()
    offered = second.checkpoint(CODE)
    assert offered is not None
    assert json.loads(refused)["checkpoint"] == offered.note
    assert look(home, shown.grow("d")) == "grown from 3 to 4 events"


def test_a_log_that_shows_nothing_any_more_is_refused(home: Home, shown: Shown) -> None:
    look(home, shown.grow("a"))
    with pytest.raises(Refused, match="no checkpoint is shown any more"):
        look(home, Shown())


def test_a_false_proof_is_refused(home: Home, shown: Shown) -> None:
    class False_(Shown):  # noqa: N801 (a word of Python's own)
        def consistency(self, organization: str, old_size: int, size: int) -> list[bytes]:
            path = super().consistency(organization, old_size, size)
            return [hashlib.sha256(one).digest() for one in path]

    look(home, shown.grow("a", "b", "c"))
    with pytest.raises(Refused, match="does not begin with that of 3"):
        look(home, False_(leaves=shown.leaves).grow("d", "e"))


def test_the_key_of_the_first_time_is_kept(home: Home, shown: Shown) -> None:
    """Another one is refused until it is given on purpose."""
    look(home, shown.grow("a", "b"))
    shown.signer = Signer(OTHER_KEY, "nguon")
    with pytest.raises(Refused, match="no trusted key"):
        look(home, shown.grow("c"))
    other = Verifier.parse(shown.signer.verifier_key())
    assert "from now on its key is" in look(home, shown, other)
    assert look(home, shown.grow("d")) == "grown from 3 to 4 events"


def test_a_given_key_is_the_only_one(home: Home, shown: Shown) -> None:
    given = Verifier.parse(Signer(OTHER_KEY, "nguon").verifier_key())
    with pytest.raises(Refused, match="no trusted key"):
        look(home, shown.grow("a"), given)


@pytest.mark.parametrize(
    "origin", ["nguon/lam-dong/di-linh/1", f"other/{CODE}/1", CODE, f"nguon/{CODE}/01"]
)
def test_another_log_under_the_same_code_is_refused(home: Home, shown: Shown, origin: str) -> None:
    look(home, shown.grow("a", "b"))
    shown.origin = origin
    with pytest.raises(Refused):
        look(home, shown.grow("c"))


def test_a_new_epoch_is_accepted_and_told(home: Home, shown: Shown, tmp_path: Path) -> None:
    """And there is no way back to the old one."""
    look(home, shown.grow("a", "b", "c"))
    second = Shown(origin=f"nguon/{CODE}/2").grow("a", "x")
    said = look(home, second)
    assert said.startswith("NEW EPOCH 2 with 2 events")
    assert "last seen with 3" in said
    assert look(home, second.grow("y")) == "grown from 2 to 3 events"
    with pytest.raises(Refused, match="back in epoch 1"):
        look(home, shown.grow("d"))
    origins = [note.partition("\n")[0] for note in kept(tmp_path)]
    assert origins == [f"nguon/{CODE}/{epoch}" for epoch in (1, 2, 2)]


def test_an_epoch_that_begins_between_a_checkpoint_and_its_proof(home: Home, shown: Shown) -> None:
    class Moving(Shown):
        def consistency(self, organization: str, old_size: int, size: int) -> list[bytes]:
            self.origin = f"nguon/{CODE}/2"
            return super().consistency(organization, old_size, size)[:-1]

    look(home, shown.grow("a", "b", "c"))
    assert look(home, Moving(leaves=shown.leaves).grow("d", "e")).startswith("NEW EPOCH 2")


def test_one_home_is_one_witness_at_a_time(home: Home, tmp_path: Path) -> None:
    assert home.pin(CODE) is None
    with pytest.raises(HomeUnusable, match="Another witness"), Home.opened(tmp_path):
        pass


@pytest.mark.parametrize("damage", ["{}", '{"checkpoint": "x"}'])
def test_a_file_that_it_did_not_write_is_refused(shown: Shown, tmp_path: Path, damage: str) -> None:
    with Home.opened(tmp_path) as home:
        look(home, shown.grow("a"))
    with (tmp_path / "checkpoints.jsonl").open("a", encoding="utf-8") as file:
        file.write(f"{damage}\n")
    with pytest.raises(HomeUnusable, match="not what this witness wrote"), Home.opened(tmp_path):
        pass


def test_a_checkpoint_put_into_its_file_is_refused(shown: Shown, tmp_path: Path) -> None:
    """It knows its own signature."""
    with Home.opened(tmp_path) as home:
        look(home, shown.grow("a"))
    offered = shown.grow("b").checkpoint(CODE)
    assert offered is not None
    with (tmp_path / "checkpoints.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps({"checkpoint": offered.note}) + "\n")
    with pytest.raises(HomeUnusable, match="no trusted key"), Home.opened(tmp_path):
        pass


def test_the_exit_code_of_one_round(
    home: Home, shown: Shown, capsys: pytest.CaptureFixture[str]
) -> None:
    assert watch(home, shown.grow("a", "b"), [], None, None) == GOOD
    assert watch(home, shown, [CODE, "lam-dong/none"], None, None) == UNANSWERED
    second = Shown().grow("a", "x")
    assert watch(home, second, [CODE, "lam-dong/none"], None, None) == REFUSED
    assert f"{CODE}: REFUSED: it is another history" in capsys.readouterr().out


def test_an_installation_that_is_not_there_gives_no_answer() -> None:
    with pytest.raises(NoAnswer, match="cannot be reached"):
        Client("http://127.0.0.1:9", "x").checkpoint(CODE)
    with pytest.raises(NoAnswer, match="token"):
        Client("http://127.0.0.1:9", "x").organizations()
