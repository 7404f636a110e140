"""What follows from a reorganisation: mints whose block is gone are open again, and the journal forgets that block.

A mint that is done stays under watch in this way until its block is final: on a chain of our own for ever, elsewhere
for `finality_blocks`.
"""

from __future__ import annotations

import asyncio
import itertools
import logging

from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.domain.events import WritingFrozen
from ipnft_desktop.program_log import log_event
from ipnft_desktop.services.chain_identity import IdentityCheck
from ipnft_desktop.services.chain_journal import ChainJournal
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.mint_desk import MintDesk
from ipnft_desktop.services.minting import FREEZING_CODES
from ipnft_desktop.services.ports import Chain, Database

SETTLE_AGAIN_DELAYS_S = (0.5, 1.0, 2.0, 5.0)

log = logging.getLogger("ipnft")


class Reorganisations:
    """Brings the register back in step with a chain that replaced blocks."""

    def __init__(
        self,
        database: Database,
        chain: Chain,
        identity: IdentityCheck,
        journal: ChainJournal,
        desk: MintDesk,
        events: EventHub,
        finality_blocks: int,
    ) -> None:
        self._database = database
        self._chain = chain
        self._identity = identity
        self._journal = journal
        self._desk = desk
        self._events = events
        self._finality_blocks = finality_blocks
        self._settling = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None
        self._is_noticed = False

    def noticed(self) -> None:
        """Settle soon; the watcher saw a block disappear."""
        self._is_noticed = True
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._settle_what_was_noticed(), name="reorganisations")

    async def close(self) -> None:
        """End settling; the next start finishes it."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

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
            if self._journal.is_kept:
                await self._journal.drop_above(common)
            if reopened or self._journal.is_kept:
                log_event("chain.reorganised", common_block=common, mints_open_again=reopened)
            return reopened

    async def _common_block(self) -> int | None:
        if self._journal.is_kept:
            return await self._journal.common_block()
        # Others keep that chain: what is deeper than its finality is not asked for again.
        return max(0, (await self._chain.head()).number - self._finality_blocks)

    async def _settle_what_was_noticed(self) -> None:
        """Until it is settled: the watcher tells of a vanished block only once."""
        delays_s = itertools.chain(SETTLE_AGAIN_DELAYS_S, itertools.repeat(SETTLE_AGAIN_DELAYS_S[-1]))
        while self._is_noticed:
            self._is_noticed = False
            try:
                await self.settle()
            except IpnftError as error:
                if error.code in FREEZING_CODES:
                    self._events.publish(WritingFrozen(error))
                    return
                log.warning("a reorganisation is not settled yet: %s", error)
                self._is_noticed = True
                await asyncio.sleep(next(delays_s))
