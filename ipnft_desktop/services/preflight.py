"""The first stage: may we run here at all? Nothing is touched before all of it is answered, but for a return to a
checkpoint that was interrupted: it is finished once the folder is ours, before anything opens the register."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from ipnft_desktop.domain.phrases import Phrase, phrase
from ipnft_desktop.services.environment_state import Tell
from ipnft_desktop.services.node_ports import NodeHost

MINIMUM_FREE_BYTES = 200 * 10**6


class ProfileLock(Protocol):
    """Makes sure that one program at a time uses a profile folder."""

    def acquire(self) -> None:
        """Take it, or keep it if it is ours; raises UserError ALREADY_RUNNING."""
        ...


class Preflight:
    """Profile folder, free disk space, Node and Hardhat."""

    def __init__(self, folder: Path, lock: ProfileLock, node: NodeHost, settle: Callable[[], object]) -> None:
        """`folder` is the workspace's; `settle` blocks and finishes what an earlier run left unfinished in it."""
        self._folder = folder
        self._lock = lock
        self._node = node
        self._settle = settle

    async def check(self, tell: Tell) -> Phrase:
        """Stage PREFLIGHT. Raises ALREADY_RUNNING, DISK_FULL, NODE_MISSING or DATABASE_UNAVAILABLE, and what keeps an
        interrupted return from being finished."""
        free_bytes = await asyncio.to_thread(self._claim_folder)
        if free_bytes < MINIMUM_FREE_BYTES:
            raise EnvironmentFault(ErrorCode.DISK_FULL, phrase("{free} MB free", free=round(free_bytes / 1e6)))
        return phrase("{versions} · {free} GB free", versions=await self._node.check(), free=f"{free_bytes / 1e9:.0f}")

    def _claim_folder(self) -> int:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._lock.acquire()
            free_bytes = shutil.disk_usage(self._folder).free
        except OSError as error:
            raise EnvironmentFault(
                ErrorCode.DATABASE_UNAVAILABLE, phrase("the profile folder: {reason}", reason=error.strerror)
            ) from error
        self._settle()
        return free_bytes
