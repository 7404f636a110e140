"""What only a local Hardhat node allows: mining at will, and building recorded blocks anew."""

from __future__ import annotations

from ipnft_desktop.adapters.chain.answers import LATEST_BLOCK, block_ref
from ipnft_desktop.adapters.chain.impersonation import send_unsigned, unsigned_request
from ipnft_desktop.adapters.chain.json_rpc import JsonRpc, RpcError, as_text
from ipnft_desktop.domain.chain import RecordedBlock
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from ipnft_desktop.domain.phrases import phrase


class HardhatControls:
    """Implements the port `LocalChainControls`; shares the connection of the chain it controls.

    Requests go one after another: the node works on the parts of a batch at once and in any order, but the order of
    transactions is part of what a block hash covers.
    """

    def __init__(self, rpc: JsonRpc) -> None:
        self._rpc = rpc

    async def mine(self, blocks: int = 1) -> None:
        """Add blocks, each mined by itself, so that each is recorded and built anew like any other."""
        for _ in range(blocks):
            await self._rpc.call("evm_mine")

    async def mines_at_once(self) -> bool:
        """Whether each transaction is mined as it comes."""
        return bool(await self._rpc.call("hardhat_getAutomine"))

    async def set_mining(self, *, at_once: bool, interval_s: int | None) -> None:
        """Each transaction as it comes, a block each so many seconds, or, without both, only when somebody mines."""
        await self._rpc.call("evm_setIntervalMining", 1_000 * (interval_s or 0))
        await self._rpc.call("evm_setAutomine", at_once)

    async def set_next_time(self, timestamp_s: int) -> None:
        """Of the next block; those behind it follow. It must be later than the newest block's."""
        await self._rpc.call("evm_setNextBlockTimestamp", timestamp_s)

    async def snapshot(self) -> str:
        """Remember the chain, its pool and its clock; returns the node's name for it."""
        return as_text(await self._rpc.call("evm_snapshot"))

    async def revert(self, snapshot: str) -> bool:
        """Go back; False where the node does not know it, or not any more."""
        return bool(await self._rpc.call("evm_revert", snapshot))

    async def begin_replay(self) -> None:
        """Stop automatic mining, and the node's log of each request, which costs it a quarter of its rate."""
        await self._rpc.call("hardhat_setLoggingEnabled", False)
        await self.set_mining(at_once=False, interval_s=None)

    async def replay(self, block: RecordedBlock) -> str:
        """Rebuild one recorded block on top of the head: same time, same transactions in order; returns its hash.

        Raises EnvironmentFault TX_REJECTED when the node does not take it again.
        """
        number = block.block.number
        for position, raw in enumerate(block.raw_transactions):
            try:
                unsigned = unsigned_request(raw)
                if unsigned is None:
                    await self._rpc.call("eth_sendRawTransaction", "0x" + raw.hex())
                else:
                    await send_unsigned(self._rpc, unsigned)
            except RpcError as error:
                what = phrase(
                    "transaction {position} of block {block} was not taken again: {reason}",
                    position=position,
                    block=number,
                    reason=error.message,
                )
                raise EnvironmentFault(ErrorCode.TX_REJECTED, what) from error
        try:
            await self._rpc.call("evm_mine", hex(block.block.timestamp_s))
        except RpcError as error:
            what = phrase("block {block} was not mined again: {reason}", block=number, reason=error.message)
            raise EnvironmentFault(ErrorCode.TX_REJECTED, what) from error
        method, params = LATEST_BLOCK
        return block_ref(await self._rpc.call(method, *params)).block_hash

    async def end_replay(self) -> None:
        """Mine each transaction at once again."""
        await self._rpc.call("evm_setAutomine", True)
        await self._rpc.call("hardhat_setLoggingEnabled", True)
