"""States, stages and records of a mint: the vocabulary of the story told in `services/minting.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from ipnft_desktop.domain.errors import ErrorCode, IpnftError, UserError

MAX_ATTEMPTS = 3
"""Attempts an operator has; after that an admin must look."""
MAX_BATCH_ITEMS = 256
"""Items of one transaction, refused above by the contract too."""


class AssetState(StrEnum):
    """Where an asset stands. FAILED and CANCELLED say with certainty that no token exists."""

    DRAFT = "DRAFT"
    MINT_PENDING = "MINT_PENDING"
    MINTING = "MINTING"
    MINTED = "MINTED"
    MINT_FAILED = "MINT_FAILED"
    MINT_CANCELLED = "MINT_CANCELLED"


TRANSITIONS: Mapping[AssetState, frozenset[AssetState]] = MappingProxyType(
    {
        AssetState.DRAFT: frozenset({AssetState.MINT_PENDING}),
        # Straight to MINTED where the chain already holds the token of an asset the register lost sight of.
        AssetState.MINT_PENDING: frozenset(
            {AssetState.MINTING, AssetState.MINTED, AssetState.MINT_CANCELLED, AssetState.MINT_FAILED}
        ),
        AssetState.MINTING: frozenset({AssetState.MINTED, AssetState.MINT_FAILED, AssetState.MINT_CANCELLED}),
        # A reorganisation can take the block away again (design 3, step 9).
        AssetState.MINTED: frozenset({AssetState.MINTING}),
        # Back to DRAFT only by an admin, with a reason, once the chain was asked for a token.
        AssetState.MINT_FAILED: frozenset(
            {AssetState.MINTING, AssetState.MINT_PENDING, AssetState.MINT_CANCELLED, AssetState.DRAFT}
        ),
        AssetState.MINT_CANCELLED: frozenset({AssetState.MINT_PENDING, AssetState.MINTING, AssetState.DRAFT}),
    }
)

MINTABLE_STATES = frozenset({AssetState.DRAFT, AssetState.MINT_FAILED, AssetState.MINT_CANCELLED})
EDITABLE_STATES = frozenset({AssetState.DRAFT, AssetState.MINT_FAILED, AssetState.MINT_CANCELLED})
BUSY_STATES = frozenset({AssetState.MINT_PENDING, AssetState.MINTING})


def check_transition(current: AssetState, target: AssetState) -> None:
    """Raise MINT_INVALID_STATE unless an asset may go from `current` to `target`."""
    if target not in TRANSITIONS[current]:
        raise UserError(ErrorCode.MINT_INVALID_STATE, f"{current} -> {target}")


class MintStage(StrEnum):
    """Stages of an open mint, in order; each names what has been committed so far."""

    REQUESTED = "REQUESTED"
    PREPARING = "PREPARING"
    SUBMITTING = "SUBMITTING"
    CONFIRMING = "CONFIRMING"
    FINALIZING = "FINALIZING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


CLOSED_STAGES = frozenset({MintStage.COMPLETED, MintStage.FAILED, MintStage.CANCELLED})
UNSIGNED_STAGES = frozenset({MintStage.REQUESTED, MintStage.PREPARING})
SIGNED_STAGES = frozenset({MintStage.SUBMITTING, MintStage.CONFIRMING, MintStage.FINALIZING})
OPEN_STAGES = UNSIGNED_STAGES | SIGNED_STAGES

STAGE_ORDER: tuple[MintStage, ...] = (
    MintStage.REQUESTED,
    MintStage.PREPARING,
    MintStage.SUBMITTING,
    MintStage.CONFIRMING,
    MintStage.FINALIZING,
    MintStage.COMPLETED,
)


def progress_percent(stage: MintStage, confirmations: int = 0, required: int = 1) -> int:
    """Progress bar of a stage: PREPARING 0-25, SUBMITTING 25-50, CONFIRMING 50-90 by confirmations, FINALIZING 90."""
    match stage:
        case MintStage.REQUESTED | MintStage.CANCELLED | MintStage.FAILED:
            return 0
        case MintStage.PREPARING:
            return 10
        case MintStage.SUBMITTING:
            return 35
        case MintStage.CONFIRMING:
            return 50 + 40 * min(confirmations, required) // max(required, 1)
        case MintStage.FINALIZING:
            return 95
        case MintStage.COMPLETED:
            return 100


class FailureKind(StrEnum):
    """Why no token exists."""

    VALIDATION_FAILED = "VALIDATION_FAILED"
    TRANSACTION_REJECTED = "TRANSACTION_REJECTED"
    TRANSACTION_FAILED = "TRANSACTION_FAILED"
    CONFIRMATION_TIMEOUT = "CONFIRMATION_TIMEOUT"
    SYSTEM_ERROR = "SYSTEM_ERROR"
    CHAIN_RESET = "CHAIN_RESET"


class RecipientType(StrEnum):
    """Whose wallet receives the token."""

    ENTERPRISE = "ENTERPRISE"
    USER = "USER"


class MintStrategy(StrEnum):
    """How the items of a job travel."""

    SINGLE = "SINGLE"
    BATCH = "BATCH"


@dataclass(frozen=True, slots=True)
class MintItem:
    """One asset of a job and who shall own its token."""

    intent_id: UUID
    asset_id: UUID
    recipient: str
    """Checksummed address (EIP-55)."""
    recipient_type: RecipientType
    metadata_cid: str | None = None
    """CID of the asset's metadata file; set when the content was frozen."""
    token_uri: str | None = None


