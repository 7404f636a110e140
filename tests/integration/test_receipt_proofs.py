"""Proofs made from what a node answers: the oracle is the block's own hash, which the node made."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from ipnft_desktop.adapters.chain.json_rpc import JsonRpc
from ipnft_desktop.adapters.chain.receipt_proofs import ReceiptProofs
from ipnft_desktop.domain.chain import NodeStatus
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from ipnft_verify.broken import MISREAD, Broken
from ipnft_verify.chain_proof import mined_in
from tests.support.chain_fixtures import OTHER_RECIPIENT, RECIPIENT, node_in_thread
from tests.support.node_oracle import ask

MANY = 140
"""More than 128: from there on the keys of the trie have two bytes."""


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NodeStatus]:
    with node_in_thread(tmp_path_factory.mktemp("node")) as status:
        yield status


@pytest.fixture
async def proofs(node: NodeStatus) -> AsyncIterator[ReceiptProofs]:
    rpc = JsonRpc(10)
    await rpc.open(node.rpc_url)
    yield ReceiptProofs(rpc)
    await rpc.close()


def mined_together(rpc_url: str, count: int) -> list[str]:
    """Hashes of transactions of several kinds in one block."""
    ask(rpc_url, "evm_setAutomine", False)
    kinds: list[dict[str, object]] = [
        {},
        {"gasPrice": hex(3 * 10**9)},
        {"gasPrice": hex(3 * 10**9), "accessList": [{"address": OTHER_RECIPIENT, "storageKeys": ["0x" + "00" * 32]}]},
    ]
    hashes = [
        ask(
            rpc_url,
            "eth_sendTransaction",
            {"from": RECIPIENT, "to": OTHER_RECIPIENT, "value": "0x1", "gas": hex(30_000)} | kinds[number % 3],
        )
        for number in range(count)
    ]
    ask(rpc_url, "evm_mine")
    ask(rpc_url, "evm_setAutomine", True)
    return hashes


@pytest.mark.parametrize("count", [1, 2, 17, MANY])
async def test_each_transaction_is_proved_with_its_own_gas(node: NodeStatus, proofs: ReceiptProofs, count: int) -> None:
    hashes = await asyncio.to_thread(mined_together, node.rpc_url, count)
    chosen = [hashes[index] for index in sorted({0, 1, 15, 16, 127, 128, count - 1}) if index < count]
    found = await proofs.mined(chosen)
    assert [proof.tx_hash for proof in found] == chosen
    for proof in found:
        mined = mined_in(proof.header, proof.transaction_index, proof.transaction_proof, proof.receipt_proof)
        receipt = await asyncio.to_thread(ask, node.rpc_url, "eth_getTransactionReceipt", proof.tx_hash)
        assert "0x" + mined.header.block_hash.hex() == receipt["blockHash"] == proof.block_hash
        assert "0x" + mined.transaction.tx_hash.hex() == proof.tx_hash
        assert mined.transaction.sender == RECIPIENT
        assert mined.gas_used == int(receipt["gasUsed"], 16)
        assert mined.transaction.price_wei(mined.header.base_fee_wei) == int(receipt["effectiveGasPrice"], 16)


async def test_a_proof_holds_for_its_own_place_only(node: NodeStatus, proofs: ReceiptProofs) -> None:
    hashes = await asyncio.to_thread(mined_together, node.rpc_url, 20)
    first, second = await proofs.mined([hashes[3], hashes[4]])
    for index in (2, 4, 19, 20, 300):
        with pytest.raises((Broken, *MISREAD)):
            mined_in(first.header, index, first.transaction_proof, first.receipt_proof)
    with pytest.raises((Broken, *MISREAD)):
        mined_in(first.header, 3, second.transaction_proof, first.receipt_proof)


async def test_a_transaction_the_chain_does_not_have_is_not_proved(proofs: ReceiptProofs) -> None:
    with pytest.raises(EnvironmentFault) as caught:
        await proofs.mined(["0x" + "12" * 32])
    assert caught.value.code is ErrorCode.EVIDENCE_NOT_PROVED


async def test_what_does_not_give_the_hash_of_its_block_is_refused(
    node: NodeStatus, proofs: ReceiptProofs, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tx_hash,) = await asyncio.to_thread(mined_together, node.rpc_url, 1)
    call = JsonRpc.call

    async def lie(rpc: JsonRpc, method: str, *params: object) -> object:
        answer = await call(rpc, method, *params)  # type: ignore[arg-type]
        return answer | {"gasUsed": "0x1"} if method == "eth_getBlockByHash" else answer  # type: ignore[operator]

    monkeypatch.setattr(JsonRpc, "call", lie)
    with pytest.raises(EnvironmentFault) as caught:
        await proofs.mined([tx_hash])
    assert caught.value.code is ErrorCode.EVIDENCE_NOT_PROVED


async def test_an_address_without_a_token_has_no_state(proofs: ReceiptProofs) -> None:
    with pytest.raises(EnvironmentFault) as caught:
        await proofs.token_now(OTHER_RECIPIENT, 1)
    assert caught.value.code is ErrorCode.EVIDENCE_NOT_PROVED
