"""Changes of validity for what is chosen on the Register page: for the command palette."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from ipnft_desktop.domain.certificates import Validity
from ipnft_desktop.domain.minting import AssetState
from ipnft_desktop.domain.people import Permission
from ipnft_desktop.ui.access import Access
from ipnft_desktop.ui.commands.command import Command
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.validity.presenter import CertificatePresenter

if TYPE_CHECKING:
    from uuid import UUID

    from ipnft_desktop.ui.register.view import RegisterView


def add_certificate_commands(view: RegisterView, presenter: CertificatePresenter, access: Access) -> None:
    """One command a validity, for all minted assets that are chosen."""

    def chosen() -> tuple[UUID, ...]:
        return tuple(row.asset_id for row in view.chosen_rows() if row.state is AssetState.MINTED)

    def refusal() -> str:
        return access.refusal(Permission.CHANGE_VALIDITY) or ("" if chosen() else _tr("Choose minted assets first."))

    def ask(validity: Validity) -> None:
        presenter.ask_many(chosen(), validity, view.window())

    for validity, name, title in (
        (Validity.SUSPENDED, "suspend certificates validity", _tr("Suspend certificates…")),
        (Validity.REVOKED, "revoke certificates validity", _tr("Revoke certificates…")),
        (Validity.VALID, "restore certificates validity", _tr("Restore certificates…")),
    ):
        Command(view, f"register.{name}", title, partial(ask, validity), icon=Icon.BADGE_CHECK, refusal=refusal)


def _tr(text: str) -> str:
    return QCoreApplication.translate("CertificateCommands", text)
