"""What the services need from the outside, as protocols. Adapters implement them; tests bring doubles."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol, TypeVar
from uuid import UUID

from ipnft_desktop.domain.alerts import Alert, AlertKind
from ipnft_desktop.domain.chain import (
    BlockRef,
    ChainIdentity,
    DeploymentRecord,
    RecordedBlock,
)
from ipnft_desktop.domain.content import Cid, ContentStoreStats, StoredFile
from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.domain.minting import (
    AdoptedMint,
    MinedFacts,
    MintFailure,
    MintItem,
    MintJob,
    MintOutcome,
    MintStage,
    TransactionRecord,
)
from ipnft_desktop.domain.phrases import Phrase
from ipnft_desktop.services.account_ports import AccountTransaction
from ipnft_desktop.services.activity_ports import ActivityTransaction
from ipnft_desktop.services.asset_ports import AssetTransaction
from ipnft_desktop.services.audit_ports import AuditTransaction
from ipnft_desktop.services.batch_ports import BatchTransaction
from ipnft_desktop.services.content_ports import ContentTransaction
from ipnft_desktop.services.correction_ports import CorrectionTransaction
from ipnft_desktop.services.deleted_asset_ports import DeletedAssetTransaction
from ipnft_desktop.services.figure_ports import FigureTransaction
from ipnft_desktop.services.filter_ports import FilterTransaction
from ipnft_desktop.services.index_ports import IndexTransaction
from ipnft_desktop.services.inspector_ports import AbiTransaction
from ipnft_desktop.services.people_ports import PeopleTransaction
from ipnft_desktop.services.publication_ports import PublicationTransaction
from ipnft_desktop.services.reconciliation_ports import ReconciliationTransaction
from ipnft_desktop.services.write_ports import WriteTransaction

T = TypeVar("T")


class Clock(Protocol):
    """Time as the services see it, so that tests can hold it still."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


# --- database ---------------------------------------------------------------------------------------------------


