"""Takes content out of the store that nothing names any more: the plain bytes of a file that became confidential, the
files of an asset that was deleted for good, and what a saving that failed has left.

What may go is recorded in the commit that ceases to name it, so that a program that ends in between goes on at its next
start. Blocks are shared: one goes only if no attachment, no deleted asset, no metadata of a mint or of a former token
and no publication leads to it.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Final

from ipnft_desktop.domain.content import Cid
from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.domain.events import DomainEvent, EnvironmentChanged
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.ports import ContentStore, Database

PAGE_SIZE: Final = 200
_CID: Final = re.compile(rb"\bb[a-z2-7]{58}\b")

log = logging.getLogger("ipnft")


class ContentRemoval:
    """Works in the background from `start` until `stop`, and never while a saving stores files."""

    def __init__(self, database: Database, content: ContentStore, events: EventHub) -> None:
        self._database = database
        self._content = content
        self._events = events
        self._orphans: set[str] = set()
        self._savings = 0
        self._no_saving = asyncio.Event()
        self._no_saving.set()
        self._door = asyncio.Lock()
        """Held while content is removed, and for a moment when a saving begins."""
        self._again = False
        self._task: asyncio.Task[None] | None = None
        self._unsubscribe: Callable[[], None] | None = None

    def start(self) -> None:
        """Go on, as soon as the environment is ready, with what an earlier run left."""
        if self._unsubscribe is None:
            self._unsubscribe = self._events.subscribe(self._on_event)

    async def stop(self) -> None:
        """Remove no more; what is recorded waits for the next start."""
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def wake(self) -> None:
        """There may be something to remove."""
        self._again = True
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._work(), name="content removal")

    async def done(self) -> None:
        """Return when nothing is being removed."""
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)

    @asynccontextmanager
    async def saving(self) -> AsyncGenerator[set[str], None]:
        """Around the storing of files and the commit that names them: what is stored and not named yet must not be
        taken for unused. Put what is stored into the set; where the block ends in an error it goes again."""
        async with self._door:
            self._savings += 1
            self._no_saving.clear()
        stored: set[str] = set()
        try:
            yield stored
        except BaseException:
            self._orphans |= stored
            raise
        finally:
            self._savings -= 1
            if not self._savings:
                self._no_saving.set()
            if self._orphans:
                self.wake()

    async def _work(self) -> None:
        while self._again:
            self._again = False
            try:
                recorded = await self._database.read(lambda tx: tx.contents_to_remove())
                for cid in (*recorded, *self._orphans):
                    async with self._alone():
                        await self._remove(Cid.parse(cid))
                    self._orphans.discard(cid)
                    if cid in recorded:
                        await self._forget(cid)
            except IpnftError as fault:
                # Recorded still: tried again after the next change and at the next start.
                log.warning("content.removal %s", fault)
                return

    async def _forget(self, cid: str) -> None:
        await self._database.write(lambda tx: tx.end_content_removal(cid))

    @asynccontextmanager
    async def _alone(self) -> AsyncGenerator[None, None]:
        while True:
            await self._no_saving.wait()
            async with self._door:
                if not self._savings:
                    yield
                    return

    async def _remove(self, root: Cid) -> None:
        """Remove the blocks below a root that nothing else needs."""
        unused = {cid.text: cid for cid in await self._content.block_cids([root])}
        named = await self._database.read(lambda tx: tx.contents_named(unused.keys()))
        await self._keep(unused, named)
        await self._keep(unused, await self._database.read(lambda tx: tx.contents_of_deleted_assets()))
        await self._keep(unused, await self._published())
        after = ""
        while unused and (page := await self._large_contents(after)):
            await self._keep(unused, page)
            after = page[-1]
        await self._content.remove_blocks(unused.values())

    async def _keep(self, unused: dict[str, Cid], roots: Iterable[str]) -> None:
        if unused:
            for cid in await self._content.block_cids([Cid.parse(root) for root in roots]):
                unused.pop(cid.text, None)

    async def _large_contents(self, after: str) -> Sequence[str]:
        return await self._database.read(lambda tx: tx.large_contents(after, PAGE_SIZE))

    async def _published(self) -> set[str]:
        """What the metadata of tokens on former chains names: those are out of our hands, whatever the asset became."""
        found: set[str] = set()
        for cid in await self._database.read(lambda tx: tx.metadata_of_former_tokens()):
            try:
                metadata = await self._content.read(Cid.parse(cid))
            except IpnftError as fault:
                # Of another program's store, or damaged: it leads to nothing here.
                log.info("content.removal metadata %s", fault)
            else:
                found.update(match.decode() for match in _CID.findall(metadata))
        return found

    def _on_event(self, event: DomainEvent) -> None:
        if isinstance(event, EnvironmentChanged) and event.is_ready:
            self.wake()
