"""The mint under way: what is told of it goes to the panel, what the person wants goes to the desk."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any
from uuid import UUID

from PySide6.QtCore import QObject

from ipnft_desktop.domain.errors import ErrorCode, IpnftError
from ipnft_desktop.domain.minting import MintJob, MintProgress
from ipnft_desktop.ui.mint.context import MintContext


class Watch(QObject):
    """Works the second face; a job that ended goes to `show_outcome`."""

    def __init__(
        self, context: MintContext, show_outcome: Callable[[MintJob], Awaitable[None]], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._show_outcome = show_outcome
        self._panel = panel = context.dialog.progress
        self._is_following = False
        self._signed = 0
        self._over_cap: Callable[[UUID], Coroutine[Any, Any, MintJob]] | None = None
        panel.cancel_requested.connect(lambda: context.run(self._cancel))
        panel.speed_up_requested.connect(lambda: context.run(self._speed_up))
        panel.fee_allowed.connect(self._on_fee_allowed)
        panel.retry_requested.connect(lambda: context.run(self._retry_now))

    async def follow(self, job: MintJob) -> None:
        """Show a running mint until it has ended."""
        self._context.job = job
        self._over_cap = None
        self._panel.forget()
        self._show_job(job)
        self._panel.show_progress(MintProgress.of(job))
        self._context.show_subject_head(job.items[0].recipient)
        self._context.dialog.show_face(self._panel)
        self._is_following = True
        try:
            ended = await self._context.desk.outcome(job.job_id, self._on_progress)
        except IpnftError as error:
            self._panel.show_trouble(await self._context.explained(error))
            return
        finally:
            self._is_following = False
        await self._show_outcome(ended)

    def _on_progress(self, progress: MintProgress) -> None:
        self._panel.show_progress(progress)
        if progress.transactions_signed > max(self._signed, 1):
            # Somebody signed another one, here or on another page; progress carries the newest hash only.
            self._signed = progress.transactions_signed
            self._context.run(self._read_job)

    async def _read_job(self) -> None:
        known = self._context.job
        assert known is not None
        job = await self._context.desk.job_of(known.items[0].asset_id)
        if job is not None and job.job_id == known.job_id and self._context.job is known:
            self._show_job(job)

    def _show_job(self, job: MintJob) -> None:
        self._context.job = job
        self._signed = len(job.transactions)
        self._panel.show_transactions(job.transactions)

    async def _retry_now(self) -> None:
        """Look again at once; a start of the environment takes the mint up by itself."""
        assert self._context.job is not None
        self._panel.set_retrying()
        try:
            await self._context.start_if_needed(self._panel.footer.hint.setText)
            job = await self._context.kept(self._context.desk.retry(self._context.job.items[0].asset_id))
        except IpnftError as error:
            self._panel.show_trouble(error)
            return
        if not self._is_following:
            await self.follow(job)

    async def _cancel(self) -> None:
        """Before the signature it ends at once; afterwards the chain decides, and the job stays open."""
        self._panel.set_cancelling()
        await self._ask_desk(self._context.desk.cancel)

    async def _speed_up(self) -> None:
        """The same mint under the same number with a higher fee."""
        self._panel.set_speeding_up()
        await self._ask_desk(self._context.desk.speed_up)

    async def _ask_desk(self, ask: Callable[[UUID], Coroutine[Any, Any, MintJob]]) -> None:
        assert self._context.job is not None
        self._over_cap = None
        try:
            job = await self._context.kept(ask(self._context.job.job_id))
        except IpnftError as error:
            if error.code is ErrorCode.MINT_INVALID_STATE:
                self._panel.show_too_late()
                return
            if error.code is ErrorCode.FEE_CAP_EXCEEDED:
                self._over_cap = ask
            self._panel.show_trouble(error)
            return
        if job.is_open:
            self._show_job(job)

    def _on_fee_allowed(self, max_fee_wei: int) -> None:
        async def allow() -> None:
            assert self._context.job is not None
            self._panel.set_retrying()
            try:
                await self._context.kept(self._context.desk.allow_fee(self._context.job.job_id, max_fee_wei))
            except IpnftError as error:
                self._panel.show_trouble(error)
                return
            if self._over_cap is not None:
                self._panel.error_panel.clear()
                await self._ask_desk(self._over_cap)

        self._context.run(allow)
