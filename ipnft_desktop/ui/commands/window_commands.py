"""The commands of the window itself, and what shows all commands: palette, menu and key sheet."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt

from ipnft_desktop.ui.commands.command import Command, Group, Keys
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import Tone

if TYPE_CHECKING:
    from collections.abc import Callable

    from ipnft_desktop.ui.commands.key_sheet import KeySheet
    from ipnft_desktop.ui.commands.palette import CommandPalette
    from ipnft_desktop.ui.help.reading_dialog import ReadingDialog
    from ipnft_desktop.ui.main_window import MainWindow


class WindowCommands(QObject):
    """Made once by the window, and said anew in each language. What the first frame does not show is loaded when it is
    first wanted."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._pages: dict[str, tuple[Icon, tuple[str, ...]]] = {}
        self._languages: tuple[str, ...] = ()
        self._made: list[Command] = []
        self._palette: CommandPalette | None = None
        self._sheet: KeySheet | None = None
        self._reading: ReadingDialog | None = None
        self._make()

    @property
    def palette(self) -> CommandPalette:
        """The palette, open or not."""
        if self._palette is None:
            from ipnft_desktop.ui.commands.palette import CommandPalette

            self._palette = CommandPalette(self._window)
        return self._palette

    @property
    def key_sheet(self) -> KeySheet | None:
        """The list of all keys while it is open."""
        return self._sheet

    def add_page(self, key: str, icon: Icon, *keys: str) -> None:
        """Offer to open this page of the window."""
        self._pages[key] = icon, keys
        self._make()

    def offer_languages(self, names: tuple[str, ...]) -> None:
        """Offer to change to one of these languages, called as they call themselves."""
        self._languages = names
        self._make()

    def retranslate(self) -> None:
        """Say everything in the language in force; what is open closes."""
        for part in (self._palette, self._sheet, self._reading):
            if part is not None:
                part.hide()
                part.deleteLater()
        self._palette = self._sheet = self._reading = None
        self._make()

    def open_menu(self) -> None:
        """Open the menu of the whole program beside its button."""
        from ipnft_desktop.ui.commands.main_menu import main_menu

        button = self._window.menu_button
        menu = main_menu(self._window)
        menu.popup(button.mapToGlobal(QPoint(button.width(), button.height() - menu.sizeHint().height())))

    def open_keys(self) -> None:
        """Open the list of all keys, or bring it to the front."""
        from ipnft_desktop.ui.commands.key_lines import key_lines
        from ipnft_desktop.ui.commands.key_sheet import KeySheet

        if self._sheet is None:
            self._sheet = KeySheet(key_lines(self._window), self._window)
            self._sheet.finished.connect(self._on_sheet_closed)
            self._sheet.show()
        self._sheet.raise_()
        self._sheet.activateWindow()

    def open_guide(self) -> None:
        """Open the user guide, where it tells of the page in view."""
        from ipnft_desktop.ui.help.texts import section_of, user_guide

        self._read(self.tr("User guide"), user_guide)
        heading = section_of(self._window.current_page) if self._reading is not None else ""
        if self._reading is not None and heading:
            self._reading.go_to(heading)

    def open_about(self) -> None:
        """Open what there is to tell about versions and licences."""
        from ipnft_desktop.ui.help.texts import about

        self._read(self.tr("About this program"), about)

    def _read(self, title: str, text: Callable[[], str]) -> None:
        from ipnft_desktop.ui.help.reading_dialog import ReadingDialog
        from ipnft_desktop.ui.help.texts import GUIDE_FOLDER

        if self._reading is not None:
            self._reading.close()
            self._reading = None
        try:
            dialog = ReadingDialog(title, text(), GUIDE_FOLDER, self._window)
        except OSError as problem:
            told = self.tr("It is not installed: {0}").format(problem)
            self._window.toasts.show_toast(told, Tone.WARN)
            return
        dialog.finished.connect(self._on_reading_closed)
        self._reading = dialog
        dialog.show()

    def _make(self) -> None:
        window = self._window
        for command in self._made:
            command.dispose()
        self._made = []
        self._add("view.find command palette", self.tr("Find a command…"), self._open_palette, "Ctrl+K", "Ctrl+Shift+P")
        self._add("view.menu", self.tr("Open the menu"), self.open_menu, "F10", icon=Icon.MENU)
        for key, (icon, keys) in self._pages.items():
            title = self.tr("Go to {0}").format(window.page_titles[key])
            self._add(f"view.go to {key} page", title, partial(window.show_page, key), *keys, icon=icon)
        light_or_dark = self.tr("Light or dark")
        self._add("view.theme light dark", light_or_dark, window.toggle_theme, "Ctrl+Shift+L", icon=Icon.MOON)
        for name in self._languages:
            title = self.tr("Language: {0}").format(name)
            wanted = partial(window.language_requested.emit, name)
            self._add(f"view.language {name}", title, wanted, "Ctrl+Shift+G", icon=Icon.GLOBE)
        self._add("view.full screen", self.tr("Full screen"), self._toggle_full_screen, "F11")
        smoothness = self.tr("Smoothness over the window")
        self._add("view.loop overlay gaps debug", smoothness, window.overlay_toggled.emit, "Ctrl+Shift+F12")
        self._add("file.quit exit", self.tr("Quit"), window.close, "Ctrl+Q", group=Group.FILE)
        guide, about = self.tr("User guide"), self.tr("About this program")
        self._add("help.user guide manual", guide, self.open_guide, "F1", icon=Icon.BOOK_OPEN, group=Group.HELP)
        self._add("help.about version licences", about, self.open_about, icon=Icon.INFO, group=Group.HELP)
        self._add(
            "help.keys shortcuts", self.tr("Keys"), self.open_keys, "Ctrl+F1", icon=Icon.KEYBOARD, group=Group.HELP
        )

    def _add(
        self,
        key: str,
        title: str,
        act: Callable[[], object],
        *keys: Keys,
        icon: Icon | None = None,
        group: Group = Group.VIEW,
    ) -> None:
        context = Qt.ShortcutContext.WindowShortcut
        self._made.append(Command(self._window, key, title, act, *keys, icon=icon, group=group, context=context))

    def _open_palette(self) -> None:
        self.palette.open()

    def _toggle_full_screen(self) -> None:
        self._window.setWindowState(self._window.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _on_reading_closed(self) -> None:
        if self._reading is not None:
            self._reading.deleteLater()
            self._reading = None

    def _on_sheet_closed(self) -> None:
        if self._sheet is not None:
            self._sheet.deleteLater()
            self._sheet = None
