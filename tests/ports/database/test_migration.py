"""A register written by an earlier program comes through the migrations whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData, create_engine, inspect, text

from ipnft_desktop.adapters.database import migrations
from ipnft_desktop.domain.alerts import Alert, AlertKind
from ipnft_desktop.domain.assets import AssetQuery, token_id_of
from ipnft_desktop.domain.audit import AuditLine
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from ipnft_desktop.domain.mint_figures import MintFigures
from ipnft_desktop.domain.minting import AssetState, MinedFacts, MintStage, TransactionPurpose, TransactionRecord
from ipnft_desktop.domain.people import Role
from ipnft_desktop.services.ports import Transaction
from tests.ports.database.conftest import OpenDatabase
from tests.support import samples
from tests.support.database_factory import sqlite_url
from tests.support.postgresql import PostgresqlServer

ATTACHMENT_FIELDS_0001 = (
    "attachment_id", "file_name", "media_type", "size_bytes", "sha256", "cid", "confidential", "is_image",
)  # fmt: skip


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of a database without a table."""
    if request.param == "sqlite":
        yield sqlite_url(tmp_path / "register.db")
        return
    server: PostgresqlServer = request.getfixturevalue("postgresql")
    url = server.new_database(migrated=False)
    yield url
    server.drop(url)


