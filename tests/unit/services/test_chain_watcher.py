"""The watcher follows heads no faster than anybody can read them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import pytest

from ipnft_desktop.domain.chain import BlockRef
from ipnft_desktop.domain.events import BlockArrived
from ipnft_desktop.services import chain_watcher
from ipnft_desktop.services.chain_watcher import ChainWatcher
from ipnft_desktop.services.event_hub import EventHub

HEADS = 5


class BusyChain:
    """Announces some heads in one go."""

    async def heads(self) -> AsyncIterator[BlockRef]:
        for number in range(HEADS):
            yield BlockRef(number, f"0x{number:064x}", number)
        await asyncio.Event().wait()

    async def fees(self) -> Any:
        return SimpleNamespace(gas_price_wei=1)

    async def look(self, hashes: list[str], anchor: int | None = None) -> Any:
        return SimpleNamespace(head=BlockRef(0, "0x00", 0), anchor=None, receipts={})


async def heads_told(turns: int) -> list[int]:
    """Numbers of the heads that are told within so many turns of the loop."""
    told: list[int] = []
    events = EventHub()
    events.subscribe(lambda event: told.append(event.block.number) if isinstance(event, BlockArrived) else None)
    watcher = ChainWatcher(BusyChain(), events)  # type: ignore[arg-type]
    watcher.start()
    for _ in range(turns):
        await asyncio.sleep(0)
    await watcher.stop()
    return told


async def test_heads_that_come_in_one_go_are_one_piece_of_news(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain_watcher, "HEAD_PAUSE_S", 60)
    assert await heads_told(100) == [0]


async def test_no_head_is_lost_where_there_is_time_for_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain_watcher, "HEAD_PAUSE_S", 0)
    assert await heads_told(100) == list(range(HEADS))
