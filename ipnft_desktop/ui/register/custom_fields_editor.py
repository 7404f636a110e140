"""Free pairs of name and value, one line each."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ipnft_desktop.domain.assets import CUSTOM_FIELDS_MAX, CUSTOM_KEY_MAX_CHARS, CUSTOM_VALUE_MAX_CHARS
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import Ink, Space, TextSize
from ipnft_desktop.ui.widgets.buttons import IconButton, LinkButton
from ipnft_desktop.ui.widgets.tab_order import follow
from ipnft_desktop.ui.widgets.text import Text


class _Line(QWidget):
    def __init__(self, key: str, value: str) -> None:
        super().__init__()
        self.key = QLineEdit(key)
        self.value = QLineEdit(value)
        self.key.setPlaceholderText(self.tr("Name"))
        self.value.setPlaceholderText(self.tr("Value"))
        self.key.setAccessibleName(self.tr("Name of the field"))
        self.value.setAccessibleName(self.tr("Value of the field"))
        self.up_button = IconButton(Icon.CHEVRON_UP, self.tr("Move up (Alt+Up)"))
        self.remove_button = IconButton(Icon.X, self.tr("Remove field"))
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(Space.S)
        line.addWidget(self.key, 2)
        line.addWidget(self.value, 3)
        line.addWidget(self.up_button)
        line.addWidget(self.remove_button)


class CustomFieldsEditor(QWidget):
    """Pairs in an order the person chooses (a button, Alt+Up and Alt+Down); lines left wholly empty do not count."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: list[_Line] = []
        self.add_button = LinkButton(self.tr("Add field"), Icon.PLUS)
        self.add_button.clicked.connect(self._on_add)
        self._count = Text("", TextSize.CAPTION, ink=Ink.MUTED)
        self.changed.connect(self._refresh)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(Space.XS)
        foot = QHBoxLayout()
        foot.addWidget(self.add_button)
        foot.addStretch(1)
        foot.addWidget(self._count)
        self._box.addLayout(foot)
        self.setFocusProxy(self.add_button)
        self._refresh()

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Name and value of each line that holds something."""
        found = ((line.key.text().strip(), line.value.text().strip()) for line in self._lines)
        return tuple(pair for pair in found if any(pair))

    @property
    def repeated_name(self) -> str:
        """A name that is used twice whatever its case, or nothing."""
        names = [name.casefold() for name, _ in self.pairs]
        return next((name for name, _ in self.pairs if names.count(name.casefold()) > 1), "")

    def set_fields(self, fields: Mapping[str, str]) -> None:
        """Show other fields."""
        for line in tuple(self._lines):
            self._drop(line)
        for key, value in fields.items():
            self._add(key, value)
        self._refresh()

    def _add(self, key: str = "", value: str = "") -> _Line:
        line = _Line(key, value)
        for edit in (line.key, line.value):
            edit.textChanged.connect(self.changed)
        line.remove_button.clicked.connect(lambda: self._on_remove(line))
        line.up_button.clicked.connect(lambda: self._move(line, -1))
        for keys, step in (("Alt+Up", -1), ("Alt+Down", 1)):
            shortcut = QShortcut(QKeySequence(keys), line)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(partial(self._move, line, step))
        self._box.insertWidget(len(self._lines), line)
        self._lines.append(line)
        self._order_tabs()
        return line

    def _order_tabs(self) -> None:
        parts = [part for one in self._lines for part in (one.key, one.value, one.up_button, one.remove_button)]
        follow(self, parts)

    def _drop(self, line: _Line) -> None:
        self._lines.remove(line)
        self._box.removeWidget(line)
        line.hide()
        line.deleteLater()

    def _move(self, line: _Line, step: int) -> None:
        at = self._lines.index(line)
        if not 0 <= at + step < len(self._lines):
            return
        self._lines.insert(at + step, self._lines.pop(at))
        focused = QApplication.focusWidget()
        self._box.removeWidget(line)
        self._box.insertWidget(at + step, line)
        self._order_tabs()
        if focused is not None and line.isAncestorOf(focused):
            focused.setFocus()
        self.changed.emit()

    def _refresh(self) -> None:
        """The first line has no place above it; how many more there may be is told before it is refused."""
        for at, line in enumerate(self._lines):
            line.up_button.setEnabled(at > 0)
        self.add_button.setEnabled(len(self._lines) < CUSTOM_FIELDS_MAX)
        self._count.setText(
            self.tr("{0} of {1} · names up to {2}, values up to {3} characters").format(
                len(self.pairs), CUSTOM_FIELDS_MAX, CUSTOM_KEY_MAX_CHARS, CUSTOM_VALUE_MAX_CHARS
            )
        )
        self._count.setVisible(bool(self._lines))

    def _on_add(self) -> None:
        self._add().key.setFocus()
        self._refresh()

    def _on_remove(self, line: _Line) -> None:
        self._drop(line)
        self.add_button.setFocus()
        self.changed.emit()
