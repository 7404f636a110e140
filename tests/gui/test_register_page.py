"""The Register page over a register in memory: what a person does, and what comes of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from ipnft_desktop.domain.assets import Attachment, SortKey
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, UserError
from ipnft_desktop.domain.events import AssetChanged, AssetCreated, AssetsImported, MintAdvanced, SessionChanged
from ipnft_desktop.domain.minting import (
    AssetState,
    FailureKind,
    MintFailure,
    MintProgress,
    MintRecord,
    MintStage,
    MintStrategy,
    MintTimes,
    RecipientType,
)
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.models.asset_pages import PAGE_ROWS
from ipnft_desktop.ui.pictures import PictureStore
from ipnft_desktop.ui.register.asset_form import AssetForm
from ipnft_desktop.ui.register.presenter import RegisterPresenter
from ipnft_desktop.ui.register.view import RegisterView
from ipnft_desktop.ui.widgets.file_drop import FileDrop
from ipnft_desktop.ui.widgets.list_faces import Face
from tests.gui.register_doubles import ENTERPRISES, EPOCH, MemoryRegister, RecordingDesk, row
from tests.gui.support.dropping import drop_files, drop_of
from tests.gui.support.filters import MemoryFilters

_PATIENCE_S = 3.0
_SELECT = QItemSelectionModel.SelectionFlag.ClearAndSelect


class _Page:
    """The page with everything behind it, and ears for what it asks others to do."""

    def __init__(self, register: MemoryRegister) -> None:
        self.register = register
        self.desk = RecordingDesk()
        self.filters = MemoryFilters()
        self.events = AppEvents()
        self.events.attach(register.hub)
        self.pictures = PictureStore(register.content_bytes)
        self.view = RegisterView()
        self.view.resize(1280, 720)
        self.view.show()
        self.presenter = RegisterPresenter(
            self.view, register, self.desk, register, self.filters, self.events, self.pictures
        )
        self.asked: list[tuple[str, object]] = []
        for name in ("mint_requested", "watch_requested", "open_card_requested"):
            getattr(self.presenter, name).connect(lambda wanted, name=name: self.asked.append((name, wanted)))
        self.notices: list[str] = []
        self.presenter.notice.connect(lambda text, _tone: self.notices.append(text))
        self.offers: list[tuple[str, Callable[[], object]]] = []
        self.presenter.undo_offered.connect(lambda text, undo: self.offers.append((text, undo)))

    @property
    def names(self) -> list[str]:
        return [self.view.model.index(at, 0).data() for at in range(self.view.model.rowCount())]

    def select(self, *numbers: int) -> None:
        """The last one is the row in focus."""
        self.view.table.select_assets([row(number).asset_id for number in numbers], row(numbers[-1]).asset_id)

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.view.table, key, modifier)

    async def until(self, holds: Callable[[], object]) -> None:
        """Give the loop turns until something holds."""
        async with asyncio.timeout(_PATIENCE_S):
            while not holds():  # noqa: ASYNC110 - whatever a person could see, not one event
                await asyncio.sleep(0)

    async def shown(self, number: int) -> None:
        await self.until(lambda: self.view.panel.asset_id == row(number).asset_id)

    async def close(self) -> None:
        await self.presenter.close()
        await self.pictures.close()
        self.events.detach()
        self.view.close()
        self.view.deleteLater()


_Open = Callable[[MemoryRegister], Awaitable[_Page]]


@pytest.fixture
async def open_page() -> AsyncIterator[_Open]:
    opened: list[_Page] = []

    async def open_it(register: MemoryRegister) -> _Page:
        page = _Page(register)
        opened.append(page)
        page.presenter.activate()
        await page.until(lambda: page.view.model.rowCount() == len(register.rows))
        await asyncio.sleep(0)
        return page

    yield open_it
    for page in opened:
        await page.close()


def _some(count: int = 3, **changes: object) -> MemoryRegister:
    return MemoryRegister([row(number, **changes) for number in range(count)])


def _rows(page: _Page, first: int, last: int) -> QItemSelection:
    model = page.view.model
    return QItemSelection(model.index(first, 0), model.index(last, model.columnCount() - 1))


def _mint(stage: MintStage, failure: MintFailure | None = None, attempt: int = 1) -> MintRecord:
    return MintRecord(
        job_id=UUID(int=7),
        strategy=MintStrategy.SINGLE,
        batch_size=1,
        stage=stage,
        attempt=attempt,
        times=MintTimes(EPOCH),
        recipient=ENTERPRISES[0].wallet_address,
        recipient_type=RecipientType.ENTERPRISE,
        chain_id=31337,
        contract_address=None,
        token_id=None,
        token_uri=None,
        metadata_cid=None,
        directory_cid=None,
        tx_hash=None,
        nonce=None,
        gas_limit=None,
        mined=None,
        confirmations=0,
        required_confirmations=6,
        failure=failure,
    )


async def test_what_is_typed_asks_for_the_list_alone(open_page: _Open) -> None:
    page = await open_page(MemoryRegister([row(number) for number in range(20)]))
    await page.until(lambda: page.filters.times_listed == 1)
    page.view.search.search_requested.emit("asset 000007")
    await page.until(lambda: page.names == ["Asset 000007"])
    assert page.filters.times_listed == 1
    page.view.reload_requested.emit()
    await page.until(lambda: page.filters.times_listed == 2)


async def test_an_import_lays_the_list_out_anew(open_page: _Open) -> None:
    page = await open_page(_some(2))
    page.register.put(row(7))
    page.register.hub.publish(AssetsImported(1))

    await page.until(lambda: page.view.model.rowCount() == 3)


async def test_before_the_environment_runs_the_page_offers_to_start_it() -> None:
    view = RegisterView()
    view.show()
    wanted: list[None] = []
    view.environment_requested.connect(lambda: wanted.append(None))

    view.faces.no_environment.button.click()

    assert wanted == [None]
    assert not view.panel.isVisible()
    assert not view.new_button.isEnabled()
    view.close()
    view.deleteLater()


async def test_the_newest_asset_is_listed_first_and_shown(open_page: _Open) -> None:
    page = await open_page(_some())

    await page.shown(2)

    assert page.names == ["Asset 000002", "Asset 000001", "Asset 000000"]
    assert [chosen.name for chosen in page.view.table.selected_rows(10)] == ["Asset 000002"]
    assert page.view.mint_button.isEnabled()


async def test_an_empty_register_offers_a_new_asset(open_page: _Open) -> None:
    page = await open_page(MemoryRegister())
    await page.until(page.view.faces.empty.isVisible)

    page.view.faces.empty.button.click()

    await page.until(lambda: page.presenter.form and page.presenter.form.windowTitle() == "New asset")


async def test_search_filters_and_can_be_cleared(open_page: _Open) -> None:
    page = await open_page(_some())
    page.view.search.setFocus()
    page.view.search.setText("nothing like it")
    QTest.keyClick(page.view.search, Qt.Key.Key_Return)
    await page.until(page.view.faces.no_match.isVisible)

    page.view.faces.no_match.button.click()

    await page.until(lambda: page.view.model.rowCount() == 3)
    assert page.view.search.text() == ""


async def test_typing_searches_after_a_pause(open_page: _Open) -> None:
    page = await open_page(_some())

    page.view.search.setText("000001")

    await page.until(lambda: page.names == ["Asset 000001"])


async def test_what_is_found_first_is_selected_so_that_a_key_can_mint_it(open_page: _Open) -> None:
    page = await open_page(_some())
    await page.shown(2)

    page.view.search.setText("000001")
    await page.until(lambda: page.names == ["Asset 000001"])
    await page.shown(1)
    QTest.keyClick(page.view.search, Qt.Key.Key_Escape)
    page.key(Qt.Key.Key_M)
    await page.until(lambda: page.asked)
    assert page.asked == [("mint_requested", (row(1),))]


async def test_a_selection_that_was_given_up_stays_so_when_the_same_list_is_read_again(open_page: _Open) -> None:
    page = await open_page(_some())
    await page.shown(2)
    page.view.table.clearSelection()

    laid_out = asyncio.Event()
    page.view.model.modelReset.connect(laid_out.set)
    page.key(Qt.Key.Key_F5)
    await laid_out.wait()

    assert page.view.table.selected_count == 0


async def test_the_answer_to_an_earlier_search_is_dropped(open_page: _Open) -> None:
    page = await open_page(_some())
    page.register.gate.clear()
    page.view.search.setFocus()
    for text in ("000001", "000002"):
        page.view.search.setText(text)
        QTest.keyClick(page.view.search, Qt.Key.Key_Return)
        await asyncio.sleep(0)  # lets the search begin
    seen: list[list[str]] = []
    page.view.model.modelReset.connect(lambda: seen.append(page.names))

    page.register.gate.set()

    await page.until(lambda: seen)
    await asyncio.sleep(0)
    assert seen == [["Asset 000002"]]


async def test_the_panel_shows_the_asset_chosen_last(open_page: _Open) -> None:
    page = await open_page(_some())
    await page.shown(2)
    shown: list[str] = []
    show = page.view.panel.show_asset
    page.view.panel.show_asset = lambda asset: (show(asset), shown.append(asset.name))
    page.register.gate.clear()
    for number in (0, 1):
        page.select(number)
        await asyncio.sleep(0)  # lets the reading begin

    page.register.gate.set()

    await page.until(lambda: shown)
    await asyncio.sleep(0)
    assert shown == ["Asset 000001"]


async def test_the_state_filter_lists_one_state(open_page: _Open) -> None:
    page = await open_page(MemoryRegister([row(1), row(2, state=AssetState.MINTED, token_id=5)]))

    assert page.view.state_filter.currentText() == "All states"
    page.view.state_filter.setCurrentText("MINTED")

    await page.until(lambda: page.names == ["Asset 000002"])


async def test_a_click_on_a_header_sorts(open_page: _Open) -> None:
    page = await open_page(MemoryRegister([row(1, name="b"), row(2, name="a"), row(3, name="c")]))

    page.view.table.horizontalHeader().setSortIndicator(0, Qt.SortOrder.AscendingOrder)

    await page.until(lambda: page.names == ["a", "b", "c"])
    assert page.view.query.sort is SortKey.NAME


async def test_the_selection_survives_another_order(open_page: _Open) -> None:
    page = await open_page(_some(5))
    page.select(1, 3)

    page.view.table.horizontalHeader().setSortIndicator(0, Qt.SortOrder.AscendingOrder)
    await page.until(lambda: page.names[0] == "Asset 000000")

    assert [chosen.name for chosen in page.view.table.selected_rows(10)] == ["Asset 000001", "Asset 000003"]


async def test_rows_far_down_are_loaded_when_they_come_into_view(open_page: _Open) -> None:
    page = await open_page(_some(6 * PAGE_ROWS))

    page.view.table.scrollToBottom()
    page.view.table.viewport().repaint()

    last = page.view.model.rowCount() - 1
    await page.until(lambda: page.view.model.row_at(last) is not None)


async def test_m_mints_what_is_selected_and_can_be_minted(open_page: _Open) -> None:
    page = await open_page(MemoryRegister([row(1), row(2, state=AssetState.MINTED, token_id=5), row(3)]))
    page.select(1, 2, 3)
    assert page.view.mint_button.text() == "Mint 3 NFTs"

    page.key(Qt.Key.Key_M)

    await page.until(lambda: page.asked)
    assert page.asked == [("mint_requested", (row(3), row(1)))]


async def test_a_selection_that_is_not_loaded_is_loaded_before_it_is_minted(open_page: _Open) -> None:
    page = await open_page(_some(2 * PAGE_ROWS))
    model, table = page.view.model, page.view.table
    table.setCurrentIndex(model.index(PAGE_ROWS - 10, 0))
    table.selectionModel().select(_rows(page, PAGE_ROWS - 10, PAGE_ROWS + 9), _SELECT)

    page.key(Qt.Key.Key_M)

    await page.until(lambda: page.asked)
    assert len(page.asked[0][1]) == 20


async def test_more_than_a_batch_is_refused_with_the_limit(open_page: _Open) -> None:
    page = await open_page(_some(3 * PAGE_ROWS))
    page.view.table.selectAll()

    page.key(Qt.Key.Key_M)

    await page.until(lambda: page.notices)
    assert page.notices == ["Select at most 256 assets for this."]
    assert page.asked == []


@pytest.mark.parametrize(
    ("state", "asked"),
    [(AssetState.MINTED, "open_card_requested"), (AssetState.MINTING, "watch_requested")],
)
async def test_enter_opens_what_there_is_to_see(open_page: _Open, state: AssetState, asked: str) -> None:
    page = await open_page(MemoryRegister([row(1, state=state)]))

    page.key(Qt.Key.Key_Return)

    assert page.asked == [(asked, row(1).asset_id)]


async def test_enter_edits_a_draft(open_page: _Open) -> None:
    page = await open_page(_some(1))

    page.key(Qt.Key.Key_Return)

    await page.until(lambda: page.presenter.form and page.presenter.form.name.text() == "Asset 000000")


async def test_several_are_deleted_after_a_question(open_page: _Open) -> None:
    page = await open_page(_some())
    page.select(1, 2)

    page.key(Qt.Key.Key_Delete)
    assert page.view.question.isVisible()
    assert row(1).asset_id in page.register.rows
    page.view.question.confirm_button.click()

    await page.until(lambda: page.names == ["Asset 000000"])


async def test_one_is_deleted_at_once_and_the_toast_takes_it_back(open_page: _Open) -> None:
    page = await open_page(_some())
    page.select(1)

    page.key(Qt.Key.Key_Delete)
    await page.until(lambda: page.offers)
    assert page.names == ["Asset 000002", "Asset 000000"]
    text, undo = page.offers[0]
    assert text == "“Asset 000001” deleted"
    undo()

    await page.until(lambda: page.names == ["Asset 000002", "Asset 000001", "Asset 000000"])
    undo()
    page.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    await asyncio.sleep(0)
    assert page.notices == ["1 asset restored"], "what came back is not taken back once more"


async def test_ctrl_z_takes_back_one_deletion_after_the_other(open_page: _Open) -> None:
    page = await open_page(_some())
    for number in (1, 2):
        page.select(number)
        page.key(Qt.Key.Key_Delete)
        await page.until(lambda: page.offers)
        page.offers.clear()

    page.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    await page.until(lambda: page.names == ["Asset 000002", "Asset 000000"])
    page.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    await page.until(lambda: page.names == ["Asset 000002", "Asset 000001", "Asset 000000"])


async def test_who_signs_in_next_takes_nothing_back_by_a_key(open_page: _Open) -> None:
    page = await open_page(_some())
    page.select(1)
    page.key(Qt.Key.Key_Delete)
    await page.until(lambda: page.offers)

    page.register.hub.publish(SessionChanged(None))
    await asyncio.sleep(0)
    page.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    page.offers[0][1]()
    page.select(2)
    page.key(Qt.Key.Key_Delete)
    await page.until(lambda: len(page.offers) == 2)
    assert page.names == ["Asset 000000"]
    assert page.notices == []


async def test_recently_deleted_lists_restores_and_deletes_for_good(open_page: _Open) -> None:
    page = await open_page(_some())
    await page.register.delete([row(1).asset_id, row(2).asset_id])
    page.view.deleted_button.click()
    dialog = page.presenter.deleted_dialog
    assert dialog is not None
    await page.until(lambda: dialog.table.rowCount() == 2)
    assert [dialog.table.item(0, column).text() for column in (0, 1)] == ["Asset 000001", "ada"]

    dialog.search.setText("000002")
    dialog.search.search_requested.emit("000002")
    assert dialog.chosen == ()
    dialog.table.selectRow(1)
    dialog.purge_button.click()
    assert dialog.question.isVisible()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.question.isVisible()
    dialog.purge_button.click()
    dialog.question.confirm_button.click()
    await page.until(lambda: dialog.table.rowCount() == 1)

    dialog.search.setText("")
    dialog.search.search_requested.emit("")
    dialog.table.selectRow(0)
    dialog.restore_button.click()
    await page.until(lambda: page.names == ["Asset 000001", "Asset 000000"])
    await page.until(lambda: dialog.empty.isVisible())
    assert not dialog.restore_button.isEnabled()
    dialog.close_button.click()
    assert page.presenter.deleted_dialog is None


async def test_who_may_not_delete_for_good_is_not_offered_it_and_a_refusal_is_told_in_the_dialog(
    open_page: _Open,
) -> None:
    register = _some()
    register.may_delete_for_good = False
    page = await open_page(register)
    await register.delete([row(1).asset_id])
    page.view.deleted_button.click()
    dialog = page.presenter.deleted_dialog
    assert dialog is not None
    await page.until(lambda: dialog.table.rowCount() == 1)
    assert not dialog.purge_button.isVisible()

    register.failure = UserError(ErrorCode.ASSET_NOT_FOUND)
    dialog.restore_button.click()
    await page.until(lambda: dialog.error_panel.code == "ASSET_NOT_FOUND")


async def test_escape_keeps_what_should_have_been_deleted(open_page: _Open) -> None:
    page = await open_page(_some())
    page.select(1, 2)
    page.key(Qt.Key.Key_Delete)

    QTest.keyClick(page.view.question.decline_button, Qt.Key.Key_Escape)

    assert not page.view.question.isVisible()
    assert len(page.register.rows) == 3


async def test_a_minted_asset_cannot_be_deleted(open_page: _Open) -> None:
    page = await open_page(MemoryRegister([row(1, state=AssetState.MINTED, token_id=1)]))

    page.key(Qt.Key.Key_Delete)

    assert not page.view.question.isVisible()


async def test_copy_puts_tab_separated_rows_on_the_clipboard(open_page: _Open) -> None:
    page = await open_page(MemoryRegister([row(1, name="=1+1\tx"), row(2)]))
    page.select(1, 2)

    page.key(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)

    await page.until(lambda: page.notices)
    lines = QGuiApplication.clipboard().text().split("\n")
    assert [line.split("\t")[0] for line in lines] == ["Asset 000002", "'=1+1 x"]
    assert {line.count("\t") for line in lines} == {7}


async def test_keys_reach_search_and_back_without_losing_the_text(open_page: _Open) -> None:
    page = await open_page(_some())
    page.view.activateWindow()
    page.view.table.setFocus()

    page.key(Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert page.view.focusWidget() is page.view.search
    QTest.keyClicks(page.view.search, "m1")
    QTest.keyClick(page.view.search, Qt.Key.Key_Escape)

    assert page.view.focusWidget() is page.view.table
    assert page.view.search.text() == "m1"
    assert page.asked == []
    await page.until(lambda: page.view.model.query.text == "m1")


async def test_events_show_without_asking_the_register_again(open_page: _Open) -> None:
    page = await open_page(_some())
    await page.shown(2)
    page.register.pages_asked.clear()

    page.register.hub.publish(AssetCreated(row(9)))
    page.register.hub.publish(AssetChanged(row(1, state=AssetState.MINT_PENDING)))

    assert page.names[0] == "Asset 000009"
    assert page.view.model.index(2, 3).data() == "MINT_PENDING"
    assert page.register.pages_asked == []


async def test_a_running_mint_is_followed_in_the_panel(open_page: _Open) -> None:
    register = MemoryRegister([row(1, state=AssetState.MINTING, stage=MintStage.PREPARING)])
    register.put(register.rows[row(1).asset_id], mint=_mint(MintStage.PREPARING))
    page = await open_page(register)
    await page.shown(1)
    fault = EnvironmentFault(ErrorCode.NODE_UNREACHABLE)

    for error in (None, fault):
        register.hub.publish(
            MintAdvanced(
                MintProgress(
                    *(UUID(int=7), (row(1).asset_id,), MintStage.CONFIRMING, 70, MintTimes(EPOCH), 1),
                    confirmations=3,
                    required_confirmations=6,
                    error=error,
                )
            )
        )

    assert page.view.model.index(0, 3).data() == "MINTING CONFIRMING 3/6"
    assert page.view.panel.error_panel.code == "NODE_UNREACHABLE"
    assert page.view.panel.watch_button.isVisible()


async def test_a_failed_mint_says_why_and_is_retried(open_page: _Open) -> None:
    failure = MintFailure(FailureKind.SYSTEM_ERROR, ErrorCode.NODE_UNREACHABLE, "no answer", False, True)
    register = MemoryRegister([row(1, state=AssetState.MINT_FAILED)])
    register.put(register.rows[row(1).asset_id], mint=_mint(MintStage.FAILED, failure))
    page = await open_page(register)
    await page.shown(1)
    assert page.view.panel.error_panel.code == "NODE_UNREACHABLE"

    page.view.panel.retry_button.click()

    await page.until(lambda: page.asked)
    assert page.desk.retried == [row(1).asset_id]
    assert page.asked == [("watch_requested", row(1).asset_id)]


async def test_after_the_last_attempt_no_retry_is_offered(open_page: _Open) -> None:
    failure = MintFailure(FailureKind.SYSTEM_ERROR, ErrorCode.NODE_UNREACHABLE, "no answer", False, True)
    register = MemoryRegister([row(1, state=AssetState.MINT_FAILED)])
    register.put(register.rows[row(1).asset_id], mint=_mint(MintStage.FAILED, failure, attempt=3))
    page = await open_page(register)
    await page.shown(1)

    assert not page.view.panel.retry_button.isVisible()


async def test_a_list_that_cannot_be_read_says_so_and_can_be_reloaded(open_page: _Open) -> None:
    page = await open_page(_some())
    page.register.failure = EnvironmentFault(ErrorCode.DATABASE_UNAVAILABLE)

    page.presenter.reload()
    await page.until(lambda: page.view.error_panel.code == "DATABASE_UNAVAILABLE")
    page.view.reload_requested.emit()

    await page.until(lambda: page.view.error_panel.code == "")


async def test_a_refused_action_is_told(open_page: _Open) -> None:
    page = await open_page(_some())
    page.register.failure = UserError(ErrorCode.MINT_INVALID_STATE)

    page.view.delete_confirmed.emit((row(1).asset_id,))

    await page.until(lambda: page.view.error_panel.code == "MINT_INVALID_STATE")


async def test_an_attachment_is_saved_where_the_person_says(open_page: _Open, tmp_path: Path) -> None:
    register = _some(1)
    file = Attachment(UUID(int=4), "score.pdf", "application/pdf", 1_200_000, b"", "cid", confidential=True)
    register.put(register.rows[row(0).asset_id], attachments=(file,))
    page = await open_page(register)
    await page.shown(0)

    page.view.panel.save_requested.emit(file)
    dialog = page.view.findChild(QFileDialog)
    dialog.fileSelected.emit(str(tmp_path / "mine.pdf"))
    dialog.reject()

    await page.until(lambda: page.notices)
    assert register.exported == [("cid", tmp_path / "mine.pdf")]


async def test_files_dropped_on_an_asset_open_its_form(open_page: _Open, tmp_path: Path) -> None:
    register = _some(2)
    register.put(row(5, state=AssetState.MINTED, token_id=row(5).asset_id.int))
    page = await open_page(register)
    table = page.view.table
    at = next(line for line in range(3) if page.view.model.row_at(line).state is AssetState.DRAFT)
    drop_files(table.viewport(), tmp_path / "a.pdf", at=table.visualRect(page.view.model.index(at, 0)).center())
    await page.until(lambda: page.presenter.form is not None and page.presenter.form.attachments.entries)
    form = page.presenter.form
    assert form is not None
    assert [entry.source for entry in form.attachments.entries] == [tmp_path / "a.pdf"]
    form.leave()

    sheet = tmp_path / "assets.csv"
    drop = next(child for child in table.viewport().children() if isinstance(child, FileDrop))
    assert not drop.eventFilter(table.viewport(), drop_of(sheet))  # imported by the page

    page.select(5)
    await page.until(lambda: page.view.panel.asset_id == row(5).asset_id)
    drop_files(page.view.panel, tmp_path / "b.pdf")
    await page.until(lambda: page.notices)
    assert "cannot be changed" in page.notices[0]
    assert page.presenter.form is None

    page.view.panel.edit_button.refuse("It is not yours.")
    drop_files(page.view.panel, tmp_path / "b.pdf")
    assert page.notices[1:] == ["It is not yours."]


async def test_the_context_menu_offers_only_what_can_be_done(open_page: _Open) -> None:
    page = await open_page(MemoryRegister([row(1, state=AssetState.MINTED, token_id=row(1).asset_id.int)]))

    menu = page.view.context_menu()

    assert menu is not None
    enabled = {action.text(): action.isEnabled() for action in menu.actions() if action.text()}
    refused = {"Mint", "Edit", "Delete…", "Cancel mint", "Retry", "Reset to draft…"}
    assert {name for name, can in enabled.items() if not can} == refused
    next(action for action in menu.actions() if action.text() == "Copy token id").trigger()
    assert QGuiApplication.clipboard().text() == f"0x{row(1).asset_id.int:032x}"
    menu.deleteLater()


async def test_reloading_without_an_environment_keeps_the_way_to_start_one() -> None:
    page = _Page(_some())
    page.register.failure = EnvironmentFault(ErrorCode.DATABASE_UNAVAILABLE)
    asked = len(page.register.pages_asked)

    page.view.reload_requested.emit()
    page.view.search.setText("anything")
    page.view.query_changed.emit(page.view.query)
    for _ in range(10):
        await asyncio.sleep(0)

    assert page.register.failure is not None
    assert len(page.register.pages_asked) == asked
    assert page.view.faces.no_environment.isVisible()
    await page.close()


async def test_news_after_closing_starts_nothing(open_page: _Open) -> None:
    page = await open_page(_some(1))
    await page.shown(0)
    await page.presenter.close()

    page.register.hub.publish(AssetChanged(row(0, name="Renamed")))
    page.view.reload_requested.emit()
    page.view.delete_confirmed.emit((row(0).asset_id,))
    await asyncio.sleep(0)

    assert len(page.register.rows) == 1


def test_the_list_of_a_new_page_shows_all_states(qapp: QApplication, qtbot: QtBot) -> None:
    view = RegisterView()
    qtbot.addWidget(view)
    assert view.state_filter.currentText() == "All states"


# --- nobody is signed in --------------------------------------------------------------------------------------------


async def test_73_signing_out_takes_everything_away_at_once(open_page: _Open) -> None:
    register = _some()
    page = await open_page(register)
    view = page.view
    page.select(1)
    await page.shown(1)
    view.search.setText("Asset")
    view.search.search_requested.emit("Asset")
    await page.until(lambda: view.model.query.text == "Asset")
    asked = len(register.pages_asked)

    page.presenter.show_signed_out()
    assert view.face is Face.SIGNED_OUT
    assert view.model.rowCount() == 0
    assert view.panel.asset is None
    assert not view.panel.isVisible()
    assert not view.search.text()
    assert not any(control.isEnabled() for control in (view.search, view.new_button, view.sheets_button))
    page.presenter.activate()
    view.reload_requested.emit()
    view.edit_requested.emit(row(1).asset_id)
    register.hub.publish(AssetsImported(1))
    register.hub.publish(AssetCreated(row(7)))
    for _ in range(20):
        await asyncio.sleep(0)
    assert (view.face, view.model.rowCount(), page.presenter.form) == (Face.SIGNED_OUT, 0, None)
    assert len(register.pages_asked) == asked

    wanted: list[bool] = []
    view.sign_in_requested.connect(lambda: wanted.append(True))
    assert view.faces.signed_out.button.text() == "Sign in"
    view.faces.signed_out.button.click()
    assert wanted == [True]
    page.presenter.reload()
    await page.until(lambda: view.model.rowCount() == 3)
    assert view.face is Face.LIST


async def test_a_form_that_is_being_built_does_not_open_after_signing_out(open_page: _Open) -> None:
    page = await open_page(_some())
    page.view.new_button.click()
    form = page.view.window().findChild(AssetForm)
    assert form is not None

    page.presenter.show_signed_out()

    await page.until(lambda: page.view.window().findChild(AssetForm) is None)
    assert page.presenter.form is None


@pytest.mark.parametrize("failure", [None, UserError(ErrorCode.SIGN_IN_REQUIRED)])
async def test_73_answers_on_their_way_come_too_late_after_signing_out(
    open_page: _Open, failure: UserError | None
) -> None:
    register = _some()
    page = await open_page(register)
    register.gate.clear()
    page.presenter.reload()
    page.view.current_changed.emit(row(2))
    page.view.edit_requested.emit(row(2).asset_id)
    await asyncio.sleep(0)
    page.presenter.show_signed_out()
    register.failure = failure
    register.gate.set()
    for _ in range(20):
        await asyncio.sleep(0)
    assert (page.view.face, page.view.model.rowCount(), page.view.panel.asset) == (Face.SIGNED_OUT, 0, None)
    assert page.presenter.form is None
    assert not page.view.error_panel.isVisible()
