"""Free pairs of name and value, one line each."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import Space
from ipnft_desktop.ui.widgets.buttons import IconButton, LinkButton


class _Line(QWidget):
    def __init__(self, key: str, value: str) -> None:
        super().__init__()
        self.key = QLineEdit(key)
        self.value = QLineEdit(value)
        self.key.setPlaceholderText(self.tr("Name"))
        self.value.setPlaceholderText(self.tr("Value"))
        self.key.setAccessibleName(self.tr("Name of the field"))
        self.value.setAccessibleName(self.tr("Value of the field"))
        self.remove_button = IconButton(Icon.X, self.tr("Remove field"))
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(Space.S)
        line.addWidget(self.key, 2)
        line.addWidget(self.value, 3)
        line.addWidget(self.remove_button)


class CustomFieldsEditor(QWidget):
    """Pairs in the order they were added; lines left wholly empty do not count."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: list[_Line] = []
        self.add_button = LinkButton(self.tr("Add field"), Icon.PLUS)
        self.add_button.clicked.connect(self._on_add)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(Space.XS)
        foot = QHBoxLayout()
        foot.addWidget(self.add_button)
        foot.addStretch(1)
        self._box.addLayout(foot)
        self.setFocusProxy(self.add_button)

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Name and value of each line that holds something."""
        found = ((line.key.text().strip(), line.value.text().strip()) for line in self._lines)
        return tuple(pair for pair in found if any(pair))

    @property
    def repeated_name(self) -> str:
        """A name that is used twice, or nothing."""
        names = [name for name, _ in self.pairs]
        return next((name for name in names if names.count(name) > 1), "")

    def set_fields(self, fields: Mapping[str, str]) -> None:
        """Show other fields."""
        for line in tuple(self._lines):
            self._drop(line)
        for key, value in fields.items():
            self._add(key, value)

    def _add(self, key: str = "", value: str = "") -> _Line:
        line = _Line(key, value)
        for edit in (line.key, line.value):
            edit.textChanged.connect(self.changed)
        line.remove_button.clicked.connect(lambda: self._on_remove(line))
        self._box.insertWidget(len(self._lines), line)
        self._lines.append(line)
        self._order_tabs()
        return line

    def _order_tabs(self) -> None:
        parts = [part for line in self._lines for part in (line.key, line.value, line.remove_button)]
        for before, after in zip(parts, [*parts[1:], self.add_button], strict=True):
            QWidget.setTabOrder(before, after)

    def _drop(self, line: _Line) -> None:
        self._lines.remove(line)
        self._box.removeWidget(line)
        line.hide()
        line.deleteLater()

    def _on_add(self) -> None:
        self._add().key.setFocus()

    def _on_remove(self, line: _Line) -> None:
        self._drop(line)
        self.add_button.setFocus()
        self.changed.emit()
