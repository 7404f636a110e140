"""Anchors of the audit log: those on record, another one, and whether the chain and the log agree."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ipnft_desktop.domain.audit import AuditAnchor
from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.ui.theme.fonts import mono_font
from ipnft_desktop.ui.theme.tokens import DialogHeight, DialogWidth, Ink, Space, TextSize, Tone, Weight
from ipnft_desktop.ui.widgets.buttons import PrimaryButton, SecondaryButton
from ipnft_desktop.ui.widgets.card import Card
from ipnft_desktop.ui.widgets.dialog import Dialog
from ipnft_desktop.ui.widgets.error_panel import ErrorPanel
from ipnft_desktop.ui.widgets.inputs import FormField
from ipnft_desktop.ui.widgets.measures import local_time, number_text, utc_time
from ipnft_desktop.ui.widgets.plain import plain_tooltip, visible
from ipnft_desktop.ui.widgets.status_tag import StatusTag
from ipnft_desktop.ui.widgets.table import style_table
from ipnft_desktop.ui.widgets.text import Text


class AnchorsDialog(Dialog):
    """`anchor_requested` asks for another anchor, `check_requested` carries the hash of a transaction."""

    anchor_requested = Signal()
    check_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Anchors of the audit log"))
        self.resize(DialogWidth.XL, DialogHeight.L)
        self.table = QTableWidget(0, 5)
        self.tx_hash = QLineEdit()
        self.field = FormField(
            self.tr("Transaction"),
            self.tx_hash,
            self.tr("Choose an anchor, or paste the hash that you kept elsewhere."),
        )
        self.tx_hash.setFont(mono_font(TextSize.CAPTION))
        self.check_button = SecondaryButton(self.tr("Compare with the log"))
        self.anchor_button = PrimaryButton(self.tr("Anchor now"))
        self.close_button = SecondaryButton(self.tr("Close"))
        self.error_panel = ErrorPanel()
        self._tag = StatusTag()
        self._verdict = Text("", TextSize.BODY, wrap=True)
        self._anchors: tuple[AuditAnchor, ...] = ()
        self._set_up_table()
        self._lay_out()
        self._tag.hide()
        self.table.itemSelectionChanged.connect(self._on_selected)
        self.check_button.clicked.connect(self._on_check)
        self.tx_hash.returnPressed.connect(self._on_check)
        self.tx_hash.textEdited.connect(lambda: self.field.set_error(""))
        self.anchor_button.clicked.connect(self.anchor_requested)
        self.close_button.clicked.connect(self.close)

    @property
    def verdict(self) -> str:
        """What is said about the last comparison."""
        return self._verdict.text()

    def show_anchors(self, anchors: Sequence[AuditAnchor]) -> None:
        """Show these, the newest in focus."""
        self._anchors = tuple(anchors)
        self.table.setRowCount(len(anchors))
        for row, anchor in enumerate(anchors):
            for column, (text, hover) in enumerate(self._cells(anchor)):
                item = QTableWidgetItem(visible(text))
                item.setToolTip(plain_tooltip(hover))
                self.table.setItem(row, column, item)
        if anchors:
            self.table.selectRow(0)

    def show_verdict(self, word: str, tone: Tone, sentence: str) -> None:
        """Say how an anchor and the log agree."""
        self.error_panel.clear()
        self._tag.setVisible(bool(word))
        if word:
            self._tag.set_state(word, tone)
        self._verdict.setText(sentence)

    def show_error(self, error: IpnftError) -> None:
        """Say what could not be done."""
        self.show_verdict("", Tone.NEUTRAL, "")
        self.error_panel.show_error(error)

    def set_busy(self, *, is_anchoring: bool) -> None:
        """While an anchor is made no other is."""
        self.anchor_button.setEnabled(not is_anchoring)
        self.anchor_button.setText(self.tr("Anchoring…") if is_anchoring else self.tr("Anchor now"))

    def _cells(self, anchor: AuditAnchor) -> tuple[tuple[str, str], ...]:
        if not anchor.on_present_chain:
            block, when = self.tr("on a chain that was given up"), ""
        elif anchor.block_number is None or anchor.mined_at is None:
            block, when = self.tr("waiting for a block"), ""
        else:
            block, when = number_text(anchor.block_number), local_time(anchor.mined_at)
        return (
            (number_text(anchor.point.audit_id), anchor.point.mac.hex()),
            (block, anchor.block_hash or ""),
            (when, utc_time(anchor.mined_at) if anchor.mined_at else ""),
            (anchor.requested_by, utc_time(anchor.requested_at)),
            (anchor.tx_hash, anchor.tx_hash),
        )

    def _set_up_table(self) -> None:
        titles = (self.tr("Row"), self.tr("Block"), self.tr("Block's time"), self.tr("Who"), self.tr("Transaction"))
        self.table.setHorizontalHeaderLabels(titles)
        style_table(self.table)
        self.table.setAccessibleName(self.tr("Anchors"))
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        for column, width in enumerate((80, 150, 184, 116)):
            self.table.setColumnWidth(column, width)
        self.table.horizontalHeader().setSectionResizeMode(4, QHeaderView.ResizeMode.Stretch)

    def _lay_out(self) -> None:
        sentence = self.tr(
            "An anchor writes the seal of the last row into the chain. From then on not even somebody who stole the "
            "key can change what was written before, unseen. Keep its transaction hash outside this computer."
        )
        listed = Card(flush=True)
        listed.body.addWidget(self.table)
        told = QHBoxLayout()
        told.setSpacing(Space.M)
        told.addWidget(self.check_button)
        told.addWidget(self._tag)
        told.addWidget(self._verdict, 1)
        foot = QHBoxLayout()
        foot.setSpacing(Space.S)
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        foot.addWidget(self.anchor_button)
        box = QVBoxLayout(self)
        box.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.L)
        box.setSpacing(Space.M)
        box.addWidget(Text(self.windowTitle(), TextSize.TITLE, Weight.BOLD))
        box.addWidget(Text(sentence, TextSize.BODY, ink=Ink.MUTED, wrap=True))
        box.addWidget(listed, 1)
        box.addWidget(self.field)
        box.addLayout(told)
        box.addWidget(self.error_panel)
        box.addLayout(foot)

    def _on_selected(self) -> None:
        row = self.table.currentRow()
        if 0 <= row < len(self._anchors):
            self.tx_hash.setText(self._anchors[row].tx_hash)
            self.field.set_error("")

    def _on_check(self) -> None:
        self.check_requested.emit(self.tx_hash.text().strip())
