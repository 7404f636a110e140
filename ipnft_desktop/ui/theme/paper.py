"""Measures and inks of what is printed: on paper there are millimetres and no pixels, and no dark theme."""

from __future__ import annotations

from PySide6.QtCore import QSizeF
from PySide6.QtGui import QColor

PAGE_MM = QSizeF(210, 297)
MARGIN_MM = 18.0
WIDTH_MM = PAGE_MM.width() - 2 * MARGIN_MM
PICTURE_MM = 45.0
NAMES_MM = 52.0
CODE_MM = 34.0
QUIET_MODULES = 4
"""White around a QR code that readers want (ISO/IEC 18004, 9.1)."""
GAP_MM = 5.0
LINE_GAP_MM = 1.1
BLACK, GREY = QColor(0, 0, 0), QColor(90, 90, 90)
DOTS_AN_INCH = 1_200
"""The unit of all places: fine enough that letters may have whole numbers of them."""
DOTS_A_POINT = DOTS_AN_INCH / 72
RULE_DOTS = 0.5 * DOTS_A_POINT
MOST_PICTURE_PIXELS_A_SIDE = 1_200
"""Fine enough in print: 24 pixels a millimetre."""
