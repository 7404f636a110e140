"""A workspace put back to a checkpoint: what the chain shows then is asked of a real node, past the program."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ipnft_desktop.bootstrap.core import Core, build_core
from ipnft_desktop.domain.assets import Asset, AssetQuery
from ipnft_desktop.domain.people import Permission, Role
from ipnft_desktop.domain.workspaces import HOME, CheckpointReason, Workspace
from ipnft_desktop.services.long_work import LongWork
from ipnft_desktop.settings import Settings
from tests.support import samples
from tests.support.core_factory import request
from tests.support.node_oracle import ask, mints_of
from tests.support.real_core import add_assets
from tests.support.signed_in import signed_in

SETTINGS = Settings(demo_data=False)


@pytest.fixture
async def core(tmp_path: Path) -> AsyncIterator[Core]:
    built = signed_in(build_core(tmp_path, SETTINGS))
    await built.environment.start(lambda _: None)
    yield built
    await built.close()


async def tokens(core: Core, *assets: Asset) -> list[int]:
    """How many tokens the node says were ever made of each."""
    status, ready = await core.environment.node_status(), core.environment.ready
    assert status is not None
    assert ready is not None
    contract = ready.identity.contract_address
    asked = [asyncio.to_thread(mints_of, status.rpc_url, contract, asset.asset_id) for asset in assets]
    return [len(found) for found in await asyncio.gather(*asked)]


async def head(core: Core) -> str:
    status = await core.environment.node_status()
    assert status is not None
    return (await asyncio.to_thread(ask, status.rpc_url, "eth_getBlockByNumber", "latest", False))["hash"]


async def test_register_chain_and_log_go_back_and_forth_together(core: Core) -> None:
    kept, lost, draft = await add_assets(core, 3)
    await core.desk.mint([request(kept)])
    before = await head(core)
    checkpoint = await core.checkpoints.make("Before the demonstration", LongWork())
    assert (checkpoint.figures.assets, checkpoint.figures.tokens) == (3, 1)
    copy = await core.workspaces.duplicate(Workspace(HOME, ""), "Copy", LongWork())
    await core.desk.mint([request(lost)])
    await core.deleted.delete([draft.asset_id])
    after = await head(core)

    preview = await core.checkpoints.preview(checkpoint)
    assert (preview.newer_tokens, preview.assets.returning, preview.assets.changing) == (1, 1, 1)
    await core.checkpoints.return_to(checkpoint, LongWork())
    assert core.session.user is None, "the accounts are those of the checkpoint"
    signed_in(core)
    await core.environment.start(lambda _: None)
    assert await tokens(core, kept, lost) == [1, 0]
    assert await head(core) == before
    assert await core.register.count(AssetQuery()) == 3
    assert core.audit is not None
    assert (await core.audit.verify()).is_sound
    await core.desk.mint([request(lost)])
    assert await tokens(core, lost) == [1], "what was taken back can be done again"

    undone, *_ = [c for c in await core.checkpoints.list() if c.reason is CheckpointReason.BEFORE_RETURN]
    await core.checkpoints.return_to(undone, LongWork())
    signed_in(core)
    await core.environment.start(lambda _: None)
    assert (await head(core), await tokens(core, kept, lost)) == (after, [1, 1])
    assert await core.register.count(AssetQuery()) == 2
    assert (await core.audit.verify()).is_sound
    await core.environment.stop()

    # The copy is a chain of its own, as it was when it was made.
    other = build_core(core.profile, Settings(demo_data=False, workspace=copy.workspace_id))
    signed_in(other)
    await other.environment.start(lambda _: None)
    assert (await head(other), await tokens(other, kept, lost)) == (before, [1, 0])
    assert other.audit is not None
    assert (await other.audit.verify()).is_sound
    await other.close()


async def test_an_operator_may_not_and_a_network_of_others_cannot_be_turned_back(tmp_path: Path) -> None:
    assert not samples.user(Role.OPERATOR).may(Permission.MANAGE_WORKSPACES)
    attached = build_core(tmp_path, Settings(rpc_url="http://127.0.0.1:1"))
    assert not attached.checkpoints.are_possible
    assert (attached.workspaces.can_have_others, attached.workspaces.can_duplicate) == (True, False)
    await attached.close()
