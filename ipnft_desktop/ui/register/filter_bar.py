"""The line over the list that says what narrows it, and opens what changes that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from ipnft_desktop.domain.assets import AssetQuery
from ipnft_desktop.domain.saved_filters import SavedFilter
from ipnft_desktop.ui.register.filter_popup import FilterPopup
from ipnft_desktop.ui.register.filter_words import narrowings
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import Space
from ipnft_desktop.ui.widgets.buttons import ChipButton, LinkButton, SecondaryButton
from ipnft_desktop.ui.widgets.menu import Menu
from ipnft_desktop.ui.widgets.plain import visible
from ipnft_desktop.ui.widgets.tab_order import follow

_MENU_NAME_CHARS = 60


class FilterBar(QWidget):
    """`query_chosen` carries the `AssetQuery` that shall be listed; `manage_requested` asks for the saved filters."""

    query_chosen = Signal(object)
    manage_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._query = AssetQuery()
        self._names: Mapping[UUID, str] = {}
        self._saved: Sequence[SavedFilter] = ()
        self._popup: FilterPopup | None = None
        self.filter_button = SecondaryButton(self.tr("Filter"), Icon.FUNNEL)
        self.filter_button.setToolTip(self.tr("Narrow the list (Ctrl+Shift+F)"))
        self.saved_button = SecondaryButton(self.tr("Saved"), Icon.CHEVRON_DOWN)
        self.saved_button.setAccessibleName(self.tr("Saved filters"))
        self.clear_button = LinkButton(self.tr("Clear all"))
        self._chips = QHBoxLayout()
        self._chips.setSpacing(Space.S)
        line = QHBoxLayout(self)
        line.setContentsMargins(Space.M, Space.S, Space.M, Space.S)
        line.setSpacing(Space.S)
        line.addWidget(self.filter_button)
        line.addWidget(self.saved_button)
        line.addLayout(self._chips)
        line.addWidget(self.clear_button)
        line.addStretch(1)
        self.filter_button.clicked.connect(self.open_popup)
        self.saved_button.clicked.connect(self._on_saved)
        self.clear_button.clicked.connect(self._on_clear)
        self._refresh()

    @property
    def popup(self) -> FilterPopup:
        """The choices: made when somebody first wants them, for they are many."""
        if self._popup is None:
            self._popup = FilterPopup(self)
            self._popup.set_enterprises(self._names)
            self._popup.show_query(self._query)
            self._popup.changed.connect(self._on_changed)
        return self._popup

    @property
    def chips(self) -> list[ChipButton]:
        """What narrows the list, each with its own way out."""
        return [chip for at in range(self._chips.count()) if isinstance(chip := _widget(self._chips, at), ChipButton)]

    def set_enterprises(self, names: Mapping[UUID, str]) -> None:
        """Offer these enterprises, in this order."""
        self._names = dict(names)
        if self._popup is not None:
            self._popup.set_enterprises(self._names)
        self._refresh()

    def set_saved(self, saved: Sequence[SavedFilter]) -> None:
        """Offer these filters."""
        self._saved = tuple(saved)

    def show_query(self, query: AssetQuery) -> None:
        """Show what is listed, without reporting it back."""
        is_other = query != self._query
        self._query = query
        if self._popup is not None:
            self._popup.show_query(query)
        if is_other:
            self._refresh()

    def open_popup(self) -> None:
        """Open the choices under their button."""
        popup = self.popup
        popup.adjustSize()
        popup.move(self.filter_button.mapToGlobal(QPoint(0, self.filter_button.height() + Space.XS)))
        popup.show()
        popup.setFocus()

    def close_popup(self) -> None:
        """Close them, if they are open."""
        if self._popup is not None:
            self._popup.hide()

    def saved_menu(self) -> QMenu:
        """The saved filters, and the way to keep or change them."""
        menu = Menu(self)
        for saved in self._saved:
            name = visible(saved.name)
            shown = name if len(name) <= _MENU_NAME_CHARS else f"{name[:_MENU_NAME_CHARS]}…"
            action = menu.addAction(shown.replace("&", "&&"))
            action.triggered.connect(lambda _=False, query=saved.query: self.query_chosen.emit(query))
        if not self._saved:
            menu.addAction(self.tr("Nothing saved yet")).setEnabled(False)
        menu.addSeparator()
        menu.addAction(self.tr("Save or change filters…")).triggered.connect(self.manage_requested)
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def _refresh(self) -> None:
        while (item := self._chips.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        found = narrowings(self._query, self._names)
        for narrowing in found:
            chip = ChipButton(narrowing.words)
            chip.clicked.connect(lambda _=False, query=narrowing.without: self.query_chosen.emit(query))
            self._chips.addWidget(chip)
        self.clear_button.setVisible(len(found) > 1)
        follow(self.saved_button, self.chips)

    def _on_changed(self, query: AssetQuery) -> None:
        self._query = query
        self._refresh()
        self.query_chosen.emit(query)

    def _on_clear(self) -> None:
        self.popup.clear_button.click()

    def _on_saved(self) -> None:
        self.saved_menu().popup(self.saved_button.mapToGlobal(QPoint(0, self.saved_button.height())))


def _widget(layout: QHBoxLayout, at: int) -> QWidget | None:
    item = layout.itemAt(at)
    return item.widget() if item is not None else None
