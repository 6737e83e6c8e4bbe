"""The tree: the published vectors, the definition of RFC 9162 as oracle, and nothing forged."""

import hashlib
import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.profile import LONG, at_length

from eventstore.merkle import (
    EMPTY_ROOT,
    HASH_BYTES,
    InvalidProof,
    Subtree,
    consistency_path,
    inclusion_path,
    leaf_hash,
    node_hash,
    root,
    root_from_inclusion,
    verify_consistency,
    verify_inclusion,
)

# The trees that implementations of certificate transparency test themselves with.
ENTRIES = [
    bytes.fromhex(entry)
    for entry in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
LEAVES = [leaf_hash(entry) for entry in ENTRIES]
ROOTS = [
    bytes.fromhex(one)
    for one in (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    )
]
LEAF_0, LEAF_1, LEAF_4, LEAF_6 = (LEAVES[index] for index in (0, 1, 4, 6))
NODE_01, NODE_23, NODE_45, NODE_67, NODE_0123, NODE_4567 = (
    bytes.fromhex(one)
    for one in (
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    )
)
LEAF_2 = bytes.fromhex("0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7")
INCLUSIONS = {
    (0, 1): [],
    (0, 8): [LEAF_1, NODE_23, NODE_4567],
    (5, 8): [LEAF_4, NODE_67, NODE_0123],
    (2, 3): [NODE_01],
    (1, 5): [LEAF_0, NODE_23, LEAF_4],
}
CONSISTENCIES = {
    (1, 1): [],
    (1, 8): [LEAF_1, NODE_23, NODE_4567],
    (2, 5): [NODE_23, LEAF_4],
    (6, 8): [NODE_45, NODE_67, NODE_0123],
    (6, 7): [NODE_45, LEAF_6, NODE_0123],
}


def leaves_of(size: int, seed: int = 0) -> list[bytes]:
    """Different leaf hashes."""
    return [leaf_hash(f"{seed} {index}".encode()) for index in range(size)]


def hashes(leaves: Sequence[bytes], path: Sequence[Subtree]) -> list[bytes]:
    """The hashes that a path asks for."""
    return [root(leaves[part.start : part.end]) for part in path]


# The definitions of RFC 9162, section 2.1, word by word: over entries, slow and plainly right.


def split(count: int) -> int:
    k = 1
    while k * 2 < count:
        k *= 2
    return k


def mth(entries: Sequence[bytes]) -> bytes:
    if not entries:
        return hashlib.sha256().digest()
    if len(entries) == 1:
        return hashlib.sha256(b"\x00" + entries[0]).digest()
    k = split(len(entries))
    return hashlib.sha256(b"\x01" + mth(entries[:k]) + mth(entries[k:])).digest()


def path(m: int, entries: Sequence[bytes]) -> list[bytes]:
    if len(entries) == 1:
        return []
    k = split(len(entries))
    if m < k:
        return [*path(m, entries[:k]), mth(entries[k:])]
    return [*path(m - k, entries[k:]), mth(entries[:k])]


def subproof(m: int, entries: Sequence[bytes], *, b: bool) -> list[bytes]:
    if m == len(entries):
        return [] if b else [mth(entries)]
    k = split(len(entries))
    if m <= k:
        return [*subproof(m, entries[:k], b=b), mth(entries[k:])]
    return [*subproof(m - k, entries[k:], b=False), mth(entries[:k])]


def test_the_published_roots_come_out() -> None:
    assert [root(LEAVES[:size]) for size in range(9)] == ROOTS
    assert EMPTY_ROOT == ROOTS[0]
    assert node_hash(LEAF_0, LEAF_1) == NODE_01
    assert LEAVES[2] == LEAF_2


@pytest.mark.parametrize(("index", "size"), INCLUSIONS)
def test_the_published_inclusion_proofs_come_out(index: int, size: int) -> None:
    published = INCLUSIONS[index, size]
    assert hashes(LEAVES, inclusion_path(index, size)) == published
    verify_inclusion(LEAVES[index], index, size, published, ROOTS[size])


@pytest.mark.parametrize(("old", "size"), CONSISTENCIES)
def test_the_published_consistency_proofs_come_out(old: int, size: int) -> None:
    published = CONSISTENCIES[old, size]
    assert hashes(LEAVES, consistency_path(old, size)) == published
    verify_consistency(old, ROOTS[old], size, ROOTS[size], published)


@pytest.mark.parametrize("size", range(1, 80 if LONG else 40))
def test_every_proof_of_a_small_tree_is_that_of_the_definition(size: int) -> None:
    entries = [f"entry {index}".encode() for index in range(size)]
    leaves = [leaf_hash(entry) for entry in entries]
    whole = mth(entries)
    assert root(leaves) == whole
    for index in range(size):
        proof = path(index, entries)
        assert hashes(leaves, inclusion_path(index, size)) == proof
        assert root_from_inclusion(leaves[index], index, size, proof) == whole
    for old in range(1, size + 1):
        proof = subproof(old, entries, b=True)
        assert hashes(leaves, consistency_path(old, size)) == proof
        verify_consistency(old, mth(entries[:old]), size, whole, proof)


sizes = st.integers(2, 700)


@settings(max_examples=at_length(60), deadline=None)
@given(sizes, st.data())
def test_an_inclusion_proof_holds_and_nothing_changed_does(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    leaves = leaves_of(size)
    leaf, whole = leaves[index], root(leaves)
    proof = hashes(leaves, inclusion_path(index, size))
    verify_inclusion(leaf, index, size, proof, whole)

    flipped = data.draw(st.integers(0, HASH_BYTES * 8 * (len(proof) + 2) - 1))
    forged_leaf, forged_whole, *forged = flip([leaf, whole, *proof], flipped)
    assert refused(forged_leaf, index, size, forged, forged_whole)
    other = data.draw(st.integers(0, size - 1).filter(lambda one: one != index))
    assert refused(leaf, other, size, proof, whole)
    assert refused(leaf, index + size, size, proof, whole)
    assert refused(leaf, index - size, size, proof, whole)
    assert refused(leaf, index, index, proof, whole)
    assert refused(leaf, index, size, proof[:-1], whole)
    assert refused(leaf, index, size, [*proof, whole], whole)
    assert refused(leaf, index, size, [*proof, b""], whole)
    assert refused(leaf, index, size, [proof[0][:-1], *proof[1:]], whole)
    assert refused(proof[0], index, size, proof, whole)


@settings(max_examples=at_length(60), deadline=None)
@given(sizes, st.data())
def test_a_consistency_proof_holds_and_nothing_changed_does(size: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, size - 1))
    leaves = leaves_of(size)
    before, whole = root(leaves[:old]), root(leaves)
    proof = hashes(leaves, consistency_path(old, size))
    verify_consistency(old, before, size, whole, proof)

    flipped = data.draw(st.integers(0, HASH_BYTES * 8 * (len(proof) + 2) - 1))
    forged_before, forged_whole, *forged = flip([before, whole, *proof], flipped)
    assert inconsistent(old, forged_before, size, forged_whole, forged)
    assert inconsistent(size, whole, old, before, proof)
    assert inconsistent(0, EMPTY_ROOT, size, whole, proof)
    assert inconsistent(size, whole, size, whole, proof)
    assert inconsistent(old, before, size, whole, proof[:-1])
    assert inconsistent(old, before, size, whole, [])
    assert inconsistent(old, before, size, whole, [*proof, whole])
    assert inconsistent(old, before, size, whole, [*proof[:-1], proof[-1] + b"\x00"])
    rewritten = leaves_of(old, seed=1)
    assert inconsistent(old, root(rewritten), size, whole, proof)


@settings(max_examples=at_length(60), deadline=None)
@given(sizes, st.data())
def test_no_other_size_is_taken_for_the_tree_where_its_shape_differs(
    size: int, data: st.DataObject
) -> None:
    """A path may fit a tree of another size of the same shape; its root tells which one it was.

    So a size is proven by a checkpoint, never by a path alone: this shows that it must be.
    """
    index = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(index + 1, 1400))
    leaves = leaves_of(size)
    whole = root(leaves)
    proof = hashes(leaves, inclusion_path(index, size))
    same_shape = sides(index, size) == sides(index, other)
    assert refused(leaves[index], index, other, proof, whole) is not same_shape


