"""The dialog in which a search gets a name, and in which saved ones are applied, renamed and deleted."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ipnft_desktop.domain.errors import IpnftError, ValidationFailed
from ipnft_desktop.domain.saved_filters import FILTER_NAME_MAX_CHARS, SavedFilter
from ipnft_desktop.ui.theme.tokens import DialogHeight, DialogWidth, Ink, Space, TextSize, Weight
from ipnft_desktop.ui.widgets.buttons import DangerButton, PrimaryButton, SecondaryButton
from ipnft_desktop.ui.widgets.card import Card
from ipnft_desktop.ui.widgets.dialog import Dialog
from ipnft_desktop.ui.widgets.error_panel import ErrorPanel
from ipnft_desktop.ui.widgets.inputs import FormField
from ipnft_desktop.ui.widgets.phrases import say_problem
from ipnft_desktop.ui.widgets.plain import plain_tooltip, visible
from ipnft_desktop.ui.widgets.text import Text

_SAVED = Qt.ItemDataRole.UserRole


class SavedFiltersDialog(Dialog):
    """`save_requested` and `rename_requested` carry the name typed, the latter behind the `SavedFilter`;
    `delete_requested` and `apply_requested` a `SavedFilter`."""

    save_requested = Signal(str)
    rename_requested = Signal(object, str)
    delete_requested = Signal(object)
    apply_requested = Signal(object)

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        """`words` say what is listed now, which is what would be saved."""
        super().__init__(parent)
        title = self.tr("Saved filters")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.resize(DialogWidth.S, DialogHeight.M)
        self.name = QLineEdit()
        self.name.setMaxLength(FILTER_NAME_MAX_CHARS)
        self.field = FormField(self.tr("Name"), self.name, self.tr("The same name again replaces what it held."))
        self.save_button = PrimaryButton(self.tr("Save"))
        self.rename_button = SecondaryButton(self.tr("Rename"))
        self.delete_button = DangerButton(self.tr("Delete"))
        self.apply_button = SecondaryButton(self.tr("Show"))
        self.close_button = SecondaryButton(self.tr("Close"))
        self.list = QListWidget()
        self.list.setAccessibleName(title)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.empty = Text(self.tr("Nothing saved yet."), TextSize.BODY, ink=Ink.MUTED)
        self.error_panel = ErrorPanel()
        self._lay_out(title, words)
        self._connect()
        self.show_saved(())

    @property
    def chosen(self) -> SavedFilter | None:
        """The line in focus."""
        chosen = self.list.selectedItems()
        return chosen[0].data(_SAVED) if chosen else None

    def show_saved(self, saved: Sequence[SavedFilter]) -> None:
        """Show what is kept now; what was wrong before is settled."""
        self.field.set_error("")
        self.error_panel.clear()
        named = self.name.text().strip()
        self.list.clear()
        for one in saved:
            item = QListWidgetItem(visible(one.name))
            item.setToolTip(plain_tooltip(one.name))
            item.setData(_SAVED, one)
            self.list.addItem(item)
            if one.name == named:
                self.list.setCurrentItem(item)
        self._card.setVisible(bool(saved))
        self.empty.setVisible(not saved)
        self._refresh()

    def show_error(self, error: IpnftError) -> None:
        """Nothing was changed, and why."""
        if isinstance(error, ValidationFailed):
            self.field.set_error(say_problem(error.problems[0]))
            self.name.setFocus()
        else:
            self.error_panel.show_error(error)

    def _lay_out(self, title: str, words: str) -> None:
        head = QHBoxLayout()
        head.setSpacing(Space.S)
        head.addWidget(self.field, 1)
        head.addWidget(self.save_button, 0, Qt.AlignmentFlag.AlignVCenter)
        foot = QHBoxLayout()
        foot.setSpacing(Space.S)
        for button in (self.delete_button, self.rename_button):
            foot.addWidget(button)
        foot.addStretch(1)
        for button in (self.close_button, self.apply_button):
            foot.addWidget(button)
        box = QVBoxLayout(self)
        box.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        box.setSpacing(Space.M)
        box.addWidget(Text(title, TextSize.TITLE, Weight.BOLD))
        box.addWidget(Text(words, TextSize.BODY, ink=Ink.MUTED, wrap=True))
        box.addLayout(head)
        self._card = Card(padding=Space.S)
        self._card.body.addWidget(self.list)
        box.addWidget(self._card, 1)
        box.addWidget(self.empty, 1, Qt.AlignmentFlag.AlignTop)
        box.addWidget(self.error_panel)
        box.addLayout(foot)

    def _connect(self) -> None:
        self.save_button.clicked.connect(lambda: self.save_requested.emit(self.name.text()))
        self.name.returnPressed.connect(self.save_button.click)
        self.name.textChanged.connect(lambda: self.field.set_error(""))
        self.rename_button.clicked.connect(lambda: self.rename_requested.emit(self.chosen, self.name.text()))
        self.delete_button.clicked.connect(lambda: self.delete_requested.emit(self.chosen))
        self.apply_button.clicked.connect(lambda: self.apply_requested.emit(self.chosen))
        self.close_button.clicked.connect(self.reject)
        self.list.itemSelectionChanged.connect(self._refresh)
        self.list.itemActivated.connect(self.apply_button.click)
        remove = QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), self.list)
        remove.setContext(Qt.ShortcutContext.WidgetShortcut)
        remove.activated.connect(self.delete_button.click)

    def _refresh(self) -> None:
        chosen = self.chosen
        for button in (self.rename_button, self.delete_button, self.apply_button):
            button.setEnabled(chosen is not None)
        self.rename_button.setToolTip(self.tr("Gives the chosen filter the name that is written above"))
        if chosen is not None:
            self.name.setText(chosen.name)