class FormerRegister:
    """A register of revision 0001, or of a later one that it is moved to, written past the program."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.move_to("0001")
        self.owner = samples.enterprise()
        self._insert("enterprises", enterprise_id=self.owner.enterprise_id, name=self.owner.name, name_key="aurora")
        self._insert(
            "wallets",
            enterprise_id=self.owner.enterprise_id,
            address=self.owner.wallet_address,
            label=self.owner.wallet_label,
        )
        for chain, is_active in ((1, False), (2, True)):
            self._insert(
                "chain_instances",
                chain_instance_id=chain,
                is_active=is_active,
                bound_at=samples.NOW,
                retired_at=None if is_active else samples.NOW,
                **{name: getattr(samples.identity(), name) for name in samples.identity().__dataclass_fields__},
            )

    def move_to(self, revision: str) -> None:
        config = Config()
        config.set_main_option("script_location", str(Path(migrations.__file__).parent))
        config.attributes["connection"] = self._connection
        command.upgrade(config, revision)
        self._tables = MetaData()
        self._tables.reflect(self._connection)

    def asset(self, state: AssetState, **changes: Any) -> UUID:
        asset = samples.asset(self.owner, **changes)
        self._insert(
            "assets",
            asset_id=asset.asset_id,
            state=state.value,
            asset_type=asset.asset_type.value,
            legal_status=asset.legal_status.value,
            name=asset.name,
            name_key=asset.name,
            enterprise_id=self.owner.enterprise_id,
            enterprise_key="aurora",
            application_number=asset.application_number,
            creator_name=asset.creator_name,
            creation_date=asset.creation_date,
            created_at=samples.NOW,
            updated_at=samples.NOW,
            version=1,
            transferable=True,
            commercial_use=True,
            derivatives=True,
            attribution=True,
            revenue_share_bp=0,
            search_text="",
            description=asset.description,
            custom_fields=dict(asset.custom_fields),
        )
        for position, file in enumerate(asset.attachments):
            values = {name: getattr(file, name) for name in ATTACHMENT_FIELDS_0001}
            self._insert("attachments", asset_id=asset.asset_id, position=position, **values)
        return asset.asset_id

    def job(self, asset_id: UUID, stage: MintStage, attempt: int, **changes: Any) -> UUID:
        job_id = samples.uuid()
        values = {"signed_at": samples.at(1), "requested_at": samples.NOW, "confirmations": 0, **changes}
        self._insert(
            "mint_jobs",
            job_id=job_id,
            strategy="SINGLE",
            stage=stage.value,
            attempt=attempt,
            idempotency_key=str(job_id),
            required_confirmations=1,
            directory_cid=samples.cid(),
            **values,
        )
        self._insert(
            "mint_intents",
            intent_id=job_id,
            job_id=job_id,
            position=0,
            asset_id=asset_id,
            is_open=stage is MintStage.CONFIRMING,
            is_current=True,
            recipient=self.owner.wallet_address,
            recipient_type="ENTERPRISE",
        )
        return job_id

    def transaction(
        self, job_id: UUID, attempt: int, record: TransactionRecord, mined: MinedFacts | None, *, chain: int, live: bool
    ) -> None:
        self._insert(
            "transactions",
            job_id=job_id,
            attempt=attempt,
            chain_instance_id=chain,
            is_live=live,
            tx_hash=record.tx_hash,
            raw=record.raw,
            signer=record.signer,
            nonce=record.nonce,
            gas_limit=record.gas_limit,
            max_fee_per_gas_wei=str(record.max_fee_per_gas_wei),
            max_priority_fee_per_gas_wei=str(record.max_priority_fee_per_gas_wei),
            block_number=mined.block_number if mined else None,
            block_hash=mined.block_hash if mined else None,
            gas_used=mined.gas_used if mined else None,
            gas_price_wei=str(mined.gas_price_wei) if mined else None,
        )

    def token(self, asset_id: UUID, job_id: UUID, chain: int) -> None:
        self._insert(
            "tokens",
            chain_instance_id=chain,
            token_id=str(token_id_of(asset_id)),
            intent_id=job_id,
            minted_to=self.owner.wallet_address,
        )

    def fill(self, record: TransactionRecord) -> None:
        """A transaction that belongs to no mint, which revision 0002 brought."""
        values = {name: getattr(record, name) for name in ("tx_hash", "raw", "signer", "nonce", "gas_limit", "purpose")}
        self._insert(
            "transactions",
            position=0,
            is_live=True,
            chain_instance_id=2,
            max_fee_per_gas_wei=str(record.max_fee_per_gas_wei),
            max_priority_fee_per_gas_wei=str(record.max_priority_fee_per_gas_wei),
            signed_at=samples.at(1),
            **values,
        )

    def alert(self, alert: Alert) -> None:
        """The first one, so the database numbers it 1."""
        self._insert("alerts", **{name: getattr(alert, name) for name in ("kind", "subject", "facts", "raised_at")})

    def audit_line(self, line: AuditLine) -> None:
        values = {name: getattr(line, name) for name in ("at", "actor", "action", "subject", "facts")}
        self._insert("audit_log", **values)

    def _insert(self, table: str, **values: Any) -> None:
        if self._connection.dialect.name == "sqlite":
            values = {name: value.hex if isinstance(value, UUID) else value for name, value in values.items()}
        self._connection.execute(self._tables.tables[table].insert(), values)


async def test_mints_of_the_first_revision_come_through_whole(empty_url: str, open_database: OpenDatabase) -> None:
    reverted, pending = samples.transaction(3), samples.transaction(5)
    minting = samples.transaction(4, max_fee_per_gas_wei=2**200)
    reverted_in, mined_in = samples.mined(reverted, 8), samples.mined(minting, 9)
    engine = create_engine(empty_url)
    with engine.begin() as connection:
        former = FormerRegister(connection)
        minted = former.asset(AssetState.MINTED)
        done = former.job(minted, MintStage.COMPLETED, 2, confirmations=1, mined_at=samples.at(2))
        former.transaction(done, 1, reverted, reverted_in, chain=2, live=False)
        former.transaction(done, 2, minting, mined_in, chain=2, live=True)
        former.token(minted, done, chain=2)
        sent = former.asset(AssetState.MINTING)
        open_job = former.job(sent, MintStage.CONFIRMING, 1)
        former.transaction(open_job, 1, pending, None, chain=2, live=True)
        vanished = former.asset(AssetState.MINT_CANCELLED)
        old = former.job(vanished, MintStage.CANCELLED, 1)
        # The same bytes as now, on a chain that was given up: signing is deterministic.
        former.transaction(old, 1, pending, None, chain=1, live=True)
    engine.dispose()

    database = await open_database(empty_url)
    assert migrations.HEAD in str(await database.open())
    job = await database.read(lambda tx: tx.job(done))
    assert job is not None
    assert (job.stage, job.attempt, job.transactions, job.mined) == (MintStage.COMPLETED, 2, (minting,), mined_in)
    assert job.transactions[0].purpose is TransactionPurpose.MINT
    row = await database.read(lambda tx: tx.asset_row(minted))
    assert row is not None
    assert (row.state, row.token_id) == (AssetState.MINTED, token_id_of(minted))
    assert [found.job_id for found in await database.read(lambda tx: tx.ended_jobs_above(8))] == [done]

    figures = await database.read(lambda tx: tx.mint_figures(None))
    assert figures == MintFigures(tokens=1, transactions=2, fee_wei=reverted_in.fee_wei + mined_in.fee_wei)

    assert await database.read(lambda tx: tx.live_transactions(samples.SIGNER, 0)) == (minting, pending)
    assert await database.write(lambda tx: tx.next_nonces(samples.SIGNER, 3, 1)[0]) == 3
    assert await database.write(lambda tx: tx.next_nonces(samples.SIGNER, 4, 1)[0]) == 6
    assert await database.write(lambda tx: tx.take_over_jobs()) == 1
    bump = replace(samples.transaction(5), max_fee_per_gas_wei=9)
    await database.write(lambda tx: tx.record_replacement(open_job, bump, samples.at(9)))
    (ours,) = await database.read(lambda tx: tx.our_jobs_in(frozenset({MintStage.CONFIRMING})))
    assert ours.transactions == (pending, bump)
    with pytest.raises(EnvironmentFault) as caught:
        await database.write(lambda tx: tx.record_fill(fill_at(4), samples.at(9)))
    assert caught.value.code is ErrorCode.NONCE_CONFLICT


async def test_all_that_the_second_revision_holds_comes_through_whole(
    empty_url: str, open_database: OpenDatabase
) -> None:
    files = (samples.attachment(is_image=True), samples.attachment(confidential=True, file_name="契约.pdf"))
    minting, fill = samples.transaction(3), fill_at(4)
    mined_in = samples.mined(minting, 9)
    too_old = Alert(1, AlertKind.MINT_TOO_OLD, "a job", {"minutes": "11"}, samples.NOW)
    lines = [AuditLine(samples.at(second), "ann", "asset.create", "资产", {"name": "Räder"}) for second in (1, 2)]
    engine = create_engine(empty_url)
    with engine.begin() as connection:
        former = FormerRegister(connection)
        draft = former.asset(AssetState.DRAFT, name="轮毂", custom_fields={"分类": "通信"}, attachments=files)
        minted = former.asset(AssetState.MINTED, name="Radio", description="Über ein VERFAHREN")
        done = former.job(minted, MintStage.COMPLETED, 1, confirmations=1, mined_at=samples.at(2))
        former.transaction(done, 1, minting, mined_in, chain=2, live=True)
        former.token(minted, done, chain=2)
        former.move_to("0002")
        former.fill(fill)
        former.alert(too_old)
        for line in lines:
            former.audit_line(line)
    engine.dispose()

    database = await open_database(empty_url)
    asset = await database.read(lambda tx: tx.asset(draft))
    assert asset is not None
    assert (asset.enterprise, asset.custom_fields, asset.attachments) == (former.owner, {"分类": "通信"}, files)
    job = await database.read(lambda tx: tx.job(done))
    assert job is not None
    assert (job.stage, job.transactions, job.mined) == (MintStage.COMPLETED, (minting,), mined_in)
    for text_typed, found in (("轮", draft), ("über verfahren", minted), ("radio", minted)):
        page = await database.read(lambda tx, words=text_typed: tx.asset_page(AssetQuery(text=words), None, 9))
        assert [row.asset_id for row in page.rows] == [found], text_typed
    assert await database.read(lambda tx: tx.live_transactions(samples.SIGNER, 0)) == (minting, fill)
    assert await database.read(lambda tx: tx.alerts(9)) == (too_old,)
    entries = await database.read(lambda tx: tx.audit_entries(0, 9))
    assert [(entry.line, entry.key_id, entry.mac) for entry in entries] == [(line, None, None) for line in lines]

    # What the later revisions brought works on the rows from before.
    anchored = samples.transaction(5, purpose=TransactionPurpose.ANCHOR)
    member = samples.user(Role.OPERATOR, former.owner)

    def write(tx: Transaction) -> None:
        tx.record_fill(anchored, samples.at(3))
        tx.raise_alert(AlertKind.AUDIT_BROKEN, "", {}, samples.at(3))
        tx.raise_alert(AlertKind.CALL_STUCK, "1", {}, samples.at(4))
        tx.append_audit("ann", "user.create", str(member.user_id), {}, samples.at(3))
        tx.insert_user(member, None)

    await database.write(write)
    assert await database.read(lambda tx: tx.user(member.user_id)) == member
    assert await database.read(lambda tx: tx.live_transactions(samples.SIGNER, 4)) == (fill, anchored)
    assert [alert.kind for alert in await database.read(lambda tx: tx.alerts(9))] == [
        AlertKind.CALL_STUCK,
        AlertKind.AUDIT_BROKEN,
        AlertKind.MINT_TOO_OLD,
    ]
    assert [entry.audit_id for entry in await database.read(lambda tx: tx.audit_entries(0, 9))] == [1, 2, 3]


async def test_who_asked_for_a_mint_is_taken_from_the_audit_log(empty_url: str, open_database: OpenDatabase) -> None:
    engine = create_engine(empty_url)
    with engine.begin() as connection:
        former = FormerRegister(connection)
        asked, unknown = (former.job(former.asset(AssetState.DRAFT), MintStage.FAILED, 1, failure_kind="SYSTEM_ERROR",
            failure_code="UNEXPECTED", failure_detail="", failure_gas_spent=False, failure_safe_to_retry=True)
            for _ in range(2))  # fmt: skip
        facts: list[dict[str, str]] = [{"job": str(asked)}, {"job": "no id"}, {}]
        for each in facts:
            former.audit_line(AuditLine(samples.at(1), "ann", "mint.requested", "an asset", each))
        former.audit_line(AuditLine(samples.at(2), "bob", "mint.retried", "an asset", {"job": str(unknown)}))
    engine.dispose()
    database = await open_database(empty_url)
    for job_id, name in ((asked, "ann"), (unknown, "")):
        job = await database.read(lambda tx, job_id=job_id: tx.job(job_id))
        assert job is not None
        assert job.requested_by == name


def test_without_pg_trgm_a_register_is_migrated_all_the_same(empty_url: str) -> None:
    """The server of the tests has no such extension; one that has it gets the index."""
    engine = create_engine(empty_url)
    with engine.begin() as connection:
        FormerRegister(connection).asset(AssetState.DRAFT)
        migrations.upgrade(connection)
        if connection.dialect.name == "postgresql":
            count = text("SELECT count(*) FROM pg_available_extensions WHERE name = 'pg_trgm'")
            is_available = connection.execute(count).scalar_one() == 1
            indexes = {index["name"] for index in inspect(connection).get_indexes("assets")}
            assert ("ix_assets_search_text" in indexes) == is_available
        assert connection.execute(text("SELECT search_text FROM assets")).scalar_one()
    engine.dispose()


def fill_at(nonce: int) -> TransactionRecord:
    return samples.transaction(nonce, purpose=TransactionPurpose.FILL)


def test_nothing_of_the_former_table_is_left(empty_url: str) -> None:
    engine = create_engine(empty_url)
    with engine.begin() as connection:
        FormerRegister(connection)
        migrations.upgrade(connection)
        assert "transactions_0001" not in inspect(connection).get_table_names()
        with pytest.raises(Exception, match="append only"), connection.begin_nested():
            connection.execute(
                text("INSERT INTO audit_log (at, actor, action, subject, facts) VALUES (:at, '', '', '', '{}')"),
                {"at": samples.NOW.isoformat()},
            )
            connection.execute(text("DELETE FROM audit_log"))
    engine.dispose()