def test_no_byte_may_move_from_one_hash_to_its_neighbor() -> None:
    """The joined bytes of a node would be the same: the lengths tell."""
    leaves = leaves_of(8)
    whole, before = root(leaves), root(leaves[:4])
    first, *rest = hashes(leaves, inclusion_path(0, 8))
    assert refused(leaves[0] + first[:1], 0, 8, [first[1:], *rest], whole)
    (only,) = hashes(leaves, consistency_path(4, 8))
    assert inconsistent(4, before + only[:1], 8, whole, [only[1:]])


def test_an_index_that_is_negative_is_no_index() -> None:
    """In a full tree it would take the same turns as the one that it is short of."""
    leaves = leaves_of(8)
    proof = hashes(leaves, inclusion_path(2, 8))
    assert refused(leaves[2], 2 - 8, 8, proof, root(leaves))


def test_trees_that_are_empty_or_the_same_need_no_hashes() -> None:
    leaves = leaves_of(5)
    whole = root(leaves)
    assert consistency_path(0, 5) == consistency_path(5, 5) == consistency_path(0, 0) == []
    verify_consistency(0, EMPTY_ROOT, 5, whole, [])
    verify_consistency(5, whole, 5, whole, [])
    verify_consistency(0, EMPTY_ROOT, 0, EMPTY_ROOT, [])
    assert inconsistent(0, whole, 5, whole, [])
    assert inconsistent(0, EMPTY_ROOT, 0, whole, [])
    assert inconsistent(5, root(leaves[:4]), 5, whole, [])
    assert inconsistent(-1, EMPTY_ROOT, 5, whole, [])
    assert refused(whole, 0, 0, [], whole)


