"""Rows 60 to 64: content and recipients, as far as a mint meets them. Rows 65 to 75 belong to other rooms."""

from __future__ import annotations

from dataclasses import replace

import pytest
from eth_abi import encode
from eth_utils.abi import function_signature_to_4byte_selector

from ipnft_desktop.adapters.chain.ip_asset_contract import IPAssetContract
from ipnft_desktop.adapters.content.block_folder import BlockFolder
from ipnft_desktop.adapters.content.blocks import Addition
from ipnft_desktop.adapters.content.unixfs import Block
from ipnft_desktop.bootstrap.adapters import Adapters
from ipnft_desktop.domain.errors import ErrorCode, UserError
from ipnft_desktop.domain.minting import MintStage
from ipnft_desktop.services.mint_desk import MintRequest
from tests.faults.ends import failed_safely, minted_once, pending, tokens_of
from tests.faults.world import OpenWorld, World
from tests.support.chain_fixtures import OTHER_RECIPIENT, RECIPIENT
from tests.support.faulty_adapters import FailingContent
from tests.support.mock_receivers import runtime_code

SEND = "eth_sendRawTransaction"


async def test_60_content_store_down(open_world: OpenWorld) -> None:
    stores: list[FailingContent] = []

    def unreliable(parts: Adapters) -> Adapters:
        stores.append(FailingContent(parts.content))
        return replace(parts, content=stores[0])  # type: ignore[arg-type]

    async with open_world(change=unreliable) as world:
        (asset,) = await world.add()
        (store,) = stores
        store.is_down = True
        nonce, sent = await world.nonce(), world.proxy.count(SEND)
        watch = await world.request(asset)
        await store.refused(3)
        job = await pending(world, asset, watch)
        assert not job.transactions
        assert (await world.nonce(), world.proxy.count(SEND)) == (nonce, sent), "no nonce is used"
        store.is_down = False
        await minted_once(world, asset, watch)
        assert await world.nonce() == nonce + 1


async def test_61_stored_bytes_do_not_match_their_cid(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    put = BlockFolder.put

    def put_on_a_bad_sector(folder: BlockFolder, block: Block, addition: Addition | None = None) -> None:
        monkeypatch.setattr(BlockFolder, "put", put)
        put(folder, block, addition)
        (file,) = world.profile.rglob(block.cid.text)
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 1
        file.write_bytes(content)

    (asset,) = await world.add()
    monkeypatch.setattr(BlockFolder, "put", put_on_a_bad_sector)
    nonce = await world.nonce()
    watch = await world.request(asset)
    failed = await failed_safely(world, asset, watch, ErrorCode.CONTENT_MISMATCH)
    assert not failed.transactions
    assert await world.nonce() == nonce + 1


@pytest.mark.parametrize(
    "recipient",
    [
        "",
        "0x" + "0" * 40,
        RECIPIENT[:-1],
        RECIPIENT + "0",
        RECIPIENT.replace("C", "c", 1),
        RECIPIENT[2:],
        "0x" + "g" * 40,
        "treasury.eth",
    ],
)
async def test_62_recipient_zero_bad_checksum_wrong_length(world: World, recipient: str) -> None:
    (asset,) = await world.add()
    sent = world.proxy.count(SEND)
    with pytest.raises(UserError) as caught:
        await world.core.desk.request([MintRequest(asset.asset_id, recipient)])
    assert caught.value.code is ErrorCode.RECIPIENT_INVALID
    assert caught.value.field == "recipient"
    assert (world.rows("mint_jobs"), world.proxy.count(SEND)) == (0, sent)
    assert await world.state(asset) == "DRAFT"


async def test_63_recipient_contract_refuses(world: World) -> None:
    (asset,) = await world.add()
    await world.ask("hardhat_setCode", OTHER_RECIPIENT, runtime_code("RefusingReceiver"))
    nonce = await world.nonce()
    watch = await world.request(asset, OTHER_RECIPIENT)
    failed = await failed_safely(
        world,
        asset,
        watch,
        ErrorCode.RECIPIENT_REFUSED,
        lambda: world.ask("hardhat_setCode", OTHER_RECIPIENT, runtime_code("AcceptingReceiver")),
    )
    assert not failed.transactions
    assert failed.failure is not None
    assert not failed.failure.gas_spent
    assert await world.nonce() == nonce + 1


async def test_64_recipient_contract_re_enters(world: World) -> None:
    """The recipient is a minter itself and mints the very asset once more while it receives it."""
    (asset,) = await world.add()
    identity = await world.core.adapters.database.read(lambda tx: tx.chain_identity())
    assert identity is not None
    contract, signer = identity.contract_address, world.core.adapters.signer.address
    codec = IPAssetContract.load()
    once_more = codec.call("mintAsset", OTHER_RECIPIENT, asset.asset_id.bytes, b"\1" * 32)
    arm = function_signature_to_4byte_selector("arm(bytes)") + encode(["bytes"], [once_more])
    await world.ask("hardhat_setCode", OTHER_RECIPIENT, runtime_code("ReenteringReceiver"))
    await send(world, signer, contract, codec.call("grantRoles", OTHER_RECIPIENT, 1))
    await send(world, RECIPIENT, OTHER_RECIPIENT, arm)
    job = await minted_once(world, asset, await world.request(asset, OTHER_RECIPIENT))
    assert job.stage is MintStage.COMPLETED
    tokens = tokens_of(world.node_url, asset.asset_id)
    assert [int(token["topics"][2], 16) for token in tokens] == [int(OTHER_RECIPIENT, 16)]


async def send(world: World, sender: str, to: str, data: bytes) -> None:
    """A transaction of an account that the node holds the key of."""
    tx_hash = await world.ask("eth_sendTransaction", {"from": sender, "to": to, "data": "0x" + data.hex()})
    assert (await world.ask("eth_getTransactionReceipt", tx_hash))["status"] == "0x1"
