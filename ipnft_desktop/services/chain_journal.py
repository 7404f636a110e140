"""Keeps every block with its time and raw transactions, because a local node keeps none of them.

A mint ends by a block only after that block is in the journal: what is said to be minted can be restored, and what a
block ended is open again once the journal shows that the block is gone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from ipnft_desktop.domain.chain import BlockRef, RecordedBlock
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, IpnftError
from ipnft_desktop.domain.minting import MinedFacts
from ipnft_desktop.domain.phrases import phrase
from ipnft_desktop.services.chain_ports import Chain
from ipnft_desktop.services.environment_state import Tell
from ipnft_desktop.services.node_ports import LocalChainControls
from ipnft_desktop.services.ports import Database, Transaction

BLOCKS_PER_COMMIT = 64
RECENT_BLOCKS = 1024
"""Recorded blocks remembered by hash, so that the many mints of a busy moment need not ask the register for each."""


class ChainJournal:
    """Records the chain block by block and replays it onto a fresh node.

    Only for a node of our own (`is_kept`): a network that others run keeps its blocks itself.
    """

    def __init__(self, database: Database, chain: Chain, controls: LocalChainControls, *, is_kept: bool = True) -> None:
        self._database = database
        self._chain = chain
        self._controls = controls
        self._recording = asyncio.Lock()
        self._recent: dict[int, str] = {}
        self._last: BlockRef | None = None
        self._wanted_number = 0
        self.is_kept = is_kept

    async def record_up_to(self, block: BlockRef) -> None:
        """Journal all blocks from the last recorded one up to `block`.

        Raises EnvironmentFault NODE_UNREACHABLE where the journal holds another block at a height: the chain was
        reorganised, and `Reorganisations.settle` comes first.
        """
        if not self.is_kept or self._recent.get(block.number) == block.block_hash:
            return
        self._wanted_number = max(self._wanted_number, block.number)
        async with self._recording:
            await asyncio.sleep(0)  # Whoever is about to want another block in this turn of the loop may still join.
            # Who waited for the lock mostly finds its block recorded by the one before.
            if self._recent.get(block.number) != block.block_hash:
                wanted_number, self._wanted_number = max(self._wanted_number, block.number), 0
                try:
                    await self._append_up_to(wanted_number)
                except IpnftError:
                    if wanted_number == block.number:
                        raise
                    await self._append_up_to(block.number)  # what somebody else wanted may have vanished
            if self._recent.get(block.number) != block.block_hash:
                recorded = await self._database.read(lambda tx: tx.recorded_blocks(block.number, 1))
                if not recorded or recorded[0].block.block_hash != block.block_hash:
                    raise _reorganised(block.number)
                self._remember(recorded)

    def require_recorded(self, tx: Transaction, mined: Sequence[MinedFacts]) -> None:
        """In the commit that rests on these blocks: the journal may have walked back a moment ago.

        Raises EnvironmentFault NODE_UNREACHABLE where it holds another block or none.
        """
        if not self.is_kept:
            return
        recorded = tx.recorded_block_hashes({facts.block_number for facts in mined})
        for facts in mined:
            if recorded.get(facts.block_number) != facts.block_hash:
                raise _reorganised(facts.block_number)

    def forget(self) -> None:
        """The register was bound to another chain, or released: nothing remembered here holds any more."""
        self._recent.clear()
        self._last = None
        self._wanted_number = 0

    async def _append_up_to(self, number: int) -> None:
        last = self._last or await self._database.read(lambda tx: tx.last_recorded_block())
        next_number = 1 if last is None else last.number + 1
        while next_number <= number:
            # The last recorded block is read along: the new ones must follow it and no other.
            first = max(1, next_number - 1)
            blocks = await self.read(first, min(next_number + BLOCKS_PER_COMMIT - 1, number))
            if last is not None and blocks[0].block != last:
                raise _reorganised(last.number)
            fresh = blocks[next_number - first :]
            await self._database.write(lambda tx, fresh=fresh: tx.append_blocks(fresh))
            self._remember(fresh)
            last = self._last = blocks[-1].block
            next_number = last.number + 1

    def _remember(self, blocks: Sequence[RecordedBlock]) -> None:
        for recorded in blocks:
            self._recent[recorded.block.number] = recorded.block.block_hash
        while len(self._recent) > RECENT_BLOCKS:
            del self._recent[next(iter(self._recent))]

    async def common_block(self) -> int | None:
        """The highest recorded block that is still on the chain, or None if all of them are."""
        last = await self._database.read(lambda tx: tx.last_recorded_block())
        if not self.is_kept or last is None or await self._chain.block_at(last.number) == last:
            return None
        number = last.number - 1
        while number > 0:
            (recorded,) = await self._database.read(lambda tx, number=number: tx.recorded_blocks(number, 1))
            if await self._chain.block_at(number) == recorded.block:
                break
            number -= 1
        return number

    async def drop_above(self, number: int) -> None:
        """Forget the blocks that a reorganisation took away."""
        async with self._recording:
            await self._database.write(lambda tx: tx.drop_blocks_above(number))
            self.forget()

    async def read(self, first: int, last: int) -> list[RecordedBlock]:
        """Blocks as they are journalled, from the chain; both ends are included."""
        return list(await self._chain.blocks_for_journal(first, last))

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
                    raise EnvironmentFault(
                        ErrorCode.CHAIN_RESET, phrase("the journal has no block {first}", first=first)
                    )
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
                ErrorCode.CHAIN_RESET,
                phrase("block {number} came out with another hash than recorded", number=recorded.block.number),
            )

    async def _check_common_block(self, number: int, block_hash: str) -> None:
        """A node that already has blocks must have ours."""
        if number == 0:
            return
        common = await self._database.read(lambda tx: tx.recorded_blocks(number, 1))
        if not common or common[0].block.block_hash != block_hash:
            raise EnvironmentFault(
                ErrorCode.CHAIN_MISMATCH,
                phrase("the node holds a block {number} that this register never recorded", number=number),
            )


def _reorganised(number: int) -> EnvironmentFault:
    return EnvironmentFault(ErrorCode.NODE_UNREACHABLE, phrase("block {number} was replaced by another", number=number))
