"""Brings the register back in step with its chain and every open mint to its end; the last stage of each start.

In this order, because each step relies on the one before: what a reorganisation took away, the journal up to the head,
tokens the register does not know, gaps between nonces, and then the open mints, signed ones first.
"""

from __future__ import annotations

import asyncio

from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.domain.phrases import Phrase, phrase
from ipnft_desktop.services.chain_journal import ChainJournal
from ipnft_desktop.services.environment import Tell
from ipnft_desktop.services.mint_desk import MintDesk
from ipnft_desktop.services.nonce_gaps import NonceGaps
from ipnft_desktop.services.ports import Chain
from ipnft_desktop.services.reorganisations import Reorganisations
from ipnft_desktop.services.token_adoption import TokenAdoption

RECOVERY_LOOK_S = 2.0
"""So long the stage waits for mints to settle; those that take longer go on behind it."""


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
    ) -> None:
        self._chain = chain
        self._journal = journal
        self._reorganisations = reorganisations
        self._adoption = adoption
        self._gaps = gaps
        self._desk = desk

    async def recover(self, tell: Tell) -> Phrase:
        """Stage RECOVERY. Raises what keeps chain or register from being read."""
        reopened = await self._reorganisations.settle()
        await self._journal.record_up_to(await self._chain.head())
        adopted = await self._adoption.adopt_unknown()
        filled = await self._gaps.repair()
        jobs = await self._desk.open_up()
        if not jobs:
            return _told(phrase("No mint was left open"), adopted, filled)
        working = self._desk.working
        tell(phrase("Following {count} open mints", count=len(jobs)))
        if working:
            await asyncio.wait(working, timeout=RECOVERY_LOOK_S)
        settled = sum(task.done() for task in working)
        if reopened:
            told = phrase(
                "{count} open mints taken up, {settled} settled; {reopened} were taken back by the chain",
                count=len(jobs),
                settled=settled,
                reopened=reopened,
            )
        else:
            told = phrase("{count} open mints taken up, {settled} settled", count=len(jobs), settled=settled)
        return _told(told, adopted, filled)

    async def suspend(self, why: IpnftError | None = None) -> None:
        """Send nothing any more until the next `recover`."""
        await self._reorganisations.close()
        await self._desk.suspend(why)


def _told(what: Phrase, adopted: int, filled: int) -> Phrase:
    if not adopted and not filled:
        return what
    return phrase(
        "{what} · {adopted} tokens found on the chain and taken into the register, {filled} nonce gaps filled",
        what=str(what),
        adopted=adopted,
        filled=filled,
    )
