"""One watcher per chain: at every new head, one batched request for all transactions somebody waits for."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass

from ipnft_desktop.domain.chain import BlockRef, ChainLook, Receipt
from ipnft_desktop.domain.errors import IpnftError, with_code
from ipnft_desktop.domain.events import BlockArrived
from ipnft_desktop.services.chain_ports import Chain
from ipnft_desktop.services.event_hub import EventHub

log = logging.getLogger("ipnft")

BLOCK_PAUSE_S = 0.05
"""A node that mines each transaction at once makes hundreds of blocks a second. Those who show or journal them are told
of the newest so often; looks for transactions and for replaced blocks do not wait for it."""
FEES_AGAIN_S = 1.0
"""Wait before a node that did not tell its prices is asked again."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """What one look at the chain found for the transactions that share a nonce."""

    head: BlockRef | None
    receipt: Receipt | None
    """Of the one that is mined; None while none is."""
    fault: IpnftError | None = None
    """Set when the chain could not be asked; then nothing is known."""

    @property
    def confirmations(self) -> int:
        """Blocks from the receipt's block to the head, both counted."""
        if self.head is None or self.receipt is None:
            return 0
        return max(0, self.head.number - self.receipt.block.number + 1)


class ChainWatcher:
    """Follows the head, answers those who wait for a transaction, and notices when blocks were replaced."""

    def __init__(self, chain: Chain, events: EventHub) -> None:
        self._chain = chain
        self._events = events
        self._waiting: dict[tuple[str, ...], asyncio.Future[Sighting]] = {}
        self._looks = 0
        self._look_now = asyncio.Event()
        self._tasks: tuple[asyncio.Task[None], ...] = ()
        self._last_head: BlockRef | None = None
        self._newest: BlockRef | None = None
        self._has_newest = asyncio.Event()
        self._on_reorganised: Callable[[], None] = lambda: None

    def on_reorganised(self, hear: Callable[[], None]) -> None:
        """Call `hear` whenever a block seen before is not on the chain any more."""
        self._on_reorganised = hear

    def start(self) -> None:
        """Begin to follow; does nothing if it already does."""
        if not self._tasks:
            self._last_head = None
            self._has_newest.clear()  # what was left to tell was of the chain as it was then
            self._tasks = (
                asyncio.create_task(self._follow_heads(), name="chain-watcher.heads"),
                asyncio.create_task(self._tell_blocks(), name="chain-watcher.blocks"),
                asyncio.create_task(self._answer_waiting(), name="chain-watcher.answers"),
            )

    async def stop(self) -> None:
        """End following; those who wait keep waiting for the next start."""
        tasks, self._tasks = self._tasks, ()
        for task in tasks:
            task.cancel()
        for task in tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task

    def look_now(self) -> None:
        """Ask at once instead of at the next head: something was just sent."""
        self._look_now.set()

    async def sightings(self, tx_hashes: tuple[str, ...], idle_s: float) -> AsyncGenerator[Sighting | None]:
        """Everything seen of transactions under one nonce, until the caller stops asking.

        After `idle_s` without news it yields None and asks again by itself: a chain that is gone sends no head.
        """
        looks_heard = -1
        try:
            while True:
                # Who is busy with one look is not asked for again meanwhile, and catches up with what it missed here.
                if self._looks != looks_heard:
                    self.look_now()
                waiting = self._waiting[tx_hashes] = asyncio.get_running_loop().create_future()
                # Not wait_for: before Python 3.12 it can swallow a cancellation that meets a result.
                sighting: Sighting | None = None
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(idle_s):
                        sighting = await waiting
                looks_heard = self._looks if sighting else -1
                yield sighting
        finally:
            self._waiting.pop(tx_hashes, None)

    async def _follow_heads(self) -> None:
        async for head in self._chain.heads():
            self.look_now()
            self._newest = head
            self._has_newest.set()

    async def _tell_blocks(self) -> None:
        while True:
            await self._has_newest.wait()
            self._has_newest.clear()
            head = self._newest
            assert head is not None
            try:
                fees = await self._chain.fees()
            except Exception as error:
                if not isinstance(error, IpnftError):
                    log.exception("fees at block %d", head.number)
                self._has_newest.set()  # a node that mines on demand may tell no other head for hours
                await asyncio.sleep(FEES_AGAIN_S)
                continue
            self._events.publish(BlockArrived(head, fees.gas_price_wei))
            await asyncio.sleep(BLOCK_PAUSE_S)

    async def _answer_waiting(self) -> None:
        while True:
            await self._look_now.wait()
            self._look_now.clear()
            waiting = tuple(self._waiting)
            anchor = self._last_head
            try:
                hashes = [tx_hash for group in waiting for tx_hash in group]
                look = await self._chain.look(hashes, anchor.number if anchor else None)
            except Exception as error:  # noqa: BLE001 - who waits must be answered, whatever went wrong
                fault = with_code(error)
                self._tell({group: Sighting(None, None, fault) for group in waiting})
                continue
            self._looks += 1
            self._last_head = look.head
            if anchor is not None and look.anchor != anchor:
                self._on_reorganised()
            self._tell({group: Sighting(look.head, _mined_one(look, group)) for group in waiting})

    def _tell(self, found: dict[tuple[str, ...], Sighting]) -> None:
        for group, sighting in found.items():
            waiting = self._waiting.pop(group, None)
            if waiting is not None and not waiting.done():
                waiting.set_result(sighting)


def _mined_one(look: ChainLook, group: tuple[str, ...]) -> Receipt | None:
    """At most one transaction of a nonce is mined."""
    return next((receipt for tx_hash in group if (receipt := look.receipts.get(tx_hash))), None)
