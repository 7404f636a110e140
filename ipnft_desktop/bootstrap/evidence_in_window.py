"""Joins evidence with the Gallery page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject

from ipnft_desktop.bootstrap.core import Core
from ipnft_desktop.domain.people import Permission
from ipnft_desktop.ui.access import Access
from ipnft_desktop.ui.evidence.presenter import EvidencePresenter
from ipnft_desktop.ui.gallery.view import GalleryView
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.toast import ToastStack


class EvidenceInWindow(QObject):
    """Without a chain that proves anything the buttons are not there."""

    def __init__(
        self, view: GalleryView, core: Core, access: Access, toasts: ToastStack, open_folder: Callable[[Path], object]
    ) -> None:
        super().__init__(view)
        self._core = core
        self._toasts = toasts
        self._open_folder = open_folder
        self.presenter: EvidencePresenter | None = None
        buttons = (view.panel.evidence_button, view.evidence_button)
        for button in (*buttons, view.verify_button):
            button.setVisible(core.evidence is not None)
        if core.evidence is None:
            return
        for button in buttons:
            access.guard(button, Permission.ISSUE_EVIDENCE, button.refuse)
        self.presenter = EvidencePresenter(view, core.evidence, core.register, self._rpc_url, open_folder)
        self.presenter.notice.connect(toasts.show_toast)
        self.presenter.written.connect(self._on_written)

    @property
    def is_working(self) -> bool:
        """Whether evidence is being written."""
        return self.presenter is not None and self.presenter.is_working

    async def close(self) -> None:
        """End what is under way."""
        if self.presenter is not None:
            await self.presenter.close()

    async def _rpc_url(self) -> str | None:
        status = await self._core.environment.node_status()
        return None if status is None else status.rpc_url

    def _on_written(self, text: str, folder: Path) -> None:
        self._toasts.show_toast(text, Tone.OK, self.tr("Show folder"), lambda: self._open_folder(folder))
