"""The frame of the program: rail, pages, status bar, notices. Navigation only; pages know their own work."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QMenu, QVBoxLayout, QWidget

from ipnft_desktop.ui.commands.window_commands import WindowCommands
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import WindowSize
from ipnft_desktop.ui.widgets.page import Page
from ipnft_desktop.ui.widgets.page_stack import PageStack
from ipnft_desktop.ui.widgets.plain import visible
from ipnft_desktop.ui.widgets.rail import Rail
from ipnft_desktop.ui.widgets.status_strip import StatusBarState, StatusSegment, StatusStrip
from ipnft_desktop.ui.widgets.tab_order import follow
from ipnft_desktop.ui.widgets.toast import ToastStack

_TITLE = "IPNFT Desktop"
_NUMBERED_PAGES = 9


class MainWindow(QMainWindow):
    """The one window.

    Signals: `closing` once the window goes; `geometry_saved` with the bytes for `restore_frame` just before it;
    `page_changed` with the key; `theme_chosen` with whether it is dark; `language_requested` with a language;
    `overlay_toggled` when the overlay of the loop's gaps is wanted, or not any more.
    """

    closing = Signal()
    geometry_saved = Signal(bytes)
    page_changed = Signal(str)
    theme_chosen = Signal(bool)
    language_requested = Signal(str)
    overlay_toggled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.name_workspace("")
        self.setMinimumSize(WindowSize.LEAST_WIDTH, WindowSize.LEAST_HEIGHT)
        self.resize(WindowSize.FIRST_WIDTH, WindowSize.FIRST_HEIGHT)
        self._pages: dict[str, QWidget] = {}
        self._titles: dict[str, str] = {}
        self._segment_targets: dict[StatusSegment, str | Callable[[], object]] = {}
        self._rail = Rail()
        self._stack = PageStack()
        self._stack.setObjectName("pageStack")
        self._strip = StatusStrip()
        self._lay_out()
        self.toasts = ToastStack(self)
        self._rail.page_chosen.connect(self.show_page)
        self._strip.segment_clicked.connect(self._on_segment_clicked)
        self._strip.theme_toggled.connect(self.toggle_theme)
        self._strip.language_requested.connect(self.language_requested)
        self.commands = WindowCommands(self)
        self._rail.menu_requested.connect(self.commands.open_menu)

    @property
    def current_page(self) -> str:
        """Key of the page in view; empty while there is none."""
        shown = self._stack.currentWidget()
        return next((key for key, page in self._pages.items() if page is shown), "")

    @property
    def page_titles(self) -> Mapping[str, str]:
        """What the pages are called, by their keys."""
        return self._titles

    @property
    def menu_button(self) -> QWidget:
        """What the menu of the whole program opens beside."""
        return self._rail.menu_button

    @property
    def page_ground(self) -> QWidget:
        """Make pages in here. Until `fill_page` a page is out of view, and what it can do is not offered."""
        return self._stack

    def add_page(
        self,
        key: str,
        title: str,
        icon: Icon,
        page: QWidget | None = None,
        *,
        bottom: bool = False,
        more_keys: tuple[str, ...] = (),
    ) -> None:
        """Add a page with its button; Ctrl and its number in the order of adding opens it, and so do `more_keys`. The
        tenth has no number: Ctrl+0 is taken by the lists, which show everything again.

        Without a page the place stays empty until `fill_page`; it can be opened all the same.
        """
        number = len(self._pages) + 1
        shortcuts = (f"Ctrl+{number}", *more_keys) if number <= _NUMBERED_PAGES else more_keys
        self._pages[key] = page or QWidget()
        self._stack.addWidget(self._pages[key])
        self._titles[key] = title
        self._rail.add_button(key, title, icon, next(iter(shortcuts), ""), bottom=bottom)
        self.commands.add_page(key, icon, *shortcuts)
        # Tab goes round: rail, page, status bar. What is added later to a window stands behind all else.
        follow(self._strip.last_control, self._rail.stops)
        if len(self._pages) == 1:
            self.show_page(key)

    def fill_page(self, key: str, page: QWidget) -> QWidget:
        """Put a page into its place; it shows at once if its place is in view.

        Returns what stood there, out of view: the caller deletes it once nothing works with it any more.
        """
        kept = self._pages[key]
        in_view = self._stack.currentWidget() is kept
        self._pages[key] = page
        self._stack.insertWidget(self._stack.indexOf(kept), page)
        if in_view:
            self._stack.setCurrentWidget(page)
            self._keep_notices_over(page)
            page.setFocus(Qt.FocusReason.OtherFocusReason)
        self._stack.removeWidget(kept)
        return kept

    def rename_page(self, key: str, title: str) -> None:
        """Give a page's button another name."""
        self._titles[key] = title
        self._rail.rename(key, title)

    def show_page(self, key: str) -> None:
        """Bring a page into view; `KeyError` if there is none of this key."""
        before = self.current_page
        self._stack.setCurrentWidget(self._pages[key])
        self._keep_notices_over(self._pages[key])
        self._rail.set_current(key)
        # The focus goes into the page, so that Tab reaches its first control next.
        self._pages[key].setFocus(Qt.FocusReason.OtherFocusReason)
        if before != key:
            self.page_changed.emit(key)

    def show_part(self, inner: QWidget) -> None:
        """Bring the page into view that this widget is in."""
        for key, page in self._pages.items():
            if page is inner or page.isAncestorOf(inner):
                self.show_page(key)

    def part_of(self, inner: QWidget) -> tuple[int, str] | None:
        """The number and the title of the page that this widget is in."""
        for at, (key, page) in enumerate(self._pages.items()):
            if page is inner or page.isAncestorOf(inner):
                return at, self._titles[key]
        return None

    def link_segment(self, segment: StatusSegment, target: str | Callable[[], object]) -> None:
        """Let a press on a part of the status bar open a page by its key, or do something else."""
        self._segment_targets[segment] = target
        self._strip.enable_segment(segment)

    def set_status(self, state: StatusBarState) -> None:
        """Tell another state in the status bar."""
        self._strip.set_state(state)

    def show_status_menu(self, segment: StatusSegment, menu: QMenu) -> None:
        """Open a menu over a part of the status bar."""
        self._strip.show_menu(segment, menu)

    def name_workspace(self, name: str) -> None:
        """Say in the title which workspace is open; nothing for the only one there is."""
        self.setWindowTitle(f"{visible(name)} — {_TITLE}" if name else _TITLE)

    def hint_segment(self, segment: StatusSegment, hint: str) -> None:
        """What a part of the status bar tells on hover."""
        self._strip.set_hint(segment, hint)

    def set_languages(self, available: tuple[str, ...], current: str) -> None:
        """Offer a change of language where there is more than one."""
        self._strip.set_languages(available, current)
        self.commands.offer_languages(tuple(name for name in available if name != current))

    def retranslate(self) -> None:
        """Say what the frame says by itself in the language in force."""
        self._strip.retranslate()
        self._rail.retranslate()
        self.commands.retranslate()

    def toggle_theme(self) -> None:
        """Switch between light and dark."""
        dark = not theme().tokens.is_dark
        theme().set_dark(dark)
        self.theme_chosen.emit(dark)

    def restore_frame(self, saved: bytes) -> None:
        """Bring back size and place from an earlier `geometry_saved`; unusable bytes change nothing."""
        self.restoreGeometry(QByteArray(saved))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Hand out the frame, then say that the window goes."""
        self.toasts.clear()
        self.geometry_saved.emit(bytes(self.saveGeometry().data()))
        self.closing.emit()
        event.accept()

    def _lay_out(self) -> None:
        upper = QHBoxLayout()
        upper.setSpacing(0)
        upper.addWidget(self._rail)
        upper.addWidget(self._stack, 1)
        ground = QWidget()
        box = QVBoxLayout(ground)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(upper, 1)
        box.addWidget(self._strip)
        self.setCentralWidget(ground)

    def _keep_notices_over(self, page: QWidget) -> None:
        self.toasts.stand_over(page.notice_ground if isinstance(page, Page) else page)

    def _on_segment_clicked(self, segment: StatusSegment) -> None:
        target = self._segment_targets[segment]
        if isinstance(target, str):
            self.show_page(target)
        else:
            target()
