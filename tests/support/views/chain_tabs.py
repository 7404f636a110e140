"""The tabs of the Chain page about events, contracts and accounts, and their dialogs, with sample data."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ipnft_desktop.bootstrap.chain_tabs_in_window import ChainTabs
from ipnft_desktop.domain.chain_events import EventKind
from ipnft_desktop.services.recorded_calls import CallPage
from ipnft_desktop.ui.accounts.fund_dialog import FundDialog
from ipnft_desktop.ui.chain_events.view import EventsTab
from ipnft_desktop.ui.contracts.abi_dialog import AbiDialog
from ipnft_desktop.ui.contracts.send_dialog import SendDialog
from ipnft_desktop.ui.inspector.view import ChainFace, ChainView
from tests.gui.support import chain_tabs as sample


def _page() -> tuple[ChainView, ChainTabs]:
    view = ChainView()
    making = ChainTabs.add_to(view)
    while True:
        try:
            next(making)
        except StopIteration as done:
            tabs: ChainTabs = done.value
            break
    view.show_face(ChainFace.TABS)
    tabs.events.use_labels(sample.label_of)
    tabs.contracts.use_labels(sample.label_of, sample.LABELS)
    tabs.accounts.use_labels(sample.label_of)
    tabs.calls.use_labels(sample.label_of)
    return view, tabs


def chain_events() -> ChainView:
    view, tabs = _page()
    lines = [
        sample.event_line(number, 0, EventKind.MINTED if number % 4 else EventKind.FOREIGN)
        for number in range(151, 131, -1)
    ]
    tabs.events.show_kinds({EventKind.MINTED: 15, EventKind.FOREIGN: 5})
    tabs.events.show_page(sample.event_page(*lines), len(lines))
    tabs.events.show_reach(sample.STATUS)
    view.show_tab(tabs.events)
    return view


def chain_events_question() -> ChainView:
    view = chain_events()
    view.findChild(EventsTab).ask_rebuild()
    return view


def _contracts() -> tuple[ChainView, ChainTabs]:
    view, tabs = _page()
    tabs.contracts.show_contracts((sample.OURS, sample.OTHER, sample.GONE))
    tabs.contracts.show_detail(sample.DETAIL)
    view.show_tab(tabs.contracts)
    return view, tabs


def chain_contract() -> ChainView:
    return _contracts()[0]


def chain_contract_read() -> ChainView:
    view, tabs = _contracts()
    panel = tabs.contracts.panel
    panel.show_part(panel.read)
    panel.read.form.choose("balanceOf")
    panel.read.show_answer(sample.ANSWER, tabs.contracts.names())
    return view


def chain_contract_write() -> ChainView:
    view, tabs = _contracts()
    panel = tabs.contracts.panel
    panel.show_part(panel.write)
    panel.write.form.choose("setValidity")
    panel.write.show_calls((sample.WRITTEN,))
    return view


def chain_stranger() -> ChainView:
    view, tabs = _contracts()
    panel = tabs.contracts.panel
    tabs.contracts.table.select(sample.STRANGER)
    panel.show_part(panel.read)
    return view


def chain_account() -> ChainView:
    view, tabs = _page()
    accounts = tabs.accounts
    accounts.show_accounts(sample.ACCOUNTS)
    accounts.table.select(sample.HOLDER)
    accounts.show_tokens(sample.TOKENS, is_first=True, is_whole=True)
    accounts.show_history(sample.event_page(*map(sample.event_line, range(40, 10, -1))), is_first=True)
    view.show_tab(accounts)
    return view


def chain_calls() -> ChainView:
    view, tabs = _page()
    tabs.calls.show_page(CallPage(sample.CALL_LINES, is_last=True), len(sample.CALL_LINES), is_same_list=False)
    view.show_tab(tabs.calls)
    return view


def chain_call_question() -> ChainView:
    view, tabs = _page()
    tabs.calls.show_page(CallPage(sample.CALL_LINES, is_last=True), len(sample.CALL_LINES), is_same_list=False)
    view.show_tab(tabs.calls)
    tabs.calls.ask_withdraw()
    return view


TAB_PAGES = {
    "chain-calls": chain_calls,
    "chain-call-question": chain_call_question,
    "chain-events": chain_events,
    "chain-events-question": chain_events_question,
    "chain-contract": chain_contract,
    "chain-contract-read": chain_contract_read,
    "chain-contract-write": chain_contract_write,
    "chain-stranger": chain_stranger,
    "chain-account": chain_account,
}


def abi_import(parent: QWidget) -> AbiDialog:
    dialog = AbiDialog(sample.STRANGER, parent)
    dialog.show_imported((sample.ABI,))
    return dialog


def contract_call(parent: QWidget) -> SendDialog:
    return SendDialog(sample.CALL, sample.ESTIMATE, "IPAssetNFT", parent)


def contract_call_unsigned(parent: QWidget) -> SendDialog:
    dialog = SendDialog(sample.CALL, sample.ESTIMATE, "IPAssetNFT", parent, account=sample.CALL.target, is_signed=False)
    dialog.refuse_unsigned()
    return dialog


def fund_account(parent: QWidget) -> FundDialog:
    return FundDialog(sample.HOLDER, "Helios: vault", parent)
