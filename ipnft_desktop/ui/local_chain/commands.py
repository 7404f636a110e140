"""What can be done to a chain of our own: for the menu and the command palette. No keys: these are rare, and a slip
would be mined."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QLineEdit

from ipnft_desktop.ui.commands.command import Command, button_command
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.widgets.buttons import Button

if TYPE_CHECKING:
    from ipnft_desktop.ui.local_chain.card import LocalChainCard


def add_local_chain_commands(card: LocalChainCard) -> None:
    """Give the card its commands: each can be done where its button can be pressed. Where the button needs what is
    typed and nothing is, the field gets the focus instead."""

    def no_chain() -> str:
        return "" if card.is_there else _tr("No local chain is running.")

    for name, title, button, icon in (
        ("mine blocks", _tr("Mine blocks"), card.mine_button, Icon.BOX),
        ("mining interval mode", _tr("Apply when blocks come"), card.mining_button, Icon.CLOCK),
    ):
        button_command(card, f"local chain.{name}", button, title=title, icon=icon, why_not=no_chain)
    for name, title, button, field, icon in (
        ("set time", _tr("Set the time of the next block…"), card.time_button, card.time_field, Icon.CLOCK),
        ("fund account pay", _tr("Fund an account…"), card.fund_button, card.address_field, Icon.COINS),
        ("snapshot", _tr("Take a snapshot of the chain…"), card.snapshot_button, card.name_field, Icon.COPY),
    ):
        Command(
            card,
            f"local chain.{name}",
            title,
            partial(_press, button, field),
            icon=icon,
            refusal=partial(_refusal, button, no_chain),
        )

    def revert() -> None:
        card.revert_buttons[0].click()

    def no_snapshot() -> str:
        if no_chain() or not card.revert_buttons:
            return no_chain() or _tr("No snapshot was taken.")
        return card.revert_buttons[0].refusal

    title = _tr("Go back to the newest snapshot…")
    Command(card, "local chain.revert snapshot", title, revert, icon=Icon.REFRESH, refusal=no_snapshot)


def _refusal(button: Button, no_chain: Callable[[], str]) -> str:
    return button.refusal or no_chain()


def _press(button: Button, field: QLineEdit) -> None:
    if field.text().strip():
        button.click()
    else:
        field.setFocus()


def _tr(text: str) -> str:
    return QCoreApplication.translate("LocalChainCommands", text)
