"""The Chain page: what is read and when, over doubles; and once over the services of a core."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ipnft_desktop.domain.chain import BlockRef
from ipnft_desktop.domain.errors import (
    EnvironmentFault,
    ErrorCode,
    FieldProblem,
    IpnftError,
    ProblemKind,
    ValidationFailed,
)
from ipnft_desktop.domain.events import BlockArrived
from ipnft_desktop.domain.inspection.blocks import Block, BlockPage
from ipnft_desktop.domain.inspection.comparison import BlockDifference
from ipnft_desktop.domain.inspection.finding import Found, FoundKind
from ipnft_desktop.domain.inspection.tracing import TransactionDetail, TransactionTrace
from ipnft_desktop.domain.inspection.transactions import TransactionPage, TransactionPlace
from ipnft_desktop.domain.sheets import SheetFormat
from ipnft_desktop.services.inspector.chain_inspector import PAGE_SIZE
from ipnft_desktop.services.long_work import LongWork
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.inspector.blocks_presenter import BlocksPresenter
from ipnft_desktop.ui.inspector.presenter import ChainPresenter
from ipnft_desktop.ui.inspector.raw_part import SHOWN_CHARS
from ipnft_desktop.ui.inspector.transactions_presenter import TransactionsPresenter
from ipnft_desktop.ui.inspector.view import ChainFace, ChainView
from ipnft_desktop.ui.widgets.list_faces import Face
from ipnft_desktop.ui.widgets.menu import Menu
from tests.gui.support import chain
from tests.gui.support.waiting import settled
from tests.support.core_factory import MemoryCore, request

AWAY = EnvironmentFault(ErrorCode.NODE_UNREACHABLE, "no answer in time")


@dataclass
class Told:
    """A chain with a transaction in each block, up to a height."""

    height: int = 152
    error: IpnftError | None = None
    found: tuple[Found, ...] = ()
    traced: TransactionTrace = field(default_factory=chain.trace)
    reads: list[str] = field(default_factory=list[str])
    written: list[tuple[SheetFormat, str]] = field(default_factory=list[tuple[SheetFormat, str]])

    def _asked(self, what: str) -> None:
        self.reads.append(what)
        if self.error is not None:
            raise self.error

    async def blocks(self, below: int | None = None, limit: int = PAGE_SIZE) -> BlockPage:
        self._asked(f"blocks {below}")
        first = self.height if below is None else min(below - 1, self.height)
        numbers = range(first, max(first - limit, -1), -1)
        lines = tuple(chain.block_line(number) for number in numbers)
        return BlockPage(lines, lines[-1].number if lines and lines[-1].number else None)

    async def block(self, at: int | str) -> Block | None:
        self._asked(f"block {at}")
        return chain.block(at if isinstance(at, int) else int(at, 16))

    async def transactions_of(self, number: int) -> TransactionPage:
        self._asked(f"transactions of {number}")
        return TransactionPage((chain.transaction_line(number),), None)

    async def transactions(self, below: TransactionPlace | None = None, limit: int = PAGE_SIZE) -> TransactionPage:
        self._asked(f"transactions {below.block_number if below else None}")
        first = self.height if below is None else below.block_number - 1
        lines = tuple(chain.transaction_line(number) for number in range(first, max(first - limit, 0), -1))
        return TransactionPage(lines, lines[-1].place if lines and lines[-1].place.block_number > 1 else None)

    async def transaction(self, tx_hash: str) -> TransactionDetail | None:
        self._asked(f"transaction {tx_hash}")
        number = int(tx_hash[4:34], 16)
        return chain.detail(chain.transaction_line(number)) if number <= self.height else None

    async def trace(self, detail: TransactionDetail) -> TransactionTrace:
        self._asked("trace")
        return self.traced

    async def compare(self, first: int, second: int) -> BlockDifference:
        self._asked(f"compare {first} {second}")
        return chain.difference()

    async def find(self, text: str) -> tuple[Found, ...]:
        self._asked(f"find {text}")
        return self.found

    async def mint_of(self, asset_id: UUID) -> str | None:
        return chain.tx_hash(7) if asset_id == chain.ASSET_ID else None


class Files:
    def __init__(self, told: Told) -> None:
        self._told = told

    async def blocks(self, first: int | None, sheet_format: SheetFormat, target: Path, work: LongWork) -> int:
        self._told.written.append((sheet_format, f"{target.name} from {first}"))
        return 3

    async def transactions(self, block: int | None, sheet_format: SheetFormat, target: Path, work: LongWork) -> int:
        self._told.written.append((sheet_format, f"{target.name} of {block}"))
        return 1

    async def transaction(
        self,
        detail: TransactionDetail,
        trace: TransactionTrace | None,
        sheet_format: SheetFormat,
        target: Path,
        work: LongWork,
    ) -> int:
        self._told.written.append((sheet_format, f"{target.name} {detail.transaction.line.tx_hash}"))
        return 9


@dataclass
class Shown:
    view: ChainView
    page: ChainPresenter
    told: Told
    events: AppEvents
    notices: list[str]
    are_events_shown: bool = False

    async def block_arrives(self) -> None:
        self.told.height += 1
        self.events.block_arrived.emit(BlockArrived(BlockRef(self.told.height, "0x", 0), 1))
        await settled(lambda: not self.is_reading)

    @property
    def is_reading(self) -> bool:
        return self.page.blocks.is_reading or self.page.transactions.is_reading


@asynccontextmanager
async def shown(told: Told | None = None, *, ready: bool = True) -> AsyncGenerator[Shown]:
    told = told or Told()
    view, events, files = ChainView(), AppEvents(), Files(told)
    blocks = BlocksPresenter(view.blocks, told, files, events)
    transactions = TransactionsPresenter(view.transactions, told, files, events)
    made: list[Shown] = []
    page = ChainPresenter(
        view, told, blocks, transactions, is_on_events=lambda: bool(made) and made[0].are_events_shown
    )
    notices: list[str] = []

    def hear(text: str, _tone: object) -> None:
        notices.append(text)

    page.notice.connect(hear)
    view.show()
    try:
        if ready:
            page.reload()
            await settled(lambda: view.blocks.panel.header.records.count > 0)
        made.append(Shown(view, page, told, events, notices))
        yield made[0]
    finally:
        await page.close()
        view.close()
        view.deleteLater()


async def test_before_there_is_a_chain_the_page_offers_the_start(qapp: QApplication) -> None:
    async with shown(ready=False) as it:
        assert it.view.face is ChainFace.NO_ENVIRONMENT
        assert not it.view.find_field.isEnabled()
        assert it.told.reads == []


async def test_new_blocks_come_on_top_and_leave_the_focus_where_it_is(qapp: QApplication) -> None:
    async with shown() as it:
        table = it.view.blocks.table
        assert table.paged.rowCount() == PAGE_SIZE
        table.setCurrentIndex(table.paged.index(3, 0))
        await settled(lambda: "block 0x" + f"{149:064x}" in it.told.reads)
        await it.block_arrives()
        await settled(lambda: table.paged.rowCount() == PAGE_SIZE + 1)
        first = table.paged.record_at(0)
        assert first is not None
        assert first.number == 153
        assert table.current is not None
        assert (table.current.number, table.currentIndex().row()) == (149, 4)


async def test_a_reorganisation_shows_the_blocks_anew(qapp: QApplication) -> None:
    async with shown() as it:
        it.told.height = 59
        it.events.block_arrived.emit(BlockArrived(BlockRef(59, "0x", 0), 1))
        table = it.view.blocks.table
        await settled(lambda: table.paged.rowCount() == 60)
        assert table.paged.is_whole


async def test_the_list_goes_on_where_the_view_ends_and_keeps_its_lines_when_the_node_goes(qapp: QApplication) -> None:
    async with shown() as it:
        paged = it.view.blocks.table.paged
        it.told.error = AWAY
        paged.fetchMore(paged.index(-1, -1))
        await settled(lambda: it.view.blocks.error_panel.isVisible())
        assert paged.rowCount() == PAGE_SIZE
        it.told.error = None
        assert paged.canFetchMore(paged.index(-1, -1))
        paged.fetchMore(paged.index(-1, -1))
        await settled(lambda: paged.rowCount() == 153)
        assert paged.is_whole
        it.view.blocks.retry_button.click()
        await settled(lambda: not it.view.blocks.error_panel.isVisible())


async def test_blocks_are_compared(qapp: QApplication) -> None:
    async with shown() as it:
        panel = it.view.blocks.panel
        panel.compare_button.click()
        await settled(lambda: panel.differences.records.count > 0)
        assert "compare 152 151" in it.told.reads
        assert [row.name for row in panel.differences.records.records][:2] == ["number", "stateRoot"]
        panel.other.setText("40")
        panel.compare_button.click()
        await settled(lambda: "compare 152 40" in it.told.reads)


async def test_a_transaction_is_shown_with_what_it_did(qapp: QApplication) -> None:
    async with shown() as it:
        it.view.show_tab(it.view.transactions)
        panel = it.view.transactions.panel
        panel.use_labels(chain.LABELS.get)
        await settled(lambda: panel.trace is not None)
        assert [row.variable for row in panel.state.records.records][:2] == [
            "ownerOf.owner[Perovskite tandem cell process]",
            "ownerOf.directoryKey[Perovskite tandem cell process]",
        ]
        assert panel.gas_bar.lines[0] == "Base: 21,000"
        assert panel.events.records.count == 2
        panel.parts.show_part(panel.events)
        panel.events.setCurrentIndex(panel.events.records.index(1, 0))
        panel.parts.show_part(panel.raw)
        assert panel.raw.content.startswith("log 1\n")
        assert "input  0x8addc3d2" in panel.raw.content


async def test_what_is_quickly_passed_by_is_not_shown(qapp: QApplication) -> None:
    async with shown() as it:
        it.view.show_tab(it.view.transactions)
        table, panel = it.view.transactions.table, it.view.transactions.panel
        await settled(lambda: table.paged.rowCount() > 0)
        for row in range(1, 6):
            table.setCurrentIndex(table.paged.index(row, 0))
        await settled(lambda: panel.trace is not None)
        assert panel.line is not None
        assert panel.detail is not None
        assert panel.line.tx_hash == panel.detail.transaction.line.tx_hash == chain.tx_hash(147)
        assert it.told.reads.count("trace") <= 2


async def test_a_node_without_traces_leaves_what_is_known(qapp: QApplication) -> None:
    async with shown(Told(traced=chain.untold_trace())) as it:
        it.view.show_tab(it.view.transactions)
        panel = it.view.transactions.panel
        await settled(lambda: panel.trace is not None)
        assert panel.gas_bar.lines == ("Base: 21,000", "Call data: 1,284", "Not told apart: 54,040")
        assert panel.state.records.count == 0
        assert panel.events.records.count == 2


async def test_what_nobody_signed_is_told(qapp: QApplication) -> None:
    async with shown() as it:
        it.view.show_tab(it.view.transactions)
        panel = it.view.transactions.panel
        await settled(lambda: panel.detail is not None)
        assert not panel.parties.facts[0].note
        detail = chain.detail()
        panel.show_detail(replace(detail, transaction=replace(detail.transaction, is_signed=False)))
        assert "signed nothing" in panel.parties.facts[0].note


async def test_raw_data_of_a_megabyte_are_cut_until_all_is_asked_for(qapp: QApplication) -> None:
    async with shown() as it:
        it.view.show_tab(it.view.transactions)
        panel = it.view.transactions.panel
        await settled(lambda: panel.detail is not None)
        detail = chain.detail()
        long = replace(detail, transaction=replace(detail.transaction, input=bytes(1_000_000)))
        panel.show_detail(long)
        panel.parts.show_part(panel.raw)
        assert len(panel.raw.text.toPlainText().replace("\n", "")) <= SHOWN_CHARS
        panel.raw.copy_button.click()
        assert len(QGuiApplication.clipboard().text()) > 2_000_000
        panel.raw.more_button.click()
        assert SHOWN_CHARS < len(panel.raw.text.toPlainText().replace("\n", "")) <= 2 * SHOWN_CHARS


async def test_one_thing_found_is_shown_and_several_are_offered(qapp: QApplication) -> None:
    block = Found(FoundKind.BLOCK, "40", 40)
    mint = Found(FoundKind.TOKEN, "Vase", None, chain.tx_hash(12), chain.CONTRACT, chain.ASSET_ID)
    async with shown() as it:
        it.told.found = (mint,)
        it.view.find_field.setText("Vase")
        it.view.find_field.returnPressed.emit()
        await settled(lambda: bool(_menus(it.view)))
        (menu,) = _menus(it.view)
        assert [action.text() for action in menu.actions()] == ["Token: Vase", "", "Events of Token: Vase"]
        assert menu.activeAction() is menu.actions()[0], "Enter goes on to it"
        QTest.keyClick(menu, Qt.Key.Key_Return)
        panel = it.view.transactions.panel
        await settled(
            lambda: panel.detail is not None and panel.line is not None and panel.line.place.block_number == 12
        )
        assert it.view.transactions.search.text() == "12"
        it.told.found = (block, mint)
        it.page.find("40")
        await settled(lambda: bool(_menus(it.view)))
        _menus(it.view)[0].actions()[0].trigger()
        await settled(lambda: it.view.blocks.table.current is not None and it.view.blocks.table.current.number == 40)
        it.told.found = ()
        it.page.find("nothing")
        await settled(lambda: bool(it.notices))
        assert it.notices == ["Nothing on this chain is called “nothing”."]
        it.told.error = ValidationFailed((FieldProblem("search", ProblemKind.NOT_AN_ADDRESS),))
        it.page.find("0x12")
        await settled(lambda: len(it.notices) == 2)


async def test_the_one_field_leads_to_the_events_of_an_address_or_a_token(qapp: QApplication) -> None:
    block = Found(FoundKind.BLOCK, "40", 40)
    mint = Found(FoundKind.TOKEN, "Vase", None, chain.tx_hash(12), chain.CONTRACT, chain.ASSET_ID)
    vault = Found(FoundKind.ADDRESS, "Vault", address=chain.CONTRACT)
    asked: list[Found] = []
    async with shown() as it:
        it.page.events_requested.connect(asked.append)
        it.told.found = (vault,)
        it.page.find("Vault")
        await settled(lambda: bool(_menus(it.view)))
        _menus(it.view)[0].actions()[-1].trigger()
        assert asked == [vault]
        _menus(it.view)[0].close()
        it.are_events_shown = True
        it.told.found = (mint,)
        it.page.find("Vase")
        await settled(lambda: asked == [vault, mint])
        assert it.view.transactions.panel.line is None, "the list of events stays in view"
        it.told.found = (block, mint)
        it.page.find("40")
        await settled(lambda: bool(_menus(it.view)))
        assert len(_menus(it.view)[0].actions()) == 2, "each of them is about events here"
        _menus(it.view)[0].actions()[0].trigger()
        assert asked == [vault, mint, block]
        _menus(it.view)[0].close()


def _menus(view: ChainView) -> list[Menu]:
    """Those in view."""
    return [menu for menu in view.findChildren(Menu) if menu.isVisible()]


async def test_the_token_of_an_asset_is_shown_by_its_mint(qapp: QApplication) -> None:
    async with shown() as it:
        it.page.show_mint_of(chain.ASSET_ID)
        panel = it.view.transactions.panel
        await settled(lambda: panel.line is not None and panel.line.tx_hash == chain.tx_hash(7))
        it.page.show_mint_of(UUID(int=1))
        await settled(lambda: it.notices == ["The chain has no token of this asset."])
        it.page.show_transaction(chain.tx_hash(999))
        await settled(lambda: it.notices[1:] == ["The chain has no such transaction."])


async def test_lists_and_one_transaction_are_written(qapp: QApplication, tmp_path: Path) -> None:
    async with shown() as it:
        it.page.blocks.write(SheetFormat.CSV, tmp_path / "b.csv")
        await settled(lambda: bool(it.notices))
        it.view.show_tab(it.view.transactions)
        await settled(lambda: it.view.transactions.panel.trace is not None)
        it.page.transactions.write(SheetFormat.JSON, tmp_path / "t.json")
        it.page.transactions.write_one(SheetFormat.CSV, tmp_path / "one.csv")
        await settled(lambda: len(it.notices) == 3)
        assert it.told.written == [
            (SheetFormat.CSV, "b.csv from None"),
            (SheetFormat.JSON, "t.json of None"),
            (SheetFormat.CSV, f"one.csv {chain.tx_hash(152)}"),
        ]


async def test_who_signs_out_leaves_nothing_behind(qapp: QApplication) -> None:
    async with shown() as it:
        it.view.find_field.setText("secret")
        it.page.show_closed(ChainFace.SIGNED_OUT)
        assert it.view.face is ChainFace.SIGNED_OUT
        assert it.view.find_field.text() == ""
        assert it.view.blocks.face is Face.SIGNED_OUT
        assert it.view.blocks.table.paged.rowCount() == it.view.transactions.table.paged.rowCount() == 0
        assert it.view.transactions.panel.line is it.view.blocks.panel.line is None


async def test_over_the_services_of_a_core(qapp: QApplication, tmp_path: Path) -> None:
    memory = await MemoryCore(tmp_path).start()
    core = memory.core
    (asset,) = await memory.add_assets()
    await core.desk.mint([request(asset)])
    view, events = ChainView(), AppEvents()
    blocks = BlocksPresenter(view.blocks, core.inspector, core.chain_exports, events)
    transactions = TransactionsPresenter(view.transactions, core.inspector, core.chain_exports, events)
    page = ChainPresenter(view, core.chain_search, blocks, transactions)
    view.show()
    page.reload()
    page.find(str(asset.asset_id))
    await settled(lambda: bool(_menus(view)))
    _menus(view)[0].actions()[0].trigger()
    _menus(view)[0].close()
    panel = view.transactions.panel
    await settled(lambda: panel.trace is not None and panel.trace.gas.untold is not None)
    assert panel.detail is not None
    assert panel.detail.logs
    assert panel.detail.assets == {asset.asset_id: asset.name}
    await page.close()
    view.close()
    view.deleteLater()
    await memory.core.close()
