"""The part of the tour that looks: every page and every dialog a person can open, left again as it was found."""

from __future__ import annotations

from ipnft_desktop.bootstrap.page_keys import ACTIVITY, ADMIN, ENVIRONMENT, REGISTER, SETTINGS
from ipnft_desktop.domain.assets import AssetQuery
from ipnft_desktop.domain.minting import AssetState
from ipnft_desktop.paths import DEMO_DATA
from ipnft_desktop.tour.camera import StoryStuck, seen
from ipnft_desktop.tour.guide import NOTHING, Guide, Made
from ipnft_desktop.ui.admin.address_form import AddressForm
from ipnft_desktop.ui.admin.anchors_dialog import AnchorsDialog
from ipnft_desktop.ui.admin.enterprise_form import EnterpriseForm
from ipnft_desktop.ui.admin.user_form import UserForm
from ipnft_desktop.ui.doctor.dialog import DoctorDialog
from ipnft_desktop.ui.environment.restore_dialog import RestoreDialog
from ipnft_desktop.ui.help.reading_dialog import ReadingDialog
from ipnft_desktop.ui.keys.create_dialog import CreateKeystoreDialog
from ipnft_desktop.ui.keys.key_card import KeyCard
from ipnft_desktop.ui.language import Language, language
from ipnft_desktop.ui.register.asset_form import AssetForm
from ipnft_desktop.ui.register.deleted_dialog import DeletedDialog
from ipnft_desktop.ui.register.file_preview import FilePreviewDialog
from ipnft_desktop.ui.register.metadata_preview import MetadataDialog
from ipnft_desktop.ui.register.saved_filters_dialog import SavedFiltersDialog
from ipnft_desktop.ui.sheets.export_dialog import ExportDialog
from ipnft_desktop.ui.sheets.import_dialog import ImportDialog
from ipnft_desktop.ui.sign_in.sign_in_dialog import SignInDialog
from ipnft_desktop.ui.workspaces.dialog import WorkspacesDialog
from ipnft_desktop.ui.workspaces.name_form import NameForm

NEW_KEY_PHRASE = "invented for the tour"
"""Typed for the picture of a dialog that is left again: no key is made."""


