"""Derives a tenant's whole log again from what is stored and compares it with what was signed.

It goes through the log once, in batches and without a long transaction, and writes nothing.
"""

import struct
from collections.abc import Iterator, Sequence
from typing import Final

from db.database import Connection, Database
from eventstore.epochs import FIRST_EPOCH, Epoch, started_epochs
from eventstore.growth import Growth
from eventstore.leaf import entry_of
from eventstore.merkle import HASH_BYTES, leaf_hash
from eventstore.notary import origin_of
from eventstore.note import Checkpoint, InvalidNote, Verifier, open_checkpoint
from eventstore.reading import Filter, read_after
from eventstore.stored_event import StoredEvent
from eventstore.tenants import Tenant
from eventstore.tree import TILE_HASHES, Tree
from eventstore.verdict import Claim, Comparison, Report

BATCH: Final = 4_096
SIGNED: Final = "the signed checkpoint"
STREAMS_TIMEOUT_S: Final = 3_600.0

_ENDS: Final = """
SELECT l.head, coalesce((
  SELECT e.position FROM event e WHERE e.tenant_id = $1 ORDER BY e.position DESC LIMIT 1
), 0) AS last
FROM tenant_log l WHERE l.tenant_id = $1
"""
_TREE: Final = """
SELECT epoch, size FROM log_tree WHERE tenant_id = $1 ORDER BY epoch DESC LIMIT 1
"""
_EPOCHS: Final = "SELECT DISTINCT epoch FROM signed_checkpoint WHERE tenant_id = $1 ORDER BY epoch"
_CHECKPOINTS: Final = """
SELECT size, root, note FROM signed_checkpoint
WHERE tenant_id = $1 AND epoch = $2 AND size > $3 AND size <= $4
ORDER BY size
"""
_LARGEST: Final = """
SELECT size FROM signed_checkpoint WHERE tenant_id = $1 AND epoch = $2 ORDER BY size DESC LIMIT 1
"""
_HAS_BAD_STREAM: Final = """
SELECT EXISTS (
  SELECT FROM event WHERE tenant_id = $1
  GROUP BY stream_id HAVING min(version) <> 1 OR max(version) <> count(*)
)
"""
_BAD_STREAM: Final = """
SELECT min(position) FROM (
  SELECT position, version,
    lag(version, 1, 0) OVER stream AS before, lag(position, 1, 0::bigint) OVER stream AS placed
  FROM event WHERE tenant_id = $1 AND position <= $2
  WINDOW stream AS (PARTITION BY stream_id ORDER BY version)
) e WHERE version <> before + 1 OR position <= placed
"""


