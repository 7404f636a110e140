"""Line icons drawn in a token's colour; they follow the theme while the program runs."""

from __future__ import annotations

from enum import StrEnum
from functools import cache, lru_cache

from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton

from ipnft_desktop import paths
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import Ink, Size


class Icon(StrEnum):
    """The icons that are shipped; the values are file names in resources/icons."""

    ACTIVITY = "activity"
    BADGE_CHECK = "badge-check"
    BELL = "bell"
    BOOK_OPEN = "book-open"
    BOX = "box"
    CHECK = "check"
    CHEVRON_DOWN = "chevron-down"
    CHEVRON_RIGHT = "chevron-right"
    CHEVRON_UP = "chevron-up"
    CIRCLE = "circle"
    CIRCLE_ALERT = "circle-alert"
    CIRCLE_CHECK = "circle-check"
    CLOCK = "clock"
    COINS = "coins"
    COPY = "copy"
    DATABASE = "database"
    DOWNLOAD = "download"
    ELLIPSIS = "ellipsis"
    EXTERNAL_LINK = "external-link"
    EYE = "eye"
    EYE_OFF = "eye-off"
    FILE_TEXT = "file-text"
    FLASK = "flask-conical"
    FOLDER_OPEN = "folder-open"
    FUEL = "fuel"
    FUNNEL = "funnel"
    GLOBE = "globe"
    IMAGE = "image"
    INBOX = "inbox"
    INFO = "info"
    KEY = "key-round"
    KEYBOARD = "keyboard"
    LAYOUT_GRID = "layout-grid"
    LINK = "link"
    LIST_TREE = "list-tree"
    LOCK = "lock"
    LOCK_OPEN = "lock-open"
    MENU = "menu"
    MONITOR = "monitor"
    MOON = "moon"
    PAPERCLIP = "paperclip"
    PAUSE = "pause"
    PENCIL = "pencil"
    PLAY = "play"
    PLUS = "plus"
    POWER = "power"
    REFRESH = "refresh-cw"
    ROTATE = "rotate-cw"
    SEARCH = "search"
    SETTINGS = "settings"
    SHIELD = "shield"
    SQUARE = "square"
    STAMP = "stamp"
    SUN = "sun"
    TERMINAL = "terminal"
    TRASH = "trash-2"
    TRIANGLE_ALERT = "triangle-alert"
    UPLOAD = "upload"
    USER = "user"
    X = "x"


@cache
def _source(icon: Icon) -> str:
    return (paths.RESOURCES / "icons" / f"{icon.value}.svg").read_text(encoding="utf-8")


@lru_cache(maxsize=512)
def _pixmap(icon: Icon, colour: str, size_px: int, scale: float, gap_px: int) -> QPixmap:
    renderer = QSvgRenderer(QByteArray(_source(icon).replace("currentColor", colour).encode()))
    pixmap = QPixmap(QSize(size_px + gap_px, size_px) * scale)
    pixmap.setDevicePixelRatio(scale)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, size_px, size_px))
    painter.end()
    return pixmap


def icon_pixmap(
    icon: Icon, ink: Ink = Ink.FG, size_px: int = Size.ICON, scale: float | None = None, gap_px: int = 0
) -> QPixmap:
    """One icon in the colour the ink has in the current theme.

    `size_px` is device-independent; `scale` is the device pixel ratio, the application's own if absent; `gap_px` is
    empty space at the right, for a text that follows.
    """
    ratio = scale if scale is not None else _application_scale()
    return _pixmap(icon, theme().tokens.ink(ink), int(size_px), ratio, gap_px)


def themed_icon(
    icon: Icon, ink: Ink = Ink.FG, checked: Ink | None = None, size_px: int = Size.ICON, gap_px: int = 0
) -> QIcon:
    """A `QIcon` in the colours of the current theme, `checked` for the on-state; see `bind_icon` to follow switches."""
    made = QIcon()
    disabled = Ink.FAINT if ink is Ink.MUTED else Ink.MUTED
    for state, colour in ((QIcon.State.Off, ink), (QIcon.State.On, checked or ink)):
        pixmap = icon_pixmap(icon, colour, size_px, gap_px=gap_px)
        made.addPixmap(pixmap, QIcon.Mode.Normal, state)
        made.addPixmap(pixmap, QIcon.Mode.Active, state)
        made.addPixmap(icon_pixmap(icon, disabled, size_px, gap_px=gap_px), QIcon.Mode.Disabled, state)
    return made


def _application_scale() -> float:
    application = QGuiApplication.instance()
    return application.devicePixelRatio() if isinstance(application, QGuiApplication) else 1.0


class _Binding(QObject):
    """Lives as long as its button and gives it a fresh icon at each switch of the theme."""

    def __init__(
        self, button: QAbstractButton, icon: Icon, ink: Ink, checked: Ink | None, size_px: int, gap_px: int
    ) -> None:
        super().__init__(button)
        self._button = button
        self._made_of = (icon, ink, checked, size_px, gap_px)
        theme().changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def _on_theme_changed(self) -> None:
        self._button.setIcon(themed_icon(*self._made_of))

    def release(self) -> None:
        """Stop following; a switch of the theme that is being told right now does not reach it any more."""
        theme().changed.disconnect(self._on_theme_changed)
        self.setParent(None)
        self.deleteLater()


def bind_icon(
    button: QAbstractButton,
    icon: Icon,
    ink: Ink = Ink.FG,
    checked: Ink | None = None,
    size_px: int = Size.ICON,
    gap_px: int = 0,
) -> None:
    """Give a button an icon that follows the theme; calling again replaces the icon."""
    for old in button.findChildren(_Binding, options=Qt.FindChildOption.FindDirectChildrenOnly):
        old.release()
    button.setIconSize(QSize(size_px + gap_px, size_px))
    _Binding(button, icon, ink, checked, size_px, gap_px)