@dataclass(frozen=True, slots=True)
class MintTimes:
    """When each fact became true, in UTC; None while it is not."""

    requested_at: datetime
    signed_at: datetime | None = None
    accepted_at: datetime | None = None
    mined_at: datetime | None = None
    completed_at: datetime | None = None
    last_attempt_at: datetime | None = None


class TransactionPurpose(StrEnum):
    """What a signed transaction of ours is for."""

    MINT = "MINT"
    CANCEL = "CANCEL"
    """Sends nothing to ourselves under the nonce of a mint, so that the mint can no longer be mined."""
    FILL = "FILL"
    """Sends nothing to ourselves under a nonce that nothing of ours holds, so that those behind it can be mined."""
    ANCHOR = "ANCHOR"
    """Sends nothing to ourselves, with the seal of the audit log's last row as its data."""
    CALL = "CALL"
    """Changes a contract's state in another way than by a mint, or pays somebody; see `services/contract_writes.py`."""


OF_NO_MINT = frozenset({TransactionPurpose.FILL, TransactionPurpose.ANCHOR, TransactionPurpose.CALL})


@dataclass(frozen=True, slots=True)
class TransactionRecord:
    """A signed transaction as journalled before any node saw it."""

    tx_hash: str
    raw: bytes
    signer: str
    nonce: int
    gas_limit: int
    max_fee_per_gas_wei: int
    max_priority_fee_per_gas_wei: int
    purpose: TransactionPurpose = TransactionPurpose.MINT


@dataclass(frozen=True, slots=True)
class MinedFacts:
    """What the chain said about a mined transaction."""

    tx_hash: str
    block_number: int
    block_hash: str
    gas_used: int
    gas_price_wei: int

    @property
    def fee_wei(self) -> int:
        """Total cost of the transaction."""
        return self.gas_used * self.gas_price_wei


@dataclass(frozen=True, slots=True)
class MintFailure:
    """Why a job stopped, as recorded."""

    kind: FailureKind
    code: ErrorCode
    detail: str
    gas_spent: bool
    safe_to_retry: bool


@dataclass(frozen=True, slots=True)
class MintJob:
    """One transaction's worth of minting: a single asset or a batch. Persisted at every barrier A to E."""

    job_id: UUID
    strategy: MintStrategy
    items: tuple[MintItem, ...]
    stage: MintStage
    attempt: int
    times: MintTimes
    required_confirmations: int
    idempotency_key: str
    directory_cid: str | None = None
    """CIDv1 of the metadata directory whose digest goes on chain."""
    transactions: tuple[TransactionRecord, ...] = ()
    """All that was signed in the present attempt, oldest first: the mint, its fee bumps, its cancellation. They share
    one nonce, so the chain mines at most one of them."""
    mined: MinedFacts | None = None
    confirmations: int = 0
    failure: MintFailure | None = None
    requested_by: str = ""
    """Name of the account that asked for it; empty where nobody did, or where it is not on record."""

    @property
    def is_open(self) -> bool:
        """True while the outcome is not yet known and recorded."""
        return self.stage not in CLOSED_STAGES

    @property
    def transaction(self) -> TransactionRecord | None:
        """The transaction that counts: the mined one, or while none is mined the newest."""
        if not self.transactions:
            return None
        mined_hash = self.mined.tx_hash if self.mined else None
        return next((tx for tx in self.transactions if tx.tx_hash == mined_hash), self.transactions[-1])

    @property
    def cancel_requested(self) -> bool:
        """Whether a cancellation was signed; the chain decides which of the two it mines."""
        return any(tx.purpose is TransactionPurpose.CANCEL for tx in self.transactions)