class Verification:
    """One pass over one tenant's log."""

    def __init__(
        self,
        database: Database,
        tenant: Tenant,
        name: str,
        verifiers: Sequence[Verifier],
        claims: Sequence[Claim],
    ) -> None:
        """`name` begins the origins of this installation; `claims` come from outside of it."""
        self._database = database
        self._tenant = tenant
        self._name = name
        self._verifiers = verifiers
        self._outside = sorted(claim for claim in claims if claim.size > 0)
        self._report = Report(tenant)
        self._derived = Growth()
        self._kept = self._derived
        self._is_broken = False
        self._epoch = FIRST_EPOCH
        self._started: list[Epoch] = []
        self._comparison = Comparison(self._report, self._started)
        self._signed_epochs: list[int] = []

    async def run(self) -> Report:
        """Go through the log as it is now; what is appended meanwhile is left out."""
        tenant_id = self._tenant.tenant_id
        async with self._database.tenant(tenant_id) as connection:
            self._started += await started_epochs(connection, self._tenant)
            signed = await connection.fetch(_EPOCHS, tenant_id)
            # The tree first: it never runs ahead of the log.
            for row in await connection.fetch(_TREE, tenant_id):
                self._epoch, self._report.sealed = row
            [ends] = await connection.fetch(_ENDS, tenant_id)
        self._signed_epochs = [row["epoch"] for row in signed]
        head, last = ends["head"], ends["last"]
        while not self._is_broken and self._derived.size < last:
            async with self._database.tenant(tenant_id) as connection:
                await self._batch(connection, last)
        self._report.events = self._derived.size
        if not self._is_broken:
            self._check_ends(head, last)
        async with self._database.tenant(tenant_id) as connection:
            await self._check_rest(connection, last)
        return self._report

    async def _batch(self, connection: Connection, last: int) -> None:
        """The next events, the tiles that hold their hashes, and the claims of their sizes."""
        size = self._derived.size
        until = min(last, size + BATCH)
        events = await _readable(connection, self._tenant.tenant_id, size, until)
        tree = Tree(connection, self._tenant.tenant_id, self._epoch, self._report.sealed)
        kept = await _entries(tree, 0, size, min(until, self._report.sealed))
        claims = iter(sorted([*await self._signed(connection, size, until), *self._within(until)]))
        claim = next(claims, None)
        for event in events:
            if not self._add(event, kept):
                return
            while claim is not None and claim.size == self._derived.size:
                self._comparison.check(claim, self._derived, self._kept)
                claim = next(claims, None)
        if len(events) < until - size:
            position = self._derived.size + 1
            self._break(f"The event at position {position} is missing or cannot be read.")
            return
        await self._check_tiles(tree)

    def _add(self, event: StoredEvent, kept: list[bytes]) -> bool:
        """Let the tree grow by an event; whether it stands where it must."""
        position = self._derived.size + 1
        if event.position != position:
            self._break(f"The event at position {position} is missing.")
            return False
        try:
            leaf = leaf_hash(entry_of(event))
        except (TypeError, ValueError, OverflowError, struct.error):
            self._break(f"The event at position {position} has values that no event has.")
            return False
        place = len(self._kept.entries[0])
        known = kept[place] if place < len(kept) else leaf
        if known != leaf:
            self._report.find(
                f"The event at position {position} does not have its leaf hash.", position
            )
            if self._kept is self._derived:
                self._kept = self._derived.copy()
        self._derived.add(leaf)
        if self._kept is not self._derived:
            self._kept.add(known)
        return True

    def _break(self, sentence: str) -> None:
        self._is_broken = True
        self._report.find(f"{sentence} What follows was not checked.", self._derived.size + 1)

    async def _check_tiles(self, tree: Tree) -> None:
        """The tiles above the leaves hold the roots of those below."""
        for level, entries in enumerate(self._kept.entries):
            end = self._kept.size // TILE_HASHES**level
            sealed = min(end, self._report.sealed // TILE_HASHES**level)
            start = end - len(entries)
            if level:
                kept = await _entries(tree, level, start, sealed)
                wrong = [at for at, one in enumerate(kept) if one != entries[at]]
                if wrong:
                    self._report.find(
                        f"Entry {start + wrong[0]} of the tiles of level {level} is wrong."
                    )
            entries.clear()
        for entries in self._derived.entries:
            entries.clear()

    async def _signed(self, connection: Connection, after: int, until: int) -> list[Claim]:
        """The claims of the checkpoints that were kept and are what they say they are."""
        claims: list[Claim] = []
        tenant_id = self._tenant.tenant_id
        for epoch in self._signed_epochs:
            for row in await connection.fetch(_CHECKPOINTS, tenant_id, epoch, after, until):
                claim = Claim(row["size"], epoch, SIGNED, row["root"])
                if self._is_signed(claim, row["note"]):
                    claims.append(claim)
        return claims

    def _is_signed(self, claim: Claim, note: str) -> bool:
        origin = origin_of(self._name, self._tenant.code, claim.epoch)
        try:
            said = open_checkpoint(note, self._verifiers)
        except InvalidNote as reason:
            self._report.find(f"The checkpoint of size {claim.size} is not valid: {reason}.")
            return False
        if said != Checkpoint(origin, claim.size, claim.root):
            self._report.find(f"The checkpoint of size {claim.size} says something else.")
            return False
        return True

    def _within(self, until: int) -> Iterator[Claim]:
        while self._outside and self._outside[0].size <= until:
            yield self._outside.pop(0)

    def _check_ends(self, head: int, last: int) -> None:
        if head > last:
            self._report.find(f"The event at position {last + 1} is missing.", last + 1)
        if head < last:
            self._report.find(f"The event at position {head + 1} is beyond the head.", head + 1)
        if self._report.sealed > last:
            self._report.find(f"The tree has {self._report.sealed} leaves, the log {last} events.")
        proven = self._comparison.proven
        if proven < last:
            self._report.remarks.append(f"No checkpoint covers the positions from {proven + 1} on.")

    async def _check_rest(self, connection: Connection, last: int) -> None:
        """What the log itself does not show: claims of more events, and the order of streams."""
        tenant_id = self._tenant.tenant_id
        bad = None
        # An index tells whether any stream is wrong; which event it is takes reading them all.
        if await connection.fetchval(_HAS_BAD_STREAM, tenant_id, timeout=STREAMS_TIMEOUT_S):
            bad = await connection.fetchval(_BAD_STREAM, tenant_id, last, timeout=STREAMS_TIMEOUT_S)
        if bad is not None:
            self._report.find(f"The version of the event at position {bad} does not follow.", bad)
        if self._is_broken:
            return
        [ends] = await connection.fetch(_ENDS, tenant_id)
        for epoch in self._signed_epochs:
            size = await connection.fetchval(_LARGEST, tenant_id, epoch)
            if size > max(last, ends["last"]):
                self._comparison.beyond(Claim(size, epoch, SIGNED, b""), last)
        for claim in self._outside:
            self._comparison.beyond(claim, last)


async def _readable(
    connection: Connection, tenant_id: int, after: int, until: int
) -> list[StoredEvent]:
    """The events after a position, up to the first one whose columns have no value in Python."""
    try:
        return await read_after(connection, tenant_id, after, until - after, Filter(until=until))
    except (OverflowError, ValueError):
        if until - after == 1:
            return []
        middle = (after + until) // 2
        first = await _readable(connection, tenant_id, after, middle)
        if len(first) < middle - after:
            return first
        return first + await _readable(connection, tenant_id, middle, until)


async def _entries(tree: Tree, level: int, start: int, end: int) -> list[bytes]:
    """The entries of a level from one to before another, as far as the tiles hold them."""
    if start >= end:
        return []
    first, last = start // TILE_HASHES, (end - 1) // TILE_HASHES
    tiles = await tree.tiles([(level, index) for index in range(first, last + 1)])
    found = []
    for place in range(start, end):
        index, at = divmod(place, TILE_HASHES)
        tile = tiles.get((level, index), b"")
        found.append(tile[at * HASH_BYTES : (at + 1) * HASH_BYTES])
    return found
