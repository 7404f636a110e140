"""EthereumChain beyond the port suite: lost connections, rare answers of a node, and what it costs to import."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from pathlib import Path

import pytest

from ipnft_desktop.adapters.chain.ethereum_chain import EthereumChain
from ipnft_desktop.adapters.chain.hardhat_node import HardhatNode
from ipnft_desktop.adapters.chain.ip_asset_contract import IPAssetContract
from ipnft_desktop.adapters.chain.json_rpc import Json, JsonRpc, RpcCall, RpcError
from ipnft_desktop.adapters.chain.local_signer import LocalSigner
from ipnft_desktop.adapters.chain.simulations import MAX_TRANSACTION_GAS
from ipnft_desktop.domain.chain import LOCAL_CHAIN_ID, ChainIdentity
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, IpnftError, UserError
from ipnft_desktop.paths import PROJECT
from tests.support.chain_fixtures import RECIPIENT, mint_call

CONTRACT = "0x5FbDB2315678afecb367f032d93F642f64180aa3"
INSTANCE = "0x" + "11" * 32
BLOCK: dict[str, Json] = {"number": "0x1", "hash": "0x" + "22" * 32, "timestamp": "0x5"}


async def test_heads_go_on_after_the_node_came_back(tmp_path: Path) -> None:
    node = HardhatNode(tmp_path, preferred_port=0)
    status = await node.start(lambda _line: None)
    port = int(status.rpc_url.rpartition(":")[2])
    rpc = JsonRpc()
    chain = EthereumChain(rpc, head_interval_s=0.01)
    await chain.connect(status.rpc_url)
    heads = chain.heads()
    assert isinstance(heads, AsyncGenerator)
    async with aclosing(heads):
        assert (await anext(heads)).number == 0
        await node.kill()
        with pytest.raises(EnvironmentFault):
            await chain.head()
        news = asyncio.ensure_future(anext(heads))
        again = HardhatNode(tmp_path, preferred_port=port)
        await again.start(lambda _line: None)
        await rpc.call("evm_mine")
        assert (await news).number == 1
    await chain.disconnect()
    await again.stop()


class ScriptedRpc(JsonRpc):
    """A node that answers `eth_estimateGas` as told and everything else as a healthy one."""

    def __init__(self, estimate: Json | RpcError) -> None:
        super().__init__()
        self.asked: list[RpcCall] = []
        self.answers: dict[str, Json | RpcError] = {
            "eth_chainId": hex(LOCAL_CHAIN_ID),
            "eth_getCode": "0x60",
            "eth_call": INSTANCE,
            "eth_getBlockByNumber": BLOCK,
            "eth_feeHistory": {"baseFeePerGas": ["0x1", "0x64"]},
            "eth_maxPriorityFeePerGas": "0x3",
            "eth_getBalance": "0x9",
            "eth_estimateGas": estimate,
        }

    async def batch(self, calls: Sequence[RpcCall]) -> list[Json | RpcError]:
        self.asked += calls
        return [self.answers[method] for method, _ in calls]


async def scripted(estimate: Json | RpcError) -> tuple[EthereumChain, ChainIdentity]:
    chain = EthereumChain(ScriptedRpc(estimate))
    seen = await chain.observe(CONTRACT, 1)
    assert seen.code_hash
    return chain, ChainIdentity(LOCAL_CHAIN_ID, CONTRACT, seen.code_hash, INSTANCE, 1, str(BLOCK["hash"]))


async def error_of(estimate: Json | RpcError) -> IpnftError:
    chain, identity = await scripted(estimate)
    with pytest.raises(IpnftError) as caught:
        await chain.preflight(mint_call(RECIPIENT), identity, RECIPIENT)
    return caught.value


async def test_limits_and_fees_come_from_the_answers() -> None:
    chain, identity = await scripted(hex(100_000))
    found = await chain.preflight(mint_call(RECIPIENT), identity, RECIPIENT)
    assert (found.gas_limit, found.balance_wei) == (110_000, 9)
    fees = found.fees
    assert (fees.max_fee_per_gas_wei, fees.max_priority_fee_per_gas_wei, fees.gas_price_wei) == (203, 3, 103)


async def test_the_margin_stays_below_the_gas_cap() -> None:
    chain, identity = await scripted(hex(MAX_TRANSACTION_GAS))
    assert (await chain.preflight(mint_call(RECIPIENT), identity, RECIPIENT)).gas_limit == MAX_TRANSACTION_GAS
    assert (await error_of(hex(MAX_TRANSACTION_GAS + 1))).code is ErrorCode.GAS_ESTIMATION_FAILED


async def test_a_simulation_may_not_burn_more_than_a_transaction() -> None:
    chain, identity = await scripted("0x5208")
    await chain.preflight(mint_call(RECIPIENT), identity, RECIPIENT)
    (params,) = [params for method, params in chain.__dict__["_rpc"].asked if method == "eth_estimateGas"]
    assert params[0]["gas"] == hex(MAX_TRANSACTION_GAS)


async def test_an_estimate_that_fails_without_a_reason() -> None:
    error = await error_of(RpcError("eth_estimateGas", -32000, "gas required exceeds allowance"))
    assert isinstance(error, EnvironmentFault)
    assert (error.code, error.detail) == (ErrorCode.GAS_ESTIMATION_FAILED, "gas required exceeds allowance")


@pytest.mark.parametrize(
    ("data", "detail"),
    [
        (b"", "reverted without a reason"),
        (bytes.fromhex("deadbeef"), "unknown error 0xdeadbeef"),
        (bytes.fromhex("d2b6d5c1"), "unknown error 0xd2b6d5c1"),  # DuplicateAsset, its value cut off
        (bytes.fromhex("08c379a0" + f"{32:064x}{2:064x}" + "6869".ljust(64, "0")), "Error(hi)"),
        (bytes.fromhex("4e487b71" + f"{17:064x}"), "Panic(17)"),
    ],
)
async def test_reverts_of_every_kind_are_named(data: bytes, detail: str) -> None:
    error = await error_of(RpcError("eth_estimateGas", 3, "execution reverted", data))
    assert (error.code, error.detail) == (ErrorCode.TX_REVERTED, detail)


async def test_only_the_contract_itself_can_say_that_no_token_exists() -> None:
    chain, _ = await scripted("0x5208")
    chain.use_contract(CONTRACT)
    rpc = chain.__dict__["_rpc"]
    for data in (None, b"", bytes.fromhex("deadbeef")):
        rpc.answers["eth_call"] = RpcError("eth_call", 3, "execution reverted", data)
        with pytest.raises(EnvironmentFault) as caught:
            await chain.owners([7])
        assert caught.value.code is ErrorCode.NODE_UNREACHABLE
    rpc.answers["eth_call"] = RpcError("eth_call", 3, "execution reverted", bytes.fromhex("ceea21b6"))
    assert await chain.owners([7]) == {7: None}


def test_only_announcements_of_our_contract_count() -> None:
    contract = IPAssetContract.load()
    asset_id = mint_call(RECIPIENT).asset_ids[0]

    def log(address: str, event: str, sender: int, token_id: int) -> Json:
        topics = [event, f"0x{sender:064x}", "0x" + RECIPIENT[2:].rjust(64, "0"), f"0x{token_id:064x}"]
        return {"address": address, "topics": [*topics], "data": "0x"}

    transfer = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"
    ours = log(CONTRACT.lower(), transfer, 0, asset_id.int)
    others: list[Json] = [
        log(RECIPIENT, transfer, 0, asset_id.int),
        log(CONTRACT, "0x" + "33" * 32, 0, asset_id.int),
        log(CONTRACT, transfer, 7, asset_id.int),
        log(CONTRACT, transfer, 0, 2**128),
        {"address": CONTRACT, "topics": [transfer], "data": "0x"},
    ]

    assert [token.asset_id for token in contract.minted([*others, ours], CONTRACT)] == [asset_id]
    assert contract.minted([ours], None) == ()


@pytest.mark.parametrize(
    ("url", "chain_id", "expected"),
    [
        ("http://127.0.0.1:1", LOCAL_CHAIN_ID, True),
        ("http://127.0.0.1:1", 1, False),
        ("http://192.0.2.1:1", LOCAL_CHAIN_ID, False),
    ],
)
async def test_a_chain_is_local_by_id_and_address(
    url: str, chain_id: int, expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    rpc = JsonRpc()

    async def answer(*_: object) -> Json:
        return hex(chain_id)

    monkeypatch.setattr(rpc, "call", answer)
    chain = EthereumChain(rpc)
    signer = LocalSigner(lambda: chain.is_local)
    assert not chain.is_local
    await chain.connect(url)

    assert chain.is_local is expected
    if not expected:
        found = await scripted("0x5208")
        plan = (await found[0].preflight(mint_call(RECIPIENT), found[1], RECIPIENT)).plan
        with pytest.raises(UserError) as caught:
            signer.sign(plan, 0)
        assert caught.value.code is ErrorCode.TEST_KEY_ON_PUBLIC_CHAIN
    await chain.disconnect()
    assert not chain.is_local


def test_importing_the_adapter_leaves_slow_libraries_for_later() -> None:
    script = """
