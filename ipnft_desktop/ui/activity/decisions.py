"""Cancel, retry and retry of many from the Activity page."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Protocol
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from ipnft_desktop.domain.mint_activity import JobGroup, JobQuery, JobRow
from ipnft_desktop.domain.minting import MintJob
from ipnft_desktop.services.mint_activity import RetryResult
from ipnft_desktop.ui.activity.view import ActivityView
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.measures import listed, number_text

_RETRY, _CANCEL, _RETRY_ALL = (f"activity {decision}" for decision in ("retry", "cancel", "retry all"))
DECISIONS = (_RETRY, _CANCEL, _RETRY_ALL)
"""The names under which they are carried out."""

Run = Callable[[Callable[[], Coroutine[Any, Any, None]], str], None]
"""Does something under a name for as long as the page lives; what it raises is told where the list is."""


class Desk(Protocol):
    """What the page needs of `services.mint_desk.MintDesk`."""

    async def retry(self, asset_id: UUID) -> MintJob: ...
    async def cancel(self, job_id: UUID) -> MintJob: ...


class Retries(Protocol):
    """What it needs of `services.mint_activity.MintActivity`."""

    async def retryable(self, query: JobQuery) -> tuple[UUID, ...]: ...
    async def retry_all(self, asset_ids: Sequence[UUID], goes_on: Callable[[int], bool]) -> RetryResult: ...


class JobDecisions(QObject):
    """`notice` is a short message with its `Tone`."""

    notice = Signal(str, object)

    def __init__(self, view: ActivityView, desk: Desk, retries: Retries, run: Run) -> None:
        super().__init__(view)
        self._view = view
        self._desk = desk
        self._retries = retries
        self._run = run
        self._chosen: tuple[UUID, ...] = ()
        self._is_stopped = False
        view.cancel_confirmed.connect(self._on_cancel_confirmed)
        view.retry_all_requested.connect(self._on_retry_all)
        view.retry_all_confirmed.connect(self._on_retry_all_confirmed)

    def stop(self) -> None:
        """Begin no more retries; what was retried goes on."""
        self._is_stopped = True

    def retry(self, row: JobRow) -> None:
        """Another attempt of a failed mint, another look at an open one."""
        self._run(lambda: self._retry(row), _RETRY)

    async def _retry(self, row: JobRow) -> None:
        await self._desk.retry(row.asset_id)
        self.notice.emit(self.tr("The mint is tried again"), Tone.OK)

    async def _cancel(self, job_id: UUID) -> None:
        job = await self._desk.cancel(job_id)
        if job.is_open:
            self.notice.emit(self.tr("Cancellation sent; the chain decides"), Tone.WARN)
        else:
            self.notice.emit(self.tr("Mint cancelled; no token exists"), Tone.OK)

    async def _ask_retry_all(self) -> None:
        """What is named is what is done: failed mints that come later are left out."""
        query = self._view.query
        self._chosen = await self._retries.retryable(JobQuery(JobGroup.FAILED, query.text, query.since, query.until))
        if self._chosen:
            self._view.ask_retry_all(len(self._chosen))
        else:
            self.notice.emit(self.tr("No failed mint in view can be tried again."), Tone.WARN)

    async def _retry_all(self, asset_ids: tuple[UUID, ...]) -> None:
        told, count = self.tr("Retrying: {0} of {1}"), len(asset_ids)
        self._is_stopped = False

        def goes_on(done: int) -> bool:
            self._view.show_work(told.format(number_text(done), number_text(count)), done / count)
            return not self._is_stopped

        self._view.show_work(told.format(number_text(0), number_text(count)))
        try:
            result = await self._retries.retry_all(asset_ids, goes_on)
        finally:
            self._view.show_work("")
        self._tell(result)

    def _tell(self, result: RetryResult) -> None:
        refused = sum(result.refused.values())
        if not refused:
            self.notice.emit(self.tr("%Ln mints are tried again", "", result.retried), Tone.OK)
            return
        codes = listed(f"{code} {number_text(count)}" for code, count in sorted(result.refused.items()))
        told = self.tr("%Ln mints are tried again, {0} could not be: {1}", "", result.retried)
        self.notice.emit(told.format(number_text(refused), codes), Tone.WARN)

    def _on_cancel_confirmed(self, job_id: UUID) -> None:
        self._run(lambda: self._cancel(job_id), _CANCEL)

    def _on_retry_all(self) -> None:
        self._run(self._ask_retry_all, _RETRY_ALL)

    def _on_retry_all_confirmed(self) -> None:
        chosen, self._chosen = self._chosen, ()
        if chosen:
            self._run(lambda: self._retry_all(chosen), _RETRY_ALL)
