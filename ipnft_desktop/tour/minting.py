"""The part of the tour that the program is for: an asset is made, minted and opened, three more in one transaction,
one mint called off, all the others at once."""

from __future__ import annotations

from uuid import UUID

from ipnft_desktop.bootstrap.page_keys import BATCH, GALLERY, REGISTER
from ipnft_desktop.bootstrap.window import Program
from ipnft_desktop.domain.assets import AssetQuery, AssetRow, AssetType
from ipnft_desktop.domain.batch_runs import BatchRun, ItemOutcome
from ipnft_desktop.domain.events import MintAdvanced
from ipnft_desktop.domain.minting import AssetState, MintStage
from ipnft_desktop.paths import DEMO_DATA
from ipnft_desktop.tour.camera import Camera, StoryStuck, seen
from ipnft_desktop.tour.guide import NOTHING, Guide, Made
from ipnft_desktop.ui.mint.dialog import MintDialog
from ipnft_desktop.ui.register.asset_form import AssetForm

NEW_ASSET = "Silk road star chart (invented for the tour)"
NEW_ASSET_CREATED_ON = "1998-03-14"
"""Long past by any clock: a date in the future would be refused."""
BATCH_SIZE = 3
CONFIRMATIONS_IN_PICTURE = 3


class Minting(Guide):
    """Its methods are steps of the story, in this order."""

    def __init__(self, program: Program, camera: Camera) -> None:
        super().__init__(program, camera)
        self._asset_id: UUID | None = None

    async def create_asset(self) -> Made:
        """Fill the form, refused once for what is missing."""
        form = await self.opened(AssetForm, self.pages.register_view.new_button.click)
        await seen("enterprises to choose from", form.enterprise.count)
        form.save_button.click()
        await self.camera.take("asset-form-refused")
        form.name.setText(NEW_ASSET)
        form.asset_type.setCurrentIndex(form.asset_type.findData(AssetType.DESIGN))
        form.enterprise.setCurrentIndex(1)  # the first real one, below "Choose"
        form.creator_name.setText("Studio of the tour (invented)")
        form.creation_date.setText(NEW_ASSET_CREATED_ON)
        form.description.setPlainText("Constellations along the caravan routes, drawn as one line. Invented.")
        form.image.set_choice(None, DEMO_DATA / "pictures" / "three-hares.png")
        form.attachments.add_files([DEMO_DATA / "documents" / "three-hares.pdf"])
        await seen("preview of the picture", lambda: form.image.has_preview)
        await self.camera.take("asset-form")
        form.save_button.click()
        row = await seen("the new asset in the list", self._new_row)
        self._asset_id = row.asset_id
        return NOTHING

    async def mint_one(self) -> Made:
        """Mint what was made."""
        await self.select(self._chosen)
        self.pages.register_view.mint_button.click()
        return await self._mint("mint", [self._chosen])

    async def open_card(self) -> Made:
        """From the success of a mint to its verified card."""
        verified: list[object] = []
        self.pages.gallery.verified.connect(verified.append)
        self.pages.mint.dialogs[0].success.card_button.click()
        await seen("verified card", lambda: verified)
        self.pages.gallery.verified.disconnect(verified.append)
        await self.camera.take("gallery")
        return NOTHING

    async def batch_three(self) -> Made:
        """Mint three in one transaction."""
        page = await self.core.register.page(AssetQuery(states=frozenset({AssetState.DRAFT})), limit=BATCH_SIZE)
        chosen = [row.asset_id for row in page.rows]
        self.window.show_page(REGISTER)
        table = self.pages.register_view.table
        table.select_assets(chosen, chosen[0])
        await seen("three rows selected", lambda: table.selected_count == BATCH_SIZE)
        self.pages.register_view.mint_button.click()
        made = await self._mint("batch", chosen)
        self.pages.mint.dialogs[0].close()
        await self.camera.take("register-after-batch")
        self.window.show_page(GALLERY)
        await seen("all cards", lambda: self.pages.gallery_view.model.rowCount() == 1 + BATCH_SIZE)
        await self.camera.take("gallery-after-batch")
        return made

    async def cancel_mint(self) -> Made:
        """Called off before it is signed: what is signed, this chain has in a block at once."""
        page = await self.core.register.page(AssetQuery(states=frozenset({AssetState.DRAFT})), limit=1)
        self.window.show_page(REGISTER)
        await self.select(page.rows[0].asset_id)
        self.pages.register_view.mint_button.click()
        dialog = await self._confirm_panel()

        def press(event: MintAdvanced) -> None:
            if event.progress.stage is MintStage.PREPARING:
                dialog.progress.cancel_button.click()

        self.pages.events.mint_advanced.connect(press)
        dialog.confirm.mint_button.click()
        await seen("end of the cancelled mint", lambda: dialog.face is dialog.failure)
        self.pages.events.mint_advanced.disconnect(press)
        await seen("cancelled asset beside the list", lambda: self.panel_shows(AssetState.MINT_CANCELLED))
        await self.camera.take("mint-cancelled")
        dialog.close()
        return NOTHING

    async def batch_all(self) -> Made:
        """On the Batch page, from the ticks to the result sheet with its chart."""
        self.window.show_page(BATCH)
        view = self.pages.batch_view
        await seen("what can be minted", lambda: view.model.rowCount() and not view.model.is_counting)
        await self.camera.take("batch-page")
        view.tick_all_button.click()
        await seen(
            "a plan that was tried", lambda: view.mint_button.isEnabled() and self.pages.batch.page.planning.is_tried
        )
        await seen("the chart", lambda: view.plan.chart.plot)
        await self.camera.take("batch-plan")
        asset_ids = view.ticks.asset_ids
        view.mint_button.click()
        await seen("the result of the batch", lambda: view.result.run and view.result.isVisible())
        await self.camera.take("batch-on-its-way")
        run = await seen("the end of the batch", self._ended_run)
        await self.camera.take("batch-result")
        view.result.tabs.setCurrentIndex(1)
        await self.camera.take("batch-transactions")
        view.result.tabs.setCurrentIndex(0)
        if run.counts[ItemOutcome.MINTED] != len(asset_ids):
            raise StoryStuck("every asset of the batch minted")
        return tuple(f"0x{asset_id.int:032x}" for asset_id in asset_ids), run.batches[0].tx_hash or ""

    def _ended_run(self) -> BatchRun | None:
        run = self.pages.batch_view.result.run
        return run if run is not None and not run.is_open else None

    async def _mint(self, name: str, asset_ids: list[UUID]) -> Made:
        """Confirm the open dialog and wait for its success; the made tokens are asked of the contract itself."""
        dialog = await self._confirm_panel()
        await self.camera.take(f"{name}-confirm")
        confirmations = [0]

        def count(event: MintAdvanced) -> None:
            confirmations.append(event.progress.confirmations)

        self.pages.events.mint_advanced.connect(count)
        dialog.confirm.mint_button.click()
        await seen("the first confirmations", lambda: confirmations[-1] >= CONFIRMATIONS_IN_PICTURE)
        self.pages.events.mint_advanced.disconnect(count)
        await self.camera.take(f"{name}-progress")
        await seen("success", lambda: dialog.face is dialog.success)
        await seen("minted row", lambda: self.state_in_view(asset_ids[0]) is AssetState.MINTED)
        await seen("minted asset beside the list", lambda: self.panel_shows(AssetState.MINTED))
        await self.camera.take(f"{name}-success")
        tokens = [await self.core.verification.token(asset_id) for asset_id in asset_ids]
        job = await self.core.desk.job_of(asset_ids[0])
        if not all(tokens) or job is None or job.transaction is None:
            raise StoryStuck("the minted tokens on the chain")
        return tuple(f"0x{token.token_id:032x}" for token in tokens if token), job.transaction.tx_hash

    async def _confirm_panel(self) -> MintDialog:
        """The mint dialog that opens, once it can be confirmed."""
        dialog = (await seen("mint dialog", lambda: self.pages.mint.dialogs))[0]
        await seen("estimate", dialog.confirm.mint_button.isEnabled)
        return dialog

    @property
    def _chosen(self) -> UUID:
        assert self._asset_id is not None
        return self._asset_id

    def _new_row(self) -> AssetRow | None:
        row = self.pages.register_view.model.row_at(0)
        return row if row and row.name == NEW_ASSET else None
