"""Brings the register back in step with its chain and every open mint to its end; the last stage of each start.

In this order, because each step relies on the one before: what a reorganisation took away, the journal up to the head,
tokens the register does not know, gaps between nonces, and then the open mints, signed ones first.
"""

from __future__ import annotations

import asyncio
import itertools
import logging

from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.domain.events import WritingFrozen
from ipnft_desktop.domain.phrases import Phrase, phrase
from ipnft_desktop.services.chain_journal import ChainJournal
from ipnft_desktop.services.chain_ports import Chain
from ipnft_desktop.services.environment_state import Tell
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.mint_desk import MintDesk
from ipnft_desktop.services.minting import FREEZING_CODES
from ipnft_desktop.services.nonce_gaps import NonceGaps
from ipnft_desktop.services.reorganisations import Reorganisations
from ipnft_desktop.services.token_adoption import TokenAdoption

SETTLE_AGAIN_DELAYS_S = (0.5, 1.0, 2.0, 5.0)
RECOVERY_LOOK_S = 2.0
"""So long the stage waits for mints to settle; those that take longer go on behind it."""

log = logging.getLogger("ipnft")


class Recovery:
    """Runs the steps; `suspend` ends all sending again."""

    def __init__(
        self,
        chain: Chain,
        journal: ChainJournal,
        reorganisations: Reorganisations,
        adoption: TokenAdoption,
        gaps: NonceGaps,
        desk: MintDesk,
        events: EventHub,
    ) -> None:
        self._chain = chain
        self._journal = journal
        self._reorganisations = reorganisations
        self._adoption = adoption
        self._gaps = gaps
        self._desk = desk
        self._events = events
        self._task: asyncio.Task[None] | None = None
        self._is_noticed = False

    async def recover(self, tell: Tell) -> Phrase:
        """Stage RECOVERY. Raises what keeps chain or register from being read."""
        reopened, adopted, filled = await self._come_into_step()
        jobs = await self._desk.open_up()
        if not jobs:
            return _told(phrase("No mint was left open"), adopted, filled)
        working = self._desk.working
        tell(phrase("Open mints to follow: {count}", count=len(jobs)))
        if working:
            await asyncio.wait(working, timeout=RECOVERY_LOOK_S)
        settled = sum(task.done() for task in working)
        if reopened:
            told = phrase(
                "Open mints taken up: {count}, settled: {settled}, taken back by the chain: {reopened}",
                count=len(jobs),
                settled=settled,
                reopened=reopened,
            )
        else:
            told = phrase("Open mints taken up: {count}, settled: {settled}", count=len(jobs), settled=settled)
        return _told(told, adopted, filled)

    async def come_into_step(self) -> None:
        """At once, for whoever took blocks away. Raises what keeps chain or register from being read."""
        await self._come_into_step()

    def noticed(self) -> None:
        """The watcher saw a block disappear: bring everything into step again, soon."""
        self._is_noticed = True
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._settle_what_was_noticed(), name="recovery")

    async def suspend(self, why: IpnftError | None = None) -> None:
        """Send nothing any more until the next `recover`."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        await self._desk.suspend(why)

    async def _come_into_step(self) -> tuple[int, int, int]:
        """How many ended mints are open again, how many tokens were adopted, how many nonce gaps filled."""
        reopened = await self._reorganisations.settle()
        await self._journal.record_up_to(await self._chain.head())
        return reopened, await self._adoption.adopt_unknown(), await self._gaps.repair()

    async def _settle_what_was_noticed(self) -> None:
        """Until it is settled: the watcher tells of a vanished block only once."""
        delays_s = itertools.chain(SETTLE_AGAIN_DELAYS_S, itertools.repeat(SETTLE_AGAIN_DELAYS_S[-1]))
        while self._is_noticed:
            self._is_noticed = False
            try:
                await self._come_into_step()
            except IpnftError as error:
                if error.code in FREEZING_CODES:
                    self._events.publish(WritingFrozen(error))
                    return
                log.warning("a reorganisation is not settled yet: %s", error)
                self._is_noticed = True
                await asyncio.sleep(next(delays_s))


def _told(what: Phrase, adopted: int, filled: int) -> Phrase:
    if not adopted and not filled:
        return what
    return phrase(
        "{what} · tokens found on the chain and taken into the register: {adopted}, nonce gaps filled: {filled}",
        what=what,
        adopted=adopted,
        filled=filled,
    )
