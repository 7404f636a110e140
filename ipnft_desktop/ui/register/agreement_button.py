"""What a file of an asset is: a document, or one kind of agreement."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QMenu, QWidget

from ipnft_desktop.domain.assets import AgreementType
from ipnft_desktop.ui.register.field_words import agreement_name
from ipnft_desktop.ui.widgets.buttons import LinkButton
from ipnft_desktop.ui.widgets.menu import Menu


class AgreementButton(LinkButton):
    """Says what the file is and opens a menu to change it; `changed` carries the `AgreementType`, or None."""

    changed = Signal(object)

    def __init__(self, file_name: str, agreement: AgreementType | None, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._file_name = file_name
        self._show(agreement)
        self.clicked.connect(self._on_clicked)

    def menu_of_kinds(self) -> QMenu:
        """What it can be, the present kind ticked."""
        menu = Menu(self)
        for kind in (None, *AgreementType):
            action = menu.addAction(self._name(kind))
            action.setCheckable(True)
            action.setChecked(kind is self._agreement)
            action.triggered.connect(lambda _=False, kind=kind: self._on_chosen(kind))
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def _name(self, agreement: AgreementType | None) -> str:
        return self.tr("Document") if agreement is None else agreement_name(agreement)

    def _show(self, agreement: AgreementType | None) -> None:
        self._agreement = agreement
        self.setText(f"{self._name(agreement)} ▾")
        self.setAccessibleName(self.tr("{0} is: {1}").format(self._file_name, self._name(agreement)))

    def _on_chosen(self, agreement: AgreementType | None) -> None:
        self._show(agreement)
        self.changed.emit(agreement)

    def _on_clicked(self) -> None:
        self.menu_of_kinds().popup(self.mapToGlobal(QPoint(0, self.height())))
