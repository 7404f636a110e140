"""Certificates as PDF files: vectors and embedded letters, no picture but the asset's own. For a thread of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import uuid4

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF
from PySide6.QtGui import QPageLayout, QPageSize, QPainter, QPdfWriter

from ipnft_desktop import __version__
from ipnft_desktop.domain.certificate import CertificateLanguage
from ipnft_desktop.domain.errors import ErrorCode, UserError
from ipnft_desktop.domain.phrases import phrase
from ipnft_desktop.ui.certificates.contents import contents_of
from ipnft_desktop.ui.certificates.page import CertificatePage
from ipnft_desktop.ui.theme.paper import DOTS_AN_INCH


def print_certificates(
    bundles: Sequence[Path],
    target: Path,
    language: CertificateLanguage,
    on_page: Callable[[int], None] = lambda _number: None,
) -> None:
    """One file with a page for each bundle; it appears whole or not at all. `on_page` hears the pages that are done;
    whatever it raises ends the work. Blocks: not for the event loop.

    Raises UserError VALIDATION_FAILED (field "target") where the file cannot be written.
    """
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(target.stem)
    writer.setCreator(f"IPNFT Desktop {__version__}")
    writer.setResolution(DOTS_AN_INCH)
    writer.setPageLayout(
        QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0))
    )
    painter = QPainter(writer)
    try:
        for number, bundle in enumerate(bundles):
            if number:
                writer.newPage()
            CertificatePage(contents_of(bundle), language).paint(painter)
            on_page(number + 1)
    finally:
        painter.end()
    _write_whole(target, bytes(buffer.data().data()))


def _write_whole(target: Path, data: bytes) -> None:
    temporary = target.with_name(f".{uuid4().hex}.part")
    try:
        temporary.write_bytes(data)
        temporary.replace(target)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        why = phrase("{name} cannot be written: {reason}", name=target.name, reason=error.strerror or error)
        raise UserError(ErrorCode.VALIDATION_FAILED, why, field="target") from error
