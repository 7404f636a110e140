"""What has to end before the pages may go, in sentences: what was typed, and what is at work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QDialog, QWidget

from ipnft_desktop.ui.alerts.panel import AlertPanel
from ipnft_desktop.ui.commands.key_sheet import KeySheet
from ipnft_desktop.ui.doctor.dialog import DoctorDialog
from ipnft_desktop.ui.help.reading_dialog import ReadingDialog
from ipnft_desktop.ui.mint.dialog import MintDialog

if TYPE_CHECKING:
    from ipnft_desktop.bootstrap.pages import Pages


def open_input(window: QWidget) -> str:
    """The dialog that would lose what stands in it, or nothing."""
    for dialog in window.findChildren(QDialog):
        is_mint_under_way = isinstance(dialog, MintDialog) and not dialog.is_confirming
        keeps = is_mint_under_way or isinstance(dialog, AlertPanel | DoctorDialog | KeySheet | ReadingDialog)
        if dialog.isVisible() and not keeps:
            return QCoreApplication.translate(
                "Pages", "Close the dialog “{0}” first: what stands in it would be lost."
            ).format(dialog.windowTitle())
    return ""


def work_under_way(pages: Pages) -> str:
    """The work of joined pages that would be cut off, or nothing."""
    translate = QCoreApplication.translate
    at_work = (
        (pages.backups, translate("Pages", "A backup is being made; try again in a moment.")),
        (pages.workspaces, translate("Pages", "A workspace is being copied or put back; try again in a moment.")),
        (pages.activity, translate("Pages", "Activity is still at work on mints; stop it or try again in a moment.")),
        (pages.figures, translate("Pages", "The batches are being written into a file; try again in a moment.")),
        (
            pages.chain,
            translate("Pages", "A file of the chain is being written; try again in a moment."),
        ),
        (pages.stage, translate("Pages", "A step is under way on stage; wait for it or try again in a moment.")),
        (pages.batch, translate("Pages", "A batch is being recorded or exported; try again in a moment.")),
        (
            pages.audit,
            translate("Pages", "The audit log is being verified or exported; stop it or try again in a moment."),
        ),
        (pages.evidence, translate("Pages", "Evidence is being written; cancel it or try again in a moment.")),
        (
            pages.comparing,
            translate("Pages", "Register, chain and content are being compared; stop it or try again in a moment."),
        ),
        (
            pages.publishing,
            translate("Pages", "The IPFS node is being filled or checked; stop it or try again in a moment."),
        ),
        (
            pages.chain_work,
            translate("Pages", "Certificates or the local chain are being changed; try again in a moment."),
        ),
    )
    return next((told for part, told in at_work if part is not None and part.is_working), "")
