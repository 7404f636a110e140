"""A workspace with a register, blocks and a sealed audit log, and ways to look into its files past the program."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path

import pytest

from ipnft_desktop.adapters.audit_head import AuditHeadFile
from ipnft_desktop.adapters.content.block_folder import BlockFolder
from ipnft_desktop.adapters.content.unixfs import Block
from ipnft_desktop.adapters.database.sql_database import SqlDatabase
from ipnft_desktop.adapters.key_folder import KeyFolder
from ipnft_desktop.adapters.workspaces.checkpoint_folder import CheckpointFolder
from ipnft_desktop.domain.content import Cid, Codec
from ipnft_desktop.domain.workspaces import Checkpoint, CheckpointReason
from ipnft_desktop.services.audit_verification import AuditJudge
from tests.support import samples
from tests.support.database_factory import migrated_file, sqlite_url


def quiet(_share: float) -> None:
    """Progress that nobody watches."""


class Place:
    """A workspace's folder with its parts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.register = folder / "register.db"
        self.proof = AuditHeadFile(KeyFolder(folder / "keys"))
        self.database = SqlDatabase(sqlite_url(self.register), self.proof)
        self.blocks = BlockFolder(folder / "content")
        self.store = CheckpointFolder(folder, self.proof)

    async def open(self) -> Place:
        await self.database.open()
        self.blocks.open()
        return self

    async def again(self) -> Place:
        """The next program on the same folder."""
        await self.database.close()
        place = Place(self.folder)
        place.store.settle()
        return await place.open()

    async def add_asset(self, name: str) -> None:
        owner = samples.enterprise(name=f"Owner of {name}")
        asset = samples.asset(owner, name=name)
        await self.database.write(lambda tx: tx.insert_enterprise(owner))
        await self.database.write(lambda tx: tx.insert_asset(asset))
        await self.say(f"added {name}")

    async def say(self, action: str) -> None:
        await self.database.write(lambda tx: tx.append_audit("ann", action, "a", {}, samples.NOW))

    def add_block(self, data: bytes) -> Cid:
        block = Block(Cid.of_block(Codec.RAW, data), data)
        self.blocks.put(block)
        self.blocks.sync()
        return block.cid

    def keep(self, name: str = "Before", reason: CheckpointReason = CheckpointReason.BY_HAND) -> Checkpoint:
        return self.store.make(name, reason, quiet)

    async def log(self) -> list[str]:
        """Actions of the audit log, which must be as it was written."""
        entries = await self.database.read(lambda tx: tx.audit_entries(0, 1000))
        judge = AuditJudge(self.proof.seal, self.proof.last)
        judge.take(entries)
        assert judge.verdict().is_sound, judge.verdict()
        assert self.proof.findings == []
        return [entry.line.action for entry in entries]


def assets_in(register: Path) -> list[str]:
    """Names of the assets in a register's file."""
    with closing(sqlite3.connect(register)) as connection:
        return [name for (name,) in connection.execute("SELECT name FROM assets ORDER BY name")]


def block_names(content: Path) -> set[str]:
    return {file.name for file in content.glob("?/*")}


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    folder = tmp_path / "profile"
    folder.mkdir()
    migrated_file(folder)
    opened = await Place(folder).open()
    await opened.add_asset("First")
    yield opened
    await opened.database.close()


@pytest.fixture
def copies(tmp_path: Path) -> Callable[[Path], Path]:
    """Makes anew, at the same place each time, a copy of a folder."""

    def copy(folder: Path) -> Path:
        target = tmp_path / "copy"
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(folder, target)
        return target

    return copy
