"""What the register needs to know of a chain: identity, blocks, transactions and receipts as plain values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from urllib.parse import urlsplit
from uuid import UUID

from ipnft_desktop.domain.errors import ErrorCode, UserError
from ipnft_desktop.domain.mint_gas import GAS_MARGIN_PERCENT

LOCAL_CHAIN_ID = 31337
"""Chain id of a Hardhat node; together with a loopback address it marks a chain as local."""

_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}")


def parse_address(text: str, field: str = "recipient") -> str:
    """The checksummed form (EIP-55) of an address typed by a person.

    All-lower and all-upper case carry no checksum and are accepted; mixed case must match.
    Raises UserError RECIPIENT_INVALID for wrong shape, wrong checksum and the zero address.
    """
    candidate = text.strip()
    if not _ADDRESS.fullmatch(candidate):
        raise UserError(ErrorCode.RECIPIENT_INVALID, "not 0x and 40 hexadecimal digits", field=field)
    digits = candidate[2:]
    checksummed = _checksummed(candidate.lower())
    if digits not in (digits.lower(), digits.upper(), checksummed[2:]):
        raise UserError(ErrorCode.RECIPIENT_INVALID, "wrong checksum: a character may be mistyped", field=field)
    if int(digits, 16) == 0:
        raise UserError(ErrorCode.RECIPIENT_INVALID, "this is the zero address", field=field)
    return checksummed


@lru_cache(maxsize=1024)
def _checksummed(address: str) -> str:
    """Kept because one hash takes a fifth of a millisecond and the same few recipients are asked for all the time."""
    # Imported here: hashing is wanted only when an address is typed, and the window starts without it.
    from eth_utils.address import to_checksum_address

    return str(to_checksum_address(address))


def short_hash(text: str) -> str:
    """First and last characters of an address, hash or CID, enough to tell two apart at a glance."""
    return text if len(text) <= 13 else f"{text[:6]}…{text[-4:]}"


@dataclass(frozen=True, slots=True)
class BlockRef:
    """A block by number and hash."""

    number: int
    block_hash: str
    timestamp_s: int


@dataclass(frozen=True, slots=True)
class ChainIdentity:
    """What makes this chain ours. A local node comes back with the same chain id and genesis after it lost its state,
    so identity also needs our contract's code, its deployment block and the random id given to its constructor."""

    chain_id: int
    contract_address: str
    code_hash: str
    """Keccak-256 of the runtime code, immutables included."""
    instance_id: str
    """32 random bytes chosen at deployment, as 0x-hex."""
    deployment_block: int
    deployment_block_hash: str


class IdentityVerdict(StrEnum):
    """How a chain compares with the one recorded."""

    SAME = "SAME"
    REORGANISED = "REORGANISED"
    """Our contract stands, its deployment block changed."""
    RESET = "RESET"
    """Right chain id, our contract is gone."""
    FOREIGN = "FOREIGN"
    """Another chain id, or another contract at our address."""


@dataclass(frozen=True, slots=True)
class ChainObservation:
    """What a node answered when asked for the parts of an identity."""

    chain_id: int
    code_hash: str | None
    """None where no code is at the address."""
    instance_id: str | None
    deployment_block_hash: str | None
    """Hash of the block at the recorded deployment height; None where the chain is shorter."""


def compare_identity(expected: ChainIdentity, seen: ChainObservation) -> IdentityVerdict:
    """Tell whether the node serves the chain this register belongs to."""
    if seen.chain_id != expected.chain_id:
        return IdentityVerdict.FOREIGN
    if seen.code_hash is None:
        return IdentityVerdict.RESET
    if seen.code_hash != expected.code_hash or seen.instance_id != expected.instance_id:
        return IdentityVerdict.FOREIGN
    if seen.deployment_block_hash != expected.deployment_block_hash:
        return IdentityVerdict.REORGANISED
    return IdentityVerdict.SAME


@dataclass(frozen=True, slots=True)
class Fees:
    """EIP-1559 fee offer per gas, in wei, and the price the node would charge now."""

    max_fee_per_gas_wei: int
    max_priority_fee_per_gas_wei: int
    gas_price_wei: int


@dataclass(frozen=True, slots=True)
class ChainLoad:
    """How busy the newest blocks were, oldest first."""

    base_fees_wei: tuple[int, ...]
    """Of each block, and of the next one."""
    fullness: tuple[float, ...]
    """Gas used of the gas that there was room for, 0 to 1; empty where the node tells nothing."""


