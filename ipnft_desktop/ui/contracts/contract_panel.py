"""One contract in full: what it is, what it answers, what may be changed, and what lies in its storage."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ipnft_desktop.domain.inspection.directory import ContractDetail, ContractKind, ContractLine
from ipnft_desktop.ui.contracts.contract_table import kind_tone, title_of
from ipnft_desktop.ui.contracts.function_form import Labels
from ipnft_desktop.ui.contracts.overview_part import OverviewPart
from ipnft_desktop.ui.contracts.read_part import ReadPart
from ipnft_desktop.ui.contracts.storage_part import StoragePart
from ipnft_desktop.ui.contracts.write_part import WritePart
from ipnft_desktop.ui.inspection.parts import Parts
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import Space, TextSize, Weight
from ipnft_desktop.ui.widgets.address_words import LabelOf
from ipnft_desktop.ui.widgets.card import Card
from ipnft_desktop.ui.widgets.chain_words import contract_kind_name
from ipnft_desktop.ui.widgets.copyable_text import CopyableText
from ipnft_desktop.ui.widgets.empty_state import EmptyState
from ipnft_desktop.ui.widgets.status_tag import StatusTag
from ipnft_desktop.ui.widgets.text import ElidedLabel


class ContractPanel(QWidget):
    """Shows a contract, or asks to choose one. What is typed for one contract stays while it is read again."""

    part_chosen = Signal()

    def __init__(self, labels: Labels, parent: QWidget | None = None) -> None:
        """Empty until `build`."""
        super().__init__(parent)
        self.setAccessibleName(self.tr("Contract"))
        self._labels = labels
        self._detail: ContractDetail | None = None
        self._line: ContractLine | None = None
        self._cards: dict[QWidget, Card] = {}
        self._faces = QStackedWidget(self)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._faces)

    def build(self) -> Iterator[None]:
        """Make what shows it, in pieces."""
        nothing = Card(self._faces)
        nothing.body.addWidget(
            EmptyState(
                Icon.BOX, self.tr("No contract selected"), self.tr("Select a contract to read it, or to write to it.")
            )
        )
        full = QWidget(self._faces)
        self._faces.addWidget(nothing)
        self._faces.addWidget(full)
        column = QVBoxLayout(full)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S)
        column.addWidget(self._make_head(full))
        yield
        self.parts = Parts(self.tr("Parts of a contract"), full)
        theme().dress(self.parts.bar)
        column.addWidget(self.parts, 1)
        self.overview = OverviewPart(self._add_part(self.tr("Overview")))
        self._hold(self.overview)
        yield
        self.read = ReadPart(self._labels, self._add_part(self.tr("Read")))
        self._hold(self.read)
        yield
        self.write = WritePart(self._labels, self._add_part(self.tr("Write")))
        self._hold(self.write)
        yield
        self.storage = StoragePart(self._add_part(self.tr("Storage")))
        self._hold(self.storage)
        self.parts.chosen.connect(self.part_chosen)

    def shows(self, part: QWidget) -> bool:
        """Whether this part is in view."""
        return self.parts.current.isAncestorOf(part)

    def show_part(self, part: QWidget) -> None:
        """Bring it into view."""
        self.parts.show_part(self._cards[part])

    @property
    def line(self) -> ContractLine | None:
        """The contract that is shown."""
        return self._line

    @property
    def detail(self) -> ContractDetail | None:
        """All about it, once it is here."""
        return self._detail

    @property
    def shown_address(self) -> str:
        """Of what is shown; empty while nothing is."""
        return "" if self._line is None else self._line.address

    def show_line(self, line: ContractLine | None, label_of: LabelOf) -> None:
        """What the list tells of another contract; None asks to choose one."""
        is_other = line is None or self._line is None or line.address != self._line.address
        self._line = line
        self._faces.setCurrentIndex(int(line is not None))
        if line is None:
            self._detail = None
            return
        self._title.setText(title_of(line, label_of))
        self._tag.set_state(contract_kind_name(line.kind), kind_tone(line.kind))
        self._address.set_value(line.address)
        if is_other:
            self._show_functions(ContractDetail(line, "", "", (), None), label_of)
            self._detail = None
            self.read.clear_answer()
            self.write.error_panel.clear()
            self.storage.show_contract(is_ours=line.kind is ContractKind.OURS)
            self.write.show_calls(())

    def show_detail(self, detail: ContractDetail, label_of: LabelOf) -> None:
        """The rest of the contract shown; ignored for another."""
        if self._line is None or detail.line.address != self._line.address:
            return
        self._line, self._detail = detail.line, detail
        self._tag.set_state(contract_kind_name(detail.line.kind), kind_tone(detail.line.kind))
        self._show_functions(detail, label_of)

    def _show_functions(self, detail: ContractDetail, label_of: LabelOf) -> None:
        self.overview.show_detail(detail, label_of)
        self.read.show_functions(detail.reads)
        self.write.show_functions(detail.writes)

    def _make_head(self, parent: QWidget) -> Card:
        head = Card(parent)
        self._title = ElidedLabel("", TextSize.LEAD, Weight.BOLD)
        self._tag = StatusTag()
        self._address = CopyableText("", self.tr("Address of the contract"))
        line = QHBoxLayout()
        line.setSpacing(Space.S)
        line.addWidget(self._title, 1)
        line.addWidget(self._tag)
        line.addWidget(self._address, 0, Qt.AlignmentFlag.AlignRight)
        head.body.addLayout(line)
        return head

    def _add_part(self, title: str) -> Card:
        """A card for each: all on one would take too long to dress."""
        card = Card(self.parts.ground)
        self.parts.add(title, card)
        return card

    def _hold(self, part: QWidget) -> None:
        card = part.parentWidget()
        assert isinstance(card, Card)
        card.body.addWidget(part)
        self._cards[part] = card
