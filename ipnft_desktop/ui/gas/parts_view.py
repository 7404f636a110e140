"""Where the gas went: the parts of one transaction in full, and those of the other contracts beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QModelIndex, QPersistentModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStyledItemDelegate, QStyleOptionViewItem, QVBoxLayout, QWidget

from ipnft_desktop.domain.gas_breakdown import GasPart
from ipnft_desktop.domain.gas_laboratory import Contract, LaboratoryResult, Measurement
from ipnft_desktop.domain.gas_savings import PUBLISHED_BEST
from ipnft_desktop.ui.gas import words
from ipnft_desktop.ui.gas.parts_bars import PAID_PARTS, PartsBars, part_colour
from ipnft_desktop.ui.models.record_model import RecordColumn
from ipnft_desktop.ui.theme.tokens import CELL_INSET, ColumnWidth, Ink, Radius, Size, Space, TextSize, Weight
from ipnft_desktop.ui.widgets.inputs import Select
from ipnft_desktop.ui.widgets.measures import number_text, percent_text
from ipnft_desktop.ui.widgets.record_table import RecordTable
from ipnft_desktop.ui.widgets.text import ElidedLabel, Text


@dataclass(frozen=True, slots=True)
class PartLine:
    """One part of one transaction."""

    part: GasPart
    gas: int
    percent: float
    per_token: float


def part_lines(measured: Measurement) -> tuple[PartLine, ...]:
    """Largest kind first; what is nothing is left out. They sum up to the receipt."""
    total = measured.gas.gas_used
    amounts = ((part, measured.gas.parts.get(part, 0)) for part in (*PAID_PARTS, GasPart.REFUND))
    return tuple(PartLine(part, gas, 100 * gas / total, gas / measured.size) for part, gas in amounts if gas)


class _SwatchDelegate(QStyledItemDelegate):
    """The colour of the part before its name."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().initStyleOption(option, index)
        # Spaces of the font as wide as the swatch would differ by face: the text is moved by a real margin instead.
        setattr(option, "text", "")  # noqa: B010 - the stubs leave the field out

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        table = self.parent()
        line = table.records.record_at(index.row()) if isinstance(table, PartTable) else None
        if line is None:
            return
        cell = QRectF(getattr(option, "rect")).adjusted(CELL_INSET, 0, -Space.XS, 0)  # noqa: B009
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(part_colour(line.part)))
        swatch = QRectF(cell.left(), cell.center().y() - Size.DOT / 2, Size.DOT, Size.DOT)
        painter.drawRoundedRect(swatch, Radius.MARK / 2, Radius.MARK / 2)
        painter.restore()
        painter.save()
        painter.setPen(option.palette.text().color())  # pyright: ignore[reportAttributeAccessIssue]
        painter.setFont(option.font)  # pyright: ignore[reportAttributeAccessIssue]
        room = cell.adjusted(Size.DOT + Space.S, 0, 0, 0)
        name = painter.fontMetrics().elidedText(str(index.data()), Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), name)
        painter.restore()


