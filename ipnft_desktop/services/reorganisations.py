"""What follows from a reorganisation: mints whose block is gone are open again, and the journal forgets that block.

A mint that is done stays under watch in this way until its block is final: on a chain of our own for ever, elsewhere
for `finality_blocks`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from ipnft_desktop.program_log import log_event
from ipnft_desktop.services.chain_identity import IdentityCheck
from ipnft_desktop.services.chain_journal import ChainJournal
from ipnft_desktop.services.chain_ports import Chain
from ipnft_desktop.services.mint_desk import MintDesk
from ipnft_desktop.services.ports import Database


class Reorganisations:
    """Brings the register back in step with a chain that replaced blocks."""

    def __init__(
        self,
        database: Database,
        chain: Chain,
        identity: IdentityCheck,
        journal: ChainJournal,
        desk: MintDesk,
        finality_blocks: int,
        others: Sequence[Callable[[int], Awaitable[int]]] = (),
    ) -> None:
        """`others` are told of the height above which blocks were replaced, each time, before the journal
        forgets, and answer how much of theirs is open again."""
        self._database = database
        self._chain = chain
        self._identity = identity
        self._journal = journal
        self._desk = desk
        self._finality_blocks = finality_blocks
        self._others = others
        self._settling = asyncio.Lock()

    async def settle(self) -> int:
        """Compare the chain with what is recorded; returns how many finished mints are open again.

        Raises EnvironmentFault CHAIN_RESET or CHAIN_MISMATCH where it is not a reorganisation but another chain, and
        then touches nothing.
        """
        async with self._settling:
            common = await self._common_block()
            if common is None:
                return 0
            if await self._database.read(lambda tx: tx.chain_identity()):
                # A node that lost its state, or serves another chain, looks like a very deep reorganisation.
                await self._identity.require_same()
            # Mints first: if the program dies between the two, the journal still shows that something is to be done.
            reopened = await self._desk.look_again_above(common)
            others = sum([await look_again_above(common) for look_again_above in self._others])
            if self._journal.is_kept:
                await self._journal.drop_above(common)
                # Mints that ended between the two; behind the drop none can, see `MintEndings`.
                reopened += await self._desk.look_again_above(common)
                others += sum([await look_again_above(common) for look_again_above in self._others])
            if reopened or others or self._journal.is_kept:
                log_event("chain.reorganised", common_block=common, mints_open_again=reopened, others_open_again=others)
            return reopened

    async def _common_block(self) -> int | None:
        if self._journal.is_kept:
            return await self._journal.common_block()
        # Others keep that chain. What lies so deep below the newest mint on record was final while this program
        # watched; counted from the head, all would be "final" after an hour away.
        head = await self._chain.head()
        highest = await self._database.read(lambda tx: tx.highest_mined_block())
        return max(0, min(head.number, highest or 0) - self._finality_blocks)
