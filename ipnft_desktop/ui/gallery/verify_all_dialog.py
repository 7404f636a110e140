"""Many NFTs verified at once: how far it is, and meanwhile a verdict for each, the red ones first."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.services.bulk_verification import MOST_ASSETS, AssetVerdict
from ipnft_desktop.ui.gallery.verdict_lines import VerdictLine, lines_of, verdict_columns
from ipnft_desktop.ui.models.arranged_model import ArrangedModel
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import DialogHeight, DialogWidth, Ink, Space, TextSize, Weight
from ipnft_desktop.ui.widgets.buttons import PrimaryButton, SecondaryButton
from ipnft_desktop.ui.widgets.card import Card
from ipnft_desktop.ui.widgets.check_box import CheckBox
from ipnft_desktop.ui.widgets.dialog import Dialog
from ipnft_desktop.ui.widgets.dialog_parts import DialogHead, foot
from ipnft_desktop.ui.widgets.error_panel import ErrorPanel
from ipnft_desktop.ui.widgets.inputs import SearchField
from ipnft_desktop.ui.widgets.measures import number_text
from ipnft_desktop.ui.widgets.progress_panel import ProgressPanel
from ipnft_desktop.ui.widgets.record_table import RecordTable
from ipnft_desktop.ui.widgets.text import Text


class VerifyAllDialog(Dialog):
    """Never modal. `card_requested` carries the id of the asset whose card shall be opened.

    Thousands of lines are arranged aside: whoever runs the dialog answers `model.arrangement_wanted`.
    """

    again_requested = Signal()
    stop_requested = Signal()
    export_requested = Signal()
    card_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None, *, count: int = 0, is_selection: bool = False) -> None:
        """`count` is how many NFTs are to be verified: those selected, or all that is listed."""
        super().__init__(parent)
        if is_selection:
            title = self.tr("Verify %Ln selected NFTs", "", count)
            what = self.tr("Register, chain and content are compared for each NFT of the selection.")
        else:
            title = self.tr("Verify all that is listed")
            what = (
                self.tr("Register, chain and content are compared for each NFT of the list.")
                if count <= MOST_ASSETS
                else self.tr(
                    "Register, chain and content are compared for the first %Ln NFTs of the list.", "", MOST_ASSETS
                )
            )
        self.setWindowTitle(title)
        self.resize(DialogWidth.XXL, DialogHeight.XL)
        self._verdicts: list[AssetVerdict] = []
        self._red = 0
        self._is_busy = self._is_partial = False
        self._head = DialogHead(Icon.BADGE_CHECK, title, what)
        self.progress = ProgressPanel()
        self.summary = Text("", TextSize.BODY, Weight.SEMIBOLD)
        self.only_red = CheckBox(self.tr("Differences only"))
        self.search = SearchField(self.tr("Name, cause or token id…"))
        columns = verdict_columns()
        self.model = ArrangedModel[VerdictLine](columns, lambda line: line.asset_id, lambda line: line.sought, self)
        self.table = RecordTable[VerdictLine](
            self.tr("Verdicts"), columns, lambda line: line.asset_id, model=self.model, command="verdicts"
        )
        self.error_panel = ErrorPanel()
        self.stop_button = SecondaryButton(self.tr("Stop"), Icon.SQUARE)
        self.export_button = SecondaryButton(self.tr("Export…"), Icon.DOWNLOAD)
        self.again_button = SecondaryButton(self.tr("Verify again"), Icon.REFRESH)
        self.close_button = PrimaryButton(self.tr("Close"))
        self._lay_out()
        self._connect()
        self._set_busy(False)

    @property
    def verdicts(self) -> tuple[AssetVerdict, ...]:
        """All that came in, in view or not, in the order of the list."""
        return tuple(self._verdicts)

    def show_work(self, what: str) -> None:
        """Something is under way, which can be stopped."""
        self.error_panel.clear()
        self.progress.begin(what)
        self._set_busy(True)

    def end_work(self) -> None:
        """It ended, whichever way."""
        self._set_busy(False)

    def clear(self) -> None:
        """Verdicts come anew; until `show_whole` they are not all."""
        self._verdicts, self._red, self._is_partial = [], 0, True
        self.model.set_records(())
        self._tell()

    def add_lines(self, lines: Sequence[VerdictLine]) -> None:
        """These came in."""
        self._verdicts += [line.verdict for line in lines]
        self._red += sum(not line.is_sound for line in lines)
        self.table.keep_place(lambda: self.model.add_records(lines))
        self._tell()

    def show_whole(self) -> None:
        """All are here."""
        self._is_partial = False
        self._set_busy(False)

    def show_verdicts(self, verdicts: Sequence[AssetVerdict]) -> None:
        """Show a few at once, which are all."""
        self.clear()
        self.add_lines(lines_of(verdicts))
        self.show_whole()

    def show_error(self, error: IpnftError) -> None:
        """Say why it ended early."""
        self.error_panel.show_error(error)

    def _set_busy(self, is_busy: bool) -> None:
        self._is_busy = is_busy
        self.progress.setVisible(is_busy)
        self.stop_button.setVisible(is_busy)
        self.again_button.setEnabled(not is_busy)
        self.export_button.setEnabled(not is_busy and bool(self._verdicts))
        self._tell()

    def _tell(self) -> None:
        count, red = len(self._verdicts), number_text(self._red)
        if not count:
            told = "" if self._is_busy else self.tr("Nothing was verified yet")
        elif not self._is_partial:
            told = (
                self.tr("{0} of %Ln NFTs differ", "", count).format(red)
                if self._red
                else self.tr("All %Ln NFTs agree", "", count)
            )
        elif self._is_busy:
            told = self.tr("{0} of %Ln NFTs differ so far", "", count).format(red)
        else:
            told = self.tr("Not all were verified: {0} of %Ln NFTs differ", "", count).format(red)
        self.summary.setText(told)
        self.summary.set_ink(Ink.ERROR if self._red else Ink.MUTED if not count or self._is_partial else Ink.OK)

    def _on_only_red(self, wanted: bool) -> None:
        keep = _is_red if wanted else None
        self.table.keep_place(lambda: self.model.narrow(keep))

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
        self.only_red.toggled.connect(self._on_only_red)
        self.table.opened.connect(self._on_opened)
        self.stop_button.clicked.connect(self.stop_requested)
        self.export_button.clicked.connect(self.export_requested)
        self.again_button.clicked.connect(self.again_requested)
        self.close_button.clicked.connect(self.accept)

    def _on_opened(self) -> None:
        line = self.table.current
        if line is not None:
            self.card_requested.emit(line.asset_id)


def _is_red(line: VerdictLine) -> bool:
    return not line.is_sound