def test_proofs_of_a_large_log_hold() -> None:
    size = 1_000_000 if LONG else 100_000
    choice = random.Random(20260111)
    levels = [leaves_of(size)]
    while len(levels[-1]) > 1:
        below = levels[-1]
        pairs = [node_hash(below[at], below[at + 1]) for at in range(0, len(below) - 1, 2)]
        levels.append(pairs + below[len(pairs) * 2 :])
    whole = levels[-1][0]
    assert root(levels[0]) == whole

    def stored(part: Subtree) -> bytes:
        width = part.end - part.start
        level = (width - 1).bit_length()
        return levels[level][part.start >> level]

    for _ in range(at_length(100)):
        index = choice.randrange(size)
        proof = [stored(part) for part in inclusion_path(index, size)]
        verify_inclusion(levels[0][index], index, size, proof, whole)
        assert refused(levels[0][index - 1], index, size, proof, whole)
    old = choice.randrange(1, size)
    proof = [stored(part) for part in consistency_path(old, size)]
    verify_consistency(old, root(levels[0][:old]), size, whole, proof)


def flip(parts: Sequence[bytes], bit: int) -> list[bytes]:
    """The hashes with one bit turned over."""
    number, within = divmod(bit, HASH_BYTES * 8)
    turned = bytearray(parts[number])
    turned[within // 8] ^= 1 << within % 8
    return [*parts[:number], bytes(turned), *parts[number + 1 :]]


def sides(index: int, size: int) -> list[bool]:
    """For each hash of a path whether it stands left of the way to the root."""
    return [part.start < index for part in inclusion_path(index, size)]


def refused(leaf: bytes, index: int, size: int, proof: Sequence[bytes], whole: bytes) -> bool:
    try:
        verify_inclusion(leaf, index, size, proof, whole)
    except InvalidProof:
        return True
    return False


def inconsistent(old: int, before: bytes, size: int, whole: bytes, proof: Sequence[bytes]) -> bool:
    try:
        verify_consistency(old, before, size, whole, proof)
    except InvalidProof:
        return True
    return False
