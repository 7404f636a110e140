"""Keeps every block with its time and raw transactions, because a local node keeps none of them.

A token counts as minted only after its block is in the journal, so whatever is said to be minted can be restored.
"""

from __future__ import annotations

import asyncio

from ipnft_desktop.domain.chain import RecordedBlock
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from ipnft_desktop.domain.phrases import phrase
from ipnft_desktop.services.environment import Tell
from ipnft_desktop.services.ports import Chain, Database, LocalChainControls

BLOCKS_PER_COMMIT = 64


class ChainJournal:
    """Records the chain block by block and replays it onto a fresh node."""

    def __init__(self, database: Database, chain: Chain, controls: LocalChainControls) -> None:
        self._database = database
        self._chain = chain
        self._controls = controls
        self._recording = asyncio.Lock()

    async def record_up_to(self, block_number: int) -> None:
        """Journal all blocks from the last recorded one up to `block_number`."""
        async with self._recording:
            last = await self._database.read(lambda tx: tx.last_recorded_block())
            next_number = 1 if last is None else last.number + 1
            while next_number <= block_number:
                blocks = await self.read(next_number, min(next_number + BLOCKS_PER_COMMIT - 1, block_number))
                await self._database.write(lambda tx, blocks=blocks: tx.append_blocks(blocks))
                next_number += len(blocks)

    async def read(self, first: int, last: int) -> list[RecordedBlock]:
        """Blocks as they are journalled, from the chain; both ends are included."""
        return [await self._chain.block_for_journal(number) for number in range(first, last + 1)]

    async def replay(self, tell: Tell) -> tuple[int, int]:
        """Rebuild the recorded chain on a node that lost it; returns blocks and transactions replayed.

        Continues behind what the node already has. Raises EnvironmentFault CHAIN_RESET if a block comes out with a
        hash other than the recorded one.
        """
        last = await self._database.read(lambda tx: tx.last_recorded_block())
        head = await self._chain.head()
        if last is None or head.number >= last.number:
            return 0, 0
        await self._check_common_block(head.number, head.block_hash)
        total = last.number - head.number
        blocks_done = transactions_done = 0
        await self._controls.begin_replay()
        try:
            while blocks_done < total:
                first = head.number + 1 + blocks_done
                recorded = await self._database.read(
                    lambda tx, first=first: tx.recorded_blocks(first, BLOCKS_PER_COMMIT)
                )
                if not recorded:
                    raise EnvironmentFault(ErrorCode.CHAIN_RESET, f"the journal has no block {first}")
                for block in recorded:
                    await self._replay_block(block)
                    blocks_done += 1
                    transactions_done += len(block.raw_transactions)
                tell(phrase("Restoring the chain: block {done} of {total}", done=blocks_done, total=total))
        finally:
            await self._controls.end_replay()
        return blocks_done, transactions_done

    async def _replay_block(self, recorded: RecordedBlock) -> None:
        try:
            block_hash = await self._controls.replay(recorded)
        except EnvironmentFault as fault:
            if fault.code is not ErrorCode.TX_REJECTED:
                raise
            raise EnvironmentFault(ErrorCode.CHAIN_RESET, fault.detail) from fault
        if block_hash != recorded.block.block_hash:
            raise EnvironmentFault(
                ErrorCode.CHAIN_RESET, f"block {recorded.block.number} came out with another hash than recorded"
            )

    async def _check_common_block(self, number: int, block_hash: str) -> None:
        """A node that already has blocks must have ours."""
        if number == 0:
            return
        common = await self._database.read(lambda tx: tx.recorded_blocks(number, 1))
        if not common or common[0].block.block_hash != block_hash:
            raise EnvironmentFault(
                ErrorCode.CHAIN_MISMATCH, f"the node holds a block {number} that this register never recorded"
            )
