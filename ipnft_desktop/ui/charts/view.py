"""The chart widget: drawing, legend, readout, table, and what can be done with them."""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ipnft_desktop.ui.charts.chart import Axis, Chart
from ipnft_desktop.ui.charts.legend import Legend
from ipnft_desktop.ui.charts.library import chart_library
from ipnft_desktop.ui.charts.readout import Reading, Readout
from ipnft_desktop.ui.charts.scales import Scales
from ipnft_desktop.ui.charts.wording import axis_words, x_words
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import Ink, Space, TextSize, Weight
from ipnft_desktop.ui.widgets.buttons import IconButton
from ipnft_desktop.ui.widgets.check_box import CheckBox
from ipnft_desktop.ui.widgets.empty_state import EmptyState
from ipnft_desktop.ui.widgets.measures import labelled_text
from ipnft_desktop.ui.widgets.menu import Menu
from ipnft_desktop.ui.widgets.menu_line import add_line
from ipnft_desktop.ui.widgets.plain import plain_tooltip, visible
from ipnft_desktop.ui.widgets.tab_order import follow
from ipnft_desktop.ui.widgets.text import ElidedLabel, Text

if TYPE_CHECKING:
    from ipnft_desktop.ui.charts.chart_table import ChartTable
    from ipnft_desktop.ui.charts.plot import Plot


class ChartFormat(StrEnum):
    """What a chart is exported as; the values are endings of files."""

    PNG = "png"
    SVG = "svg"
    CSV = "csv"


