"""One finding in full, and what its repair would change, before anything is changed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QLineEdit, QWidget

from ipnft_desktop.domain.asset_changes import Difference, FieldValue
from ipnft_desktop.domain.assets import Attachment
from ipnft_desktop.domain.errors import FieldProblem, ProblemKind
from ipnft_desktop.domain.reconciliation import Repair
from ipnft_desktop.services.repair_parts import REASON_MAX_CHARS, RepairPreview
from ipnft_desktop.ui.register.field_words import field_name, value_text
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import DialogWidth, Ink, TextSize
from ipnft_desktop.ui.widgets.buttons import SecondaryButton
from ipnft_desktop.ui.widgets.cause_words import cause_name, cause_sentence, repair_name, repair_sentence
from ipnft_desktop.ui.widgets.file_dialogs import ask_for_files
from ipnft_desktop.ui.widgets.form_dialog import FormDialog
from ipnft_desktop.ui.widgets.inputs import FormField
from ipnft_desktop.ui.widgets.key_value_panel import Fact, KeyValuePanel
from ipnft_desktop.ui.widgets.phrases import say
from ipnft_desktop.ui.widgets.plain import shorten
from ipnft_desktop.ui.widgets.text import Text

FITS_ONE_ROW_CHARS = 40
MOST_FIELDS = 10
"""Fields that are shown from and to; the audit log has all of them afterwards."""


class RepairDialog(FormDialog):
    """`reason` and `file` are what was entered where they are wanted."""

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
        self._preview = preview
        self.panel = KeyValuePanel()
        self.panel.set_facts((Fact(self.tr("Subject"), self._subject()), *self._facts()))
        self.add_part(self.panel)
        if (hidden := len(preview.fields) - MOST_FIELDS) > 0:
            self.add_part(Text(self.tr("%Ln more fields", "", hidden), TextSize.CAPTION, ink=Ink.MUTED))
        if preview.told is not None:
            self.add_part(Text(say(preview.told), TextSize.BODY, wrap=True))
        self.add_part(Text(repair_sentence(repair), TextSize.BODY, wrap=True))
        undoable = self.tr("It can be taken back.")
        final = self.tr("It follows the chain, or is proved by its address, and is not taken back.")
        self.add_part(Text(undoable if preview.is_undoable else final, TextSize.CAPTION, ink=Ink.MUTED, wrap=True))
        self._reason, self._file = QLineEdit(), QLineEdit()
        self._reason.setMaxLength(REASON_MAX_CHARS)
        self.browse_button = SecondaryButton(self.tr("Choose the original file…"), Icon.FOLDER_OPEN)
        if repair is Repair.IGNORE:
            hint = self.tr("Kept in the register and in its audit log.")
            self.add_field("reason", FormField(self.tr("Reason"), self._reason, hint))
        if preview.takes_file:
            hint = self.tr("Taken only if its address is the one on record; its name does not matter.")
            self.add_field("file", FormField(self.tr("Original file"), self._file, hint))
            self.add_part(self.browse_button)
            self.browse_button.clicked.connect(self._on_browse)

    @property
    def reason(self) -> str:
        """What was typed."""
        return self._reason.text().strip()

    @property
    def file(self) -> Path | None:
        """The file that was chosen."""
        path = self._file.text().strip()
        return Path(path) if path else None

    @property
    def is_dirty(self) -> bool:
        """Whether something entered would be lost."""
        return bool(self.reason or self.file)

    def check(self) -> bool:
        """Whether what is wanted was entered; says what is not."""
        if self._preview.needs_file and self.file is None:
            self.show_problems((FieldProblem("file", ProblemKind.REQUIRED),))
            return False
        return True

    def set_busy(self, busy: bool) -> None:
        """While it is carried out nothing can be changed."""
        super().set_busy(busy)
        self.browse_button.setEnabled(not busy)

    def _subject(self) -> str:
        finding = self._preview.finding
        if finding.asset_name:
            return f"{finding.asset_name} · {finding.subject}" if finding.subject else finding.asset_name
        return f"0x{finding.token_id:x}" if finding.token_id is not None else "–"

    def _facts(self) -> list[Fact]:
        if self._preview.fields:
            return [fact for one in self._preview.fields[:MOST_FIELDS] for fact in self._field(one)]
        return [self._side(self.tr("Now"), self._preview.before), self._side(self.tr("Then"), self._preview.after)]

    def _field(self, one: Difference) -> tuple[Fact, ...]:
        """From and to of a field, in two rows where they are long; of a file that is called the same, what tells the
        two apart."""
        now, then = (value_text(one.field, value, self._preview.enterprises) for value in (one.theirs, one.mine))
        if now == then:
            now, then = (_apart(value) for value in (one.theirs, one.mine))
        now, then = (" ".join(text.split()) for text in (now, then))
        key = field_name(one.field, one.theirs, one.mine)
        if len(now) + len(then) <= FITS_ONE_ROW_CHARS:
            return (Fact(key, f"{now} → {then}"),)
        return Fact(key, now), Fact("", f"→ {then}")

    def _side(self, key: str, text: str) -> Fact:
        return Fact(key, _short(text), copy=text) if text else Fact(key, "–")

    def _on_browse(self) -> None:
        ask_for_files(self, self.tr("Original file"), self._on_files, several=False)

    def _on_files(self, files: Sequence[Path]) -> None:
        if files:
            self._file.setText(str(files[0]))
            self.fields["file"].recheck()


def _short(text: str) -> str:
    """Of an address of metadata the directory, which is what differs; its file is named by the asset."""
    scheme, slashes, path = text.partition("://")
    directory, slash, _ = path.partition("/")
    return f"{scheme}{slashes}{shorten(directory)}/…" if slash else shorten(text)


def _apart(value: FieldValue) -> str:
    if not isinstance(value, Attachment):
        return "–"
    return " · ".join((shorten(value.cid), shorten(value.sha256.hex()), str(value.size_bytes)))
