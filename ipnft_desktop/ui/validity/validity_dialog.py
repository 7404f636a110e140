"""Asks for the reason of a change of validity, of one certificate or of many, and follows it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QWidget

from ipnft_desktop.domain.certificates import Validity, check_reason
from ipnft_desktop.ui.theme.fonts import text_font
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import Ink, Size, TextSize
from ipnft_desktop.ui.validity.wording import change_action, change_sentence, change_title
from ipnft_desktop.ui.widgets.buttons import LinkButton
from ipnft_desktop.ui.widgets.form_dialog import FormDialog
from ipnft_desktop.ui.widgets.inputs import FormField
from ipnft_desktop.ui.widgets.measures import number_text
from ipnft_desktop.ui.widgets.progress_bar import ProgressBar
from ipnft_desktop.ui.widgets.text import Text


class ValidityDialog(FormDialog):
    """`stop_requested` ends a change of many behind the one under way."""

    stop_requested = Signal()

    def __init__(
        self, validity: Validity, name: str, former: str, count: int = 1, parent: QWidget | None = None
    ) -> None:
        """`name` is of the asset, `former` how its certificate stands; both empty for many."""
        super().__init__(
            Icon.BADGE_CHECK,
            change_title(validity),
            change_sentence(validity, former),
            change_action(validity),
            parent,
        )
        self._validity = validity
        self.editor = QPlainTextEdit()
        self.editor.setFont(text_font(TextSize.BODY))
        self.editor.setTabChangesFocus(True)
        self.editor.setFixedHeight(3 * Size.CONTROL)
        about = name or self.tr("%Ln assets", "", count)
        self.add_part(Text(about, TextSize.BODY, wrap=True))
        self.add_field(
            "reason",
            FormField(
                self.tr("Reason"),
                self.editor,
                self.tr("Kept in the register; its hash goes onto the chain. Evidence has the hash, not the words."),
            ),
        )
        self.add_part(
            Text(
                self.tr("One transaction each, signed by the program's account, for good on the chain."),
                TextSize.CAPTION,
                ink=Ink.MUTED,
                wrap=True,
            )
        )
        self._count = count
        self.progress = ProgressBar(self.tr("Progress"), self)
        self.stop_button = LinkButton(self.tr("Cancel the rest"))
        self.stop_button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        for part in (self.progress, self.stop_button):
            self.add_part(part)
            part.hide()
        self.stop_button.clicked.connect(self._on_stop)
        keys = QShortcut(QKeySequence("Ctrl+Return"), self)
        keys.activated.connect(self.submit_button.click)
        self.editor.textChanged.connect(self.fields["reason"].recheck)
        self.editor.setFocus()

    @property
    def reason(self) -> str:
        """As it was written."""
        return self.editor.toPlainText().strip()

    @property
    def validity(self) -> Validity:
        """What is wanted."""
        return self._validity

    @property
    def is_dirty(self) -> bool:
        """A reason is not lost without being asked."""
        return bool(self.reason)

    def set_busy(self, busy: bool) -> None:
        """While it is on its way, of many how far they are."""
        super().set_busy(busy)
        for part in (self.progress, self.stop_button):
            part.setVisible(busy and self._count > 1)
        self.stop_button.setEnabled(True)
        if busy:
            self.show_progress(0)

    def show_progress(self, done: int) -> None:
        """So many of all are done."""
        self.progress.setValue(100 * done // max(1, self._count))
        self.progress.setAccessibleDescription(
            self.tr("{0} of {1}").format(number_text(done), number_text(self._count))
        )

    def _on_submit(self) -> None:
        if problems := check_reason(self.reason):
            self.show_problems(problems)
        else:
            super()._on_submit()

    def _on_stop(self) -> None:
        self.stop_button.setEnabled(False)
        self.stop_requested.emit()
