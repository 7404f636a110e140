"""Applies a token table to the running application: palette, style sheet, fonts; switchable at any time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import cache, partial
from weakref import WeakSet, ref

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory, QWidget
from shiboken6 import isValid

from ipnft_desktop.ui.theme import fonts
from ipnft_desktop.ui.theme.stylesheet import stylesheet
from ipnft_desktop.ui.theme.tokens import DARK, LIGHT, TextSize, Tokens

_Role = QPalette.ColorRole


class Theme(QObject):
    """The theme in force.

    Painters read `tokens` when they paint: Qt repaints every widget when the palette changes. What keeps a finished
    picture (an icon, a plot) connects to `changed`, which carries the new `Tokens`.
    """

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._app: QApplication | None = None
        self._tokens = LIGHT
        self._sheet = ""
        self._grounds: WeakSet[QWidget] = WeakSet()
        self._steps: deque[Callable[[], object]] = deque()
        self._held: list[QWidget] = []
        """Windows that do not paint until all of them that is in view is dressed."""
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.timeout.connect(self._on_turn)

    @property
    def tokens(self) -> Tokens:
        """The token table in force."""
        return self._tokens

    def install(self, app: QApplication, *, dark: bool = False) -> None:
        """Register the fonts and prepare the application; call it before the first window.

        For an application that is prepared already only the token table is put in force: Qt would make all widgets
        there are ready for the new style, a second for those of a whole window.
        """
        if self._app is not app:
            self._app = app
            fonts.register_fonts()
            app.setStyle(QStyleFactory.create("Fusion"))
            app.setFont(fonts.text_font())
            # The binding takes a str here, though its type stub says bytes.
            app.setFont(fonts.text_font(TextSize.CAPTION), "QToolTip")  # pyright: ignore[reportArgumentType]
        self._use(DARK if dark else LIGHT)

    def dress(self, *grounds: QWidget) -> None:
        """Put parts of a window, each with all that is or comes in it, into the house style; they follow switches.

        Windows are dressed in parts, and not the application at once, because Qt then dresses every widget there is in
        one go: a switch would hold the window up for a third of a second. No part should hold more than a hundred. A
        part is dressed when it is whole, in a turn of its own, or when it comes on screen before that: what is put into
        a dressed part is dressed one by one, which takes twice as long.
        """
        for ground in grounds:
            self._grounds.add(ground)
            if ground.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):  # somebody has measured it already
                self._dress(ground)
            else:
                ground.installEventFilter(self)
                self._steps.append(self._dressing(ground))
        self._go_on()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Dress what comes on screen."""
        if event.type() in (QEvent.Type.Polish, QEvent.Type.Show) and isinstance(watched, QWidget):
            self._dress(watched)
        return super().eventFilter(watched, event)

    def set_dark(self, dark: bool) -> None:
        """Switch between the light and the dark table, one part a turn of the event loop: first what is in view, which
        is painted again when all of it is dressed, then the rest."""
        tokens = DARK if dark else LIGHT
        if tokens is self._tokens:
            return
        self._steps.clear()  # of a switch before it: all parts follow this one
        self._use(tokens)
        for window in QApplication.topLevelWidgets():
            if window.isVisible() and window.updatesEnabled():
                window.setUpdatesEnabled(False)
                self._held.append(window)
        in_view = [ground for ground in self._grounds if isValid(ground) and ground.isVisible()]
        hidden = [ground for ground in self._grounds if isValid(ground) and not ground.isVisible()]
        self._steps.extend(self._dressing(ground) for ground in in_view)
        self._steps.append(partial(self.changed.emit, tokens))
        self._steps.append(self._paint_again)
        for ground in hidden:
            ground.installEventFilter(self)  # a page may come into view before its turn
            self._steps.append(self._dressing(ground))
        self._go_on()

    @property
    def is_dressing(self) -> bool:
        """Whether something waits for its turn."""
        return bool(self._steps)

    def finish(self) -> None:
        """Dress at once what waits for its turn, for whoever wants a picture of it."""
        self._turn.stop()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.ApplicationPaletteChange.value)
        while self._steps:
            self._steps.popleft()()

    def _paint_again(self) -> None:
        while self._held:
            window = self._held.pop()
            if isValid(window):
                window.setUpdatesEnabled(True)

    def _use(self, tokens: Tokens) -> None:
        self._tokens, self._sheet = tokens, stylesheet(tokens)
        QApplication.setPalette(palette_of(tokens))

    def _on_turn(self) -> None:
        try:
            self._steps.popleft()()
        finally:  # whatever a listener does: a window that does not paint any more must not stay so
            self._go_on()

    def _go_on(self) -> None:
        if self._steps:
            self._turn.start()

    def _dressing(self, ground: QWidget) -> Callable[[], object]:
        """A step that keeps nothing alive: a dialog may be gone before its turn."""
        known = ref(ground)

        def dress() -> None:
            alive = known()
            if alive is not None:
                self._dress(alive)

        return dress

    def _dress(self, ground: QWidget) -> None:
        if not isValid(ground):
            return
        ground.removeEventFilter(self)
        # What lies on a part that is dressed follows it, and would otherwise be dressed twice.
        sheet = "" if self._lies_on_another(ground) else self._sheet
        if ground.styleSheet() != sheet:
            ground.setStyleSheet(sheet)

    def _lies_on_another(self, ground: QWidget) -> bool:
        around = ground.parentWidget()
        while around is not None and around not in self._grounds:
            around = around.parentWidget()
        return around is not None


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
