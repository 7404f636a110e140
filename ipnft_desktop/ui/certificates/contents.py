"""What a certificate is printed from: an evidence bundle on the disk."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from ipnft_desktop.ui.pictures import MOST_PICTURE_BYTES, MOST_PIXELS
from ipnft_desktop.ui.theme.paper import MOST_PICTURE_PIXELS_A_SIDE
from ipnft_verify.audit_rows import MINTED_ACTIONS
from ipnft_verify.canonical import parsed
from ipnft_verify.container import Container
from ipnft_verify.manifest import AUDIT, MANIFEST, METADATA, SIGNATURE, Manifest, most_bytes_of
from ipnft_verify.metadata_facts import image_entry
from ipnft_verify.published_accounts import PUBLISHED_ACCOUNTS


@dataclass(frozen=True, slots=True)
class CertificateContents:
    """Facts, the hash of the bundle that proves them, and the asset's picture where there is one."""

    facts: dict[str, Any]
    bundle_sha256: str
    picture: QImage | None = None
    is_demonstration: bool = False
    """Whether it is signed with a key that everybody has."""
    recorded_at: str = ""
    """When the register noted the mint, in UTC; empty where the extract of its log does not tell."""


def contents_of(bundle: Path) -> CertificateContents:
    """Read a bundle that was judged before. Blocks; raises OSError, or Broken and `MISREAD` for a file that is none."""
    with bundle.open("rb") as file:
        container = Container(file)
        manifest = Manifest.read(container.read(MANIFEST, most_bytes_of(MANIFEST)))
        entry = image_entry(manifest, container.read(METADATA))
        is_small = entry is not None and container.entries[entry].size_bytes <= MOST_PICTURE_BYTES
        picture = _picture(container.read(entry)) if entry is not None and is_small else None
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        signer = parsed(container.read(SIGNATURE, most_bytes_of(SIGNATURE)))["signer"]
        rows = parsed(container.read(AUDIT, most_bytes_of(AUDIT)))["rows"]
    # The extract is in order; the last row about the end of a mint is about the one that made the token.
    recorded = [str(row["at"]) for row in rows if row["action"] in MINTED_ACTIONS]
    return CertificateContents(
        manifest.facts, digest, picture, signer in PUBLISHED_ACCOUNTS, recorded[-1] if recorded else ""
    )


def _picture(data: bytes) -> QImage | None:
    """A picture as large as print wants it, or None for what cannot be shown."""
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    size = reader.size()
    if not size.isValid() or size.width() * size.height() > MOST_PIXELS:
        return None
    limit = QSize(MOST_PICTURE_PIXELS_A_SIDE, MOST_PICTURE_PIXELS_A_SIDE)
    if size.width() > limit.width() or size.height() > limit.height():
        reader.setScaledSize(size.scaled(limit, Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    return None if image.isNull() else image
