"""Lets an audience see confirmations count up: on a local chain that mines only on demand, extra blocks are mined
at a steady pace while a mint waits for more than one confirmation."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from uuid import UUID

from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.domain.events import DomainEvent, MintAdvanced
from ipnft_desktop.domain.minting import MintStage
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.node_ports import LocalChainControls


class StagePace:
    """Mines a block every `interval_s` as long as a mined mint lacks confirmations."""

    def __init__(
        self, controls: LocalChainControls, events: EventHub, interval_s: float, may_mine: Callable[[], bool]
    ) -> None:
        """`may_mine` is false while the chain is being restored: a block of ours would spoil it."""
        self._controls = controls
        self._interval_s = interval_s
        self._may_mine = may_mine
        self._waiting: set[UUID] = set()
        self._task: asyncio.Task[None] | None = None
        self._unsubscribe: Callable[[], None] = events.subscribe(self._on_event)

    async def close(self) -> None:
        """Stop mining."""
        self._unsubscribe()
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def _on_event(self, event: DomainEvent) -> None:
        if not isinstance(event, MintAdvanced):
            return
        progress = event.progress
        lacks = progress.block_number is not None and progress.confirmations < progress.required_confirmations
        if progress.stage is MintStage.CONFIRMING and lacks:
            self._waiting.add(progress.job_id)
            if self._task is None or self._task.done():
                self._task = asyncio.create_task(self._mine(), name="stage-pace")
        else:
            self._waiting.discard(progress.job_id)

    async def _mine(self) -> None:
        while self._waiting:
            await asyncio.sleep(self._interval_s)
            if not self._may_mine():
                return
            try:
                await self._controls.mine()
            except IpnftError:
                return  # The node is gone; the next progress of a waiting mint starts the pace again.
