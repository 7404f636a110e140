"""What holds the mint up, where the eye is, with the one thing that helps."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ipnft_desktop.ui.mint.holds import Hold, Remedy
from ipnft_desktop.ui.theme.tokens import Ink, Tone
from ipnft_desktop.ui.widgets.amounts import eth_text
from ipnft_desktop.ui.widgets.error_panel import ErrorPanel


class HoldPanel(ErrorPanel):
    """Amber while it passes by itself, red where it does not; `fee_allowed` carries a fee in wei."""

    unlock_requested = Signal()
    fee_allowed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fee_wei = 0
        self.unlock_button = self.add_button(self.tr("Unlock key"))
        self.pay_button = self.add_button("")
        self.retry_button = self.add_button(self.tr("Retry now"))
        self.unlock_button.clicked.connect(self.unlock_requested)
        self.pay_button.clicked.connect(lambda: self.fee_allowed.emit(self._fee_wei))

    @property
    def sentence(self) -> str:
        """What is said of it."""
        return self._sentence.text()

    @property
    def detail(self) -> str:
        """What happened this time."""
        return self._detail.text()

    def show_hold(self, hold: Hold) -> None:
        """Say what holds the mint up, and offer what helps."""
        self._fee_wei = hold.fee_wei
        self.pay_button.setText(self.tr("Pay up to {0}").format(eth_text(hold.fee_wei)))
        self.unlock_button.setVisible(hold.remedy is Remedy.UNLOCK)
        self.pay_button.setVisible(hold.remedy is Remedy.PAY)
        self.retry_button.setVisible(hold.remedy in (Remedy.RETRY, Remedy.PAY))
        self.set_busy(False)
        self._set_tone(hold.tone)
        self.show_message(hold.code, hold.sentence, hold.detail, hold.advice)

    def set_busy(self, busy: bool) -> None:
        """While the answer is on its way, the buttons wait."""
        for button in (self.unlock_button, self.pay_button, self.retry_button):
            button.setEnabled(not busy)

    def _set_tone(self, tone: Tone) -> None:
        ink = Ink.WARN if tone is Tone.WARN else Ink.ERROR
        for text in (self._code, self._sentence, self._detail):
            text.set_ink(ink)
        if self.property("banner") != tone.value:
            self.setProperty("banner", tone.value)
            self.style().unpolish(self)
            self.style().polish(self)
