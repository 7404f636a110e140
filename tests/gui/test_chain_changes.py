"""The Chain page while the chain goes on under it: replaced blocks, empty blocks, answers and errors that come late."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from ipnft_desktop.domain.chain import BlockRef
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from ipnft_desktop.domain.events import BlockArrived
from ipnft_desktop.domain.inspection.blocks import Block, BlockPage
from ipnft_desktop.domain.inspection.comparison import BlockDifference
from ipnft_desktop.domain.inspection.finding import Found, FoundKind
from ipnft_desktop.domain.inspection.tracing import TransactionDetail
from ipnft_desktop.domain.inspection.transactions import TransactionPage, TransactionPlace
from ipnft_desktop.domain.sheets import SheetFormat
from ipnft_desktop.services.inspector.chain_inspector import PAGE_SIZE
from ipnft_desktop.services.long_work import LongWork
from ipnft_desktop.ui.inspection import reader
from ipnft_desktop.ui.inspector.view import ChainFace
from ipnft_desktop.ui.widgets.list_faces import Face
from tests.gui.support import chain
from tests.gui.support.waiting import settled, turns
from tests.gui.test_chain_page import Shown, Told, shown

AWAY = EnvironmentFault(ErrorCode.NODE_UNREACHABLE, "answer too late")


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is gathered for a moment goes out at once."""
    monkeypatch.setattr(reader, "_PAUSE_MS", 0)


def height_in_focus(it: Shown) -> int | None:
    line = it.view.blocks.table.current
    return None if line is None else line.number


# --- empty blocks ---------------------------------------------------------------------------------------------------


@dataclass
class Sparse(Told):
    """Blocks without transactions, but for those of `full`."""

    height: int = 20_000
    full: set[int] = field(default_factory=lambda: {7})

    async def blocks(self, below: int | None = None, limit: int = PAGE_SIZE) -> BlockPage:
        page = await super().blocks(below, limit)
        lines = (chain.block_line(line.number, int(line.number in self.full)) for line in page.lines)
        return replace(page, lines=tuple(lines))

    async def transactions(self, below: TransactionPlace | None = None, limit: int = PAGE_SIZE) -> TransactionPage:
        self._asked("page")
        first = self.height if below is None else below.block_number - 1
        last = first - 999 if first > 1_000 else 0
        lines = tuple(chain.transaction_line(number) for number in range(first, last - 1, -1) if number in self.full)
        return TransactionPage(lines, TransactionPlace(last, 0) if last else None)


async def test_behind_many_empty_blocks_the_list_says_how_far_it_looked_and_goes_on(qapp: QApplication) -> None:
    async with shown(Sparse()) as it:
        tab = it.view.transactions
        it.view.show_tab(tab)
        await settled(lambda: it.told.reads.count("page") == 11)
        await settled(lambda: tab.face is Face.EMPTY)
        tab.table.paged.fetchMore(QModelIndex())
        await turns()
        assert it.told.reads.count("page") == 11, "the view itself asks no further"
        assert tab.faces.empty.sentence == "The newest 11,000 blocks, down to block 9,001, are empty."
        tab.faces.empty.button.click()
        await settled(lambda: tab.table.paged.rowCount() == 1)
        assert tab.face is Face.LIST
        assert tab.table.paged.is_whole
        assert it.told.reads.count("page") == 20
        assert not tab.further_button.isVisible()
        await settled(lambda: tab.panel.trace is not None)


async def test_a_new_block_is_read_alone(qapp: QApplication) -> None:
    told = Sparse()
    async with shown(told) as it:
        tab = it.view.transactions
        it.view.show_tab(tab)
        await settled(lambda: told.reads.count("page") == 11)
        for height in (20_001, 20_002):
            told.full.add(20_002)
            await it.block_arrives()
            assert told.height == height
        await settled(lambda: tab.table.paged.rowCount() == 1)
        assert told.reads.count("page") == 11, "the empty blocks are not read again"
        assert f"transactions of {20_002}" in told.reads
        assert f"transactions of {20_001}" not in told.reads
        assert tab.face is Face.LIST
        assert tab.reach.text() == "None in 11,001 more blocks, down to block 9,001."
        assert tab.further_button.isVisible()
        tab.further_button.click()
        await settled(lambda: tab.table.paged.rowCount() == 2)
        assert not tab.further_button.isVisible()


