"""What the services need of the chain and of the key that signs, as protocols."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from ipnft_desktop.domain.audit import AuditPoint
from ipnft_desktop.domain.chain import (
    BlockRef,
    ChainIdentity,
    ChainLoad,
    ChainLook,
    ChainObservation,
    Fees,
    MinedData,
    MintCall,
    MintSighting,
    NonceUse,
    Preflight,
    Receipt,
    RecordedBlock,
    SendReply,
    TokenFacts,
    TransactionPlan,
)
from ipnft_desktop.domain.chain_events import ChainSlice
from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.domain.minting import (
    TransactionPurpose,
    TransactionRecord,
)
from ipnft_desktop.services.contract_ports import ContractCalls
from ipnft_verify.signing import Statement


class Signer(Protocol):
    """Holds one key; takes typed requests only and never gives the key away.

    Signing is synchronous and under a millisecond: it runs inside the database executor, so that nonce and signed
    bytes are in one commit. Raises UserError TEST_KEY_ON_PUBLIC_CHAIN.
    """

    async def prepare(self) -> object:
        """Make the key ready aside from the event loop, so that address and signatures answer at once."""
        ...

    @property
    def address(self) -> str: ...
    def sign(self, plan: TransactionPlan, nonce: int) -> TransactionRecord: ...
    def sign_self_transfer(
        self, chain_id: int, nonce: int, fees: Fees, purpose: TransactionPurpose
    ) -> TransactionRecord:
        """A transaction that sends nothing to ourselves (21,000 gas): CANCEL or FILL."""
        ...

    def sign_anchor(self, chain_id: int, nonce: int, fees: Fees, point: AuditPoint) -> TransactionRecord:
        """A transaction that sends nothing to ourselves, with a seal of the audit log as its data."""
        ...

    def sign_call(self, plan: TransactionPlan, nonce: int) -> TransactionRecord:
        """Any other call of a contract, or a transfer."""
        ...

    def sign_evidence(self, statement: Statement) -> bytes:
        """A signature under an evidence bundle of ours: r, s and 27 or 28, 65 bytes. It takes milliseconds more than
        the others, and is no transaction: not in the executor of the database."""
        ...

    def sign_deployment(self, chain_id: int, nonce: int, data: bytes, gas_limit: int, fees: Fees) -> tuple[bytes, str]:
        """Raw bytes and hash of a contract creation."""
        ...


class KeyLock(Protocol):
    """The lock of an encrypted key. Signing while it is locked raises UserError KEYSTORE_LOCKED."""

    @property
    def is_locked(self) -> bool: ...

    async def unlock(self, password: str) -> None:
        """Raises UserError KEYSTORE_WRONG_PASSWORD, or KEYSTORE_LOCKED for a while after five wrong ones."""
        ...

    def lock(self) -> None:
        """Forget the key until the next `unlock`."""
        ...


class Chain(ContractCalls, Protocol):
    """An Ethereum chain with our contract on it. Every method may raise EnvironmentFault NODE_UNREACHABLE."""

    async def connect(self, rpc_url: str) -> int:
        """Use this node from now on; returns its chain id."""
        ...

    async def disconnect(self) -> None: ...

    @property
    def is_local(self) -> bool:
        """A demonstration chain on this very machine: its chain id and a loopback address, both."""
        ...

    def use_contract(self, address: str | None) -> None:
        """Contract that the calls below speak to."""
        ...

    async def head(self) -> BlockRef: ...
    async def fees(self) -> Fees: ...
    async def load(self, blocks: int) -> ChainLoad:
        """How busy the newest blocks were, as many as there are up to this number."""
        ...

    async def observe(self, address: str, deployment_block: int) -> ChainObservation: ...
    async def preflight(self, call: MintCall, expected: ChainIdentity, sender: str) -> Preflight:
        """As `preflights` for one call; raises what would stand in its place."""
        ...

    async def preflights(
        self, calls: Sequence[MintCall], expected: ChainIdentity, sender: str
    ) -> list[Preflight | IpnftError]:
        """One batched look before signing, for several calls: identity, fees and balance once, simulation and gas each.

        In place of a call that would not succeed stands why: what the contract's refusal means in the catalogue,
        UserError DUPLICATE_IN_BATCH or EnvironmentFault GAS_ESTIMATION_FAILED.
        """
        ...

    async def nonce_of(self, address: str) -> int:
        """Transactions of the account that are mined."""
        ...

    async def nonce_use(self, address: str, nonce: int, since_block: int) -> NonceUse | None:
        """The mined transaction with which the account used this nonce, searched from `since_block` to the head; None
        where it is not used yet, or the node cannot tell."""
        ...

    async def send_raw(self, raw: bytes) -> SendReply:
        """Hand over signed bytes once. Never raises: a lost answer is the verdict UNKNOWN."""
        ...

    async def receipts(self, tx_hashes: Sequence[str]) -> dict[str, Receipt | None]:
        """One batched request for all; None where the node has no receipt."""
        ...

    async def look(self, tx_hashes: Sequence[str], anchor: int | None = None) -> ChainLook:
        """One batched look: the head, the block at the height `anchor`, and the receipts."""
        ...

    async def mints_between(self, first: int, last: int) -> tuple[MintSighting, ...]:
        """Mint events of the contract in use, both blocks included, in the chain's order."""
        ...

    async def mint_of(self, token_id: int) -> MintSighting | None:
        """The mint event of one token of the contract in use; None if there is none."""
        ...

    async def mined_transaction(self, tx_hash: str) -> TransactionRecord | None:
        """A mined transaction of anybody, rebuilt to its signed bytes; None if the chain has none."""
        ...

    async def mined_data(self, tx_hash: str) -> MinedData | None:
        """What a mined transaction of anybody carried, proved by its hash; None if the chain has none."""
        ...

    async def block_at(self, number: int) -> BlockRef | None:
        """None where the chain is shorter."""
        ...

    async def token(self, token_id: int) -> TokenFacts | None:
        """What the contract answers now; None if no such token exists."""
        ...

    async def tokens(self, token_ids: Sequence[int]) -> dict[int, TokenFacts | None]:
        """As `token` for many, in as few requests as they fit into."""
        ...

    async def owners(self, token_ids: Sequence[int]) -> dict[int, str | None]:
        """In as few requests as they fit into; None where no token exists."""
        ...

    async def revert_reason(self, tx_hash: str) -> str:
        """Name of the error a mined, reverted transaction ended with; empty if unknown."""
        ...

    def heads(self) -> AsyncIterator[BlockRef]:
        """New heads as they arrive, by subscription where the node has one, without end; survives a lost connection
        silently."""
        ...

    async def identity_at(self, address: str) -> ChainIdentity:
        """Of a contract of ours that stands already. Raises EnvironmentFault CONTRACT_MISSING."""
        ...

    async def deployment_data(self, instance_id: bytes, admin: str, minter: str) -> bytes:
        """Creation code of IPAssetNFT with its constructor arguments."""
        ...

    async def identity_of(self, deployment: Receipt) -> ChainIdentity:
        """Read back what was deployed."""
        ...

    async def blocks_for_journal(self, first: int, last: int) -> tuple[RecordedBlock, ...]:
        """Blocks with their raw transactions, both ends included, in one batched request."""
        ...

    async def slice_from(self, first: int, last: int) -> ChainSlice:
        """The block at `first` and those behind it with all their logs, of every contract, up to `last`; fewer where
        the node does not tell so much at once. Also raises NODE_UNREACHABLE where the chain is shorter, or changed
        while it was asked."""
        ...
