"""Keeps the status bar truthful: what it shows comes from the chain and the desk, and is withdrawn when it ends."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from ipnft_desktop.domain.chain import LOCAL_CHAIN_ID, NodeStatus, short_hash
from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.domain.events import BlockArrived, MintAdvanced
from ipnft_desktop.services.environment import EnvironmentReady
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.main_window import MainWindow
from ipnft_desktop.ui.tasks import PageTasks
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.status_strip import StatusBarState

NODE_LOOK_MS = 2_000


class Desk(Protocol):
    """What the bar needs of `services.mint_desk.MintDesk`."""

    @property
    def queue_depth(self) -> int: ...


class Environment(Protocol):
    """What the bar needs of `services.environment.EnvironmentService`."""

    async def node_status(self) -> NodeStatus | None: ...


class StatusFeed(QObject):
    """Feeds the bar of one window. `node_lost` says that the node ended although nobody stopped it."""

    node_lost = Signal()

    def __init__(self, window: MainWindow, desk: Desk, environment: Environment, events: AppEvents, user: str) -> None:
        super().__init__(window)
        self._window = window
        self._desk = desk
        self._environment = environment
        self._offline = StatusBarState(user=user, role="ADMIN")
        self._state = self._offline
        self._tasks = PageTasks(lambda _: None)
        self._look = QTimer(self)
        self._look.setInterval(NODE_LOOK_MS)
        self._look.timeout.connect(self._on_look)
        events.block_arrived.connect(self._on_block)
        events.mint_advanced.connect(self._on_mint)
        self._tell(self._state)

    def show_ready(self, ready: EnvironmentReady) -> None:
        """The environment runs on this chain."""
        identity = ready.identity
        is_local = identity.chain_id == LOCAL_CHAIN_ID
        self._tell(
            replace(
                self._state,
                badge=self.tr("LOCAL CHAIN") if is_local else self.tr("PUBLIC CHAIN"),
                badge_tone=Tone.WARN if is_local else Tone.ERROR,
                connection=Tone.OK,
                node_name="Hardhat",
                chain_id=identity.chain_id,
                instance=short_hash(identity.instance_id),
                queue_depth=self._desk.queue_depth,
                content_store=self.tr("local"),
                database="SQLite",
            )
        )
        self._look.start()

    def show_stopped(self) -> None:
        """No chain; register and content can still be read once they were open."""
        self._look.stop()
        opened = self._state
        self._tell(replace(self._offline, content_store=opened.content_store, database=opened.database))

    async def close(self) -> None:
        """Ask nothing any more."""
        self._look.stop()
        await self._tasks.close()

    def _on_block(self, event: BlockArrived) -> None:
        self._tell(replace(self._state, block=event.block.number, gas_price_wei=event.gas_price_wei))

    def _on_mint(self, _event: MintAdvanced) -> None:
        if self._desk.queue_depth != self._state.queue_depth:
            self._tell(replace(self._state, queue_depth=self._desk.queue_depth))

    def _on_look(self) -> None:
        if not self._tasks.is_running("node"):
            self._tasks.start(self._look_at_node(), "node")

    async def _look_at_node(self) -> None:
        try:
            lost = await self._environment.node_status() is None
        except IpnftError:
            lost = True
        if lost and self._look.isActive():
            self._look.stop()
            self._tell(replace(self._state, connection=Tone.ERROR, block=None, gas_price_wei=None))
            self.node_lost.emit()

    def _tell(self, state: StatusBarState) -> None:
        self._state = state
        self._window.set_status(state)
