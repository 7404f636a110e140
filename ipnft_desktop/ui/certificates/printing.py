"""Certificates as PDF files: vectors and embedded letters, no picture but the asset's own. For a thread of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import uuid4

from PySide6.QtCore import QFile, QFileDevice, QIODevice, QMarginsF
from PySide6.QtGui import QPageLayout, QPageSize, QPainter, QPdfWriter

from ipnft_desktop import __version__
from ipnft_desktop.domain.certificate import CertificateLanguage
from ipnft_desktop.domain.errors import ErrorCode, UserError
from ipnft_desktop.domain.phrases import phrase
from ipnft_desktop.free_names import put_into_place
from ipnft_desktop.ui.certificates.contents import contents_of
from ipnft_desktop.ui.certificates.page import CertificatePage
from ipnft_desktop.ui.theme.paper import DOTS_AN_INCH


def print_certificates(
    bundles: Sequence[Path],
    target: Path,
    language: CertificateLanguage,
    on_page: Callable[[int], None] = lambda _number: None,
) -> Path:
    """One file with a page for each bundle; it appears whole or not at all, and under another name where `target` is
    there already. Returns where it is. `on_page` hears the pages that are done; whatever it raises ends the work.
    Blocks: not for the event loop.

    Raises UserError VALIDATION_FAILED (field "target") where the file cannot be written.
    """
    temporary = target.with_name(f".{uuid4().hex}.part")
    file = QFile(str(temporary))
    try:
        if not file.open(QIODevice.OpenModeFlag.WriteOnly | QIODevice.OpenModeFlag.NewOnly):
            raise _not_written(target, file.errorString())
        _print_pages(file, bundles, target.stem, language, on_page)
        file.close()
        if file.error() is not QFileDevice.FileError.NoError:
            raise _not_written(target, file.errorString())
        return put_into_place(temporary, target)
    except OSError as error:
        raise _not_written(target, error.strerror or str(error)) from error
    finally:
        file.close()
        temporary.unlink(missing_ok=True)


def _print_pages(
    file: QFile, bundles: Sequence[Path], title: str, language: CertificateLanguage, on_page: Callable[[int], None]
) -> None:
    """A page after the other goes to the disk, so that thousands take no more memory than one."""
    writer = QPdfWriter(file)
    writer.setTitle(title)
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


def _not_written(target: Path, reason: str) -> UserError:
    why = phrase("{name} cannot be written: {reason}", name=target.name, reason=reason)
    return UserError(ErrorCode.VALIDATION_FAILED, why, field="target")
