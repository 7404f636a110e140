"""A node host that can stand behind the connection of the stage."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ipnft_desktop.adapters.chain.stage_proxy import StageProxy
from ipnft_desktop.domain.chain import NodeStatus
from ipnft_desktop.services.node_ports import NodeHost


class ProxiedNode:
    """Implements the port `StagedNode` over another host. While it is `on_stage`, everybody is given the address of
    the proxy; `direct_url` stays the node's own."""

    def __init__(self, node: NodeHost, proxy: StageProxy) -> None:
        self._node = node
        self._proxy = proxy
        self.on_stage = False
        self.direct_url: str | None = None
        """None while no node runs."""

    async def check(self) -> str:
        """As the host's."""
        return await self._node.check()

    def prefer_port(self, port: int) -> None:
        """As the host's."""
        self._node.prefer_port(port)

    async def start(self, on_log: Callable[[str], None]) -> NodeStatus:
        """As the host's."""
        return await self._staged(await self._node.start(on_log))

    async def stop(self) -> None:
        """As the host's."""
        await self._node.stop()
        self.direct_url = None

    async def kill(self) -> None:
        """As the host's."""
        await self._node.kill()

    async def wait_ended(self) -> int | None:
        """As the host's."""
        return await self._node.wait_ended()

    async def status(self) -> NodeStatus | None:
        """As the host's, with the address to be asked now."""
        status = await self._node.status()
        if status is None:
            self.direct_url = None
            return None
        return await self._staged(status)

    async def _staged(self, status: NodeStatus) -> NodeStatus:
        self.direct_url = status.rpc_url
        return replace(status, rpc_url=await self._proxy.stand_before(status.rpc_url)) if self.on_stage else status
