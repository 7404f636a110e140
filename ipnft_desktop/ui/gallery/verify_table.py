"""The verify table: register, chain and content store side by side."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from ipnft_desktop.services.verified_facts import ABSENT, VerifiedFact, VerifiedField, Witness
from ipnft_desktop.ui.theme.icons import Icon, icon_pixmap
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import Ink, Size, Space, TextSize, Tone, Weight
from ipnft_desktop.ui.validity.wording import validity_word
from ipnft_desktop.ui.widgets.card import Rule
from ipnft_desktop.ui.widgets.cause_words import cause_sentence
from ipnft_desktop.ui.widgets.copyable_text import CopyableText
from ipnft_desktop.ui.widgets.error_words import joined
from ipnft_desktop.ui.widgets.plain import plain_tooltip, shorten
from ipnft_desktop.ui.widgets.tab_order import follow_inside
from ipnft_desktop.ui.widgets.text import ElidedLabel, Text

_MARK_WIDTH = Size.TAG + Space.S
_SCHEME = "ipfs://"
_SHOWN = 4, 2
"""First and last characters: three values share the width of the card."""
_DASH = "–"


class Verdict(QWidget):
    """A pill with a tick or a cross."""

    def __init__(self, matches: bool, name: str) -> None:
        super().__init__()
        self._matches = matches
        self.setFixedSize(_MARK_WIDTH, Size.TAG)
        self.setAccessibleName(name)
        self.setToolTip(plain_tooltip(name))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        tone, icon, ink = (Tone.OK, Icon.CHECK, Ink.OK) if self._matches else (Tone.ERROR, Icon.X, Ink.ERROR)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme().tokens.tone(tone)[1]))
        painter.drawRoundedRect(QRectF(self.rect()), Size.TAG / 2, Size.TAG / 2)
        left, top = (_MARK_WIDTH - Size.ICON_SMALL) // 2, (Size.TAG - Size.ICON_SMALL) // 2
        painter.drawPixmap(left, top, icon_pixmap(icon, ink, Size.ICON_SMALL))
        painter.end()


class VerifyTable(QFrame):
    """One line a fact: its name, what each of the three says in short (full on hover, copied by a click), and whether
    they agree; on hover of the mark why not."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._facts: tuple[VerifiedFact, ...] = ()
        self.setProperty("tile", True)
        self.setAccessibleName(self.tr("Verification"))
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(Space.S)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnMinimumWidth(0, Space.XL * 3)
        for column, title in enumerate(
            (self.tr("Fact"), self.tr("Register"), self.tr("Chain"), self.tr("Content"), "")
        ):
            head = Text(title, TextSize.CAPTION, Weight.MEDIUM, Ink.MUTED)
            head.setContentsMargins(Space.M if column == 0 else 0, 0, 0, 0)
            self._grid.addWidget(head, 0, column)
        self._grid.setRowMinimumHeight(0, Size.TABLE_HEADER)

    @property
    def facts(self) -> tuple[VerifiedFact, ...]:
        """What is shown."""
        return self._facts

    def show_facts(self, facts: Sequence[VerifiedFact]) -> None:
        """Show other lines."""
        if tuple(facts) == self._facts:
            return
        self._clear()
        self._facts = tuple(facts)
        for at, fact in enumerate(self._facts):
            self._add(1 + 2 * at, fact)
        self.setVisible(bool(self._facts))
        follow_inside(self)

    def _add(self, line: int, fact: VerifiedFact) -> None:
        name = self._name(fact)
        title = ElidedLabel(name, TextSize.CAPTION, ink=Ink.MUTED)
        title.setContentsMargins(Space.M, 0, 0, 0)
        self._grid.addWidget(Rule(), line, 0, 1, 5)
        self._grid.addWidget(title, line + 1, 0)
        self._grid.addWidget(_side(fact, fact.register, f"{name}, {self.tr('register')}"), line + 1, 1)
        witnessed, other = (2, 3) if fact.witness is Witness.CHAIN else (3, 2)
        self._grid.addWidget(_side(fact, fact.witnessed, f"{name}, {self._witness(fact)}"), line + 1, witnessed)
        self._grid.addWidget(_side(fact, ABSENT, ""), line + 1, other)
        verdict = self.tr("{0}: {1} agrees") if fact.matches else self.tr("{0}: {1} differs")
        told = verdict.format(name, self._witness(fact))
        mark = Verdict(fact.matches, joined(told, cause_sentence(fact.cause)) if fact.cause else told)
        self._grid.addWidget(mark, line + 1, 4, Qt.AlignmentFlag.AlignCenter)
        self._grid.setRowMinimumHeight(line + 1, Size.TABLE_HEADER)
        self._grid.setColumnMinimumWidth(4, _MARK_WIDTH + Space.S)

    def _clear(self) -> None:
        for row in range(1, self._grid.rowCount()):
            self._grid.setRowMinimumHeight(row, 0)
            for column in range(self._grid.columnCount()):
                item = self._grid.itemAtPosition(row, column)
                widget = item.widget() if item is not None else None
                if widget is not None:
                    self._grid.removeWidget(widget)
                    widget.hide()
                    widget.deleteLater()

    def _name(self, fact: VerifiedFact) -> str:
        names = {
            VerifiedField.OWNER: self.tr("Owner"),
            VerifiedField.TOKEN_ID: self.tr("Token id"),
            VerifiedField.TOKEN_URI: self.tr("Token URI"),
            VerifiedField.VALIDITY: self.tr("Validity"),
            VerifiedField.BLOCK: self.tr("Block"),
            VerifiedField.TRANSACTION: self.tr("Transaction"),
            VerifiedField.GAS_USED: self.tr("Gas used"),
            VerifiedField.METADATA: self.tr("Metadata"),
            VerifiedField.ATTACHMENT: fact.subject,
        }
        return names[fact.field]

    def _witness(self, fact: VerifiedFact) -> str:
        return self.tr("chain") if fact.witness is Witness.CHAIN else self.tr("content store")


def _side(fact: VerifiedFact, value: str, name: str) -> QWidget:
    if value == ABSENT:
        return Text(_DASH, TextSize.CAPTION, ink=Ink.MUTED)
    return CopyableText(value, name, short=_short(fact.field, value))


def _short(field: VerifiedField, value: str) -> str:
    match field:
        case VerifiedField.BLOCK:
            return value.split(" ", 1)[0]
        case VerifiedField.TOKEN_URI:
            return shorten(value.removeprefix(_SCHEME), *_SHOWN)
        case VerifiedField.VALIDITY:
            return validity_word(value)[0]
        case _:
            return shorten(value, *_SHOWN)
