"""Joins what compares register, chain and content to the window: the lists of gallery and register, and a tab of the
Admin page."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from ipnft_desktop.bootstrap.core import Core
from ipnft_desktop.ui.admin.findings_presenter import FindingsPresenter
from ipnft_desktop.ui.admin.findings_tab import FindingsTab
from ipnft_desktop.ui.admin.view import AdminView
from ipnft_desktop.ui.alerts.presenter import AlertPresenter
from ipnft_desktop.ui.gallery.verify_all_presenter import VerifyAllPresenter
from ipnft_desktop.ui.gallery.view import GalleryView
from ipnft_desktop.ui.models.chosen_assets import minted_of
from ipnft_desktop.ui.register.view import RegisterView
from ipnft_desktop.ui.widgets.toast import ToastStack


class ComparingInWindow(QObject):
    """Everything about comparing many assets in one window."""

    def __init__(
        self,
        view: AdminView,
        gallery: GalleryView,
        register: RegisterView,
        core: Core,
        alerts: AlertPresenter,
        toasts: ToastStack,
        show_page: Callable[[], object],
        tab: FindingsTab,
    ) -> None:
        """`show_page` brings the Admin page into view."""
        super().__init__(view)
        self._view = view
        self._show_page = show_page
        self.tab = tab
        view.add_tab(self.tr("Reconcile"), tab)
        self.findings = FindingsPresenter(tab, core.reconciliation, core.repairs, core.comparisons, toasts)
        self.gallery = VerifyAllPresenter(gallery, core.bulk, core.comparisons)
        self.gallery.notice.connect(toasts.show_toast)
        register.verify_selection_requested.connect(
            lambda: self.gallery.open(minted_of(register.model, register.table.selected_spans()))
        )
        alerts.findings_requested.connect(self._on_requested)

    @property
    def is_working(self) -> bool:
        """Whether something is being compared or exported."""
        return self.findings.is_working or self.gallery.is_working

    async def close(self) -> None:
        """Cancel what is under way."""
        await self.findings.close()
        await self.gallery.close()

    def _on_requested(self) -> None:
        self._show_page()
        self._view.show_tab(self.tab)
