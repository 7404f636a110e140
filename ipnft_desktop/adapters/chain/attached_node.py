"""A node that others run and this program merely uses."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from ipnft_desktop.adapters.chain.json_rpc import JsonRpc, RpcError, as_quantity, as_text, value_of
from ipnft_desktop.domain.chain import NodeStatus, shown_url
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, UserError
from ipnft_desktop.domain.phrases import phrase


class AttachedNode:
    """Implements the port `NodeHost` for an existing RPC address. Its process is neither started nor ended."""

    def __init__(
        self,
        rpc_url: str,
        *,
        fallback_urls: Sequence[str] = (),
        expected_chain_id: int | None = None,
        timeout_s: float = 10.0,
    ) -> None:
        self._rpc_url = rpc_url
        self._fallback_urls = tuple(fallback_urls)
        self._expected_chain_id = expected_chain_id
        self._timeout_s = timeout_s
        self._status: NodeStatus | None = None
        self._detached = asyncio.Event()

    async def check(self) -> str:
        """Which addresses will be used, without credentials; nothing is asked yet."""
        return ", ".join(map(shown_url, (self._rpc_url, *self._fallback_urls)))

    def prefer_port(self, port: int) -> None:
        """Nothing: its owner chose its address."""

    async def start(self, on_log: Callable[[str], None]) -> NodeStatus:
        """Ask which chain it serves.

        Raises EnvironmentFault NODE_UNREACHABLE, or CHAIN_MISMATCH where it is not the expected one.
        """
        if self._status is None:
            self._status = await self._met(on_log)
            self._detached.clear()
        return self._status

    async def stop(self) -> None:
        """Use it no more."""
        self._status = None
        self._detached.set()

    async def kill(self) -> None:
        """Raises UserError PERMISSION_DENIED: whoever asked must not believe that it ended."""
        raise UserError(ErrorCode.PERMISSION_DENIED, "this node is not ours to end")

    async def wait_ended(self) -> None:
        """Wait until `stop`: how its process fares is not for us to see. Returns at once while it is not in use."""
        if self._status is not None:
            await self._detached.wait()

    async def status(self) -> NodeStatus | None:
        """What `start` found; None while the node is not in use."""
        return self._status

    async def _met(self, on_log: Callable[[str], None]) -> NodeStatus:
        rpc = JsonRpc(self._timeout_s)
        await rpc.open(self._rpc_url, *self._fallback_urls)
        try:
            chain_id, version = await rpc.batch([("eth_chainId", []), ("web3_clientVersion", [])])
        finally:
            await rpc.close()
        found = as_quantity(value_of(chain_id))
        if self._expected_chain_id not in (None, found):
            expected = str(self._expected_chain_id)  # names, not quantities
            what = phrase("the node serves chain {found}, not {expected}", found=str(found), expected=expected)
            raise EnvironmentFault(ErrorCode.CHAIN_MISMATCH, what)
        # Some providers keep their software to themselves.
        name = "" if isinstance(version, RpcError) else as_text(version)
        on_log(f"Using the node at {shown_url(self._rpc_url)}, chain {found}. {name}".rstrip())
        return NodeStatus(self._rpc_url, pid=None, accounts=None, memory_bytes=None, version=name)
