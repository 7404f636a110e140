"""Many NFTs verified at once: how far it is, and then a verdict for each, the red ones first."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.services.bulk_verification import AssetVerdict
from ipnft_desktop.services.verified_facts import VerifiedField
from ipnft_desktop.ui.models.record_model import RecordColumn
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import ColumnWidth, DialogHeight, DialogWidth, Ink, Space, TextSize, Tone, Weight
from ipnft_desktop.ui.widgets.buttons import PrimaryButton, SecondaryButton
from ipnft_desktop.ui.widgets.card import Card
from ipnft_desktop.ui.widgets.cause_words import cause_name, cause_sentence
from ipnft_desktop.ui.widgets.check_box import CheckBox
from ipnft_desktop.ui.widgets.dialog import Dialog
from ipnft_desktop.ui.widgets.dialog_parts import DialogHead, foot
from ipnft_desktop.ui.widgets.error_panel import ErrorPanel
from ipnft_desktop.ui.widgets.inputs import SearchField
from ipnft_desktop.ui.widgets.measures import listed, number_text
from ipnft_desktop.ui.widgets.progress_panel import ProgressPanel
from ipnft_desktop.ui.widgets.record_table import RecordTable
from ipnft_desktop.ui.widgets.text import Text

_AGREES, _DIFFERS, _NOTHING = "✓", "✗", "–"


class VerifyAllDialog(Dialog):
    """Never modal. `card_requested` carries the id of the asset whose card shall be opened."""

    again_requested = Signal()
    stop_requested = Signal()
    export_requested = Signal()
    card_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = self.tr("Verify all that is listed")
        self.setWindowTitle(title)
        self.resize(DialogWidth.XXL, DialogHeight.XL)
        self._verdicts: tuple[AssetVerdict, ...] = ()
        self._head = DialogHead(
            Icon.BADGE_CHECK, title, self.tr("Register, chain and content are compared for each NFT of the list.")
        )
        self.progress = ProgressPanel()
        self.summary = Text("", TextSize.BODY, Weight.SEMIBOLD)
        self.only_red = CheckBox(self.tr("Differences only"))
        self.search = SearchField(self.tr("Name, cause or token id…"))
        self.table = RecordTable[AssetVerdict](
            self.tr("Verdicts"), self._columns(), lambda verdict: verdict.asset_id, _sought, command="verdicts"
        )
        self.error_panel = ErrorPanel()
        self.stop_button = SecondaryButton(self.tr("Stop"), Icon.SQUARE)
        self.export_button = SecondaryButton(self.tr("Export…"), Icon.DOWNLOAD)
        self.again_button = SecondaryButton(self.tr("Verify again"), Icon.REFRESH)
        self.close_button = PrimaryButton(self.tr("Close"))
        self._lay_out()
        self._connect()
        self.show_verdicts(())

    @property
    def verdicts(self) -> tuple[AssetVerdict, ...]:
        """All that were given, in view or not."""
        return self._verdicts

    def show_work(self, what: str) -> None:
        """Something is under way, which can be stopped."""
        self.error_panel.clear()
        self.progress.begin(what)
        self._set_busy(True)

    def end_work(self) -> None:
        """It ended, whichever way."""
        self._set_busy(False)

    def show_verdicts(self, verdicts: Sequence[AssetVerdict]) -> None:
        """Show these."""
        self._verdicts = tuple(verdicts)
        red = sum(not verdict.is_sound for verdict in verdicts)
        if not verdicts:
            told = self.tr("Nothing was verified yet")
        elif red:
            told = self.tr("{0} of %Ln NFTs differ", "", len(verdicts)).format(number_text(red))
        else:
            told = self.tr("All %Ln NFTs agree", "", len(verdicts))
        self.summary.setText(told)
        self.summary.set_ink(Ink.ERROR if red else Ink.OK if verdicts else Ink.MUTED)
        self._refill()
        self._set_busy(False)

    def show_error(self, error: IpnftError) -> None:
        """Say why it ended early."""
        self.error_panel.show_error(error)

    def _set_busy(self, is_busy: bool) -> None:
        self.progress.setVisible(is_busy)
        self.summary.setVisible(not is_busy)
        self.stop_button.setVisible(is_busy)
        self.again_button.setEnabled(not is_busy)
        self.export_button.setEnabled(not is_busy and bool(self._verdicts))

    def _refill(self) -> None:
        only_red = self.only_red.isChecked()
        self.table.show_records([each for each in self._verdicts if not (only_red and each.is_sound)])

    def _columns(self) -> tuple[RecordColumn[AssetVerdict], ...]:
        groups = (
            (self.tr("Owner"), (VerifiedField.OWNER,)),
            (self.tr("Token"), (VerifiedField.TOKEN_ID, VerifiedField.TOKEN_URI)),
            (self.tr("Validity"), (VerifiedField.VALIDITY,)),
            (self.tr("Mined"), (VerifiedField.BLOCK, VerifiedField.TRANSACTION, VerifiedField.GAS_USED)),
            (self.tr("Metadata"), (VerifiedField.METADATA,)),
            (self.tr("Files"), (VerifiedField.ATTACHMENT,)),
        )
        agrees, differs = self.tr("AGREES"), self.tr("DIFFERS")
        return (
            RecordColumn(
                self.tr("Verdict"),
                lambda verdict: agrees if verdict.is_sound else differs,
                ColumnWidth.M,
                lambda verdict: verdict.is_sound,
                tone=lambda verdict: Tone.OK if verdict.is_sound else Tone.ERROR,
            ),
            RecordColumn(
                self.tr("NFT"), lambda verdict: verdict.name, ColumnWidth.L, hover=lambda verdict: verdict.name
            ),
            RecordColumn(self.tr("Why"), _why, hover=_reasons),
            *(
                RecordColumn(title, partial(_mark, fields), ColumnWidth.S + Space.M, partial(_mark, fields))
                for title, fields in groups
            ),
        )

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(Space.M)
        line.addWidget(self.search)
        line.addWidget(self.only_red)
        line.addStretch(1)
        line.addWidget(self.summary)
        card = Card(flush=True)
        card.body.addWidget(self.table)
        buttons = foot(self.stop_button, self.export_button, self.again_button, self.close_button)
        box = QVBoxLayout(self)
        box.setSpacing(Space.M)
        box.addWidget(self._head)
        box.addLayout(line)
        box.addWidget(self.progress)
        box.addWidget(self.error_panel)
        box.addWidget(card, 1)
        box.addLayout(buttons)

    def _connect(self) -> None:
        self.search.search_requested.connect(self.table.search)
        self.only_red.toggled.connect(self._refill)
        self.table.opened.connect(self._on_opened)
        self.stop_button.clicked.connect(self.stop_requested)
        self.export_button.clicked.connect(self.export_requested)
        self.again_button.clicked.connect(self.again_requested)
        self.close_button.clicked.connect(self.accept)

    def _on_opened(self) -> None:
        verdict = self.table.current
        if verdict is not None:
            self.card_requested.emit(verdict.asset_id)


def _mark(fields: Sequence[VerifiedField], verdict: AssetVerdict) -> str:
    agreed = [agrees for field in fields if (agrees := verdict.agrees(field)) is not None]
    return _NOTHING if not agreed else _AGREES if all(agreed) else _DIFFERS


def _why(verdict: AssetVerdict) -> str:
    return listed(cause_name(cause) for cause in verdict.causes)


def _reasons(verdict: AssetVerdict) -> str:
    return "\n".join(cause_sentence(cause) for cause in verdict.causes)


def _sought(verdict: AssetVerdict) -> str:
    return f"{verdict.name} {_why(verdict)} {' '.join(verdict.causes)} {verdict.asset_id.hex} {verdict.asset_id}"
