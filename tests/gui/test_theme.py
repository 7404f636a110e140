"""The token table: legible in both themes, complete, and switched while the window is open."""

from __future__ import annotations

import math
from itertools import combinations

import pytest
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ipnft_desktop import paths
from ipnft_desktop.ui.theme.charts import chart_inks
from ipnft_desktop.ui.theme.fonts import mono_font, text_font
from ipnft_desktop.ui.theme.icons import Icon, icon_pixmap
from ipnft_desktop.ui.theme.stylesheet import stylesheet
from ipnft_desktop.ui.theme.theme import palette_of, theme
from ipnft_desktop.ui.theme.tokens import DARK, LIGHT, Ink, TextSize, Tokens, Tone, Weight
from ipnft_desktop.ui.widgets.buttons import SecondaryButton

MINIMUM_CONTRAST = 4.5
THEMES = pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=lambda tokens: tokens.name)


MINIMUM_CONTRAST_OF_SHAPES = 3.0
LEAST_COLOUR_DIFFERENCE = 25.0
EYES = {
    "all cones": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    # Machado, Oliveira, Fernandes 2009, severity 1.0, on linear RGB.
    "no red cones": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "no green cones": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
    "no blue cones": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.3039),
    ),
}


def linear_rgb(colour: str) -> tuple[float, ...]:
    """IEC 61966-2-1: red, green and blue in proportion to light."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return tuple(c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)


def seen(colour: str, eye: str) -> tuple[float, float, float]:
    """CIE L*a*b* of a colour as this eye sees it."""
    light = linear_rgb(colour)
    red, green, blue = (min(1.0, max(0.0, sum(a * b for a, b in zip(row, light, strict=True)))) for row in EYES[eye])
    xyz = (
        (0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047,
        0.2126729 * red + 0.7151522 * green + 0.072175 * blue,
        (0.0193339 * red + 0.119192 * green + 0.9503041 * blue) / 1.08883,
    )
    x, y, z = (t ** (1 / 3) if t > 216 / 24389 else (24389 / 27 * t + 16) / 116 for t in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def relative_luminance(colour: str) -> float:
    """WCAG 2.1, definition of relative luminance."""
    red, green, blue = linear_rgb(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(ink: str, ground: str) -> float:
    """WCAG 2.1, definition of contrast ratio."""
    lighter, darker = sorted((relative_luminance(ink), relative_luminance(ground)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_formula_agrees_with_known_values() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


GROUNDS = ("bg", "surface", "alt", *(f"{tone}_soft" for tone in Tone))
"""Everything that text stands on but the buttons of the accent."""


@THEMES
@pytest.mark.parametrize("ink", [*(ink for ink in Ink if ink not in (Ink.ON_ACCENT, Ink.FAINT)), "accent_hover"])
def test_every_ink_is_legible_on_every_ground(tokens: Tokens, ink: str) -> None:
    """Also what is muted: hints in empty fields and what cannot be pressed are to be read too."""
    grounds = {ground: contrast(getattr(tokens, ink), getattr(tokens, ground)) for ground in GROUNDS}
    assert min(grounds.values()) >= MINIMUM_CONTRAST, grounds


@THEMES
@pytest.mark.parametrize("shape", ["edge", "accent", "fg"])
def test_fields_boxes_and_the_ring_of_the_focus_are_seen(tokens: Tokens, shape: str) -> None:
    """The ring is of the accent, and of the text's colour around what is filled with the accent itself."""
    for ground in ("bg", "surface", "alt"):
        assert contrast(getattr(tokens, shape), getattr(tokens, ground)) >= MINIMUM_CONTRAST_OF_SHAPES


@THEMES
@pytest.mark.parametrize("ground", ["accent", "accent_hover", "accent_pressed"])
def test_primary_button_is_legible_in_every_state(tokens: Tokens, ground: str) -> None:
    assert contrast(tokens.on_accent, getattr(tokens, ground)) >= MINIMUM_CONTRAST


@THEMES
def test_chart_series_stand_out_from_the_card(tokens: Tokens) -> None:
    inks = chart_inks(tokens)
    assert all(contrast(colour, inks.ground) >= MINIMUM_CONTRAST_OF_SHAPES for colour in inks.series)
    assert contrast(inks.text, inks.ground) >= MINIMUM_CONTRAST