class ChartView(QWidget):
    """Shows a `Chart`; `export_requested` carries the `ChartFormat`, see `export.py`.

    The first of all charts takes a moment: what draws it is loaded in a thread once it is on screen.
    """

    export_requested = Signal(object)

    def __init__(self, empty_sentence: str = "", parent: QWidget | None = None) -> None:
        """`empty_sentence` says what belongs here while there is no point."""
        super().__init__(parent)
        self._chart = Chart("", Axis(""), Axis(""))
        self._plot: Plot | None = None
        self._table: ChartTable | None = None
        self._readout: Readout | None = None
        self._wants_table = False
        self.title = ElidedLabel("", TextSize.LEAD, Weight.SEMIBOLD)
        self.log_x = CheckBox(self.tr("Log x"))
        self.log_y = CheckBox(self.tr("Log y"))
        self.reset_button = IconButton(Icon.ROTATE, self.tr("Show all of the chart (0)"))
        self.table_button = IconButton(Icon.LIST_TREE, self.tr("Show the figures as a table"))
        self.export_button = IconButton(Icon.DOWNLOAD, self.tr("Export the chart"))
        self.legend = Legend()
        self._y_title = Text("", TextSize.MICRO, ink=Ink.MUTED)
        self._x_title = Text("", TextSize.MICRO, ink=Ink.MUTED)
        self._waiting = Text(self.tr("Preparing the chart…"), ink=Ink.MUTED)
        self._empty = EmptyState(Icon.ACTIVITY, self.tr("No figures yet"), empty_sentence)
        self._faces = QStackedWidget()
        self._lay_out()
        self._connect()
        self.set_chart(self._chart)

    @property
    def chart(self) -> Chart:
        """What is shown."""
        return self._chart

    @property
    def plot(self) -> Plot | None:
        """The drawing, None until it can be drawn."""
        return self._plot

    @property
    def table(self) -> ChartTable | None:
        """The table of the same points, None until somebody asked for it."""
        return self._table

    @property
    def readout(self) -> Readout | None:
        """What is read at the crosshair, None until the chart can be drawn."""
        return self._readout

    def set_chart(self, chart: Chart) -> None:
        """Show another chart; series of the same name stay hidden."""
        self._chart = chart
        self.title.setText(chart.title)
        self.title.setVisible(bool(chart.title))
        self.setAccessibleName(visible(chart.title))
        self._y_title.setText(axis_words(chart.y))
        self._x_title.setText(axis_words(chart.x))
        self.legend.show_series(chart.series)
        self._offer_scales(chart)
        if self._plot is not None:
            self._draw(self._plot)
        if self._table is not None:
            self._table.show_chart(chart)
        self._show_face()

    def showEvent(self, event: QShowEvent) -> None:
        """Have the chart drawn; loaded for the first of all charts, and once it is seen."""
        super().showEvent(event)
        if self._plot is None:
            if chart_library().is_ready:
                self.build()
            else:
                chart_library().load()

    def build(self) -> Plot:
        """Have the chart drawn in this turn of the loop, and pyqtgraph loaded if nobody has: for pictures and tests."""
        from ipnft_desktop.ui.charts.plot import Plot

        if self._plot is None:
            self._plot = Plot()
            self._readout = Readout(self._plot)
            self._plot.pointed.connect(self._on_pointed)
            self._plot.zoomed.connect(self.reset_button.setEnabled)
            self._faces.addWidget(self._plot)
            follow(self.export_button, [self._plot])
            self._draw(self._plot)
            self._show_face()
        return self._plot

    # --- inside -------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(Space.S)
        head.addWidget(self.title, 1)
        head.addStretch()
        for part in (self.log_x, self.log_y, self.reset_button, self.table_button, self.export_button):
            head.addWidget(part)
        self.reset_button.setEnabled(False)
        self._waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        for face in (self._empty, self._waiting):
            self._faces.addWidget(face)
        self._x_title.setAlignment(Qt.AlignmentFlag.AlignRight)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(Space.S)
        box.addLayout(head)
        box.addWidget(self._y_title)
        box.addWidget(self._faces, 1)
        box.addWidget(self._x_title)
        box.addWidget(self.legend)

    def _connect(self) -> None:
        chart_library().ready.connect(self._on_ready)
        self.legend.toggled.connect(self._on_legend_toggled)
        for box in (self.log_x, self.log_y):
            box.toggled.connect(self._on_scales_changed)
        self.reset_button.clicked.connect(self._on_reset)
        self.table_button.clicked.connect(self._on_table_pressed)
        self.export_button.clicked.connect(self._on_export_pressed)

    def _offer_scales(self, chart: Chart) -> None:
        for box, fits, wanted in (
            (self.log_x, chart.fits_log_x, chart.x.is_log),
            (self.log_y, chart.fits_log_y, chart.y.is_log),
        ):
            box.setEnabled(fits and not chart.is_empty)
            box.setToolTip("" if fits else plain_tooltip(self.tr("Needs values above zero, and no bars or times.")))
            box.blockSignals(True)
            box.setChecked(wanted and fits)
            box.blockSignals(False)

    def _draw(self, plot: Plot) -> None:
        plot.setAccessibleName(visible(self._chart.title))
        plot.show_chart(self._chart, self.legend.hidden_names, self._scales)
        self._on_pointed(None)

    @property
    def _scales(self) -> Scales:
        return Scales(self.log_x.isChecked(), self.log_y.isChecked())

    def _show_face(self) -> None:
        has_points = not self._chart.is_empty
        for button in (self.table_button, self.export_button):
            button.setEnabled(has_points and self._plot is not None)
        is_table = has_points and self._wants_table
        for part in (self._x_title, self._y_title, self.legend):
            part.setVisible(has_points and not is_table)
        if not has_points:
            self._faces.setCurrentWidget(self._empty)
        elif is_table and self._table is not None:
            self._faces.setCurrentWidget(self._table)
        else:
            self._faces.setCurrentWidget(self._plot or self._waiting)

    def _on_ready(self) -> None:
        if self.isVisible():
            self.build()

    def _on_legend_toggled(self) -> None:
        if self._plot is not None:
            self._plot.set_hidden(self.legend.hidden_names)

    def _on_scales_changed(self) -> None:
        if self._plot is not None:
            self._plot.set_scales(self._scales)

    def _on_reset(self) -> None:
        if self._plot is not None:
            self._plot.reset()

    def _on_table_pressed(self) -> None:
        self._wants_table = not self._wants_table
        if self._table is None:
            from ipnft_desktop.ui.charts.chart_table import ChartTable

            self._table = ChartTable()
            self._table.show_chart(self._chart)
            self._faces.addWidget(self._table)
            follow(self.export_button, [self._table])
        name = self.tr("Show the chart") if self._wants_table else self.tr("Show the figures as a table")
        self.table_button.set_name(name)
        self._show_face()

    def _on_export_pressed(self) -> None:
        menu = Menu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for title, kind in (
            (self.tr("Picture (PNG)"), ChartFormat.PNG),
            (self.tr("Drawing (SVG)"), ChartFormat.SVG),
            (self.tr("Figures (CSV)"), ChartFormat.CSV),
        ):
            add_line(menu, title, partial(self.export_requested.emit, kind))
        menu.popup(self.export_button.mapToGlobal(self.export_button.rect().bottomLeft()))

    def _on_pointed(self, x: float | None) -> None:
        """Tell what there is at an x, to the eye and to screen readers."""
        plot, readout = self._plot, self._readout
        if plot is None or readout is None:
            return
        if x is None:
            readout.hide()
            plot.setAccessibleDescription(
                self.tr("Left, Right, Home and End read its points, + and − zoom, 0 shows all of it.")
            )
            return
        shown = {each.name for each in plot.shown_series}
        values = ((number, each, each.at(x)) for number, each in enumerate(self._chart.series) if each.name in shown)
        readings = [
            Reading(number, each.name, self._chart.y.text(value)) for number, each, value in values if value is not None
        ]
        readout.show_readings(labelled_text(self._chart.x.title, x_words(self._chart.x, x)), readings)
        readout.stand_beside(plot.place_of(x), QRectF(plot.rect()))
        plot.setAccessibleDescription(readout.text)
        QAccessible.updateAccessibility(QAccessibleEvent(plot, QAccessible.Event.DescriptionChanged))
