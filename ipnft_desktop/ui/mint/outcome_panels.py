"""The last face of the mint dialog: the token, or why there is none and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ipnft_desktop.domain.errors import ErrorCode, IpnftError, ValidationFailed
from ipnft_desktop.services.mint_desk import REASON_MAX_CHARS
from ipnft_desktop.ui.mint.footer import Footer
from ipnft_desktop.ui.mint.lines import MintLine, MintLines
from ipnft_desktop.ui.theme.tokens import Ink, Space, TextSize, Weight
from ipnft_desktop.ui.widgets.buttons import PrimaryButton, SecondaryButton
from ipnft_desktop.ui.widgets.card import Rule
from ipnft_desktop.ui.widgets.error_panel import ErrorPanel
from ipnft_desktop.ui.widgets.key_value_panel import Fact, KeyValuePanel
from ipnft_desktop.ui.widgets.reason_form import ReasonForm
from ipnft_desktop.ui.widgets.stage_list import StageMark, StageState
from ipnft_desktop.ui.widgets.text import Text

_LEFT_OUT_SHOWN = 3


@dataclass(frozen=True, slots=True)
class LeftOutLine:
    """What is said of an asset that a batch went on without."""

    code: str
    sentence: str


class _Verdict(QWidget):
    """A mark and one sentence."""

    def __init__(self, state: StageState) -> None:
        super().__init__()
        self.mark = StageMark()
        self.mark.set_state(state)
        self.headline = Text("", TextSize.LEAD, Weight.SEMIBOLD)
        self.remark = Text("", TextSize.CAPTION, ink=Ink.MUTED)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(Space.S)
        line.addWidget(self.mark)
        line.addWidget(self.headline)
        line.addStretch(1)
        line.addWidget(self.remark)


class SuccessPanel(QWidget):
    """`card_requested` asks for the selected token's card."""

    card_requested = Signal(object)
    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._verdict = _Verdict(StageState.DONE)
        self.left_out = ErrorPanel()
        self.facts = KeyValuePanel()
        self.lines = MintLines(self.tr("Minted tokens"))
        self.close_button = SecondaryButton(self.tr("Close"))
        self.card_button = PrimaryButton(self.tr("Open card"))
        self.footer = Footer(self.tr("Recorded in the register and on the chain"), self.close_button, self.card_button)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(Space.M)
        for part in (Rule(), self._verdict, self.left_out, self.lines, self.facts, self.footer):
            box.addWidget(part)
        self.close_button.clicked.connect(self.dismissed)
        self.card_button.clicked.connect(lambda: self.card_requested.emit(self.lines.current))
        self.lines.chosen.connect(self.card_requested)

    @property
    def headline(self) -> str:
        """The verdict."""
        return self._verdict.headline.text()

    def show_result(
        self,
        headline: str,
        remark: str,
        facts: Sequence[Fact],
        lines: Sequence[MintLine],
        left_out: Sequence[LeftOutLine] = (),
    ) -> None:
        """Show the facts of the transaction; of several tokens each with its own line, and what it went on without."""
        self._verdict.headline.setText(headline)
        self._verdict.remark.setText(remark)
        self.facts.set_facts(facts)
        self.lines.show_lines((self.tr("Name"), self.tr("Token id"), self.tr("State")), lines)
        self.lines.setVisible(len(lines) > 1)
        self._show_left_out(left_out)
        self.card_button.setFocus()

    def _show_left_out(self, left_out: Sequence[LeftOutLine]) -> None:
        self.left_out.clear()
        if left_out:
            told = self.tr("%Ln assets were left out of the transaction", "", len(left_out))
            shown = tuple(line.sentence for line in left_out[:_LEFT_OUT_SHOWN])
            more = len(left_out) - len(shown)
            rest = self.tr("And %Ln more; the Activity page lists them.", "", more) if more else ""
            self.left_out.show_message(left_out[0].code, told, rest, shown)


class FailurePanel(QWidget):
    """No token exists, said with certainty; `start_over_requested` goes back to the confirmation, `reset_requested`
    carries the reason why the asset shall be a draft again."""

    retry_requested = Signal()
    start_over_requested = Signal()
    reset_requested = Signal(str)
    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._verdict = _Verdict(StageState.FAILED)
        self.error_panel = ErrorPanel()
        self.facts = KeyValuePanel()
        self.trouble_panel = ErrorPanel()
        self.reset_form = ReasonForm(
            self.tr("Why is it reset to a draft?"),
            self.tr("The chain is asked first; where a token exists nothing changes. The reason is kept for good."),
            self.tr("Reset to draft"),
            self.tr("Keep as it is"),
            REASON_MAX_CHARS,
        )
        self.close_button = SecondaryButton(self.tr("Close"))
        self.over_button = SecondaryButton(self.tr("Change and mint again"))
        self.reset_button = SecondaryButton(self.tr("Reset to draft…"))
        self.retry_button = PrimaryButton(self.tr("Retry"))
        self.footer = Footer("", self.close_button, self.over_button, self.reset_button, self.retry_button)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(Space.M)
        for part in (Rule(), self._verdict, self.error_panel, self.facts, self.trouble_panel, self.reset_form):
            box.addWidget(part)
        box.addWidget(self.footer)
        self.close_button.clicked.connect(self.dismissed)
        self.over_button.clicked.connect(self.start_over_requested)
        self.retry_button.clicked.connect(self.retry_requested)
        self.reset_button.clicked.connect(self._on_reset)
        self.reset_form.dismissed.connect(self._close_form)
        self.reset_form.submitted.connect(self.reset_requested)

    @property
    def headline(self) -> str:
        """The verdict."""
        return self._verdict.headline.text()

    def show_failure(
        self,
        headline: str,
        error: IpnftError | None,
        facts: Sequence[Fact],
        *,
        may_retry: bool,
        needs_reset: bool,
        hint: str,
    ) -> None:
        """Show why there is no token; without an error it was cancelled, as was wished."""
        self._verdict.headline.setText(headline)
        self._verdict.mark.set_state(StageState.DONE if error is None else StageState.FAILED)
        if error is None:
            self.error_panel.clear()
        else:
            self.error_panel.show_error(error)
        self.facts.set_facts(facts)
        self.trouble_panel.clear()
        self.retry_button.setVisible(may_retry)
        self._offer_reset(needs_reset)
        self.footer.hint.setText(hint)
        self.set_busy(False)

    def set_busy(self, busy: bool) -> None:
        """While a retry or a reset is on its way, the buttons wait."""
        for button in (self.retry_button, self.over_button, self.reset_button):
            button.setEnabled(not busy)
        self.reset_form.set_busy(busy)

    def show_trouble(self, error: IpnftError) -> None:
        """What was asked for was refused, or could not be done."""
        self.set_busy(False)
        if isinstance(error, ValidationFailed):
            self.reset_form.show_problem(error.problems[0])
            return
        if error.code is ErrorCode.RETRY_LIMIT:
            self.retry_button.hide()
            self._offer_reset(True)
        self.trouble_panel.show_error(error)

    def _offer_reset(self, needs_reset: bool) -> None:
        """Once the attempts are used up an administrator decides, not another press of the same button."""
        self._close_form()
        self.reset_button.setVisible(needs_reset)
        self.over_button.setVisible(not needs_reset)

    def _on_reset(self) -> None:
        self.trouble_panel.clear()
        self.reset_button.hide()
        self.reset_form.ask()

    def _close_form(self) -> None:
        if not self.reset_form.isHidden():
            self.reset_form.hide()
            self.reset_button.show()
