"""Deleted assets: gone from the register, kept whole, brought back as they were, and forgotten by an administrator."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from ipnft_desktop.bootstrap.adapters import DATABASE_FILE
from ipnft_desktop.domain.assets import Asset
from ipnft_desktop.domain.errors import ErrorCode, UserError
from ipnft_desktop.domain.events import (
    AssetCreated,
    AssetDeleted,
    BlockArrived,
    DomainEvent,
    GatheringChanged,
    IndexAdvanced,
)
from ipnft_desktop.domain.minting import AssetState
from ipnft_desktop.domain.people import Role, User
from tests.support import samples
from tests.support.core_factory import MemoryCore, request


def assets_heard(memory: MemoryCore) -> list[DomainEvent]:
    heard: list[DomainEvent] = []
    others = BlockArrived | GatheringChanged | IndexAdvanced
    memory.core.events.subscribe(lambda event: None if isinstance(event, others) else heard.append(event))
    return heard


async def refused(work: object) -> ErrorCode:
    with pytest.raises(UserError) as caught:
        await work  # type: ignore[misc]
    return caught.value.code


def audit_lines(memory: MemoryCore, asset: Asset) -> list[tuple[str, dict[str, list[str | None]]]]:
    """Action and changes of every line about the asset, read past the program."""
    with closing(sqlite3.connect(memory.profile / DATABASE_FILE)) as connection:
        rows = connection.execute(
            "SELECT action, changes FROM audit_log WHERE subject = ? ORDER BY audit_id", (str(asset.asset_id),)
        )
        return [(action, json.loads(changes or "null")) for action, changes in rows]


def as_role(memory: MemoryCore, role: Role, *assets: Asset) -> None:
    owners = frozenset(asset.enterprise.enterprise_id for asset in assets)
    memory.core.session.begin(User(samples.uuid(), "eve", "Eve", role, samples.NOW, owners))


async def test_deleted_assets_are_gone_and_come_back_as_they_were(memory: MemoryCore) -> None:
    first, second = await memory.add_assets(2)
    before = await memory.core.register.asset(first.asset_id)
    heard = assets_heard(memory)

    await memory.core.deleted.delete([first.asset_id, second.asset_id])
    assert await memory.count() == 0
    assert heard == [AssetDeleted(first.asset_id), AssetDeleted(second.asset_id)]
    assert await refused(memory.core.register.asset(first.asset_id)) is ErrorCode.ASSET_NOT_FOUND
    lines = await memory.core.deleted.recent()
    assert {(line.asset_id, line.name, line.deleted_by) for line in lines} == {
        (asset.asset_id, asset.name, memory.core.session.actor) for asset in (first, second)
    }

    heard.clear()
    await memory.core.deleted.restore([first.asset_id])
    assert await memory.core.register.asset(first.asset_id) == replace(before, version=before.version + 1)
    assert [type(event) for event in heard] == [AssetCreated]
    assert [line.asset_id for line in await memory.core.deleted.recent()] == [second.asset_id]


async def test_who_still_edits_what_was_deleted_and_restored_is_told(memory: MemoryCore) -> None:
    (asset,) = await memory.add_assets()
    await memory.core.deleted.delete([asset.asset_id])
    await memory.core.deleted.restore([asset.asset_id])
    with pytest.raises(UserError) as caught:
        await memory.core.adapters.database.write(lambda tx: tx.update_asset(asset, asset.version))
    assert caught.value.code is ErrorCode.ASSET_CHANGED


async def test_of_several_all_are_deleted_or_none(memory: MemoryCore) -> None:
    minted, draft = await memory.add_assets(2)
    await memory.core.desk.mint([request(minted)])

    code = await refused(memory.core.deleted.delete([draft.asset_id, minted.asset_id]))

    assert code is ErrorCode.MINT_INVALID_STATE
    assert await memory.count() == 2
    assert await memory.core.deleted.recent() == ()


async def test_a_cancelled_mint_goes_with_the_asset_and_it_comes_back_as_a_draft(memory: MemoryCore) -> None:
    (asset,) = await memory.add_assets()
    memory.chain.unreachable = True
    job = await memory.core.desk.request([request(asset)])
    await memory.core.desk.cancel(job.job_id)
    assert await memory.state_of(asset) == AssetState.MINT_CANCELLED

    await memory.core.deleted.delete([asset.asset_id])
    await memory.core.deleted.restore([asset.asset_id])

    restored = await memory.core.register.asset(asset.asset_id)
    assert (restored.state, restored.mint) == (AssetState.DRAFT, None)


async def test_what_is_not_there_is_not_restored_and_nothing_else_either(memory: MemoryCore) -> None:
    (asset,) = await memory.add_assets()
    await memory.core.deleted.delete([asset.asset_id])
    code = await refused(memory.core.deleted.restore([asset.asset_id, samples.uuid()]))
    assert code is ErrorCode.ASSET_NOT_FOUND
    assert await memory.count() == 0
    assert len(await memory.core.deleted.recent()) == 1


async def test_only_an_administrator_deletes_for_good(memory: MemoryCore) -> None:
    first, second = await memory.add_assets(2)
    await memory.core.deleted.delete([first.asset_id, second.asset_id])
    as_role(memory, Role.OPERATOR, first)
    assert not memory.core.deleted.may_delete_for_good
    assert await refused(memory.core.deleted.delete_for_good([first.asset_id])) is ErrorCode.PERMISSION_DENIED

    as_role(memory, Role.ADMIN)
    assert memory.core.deleted.may_delete_for_good
    await memory.core.deleted.delete_for_good([first.asset_id])

    assert [line.asset_id for line in await memory.core.deleted.recent()] == [second.asset_id]
    assert await refused(memory.core.deleted.restore([first.asset_id])) is ErrorCode.ASSET_NOT_FOUND


async def test_73_deleting_asks_for_the_role_and_for_the_enterprise(memory: MemoryCore) -> None:
    (asset,) = await memory.add_assets()
    work = memory.core.deleted
    as_role(memory, Role.VIEWER, asset)
    assert await refused(work.delete([asset.asset_id])) is ErrorCode.PERMISSION_DENIED
    assert await refused(work.recent()) is ErrorCode.PERMISSION_DENIED
    as_role(memory, Role.OPERATOR)
    assert await refused(work.delete([asset.asset_id])) is ErrorCode.PERMISSION_DENIED
    memory.core.session.end()
    assert await refused(work.delete([asset.asset_id])) is ErrorCode.SIGN_IN_REQUIRED

    as_role(memory, Role.VIEWER)
    assert await memory.count() == 1
    as_role(memory, Role.OPERATOR, asset)
    await work.delete([asset.asset_id])
    as_role(memory, Role.OPERATOR)
    assert await refused(work.restore([asset.asset_id])) is ErrorCode.PERMISSION_DENIED


async def test_every_step_is_in_the_audit_log_with_what_the_asset_said(memory: MemoryCore) -> None:
    (asset,) = await memory.add_assets()
    await memory.core.deleted.delete([asset.asset_id])
    await memory.core.deleted.restore([asset.asset_id])
    await memory.core.deleted.delete([asset.asset_id])
    await memory.core.deleted.delete_for_good([asset.asset_id])

    lines = audit_lines(memory, asset)[-4:]
    assert [action for action, _ in lines] == ["asset.delete", "asset.restore", "asset.delete", "asset.delete_for_good"]
    assert lines[0][1]["creator_name"] == [asset.creator_name, None]
    assert lines[1][1]["creator_name"] == [None, asset.creator_name]
