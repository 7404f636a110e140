"""What can be done on the Gallery page: for its keys, the menu and the command palette."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QKeySequence

from ipnft_desktop.ui.commands.command import Command, button_command
from ipnft_desktop.ui.commands.jump import Jump
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.widgets.list_faces import Face
from ipnft_desktop.ui.widgets.plain import shorten

if TYPE_CHECKING:
    from ipnft_desktop.ui.gallery.view import GalleryView

_TOKEN = re.compile("(?:0x)?[0-9a-f]{32}", re.IGNORECASE)
"""A token id as the program writes it, which is also the asset's id without its dashes."""


def add_gallery_commands(view: GalleryView) -> None:
    """Give the page its commands, and the palette the way to a token."""
    panel = view.panel

    def find() -> None:
        view.search.setFocus()
        view.search.selectAll()

    def closed() -> str:
        return "" if view.search.isEnabled() else _tr("No NFT is listed.")

    def no_card() -> str:
        return closed() or _tr("Choose an NFT first.")

    Command(
        view,
        "gallery.find search",
        _tr("Search the gallery"),
        find,
        QKeySequence.StandardKey.Find,
        icon=Icon.SEARCH,
        refusal=closed,
    )
    Command(
        view,
        "gallery.reload refresh",
        _tr("Reload the gallery"),
        view.reload_requested.emit,
        "F5",
        icon=Icon.REFRESH,
        refusal=closed,
    )
    for name, button, keys, icon in (
        ("verify", panel.verify_button, "V", Icon.BADGE_CHECK),
        ("export evidence certificate pdf", panel.evidence_button, "Ctrl+Shift+E", Icon.BADGE_CHECK),
        ("export car archive", panel.export_button, "Ctrl+E", Icon.DOWNLOAD),
        ("save metadata", panel.metadata_button, "Ctrl+S", Icon.FILE_TEXT),
    ):
        button_command(view, f"gallery.{name}", button, keys, icon=icon, why_not=no_card)
    for name, button in (
        ("publish ipfs", panel.publications.publish_button),
        ("check ipfs", panel.publications.check_button),
    ):
        button_command(view, f"gallery.{name}", button, icon=Icon.UPLOAD, why_not=no_card)
    button_command(
        view, "gallery.verify all", view.verify_all_button, "Ctrl+Shift+V", icon=Icon.BADGE_CHECK, why_not=closed
    )
    button_command(
        view,
        "gallery.show on chain transaction block",
        panel.chain_button,
        "Ctrl+Shift+B",
        icon=Icon.LINK,
        why_not=no_card,
    )
    button_command(view, "gallery.evidence several all", view.evidence_button, icon=Icon.BADGE_CHECK, why_not=closed)
    button_command(view, "gallery.verify bundle evidence", view.verify_button, "Ctrl+Shift+U", icon=Icon.SHIELD)
    Jump(
        view,
        partial(_offer_token, view),
        lambda text: view.card_requested.emit(_token(text)),
        icon=Icon.IMAGE,
        is_exact=True,
    )


def _offer_token(view: GalleryView, text: str) -> str:
    if view.face is Face.SIGNED_OUT or _token(text) is None:
        return ""
    return _tr("Show the NFT {0}").format(shorten(text))


def _token(text: str) -> UUID | None:
    plain = text.strip().replace("-", "")
    return UUID(plain[-32:]) if _TOKEN.fullmatch(plain) else None


def _tr(text: str) -> str:
    return QCoreApplication.translate("GalleryCommands", text)
