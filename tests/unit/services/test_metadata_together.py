"""Metadata of many mints is stored together, yet each mint answers for its own content."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, IpnftError
from ipnft_desktop.domain.metadata import metadata_file_name
from tests.support.core_factory import MemoryCore, request


class Storing:
    """Notes how many directories are asked for at once; refuses a group that holds a certain file."""

    def __init__(self, memory: MemoryCore, monkeypatch: pytest.MonkeyPatch) -> None:
        self.groups: list[frozenset[str]] = []
        self.refused_file = ""
        self.fault: IpnftError | None = None
        self.refused = asyncio.Event()
        self._store = memory.content.add_directories
        monkeypatch.setattr(memory.content, "add_directories", self._add_directories)

    async def _add_directories(self, directories: Sequence[Mapping[str, bytes]]) -> Any:
        self.groups.append(frozenset(name for files in directories for name in files))
        if self.fault and any(self.refused_file in files for files in directories):
            self.refused.set()
            raise self.fault
        return await self._store(directories)


@pytest.fixture
def storing(memory: MemoryCore, monkeypatch: pytest.MonkeyPatch) -> Storing:
    return Storing(memory, monkeypatch)


async def test_what_is_asked_for_at_one_moment_is_stored_in_one_call(memory: MemoryCore, storing: Storing) -> None:
    assets = await memory.add_assets(12)
    await asyncio.gather(*[memory.core.desk.mint([request(asset)]) for asset in assets])
    assert sum(map(len, storing.groups)) == 12
    assert len(storing.groups) <= 3


async def test_content_that_is_refused_fails_its_own_mint_only(memory: MemoryCore, storing: Storing) -> None:
    assets = await memory.add_assets(5)
    storing.refused_file = metadata_file_name(assets[3])
    storing.fault = EnvironmentFault(ErrorCode.CONTENT_MISMATCH, "the stored bytes are damaged")
    await asyncio.gather(*[memory.core.desk.mint([request(asset)]) for asset in assets], return_exceptions=True)
    assert [await memory.state_of(asset) for asset in assets] == ["MINTED"] * 3 + ["MINT_FAILED", "MINTED"]
    failed = await memory.core.desk.job_of(assets[3].asset_id)
    assert failed is not None
    assert failed.failure is not None
    assert failed.failure.code is ErrorCode.CONTENT_MISMATCH


async def test_a_store_that_is_away_is_asked_once_for_all_and_not_once_for_each(
    memory: MemoryCore, storing: Storing
) -> None:
    assets = await memory.add_assets(5)
    storing.refused_file = metadata_file_name(assets[3])
    storing.fault = EnvironmentFault(ErrorCode.CONTENT_STORE_UNAVAILABLE, "the disk is gone")
    mints = [asyncio.create_task(memory.core.desk.mint([request(asset)])) for asset in assets]
    await storing.refused.wait()
    refused, asked = storing.groups[-1], len(storing.groups)
    for _ in range(50):
        await asyncio.sleep(0)  # far less than the second after which a mint tries again
    assert not any(refused & later for later in storing.groups[asked:])
    storing.fault = None
    await asyncio.gather(*mints)
    assert [await memory.state_of(asset) for asset in assets] == ["MINTED"] * 5