@dataclass(frozen=True, slots=True)
class MintCall:
    """A call of the contract that mints one token per asset under one metadata directory."""

    asset_ids: tuple[UUID, ...]
    recipients: tuple[str, ...]
    """One per asset, checksummed."""
    directory_digest: bytes
    """sha-256 digest of the directory block (32 bytes): the CID without its fixed prefix."""


@dataclass(frozen=True, slots=True)
class TransactionPlan:
    """A transaction ready to be numbered and signed: everything but the nonce."""

    chain_id: int
    to: str
    data: bytes
    gas_limit: int
    fees: Fees
    value_wei: int = 0
    """Sent along; a mint sends nothing."""


@dataclass(frozen=True, slots=True)
class Preflight:
    """What one batched look at the chain found before signing."""

    observation: ChainObservation
    gas_limit: int
    fees: Fees
    balance_wei: int
    plan: TransactionPlan

    @property
    def gas(self) -> int:
        """What the node estimates, without the margin that is offered."""
        return self.gas_limit * 100 // (100 + GAS_MARGIN_PERCENT)


class SendVerdict(StrEnum):
    """What the node replied to raw bytes. A hint, never a proof of anything."""

    ACCEPTED = "ACCEPTED"
    ALREADY_KNOWN = "ALREADY_KNOWN"
    REFUSED = "REFUSED"
    UNKNOWN = "UNKNOWN"
    """No answer, or none that could be read: the node may have taken it."""


@dataclass(frozen=True, slots=True)
class SendReply:
    """The verdict with the node's own words."""

    verdict: SendVerdict
    message: str = ""


@dataclass(frozen=True, slots=True)
class MintedToken:
    """A token as announced by our contract's event inside a receipt."""

    asset_id: UUID
    token_id: int
    owner: str


@dataclass(frozen=True, slots=True)
class MinedData:
    """What a mined transaction of anybody carried."""

    signer: str
    data: bytes
    block_number: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """Outcome of a mined transaction."""

    tx_hash: str
    block: BlockRef
    succeeded: bool
    gas_used: int
    gas_price_wei: int
    minted: tuple[MintedToken, ...]
    contract_address: str | None = None


@dataclass(frozen=True, slots=True)
class ChainLook:
    """What one batched look at the chain found: its head, the block at a height seen before, and receipts."""

    head: BlockRef
    anchor: BlockRef | None
    """The block now at the anchor's height; None where the chain is shorter, or no anchor was asked for."""
    receipts: Mapping[str, Receipt | None]


@dataclass(frozen=True, slots=True)
class NonceUse:
    """The mined transaction that used up a nonce of an account."""

    tx_hash: str
    block: BlockRef


@dataclass(frozen=True, slots=True)
class MintSighting:
    """A mint event of our contract, as found by searching the chain."""

    asset_id: UUID
    token_id: int
    owner: str
    tx_hash: str
    block_number: int


@dataclass(frozen=True, slots=True)
class DeploymentRecord:
    """A signed contract creation as recorded before any node saw it."""

    tx_hash: str
    raw: bytes
    chain_id: int
    signer: str
    nonce: int


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """What the contract itself answers about a token."""

    token_id: int
    owner: str
    token_uri: str
    validity: str
    """VALID, SUSPENDED or REVOKED."""
    royalty_bp: int


@dataclass(frozen=True, slots=True)
class RecordedBlock:
    """A block as journalled for a later replay: its time and the raw transactions in order."""

    block: BlockRef
    raw_transactions: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class NodeStatus:
    """The node in use, for the node card. A node that others run has no process of ours: then what only its owner can
    know is None."""

    rpc_url: str = field(repr=False)
    """Where it answers; may hold a password, so people and logs are shown `shown_url`."""
    pid: int | None
    accounts: int | None
    """Accounts it has funded for demonstrations."""
    memory_bytes: int | None
    version: str
    started_at: datetime | None = None
    funds_wei: int | None = None
    """What each of the funded accounts began with."""

    @property
    def shown_url(self) -> str:
        """The address without what may be secret in it."""
        return shown_url(self.rpc_url)


@dataclass(frozen=True, slots=True)
class NodeFigures:
    """The node in use and how its chain stands; None where that cannot be asked just now."""

    status: NodeStatus
    block_number: int | None = None
    mines_at_once: bool | None = None
    """Whether each transaction is mined as it comes; None for a node of others too."""


def shown_url(url: str) -> str:
    """Scheme, host and port of a URL. User, path and query are left out: providers put passwords and keys there."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
