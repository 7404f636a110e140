"""Reads blocks and receipts. A receipt lacks its block's time, so times once seen are kept."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ipnft_desktop.adapters.chain.answers import LATEST_BLOCK, block_call, block_ref, receipt_from
from ipnft_desktop.adapters.chain.json_rpc import Json, JsonRpc, RpcCall, as_list, as_object, as_text, unreadable
from ipnft_desktop.adapters.chain.raw_transactions import rebuild
from ipnft_desktop.domain.chain import BlockRef, ChainLook, Receipt, RecordedBlock

if TYPE_CHECKING:
    from ipnft_desktop.adapters.chain.ip_asset_contract import IPAssetContract

KEPT_TIMES = 1024


class BlockReader:
    """Asks through `rpc` for blocks by height and for what is mined in them."""

    def __init__(self, rpc: JsonRpc) -> None:
        self._rpc = rpc
        self._times_s: OrderedDict[str, int] = OrderedDict()

    async def head(self) -> BlockRef:
        """The newest block."""
        method, params = LATEST_BLOCK
        return self._remembered(block_ref(await self._rpc.call(method, *params)))

    async def block_at(self, number: int) -> BlockRef | None:
        """None where the chain is shorter."""
        method, params = block_call(number)
        block = await self._rpc.call(method, *params)
        return None if block is None else self._remembered(block_ref(block))

    async def look(
        self, tx_hashes: Sequence[str], anchor: int | None, codec: IPAssetContract, contract_address: str | None
    ) -> ChainLook:
        """The newest block, the block at the height `anchor`, and the receipts, in one batch.

        A node answers the parts of a batch one after another: a receipt from a block younger than the head found
        makes that block the head.
        """
        blocks = [LATEST_BLOCK] if anchor is None else [LATEST_BLOCK, block_call(anchor)]
        calls: list[RpcCall] = [("eth_getTransactionReceipt", [tx_hash]) for tx_hash in tx_hashes]
        answers = await self._rpc.batch_values([*blocks, *calls])
        newest, *anchors = [
            None if block is None else self._remembered(block_ref(block)) for block in answers[: len(blocks)]
        ]
        if newest is None:
            unreadable("a request for the newest block")
        found = answers[len(blocks) :]
        await self._learn_times(as_text(as_object(receipt).get("blockHash")) for receipt in found if receipt)
        receipts = {
            tx_hash: None if receipt is None else self._receipt(receipt, codec, contract_address)
            for tx_hash, receipt in zip(tx_hashes, found, strict=True)
        }
        seen = [newest, *(receipt.block for receipt in receipts.values() if receipt)]
        return ChainLook(max(seen, key=lambda block: block.number), anchors[0] if anchors else None, receipts)

    async def recorded(self, first: int, last: int) -> tuple[RecordedBlock, ...]:
        """Blocks with their raw transactions, rebuilt and each checked against its hash; both ends are included.

        Raises Defect for a transaction that cannot be rebuilt, NODE_UNREACHABLE where there is no such block.
        """
        calls = [block_call(number, with_transactions=True) for number in range(first, last + 1)]
        answers = await self._rpc.batch_values(calls)
        # Aside from the event loop: the hashes of a full block alone can take more than a frame.
        blocks = await asyncio.get_running_loop().run_in_executor(None, lambda: tuple(map(_recorded, answers)))
        for block in blocks:
            self._remembered(block.block)
        return blocks

    def _receipt(self, receipt: Json, codec: IPAssetContract, contract_address: str | None) -> Receipt:
        time_s = self._times_s[as_text(as_object(receipt).get("blockHash"))]
        return receipt_from(receipt, time_s, codec, contract_address)

    def _remembered(self, block: BlockRef) -> BlockRef:
        self._times_s[block.block_hash] = block.timestamp_s
        return block

    async def _learn_times(self, block_hashes: Iterable[str]) -> None:
        """Times of these blocks, asked for once: what a hash names never changes."""
        wanted = dict.fromkeys(block_hashes)
        for block_hash in wanted.keys() & self._times_s.keys():
            self._times_s.move_to_end(block_hash)  # what is wanted now must not be among the forgotten
        unknown = [block_hash for block_hash in wanted if block_hash not in self._times_s]
        calls: list[RpcCall] = [("eth_getBlockByHash", [block_hash, False]) for block_hash in unknown]
        for block in await self._rpc.batch_values(calls):
            self._remembered(block_ref(block))
        while len(self._times_s) > max(KEPT_TIMES, 2 * len(wanted)):
            self._times_s.popitem(last=False)


def _recorded(answer: Json) -> RecordedBlock:
    block = as_object(answer)
    raw = tuple(rebuild(as_object(transaction)) for transaction in as_list(block.get("transactions")))
    return RecordedBlock(block_ref(block), raw)
