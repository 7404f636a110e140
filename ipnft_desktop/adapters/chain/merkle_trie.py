"""The Merkle-Patricia trie over a block's transactions or receipts, and the nodes that prove some of them.

Yellow paper, appendix D. Only built from all its values at once, never changed: why it is written here is in
`docs/decisions/0050-evidence.md`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from eth_hash.auto import keccak

from ipnft_verify.rlp import Encodable, encode

_HASH_BYTES = 32


@dataclass(frozen=True, slots=True)
class TrieOfBlock:
    """The root, and every node on the way to the wanted values."""

    root: bytes
    proof: tuple[bytes, ...]


def trie_of(values: Sequence[bytes], wanted: Collection[int]) -> TrieOfBlock:
    """The trie that has each value under its place in the block, and the proof of the `wanted` places."""
    builder = _Builder({_digits(encode(place)) for place in wanted})
    paths = sorted((_digits(encode(place)), value) for place, value in enumerate(values))
    top = encode(builder.node(paths, 0)) if paths else b"\x80"
    return TrieOfBlock(keccak(top), tuple(dict.fromkeys([top, *reversed(builder.proof)])))


class _Builder:
    def __init__(self, wanted: Collection[str]) -> None:
        self._wanted = wanted
        self.proof: list[bytes] = []

    def node(self, paths: Sequence[tuple[str, bytes]], depth: int) -> list[Encodable]:
        """The node over these values, whose paths agree in their first `depth` digits; a path is hexadecimal."""
        if len(paths) == 1:
            ((path, value),) = paths
            return [_packed(path[depth:], is_leaf=True), value]
        shared = _shared(paths[0][0], paths[-1][0])  # they are sorted
        if shared > depth:
            return [_packed(paths[0][0][depth:shared], is_leaf=False), self._reference(paths, shared)]
        branch: list[Encodable] = [b""] * 17
        for digit in dict.fromkeys(path[depth] for path, _ in paths if len(path) > depth):
            below = [one for one in paths if one[0][depth : depth + 1] == digit]
            branch[int(digit, 16)] = self._reference(below, depth + 1)
        branch[16] = next((value for path, value in paths if len(path) == depth), b"")
        return branch

    def _reference(self, paths: Sequence[tuple[str, bytes]], depth: int) -> Encodable:
        """How a node above names this one: by its hash, or by itself where it is shorter."""
        node = self.node(paths, depth)
        encoded = encode(node)
        if len(encoded) < _HASH_BYTES:
            return node
        if any(path in self._wanted for path, _ in paths):
            self.proof.append(encoded)
        return keccak(encoded)


def _shared(first: str, last: str) -> int:
    """How many digits two paths have in common from their beginning."""
    pairs = enumerate(zip(first, last, strict=False))
    return next((place for place, (one, other) in pairs if one != other), min(len(first), len(last)))


def _digits(key: bytes) -> str:
    return key.hex()


def _packed(digits: str, *, is_leaf: bool) -> bytes:
    """Digits as bytes, with a flag in front: whether it is a leaf, and whether their number is odd."""
    is_odd = len(digits) % 2
    flag = f"{2 * is_leaf + is_odd:x}"
    return bytes.fromhex(flag + ("" if is_odd else "0") + digits)
