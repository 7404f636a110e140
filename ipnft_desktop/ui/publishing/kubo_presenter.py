"""Runs the card of the IPFS node: asks it, publishes to it, checks it, and exports archives."""

from __future__ import annotations

import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal

from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, IpnftError, UserError, with_code
from ipnft_desktop.domain.publications import CheckResult, PeerInfo
from ipnft_desktop.services.publishing import PublishingOverview
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.publishing.kubo_card import KuboCard
from ipnft_desktop.ui.publishing.refresh import Refresh
from ipnft_desktop.ui.tasks import PageTasks
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.error_words import error_detail, error_sentence
from ipnft_desktop.ui.widgets.file_dialogs import ask_where_to_save
from ipnft_desktop.ui.widgets.measures import number_text, size_text

ARCHIVE_NAME = "register.car"

_WORK = "publishing work"
_ASK_AGAIN_S = 10.0
_NEWS_PAUSE_MS = 300
"""Publications that change together are counted together."""

OnCount = Callable[[int], None]


class PublishingDesk(Protocol):
    """What the card needs of `services.publishing.Publishing`."""

    @property
    def address(self) -> str: ...

    @property
    def publishes_minted(self) -> bool: ...

    def use_node(self, address: str) -> None: ...
    def publish_minted(self, wanted: bool) -> None: ...
    async def node(self) -> PeerInfo: ...
    async def overview(self) -> PublishingOverview: ...
    async def publish_all(self, on_progress: OnCount | None = None) -> int: ...
    async def check(self, on_progress: OnCount | None = None) -> CheckResult: ...
    async def export_car(self, asset_id: UUID | None, target: Path, on_progress: OnCount | None = None) -> int: ...


