"""An IPFS node in memory: takes archives, pins them, and loses them when a test says so."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from ipnft_desktop.domain.content import Cid
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, IpnftError
from ipnft_desktop.domain.publications import PeerInfo
from tests.support.memory_content_store import MemoryContentStore


class MemoryPeer:
    """Implements the port `IpfsPeer`. `fault` is raised by every call while set, `refusals` by those about a root;
    while `hold` is cleared, publishing waits."""

    def __init__(self, source: MemoryContentStore, address: str = "http://127.0.0.1:5001") -> None:
        self._source = source
        self._address = address
        self.pinned: dict[Cid, bytes] = {}
        self.kept: dict[Cid, bytes] = {}
        """Blocks that it gives out."""
        self.fault: IpnftError | None = None
        self.refusals: dict[str, IpnftError] = {}
        self.attempts: asyncio.Queue[str] = asyncio.Queue()
        self.hold = asyncio.Event()
        self.hold.set()

    @property
    def address(self) -> str:
        return self._address

    def use(self, address: str) -> None:
        self._address = address

    async def identify(self) -> PeerInfo:
        self._require_up()
        return PeerInfo("0.0.1", "12D3KooWMemory")

    async def publish(self, root: Cid, on_progress: Callable[[int], None] | None = None) -> None:
        self.attempts.put_nowait(root.text)
        await self.hold.wait()
        self._require_up()
        if root.text in self.refusals:
            raise self.refusals[root.text]
        self.pinned[root] = b"".join(self._source.car_parts(root))

    async def missing(self, roots: Sequence[Cid]) -> frozenset[Cid]:
        self._require_up()
        return frozenset(roots) - frozenset(self.pinned)

    async def block(self, cid: Cid) -> bytes | None:
        self._require_up()
        return self.kept.get(cid)

    async def close(self) -> None:
        pass

    def _require_up(self) -> None:
        if not self._address:
            raise EnvironmentFault(ErrorCode.KUBO_UNAVAILABLE, "no address is set")
        if self.fault is not None:
            raise self.fault