class Transaction(
    AssetTransaction,
    DeletedAssetTransaction,
    PeopleTransaction,
    AuditTransaction,
    PublicationTransaction,
    ContentTransaction,
    CorrectionTransaction,
    FilterTransaction,
    ActivityTransaction,
    BatchTransaction,
    FigureTransaction,
    AbiTransaction,
    AccountTransaction,
    IndexTransaction,
    ReconciliationTransaction,
    WriteTransaction,
    Protocol,
):
    """One database transaction, used inside the executor. All of it is committed, or none.

    Every method is synchronous and takes and returns frozen values, never ORM rows.
    """

    # minting: the five barriers of design 3
    def open_jobs(self, jobs: Sequence[MintJob]) -> None:
        """A: the intents, and every asset to MINT_PENDING. Raises UserError MINT_INVALID_STATE if an asset has an
        open intent already or may not be minted.

        Where a step takes several jobs and one of them cannot take it, all are refused: roll back and ask for each
        alone, to hear which and why.
        """
        ...

    def begin_attempts(self, attempts: Mapping[UUID, int], at: datetime) -> None:
        """Claim: stage PREPARING, assets to MINTING. Also reopens a FAILED job for its next attempt."""
        ...

    def freeze_contents(self, contents: Mapping[UUID, tuple[str, Sequence[MintItem]]]) -> None:
        """Directory CID of each job, metadata CID and URI of its items; from now on they do not change."""
        ...

    def record_signed(self, signed: Mapping[UUID, TransactionRecord], at: datetime) -> None:
        """B: raw bytes, hash and nonce; stage SUBMITTING. Unique per (signer, nonce) among live transactions."""
        ...

    def record_replacement(self, job_id: UUID, transaction: TransactionRecord, at: datetime) -> None:
        """Another transaction of the same attempt under the same nonce: a fee bump or a cancellation. The job must be
        SUBMITTING or CONFIRMING with nothing mined; its stage stays."""
        ...

    def record_accepted(self, job_ids: Sequence[UUID], at: datetime) -> None:
        """C: stage CONFIRMING."""
        ...

    def record_mined(self, job_id: UUID, mined: MinedFacts, confirmations: int, at: datetime) -> None:
        """A receipt was seen; the block may still vanish."""
        ...

    def record_unmined(self, job_id: UUID) -> None:
        """The block vanished: back to CONFIRMING without block facts, also from an end that this block had proved.

        Raises UserError MINT_INVALID_STATE or EnvironmentFault NONCE_CONFLICT where something later took its place.
        """
        ...

    def record_final(self, mined: Mapping[UUID, tuple[MinedFacts, int]]) -> None:
        """D, from what was mined and its confirmations: stage FINALIZING, tokens inserted."""
        ...

    def record_minted(self, job_ids: Sequence[UUID], at: datetime) -> None:
        """E: stage COMPLETED, assets to MINTED."""
        ...

    def record_failed(self, job_id: UUID, failure: MintFailure, at: datetime) -> None:
        """Proof that no token exists: stage FAILED, assets to MINT_FAILED, the nonce released if never signed."""
        ...

    def record_cancelled(self, job_id: UUID, at: datetime) -> None:
        """Stage CANCELLED, assets to MINT_CANCELLED. Before B, or instead of a retry, or once the attempt's CANCEL
        transaction is recorded as mined."""
        ...

    def record_adopted(self, job_id: UUID, adopted: AdoptedMint, at: datetime) -> None:
        """The chain holds the token of this one-item job although none of its own transactions made it: stage
        COMPLETED with the facts of the transaction that did, asset to MINTED. From every open stage."""
        ...

    def split_off(self, job_id: UUID, *asset_ids: UUID) -> UUID:
        """Move items of an unsigned batch, not all of them, into a job of their own, whose id is returned. What was
        frozen for the others is thawed, for their directory changes."""
        ...

    def reset_to_draft(self, asset_id: UUID) -> None:
        """MINT_FAILED or MINT_CANCELLED back to DRAFT; its jobs stay on record and no longer count as attempts."""
        ...

    def job(self, job_id: UUID) -> MintJob | None: ...
    def latest_job_of(self, asset_id: UUID) -> MintJob | None: ...
    def jobs_in(self, stages: frozenset[MintStage]) -> tuple[MintJob, ...]: ...
    def our_jobs_in(self, stages: frozenset[MintStage]) -> tuple[MintJob, ...]:
        """As `jobs_in`, but only those this program works on."""
        ...

    def ended_jobs_above(self, block_number: int) -> tuple[MintJob, ...]:
        """Jobs of the present chain that ended, or are FINALIZING, with a transaction of theirs in a higher block,
        oldest request first: COMPLETED, FAILED by a revert, CANCELLED by a cancellation that was mined."""
        ...

    def attempts_of(self, asset_ids: Sequence[UUID]) -> int:
        """Failed attempts in a row of these assets, the highest of them; 0 after a success, a reset or none at all."""
        ...

    def highest_mined_block(self) -> int | None:
        """Of all mints on record on the present chain; None before the first."""
        ...

    def recent_outcomes(self, limit: int) -> tuple[MintOutcome, ...]:
        """The latest COMPLETED and FAILED jobs, newest first."""
        ...

    def next_nonces(self, signer: str, chain_nonce: int, count: int) -> list[int]:
        """The lowest nonces not below the chain's that no live transaction of this signer holds.

        On a shared register this program also takes the signer's lease with the transaction, or raises
        EnvironmentFault SIGNER_BUSY while another program holds it.
        """
        ...

    def release_signer(self, signer: str) -> None:
        """Give the signer's lease back, if it is ours."""
        ...

    def live_transactions(self, signer: str, from_nonce: int) -> tuple[TransactionRecord, ...]:
        """Everything signed on the present chain that may still be mined, fills included, by nonce and age."""
        ...

    def stranded_transactions(self, signer: str, from_nonce: int) -> tuple[TransactionRecord, ...]:
        """Of the live ones those that no open job sends again, the newest of each nonce, by nonce: fills, and what a
        job that has ended still holds."""
        ...

    def record_fill(self, transaction: TransactionRecord, at: datetime) -> None:
        """A transaction of no job that closes a gap between nonces, an anchor or a call, written before it is sent."""
        ...

    # several programs on one register
    def take_over_jobs(self) -> int:
        """Make open jobs ours that no living program works on (all of them where the register is not shared);
        returns how many. Their former worker can no longer write to them: LEASE_LOST."""
        ...

    def others_alive(self) -> bool:
        """Whether another program works on this register."""
        ...

    def beat(self) -> None:
        """Say that this program is alive; without it for 15 s others take its jobs over."""
        ...

    def latest_single_mint_gas(self) -> int | None:
        """Gas used by the newest completed single mint on the present contract; the base of "saved"."""
        ...

    # chain identity and journal
    def chain_identity(self) -> ChainIdentity | None:
        """The chain this register is bound to; None before the first deployment and after `retire_chain`."""
        ...

    def bind_chain(self, identity: ChainIdentity, at: datetime) -> None:
        """Also settles the deployment on record."""
        ...

    def record_deployment(self, deployment: DeploymentRecord, at: datetime) -> None:
        """Written before it is sent; takes the place of an earlier one that was never bound."""
        ...

    def open_deployment(self) -> DeploymentRecord | None:
        """A contract creation that was signed and is not bound yet."""
        ...

    def retire_chain(self, at: datetime) -> None:
        """Start a new chain: keeps the old record, drops the journal, returns minted and open assets to DRAFT with
        their old tokens marked as vanished."""
        ...

    def append_blocks(self, blocks: Sequence[RecordedBlock]) -> None:
        """Journal blocks in order; a block at a recorded height replaces it and all above (reorganisation)."""
        ...

    def drop_blocks_above(self, number: int) -> None:
        """Take back journalled blocks that a reorganisation removed from the chain."""
        ...

    def last_recorded_block(self) -> BlockRef | None: ...
    def recorded_block_hashes(self, numbers: Collection[int]) -> dict[int, str]:
        """Hashes of the journalled blocks at these heights, where the journal has them."""
        ...

    def recorded_blocks(self, from_number: int, limit: int) -> tuple[RecordedBlock, ...]: ...

    # alerts
    def raise_alert(self, kind: AlertKind, subject: str, facts: Mapping[str, str], at: datetime) -> Alert | None:
        """None if the same alert is open already."""
        ...

    def clear_alert(self, kind: AlertKind, subject: str, at: datetime) -> Alert | None:
        """None if no such alert is open."""
        ...

    def alerts(self, limit: int, *, only_open: bool = False) -> tuple[Alert, ...]:
        """Newest first."""
        ...


