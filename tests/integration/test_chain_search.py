"""Searching a long past with few requests, on nodes that refuse much of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from ipnft_desktop.adapters.chain.chain_search import HEIGHTS_AT_ONCE, LOG_WINDOW_BLOCKS
from ipnft_desktop.adapters.chain.contract_caller import ContractCaller
from ipnft_desktop.adapters.chain.ethereum_chain import EthereumChain
from ipnft_desktop.adapters.chain.ip_asset_contract import IPAssetContract
from ipnft_desktop.adapters.chain.json_rpc import Json, JsonRpc, RpcCall, RpcError, as_object, as_quantity
from ipnft_desktop.adapters.chain.local_controls import HardhatControls
from ipnft_desktop.adapters.chain.local_signer import LocalSigner
from ipnft_desktop.domain.certificates import TransferEvent, ValidityEvent
from ipnft_desktop.domain.errors import EnvironmentFault
from ipnft_desktop.domain.minting import TransactionPurpose, TransactionRecord
from tests.support.anvil_node import anvil_node
from tests.support.node_oracle import NOBODY, TRANSFER

HEAD = 20_000_000
CONTRACT = "0x5FbDB2315678afecb367f032d93F642f64180aa3"
OWNER = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
ACCOUNT = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"


class LongChain(JsonRpc):
    """Twenty million blocks; `used` are the heights at which the account's transactions were mined, and also its
    contract's mints. State below `oldest_state` is forgotten; events are searched `max_range` blocks at a time."""

    def __init__(self, used: Sequence[int], *, oldest_state: int = 0, max_range: int = HEAD + 1) -> None:
        super().__init__()
        self.used = list(used)
        self.oldest_state = oldest_state
        self.max_range = max_range
        self.ranges: list[tuple[int, int]] = []
        self.round_trips = 0

    async def call(self, method: str, *params: Json) -> Json:
        (outcome,) = await self.batch([(method, list(params))])
        if isinstance(outcome, RpcError):
            raise outcome
        return outcome

    async def batch(self, calls: Sequence[RpcCall]) -> list[Json | RpcError]:
        self.round_trips += 1
        assert len(calls) <= HEIGHTS_AT_ONCE
        return [self._answer(method, params) for method, params in calls]

    def _answer(self, method: str, params: list[Json]) -> Json | RpcError:
        match method:
            case "eth_blockNumber":
                return hex(HEAD)
            case "eth_getTransactionCount":
                height = as_quantity(params[1])
                if height < self.oldest_state:
                    return RpcError(method, -32000, "missing trie node")
                return hex(sum(used <= height for used in self.used))
            case "eth_getBlockByNumber":
                return self._block(as_quantity(params[0]))
            case _:
                assert method == "eth_getLogs"
                return self._logs(as_object(params[0]))

    def _block(self, number: int) -> Json:
        nonces = [nonce for nonce, used in enumerate(self.used) if used == number]
        transactions: list[Json] = [{"from": OWNER.lower(), "nonce": hex(nonce), "hash": "0x01"} for nonce in nonces]
        transactions += [{"from": ACCOUNT.lower(), "nonce": hex(nonce), "hash": f"0x{nonce:064x}"} for nonce in nonces]
        return {"number": hex(number), "hash": f"0x{number:064x}", "timestamp": "0x5", "transactions": transactions}

    def _logs(self, wanted: dict[str, Json]) -> Json | RpcError:
        first, last = as_quantity(wanted["fromBlock"]), as_quantity(wanted["toBlock"])
        self.ranges.append((first, last))
        if last - first + 1 > self.max_range:
            return RpcError("eth_getLogs", -32005, "query exceeds max block range")
        topics = wanted["topics"]
        assert isinstance(topics, list)
        assert (wanted["address"], topics[:2]) == (CONTRACT, ["0x" + TRANSFER[2:], NOBODY])
        return [_log(nonce, used) for nonce, used in enumerate(self.used) if first <= used <= last]


def _log(token_id: int, block: int) -> Json:
    owner = "0x" + OWNER[2:].rjust(64, "0")
    return {
        "address": CONTRACT.lower(),
        "topics": [TRANSFER, NOBODY, owner, f"0x{token_id:064x}"],
        "transactionHash": f"0x{token_id:064x}",
        "blockNumber": hex(block),
    }


def chain_over(rpc: JsonRpc) -> EthereumChain:
    chain = EthereumChain(rpc)
    chain.use_contract(CONTRACT)
    return chain


@pytest.mark.parametrize("used", [0, 1, 7_654_321, HEAD - 1, HEAD])
async def test_a_nonce_is_found_among_twenty_million_blocks(used: int) -> None:
    rpc = LongChain([used])

    found = await chain_over(rpc).nonce_use(ACCOUNT, 0, 0)

    assert found is not None
    assert (found.block.number, found.tx_hash) == (used, f"0x{0:064x}")
    assert rpc.round_trips <= 10


async def test_every_nonce_between_its_neighbours() -> None:
    heights = [5, 6, 6, 6, 900, 901, 19_999_999, 20_000_000]
    chain = chain_over(LongChain(heights))
    for nonce, height in enumerate(heights):
        found = await chain.nonce_use(ACCOUNT, nonce, 3)
        assert found is not None
        assert (found.block.number, found.tx_hash) == (height, f"0x{nonce:064x}")
    assert await chain.nonce_use(ACCOUNT, len(heights), 3) is None


