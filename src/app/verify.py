"""Checks the logs of this installation against what was signed of them; the rules are elsewhere."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from app.failure import Mendable
from app.installation import Installation, open_installation
from app.settings import Settings
from eventstore.note import Checkpoint, InvalidNote, open_checkpoint
from eventstore.tenants import Tenant
from eventstore.verdict import Claim, Report
from eventstore.verification import Verification

GOOD: Final = 0
BAD: Final = 1
UNUSABLE: Final = 2
SENTENCES_MAX: Final = 20


class CannotVerify(Mendable):
    """What is asked for cannot be judged; the message says why."""


class _Line(msgspec.Struct):
    checkpoint: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The exit code, and what to say."""

    code: int
    lines: list[str]


async def verify(settings: Settings, codes: Sequence[str], files: Sequence[Path]) -> Verdict:
    """Check the logs of these tenants, of all when none is named.

    `files` hold checkpoints that a witness keeps. Raises CannotVerify.
    """
    async with open_installation(settings) as installation:
        # Read before the logs, so that no checkpoint in them is newer than what it is compared to.
        outside = list(_checkpoints(installation, files))
        invalid = [text for text in outside if isinstance(text, str)]
        seen = [found for found in outside if not isinstance(found, str)]
        reports = [
            await _verified(installation, tenant, seen)
            for tenant in await _chosen(installation, codes)
        ]
    bad = bool(invalid) or any(report.findings for report in reports)
    lines = [*invalid, *(line for report in reports for line in _told(report))]
    return Verdict(BAD if bad else GOOD, lines)


async def _chosen(installation: Installation, codes: Sequence[str]) -> list[Tenant]:
    tenants = {tenant.code: tenant for tenant in await installation.store.tenants()}
    for code in codes:
        if code not in tenants:
            raise CannotVerify(f"There is no tenant {code!r}.")
    return [tenants[code] for code in codes] if codes else list(tenants.values())


async def _verified(
    installation: Installation, tenant: Tenant, seen: Sequence[tuple[str, Checkpoint]]
) -> Report:
    keys = installation.log_keys
    claims = []
    for path, checkpoint in seen:
        log, _, epoch = checkpoint.origin.rpartition("/")
        if log == f"{keys.signer.name}/{tenant.code}":
            source = f"the witness's checkpoint in {path}"
            claims.append(Claim(checkpoint.size, int(epoch), source, checkpoint.root))
    remembered = await keys.memory.last(tenant.code)
    if remembered is not None:
        source = "what was remembered as signed"
        claims.append(Claim(remembered.size, remembered.epoch, source, remembered.root))
    verification = Verification(
        installation.database, tenant, keys.signer.name, keys.verifiers, claims
    )
    return await verification.run()


def _checkpoints(
    installation: Installation, files: Sequence[Path]
) -> Iterator[tuple[str, Checkpoint] | str]:
    """The checkpoints of each file, and a sentence for each that no key of this log signed."""
    for path in files:
        try:
            with path.open("rb") as lines:
                for number, line in enumerate(lines, 1):
                    note = msgspec.json.decode(line, type=_Line).checkpoint
                    try:
                        found = open_checkpoint(note, installation.log_keys.verifiers)
                    except InvalidNote as reason:
                        yield f"{path}, line {number}: {reason}."
                        continue
                    yield path.name, found
        except OSError as error:
            raise CannotVerify(f"{path} cannot be read: {error.strerror}.") from None
        except msgspec.DecodeError:
            raise CannotVerify(f"{path}, line {number}: this is no checkpoint in JSON.") from None


def _told(report: Report) -> Iterator[str]:
    verdict = "BAD" if report.findings else "good"
    place = "" if report.first_bad is None else f", first bad position {report.first_bad}"
    if report.interval is not None:
        place += ", bad interval {}-{}".format(*report.interval)
    yield (
        f"{report.tenant.code}: {verdict}{place} ({report.events} events, {report.sealed} sealed,"
        f" {report.claims} checkpoints)"
    )
    sentences = [*report.findings[:SENTENCES_MAX], *report.remarks[:SENTENCES_MAX]]
    for sentence in sentences:
        yield f"  {sentence}"
    if len(report.findings) > SENTENCES_MAX:
        yield f"  And {len(report.findings) - SENTENCES_MAX} more findings."
