"""The playground's window: a list of widgets, the chosen one in all its states, theme and language at a press."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListWidget, QScrollArea, QVBoxLayout, QWidget

from ipnft_desktop.ui.language import Language, language
from ipnft_desktop.ui.playground.exhibit import Exhibit
from ipnft_desktop.ui.playground.sheet import Sheet
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import Size, Space, WindowSize
from ipnft_desktop.ui.widgets.buttons import SecondaryButton
from ipnft_desktop.ui.widgets.inputs import SearchField, Select
from ipnft_desktop.ui.widgets.page import PageHeader

_PERCENT = 100


class PlaygroundWindow(QWidget):
    """`closed` once it is gone from the screen."""

    closed = Signal()

    def __init__(self, exhibits: tuple[Exhibit, ...]) -> None:
        super().__init__()
        self._exhibits = exhibits
        theme().dress(self)
        self.setObjectName("pageStack")  # the ground of pages
        self.setWindowTitle("IPNFT Desktop: playground")
        self.resize(WindowSize.FIRST_WIDTH, WindowSize.FIRST_HEIGHT)
        self.header = PageHeader()
        self.search = SearchField("Find a widget…")
        self.rail = QListWidget()
        self.rail.setAccessibleName("Widgets")
        self.rail.addItems([exhibit.title for exhibit in exhibits])
        self.languages = Select("Language")
        for known in Language:
            self.languages.addItem(known.own_name, known)
        self.languages.choose(language().current)
        self.theme_button = SecondaryButton("Other theme", Icon.MOON)
        self._area = QScrollArea()
        self.sheet = Sheet(exhibits[0])
        self._lay_out()
        self._connect()
        self.rail.setCurrentRow(0)

    @property
    def exhibits(self) -> tuple[Exhibit, ...]:
        """What can be shown."""
        return self._exhibits

    def show_exhibit(self, key: str) -> Sheet:
        """Bring a widget into view by the key of its exhibit; StopIteration where there is none."""
        at = next(at for at, exhibit in enumerate(self._exhibits) if exhibit.key == key)
        self.rail.setCurrentRow(at)
        return self.sheet

    def showEvent(self, event: QShowEvent) -> None:
        """Tell the scale, which only a window on screen knows."""
        super().showEvent(event)
        self._tell()
        QTimer.singleShot(0, self, self.sheet.force)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Say that it goes."""
        self.closed.emit()
        super().closeEvent(event)

    def _lay_out(self) -> None:
        self.header.add_action(self.languages)
        self.header.add_action(self.theme_button)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidget(self.sheet)
        left = QVBoxLayout()
        left.setSpacing(Space.S)
        left.addWidget(self.search)
        left.addWidget(self.rail, 1)
        self.rail.setFixedWidth(Size.FIELD)
        body = QHBoxLayout()
        body.setContentsMargins(Space.XL, 0, Space.XL, Space.XL)
        body.setSpacing(Space.XL)
        body.addLayout(left)
        body.addWidget(self._area, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.header)
        box.addLayout(body, 1)

    def _connect(self) -> None:
        self.rail.currentRowChanged.connect(self._on_chosen)
        self.search.search_requested.connect(self._on_search)
        self.theme_button.clicked.connect(self._on_theme_pressed)
        self.languages.activated.connect(self._on_language_chosen)
        for keys, act in (("Ctrl+F", self.search.setFocus), ("Ctrl+Shift+L", self._on_theme_pressed)):
            QShortcut(QKeySequence(keys), self).activated.connect(act)

    def _tell(self) -> None:
        exhibit = self.sheet.exhibit
        scale = round(self.devicePixelRatioF() * _PERCENT)
        states = len(exhibit.states)
        self.header.set_title(exhibit.title, f"{states} states, {theme().tokens.name}, scale {scale} %")

    def _on_chosen(self, row: int) -> None:
        if row < 0:
            return
        # The area deletes the sheet it had.
        self.sheet = Sheet(self._exhibits[row])
        self._area.setWidget(self.sheet)
        self._tell()
        if self.isVisible():
            self.sheet.force()
            QTimer.singleShot(0, self.sheet, self.sheet.fit)

    def _on_search(self, text: str) -> None:
        for at, exhibit in enumerate(self._exhibits):
            self.rail.setRowHidden(at, text.casefold() not in exhibit.title.casefold())

    def _on_theme_pressed(self) -> None:
        theme().set_dark(not theme().tokens.is_dark)
        self._tell()

    def _on_language_chosen(self) -> None:
        language().set(Language(self.languages.currentData()))
        # What is built after the change speaks the new language.
        self._on_chosen(self.rail.currentRow())
