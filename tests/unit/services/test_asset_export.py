"""What is in view goes out in its order, and what went out comes in again as it was."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest

from ipnft_desktop.domain.asset_columns import AssetColumn
from ipnft_desktop.domain.assets import Asset, AssetQuery, LicenceTerms, SortKey
from ipnft_desktop.domain.errors import ErrorCode, UserError
from ipnft_desktop.domain.minting import AssetState
from ipnft_desktop.domain.sheets import SheetFormat
from ipnft_desktop.services.asset_export import ExportWish
from ipnft_desktop.services.long_work import LongWork, WorkCancelled
from tests.support import samples
from tests.support.core_factory import MemoryCore

OWNER = samples.enterprise(name="Aurora")
BY_NAME = AssetQuery(sort=SortKey.NAME, descending=False)
NAMES = (AssetColumn.NAME,)


@pytest.fixture
async def memory(memory: MemoryCore, monkeypatch: pytest.MonkeyPatch) -> MemoryCore:
    monkeypatch.setattr("ipnft_desktop.services.asset_export.CHUNK", 2)
    assets = [samples.asset(OWNER, name=f"Asset {number}", custom_fields={}) for number in range(5)]
    assets[1] = replace(assets[1], name="Asset 1 =SUM", custom_fields={"分类": "通信", "a": "-1+2"})
    assets[3] = replace(assets[3], licence=LicenceTerms(transferable=False), description="two\nlines, “quoted”")
    await memory.core.register.add_assets(assets, (OWNER,))
    return memory


async def _export(memory: MemoryCore, target: Path, wish: ExportWish) -> int:
    return await memory.core.exports.export(wish, target, LongWork())


def _rows(file: Path) -> list[list[str]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.reader(opened))


async def test_the_view_is_exported_in_its_order_with_the_chosen_columns(memory: MemoryCore, tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    wish = ExportWish(BY_NAME, (AssetColumn.NAME, AssetColumn.STATE), custom_fields=True, format=SheetFormat.CSV)

    assert await _export(memory, target, wish) == 5
    assert _rows(target) == [
        ["Name", "State", "custom: a", "custom: 分类"],
        ["Asset 0", "DRAFT", "", ""],
        ["Asset 1 =SUM", "DRAFT", "'-1+2", "通信"],
        *[[f"Asset {number}", "DRAFT", "", ""] for number in (2, 3, 4)],
    ]


async def test_a_filter_and_an_order_hold_for_the_export(memory: MemoryCore, tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    for query, names in (
        (replace(BY_NAME, text="SUM"), [["Asset 1 =SUM"]]),
        (replace(BY_NAME, states=frozenset({AssetState.MINTED})), []),
        (replace(BY_NAME, descending=True), [[f"Asset {n}" if n != 1 else "Asset 1 =SUM"] for n in (4, 3, 2, 1, 0)]),
    ):
        await _export(memory, target, ExportWish(query, NAMES, custom_fields=False, format=SheetFormat.CSV))
        assert _rows(target)[1:] == names


async def test_json_keeps_kinds_and_custom_fields(memory: MemoryCore, tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    columns = (AssetColumn.NAME, AssetColumn.TRANSFERABLE, AssetColumn.LICENCE_EXPIRES_ON)
    await _export(memory, target, ExportWish(BY_NAME, columns, custom_fields=True, format=SheetFormat.JSON))

    found = json.loads(target.read_text("utf-8"))
    assert found[1]["custom_fields"] == {"分类": "通信", "a": "-1+2"}
    assert found[3] == {
        "name": "Asset 3",
        "transferable": False,
        "licence_expires_on": None,
        "custom_fields": {},
    }


@pytest.mark.parametrize("sheet_format", [SheetFormat.CSV, SheetFormat.XLSX])
async def test_what_was_exported_comes_back_as_it_was(
    memory: MemoryCore, tmp_path: Path, sheet_format: SheetFormat
) -> None:
    target = tmp_path / f"out.{sheet_format}"
    await _export(memory, target, ExportWish(BY_NAME, tuple(AssetColumn), custom_fields=True, format=sheet_format))
    before = await _all(memory)
    folder = tmp_path / "other"
    folder.mkdir()
    other = await MemoryCore(folder).start()
    try:
        await other.core.register.add_assets((), (OWNER,))
        sample = await other.core.imports.open(target, LongWork())
        check = await other.core.imports.check(sample, sample.uses, LongWork())
        await other.core.imports.apply(check, LongWork())
        check.close()
        after = await _all(other)
    finally:
        await other.core.close()

    times = {"created_at": samples.NOW, "updated_at": samples.NOW}
    assert [replace(asset, **times) for asset in after] == [replace(asset, **times) for asset in before]


@pytest.mark.parametrize("after", [0, 0.8])
async def test_a_cancelled_export_leaves_no_file(
    memory: MemoryCore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: float
) -> None:
    work = LongWork()
    report = work.report

    def cancel(share: float) -> None:
        if share >= after:
            work.cancel()
        report(share)

    monkeypatch.setattr(work, "report", cancel)
    folder = tmp_path / "out"
    folder.mkdir()
    wish = ExportWish(BY_NAME, NAMES, custom_fields=False, format=SheetFormat.XLSX)
    with pytest.raises(WorkCancelled):
        await memory.core.exports.export(wish, folder / "out.xlsx", work)
    assert not list(folder.iterdir())


async def test_nobody_exports_without_signing_in(memory: MemoryCore, tmp_path: Path) -> None:
    memory.core.session.end()
    with pytest.raises(UserError) as refused:
        await _export(memory, tmp_path / "x", ExportWish(BY_NAME, NAMES, custom_fields=False, format=SheetFormat.CSV))
    assert refused.value.code is ErrorCode.SIGN_IN_REQUIRED


async def _all(memory: MemoryCore) -> list[Asset]:
    page = await memory.core.register.page(BY_NAME)
    return [await memory.core.register.asset(row.asset_id) for row in page.rows]
