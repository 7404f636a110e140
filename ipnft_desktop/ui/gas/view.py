"""The Gas page: a row of tabs, the laboratory first."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ipnft_desktop.ui.gas.laboratory_tab import LaboratoryTab
from ipnft_desktop.ui.widgets.signed_out import SignedOut
from ipnft_desktop.ui.widgets.tabbed_page import TabbedPage


class GasView(TabbedPage):
    """The laboratory needs neither register nor chain, so this page has no face without an environment; a tab that
    does has one of its own."""

    def __init__(self, parent: QWidget | None = None, *, whole: bool = True) -> None:
        """Without `whole` the tab is left to `complete`."""
        super().__init__(parent)
        self.header.set_title(self.tr("Gas"), self.tr("What mints cost, and what a batch saves"))
        self.begin(
            self.tr("Parts of the Gas page"), SignedOut(self.tr("Measurements are shown to people who are signed in."))
        )
        self.laboratory = LaboratoryTab(self.tab_ground)
        if whole:
            self.complete()

    def complete(self) -> None:
        """Make the other half of the laboratory."""
        self.laboratory.complete()
        self.add_tab(self.tr("Laboratory"), self.laboratory)
