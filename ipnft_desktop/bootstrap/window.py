"""The window at once, the core behind it as soon as its libraries are loaded, and an orderly end.

What the first frame does not show is imported where it is used, after the paint.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication

from ipnft_desktop.domain.chain import shown_url
from ipnft_desktop.program_log import close_log, open_log
from ipnft_desktop.settings import Settings, save_setting
from ipnft_desktop.ui.environment.view import EnvironmentView
from ipnft_desktop.ui.first_paint import FirstPaint
from ipnft_desktop.ui.garbage import WindowThreadCollector
from ipnft_desktop.ui.language import language, language_of
from ipnft_desktop.ui.main_window import MainWindow
from ipnft_desktop.ui.tasks import PageTasks
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.status_strip import StatusSegment

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from ipnft_desktop.bootstrap.core import Core
    from ipnft_desktop.bootstrap.publishing_parts import PublishingParts
    from ipnft_desktop.domain.assets import AssetRow
    from ipnft_desktop.domain.events import EnvironmentChanged, MintAdvanced, SessionChanged
    from ipnft_desktop.ui.environment.backups_presenter import BackupsPresenter
    from ipnft_desktop.ui.keys.presenter import KeyPresenter

REGISTER, GALLERY, ENVIRONMENT, ADMIN = "register", "gallery", "environment", "admin"
FRAME_FILE = "window-frame.bin"

log = logging.getLogger("ipnft")


class Program(QObject):
    """The whole program: a window whose pages wait for the core, then work with it."""

    def __init__(self, app: QApplication, profile: Path, settings: Settings) -> None:
        super().__init__()
        self._collector = WindowThreadCollector(self)
        theme().install(app, dark=settings.theme == "dark")
        language().install(app, language_of(settings.language))
        self._profile = profile
        self.window = MainWindow()
        self.environment_view = EnvironmentView()
        self.core: Core | None = None
        self.painted = asyncio.Event()
        self.closed = asyncio.Event()
        ground = self.window.centralWidget()
        assert ground is not None
        self._first_paint = FirstPaint(ground)
        self._start_wanted = settings.autostart
        self._columns = settings.register_columns.split()
        self._has_been_ready = False
        self._tasks = PageTasks(self._on_unexpected)
        self._lay_out()

    async def show(self) -> None:
        """Bring the window on screen with its first page, then build the others; returns once all are there."""
        self._first_paint.painted.connect(self.painted.set)
        self.window.show()
        await self.painted.wait()
        log.info("window.painted")
        await asyncio.to_thread(_load_pages)
        self._build_register()
        await asyncio.sleep(0)  # what the person does meanwhile comes between
        self._build_gallery()
        await asyncio.sleep(0)
        self._build_admin()

    def join(self, core: Core) -> None:
        """Give the pages their services; call it after `show`."""
        from ipnft_desktop.bootstrap.audit_in_window import AuditInWindow
        from ipnft_desktop.bootstrap.people_in_window import PeopleInWindow
        from ipnft_desktop.ui.alerts.presenter import AlertPresenter
        from ipnft_desktop.ui.app_events import AppEvents
        from ipnft_desktop.ui.environment.presenter import EnvironmentPresenter
        from ipnft_desktop.ui.gallery.presenter import GalleryPresenter
        from ipnft_desktop.ui.guards import guard_environment, guard_register
        from ipnft_desktop.ui.mint.presenter import MintPresenter
        from ipnft_desktop.ui.mint_notices import MintNotices
        from ipnft_desktop.ui.pictures import PictureStore
        from ipnft_desktop.ui.register.metadata_preview import MetadataPreviewPresenter
        from ipnft_desktop.ui.register.presenter import RegisterPresenter
        from ipnft_desktop.ui.sheets.export_presenter import ExportPresenter
        from ipnft_desktop.ui.sheets.import_presenter import ImportPresenter
        from ipnft_desktop.ui.status_feed import StatusFeed

        self._collector.keep_what_is_loaded()
        self.core = core
        self.events = AppEvents(self)
        self.events.attach(core.events)
        self.pictures = PictureStore(core.register.content_bytes)
        self.status = StatusFeed(
            self.window,
            core.desk,
            core.environment,
            self.events,
            core.session.user,
            node_name=urlsplit(shown_url(core.settings.rpc_url)).netloc or "Hardhat",
            database="PostgreSQL" if core.settings.database_url else "SQLite",
        )
        self.environment = EnvironmentPresenter(
            self.environment_view,
            core.environment,
            autostart=core.settings.autostart,
            on_autostart=lambda wanted: self._keep_setting("autostart", wanted),
        )
        self.register = RegisterPresenter(
            self.register_view, core.register, core.desk, core.deleted, core.saved_filters, self.events, self.pictures
        )
        self.imports = ImportPresenter(self.register_view, core.imports, lambda: self.register_view.can_import)
        self.exports = ExportPresenter(
            self.register_view,
            core.exports,
            lambda: (self.register_view.model.query, self.register_view.model.rowCount()),
        )
        self.gallery = GalleryPresenter(
            self.gallery_view, core.register, core.verification, core.publishing, self.events, self.pictures
        )
        self.mint = MintPresenter(
            core.desk, core.register, core.environment, self.pictures, label_of=core.address_book.label_of
        )
        self.metadata = MetadataPreviewPresenter(core.metadata, self.pictures)
        self.alerts = AlertPresenter(self.window, self.window.toasts, core.alerts, self.events)
        self.keys = self._build_keys(core)
        self.backups = self._build_backups(core)
        self.people = PeopleInWindow(self.window, self.admin_view, core, self.access, self.events)
        self.publishing = self._build_publishing(core)
        self.audit = AuditInWindow(
            self.admin_view,
            core,
            self.access,
            self.alerts,
            self.window.toasts,
            lambda: self.window.show_page(ADMIN),
        )
        self._notices = MintNotices(self.window.toasts, self._on_card_requested, self._on_gallery_requested)
        core.log_lines.append(self.environment.log)
        for panel in (self.register_view.panel, self.gallery_view.panel):
            panel.use_labels(core.address_book.label_of)
        guard_register(self.register_view, self.access)
        guard_environment(self.environment_view, self.access)
        self._connect()
        if self._start_wanted:
            self.environment.start()

    async def close(self) -> None:
        """End tasks, node and files, in this order. The window is gone already."""
        if self.core is not None:
            self.core.log_lines.remove(self.environment.log)
            pages = (self.mint, self.metadata, self.gallery, self.register, self.environment, self.publishing)
            parts = (self.imports, self.exports, *pages, self.alerts, self.keys, self.backups, self.people, self.audit)
            for part in parts:
                if part is not None:
                    await part.close()
            self._notices.close()
            self.events.detach()
            await self.core.close()
            await self.pictures.close()
        await self._tasks.close()
        self.window.deleteLater()
        self._collector.stop()

    def start_environment(self) -> None:
        """Start everything now, or as soon as the core is there."""
        if self.core is None:
            self._start_wanted = True
        else:
            self.environment.start()

    def _lay_out(self) -> None:
        window = self.window
        window.add_page(REGISTER, self.tr("Register"), Icon.LIST_TREE)
        window.add_page(GALLERY, self.tr("Gallery"), Icon.IMAGE)
        window.add_page(ENVIRONMENT, self.tr("Environment"), Icon.POWER, self.environment_view, bottom=True)
        window.add_page(ADMIN, self.tr("Admin"), Icon.SHIELD)
        for segment in (StatusSegment.CHAIN, StatusSegment.BLOCK, StatusSegment.CONTENT, StatusSegment.DATABASE):
            window.link_segment(segment, ENVIRONMENT)
        window.link_segment(StatusSegment.QUEUE, REGISTER)
        window.show_page(ENVIRONMENT)
        frame = self._profile / FRAME_FILE
        if frame.is_file():
            window.restore_frame(frame.read_bytes())
        window.geometry_saved.connect(self._keep_frame)
        window.theme_chosen.connect(self._on_theme_chosen)
        window.closing.connect(self.closed.set)
        # A press before the core is there is remembered; afterwards the presenter hears it itself.
        self.environment_view.start_requested.connect(self._on_early_start)

    def _build_register(self) -> None:
        from ipnft_desktop.ui.register.view import RegisterView

        self.register_view = RegisterView()
        self.register_view.environment_requested.connect(self._on_environment_requested)
        self.register_view.table.choose_columns(self._columns)
        self.register_view.table.columns_chosen.connect(self._on_columns_chosen)
        self.window.fill_page(REGISTER, self.register_view)

    def _build_gallery(self) -> None:
        from ipnft_desktop.ui.gallery.view import GalleryView

        self.gallery_view = GalleryView()
        self.gallery_view.environment_requested.connect(self._on_environment_requested)
        self.window.fill_page(GALLERY, self.gallery_view)

    def _build_admin(self) -> None:
        from ipnft_desktop.ui.access import Access
        from ipnft_desktop.ui.admin.view import AdminView

        self.access = Access(self)
        self.admin_view = AdminView()
        self.admin_view.environment_requested.connect(self._on_environment_requested)
        self.window.fill_page(ADMIN, self.admin_view)

    def _connect(self) -> None:
        self.events.environment_changed.connect(self._on_environment_changed)
        self.events.session_changed.connect(self._on_session_changed)
        for page in (self.register_view, self.gallery_view):
            page.sign_in_requested.connect(self.people.sign_in.ask_who)
        # By now the libraries that are loaded at first use are here too: a full collection then takes 6 ms, not 30.
        self.events.environment_changed.connect(
            self._collector.keep_what_is_loaded, type=Qt.ConnectionType.SingleShotConnection
        )
        self.register.mint_requested.connect(self._on_mint_requested)
        self.register.watch_requested.connect(self._on_watch_requested)
        self.register.open_card_requested.connect(self._on_card_requested)
        self.register.notice.connect(self.window.toasts.show_toast)
        self.register_view.import_requested.connect(self.imports.ask_for_file)
        self.register_view.export_requested.connect(self.exports.open)
        self.imports.notice.connect(self.window.toasts.show_toast)
        self.exports.notice.connect(self.window.toasts.show_toast)
        self.register.undo_offered.connect(self._on_undo_offered)
        self.register.metadata_requested.connect(self._on_metadata_requested)
        self.mint.metadata_requested.connect(self.metadata.open_for)
        self.metadata.notice.connect(self.window.toasts.show_toast)
        self.gallery.notice.connect(self.window.toasts.show_toast)
        self.gallery_view.register_requested.connect(lambda: self.window.show_page(REGISTER))
        self.mint.card_requested.connect(self._on_card_requested)
        self.events.mint_advanced.connect(self._on_mint_advanced)
        self.window.page_changed.connect(self._on_page_changed)
        self.events.writing_frozen.connect(self.environment.freeze)
        self.alerts.open_count_changed.connect(self.status.show_open_alerts)
        self.alerts.mint_requested.connect(self._on_watch_requested)
        self.window.link_segment(StatusSegment.ALERTS, self.alerts.open)

    def _build_keys(self, core: Core) -> KeyPresenter | None:
        from ipnft_desktop.ui.guards import guard_key
        from ipnft_desktop.ui.keys.key_card import KeyCard
        from ipnft_desktop.ui.keys.presenter import KeyPresenter

        if core.keystores is None:
            return None
        card = KeyCard()
        self.environment_view.add_card(card)
        guard_key(card, self.access)
        keys = KeyPresenter(
            card,
            core.adapters.signer,
            core.keystores,
            core.custody,
            lambda file: self._keep_setting("keystore", str(file) if file else ""),
        )
        keys.notice.connect(self.window.toasts.show_toast)
        self.mint.unlock_requested.connect(keys.ask_to_unlock)
        keys.activate()
        return keys

    def _build_backups(self, core: Core) -> BackupsPresenter | None:
        from ipnft_desktop.ui.environment.backups_presenter import BackupsPresenter

        if core.backups is None:
            self.environment_view.backups_card.hide()
            return None
        backups = BackupsPresenter(self.environment_view, core.backups, self.environment.start)
        backups.notice.connect(self.window.toasts.show_toast)
        self.events.backup_made.connect(backups.activate)
        core.backups.start()
        backups.activate()
        return backups

    def _build_publishing(self, core: Core) -> PublishingParts:
        from ipnft_desktop.bootstrap.publishing_parts import PublishingParts

        return PublishingParts(
            core.publishing,
            self.environment_view,
            self.gallery_view.panel,
            self.status,
            self.events,
            self.access,
            self._keep_setting,
            self.window.toasts.show_toast,
        )

    def _on_environment_changed(self, event: EnvironmentChanged) -> None:
        self.environment.follow(event)
        if event.is_ready:
            self._has_been_ready = True
            self._show_register()
        elif event.node_lost:
            self._on_node_lost()

    def _on_session_changed(self, event: SessionChanged) -> None:
        if event.user is None:
            self.pictures.clear()
            self.window.toasts.clear()
        if self._has_been_ready:
            self._show_register()
        elif self.backups is not None:  # they can be brought back where nothing else starts
            self.backups.activate()

    def _show_register(self) -> None:
        """What the register holds is for whoever is signed in, and goes at once when they leave."""
        assert self.core is not None
        for page in (self.register, self.gallery, self.alerts):
            if self.core.session.user is None:
                page.show_signed_out()
            else:
                page.reload()
        if self.backups is not None:
            self.backups.activate()
        self.publishing.activate()

    def _on_node_lost(self) -> None:
        self.window.toasts.show_toast(
            self.tr("The chain node ended. Start everything restores it."),
            Tone.ERROR,
            self.tr("Start"),
            self._on_environment_requested,
        )

    def _on_metadata_requested(self, asset_ids: tuple[UUID, ...]) -> None:
        self.metadata.open_for(asset_ids, self.window)

    def _on_undo_offered(self, text: str, undo: Callable[[], object]) -> None:
        self.window.toasts.show_toast(text, Tone.OK, self.tr("Undo"), undo)

    def _on_theme_chosen(self, dark: bool) -> None:
        self._keep_setting("theme", "dark" if dark else "light")

    def _on_columns_chosen(self, names: tuple[str, ...]) -> None:
        self._keep_setting("register_columns", " ".join(names))

    def _on_early_start(self) -> None:
        if self.core is None:
            self._start_wanted = True

    def _on_environment_requested(self) -> None:
        self.window.show_page(ENVIRONMENT)
        self.start_environment()

    def _on_page_changed(self, key: str) -> None:
        if self.core is not None and self.core.environment.ready is not None:
            if key == REGISTER:
                self.register.activate()
            elif key == GALLERY:
                self.gallery.activate()

    def _on_mint_requested(self, rows: tuple[AssetRow, ...]) -> None:
        self.mint.open_for(rows, self.window)

    def _on_watch_requested(self, asset_id: UUID) -> None:
        self._tasks.start(self._open_mint_of(asset_id), "watch mint")

    async def _open_mint_of(self, asset_id: UUID) -> None:
        assert self.core is not None
        row = await self.core.register.row(asset_id)
        if self.core.session.user is not None:
            self.mint.open_for((row,), self.window)

    def _on_card_requested(self, asset_id: UUID) -> None:
        self.window.show_page(GALLERY)
        self.gallery.show_card(asset_id)

    def _on_gallery_requested(self) -> None:
        self.window.show_page(GALLERY)

    def _on_mint_advanced(self, event: MintAdvanced) -> None:
        """Say how a mint ended that nobody watches."""
        if not self.mint.dialogs:
            self._notices.add(event.progress)

    def _keep_setting(self, name: str, value: str | bool) -> None:
        self._tasks.start(asyncio.to_thread(save_setting, self._profile, name, value), "save setting")

    def _keep_frame(self, frame: bytes) -> None:
        # The window is closing: 100 bytes now are better than a task that may not run any more.
        # Where the profile cannot be used, there is nothing to remember the frame in.
        with suppress(OSError):
            self._profile.mkdir(parents=True, exist_ok=True)
            (self._profile / FRAME_FILE).write_bytes(frame)

    def _on_unexpected(self, error: Exception) -> None:
        log.error("unexpected %s", type(error).__name__, exc_info=error)
        self.window.toasts.show_toast(str(error), Tone.ERROR)


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
        program.join(await asyncio.to_thread(_load_core, profile, settings))
        await program.closed.wait()
    finally:
        await program.close()
        close_log()
    return 0


def _load_pages() -> None:
    """Import what the pages and their presenters need: call in a thread, with the window on screen."""
    for module in ("alerts", "environment", "gallery", "keys", "mint", "register", "sign_in"):
        import_module(f"ipnft_desktop.ui.{module}.presenter")
    for module in ("import_presenter", "export_presenter"):
        import_module(f"ipnft_desktop.ui.sheets.{module}")
    import_module("ipnft_desktop.bootstrap.publishing_parts")


def _load_core(profile: Path, settings: Settings) -> Core:
    """Database and chain libraries take about a second to import: call in a thread, with the window on screen."""
    from ipnft_desktop.bootstrap.core import build_core

    return build_core(profile, settings)
