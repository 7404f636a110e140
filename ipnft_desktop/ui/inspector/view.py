"""The Chain page: one field that finds everything, a row of tabs, and one tab in view."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import IntEnum
from functools import partial

from PySide6.QtCore import QCoreApplication, QPoint, Signal
from PySide6.QtWidgets import QWidget

from ipnft_desktop.domain.inspection.finding import Found, FoundKind
from ipnft_desktop.ui.commands.command import Command
from ipnft_desktop.ui.inspector.lists import BlocksTab, TransactionsTab
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import Size
from ipnft_desktop.ui.widgets.inputs import SearchField
from ipnft_desktop.ui.widgets.measures import labelled_text, number_text
from ipnft_desktop.ui.widgets.menu import Menu
from ipnft_desktop.ui.widgets.no_environment import NoEnvironment
from ipnft_desktop.ui.widgets.plain import shorten, visible
from ipnft_desktop.ui.widgets.signed_out import SignedOut
from ipnft_desktop.ui.widgets.tabbed_page import TabbedPage

WITH_EVENTS = frozenset({FoundKind.ADDRESS, FoundKind.TOKEN})
"""What tells its story in events; a block or a transaction has its own in full."""
_MOST_EVENTS = 10
"""Of a long menu only so many are offered a second time."""


class ChainFace(IntEnum):
    """What fills the page."""

    NO_ENVIRONMENT = 0
    SIGNED_OUT = 1
    TABS = 2


class ChainView(TabbedPage):
    """`find_requested` carries the text that somebody wants to be found, `found_chosen` what they chose of several,
    `events_chosen` that of which they want to see the events.

    Another tab is made inside `tab_ground` and added with `add_tab`.
    """

    environment_requested = Signal()
    find_requested = Signal(str)
    found_chosen = Signal(object)
    events_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None, *, whole: bool = True) -> None:
        """Without `whole` the tabs are left to `pieces`."""
        super().__init__(parent)
        self.header.set_title(self.tr("Chain"), self.tr("Blocks, transactions, and what they changed"))
        self.find_field = SearchField(self.tr("Hash, address, block, token, name…"))
        self.find_field.setFixedWidth(Size.EDITOR)
        self.header.add_action(self.find_field)
        self.no_environment = NoEnvironment(self.tr("Start it to look into the chain."))
        theme().dress(self.no_environment)
        self.no_environment.action_requested.connect(self.environment_requested)
        self.begin(
            self.tr("Parts of the Chain page"), SignedOut(self.tr("The chain is shown to people who are signed in."))
        )
        self.find_field.returnPressed.connect(self._on_find)
        Command(
            self,
            "chain.find search hash address",
            self.tr("Find on the chain"),
            self._on_focus,
            "Ctrl+Shift+F",
            icon=Icon.SEARCH,
        )
        self.blocks = BlocksTab(self.tab_ground, whole=False)
        self.add_tab(self.tr("Blocks"), self.blocks)  # empty yet: to put in all at once takes longer
        self.transactions = TransactionsTab(self.tab_ground, whole=False)
        self.add_tab(self.tr("Transactions"), self.transactions)
        self.show_face(ChainFace.NO_ENVIRONMENT)
        if whole:
            for _piece in self.pieces():
                pass

    def pieces(self) -> Iterator[None]:
        """Make the tabs, piece by piece."""
        yield from self.blocks.build()
        yield
        yield from self.transactions.build()

    @property
    def face(self) -> ChainFace:
        """What fills the page."""
        if self.is_signed_out:
            return ChainFace.SIGNED_OUT
        is_closed = self._faces.currentWidget() is self.no_environment
        return ChainFace.NO_ENVIRONMENT if is_closed else ChainFace.TABS

    def show_face(self, face: ChainFace) -> None:
        """Show another."""
        self.find_field.setEnabled(face is ChainFace.TABS)
        if face is ChainFace.NO_ENVIRONMENT:
            self._show(self.no_environment)
        else:
            self.show_signed_out(face is ChainFace.SIGNED_OUT)
        if face is not ChainFace.TABS:
            self.find_field.clear()

    def choose(self, found: Sequence[Found], *, with_events: bool = False) -> Menu:
        """Offer what a text stands for, and `with_events` the events of each address and token; the first one is
        marked, so that Enter goes on to it."""
        menu = Menu(self)
        menu.setAccessibleName(self.tr("What was found"))
        for each in found:
            menu.addAction(found_title(each), partial(self.found_chosen.emit, each))
        if with_events and (told := [each for each in found if each.kind in WITH_EVENTS]):
            menu.addSeparator()
            for each in told[:_MOST_EVENTS]:
                menu.addAction(
                    self.tr("Events of {0}").format(found_title(each)), partial(self.events_chosen.emit, each)
                )
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.find_field.mapToGlobal(QPoint(0, self.find_field.height())))
        if found:
            menu.setActiveAction(menu.actions()[0])
        return menu

    def _on_find(self) -> None:
        self.find_requested.emit(self.find_field.text())

    def _on_focus(self) -> None:
        self.find_field.setFocus()
        self.find_field.selectAll()


def found_title(found: Found) -> str:
    """What it is and what it is called, as a menu has it."""
    name = number_text(found.block_number or 0) if found.kind is FoundKind.BLOCK else found.title
    kinds = {
        FoundKind.BLOCK: _tr("Block"),
        FoundKind.TRANSACTION: _tr("Transaction"),
        FoundKind.ADDRESS: _tr("Address"),
        FoundKind.TOKEN: _tr("Token"),
    }
    text = labelled_text(kinds[found.kind], shorten(name, 10, 8) if name.startswith("0x") else name)
    return visible(text).replace("&", "&&")


def _tr(text: str) -> str:
    return QCoreApplication.translate("ChainPage", text)
