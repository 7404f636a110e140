"""The three faces: Inter for text, JetBrains Mono for hashes, Noto Sans SC for Chinese; all shipped, none assumed."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from PySide6.QtGui import QFont, QFontDatabase

from ipnft_desktop import paths
from ipnft_desktop.ui.theme.tokens import TextSize, Weight

TEXT_FAMILY = "Inter"
MONO_FAMILY = "JetBrains Mono"
CJK_FAMILY = "Noto Sans SC"
_CJK_PACKAGE = "justmytype_intl_cjk"
_CJK_FILE = "fonts/ofl/notosanssc/NotoSansSC[wght].ttf"

# Noto Sans SC is one variable file whose default is the hairline weight, and Qt does not choose an instance of a
# fallback face by weight: the axis has to be set. At bold Qt also thickens the outline itself, because it takes the
# face for a thin one, so the axis stays lighter there and both together look bold.
_CJK_AXIS = {Weight.REGULAR: 400.0, Weight.MEDIUM: 500.0, Weight.SEMIBOLD: 600.0, Weight.BOLD: 450.0}
_WEIGHT_AXIS = QFont.Tag("wght")
_TABULAR_FIGURES = QFont.Tag("tnum")
_CONTEXTUAL_FORMS = QFont.Tag("calt")


class FontMissing(RuntimeError):
    """A shipped font file is absent or unreadable: the installation is damaged."""


def register_fonts() -> None:
    """Make the shipped faces known to Qt; call once after the application object exists.

    Raises:
        FontMissing: a file is absent or Qt cannot read it.
    """
    for file in (*sorted((paths.RESOURCES / "fonts").glob("*.ttf")), _cjk_file()):
        if QFontDatabase.addApplicationFont(str(file)) < 0:
            raise FontMissing(file.name)


def _cjk_file() -> Path:
    # find_spec locates the package without running it or anything it would import.
    spec = find_spec(_CJK_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise FontMissing(_CJK_PACKAGE)
    return Path(spec.submodule_search_locations[0]) / _CJK_FILE


def text_font(size: TextSize = TextSize.BODY, weight: Weight = Weight.REGULAR, scale: float = 1.0) -> QFont:
    """The text face with figures of equal width, so that columns of numbers line up; `scale` times as large."""
    return _font([TEXT_FAMILY, CJK_FAMILY], size, weight, scale)


def mono_font(size: TextSize = TextSize.CAPTION, weight: Weight = Weight.REGULAR) -> QFont:
    """The monospaced face for hashes, addresses and log lines."""
    font = _font([MONO_FAMILY, CJK_FAMILY], size, weight)
    font.setStyleHint(QFont.StyleHint.Monospace)
    return font


def _font(families: list[str], size: TextSize, weight: Weight, scale: float = 1.0) -> QFont:
    font = QFont()
    font.setFamilies(families)
    font.setPixelSize(round(size * scale))
    font.setWeight(QFont.Weight(int(weight)))
    font.setVariableAxis(_WEIGHT_AXIS, _CJK_AXIS[weight])
    font.setFeature(_TABULAR_FIGURES, 1)
    # Contextual forms would write 0x5F as 0×5F and melt the slashes of a URL: what is shown must be what is copied.
    font.setFeature(_CONTEXTUAL_FORMS, 0)
    return font
