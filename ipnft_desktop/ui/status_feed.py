"""Keeps the status bar truthful: what it shows comes from the chain and the desk, and is withdrawn when it ends."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from PySide6.QtCore import QObject

from ipnft_desktop.domain.chain import LOCAL_CHAIN_ID, short_hash
from ipnft_desktop.domain.events import BlockArrived, EnvironmentChanged, MintAdvanced, SessionChanged, WritingFrozen
from ipnft_desktop.domain.people import User
from ipnft_desktop.services.environment_state import EnvironmentReady
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.main_window import MainWindow
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.people_words import person_name, role_name
from ipnft_desktop.ui.widgets.status_strip import StatusBarState


class Desk(Protocol):
    """What the bar needs of `services.mint_desk.MintDesk`."""

    @property
    def queue_depth(self) -> int: ...


class Environment(Protocol):
    """What the bar needs of `services.environment.EnvironmentService`."""

    @property
    def ready(self) -> EnvironmentReady | None: ...


class StatusFeed(QObject):
    """Feeds the bar of one window."""

    def __init__(
        self,
        window: MainWindow,
        desk: Desk,
        environment: Environment,
        events: AppEvents,
        user: User | None,
        node_name: str,
        database: str,
    ) -> None:
        """`user` is who is signed in so far; `node_name` and `database` name what the settings chose."""
        super().__init__(window)
        self._node_name = node_name
        self._database = database
        self._content_store = self.tr("local")
        self._window = window
        self._desk = desk
        self._environment = environment
        self._offline = self._state = StatusBarState()
        events.environment_changed.connect(self._on_environment)
        events.block_arrived.connect(self._on_block)
        events.mint_advanced.connect(self._on_mint)
        events.writing_frozen.connect(self._on_frozen)
        events.session_changed.connect(self._on_session)
        self._show_user(user)

    def show_open_alerts(self, count: int) -> None:
        """Tell how many conditions need a look."""
        self._offline = replace(self._offline, open_alerts=count)
        self._tell(replace(self._state, open_alerts=count))

    def show_content_store(self, where: str) -> None:
        """Tell where content is kept; while the store was never open, nothing is told."""
        self._content_store = where
        if self._state.content_store:
            self._tell(replace(self._state, content_store=where))

    def _on_session(self, event: SessionChanged) -> None:
        self._show_user(event.user)

    def _show_user(self, user: User | None) -> None:
        name, role = (person_name(user), role_name(user.role)) if user else ("", self.tr("Not signed in"))
        self._offline = replace(self._offline, user=name, role=role)
        self._tell(replace(self._state, user=name, role=role))

    def _on_environment(self, event: EnvironmentChanged) -> None:
        ready = self._environment.ready
        if event.is_ready and ready is not None:
            self._show_ready(ready)
        elif event.is_frozen:
            return  # `_on_frozen` said so; it stands until everything is ready again.
        elif event.node_lost:
            self._tell(replace(self._state, connection=Tone.ERROR, block=None, gas_price_wei=None))
        else:
            # Register and content can still be read once they were open.
            opened = self._state
            self._tell(replace(self._offline, content_store=opened.content_store, database=opened.database))

    def _show_ready(self, ready: EnvironmentReady) -> None:
        identity = ready.identity
        is_local = identity.chain_id == LOCAL_CHAIN_ID
        self._tell(
            replace(
                self._state,
                badge=self.tr("LOCAL CHAIN") if is_local else self.tr("PUBLIC CHAIN"),
                badge_tone=Tone.WARN if is_local else Tone.ERROR,
                connection=Tone.OK,
                node_name=self._node_name,
                chain_id=identity.chain_id,
                instance=short_hash(identity.instance_id),
                queue_depth=self._desk.queue_depth,
                content_store=self._content_store,
                database=self._database,
            )
        )

    def _on_block(self, event: BlockArrived) -> None:
        self._tell(replace(self._state, block=event.block.number, gas_price_wei=event.gas_price_wei))

    def _on_mint(self, _event: MintAdvanced) -> None:
        if self._desk.queue_depth != self._state.queue_depth:
            self._tell(replace(self._state, queue_depth=self._desk.queue_depth))

    def _on_frozen(self, _event: WritingFrozen) -> None:
        self._tell(replace(self._state, badge=self.tr("WRITING BLOCKED"), badge_tone=Tone.ERROR, connection=Tone.ERROR))

    def _tell(self, state: StatusBarState) -> None:
        self._state = state
        self._window.set_status(state)
