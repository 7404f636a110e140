"""Drives the card of what waits to be minted together."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal

from ipnft_desktop.domain.batch_gathering import GatheringPolicy, WaitingAsset
from ipnft_desktop.domain.batch_runs import BatchRun, Congestion
from ipnft_desktop.domain.errors import EnvironmentFault, IpnftError, with_code
from ipnft_desktop.domain.events import EnvironmentChanged
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.batch.waiting_card import WaitingCard
from ipnft_desktop.ui.publishing.refresh import Refresh
from ipnft_desktop.ui.tasks import PageTasks
from ipnft_desktop.ui.theme.tokens import Tone

_COUNT_DOWN_MS = 1_000
_CONGESTION_MS = 500
"""Blocks that follow each other faster are looked at together."""
_WAITING, _CONGESTION, _WISH = "waiting", "congestion", "wish"


class Automatic(Protocol):
    """What the card needs of `services.automatic_batches.AutomaticBatches`."""

    @property
    def policy(self) -> GatheringPolicy: ...
    async def waiting_rows(self) -> tuple[WaitingAsset, ...]: ...
    async def congestion(self) -> Congestion: ...
    async def withdraw(self, asset_ids: Sequence[UUID]) -> int: ...
    async def send_now(self, asset_ids: Sequence[UUID]) -> tuple[BatchRun, ...]: ...


def _utc_now() -> datetime:
    return datetime.now(UTC)


class WaitingPresenter(QObject):
    """`notice` is a short message with its `Tone`. Out of view it does nothing; what it missed is read once the card
    comes into view."""

    notice = Signal(str, object)

    def __init__(
        self, card: WaitingCard, automatic: Automatic, events: AppEvents, now: Callable[[], datetime] = _utc_now
    ) -> None:
        super().__init__(card)
        self._card = card
        self._automatic = automatic
        self._now = now
        self._is_signed_in = self._is_ready = self._is_closed = False
        self._tasks = PageTasks(self._on_unexpected)
        self._lines = Refresh(self._tasks, self._read, _WAITING)
        self._rule = Refresh(self._tasks, self._read_congestion, _CONGESTION)
        self._count_down = self._timer(_COUNT_DOWN_MS, self._tell_time)
        self._look = self._timer(_CONGESTION_MS, self._ask_rule)
        self._look.setSingleShot(True)
        card.shown.connect(self._read_all)
        card.withdraw_requested.connect(self._on_withdraw)
        card.send_requested.connect(self._on_send)
        events.gathering_changed.connect(self._read_all)
        events.block_arrived.connect(self._on_block)
        events.environment_changed.connect(self._on_environment)

    @property
    def is_reading(self) -> bool:
        """Whether something is being read or done."""
        return any(map(self._tasks.is_running, (_WAITING, _CONGESTION, _WISH)))

    @property
    def is_working(self) -> bool:
        """Whether a wish is being carried out."""
        return self._tasks.is_running(_WISH)

    def reload(self) -> None:
        """The register is open and somebody is signed in."""
        self._is_signed_in = True
        self._read_all()

    def show_signed_out(self) -> None:
        """Nobody is signed in: everything goes at once."""
        self._is_signed_in = False
        self._count_down.stop()
        self._card.show_signed_out()

    async def close(self) -> None:
        """End what is under way."""
        self._is_closed = True
        self._count_down.stop()
        self._look.stop()
        await self._tasks.close()

    # --- reading ------------------------------------------------------------------------------------------------

    @property
    def _may_read(self) -> bool:
        return self._is_signed_in and not self._is_closed and self._card.isVisible()

    def _read_all(self) -> None:
        if self._may_read:
            self._lines.ask()
            self._rule.ask()

    def _ask_rule(self) -> None:
        if self._may_read:
            self._rule.ask()

    async def _read(self) -> None:
        waiting = await self._automatic.waiting_rows()
        if not self._is_signed_in:
            return
        self._card.show_waiting(waiting)
        self._tell_time()
        if waiting:
            self._count_down.start()
        else:
            self._count_down.stop()

    async def _read_congestion(self) -> None:
        congestion: Congestion | None = None
        if self._is_ready or self._automatic.policy.congestion is not None:
            try:
                congestion = await self._automatic.congestion()
            except EnvironmentFault:
                congestion = None  # the node went away a moment ago
        if self._is_signed_in:
            self._card.show_policy(self._automatic.policy, congestion)

    def _tell_time(self) -> None:
        if self._card.isVisible():
            self._card.show_time(self._now(), is_sending=self._is_ready)
        else:
            self._count_down.stop()

    # --- what happens, and what the person wants -----------------------------------------------------------------

    def _on_block(self) -> None:
        if self._automatic.policy.congestion is None and not self._look.isActive():
            self._look.start()

    def _on_environment(self, event: EnvironmentChanged) -> None:
        self._is_ready = event.is_ready
        self._read_all()

    def _on_withdraw(self, asset_ids: tuple[UUID, ...]) -> None:
        self._do(lambda: self._withdraw(asset_ids))

    def _on_send(self, asset_ids: tuple[UUID, ...]) -> None:
        self._do(lambda: self._send(asset_ids))

    async def _withdraw(self, asset_ids: Sequence[UUID]) -> None:
        withdrawn = await self._automatic.withdraw(asset_ids)
        if withdrawn:
            self.notice.emit(self.tr("%Ln assets wait no more; nothing was sent.", "", withdrawn), Tone.OK)
        else:
            self.notice.emit(self.tr("The batch has gone already."), Tone.WARN)

    async def _send(self, asset_ids: Sequence[UUID]) -> None:
        runs = await self._automatic.send_now(asset_ids)
        sent = sum(run.item_count - run.omitted for run in runs)
        self.notice.emit(self.tr("%Ln assets are on their way.", "", sent), Tone.OK if sent else Tone.WARN)

    def _do(self, wish: Callable[[], Coroutine[Any, Any, None]]) -> None:
        if self._is_closed or self._tasks.is_running(_WISH):
            return
        self._card.set_busy(True)
        self._tasks.start(self._carry_out(wish), _WISH)

    async def _carry_out(self, wish: Callable[[], Coroutine[Any, Any, None]]) -> None:
        try:
            await wish()
        finally:
            self._card.set_busy(False)

    def _on_unexpected(self, error: Exception) -> None:
        if not isinstance(error, IpnftError) or self._is_signed_in:
            self._card.show_error(with_code(error))

    def _timer(self, every_ms: int, act: Callable[[], object]) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(every_ms)
        timer.timeout.connect(act)
        return timer
