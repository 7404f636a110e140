"""What a restore would change, told before it: the register and a backup are compared, and neither is touched."""

from __future__ import annotations

import asyncio
import hashlib
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from ipnft_desktop.adapters.database.backups import DatabaseBackups
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from ipnft_desktop.domain.people import Role
from ipnft_desktop.domain.restore_preview import Difference
from ipnft_desktop.services.backup_keeper import BackupReason
from tests.support import samples
from tests.support.database_factory import fresh_database
from tests.support.register_under_test import RegisterUnderTest


@pytest.fixture
async def kept(tmp_path: Path) -> AsyncIterator[tuple[RegisterUnderTest, DatabaseBackups]]:
    """An open register with an enterprise and a chain, and its backups."""
    database = await fresh_database(tmp_path)
    owner = samples.enterprise()
    await database.write(lambda tx: tx.insert_enterprise(owner))
    await database.write(lambda tx: tx.bind_chain(samples.identity(), samples.NOW))
    backups = DatabaseBackups(tmp_path / "register.db")
    yield RegisterUnderTest(database, owner), backups
    backups.close()
    await database.close()


def digests(folder: Path) -> dict[str, str]:
    files = (folder / "register.db", *(folder / "backups").iterdir())
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


async def test_what_goes_comes_back_and_changes(
    kept: tuple[RegisterUnderTest, DatabaseBackups], tmp_path: Path
) -> None:
    register, backups = kept
    (stays,) = await register.add(name="Stays")
    (edited,) = await register.add(name="Edited")
    (deleted,) = await register.add(name="Deleted")
    (minted,) = await register.add(name="Minted since")
    backup = await asyncio.to_thread(backups.make, BackupReason.BY_HAND)
    assert (await asyncio.to_thread(backups.preview, backup.name)).is_empty

    await register.add(name="New")
    await register.database.write(
        lambda tx: tx.update_asset(replace(edited, name="Edited since", version=2), expected_version=1)
    )
    await register.database.write(lambda tx: tx.delete_asset(deleted.asset_id))
    await register.mint(minted)
    later = samples.at(60)
    await register.database.write(lambda tx: tx.append_audit("someone", "asset.edit", "x", {}, later))
    before = digests(tmp_path)
    preview = await asyncio.to_thread(backups.preview, backup.name)

    assert digests(tmp_path) == before
    assert preview.assets == Difference(1, 1, 2, ("New",), ("Deleted",), ("Edited since", "Minted since"))
    assert (preview.mints.disappearing, preview.newer_tokens) == (1, 1)
    assert preview.enterprises.is_empty
    assert preview.audit_rows_lost >= 1
    assert preview.changed_at == later
    assert preview.backup_changed_at is None or preview.backup_changed_at < later
    assert (await register.asset(stays.asset_id)).name == "Stays"


async def test_a_wallet_and_whom_somebody_acts_for_are_compared(
    kept: tuple[RegisterUnderTest, DatabaseBackups],
) -> None:
    """A restore that sends tokens elsewhere, or lets somebody act for an enterprise again, must say so."""
    register, backups = kept
    ann = samples.user(Role.OPERATOR, register.owner)
    await register.database.write(lambda tx: tx.insert_user(ann, None))
    backup = await asyncio.to_thread(backups.make, BackupReason.BY_HAND)
    assert (await asyncio.to_thread(backups.preview, backup.name)).is_empty
    moved = replace(register.owner, wallet_address=samples.SIGNER)
    await register.database.write(lambda tx: tx.update_enterprise(register.owner, moved, samples.NOW))
    await register.database.write(lambda tx: tx.update_user(replace(ann, enterprise_ids=frozenset())))
    preview = await asyncio.to_thread(backups.preview, backup.name)
    assert preview.enterprises == Difference(changing=1, first_changing=(register.owner.name,))
    assert preview.people == Difference(changing=1, first_changing=(ann.name,))


async def test_only_the_first_names_are_told(kept: tuple[RegisterUnderTest, DatabaseBackups]) -> None:
    register, backups = kept
    backup = await asyncio.to_thread(backups.make, BackupReason.BY_HAND)
    await register.add(25)
    preview = await asyncio.to_thread(backups.preview, backup.name)
    assert (preview.assets.disappearing, len(preview.assets.first_disappearing)) == (25, 20)


async def test_a_backup_that_is_gone_or_damaged_is_told(
    kept: tuple[RegisterUnderTest, DatabaseBackups], tmp_path: Path
) -> None:
    _, backups = kept
    backup = await asyncio.to_thread(backups.make, BackupReason.BY_HAND)
    (tmp_path / "backups" / backup.name).write_bytes(b"no database at all" * 100)
    for name in (backup.name, "register-nothing.db"):
        with pytest.raises(EnvironmentFault) as caught:
            await asyncio.to_thread(backups.preview, name)
        assert caught.value.code is ErrorCode.DATABASE_UNAVAILABLE


async def test_a_backup_from_before_a_table_lacks_all_its_rows(
    kept: tuple[RegisterUnderTest, DatabaseBackups], tmp_path: Path
) -> None:
    _, backups = kept
    backup = await asyncio.to_thread(backups.make, BackupReason.BY_HAND)
    with closing(sqlite3.connect(tmp_path / "backups" / backup.name)) as older:
        older.execute("PRAGMA journal_mode = DELETE")
        older.execute("DROP TABLE enterprises")
        older.execute("ALTER TABLE address_book DROP COLUMN note")
    preview = await asyncio.to_thread(backups.preview, backup.name)
    assert preview.enterprises == Difference(disappearing=1, first_disappearing=("Aurora Laboratories",))
    assert preview.addresses.is_empty
