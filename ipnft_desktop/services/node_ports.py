"""What the services need of a node of our own, as protocols: its process, and what only a local chain allows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from ipnft_desktop.domain.chain import NodeStatus, RecordedBlock


class LocalChainControls(Protocol):
    """What only a local node allows."""

    async def mine(self, blocks: int = 1) -> None: ...
    async def mines_at_once(self) -> bool:
        """Whether each transaction is mined as it comes."""
        ...

    async def set_mining(self, *, at_once: bool, interval_s: int | None) -> None:
        """Each transaction as it comes, a block each so many seconds, or, without both, only when somebody mines."""
        ...

    async def set_next_time(self, timestamp_s: int) -> None:
        """Of the next block; those behind it follow. It must be later than the newest block's."""
        ...

    async def snapshot(self) -> str:
        """Remember the chain, its pool and its clock; returns the node's name for it."""
        ...

    async def revert(self, snapshot: str) -> bool:
        """Go back; False where the node does not know it, or not any more: each can be gone back to once, and those
        made after it are lost then."""
        ...

    async def replay(self, block: RecordedBlock) -> str:
        """Rebuild one recorded block on top of the head: same time, same transactions in order; returns its hash."""
        ...

    async def begin_replay(self) -> None:
        """Stop automatic mining, by the clock too."""
        ...

    async def end_replay(self) -> None:
        """Mine each transaction at once again."""
        ...


class NodeHost(Protocol):
    """The node process this program starts and ends."""

    async def check(self) -> str:
        """Are Node and Hardhat installed? Returns their versions; raises EnvironmentFault NODE_MISSING."""
        ...

    def prefer_port(self, port: int) -> None:
        """Use this port from the next start on; nothing where the node is not ours."""
        ...

    async def start(self, on_log: Callable[[str], None]) -> NodeStatus:
        """Start on a free loopback port and wait for its first answer. Raises NODE_START_FAILED."""
        ...

    async def stop(self) -> None: ...
    async def kill(self) -> None:
        """End it without warning, as a crash would."""
        ...

    async def wait_ended(self) -> int | None:
        """Wait until the running process ends; returns its exit code, None at once while no process runs."""
        ...

    async def status(self) -> NodeStatus | None:
        """None while no process runs."""
        ...