class Database(Protocol):
    """The register's database. Each call is one hop to the executor and one transaction."""

    @property
    def is_shared(self) -> bool:
        """Whether other programs may work on the same register at the same time."""
        ...

    async def open(self) -> Phrase:
        """Open or create, migrate to head; returns a line for the person (engine, revision).

        Raises EnvironmentFault DATABASE_UNAVAILABLE, UserError DATABASE_NEWER.
        """
        ...

    async def write(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` in a write transaction and commit it durably before returning. An exception rolls back."""
        ...

    async def read(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` on a consistent snapshot."""
        ...

    async def close(self) -> None: ...


# --- content ----------------------------------------------------------------------------------------------------


class ContentStore(Protocol):
    """Content-addressed storage of files and directories as on IPFS (UnixFS, CIDv1)."""

    async def open(self) -> ContentStoreStats: ...
    async def add_bytes(self, data: bytes) -> StoredFile: ...
    async def add_directories(
        self, directories: Sequence[Mapping[str, bytes]]
    ) -> list[tuple[Cid, dict[str, StoredFile]]]:
        """Store directories of small files in one hop; durable, read back and verified when it returns.

        Raises EnvironmentFault CONTENT_MISMATCH, CONTENT_STORE_UNAVAILABLE or DISK_FULL, UserError METADATA_INVALID;
        then none of them counts as stored, and each may be asked for again.
        """
        ...

    async def directory_addresses(self, files: Mapping[str, bytes]) -> tuple[Cid, dict[str, StoredFile]]:
        """What storing a directory of these would answer; nothing is stored. Raises UserError METADATA_INVALID."""
        ...

    async def add_file(
        self,
        path: Path,
        on_progress: Callable[[int], None] | None = None,
        *,
        confidential: bool = False,
        expected: Cid | None = None,
    ) -> StoredFile:
        """Store a file in one pass, a confidential one encrypted, whole or not at all. Raises UserError
        ATTACHMENT_INVALID, EnvironmentFault DISK_FULL or CONTENT_STORE_UNAVAILABLE; CONTENT_MISMATCH where an address
        is `expected` and the file has another one."""
        ...

    async def lacking(self, root: Cid) -> frozenset[Cid]:
        """Blocks below a root that are missing or damaged; what one of these refers to cannot be told. Raises
        EnvironmentFault CONTENT_STORE_UNAVAILABLE."""
        ...

    async def add_blocks(self, blocks: Mapping[Cid, bytes]) -> None:
        """Store blocks under their identifiers, in place of damaged ones. Raises EnvironmentFault CONTENT_MISMATCH
        where bytes are not what their identifier names, and then stores none; DISK_FULL."""
        ...

    async def reseal(
        self,
        cid: Cid,
        sealed_key: bytes | None,
        on_progress: Callable[[int], None] | None = None,
        *,
        confidential: bool,
    ) -> StoredFile:
        """Store a file of the store once more, encrypted or as it is; its former blocks stay."""
        ...

    async def add_directory(self, entries: Mapping[str, StoredFile]) -> Cid: ...
    async def read(self, cid: Cid, path: str = "") -> bytes: ...
    async def read_several(self, cids: Collection[Cid]) -> dict[Cid, bytes | IpnftError]:
        """Small files in one trip, each as `read` gives it; in its place what `read` would raise."""
        ...

    async def read_head(self, cid: Cid, sealed_key: bytes | None, most_bytes: int) -> bytes:
        """A file's first bytes, decrypted where there is a key. Raises EnvironmentFault CONTENT_KEY_MISSING,
        CONTENT_MISMATCH or CONTENT_STORE_UNAVAILABLE."""
        ...

    async def read_to_file(self, cid: Cid, target: Path, sealed_key: bytes | None = None) -> None:
        """As `read_head` for the whole file; also UserError VALIDATION_FAILED (field "target")."""
        ...

    async def block_cids(self, roots: Collection[Cid]) -> frozenset[Cid]:
        """The identifiers of all blocks below some roots."""
        ...

    async def remove_blocks(self, cids: Collection[Cid]) -> None:
        """Remove blocks that nothing refers to, as far as they are there."""
        ...

    async def verify(self, cid: Cid) -> None: ...
    async def export_car(
        self, roots: Sequence[Cid], target: Path, on_progress: Callable[[int], None] | None = None
    ) -> int:
        """Write everything below these as one archive, whole or not at all; returns the bytes written, which
        `on_progress` hears of on the event loop."""
        ...

    async def stats(self) -> ContentStoreStats: ...
    async def close(self) -> None: ...
