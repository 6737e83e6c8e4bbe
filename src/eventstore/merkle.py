"""Merkle trees and proofs as in RFC 9162, section 2.1, over SHA-256; no storage and no I/O."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

HASH_BYTES: Final = 32
EMPTY_ROOT: Final = hashlib.sha256().digest()
"""The root of a tree without leaves."""

_sha256 = hashlib.sha256


class InvalidProof(Exception):
    """The proof does not show what it is said to show, or is none."""


@dataclass(frozen=True, slots=True)
class Subtree:
    """The leaves start to end - 1, whose root is one hash of a proof.

    The one at the right edge of a tree need not be full.
    """

    start: int
    end: int


def leaf_hash(entry: bytes) -> bytes:
    """The hash of an entry; its prefix keeps it apart from every inner node's."""
    return _sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node from those of its two children."""
    return _sha256(b"\x01" + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes. Also the root of a subtree over the leaves of that one."""
    if not leaves:
        return EMPTY_ROOT
    level = list(leaves)
    while len(level) > 1:
        # An odd last node moves up as it is: the same as splitting at the largest power of two.
        odd = level[-1:] if len(level) % 2 else []
        level = [node_hash(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)] + odd
    return level[0]


def inclusion_path(index: int, size: int) -> list[Subtree]:
    """What stands beside the way from a leaf to the root, in the order of the proof."""
    assert 0 <= index < size
    path: list[Subtree] = []
    start, end = 0, size
    while end - start > 1:
        middle = _middle(start, end)
        if index < middle:
            path.append(Subtree(middle, end))
            end = middle
        else:
            path.append(Subtree(start, middle))
            start = middle
    path.reverse()
    return path


def consistency_path(old_size: int, size: int) -> list[Subtree]:
    """What shows that the larger tree begins with the smaller one, in the order of the proof.

    Nothing is needed when the old tree is empty or the same.
    """
    assert 0 <= old_size <= size
    if old_size == 0:
        return []
    path: list[Subtree] = []
    start, end = 0, size
    while end != old_size:
        middle = _middle(start, end)
        if old_size <= middle:
            path.append(Subtree(middle, end))
            end = middle
        else:
            path.append(Subtree(start, middle))
            start = middle
    if start > 0:
        path.append(Subtree(start, old_size))
    path.reverse()
    return path


def root_from_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root of the one tree of this size for which the path would be right.

    Raises `InvalidProof` when there is none. The leaf is a leaf hash.
    """
    if not 0 <= index < size:
        raise InvalidProof(f"there is no leaf {index} in a tree of {size}")
    _check_hashes(leaf, *path)
    found = leaf
    for sibling, is_left in _steps(path, index, size - 1):
        found = node_hash(sibling, found) if is_left else node_hash(found, sibling)
    return found


def verify_inclusion(
    leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes
) -> None:
    """Check that the tree of this size and root holds the leaf hash. Raises `InvalidProof`."""
    if root_from_inclusion(leaf, index, size, path) != root:
        raise InvalidProof(f"the path does not lead from leaf {index} to the root of {size}")


def verify_consistency(
    old_size: int, old_root: bytes, size: int, root: bytes, path: Sequence[bytes]
) -> None:
    """Check that the tree only grew from the old root to the new one. Raises `InvalidProof`."""
    if not 0 <= old_size <= size:
        raise InvalidProof(f"a tree of {size} cannot have grown out of one of {old_size}")
    _check_hashes(old_root, root, *path)
    if old_size == 0 and old_root != EMPTY_ROOT:
        raise InvalidProof("this is not the root of the empty tree")
    if old_size == size and old_root != root:
        raise InvalidProof(f"these are two different trees of {size}")
    if old_size in {0, size}:
        if path:
            raise InvalidProof("the path is too long")
        return
    # The hashes begin where the trees part: at the last full subtree of the old one, which is the
    # whole of it when its size is a power of two.
    hashes = [old_root, *path] if old_size & (old_size - 1) == 0 else list(path)
    if not hashes:
        raise InvalidProof("the path is too short")
    old = new = hashes[0]
    level = (old_size ^ (old_size - 1)).bit_length() - 1
    for sibling, is_left in _steps(hashes[1:], (old_size - 1) >> level, (size - 1) >> level):
        if is_left:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
        else:
            new = node_hash(new, sibling)
    if (old, new) != (old_root, root):
        raise InvalidProof(f"the tree of {size} does not begin with that of {old_size}")


def _middle(start: int, end: int) -> int:
    """Where a tree divides: the largest power of two below the number of its leaves."""
    return start + (1 << (end - start - 1).bit_length() - 1)


def _steps(path: Sequence[bytes], node: int, last: int) -> Iterator[tuple[bytes, bool]]:
    """The siblings on the way from a node to the root, each with whether it stands left.

    Both numbers count within the node's level. A level's last node has no sibling when its number
    is even: it moves up as it is. Raises `InvalidProof` when the path has another length.
    """
    siblings = iter(path)
    while last:
        is_left = node & 1 == 1
        if is_left or node != last:
            sibling = next(siblings, None)
            if sibling is None:
                raise InvalidProof("the path is too short")
            yield sibling, is_left
        node >>= 1
        last >>= 1
    if next(siblings, None) is not None:
        raise InvalidProof("the path is too long")


def _check_hashes(*hashes: bytes) -> None:
    if any(len(one) != HASH_BYTES for one in hashes):
        raise InvalidProof(f"a hash has {HASH_BYTES} bytes")
