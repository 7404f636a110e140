"""A profile folder that cannot be used is told in the window, not by a traceback before there is one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from ipnft_desktop.bootstrap import window
from ipnft_desktop.bootstrap.window import Program, run_window
from ipnft_desktop.settings import Settings

PATIENCE_S = 10.0


async def _until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not holds():  # noqa: ASYNC110 - whatever a person could see, not one event
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("below", ["", "below"])
async def test_a_profile_that_is_a_file_is_told_by_the_first_stage(
    qapp: QApplication, tmp_path: Path, below: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Program] = []

    class Noted(Program):
        def __init__(self, app: QApplication, profile: Path, settings: Settings) -> None:
            super().__init__(app, profile, settings)
            started.append(self)

    monkeypatch.setattr(window, "Program", Noted)
    file = tmp_path / "file"
    file.touch()
    running = asyncio.ensure_future(run_window(qapp, file / below, Settings(autostart=True)))
    try:
        await _until(lambda: running.done() or (started and started[0].core is not None))
        await _until(lambda: running.done() or started[0].pages.environment_view.error_panel.code)
        assert not running.done(), running.exception()
        assert started[0].pages.environment_view.error_panel.code == "DATABASE_UNAVAILABLE"
    finally:
        for program in started:
            program.closed.set()
        await running
