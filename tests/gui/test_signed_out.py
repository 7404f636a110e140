"""The whole window while nobody is signed in: nothing of the register is in view, and signing in brings it back."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QApplication

from ipnft_desktop.bootstrap.page_keys import ADMIN, ENVIRONMENT, GALLERY, REGISTER
from ipnft_desktop.domain.people import Role
from ipnft_desktop.ui.admin.view import Face as AdminFace
from ipnft_desktop.ui.widgets.list_faces import Face
from tests.gui.support.desk import open_desk
from tests.gui.support.waiting import settled, turns
from tests.support import samples


async def test_73_nothing_of_the_register_is_in_view_while_nobody_is_signed_in(
    qapp: QApplication, tmp_path: Path
) -> None:
    async with open_desk(qapp, tmp_path) as desk:
        program, session = desk.program, desk.memory.core.session
        register, gallery = program.pages.register_view, program.pages.gallery_view
        program.window.show_page(REGISTER)
        program.pages.register.reload()  # the first list may have been read before there was anything
        await settled(lambda: register.model.rowCount() == 2)
        register.table.select_asset(desk.draft.asset_id)
        await settled(lambda: register.panel.asset is not None)
        program.window.show_page(GALLERY)
        program.pages.gallery.show_card(desk.minted.asset_id)
        await settled(lambda: bool(gallery.panel.table.facts))
        assert "Minted secret" in desk.texts()
        dialog = program.pages.mint.open_for([await desk.memory.core.register.row(desk.draft.asset_id)], program.window)
        assert dialog is not None
        await settled(lambda: dialog.confirm.mint_button.isEnabled())
        program.window.toasts.show_toast("“Drafted secret” deleted")

        session.end()  # no turn of the loop from here to what is seen
        assert (register.face, gallery.face, program.pages.admin_view.face) == (
            Face.SIGNED_OUT,
            Face.SIGNED_OUT,
            AdminFace.SIGNED_OUT,
        )
        for page in (REGISTER, GALLERY, ADMIN, ENVIRONMENT):
            program.window.show_page(page)
            assert "secret" not in desk.texts()
            await turns()
            assert "secret" not in desk.texts()
        assert program.pages.mint.dialogs == ()
        assert register.panel.asset is None
        assert gallery.panel.asset_id is None
        assert not any(page.error_panel.isVisible() for page in (register, gallery))

        program.window.show_page(GALLERY)
        gallery.faces.signed_out.button.click()
        await settled(lambda: program.pages.people.sign_in.dialog is not None)
        session.begin(samples.user(Role.VIEWER))
        await settled(lambda: (register.face, gallery.face) == (Face.LIST, Face.LIST))
        assert (register.model.rowCount(), gallery.model.rowCount()) == (2, 1)
        await settled(lambda: program.pages.people.sign_in.dialog is None)


async def test_73_a_start_without_a_person_lists_nothing_and_no_error(qapp: QApplication, tmp_path: Path) -> None:
    async with open_desk(qapp, tmp_path) as desk:
        program, core = desk.program, desk.memory.core
        core.session.end()
        await core.environment.stop()
        await desk.memory.start()
        await turns()
        for view in (program.pages.register_view, program.pages.gallery_view):
            assert (view.face.name, view.model.rowCount()) == ("SIGNED_OUT", 0)
            assert not view.error_panel.isVisible()
