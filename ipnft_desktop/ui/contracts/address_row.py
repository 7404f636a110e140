"""A field for an address, with the address book at its side."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from ipnft_desktop.ui.theme.fonts import mono_font
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import Space, TextSize
from ipnft_desktop.ui.widgets.buttons import IconButton
from ipnft_desktop.ui.widgets.inputs import FormField
from ipnft_desktop.ui.widgets.menu import Menu

Labels = Callable[[], Mapping[str, str]]
"""Labels by address, of the address book as it is now."""
_MOST_LABELS = 50


class AddressRow(QWidget):
    """The field, and a button that offers the addresses that have a name."""

    def __init__(self, label: str, hint: str, labels: Labels, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._labels = labels
        self.line = QLineEdit()
        self.line.setFont(mono_font(TextSize.BODY))
        self.field = FormField(label, self.line, hint)
        self.line.textEdited.connect(self.field.recheck)
        self.choose_button = IconButton(Icon.BOOK_OPEN, self.tr("Choose from the address book"))
        self.choose_button.clicked.connect(self._offer_labels)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(Space.S)
        box.addWidget(self.field, 1)
        box.addWidget(self.choose_button, 0, Qt.AlignmentFlag.AlignVCenter)

    def _offer_labels(self) -> None:
        menu = Menu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for address, label in sorted(self._labels().items(), key=lambda pair: pair[1].casefold())[:_MOST_LABELS]:
            menu.addAction(label.replace("&", "&&")).triggered.connect(
                lambda _checked=False, address=address: self.line.setText(address)
            )
        if menu.isEmpty():
            menu.addAction(self.tr("No address has a name")).setEnabled(False)
        menu.popup(self.choose_button.mapToGlobal(self.choose_button.rect().bottomLeft()))
