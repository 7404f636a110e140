"""A way to the node that can lose an answer: the node got the request and acted on it, the program never hears."""

from __future__ import annotations

import asyncio
import contextlib
from urllib.parse import urlsplit

PIECE_BYTES = 65_536


class LosingConnection:
    """Carries bytes between a loopback port of its own and the node's; knows nothing of what they mean."""

    def __init__(self) -> None:
        self._target: tuple[str, int] | None = None
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._answers_to_lose = 0
        self.answers_lost = 0

    async def open(self) -> None:
        """Listen on a free port."""
        self._server = await asyncio.start_server(self._on_client, "127.0.0.1", 0)

    async def close(self) -> None:
        """Drop every connection and stop listening."""
        assert self._server is not None
        self._server.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def url(self) -> str:
        """Where the program finds the node."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def lead_to(self, rpc_url: str | None) -> None:
        """Connect new clients with this node; refuse them while there is none."""
        found = urlsplit(rpc_url) if rpc_url else None
        self._target = (found.hostname or "", found.port or 0) if found else None

    def lose_answers(self, count: int) -> None:
        """Drop the next answers, each together with its connection."""
        self._answers_to_lose = count

    async def _on_client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            if self._target is not None:
                await self._join(reader, writer, *self._target)
        except (OSError, asyncio.CancelledError):
            pass  # One of the two ends has gone, as they do here.
        finally:
            self._tasks.discard(task)
            await _close(writer)

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, hostname: str, port: int) -> None:
        node_reader, node_writer = await asyncio.open_connection(hostname, port)
        ways = [
            asyncio.create_task(self._carry(reader, node_writer, is_answer=False)),
            asyncio.create_task(self._carry(node_reader, writer, is_answer=True)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            await _close(node_writer)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, is_answer: bool) -> None:
        while piece := await reader.read(PIECE_BYTES):
            if is_answer and self._answers_to_lose:
                self._answers_to_lose -= 1
                self.answers_lost += 1
                return
            writer.write(piece)
            await writer.drain()


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(OSError, asyncio.CancelledError):
        await writer.wait_closed()
