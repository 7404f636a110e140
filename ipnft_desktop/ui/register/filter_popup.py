"""The popup in which a list is narrowed: boxes to tick and days to write. Every change counts at once."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from ipnft_desktop.domain.assets import AssetQuery, AssetType, DaySpan, LegalStatus
from ipnft_desktop.ui.theme.tokens import Ink, Size, Space, TextSize, Weight
from ipnft_desktop.ui.widgets.asset_words import legal_status_name, type_name
from ipnft_desktop.ui.widgets.buttons import LinkButton, SecondaryButton
from ipnft_desktop.ui.widgets.check_box import CheckBox
from ipnft_desktop.ui.widgets.inputs import FormField
from ipnft_desktop.ui.widgets.measures import labelled_text
from ipnft_desktop.ui.widgets.plain import plain_tooltip
from ipnft_desktop.ui.widgets.tab_order import follow
from ipnft_desktop.ui.widgets.text import Text

_FILTER_FROM = 8
"""From so many enterprises on there is a field that finds one."""


class FilterPopup(QFrame):
    """`changed` carries the `AssetQuery` with what is chosen here; its text, states and order are left alone."""

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("toast", True)
        self.setAccessibleName(self.tr("Filter"))
        self._query = AssetQuery()
        self.types = _Boxes(self.tr("Type"))
        self.types.set_choices({kind: type_name(kind) for kind in AssetType})
        self.legal_statuses = _Boxes(self.tr("Legal status"))
        self.legal_statuses.set_choices({status: legal_status_name(status) for status in LegalStatus})
        self.enterprises = _Boxes(self.tr("Enterprise"), can_search=True)
        self.created = _Days(self.tr("Registered"))
        self.creation = _Days(self.tr("Made"))
        self.clear_button = LinkButton(self.tr("Clear all"))
        self.close_button = SecondaryButton(self.tr("Close"))
        self._lay_out()
        for part in (self.types, self.legal_statuses, self.enterprises, self.created, self.creation):
            part.changed.connect(self._on_changed)
        self.clear_button.clicked.connect(self._on_clear)
        self.close_button.clicked.connect(self.hide)

    def set_enterprises(self, names: Mapping[UUID, str]) -> None:
        """Offer these enterprises."""
        self.enterprises.set_choices(names)
        self.show_query(self._query)

    def show_query(self, query: AssetQuery) -> None:
        """Show what narrows a search, without reporting it back."""
        self._query = query
        self.types.show_chosen(query.types)
        self.legal_statuses.show_chosen(query.legal_statuses)
        self.enterprises.show_chosen(query.enterprise_ids)
        self.created.show_span(query.created)
        self.creation.show_span(query.creation)

    def _lay_out(self) -> None:
        days = QVBoxLayout()
        days.setSpacing(Space.M)
        for part in (self.created, self.creation):
            days.addWidget(part)
        days.addStretch(1)
        columns = QHBoxLayout()
        columns.setSpacing(Space.XL)
        for boxes in (self.types, self.legal_statuses, self.enterprises):
            columns.addWidget(boxes)
        columns.addLayout(days)
        foot = QHBoxLayout()
        foot.addWidget(Text(self.tr("Nothing ticked means all."), TextSize.CAPTION, ink=Ink.MUTED), 1)
        foot.addWidget(self.clear_button)
        foot.addWidget(self.close_button)
        box = QVBoxLayout(self)
        box.setContentsMargins(Space.L, Space.L, Space.L, Space.M)
        box.setSpacing(Space.M)
        box.addLayout(columns)
        box.addLayout(foot)

    def _on_changed(self) -> None:
        query = replace(
            self._query,
            types=self.types.chosen,
            legal_statuses=self.legal_statuses.chosen,
            enterprise_ids=self.enterprises.chosen,
            created=self.created.span,
            creation=self.creation.span,
        )
        if query != self._query:
            self._query = query
            self.changed.emit(query)

    def _on_clear(self) -> None:
        plain = AssetQuery()
        self.show_query(
            replace(
                self._query,
                types=plain.types,
                legal_statuses=plain.legal_statuses,
                enterprise_ids=plain.enterprise_ids,
                created=plain.created,
                creation=plain.creation,
            )
        )
        self.changed.emit(self._query)


class _Boxes(QWidget):
    """Choices to tick under a title."""

    changed = Signal()

    def __init__(self, title: str, *, can_search: bool = False) -> None:
        super().__init__()
        self._title = title
        self.boxes: dict[Hashable, CheckBox] = {}
        self._list = QVBoxLayout()
        self._list.setSpacing(Space.S)
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Find"))
        self.search.setAccessibleName(self.tr("Find: {0}").format(title))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._on_search)
        self.search.hide()
        self._can_search = can_search
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(Space.S)
        box.addWidget(Text(title, TextSize.CAPTION, Weight.SEMIBOLD, Ink.MUTED))
        box.addWidget(self.search)
        if can_search:
            box.addWidget(self._scrolling(), 1)
        else:
            box.addLayout(self._list)
            box.addStretch(1)

    @property
    def chosen(self) -> frozenset[Any]:
        """What is ticked."""
        return frozenset(choice for choice, box in self.boxes.items() if box.isChecked())

    def set_choices(self, choices: Mapping[Any, str]) -> None:
        """Offer these, in this order; nothing is ticked. Many take long to make, so those that are there stay."""
        if {choice: box.text() for choice, box in self.boxes.items()} == dict(choices):
            self.show_chosen(frozenset())
            return
        while (item := self._list.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self.boxes = {choice: CheckBox(words) for choice, words in choices.items()}
        for choice, box in self.boxes.items():
            box.setAccessibleName(labelled_text(self._title, choices[choice]))
            box.setToolTip(plain_tooltip(choices[choice]))  # a long name is cut
            box.toggled.connect(self.changed)
            self._list.addWidget(box)
        follow(self.search, self.boxes.values())
        self.search.setVisible(self._can_search and len(self.boxes) > _FILTER_FROM)

    def show_chosen(self, chosen: frozenset[Any]) -> None:
        """Tick these without reporting it back."""
        for choice, box in self.boxes.items():
            box.blockSignals(True)
            box.setChecked(choice in chosen)
            box.blockSignals(False)

    def _scrolling(self) -> QScrollArea:
        ground = QWidget()
        ground.setProperty("transparent", True)
        inner = QVBoxLayout(ground)
        inner.setContentsMargins(0, 0, Space.S, 0)
        inner.addLayout(self._list)
        inner.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setMinimumWidth(Size.FIELD)
        area.setFixedHeight(7 * Size.TABLE_ROW)
        area.setWidget(ground)
        return area

    def _on_search(self, text: str) -> None:
        wanted = text.strip().casefold()
        for box in self.boxes.values():
            box.setVisible(wanted in box.text().casefold())


class _Days(QWidget):
    """The first and the last day of a span, either of which may be left open."""

    changed = Signal()

    def __init__(self, title: str) -> None:
        super().__init__()
        self.first = FormField(self.tr("From"), QLineEdit())
        self.last = FormField(self.tr("To"), QLineEdit())
        line = QHBoxLayout()
        line.setSpacing(Space.S)
        for field, edit in zip((self.first, self.last), self._edits, strict=True):
            edit.setPlaceholderText(self.tr("YYYY-MM-DD"))
            edit.setAccessibleName(labelled_text(title, edit.accessibleName()))
            edit.setFixedWidth(Size.FIELD_NARROW)
            edit.textChanged.connect(self._on_changed)
            line.addWidget(field, alignment=Qt.AlignmentFlag.AlignTop)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(Space.XS)
        box.addWidget(Text(title, TextSize.CAPTION, Weight.SEMIBOLD, Ink.MUTED))
        box.addLayout(line)

    @property
    def span(self) -> DaySpan:
        """The days; what cannot be read bounds nothing."""
        return DaySpan(*[_day(edit.text()) for edit in self._edits])

    def show_span(self, span: DaySpan) -> None:
        """Show these days without reporting it back. What is being typed stays while it means the same."""
        for edit, day in zip(self._edits, (span.first, span.last), strict=True):
            if _day(edit.text()) != day:
                edit.blockSignals(True)
                edit.setText(day.isoformat() if day else "")
                edit.blockSignals(False)
        self._mark()

    @property
    def _edits(self) -> Sequence[QLineEdit]:
        edits = (self.first.editor, self.last.editor)
        return [edit for edit in edits if isinstance(edit, QLineEdit)]

    def _mark(self) -> None:
        for field, edit in zip((self.first, self.last), self._edits, strict=True):
            text = edit.text().strip()
            field.set_error(self.tr("Write the date as YYYY-MM-DD.") if text and _day(text) is None else "")
        span = self.span
        if span.first and span.last and span.first > span.last:
            self.last.set_error(self.tr("Before the first day."))

    def _on_changed(self) -> None:
        self._mark()
        self.changed.emit()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
