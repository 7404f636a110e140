"""One row of the audit log in full: who, when, what, and each field's old and new value."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ipnft_desktop.domain.audit import AuditEntry
from ipnft_desktop.ui.theme.tokens import Ink, Size, Space, TextSize, Weight
from ipnft_desktop.ui.widgets.card import Card, Rule
from ipnft_desktop.ui.widgets.key_value_panel import Fact, KeyValuePanel
from ipnft_desktop.ui.widgets.measures import local_time, utc_time
from ipnft_desktop.ui.widgets.people_words import actor_name
from ipnft_desktop.ui.widgets.plain import shorten
from ipnft_desktop.ui.widgets.scrolling_column import ScrollingColumn
from ipnft_desktop.ui.widgets.text import Text

_LONG = 26
"""From this many characters on a value is shortened, and copied in full by a click."""


class AuditDetail(Card):
    """Shows a row, or asks to choose one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, flush=True)
        self.setFixedWidth(Size.SIDE_PANEL)
        self.setAccessibleName(self.tr("Row of the audit log"))
        self._title = Text("", TextSize.LEAD, Weight.BOLD, mono=True, wrap=True)
        self._about = Text("", TextSize.CAPTION, ink=Ink.MUTED, wrap=True)
        self._facts = KeyValuePanel()
        self._changes = QVBoxLayout()
        self._changes.setSpacing(Space.S)
        self._changed: tuple[tuple[str, str | None, str | None], ...] = ()
        scroll = ScrollingColumn()
        column = scroll.column
        column.setContentsMargins(Space.L, Space.L, Space.L, Space.L)
        for part in (self._title, self._about, self._facts):
            column.addWidget(part)
        column.addLayout(self._changes)
        column.addStretch(1)
        self.body.addWidget(scroll)
        self.show_entry(None)

    @property
    def changes(self) -> tuple[tuple[str, str | None, str | None], ...]:
        """Field, old and new value of each change shown."""
        return self._changed

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What is shown besides."""
        return self._facts.facts

    def show_entry(self, entry: AuditEntry | None) -> None:
        """Show another row; None asks to choose one."""
        self._clear_changes()
        if entry is None:
            self._title.setText("")
            self._about.setText(self.tr("Choose a row to see what it says in full."))
            self._facts.set_facts(())
            return
        line = entry.line
        self._title.setText(line.action)
        self._about.setText(
            self.tr("Row {0} · {1} · {2}").format(entry.audit_id, actor_name(line.actor), local_time(line.at))
        )
        self._facts.set_facts(self._facts_of(entry))
        self._changed = tuple((field, old, new) for field, (old, new) in line.changes.items())
        for field, old, new in self._changed:
            self._add_change(field, old, new)

    def _facts_of(self, entry: AuditEntry) -> tuple[Fact, ...]:
        line = entry.line
        facts = [Fact(self.tr("Time"), utc_time(line.at), copy=line.at.isoformat())]
        if line.subject:
            facts.append(_fact(self.tr("Subject"), line.subject))
        facts += [_fact(name, value) for name, value in line.facts.items()]
        if entry.mac:
            facts.append(_fact(self.tr("Seal"), entry.mac.hex()))
            facts.append(_fact(self.tr("Key"), entry.key_id or ""))
        else:
            facts.append(Fact(self.tr("Seal"), self.tr("none: from before rows were sealed")))
        return tuple(facts)

    def _add_change(self, field: str, old: str | None, new: str | None) -> None:
        nothing = self.tr("(nothing)")
        self._changes.addWidget(Rule())
        self._changes.addWidget(Text(field, TextSize.CAPTION, Weight.SEMIBOLD))
        for mark, value, ink in (("–", old, Ink.ERROR), ("+", new, Ink.OK)):
            shown = nothing if value is None else value
            text = Text(f"{mark} {shown}", TextSize.CAPTION, ink=ink, wrap=True)
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._changes.addWidget(text)

    def _clear_changes(self) -> None:
        self._changed = ()
        while (item := self._changes.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()


def _fact(name: str, value: str) -> Fact:
    if len(value) <= _LONG and not value.startswith("0x"):
        return Fact(name, value)
    is_word = " " not in value
    return Fact(name, shorten(value, 10, 6) if is_word else f"{value[:_LONG]}…", copy=value)
