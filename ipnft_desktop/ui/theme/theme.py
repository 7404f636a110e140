"""Applies a token table to the running application: palette, style sheet, fonts; switchable at any time."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from ipnft_desktop.ui.theme import fonts
from ipnft_desktop.ui.theme.stylesheet import stylesheet
from ipnft_desktop.ui.theme.tokens import DARK, LIGHT, TextSize, Tokens, Weight

_Role = QPalette.ColorRole


class Theme(QObject):
    """The theme in force.

    Painters read `tokens` when they paint: Qt repaints every widget when the palette changes. What keeps a finished
    picture (an icon, a plot) connects to `changed`, which carries the new `Tokens`.
    """

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._tokens = LIGHT

    @property
    def tokens(self) -> Tokens:
        """The token table in force."""
        return self._tokens

    def install(self, app: QApplication, *, dark: bool = False) -> None:
        """Register the fonts and dress the application; call once, before the first window."""
        fonts.register_fonts()
        app.setStyle(QStyleFactory.create("Fusion"))
        app.setFont(fonts.text_font())
        # The binding takes a str here, though its type stub says bytes.
        app.setFont(fonts.text_font(TextSize.CAPTION, Weight.MEDIUM), "QHeaderView")  # pyright: ignore[reportArgumentType]
        app.setFont(fonts.text_font(TextSize.CAPTION), "QToolTip")  # pyright: ignore[reportArgumentType]
        self._tokens = DARK if dark else LIGHT
        self._dress(app)

    def set_dark(self, dark: bool) -> None:
        """Switch between the light and the dark table."""
        tokens = DARK if dark else LIGHT
        if tokens is self._tokens:
            return
        self._tokens = tokens
        app = QApplication.instance()
        if isinstance(app, QApplication):
            self._dress(app)
        self.changed.emit(tokens)

    def _dress(self, app: QApplication) -> None:
        # Undressed for a moment, a window may need more room and take it: it gets back the size it had.
        sizes = [(window, window.size()) for window in app.topLevelWidgets() if window.isVisible()]
        # Taken off before the new one is put on: where one replaces another, Qt dresses every widget again for each
        # widget that it lies in, which takes four times as long.
        app.setStyleSheet("")
        app.setPalette(palette_of(self._tokens))
        app.setStyleSheet(stylesheet(self._tokens))
        for window, size in sizes:
            if window.size() != size:
                QCoreApplication.sendPostedEvents(window, QEvent.Type.LayoutRequest.value)
                window.resize(size)


@cache
def theme() -> Theme:
    """The one theme of the process, like the application palette it sets."""
    return Theme()


def palette_of(tokens: Tokens) -> QPalette:
    """The Qt palette of a token table."""
    palette = QPalette()
    roles = {
        _Role.Window: tokens.bg,
        _Role.WindowText: tokens.fg,
        _Role.Base: tokens.surface,
        _Role.AlternateBase: tokens.alt,
        _Role.Text: tokens.fg,
        _Role.PlaceholderText: tokens.muted,
        _Role.Button: tokens.surface,
        _Role.ButtonText: tokens.fg,
        _Role.BrightText: tokens.error,
        _Role.ToolTipBase: tokens.surface,
        _Role.ToolTipText: tokens.fg,
        _Role.Highlight: tokens.accent,
        _Role.HighlightedText: tokens.on_accent,
        _Role.Accent: tokens.accent,
        _Role.Link: tokens.accent,
        _Role.LinkVisited: tokens.violet,
        _Role.Light: tokens.surface,
        _Role.Midlight: tokens.alt,
        _Role.Mid: tokens.line,
        _Role.Dark: tokens.control_line,
        _Role.Shadow: tokens.line,
    }
    for role, colour in roles.items():
        palette.setColor(role, QColor(colour))
    for role in (_Role.WindowText, _Role.Text, _Role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens.muted))
    return palette
