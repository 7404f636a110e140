"""What a Merkle-Patricia trie holds under a key, proved by the nodes on the way (yellow paper, appendix D)."""

from __future__ import annotations

from collections.abc import Iterable

from ipnft_verify.keccak import keccak256
from ipnft_verify.pace import step
from ipnft_verify.rlp import Item, as_bytes, as_list, decode, is_list

_HASH_BYTES = 32
_CHILDREN = 16


class TrieProof:
    """Nodes of a trie, found by their hashes. Every one must be needed: `unused` tells of any other."""

    def __init__(self, root: bytes, nodes: Iterable[bytes]) -> None:
        self._root = root
        self._nodes: dict[bytes, bytes] = {}
        for node in nodes:
            step()
            self._nodes[keccak256(node)] = node
        self._used: set[bytes] = set()

    @property
    def unused(self) -> int:
        """How many nodes no `value` has needed yet."""
        return len(self._nodes) - len(self._used)

    def value(self, key: bytes) -> bytes | None:
        """What is under the key; None where the nodes prove that nothing is.

        Raises:
            ValueError: a node on the way is missing, or is none.
        """
        path = [digit for byte in key for digit in (byte >> 4, byte & 15)]
        node = self._node(self._root)
        while node:
            if len(node) == _CHILDREN + 1:
                if not path:
                    return as_bytes(node[_CHILDREN]) or None
                child = node[path.pop(0)]
            elif len(node) == 2:
                is_leaf, digits = _unpacked(as_bytes(node[0]))
                if path[: len(digits)] != digits or (is_leaf and len(path) != len(digits)):
                    return None
                if is_leaf:
                    return as_bytes(node[1])
                path = path[len(digits) :]
                child = node[1]
            else:
                raise ValueError("a node of a trie has 2 or 17 items")
            node = child if is_list(child) else self._node(as_bytes(child))
        return None

    def _node(self, reference: bytes) -> list[Item]:
        """The node that a reference names; empty where there is none."""
        if not reference:
            return []
        found = self._nodes.get(reference)
        if found is None or len(reference) != _HASH_BYTES:
            raise ValueError("a node on the way is missing")
        self._used.add(reference)
        # The root of an empty trie is the hash of an empty string.
        return as_list(decode(found)) if found != b"\x80" else []


def _unpacked(packed: bytes) -> tuple[bool, list[int]]:
    """Hexadecimal digits with a flag in front: whether it is a leaf, and whether the number of digits is odd."""
    digits = [digit for byte in packed for digit in (byte >> 4, byte & 15)]
    flag = digits[0]
    if flag > 3 or (not flag & 1 and digits[1]):
        raise ValueError("a path that is not packed as it must be")
    return bool(flag & 2), digits[1:] if flag & 1 else digits[2:]
