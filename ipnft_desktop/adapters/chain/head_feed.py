"""The newest block as it changes: by subscription where there is one, by asking where there is none."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable

from ipnft_desktop.adapters.chain.head_news import HeadNews
from ipnft_desktop.domain.chain import BlockRef
from ipnft_desktop.domain.errors import EnvironmentFault

SAFETY_INTERVAL_S = 5.0
"""How often a node is asked although it announces its blocks: a subscription can die without a sign."""


async def head_changes(
    news: HeadNews, ask: Callable[[], Awaitable[BlockRef]], poll_interval_s: float
) -> AsyncGenerator[BlockRef]:
    """Each change of the newest block, by number or hash, beginning with the present one; without end.

    Whoever is slow is told the latest only. A node that cannot be asked brings no news and no error.
    """
    last: BlockRef | None = None
    was_told = True
    while True:
        newest = news.take()
        if newest is None:
            polled = await _polled(ask)
            # What was announced meanwhile is younger than the answer.
            newest = news.take() or polled
            if newest is not None and newest == polled != last and not was_told and news.is_subscribed:
                await news.renew()
        if newest is not None and newest != last:
            last = newest
            yield newest
        was_told = await news.wait(SAFETY_INTERVAL_S if news.is_subscribed else poll_interval_s)


async def _polled(ask: Callable[[], Awaitable[BlockRef]]) -> BlockRef | None:
    try:
        return await ask()
    except EnvironmentFault:
        return None