import sys
import ipnft_desktop.adapters.chain.hardhat_node, ipnft_desktop.adapters.chain.local_controls
import ipnft_desktop.adapters.chain.local_signer, ipnft_desktop.adapters.chain.ethereum_chain
import ipnft_desktop.adapters.chain.collection_terms
print([name for name in ("aiohttp", "eth_abi", "eth_utils", "eth_account", "web3", "coincurve") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


async def test_a_receipt_younger_than_the_head_found_with_it_is_the_head() -> None:
    chain, _ = await scripted("0x5208")
    rpc = chain.__dict__["_rpc"]
    mined: dict[str, Json] = {
        "transactionHash": "0x" + "44" * 32,
        "blockNumber": "0x2",
        "blockHash": "0x" + "55" * 32,
        "status": "0x1",
        "gasUsed": "0x5208",
        "effectiveGasPrice": "0x1",
        "logs": [],
    }
    rpc.answers["eth_getTransactionReceipt"] = mined
    rpc.answers["eth_getBlockByHash"] = {"number": "0x2", "hash": mined["blockHash"], "timestamp": "0x7"}

    look = await chain.look([str(mined["transactionHash"])], 1)

    assert (look.head.number, look.head.timestamp_s) == (2, 7)
    assert look.anchor is not None
    assert look.anchor.number == 1
