"""What a file of addresses would change, line by line, before it is taken in whole or not at all."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from ipnft_desktop.domain.address_import import AddressImport, AddressLine, LineStanding
from ipnft_desktop.ui.models.record_model import RecordColumn
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import ColumnWidth, DialogWidth, Size, Tone
from ipnft_desktop.ui.widgets.card import Card
from ipnft_desktop.ui.widgets.form_dialog import FormDialog
from ipnft_desktop.ui.widgets.measures import labelled_text, number_text
from ipnft_desktop.ui.widgets.phrases import say_problem
from ipnft_desktop.ui.widgets.plain import shorten
from ipnft_desktop.ui.widgets.record_table import RecordTable

_ROWS = 9
_ORDER = (
    LineStanding.BAD,
    LineStanding.CHANGED,
    LineStanding.NEW,
    LineStanding.OF_ENTERPRISE,
    LineStanding.SAME,
)
"""What needs a look comes first."""


class AddressImportDialog(FormDialog):
    """Submitting it takes the file in; with a bad line it cannot be submitted."""

    def __init__(self, wanted: AddressImport, parent: QWidget | None = None) -> None:
        changes = len(wanted.of(LineStanding.NEW, LineStanding.CHANGED))
        super().__init__(
            Icon.UPLOAD,
            self.tr("Import addresses from {0}").format(wanted.file_name),
            _summary(wanted),
            self.tr("Import {0}").format(number_text(changes)),
            parent,
            width=DialogWidth.XL,
        )
        self.wanted = wanted
        self.table = RecordTable[AddressLine](
            self.tr("Lines of the file"), _columns(), lambda line: line.typed.row, lambda line: line.typed.label
        )
        self.table.setFixedHeight(Size.TABLE_HEADER + _ROWS * Size.TABLE_ROW)
        self.table.show_records(wanted.lines)
        card = Card(flush=True)
        card.body.addWidget(self.table)
        self.add_part(card)
        self._can_submit = bool(changes) and not wanted.of(LineStanding.BAD)
        self.submit_button.setEnabled(self._can_submit)
        self.table.setFocus()

    def set_busy(self, busy: bool) -> None:
        """While it is taken in nothing can be changed."""
        super().set_busy(busy)
        self.submit_button.setEnabled(self._can_submit and not busy)


def _tr(text: str) -> str:
    return QCoreApplication.translate("AddressImport", text)


def _summary(wanted: AddressImport) -> str:
    def count(*standings: LineStanding) -> str:
        return number_text(len(wanted.of(*standings)))

    told = _tr("{0} new, {1} with another label or note, {2} as they are.").format(
        count(LineStanding.NEW), count(LineStanding.CHANGED), count(LineStanding.SAME, LineStanding.OF_ENTERPRISE)
    )
    if wanted.of(LineStanding.BAD):
        bad = _tr("Wrong lines: {0}. Correct the file and choose it again; nothing is taken in before.")
        return f"{told} {bad.format(count(LineStanding.BAD))}"
    return told


def _columns() -> tuple[RecordColumn[AddressLine], ...]:
    return (
        RecordColumn(
            _tr("What it does"),
            lambda line: _standing(line)[0],
            ColumnWidth.L,
            lambda line: (_ORDER.index(line.standing), line.typed.row),
            tone=lambda line: _standing(line)[1],
        ),
        RecordColumn(
            _tr("Row"),
            lambda line: number_text(line.typed.row),
            ColumnWidth.S,
            lambda line: line.typed.row,
            is_number=True,
        ),
        RecordColumn(
            _tr("Address"),
            lambda line: shorten(line.typed.address),
            ColumnWidth.L,
            hover=lambda line: line.typed.address,
            copy=lambda line: line.typed.address,
            is_mono=True,
        ),
        RecordColumn(_tr("Label"), lambda line: line.typed.label, ColumnWidth.XL, hover=lambda line: line.typed.label),
        RecordColumn(_tr("About it"), _about, hover=_about),
    )


def _standing(line: AddressLine) -> tuple[str, Tone]:
    return {
        LineStanding.NEW: (_tr("NEW"), Tone.OK),
        LineStanding.CHANGED: (_tr("CHANGED"), Tone.WARN),
        LineStanding.SAME: (_tr("AS IT IS"), Tone.NEUTRAL),
        LineStanding.OF_ENTERPRISE: (_tr("ENTERPRISE"), Tone.NEUTRAL),
        LineStanding.BAD: (_tr("WRONG"), Tone.ERROR),
    }[line.standing]


def _about(line: AddressLine) -> str:
    if line.standing is LineStanding.BAD:
        return " ".join(labelled_text(_column(problem.field), say_problem(problem)) for problem in line.problems)
    if line.standing is LineStanding.CHANGED and line.before is not None:
        return _tr("So far “{0}”").format(line.before.label)
    if line.standing is LineStanding.OF_ENTERPRISE and line.before is not None:
        return _tr("Keeps its name “{0}”").format(line.before.label)
    return line.typed.note or ""


def _column(field: str) -> str:
    return {"address": _tr("Address"), "label": _tr("Label"), "note": _tr("Note")}.get(field, field)
