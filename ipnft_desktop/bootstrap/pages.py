"""All pages and what drives them, in one language and over one core; made anew when either changes.

Its imports take a moment: it is loaded in a thread, with the window on screen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from ipnft_desktop.bootstrap.audit_in_window import AuditInWindow
from ipnft_desktop.bootstrap.batch_in_window import BatchInWindow
from ipnft_desktop.bootstrap.chain_tabs_in_window import ChainTabs
from ipnft_desktop.bootstrap.chain_work_in_window import ChainWorkInWindow
from ipnft_desktop.bootstrap.comparing_in_window import ComparingInWindow
from ipnft_desktop.bootstrap.core import Core
from ipnft_desktop.bootstrap.evidence_in_window import EvidenceInWindow
from ipnft_desktop.bootstrap.figures_in_window import add_figures_tab, figures_presenter
from ipnft_desktop.bootstrap.gas_in_window import GasInWindow
from ipnft_desktop.bootstrap.inspector_in_window import InspectorInWindow
from ipnft_desktop.bootstrap.obstacles import open_input, work_under_way
from ipnft_desktop.bootstrap.page_keys import (
    ACTIVITY,
    ADMIN,
    BATCH,
    CHAIN,
    ENVIRONMENT,
    GALLERY,
    GAS,
    REGISTER,
    SETTINGS,
    STAGE,
)
from ipnft_desktop.bootstrap.page_ways import PageWays
from ipnft_desktop.bootstrap.people_in_window import PeopleInWindow, PeopleTabs
from ipnft_desktop.bootstrap.publishing_parts import PublishingParts
from ipnft_desktop.bootstrap.stage_in_window import StageInWindow
from ipnft_desktop.bootstrap.unexpected import tell_unexpected
from ipnft_desktop.bootstrap.upkeep_in_window import backups_presenter, keys_presenter
from ipnft_desktop.bootstrap.workspaces_in_window import WorkspacesInWindow
from ipnft_desktop.domain.chain import shown_url
from ipnft_desktop.domain.events import EnvironmentChanged, MintAdvanced, SessionChanged
from ipnft_desktop.program_log import LOG_FILE
from ipnft_desktop.settings import Settings, SettingValue
from ipnft_desktop.ui.access import Access
from ipnft_desktop.ui.activity.presenter import ActivityPresenter
from ipnft_desktop.ui.activity.view import ActivityView
from ipnft_desktop.ui.admin.audit_view import AuditView
from ipnft_desktop.ui.admin.findings_tab import FindingsTab
from ipnft_desktop.ui.admin.view import AdminView
from ipnft_desktop.ui.alerts.presenter import AlertPresenter
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.batch.view import BatchView
from ipnft_desktop.ui.doctor.presenter import DoctorPresenter
from ipnft_desktop.ui.environment.backups_presenter import BackupsPresenter
from ipnft_desktop.ui.environment.presenter import EnvironmentPresenter
from ipnft_desktop.ui.environment.view import EnvironmentView
from ipnft_desktop.ui.gallery.presenter import GalleryPresenter
from ipnft_desktop.ui.gallery.view import GalleryView
from ipnft_desktop.ui.gas.view import GasView
from ipnft_desktop.ui.guards import guard_activity, guard_environment, guard_register
from ipnft_desktop.ui.inspector.view import ChainView
from ipnft_desktop.ui.main_window import MainWindow
from ipnft_desktop.ui.mint.presenter import MintPresenter
from ipnft_desktop.ui.mint_notices import MintNotices
from ipnft_desktop.ui.pictures import PictureStore
from ipnft_desktop.ui.register.metadata_preview import MetadataPreviewPresenter
from ipnft_desktop.ui.register.presenter import RegisterPresenter
from ipnft_desktop.ui.register.view import RegisterView
from ipnft_desktop.ui.settings.presenter import SettingsPresenter
from ipnft_desktop.ui.settings.view import SettingsView
from ipnft_desktop.ui.sheets.export_presenter import ExportPresenter
from ipnft_desktop.ui.sheets.import_presenter import ImportPresenter
from ipnft_desktop.ui.stage.view import StageView
from ipnft_desktop.ui.status_feed import StatusFeed
from ipnft_desktop.ui.tasks import Closable, close_all
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.page import Page
from ipnft_desktop.ui.widgets.status_strip import StatusSegment

KeepSetting = Callable[[str, SettingValue], object]
"""Keeps a setting by its name for the next start."""


class Pages(QObject):
    """Make it, `build` the views and put them into the window, then `join` a core.

    A core may have been running for long: what holds of it is caught up with. A press on Start before there is a core
    is remembered.
    """

    def __init__(
        self,
        window: MainWindow,
        environment_view: EnvironmentView,
        settings: Settings,
        keep_setting: KeepSetting,
        apply_settings: Callable[[], object],
        open_workspace: Callable[[str], object],
    ) -> None:
        """`settings` are those of the window just now, which may have moved on from those the core was built with;
        `apply_settings` builds everything anew with those that are kept, `open_workspace` over the workspace of an
        id."""
        super().__init__()
        self.window = window
        self.environment_view = environment_view
        self.core: Core | None = None
        self.start_wanted = False
        self._settings = settings
        self._keep_setting = keep_setting
        self._apply_settings = apply_settings
        self._open_workspace = open_workspace
        self.backups: BackupsPresenter | None = None
        self._has_been_ready = False
        self._tell_unexpected = partial(tell_unexpected, window.toasts)
        environment_view.start_requested.connect(self._on_start_requested)

    def build(self) -> Iterator[tuple[str, Page] | None]:
        """Make the other views, each with its key when it is asked for, in pieces: between two the loop can breathe."""
        ground = self.window.page_ground
        self.register_view = RegisterView(ground, whole=False)
        yield None
        self.register_view.complete()
        self.register_view.table.choose_columns(self._settings.register_columns.split())
        self.register_view.table.columns_chosen.connect(self._on_columns_chosen)
        yield REGISTER, self.register_view
        self.activity_view = ActivityView(parent=ground, whole=False)
        yield None
        self.activity_view.complete()
        yield ACTIVITY, self.activity_view
        self.gallery_view = GalleryView(ground, whole=False)
        yield None
        self.gallery_view.complete()
        yield GALLERY, self.gallery_view
        self.batch_view = BatchView(ground, whole=False)
        yield None
        self.batch_view.complete()
        yield BATCH, self.batch_view
        self.gas_view = GasView(ground, whole=False)
        yield None
        yield from self.gas_view.pieces()
        yield GAS, self.gas_view
        self.figures_tab = yield from add_figures_tab(self.gas_view)
        self.chain_view = ChainView(ground, whole=False)
        yield None
        yield from self.chain_view.pieces()
        yield CHAIN, self.chain_view
        self._chain_tabs = yield from ChainTabs.add_to(self.chain_view)
        self.stage_view = StageView(ground)
        yield STAGE, self.stage_view
        self.access = Access(self)
        self.admin_view = AdminView(ground)
        yield ADMIN, self.admin_view
        self._people_tabs = yield from PeopleTabs.add_to(self.admin_view, self.access)
        self._audit_tab = AuditView(self.admin_view.tab_ground)
        yield None
        self._findings_tab = FindingsTab(self.access, self.admin_view.tab_ground)
        yield None
        self.settings_view = SettingsView(ground)
        yield SETTINGS, self.settings_view
        listing = (self.register_view, self.activity_view, self.gallery_view, self.batch_view)
        for page in (*listing, self.figures_tab, self.chain_view, self.stage_view, self.admin_view):
            page.environment_requested.connect(self._on_environment_requested)

    def join(self, core: Core) -> Iterator[None]:
        """Give the views their services, in pieces as in `build`; call it once, after `build`. The pages are joined,
        and `core` is known, when all pieces are done."""
        self.events = AppEvents(self)
        self.pictures = PictureStore(core.register.content_bytes)
        yield from self._build_presenters(core)
        keep = self._keep_setting
        self.keys = keys_presenter(self.environment_view, core, self.access, self.mint, self.window.toasts, keep)
        yield
        self.backups = backups_presenter(
            self.environment_view, core, self.events, self.window.toasts, self.environment.start
        )
        yield
        self.people = PeopleInWindow(self.window, self.admin_view, core, self.access, self.events, self._people_tabs)
        yield
        self.gas = GasInWindow(self.gas_view, core, self.access, self.events, self.window.toasts)
        self.figures = figures_presenter(self.figures_tab, core, self.events, self.window.toasts)
        yield
        self.chain = InspectorInWindow(self.chain_view, self._chain_tabs, core, self.access, self.events, self.window)
        yield
        toasts = self.window.toasts
        self.stage = StageInWindow(
            self.stage_view, core, self.access, self.events, toasts, self.pictures, self._open_folder
        )
        yield
        self.publishing = self._build_publishing(core)
        yield
        self.evidence = EvidenceInWindow(self.gallery_view, core, self.access, toasts, self._open_folder)
        yield
        self.chain_work = ChainWorkInWindow(
            core,
            self.environment_view,
            self.register_view,
            self.gallery_view.panel,
            self.events,
            self.access,
            self.window.toasts,
        )
        yield
        self.audit = AuditInWindow(
            self.admin_view,
            core,
            self.access,
            self.alerts,
            self.window.toasts,
            lambda: self.window.show_page(ADMIN),
            self._audit_tab,
        )
        yield
        self.comparing = ComparingInWindow(
            self.admin_view,
            self.gallery_view,
            self.register_view,
            core,
            self.alerts,
            self.window.toasts,
            lambda: self.window.show_page(ADMIN),
            self._findings_tab,
        )
        yield
        self.settings = self._build_settings(core)
        yield
        self.workspaces = WorkspacesInWindow(
            self.window,
            self.environment_view,
            core,
            self.access,
            self.events,
            self.environment.start,
            self._open_workspace,
        )
        yield
        self._ways = PageWays(self, self._tell_unexpected)
        self._notices = MintNotices(self.window.toasts, self._ways.card, self._ways.gallery, self._ways.failed)
        for panel in (self.register_view.panel, self.gallery_view.panel, self.activity_view.panel):
            panel.use_labels(core.address_book.label_of)
        guard_register(self.register_view, self.access)
        guard_activity(self.activity_view, self.access)
        guard_environment(self.environment_view, self.access)
        yield
        self.core = core
        self._connect()
        self.events.attach(core.events)
        self.events.catch_up(core.events)
        if self.start_wanted:
            self.environment.start()

    def start_environment(self) -> None:
        """Start everything now, or as soon as there is a core."""
        if self.core is None:
            self.start_wanted = True
        else:
            self.environment.start()

    @property
    def obstacle(self) -> str:
        """What has to end before the pages may go, in one sentence, or nothing."""
        return open_input(self.window) or ("" if self.core is None else work_under_way(self))

    async def close(self) -> None:
        """End what is under way; views and core are left to their owners."""
        if self.core is not None:
            self.events.detach()
            await close_all([part for part in self._parts if part is not None], self._tell_unexpected)
            self._notices.close()
            await self._ways.close()
            for lasting in (self.status, self.alerts, self.doctor, self.people, self.people.sign_in, self.mint):
                lasting.deleteLater()  # they belong to the window, which stays
            await self.pictures.close()
        self.deleteLater()

    @property
    def _parts(self) -> list[Closable | None]:
        """What may have something under way, in the order in which it ends."""
        pages = [self.mint, self.metadata, self.gallery, self.register, self.activity, self.batch, self.chain]
        upkeep = [self.stage, self.environment, self.chain_work, self.publishing, self.evidence, self.alerts, self.keys]
        people = [self.backups, self.people, self.gas, self.figures, self.audit, self.comparing, self.settings]
        return [self.imports, self.exports, *pages, *upkeep, *people, self.doctor, self.workspaces]

    def _build_presenters(self, core: Core) -> Iterator[None]:
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
            core.runner,
            core.recent_log,
            autostart=self._settings.autostart,
            on_autostart=lambda wanted: self._keep_setting("autostart", wanted),
        )
        yield
        self.register = RegisterPresenter(
            self.register_view, core.register, core.desk, core.deleted, core.saved_filters, self.events, self.pictures
        )
        yield
        self.imports = ImportPresenter(self.register_view, core.imports, lambda: self.register_view.can_import)
        self.exports = ExportPresenter(
            self.register_view,
            core.exports,
            lambda: (self.register_view.model.query, self.register_view.model.rowCount()),
        )
        yield
        self.activity = ActivityPresenter(
            self.activity_view, core.activity, core.desk, core.activity_exports, self.events
        )
        yield
        self.gallery = GalleryPresenter(
            self.gallery_view, core.register, core.verification, core.publishing, self.events, self.pictures
        )
        yield
        self.batch = BatchInWindow(self.batch_view, core, self.access, self.events)
        yield
        self.mint = MintPresenter(
            core.desk, core.automatic, core.register, core.runner, self.pictures, label_of=core.address_book.label_of
        )
        self.metadata = MetadataPreviewPresenter(core.metadata, self.pictures)
        yield
        self.doctor = DoctorPresenter(self.window, core.doctor, self.access, self._open_folder)
        self.alerts = AlertPresenter(self.window, self.window.toasts, core.alerts, self.events)
        yield

    def _connect(self) -> None:
        self.events.environment_changed.connect(self._on_environment_changed)
        self.events.session_changed.connect(self._on_session_changed)
        self.environment_view.doctor_requested.connect(self.doctor.open)
        self.environment_view.log_card.folder_wanted.connect(self._on_log_folder_wanted)
        sheets, pages = (self.imports, self.exports), (self.register, self.activity, self.gallery, self.batch.page)
        for part in (*pages, *sheets, self.metadata, self.doctor, self.mint):
            part.notice.connect(self.window.toasts.show_toast)
        listing = (self.register_view, self.activity_view, self.gallery_view, self.batch_view)
        for page in (*listing, self.gas_view, self.chain_view, self.stage_view):
            page.sign_in_requested.connect(self.people.sign_in.ask_who)
        self._ways.connect_all()
        self.batch.page.start_requested.connect(self._on_environment_requested)
        self.register_view.import_requested.connect(self.imports.ask_for_file)
        self.register_view.export_requested.connect(self.exports.open)
        for part in (self.register, self.mint):
            part.undo_offered.connect(self._on_undo_offered)
        self.events.mint_advanced.connect(self._on_mint_advanced)
        self.window.page_changed.connect(self._on_page_changed)
        self.alerts.open_count_changed.connect(self.status.show_open_alerts)
        self.window.link_segment(StatusSegment.ALERTS, self.alerts.open)

    def _build_publishing(self, core: Core) -> PublishingParts:
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

    def _build_settings(self, core: Core) -> SettingsPresenter:
        settings = SettingsPresenter(self.settings_view, core.setting_desk, core.settings, self.access)
        settings.notice.connect(self.window.toasts.show_toast)
        settings.undo_offered.connect(self._on_undo_offered)
        settings.restart_wanted.connect(self._apply_settings)
        settings.folder_wanted.connect(self._on_folder_wanted)
        self.settings_view.sign_in_requested.connect(self.people.sign_in.ask_who)
        return settings

    def _on_environment_changed(self, event: EnvironmentChanged) -> None:
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
        for page in (self.register, self.activity, self.gallery, self.batch, self.figures, self.chain, self.alerts):
            if self.core.session.user is None:
                page.show_signed_out()
            else:
                page.reload()
        if self.backups is not None:
            self.backups.activate()
        self.publishing.activate()

    def _on_folder_wanted(self) -> None:
        assert self.core is not None
        self._open_folder(self.core.profile)

    def _on_log_folder_wanted(self) -> None:
        assert self.core is not None
        self._open_folder((self.core.profile / LOG_FILE).parent)

    def _open_folder(self, folder: Path) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            self.window.toasts.show_toast(self.tr("It is the folder {0}").format(folder))

    def _on_node_lost(self) -> None:
        self.window.toasts.show_toast(
            self.tr("The chain node ended. Start everything restores it."),
            Tone.ERROR,
            self.tr("Start"),
            self._on_environment_requested,
        )

    def _on_undo_offered(
        self, text: str, undo: Callable[[], object], on_gone: Callable[[], object] | None = None
    ) -> None:
        self.window.toasts.show_toast(text, Tone.OK, self.tr("Undo"), undo, on_gone=on_gone)

    def _on_columns_chosen(self, names: tuple[str, ...]) -> None:
        self._keep_setting("register_columns", " ".join(names))

    def _on_start_requested(self) -> None:
        if self.core is None:  # afterwards the page's presenter hears it itself
            self.start_wanted = True

    def _on_environment_requested(self) -> None:
        self.window.show_page(ENVIRONMENT)
        self.start_environment()

    def _on_page_changed(self, key: str) -> None:
        if key == ENVIRONMENT and self.backups is not None:  # others may have made or removed some
            self.backups.activate()
        if self.core is not None and self.core.environment.ready is not None:
            pages = {REGISTER: self.register, ACTIVITY: self.activity, GALLERY: self.gallery, BATCH: self.batch}
            if key in pages:
                pages[key].activate()

    def _on_mint_advanced(self, event: MintAdvanced) -> None:
        """Say how a mint ended that nobody watches."""
        if not self.mint.dialogs and not self.batch.page.follows(event):
            self._notices.add(event.progress)
