"""Searches the chain's past: who used a nonce, and which tokens were ever minted."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING

from ipnft_desktop.adapters.chain.answers import block_call, block_ref
from ipnft_desktop.adapters.chain.json_rpc import (
    Json,
    JsonRpc,
    RpcCall,
    RpcError,
    as_bytes,
    as_list,
    as_object,
    as_quantity,
    as_text,
)
from ipnft_desktop.adapters.chain.raw_transactions import mined_record
from ipnft_desktop.domain.chain import MinedData, MintSighting, NonceUse
from ipnft_desktop.domain.minting import TransactionRecord

if TYPE_CHECKING:
    from ipnft_desktop.adapters.chain.ip_asset_contract import IPAssetContract

LOG_WINDOW_BLOCKS = 10_000
"""What public nodes commonly search for events at once."""
HEIGHTS_AT_ONCE = 16
"""Heights asked for in one batch: ten million blocks take six batches."""


class ChainSearch:
    """Finds by asking for as little as it can; a node that does not keep the past finds less."""

    def __init__(self, rpc: JsonRpc) -> None:
        self._rpc = rpc

    async def nonce_use(self, address: str, nonce: int, since_block: int) -> NonceUse | None:
        """The mined transaction with which the account used this nonce, in `since_block` or later.

        None where it is not used, and where the node no longer knows the account's state at that height.
        """
        head = as_quantity(await self._rpc.call("eth_blockNumber"))
        (used,) = await self._used_at([head], address, nonce)
        if not used or since_block > head:
            return None
        number = await self._first_height(address, nonce, since_block, head)
        method, params = block_call(number, with_transactions=True)
        block = await self._rpc.call(method, *params)
        if block is None:
            return None
        for transaction in map(as_object, as_list(as_object(block).get("transactions"))):
            is_sender = as_text(transaction.get("from")).lower() == address.lower()
            if is_sender and as_quantity(transaction.get("nonce")) == nonce:
                return NonceUse(as_text(transaction.get("hash")), block_ref(block))
        return None

    async def mined_transaction(self, tx_hash: str) -> TransactionRecord | None:
        """A mined transaction of anybody, rebuilt to its signed bytes; None if the chain has none.

        Raises Defect for a kind of transaction that cannot be rebuilt.
        """
        transaction = await self._rpc.call("eth_getTransactionByHash", tx_hash)
        if transaction is None or as_object(transaction).get("blockHash") is None:
            return None
        return mined_record(as_object(transaction))

    async def mined_data(self, tx_hash: str) -> MinedData | None:
        """What a mined transaction of anybody carried, proved by its hash; None if the chain has none.

        Raises Defect for a kind of transaction that cannot be rebuilt.
        """
        transaction = await self._rpc.call("eth_getTransactionByHash", tx_hash)
        if transaction is None or as_object(transaction).get("blockHash") is None:
            return None
        fields = as_object(transaction)
        return MinedData(
            mined_record(fields).signer, as_bytes(fields.get("input")), as_quantity(fields.get("blockNumber"))
        )

    async def mints_between(
        self, first: int, last: int, codec: IPAssetContract, contract_address: str
    ) -> tuple[MintSighting, ...]:
        """Mint events of a contract, both blocks included, in the chain's order."""
        chunks = [
            codec.sightings(logs, contract_address)
            async for logs in self.logs(contract_address, codec.mint_topics(), first, last, LOG_WINDOW_BLOCKS)
        ]
        return tuple(sighting for chunk in reversed(chunks) for sighting in chunk)

    async def mint_of(
        self, token_id: int, since_block: int, codec: IPAssetContract, contract_address: str
    ) -> MintSighting | None:
        """The mint event of one token in `since_block` or later; None if there is none."""
        head = as_quantity(await self._rpc.call("eth_blockNumber"))
        topics, everything = codec.mint_topics(token_id), head + 1
        async with aclosing(self.logs(contract_address, topics, since_block, head, everything)) as chunks:
            async for logs in chunks:
                if found := codec.sightings(logs, contract_address):
                    return found[0]
        return None

    async def logs(
        self, address: str, topics: Sequence[Json], first: int, last: int, window_blocks: int
    ) -> AsyncGenerator[list[Json]]:
        """Events in windows, the latest first; smaller windows where the node refuses one."""
        while first <= last:
            start = max(first, last - window_blocks + 1)
            wanted: Json = {"address": address, "topics": [*topics], "fromBlock": hex(start), "toBlock": hex(last)}
            try:
                logs = as_list(await self._rpc.call("eth_getLogs", wanted))
            except RpcError:
                if start == last:
                    raise
                window_blocks = min(LOG_WINDOW_BLOCKS, (last - start + 1) // 2)
                continue
            yield logs
            last = start - 1

    async def _first_height(self, address: str, nonce: int, first: int, last: int) -> int:
        """The lowest height at which the nonce is known to be used; it is at `last`.

        Where the node has no state any more it counts as unused: who then is found in the block decides.
        """
        while first < last:
            step = max(1, (last - first) // HEIGHTS_AT_ONCE)
            heights = list(range(first, last, step))[:HEIGHTS_AT_ONCE]
            for height, used in zip(heights, await self._used_at(heights, address, nonce), strict=True):
                if used:
                    last = height
                    break
                first = height + 1
        return last

    async def _used_at(self, heights: Sequence[int], address: str, nonce: int) -> list[bool]:
        calls: list[RpcCall] = [("eth_getTransactionCount", [address, hex(height)]) for height in heights]
        return [
            not isinstance(count, RpcError) and as_quantity(count) > nonce for count in await self._rpc.batch(calls)
        ]
