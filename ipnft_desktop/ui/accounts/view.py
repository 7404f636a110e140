"""The Accounts tab as a picture of its state; what it should do is decided by the presenter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ipnft_desktop.domain.chain_view import ChainToken
from ipnft_desktop.domain.inspection.directory import AccountLine, AccountList
from ipnft_desktop.services.inspector.event_reading import EventLinePage
from ipnft_desktop.ui.accounts.account_panel import AccountPanel
from ipnft_desktop.ui.accounts.account_table import AccountTable
from ipnft_desktop.ui.accounts.held_table import HeldToken
from ipnft_desktop.ui.commands.command import Command, button_command
from ipnft_desktop.ui.inspection.tab import InspectionTab
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import DialogWidth
from ipnft_desktop.ui.widgets.address_words import LabelOf, no_label
from ipnft_desktop.ui.widgets.chain_words import Names
from ipnft_desktop.ui.widgets.empty_state import EmptyState
from ipnft_desktop.ui.widgets.list_faces import Face


class AccountsTab(InspectionTab):
    """`current_changed` tells that another account is in focus, or none. A search that is an address and matches
    nothing is told by `address_sought`."""

    current_changed = Signal()
    address_sought = Signal(str)
    asset_requested = Signal(object)
    transaction_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, whole: bool = True) -> None:
        """Without `whole` the list is left to `build`."""
        super().__init__(
            "accounts",
            EmptyState(
                Icon.USER,
                self.tr("No account yet"),
                self.tr("Wallets, the address book, and everybody whom events name stand here."),
            ),
            self.tr("Label or address…"),
            parent,
        )
        self._label_of: LabelOf = no_label
        self._assets: dict[UUID, str] = {}
        self._is_whole = True
        self.begin((), (), self.tr("↑↓ browse · Enter history · Ctrl+C copy · Ctrl+F find · F5 reload"))
        if whole:
            for _piece in self.build():
                pass

    def build(self) -> Iterator[None]:
        """Make the list and what stands beside it, in pieces."""
        self.table = AccountTable(self.label, self.faces)
        self.hold(self.table)
        yield
        self.panel = AccountPanel(self.names, self)
        self.card.setMinimumWidth(DialogWidth.S)
        self.card.setMaximumWidth(DialogWidth.L)
        self.sides.setStretchFactor(self.card, 3)
        self.sides.addWidget(self.panel, 2)
        yield from self.panel.build()
        self._connect()
        self._add_commands()
        self.show_closed(Face.NO_ENVIRONMENT)

    def label(self, address: str) -> str | None:
        """What an address is called just now."""
        return self._label_of(address)

    def names(self) -> Names:
        """What addresses and assets are called."""
        return Names(self._label_of, self._assets)

    def use_labels(self, label_of: LabelOf) -> None:
        """Call addresses by these labels."""
        self._label_of = label_of

    @property
    def addresses_in_view(self) -> tuple[str, ...]:
        """Of the lines that can be seen, and of the one in full."""
        table = self.table
        first, last = (table.rowAt(at) for at in (0, table.viewport().height() - 1))
        last = last if last >= 0 else table.records.rowCount() - 1
        lines = (table.records.record_at(row) for row in range(max(first, 0), last + 1))
        return (*(line.address for line in lines if line is not None), self.panel.shown_address)

    def show_closed(self, face: Face) -> None:
        """Nothing can be told: what was listed goes."""
        self.table.show_records(())
        self.panel.show_line(None, self._label_of)
        self.panel.setVisible(False)
        self._assets.clear()
        self.search.clear()
        self.show_face(face)

    def show_accounts(self, accounts: AccountList) -> None:
        """Those that are known; focus and place are kept, and so is one that was searched for."""
        self._is_whole = accounts.is_whole
        sought = self.panel.line
        known = {line.address for line in accounts.lines}
        kept = (sought,) if sought is not None and sought.address not in known else ()
        self.table.show_records((*accounts.lines, *kept))
        if self.table.current is None:
            self.table.setCurrentIndex(self.table.records.index(0, 0))
        self._refresh()

    def show_account(self, line: AccountLine) -> None:
        """Bring one into focus; one that is not listed is put into the list."""
        self.search.clear()
        self.table.search("")
        if not self.table.select(line.address):
            self.table.show_records((*self.table.records.records, line))
            self.table.select(line.address)
        self._refresh()

    def show_tokens(self, page: Sequence[tuple[ChainToken, str]], *, is_first: bool, is_whole: bool) -> None:
        """A page of the tokens of the account in focus."""
        held = [HeldToken(token, name) for token, name in page]
        paged = self.panel.tokens.paged
        if is_first:
            paged.reset(held, is_whole=is_whole)
        else:
            paged.add_page(held, is_whole=is_whole)
        self.panel.refresh_empty()

    def show_history(self, page: EventLinePage, *, is_first: bool) -> None:
        """A page of the history of the account in focus."""
        self._assets.update(page.assets)
        paged = self.panel.history.paged
        if is_first:
            paged.reset(page.lines, is_whole=page.next_anchor is None)
        else:
            paged.add_page(page.lines, is_whole=page.next_anchor is None)
        self.panel.refresh_empty()

    def _refresh(self) -> None:
        shown, total = self.table.records.rowCount(), self.table.records.count
        told = self.tr("%Ln accounts", "", total)
        self.count.setText(told if self._is_whole else self.tr("{0}; others by their address").format(told))
        self.show_face(Face.LIST if shown else Face.NO_MATCH if total else Face.EMPTY)
        self.panel.setVisible(bool(total))
        self.panel.show_line(self.table.current, self._label_of)

    def _connect(self) -> None:
        self.search.search_requested.connect(self._on_search)
        self.faces.no_match.action_requested.connect(self._on_show_all)
        self.table.current_changed.connect(self._on_current)
        self.table.opened.connect(self._on_opened)
        self.panel.tokens.opened.connect(self._on_token)
        self.panel.history.opened.connect(self._on_event)

    def _add_commands(self) -> None:
        none = self.tr("No account is in focus.")

        def refusal() -> str:
            return self.closed_reason() or ("" if self.panel.line is not None else none)

        for name, title, button, icon in (
            ("label", self.tr("Give the account a label…"), self.panel.label_button, Icon.PENCIL),
            ("fund", self.tr("Fund the account…"), self.panel.fund_button, Icon.COINS),
            ("contract", self.tr("Open the account as a contract"), self.panel.contract_button, Icon.BOX),
        ):
            button_command(self, f"accounts.{name}", button, title=title, icon=icon, why_not=lambda: refusal() or none)
        for name, title, at, icon in (
            ("tokens", self.tr("Tokens of the account"), 1, Icon.IMAGE),
            ("history", self.tr("History of the account"), 2, Icon.CLOCK),
        ):
            show = lambda at=at: self.panel.parts.bar.setCurrentIndex(at)  # noqa: E731
            Command(self, f"accounts.{name}", title, show, icon=icon, refusal=refusal)

    def _on_search(self, text: str) -> None:
        self.table.search(text)
        if self.face.is_closed:
            return
        self._refresh()
        if not self.table.records.rowCount() and text.strip():
            self.address_sought.emit(text.strip())

    def _on_show_all(self) -> None:
        self.search.clear()
        self._on_search("")

    def _on_current(self) -> None:
        if not self.face.is_closed:
            self.panel.show_line(self.table.current, self._label_of)
            self.current_changed.emit()

    def _on_opened(self) -> None:
        self.panel.parts.bar.setCurrentIndex(2)

    def _on_token(self) -> None:
        held = self.panel.tokens.current
        if held is not None and held.asset_name:
            self.asset_requested.emit(held.token.asset_id)

    def _on_event(self) -> None:
        if (line := self.panel.history.current) is not None:
            self.transaction_requested.emit(line.event.tx_hash)
