"""A started core over doubles for every test of the services."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.core_factory import MemoryCore


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Resend and look again at once instead of after seconds."""
    monkeypatch.setattr("ipnft_desktop.services.minting.RESEND_DELAYS_S", (0.0,))
    monkeypatch.setattr("ipnft_desktop.services.minting.RESEND_EVERY_S", 0.01)
    monkeypatch.setattr("ipnft_desktop.services.minting.IDLE_S", 0.01)
    monkeypatch.setattr("ipnft_desktop.services.publication_queue.FIRST_RETRY_S", 0.01)
    monkeypatch.setattr("ipnft_desktop.services.mint_cases.WORK_AGAIN_DELAYS_S", (0.01,))


@pytest.fixture
async def memory(tmp_path: Path) -> AsyncIterator[MemoryCore]:
    """A core whose environment is up."""
    started = await MemoryCore(tmp_path).start()
    yield started
    await started.core.close()
