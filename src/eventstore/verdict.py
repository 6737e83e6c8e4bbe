"""What is claimed of a log, and what comes of comparing it: findings, and the first bad place."""

from dataclasses import dataclass, field

from eventstore.epochs import Epoch
from eventstore.growth import Growth
from eventstore.tenants import Tenant


@dataclass(frozen=True, slots=True, order=True)
class Claim:
    """That the first `size` events had this root, and who says so."""

    size: int
    epoch: int
    source: str
    root: bytes


@dataclass(slots=True)
class Report:
    """What was found of one tenant's log."""

    tenant: Tenant
    events: int = 0
    sealed: int = 0
    claims: int = 0
    findings: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    first_bad: int | None = None
    interval: tuple[int, int] | None = None

    def find(self, sentence: str, position: int | None = None) -> None:
        """Take down that something is wrong, and from which position on if that is known."""
        self.findings.append(sentence)
        if position is not None:
            self.first_bad = min(position, self.first_bad or position)


class Comparison:
    """Compares what is claimed with the trees that were derived, claim by claim, ascending."""

    def __init__(self, report: Report, started: list[Epoch]) -> None:
        self._report = report
        self._started = started
        self._agreed: dict[str, int] = {}
        self._failed: set[tuple[str, int]] = set()
        self._is_judged = False

    @property
    def proven(self) -> int:
        """The largest size of which something that was signed agrees."""
        return max(self._agreed.values(), default=0)

    def check(self, claim: Claim, derived: Growth, kept: Growth) -> None:
        """Compare the trees of the events and of the kept hashes, both of the claim's size."""
        self._report.claims += 1
        what = f"{claim.source} of size {claim.size}"
        key = (claim.source, claim.epoch)
        if derived.root() == claim.root:
            if derived is not kept:
                self._judge(f"The event is as it was at {what}.")
        elif kept is not derived and kept.root() == claim.root:
            self._judge(f"The event was changed after {what}.")
        else:
            if key not in self._failed:
                self._failed.add(key)
                self._differs(claim)
            return
        if key not in self._failed:
            self._agreed[claim.source] = claim.size

    def beyond(self, claim: Claim, last: int) -> None:
        """Take down that something was signed of more events than there are."""
        key = (claim.source, claim.epoch)
        if key in self._failed:
            return
        self._failed.add(key)
        what = f"{claim.source} of size {claim.size}"
        if ended := self._ended(claim.epoch):
            self._report.remarks.append(f"Events are gone that {what} covers. {ended}")
            return
        sentence = f"There are {last} events, fewer than {what} covers."
        self._report.find(sentence, last + 1)

    def _differs(self, claim: Claim) -> None:
        agreed = self._agreed.get(claim.source, 0)
        span = f"Positions {agreed + 1} to {claim.size}"
        if ended := self._ended(claim.epoch):
            self._report.remarks.append(
                f"{span} are not those of epoch {claim.epoch} in {claim.source}. {ended}"
            )
            return
        self._report.find(
            f"{span} are not those that were signed: the log agrees with {claim.source} of size"
            f" {agreed} and not with that of size {claim.size}."
        )
        interval = (agreed + 1, claim.size)
        known = self._report.interval
        if known is None or (interval[1], -interval[0]) < (known[1], -known[0]):
            self._report.interval = interval

    def _ended(self, epoch: int) -> str | None:
        """What is said of an epoch that another one followed."""
        for started in self._started:
            if started.number > epoch:
                return (
                    f"Epoch {started.number} began at position {started.position}: {started.reason}"
                )
        return None

    def _judge(self, sentence: str) -> None:
        """Say which of an event and its leaf hash was changed, once it is known."""
        if not self._is_judged:
            self._is_judged = True
            self._report.find(sentence)
