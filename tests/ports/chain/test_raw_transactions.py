"""Transactions rebuilt from what a node tells are byte for byte those that were sent. The oracle is eth_account."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from eth_account import Account

from ipnft_desktop.adapters.chain.ethereum_chain import EthereumChain
from ipnft_desktop.adapters.chain.json_rpc import Json, JsonRpc, as_list, as_object, as_quantity
from ipnft_desktop.adapters.chain.raw_transactions import rebuild
from ipnft_desktop.domain.chain import LOCAL_CHAIN_ID, NodeStatus
from ipnft_desktop.domain.errors import Defect
from tests.support.chain_fixtures import OTHER_RECIPIENT

Account.enable_unaudited_hdwallet_features()
SENDER = Account.create()

GWEI = 10**9
KINDS: dict[str, dict[str, Any]] = {
    "legacy": {"gasPrice": 3 * GWEI},
    "legacy-before-eip-155": {"gasPrice": 3 * GWEI, "chainId": None},
    "access-list": {
        "type": 1,
        "gasPrice": 3 * GWEI,
        "accessList": [{"address": OTHER_RECIPIENT, "storageKeys": ["0x" + "00" * 31 + "07"]}],
    },
    "dynamic-fee": {"type": 2, "maxFeePerGas": 3 * GWEI, "maxPriorityFeePerGas": GWEI},
    "dynamic-fee-with-access-list": {
        "type": 2,
        "maxFeePerGas": 3 * GWEI,
        "maxPriorityFeePerGas": 0,
        "accessList": [{"address": OTHER_RECIPIENT, "storageKeys": []}],
    },
    "creation": {"type": 2, "maxFeePerGas": 3 * GWEI, "maxPriorityFeePerGas": GWEI, "to": None, "data": "0x00"},
    "long-data": {"type": 2, "maxFeePerGas": 3 * GWEI, "maxPriorityFeePerGas": GWEI, "data": "0x" + "ab" * 70_000},
}


@pytest.fixture
async def rpc(hardhat_node: NodeStatus) -> AsyncIterator[JsonRpc]:
    rpc = JsonRpc()
    await rpc.open(hardhat_node.rpc_url)
    await rpc.call("hardhat_setBalance", SENDER.address, hex(10**20))
    yield rpc
    await rpc.close()


async def signed(rpc: JsonRpc, changes: dict[str, Any]) -> bytes:
    nonce = as_quantity(await rpc.call("eth_getTransactionCount", SENDER.address, "latest"))
    fields = {
        "chainId": LOCAL_CHAIN_ID,
        "nonce": nonce,
        "to": OTHER_RECIPIENT,
        "value": 5,
        "gas": 5_000_000,
        "data": "0x",
    }
    merged = {name: value for name, value in (fields | changes).items() if value is not None}
    return bytes(SENDER.sign_transaction(merged).raw_transaction)


async def mined(rpc: JsonRpc, raw: bytes) -> tuple[int, dict[str, Json]]:
    tx_hash = await rpc.call("eth_sendRawTransaction", "0x" + raw.hex())
    transaction = as_object(await rpc.call("eth_getTransactionByHash", tx_hash))
    return as_quantity(transaction["blockNumber"]), transaction


@pytest.mark.parametrize("kind", KINDS)
async def test_a_block_keeps_its_transactions_byte_for_byte(rpc: JsonRpc, kind: str) -> None:
    raw = await signed(rpc, KINDS[kind])
    number, _ = await mined(rpc, raw)

    recorded = (await EthereumChain(rpc).blocks_for_journal(number, number))[0]

    assert recorded.raw_transactions == (raw,)
    assert recorded.block.number == number


async def test_a_wrong_rebuild_is_a_defect(rpc: JsonRpc) -> None:
    _, transaction = await mined(rpc, await signed(rpc, KINDS["dynamic-fee"]))
    assert rebuild(transaction)

    for changes in ({"value": "0x6"}, {"hash": "0x" + "00" * 32}, {"yParity": "0x7"}, {"type": "0x3"}):
        with pytest.raises(Defect):
            rebuild(transaction | changes)


async def test_transactions_of_one_block_keep_their_order(rpc: JsonRpc) -> None:
    await rpc.call("evm_setAutomine", False)
    raws: list[bytes] = []
    nonce = as_quantity(await rpc.call("eth_getTransactionCount", SENDER.address, "latest"))
    for offset in range(3):
        raws.append(await signed(rpc, KINDS["dynamic-fee"] | {"nonce": nonce + offset}))
        await rpc.call("eth_sendRawTransaction", "0x" + raws[-1].hex())
    await rpc.call("evm_mine")
    await rpc.call("evm_setAutomine", True)
    block = as_object(await rpc.call("eth_getBlockByNumber", "latest", False))
    assert len(as_list(block["transactions"])) == 3

    recorded = (
        await EthereumChain(rpc).blocks_for_journal(as_quantity(block["number"]), as_quantity(block["number"]))
    )[0]

    assert recorded.raw_transactions == tuple(raws)