async def test_a_forgetful_node_tells_what_it_still_knows() -> None:
    chain = chain_over(LongChain([4_000_000, HEAD - 50, HEAD - 20], oldest_state=HEAD - 127))
    recent = await chain.nonce_use(ACCOUNT, 1, 0)
    assert recent is not None
    assert recent.block.number == HEAD - 50
    assert await chain.nonce_use(ACCOUNT, 0, 0) is None


async def test_mints_are_searched_in_windows() -> None:
    mined = [100, LOG_WINDOW_BLOCKS + 100, LOG_WINDOW_BLOCKS + 200, 35_000]
    rpc = LongChain(mined, max_range=LOG_WINDOW_BLOCKS)

    found = await chain_over(rpc).mints_between(100, 35_000)

    assert [mint.block_number for mint in found] == mined
    assert [mint.asset_id for mint in found] == [UUID(int=token_id) for token_id in range(4)]
    assert len(rpc.ranges) == 4
    assert sorted(rpc.ranges)[0][0] == 100
    assert [first for first, _ in sorted(rpc.ranges)[1:]] == [last + 1 for _, last in sorted(rpc.ranges)[:-1]]


async def test_a_refused_window_is_halved() -> None:
    mined = list(range(0, 10_000, 700))
    rpc = LongChain(mined, max_range=2000)

    found = await chain_over(rpc).mints_between(0, 9_999)

    assert [mint.block_number for mint in found] == mined
    served = sorted(covered for covered in rpc.ranges if covered[1] - covered[0] < 2000)
    assert [first for first, _ in served] == [0, *(last + 1 for _, last in served[:-1])]
    assert served[-1][1] == 9_999


async def test_a_node_that_refuses_every_window_is_an_error() -> None:
    with pytest.raises(EnvironmentFault):
        await chain_over(LongChain([], max_range=0)).mints_between(0, 9_999)


async def test_one_token_is_asked_for_at_once_then_from_the_newest_window() -> None:
    whole = LongChain([HEAD - 15_000])
    found = await chain_over(whole).mint_of(0)
    assert found is not None
    assert found.block_number == HEAD - 15_000
    assert whole.ranges == [(0, HEAD)]

    windows = LongChain([HEAD - 15_000], max_range=LOG_WINDOW_BLOCKS)
    assert await chain_over(windows).mint_of(0) == found
    assert len(windows.ranges) == 3


async def test_a_pruned_node_knows_no_more_than_it_keeps(tmp_path: Path) -> None:
    with anvil_node(tmp_path, "--prune-history", "20") as url:
        rpc = JsonRpc()
        chain = EthereumChain(rpc)
        signer = LocalSigner(lambda: chain.is_local)
        chain_id = await chain.connect(url)
        controls = HardhatControls(rpc)
        await controls.begin_replay()
        transfers: list[TransactionRecord] = []
        for nonce, blocks_after in ((0, 60), (1, 5)):
            fees = await chain.fees()
            transfers.append(signer.sign_self_transfer(chain_id, nonce, fees, TransactionPurpose.FILL))
            await chain.send_raw(transfers[-1].raw)
            await controls.mine(blocks_after)

        assert await chain.nonce_use(signer.address, 0, 0) is None
        recent = await chain.nonce_use(signer.address, 1, 0)
        assert recent is not None
        assert (recent.tx_hash, recent.block.number) == (transfers[1].tx_hash, 61)
        await chain.disconnect()


class TokenHistory(LongChain):
    """One token that was minted and later suspended."""

    MINTED, SUSPENDED = HEAD - 25_000, HEAD - 100

    def _logs(self, wanted: dict[str, Json]) -> Json | RpcError:
        first, last = as_quantity(wanted["fromBlock"]), as_quantity(wanted["toBlock"])
        self.ranges.append((first, last))
        if last - first + 1 > self.max_range:
            return RpcError("eth_getLogs", -32005, "query exceeds max block range")
        topics = wanted["topics"]
        assert isinstance(topics, list)
        token = f"0x{7:064x}"
        height, told = self.MINTED, [topics[0], NOBODY, "0x" + OWNER[2:].rjust(64, "0"), token]
        if topics[1] == token:
            height, told = self.SUSPENDED, [topics[0], token, f"0x{1:064x}"]
        where: dict[str, Json] = {"blockNumber": hex(height), "logIndex": "0x0", "transactionHash": "0x01"}
        log: Json = {**where, "address": CONTRACT, "topics": told, "data": "0x" + "00" * 32}
        return [log] if first <= height <= last else []

    def _answer(self, method: str, params: list[Json]) -> Json | RpcError:
        return {"from": ACCOUNT} if method == "eth_getTransactionByHash" else super()._answer(method, params)


class ContractInUse:
    async def codec(self) -> IPAssetContract:
        return IPAssetContract.load()

    def address_in_use(self) -> str:
        return CONTRACT


@pytest.mark.parametrize("max_range", [HEAD, 1_000])
async def test_the_events_of_a_token_are_found_where_a_node_refuses_long_ranges(max_range: int) -> None:
    rpc = TokenHistory([], max_range=max_range)
    reader: Any = ContractInUse()
    found = await ContractCaller(rpc, reader).token_events(7, rpc.MINTED - 10)
    assert [event.block_number for event in found] == [rpc.MINTED, rpc.SUSPENDED]
    assert [type(event) for event in found] == [TransferEvent, ValidityEvent]
    refused = [each for each in rpc.ranges if each[1] - each[0] >= max_range]
    assert len(refused) <= 2 * 5, "what was refused once is not asked for again"
