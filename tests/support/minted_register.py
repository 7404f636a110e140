"""A register of minted assets whose content are files of a real store, to be tampered with past the program."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

from ipnft_desktop.adapters.content.local_block_store import LocalBlockStore
from ipnft_desktop.bootstrap.adapters import DATABASE_FILE
from ipnft_desktop.domain.assets import Asset, token_id_of
from ipnft_desktop.domain.chain import TokenFacts
from ipnft_desktop.domain.content import Cid
from ipnft_desktop.services.bulk_verification import AssetVerdict, BulkVerification
from ipnft_desktop.services.long_work import LongWork
from tests.support import samples
from tests.support.core_factory import MemoryCore, request


class Minted:
    """A register with some minted assets, all of whose content is files of a real store."""

    def __init__(self, memory: MemoryCore, store: LocalBlockStore, assets: list[Asset]) -> None:
        self.memory = memory
        self.store = store
        self.assets = assets
        core = memory.core
        self.bulk = BulkVerification(core.adapters.database, memory.chain, store, core.session)

    async def verdicts(self, work: LongWork | None = None) -> tuple[AssetVerdict, ...]:
        return await self.bulk.verify([asset.asset_id for asset in self.assets], work or LongWork())

    async def asset(self, at: int = 2) -> Asset:
        return await self.memory.core.register.asset(self.assets[at].asset_id)

    def set_column(self, statement: str, *values: object) -> None:
        """Change the register past the program."""
        with closing(sqlite3.connect(self.memory.profile / DATABASE_FILE)) as connection, connection:
            assert connection.execute(statement, values).rowcount == 1

    def block_file(self, cid: str) -> Path:
        return next(file for file in (self.memory.profile / "blocks").rglob("*") if file.stem == Cid.parse(cid).text)

    def flip_a_byte(self, cid: str) -> Path:
        """One byte in the middle of a block's file, which it answers."""
        file = self.block_file(cid)
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 1
        file.write_bytes(content)
        return file

    def change_token(self, asset_id: UUID, change: Callable[[TokenFacts], TokenFacts] | None) -> None:
        tokens = self.memory.chain._state.tokens  # pyright: ignore[reportPrivateUsage]
        key = next(key for key in tokens if key[1] == token_id_of(asset_id))
        if change is None:
            del tokens[key]
        else:
            tokens[key] = change(tokens[key])


@asynccontextmanager
async def minted_register(profile: Path, count: int) -> AsyncGenerator[Minted]:
    """So many assets with a file each, minted in one transaction."""
    memory = await MemoryCore(profile).start()
    core = memory.core
    store = LocalBlockStore(profile / "blocks", None)  # type: ignore[arg-type]
    await store.open()
    plain = await memory.add_assets(count)
    for number, asset in enumerate(plain):
        stored = await store.add_bytes(f"file {number}".encode())
        file = replace(samples.attachment(), cid=stored.cid.text, sha256=stored.sha256, confidential=False)
        full = replace(asset, attachments=(replace(file, attachment_id=uuid4()),))
        await core.adapters.database.write(lambda tx, full=full: tx.update_asset(full, full.version))
    await core.desk.mint([request(asset) for asset in plain])
    for asset in plain:
        record = (await core.register.asset(asset.asset_id)).mint
        assert record is not None and record.metadata_cid is not None
        await store.add_bytes(await memory.content.read(Cid.parse(record.metadata_cid)))
    yield Minted(memory, store, plain)
    await store.close()
    await core.close()
