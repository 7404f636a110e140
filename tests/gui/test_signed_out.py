"""The whole window while nobody is signed in: nothing of the register is in view, and signing in brings it back."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QApplication, QLabel

from ipnft_desktop.bootstrap.window import ADMIN, ENVIRONMENT, GALLERY, REGISTER, Program
from ipnft_desktop.domain.assets import Asset
from ipnft_desktop.domain.people import Role
from ipnft_desktop.ui.admin.view import Face as AdminFace
from ipnft_desktop.ui.gallery.view import Face as GalleryFace
from ipnft_desktop.ui.register.faces import Face
from tests.gui.support.waiting import settled, turns
from tests.support import samples
from tests.support.core_factory import MemoryCore, request


@dataclass
class Desk:
    """The program over a register with a minted asset and a draft."""

    program: Program
    memory: MemoryCore
    minted: Asset
    draft: Asset

    def texts(self) -> str:
        """Every word in view."""
        shown = (label.text() for label in self.program.window.findChildren(QLabel) if label.isVisible())
        return "\n".join(shown)


@asynccontextmanager
async def open_desk(app: QApplication, profile: Path) -> AsyncGenerator[Desk]:
    """No fixture: between fixture and test Qt goes on while no asyncio loop runs, which never happens to a person."""
    memory = MemoryCore(profile)
    program = Program(app, profile, memory.settings)
    await program.show()
    program.join(memory.core)
    await memory.start()
    owner = samples.enterprise()
    minted, draft = samples.asset(owner, name="Minted secret"), samples.asset(owner, name="Drafted secret")
    await memory.core.register.add_assets([minted, draft], (owner,))
    await memory.core.desk.mint([request(minted)])
    try:
        yield Desk(program, memory, minted, draft)
    finally:
        program.window.close()
        await program.close()


async def test_73_nothing_of_the_register_is_in_view_while_nobody_is_signed_in(
    qapp: QApplication, tmp_path: Path
) -> None:
    async with open_desk(qapp, tmp_path) as desk:
        program, session = desk.program, desk.memory.core.session
        register, gallery = program.register_view, program.gallery_view
        program.window.show_page(REGISTER)
        program.register.reload()  # the first list may have been read before there was anything
        await settled(lambda: register.model.rowCount() == 2)
        register.table.select_asset(desk.draft.asset_id)
        await settled(lambda: register.panel.asset is not None)
        program.window.show_page(GALLERY)
        program.gallery.show_card(desk.minted.asset_id)
        await settled(lambda: bool(gallery.panel.table.facts))
        assert "Minted secret" in desk.texts()
        dialog = program.mint.open_for([await desk.memory.core.register.row(desk.draft.asset_id)], program.window)
        assert dialog is not None
        await settled(lambda: dialog.confirm.mint_button.isEnabled())
        program.window.toasts.show_toast("“Drafted secret” deleted")

        session.end()  # no turn of the loop from here to what is seen
        assert (register.face, gallery.face, program.admin_view.face) == (
            Face.SIGNED_OUT,
            GalleryFace.SIGNED_OUT,
            AdminFace.SIGNED_OUT,
        )
        for page in (REGISTER, GALLERY, ADMIN, ENVIRONMENT):
            program.window.show_page(page)
            assert "secret" not in desk.texts()
            await turns()
            assert "secret" not in desk.texts()
        assert program.mint.dialogs == ()
        assert register.panel.asset is None
        assert gallery.panel.asset_id is None
        assert not any(page.error_panel.isVisible() for page in (register, gallery))

        program.window.show_page(GALLERY)
        gallery.signed_out.button.click()
        await settled(lambda: program.people.sign_in.dialog is not None)
        session.begin(samples.user(Role.VIEWER))
        await settled(lambda: (register.face, gallery.face) == (Face.TABLE, GalleryFace.CARDS))
        assert (register.model.rowCount(), gallery.model.rowCount()) == (2, 1)
        await settled(lambda: program.people.sign_in.dialog is None)


async def test_73_a_start_without_a_person_lists_nothing_and_no_error(qapp: QApplication, tmp_path: Path) -> None:
    async with open_desk(qapp, tmp_path) as desk:
        program, core = desk.program, desk.memory.core
        core.session.end()
        await core.environment.stop()
        await desk.memory.start()
        await turns()
        for view in (program.register_view, program.gallery_view):
            assert (view.face.name, view.model.rowCount()) == ("SIGNED_OUT", 0)
            assert not view.error_panel.isVisible()
