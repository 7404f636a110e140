"""Work on the window in pieces, so that its loop never waits long for all of it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator


async def breathe() -> None:
    """What the person does comes between two pieces."""
    await asyncio.sleep(0)


async def in_pieces(work: Iterator[object]) -> None:
    """Do all of it, a piece in each turn of the loop."""
    for _piece in work:
        await breathe()
