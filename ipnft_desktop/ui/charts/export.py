"""A chart as a file: what a person chose, written beside the event loop."""

from __future__ import annotations

import asyncio
import csv
import errno
import math
from collections.abc import Callable, Iterator
from functools import partial
from io import StringIO
from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, Signal
from PySide6.QtGui import QImage, QImageWriter

from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, IpnftError, UserError
from ipnft_desktop.domain.formula_guard import guard
from ipnft_desktop.ui.charts.chart import Chart
from ipnft_desktop.ui.charts.view import ChartFormat, ChartView
from ipnft_desktop.ui.charts.wording import axis_words
from ipnft_desktop.ui.tasks import PageTasks
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.file_dialogs import ask_where_to_save

_OUT_OF_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT})


class ChartExport(QObject):
    """Answers the wishes of one chart to be exported. `notice` tells that a file was saved, `failed` an IpnftError."""

    notice = Signal(str, object)
    failed = Signal(object)

    def __init__(self, view: ChartView, tasks: PageTasks, file_name: str) -> None:
        """`tasks` are those of the page; `file_name` is what is proposed, without its ending."""
        super().__init__(view)
        self._view = view
        self._tasks = tasks
        self._file_name = file_name
        view.export_requested.connect(self._on_requested)

    def save(self, kind: ChartFormat, target: Path) -> None:
        """Write the chart as it is now; the ending of the kind is added where there is none."""
        if not target.suffix:
            target = target.with_suffix(f".{kind.value}")
        content = self._content(kind)
        self._tasks.start(self._save(content, target), "chart export")

    def _on_requested(self, kind: ChartFormat) -> None:
        dialog = ask_where_to_save(self._view, f"{self._file_name}.{kind.value}", partial(self.save, kind))
        dialog.setNameFilter(f"{kind.name} (*.{kind.value})")

    def _content(self, kind: ChartFormat) -> Callable[[Path], None]:
        """What writes the file, for any thread: what only this one may look at is taken already."""
        plot = self._view.plot
        if kind is ChartFormat.CSV or plot is None:
            return partial(_write_text, self._view.chart)
        from ipnft_desktop.ui.charts.picture import chart_image, chart_svg

        if kind is ChartFormat.SVG:
            return partial(_write_bytes, chart_svg(plot))
        return partial(_write_image, chart_image(plot))

    async def _save(self, write: Callable[[Path], None], target: Path) -> None:
        try:
            await asyncio.to_thread(write, target)
        except OSError as error:
            self.failed.emit(_told(error))
        else:
            self.notice.emit(self.tr("Saved {0}").format(target.name), Tone.OK)


def csv_rows(chart: Chart) -> Iterator[list[str]]:
    """A header, then a row for each x; what a series has no point at is empty. Times are seconds since 1970, UTC."""
    yield [guard(axis_words(chart.x)), *(guard(each.name) for each in chart.series)]
    at = [0] * len(chart.series)
    while any(place < len(each.xs) for place, each in zip(at, chart.series, strict=True)):
        x = min(each.xs[place] for place, each in zip(at, chart.series, strict=True) if place < len(each.xs))
        row = [_number(x)]
        for number, each in enumerate(chart.series):
            has_point = at[number] < len(each.xs) and each.xs[at[number]] == x
            row.append(_number(each.ys[at[number]]) if has_point else "")
            at[number] += has_point
        yield row


def _number(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.15g}"


def _write_text(chart: Chart, target: Path) -> None:
    text = StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(csv_rows(chart))
    # Without the mark of UTF-8 spreadsheets take Chinese for something else.
    target.write_bytes(text.getvalue().encode("utf-8-sig"))


def _write_bytes(content: bytes, target: Path) -> None:
    target.write_bytes(content)


def _write_image(image: QImage, target: Path) -> None:
    with target.open("wb"):
        pass  # an image says only that it could not be saved, a file says why
    writer = QImageWriter(str(target), QByteArray(b"png"))
    if not writer.write(image):
        raise OSError(errno.EIO, writer.errorString())


def _told(error: OSError) -> IpnftError:
    why = error.strerror or str(error)
    if error.errno in _OUT_OF_SPACE:
        return EnvironmentFault(ErrorCode.DISK_FULL, why)
    return UserError(ErrorCode.SHEET_NOT_WRITTEN, why, field="file")
