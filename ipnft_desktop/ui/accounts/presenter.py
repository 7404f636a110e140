"""Runs the Accounts tab: the list, one account with its tokens and its history, labels and funds."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from typing import Any, Protocol

from PySide6.QtCore import Signal

from ipnft_desktop.domain.chain import parse_address
from ipnft_desktop.domain.chain_events import EventAnchor
from ipnft_desktop.domain.chain_view import ChainToken
from ipnft_desktop.domain.contract_writes import ContractWrite
from ipnft_desktop.domain.errors import UserError
from ipnft_desktop.domain.inspection.contracts import AccountState
from ipnft_desktop.domain.inspection.directory import AccountLine, AccountList
from ipnft_desktop.domain.inspection.typed_values import wei_of
from ipnft_desktop.domain.people import AddressBookEntry, KnownAddress, Permission
from ipnft_desktop.services.inspector.account_directory import HISTORY_PAGE
from ipnft_desktop.services.inspector.event_reading import EventLinePage
from ipnft_desktop.ui.access import Access
from ipnft_desktop.ui.accounts.fund_dialog import FundDialog
from ipnft_desktop.ui.accounts.view import AccountsTab
from ipnft_desktop.ui.admin.address_form import AddressForm
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.inspection.reader import MORE, WORK, InspectionPresenter
from ipnft_desktop.ui.inspection.turns import IsNewest
from ipnft_desktop.ui.local_chain.wording import paid_sentence
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.form_dialog import FormDialog, carry_out
from ipnft_desktop.ui.widgets.list_faces import Face
from ipnft_desktop.ui.widgets.plain import shorten

_LISTS, _SHOW = "account lists", "account show"
_RENEWED_AT_ONCE = 50
"""So many accounts out of view are asked for again with each block, one after the other; those in view always are."""


class Directory(Protocol):
    """What the tab needs of `services.inspector.account_directory.AccountDirectory`."""

    async def accounts(self, kept: Mapping[str, AccountState] | None = None) -> AccountList: ...
    async def account(self, address: str) -> AccountLine: ...
    async def tokens(self, address: str, after: int | None = None) -> tuple[tuple[ChainToken, str], ...]: ...
    async def history(self, address: str, after: EventAnchor | None = None) -> EventLinePage: ...


class Book(Protocol):
    """What the tab needs of `services.address_book.AddressBook`."""

    async def list(self) -> tuple[KnownAddress, ...]: ...
    async def add(self, address: str, label: str, note: str = "") -> AddressBookEntry: ...
    async def change(self, original: AddressBookEntry, label: str, note: str) -> AddressBookEntry: ...


class Bank(Protocol):
    """What the tab needs of `services.local_chain.LocalChain`."""

    @property
    def is_offered(self) -> bool: ...
    async def fund(self, address: str, amount_wei: int) -> ContractWrite: ...


class AccountsPresenter(InspectionPresenter):
    """`contract_requested` carries the address of a contract."""

    contract_requested = Signal(str)

    def __init__(
        self, view: AccountsTab, directory: Directory, book: Book, bank: Bank, access: Access, events: AppEvents
    ) -> None:
        super().__init__(view)
        self._view = view
        self._directory = directory
        self._book = book
        self._bank = bank
        self._dialog: FormDialog | None = None
        self._listed: str | None = None
        """The address whose tokens and history are shown."""
        self._is_anew = True
        """Every account is to be asked for."""
        self._renewed = 0
        """How many of those out of view were asked for again, in turn."""
        panel = view.panel
        access.guard(panel.label_button, Permission.EDIT_ADDRESSES, panel.label_button.refuse)
        access.guard(panel.fund_button, Permission.MANAGE_CHAIN, panel.fund_button.refuse)
        view.reload_requested.connect(self._on_reload)
        view.current_changed.connect(self._on_current)
        view.address_sought.connect(self._on_sought)
        panel.tokens.paged.more_wanted.connect(self._on_more_tokens)
        panel.history.paged.more_wanted.connect(self._on_more_history)
        panel.label_requested.connect(self._on_label)
        panel.fund_requested.connect(self._on_fund)
        panel.contract_requested.connect(self._on_contract)
        events.index_advanced.connect(self.changed)
        events.block_arrived.connect(self.changed)
        events.address_book_changed.connect(self.changed)

    @property
    def dialog(self) -> FormDialog | None:
        """The form of a label, while it is open."""
        return self._dialog

    def show_address(self, address: str) -> None:
        """Bring an account into focus, listed or not."""
        if self._may_read:
            self.ask(lambda is_newest: self._show(address, is_newest), _SHOW)

    def forget(self) -> None:
        """Show nothing of what was read."""
        self._listed = None
        self._is_anew = True
        if self._dialog is not None:
            self._dialog.leave()
        self._view.show_closed(Face.NO_ENVIRONMENT)

    async def read(self) -> None:
        """The list, and what the account in focus holds and did."""
        kept = self._kept()
        self._is_anew = False
        accounts = await self._directory.accounts(kept)
        if not self._may_read:
            return
        self._view.panel.fund_button.setVisible(self._bank.is_offered)
        self._view.show_accounts(accounts)
        await self._read_lists()

    async def close(self) -> None:
        """Cancel what is under way and close the dialog."""
        await super().close()
        if self._dialog is not None:
            self._dialog.leave()

    async def _show(self, address: str, is_newest: IsNewest) -> None:
        line = await self._directory.account(address)
        if self._may_read and is_newest():
            self._view.show_account(line)

    def _kept(self) -> Mapping[str, AccountState]:
        """Those that are not asked for again this time: a known account more must not be three questions more with
        every block."""
        if self._is_anew:
            return {}
        states = {line.address: line.state for line in self._view.table.records.records}
        for address in self._view.addresses_in_view:
            states.pop(address, None)
        waiting = list(states)
        begin = self._renewed if self._renewed < len(waiting) else 0
        self._renewed = begin + _RENEWED_AT_ONCE
        for address in waiting[begin : self._renewed]:
            del states[address]
        return states

    async def _read_lists(self, is_newest: IsNewest = lambda: True) -> None:
        """Of the account in focus, until that is the same. Lists that were read on stay, unless something is new."""
        while (line := self._view.panel.line) is not None and is_newest():
            self._listed = line.address
            tokens = await self._directory.tokens(line.address)
            history = await self._directory.history(line.address)
            panel = self._view.panel
            if not self._may_read:
                return
            if panel.shown_address != line.address:
                continue
            held = [(each.token, each.asset_name) for each in panel.tokens.paged.records[: len(tokens)]]
            if held != list(tokens) or not tokens:
                self._view.show_tokens(tokens, is_first=True, is_whole=len(tokens) < HISTORY_PAGE)
            if panel.history.paged.records[: len(history.lines)] != history.lines or not history.lines:
                self._view.show_history(history, is_first=True)
            return

    async def _more_tokens(self) -> None:
        paged, line = self._view.panel.tokens.paged, self._view.panel.line
        last = paged.last
        if line is None or last is None:
            return
        try:
            page = await self._directory.tokens(line.address, last.token.token_id)
        except Exception:
            paged.give_up()
            raise
        if self._may_read and paged.last is last:
            self._view.show_tokens(page, is_first=False, is_whole=len(page) < HISTORY_PAGE)

    async def _more_history(self) -> None:
        paged, line = self._view.panel.history.paged, self._view.panel.line
        last = paged.last
        if line is None or last is None:
            return
        try:
            page = await self._directory.history(line.address, last.event.anchor)
        except Exception:
            paged.give_up()
            raise
        if self._may_read and paged.last is last:
            self._view.show_history(page, is_first=False)

    async def _label(self, address: str) -> None:
        """A form for what the address book says of it; the wallet of an enterprise is named with the enterprise."""
        known = next((each for each in await self._book.list() if each.address == address), None)
        if self._dialog is not None or not self._may_read:
            return
        if known is not None and known.enterprise is not None:
            told = self.tr("It is the wallet of {0}: its name is changed with the enterprise.")
            self.notice.emit(told.format(known.enterprise.name), Tone.WARN)
            return
        form = AddressForm(known.entry if known else None, self._view.window())
        if known is None:
            form.address.line.setText(address)
            form.address.line.setReadOnly(True)
            form.label.setFocus()

        async def work() -> None:
            _, label, note = form.values()
            if known is None:
                await self._book.add(address, label, note)
            else:
                await self._book.change(known.entry, label, note)

        self._open(form, work)

    def _on_current(self) -> None:
        line = self._view.panel.line
        if self._may_read and line is not None and line.address != self._listed:
            self.ask(self._read_lists, _LISTS)

    def _on_reload(self) -> None:
        self._is_anew = True

    def _on_sought(self, text: str) -> None:
        try:
            address = parse_address(text)
        except UserError:
            return
        self.show_address(address)

    def _on_more_tokens(self) -> None:
        if self._may_read:
            self.run(self._more_tokens, MORE)

    def _on_more_history(self) -> None:
        if self._may_read:
            self.run(self._more_history, MORE)

    def _on_label(self) -> None:
        if (line := self._view.panel.line) is not None and self._may_read:
            self.run(lambda: self._label(line.address), WORK)

    def _on_fund(self) -> None:
        line = self._view.panel.line
        if line is None or not self._may_read or self._dialog is not None:
            return
        dialog = FundDialog(line.address, self._view.label(line.address) or "", self._view.window())
        self._open(dialog, lambda: self._fund(dialog))

    async def _fund(self, dialog: FundDialog) -> None:
        amount_wei = wei_of(dialog.amount.text(), "amount")
        paid = await self._bank.fund(dialog.address, amount_wei)
        self.notice.emit(*paid_sentence(paid, self._view.label(dialog.address) or shorten(dialog.address)))
        self.read_now()

    def _open(self, dialog: FormDialog, work: Callable[[], Coroutine[Any, Any, object]]) -> None:
        self._dialog = dialog
        dialog.submitted.connect(lambda: self.run(lambda: carry_out(dialog, work), WORK))
        dialog.finished.connect(self._on_finished)
        dialog.open()

    def _on_contract(self) -> None:
        if (line := self._view.panel.line) is not None:
            self.contract_requested.emit(line.address)

    def _on_finished(self) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None
