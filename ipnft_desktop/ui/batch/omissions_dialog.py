"""What a plan leaves out, and why."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ipnft_desktop.domain.batch_plan import Omission
from ipnft_desktop.ui.batch.words import omission_name, reason
from ipnft_desktop.ui.models.record_model import RecordColumn
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import ColumnWidth, DialogWidth, Size, Space
from ipnft_desktop.ui.widgets.buttons import SecondaryButton
from ipnft_desktop.ui.widgets.card import Card
from ipnft_desktop.ui.widgets.dialog import Dialog
from ipnft_desktop.ui.widgets.dialog_parts import DialogHead, foot
from ipnft_desktop.ui.widgets.inputs import SearchField
from ipnft_desktop.ui.widgets.record_table import RecordTable

_ROWS = 9


class OmissionsDialog(Dialog):
    """A list to read, to search and to copy from."""

    def __init__(self, omissions: Sequence[Omission], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Left out"))
        self.setFixedWidth(DialogWidth.XL)
        head = DialogHead(
            Icon.INFO,
            self.tr("%Ln assets are left out", "", len(omissions)),
            self.tr("The others are minted without them. What is mended here can be ticked again."),
        )
        self.search = SearchField(self.tr("Name or reason…"))
        self.table = RecordTable[Omission](
            self.tr("Assets that are left out"),
            (
                RecordColumn(self.tr("Asset"), omission_name, ColumnWidth.XXL, hover=omission_name),
                RecordColumn(self.tr("Code"), lambda one: one.code, ColumnWidth.XL, is_mono=True),
                RecordColumn(self.tr("Why"), _why, hover=_why),
            ),
            lambda one: one.asset_id,
            lambda one: f"{omission_name(one)} {one.code} {_why(one)}",
        )
        self.table.setFixedHeight(Size.TABLE_HEADER + _ROWS * Size.TABLE_ROW)
        self.table.show_records(omissions)
        self.close_button = SecondaryButton(self.tr("Close"))
        card = Card(flush=True)
        card.body.addWidget(self.table)
        box = QVBoxLayout(self)
        box.setSpacing(Space.M)
        box.addWidget(head)
        box.addWidget(self.search)
        box.addWidget(card)
        box.addLayout(foot(self.close_button))
        self.search.search_requested.connect(self.table.search)
        self.close_button.clicked.connect(self.accept)
        self.table.setFocus()


def _why(omission: Omission) -> str:
    return reason(omission.code, omission.detail)
