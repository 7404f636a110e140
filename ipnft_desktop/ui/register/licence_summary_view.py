"""Licence terms in plain words, in either language."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ipnft_desktop.domain.assets import LicenceTerms
from ipnft_desktop.domain.licence_summary import Sentence, licence_summary, licence_warnings
from ipnft_desktop.ui.language import Language, language
from ipnft_desktop.ui.theme.tokens import Ink, Space, TextSize
from ipnft_desktop.ui.widgets.buttons import LinkButton
from ipnft_desktop.ui.widgets.text import Text


class LicenceSummaryView(QWidget):
    """One sentence a term and what is seldom meant, with a way to the other language."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._terms: LicenceTerms | None = None
        self._in_chinese = language().current is Language.ZH
        self._summary = Text("", TextSize.CAPTION, wrap=True)
        self._warnings = Text("", TextSize.CAPTION, ink=Ink.WARN, wrap=True)
        self.language_button = LinkButton()
        self.language_button.clicked.connect(self._on_language)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.XS)
        column.addWidget(self._summary)
        column.addWidget(self._warnings)
        column.addWidget(self.language_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.show_terms(None)

    @property
    def text(self) -> str:
        """The terms in plain words, or nothing while they cannot be read."""
        return self._summary.text()

    @property
    def warnings(self) -> str:
        """What is allowed and seldom meant, or nothing."""
        return self._warnings.text()

    def show_terms(self, terms: LicenceTerms | None) -> None:
        """Show what these terms come to; None where they cannot be read."""
        self._terms = terms
        today = date.today()  # noqa: DTZ011 - a person's own calendar day
        self._summary.setText("" if terms is None else self._said(licence_summary(terms)))
        self._warnings.setText("" if terms is None else self._said(licence_warnings(terms, today)))
        self._summary.setVisible(terms is not None)
        self._warnings.setVisible(bool(self._warnings.text()))
        self.language_button.setVisible(terms is not None)
        self.language_button.setText(self.tr("In English") if self._in_chinese else self.tr("In Chinese · 中文"))

    def _said(self, sentences: tuple[Sentence, ...]) -> str:
        return "\n".join(sentence.zh if self._in_chinese else sentence.en for sentence in sentences)

    def _on_language(self) -> None:
        self._in_chinese = not self._in_chinese
        self.show_terms(self._terms)
