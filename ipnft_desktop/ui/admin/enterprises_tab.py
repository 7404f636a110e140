"""The tab of the enterprises: whose assets are in the register, where their tokens go, and who acts for them."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QWidget

from ipnft_desktop.domain.people import EnterpriseStanding, Permission, User
from ipnft_desktop.ui.access import Access
from ipnft_desktop.ui.admin.record_tab import RecordTab
from ipnft_desktop.ui.models.record_model import RecordColumn
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import ColumnWidth
from ipnft_desktop.ui.widgets.buttons import PrimaryButton, SecondaryButton
from ipnft_desktop.ui.widgets.empty_state import EmptyState
from ipnft_desktop.ui.widgets.measures import listed, number_text
from ipnft_desktop.ui.widgets.plain import shorten
from ipnft_desktop.ui.widgets.record_table import RecordTable

_NAMED = 3
"""Members told by name; of more, how many they are."""


class EnterprisesTab(RecordTab[EnterpriseStanding]):
    """`edit_requested` carries the `Enterprise` in focus."""

    add_requested = Signal()
    edit_requested = Signal(object)

    def __init__(self, access: Access, parent: QWidget | None = None) -> None:
        super().__init__(
            RecordTable[EnterpriseStanding](
                _tr("Enterprises"), _columns(), lambda standing: standing.enterprise.enterprise_id, _sought
            ),
            EmptyState(
                Icon.BOX,
                _tr("There is no enterprise"),
                _tr("Every asset belongs to an enterprise, and its token goes to that enterprise's wallet."),
                _tr("Add an enterprise"),
            ),
            _tr("Name, wallet, member…"),
            _tr("Enter edit · Ctrl+N add · Ctrl+F find · click an address to copy it"),
            parent,
        )
        self.edit_button = SecondaryButton(self.tr("Edit…"), Icon.PENCIL)
        self.add_button = PrimaryButton(self.tr("Add enterprise"), Icon.PLUS)
        self.offer("edit enterprise", self.edit_button, self._on_edit)
        self.offer("add enterprise", self.add_button, self.add_requested.emit, "Ctrl+N")
        for button in (self.edit_button, self.add_button, self.empty.button):
            access.guard(button, Permission.MANAGE_PEOPLE, button.refuse)
        self.empty.action_requested.connect(self.add_requested)
        self.table.opened.connect(self.edit_button.click)
        self.table.current_changed.connect(self._refresh_buttons)
        self._refresh_buttons()

    def _on_edit(self) -> None:
        standing = self.current
        if standing is not None:
            self.edit_requested.emit(standing.enterprise)

    def _refresh_buttons(self) -> None:
        self.edit_button.setEnabled(self.current is not None)


def _tr(text: str) -> str:
    return QCoreApplication.translate("EnterprisesTab", text)


def _columns() -> tuple[RecordColumn[EnterpriseStanding], ...]:
    return (
        RecordColumn(_tr("Enterprise"), lambda standing: standing.enterprise.name),
        RecordColumn(_tr("Wallet"), lambda standing: standing.enterprise.wallet_label or "–"),
        RecordColumn(
            _tr("Address"),
            lambda standing: shorten(standing.enterprise.wallet_address),
            ColumnWidth.L,
            lambda standing: standing.enterprise.wallet_address,
            lambda standing: standing.enterprise.wallet_address,
            lambda standing: standing.enterprise.wallet_address,
            is_mono=True,
        ),
        RecordColumn(
            _tr("Assets"),
            lambda standing: number_text(standing.asset_count),
            ColumnWidth.M,
            lambda standing: standing.asset_count,
            is_number=True,
        ),
        RecordColumn(
            _tr("Members"),
            _members,
            order=lambda standing: len(standing.members),
            hover=lambda standing: "\n".join(_name(user) for user in standing.members),
        ),
    )


def _sought(standing: EnterpriseStanding) -> str:
    owner = standing.enterprise
    members = (user.display_name for user in standing.members)
    return " ".join((owner.name, owner.wallet_label, owner.wallet_address, *members))


def _members(standing: EnterpriseStanding) -> str:
    people = standing.members
    if len(people) > _NAMED:
        return _tr("{0} people").format(len(people))
    return listed(user.display_name for user in people) or "–"


def _name(user: User) -> str:
    return user.display_name if user.is_active else _tr("{0} (closed)").format(user.display_name)
