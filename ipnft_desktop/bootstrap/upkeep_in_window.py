"""Joins the signing key and the backups, which lie on the Environment page, to their services."""

from __future__ import annotations

from collections.abc import Callable

from ipnft_desktop.bootstrap.core import Core
from ipnft_desktop.ui.access import Access
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.environment.backups_presenter import BackupsPresenter
from ipnft_desktop.ui.environment.view import EnvironmentView
from ipnft_desktop.ui.guards import guard_key
from ipnft_desktop.ui.keys.key_card import KeyCard
from ipnft_desktop.ui.keys.presenter import KeyPresenter
from ipnft_desktop.ui.mint.presenter import MintPresenter
from ipnft_desktop.ui.widgets.toast import ToastStack


def keys_presenter(
    view: EnvironmentView,
    core: Core,
    access: Access,
    mint: MintPresenter,
    toasts: ToastStack,
    keep_setting: Callable[[str, str], object],
) -> KeyPresenter | None:
    """Adds the card of the signing key; None where there are no keystores."""
    if core.keystores is None:
        return None
    card = KeyCard()
    view.add_card(card)
    guard_key(card, access)
    keys = KeyPresenter(
        card,
        core.adapters.signer,
        core.keystores,
        core.custody,
        lambda file: keep_setting("keystore", str(file) if file else ""),
    )
    keys.notice.connect(toasts.show_toast)
    mint.unlock_requested.connect(keys.ask_to_unlock)
    keys.activate()
    return keys


def backups_presenter(
    view: EnvironmentView, core: Core, events: AppEvents, toasts: ToastStack, start: Callable[[], None]
) -> BackupsPresenter | None:
    """Fills the card of the backups; None where somebody else keeps them, and the card goes."""
    if core.backups is None:
        view.backups_card.hide()
        return None
    backups = BackupsPresenter(view, core.backups, start, is_chain_own=not core.settings.rpc_url)
    backups.notice.connect(toasts.show_toast)
    events.backup_made.connect(backups.activate)
    core.backups.start()
    backups.activate()
    return backups