class Looking(Guide):
    """Its methods are steps of the story."""

    async def environment_up(self) -> Made:
        """Before and after one click."""
        await self.camera.take("environment-before")
        self.pages.environment_view.start_button.click()
        await seen("environment ready", lambda: self.core.environment.ready)
        await seen("node card", lambda: self.pages.environment_view.node_card.facts)
        await self.camera.take("environment")
        return NOTHING

    async def back_up(self) -> Made:
        """Make a backup."""
        card = self.pages.environment_view.backups_card
        card.backup_button.click()
        await seen("backup in the list", lambda: card.restore_buttons)
        return NOTHING

    async def restore(self) -> Made:
        """What bringing back the first backup would undo by now; the register stays."""
        self.window.show_page(ENVIRONMENT)
        first = self.pages.environment_view.backups_card.restore_buttons[-1]
        await self.show("restore", RestoreDialog, first.click, lambda dialog: dialog.lines)
        return NOTHING

    async def signing_key(self) -> Made:
        """The dialog that makes a key, filled in and left."""
        card = await seen("card of the signing key", lambda: self.pages.environment_view.findChild(KeyCard))
        await seen("signing account", lambda: card.address)
        menu = card.menu()
        dialog = await self.opened(CreateKeystoreDialog, menu.actions()[0].trigger)
        menu.deleteLater()
        for field in (dialog.password, dialog.repeated):
            field.insert(NEW_KEY_PHRASE)
        await self.camera.take("signing-key")
        dialog.cancel_button.click()
        return NOTHING

    async def register(self) -> Made:
        """The assets."""
        self.window.show_page(REGISTER)
        await seen("a selected asset", lambda: self.pages.register_view.panel.asset)
        await self.camera.take("register")
        return NOTHING

    async def register_dialogs(self) -> Made:
        """What narrows the list, and what an asset opens."""
        view = self.pages.register_view
        view.filter_bar.open_popup()
        await self.camera.take("filter")
        view.filter_bar.close_popup()
        await self.show("saved-filters", SavedFiltersDialog, view.filter_bar.manage_requested.emit)
        await self.show("deleted", DeletedDialog, view.deleted_button.click, lambda dialog: dialog.empty.isVisible())
        await self.show("export", ExportDialog, view.export_requested.emit)
        for menu, name in ((view.sheets_menu(), "menu-sheets"), (view.table.columns_menu(), "menu-columns")):
            menu.popup(self.window.mapToGlobal(self.window.rect().center()))
            await self.camera.take(name)
            menu.close()
        page = await self.core.register.page(AssetQuery(states=frozenset({AssetState.DRAFT})), limit=1)
        await self.select(page.rows[0].asset_id)
        await self.show("asset-form-edit", AssetForm, view.panel.edit_button.click, lambda form: form.image.has_preview)
        await self.show("metadata", MetadataDialog, view.panel.metadata_button.click, lambda dialog: dialog.shown)
        await self._preview_of_a_file()
        return NOTHING

    async def spreadsheets(self) -> Made:
        """A file of examples, from its columns to its rows in the register."""
        self.pages.imports.start(DEMO_DATA / "import-example.csv")
        dialog: ImportDialog = await seen("import dialog", lambda: self.pages.imports.dialog)
        await seen("columns of the file", lambda: dialog.face is dialog.mapping)
        await self.camera.take("import")
        dialog.check_button.click()
        await seen("checked rows", lambda: dialog.face is dialog.check)
        if not dialog.import_button.isEnabled():
            raise StoryStuck("rows without problems")
        await self.camera.take("import-check")
        dialog.import_button.click()
        await seen("the end of the import", lambda: dialog.face is dialog.done_panel)
        await self.camera.take("import-done")
        dialog.close_button.click()
        return NOTHING

    async def activity(self) -> Made:
        """Every mint of the tour, the batch in full."""
        self.window.show_page(ACTIVITY)
        view = self.pages.activity_view
        await seen("every mint", lambda: view.model.rowCount() > 1)
        rows = [view.model.row_at(at) for at in range(view.model.rowCount())]
        view.table.choose(next(at for at, row in enumerate(rows) if row is not None and row.item_count > 1))
        await seen("the assets of the batch", lambda: view.panel.items.lines)
        await self.camera.take("activity")
        return NOTHING

    async def alerts(self) -> Made:
        """What needs a look."""
        self.pages.alerts.open()
        panel = self.pages.alerts.panel
        assert panel is not None
        await self.camera.take("alerts")
        panel.close_button.click()
        return NOTHING

    async def people(self) -> Made:
        """The tabs of the Admin page, and the forms they open."""
        pages = self.pages
        self.window.show_page(ADMIN)
        for name, tab, form in (
            ("people", pages.people.people_tab, UserForm),
            ("enterprises", pages.people.enterprises_tab, EnterpriseForm),
            ("addresses", pages.people.addresses_tab, AddressForm),
        ):
            pages.admin_view.show_tab(tab)
            await seen(f"rows of {name}", tab.table.records.rowCount)
            await self.camera.take(f"admin-{name}")
            await self.show(f"admin-{name}-form", form, tab.add_button.click)
        tab = pages.audit.tab
        assert tab is not None
        pages.admin_view.show_tab(tab)
        await seen("rows of the audit log", tab.model.rowCount)
        tab.verify_button.click()
        await seen("a sound audit log", lambda: tab.is_sound and tab.verify_button.isEnabled())
        await self.camera.take("admin-audit")
        await self.show("admin-anchors", AnchorsDialog, tab.anchors_button.click)
        return NOTHING

    async def sign_out_and_in(self) -> Made:
        """What nobody signed in sees, and the way back."""
        sign_in = self.pages.people.sign_in
        sign_in.sign_out()
        await seen("nobody signed in", lambda: self.core.session.user is None)
        self.window.show_page(REGISTER)
        await self.camera.take("signed-out")
        dialog = await self.opened(SignInDialog, sign_in.ask_who)
        await self.camera.take("sign-in")
        dialog.demo_button.click()
        await seen("the assets again", lambda: self.pages.register_view.panel.asset)
        await seen("the cards again", self.pages.gallery_view.model.rowCount)
        return NOTHING

    async def doctor_and_workspaces(self) -> Made:
        """What is in order on this computer, and the registers that are kept under a name."""
        self.window.show_page(ENVIRONMENT)
        doctor, count = self.pages.doctor, self.core.doctor.check_count
        await self.show(
            "doctor",
            DoctorDialog,
            doctor.open,
            lambda dialog: len(dialog.rows) == count and dialog.again_button.isEnabled(),
        )
        manage = self.pages.workspaces.presenter
        await self.show("workspaces", WorkspacesDialog, manage.manage, lambda dialog: dialog.detail.measure is not None)
        await self.show("workspace-form", NameForm, manage.ask_to_create)
        return NOTHING

    async def settings(self) -> Made:
        """Every setting, and those that a word finds."""
        self.window.show_page(SETTINGS)
        view = self.pages.settings_view
        await seen("the settings", lambda: view.is_filled)
        await self.camera.take("settings")
        everything = len(view.found)
        view.search.setText("node")
        await seen("the settings about the node", lambda: 0 < len(view.found) < everything)
        await self.camera.take("settings-found")
        view.search.clear()
        return NOTHING

    async def commands(self) -> Made:
        """What finds, lists and explains every action."""
        self.window.show_page(REGISTER)
        commands = self.window.commands
        commands.palette.open()
        await self.camera.take("palette")
        commands.palette.hide()
        commands.open_keys()
        sheet = await seen("the list of keys", lambda: commands.key_sheet)
        await self.camera.take("keys")
        sheet.reject()
        await self.show("user-guide", ReadingDialog, commands.open_guide)
        await self.show("about", ReadingDialog, commands.open_about)
        return NOTHING

    async def change_language(self) -> Made:
        """While everything runs; the person stays where they were."""
        first = language().current
        for wanted in (next(known for known in Language if known is not first), first):
            before = self.pages
            self.program.use_language(wanted)
            await seen(f"pages in {wanted}", lambda before=before: self.pages is not before)
            await seen("the asset again", lambda: self.pages.register_view.panel.asset)
            if wanted is not first:
                await self.camera.take(f"changed-to-{wanted}")
        self.window.show_page(ENVIRONMENT)
        await self.camera.take("environment-in-the-end")
        return NOTHING

    async def _preview_of_a_file(self) -> None:
        """The first attachment of the asset that is shown."""
        panel = self.pages.register_view.panel
        assert panel.asset is not None
        file = next(file for file in panel.asset.attachments if not file.is_image)
        await self.show(
            "file-preview",
            FilePreviewDialog,
            lambda: panel.attachments.preview_requested.emit(file),
            lambda dialog: not dialog.picture.pixmap().isNull(),
        )
