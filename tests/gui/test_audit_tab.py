"""The tab of the audit log over the real services of a memory core."""

from __future__ import annotations

import csv
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from ipnft_desktop.bootstrap.adapters import DATABASE_FILE
from ipnft_desktop.domain.asset_changes import contents_of
from ipnft_desktop.domain.audit import AuditPage, AuditQuery
from ipnft_desktop.domain.people import Role
from ipnft_desktop.services.audit_log import AuditLog
from ipnft_desktop.ui.access import Access
from ipnft_desktop.ui.admin.audit_presenter import AuditPresenter
from ipnft_desktop.ui.admin.audit_view import AuditView
from ipnft_desktop.ui.main_window import MainWindow
from ipnft_desktop.ui.theme.tokens import Size, Space
from tests.gui.support.waiting import settled
from tests.support import samples
from tests.support.core_factory import MemoryCore
from tests.support.sealed_register import tamper


@dataclass
class Tab:
    """The tab in a window; the log holds three new assets and the edit of one."""

    window: MainWindow
    view: AuditView
    presenter: AuditPresenter
    memory: MemoryCore
    edited: UUID

    async def listed(self, *actions: str) -> None:
        await settled(lambda: self.actions() == list(actions))

    def actions(self) -> list[str]:
        model = self.view.model
        entries = [model.entry_at(row) for row in range(model.rowCount())]
        return [entry.line.action for entry in entries if entry is not None]

    @property
    def state(self) -> str:
        return self.view.state[0]


CREATED = ("asset.create", "asset.create", "asset.create")


@pytest.fixture
async def tab(qapp: QApplication, tmp_path: Path) -> AsyncIterator[Tab]:
    memory = MemoryCore(tmp_path)
    await memory.core.adapters.database.open()
    core, window, view, access = memory.core, MainWindow(), AuditView(), Access()
    assets = await memory.add_assets(3)
    changed = replace(contents_of(assets[1]).draft, name="New name")
    await core.register.edit_asset(assets[1], changed, ())
    await core.adapters.database.write(lambda tx: tx.append_audit("program", "chain.bind", "", {}, samples.NOW))
    access.follow(core.session.user)
    window.setCentralWidget(view)
    assert core.audit is not None
    assert core.anchors is not None
    presenter = AuditPresenter(view, core.audit, core.anchors, core.audit_exports, access, window.toasts)
    window.show()
    view.kind.setCurrentIndex(view.kind.findData("asset"))
    page = Tab(window, view, presenter, memory, assets[1].asset_id)
    await page.listed("asset.edit", *CREATED)
    await settled(lambda: not presenter.is_reading)
    yield page
    await presenter.close()
    await core.close()
    window.close()
    window.deleteLater()


async def test_the_newest_row_is_shown_with_old_and_new(tab: Tab) -> None:
    assert tab.view.detail.changes == (("name", "Asset 1", "New name"),)
    tab.view.table.setCurrentIndex(tab.view.model.index(1, 0))
    assert tab.view.detail.changes == ()
    assert {fact.key: fact.value for fact in tab.view.detail.facts}["name"] == "Asset 2"


async def test_rows_are_filtered_and_all_are_shown_again(tab: Tab) -> None:
    tab.view.search.setText("new NAME")
    await tab.listed("asset.edit")
    tab.view.search.setText("nothing like this")
    await settled(lambda: tab.view.empty.isVisible())
    tab.view.empty.button.click()
    await settled(lambda: tab.view.model.rowCount() > len(CREATED) + 1)
    tab.view.kind.setCurrentIndex(tab.view.kind.findData("asset"))
    tab.view.search.setText(str(tab.edited))
    await tab.listed("asset.edit", "asset.create")


async def test_a_wrong_date_is_refused_in_its_field(tab: Tab) -> None:
    tab.view.since.setText("yesterday")
    tab.view.since.editingFinished.emit()
    assert tab.view.since.property("invalid")
    assert tab.actions() == ["asset.edit", *CREATED]
    tab.view.since.setText(f"{samples.NOW:%Y-%m-%d}")
    tab.view.until.setText(f"{samples.NOW:%Y-%m-%d}")
    tab.view.until.editingFinished.emit()
    await tab.listed(*CREATED)  # they were made then; the edit was made now
    assert not tab.view.since.property("invalid")


async def test_older_rows_come_as_the_view_reaches_the_end(tab: Tab, monkeypatch: pytest.MonkeyPatch) -> None:
    """The table is high enough to ask for them by itself."""
    asked: list[int | None] = []

    async def page(log: AuditLog, query: AuditQuery, before: int | None = None) -> AuditPage:
        asked.append(before)
        return await log._database.read(lambda tx: tx.audit_page(query, before, 2))

    await settled(lambda: not tab.presenter.is_reading)
    monkeypatch.setattr(AuditLog, "page", page)
    tab.view.query_changed.emit()
    await settled(lambda: len(asked) == 2 and tab.view.model.is_whole)
    assert tab.actions() == ["asset.edit", *CREATED]
    assert asked[0] is None
    await settled(lambda: not tab.presenter.is_reading)


