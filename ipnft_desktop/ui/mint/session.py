"""One dialog's work: from the confirmation through the stages to the outcome, and back for a retry."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from ipnft_desktop.domain.assets import Asset, AssetRow
from ipnft_desktop.domain.chain import LOCAL_CHAIN_ID, NodeStatus, parse_address
from ipnft_desktop.domain.errors import Defect, EnvironmentFault, ErrorCode, IpnftError, UserError
from ipnft_desktop.domain.minting import MINTABLE_STATES, AssetState, MintEstimate, MintJob, MintProgress, MintStage
from ipnft_desktop.services.environment import EnvironmentReady, OnStage, StageReport
from ipnft_desktop.services.mint_desk import MintRequest, OnProgress
from ipnft_desktop.ui.mint import wording
from ipnft_desktop.ui.mint.dialog import MintDialog
from ipnft_desktop.ui.mint.subjects import MintSubject, requests_for, saved_percent
from ipnft_desktop.ui.pictures import PictureStore
from ipnft_desktop.ui.tasks import PageTasks
from ipnft_desktop.ui.widgets.phrases import say

T = TypeVar("T")


class Desk(Protocol):
    """What the dialog needs of `services.mint_desk.MintDesk`."""

    async def estimate(self, requests: Sequence[MintRequest]) -> MintEstimate: ...
    async def request(self, requests: Sequence[MintRequest]) -> MintJob: ...
    async def outcome(self, job_id: UUID, on_progress: OnProgress | None = None) -> MintJob: ...
    async def retry(self, asset_id: UUID) -> MintJob: ...
    async def cancel(self, job_id: UUID) -> None: ...
    async def job_of(self, asset_id: UUID) -> MintJob | None: ...
    async def latest_single_mint_gas(self) -> int | None: ...


class Assets(Protocol):
    """What the dialog needs of `services.register.RegisterService`."""

    async def asset(self, asset_id: UUID) -> Asset: ...


class Environment(Protocol):
    """What the dialog needs of `services.environment.EnvironmentService`."""

    @property
    def ready(self) -> EnvironmentReady | None: ...
    async def start(self, on_stage: OnStage) -> EnvironmentReady: ...
    async def node_status(self) -> NodeStatus | None: ...


@dataclass(frozen=True, slots=True)
class MintServices:
    """What every dialog works with."""

    desk: Desk
    register: Assets
    environment: Environment
    pictures: PictureStore
    now: Callable[[], datetime]


class MintSession(QObject):
    """`closed` when the dialog is gone, `card_requested` with an asset id.

    `keep` runs what must not be cut off when the dialog closes (a request that is being recorded, a start).
    """

    closed = Signal()
    card_requested = Signal(object)

    def __init__(
        self,
        services: MintServices,
        rows: Sequence[AssetRow],
        keep: Callable[[Coroutine[Any, Any, Any]], asyncio.Task[Any]],
        parent: QWidget | None,
    ) -> None:
        super().__init__()
        self.dialog = MintDialog(services.now, parent)
        self.asset_ids = tuple(row.asset_id for row in rows)
        self._services = services
        self._desk = services.desk
        self._keep = keep
        self._tasks = PageTasks(self._on_unexpected)
        self._subjects: tuple[MintSubject, ...] = ()
        self._job: MintJob | None = None
        self._is_following = False
        self._left_out = 0
        self._typed = ""
        self._requests: tuple[MintRequest, ...] = ()
        self.dialog.picture.use_store(services.pictures)
        self._connect()
        # What the lists know already is shown until all is read.
        line = wording.row_line(rows[0]) if len(rows) == 1 else ""
        self._show_head(rows[0].name, rows[0].image_cid, line, len(rows))

    def start(self) -> None:
        """Show the dialog and fill it."""
        self.dialog.show()
        self._run(self._open)

    async def close(self) -> None:
        """Stop watching; a mint under way goes on."""
        await self._tasks.close()
        self.dialog.hide()
        self.dialog.deleteLater()

    # --- opening ------------------------------------------------------------------------------------------------

    async def _open(self) -> None:
        assets = [await self._services.register.asset(asset_id) for asset_id in self.asset_ids]
        mintable = [asset for asset in assets if asset.state in MINTABLE_STATES]
        is_fresh = len(mintable) > 1 or (mintable and mintable[0].state is not AssetState.MINT_FAILED)
        job = None if is_fresh else await self._desk.job_of((mintable or assets)[0].asset_id)
        if job is None:
            self._confirm(mintable, left_out=len(assets) - len(mintable))
            return
        await self._take_up(job)

    async def _take_up(self, job: MintJob) -> None:
        """Show a job that exists already, wherever it stands."""
        assets = [await self._services.register.asset(item.asset_id) for item in job.items]
        self._set_subjects(assets)
        if job.is_open:
            await self._follow(job)
        else:
            await self._show_outcome(job)

    def _set_subjects(self, assets: Sequence[Asset]) -> None:
        self._subjects = tuple(MintSubject.of(asset) for asset in assets)

    # --- confirmation -------------------------------------------------------------------------------------------

    def _confirm(self, assets: Sequence[Asset], left_out: int = 0) -> None:
        self._job = None
        self._set_subjects(assets)
        self._left_out = left_out
        self._release_inputs()
        self.dialog.show_face(self.dialog.confirm)
        if not self._subjects:
            self.dialog.confirm.show_error(UserError(ErrorCode.MINT_INVALID_STATE), can_start=False)
            return
        self._typed = self._typed or self._subjects[0].wallet_address
        self._refresh_recipient()

    def _refresh_recipient(self) -> None:
        """Check what is typed, tell it in the head, and estimate if it can be minted."""
        confirm, first = self.dialog.confirm, self._subjects[0]
        is_single = len(self._subjects) == 1
        to_own = not is_single and confirm.destination.currentIndex() == 0
        try:
            address = None if to_own else parse_address(self._typed)
        except UserError as error:
            self._requests = ()
            confirm.show_recipient(self._typed, "", wording.beside_field(error), can_reset=True)
            confirm.show_estimate(None, len(self._subjects))
            self._show_subject_head("")
            return
        if address is not None:
            confirm.show_recipient(
                self._typed,
                wording.whose(self._subjects, address),
                "",
                can_reset=is_single and address != first.wallet_address,
            )
        self._requests = requests_for(self._subjects, address)
        self._show_subject_head(address or "")
        confirm.show_estimate(None, len(self._subjects))
        self._run(self._estimate)

    async def _estimate(self) -> None:
        requests = self._requests
        try:
            estimate = await self._desk.estimate(requests)
        except IpnftError as error:
            if requests is self._requests:
                self.dialog.confirm.show_error(error, can_start=await self._needs_start())
            return
        if requests is self._requests:
            self.dialog.confirm.show_estimate(estimate, len(requests))

    async def _mint(self) -> None:
        confirm = self.dialog.confirm
        confirm.set_busy(True, self.tr("Recording the request…"))
        try:
            job = await self._kept(self._desk.request(self._requests))
        except IpnftError as error:
            self._release_inputs()
            confirm.show_error(error, can_start=await self._needs_start())
            return
        await self._follow(job)

    async def _start_for_estimate(self) -> None:
        confirm = self.dialog.confirm
        confirm.set_busy(True, self.tr("Starting the environment…"))
        try:
            await self._start_environment(confirm.footer.hint.setText)
        except IpnftError as error:
            self._release_inputs()
            confirm.show_error(error, can_start=True)
            return
        self._release_inputs()
        confirm.error_panel.clear()
        self._refresh_recipient()

    def _release_inputs(self) -> None:
        self.dialog.confirm.set_busy(False)
        self.dialog.confirm.show_subjects(wording.subject_lines(self._subjects), self._left_out)

    # --- the mint under way -------------------------------------------------------------------------------------

    async def _follow(self, job: MintJob) -> None:
        progress = self.dialog.progress
        self._job = job
        progress.forget()
        progress.show_progress(MintProgress.of(job))
        self._show_subject_head(job.items[0].recipient)
        self.dialog.show_face(progress)
        self._is_following = True
        try:
            ended = await self._desk.outcome(job.job_id, progress.show_progress)
        except IpnftError as error:
            progress.show_trouble(await self._explained(error))
            return
        finally:
            self._is_following = False
        await self._show_outcome(ended)

    async def _retry_open(self) -> None:
        """Look again at once; a start of the environment takes the mint up by itself."""
        assert self._job is not None
        progress = self.dialog.progress
        progress.set_retrying()
        try:
            await self._start_if_needed(progress.footer.hint.setText)
            job = await self._kept(self._desk.retry(self._job.items[0].asset_id))
        except IpnftError as error:
            progress.show_trouble(error)
            return
        if not self._is_following:
            await self._follow(job)

    async def _cancel(self) -> None:
        assert self._job is not None
        self.dialog.progress.set_cancelling()
        try:
            await self._desk.cancel(self._job.job_id)
        except IpnftError:
            self.dialog.progress.footer.hint.setText(self.tr("Too late to cancel: the transaction is signed"))

    # --- the outcome --------------------------------------------------------------------------------------------

    async def _show_outcome(self, job: MintJob) -> None:
        self._job = job
        self._show_subject_head(job.items[0].recipient)
        if job.stage is MintStage.COMPLETED:
            single_gas = await self._desk.latest_single_mint_gas() if len(job.items) > 1 else None
            success = self.dialog.success
            success.show_result(
                wording.success_headline(job),
                wording.took(job),
                wording.success_facts(job, self._subjects, single_gas, saved_percent(job, single_gas)),
                wording.token_lines(job, self._subjects),
            )
            self.dialog.show_face(success)
            return
        failure = self.dialog.failure
        failure.show_failure(
            wording.failure_headline(job),
            wording.failure_error(job),
            wording.failure_facts(job),
            may_retry=wording.may_retry(job),
            hint=wording.failure_hint(job),
        )
        self.dialog.show_face(failure)

    async def _retry_failed(self) -> None:
        assert self._job is not None
        failure = self.dialog.failure
        failure.set_busy(True)
        try:
            await self._start_if_needed(failure.footer.hint.setText)
            job = await self._kept(self._desk.retry(self._job.items[0].asset_id))
        except IpnftError as error:
            failure.show_trouble(error)
            return
        await self._follow(job)

    async def _start_over(self) -> None:
        assets = [await self._services.register.asset(subject.asset_id) for subject in self._subjects]
        self._confirm([asset for asset in assets if asset.state in MINTABLE_STATES])

    # --- environment --------------------------------------------------------------------------------------------

    async def _needs_start(self) -> bool:
        environment = self._services.environment
        return environment.ready is None or await environment.node_status() is None

    async def _start_if_needed(self, tell: Callable[[str], object]) -> None:
        if await self._needs_start():
            await self._start_environment(tell)

    async def _start_environment(self, tell: Callable[[str], object]) -> None:
        def on_stage(report: StageReport) -> None:
            if report.detail is not None:
                tell(say(report.detail))

        await self._kept(self._services.environment.start(on_stage))

    async def _explained(self, error: IpnftError) -> IpnftError:
        """Nobody works on an open mint while the environment is down; that is what the reader can mend."""
        if error.code is ErrorCode.MINT_INVALID_STATE and await self._needs_start():
            return EnvironmentFault(ErrorCode.NODE_UNREACHABLE, self.tr("The environment is not started."))
        return error

    # --- plumbing -----------------------------------------------------------------------------------------------

    async def _kept(self, work: Coroutine[Any, Any, T]) -> T:
        """Wait for work that goes on when the dialog closes."""
        return await asyncio.shield(self._keep(work))

    def _run(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._tasks.start(work(), work.__name__)

    def _show_subject_head(self, recipient: str) -> None:
        first, count = self._subjects[0], len(self._subjects)
        line = wording.subject_line(first, recipient) if count == 1 else wording.batch_line(self._subjects)
        self._show_head(first.name, first.image_cid, line, count)

    def _show_head(self, name: str, image_cid: str | None, line: str, count: int) -> None:
        ready = self._services.environment.ready
        is_local = ready is not None and ready.identity.chain_id == LOCAL_CHAIN_ID
        title = self.tr("Mint NFT – {0}").format(name) if count == 1 else self.tr("Mint {0} NFTs").format(count)
        self.dialog.picture.set_picture(image_cid, name)
        self.dialog.show_head(title, line, is_local=is_local)

    def _on_recipient_edited(self, text: str) -> None:
        self._typed = text.strip() or self._subjects[0].wallet_address
        self._refresh_recipient()

    def _on_destination_changed(self, to_one: bool) -> None:
        self._refresh_recipient()

    def _on_card_requested(self, asset_id: UUID) -> None:
        self.card_requested.emit(asset_id)
        self.dialog.close()

    def _on_finished(self, result: int) -> None:
        self.closed.emit()

    def _on_unexpected(self, error: Exception) -> None:
        shown = error if isinstance(error, IpnftError) else Defect(f"{type(error).__name__}: {error}")
        face = self.dialog.face
        if face is self.dialog.progress:
            self.dialog.progress.show_trouble(shown)
        elif face is self.dialog.failure:
            self.dialog.failure.show_trouble(shown)
        else:
            self.dialog.show_face(self.dialog.confirm)
            self._release_inputs()
            self.dialog.confirm.show_error(shown, can_start=False)

    def _connect(self) -> None:
        dialog = self.dialog
        dialog.finished.connect(self._on_finished)
        dialog.confirm.recipient_edited.connect(self._on_recipient_edited)
        dialog.confirm.destination_changed.connect(self._on_destination_changed)
        dialog.confirm.estimate_requested.connect(self._refresh_recipient)
        dialog.confirm.start_requested.connect(lambda: self._run(self._start_for_estimate))
        dialog.confirm.mint_requested.connect(lambda: self._run(self._mint))
        dialog.progress.cancel_requested.connect(lambda: self._run(self._cancel))
        dialog.progress.retry_requested.connect(lambda: self._run(self._retry_open))
        dialog.success.card_requested.connect(self._on_card_requested)
        dialog.failure.retry_requested.connect(lambda: self._run(self._retry_failed))
        dialog.failure.start_over_requested.connect(lambda: self._run(self._start_over))
