"""What can be done about an asset's mint, by the state the asset is in: the same in every menu and for every key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMenu

from ipnft_desktop.domain.minting import BUSY_STATES, AssetState
from ipnft_desktop.ui.widgets.menu_line import add_line


class MintWish(StrEnum):
    """What a person may want of a mint that was asked for already."""

    CANCEL = "cancel"
    RETRY = "retry"
    RESET = "reset"


KEYS: Mapping[MintWish, str] = MappingProxyType({MintWish.CANCEL: "X", MintWish.RETRY: "R", MintWish.RESET: "Shift+R"})
STATES: Mapping[MintWish, frozenset[AssetState]] = MappingProxyType(
    {
        MintWish.CANCEL: BUSY_STATES,
        MintWish.RETRY: frozenset({AssetState.MINT_FAILED}),
        MintWish.RESET: frozenset({AssetState.MINT_FAILED, AssetState.MINT_CANCELLED}),
    }
)
"""The states of an asset in which each makes sense."""


def title_of(wish: MintWish) -> str:
    """What the action is called."""
    translate = QCoreApplication.translate
    return {
        MintWish.CANCEL: translate("MintActions", "Cancel mint"),
        MintWish.RETRY: translate("MintActions", "Retry"),
        MintWish.RESET: translate("MintActions", "Reset to draft…"),
    }[wish]


def add_wishes(
    menu: QMenu, state: AssetState, on_wish: Callable[[MintWish], object], refusals: Mapping[MintWish, str]
) -> None:
    """Add all three; those that make no sense in this state, or are refused, cannot be chosen."""
    for wish in MintWish:
        add_line(
            menu,
            title_of(wish),
            lambda wish=wish: on_wish(wish),
            KEYS[wish],
            enabled=state in STATES[wish],
            refusal=refusals[wish],
        )
