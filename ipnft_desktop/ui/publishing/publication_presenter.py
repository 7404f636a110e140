"""Keeps the list of an asset's public content true while its card is open."""

from __future__ import annotations

from collections.abc import Callable, Collection, Coroutine
from typing import Any, Protocol
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from ipnft_desktop.domain.errors import IpnftError, with_code
from ipnft_desktop.domain.events import PublicationsChanged
from ipnft_desktop.domain.publications import CheckResult, PublicRoot
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.publishing.publication_panel import PublicationPanel
from ipnft_desktop.ui.publishing.refresh import Refresh
from ipnft_desktop.ui.tasks import PageTasks
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.measures import number_text

_WORK = "publish an asset"


class AssetPublishing(Protocol):
    """What the list needs of `services.publishing.Publishing`."""

    @property
    def address(self) -> str: ...

    async def roots(self, asset_id: UUID) -> tuple[PublicRoot, ...]: ...
    async def publish(self, asset_ids: Collection[UUID]) -> int: ...
    async def check_asset(self, asset_id: UUID) -> CheckResult: ...


class PublicationPresenter(QObject):
    """Drives one `PublicationPanel`; `notice` is a short message with its `Tone`."""

    notice = Signal(str, object)

    def __init__(self, panel: PublicationPanel, publishing: AssetPublishing, events: AppEvents) -> None:
        super().__init__(panel)
        self._panel = panel
        self._publishing = publishing
        self._asset_id: UUID | None = None
        self._cids: frozenset[str] = frozenset()
        self._is_closed = False
        self._tasks = PageTasks(self._on_unexpected)
        self._look_once = Refresh(self._tasks, self._look, "look at an asset's publications")
        panel.publish_requested.connect(lambda: self._work(self._publish))
        panel.check_requested.connect(lambda: self._work(self._check))
        events.publications_changed.connect(self._on_news)

    @property
    def is_working(self) -> bool:
        """Whether the asset is being published or checked."""
        return self._tasks.is_running(_WORK)

    def show_asset(self, asset_id: UUID | None) -> None:
        """Show the public content of this asset, or of none."""
        if asset_id != self._asset_id:
            self._panel.show_roots((), has_node=False)
        self._asset_id = asset_id
        self._look_soon()

    async def close(self) -> None:
        """Cancel what is under way."""
        self._is_closed = True
        await self._tasks.close()

    def _look_soon(self) -> None:
        if not self._is_closed:
            self._look_once.ask()

    async def _look(self) -> None:
        asset_id = self._asset_id
        roots = () if asset_id is None else await self._publishing.roots(asset_id)
        if asset_id == self._asset_id:
            self._cids = frozenset(root.cid for root in roots)
            self._panel.show_roots(roots, has_node=bool(self._publishing.address))

    def _work(self, step: Callable[[UUID], Coroutine[Any, Any, None]]) -> None:
        if self._asset_id is not None and not self._is_closed and not self._tasks.is_running(_WORK):
            self._tasks.start(self._guarded(step, self._asset_id), _WORK)

    async def _guarded(self, step: Callable[[UUID], Coroutine[Any, Any, None]], asset_id: UUID) -> None:
        self._panel.set_busy(True)
        self._panel.error_panel.clear()
        try:
            await step(asset_id)
        except IpnftError as error:
            self._panel.show_error(error)
        finally:
            self._panel.set_busy(False)

    async def _publish(self, asset_id: UUID) -> None:
        await self._publishing.publish((asset_id,))
        self._look_soon()

    async def _check(self, asset_id: UUID) -> None:
        result = await self._publishing.check_asset(asset_id)
        if result.missing:
            text = self.tr("The IPFS node lacks {0} of %Ln", "", result.checked)
            self.notice.emit(text.format(number_text(result.missing)), Tone.WARN)
        else:
            self.notice.emit(self.tr("The IPFS node has all %Ln", "", result.checked), Tone.OK)
        self._look_soon()

    def _on_news(self, event: PublicationsChanged) -> None:
        changed = {publication.cid for publication in event.publications}
        if self._asset_id is not None and (not changed or changed & self._cids):
            self._look_soon()

    def _on_unexpected(self, error: Exception) -> None:
        self._panel.show_error(with_code(error))
