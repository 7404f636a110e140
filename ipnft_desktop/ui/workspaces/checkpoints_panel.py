"""The checkpoints of a workspace, and what can be done with them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ipnft_desktop.domain.workspaces import Checkpoint
from ipnft_desktop.ui.models.record_model import RecordColumn
from ipnft_desktop.ui.theme.tokens import ColumnWidth, Ink, Space, TextSize, Weight
from ipnft_desktop.ui.widgets.buttons import DangerButton, SecondaryButton
from ipnft_desktop.ui.widgets.measures import local_time, number_text, size_text, utc_time
from ipnft_desktop.ui.widgets.record_table import RecordTable
from ipnft_desktop.ui.widgets.text import Text
from ipnft_desktop.ui.workspaces.words import checkpoint_name


class CheckpointsPanel(QWidget):
    """`make_requested` asks for a new one; the others carry the `Checkpoint` in focus."""

    make_requested = Signal()
    return_requested = Signal(object)
    rename_requested = Signal(object)
    delete_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_of_open = True
        self._refusal = ""
        self.table = RecordTable[Checkpoint](
            self.tr("Checkpoints"), self._columns(), lambda each: each.checkpoint_id, checkpoint_name
        )
        self.table.sortByColumn(1, Qt.SortOrder.DescendingOrder)
        self.empty = Text("", TextSize.BODY, ink=Ink.MUTED, wrap=True)
        self.make_button = SecondaryButton(self.tr("Checkpoint now…"))
        self.return_button = SecondaryButton(self.tr("Return…"))
        self.rename_button = SecondaryButton(self.tr("Rename…"))
        self.delete_button = DangerButton(self.tr("Delete…"))
        self._lay_out()
        self._connect()
        self.show_checkpoints(())

    def show_checkpoints(self, checkpoints: Sequence[Checkpoint]) -> None:
        """Those there are of the open workspace."""
        self.table.show_records(checkpoints)
        self._refresh()

    def show_of_open(self, is_open: bool) -> None:
        """Whether the workspace in view is the open one: those of others are told of once they are open."""
        self._is_of_open = is_open
        self._refresh()

    def refuse(self, reason: str) -> None:
        """Why nobody may use checkpoints now, or nothing."""
        self._refusal = reason
        for button in (self.make_button, self.return_button, self.rename_button, self.delete_button):
            button.refuse(reason)
        self._refresh()

    def _columns(self) -> tuple[RecordColumn[Checkpoint], ...]:
        return (
            RecordColumn(self.tr("Name"), checkpoint_name, hover=checkpoint_name),
            RecordColumn(
                self.tr("Made"),
                lambda each: local_time(each.at),
                ColumnWidth.XL,
                order=lambda each: (each.at, each.checkpoint_id),
                hover=lambda each: utc_time(each.at),
            ),
            _number(self.tr("Assets"), lambda each: each.figures.assets),
            _number(self.tr("Tokens"), lambda each: each.figures.tokens),
            _number(self.tr("Block"), lambda each: each.figures.block),
            RecordColumn(
                self.tr("Size"),
                lambda each: size_text(each.size_bytes),
                ColumnWidth.M,
                order=lambda each: each.size_bytes,
                hover=self._shares,
                is_number=True,
            ),
        )

    def _shares(self, checkpoint: Checkpoint) -> str:
        return self.tr("Register {0}; content {1}, shared with the workspace where the disk allows it").format(
            size_text(checkpoint.register_bytes), size_text(checkpoint.content_bytes)
        )

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(Space.S)
        head.addWidget(Text(self.tr("Checkpoints"), TextSize.LEAD, Weight.SEMIBOLD))
        head.addStretch(1)
        head.addWidget(self.make_button)
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.S)
        for button in (self.return_button, self.rename_button, self.delete_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(Space.S)
        box.addLayout(head)
        box.addWidget(self.table, 1)
        box.addWidget(self.empty, 1, Qt.AlignmentFlag.AlignTop)
        box.addLayout(buttons)

    def _connect(self) -> None:
        self.make_button.clicked.connect(self.make_requested)
        for button, requested in (
            (self.return_button, self.return_requested),
            (self.rename_button, self.rename_requested),
            (self.delete_button, self.delete_requested),
        ):
            button.clicked.connect(lambda _=False, requested=requested: requested.emit(self.table.current))
        self.table.opened.connect(self.return_button.click)
        self.table.remove_requested.connect(self.delete_button.click)
        self.table.current_changed.connect(self._refresh)

    def _refresh(self) -> None:
        has_some = self.table.records.count > 0
        self.table.setVisible(self._is_of_open and has_some)
        self.empty.setVisible(not self._is_of_open or not has_some)
        if self._is_of_open:
            self.empty.setText(
                self._refusal
                or self.tr(
                    "None yet. A checkpoint keeps register, chain and content as they are now, so that you can come "
                    "back to this moment whatever happens next."
                )
            )
        else:
            self.empty.setText(self.tr("Open this workspace to see its checkpoints."))
        self.make_button.setEnabled(self._is_of_open)
        for button in (self.return_button, self.rename_button, self.delete_button):
            button.setEnabled(self._is_of_open and self.table.current is not None)


def _number(title: str, number: Callable[[Checkpoint], int]) -> RecordColumn[Checkpoint]:
    return RecordColumn(title, lambda each: number_text(number(each)), ColumnWidth.S, order=number, is_number=True)