@dataclass(frozen=True, slots=True)
class MintRecord:
    """Everything the register can answer about an asset's latest mint, joined for reading."""

    job_id: UUID
    strategy: MintStrategy
    batch_size: int
    stage: MintStage
    attempt: int
    times: MintTimes
    recipient: str
    recipient_type: RecipientType
    chain_id: int | None
    contract_address: str | None
    token_id: int | None
    """Set once MINTED."""
    token_uri: str | None
    metadata_cid: str | None
    directory_cid: str | None
    tx_hash: str | None
    nonce: int | None
    gas_limit: int | None
    mined: MinedFacts | None
    confirmations: int
    required_confirmations: int
    failure: MintFailure | None


@dataclass(frozen=True, slots=True)
class MintProgress:
    """A snapshot of a running mint for whoever watches it. Keeps four facts apart, with a time each:
    signed, accepted by the node, mined in a block, confirmed k of n."""

    job_id: UUID
    asset_ids: tuple[UUID, ...]
    stage: MintStage
    percent: int
    times: MintTimes
    attempt: int
    metadata_cid: str | None = None
    tx_hash: str | None = None
    nonce: int | None = None
    gas_limit: int | None = None
    max_fee_per_gas_wei: int | None = None
    block_number: int | None = None
    gas_used: int | None = None
    gas_price_wei: int | None = None
    confirmations: int = 0
    required_confirmations: int = 1
    cancel_requested: bool = False
    transactions_signed: int = 0
    """In the present attempt; more than one after a fee bump or a cancellation."""
    failure: MintFailure | None = None
    """Why the job failed, once it has."""
    error: IpnftError | None = None
    """Trouble that does not end it."""

    @classmethod
    def of(cls, job: MintJob, error: IpnftError | None = None) -> MintProgress:
        """The snapshot of a job as it stands."""
        tx, mined = job.transaction, job.mined
        return cls(
            job_id=job.job_id,
            asset_ids=tuple(item.asset_id for item in job.items),
            stage=job.stage,
            percent=progress_percent(job.stage, job.confirmations, job.required_confirmations),
            times=job.times,
            attempt=job.attempt,
            metadata_cid=job.directory_cid,
            tx_hash=tx.tx_hash if tx else None,
            nonce=tx.nonce if tx else None,
            gas_limit=tx.gas_limit if tx else None,
            max_fee_per_gas_wei=tx.max_fee_per_gas_wei if tx else None,
            block_number=mined.block_number if mined else None,
            gas_used=mined.gas_used if mined else None,
            gas_price_wei=mined.gas_price_wei if mined else None,
            confirmations=job.confirmations,
            required_confirmations=job.required_confirmations,
            cancel_requested=job.cancel_requested,
            transactions_signed=len(job.transactions),
            failure=job.failure,
            error=error,
        )


@dataclass(frozen=True, slots=True)
class AdoptedMint:
    """A token that the chain holds and the register did not know: its transaction and what the contract answers."""

    transaction: TransactionRecord
    mined: MinedFacts
    confirmations: int
    owner: str
    """To whom the token was minted."""
    token_uri: str


@dataclass(frozen=True, slots=True)
class MintOutcome:
    """How a job ended, for the success rate."""

    job_id: UUID
    stage: MintStage
    attempt: int
    completed_at: datetime


@dataclass(frozen=True, slots=True)
class MintEstimate:
    """What a mint would cost, measured by simulation before anything is recorded."""

    gas_limit: int
    gas_price_wei: int
    max_fee_wei: int
    """Most that can be charged: gas limit times the fee cap per gas."""
    chain_id: int
    is_local: bool
