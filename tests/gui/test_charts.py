"""Charts: read by mouse and keyboard, hidden by the legend, as a table and as files, in both themes."""

from __future__ import annotations

import asyncio
import csv
import gc
import math
import sys
import weakref
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ipnft_desktop.domain.errors import ErrorCode, IpnftError
from ipnft_desktop.ui.charts.chart import Axis, Chart, Level, Mark, Series, Span
from ipnft_desktop.ui.charts.export import ChartExport, csv_rows
from ipnft_desktop.ui.charts.library import ChartLibrary
from ipnft_desktop.ui.charts.plot import Plot
from ipnft_desktop.ui.charts.ticks import linear_ticks, log_ticks, time_ticks
from ipnft_desktop.ui.charts.view import ChartFormat, ChartView
from ipnft_desktop.ui.tasks import PageTasks
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import Size

OURS = Series.of("Ours", [(1, 0.5), (5, 55.9), (10, 62.9), (30, 67.6)])
PUBLISHED = Series.of("=Published", [(5, 61.0), (30, 78.39)], Mark.DASHED_LINE)
CHART = Chart(
    "What a batch saves",
    Axis("Batch size", is_log=True),
    Axis("Saving", "%", has_zero=True),
    (OURS, PUBLISHED),
    (Span(20, 30, "Recommended"),),
    (Level(2, "Floor"),),
)
SIZE = (700, 400)


@pytest.fixture
def view(qtbot: QtBot) -> ChartView:
    shown = ChartView("Run the experiment.")
    qtbot.addWidget(shown)
    shown.set_chart(CHART)
    shown.resize(*SIZE)
    shown.show()
    shown.build()
    QApplication.processEvents()
    return shown


def plot_of(view: ChartView) -> Plot:
    assert view.plot is not None
    return view.plot


def test_points_go_from_left_to_right_and_names_are_unique() -> None:
    for points in ([(1, 1), (1, 2)], [(2, 1), (1, 1)], [(math.nan, 1)], [(1, math.inf)]):
        with pytest.raises(ValueError, match="Ours"):
            Series.of("Ours", points)
    with pytest.raises(ValueError, match="name"):
        Chart("", Axis(""), Axis(""), (OURS, OURS))


def test_ticks_are_round() -> None:
    assert linear_ticks(0, 1, 4) == (0.5, [0.0, 0.5, 1.0])
    assert linear_ticks(-0.35, 0.32, 7)[1] == [-0.3, -0.2, -0.1, 0.0, 0.1, 0.2, 0.3]
    assert [round(10**each) for each in log_ticks(0, 2, 9)[1]] == [1, 2, 5, 10, 20, 50, 100]
    assert log_ticks(0, 12, 5) == (3.0, [0, 3, 6, 9, 12])
    zone_s = 5.5 * 3_600
    assert time_ticks(86_400 - zone_s, 2 * 86_400 - zone_s, 3, zone_s) == (
        12 * 3_600,
        [86_400 - zone_s, 1.5 * 86_400 - zone_s, 2 * 86_400 - zone_s],
    )


def test_the_keyboard_reads_point_by_point(view: ChartView) -> None:
    plot = plot_of(view)
    read: list[float | None] = []
    plot.pointed.connect(read.append)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_End, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Home):
        QTest.keyClick(plot, key)
    assert read == [1, 5, 30, 30, 10, 1]
    QTest.keyClick(plot, Qt.Key.Key_Right)
    assert view.readout is not None
    assert view.readout.isVisible()
    assert view.readout.text == "Batch size: 5, Ours: 55.9, =Published: 61"
    assert plot.accessibleDescription() == view.readout.text
    QTest.keyClick(plot, Qt.Key.Key_Escape)
    assert plot.at is None
    assert not view.readout.isVisible()
    assert "Left" in plot.accessibleDescription()


