"""Facts as rows of name and value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QWidget

from ipnft_desktop.ui.theme.tokens import COPY_INSET, Ink, Size, Space, TextSize
from ipnft_desktop.ui.widgets.address_label import AddressLabel
from ipnft_desktop.ui.widgets.copyable_text import CopyableText
from ipnft_desktop.ui.widgets.laid_out_once import laid_out_once
from ipnft_desktop.ui.widgets.tab_order import follow
from ipnft_desktop.ui.widgets.text import ElidedLabel, Text

_Kind = tuple[str, bool, bool]


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


@dataclass(frozen=True, slots=True)
class _Row:
    """The widgets of a fact."""

    widgets: tuple[QWidget, ...]
    show_fact: Callable[[Fact], None]

    def set_visible(self, visible: bool) -> None:
        for widget in self.widgets:
            widget.setVisible(visible)


class KeyValuePanel(QWidget):
    """A short table of facts; `copied` carries what a click copied.

    What was made once for a place and a kind of fact stays, hidden while it is not needed: to change its text takes a
    twentieth of the time that it takes to make and dress another.
    """

    copied = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._facts: tuple[Fact, ...] = ()
        self._rows: list[dict[_Kind, _Row]] = []
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
        """Show other facts. A row whose fact is of the same kind as before keeps the focus in it."""
        former, self._facts = self._facts, tuple(facts)
        with laid_out_once(self._grid):
            for at, (was, fact) in enumerate(zip_longest(former, self._facts)):
                if was != fact:
                    self._change(at, was, fact)

    def _change(self, at: int, was: Fact | None, fact: Fact | None) -> None:
        if was is not None and (fact is None or _kind(was) != _kind(fact)):
            self._rows[at][_kind(was)].set_visible(False)
        if fact is not None:
            self._show(at, fact)
        self._grid.setRowMinimumHeight(at, Space.XL if fact is not None else 0)

    def _show(self, at: int, fact: Fact) -> None:
        if at == len(self._rows):
            self._rows.append({})
        row = self._rows[at].get(_kind(fact))
        if row is None:
            self._rows[at][_kind(fact)] = self._add(at, fact)
            self._order_tabs()
        else:
            row.show_fact(fact)
            row.set_visible(True)

    def _add(self, at: int, fact: Fact) -> _Row:
        name = Text(fact.key, TextSize.CAPTION, ink=Ink.MUTED)
        self._grid.addWidget(name, at, 0)
        if fact.lead:
            led = AddressLabel(fact.copy, fact.lead, name=fact.key, short=fact.value)
            led.copied.connect(self.copied)
            self._grid.addWidget(led, at, 1, 1, 2)
            return _Row((name, led), lambda fact: led.show_address(fact.copy, fact.lead, fact.value))
        if fact.copy:
            value = CopyableText(fact.copy, fact.key, short=fact.value)
            value.copied.connect(self.copied)
            note = ElidedLabel(fact.note, TextSize.CAPTION, ink=Ink.MUTED)
            self._grid.addWidget(value, at, 1, Qt.AlignmentFlag.AlignLeft)
            self._grid.addWidget(note, at, 2)

            def show_copied(fact: Fact) -> None:
                value.set_value(fact.copy, fact.value)
                note.setText(fact.note)

            return _Row((name, value, note), show_copied)
        plain = _Plain()
        plain.show_fact(fact)
        self._grid.addWidget(plain, at, 1, 1, 2)

        def show_plain(fact: Fact) -> None:
            name.setText(fact.key)
            plain.show_fact(fact)

        return _Row((name, plain), show_plain)

    def _order_tabs(self) -> None:
        """From the top, hidden ones too: they come back in their place."""
        widgets = (widget for kinds in self._rows for row in kinds.values() for widget in row.widgets)
        follow(self, (control for widget in widgets for control in (widget, *widget.findChildren(QWidget))))


def _kind(fact: Fact) -> _Kind:
    """What of a row cannot be changed in place: what is copied is called by its name for good."""
    return (fact.key if fact.copy or fact.lead else "", bool(fact.copy), bool(fact.lead))
