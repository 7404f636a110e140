"""The transactions of one attempt where there are several: a mint, its fee bumps, its cancellation."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ipnft_desktop.domain.minting import MintProgress, TransactionPurpose, TransactionRecord
from ipnft_desktop.ui.theme.tokens import Ink, Space, TextSize, Weight
from ipnft_desktop.ui.widgets.amounts import gwei_text
from ipnft_desktop.ui.widgets.key_value_panel import Fact, KeyValuePanel
from ipnft_desktop.ui.widgets.measures import labelled_text
from ipnft_desktop.ui.widgets.plain import shorten
from ipnft_desktop.ui.widgets.text import Text


class TransactionsPanel(QFrame):
    """Hidden while there is at most one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("tile", True)
        self._transactions: tuple[TransactionRecord, ...] = ()
        self._headline = Text("", TextSize.BODY, Weight.SEMIBOLD)
        self._note = Text("", TextSize.CAPTION, ink=Ink.MUTED, wrap=True)
        self._facts = KeyValuePanel()
        box = QVBoxLayout(self)
        box.setContentsMargins(Space.M, Space.S, Space.M, Space.S)
        box.setSpacing(Space.XS)
        for part in (self._headline, self._note, self._facts):
            box.addWidget(part)
        self.hide()

    @property
    def headline(self) -> str:
        """What is said of them together; nothing while they are not shown."""
        return "" if self.isHidden() else self._headline.text()

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The lines shown, one a transaction."""
        return self._facts.facts

    def show_transactions(self, transactions: Sequence[TransactionRecord], progress: MintProgress | None) -> None:
        """Show what was signed, oldest first, and which one the chain took."""
        self._transactions = tuple(transactions)
        self.setVisible(len(self._transactions) > 1)
        if self.isHidden():
            return
        is_mined = progress is not None and progress.block_number is not None
        is_cancelling = any(tx.purpose is TransactionPurpose.CANCEL for tx in self._transactions)
        self._headline.setText(self._title(is_cancelling=is_cancelling, is_mined=is_mined))
        self._note.setText(
            self.tr(
                "%Ln transactions signed under number {0}; the chain mines one of them.", "", len(self._transactions)
            ).format(self._transactions[0].nonce)
        )
        mined_hash = progress.tx_hash if progress is not None and is_mined else None
        self._facts.set_facts([self._fact(tx, number, mined_hash) for number, tx in enumerate(self._transactions)])
        self.setAccessibleName(labelled_text(self._headline.text(), self._note.text()))

    def show_progress(self, progress: MintProgress) -> None:
        """Follow the mint."""
        self.show_transactions(self._transactions, progress)

    def _title(self, *, is_cancelling: bool, is_mined: bool) -> str:
        if is_mined:
            return self.tr("The chain has decided")
        return self.tr("Cancelling") if is_cancelling else self.tr("Sped up")

    def _fact(self, tx: TransactionRecord, number: int, mined_hash: str | None) -> Fact:
        if tx.purpose is TransactionPurpose.CANCEL:
            name = self.tr("Cancellation")
        else:
            name = self.tr("Mint, higher fee") if number else self.tr("Mint")
        note = gwei_text(tx.max_fee_per_gas_wei)
        if tx.tx_hash == mined_hash:
            note = self.tr("{0} · mined").format(note)
        return Fact(name, shorten(tx.tx_hash), copy=tx.tx_hash, note=note)
