"""The Gas page: a row of tabs, the laboratory first."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtWidgets import QWidget

from ipnft_desktop.ui.gas.laboratory_tab import LaboratoryTab
from ipnft_desktop.ui.widgets.signed_out import SignedOut
from ipnft_desktop.ui.widgets.tabbed_page import TabbedPage


class GasView(TabbedPage):
    """The laboratory needs neither register nor chain, so this page has no face without an environment; a tab that
    does has one of its own."""

    def __init__(self, parent: QWidget | None = None, *, whole: bool = True) -> None:
        """Without `whole` the laboratory is left to `pieces`."""
        super().__init__(parent)
        self.header.set_title(self.tr("Gas"), self.tr("What mints cost, and what a batch saves"))
        self.begin(
            self.tr("Parts of the Gas page"), SignedOut(self.tr("Measurements are shown to people who are signed in."))
        )
        self.laboratory = LaboratoryTab(self.tab_ground)
        self.add_tab(self.tr("Laboratory"), self.laboratory)  # empty yet: to put in all at once takes longer
        if whole:
            for _ in self.pieces():
                pass

    def pieces(self) -> Iterator[None]:
        """Make the laboratory, piece by piece."""
        yield from self.laboratory.pieces()
