"""Searches that a person gave a name: each their own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ipnft_desktop.domain.assets import AssetQuery
from ipnft_desktop.domain.errors import ErrorCode, UserError, ValidationFailed
from ipnft_desktop.services.saved_filters import SavedFilters
from tests.support import samples
from tests.support.core_factory import MemoryCore


@pytest.fixture
async def core(tmp_path: Path) -> AsyncIterator[MemoryCore]:
    memory = await MemoryCore(tmp_path).start()
    yield memory
    await memory.core.close()


async def test_one_is_kept_renamed_replaced_and_deleted(core: MemoryCore) -> None:
    filters: SavedFilters = core.core.saved_filters
    await filters.save(" Cells ", AssetQuery("cell"))
    await filters.save("all", AssetQuery())
    saved = await filters.save("Cells", AssetQuery("new cell"))
    assert [(one.name, one.query.text) for one in saved] == [("all", ""), ("Cells", "new cell")]
    renamed = await filters.rename(saved[1].filter_id, "Zellen")
    assert [one.name for one in renamed] == ["all", "Zellen"]
    assert renamed[1].query == AssetQuery("new cell")
    assert [one.name for one in await filters.delete(saved[0].filter_id)] == ["Zellen"]
    assert await filters.list() == renamed[1:]


async def test_a_name_that_cannot_be_is_refused_and_nothing_kept(core: MemoryCore) -> None:
    filters = core.core.saved_filters
    await filters.save("b", AssetQuery())
    first, _ = await filters.save("a", AssetQuery())
    for name in ("", "   ", "x" * 101, "a\u202eb"):
        with pytest.raises(ValidationFailed):
            await filters.save(name, AssetQuery())
    with pytest.raises(ValidationFailed):
        await filters.rename(first.filter_id, "b")
    assert [one.name for one in await filters.list()] == ["a", "b"]


async def test_each_person_has_their_own_and_nobody_has_none(core: MemoryCore) -> None:
    filters = core.core.saved_filters
    (mine,) = await filters.save("mine", AssetQuery())
    core.core.session.begin(samples.user())
    assert await filters.list() == ()
    await filters.delete(mine.filter_id)
    core.core.session.end()
    for asked in (filters.list(), filters.save("x", AssetQuery())):
        with pytest.raises(UserError) as refused:
            await asked
        assert refused.value.code is ErrorCode.SIGN_IN_REQUIRED
