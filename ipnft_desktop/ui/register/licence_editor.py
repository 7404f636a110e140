"""Licence terms as switches, with what they come to in plain words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ipnft_desktop.domain.assets import BASIS_POINTS_MAX, LicenceTerms
from ipnft_desktop.ui.register.licence_summary_view import LicenceSummaryView
from ipnft_desktop.ui.theme.tokens import Space
from ipnft_desktop.ui.widgets.check_box import CheckBox
from ipnft_desktop.ui.widgets.inputs import FormField

_BP_PER_PERCENT = 100


class LicenceEditor(QWidget):
    """`changed` follows each change; `problems` are those of what cannot be read as terms."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.transferable = CheckBox(self.tr("May be passed on"))
        self.commercial = CheckBox(self.tr("Commercial use"))
        self.derivatives = CheckBox(self.tr("May be adapted"))
        self.attribution = CheckBox(self.tr("Name the creator"))
        self.share_field = FormField(self.tr("Revenue share in %"), QLineEdit())
        self.expiry_field = FormField(self.tr("Ends on (empty: never)"), QLineEdit())
        self.summary = LicenceSummaryView()
        self._lay_out()
        self.set_terms(LicenceTerms())
        for box in (self.transferable, self.commercial, self.derivatives, self.attribution):
            box.toggled.connect(self._on_changed)
        for edit in (self.share_edit, self.expiry_edit):
            edit.textChanged.connect(self._on_changed)

    @property
    def share_edit(self) -> QLineEdit:
        """The editor of the revenue share."""
        return _line_edit(self.share_field)

    @property
    def expiry_edit(self) -> QLineEdit:
        """The editor of the last day."""
        return _line_edit(self.expiry_field)

    @property
    def values(self) -> tuple[object, ...]:
        """Everything as typed, to tell whether something was changed."""
        boxes = (self.transferable, self.commercial, self.derivatives, self.attribution)
        return (*(box.isChecked() for box in boxes), self.share_edit.text(), self.expiry_edit.text())

    def problems(self) -> dict[FormField, str]:
        """What cannot be read, by field."""
        found: dict[FormField, str] = {}
        if _share_bp(self.share_edit.text()) is None:
            found[self.share_field] = self.tr("Write a share from 0 to 100, with two decimals at most.")
        try:
            _day(self.expiry_edit.text())
        except ValueError:
            found[self.expiry_field] = self.tr("Write the date as YYYY-MM-DD.")
        return found

    def terms(self) -> LicenceTerms:
        """The terms; what cannot be read counts as not said."""
        unreadable = self.problems()
        return LicenceTerms(
            transferable=self.transferable.isChecked(),
            commercial_use=self.commercial.isChecked(),
            derivatives=self.derivatives.isChecked(),
            attribution=self.attribution.isChecked(),
            revenue_share_bp=_share_bp(self.share_edit.text()) or 0,
            expires_on=None if self.expiry_field in unreadable else _day(self.expiry_edit.text()),
        )

    def set_terms(self, terms: LicenceTerms) -> None:
        """Show other terms."""
        self.transferable.setChecked(terms.transferable)
        self.commercial.setChecked(terms.commercial_use)
        self.derivatives.setChecked(terms.derivatives)
        self.attribution.setChecked(terms.attribution)
        self.share_edit.setText(f"{terms.revenue_share_bp / _BP_PER_PERCENT:g}")
        self.expiry_edit.setText(terms.expires_on.isoformat() if terms.expires_on else "")
        self._on_changed()

    def _lay_out(self) -> None:
        self.expiry_edit.setPlaceholderText("YYYY-MM-DD")
        boxes = QGridLayout()
        boxes.setHorizontalSpacing(Space.M)
        boxes.setVerticalSpacing(Space.S)
        for at, box in enumerate((self.transferable, self.commercial, self.derivatives, self.attribution)):
            boxes.addWidget(box, at // 2, at % 2)
        numbers = QHBoxLayout()
        numbers.setSpacing(Space.M)
        numbers.addWidget(self.share_field, 1)
        numbers.addWidget(self.expiry_field, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S)
        column.addLayout(boxes)
        column.addLayout(numbers)
        column.addWidget(self.summary)

    def _on_changed(self) -> None:
        problems = self.problems()
        for field in (self.share_field, self.expiry_field):
            field.set_error(problems.get(field, ""))
        self.summary.show_terms(None if problems else self.terms())
        self.changed.emit()


def _line_edit(field: FormField) -> QLineEdit:
    assert isinstance(field.editor, QLineEdit)
    return field.editor


def _share_bp(text: str) -> int | None:
    """Basis points of a share in percent as typed; None if it is none."""
    try:
        basis_points = Decimal(text.strip().replace(",", ".") or "0") * _BP_PER_PERCENT
    except InvalidOperation:
        return None
    if not basis_points.is_finite() or basis_points != basis_points.to_integral_value():
        return None
    return int(basis_points) if 0 <= basis_points <= BASIS_POINTS_MAX else None


def _day(text: str) -> date | None:
    return date.fromisoformat(text.strip()) if text.strip() else None
