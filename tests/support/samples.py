"""Sample values of the domain: valid as they are, each field replaceable by name."""

from __future__ import annotations

import hashlib
import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from ipnft_desktop.domain.assets import Asset, AssetType, Attachment, Enterprise, LegalStatus, LicenceTerms
from ipnft_desktop.domain.chain import BlockRef, ChainIdentity, DeploymentRecord, RecordedBlock
from ipnft_desktop.domain.content import Cid, Codec
from ipnft_desktop.domain.errors import ErrorCode
from ipnft_desktop.domain.minting import (
    AdoptedMint,
    AssetState,
    FailureKind,
    MinedFacts,
    MintFailure,
    MintItem,
    MintJob,
    MintStage,
    MintStrategy,
    MintTimes,
    RecipientType,
    TransactionRecord,
)
from ipnft_desktop.domain.people import Role, User

NOW = datetime(2024, 5, 17, 9, 30, tzinfo=UTC)
SIGNER = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"
RECIPIENT = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"

_numbers = itertools.count(1)


def uuid() -> UUID:
    """A UUID never given before in this process; later ones sort later, as in version 7."""
    return UUID(int=(0x018F << 112) | (7 << 76) | (2 << 62) | next(_numbers))


def at(seconds: float) -> datetime:
    """A moment after `NOW`."""
    return NOW + timedelta(seconds=seconds)


def digest(text: str) -> str:
    """A 32-byte hash as 0x-hex, the same for the same text."""
    return "0x" + hashlib.sha256(text.encode()).hexdigest()


def cid(text: str = "content") -> str:
    """A well-formed CID, the same for the same text."""
    return Cid(Codec.RAW, hashlib.sha256(text.encode()).digest()).text


def enterprise(**changes: Any) -> Enterprise:
    """An enterprise with a wallet."""
    return replace(Enterprise(uuid(), "Aurora Laboratories", RECIPIENT, "Treasury"), **changes)


def attachment(**changes: Any) -> Attachment:
    """A small public document."""
    sample = Attachment(
        attachment_id=uuid(),
        file_name="specification.pdf",
        media_type="application/pdf",
        size_bytes=1234,
        sha256=hashlib.sha256(b"specification").digest(),
        cid=cid("specification"),
    )
    return replace(sample, **changes)


def asset(owner: Enterprise, **changes: Any) -> Asset:
    """A draft asset of the enterprise."""
    sample = Asset(
        asset_id=uuid(),
        name="Frequency hopping radio",
        asset_type=AssetType.PATENT,
        description="Changes the carrier wave by a shared secret pattern.",
        creator_name="H. K. Markey",
        creation_date=date(1942, 8, 11),
        legal_status=LegalStatus.EXPIRED,
        application_number="US 2,292,387",
        external_url="https://example.org/radio?number=2292387",
        enterprise=owner,
        licence=LicenceTerms(commercial_use=True, revenue_share_bp=250, expires_on=date(2030, 1, 1)),
        custom_fields={"Class": "250/2", "分类": "通信"},
        attachments=(),
        state=AssetState.DRAFT,
        version=1,
        created_at=NOW,
        updated_at=NOW,
    )
    return replace(sample, **changes)


def user(role: Role = Role.ADMIN, *of: Enterprise, **changes: Any) -> User:
    """A person who acts for these enterprises; each call makes another one."""
    number = next(_numbers)
    name = f"{role.lower()} {number}"
    sample = User(uuid(), name, name.title(), role, NOW, frozenset(each.enterprise_id for each in of))
    return replace(sample, **changes)


def job(*assets: Asset, **changes: Any) -> MintJob:
    """A request to mint the assets for their enterprises."""
    job_id = uuid()
    items = tuple(
        MintItem(uuid(), each.asset_id, each.enterprise.wallet_address, RecipientType.ENTERPRISE) for each in assets
    )
    sample = MintJob(
        job_id=job_id,
        strategy=MintStrategy.SINGLE if len(assets) == 1 else MintStrategy.BATCH,
        items=items,
        stage=MintStage.REQUESTED,
        attempt=1,
        times=MintTimes(requested_at=NOW),
        required_confirmations=1,
        idempotency_key=str(job_id),
    )
    return replace(sample, **changes)


def frozen_items(request: MintJob) -> tuple[MintItem, ...]:
    """The job's items with their content."""
    directory = cid(f"directory {request.job_id}")
    return tuple(
        replace(item, metadata_cid=cid(str(item.asset_id)), token_uri=f"ipfs://{directory}/{item.asset_id}.json")
        for item in request.items
    )


def transaction(nonce: int = 0, **changes: Any) -> TransactionRecord:
    """Signed bytes of the sample signer."""
    sample = TransactionRecord(
        tx_hash=digest(f"transaction {nonce} {next(_numbers)}"),
        raw=b"\x02\xf8" + nonce.to_bytes(8, "big"),
        signer=SIGNER,
        nonce=nonce,
        gas_limit=150_000,
        max_fee_per_gas_wei=3_000_000_000,
        max_priority_fee_per_gas_wei=1_000_000_000,
    )
    return replace(sample, **changes)


def mined(transaction: TransactionRecord, block_number: int = 7, **changes: Any) -> MinedFacts:
    """The transaction mined in a block."""
    block_hash = digest(f"block {block_number}")
    return replace(MinedFacts(transaction.tx_hash, block_number, block_hash, 98_765, 1_500_000_000), **changes)


def mined_of(request: MintJob, block_number: int = 7, **changes: Any) -> MinedFacts:
    """The newest transaction of a signed job, mined in a block."""
    assert request.transactions
    return mined(request.transactions[-1], block_number, **changes)


def adopted(item: MintItem, **changes: Any) -> AdoptedMint:
    """A token of the item's asset that another program minted, as the chain holds it."""
    foreign = transaction(900, signer=RECIPIENT)
    uri = f"ipfs://{cid('foreign directory')}/{item.asset_id}.json"
    return replace(AdoptedMint(foreign, mined(foreign, 5), 3, SIGNER, uri), **changes)


def deployment(**changes: Any) -> DeploymentRecord:
    """A signed contract creation."""
    sample = DeploymentRecord(digest(f"deployment {next(_numbers)}"), b"\x02\xf9", 31337, SIGNER, 0)
    return replace(sample, **changes)


def failure(**changes: Any) -> MintFailure:
    """A revert."""
    sample = MintFailure(FailureKind.TRANSACTION_FAILED, ErrorCode.TX_REVERTED, "NotAuthorised()", True, True)
    return replace(sample, **changes)


def identity(**changes: Any) -> ChainIdentity:
    """A local chain with our contract; each call makes another instance."""
    sample = ChainIdentity(
        chain_id=31337,
        contract_address="0x5FbDB2315678afecb367f032d93F642f64180aa3",
        code_hash=digest("code"),
        instance_id=digest(f"instance {next(_numbers)}"),
        deployment_block=1,
        deployment_block_hash=digest("deployment block"),
    )
    return replace(sample, **changes)


def recorded_block(number: int, *raw_transactions: bytes, branch: str = "") -> RecordedBlock:
    """A journal block; another `branch` gives another hash at the same height."""
    block = BlockRef(number, digest(f"block {number}{branch}"), 1_704_067_200 + number)
    return RecordedBlock(block, raw_transactions)
