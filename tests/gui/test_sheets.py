"""Import and export as a person does them, over the real services and a real register."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from ipnft_desktop.domain.asset_columns import AssetColumn
from ipnft_desktop.domain.assets import AssetPage, AssetQuery
from ipnft_desktop.domain.errors import ErrorCode
from ipnft_desktop.domain.people import Role
from ipnft_desktop.domain.sheets import SheetFormat
from ipnft_desktop.services.long_work import LongWork
from ipnft_desktop.ui.access import Access
from ipnft_desktop.ui.guards import guard_register
from ipnft_desktop.ui.register.view import RegisterView
from ipnft_desktop.ui.sheets.export_dialog import ExportDialog
from ipnft_desktop.ui.sheets.export_presenter import ExportPresenter
from ipnft_desktop.ui.sheets.import_dialog import ImportDialog
from ipnft_desktop.ui.sheets.import_presenter import ImportPresenter
from tests.gui.support.commands import command
from tests.support import samples
from tests.support.core_factory import MemoryCore

_PATIENCE_S = 10.0
OWNER = samples.enterprise(name="Aurora")
HEADER = "Name,Type,Creator,Creation date,Enterprise,Colour"


def _row(name: str, created: str = "2020-01-31") -> str:
    return f"{name},patent,Ada,{created},Aurora,blue"


class _Desk:
    """A page with both presenters over a core."""

    def __init__(self, memory: MemoryCore) -> None:
        self.memory = memory
        self.page = QWidget()
        self.page.show()
        self.is_ready = True
        self.notices: list[str] = []
        self.imports = ImportPresenter(self.page, memory.core.imports, lambda: self.is_ready)
        self.exports = ExportPresenter(self.page, memory.core.exports, lambda: (AssetQuery(), self.in_view))
        self.in_view = 2
        for part in (self.imports, self.exports):
            part.notice.connect(lambda text, _tone: self.notices.append(text))

    @property
    def dialog(self) -> ImportDialog:
        assert self.imports.dialog is not None
        return self.imports.dialog

    @property
    def export_dialog(self) -> ExportDialog:
        assert self.exports.dialog is not None
        return self.exports.dialog

    def file(self, *rows: str, header: str = HEADER) -> Path:
        file = self.memory.profile / "in.csv"
        file.write_text("\n".join((header, *rows)), "utf-8")
        return file

    async def until(self, holds: Callable[[], object]) -> None:
        async with asyncio.timeout(_PATIENCE_S):
            while not holds():  # noqa: ASYNC110 - whatever a person could see, not one event
                await asyncio.sleep(0.001)

    async def mapped(self, file: Path) -> ImportDialog:
        self.imports.start(file)
        await self.until(lambda: self.dialog.face is self.dialog.mapping)
        return self.dialog

    async def checked(self, file: Path) -> ImportDialog:
        dialog = await self.mapped(file)
        dialog.check_button.click()
        await self.until(lambda: dialog.face is dialog.check)
        return dialog

    async def close(self) -> None:
        await self.imports.close()
        await self.exports.close()
        self.page.close()
        self.page.deleteLater()


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[_Desk]:
    memory = MemoryCore(tmp_path)
    await memory.core.adapters.database.open()  # nothing here needs the chain
    await memory.core.register.add_assets((), (OWNER,))
    opened = _Desk(memory)
    yield opened
    await opened.close()
    await memory.core.close()
    await memory.core.adapters.database.close()


async def test_a_file_is_mapped_checked_and_imported(desk: _Desk) -> None:
    dialog = await desk.mapped(desk.file(_row("Radio"), _row("Star chart")))
    assert [select.currentText() for select in dialog.mapping.selects] == [
        "Name",
        "Type",
        "Creator",
        "Creation date",
        "Enterprise",
        "Leave out",
    ]
    colour = dialog.mapping.selects[-1]
    colour.setCurrentIndex(colour.count() - 1)

    dialog.check_button.click()
    await desk.until(lambda: dialog.face is dialog.check)
    assert dialog.check.headline == "2 new assets"
    assert [line[1] for line in dialog.check.table.lines] == ["Radio", "Star chart"]

    dialog.import_button.click()
    await desk.until(lambda: dialog.face is dialog.done_panel)
    assert dialog.done_panel.headline == "2 assets imported"
    page = await desk.memory.core.register.page(AssetQuery())
    asset = await desk.memory.core.register.asset(page.rows[0].asset_id)
    assert asset.custom_fields == {"Colour": "blue"}
    dialog.close_button.click()
    assert desk.imports.dialog is None


async def test_a_missing_column_keeps_the_rows_from_being_checked(desk: _Desk) -> None:
    dialog = await desk.mapped(desk.file("Radio,blue", header="Name,Colour"))

    assert not dialog.check_button.isEnabled()
    for at, column in enumerate((AssetColumn.NAME, AssetColumn.NAME)):
        select = dialog.mapping.selects[at]
        select.setCurrentIndex(select.findText(column.value.title()))
    assert not dialog.check_button.isEnabled()


async def test_problems_are_listed_and_can_be_copied_and_saved(desk: _Desk) -> None:
    dialog = await desk.checked(desk.file(_row("Radio"), _row("", "soon")))

    assert dialog.check.headline == "2 problems"
    assert not dialog.import_button.isEnabled()
    assert dialog.check.table.lines == (
        ("3", "Name", "This field is required.", ""),
        ("3", "Creation date", "Write the date as YYYY-MM-DD.", "soon"),
    )
    dialog.check.copy_button.click()
    assert QGuiApplication.clipboard().text().splitlines()[1].startswith("3\tCreation date\t")

    dialog.check.save_button.click()
    target = desk.memory.profile / "problems.csv"
    _chosen(dialog, target)
    await desk.until(lambda: desk.notices)
    assert "Creation date" in target.read_text("utf-8-sig")

    dialog.back_button.click()
    assert dialog.face is dialog.mapping
    dialog.cancel_button.click()
    assert desk.imports.dialog is None


async def test_a_file_that_cannot_be_read_is_explained_and_another_can_be_chosen(desk: _Desk) -> None:
    desk.imports.start(desk.file('"never closed'))
    await desk.until(lambda: desk.dialog.error_panel.code)

    assert desk.dialog.error_panel.code == ErrorCode.SHEET_INVALID
    assert desk.dialog.file_button.isVisible()
    dialog = await desk.mapped(desk.file(_row("Radio")))
    assert not dialog.error_panel.isVisible()


async def test_an_empty_file_is_explained(desk: _Desk) -> None:
    file = desk.memory.profile / "empty.csv"
    file.touch()
    desk.imports.start(file)
    await desk.until(lambda: desk.dialog.error_panel.code == ErrorCode.SHEET_INVALID)
    assert desk.dialog.face is None


async def test_storing_can_be_called_off_and_leads_back(desk: _Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    dialog = await desk.checked(desk.file(_row("Radio")))
    report = LongWork.report

    def cancelled(work: LongWork, share: float) -> None:
        work.cancel()
        report(work, share)

    monkeypatch.setattr(LongWork, "report", cancelled)
    dialog.import_button.click()
    assert dialog.face is dialog.progress
    await desk.until(lambda: dialog.face is dialog.check)
    assert await desk.memory.count() == 0


async def test_escape_stops_work_and_does_nothing_once_it_is_too_late(desk: _Desk) -> None:
    dialog = await desk.checked(desk.file(_row("Radio")))
    stopped: list[None] = []
    dialog.stop_requested.connect(lambda: stopped.append(None))
    dialog.show_progress("x", can_stop=True)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    dialog.show_share(1.0, can_stop=False)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)

    assert len(stopped) == 1
    assert dialog.isVisible()


async def test_a_spreadsheet_dropped_on_the_page_is_opened(desk: _Desk) -> None:
    file = desk.file(_row("Radio"))
    desk.is_ready = False
    assert not _drop(desk.page, file)
    desk.is_ready = True
    assert not _drop(desk.page, desk.memory.profile / "picture.png")
    assert _drop(desk.page, file)
    await desk.until(lambda: desk.dialog.face is desk.dialog.mapping)


async def test_a_file_is_chosen_in_the_dialog(desk: _Desk) -> None:
    desk.imports.ask_for_file()
    _chosen(desk.page, desk.file(_row("Radio")))
    await desk.until(lambda: desk.imports.dialog and desk.dialog.face is desk.dialog.mapping)


async def test_what_is_in_view_is_exported(desk: _Desk) -> None:
    await desk.memory.add_assets(2)
    desk.exports.open()
    dialog = desk.export_dialog
    dialog.none_button.click()
    assert not dialog.export_button.isEnabled()
    dialog.boxes[AssetColumn.NAME].setChecked(True)
    dialog.format.setCurrentIndex(dialog.format.findData(SheetFormat.CSV))

    dialog.export_button.click()
    target = desk.memory.profile / "out.csv"
    _chosen(dialog, target)
    await desk.until(lambda: desk.notices)

    assert target.read_text("utf-8-sig").splitlines() == ["Name", "Asset 1", "Asset 0"]
    assert desk.exports.dialog is None
    assert desk.notices == ["2 assets exported to out.csv"]


async def test_an_export_that_fails_says_so_and_can_be_repeated(desk: _Desk) -> None:
    await desk.memory.add_assets(1)
    desk.exports.open()
    dialog = desk.export_dialog
    desk.exports.write(dialog, AssetQuery(), desk.memory.profile / "absent" / "out.csv")
    await desk.until(lambda: dialog.error_panel.code)

    assert dialog.error_panel.code == ErrorCode.SHEET_NOT_WRITTEN
    assert dialog.export_button.isEnabled()


async def test_a_cancelled_export_leads_back_to_the_choice(desk: _Desk) -> None:
    await desk.memory.add_assets(1)
    desk.exports.open()
    dialog = desk.export_dialog
    desk.exports.write(dialog, AssetQuery(), desk.memory.profile / "out.csv")
    await asyncio.sleep(0)
    dialog.cancel_button.click()
    await desk.until(lambda: not dialog.progress.isVisible())

    assert not (desk.memory.profile / "out.csv").exists()


async def test_an_empty_view_is_not_exported(desk: _Desk) -> None:
    desk.in_view = 0
    desk.exports.open()

    assert desk.exports.dialog is None
    assert desk.notices == ["There is nothing in view to export."]


async def test_the_register_page_offers_both_by_menu_and_key() -> None:
    view = RegisterView()
    view.show()
    wanted: list[str] = []
    view.import_requested.connect(lambda: wanted.append("import"))
    view.export_requested.connect(lambda: wanted.append("export"))
    for action in (menu := view.sheets_menu()).actions():
        action.trigger()
    assert wanted == []  # nothing runs yet
    menu.deleteLater()

    view.show_list(AssetQuery(), 0, AssetPage((), None))
    for action in (menu := view.sheets_menu()).actions():
        action.trigger()
    menu.deleteLater()
    assert wanted == ["import", "export"]
    view.close()
    view.deleteLater()


async def test_73_a_viewer_exports_and_imports_nothing(qtbot: QtBot) -> None:
    view, access = RegisterView(), Access()
    qtbot.addWidget(view)
    guard_register(view, access)
    access.follow(samples.user(Role.VIEWER))
    view.show_list(AssetQuery(), 0, AssetPage((), None))
    wanted: list[str] = []
    view.import_requested.connect(lambda: wanted.append("import"))
    view.export_requested.connect(lambda: wanted.append("export"))

    menu = view.sheets_menu()
    importing, exporting = menu.actions()
    assert "Operator" in importing.toolTip()
    assert (importing.isEnabled(), exporting.isEnabled()) == (False, True)
    menu.deleteLater()
    for name in ("register.import", "register.export"):
        command(view, name).trigger()  # as its keys do
    assert wanted == ["export"]
    assert not view.can_import  # a file that is dropped is not taken either

    access.follow(samples.user(Role.OPERATOR))
    assert view.can_import


def _chosen(parent: QWidget, file: Path) -> None:
    """Answer the file dialog."""
    dialog = parent.findChild(QFileDialog)
    assert dialog is not None
    for signal in (dialog.fileSelected, dialog.filesSelected):
        signal.emit(str(file) if signal is dialog.fileSelected else [str(file)])
    dialog.close()


def _drop(page: QWidget, file: Path) -> bool:
    """Drag a file over the page and let go; tells whether the page takes it."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    keys = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    enter = QDragEnterEvent(QPoint(1, 1), *keys)
    enter.ignore()
    QApplication.sendEvent(page, enter)
    if enter.isAccepted():
        QApplication.sendEvent(page, QDropEvent(QPointF(1, 1), *keys))
    return enter.isAccepted()
