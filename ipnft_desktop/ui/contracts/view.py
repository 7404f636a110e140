"""The Contracts tab as a picture of its state; what it should do is decided by the presenter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ipnft_desktop.domain.inspection.directory import ContractDetail, ContractLine
from ipnft_desktop.ui.commands.command import Command, button_command
from ipnft_desktop.ui.contracts.contract_panel import ContractPanel
from ipnft_desktop.ui.contracts.contract_table import ContractTable
from ipnft_desktop.ui.inspection.tab import InspectionTab
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import DialogWidth, Size
from ipnft_desktop.ui.widgets.address_words import LabelOf, no_label
from ipnft_desktop.ui.widgets.buttons import SecondaryButton
from ipnft_desktop.ui.widgets.chain_words import Names
from ipnft_desktop.ui.widgets.empty_state import EmptyState
from ipnft_desktop.ui.widgets.list_faces import Face


class ContractsTab(InspectionTab):
    """`current_changed` tells that another contract is in focus, or none."""

    current_changed = Signal()
    abis_requested = Signal()

    def __init__(self, parent: QWidget | None = None, *, whole: bool = True) -> None:
        """Without `whole` the list is left to `build`."""
        super().__init__(
            "contracts",
            EmptyState(
                Icon.BOX,
                self.tr("No contract yet"),
                self.tr("The register's contract stands here once it is deployed, and every other that is known."),
            ),
            self.tr("Name, address, kind…"),
            parent,
        )
        self._label_of: LabelOf = no_label
        self._labels: Mapping[str, str] = {}
        self.abis_button = SecondaryButton(self.tr("Import ABI…"), Icon.UPLOAD)
        self.begin((), (self.abis_button,), self.tr("↑↓ browse · Enter read · Ctrl+C copy · Ctrl+F find · F5 reload"))
        if whole:
            for _piece in self.build():
                pass

    def build(self) -> Iterator[None]:
        """Make the list and what stands beside it, in pieces."""
        self.table = ContractTable(self.label, self.faces)
        self.hold(self.table)
        self.card.setFixedWidth(DialogWidth.S + Size.ICON)
        yield
        self.panel = ContractPanel(lambda: self._labels, self)
        self.sides.setStretchFactor(self.card, 0)
        self.sides.addWidget(self.panel, 1)
        yield from self.panel.build()
        self._connect()
        self._add_commands()
        self.show_closed(Face.NO_ENVIRONMENT)

    def label(self, address: str) -> str | None:
        """What an address is called just now."""
        return self._label_of(address)

    def names(self) -> Names:
        """What addresses are called."""
        return Names(self._label_of)

    def use_labels(self, label_of: LabelOf, labels: Mapping[str, str]) -> None:
        """Call addresses by these labels, and offer them where an address is wanted."""
        self._label_of, self._labels = label_of, labels

    def show_closed(self, face: Face) -> None:
        """Nothing can be told: what was listed goes."""
        self.table.show_records(())
        self.panel.show_line(None, self._label_of)
        self.panel.setVisible(False)
        self.search.clear()
        self.show_face(face)
        self.abis_button.setEnabled(False)

    def show_contracts(self, lines: Sequence[ContractLine]) -> None:
        """Those that are known; focus and place are kept."""
        self.abis_button.setEnabled(True)
        self.table.show_records(lines)
        if self.table.current is None:
            self.table.setCurrentIndex(self.table.records.index(0, 0))
        self._refresh()

    def show_contract(self, line: ContractLine) -> None:
        """Bring one into focus; one that is not listed is put into the list."""
        if self.search.text():
            self.search.clear()
            self.table.search("")
        if not self.table.select(line.address):
            self.table.show_records((*self.table.records.records, line))
            self.table.select(line.address)
        self._refresh()

    def show_detail(self, detail: ContractDetail) -> None:
        """All about the contract in focus."""
        self.panel.show_detail(detail, self._label_of)

    def _refresh(self) -> None:
        shown, total = self.table.records.rowCount(), self.table.records.count
        self.count.setText(self.tr("%Ln contracts", "", total))
        self.show_face(Face.LIST if shown else Face.NO_MATCH if total else Face.EMPTY)
        self.panel.setVisible(bool(total))
        self.panel.show_line(self.table.current, self._label_of)

    def _connect(self) -> None:
        self.search.search_requested.connect(self._on_search)
        self.faces.no_match.action_requested.connect(self._on_show_all)
        self.abis_button.clicked.connect(self.abis_requested)
        self.panel.read.import_requested.connect(self.abis_requested)
        self.table.current_changed.connect(self._on_current)
        self.table.opened.connect(self._on_opened)

    def _add_commands(self) -> None:
        none = self.tr("No contract is in focus.")
        for name, title, part, icon in (
            ("overview", self.tr("What the contract is"), self.panel.overview, Icon.INFO),
            ("read", self.tr("Read the contract"), self.panel.read, Icon.EYE),
            ("write", self.tr("Write to the contract"), self.panel.write, Icon.PENCIL),
            ("storage", self.tr("Storage of the contract"), self.panel.storage, Icon.DATABASE),
        ):
            Command(
                self,
                f"contracts.{name}",
                title,
                lambda part=part: self.panel.show_part(part),
                icon=icon,
                refusal=lambda: self.closed_reason() or ("" if self.panel.line is not None else none),
            )
        button_command(
            self,
            "contracts.import abi",
            self.abis_button,
            title=self.tr("Import the ABI of a contract…"),
            icon=Icon.UPLOAD,
            why_not=self.closed_reason,
        )
        for name, title, button, icon in (
            ("ask", self.tr("Ask the function that is chosen"), self.panel.read.read_button, Icon.EYE),
            ("simulate", self.tr("Simulate the call that is described"), self.panel.write.simulate_button, Icon.PLAY),
            ("look", self.tr("Look into the storage"), self.panel.storage.look_button, Icon.SEARCH),
        ):
            button_command(
                self, f"contracts.{name}", button, title=title, icon=icon, why_not=lambda: self.closed_reason() or none
            )

    def _on_search(self, text: str) -> None:
        self.table.search(text)
        if not self.face.is_closed:
            self._refresh()

    def _on_show_all(self) -> None:
        self.search.clear()
        self._on_search("")

    def _on_current(self) -> None:
        if not self.face.is_closed:
            self.panel.show_line(self.table.current, self._label_of)
            self.current_changed.emit()

    def _on_opened(self) -> None:
        self.panel.show_part(self.panel.read)
        self.panel.read.form.function.setFocus()
