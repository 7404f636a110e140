"""After the mint: the token, or why there is none, and the ways on from there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from PySide6.QtCore import QObject

from ipnft_desktop.domain.assets import Asset
from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.domain.minting import MINTABLE_STATES, MintJob, MintStage
from ipnft_desktop.ui.mint import wording
from ipnft_desktop.ui.mint.context import MintContext
from ipnft_desktop.ui.mint.subjects import LeftOut, saved_percent


class Outcome(QObject):
    """Works the last faces; a new attempt goes to `follow`, a new beginning to `confirm`."""

    def __init__(
        self,
        context: MintContext,
        follow: Callable[[MintJob], Awaitable[None]],
        confirm: Callable[[Sequence[Asset]], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._follow = follow
        self._confirm = confirm
        self._failure = failure = context.dialog.failure
        failure.retry_requested.connect(lambda: context.run(self._retry))
        failure.start_over_requested.connect(lambda: context.run(self._start_over))
        failure.reset_requested.connect(self._on_reset_requested)

    async def show(self, job: MintJob) -> None:
        """Show how a job ended."""
        self._context.job = job
        self._context.show_subject_head(job.items[0].recipient)
        left_out = await self._left_out(job)
        if job.stage is MintStage.COMPLETED:
            await self._show_success(job, left_out)
            return
        self._failure.show_failure(
            wording.failure_headline(job),
            wording.failure_error(job),
            wording.failure_facts(job, left_out),
            may_retry=wording.may_retry(job),
            needs_reset=wording.needs_reset(job),
            hint=wording.failure_hint(job),
        )
        self._context.dialog.show_face(self._failure)

    async def _left_out(self, job: MintJob) -> tuple[LeftOut, ...]:
        """The subjects that the job went on without, each with the job that it is in now."""
        minted = {item.asset_id for item in job.items}
        left = [subject for subject in self._context.subjects if subject.asset_id not in minted]
        return tuple([LeftOut(subject, await self._context.desk.job_of(subject.asset_id)) for subject in left])

    async def _show_success(self, job: MintJob, left_out: Sequence[LeftOut]) -> None:
        single_gas = await self._context.desk.latest_single_mint_gas() if len(job.items) > 1 else None
        apart = {one.subject.asset_id for one in left_out}
        success = self._context.dialog.success
        subjects = [subject for subject in self._context.subjects if subject.asset_id not in apart]
        success.show_result(
            wording.success_headline(job),
            wording.took(job),
            wording.success_facts(
                job, subjects, single_gas, saved_percent(job, single_gas), self._context.services.label_of
            ),
            wording.token_lines(job, subjects),
            wording.left_out_lines(left_out),
        )
        self._context.dialog.show_face(success)

    async def _retry(self) -> None:
        assert self._context.job is not None
        self._failure.set_busy(True)
        try:
            await self._context.start_if_needed(self._failure.footer.hint.setText)
            job = await self._context.kept(self._context.desk.retry(self._context.job.items[0].asset_id))
        except IpnftError as error:
            self._failure.show_trouble(error)
            return
        await self._follow(job)

    async def _start_over(self) -> None:
        register = self._context.services.register
        assets = [await register.asset(subject.asset_id) for subject in self._context.subjects]
        self._confirm([asset for asset in assets if asset.state in MINTABLE_STATES])

    def _on_reset_requested(self, reason: str) -> None:
        async def reset() -> None:
            self._failure.set_busy(True)
            try:
                await self._context.start_if_needed(self._failure.footer.hint.setText)
                for subject in self._context.subjects:
                    await self._context.kept(self._context.desk.reset(subject.asset_id, reason))
            except IpnftError as error:
                self._failure.show_trouble(error)
                return
            await self._start_over()

        self._context.run(reset)
