"""Export of what is in view: which format, which columns."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from ipnft_desktop.domain.asset_columns import AssetColumn
from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.domain.sheets import SheetFormat
from ipnft_desktop.ui.sheets.wording import format_name, use_title
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import DialogWidth, Ink, Space, TextSize, Weight
from ipnft_desktop.ui.widgets.buttons import LinkButton, PrimaryButton, SecondaryButton
from ipnft_desktop.ui.widgets.check_box import CheckBox
from ipnft_desktop.ui.widgets.dialog import Dialog
from ipnft_desktop.ui.widgets.dialog_parts import DialogHead
from ipnft_desktop.ui.widgets.error_panel import ErrorPanel
from ipnft_desktop.ui.widgets.inputs import FormField, Select
from ipnft_desktop.ui.widgets.progress_panel import ProgressPanel
from ipnft_desktop.ui.widgets.text import Text

_COLUMNS = 3


class ExportDialog(Dialog):
    """`export_requested` when the person chose; `stop_requested` while the file is written."""

    export_requested = Signal()
    stop_requested = Signal()

    def __init__(self, count: int, parent: QWidget | None = None, *, is_more: bool = False) -> None:
        """`is_more`: a search or a filter found more than `count`, which are not counted; all are exported."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Export assets"))
        self._head = DialogHead(Icon.DOWNLOAD, self.tr("Export assets"), self._what(count, is_more=is_more))
        self.format = Select(self.tr("Format"))
        for sheet_format in SheetFormat:
            self.format.addItem(format_name(sheet_format), sheet_format)
        self.boxes = {column: CheckBox(use_title(column)) for column in AssetColumn}
        self.custom_fields = CheckBox(self.tr("Custom fields"))
        self.all_button = LinkButton(self.tr("All"))
        self.none_button = LinkButton(self.tr("None"))
        self.error_panel = ErrorPanel()
        self.progress = ProgressPanel()
        self.cancel_button = SecondaryButton(self.tr("Cancel"))
        self.export_button = PrimaryButton(self.tr("Export…"), Icon.DOWNLOAD)
        self._form = QWidget()
        self._lay_out()
        self._connect()
        self._choose_all(True)
        self.progress.hide()
        self.format.setFocus()

    @property
    def columns(self) -> tuple[AssetColumn, ...]:
        """The columns that were chosen."""
        return tuple(column for column, box in self.boxes.items() if box.isChecked())

    @property
    def chosen_format(self) -> SheetFormat:
        """The format that was chosen."""
        return SheetFormat(self.format.currentData())

    def show_progress(self) -> None:
        """The file is being written."""
        self.error_panel.clear()
        self._form.setEnabled(False)
        self.export_button.setEnabled(False)
        self.progress.begin(self.tr("Writing the file…"))
        self.progress.show()

    def show_form(self) -> None:
        """Let the person choose again."""
        self.progress.hide()
        self._form.setEnabled(True)
        self._on_chosen()

    def show_error(self, error: IpnftError) -> None:
        """Say why there is no file."""
        self.show_form()
        self.error_panel.show_error(error)

    @property
    def is_busy(self) -> bool:
        """Whether the file is being written."""
        return self.progress.isVisible()

    def reject(self) -> None:
        """Leave; what is under way is stopped first."""
        if self.is_busy:
            self.stop_requested.emit()
        else:
            super().reject()

    def _what(self, count: int, *, is_more: bool) -> str:
        if is_more:
            return self.tr("All that match, more than %Ln assets, in the order of the list.", "", count)
        return self.tr("The %Ln assets in view, in the order of the list.", "", count)

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(Space.M)
        line.addWidget(Text(self.tr("Columns"), TextSize.CAPTION, Weight.MEDIUM, Ink.MUTED))
        line.addStretch(1)
        line.addWidget(self.all_button)
        line.addWidget(self.none_button)
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.L)
        grid.setVerticalSpacing(Space.S)
        for at, box in enumerate((*self.boxes.values(), self.custom_fields)):
            grid.addWidget(box, at // _COLUMNS, at % _COLUMNS)
        form = QVBoxLayout(self._form)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(Space.M)
        form.addWidget(FormField(self.tr("Format"), self.format))
        form.addLayout(line)
        form.addLayout(grid)
        foot = QHBoxLayout()
        foot.setSpacing(Space.S)
        foot.addStretch(1)
        foot.addWidget(self.cancel_button)
        foot.addWidget(self.export_button)
        box = QVBoxLayout(self)
        box.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.L)
        box.setSpacing(Space.M)
        box.setSizeConstraint(QLayout.SizeConstraint.SetFixedSize)
        for part in (self._head, self._form, self.error_panel, self.progress):
            part.setFixedWidth(DialogWidth.M - 2 * Space.XL)
            box.addWidget(part)
        box.addLayout(foot)

    def _connect(self) -> None:
        self.all_button.clicked.connect(lambda: self._choose_all(True))
        self.none_button.clicked.connect(lambda: self._choose_all(False))
        for box in (*self.boxes.values(), self.custom_fields):
            box.toggled.connect(self._on_chosen)
        self.cancel_button.clicked.connect(self.reject)
        self.export_button.clicked.connect(self.export_requested)

    def _choose_all(self, wanted: bool) -> None:
        for box in (*self.boxes.values(), self.custom_fields):
            box.setChecked(wanted)

    def _on_chosen(self) -> None:
        self.export_button.setEnabled(bool(self.columns) or self.custom_fields.isChecked())
