"""A register with hands: the steps that tests of the database take over and over."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from ipnft_desktop.adapters.database.sql_database import SqlDatabase
from ipnft_desktop.domain.assets import Asset, AssetPage, AssetQuery, AssetRow, Enterprise, PageAnchor
from ipnft_desktop.domain.minting import MintJob
from tests.support import samples
from tests.support.database_factory import bring_to_minted, bring_to_signed


class RegisterUnderTest:
    """An open database, one enterprise in it, and a chain bound."""

    def __init__(self, database: SqlDatabase, owner: Enterprise) -> None:
        self.database = database
        self.owner = owner
        self._nonce = 0

    async def add(self, count: int = 1, **changes: Any) -> list[Asset]:
        """Store drafts."""
        assets = [samples.asset(self.owner, **changes) for _ in range(count)]
        await self.database.write(lambda tx: [tx.insert_asset(asset) for asset in assets])
        return assets

    async def request(self, *assets: Asset, **changes: Any) -> MintJob:
        """Barrier A."""
        job = samples.job(*assets, **changes)
        await self.database.write(lambda tx: tx.open_jobs([job]))
        return job

    async def prepare(self, *assets: Asset) -> MintJob:
        """To PREPARING, content frozen."""
        job = await self.request(*assets)
        await self.begin_and_freeze(job, 1)
        return job

    async def begin_and_freeze(self, job: MintJob, attempt: int) -> None:
        """An attempt up to the point where it may be signed."""
        await self.database.write(lambda tx: tx.begin_attempts({job.job_id: attempt}, samples.at(1)))
        await self.database.write(
            lambda tx: tx.freeze_contents({job.job_id: (samples.cid(), samples.frozen_items(job))})
        )

    async def sign(self, *assets: Asset) -> MintJob:
        """To barrier B, with the next nonce."""
        return await self.database.write(lambda tx: bring_to_signed(tx, *assets, nonce=self._next_nonce()))

    async def mint(self, *assets: Asset, block: int = 7) -> MintJob:
        """To barrier E, with the next nonce, mined in the block."""
        return await self.database.write(lambda tx: bring_to_minted(tx, *assets, nonce=self._next_nonce(), block=block))

    async def asset(self, asset_id: UUID) -> Asset:
        """The asset as stored."""
        asset = await self.database.read(lambda tx: tx.asset(asset_id))
        assert asset is not None
        return asset

    async def row(self, asset: Asset) -> AssetRow:
        """The asset's line in the register."""
        row = await self.database.read(lambda tx: tx.asset_row(asset.asset_id))
        assert row is not None
        return row

    async def job(self, job_id: UUID) -> MintJob:
        """The job as stored."""
        job = await self.database.read(lambda tx: tx.job(job_id))
        assert job is not None
        return job

    async def page(self, query: AssetQuery, after: PageAnchor | None = None, limit: int = 100) -> AssetPage:
        """One page."""
        return await self.database.read(lambda tx: tx.asset_page(query, after, limit))

    async def walk(self, query: AssetQuery, limit: int) -> list[AssetRow]:
        """All pages behind one another."""
        page = await self.page(query, None, limit)
        rows = list(page.rows)
        while page.next_anchor is not None:
            assert len(page.rows) == limit
            page = await self.page(query, page.next_anchor, limit)
            assert page.rows, "a page that was announced is empty"
            rows += page.rows
        return rows

    def _next_nonce(self) -> int:
        self._nonce += 1
        return self._nonce - 1
