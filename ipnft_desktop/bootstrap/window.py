"""The window at once, the core behind it as soon as its libraries are loaded, and an orderly end.

What the first frame does not show is imported where it is used, after the paint.
"""

from __future__ import annotations

import asyncio
import dataclasses
import logging
from contextlib import suppress
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget

from ipnft_desktop.bootstrap import rail
from ipnft_desktop.bootstrap.page_keys import ACTIVITY, ENVIRONMENT
from ipnft_desktop.bootstrap.pieces import breathe, in_pieces
from ipnft_desktop.bootstrap.unexpected import tell_unexpected
from ipnft_desktop.domain.errors import (
    EnvironmentFault,
    ErrorCode,
    FieldProblem,
    IpnftError,
    ProblemKind,
    ValidationFailed,
    with_code,
)
from ipnft_desktop.domain.workspaces import HOME
from ipnft_desktop.program_log import close_log, open_log
from ipnft_desktop.settings import SettingRefused, Settings, SettingValue, load_settings, save_setting
from ipnft_desktop.ui.environment.view import EnvironmentView
from ipnft_desktop.ui.first_paint import FirstPaint
from ipnft_desktop.ui.garbage import WindowThreadCollector
from ipnft_desktop.ui.language import CatalogueMissing, Language, language, language_of
from ipnft_desktop.ui.main_window import MainWindow
from ipnft_desktop.ui.tasks import PageTasks
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.error_words import error_line
from ipnft_desktop.ui.widgets.page import Page
from ipnft_desktop.ui.widgets.phrases import say
from ipnft_desktop.ui.widgets.status_strip import StatusSegment

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from ipnft_desktop.bootstrap.core import Core
    from ipnft_desktop.bootstrap.pages import Pages
    from ipnft_desktop.ui.loop_overlay import LoopOverlay

FRAME_FILE = "window-frame.bin"
_CHANGE = "change of pages"

log = logging.getLogger("ipnft")


