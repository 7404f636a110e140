"""Runs the Gallery page: lists the minted assets, opens a card, verifies it, exports it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal

from ipnft_desktop.domain.assets import Asset, AssetPage, AssetQuery, AssetRow, Attachment, PageAnchor
from ipnft_desktop.domain.chain import TokenFacts
from ipnft_desktop.domain.errors import IpnftError, with_code
from ipnft_desktop.domain.events import AssetChanged
from ipnft_desktop.domain.minting import AssetState
from ipnft_desktop.services.verified_facts import VerifiedFact
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.gallery.view import GalleryView
from ipnft_desktop.ui.models.asset_pages import PAGE_ROWS
from ipnft_desktop.ui.pictures import PictureStore
from ipnft_desktop.ui.tasks import PageTasks
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.file_dialogs import ask_where_to_save
from ipnft_desktop.ui.widgets.measures import size_text

_PAGES = "gallery pages"
_RELOAD_PAUSE_MS = 300
"""New cards that arrive together are laid out together."""


class Register(Protocol):
    """What the page needs of `services.register.RegisterService`."""

    async def page(self, query: AssetQuery, after: PageAnchor | None = None, limit: int = PAGE_ROWS) -> AssetPage: ...
    async def count(self, query: AssetQuery) -> int: ...
    async def asset(self, asset_id: UUID) -> Asset: ...
    async def export_content(self, cid: str, target: Path) -> None: ...
    async def export_file(self, file: Attachment, target: Path) -> None: ...


class Verification(Protocol):
    """What the page needs of `services.verification.VerificationService`."""

    async def token(self, asset_id: UUID) -> TokenFacts | None: ...
    async def verify(self, asset_id: UUID) -> tuple[VerifiedFact, ...]: ...


class Archives(Protocol):
    """What the page needs of `services.publishing.Publishing`."""

    async def export_car(self, asset_id: UUID | None, target: Path) -> int: ...


class GalleryPresenter(QObject):
    """`notice` is a short message with its `Tone`; `verified` carries the facts of the card shown."""

    notice = Signal(str, object)
    verified = Signal(object)

    def __init__(
        self,
        view: GalleryView,
        register: Register,
        verification: Verification,
        archives: Archives,
        events: AppEvents,
        pictures: PictureStore,
    ) -> None:
        super().__init__(view)
        self._view = view
        self._register = register
        self._verification = verification
        self._archives = archives
        self._tasks = PageTasks(self._on_unexpected)
        self._list_turn = 0
        self._card_turn = 0
        self._is_listed = False
        self._is_stale = False
        self._is_signed_out = False
        self._is_closed = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_RELOAD_PAUSE_MS)
        self._pause.timeout.connect(self.reload)
        view.use_store(pictures)
        events.asset_changed.connect(self._on_changed)
        self._connect(view)

    def activate(self) -> None:
        """The page comes into view, or the environment stands: list what is not listed yet."""
        if not self._is_signed_out and (not self._is_listed or self._is_stale):
            self.reload()

    def reload(self) -> None:
        """List the minted assets anew, for whoever is signed in now."""
        if not self._is_closed:
            self._is_signed_out = False
            self._list_turn += 1
            self._run(lambda turn=self._list_turn: self._list(turn), self._view.show_list_error)

    def show_signed_out(self) -> None:
        """Nobody is signed in: everything of the register goes at once, and nothing is asked for until `reload`."""
        self._is_signed_out = True
        self._is_listed = False
        self._pause.stop()
        self._list_turn += 1
        self._card_turn += 1
        self._view.show_signed_out()

    def show_card(self, asset_id: UUID) -> None:
        """Open a card and verify it."""
        if self._is_closed or self._is_signed_out:
            return
        self.activate()
        self._card_turn += 1
        self._view.grid.select(asset_id, alone=True)
        self._run(lambda turn=self._card_turn: self._open(asset_id, turn), self._view.panel.show_error)

    async def close(self) -> None:
        """Stop everything under way."""
        self._is_closed = True
        self._pause.stop()
        await self._tasks.close()

    async def _list(self, turn: int) -> None:
        query = self._view.query
        count = await self._register.count(query)
        first = await self._register.page(query, None, PAGE_ROWS)
        if turn != self._list_turn:
            return
        self._is_listed, self._is_stale = True, False
        self._view.show_list(query, count, first)

    async def _load_pages(self) -> None:
        model = self._view.model
        while (request := model.next_request()) is not None:
            model.accept(request, await self._register.page(request.query, request.after, request.limit))

    async def _open(self, asset_id: UUID, turn: int) -> None:
        asset = await self._register.asset(asset_id)
        if turn != self._card_turn:
            return
        self._view.panel.show_asset(asset)
        self._view.grid.select(asset_id)
        await self._verify(asset_id, turn)

    async def _verify(self, asset_id: UUID, turn: int) -> None:
        self._view.panel.show_verifying()
        verified = await self._verification.verify(asset_id)
        token = await self._verification.token(asset_id)
        if turn == self._card_turn:
            self._view.panel.show_verified(verified, token, datetime.now(UTC))
            self.verified.emit(verified)

    async def _export_car(self, asset_id: UUID, target: Path) -> None:
        size_bytes = await self._archives.export_car(asset_id, target)
        self.notice.emit(self.tr("{0} saved, {1}").format(target.name, size_text(size_bytes)), Tone.OK)

    async def _export_metadata(self, cid: str, target: Path) -> None:
        await self._register.export_content(cid, target)
        self.notice.emit(self.tr("{0} saved").format(target.name), Tone.OK)

    async def _export_file(self, file: Attachment, target: Path) -> None:
        await self._register.export_file(file, target)
        self.notice.emit(self.tr("{0} saved").format(target.name), Tone.OK)

    def _run(
        self,
        work: Callable[[], Coroutine[Any, Any, None]],
        on_error: Callable[[IpnftError], None],
        name: str = "gallery",
    ) -> None:
        async def guarded() -> None:
            try:
                await work()
            except IpnftError as error:
                if not self._is_signed_out:
                    on_error(error)

        if not self._is_closed and not self._is_signed_out:
            self._tasks.start(guarded(), name)

    def _save(self, file_name: str, save: Callable[[Path], Awaitable[None]]) -> None:
        async def kept(target: Path) -> None:
            await save(target)

        ask_where_to_save(
            self._view, file_name, lambda target: self._run(lambda: kept(target), self._view.panel.show_error)
        )

    def _connect(self, view: GalleryView) -> None:
        view.query_changed.connect(self._on_query_changed)
        view.reload_requested.connect(self._on_reload_requested)
        view.model.page_wanted.connect(self._on_page_wanted)
        view.model.reload_wanted.connect(self._on_reload_wanted)
        view.grid.chosen.connect(self._on_chosen)
        view.panel.verify_requested.connect(self._on_verify)
        view.panel.export_requested.connect(self._on_export)
        view.panel.metadata_requested.connect(self._on_metadata)
        view.panel.attachment_requested.connect(self._on_attachment)

    def _on_query_changed(self, query: AssetQuery) -> None:
        self._on_reload_requested()

    def _on_reload_requested(self) -> None:
        if not self._is_signed_out:
            self.reload()

    def _on_page_wanted(self, page: int) -> None:
        if self._is_listed and not self._tasks.is_running(_PAGES):
            self._run(self._load_pages, self._view.show_list_error, _PAGES)

    def _on_reload_wanted(self) -> None:
        self._is_stale = True
        if self._is_listed and self._view.isVisible() and not self._is_closed and not self._pause.isActive():
            self._pause.start()

    def _on_chosen(self, row: AssetRow) -> None:
        if row.asset_id != self._view.panel.asset_id:
            self.show_card(row.asset_id)

    def _on_changed(self, event: AssetChanged) -> None:
        """A card appears once an asset is MINTED, and goes if a reorganisation takes its token away."""
        row = event.row
        if self._is_listed:
            # In the order of creation the model cannot know the place of a row that was not minted before.
            is_new = row.state is AssetState.MINTED and self._view.model.position(row.asset_id) is None
            if is_new:
                self._on_reload_wanted()
            else:
                self._view.model.apply_changed(row)
        if row.state is not AssetState.MINTED and row.asset_id == self._view.panel.asset_id:
            self._card_turn += 1
            self._view.panel.show_asset(None)

    def _on_verify(self) -> None:
        asset_id = self._view.panel.asset_id
        if asset_id is not None:
            self._card_turn += 1
            self._run(lambda turn=self._card_turn: self._verify(asset_id, turn), self._view.panel.show_error)

    def _on_export(self) -> None:
        asset = self._view.panel.asset
        if asset is not None:
            self._save(f"{asset.asset_id}.car", lambda target: self._export_car(asset.asset_id, target))

    def _on_metadata(self) -> None:
        asset = self._view.panel.asset
        cid = asset.mint.metadata_cid if asset is not None and asset.mint is not None else None
        if asset is not None and cid is not None:
            self._save(f"{asset.asset_id}.json", lambda target: self._export_metadata(cid, target))

    def _on_attachment(self, attachment: Attachment) -> None:
        self._save(attachment.file_name, lambda target: self._export_file(attachment, target))

    def _on_unexpected(self, error: Exception) -> None:
        self._view.show_list_error(with_code(error))