class KuboPresenter(QObject):
    """Drives one `KuboCard`; `notice` is a short message with its `Tone`, `content_told` says in a
    word where content is kept."""

    notice = Signal(str, object)
    content_told = Signal(str)

    def __init__(
        self,
        card: KuboCard,
        publishing: PublishingDesk,
        events: AppEvents,
        keep_setting: Callable[[str, str | bool], object],
    ) -> None:
        super().__init__(card)
        self._card = card
        self._publishing = publishing
        self._keep_setting = keep_setting
        self._tasks = PageTasks(self._on_unexpected)
        self._look_once = Refresh(self._tasks, self._look, "look at publications")
        self._ask_once = Refresh(self._tasks, self._ask, "ask the IPFS node")
        self._address: str | None = None
        self._overview: PublishingOverview | None = None
        self._is_away = False
        self._asked_at_s = -_ASK_AGAIN_S
        self._is_closed = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_NEWS_PAUSE_MS)
        self._pause.timeout.connect(self._look_soon)
        card.show_address(publishing.address)
        card.set_automatic(publishing.publishes_minted)
        card.address_chosen.connect(self._on_address)
        card.automatic_changed.connect(self._on_automatic)
        card.publish_all_requested.connect(lambda: self._work(self._publish_all))
        card.check_requested.connect(lambda: self._work(self._check))
        card.export_requested.connect(self._on_export)
        card.cancel_requested.connect(self._on_cancel)
        events.publications_changed.connect(self._on_news)

    @property
    def is_working(self) -> bool:
        """Whether something is being published, checked or exported."""
        return self._tasks.is_running(_WORK)

    def activate(self) -> None:
        """Show how publishing stands, and ask the node whether it is there."""
        self._asked_at_s = -_ASK_AGAIN_S
        self._look_soon()
        self.ask_node()

    def ask_node(self) -> None:
        """Ask who answers, unless it was asked a moment ago."""
        is_due = time.monotonic() - self._asked_at_s >= _ASK_AGAIN_S
        if is_due and self._address and not self._is_closed:
            self._asked_at_s = time.monotonic()
            self._ask_once.ask()

    async def close(self) -> None:
        """Cancel what is under way."""
        self._is_closed = True
        self._pause.stop()
        await self._tasks.close()

    def _look_soon(self) -> None:
        if not self._is_closed:
            self._look_once.ask()

    async def _look(self) -> None:
        self._follow_address()
        try:
            overview = await self._publishing.overview()
        except EnvironmentFault as error:
            if error.code is not ErrorCode.DATABASE_UNAVAILABLE:
                raise
            return  # the register is not open, and the page says so
        except UserError:  # nobody is signed in
            self._card.show_signed_out()
            return
        fault = overview.waiting_because
        self._card.show_counts(overview.counts, (error_detail(fault) or error_sentence(fault)) if fault else "")
        self._overview = overview
        self._tell_content()

    def _follow_address(self) -> None:
        address = self._publishing.address
        if address != self._address:
            self._address = address
            self._card.show_address(address)
            self._asked_at_s = -_ASK_AGAIN_S
            self.ask_node()

    async def _ask(self) -> None:
        try:
            peer = await self._publishing.node()
        except EnvironmentFault:
            peer = None
        self._is_away = peer is None
        self._card.show_peer(peer)
        self._tell_content()

    def _tell_content(self) -> None:
        overview = self._overview
        if overview is None:
            return
        if not overview.address:
            self.content_told.emit(self.tr("local"))
        elif self._is_away:
            self.content_told.emit(self.tr("local, Kubo away"))
        elif behind := overview.counts.waiting + overview.counts.missing:
            self.content_told.emit(self.tr("local + Kubo, {0} to come").format(number_text(behind)))
        else:
            self.content_told.emit(self.tr("local + Kubo"))

    def _work(self, step: Callable[[], Coroutine[Any, Any, None]]) -> None:
        if not self._is_closed and not self._tasks.is_running(_WORK):
            self._card.error_panel.clear()
            self._card.set_busy(self.tr("Working…"))
            self._tasks.start(self._guarded(step), _WORK)

    async def _guarded(self, step: Callable[[], Coroutine[Any, Any, None]]) -> None:
        try:
            await step()
        except IpnftError as error:
            self._card.show_error(error)
        finally:
            self._card.set_busy("")
        self._look_soon()

    async def _publish_all(self) -> None:
        changed = await self._publishing.publish_all(
            lambda assets: self._card.set_busy(self.tr("%Ln assets looked at", "", assets))
        )
        if changed:
            self.notice.emit(self.tr("%Ln addresses go out to the IPFS node", "", changed), Tone.OK)
        else:
            self.notice.emit(self.tr("Everything is published or on its way."), Tone.OK)

    async def _check(self) -> None:
        result = await self._publishing.check(
            lambda done: self._card.set_busy(self.tr("%Ln addresses asked for", "", done))
        )
        if result.missing:
            text = self.tr(
                "The IPFS node lacks {0} of %Ln addresses; Publish all brings them back.", "", result.checked
            )
            self.notice.emit(text.format(number_text(result.missing)), Tone.WARN)
        else:
            self.notice.emit(self.tr("The IPFS node has all %Ln addresses", "", result.checked), Tone.OK)

    async def _export(self, target: Path) -> None:
        size_bytes = await self._publishing.export_car(
            None, target, lambda done: self._card.set_busy(self.tr("{0} written").format(size_text(done)))
        )
        self.notice.emit(self.tr("{0} saved, {1}").format(target.name, size_text(size_bytes)), Tone.OK)

    def _on_export(self) -> None:
        ask_where_to_save(self._card, ARCHIVE_NAME, lambda target: self._work(lambda: self._export(target)))

    def _on_cancel(self) -> None:
        if not self._is_closed:
            self._tasks.start(self._tasks.cancel(_WORK), "cancel publishing work")

    def _on_address(self, address: str) -> None:
        try:
            self._publishing.use_node(address)
        except IpnftError as error:
            self._card.show_error(error)
            return
        self._card.close_editor()
        self._card.error_panel.clear()
        self._keep_setting("kubo_api", address)
        self._address = None
        self._look_soon()

    def _on_automatic(self, wanted: bool) -> None:
        try:
            self._publishing.publish_minted(wanted)
        except IpnftError as error:
            self._card.set_automatic(not wanted)
            self._card.show_error(error)
            return
        self._keep_setting("kubo_publish_minted", wanted)

    def _on_news(self, _event: object) -> None:
        if not self._is_closed and not self._pause.isActive():
            self._pause.start()

    def _on_unexpected(self, error: Exception) -> None:
        self._card.show_error(with_code(error))
