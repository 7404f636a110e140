"""The first frame shows the frame and one page; the other pages follow it."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QToolButton

from ipnft_desktop.bootstrap import page_keys
from ipnft_desktop.bootstrap.page_keys import ENVIRONMENT, GALLERY, REGISTER
from ipnft_desktop.bootstrap.window import Program
from ipnft_desktop.settings import load_settings
from ipnft_desktop.ui.language import Language, language
from ipnft_desktop.ui.models.asset_table_model import Column
from ipnft_desktop.ui.widgets.rail import Rail
from tests.gui.support.waiting import settled

_HEAVY = ("ipnft_desktop.services", "ipnft_desktop.adapters", "ipnft_desktop.ui.register", "sqlalchemy", "web3")


@asynccontextmanager
async def program_being_shown(app: QApplication, profile: Path) -> AsyncGenerator[tuple[Program, asyncio.Task[None]]]:
    """A program that painted its first frame and has not built the other pages yet."""
    program = Program(app, profile, load_settings(profile, {}))
    shown = asyncio.create_task(program.show())
    try:
        await program.painted.wait()
        yield program, shown
    finally:
        await shown
        program.window.close()
        await program.close()


async def test_every_page_has_its_button_in_the_first_frame(qapp: QApplication, tmp_path: Path) -> None:
    async with program_being_shown(qapp, tmp_path) as (program, _):
        rail = program.window.findChild(Rail)
        assert rail is not None
        keys = [name for name in vars(page_keys) if name.isupper()]
        assert len(rail.findChildren(QToolButton)) == len(keys)
        assert program.window.current_page == ENVIRONMENT
        with pytest.raises(RuntimeError):
            _ = program.pages


async def test_a_page_opened_too_early_shows_as_soon_as_it_is_built(qapp: QApplication, tmp_path: Path) -> None:
    async with program_being_shown(qapp, tmp_path) as (program, shown):
        for key in (GALLERY, REGISTER):
            program.window.show_page(key)
        assert program.window.current_page == REGISTER
        await shown
        assert program.window.current_page == REGISTER
        assert program.pages.register_view.isVisible()
        assert not program.pages.gallery_view.isVisible()


async def test_what_is_chosen_too_early_holds_as_soon_as_it_can(qapp: QApplication, tmp_path: Path) -> None:
    async with program_being_shown(qapp, tmp_path) as (program, shown):
        program.start_environment()
        program.window.language_requested.emit(Language.ZH.own_name)
        await shown
        first = program.pages
        await settled(lambda: program.pages is not first and language().current is Language.ZH)
        await settled(lambda: load_settings(tmp_path, {}).language == "zh")
        assert program.pages.start_wanted


async def test_columns_that_were_chosen_are_shown_by_the_next_program(qapp: QApplication, tmp_path: Path) -> None:
    async with program_being_shown(qapp, tmp_path) as (program, shown):
        await shown
        menu = program.pages.register_view.table.columns_menu()
        next(action for action in menu.actions() if action.text() == "Creator").trigger()
        menu.close()
        await settled(lambda: load_settings(tmp_path, {}).register_columns != "")
    async with program_being_shown(qapp, tmp_path) as (program, shown):
        await shown
        assert not program.pages.register_view.table.isColumnHidden(Column.CREATOR)
        assert program.pages.register_view.table.isColumnHidden(Column.UPDATED)


def test_the_first_frame_needs_no_page_but_its_own() -> None:
    probe = (
        "import sys, ipnft_desktop.bootstrap.event_loop, ipnft_desktop.bootstrap.window;"
        f"print([name for name in sys.modules if name.startswith({_HEAVY!r})])"
    )
    answer = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
