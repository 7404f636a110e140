"""Assets, jobs and rows as the services hand them out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from ipnft_desktop.domain.assets import (
    Asset,
    AssetRow,
    AssetType,
    Attachment,
    Enterprise,
    LegalStatus,
    LicenceTerms,
    token_id_of,
)
from ipnft_desktop.domain.minting import (
    AssetState,
    MinedFacts,
    MintItem,
    MintJob,
    MintRecord,
    MintStage,
    MintStrategy,
    MintTimes,
    RecipientType,
    TransactionPurpose,
    TransactionRecord,
)

T0 = datetime(2026, 7, 15, 12, 0, tzinfo=UTC)
WALLET = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
OTHER_WALLET = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC"
CONTRACT = "0x5FbDB2315678afecb367f032d93F642f64180aa3"
TX_HASH = "0xabc1" + "5e" * 28 + "def4"
BLOCK_HASH = "0x" + "9c" * 32
CID = "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi"
FILE_CID = "bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy"
HELIOS = Enterprise(UUID(int=1), "Helios Labs", WALLET, "Helios vault")
CANCEL_HASH = "0xcace" + "1f" * 28 + "0bad"
BUMP_HASH = "0xb00b" + "2d" * 28 + "fee5"
TRANSACTION = TransactionRecord(TX_HASH, b"", OTHER_WALLET, 5, 80_000, 1_200_000_000, 1)
BUMP = TransactionRecord(BUMP_HASH, b"", OTHER_WALLET, 5, 80_000, 1_350_000_000, 1)
CANCELLATION = TransactionRecord(CANCEL_HASH, b"", OTHER_WALLET, 5, 21_000, 1_350_000_000, 1, TransactionPurpose.CANCEL)
MINED = MinedFacts(TX_HASH, 149, BLOCK_HASH, 76_324, 1_000_000_000)


def an_asset(
    number: int = 1, name: str = "", state: AssetState = AssetState.DRAFT, enterprise: Enterprise = HELIOS
) -> Asset:
    """An asset of the register; its id follows from the number."""
    document = Attachment(UUID(int=1000 + number), "score.pdf", "application/pdf", 1_234_567, b"\1" * 32, FILE_CID)
    return Asset(
        asset_id=UUID(int=number),
        name=name or f"Asset {number}",
        asset_type=AssetType.PATENT,
        description="",
        creator_name="Nikola Tesla",
        creation_date=date(1888, 5, 1),
        legal_status=LegalStatus.EXPIRED,
        application_number=f"US {number}",
        enterprise=enterprise,
        licence=LicenceTerms(commercial_use=True, revenue_share_bp=500),
        custom_fields={},
        attachments=(document,),
        state=state,
        version=1,
        created_at=T0 + timedelta(minutes=number),
        updated_at=T0,
    )


def a_minted_asset(number: int = 1, name: str = "") -> Asset:
    """The same with its token."""
    asset = an_asset(number, name, AssetState.MINTED)
    record = MintRecord(
        job_id=uuid4(),
        strategy=MintStrategy.SINGLE,
        batch_size=1,
        stage=MintStage.COMPLETED,
        attempt=1,
        times=MintTimes(T0, T0, T0, T0, T0, T0),
        recipient=asset.enterprise.wallet_address,
        recipient_type=RecipientType.ENTERPRISE,
        chain_id=31337,
        contract_address=CONTRACT,
        token_id=token_id_of(asset.asset_id),
        token_uri=f"ipfs://{CID}/{asset.asset_id}.json",
        metadata_cid=FILE_CID,
        directory_cid=CID,
        tx_hash=TX_HASH,
        nonce=5,
        gas_limit=80_000,
        mined=MINED,
        confirmations=1,
        required_confirmations=1,
        failure=None,
    )
    return replace(asset, mint=record)


def row_of(asset: Asset) -> AssetRow:
    """The asset as a list shows it."""
    return AssetRow(
        asset_id=asset.asset_id,
        name=asset.name,
        asset_type=asset.asset_type,
        enterprise_id=asset.enterprise.enterprise_id,
        enterprise_name=asset.enterprise.name,
        application_number=asset.application_number,
        state=asset.state,
        stage=None,
        confirmations=0,
        required_confirmations=1,
        token_id=asset.mint.token_id if asset.mint else None,
        revenue_share_bp=asset.licence.revenue_share_bp,
        image_cid=None,
        created_at=asset.created_at,
        legal_status=asset.legal_status,
        creator_name=asset.creator_name,
        creation_date=asset.creation_date,
        updated_at=asset.updated_at,
    )


def a_job(*assets: Asset, stage: MintStage = MintStage.REQUESTED, recipient: str = WALLET) -> MintJob:
    """A job for these assets, as recorded by the request."""
    items = tuple(MintItem(uuid4(), asset.asset_id, recipient, RecipientType.ENTERPRISE) for asset in assets)
    return MintJob(
        job_id=uuid4(),
        strategy=MintStrategy.SINGLE if len(items) == 1 else MintStrategy.BATCH,
        items=items,
        stage=stage,
        attempt=1,
        times=MintTimes(T0, last_attempt_at=T0),
        required_confirmations=6,
        idempotency_key="key",
    )


def accepted(job: MintJob, *later: TransactionRecord) -> MintJob:
    """The job signed and taken by the node, in no block yet; `later` was signed under the same number."""
    sent = confirming(job, 0)
    return replace(sent, mined=None, times=replace(sent.times, mined_at=None), transactions=(TRANSACTION, *later))


def confirming(job: MintJob, confirmations: int = 3) -> MintJob:
    """The job signed, accepted and mined."""
    times = replace(
        job.times,
        signed_at=T0 + timedelta(milliseconds=40),
        accepted_at=T0 + timedelta(milliseconds=70),
        mined_at=T0 + timedelta(milliseconds=110),
    )
    return replace(
        job,
        stage=MintStage.CONFIRMING,
        directory_cid=CID,
        transactions=(TRANSACTION,),
        mined=MINED,
        confirmations=confirmations,
        times=times,
    )


def completed(job: MintJob, gas_used: int = MINED.gas_used) -> MintJob:
    """The job at its good end."""
    done = confirming(job, job.required_confirmations)
    assert done.mined is not None
    return replace(
        done,
        stage=MintStage.COMPLETED,
        mined=replace(done.mined, gas_used=gas_used),
        times=replace(done.times, completed_at=T0 + timedelta(seconds=2)),
    )