@THEMES
@pytest.mark.parametrize("eye", list(EYES))
def test_chart_series_are_told_apart_by_every_eye(tokens: Tokens, eye: str) -> None:
    for one, other in combinations(chart_inks(tokens).series, 2):
        assert math.dist(seen(one, eye), seen(other, eye)) >= LEAST_COLOUR_DIFFERENCE, (one, other)


@THEMES
def test_style_sheet_names_no_unknown_token(tokens: Tokens) -> None:
    sheet = stylesheet(tokens)
    assert "$" not in sheet
    assert tokens.accent in sheet


def test_palette_carries_the_tokens() -> None:
    palette = palette_of(DARK)
    assert palette.window().color() == QColor(DARK.bg)
    assert palette.text().color() == QColor(DARK.fg)


def test_every_icon_is_shipped_and_drawn_in_its_ink(qapp: QApplication) -> None:
    for icon in Icon:
        image = icon_pixmap(icon, Ink.ERROR, 24, 1.0).toImage()
        drawn = [image.pixelColor(x, y) for x in range(24) for y in range(24) if image.pixelColor(x, y).alpha() == 255]
        assert drawn, icon
        assert all(colour.name() == LIGHT.error for colour in drawn), icon


def test_every_shipped_icon_is_named(qapp: QApplication) -> None:
    files = {file.stem for file in (paths.RESOURCES / "icons").glob("*.svg")}
    assert files == {icon.value for icon in Icon}


@pytest.mark.parametrize("folder", ["icons", "fonts"])
def test_licence_texts_stand_beside_the_assets(folder: str) -> None:
    assert list((paths.RESOURCES / folder).glob("*.txt"))


@pytest.mark.parametrize("weight", list(Weight))
def test_figures_have_equal_width(qapp: QApplication, weight: Weight) -> None:
    metrics = QFontMetricsF(text_font(TextSize.BODY, weight))
    widths = {round(metrics.horizontalAdvance(digit), 3) for digit in "0123456789"}
    assert len(widths) == 1


def test_mono_face_is_monospaced(qapp: QApplication) -> None:
    metrics = QFontMetricsF(mono_font())
    assert metrics.horizontalAdvance("iiii") == metrics.horizontalAdvance("WWWW")


def ink_share(text: str, weight: Weight) -> float:
    """Share of dark in a rendered text: how heavy it looks."""
    image = QImage(400, 60, QImage.Format.Format_Grayscale8)
    image.fill(255)
    painter = QPainter(image)
    painter.setFont(text_font(TextSize.DISPLAY, weight))
    painter.drawText(5, 40, text)
    painter.end()
    return sum(255 - value for value in bytes(image.constBits())) / (255 * image.width() * image.height())


def test_chinese_is_drawn_and_gets_heavier_with_the_weight(qapp: QApplication) -> None:
    regular, semibold, bold = (
        ink_share("资产登记山海行", weight) for weight in (Weight.REGULAR, Weight.SEMIBOLD, Weight.BOLD)
    )
    assert regular < semibold < bold
    # The hairline default of the face would be far lighter than its regular weight.
    hairline = text_font(TextSize.DISPLAY)
    assert hairline.variableAxisValue(hairline.variableAxisTags()[0]) == 400
    assert ink_share("资", Weight.REGULAR) != ink_share("产", Weight.REGULAR)  # not two empty boxes


def test_switching_repaints_icons_and_tells(qapp: QApplication, qtbot: QtBot) -> None:
    button = SecondaryButton("Start", Icon.PLAY)
    qtbot.addWidget(button)
    before = button.icon().pixmap(22, 16).toImage()
    with qtbot.waitSignal(theme().changed) as told:
        theme().set_dark(True)
        theme().finish()
    assert told.args == [DARK]
    assert button.icon().pixmap(22, 16).toImage() != before
    assert qapp.palette().window().color() == QColor(DARK.bg)


def test_switching_to_the_theme_in_force_changes_nothing(qapp: QApplication, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(theme().changed):
        theme().set_dark(False)
        theme().finish()
