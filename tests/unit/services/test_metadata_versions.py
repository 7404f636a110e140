"""Assets that an earlier release minted, or was about to mint, keep the metadata of its time."""

from __future__ import annotations

import pytest

from ipnft_desktop.domain.content import Cid
from ipnft_desktop.domain.errors import ErrorCode
from ipnft_desktop.domain.metadata import schema_version_of
from ipnft_desktop.services import minting
from tests.support.core_factory import MemoryCore, request
from tests.unit.services import waiting


async def published(memory: MemoryCore, cid: str | None) -> bytes:
    assert cid is not None
    return await memory.content.read(Cid.parse(cid))


async def test_what_was_minted_with_an_earlier_schema_still_verifies(
    memory: MemoryCore, monkeypatch: pytest.MonkeyPatch
) -> None:
    (asset,) = await memory.add_assets()
    with monkeypatch.context() as earlier:
        earlier.setattr(minting, "SCHEMA_VERSIONS", ("1",))
        job = await memory.core.desk.mint([request(asset)])
    cid = job.items[0].metadata_cid
    assert schema_version_of(await published(memory, cid)) == "1"

    facts = await memory.core.verification.verify(asset.asset_id)
    assert [fact for fact in facts if not fact.matches] == []

    assert cid is not None
    memory.content.blocks[Cid.parse(cid)] += b" "
    facts = await memory.core.verification.verify(asset.asset_id)
    assert [fact.field for fact in facts if not fact.matches] == ["METADATA"]


async def test_a_mint_frozen_by_an_earlier_release_goes_on_as_it_was_frozen(
    memory: MemoryCore, monkeypatch: pytest.MonkeyPatch
) -> None:
    (asset,) = await memory.add_assets()
    with monkeypatch.context() as earlier:
        earlier.setattr(minting, "SCHEMA_VERSIONS", ("1",))
        memory.chain.unreachable = True
        job = await memory.core.desk.request([request(asset)])
        await waiting.trouble(memory, job.job_id, ErrorCode.NODE_UNREACHABLE)
    memory.chain.unreachable = False

    job = await memory.core.desk.outcome(job.job_id, lambda _: None)

    assert await memory.state_of(asset) == "MINTED"
    assert schema_version_of(await published(memory, job.items[0].metadata_cid)) == "1"
