"""What evidence bundles need: proofs from the chain, and files that are written whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class MinedProof:
    """A transaction with its receipt, proved against the header of its block."""

    tx_hash: str
    block_number: int
    block_hash: str
    timestamp_s: int
    transaction_index: int
    header: bytes
    transaction_proof: bytes
    receipt_proof: bytes


@dataclass(frozen=True, slots=True)
class TokenNow:
    """A token at the chain's head; `proof` is None where the node does not prove states."""

    block_number: int
    block_hash: str
    timestamp_s: int
    owner: str
    validity: str
    proof: bytes | None


class ChainProofs(Protocol):
    """Reads what proves something without the chain. Every method may raise EnvironmentFault NODE_UNREACHABLE."""

    async def mined(self, tx_hashes: Sequence[str]) -> tuple[MinedProof, ...]:
        """Each of these transactions in its block.

        Raises EnvironmentFault EVIDENCE_NOT_PROVED where the chain lacks one of them, or what the node tells of a
        block does not give the block's hash.
        """
        ...

    async def code(self, contract_address: str) -> bytes:
        """The runtime code at an address, empty where there is none."""
        ...

    async def events(self, contract_address: str, token_id: int, first: int, last: int) -> tuple[str, ...]:
        """Transactions of the blocks `first` to `last` that did something to a token, in the chain's order."""
        ...

    async def token_now(self, contract_address: str, token_id: int) -> TokenNow:
        """The token at the chain's head, with the proof of it where the node has one. Raises EVIDENCE_NOT_PROVED where
        there is no such token."""
        ...


class BundleDraft(Protocol):
    """A bundle that is being made, in files that nobody else sees. Every method blocks, and raises EnvironmentFault
    DISK_FULL or UserError VALIDATION_FAILED (field "target") where nothing can be written."""

    def path(self, name: str) -> Path:
        """Where an entry's bytes go, whether or not anything is there yet."""
        ...

    def write(self, name: str, data: bytes) -> None:
        """The bytes of a small entry."""
        ...

    def digest(self, name: str) -> tuple[int, str]:
        """Size in bytes and SHA-256 of an entry, in hexadecimal digits."""
        ...

    def finish(
        self, names: Sequence[str], check: Callable[[Path], None], on_share: Callable[[float], None]
    ) -> tuple[Path, int, str]:
        """Put the entries together in this order, have `check` judge the file, and only then give it its name, or one
        like it where something has that name already; returns where it is, and size and SHA-256 of the file. Whatever
        `check` and `on_share` raise ends the work. Raises UserError VALIDATION_FAILED where the file would be larger
        than its format allows."""
        ...

    def close(self) -> None:
        """Remove what is not finished."""
        ...


class BundleFiles(Protocol):
    """Where bundles are written."""

    def begin(self, target: Path) -> BundleDraft:
        """Begin a bundle in the folder of `target`. Blocks, and raises as `BundleDraft` does."""
        ...
