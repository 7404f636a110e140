"""The overlay of the loop's gaps: what it measures, and that it measures only while it is shown."""

from __future__ import annotations

import time
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from benchmarks.loop_ticks import ticked_gaps
from ipnft_desktop.settings import load_settings
from ipnft_desktop.ui.loop_gap import WorstOf, measured_gaps
from ipnft_desktop.ui.loop_overlay import LoopOverlay
from tests.gui.support.desk import open_desk
from tests.gui.support.waiting import settled, turns

HELD_UP_MS = 40


def _hold_the_loop_up() -> None:
    until = time.thread_time() + HELD_UP_MS / 1000
    while time.thread_time() < until:
        pass


def test_the_worst_is_forgotten_in_time() -> None:
    now = [0.0]
    worst = WorstOf(1.0, lambda: now[0])
    assert worst.value == 0
    for at, value in ((0.0, 9.0), (0.5, 3.0), (0.6, 5.0)):
        now[0] = at
        worst.add(value)
    assert worst.value == 9
    now[0] = 1.2
    assert worst.value == 5
    now[0] = 1.7
    assert worst.value == 0


async def test_what_holds_the_loop_up_is_a_gap_of_its_own_work(qapp: QApplication) -> None:
    with measured_gaps() as gaps:
        await turns()
        _hold_the_loop_up()
        await settled(lambda: max(gaps.wall_ms, default=0) > HELD_UP_MS / 2)
    assert max(gaps.cpu_ms) >= HELD_UP_MS


async def test_keys_show_it_and_it_is_remembered(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    async with open_desk(qapp, tmp_path) as desk:
        window = desk.program.window
        window.activateWindow()
        await settled(window.isActiveWindow)
        assert window.findChild(LoopOverlay) is None
        both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        qtbot.keyClick(window, Qt.Key.Key_F12, both)
        overlay = window.findChild(LoopOverlay)
        assert isinstance(overlay, LoopOverlay)
        assert overlay.isVisible()
        assert window.rect().contains(overlay.geometry())
        _hold_the_loop_up()
        window.update()
        await settled(lambda: _first_number(overlay.lines[0]) > HELD_UP_MS / 2 and _first_number(overlay.lines[2]) > 0)
        assert "MB" in overlay.lines[4]
        await settled(lambda: load_settings(tmp_path, {}).loop_overlay)
        await desk.program.rebuild()
        assert overlay.isVisible()
        qtbot.keyClick(window, Qt.Key.Key_F12, both)
        assert not overlay.isVisible()
        await settled(lambda: not load_settings(tmp_path, {}).loop_overlay)


def _first_number(line: str) -> float:
    return float(line.partition(": ")[2].split()[0])


async def test_without_qt_a_task_of_the_loop_ticks(qapp: QApplication) -> None:
    """Also where a measurement runs without a window, whose timers would never tick."""
    async with ticked_gaps() as gaps:
        await settled(lambda: bool(gaps.wall_ms))
        seen = len(gaps.wall_ms)
        until = time.thread_time() + 0.03
        while time.thread_time() < until:
            pass
        await settled(lambda: len(gaps.wall_ms) > seen)
    assert max(gaps.wall_ms) >= 25
    assert max(gaps.cpu_ms) >= 25
