"""What can be done about a mint of the list, by how it stands."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QCoreApplication

from ipnft_desktop.domain.mint_activity import JobRow
from ipnft_desktop.domain.minting import MintStage


class JobWish(StrEnum):
    """What a person may want of one job."""

    OPEN = "open"
    OPEN_ASSET = "open asset"
    RETRY = "retry"
    CANCEL = "cancel"


def _tr(text: str) -> str:
    return QCoreApplication.translate("JobActions", text)


def opens_card(row: JobRow) -> bool:
    """Whether its token has a card in the gallery."""
    return row.stage is MintStage.COMPLETED and row.is_current


def opens_dialog(row: JobRow) -> bool:
    """Whether the dialog of the mint can show it: it shows the latest mint of an asset."""
    return row.is_open or (row.stage is MintStage.FAILED and row.is_current)


def open_title(row: JobRow) -> str:
    """What Enter does: the card of a token, the dialog of a mint, or else its asset in the register."""
    if opens_card(row):
        return _tr("Open card")
    if opens_dialog(row):
        return _tr("Watch progress") if row.is_open else _tr("Show failure")
    return _tr("Open in the register")


def is_retryable(row: JobRow) -> bool:
    """Another attempt of a failed one; of an open one that is held up, another look at once."""
    return row.may_retry or (row.is_open and row.trouble is not None)
