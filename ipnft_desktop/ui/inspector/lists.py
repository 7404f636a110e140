"""The two tabs of the Chain page that list what the chain holds: blocks and transactions, each with one in full."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ipnft_desktop.domain.inspection.blocks import BlockLine
from ipnft_desktop.domain.inspection.transactions import TransactionLine
from ipnft_desktop.ui.commands.command import Command, button_command
from ipnft_desktop.ui.inspection.height_field import height_in, is_height, take_heights
from ipnft_desktop.ui.inspection.tab import InspectionTab
from ipnft_desktop.ui.inspector.block_panel import BlockPanel
from ipnft_desktop.ui.inspector.block_table import BlockTable
from ipnft_desktop.ui.inspector.transaction_panel import TransactionPanel
from ipnft_desktop.ui.inspector.transaction_table import TransactionTable
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import ColumnWidth, Ink, Size, Space, TextSize
from ipnft_desktop.ui.widgets.buttons import SecondaryButton
from ipnft_desktop.ui.widgets.empty_state import EmptyState
from ipnft_desktop.ui.widgets.list_faces import Face
from ipnft_desktop.ui.widgets.measures import number_text
from ipnft_desktop.ui.widgets.text import Text

_LIST_WIDTH = Size.SIDE_PANEL + ColumnWidth.XS


class ChainListTab(InspectionTab):
    """A narrow list at the left, one of its lines in full at the right. `height_changed` carries the height that the
    person typed, or None; what goes into a file is asked for by `export_requested`."""

    height_changed = Signal(object)
    current_changed = Signal()
    export_requested = Signal()

    def __init__(self, name: str, empty: EmptyState, search: str, parent: QWidget | None) -> None:
        super().__init__(name, empty, search, parent)
        take_heights(self.search)
        self.export_button = SecondaryButton(self.tr("Export…"), Icon.DOWNLOAD)
        self._has_lines = False

    def _begin(self, hints: str) -> None:
        self.begin((), (self.export_button,), hints)
        theme().dress(self.search, self.export_button)  # they lie on the bare ground of the page
        self.card.setFixedWidth(_LIST_WIDTH)
        self.search.search_requested.connect(self._on_height)
        self.faces.no_match.action_requested.connect(self.search.clear)
        self.export_button.clicked.connect(self.export_requested)

    def _on_height(self) -> None:
        if is_height(self.search):
            self.height_changed.emit(height_in(self.search))

    def _show_count(self, count: int, told: str) -> None:
        is_sought = bool(self.search.text())
        self.show_face(Face.LIST if count else Face.NO_MATCH if is_sought else Face.EMPTY)
        self.count.setText(told)
        self._has_lines = bool(count)
        self.export_button.setEnabled(self._has_lines and not self.work.is_busy)

    def show_height(self, height: int | None) -> None:
        """Write a height into the field without telling that it changed."""
        self.search.blockSignals(True)
        self.search.setText("" if height is None else str(height))
        self.search.blockSignals(False)

    def show_work(self, what: str, share: float = 0.0) -> None:
        """Show what is under way; nothing once it is done."""
        super().show_work(what, share)
        self.export_button.setEnabled(self._has_lines and not what)

    def show_closed(self, face: Face) -> None:
        """Nothing can be told: what was listed goes."""
        raise NotImplementedError


class BlocksTab(ChainListTab):
    """`opened` carries the height of a block whose transactions are wanted."""

    opened = Signal(int)

    def __init__(self, parent: QWidget | None = None, *, whole: bool = True) -> None:
        """Without `whole` the list is left to `build`."""
        super().__init__(
            "blocks",
            EmptyState(
                Icon.BOX, self.tr("No block yet"), self.tr("The blocks of the chain stand here as soon as it answers.")
            ),
            self.tr("From height…"),
            parent,
        )
        self._begin(self.tr("Enter transactions · Ctrl+E export · F5 reload"))
        if whole:
            for _piece in self.build():
                pass

    def build(self) -> Iterator[None]:
        """Make the list and what stands beside it, in pieces."""
        self.table = BlockTable(self.faces)
        self.hold(self.table)
        self.table.current_changed.connect(self.current_changed)
        self.table.opened.connect(self._on_opened)
        yield
        self.panel = BlockPanel(self, whole=False)
        self.sides.addWidget(self.panel, 1)
        yield from self.panel.build()
        none = self.tr("There is no block in view.")
        for name, title, button, icon, keys in (
            ("export csv json", self.tr("Export the blocks…"), self.export_button, Icon.DOWNLOAD, ("Ctrl+E",)),
            (
                "compare difference",
                self.tr("Compare the block"),
                self.panel.compare_button,
                Icon.LIST_TREE,
                ("Ctrl+D",),
            ),
        ):
            why_not = lambda: self.closed_reason() or none  # noqa: E731
            button_command(self, f"blocks.{name}", button, *keys, title=title, icon=icon, why_not=why_not)
        self.show_closed(Face.NO_ENVIRONMENT)

    def show_closed(self, face: Face) -> None:
        """Nothing can be told: what was listed goes."""
        self.show_blocks((), is_whole=True)
        self.show_height(None)
        self.show_face(face)

    def show_blocks(self, lines: Sequence[BlockLine], *, is_whole: bool) -> None:
        """The first page; what is in focus stays so as far as it is among them."""
        current = self.table.current
        self.table.paged.reset(lines, is_whole=is_whole)
        if current is None or not self.table.select(current.block_hash):
            self.table.setCurrentIndex(self.table.paged.index(0, 0))
        self.refresh_count()
        self.current_changed.emit()

    def refresh_count(self) -> None:
        """As many as were read."""
        count = self.table.paged.rowCount()
        told = self.tr("%Ln blocks", "", count) if self.table.paged.is_whole else self.tr("%Ln blocks read", "", count)
        self._show_count(count, told)

    def _on_opened(self) -> None:
        if (line := self.table.current) is not None:
            self.opened.emit(line.number)


class TransactionsTab(ChainListTab):
    """Transactions of the whole chain, or of the block whose height stands in the field. `further_requested` asks to
    look behind empty blocks."""

    further_requested = Signal()

    def __init__(self, parent: QWidget | None = None, *, whole: bool = True) -> None:
        """Without `whole` the list is left to `build`."""
        self._none_yet = (
            self.tr("No transaction yet"),
            self.tr("What is sent to the chain stands here as soon as a block has it."),
        )
        super().__init__("transactions", EmptyState(Icon.LINK, *self._none_yet), self.tr("Of block…"), parent)
        self.reach = Text("", TextSize.CAPTION, ink=Ink.MUTED, wrap=True)
        self.further_button = SecondaryButton(self.tr("Look further down"))
        self._begin(self.tr("↑↓ browse · Ctrl+E export · F5 reload"))
        self._further = QWidget()
        line = QHBoxLayout(self._further)
        line.setContentsMargins(Space.L, 0, Space.L, 0)
        line.addWidget(self.reach, 1)
        line.addWidget(self.further_button)
        self.card.add_notice(self._further)
        self._further.hide()
        self.further_button.clicked.connect(self.further_requested)
        self.faces.empty.action_requested.connect(self.further_requested)
        if whole:
            for _piece in self.build():
                pass

    def build(self) -> Iterator[None]:
        """Make the list and what stands beside it, in pieces."""
        self.table = TransactionTable(self.faces)
        self.hold(self.table)
        self.table.current_changed.connect(self.current_changed)
        yield
        self.panel = TransactionPanel(self, whole=False)
        self.sides.addWidget(self.panel, 1)
        yield from self.panel.build()
        none = self.tr("There is no transaction in view.")
        panel = self.panel
        for name, title, button, icon, keys in (
            (
                "export list csv json",
                self.tr("Export the transactions…"),
                self.export_button,
                Icon.DOWNLOAD,
                ("Ctrl+E",),
            ),
            (
                *("export one", self.tr("Export the transaction in focus…"), panel.export_button, Icon.DOWNLOAD),
                ("Ctrl+Shift+E",),
            ),
            ("open asset", self.tr("Open the transaction's asset"), panel.asset_button, Icon.BOX, ()),
        ):
            why_not = lambda: self.closed_reason() or none  # noqa: E731
            button_command(self, f"transactions.{name}", button, *keys, title=title, icon=icon, why_not=why_not)
        for name, title, part in (
            ("state changes storage", self.tr("Show what the transaction changed"), panel.state),
            ("events logs", self.tr("Show the transaction's events"), panel.events),
            ("calls trace tree", self.tr("Show the calls inside the transaction"), panel.calls),
            ("raw data", self.tr("Show the transaction's raw data"), panel.raw),
        ):
            Command(
                self,
                f"transactions.show {name}",
                title,
                lambda part=part: panel.parts.show_part(part),
                refusal=lambda: self.closed_reason() or ("" if panel.line else none),
            )
        self.show_closed(Face.NO_ENVIRONMENT)

    def show_work(self, what: str, share: float = 0.0) -> None:
        """Show what is under way; nothing once it is done."""
        super().show_work(what, share)
        self.panel.set_writing(bool(what))

    def show_closed(self, face: Face) -> None:
        """Nothing can be told: what was listed goes."""
        self.show_transactions((), is_whole=True)
        self.show_reach(0, 0)
        self.show_height(None)
        self.show_face(face)

    def show_transactions(self, lines: Sequence[TransactionLine], *, is_whole: bool) -> None:
        """The first page; what is in focus stays so as far as it is among them."""
        current = self.table.current
        self.table.paged.reset(lines, is_whole=is_whole)
        if current is None or not self.table.select(current.tx_hash):
            self.table.setCurrentIndex(self.table.paged.index(0, 0))
        self.refresh_count()
        self.current_changed.emit()

    def put_first(self, lines: Sequence[TransactionLine]) -> None:
        """New ones on top."""
        if lines:
            self.table.paged.put_first(lines)
            self._changed()

    def add_transactions(self, lines: Sequence[TransactionLine], *, is_whole: bool) -> None:
        """Older ones behind the last one."""
        self.table.paged.add_page(lines, is_whole=is_whole)
        self._changed()

    def show_reach(self, empty_blocks: int, lowest: int) -> None:
        """Say how many blocks without a transaction were looked through at the end of the list, down to this height,
        and offer to look further; nothing for 0."""
        has_lines = bool(self.table.paged.rowCount())
        self._further.setVisible(has_lines and empty_blocks > 0)
        if has_lines:
            told = self.tr("None in %Ln more blocks, down to block {0}.", "", empty_blocks)
            self.reach.setText(told.format(number_text(lowest)))
        elif empty_blocks:
            told = self.tr("The newest %Ln blocks, down to block {0}, are empty.", "", empty_blocks)
            self.faces.empty.say(
                self.tr("No transaction in the newest blocks"),
                told.format(number_text(lowest)),
                self.tr("Look further down"),
            )
        else:
            self.faces.empty.say(*self._none_yet)

    def refresh_count(self) -> None:
        """As many as were read."""
        count = self.table.paged.rowCount()
        is_whole = self.table.paged.is_whole
        told = self.tr("%Ln transactions", "", count) if is_whole else self.tr("%Ln transactions read", "", count)
        self._show_count(count, told)

    def _changed(self) -> None:
        if self.table.current is None:
            self.table.setCurrentIndex(self.table.paged.index(0, 0))
        self.refresh_count()
