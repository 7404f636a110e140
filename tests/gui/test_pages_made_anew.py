"""Pages made anew, in another language or over another core, show what holds and where the person was."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QLabel, QToolButton

from ipnft_desktop.bootstrap import window as window_module
from ipnft_desktop.bootstrap.core import Core
from ipnft_desktop.bootstrap.page_keys import ADMIN, GALLERY, REGISTER
from ipnft_desktop.bootstrap.window import Program
from ipnft_desktop.domain.errors import ErrorCode, ProblemKind, UserError, ValidationFailed
from ipnft_desktop.settings import Settings, load_settings, save_setting
from ipnft_desktop.ui.environment.view import RunState
from ipnft_desktop.ui.help.reading_dialog import ReadingDialog
from ipnft_desktop.ui.language import Language, language
from ipnft_desktop.ui.widgets.rail import Rail
from ipnft_desktop.ui.widgets.toast import ToastStack
from tests.gui.support.desk import open_desk
from tests.gui.support.waiting import settled, turns
from tests.support.core_factory import MemoryCore


async def test_the_person_stays_where_they_were(qapp: QApplication, tmp_path: Path) -> None:
    async with open_desk(qapp, tmp_path) as desk:
        program = desk.program
        before = program.pages
        program.window.show_page(REGISTER)
        await settled(lambda: before.register_view.model.rowCount() == 2)
        before.register_view.apply_query(replace(before.register_view.query, text="secret", descending=False))
        await settled(lambda: before.register_view.model.query.text == "secret")
        before.register_view.table.select_asset(desk.draft.asset_id)
        await settled(lambda: before.register_view.panel.asset_id == desk.draft.asset_id)
        await program.rebuild()
        fresh = program.pages
        assert fresh is not before
        assert program.window.current_page == REGISTER
        assert fresh.register_view.isVisible()
        await settled(lambda: fresh.register_view.panel.asset_id == desk.draft.asset_id)
        assert fresh.register_view.search.text() == "secret"
        assert fresh.register_view.query == before.register_view.query
        assert [row.asset_id for row in fresh.register_view.table.selected_rows(9)] == [desk.draft.asset_id]


async def test_what_holds_is_told_to_the_new_pages(qapp: QApplication, tmp_path: Path) -> None:
    async with open_desk(qapp, tmp_path) as desk:
        program = desk.program
        await program.rebuild()
        fresh = program.pages
        assert fresh.environment_view.run_state is RunState.READY
        assert fresh.admin_view.face.name == "TABS"
        program.window.show_page(GALLERY)
        await settled(lambda: fresh.gallery_view.model.rowCount() == 1)
        # and they follow what happens from now on, once
        desk.memory.core.session.end()
        await settled(lambda: fresh.gallery_view.model.rowCount() == 0)


async def test_old_pages_leave_nothing_behind(qapp: QApplication, tmp_path: Path) -> None:
    async with open_desk(qapp, tmp_path) as desk:
        program = desk.program

        async def labels_after(rebuilds: int) -> int:
            for _ in range(rebuilds):
                await program.rebuild()
            await settled(lambda: bool(program.pages.environment_view.node_card.facts))
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
            return len(program.window.findChildren(QLabel))

        count = await labels_after(2)
        assert await labels_after(3) == count


async def test_another_language_is_spoken_everywhere_and_remembered(qapp: QApplication, tmp_path: Path) -> None:
    async with open_desk(qapp, tmp_path) as desk:
        program = desk.program
        before = program.pages
        try:
            program.window.language_requested.emit(Language.ZH.own_name)
            await settled(lambda: program.pages is not before and language().current is Language.ZH)
            await settled(lambda: load_settings(tmp_path, {}).language == "zh")
            rail = program.window.findChild(Rail)
            assert rail is not None
            assert next(button.text() for button in rail.findChildren(QToolButton)) == program.tr("Register")
        finally:
            language().set(Language.EN)


async def test_a_language_chosen_while_the_pages_change_is_spoken_after_it(qapp: QApplication, tmp_path: Path) -> None:
    async with open_desk(qapp, tmp_path) as desk:
        program = desk.program
        try:
            program.window.language_requested.emit(Language.ZH.own_name)
            await asyncio.sleep(0)
            assert language().current is Language.ZH
            program.window.language_requested.emit(Language.EN.own_name)
            await settled(lambda: language().current is Language.EN)
            await settled(lambda: load_settings(tmp_path, {}).language == "en")
        finally:
            language().set(Language.EN)


async def test_a_guide_of_the_other_language_closes(qapp: QApplication, tmp_path: Path) -> None:
    async with open_desk(qapp, tmp_path) as desk:
        program = desk.program
        program.window.commands.open_guide()
        assert [each for each in program.window.findChildren(ReadingDialog) if each.isVisible()]
        try:
            program.use_language(Language.ZH)
            await settled(lambda: load_settings(tmp_path, {}).language == "zh")
            await settled(lambda: not any(each.isVisible() for each in program.window.findChildren(ReadingDialog)))
        finally:
            language().set(Language.EN)


async def test_a_form_that_is_open_is_not_thrown_away(qapp: QApplication, tmp_path: Path) -> None:
    async with open_desk(qapp, tmp_path) as desk:
        program = desk.program
        before = program.pages
        program.window.show_page(REGISTER)
        before.register_view.new_button.click()
        await settled(lambda: before.register.form is not None)
        form = before.register.form
        assert form is not None
        form.name.setText("typed and not saved")
        program.use_language(Language.ZH)
        assert program.pages is before
        assert language().current is Language.EN
        toasts = program.window.findChild(ToastStack)
        assert toasts is not None
        assert any(form.windowTitle() in label.text() for label in toasts.findChildren(QLabel))
        form.reject()


async def test_another_core_takes_the_place_of_the_first(qapp: QApplication, tmp_path: Path) -> None:
    async with open_desk(qapp, tmp_path) as desk:
        program = desk.program
        program.window.show_page(ADMIN)
        (tmp_path / "other").mkdir()
        other = MemoryCore(tmp_path / "other")
        await program.change_core(lambda: other.core)
        assert program.core is other.core
        await settled(lambda: program.pages.environment_view.run_state is RunState.READY)
        assert other.core.environment.ready is not None
        assert desk.memory.core.environment.ready is None
        program.window.show_page(REGISTER)
        await settled(lambda: program.pages.register_view.isVisible())


@pytest.mark.parametrize("turns", [0, 7, 10, 15, 25, 40])
async def test_a_program_closed_during_a_change_leaves_no_core_open(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, turns: int
) -> None:
    made: list[Core] = []
    closed: list[Core] = []
    end = Core.close

    def load(profile: Path, settings: Settings) -> Core:
        made.append(MemoryCore(profile, settings).core)
        return made[-1]

    async def close(core: Core) -> None:
        await end(core)
        closed.append(core)

    monkeypatch.setattr(window_module, "_load_core", load)
    monkeypatch.setattr(Core, "close", close)
    program = Program(qapp, tmp_path, Settings(demo_data=False))
    await program.show()
    await program.join(await program.load_core())
    program.apply_settings()
    for _ in range(turns):
        await asyncio.sleep(0)
    program.window.close()
    await program.close()
    assert made
    assert closed == made
    assert program.core is None


async def test_a_core_that_is_still_built_as_the_program_closes_is_closed_too(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Core] = []
    closed: list[Core] = []
    end = Core.close
    is_building, may_end = threading.Event(), threading.Event()

    def load(profile: Path, settings: Settings) -> Core:
        if made:
            is_building.set()
            may_end.wait()
        made.append(MemoryCore(profile, settings).core)
        return made[-1]

    async def close(core: Core) -> None:
        await end(core)
        closed.append(core)

    monkeypatch.setattr(window_module, "_load_core", load)
    monkeypatch.setattr(Core, "close", close)
    program = Program(qapp, tmp_path, Settings(demo_data=False))
    await program.show()
    await program.join(await program.load_core())
    program.apply_settings()
    try:
        await settled(is_building.is_set)
        program.window.close()
        closing = asyncio.ensure_future(program.close())
        await turns()
        assert not closing.done()
    finally:
        may_end.set()
    await closing
    assert len(made) == 2
    assert closed == made
    assert program.core is None


async def test_work_without_a_dialog_is_not_thrown_away_either(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_end = asyncio.Event()

    async def hangs(*_arguments: object) -> None:
        await may_end.wait()
        raise UserError(ErrorCode.MINT_INVALID_STATE, "enough seen")

    async with open_desk(qapp, tmp_path) as desk:
        program, pages, core = desk.program, desk.program.pages, desk.memory.core
        assert core.audit is not None
        assert pages.audit.tab is not None
        monkeypatch.setattr(core.desk, "cancel", hangs)
        monkeypatch.setattr(core.audit, "verify", hangs)
        monkeypatch.setattr(core.publishing, "check", hangs)
        works: tuple[tuple[str, Callable[[], object]], ...] = (
            ("Activity", lambda: pages.activity_view.cancel_confirmed.emit(desk.draft.asset_id)),
            ("audit log", pages.audit.tab.verify_requested.emit),
            ("IPFS node", pages.publishing.card.check_requested.emit),
        )
        for told, begin in works:
            may_end.clear()
            begin()
            assert told in pages.obstacle
            program.use_language(Language.ZH)
            assert program.pages is pages
            assert language().current is Language.EN
            may_end.set()
            await settled(lambda: not pages.obstacle)


async def test_a_language_that_cannot_be_spoken_now_is_refused_and_not_kept(qapp: QApplication, tmp_path: Path) -> None:
    async with open_desk(qapp, tmp_path) as desk:
        program = desk.program
        dialog = QDialog(program.window)
        dialog.show()
        with pytest.raises(ValidationFailed) as refused:
            await desk.memory.core.setting_desk.change({"language": "zh"})
        assert [(each.field, each.kind) for each in refused.value.problems] == [("language", ProblemKind.NOT_NOW)]
        assert not load_settings(tmp_path, {}).language
        dialog.close()
        before = program.pages
        try:
            await desk.memory.core.setting_desk.change({"language": "zh"})
            await settled(lambda: program.pages is not before)
            assert load_settings(tmp_path, {}).language == "zh"
        finally:
            language().set(Language.EN)


async def test_an_import_that_brought_another_language_can_be_undone(qapp: QApplication, tmp_path: Path) -> None:
    def undo_button() -> QAbstractButton | None:
        found = program.window.toasts.findChildren(QAbstractButton)
        return next((button for button in found if button.text() == QCoreApplication.translate("Pages", "Undo")), None)

    source = tmp_path / "exported.json"
    source.write_text(json.dumps({"language": "zh", "confirmations": 6}), "utf-8")
    async with open_desk(qapp, tmp_path) as desk:
        program, before = desk.program, desk.program.pages
        try:
            before.settings._on_file([source])
            await settled(lambda: program.pages is not before and program.pages.core is not None)
            await settled(lambda: not program._tasks.is_running(window_module._CHANGE))
            assert language().current is Language.ZH
            assert program.window.toasts.texts == ("已从 exported.json 导入 2 项设置。",)
            button = undo_button()
            assert button is not None
            button.click()
            await settled(lambda: language().current is Language.EN and program.pages.core is not None)
            await settled(lambda: not program._tasks.is_running(window_module._CHANGE))
            settings = load_settings(tmp_path, {})
            assert (settings.language, settings.confirmations) == ("", 1)
            assert undo_button() is None
        finally:
            language().set(Language.EN)


async def test_a_core_that_cannot_be_built_gives_way_to_the_former_one(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = 0
    asked: list[int] = []

    def load(profile: Path, settings: Settings) -> Core:
        nonlocal failing
        asked.append(settings.confirmations)
        if failing:
            failing -= 1
            raise ImportError("no library")
        return MemoryCore(profile, settings).core

    monkeypatch.setattr(window_module, "_load_core", load)
    async with open_desk(qapp, tmp_path) as desk:
        program = desk.program
        failing = 1
        save_setting(tmp_path, "confirmations", 6)
        program.apply_settings()
        await settled(lambda: program.core not in (None, desk.memory.core))
        assert "no library" in program.window.toasts.texts[-1]
        assert asked == [6, 1], "what failed is not what it goes back to"
        await settled(lambda: program.pages.environment_view.run_state is RunState.READY)

        failing = 2
        program.apply_settings()
        await settled(lambda: program.core is None and failing == 0)
        await settled(lambda: any(b.text() == "Retry" for b in program.window.toasts.findChildren(QAbstractButton)))
        next(b for b in program.window.toasts.findChildren(QAbstractButton) if b.text() == "Retry").click()
        await settled(lambda: program.core is not None)
        await settled(lambda: program.pages.environment_view.run_state is RunState.READY)
