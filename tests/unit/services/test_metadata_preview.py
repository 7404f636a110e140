"""What is shown before a mint is what the mint publishes, byte for byte, and showing it stores nothing."""

from __future__ import annotations

import json

import pytest

from ipnft_desktop.domain.content import Cid
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, UserError
from tests.support import samples
from tests.support.core_factory import MemoryCore, request


@pytest.mark.parametrize("count", [1, 3])
async def test_what_is_shown_is_what_the_mint_publishes(memory: MemoryCore, count: int) -> None:
    assets = await memory.add_assets(count)
    blocks = dict(memory.content.blocks)

    shown = await memory.core.metadata.preview([asset.asset_id for asset in assets])

    assert memory.content.blocks == blocks
    job = await memory.core.desk.mint([request(asset) for asset in assets])
    minted = {item.asset_id: item for item in job.items}
    for preview in shown:
        item = minted[preview.asset.asset_id]
        assert (preview.cid, preview.token_uri) == (item.metadata_cid, item.token_uri)
        assert await memory.content.read(Cid.parse(preview.cid)) == preview.content
        assert json.loads(preview.text) == json.loads(preview.content)
        assert not preview.is_published


async def test_of_a_token_its_published_metadata_is_shown(memory: MemoryCore) -> None:
    minted, draft = await memory.add_assets(2)
    job = await memory.core.desk.mint([request(minted)])

    first, second = await memory.core.metadata.preview([draft.asset_id, minted.asset_id])

    assert (first.asset.asset_id, first.is_published) == (draft.asset_id, False)
    assert (second.cid, second.is_published) == (job.items[0].metadata_cid, True)
    del memory.content.blocks[Cid.parse(second.cid)]
    with pytest.raises(EnvironmentFault) as caught:
        await memory.core.metadata.preview([minted.asset_id])
    assert caught.value.code is ErrorCode.CONTENT_STORE_UNAVAILABLE


async def test_public_and_confidential_files_are_told_apart(memory: MemoryCore) -> None:
    owner = samples.enterprise()
    files = (samples.attachment(is_image=True), samples.attachment(confidential=True, file_name="secret.pdf"))
    asset = samples.asset(owner, attachments=files)
    await memory.core.register.add_assets([asset], (owner,))

    (preview,) = await memory.core.metadata.preview([asset.asset_id])

    assert (preview.public_files, preview.hashed_files) == (files[:1], files[1:])
    assert preview.schema_version == "2"
    assert preview.file_name == f"{asset.asset_id}.json"


async def test_an_asset_that_is_gone_is_told(memory: MemoryCore) -> None:
    with pytest.raises(UserError) as caught:
        await memory.core.metadata.preview([samples.uuid()])
    assert caught.value.code is ErrorCode.ASSET_NOT_FOUND