# --- replaced blocks ------------------------------------------------------------------------------------------------


async def test_a_transaction_that_moved_to_another_block_is_shown_as_it_is_there(qapp: QApplication) -> None:
    async with shown() as it:
        it.view.show_tab(it.view.transactions)
        panel = it.view.transactions.panel
        await settled(lambda: panel.trace is not None)
        old = panel.line
        assert old is not None
        moved = replace(old, place=TransactionPlace(153, 4), succeeded=False, gas_used=1)

        async def transactions(below: TransactionPlace | None = None, limit: int = PAGE_SIZE) -> TransactionPage:
            return TransactionPage((moved,), None)

        async def transaction(tx_hash: str) -> TransactionDetail:
            return chain.detail(moved)

        async def blocks(below: int | None = None, limit: int = PAGE_SIZE) -> BlockPage:
            return BlockPage((replace(chain.block_line(153), block_hash="0x" + "ee" * 32),), None)

        for told in (transactions, transaction, blocks):
            setattr(it.told, told.__name__, told)
        it.events.block_arrived.emit(BlockArrived(BlockRef(153, "0x", 0), 1))
        await settled(lambda: panel.line == moved)
        await settled(lambda: panel.detail is not None and panel.detail.transaction.line == moved)
        assert panel.detail is not None
        assert panel.detail.logs == ()


async def test_a_transaction_or_a_block_that_is_gone_is_said_to_be(qapp: QApplication) -> None:
    class Gone(Told):
        async def transaction(self, tx_hash: str) -> TransactionDetail | None:
            return None

        async def block(self, at: int | str) -> Block | None:
            await super().block(at)
            return None if at == chain.block_line(149).block_hash else chain.block(152)

    async with shown(Gone()) as it:
        table, blocks = it.view.blocks.table, it.view.blocks.panel
        assert not blocks._gone.isVisible()
        table.setCurrentIndex(table.paged.index(3, 0))
        await settled(blocks._gone.isVisible)
        table.setCurrentIndex(table.paged.index(0, 0))
        await settled(lambda: not blocks._gone.isVisible())
        it.view.show_tab(it.view.transactions)
        panel = it.view.transactions.panel
        await settled(panel._gone.isVisible)
        assert not panel.export_button.isEnabled()


async def test_the_raw_view_never_begins_with_another_transactions_event(qapp: QApplication) -> None:
    async with shown() as it:
        it.view.show_tab(it.view.transactions)
        panel, table = it.view.transactions.panel, it.view.transactions.table
        await settled(lambda: panel.trace is not None)
        panel.parts.show_part(panel.events)
        panel.events.setCurrentIndex(panel.events.records.index(1, 0))
        panel.parts.show_part(panel.raw)
        assert panel.raw.content.startswith("log 1\n")
        table.setCurrentIndex(table.paged.index(4, 0))
        assert panel.raw.content == ""
        await settled(lambda: panel.trace is not None)
        assert panel.raw.content.startswith("blockHash")
        detail = panel.detail
        assert detail is not None
        panel.parts.show_part(panel.events)
        panel.events.setCurrentIndex(panel.events.records.index(1, 0))
        panel.parts.show_part(panel.raw)
        panel.show_detail(replace(detail, logs=()))
        assert panel.raw.content.startswith("blockHash")


# --- late answers ---------------------------------------------------------------------------------------------------


async def test_a_slow_search_does_not_lead_away_from_the_newer_one(qapp: QApplication) -> None:
    gate = asyncio.Event()

    class Slow(Told):
        async def find(self, text: str) -> tuple[Found, ...]:
            if text == "slow":
                await gate.wait()
                return (Found(FoundKind.BLOCK, "40", 40),)
            if text == "wrong":
                await gate.wait()
                raise AWAY
            return (Found(FoundKind.BLOCK, "90", 90),)

    async with shown(Slow()) as it:
        for text in ("slow", "wrong", "fast"):
            it.page.find(text)
            await turns()
        await settled(lambda: height_in_focus(it) == 90)
        gate.set()
        await settled(lambda: not it.page._tasks._running)
        await turns()
        assert (height_in_focus(it), it.view.blocks.search.text(), it.notices) == (90, "90", [])


