"""Joins the audit log to the window: its tab of the Admin page, and the alert that leads there."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from ipnft_desktop.bootstrap.core import Core
from ipnft_desktop.ui.access import Access
from ipnft_desktop.ui.admin.audit_presenter import AuditPresenter
from ipnft_desktop.ui.admin.audit_view import AuditView
from ipnft_desktop.ui.admin.view import AdminView
from ipnft_desktop.ui.alerts.presenter import AlertPresenter
from ipnft_desktop.ui.widgets.toast import ToastStack


class AuditInWindow(QObject):
    """Everything about the audit log in one window."""

    def __init__(
        self,
        view: AdminView,
        core: Core,
        access: Access,
        alerts: AlertPresenter,
        toasts: ToastStack,
        show_page: Callable[[], object],
        tab: AuditView | None = None,
    ) -> None:
        """`show_page` brings the Admin page into view; `tab` may have been made before."""
        super().__init__(view)
        self._view = view
        self._show_page = show_page
        self.tab: AuditView | None = None
        self.presenter: AuditPresenter | None = None
        if core.audit is not None and core.anchors is not None:
            self.tab = tab or AuditView()
            view.add_tab(self.tr("Audit log"), self.tab)
            self.presenter = AuditPresenter(self.tab, core.audit, core.anchors, core.audit_exports, access, toasts)
            alerts.audit_requested.connect(self._on_requested)

    @property
    def is_working(self) -> bool:
        """Whether the log is being verified or exported."""
        return self.presenter is not None and self.presenter.is_working

    async def close(self) -> None:
        """Cancel what is under way."""
        if self.presenter is not None:
            await self.presenter.close()

    def _on_requested(self) -> None:
        self._show_page()
        if self.tab is not None:
            self._view.show_tab(self.tab)