class PartTable(RecordTable[PartLine]):
    """The parts, each with its colour."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            _tr("Where the gas went"),
            _columns(),
            lambda line: line.part,
            _sought,
            parent,
            command="gas.part",
            copy_title=_tr("Copy the part in focus"),
            opens=False,
        )
        self.setItemDelegateForColumn(0, _SwatchDelegate(self))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.verticalHeader().setMinimumSectionSize(Size.STATUS_BAR)
        self.verticalHeader().setDefaultSectionSize(Size.STATUS_BAR)  # all parts at one look, also in a small window

    def show_records(self, records: Sequence[PartLine]) -> None:
        """Show others, as high as they are: the bars get the rest."""
        super().show_records(records)
        self.fit_numbers()
        self.setMaximumHeight(Size.TABLE_HEADER + len(records) * Size.STATUS_BAR + Space.S)


class PartsView(QWidget):
    """`chosen` tells that another transaction was chosen."""

    chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._result: LaboratoryResult | None = None
        self._wanted: tuple[Contract | None, int] | None = None
        """What the person chose; none of it may be there in another result."""
        self.contract = Select(_tr("Contract"))
        self.size_choice = Select(_tr("Tokens at once"))
        self.bars = PartsBars()
        self.sum_text = ElidedLabel("", TextSize.BODY, Weight.SEMIBOLD)
        self._bytes = Text("", TextSize.CAPTION, ink=Ink.MUTED)
        self._lay_out()
        for select in (self.contract, self.size_choice):
            select.currentIndexChanged.connect(self._refresh)
            select.activated.connect(self._on_chosen)

    @property
    def measured(self) -> Measurement | None:
        """The transaction that is told in full."""
        contract, key = self.choice
        return next((each for each in self._of(contract) if _key(each) == key), None)

    @property
    def choice(self) -> tuple[Contract | None, int]:
        """The contract and the size; no size for a single mint."""
        name = self.contract.currentData()
        return Contract(name) if name else None, self.size_choice.currentData() or 0

    def choose(self, contract: Contract | None, size: int) -> None:
        """Choose a transaction, as far as it is there, also of the results that are shown later."""
        self._wanted = contract, size
        self._show_wanted()

    def _show_wanted(self) -> None:
        keys = [self.size_choice.itemData(at) for at in range(self.size_choice.count())]
        contract, size = self._wanted or (Contract.OURS, PUBLISHED_BEST.first_size)
        if size not in keys and keys:
            size = keys[-1]
        for select, wanted in ((self.contract, contract), (self.size_choice, size)):
            if any(select.itemData(at) == wanted for at in range(select.count())):
                select.choose(wanted)

    def show_result(self, result: LaboratoryResult | None) -> None:
        """Another result; the same transaction of it, as far as there is one."""
        self._result = result
        measured = result.measurements if result else ()
        contracts = [one for one in Contract if any(each.contract is one for each in measured)]
        keys = sorted({_key(each) for each in measured})
        for select in (self.contract, self.size_choice):
            select.blockSignals(True)
            select.clear()
        for one in contracts:
            self.contract.addItem(words.contract_name(one), one)
        for key in keys:
            self.size_choice.addItem(words.tokens_text(key) if key else _tr("Single mint"), key)
        self._show_wanted()
        for select in (self.contract, self.size_choice):
            select.blockSignals(False)
        self._refresh()

    def _on_chosen(self) -> None:
        self._wanted = self.choice

    def _of(self, contract: Contract | None) -> tuple[Measurement, ...]:
        """What was measured of a contract; of the single mints the one to the experiment's kind of holder."""
        if self._result is None or contract is None:
            return ()
        single = self._result.single(contract)
        return (*((single,) if single else ()), *self._result.curve(contract))

    def _refresh(self) -> None:
        measured, (shown, key) = self.measured, self.choice
        beside = (next((each for each in self._of(contract) if _key(each) == key), None) for contract in Contract)
        self.bars.show_measured([each for each in beside if each is not None], shown)
        self.table.show_records(part_lines(measured) if measured else ())
        if measured is None:
            self.sum_text.setText(_tr("This was not measured."))
            self._bytes.setText("")
        else:
            total = number_text(measured.gas.gas_used)
            each = number_text(round(measured.gas_per_token))
            self.sum_text.setText(_tr("Together {0} gas, as the receipt says; {1} a token").format(total, each))
            gas = measured.gas
            self._bytes.setText(
                _tr("Call data: {0} zero bytes, {1} others").format(
                    number_text(gas.zero_bytes), number_text(gas.non_zero_bytes)
                )
            )
        self.chosen.emit()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(Space.S)
        head.addWidget(Text(_tr("Gas per token by what it was paid for"), TextSize.LEAD, Weight.SEMIBOLD), 1)
        head.addWidget(self.contract)
        head.addWidget(self.size_choice)
        foot = QHBoxLayout()
        foot.addWidget(self.sum_text, 1)
        foot.addWidget(self._bytes)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(Space.S)
        box.addLayout(head)
        box.addWidget(self.bars, 1)
        self.table = PartTable(self)
        box.addWidget(self.table, 100)  # it comes first, as high as it is
        box.addLayout(foot)


def _key(measured: Measurement) -> int:
    """What its size is chosen by: 0 for the single mint."""
    return 0 if measured.is_single else measured.size


def _columns() -> tuple[RecordColumn[PartLine], ...]:
    def number(
        title: str, text: Callable[[PartLine], str], order: Callable[[PartLine], float]
    ) -> RecordColumn[PartLine]:
        return RecordColumn(title, text, ColumnWidth.M, order, is_number=True)

    order = (*PAID_PARTS, GasPart.REFUND)
    return (
        RecordColumn(
            _tr("Part"),
            lambda line: words.part_name(line.part),
            ColumnWidth.XL,
            lambda line: order.index(line.part),
            lambda line: words.part_meaning(line.part),
        ),
        RecordColumn(_tr("What it is"), lambda line: words.part_meaning(line.part), None, None, _meaning),
        number(_tr("Gas"), lambda line: number_text(line.gas), lambda line: line.gas),
        number(_tr("Per token"), lambda line: number_text(round(line.per_token)), lambda line: line.per_token),
        number(_tr("Share"), lambda line: percent_text(line.percent, 1), lambda line: line.percent),
    )


def _meaning(line: PartLine) -> str:
    return words.part_meaning(line.part)


def _sought(line: PartLine) -> str:
    return words.part_name(line.part)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Gas", text)
