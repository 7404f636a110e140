"""Somebody else saved the asset meanwhile: what they saved beside what is typed here, field by field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from ipnft_desktop.domain.asset_changes import Difference, FieldValue, Side
from ipnft_desktop.ui.register.field_words import field_name, value_text
from ipnft_desktop.ui.theme.tokens import ColumnWidth, DialogHeight, DialogWidth, Ink, Space, TextSize, Weight
from ipnft_desktop.ui.widgets.buttons import LinkButton, PrimaryButton, SecondaryButton
from ipnft_desktop.ui.widgets.card import Rule
from ipnft_desktop.ui.widgets.dialog import Dialog
from ipnft_desktop.ui.widgets.inputs import Select
from ipnft_desktop.ui.widgets.measures import local_time
from ipnft_desktop.ui.widgets.plain import plain_tooltip
from ipnft_desktop.ui.widgets.text import ElidedLabel, Text

_SHOWN_CHARS = 240
"""Of a long text; the rest is told on hover."""


class ConflictDialog(Dialog):
    """`settled` carries which side each field is taken from, as a mapping to `Side`. Leaving without it changes
    nothing: what is typed stays in the form."""

    settled = Signal(object)

    def __init__(
        self,
        differences: Sequence[Difference],
        saved_at: datetime,
        enterprises: Mapping[UUID, str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        title = self.tr("This asset was changed meanwhile")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.resize(DialogWidth.XL, DialogHeight.L)
        self._enterprises = enterprises
        self.choices: dict[str, Select] = {}
        self.theirs_button = LinkButton(self.tr("Take all of theirs"))
        self.mine_button = LinkButton(self.tr("Keep all of mine"))
        self.back_button = SecondaryButton(self.tr("Back to the form"))
        self.save_button = PrimaryButton(self.tr("Save this"))
        self._grid = QGridLayout()
        self._lay_out(title, self._explanation(differences, saved_at))
        for difference in differences:
            self._add(difference)
        self._grid.setRowStretch(self._grid.rowCount(), 1)
        undecided = (one.field for one in differences if one.changed_by is Side.BOTH)
        self.choices[next(undecided, differences[0].field)].setFocus()
        self._connect()

    @property
    def chosen(self) -> dict[str, Side]:
        """Which side each field is taken from."""
        return {field: _side(choice) for field, choice in self.choices.items()}

    def _explanation(self, differences: Sequence[Difference], saved_at: datetime) -> str:
        conflicts = sum(difference.changed_by is Side.BOTH for difference in differences)
        said = self.tr("Somebody saved it at {0}. What only one of you changed is merged already.").format(
            local_time(saved_at)
        )
        if not conflicts:
            return said
        return (
            said + " " + self.tr("Changed by both of you: {0}, marked. Decide whose value to take.").format(conflicts)
        )

    def _lay_out(self, title: str, explanation: str) -> None:
        heads = (self.tr("Field"), self.tr("Before"), self.tr("Theirs"), self.tr("Mine"), self.tr("Take"))
        for column, head in enumerate(heads):
            self._grid.addWidget(Text(head, TextSize.CAPTION, Weight.MEDIUM, Ink.MUTED), 0, column)
        for column in (1, 2, 3):
            self._grid.setColumnStretch(column, 1)
        self._grid.setColumnMinimumWidth(0, ColumnWidth.L)
        self._grid.setHorizontalSpacing(Space.M)
        self._grid.setVerticalSpacing(Space.S)
        inner = QWidget()
        inner.setProperty("transparent", True)
        inner.setLayout(self._grid)
        self._grid.setContentsMargins(0, 0, Space.S, 0)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inner)
        foot = QHBoxLayout()
        foot.setSpacing(Space.S)
        foot.addWidget(self.theirs_button)
        foot.addWidget(self.mine_button)
        foot.addStretch(1)
        foot.addWidget(self.back_button)
        foot.addWidget(self.save_button)
        box = QVBoxLayout(self)
        box.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        box.setSpacing(Space.M)
        box.addWidget(Text(title, TextSize.TITLE, Weight.BOLD))
        box.addWidget(Text(explanation, TextSize.BODY, ink=Ink.MUTED, wrap=True))
        box.addWidget(scroll, 1)
        box.addWidget(Rule())
        box.addLayout(foot)

    def _add(self, difference: Difference) -> None:
        line = self._grid.rowCount()
        name = field_name(difference.field, difference.mine, difference.theirs, difference.original)
        is_conflict = difference.changed_by is Side.BOTH
        label = ElidedLabel(name, TextSize.BODY, Weight.SEMIBOLD, Ink.WARN if is_conflict else Ink.FG)
        choice = Select(self.tr("{0}: whose value to take").format(name))
        choice.addItem(self.tr("Keep mine"), Side.MINE)
        choice.addItem(self.tr("Take theirs"), Side.THEIRS)
        choice.setCurrentIndex(choice.findData(Side.THEIRS if difference.changed_by is Side.THEIRS else Side.MINE))
        choice.setFixedWidth(ColumnWidth.L)
        self.choices[difference.field] = choice
        theirs, mine = (self._value(difference.field, value) for value in (difference.theirs, difference.mine))

        def show_taken() -> None:
            takes_theirs = _side(choice) is Side.THEIRS
            theirs.set_ink(Ink.FG if takes_theirs else Ink.MUTED)
            mine.set_ink(Ink.MUTED if takes_theirs else Ink.FG)

        choice.currentIndexChanged.connect(show_taken)
        show_taken()
        before = self._value(difference.field, difference.original)
        before.set_ink(Ink.MUTED)
        for column, widget in enumerate((label, before, theirs, mine, choice)):
            self._grid.addWidget(widget, line, column)

    def _value(self, field: str, value: FieldValue) -> Text:
        full = value_text(field, value, self._enterprises)
        shown = full if len(full) <= _SHOWN_CHARS else f"{full[:_SHOWN_CHARS]}…"
        label = Text(shown, wrap=True)
        label.setToolTip("" if shown == full else plain_tooltip(full))
        return label

    def _connect(self) -> None:
        self.theirs_button.clicked.connect(lambda: self._choose_all(Side.THEIRS))
        self.mine_button.clicked.connect(lambda: self._choose_all(Side.MINE))
        self.back_button.clicked.connect(self.reject)
        self.save_button.clicked.connect(self._on_save)
        for keys in ("Ctrl+Return", "Ctrl+S"):
            QShortcut(QKeySequence(keys), self).activated.connect(self.save_button.click)
        self.save_button.setToolTip(self.tr("Ctrl+Enter"))

    def _choose_all(self, side: Side) -> None:
        for choice in self.choices.values():
            choice.setCurrentIndex(choice.findData(side))

    def _on_save(self) -> None:
        chosen = self.chosen
        self.accept()
        self.settled.emit(chosen)


def _side(choice: Select) -> Side:
    """Qt hands words of an enumeration back as plain text."""
    return Side(choice.currentData())
