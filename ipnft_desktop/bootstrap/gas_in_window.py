"""Joins the gas laboratory to the window: the Gas page and who may do what there."""

from __future__ import annotations

from PySide6.QtCore import QObject

from ipnft_desktop.bootstrap.core import Core
from ipnft_desktop.domain.people import Permission
from ipnft_desktop.ui.access import Access
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.gas.presenter import LaboratoryPresenter
from ipnft_desktop.ui.gas.view import GasView
from ipnft_desktop.ui.widgets.toast import ToastStack


class GasInWindow(QObject):
    """The laboratory needs no register. Until one is open nobody can sign in, and whoever works at this computer may
    measure; what is kept is deleted by people who are signed in."""

    def __init__(self, view: GasView, core: Core, access: Access, events: AppEvents, toasts: ToastStack) -> None:
        super().__init__(view)
        self._view = view
        self._core = core
        self._access = access
        self.laboratory = LaboratoryPresenter(view.laboratory, core.laboratory)
        self.laboratory.notice.connect(toasts.show_toast)
        for changed in (events.register_opened, events.session_changed, events.environment_changed, access.changed):
            changed.connect(self._refresh)
        self._refresh()

    async def close(self) -> None:
        """Stop following; an experiment under way goes on."""
        await self.laboratory.close()

    def _refresh(self) -> None:
        is_open_to_all = self._core.laboratory.is_unattended
        refusal = self._access.refusal(Permission.MINT)
        tab = self._view.laboratory
        tab.delete_button.refuse(refusal)
        for button in (tab.form.run_button, tab.form.cancel_button, tab.panel.empty.button):
            button.refuse("" if is_open_to_all else refusal)
        is_signed_out = self._core.session.user is None and not is_open_to_all
        self._view.show_signed_out(is_signed_out)
        if is_signed_out:
            self.laboratory.show_signed_out()
        else:
            self.laboratory.show_signed_in()
