"""One dialog's work: from the confirmation through the stages to the outcome, and back for a retry."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from ipnft_desktop.domain.assets import AssetRow
from ipnft_desktop.domain.errors import with_code
from ipnft_desktop.domain.minting import MINTABLE_STATES, AssetState, MintJob
from ipnft_desktop.ui.mint import wording
from ipnft_desktop.ui.mint.company import Company
from ipnft_desktop.ui.mint.confirmation import Confirmation
from ipnft_desktop.ui.mint.context import Keep, MintContext
from ipnft_desktop.ui.mint.dialog import MintDialog
from ipnft_desktop.ui.mint.outcome import Outcome
from ipnft_desktop.ui.mint.ports import MintServices
from ipnft_desktop.ui.mint.watch import Watch
from ipnft_desktop.ui.tasks import PageTasks


class MintSession(QObject):
    """`closed` when the dialog is gone, `card_requested` with an asset id, `unlock_requested` where the key is locked,
    `metadata_requested` with the ids of the assets that would be minted, `waiting_began` with a sentence and the ids of
    those that wait for company now.

    `keep` runs what must not be cut off when the dialog closes (a request that is being recorded, a start).
    """

    closed = Signal()
    card_requested = Signal(object)
    unlock_requested = Signal()
    metadata_requested = Signal(object)
    waiting_began = Signal(str, object)

    def __init__(self, services: MintServices, rows: Sequence[AssetRow], keep: Keep, parent: QWidget | None) -> None:
        super().__init__()
        self.dialog = MintDialog(services.now, parent)
        self.rows = tuple(rows)
        self.asset_ids = tuple(row.asset_id for row in rows)
        self._services = services
        self._tasks = PageTasks(self._on_unexpected)
        self._context = MintContext(services, self.dialog, self._tasks, keep, self)
        self._watch = Watch(self._context, self._show_outcome, self)
        self._company = Company(self._context, self._open, self)
        self._company.waiting_began.connect(self.waiting_began)
        self._confirmation = Confirmation(self._context, self._company, self._watch.follow, self)
        self._outcome = Outcome(self._context, self._watch.follow, self._confirmation.show, self)
        self.dialog.picture.use_store(services.pictures)
        self.dialog.finished.connect(self._on_finished)
        self.dialog.confirm.metadata_requested.connect(self._on_metadata_requested)
        self.dialog.progress.unlock_requested.connect(self.unlock_requested)
        self.dialog.success.card_requested.connect(self._on_card_requested)
        # What the lists know already is shown until all is read.
        line = wording.row_line(rows[0]) if len(rows) == 1 else ""
        self._context.show_head(rows[0].name, rows[0].image_cid, line, len(rows))

    def start(self) -> None:
        """Show the dialog and fill it."""
        self.dialog.show()
        self._context.run(self._open)

    async def close(self) -> None:
        """Stop watching; a mint under way goes on."""
        await self._tasks.close()
        self.dialog.hide()
        self.dialog.deleteLater()

    async def _open(self) -> None:
        assets = [await self._services.register.asset(asset_id) for asset_id in self.asset_ids]
        mintable = [asset for asset in assets if asset.state in MINTABLE_STATES]
        is_fresh = len(mintable) > 1 or (mintable and mintable[0].state is not AssetState.MINT_FAILED)
        job = None if is_fresh else await self._services.desk.job_of((mintable or assets)[0].asset_id)
        if job is None:
            self._confirmation.show(mintable, left_out=len(assets) - len(mintable))
            return
        await self._take_up(job)

    async def _take_up(self, job: MintJob) -> None:
        """Show a job that exists already, wherever it stands."""
        self._context.set_subjects([await self._services.register.asset(item.asset_id) for item in job.items])
        if job.is_open:
            await self._watch.follow(job)
        else:
            await self._outcome.show(job)

    async def _show_outcome(self, job: MintJob) -> None:
        await self._outcome.show(job)

    def _on_finished(self, result: int) -> None:
        self.closed.emit()

    def _on_metadata_requested(self) -> None:
        self.metadata_requested.emit(tuple(subject.asset_id for subject in self._context.subjects))

    def _on_card_requested(self, asset_id: UUID) -> None:
        self.card_requested.emit(asset_id)
        self.dialog.close()

    def _on_unexpected(self, error: Exception) -> None:
        shown = with_code(error)
        face = self.dialog.face
        if face is self.dialog.progress:
            self.dialog.progress.show_trouble(shown)
        elif face is self.dialog.failure:
            self.dialog.failure.show_trouble(shown)
        else:
            self._confirmation.show_unexpected(shown)
