"""Keeps enterprises for their tab."""

from __future__ import annotations

from typing import Protocol

from ipnft_desktop.domain.assets import Enterprise
from ipnft_desktop.domain.people import EnterpriseStanding
from ipnft_desktop.ui.admin.enterprise_form import EnterpriseForm
from ipnft_desktop.ui.admin.enterprises_tab import EnterprisesTab
from ipnft_desktop.ui.admin.tab_presenter import TabPresenter
from ipnft_desktop.ui.widgets.toast import ToastStack


class Enterprises(Protocol):
    """What the tab needs of `services.enterprises.EnterpriseService`."""

    async def list(self) -> tuple[EnterpriseStanding, ...]: ...
    async def create(self, name: str, wallet_address: str, wallet_label: str) -> Enterprise: ...
    async def change(self, original: Enterprise, name: str, wallet_address: str, wallet_label: str) -> Enterprise: ...


class EnterprisesPresenter(TabPresenter[EnterpriseStanding]):
    """Drives one `EnterprisesTab`."""

    def __init__(self, tab: EnterprisesTab, enterprises: Enterprises, toasts: ToastStack) -> None:
        super().__init__(tab, toasts)
        self._enterprises = enterprises
        tab.add_requested.connect(self._on_add)
        tab.edit_requested.connect(self._on_edit)

    async def read(self) -> tuple[EnterpriseStanding, ...]:
        """All of them, with what depends on each."""
        return await self._enterprises.list()

    async def _create(self, form: EnterpriseForm) -> None:
        made = await self._enterprises.create(*form.values())
        self.want(made.enterprise_id)
        self.tell_done(self.tr("{0} was added").format(made.name))

    async def _change(self, form: EnterpriseForm, enterprise: Enterprise) -> None:
        await self._enterprises.change(enterprise, *form.values())

    def _on_add(self) -> None:
        if self.dialog is None:
            form = EnterpriseForm(None, self.tab.window())
            self.open(form, lambda: self._create(form))

    def _on_edit(self, enterprise: Enterprise) -> None:
        if self.dialog is None:
            form = EnterpriseForm(enterprise, self.tab.window())
            self.open(form, lambda: self._change(form, enterprise))
