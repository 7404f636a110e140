"""Joins the services for people to the window: who is signed in, and the tabs of the Admin page about them."""

from __future__ import annotations

from PySide6.QtCore import QObject

from ipnft_desktop.bootstrap.core import Core
from ipnft_desktop.ui.access import Access
from ipnft_desktop.ui.admin.people_presenter import PeoplePresenter
from ipnft_desktop.ui.admin.people_tab import PeopleTab
from ipnft_desktop.ui.admin.view import AdminView
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.main_window import MainWindow
from ipnft_desktop.ui.sign_in.presenter import SignInPresenter
from ipnft_desktop.ui.widgets.status_strip import StatusSegment


class PeopleInWindow(QObject):
    """Everything about people in one window."""

    def __init__(self, window: MainWindow, view: AdminView, core: Core, access: Access, events: AppEvents) -> None:
        super().__init__(window)
        toasts = window.toasts
        self.people_tab = PeopleTab(access)
        view.add_tab(self.tr("People"), self.people_tab)
        self.sign_in = SignInPresenter(window, core.people, core.session, access, events)
        self.sign_in.notice.connect(toasts.show_toast)
        self.accounts = PeoplePresenter(self.people_tab, core.people, core.register.enterprises, toasts)
        window.link_segment(
            StatusSegment.USER, lambda: window.show_status_menu(StatusSegment.USER, self.sign_in.menu())
        )
        events.register_opened.connect(lambda: view.set_readable(True))

    async def close(self) -> None:
        """Cancel what is under way."""
        await self.sign_in.close()
        await self.accounts.close()