async def test_a_slow_transaction_does_not_take_the_place_of_the_newer_one(qapp: QApplication) -> None:
    gate = asyncio.Event()

    class Slow(Told):
        async def transaction(self, tx_hash: str) -> TransactionDetail | None:
            if tx_hash in (chain.tx_hash(12), chain.tx_hash(13)):
                await gate.wait()
            if tx_hash == chain.tx_hash(13):
                raise AWAY
            return await super().transaction(tx_hash)

    async with shown(Slow()) as it:
        for number in (12, 13, 30):
            it.page.show_transaction(chain.tx_hash(number))
            await turns()
        panel = it.view.transactions.panel
        await settled(lambda: panel.trace is not None and panel.line is not None)
        gate.set()
        await settled(lambda: not it.page.transactions._tasks._running)
        assert panel.line is not None
        assert panel.line.place.block_number == 30
        assert not it.view.transactions.error_panel.isVisible()


async def test_an_error_about_one_transaction_is_not_told_at_another_which_is_read(qapp: QApplication) -> None:
    gate = asyncio.Event()

    class Slow(Told):
        async def transaction(self, tx_hash: str) -> TransactionDetail | None:
            if tx_hash == chain.tx_hash(152):
                await gate.wait()
                raise AWAY
            return await super().transaction(tx_hash)

    async with shown(Slow()) as it:
        it.view.show_tab(it.view.transactions)
        table, panel = it.view.transactions.table, it.view.transactions.panel
        await settled(lambda: table.paged.rowCount() > 0)
        await turns()
        table.setCurrentIndex(table.paged.index(3, 0))
        await turns()
        gate.set()
        await settled(lambda: panel.trace is not None)
        assert panel.line is not None
        assert panel.line.place.block_number == 149
        assert not panel.error_panel.isVisible()
        table.setCurrentIndex(table.paged.index(0, 0))
        await settled(panel.error_panel.isVisible)


async def test_an_error_about_one_block_is_not_told_at_another_which_is_read(qapp: QApplication) -> None:
    gate = asyncio.Event()

    class Slow(Told):
        async def block(self, at: int | str) -> Block | None:
            if at == chain.block_line(150).block_hash:
                await gate.wait()
                raise AWAY
            return await super().block(at)

    async with shown(Slow()) as it:
        table, panel = it.view.blocks.table, it.view.blocks.panel
        table.setCurrentIndex(table.paged.index(2, 0))
        await turns()
        table.setCurrentIndex(table.paged.index(5, 0))
        await turns()
        gate.set()
        await settled(lambda: panel.header.records.count > 0)
        assert not panel.error_panel.isVisible()


# --- comparing ------------------------------------------------------------------------------------------------------


async def test_another_comparison_takes_the_place_of_the_one_under_way(qapp: QApplication) -> None:
    gate = asyncio.Event()

    class Slow(Told):
        async def compare(self, first: int, second: int) -> BlockDifference:
            self._asked(f"compare {first} {second}")
            if second == 10:
                await gate.wait()
                raise AWAY
            return chain.difference()

    async with shown(Slow()) as it:
        panel = it.view.blocks.panel
        panel.other.setText("10")
        panel.compare_button.click()
        await turns()
        assert panel._told.text() == "Comparing block 152 with block 10…"
        panel.compare_button.click()
        await turns()
        assert it.told.reads.count("compare 152 10") == 1
        panel.other.setText("20")
        panel.compare_button.click()
        await settled(lambda: panel.differences.records.count > 0)
        assert it.told.reads.count("compare 152 20") == 1
        gate.set()
        await settled(lambda: not it.page.blocks._tasks._running)
        assert panel.differences.records.count > 0
        assert not panel.error_panel.isVisible()
        assert not it.view.blocks.error_panel.isVisible()
        panel.other.setText("10")
        panel.compare_button.click()
        await settled(panel.error_panel.isVisible)