def test_the_mouse_reads_the_nearest_point(view: ChartView) -> None:
    plot = plot_of(view)
    QTest.mouseMove(plot.viewport(), QPoint(round(plot.place_of(12)), plot.height() // 2))
    assert plot.at == 10
    QTest.mouseMove(plot.viewport(), QPoint(round(plot.place_of(30)), plot.height() // 2))
    assert plot.at == 30
    assert view.readout is not None
    assert view.readout.geometry().right() < plot.place_of(30)  # no room at the right
    QTest.mouseMove(plot.viewport(), QPoint(2, plot.height() - 2))
    assert plot.at is None


def test_zoom_by_keyboard_and_back(view: ChartView) -> None:
    plot = plot_of(view)
    whole = plot.in_view
    assert not view.reset_button.isEnabled()
    QTest.keyClick(plot, Qt.Key.Key_Plus)
    assert plot.in_view[0] > whole[0]
    assert plot.in_view[1] < whole[1]
    view.reset_button.click()
    assert plot.in_view == pytest.approx(whole)
    QTest.keyClick(plot, Qt.Key.Key_Minus)
    assert plot.in_view == pytest.approx(whole)  # there is nothing beyond
    for _ in range(8):
        QTest.keyClick(plot, Qt.Key.Key_Plus)
    QTest.keyClick(plot, Qt.Key.Key_End)
    assert plot.in_view[0] <= 30 <= plot.in_view[1]  # what is read comes into view


def test_the_legend_hides_a_series_by_keyboard_too(view: ChartView) -> None:
    plot, (ours, published) = plot_of(view), view.legend.entries
    with_both = plot.grab().toImage()
    QTest.keyClick(published, Qt.Key.Key_Space)
    assert [each.name for each in plot.shown_series] == ["Ours"]
    assert plot.grab().toImage() != with_both
    QTest.keyClick(plot, Qt.Key.Key_End)
    assert view.readout is not None
    assert view.readout.text == "Batch size: 30, Ours: 67.6"
    view.set_chart(CHART)
    assert not published.isChecked()  # stays hidden with other figures
    QTest.mouseClick(published, Qt.MouseButton.LeftButton)
    ours.setChecked(False)
    QTest.keyClick(plot, Qt.Key.Key_Home)
    assert plot.at == 5  # where none has a point is nothing to read
    published.setChecked(False)
    QTest.keyClick(plot, Qt.Key.Key_Right)
    assert plot.at is None


def test_another_chart_leaves_nothing_of_the_one_before(view: ChartView) -> None:
    def drawn() -> int:
        return len(plot_of(view).scene().items())

    before = drawn()
    view.set_chart(Chart("Fewer", CHART.x, CHART.y, (OURS,)))
    fewer = drawn()
    assert fewer < before
    for chart in (CHART, Chart("Fewer", CHART.x, CHART.y, (OURS,))):
        view.set_chart(chart)
    assert drawn() == fewer


@pytest.mark.parametrize(
    "names", [("Ours against its single mint " * 2, "Baseline A"), ("与本项目合约自身单笔铸造相比" * 3, "基线 A")]
)
def test_a_legend_of_long_names_takes_another_line(view: ChartView, names: tuple[str, str]) -> None:
    one_line = view.legend.height()
    series = tuple(Series.of(f"{name}{at}", [(1, 1), (2, 2)]) for at, name in enumerate(names * 2))
    view.set_chart(Chart("Long", CHART.x, CHART.y, series))
    QApplication.processEvents()
    legend, entries = view.legend, view.legend.entries
    assert legend.height() > one_line
    assert all(legend.rect().contains(entry.geometry()) for entry in entries)
    assert all(entry.width() >= entry.sizeHint().width() for entry in entries), "none is cut"
    assert not any(one.geometry().intersects(other.geometry()) for one in entries for other in entries if one != other)
    view.resize(Size.SIDE_PANEL, view.height())
    QApplication.processEvents()
    assert all(legend.rect().contains(entry.geometry()) for entry in entries), "a line is never wider than the chart"


def test_a_logarithmic_axis_is_offered_where_it_can_be(view: ChartView) -> None:
    plot = plot_of(view)
    middle = (plot.place_of(1) + plot.place_of(30)) / 2
    assert plot.place_of(5) == pytest.approx(middle, abs=20)  # log 5 is about half of log 30
    view.log_x.click()
    assert plot.place_of(15.5) == pytest.approx(middle, abs=1)
    view.set_chart(Chart("", Axis("x"), Axis("y"), (Series.of("Zero", [(0, 0), (1, 1)]),)))
    assert not view.log_x.isEnabled()
    assert not view.log_y.isEnabled()
    assert "above zero" in view.log_x.toolTip()


def test_a_switch_of_the_theme_reaches_everything(view: ChartView, qtbot: QtBot) -> None:
    plot = plot_of(view)
    light = plot.grab().toImage()
    theme().set_dark(True)
    theme().finish()
    dark = plot.grab().toImage()
    made_dark = ChartView()
    qtbot.addWidget(made_dark)
    made_dark.set_chart(CHART)
    made_dark.resize(*SIZE)
    made_dark.show()
    made_dark.build()
    QApplication.processEvents()
    assert dark != light
    assert dark == plot_of(made_dark).grab().toImage()


def test_the_table_has_the_same_points(view: ChartView) -> None:
    view.table_button.click()
    table = view.table
    assert table is not None
    assert table.isVisible()
    table.copy()
    lines = [line.split("\t") for line in QGuiApplication.clipboard().text().splitlines()]
    assert lines == [
        ["Batch size", "Ours", "=Published"],
        ["1", "0.5", ""],
        ["5", "55.9", "61"],
        ["10", "62.9", ""],
        ["30", "67.6", "78.39"],
    ]
    table.setCurrentIndex(table.points.index(1, 2))
    QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "61"
    view.table_button.click()
    assert plot_of(view).isVisible()


def test_without_points_it_says_what_belongs_there(view: ChartView) -> None:
    view.set_chart(Chart("Queue", Axis("Time"), Axis("Waiting")))
    assert not plot_of(view).isVisible()
    assert not view.export_button.isEnabled()
    view.set_chart(CHART)
    assert plot_of(view).isVisible()


def test_gaps_and_a_hundred_thousand_points_are_drawn(view: ChartView) -> None:
    ys = (math.nan if step % 1_000 < 100 else math.sin(step / 9_000) for step in range(100_000))
    view.set_chart(Chart("Walk", Axis("Step"), Axis("Height"), (Series.of("Walk", enumerate(ys)),)))
    plot = plot_of(view)
    assert plot.grab().toImage() != QImage()
    QTest.keyClick(plot, Qt.Key.Key_End)
    assert plot.at == 99_999
    assert view.readout is not None
    assert "Walk: -0.99" in view.readout.text
    QTest.keyClick(plot, Qt.Key.Key_Home)
    assert view.readout.text == "Step: 0"  # a gap


async def saved(view: ChartView, kind: ChartFormat, target: Path) -> list[object]:
    """What is told after a file was written, or not."""
    tasks = PageTasks(lambda error: told.append(error))
    export = ChartExport(view, tasks, "savings")
    told: list[object] = []
    done = asyncio.Event()
    for signal in (export.notice, export.failed):
        signal.connect(lambda *what: (told.extend(what), done.set()))
    export.save(kind, target)
    await done.wait()
    await tasks.close()
    return told


async def test_exports_can_be_read_again(view: ChartView, tmp_path: Path) -> None:
    assert (await saved(view, ChartFormat.PNG, tmp_path / "a"))[0] == "Saved a.png"
    image = QImage(str(tmp_path / "a.png"))
    assert image.width() > 2 * plot_of(view).width()
    assert image.pixelColor(2, 2).name() == theme().tokens.surface
    await saved(view, ChartFormat.SVG, tmp_path / "a.svg")
    drawn = ElementTree.parse(tmp_path / "a.svg").getroot()
    words = {"".join(found.itertext()).strip() for found in drawn.iter("{http://www.w3.org/2000/svg}text")}
    assert {"What a batch saves", "Saving (%)", "Ours", "Recommended", "Floor"} <= words
    await saved(view, ChartFormat.CSV, tmp_path / "a.csv")
    rows = list(csv.reader(StringIO((tmp_path / "a.csv").read_bytes().decode("utf-8-sig"))))
    assert rows == [
        ["Batch size", "Ours", "'=Published"],  # no spreadsheet calculates it
        ["1", "0.5", ""],
        ["5", "55.9", "61"],
        ["10", "62.9", ""],
        ["30", "67.6", "78.39"],
    ]


def test_a_negative_figure_stays_a_number() -> None:
    chart = Chart("", Axis("x"), Axis("y"), (Series.of("a", [(-1, -0.5), (2, math.nan)]),))
    assert list(csv_rows(chart))[1:] == [["-1", "-0.5"], ["2", ""]]


async def test_a_file_that_cannot_be_written_is_told(view: ChartView, tmp_path: Path) -> None:
    for kind in ChartFormat:
        (error,) = await saved(view, kind, tmp_path / "missing" / f"a.{kind.value}")
        assert isinstance(error, IpnftError)
        assert error.code is ErrorCode.SHEET_NOT_WRITTEN


async def test_the_library_is_loaded_in_a_thread_and_then_told(qapp: QApplication) -> None:
    library = ChartLibrary()
    ready = asyncio.Event()
    library.ready.connect(ready.set)
    library.load()
    await ready.wait()
    assert library.is_ready


def test_nothing_slow_is_imported_before_a_chart_is_shown() -> None:
    """In a process of its own: here everything is imported already."""
    import subprocess

    program = "import sys, ipnft_desktop.ui.charts.view, ipnft_desktop.ui.charts.export; print('numpy' in sys.modules)"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "False"


async def test_a_closed_chart_leaves_nothing(qapp: QApplication) -> None:
    window = QWidget()
    window.show()
    references: list[weakref.ref[object]] = []
    counts: list[int] = []
    for _ in range(3):
        view = ChartView(parent=window)
        view.set_chart(CHART)
        view.show()
        plot = view.build()
        plot.grab()
        view.table_button.click()
        references += [weakref.ref(view), weakref.ref(plot)]
        gone = asyncio.Event()
        view.destroyed.connect(gone.set)
        view.deleteLater()
        del view, plot
        await gone.wait()
        gc.collect()
        counts.append(len(qapp.allWidgets()))
    assert counts[0] == counts[-1]
    assert [reference() for reference in references] == [None] * len(references)
    window.deleteLater()
