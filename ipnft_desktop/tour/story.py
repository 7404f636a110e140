"""The story: environment up, an asset created, minted and opened, three more minted in one transaction, one mint
called off."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import UUID

from ipnft_desktop.bootstrap.core import Core
from ipnft_desktop.bootstrap.page_keys import ADMIN, ENVIRONMENT, GALLERY, REGISTER
from ipnft_desktop.bootstrap.window import Program
from ipnft_desktop.domain.assets import AssetQuery, AssetRow, AssetType
from ipnft_desktop.domain.events import MintAdvanced
from ipnft_desktop.domain.minting import AssetState, MintStage
from ipnft_desktop.paths import DEMO_DATA
from ipnft_desktop.tour.camera import Camera, StoryStuck, seen
from ipnft_desktop.tour.report import StepReport
from ipnft_desktop.ui.keys.create_dialog import CreateKeystoreDialog
from ipnft_desktop.ui.keys.key_card import KeyCard
from ipnft_desktop.ui.mint.dialog import MintDialog
from ipnft_desktop.ui.register.asset_form import AssetForm
from ipnft_desktop.ui.sign_in.sign_in_dialog import SignInDialog

NEW_ASSET = "Silk road star chart (invented for the tour)"
NEW_ASSET_CREATED_ON = "1998-03-14"
"""Long past by any clock: a date in the future would be refused."""
BATCH_SIZE = 3
CONFIRMATIONS_IN_PICTURE = 3
NEW_KEY_PHRASE = "invented for the tour"
"""Typed for the picture of a dialog that is left again: no key is made."""

Made = tuple[tuple[str, ...], str]
"""Token ids and the transaction that made them."""
NOTHING: Made = ((), "")


class Story:
    """Drives one program; every step presses what a person would press."""

    def __init__(self, program: Program, camera: Camera) -> None:
        self._program = program
        self._camera = camera
        self._asset_id: UUID | None = None

    async def tell(self) -> AsyncIterator[StepReport]:
        """Run the steps in order; the first failure ends the story."""
        steps: list[tuple[str, Callable[[], Awaitable[Made]]]] = [
            ("environment up", self._environment_up),
            ("make a backup", self._back_up),
            ("look at the signing key", self._look_at_key),
            ("look at the register", self._look_at_register),
            ("look at an import", self._look_at_import),
            ("create an asset", self._create_asset),
            ("mint it", self._mint_one),
            ("open its card", self._open_card),
            ("batch three", self._batch_three),
            ("cancel a mint", self._cancel_mint),
            ("look at the alerts", self._look_at_alerts),
            ("look at the people", self._look_at_people),
            ("dark theme", self._dark_theme),
        ]
        for name, run in steps:
            started = time.perf_counter()
            try:
                tokens, tx_hash = await run()
            except StoryStuck as stuck:
                await self._camera.take("stuck")
                yield StepReport(name, time.perf_counter() - started, failure=f"not seen: {stuck}")
                return
            yield StepReport(name, time.perf_counter() - started, tokens, tx_hash)

    async def _environment_up(self) -> Made:
        await self._camera.take("environment-before")
        self._program.pages.environment_view.start_button.click()
        await seen("environment ready", lambda: self._core.environment.ready)
        await seen("node card", lambda: self._program.pages.environment_view.node_card.facts)
        await self._camera.take("environment")
        return NOTHING

    async def _back_up(self) -> Made:
        card = self._program.pages.environment_view.backups_card
        card.backup_button.click()
        await seen("backup in the list", lambda: card.restore_buttons)
        return NOTHING

    async def _look_at_key(self) -> Made:
        view = self._program.pages.environment_view
        card = await seen("card of the signing key", lambda: view.findChild(KeyCard))
        await seen("signing account", lambda: card.address)
        menu = card.menu()
        menu.actions()[0].trigger()
        menu.deleteLater()
        dialog = await seen("key dialog", lambda: self._program.window.findChild(CreateKeystoreDialog))
        for field in (dialog.password, dialog.repeated):
            field.insert(NEW_KEY_PHRASE)
        await self._camera.take("signing-key")
        dialog.cancel_button.click()
        return NOTHING

    async def _look_at_register(self) -> Made:
        self._program.window.show_page(REGISTER)
        view = self._program.pages.register_view
        await seen("a selected asset", lambda: view.panel.asset)
        await self._camera.take("register")
        return NOTHING

    async def _look_at_import(self) -> Made:
        """A file of examples up to its check; nothing is stored."""
        self._program.pages.imports.start(DEMO_DATA / "import-example.csv")
        dialog = await seen("import dialog", lambda: self._program.pages.imports.dialog)
        await seen("columns of the file", lambda: dialog.face is dialog.mapping)
        await self._camera.take("import")
        dialog.check_button.click()
        await seen("checked rows", lambda: dialog.face is dialog.check)
        if not dialog.import_button.isEnabled():
            raise StoryStuck("rows without problems")
        await self._camera.take("import-check")
        dialog.cancel_button.click()
        return NOTHING

    async def _create_asset(self) -> Made:
        view = self._program.pages.register_view
        view.new_button.click()
        form = await seen("asset form", lambda: self._program.window.findChild(AssetForm))
        await seen("enterprises to choose from", form.enterprise.count)
        form.save_button.click()
        await self._camera.take("asset-form-refused")
        form.name.setText(NEW_ASSET)
        form.asset_type.setCurrentIndex(form.asset_type.findData(AssetType.DESIGN))
        form.enterprise.setCurrentIndex(1)  # the first real one, below "Choose"
        form.creator_name.setText("Studio of the tour (invented)")
        form.creation_date.setText(NEW_ASSET_CREATED_ON)
        form.description.setPlainText("Constellations along the caravan routes, drawn as one line. Invented.")
        form.image.set_choice(None, DEMO_DATA / "pictures" / "three-hares.png")
        form.attachments.add_files([DEMO_DATA / "documents" / "three-hares.pdf"])
        await seen("preview of the picture", lambda: form.image.has_preview)
        await self._camera.take("asset-form")
        form.save_button.click()
        row = await seen("the new asset in the list", self._new_row)
        self._asset_id = row.asset_id
        return NOTHING

    async def _mint_one(self) -> Made:
        view = self._program.pages.register_view
        await seen("selection of the new asset", lambda: view.table.select_asset(self._chosen))
        view.mint_button.click()
        return await self._mint("mint", [self._chosen])

    async def _open_card(self) -> Made:
        verified: list[object] = []
        self._program.pages.gallery.verified.connect(verified.append)
        self._program.pages.mint.dialogs[0].success.card_button.click()
        await seen("verified card", lambda: verified)
        self._program.pages.gallery.verified.disconnect(verified.append)
        await self._camera.take("gallery")
        return NOTHING

    async def _batch_three(self) -> Made:
        page = await self._core.register.page(AssetQuery(states=frozenset({AssetState.DRAFT})), limit=BATCH_SIZE)
        chosen = [row.asset_id for row in page.rows]
        self._program.window.show_page(REGISTER)
        table = self._program.pages.register_view.table
        table.select_assets(chosen, chosen[0])
        await seen("three rows selected", lambda: table.selected_count == BATCH_SIZE)
        self._program.pages.register_view.mint_button.click()
        made = await self._mint("batch", chosen)
        self._program.pages.mint.dialogs[0].close()
        await self._camera.take("register-after-batch")
        self._program.window.show_page(GALLERY)
        await seen("all cards", self._shows_all_cards)
        await self._camera.take("gallery-after-batch")
        return made

    async def _cancel_mint(self) -> Made:
        """Called off before it is signed: what is signed, this chain has in a block at once."""
        page = await self._core.register.page(AssetQuery(states=frozenset({AssetState.DRAFT})), limit=1)
        asset_id = page.rows[0].asset_id
        self._program.window.show_page(REGISTER)
        view = self._program.pages.register_view
        await seen("selection of a draft", lambda: view.table.select_asset(asset_id))
        view.mint_button.click()
        dialog = await self._confirm_panel()

        def press(event: MintAdvanced) -> None:
            if event.progress.stage is MintStage.PREPARING:
                dialog.progress.cancel_button.click()

        self._program.pages.events.mint_advanced.connect(press)
        dialog.confirm.mint_button.click()
        await seen("end of the cancelled mint", lambda: dialog.face is dialog.failure)
        self._program.pages.events.mint_advanced.disconnect(press)
        await seen("cancelled asset beside the list", lambda: self._panel_shows(AssetState.MINT_CANCELLED))
        await self._camera.take("cancelled")
        dialog.close()
        return NOTHING

    async def _look_at_alerts(self) -> Made:
        self._program.pages.alerts.open()
        panel = self._program.pages.alerts.panel
        assert panel is not None
        await self._camera.take("alerts")
        panel.close_button.click()
        return NOTHING

    async def _look_at_people(self) -> Made:
        await self._look_at_admin_tabs("")
        await self._sign_out_and_in("")
        return NOTHING

    async def _dark_theme(self) -> Made:
        self._program.window.toggle_theme()
        for page in (REGISTER, GALLERY, ENVIRONMENT):
            self._program.window.show_page(page)
            await self._camera.take(f"{page}-dark")
        await self._look_at_admin_tabs("-dark")
        await self._sign_out_and_in("-dark")
        return NOTHING

    async def _look_at_admin_tabs(self, suffix: str) -> None:
        program = self._program
        program.window.show_page(ADMIN)
        for name, tab in (
            ("people", program.pages.people.people_tab),
            ("enterprises", program.pages.people.enterprises_tab),
            ("addresses", program.pages.people.addresses_tab),
        ):
            program.pages.admin_view.show_tab(tab)
            await seen(f"rows of {name}", tab.table.records.rowCount)
            await self._camera.take(f"admin-{name}{suffix}")
        await self._look_at_audit_log(suffix)

    async def _look_at_audit_log(self, suffix: str) -> None:
        tab = self._program.pages.audit.tab
        assert tab is not None
        self._program.pages.admin_view.show_tab(tab)
        await seen("rows of the audit log", tab.model.rowCount)
        tab.verify_button.click()
        await seen("a sound audit log", lambda: tab.is_sound and tab.verify_button.isEnabled())
        await self._camera.take(f"admin-audit{suffix}")

    async def _sign_out_and_in(self, suffix: str) -> None:
        sign_in = self._program.pages.people.sign_in
        sign_in.sign_out()
        await seen("nobody signed in", lambda: self._core.session.user is None)
        self._program.window.show_page(REGISTER)
        await self._camera.take(f"signed-out{suffix}")
        sign_in.ask_who()
        dialog = await seen("sign-in dialog", lambda: sign_in.dialog)
        assert isinstance(dialog, SignInDialog)
        await self._camera.take(f"sign-in{suffix}")
        dialog.demo_button.click()
        program = self._program
        await seen("the assets again", lambda: program.pages.register_view.panel.asset)
        await seen("the cards again", program.pages.gallery_view.model.rowCount)

    async def _mint(self, name: str, asset_ids: list[UUID]) -> Made:
        """Confirm the open dialog and wait for its success; the made tokens are asked of the contract itself."""
        dialog = await self._confirm_panel()
        await self._camera.take(f"{name}-confirm")
        confirmations = [0]

        def count(event: MintAdvanced) -> None:
            confirmations.append(event.progress.confirmations)

        self._program.pages.events.mint_advanced.connect(count)
        dialog.confirm.mint_button.click()
        await seen("the first confirmations", lambda: confirmations[-1] >= CONFIRMATIONS_IN_PICTURE)
        self._program.pages.events.mint_advanced.disconnect(count)
        await self._camera.take(f"{name}-progress")
        await seen("success", lambda: dialog.face is dialog.success)
        await seen("minted row", lambda: self._state_in_view(asset_ids[0]) is AssetState.MINTED)
        await seen("minted asset beside the list", lambda: self._panel_shows(AssetState.MINTED))
        await self._camera.take(f"{name}-success")
        tokens = [await self._core.verification.token(asset_id) for asset_id in asset_ids]
        job = await self._core.desk.job_of(asset_ids[0])
        if not all(tokens) or job is None or job.transaction is None:
            raise StoryStuck("the minted tokens on the chain")
        return tuple(f"0x{token.token_id:032x}" for token in tokens if token), job.transaction.tx_hash

    async def _confirm_panel(self) -> MintDialog:
        """The mint dialog that opens, once it can be confirmed."""
        dialog = (await seen("mint dialog", lambda: self._program.pages.mint.dialogs))[0]
        await seen("estimate", dialog.confirm.mint_button.isEnabled)
        return dialog

    @property
    def _core(self) -> Core:
        core = self._program.core
        assert core is not None
        return core

    @property
    def _chosen(self) -> UUID:
        assert self._asset_id is not None
        return self._asset_id

    def _shows_all_cards(self) -> bool:
        return self._program.pages.gallery_view.model.rowCount() == 1 + BATCH_SIZE

    def _new_row(self) -> AssetRow | None:
        row = self._program.pages.register_view.model.row_at(0)
        return row if row and row.name == NEW_ASSET else None

    def _panel_shows(self, state: AssetState) -> bool:
        asset = self._program.pages.register_view.panel.asset
        return asset is not None and asset.state is state

    def _state_in_view(self, asset_id: UUID) -> AssetState | None:
        model = self._program.pages.register_view.model
        position = model.position(asset_id)
        row = None if position is None else model.row_at(position)
        return row.state if row else None
