"""The one face of pictures and documents: Noto Sans SC, variable weight, from the package justmytype-intl-cjk."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from PySide6.QtGui import QFont, QFontDatabase


@cache
def _family() -> str:
    """Load the face once. Raises RuntimeError if Qt cannot read it; needs a QGuiApplication."""
    path = files("justmytype_intl_cjk") / "fonts/ofl/notosanssc/NotoSansSC[wght].ttf"
    number = QFontDatabase.addApplicationFont(str(path))
    if number < 0:
        raise RuntimeError(f"Qt cannot load {path}")
    return QFontDatabase.applicationFontFamilies(number)[0]


def cjk_font(size_px: int, *, bold: bool = False) -> QFont:
    """The face at `size_px` pixels; the weight is set on the axis, for the face's own default is a hairline."""
    font = QFont(_family())
    font.setPixelSize(size_px)
    font.setWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
    font.setVariableAxis(QFont.Tag("wght"), 700 if bold else 400)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font
