"""The token table: legible in both themes, complete, and switched while the window is open."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ipnft_desktop import paths
from ipnft_desktop.ui.theme.fonts import mono_font, text_font
from ipnft_desktop.ui.theme.icons import Icon, icon_pixmap
from ipnft_desktop.ui.theme.stylesheet import stylesheet
from ipnft_desktop.ui.theme.theme import palette_of, theme
from ipnft_desktop.ui.theme.tokens import DARK, LIGHT, Ink, TextSize, Tokens, Tone, Weight
from ipnft_desktop.ui.widgets.buttons import SecondaryButton

MINIMUM_CONTRAST = 4.5
THEMES = pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=lambda tokens: tokens.name)


def relative_luminance(colour: str) -> float:
    """WCAG 2.1, definition of relative luminance."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(ink: str, ground: str) -> float:
    """WCAG 2.1, definition of contrast ratio."""
    lighter, darker = sorted((relative_luminance(ink), relative_luminance(ground)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_formula_agrees_with_known_values() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@THEMES
@pytest.mark.parametrize("ink", ["fg", "muted"])
@pytest.mark.parametrize("ground", ["bg", "surface", "alt", "accent_soft", "neutral_soft"])
def test_text_is_legible_on_every_ground(tokens: Tokens, ink: str, ground: str) -> None:
    assert contrast(getattr(tokens, ink), getattr(tokens, ground)) >= MINIMUM_CONTRAST


@THEMES
@pytest.mark.parametrize("tone", list(Tone))
def test_tone_is_legible_on_its_soft_ground_and_on_cards(tokens: Tokens, tone: Tone) -> None:
    ink, soft = tokens.tone(tone)
    assert contrast(ink, soft) >= MINIMUM_CONTRAST
    assert contrast(ink, tokens.surface) >= MINIMUM_CONTRAST


@THEMES
@pytest.mark.parametrize("ground", ["accent", "accent_hover", "accent_pressed"])
def test_primary_button_is_legible_in_every_state(tokens: Tokens, ground: str) -> None:
    assert contrast(tokens.on_accent, getattr(tokens, ground)) >= MINIMUM_CONTRAST


@THEMES
def test_error_panel_text_is_legible(tokens: Tokens) -> None:
    assert contrast(tokens.fg, tokens.error_soft) >= MINIMUM_CONTRAST


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
    assert told.args == [DARK]
    assert button.icon().pixmap(22, 16).toImage() != before
    assert qapp.palette().window().color() == QColor(DARK.bg)


def test_switching_to_the_theme_in_force_changes_nothing(qapp: QApplication, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(theme().changed):
        theme().set_dark(False)