async def test_verify_tells_that_all_is_sound(tab: Tab) -> None:
    assert tab.state == "NOT VERIFIED YET"
    tab.view.verify_button.click()
    assert not tab.view.verify_button.isEnabled()
    await settled(lambda: tab.state == "SOUND")
    assert "sealed rows are as they were written" in tab.view.state[1]
    await settled(lambda: tab.view.verify_button.isEnabled())
    assert not tab.view.progress.isVisible()


async def test_verify_names_the_bad_row_and_goes_to_it(tab: Tab) -> None:
    entry = tab.view.model.entry_at(2)
    assert entry is not None
    tamper(tab.memory.profile / DATABASE_FILE, [f"UPDATE audit_log SET actor = 'x' WHERE audit_id = {entry.audit_id}"])
    tab.view.verify_button.click()
    await settled(lambda: tab.state == "BROKEN" and tab.view.current == entry)
    assert f"Row {entry.audit_id} is not what was sealed" in tab.view.state[1]


async def test_a_verification_is_stopped(tab: Tab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ipnft_desktop.services.audit_log.JUDGED_AT_ONCE", 1)
    tab.view.verify_button.click()
    tab.view.cancel_button.click()  # before it began
    await settled(lambda: tab.view.verify_button.isEnabled())
    tab.view.verify_button.click()
    await settled(lambda: tab.view.progress.value() > 0)
    tab.view.cancel_button.click()
    await settled(lambda: tab.view.verify_button.isEnabled())
    assert tab.view.state == ("NOT VERIFIED", "The verification was stopped.")


async def test_the_log_is_anchored_and_compared(tab: Tab) -> None:
    await tab.memory.start()
    tab.view.anchors_button.click()
    dialog = tab.presenter.dialog
    assert dialog is not None
    dialog.anchor_button.click()
    await settled(lambda: dialog.table.rowCount() == 1)
    assert [toast for toast in tab.window.toasts.texts if "is anchored in block" in toast]
    dialog.check_button.click()
    await settled(lambda: bool(dialog.verdict))
    assert "nothing was changed since" in dialog.verdict
    dialog.tx_hash.setText("0x12")
    dialog.check_button.click()
    await settled(lambda: bool(dialog.field.error))
    dialog.tx_hash.setText("0x" + "00" * 32)
    dialog.check_button.click()
    await settled(lambda: "no such transaction" in dialog.verdict)
    dialog.close()
    assert tab.presenter.dialog is None
    await tab.memory.core.environment.stop()  # nothing of it may turn while the fixtures are taken down


async def test_who_may_not_anchor_is_told_why(tab: Tab) -> None:
    access = tab.presenter._access
    access.follow(samples.user(role=Role.VIEWER))
    tab.view.anchors_button.click()
    dialog = tab.presenter.dialog
    assert dialog is not None
    assert not dialog.anchor_button.isEnabled()
    assert "Administrator" in dialog.anchor_button.toolTip()
    dialog.close()


@pytest.mark.parametrize("name", ["log.csv", "log.json", "log"])
async def test_what_is_in_view_is_exported(tab: Tab, tmp_path: Path, name: str) -> None:
    tab.view.export_button.click()
    dialog = tab.view.findChild(QFileDialog)
    assert dialog is not None
    dialog.fileSelected.emit(str(tmp_path / name))
    dialog.close()
    await settled(lambda: bool(tab.window.toasts.texts))
    target = tmp_path / (name if "." in name else f"{name}.csv")
    text = target.read_text("utf-8-sig")
    rows = json.loads(text) if name.endswith("json") else list(csv.DictReader(text.splitlines()))
    assert [row["action"] for row in rows] == ["asset.edit", *CREATED]
    assert tab.window.toasts.texts == (f"4 rows were written to {target.name}",)


async def test_the_keyboard_finds_reloads_and_copies(tab: Tab, qtbot: QtBot) -> None:
    tab.window.activateWindow()
    await settled(tab.window.isActiveWindow)
    tab.view.table.setFocus()
    qtbot.keyClick(tab.view.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert json.loads(QApplication.clipboard().text())["changes"] == {"name": ["Asset 1", "New name"]}
    await tab.memory.add_assets(1)
    qtbot.keyClick(tab.view.table, Qt.Key.Key_F5)
    await tab.listed("asset.create", "asset.edit", *CREATED)
    qtbot.keyClick(tab.view.table, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert tab.view.search.hasFocus()
    qtbot.keyClick(tab.view.search, Qt.Key.Key_Escape)
    assert tab.view.table.hasFocus()


def test_the_smallest_window_has_room_for_everything_over_the_table(qtbot: QtBot) -> None:
    window, view = MainWindow(), AuditView()
    for widget in (window, view):
        qtbot.addWidget(widget)
    assert view.minimumSizeHint().width() <= window.minimumWidth() - Size.RAIL - 2 * Space.XL
