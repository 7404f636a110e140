"""The tour keeps its hands off a person's register, and its story fits any clock."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from ipnft_desktop.bootstrap.adapters import DATABASE_FILE
from ipnft_desktop.tour.minting import NEW_ASSET_CREATED_ON
from ipnft_desktop.tour.program import TourOptions, run_tour


def files_below(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_the_story_creates_nothing_in_the_future() -> None:
    assert date.fromisoformat(NEW_ASSET_CREATED_ON) < date(2000, 1, 1)


async def test_a_profile_with_a_register_is_refused_and_not_touched(
    qapp: QApplication, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / DATABASE_FILE).write_bytes(b"what a person owns")
    assert await run_tour(qapp, TourOptions(tmp_path / "out", None, tmp_path)) == 2
    assert "holds a register already" in capsys.readouterr().err
    assert files_below(tmp_path) == {DATABASE_FILE: b"what a person owns"}
