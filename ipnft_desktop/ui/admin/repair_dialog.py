"""One finding in full, and what its repair would change, before anything is changed."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QWidget

from ipnft_desktop.domain.reconciliation import Repair
from ipnft_desktop.services.reconciliation_repairs import REASON_MAX_CHARS, RepairPreview
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import DialogWidth, Ink, TextSize
from ipnft_desktop.ui.widgets.cause_words import cause_name, cause_sentence, repair_name, repair_sentence
from ipnft_desktop.ui.widgets.form_dialog import FormDialog
from ipnft_desktop.ui.widgets.inputs import FormField
from ipnft_desktop.ui.widgets.key_value_panel import Fact, KeyValuePanel
from ipnft_desktop.ui.widgets.plain import shorten
from ipnft_desktop.ui.widgets.text import Text


class RepairDialog(FormDialog):
    """`reason` is what was typed where a reason is wanted."""

    def __init__(self, preview: RepairPreview, parent: QWidget | None = None) -> None:
        finding, repair = preview.finding, preview.repair
        super().__init__(
            Icon.PENCIL,
            cause_name(finding.cause),
            cause_sentence(finding.cause),
            repair_name(repair),
            parent,
            width=DialogWidth.M,
        )
        subject = finding.asset_name or (f"0x{finding.token_id:x}" if finding.token_id is not None else "–")
        panel = KeyValuePanel()
        panel.set_facts(
            (
                Fact(self.tr("Subject"), subject),
                self._side(self.tr("Now"), preview.before),
                self._side(self.tr("Then"), preview.after),
            )
        )
        self.add_part(panel)
        self.add_part(Text(repair_sentence(finding.cause, repair), TextSize.BODY, wrap=True))
        undoable = self.tr("It can be taken back.")
        final = self.tr("It follows the chain, or is proved by its address, and is not taken back.")
        self.add_part(Text(undoable if preview.is_undoable else final, TextSize.CAPTION, ink=Ink.MUTED, wrap=True))
        self._reason = QLineEdit()
        self._reason.setMaxLength(REASON_MAX_CHARS)
        if repair is Repair.IGNORE:
            field = FormField(self.tr("Reason"), self._reason, self.tr("Kept in the register and in its audit log."))
            self.add_field("reason", field)

    @property
    def reason(self) -> str:
        """What was typed."""
        return self._reason.text().strip()

    @property
    def is_dirty(self) -> bool:
        """Whether a reason would be lost."""
        return bool(self.reason)

    def _side(self, key: str, text: str) -> Fact:
        return Fact(key, shorten(text), copy=text) if text else Fact(key, "–")
