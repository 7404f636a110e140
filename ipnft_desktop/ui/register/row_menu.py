"""The context menu of the register's table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu

from ipnft_desktop.domain.assets import AssetRow
from ipnft_desktop.domain.minting import EDITABLE_STATES
from ipnft_desktop.ui.register.mint_actions import add_wishes
from ipnft_desktop.ui.widgets.asset_words import token_text
from ipnft_desktop.ui.widgets.menu_line import add_line

if TYPE_CHECKING:
    from ipnft_desktop.ui.register.view import RegisterView


def _tr(text: str) -> str:
    return QCoreApplication.translate("RowMenu", text)


def row_menu(view: RegisterView, row: AssetRow, chosen: Sequence[AssetRow]) -> QMenu:
    """What can be done with the row in focus and with all that are chosen."""
    menu = QMenu(view)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    add_line(menu, _tr("Open"), lambda: view.open_requested.emit(row), "Return")
    mint = view.mint_button
    add_line(menu, _tr("Mint"), mint.click, "M", enabled=mint.isEnabled(), refusal=mint.refusal)
    add_wishes(menu, row.state, lambda wish: view.wish_signals[wish].emit(row.asset_id), view.panel.refusals)
    menu.addSeparator()
    is_editable, deletable = row.state in EDITABLE_STATES, tuple(one for one in chosen if one.state in EDITABLE_STATES)
    for text, keys, act, enabled, why_not in (
        (_tr("Edit"), "", lambda: view.edit_requested.emit(row.asset_id), is_editable, view.edit_refusal(row)),
        (_tr("Duplicate"), "", lambda: view.duplicate_requested.emit(row.asset_id), True, view.new_button.refusal),
        (_tr("Delete…"), "Del", lambda: view.ask_delete(deletable), bool(deletable), view.edit_refusal(*deletable)),
    ):
        add_line(menu, text, act, keys, enabled=enabled, refusal=why_not)
    menu.addSeparator()
    add_line(menu, _tr("Copy rows"), view.copy_selection_requested.emit, "Ctrl+C")
    clipboard = QGuiApplication.clipboard()
    add_line(menu, _tr("Copy asset id"), lambda: clipboard.setText(str(row.asset_id)))
    if row.token_id is not None:
        token = token_text(row.token_id)
        add_line(menu, _tr("Copy token id"), lambda: clipboard.setText(token))
    return menu
