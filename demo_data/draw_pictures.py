"""Draw the pictures of the demonstration register: `python demo_data/draw_pictures.py [asset key ...]`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from drawing import craft, designs, inventions, marks, software, works
from PySide6.QtGui import QGuiApplication

FOLDER = Path(__file__).parent / "pictures"
PICTURES = inventions.PICTURES | marks.PICTURES | designs.PICTURES | works.PICTURES | software.PICTURES | craft.PICTURES


def main(keys: list[str]) -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QGuiApplication(sys.argv[:1])  # fonts and text need an application; kept until the end
    FOLDER.mkdir(exist_ok=True)
    for key in keys or PICTURES:
        path = FOLDER / f"{key}.png"
        PICTURES[key]().save(path)
        sys.stdout.write(f"{path.stat().st_size / 1000:7.1f} kB  {path.name}\n")
    application.quit()


if __name__ == "__main__":
    main(sys.argv[1:])
