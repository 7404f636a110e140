"""Facts as rows of name and value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QWidget

from ipnft_desktop.ui.theme.tokens import COPY_INSET, Ink, Size, Space, TextSize
from ipnft_desktop.ui.widgets.address_label import AddressLabel
from ipnft_desktop.ui.widgets.copyable_text import CopyableText
from ipnft_desktop.ui.widgets.tab_order import follow_inside
from ipnft_desktop.ui.widgets.text import ElidedLabel, Text


@dataclass(frozen=True, slots=True)
class Fact:
    """One row.

    `value` is what is read; `copy` is the full text a click copies, shown monospaced with `value` as its short form;
    `note` stands muted behind the value, `lead` before what is copied: the label of an address.
    """

    key: str
    value: str
    copy: str = ""
    note: str = ""
    lead: str = ""


class _Plain(QWidget):
    """A value that is not copied, and the note that follows it closely."""

    def __init__(self) -> None:
        super().__init__()
        self._value = ElidedLabel("", TextSize.CAPTION)
        self._value.setContentsMargins(COPY_INSET, 0, 0, 0)
        # As wide as its text where there is room.
        self._value.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._note = ElidedLabel("", TextSize.CAPTION, ink=Ink.MUTED)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(Space.XS)
        line.addWidget(self._value)
        line.addWidget(self._note, 1)

    def show_fact(self, fact: Fact) -> None:
        self._value.setText(fact.value)
        self._note.setText(fact.note)


class KeyValuePanel(QWidget):
    """A short table of facts; `copied` carries what a click copied."""

    copied = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._facts: tuple[Fact, ...] = ()
        self._plain: dict[int, _Plain] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(Space.M)
        self._grid.setVerticalSpacing(Space.XS)
        self._grid.setColumnMinimumWidth(0, Size.FACT_NAME)
        self._grid.setColumnStretch(2, 1)

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What is shown."""
        return self._facts

    def set_facts(self, facts: Sequence[Fact]) -> None:
        """Show other facts. Rows whose values alone are different keep their place, and the focus in them."""
        former, self._facts = self._facts, tuple(facts)
        if self._facts == former:
            return
        if [_frame(fact) for fact in former] == [_frame(fact) for fact in self._facts]:
            for row, fact in enumerate(self._facts):
                if row in self._plain:
                    self._plain[row].show_fact(fact)
            return
        self._clear()
        for row, fact in enumerate(self._facts):
            self._add(row, fact)
        follow_inside(self)

    def _add(self, row: int, fact: Fact) -> None:
        self._grid.setRowMinimumHeight(row, Space.XL)
        self._grid.addWidget(Text(fact.key, TextSize.CAPTION, ink=Ink.MUTED), row, 0)
        if fact.lead:
            led = AddressLabel(fact.copy, fact.lead, name=fact.key, short=fact.value)
            led.copied.connect(self.copied)
            self._grid.addWidget(led, row, 1, 1, 2)
        elif fact.copy:
            value = CopyableText(fact.copy, fact.key, short=fact.value)
            value.copied.connect(self.copied)
            self._grid.addWidget(value, row, 1, Qt.AlignmentFlag.AlignLeft)
            if fact.note:
                self._grid.addWidget(ElidedLabel(fact.note, TextSize.CAPTION, ink=Ink.MUTED), row, 2)
        else:
            self._plain[row] = _Plain()
            self._plain[row].show_fact(fact)
            self._grid.addWidget(self._plain[row], row, 1, 1, 2)

    def _clear(self) -> None:
        self._plain.clear()
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for row in range(self._grid.rowCount()):
            self._grid.setRowMinimumHeight(row, 0)


def _frame(fact: Fact) -> Fact:
    """What of a row cannot be changed in place: all of one that is copied, the name of one that is read."""
    return fact if fact.copy or fact.lead else Fact(fact.key, "")
