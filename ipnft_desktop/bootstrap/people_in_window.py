"""Joins the services for people to the window: who is signed in, and the tabs of the Admin page about them."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QObject

from ipnft_desktop.bootstrap.core import Core
from ipnft_desktop.ui.access import Access
from ipnft_desktop.ui.admin.addresses_presenter import AddressesPresenter
from ipnft_desktop.ui.admin.addresses_tab import AddressesTab
from ipnft_desktop.ui.admin.enterprises_presenter import EnterprisesPresenter
from ipnft_desktop.ui.admin.enterprises_tab import EnterprisesTab
from ipnft_desktop.ui.admin.people_presenter import PeoplePresenter
from ipnft_desktop.ui.admin.people_tab import PeopleTab
from ipnft_desktop.ui.admin.view import AdminView, Face
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.main_window import MainWindow
from ipnft_desktop.ui.sign_in.presenter import SignInPresenter
from ipnft_desktop.ui.widgets.status_strip import StatusSegment


@dataclass(slots=True)
class PeopleTabs:
    """The tabs of the Admin page about people: some work to make, so each may be made by itself."""

    people: PeopleTab
    enterprises: EnterprisesTab
    addresses: AddressesTab

    @classmethod
    def add_to(cls, view: AdminView, access: Access) -> Generator[None, None, PeopleTabs]:
        """One after the other: between two the loop can breathe."""
        tr = QCoreApplication.translate
        people = PeopleTab(access, view.tab_ground)
        view.add_tab(tr("PeopleInWindow", "People"), people)
        yield
        enterprises = EnterprisesTab(access, view.tab_ground)
        view.add_tab(tr("PeopleInWindow", "Enterprises"), enterprises)
        yield
        addresses = AddressesTab(access, view.tab_ground)
        view.add_tab(tr("PeopleInWindow", "Addresses"), addresses)
        yield
        return cls(people, enterprises, addresses)


class PeopleInWindow(QObject):
    """Everything about people in one window."""

    def __init__(
        self,
        window: MainWindow,
        view: AdminView,
        core: Core,
        access: Access,
        events: AppEvents,
        tabs: PeopleTabs,
    ) -> None:
        super().__init__(window)
        toasts = window.toasts
        self.people_tab, self.enterprises_tab, self.addresses_tab = tabs.people, tabs.enterprises, tabs.addresses
        self.sign_in = SignInPresenter(window, core.people, core.session, access, events)
        self.sign_in.notice.connect(toasts.show_toast)
        self.accounts = PeoplePresenter(self.people_tab, core.people, core.register.enterprises, toasts)
        self.enterprises = EnterprisesPresenter(self.enterprises_tab, core.enterprises, toasts)
        self.addresses = AddressesPresenter(self.addresses_tab, core.address_book, core.address_exchange, toasts)
        window.link_segment(
            StatusSegment.USER, lambda: window.show_status_menu(StatusSegment.USER, self.sign_in.menu())
        )
        self._view = view
        self._session = core.session
        self._is_open = False
        view.sign_in_requested.connect(self.sign_in.ask_who)
        events.register_opened.connect(self._on_register_opened)
        events.session_changed.connect(self._show_face)

    async def close(self) -> None:
        """Cancel what is under way."""
        for part in (self.sign_in, self.accounts, self.enterprises, self.addresses):
            await part.close()

    def _on_register_opened(self) -> None:
        self._is_open = True
        self._show_face()

    def _show_face(self) -> None:
        if self._is_open:
            self._view.show_face(Face.TABS if self._session.user else Face.SIGNED_OUT)
