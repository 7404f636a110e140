"""The tab of the register's figures: six of them over charts, and every batch below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ipnft_desktop.domain.batch_runs import BatchRun
from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.domain.mint_figures import Dashboard, MintFigures, MintSeries
from ipnft_desktop.ui.commands.command import Command, button_command
from ipnft_desktop.ui.figures.chart_cards import ChartCards
from ipnft_desktop.ui.figures.faces import FigureFaces
from ipnft_desktop.ui.figures.figure_cards import FigureCards
from ipnft_desktop.ui.figures.period_bar import Period
from ipnft_desktop.ui.figures.run_table import RunTable
from ipnft_desktop.ui.models.run_model import RunModel
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import Ink, Space, TextSize, Weight
from ipnft_desktop.ui.widgets.buttons import SecondaryButton
from ipnft_desktop.ui.widgets.list_card import ListCard
from ipnft_desktop.ui.widgets.list_faces import Face
from ipnft_desktop.ui.widgets.scrolling_column import ScrollingColumn
from ipnft_desktop.ui.widgets.text import Text


class FiguresTab(QWidget):
    """`shown` tells that it came into view, `reload_requested` that other figures are wanted, `export_requested` that
    the batches are wanted as a file."""

    shown = Signal()
    reload_requested = Signal()
    register_requested = Signal()
    environment_requested = Signal()
    sign_in_requested = Signal()
    export_requested = Signal()

    def __init__(self, parent: QWidget | None = None, *, whole: bool = True) -> None:
        """Without `whole` the rest is left to `build`."""
        super().__init__(parent)
        self.model = RunModel(self)
        self.faces = FigureFaces()
        self._dashboard = Dashboard(MintFigures(), MintFigures())
        self._is_empty = True
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.faces)
        if whole:
            for _piece in self.build():
                pass

    def build(self) -> Iterator[None]:
        """Make what shows figures, in pieces."""
        self._column = ScrollingColumn(self.faces)
        self.faces.hold(self._column)
        inner = self._column.widget()
        self.cards = FigureCards(inner)
        self._column.column.addWidget(self.cards)
        yield
        self.charts = ChartCards(inner)
        self._column.column.addWidget(self.charts)
        yield from self.charts.build()
        self._add_batches()
        yield
        self._column.column.addStretch(1)
        self._connect()
        self.show_no_environment()

    @property
    def period(self) -> Period:
        """The time that figures and charts are about."""
        return self.cards.period.period

    @property
    def face(self) -> Face:
        """What is shown."""
        return self.faces.face

    def show_period(self, period: Period) -> None:
        """Choose another time."""
        self.cards.period.setCurrentIndex(period)

    def show_no_environment(self) -> None:
        """There is no register to read."""
        self._forget(Face.NO_ENVIRONMENT)

    def show_signed_out(self) -> None:
        """Nobody may see anything: what was shown goes."""
        self._forget(Face.SIGNED_OUT)

    def show_readable(self) -> None:
        """There are figures to be read once the tab comes into view."""
        if self.face.is_closed:
            self.faces.show_face(Face.LIST)

    def show_figures(
        self, dashboard: Dashboard, series: MintSeries, runs: Sequence[BatchRun], *, is_whole: bool
    ) -> None:
        """Show figures and batches; of the series whether there is any, for `show_series`."""
        self._dashboard = dashboard
        self.cards.error_panel.clear()
        self._refresh_figures()
        if not self.model.shows(runs):
            self._show_runs(runs, is_whole=is_whole)
        self._refresh_face(series)

    def show_series(self, series: MintSeries) -> Iterator[None]:
        """Draw the charts, in pieces; none while they are not shown, for they would all be seen first at once."""
        if self.face is Face.LIST:
            yield from self.charts.show_series(series)

    def add_runs(self, runs: Sequence[BatchRun], *, is_whole: bool) -> None:
        """The next page of the batches."""
        self.model.add_page(runs, is_whole=is_whole)
        self._refresh_count()

    def show_error(self, error: IpnftError) -> None:
        """Something could not be read, or not be written."""
        self.show_readable()
        self.cards.error_panel.show_error(error)

    def set_exporting(self, is_exporting: bool) -> None:
        """Whether the batches are being written into a file."""
        self._is_exporting = is_exporting
        self._refresh_count()

    def showEvent(self, event: QShowEvent) -> None:
        """Figures go on while they can be seen."""
        super().showEvent(event)
        self.shown.emit()

    def _add_batches(self) -> None:
        self._is_exporting = False
        self.export_button = SecondaryButton(self.tr("Export…"), Icon.DOWNLOAD)
        self._count = Text("", TextSize.CAPTION, ink=Ink.MUTED)
        self.table = RunTable(self.model)
        bar = QWidget()
        line = QHBoxLayout(bar)
        line.setContentsMargins(Space.L, Space.M, Space.L, Space.S)
        line.addWidget(Text(self.tr("Batches"), TextSize.LEAD, Weight.SEMIBOLD))
        line.addStretch(1)
        line.addWidget(self.export_button)
        hints = self.tr("↑↓ browse · Ctrl+C copy · Ctrl+E export · F5 reload")
        self._batches = ListCard(self.table, (), (self._count,), hints, bar)
        self._column.column.addWidget(self._batches)

    def _connect(self) -> None:
        self.cards.period.chosen.connect(self._on_period)
        self.faces.empty.action_requested.connect(self.register_requested)
        self.faces.no_match.action_requested.connect(self._on_all_time)
        self.faces.no_environment.action_requested.connect(self.environment_requested)
        self.faces.signed_out.action_requested.connect(self.sign_in_requested)
        self.export_button.clicked.connect(self.export_requested)
        Command(
            self,
            "figures.reload refresh",
            self.tr("Read the figures anew"),
            self.reload_requested.emit,
            "F5",
            icon=Icon.REFRESH,
            refusal=self._closed_reason,
        )
        button_command(
            self,
            "figures.export batches csv xlsx",
            self.export_button,
            "Ctrl+E",
            title=self.tr("Export the batches…"),
            icon=Icon.DOWNLOAD,
            why_not=lambda: self._closed_reason() or self.tr("There is no batch yet."),
        )

    def _forget(self, face: Face) -> None:
        self._dashboard = Dashboard(MintFigures(), MintFigures())
        self.cards.error_panel.clear()
        self._refresh_figures()
        self._show_runs((), is_whole=True)
        self.charts.clear()
        self.faces.show_face(face)

    def _refresh_figures(self) -> None:
        is_day = self.period is Period.DAY
        self.cards.show_figures(self._dashboard.day if is_day else self._dashboard.all_time)

    def _show_runs(self, runs: Sequence[BatchRun], *, is_whole: bool) -> None:
        bar = self.table.verticalScrollBar()
        place, row = bar.value(), self.table.currentIndex().row()
        self.model.reset(runs, is_whole=is_whole)
        if 0 <= row < len(runs):
            self.table.setCurrentIndex(self.model.index(row, 0))
        bar.setValue(place)
        self._refresh_count()

    def _refresh_count(self) -> None:
        count = self.model.rowCount()
        if self.model.is_whole:
            self._count.setText(self.tr("%Ln batches", "", count))
        else:
            self._count.setText(self.tr("%Ln batches read, more below", "", count))
        self.export_button.setEnabled(bool(count) and not self._is_exporting)

    def _refresh_face(self, series: MintSeries) -> None:
        is_quiet = not series.gas and not series.ended and not any(step.open_mints for step in series.queue)
        figures = self._dashboard.all_time
        if is_quiet and not figures.tokens and not figures.transactions and not self.model.rowCount():
            self.faces.show_face(Face.EMPTY)
        elif is_quiet and self.period is Period.DAY:
            self.faces.show_face(Face.NO_MATCH)
        else:
            self.faces.show_face(Face.LIST)

    def _closed_reason(self) -> str:
        if self.face is Face.SIGNED_OUT:
            return self.tr("Nobody is signed in.")
        return self.tr("The environment is not running.") if self.face is Face.NO_ENVIRONMENT else ""

    def _on_period(self) -> None:
        self._refresh_figures()
        self.reload_requested.emit()

    def _on_all_time(self) -> None:
        self.show_period(Period.ALL_TIME)
