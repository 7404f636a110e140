"""Changes to many widgets, laid out together."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from PySide6.QtWidgets import QLayout


@contextmanager
def laid_out_once(*layouts: QLayout) -> Generator[None]:
    """What is changed in the block is laid out once, before it is painted. Otherwise Qt lays out everything around a
    widget as soon as it is shown, for each one anew."""
    for layout in layouts:
        layout.setEnabled(False)
    try:
        yield
    finally:
        for layout in layouts:
            layout.setEnabled(True)
