"""Shows the environment on its page and hands on what the person wants of it; the figures of the node."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject

from ipnft_desktop.domain.chain import NodeFigures
from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.recent_log import RecentLog
from ipnft_desktop.services.environment_state import (
    EnvironmentPhase,
    EnvironmentState,
    OnState,
    StageKey,
    StageReport,
    StageStatus,
)
from ipnft_desktop.ui.environment.log_feed import LogFeed
from ipnft_desktop.ui.environment.view import CHAIN_IS_LOST, EnvironmentView, RunState
from ipnft_desktop.ui.tasks import PageTasks
from ipnft_desktop.ui.widgets.error_words import error_sentence
from ipnft_desktop.ui.widgets.measures import local_time, seconds_text
from ipnft_desktop.ui.widgets.phrases import say
from ipnft_desktop.ui.widgets.stage_list import StageItem, StageState

log = logging.getLogger("ipnft")

_NODE = "node figures"
_STATES = {
    StageStatus.WAITING: StageState.WAITING,
    StageStatus.RUNNING: StageState.RUNNING,
    StageStatus.DONE: StageState.DONE,
    StageStatus.FAILED: StageState.FAILED,
}


_RUN_STATES = {
    EnvironmentPhase.IDLE: RunState.IDLE,
    EnvironmentPhase.STARTING: RunState.STARTING,
    EnvironmentPhase.READY: RunState.READY,
    EnvironmentPhase.FAILED: RunState.FAILED,
    EnvironmentPhase.CANCELLED: RunState.IDLE,
    EnvironmentPhase.FROZEN: RunState.FROZEN,
    EnvironmentPhase.LOST: RunState.FAILED,
    EnvironmentPhase.CRASHED: RunState.IDLE,
    EnvironmentPhase.STOPPING: RunState.STOPPING,
}


class EnvironmentControl(Protocol):
    """What the page needs of `services.environment_runner.EnvironmentRunner`."""

    @property
    def state(self) -> EnvironmentState: ...
    def observe(self, hear: OnState) -> Callable[[], None]: ...
    def begin_start(self) -> None: ...
    def begin_new_chain(self) -> None: ...
    def begin_stop(self) -> None: ...
    def begin_restart(self) -> None: ...
    def begin_crash(self) -> None: ...
    def cancel(self) -> None: ...
    async def node_figures(self) -> NodeFigures | None: ...


class EnvironmentPresenter(QObject):
    """Drives one Environment page. What it shows is the runner's state, whoever brought it about and whenever."""

    def __init__(
        self,
        view: EnvironmentView,
        runner: EnvironmentControl,
        recent_log: RecentLog,
        *,
        autostart: bool,
        on_autostart: Callable[[bool], object],
    ) -> None:
        super().__init__(view)
        self._view = view
        self._runner = runner
        self._tasks = PageTasks(self._on_unexpected)
        LogFeed(view.log_card, recent_log)
        self._titles = self._stage_titles()
        self._shown: EnvironmentState | None = None
        view.set_autostart(autostart)
        view.autostart_changed.connect(on_autostart)
        view.start_requested.connect(self.start)
        view.cancel_requested.connect(runner.cancel)
        view.restart_requested.connect(runner.begin_restart)
        view.stop_requested.connect(runner.begin_stop)
        view.crash_requested.connect(runner.begin_crash)
        view.new_chain_requested.connect(runner.begin_new_chain)
        view.node_wanted.connect(self._on_node_wanted)
        self._end_observing = runner.observe(self._show)
        self._show(runner.state)

    def start(self) -> None:
        """Start everything; does nothing while a start or stop is under way."""
        self._runner.begin_start()

    async def close(self) -> None:
        """Look no longer. What is under way goes on, and is ended by whoever built the environment."""
        self._end_observing()
        await self._tasks.close()

    def _show(self, state: EnvironmentState) -> None:
        shown, self._shown = self._shown, state
        if shown is None:
            self._view.set_stages(tuple(map(self._item, state.reports.values())))
        else:
            for key, report in state.reports.items():
                if report is not shown.reports[key]:
                    self._view.set_stage(self._item(report))
                    self._view.show_stage_progress(key, _percent(report))
        if shown is None or (state.phase, state.since) != (shown.phase, shown.since):
            self._show_phase(state)
            self._on_node_wanted()
        if shown is None or state.error is not shown.error:
            self._show_error(state)

    def _show_error(self, state: EnvironmentState) -> None:
        if state.error is None:
            self._view.clear_error()
        else:
            self._view.show_error(state.error_stage, state.error)

    def _show_phase(self, state: EnvironmentState) -> None:
        self._view.set_run_state(_RUN_STATES[state.phase], *self._words(state))

    def _words(self, state: EnvironmentState) -> tuple[str, str]:
        """Headline and what stands below it."""
        restores = self.tr("Start everything restores the chain from its journal.")
        match state.phase:
            case EnvironmentPhase.IDLE:
                return (
                    self.tr("Nothing is running"),
                    self.tr("One click starts node, database, content store, contract and demonstration data."),
                )
            case EnvironmentPhase.STARTING:
                return self.tr("Starting…"), self.tr("Each stage is checked; what still stands is kept.")
            case EnvironmentPhase.READY:
                return self.tr("Environment ready"), self._ready_words(state)
            case EnvironmentPhase.FAILED:
                title, _ = self._titles[state.error_stage]
                return (
                    self.tr("{0} did not succeed").format(title),
                    self.tr("What to do stands under the stage; the stages before it are kept."),
                )
            case EnvironmentPhase.CANCELLED:
                return self.tr("Start cancelled"), self.tr("Nothing is half done: starting again is safe.")
            case EnvironmentPhase.FROZEN:
                return self._frozen_words(state)
            case EnvironmentPhase.LOST:
                return self.tr("The node has ended by itself"), restores
            case EnvironmentPhase.CRASHED:
                return self.tr("The node was ended without warning"), restores
            case EnvironmentPhase.STOPPING:
                return self.tr("Stopping…"), ""

    def _ready_words(self, state: EnvironmentState) -> str:
        assert state.ready is not None
        assert state.since is not None
        return self.tr("Took {0} · started {1}").format(seconds_text(state.ready.seconds, 1), local_time(state.since))

    def _frozen_words(self, state: EnvironmentState) -> tuple[str, str]:
        assert state.error is not None
        return (
            self.tr("Writing is frozen: {0}").format(error_sentence(state.error)),
            self.tr("Reading goes on. Restore replays the recorded blocks; a new chain begins empty.")
            if state.error.code in CHAIN_IS_LOST
            else self.tr("Reading goes on. What to do stands under the stage."),
        )

    def _on_node_wanted(self) -> None:
        if not self._tasks.is_running(_NODE):
            self._tasks.start(self._refresh_node(), _NODE)

    async def _refresh_node(self) -> None:
        try:
            self._view.show_node(await self._runner.node_figures())
        except IpnftError:
            self._view.show_node(None)

    def _on_unexpected(self, error: Exception) -> None:
        log.error("node figures", exc_info=error)

    def _item(self, report: StageReport) -> StageItem:
        title, hint = self._titles[report.key]
        detail = say(report.detail) if report.detail is not None else hint
        duration = seconds_text(report.seconds) if report.seconds is not None else ""
        return StageItem(report.key, title, detail, _STATES[report.status], duration)

    def _stage_titles(self) -> dict[StageKey, tuple[str, str]]:
        """Title of each stage, and what it will do while it has nothing to tell yet."""
        return {
            StageKey.PREFLIGHT: (self.tr("Preflight"), self.tr("Node, Hardhat, disk space and port")),
            StageKey.DATABASE: (self.tr("Database"), self.tr("Open, check and bring up to date")),
            StageKey.CONTENT: (self.tr("Content store"), self.tr("Blocks of metadata, images and attachments")),
            StageKey.NODE: (self.tr("Chain node"), self.tr("A local Ethereum chain on this computer")),
            StageKey.IDENTITY: (self.tr("Identity"), self.tr("Is this the chain the register knows?")),
            StageKey.CONTRACT: (self.tr("Contract"), self.tr("The NFT contract, deployed and verified")),
            StageKey.DEMO_DATA: (self.tr("Demonstration data"), self.tr("Real assets to look at and to mint")),
            StageKey.RECOVERY: (self.tr("Recovery"), self.tr("Brings every unfinished mint to its end")),
        }


def _percent(report: StageReport) -> int | None:
    """How far a running stage is that counts its steps, from the figures of its phrase; else None."""
    if report.status is not StageStatus.RUNNING or report.detail is None:
        return None
    done, total = report.detail.values.get("done"), report.detail.values.get("total")
    return 100 * done // total if isinstance(done, int) and isinstance(total, int) and total else None