class Program(QObject):
    """The whole program: a window that stays, and in it pages over a core, both of which can be changed."""

    def __init__(self, app: QApplication, profile: Path, settings: Settings) -> None:
        super().__init__()
        self._collector = WindowThreadCollector(self)
        language().install(app, language_of(settings.language))
        theme().install(app, dark=settings.theme == "dark")
        self._profile = profile
        self._settings = settings
        self.window = MainWindow()
        self._first_view = EnvironmentView()
        self.core: Core | None = None
        self._pages: Pages | None = None
        self._overlay: LoopOverlay | None = None
        self.painted = asyncio.Event()
        self.closed = asyncio.Event()
        ground = self.window.centralWidget()
        assert ground is not None
        self._first_paint = FirstPaint(ground)
        self._start_wanted = settings.autostart
        self._language_wanted: Language | None = None
        self._may_pages_go = False
        self._is_closing = False
        self._tasks = PageTasks(partial(tell_unexpected, self.window.toasts))
        self._lay_out()

    @property
    def pages(self) -> Pages:
        """The pages in the window. `RuntimeError` before the first frame is painted and their libraries are loaded."""
        if self._pages is None:
            raise RuntimeError("no pages yet")
        return self._pages

    async def show(self) -> None:
        """Bring the window on screen with its first page, then build the others; returns once all are there."""
        self._first_paint.painted.connect(self.painted.set)
        self.window.show()
        await self.painted.wait()
        log.info("window.painted")
        await asyncio.to_thread(_load_pages)
        self._pages = self._new_pages(self._first_view)
        self._pages.start_wanted = self._start_wanted
        for built in self._pages.build():
            if built is not None:
                self.window.fill_page(*built).deleteLater()
            await breathe()
        if self._settings.loop_overlay:
            self._show_overlay(True)
        self._let_pages_go(True)

    async def join(self, core: Core) -> None:
        """Give the pages their services; call it after `show`."""
        while self._tasks.is_running(_CHANGE):  # a language chosen by now, and another one meanwhile
            await self._tasks.wait(_CHANGE)
        self._let_pages_go(False)
        self._collector.keep_what_is_loaded()
        await self._use_core(core)
        # At the first start the libraries that are loaded at first use come too: a full collection then takes 6 ms,
        # not 30.
        self.pages.events.environment_changed.connect(
            self._collector.keep_what_is_loaded, type=Qt.ConnectionType.SingleShotConnection
        )
        self._let_pages_go(True)

    def use_language(self, wanted: Language) -> None:
        """Say everything in another language from now on, or why that has to wait; while pages are on their way, as
        soon as they are all there."""
        if not self._may_pages_go:
            self._language_wanted = wanted
        elif self._speak(wanted):
            self._keep_setting("language", wanted.value)

    def _let_pages_go(self, may_go: bool) -> None:
        """Whether the pages are whole, so that others may come in their places."""
        self._may_pages_go = may_go
        if may_go and self._language_wanted is not None and not self._is_closing:
            wanted, self._language_wanted = self._language_wanted, None
            self.use_language(wanted)

    def _change(self, work: Coroutine[Any, Any, object]) -> None:
        """Change the pages, one change after the other."""
        self._let_pages_go(False)
        self._tasks.start(self._until_changed(work), _CHANGE)

    async def _until_changed(self, work: Coroutine[Any, Any, object]) -> None:
        try:
            await work
        finally:
            self._let_pages_go(True)

    def apply_settings(self) -> None:
        """Build the core anew from the settings that are kept, or say why that has to wait."""
        if self._may_pages_go and not self._is_hindered():
            self._change(self._apply_settings())

    def _speak(self, wanted: Language) -> bool:
        """Switch the language; answers whether it could be."""
        if wanted is language().current or not self._may_pages_go or self._is_hindered():
            return False
        try:
            language().set(wanted)
        except CatalogueMissing as error:
            self.window.toasts.show_toast(self.tr("The translation {0} is missing.").format(error), Tone.ERROR)
            return False
        self._change(self.rebuild())
        return True

    def _is_hindered(self) -> bool:
        """Whether the pages may not go now, which is said."""
        obstacle = self.pages.obstacle
        if obstacle:
            self.window.toasts.show_toast(obstacle, Tone.WARN)
        return bool(obstacle)

    async def _apply_settings(self) -> None:
        if self.core is not None:
            await self.core.setting_desk.settle()
        await self._change_to(self._settings.workspace)

    async def _change_to(self, workspace_id: str) -> bool:
        """Go on with a core over this workspace and the settings that are kept; answers whether that could be."""
        former = self._settings
        try:
            kept = await asyncio.to_thread(load_settings, self._profile)
        except SettingRefused as error:
            self.window.toasts.show_toast(self.tr("A setting cannot be used: {0}").format(say(error.told)), Tone.ERROR)
            return False
        self._settings = dataclasses.replace(kept, workspace=workspace_id)
        try:
            await self.change_core(partial(_load_core, self._profile, self._settings))
        except Exception as error:  # its folder went away in this moment, a library cannot be loaded ...
            log.warning("core.not_changed", exc_info=error)
            self.window.toasts.show_toast(error_line(with_code(error)), Tone.ERROR)
            self._settings = former
            if self.core is None:
                await self._go_back()
            return False
        return self.core is not None

    async def _go_back(self) -> None:
        """Go on over what was open before; where that fails too, it can be tried again."""
        try:
            core = None if self._is_closing else await self.load_core()
        except Exception as error:
            log.exception("core.not_loaded")
            told = error_line(with_code(error))
            self.window.toasts.show_toast(told, Tone.ERROR, self.tr("Retry"), self._on_retry)
            return
        if core is not None:
            await self._join_unless_closing(core)

    def _on_retry(self) -> None:
        if self.core is None and self._may_pages_go:
            self._change(self._go_back())

    async def rebuild(self) -> None:
        """Make all pages anew over the same core, with the person where they were: what was said in another language
        is said in the one in force."""
        from ipnft_desktop.bootstrap.place import go_to, place_in

        before = self.pages
        place = place_in(before)
        self.window.toasts.clear()
        fresh, replaced = await self._replace_pages()
        if before.core is None:
            fresh.start_wanted = before.start_wanted
        await before.close()  # first: a shortcut that two pages hear is heard by none
        _delete(replaced)
        if self.core is not None:
            await in_pieces(fresh.join(self.core))
        go_to(place, fresh)

    def open_workspace(self, workspace_id: str) -> None:
        """Go on with another workspace, or say why that has to wait."""
        if self.core is not None and self._may_pages_go and not self._is_hindered():
            self._change(self._open_workspace(self.core, workspace_id))

    async def _open_workspace(self, core: Core, workspace_id: str) -> None:
        try:
            await core.workspaces.require_free(workspace_id)
        except IpnftError as error:
            self.window.toasts.show_toast(error_line(error), Tone.ERROR)
        else:
            if await self._change_to(workspace_id):
                self._keep_setting("workspace", workspace_id)

    async def load_core(self) -> Core:
        """The core over the workspace that the settings name, its libraries imported in a thread.

        Where that workspace is missing or cannot be used, the profile's own is opened instead, and a notice says so;
        the setting stays, for the folder may come back.
        """
        try:
            return await asyncio.to_thread(_load_core, self._profile, self._settings)
        except EnvironmentFault as fault:
            if fault.code is not ErrorCode.WORKSPACE_UNUSABLE or not self._settings.workspace:
                raise
            log.warning("workspace.unusable %s", fault)
            told = self.tr("The workspace of last time cannot be opened; this is the profile's own. {0}")
            self.window.toasts.show_toast(told.format(error_line(fault)), Tone.ERROR)
        self._settings = dataclasses.replace(self._settings, workspace=HOME)
        return await asyncio.to_thread(_load_core, self._profile, self._settings)

    async def change_core(self, build: Callable[[], Core]) -> None:
        """Close the core and go on with the one that `build` makes in a thread, started if this one was.

        Raises whatever `build` raises; the pages are then those of a program whose core is still on its way. Where the
        program is closing, there is no other core.
        """
        before, core = self.pages, self.core
        fresh, replaced = await self._replace_pages()
        fresh.start_wanted = before.start_wanted if core is None else _is_started(core)
        try:
            await before.close()
        finally:
            _delete(replaced)
            await self._close_core()
        if not self._is_closing:
            await self._join_unless_closing(await asyncio.to_thread(build))

    async def _close_core(self) -> None:
        """It stays ours as long as it is being closed."""
        try:
            if self.core is not None:
                await self.core.close()
        finally:
            self.core = None

    async def _join_unless_closing(self, core: Core) -> None:
        if self._is_closing:
            await core.close()
        else:
            await self._use_core(core)

    async def close(self) -> None:
        """End tasks, node and files, in this order. The window is gone already."""
        self._is_closing = True
        if self._overlay is not None:
            self._overlay.set_shown(False)
        await self._tasks.wait(_CHANGE)  # cancelled half-way, it would leave a core that nobody closes
        await self._tasks.close()
        if self._pages is not None:
            await self._pages.close()
        await self._close_core()
        self.window.deleteLater()
        self._collector.stop()

    def start_environment(self) -> None:
        """Start everything now, or as soon as the core is there."""
        if self._pages is None:
            self._start_wanted = True
        else:
            self._pages.start_environment()

    def _new_pages(self, environment_view: EnvironmentView) -> Pages:
        from ipnft_desktop.bootstrap.pages import Pages

        able = (self._keep_setting, self.apply_settings, self.open_workspace)
        return Pages(self.window, environment_view, self._settings, *able)

    async def _use_core(self, core: Core) -> None:
        self.core = core
        for name, apply in self._appliers().items():
            core.setting_desk.apply_with(name, partial(self._on_setting, name, apply))
        await in_pieces(self.pages.join(core))

    def _appliers(self) -> dict[str, Callable[[Any], object]]:
        """What puts the settings of the window in force at once."""
        return {
            "theme": lambda name: theme().set_dark(name == "dark"),
            "autostart": self._on_autostart,
            "loop_overlay": self._show_overlay,
            "language": self._on_language,  # last, for it begins what cannot be taken back at once
        }

    def _show_overlay(self, wanted: bool) -> None:
        if self._overlay is None:
            from ipnft_desktop.adapters.machine.computer import own_memory_bytes
            from ipnft_desktop.ui.loop_overlay import LoopOverlay

            self._overlay = LoopOverlay(self.window, own_memory_bytes)
        self._overlay.set_shown(wanted)

    def _on_overlay_toggled(self) -> None:
        wanted = not self._settings.loop_overlay
        self._show_overlay(wanted)
        self._keep_setting("loop_overlay", wanted)

    def _on_autostart(self, wanted: bool) -> None:
        self.pages.environment_view.set_autostart(wanted)

    def _on_language(self, name: str) -> None:
        """What is kept is spoken: raises ValidationFailed where it cannot be now, and why is said in a notice."""
        wanted = language_of(name)
        if wanted is not language().current and not self._speak(wanted):
            raise ValidationFailed((FieldProblem("language", ProblemKind.NOT_NOW),))

    def _on_setting(self, name: str, apply: Callable[[Any], object], value: SettingValue) -> None:
        apply(value)  # which may refuse it
        self._settings = dataclasses.replace(self._settings, **{name: value})

    async def _replace_pages(self) -> tuple[Pages, list[QWidget]]:
        """New pages in the places of the old, the one in view last, and the views that stood there."""
        view = EnvironmentView()
        fresh = self._new_pages(view)
        built: list[tuple[str, Page]] = [(ENVIRONMENT, view)]
        for piece in fresh.build():
            if piece is not None:
                built.append(piece)
            await breathe()
        while theme().is_dressing:  # on screen all of it would be dressed in one go
            await breathe()
        replaced: list[QWidget] = []
        for key, page in sorted(built, key=lambda page: page[0] == self.window.current_page):
            await breathe()
            replaced.append(self.window.fill_page(key, page))
        for key, title in rail.titles().items():
            self.window.rename_page(key, title)
        self.window.retranslate()
        self._show_languages()
        self._pages = fresh
        return fresh, replaced

    def _lay_out(self) -> None:
        window, titles = self.window, rail.titles()
        for key, icon in rail.ICONS.items():
            first = self._first_view if key == ENVIRONMENT else None
            at_bottom = key in rail.AT_THE_BOTTOM
            window.add_page(key, titles[key], icon, first, bottom=at_bottom, more_keys=rail.MORE_KEYS.get(key, ()))
        for segment in (StatusSegment.CHAIN, StatusSegment.BLOCK, StatusSegment.CONTENT, StatusSegment.DATABASE):
            window.link_segment(segment, ENVIRONMENT)
        window.link_segment(StatusSegment.QUEUE, ACTIVITY)
        window.show_page(ENVIRONMENT)
        self._show_languages()
        frame = self._profile / FRAME_FILE
        if frame.is_file():
            window.restore_frame(frame.read_bytes())
        window.geometry_saved.connect(self._keep_frame)
        window.theme_chosen.connect(self._on_theme_chosen)
        window.language_requested.connect(self._on_language_requested)
        window.overlay_toggled.connect(self._on_overlay_toggled)
        window.closing.connect(self.closed.set)
        self._first_view.start_requested.connect(self._on_early_start)

    def _show_languages(self) -> None:
        self.window.set_languages(tuple(known.own_name for known in Language), language().current.own_name)

    def _on_early_start(self) -> None:
        # Before there are pages a press is remembered here; afterwards they hear it themselves.
        if self._pages is None:
            self._start_wanted = True

    def _on_theme_chosen(self, dark: bool) -> None:
        self._keep_setting("theme", "dark" if dark else "light")

    def _on_language_requested(self, own_name: str) -> None:
        self.use_language(next(known for known in Language if known.own_name == own_name))

    def _keep_setting(self, name: str, value: SettingValue) -> None:
        self._settings = dataclasses.replace(self._settings, **{name: value})
        keeping = (
            self.core.setting_desk.keep(name, value)
            if self.core is not None
            else asyncio.to_thread(save_setting, self._profile, name, value)
        )
        self._tasks.start(keeping, "save setting")

    def _keep_frame(self, frame: bytes) -> None:
        # The window is closing: 100 bytes now are better than a task that may not run any more.
        # Where the profile cannot be used, there is nothing to remember the frame in.
        with suppress(OSError):
            self._profile.mkdir(parents=True, exist_ok=True)
            (self._profile / FRAME_FILE).write_bytes(frame)


async def run_window(app: QApplication, profile: Path, settings: Settings) -> int:
    """The program from the first pixel to the last file closed; returns the exit code."""
    try:
        open_log(profile)
    except OSError as problem:
        # The window comes up all the same: the first stage of the environment tells about a profile without use.
        log.warning("there is no log file: %s", problem)
    program = Program(app, profile, settings)
    try:
        await program.show()
        await program.join(await program.load_core())
        await program.closed.wait()
    finally:
        await program.close()
        close_log()
    return 0


def _delete(widgets: list[QWidget]) -> None:
    for widget in widgets:
        widget.deleteLater()


def _is_started(core: Core) -> bool:
    from ipnft_desktop.services.environment_state import EnvironmentPhase

    return core.environment.ready is not None or core.environment.state.phase is EnvironmentPhase.STARTING


def _load_pages() -> None:
    """Import what the pages and their presenters need: call in a thread, with the window on screen."""
    import_module("ipnft_desktop.bootstrap.pages")


def _load_core(profile: Path, settings: Settings) -> Core:
    """Database and chain libraries take about a second to import: call in a thread, with the window on screen."""
    from ipnft_desktop.bootstrap.core import build_core

    return build_core(profile, settings)
