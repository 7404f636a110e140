"""The command palette: every command of the window by its name, over the page and without covering its work."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QObject, QSize, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QLineEdit, QListView, QVBoxLayout, QWidget
from shiboken6 import isValid

from ipnft_desktop.ui.commands.palette_lines import PaletteLines
from ipnft_desktop.ui.commands.palette_list import PaletteDelegate, PaletteModel
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import DialogWidth, Ink, Size, Space, TextSize
from ipnft_desktop.ui.widgets.text import Text

_ROWS = 11
_TOP = Size.HEADER + Space.M
_KEPT = 8
"""Commands used lately that are offered first."""
_MOVES = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
"""Rows a key moves by."""


class CommandPalette(QFrame):
    """A child of the window, never a dialog: what runs goes on. It closes when it loses the focus."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        theme().dress(self)
        self._window = window
        self._before: QWidget | None = None
        self._recent: list[str] = []
        self._lines: PaletteLines | None = None
        self.setProperty("toast", True)
        self.setAccessibleName(self.tr("Command palette"))
        self.field = QLineEdit()
        self.model = PaletteModel(self)
        self.list = QListView()
        self._hint = Text("", TextSize.CAPTION, ink=Ink.MUTED)
        self._lay_out()
        self.field.textChanged.connect(self._refresh)
        self.field.installEventFilter(self)
        window.installEventFilter(self)
        self.list.clicked.connect(self._on_clicked)
        self.hide()

    @property
    def recent(self) -> tuple[str, ...]:
        """The keys of the commands used lately, the latest first."""
        return tuple(self._recent)

    def open(self) -> None:
        """Show what can be done now."""
        if self.isVisible():
            return
        self._before = QApplication.focusWidget()
        self._lines = PaletteLines(self._window, self._recent)
        self.field.clear()
        self._refresh("")
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def dismiss(self) -> None:
        """Hide it; the focus goes back to where it was."""
        before, self._before, self._lines = self._before, None, None
        if self.isHidden():
            return
        had_focus = self.field.hasFocus()
        self.hide()
        if had_focus and before is not None and isValid(before) and before.isVisible():
            before.setFocus(Qt.FocusReason.PopupFocusReason)

    def choose(self, row: int) -> None:
        """Close it and do what this line says; a line that cannot be chosen leaves it open."""
        line = self.model.line_at(row)
        if line is None or line.refusal:
            return
        if line.key:
            self._recent = [line.key, *(key for key in self._recent if key != line.key)][:_KEPT]
        self.dismiss()
        line.act()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The keys that move in the list come from the field; so does the loss of the focus."""
        match event.type():
            case QEvent.Type.KeyPress if watched is self.field and isinstance(event, QKeyEvent):
                return self._take_key(event)
            case QEvent.Type.FocusOut if isinstance(event, QFocusEvent):
                if event.reason() != Qt.FocusReason.PopupFocusReason:  # a menu of the field itself
                    self.dismiss()
            case QEvent.Type.Resize if watched is self._window:
                self._place()
            case _:
                pass
        return super().eventFilter(watched, event)

    def _take_key(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if key in _MOVES:
            last = self.model.rowCount() - 1
            row = self.list.currentIndex().row() + _MOVES[key]
            self._select(min(max(row, 0), last) if abs(_MOVES[key]) > 1 else row % (last + 1) if last >= 0 else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.choose(self.list.currentIndex().row())
        elif key == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            return key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)  # the focus stays in the field
        return True

    def _refresh(self, typed: str) -> None:
        if self._lines is None:
            return
        self.model.set_lines(self._lines.of(typed))
        self._select(0)
        count = self.model.rowCount()
        self._place()
        self._hint.setText(
            self.tr("↑↓ choose · Enter do it · Esc close") if count else self.tr("Nothing is called that.")
        )

    def _select(self, row: int) -> None:
        index = self.model.index(row, 0)
        self.list.setCurrentIndex(index)
        if index.isValid():
            self.list.scrollTo(index)

    def _on_clicked(self, index: QModelIndex) -> None:
        self.choose(index.row())

    def _place(self) -> None:
        room = self._window.rect()
        size = self._wanted_size().boundedTo(QSize(room.width() - 2 * Space.XL, room.height() - _TOP - Space.XL))
        self.resize(size)
        self.move((room.width() - size.width()) // 2, _TOP)

    def _wanted_size(self) -> QSize:
        """As high as its lines, up to a dozen."""
        rows = min(max(self.model.rowCount(), 1), _ROWS)
        others = self.sizeHint().height() - self.list.sizeHint().height()
        return QSize(DialogWidth.L, others + rows * Size.CONTROL)

    def _lay_out(self) -> None:
        self.field.setPlaceholderText(self.tr("What do you want to do?"))
        self.field.setAccessibleName(self.tr("Find a command"))
        self.list.setModel(self.model)
        self.list.setItemDelegate(PaletteDelegate(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setAccessibleName(self.tr("Commands"))
        # A click must not take the focus from the field, or the palette would be gone before it is heard.
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        box = QVBoxLayout(self)
        box.setContentsMargins(Space.M, Space.M, Space.M, Space.S)
        box.setSpacing(Space.S)
        box.addWidget(self.field)
        box.addWidget(self.list, 1)
        box.addWidget(self._hint)
