"""Runs the card of a chain of our own."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal

from ipnft_desktop.domain.contract_writes import ContractWrite
from ipnft_desktop.domain.errors import ErrorCode, FieldProblem, IpnftError, ProblemKind, ValidationFailed, with_code
from ipnft_desktop.domain.events import BlockArrived, EnvironmentChanged
from ipnft_desktop.domain.inspection.typed_values import wei_of
from ipnft_desktop.domain.local_chain import (
    INTERVAL_MAX_S,
    INTERVAL_MIN_S,
    MINED_AT_ONCE_MAX,
    ChainSnapshot,
    LocalChainState,
    Mining,
    MiningMode,
    RevertPreview,
)
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.local_chain.card import LocalChainCard
from ipnft_desktop.ui.local_chain.wording import mining_text, paid_sentence, reverted_sentence
from ipnft_desktop.ui.tasks import PageTasks
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.measures import number_text
from ipnft_desktop.ui.widgets.plain import shorten

_MOST_DIGITS = 18
_SHOW, _ACT = "local chain state", "local chain"


class LocalChain(Protocol):
    """What is needed of `services.local_chain.LocalChain`."""

    async def state(self) -> LocalChainState: ...
    async def mine(self, blocks: int, on_progress: Callable[[int], bool] = ...) -> int: ...
    async def set_mining(self, mining: Mining) -> None: ...
    async def set_next_time(self, at: datetime) -> None: ...
    async def set_impersonation(self, *, allowed: bool) -> None: ...
    async def snapshot(self, name: str) -> ChainSnapshot: ...
    async def preview_revert(self, snapshot_id: int) -> RevertPreview: ...
    async def revert(self, snapshot_id: int) -> RevertPreview: ...
    async def fund(self, address: str, amount_wei: int) -> ContractWrite: ...


class LocalChainPresenter(QObject):
    """`notice` is a short message with its `Tone`."""

    notice = Signal(str, object)

    def __init__(self, card: LocalChainCard, chain: LocalChain, events: AppEvents) -> None:
        super().__init__(card)
        self._card = card
        self._chain = chain
        self._tasks = PageTasks(self._on_unexpected)
        self._is_ready = False
        self._is_stopped = False
        self._is_closed = False
        self._is_stale = False
        events.environment_changed.connect(self._on_environment)
        events.block_arrived.connect(self._on_block)
        for changed in (events.local_chain_changed, events.session_changed):
            changed.connect(self._on_changed)
        card.mine_requested.connect(self._on_mine)
        card.stop_requested.connect(self._on_stop)
        card.mining_requested.connect(self._on_mining)
        card.time_requested.connect(self._on_time)
        card.impersonation_requested.connect(self._on_impersonation)
        card.fund_requested.connect(self._on_fund)
        card.snapshot_requested.connect(self._on_snapshot)
        card.revert_wanted.connect(self._on_revert_wanted)
        card.revert_confirmed.connect(self._on_revert)

    @property
    def is_working(self) -> bool:
        """Whether something is being done to the chain."""
        return self._tasks.is_running(_ACT)

    async def close(self) -> None:
        """Stop everything under way."""
        self._is_closed = True
        await self._tasks.close()

    def _refresh(self) -> None:
        """Show how the chain stands now; what changes meanwhile is shown behind it."""
        self._is_stale = True
        if not self._is_closed and not self._tasks.is_running(_SHOW):
            self._tasks.start(self._show(), _SHOW)

    async def _show(self) -> None:
        while self._is_stale:
            self._is_stale = False
            try:
                state = await self._chain.state() if self._is_ready else None
            except IpnftError:
                state = None  # nobody is signed in, or the node is on its way
            self._card.show_state(state)

    def _on_environment(self, event: EnvironmentChanged) -> None:
        self._is_ready = event.is_ready
        self._refresh()

    def _on_changed(self, _event: object) -> None:
        self._refresh()

    def _on_block(self, _event: BlockArrived) -> None:
        if self._is_ready:
            self._refresh()
            if self._card.question.isVisible():
                self._act(self._ask_revert(self._card.asked))  # more would go by now than was told

    def _on_mine(self, typed: str) -> None:
        self._act(self._mine(typed), "blocks")

    async def _mine(self, typed: str) -> None:
        blocks = _number(typed, "blocks", f"1 - {MINED_AT_ONCE_MAX:,}")
        self._is_stopped = False

        def go_on(done: int) -> bool:
            self._card.show_mining(done, blocks)
            return not self._is_stopped

        try:
            mined = await self._chain.mine(blocks, go_on)
        finally:
            self._card.show_mining(None)
        self.notice.emit(self.tr("%Ln blocks mined", "", mined), Tone.OK)

    def _on_stop(self) -> None:
        self._is_stopped = True

    def _on_mining(self, mode: MiningMode, typed: str) -> None:
        self._act(self._set_mining(MiningMode(mode), typed), "interval_s")

    async def _set_mining(self, mode: MiningMode, typed: str) -> None:
        limit = f"{INTERVAL_MIN_S} - {INTERVAL_MAX_S:,}"
        interval_s = _number(typed, "interval_s", limit) if mode is MiningMode.INTERVAL else None
        mining = Mining(mode, interval_s)
        await self._chain.set_mining(mining)
        self.notice.emit(self.tr("Blocks come: {0}").format(mining_text(mining)), Tone.OK)

    def _on_time(self, typed: str) -> None:
        self._act(self._set_time(typed), "at")

    async def _set_time(self, typed: str) -> None:
        try:
            at = datetime.fromisoformat(typed.strip())
        except ValueError:
            raise ValidationFailed((FieldProblem("at", ProblemKind.NOT_A_DATE),)) from None
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at
        await self._chain.set_next_time(at)
        self.notice.emit(self.tr("The next block carries this time."), Tone.OK)

    def _on_impersonation(self, allowed: bool) -> None:
        self._act(self._set_impersonation(allowed))

    async def _set_impersonation(self, allowed: bool) -> None:
        await self._chain.set_impersonation(allowed=allowed)
        if allowed:
            told = self.tr("A call of a contract may now be sent as any account: Chain, Contracts, Write.")
            self.notice.emit(told, Tone.WARN)
        else:
            self.notice.emit(self.tr("Only accounts that sign can send."), Tone.OK)

    def _on_fund(self, address: str, amount: str) -> None:
        self._act(self._fund(address, amount), "address")

    async def _fund(self, address: str, amount: str) -> None:
        paid = await self._chain.fund(address, wei_of(amount, "amount"))
        self.notice.emit(*paid_sentence(paid, shorten(paid.call.target)))

    def _on_snapshot(self, name: str) -> None:
        self._act(self._snapshot(name), "name")

    async def _snapshot(self, name: str) -> None:
        made = await self._chain.snapshot(name)
        self._card.name_field.clear()
        block = number_text(made.block.number)
        self.notice.emit(self.tr("Snapshot “{0}” taken at block #{1}").format(made.name, block), Tone.OK)

    def _on_revert_wanted(self, snapshot_id: int) -> None:
        self._act(self._ask_revert(snapshot_id))

    async def _ask_revert(self, snapshot_id: int) -> None:
        self._card.ask_revert(await self._chain.preview_revert(snapshot_id))

    def _on_revert(self, snapshot_id: int) -> None:
        self._act(self._revert(snapshot_id))

    async def _revert(self, snapshot_id: int) -> None:
        self.notice.emit(reverted_sentence(await self._chain.revert(snapshot_id)), Tone.OK)

    def _act(self, work: Coroutine[Any, Any, None], field: str = "") -> None:
        """One thing after the other: a second wish waits for nothing and is dropped."""

        async def guarded() -> None:
            self._card.clear_errors()
            try:
                await work
            except IpnftError as error:
                beside = field if error.code is ErrorCode.RECIPIENT_INVALID else ""
                self._card.show_refusal(error, beside)
            self._refresh()

        if self._is_closed or self.is_working:
            work.close()
        else:
            self._tasks.start(guarded(), _ACT)

    def _on_unexpected(self, error: Exception) -> None:
        self._card.show_refusal(with_code(error))


def _number(typed: str, field: str, limit: str) -> int:
    """Raises ValidationFailed for what is no number; whether it is in its range is the service's to say."""
    text = typed.strip().replace(",", "")
    if not (text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS):
        raise ValidationFailed((FieldProblem(field, ProblemKind.OUT_OF_RANGE, limit),))
    return int(text)
