"""The pictures of the guides, each taken by a step of the tour."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtGui import QImage

from ipnft_desktop.tour.fewer_colours import reduced_png
from ipnft_desktop.ui.language import Language

MOST_PICTURE_BYTES = 200_000
"""A guide with its pictures is read over a slow line too."""

PICTURES = {
    "asset-form": "asset-form",
    "backups": "environment-in-the-end",
    "batch": "batch-success",
    "batch-plan": "batch-plan",
    "batch-result": "batch-result",
    "calls": "chain-calls",
    "cancel": "mint-cancelled",
    "chain": "chain-transaction",
    "contract": "chain-contract-read",
    "environment": "environment",
    "events": "chain-events",
    "evidence": "evidence-verified",
    "gallery": "gallery",
    "gas": "gas-savings",
    "import": "import",
    "mint-progress": "mint-progress",
    "reconcile": "admin-reconcile",
    "register": "register-after-batch",
    "stage": "stage",
}
"""Picture of a guide: picture of the tour."""
_FOLDERS = {Language.EN: "", Language.ZH: "zh"}


class PictureMissing(Exception):
    """The tour took no such picture, or one that is too large."""


def write_guide_pictures(taken: Sequence[Path], folder: Path) -> list[Path]:
    """Put what the tour took in the light theme, in fewer colours, where the guides look for it; returns the
    files. Blocks; raises
    PictureMissing before anything is written, OSError."""
    chosen: list[tuple[Path, bytes]] = []
    for told in Language:
        for name, step in PICTURES.items():
            ending = f"-{step}.png"
            found = [file for file in taken if file.parent.name == f"{told}-light" and file.name[2:] == ending]
            if not found:
                raise PictureMissing(f"no picture “{step}” in {told}")
            content = reduced_png(QImage(str(found[-1])))
            if len(content) > MOST_PICTURE_BYTES:
                raise PictureMissing(f"{found[-1]} has {len(content)} bytes, more than {MOST_PICTURE_BYTES}")
            chosen.append((folder / _FOLDERS[told] / f"{name}.png", content))
    for file, content in chosen:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return [file for file, _content in chosen]