async def test_numbers_of_a_comparison_are_decimal(qapp: QApplication) -> None:
    async with shown() as it:
        panel = it.view.blocks.panel
        panel.show_difference(chain.difference())
        first, second, *_ = panel.differences.records.records
        assert (first.name, first.before, first.after) == ("number", "150", "151")
        assert second.before == "0x" + "4a" * 32


# --- heights --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["+", "1,5", "１２"])
async def test_what_is_no_height_is_marked_and_leads_nowhere(qapp: QApplication, typed: str) -> None:
    async with shown() as it:
        tab = it.view.blocks
        reads = list(it.told.reads)
        for text_field, act in ((tab.search, tab.search._on_search), (tab.panel.other, tab.panel.compare_button.click)):
            assert not is_marked(text_field)
            text_field.setFocus()
            text_field.setText(typed)
            assert is_marked(text_field)
            act()
        await turns()
        assert it.told.reads == reads
        tab.search.clear()
        QTest.keyClicks(tab.search, "40")
        assert not is_marked(tab.search)
        await settled(lambda: height_in_focus(it) == 40)


def is_marked(text_field: QLineEdit) -> bool:
    return bool(text_field.property("invalid"))


async def test_a_block_may_claim_a_time_that_no_calendar_has(qapp: QApplication) -> None:
    late = 2**62

    class Late(Told):
        async def blocks(self, below: int | None = None, limit: int = PAGE_SIZE) -> BlockPage:
            page = await super().blocks(below, limit)
            return replace(page, lines=tuple(replace(line, timestamp_s=late) for line in page.lines))

    async with shown(Late()) as it:
        assert it.view.blocks.table.paged.text_at(0, 3) == f"second {late:,}"
        assert f"second {late:,}" in it.view.blocks.panel._subtitle.text()
        line = replace(chain.transaction_line(3), timestamp_s=late)
        it.view.transactions.show_transactions([line], is_whole=True)
        assert f"second {late:,}" in it.view.transactions.panel._subtitle.text()


# --- files ----------------------------------------------------------------------------------------------------------


@dataclass
class SlowFiles:
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    works: list[LongWork] = field(default_factory=list[LongWork])

    async def blocks(self, first: int | None, sheet_format: SheetFormat, target: Path, work: LongWork) -> int:
        self.works.append(work)
        await self.gate.wait()
        work.report(0.5)
        return 3


def slow_files(it: Shown) -> SlowFiles:
    files = SlowFiles()
    setattr(it.page.blocks, "_exports", files)  # noqa: B010 - of another type
    return files


async def test_one_file_is_written_at_a_time(qapp: QApplication, tmp_path: Path) -> None:
    async with shown() as it:
        files = slow_files(it)
        for name in ("a.csv", "b.csv"):
            it.page.blocks.write(SheetFormat.CSV, tmp_path / name)
            await turns()
        assert it.notices == ["One file is being written already. Wait for it, or stop it."]
        it.view.blocks.stop_requested.emit()
        files.gate.set()
        await ended(lambda: it.page.is_working)
        assert len(files.works) == 1
        assert len(it.notices) == 1


async def test_a_file_under_way_ends_with_whoever_signs_out(qapp: QApplication, tmp_path: Path) -> None:
    async with shown() as it:
        files = slow_files(it)
        it.page.blocks.write(SheetFormat.CSV, tmp_path / "a.csv")
        await turns()
        it.page.show_closed(ChainFace.SIGNED_OUT)
        files.gate.set()
        await ended(lambda: it.page.is_working)
        assert it.notices == []
        assert not it.view.blocks.export_button.isEnabled()


async def test_the_file_of_blocks_begins_where_the_list_does(qapp: QApplication, tmp_path: Path) -> None:
    async with shown() as it:
        it.page.blocks.show_block(40)
        await settled(lambda: height_in_focus(it) == 40)
        it.page.blocks.write(SheetFormat.CSV, tmp_path / "b.csv")
        await settled(lambda: bool(it.told.written))
        assert it.told.written == [(SheetFormat.CSV, "b.csv from 40")]


async def ended(is_working: Callable[[], bool]) -> None:
    await settled(lambda: not is_working())
    await turns()
