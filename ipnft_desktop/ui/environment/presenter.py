"""Runs the environment for its page: start, cancel, stop, restart, and the figures of the node."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import Protocol

from PySide6.QtCore import QObject

from ipnft_desktop.domain.chain import NodeStatus
from ipnft_desktop.domain.errors import Defect, IpnftError
from ipnft_desktop.domain.events import EnvironmentChanged, WritingFrozen
from ipnft_desktop.services.environment import EnvironmentReady, OnStage, StageKey, StageReport, StageStatus
from ipnft_desktop.ui.environment.view import CHAIN_IS_LOST, EnvironmentView, RunState
from ipnft_desktop.ui.tasks import PageTasks
from ipnft_desktop.ui.widgets.phrases import say
from ipnft_desktop.ui.widgets.stage_list import StageItem, StageState

_RUN = "environment"
_CANCEL = "environment cancel"
_NODE = "node figures"
_STATES = {
    StageStatus.WAITING: StageState.WAITING,
    StageStatus.RUNNING: StageState.RUNNING,
    StageStatus.DONE: StageState.DONE,
    StageStatus.FAILED: StageState.FAILED,
}


class EnvironmentControl(Protocol):
    """What the page needs of `services.environment.EnvironmentService`."""

    @property
    def ready(self) -> EnvironmentReady | None: ...
    async def start(self, on_stage: OnStage) -> EnvironmentReady: ...
    async def start_new_chain(self, on_stage: OnStage) -> EnvironmentReady: ...
    async def stop(self) -> None: ...
    async def crash_node(self) -> None: ...
    async def node_status(self) -> NodeStatus | None: ...


class EnvironmentPresenter(QObject):
    """Drives one Environment page."""

    def __init__(
        self,
        view: EnvironmentView,
        service: EnvironmentControl,
        *,
        autostart: bool,
        on_autostart: Callable[[bool], object],
    ) -> None:
        super().__init__(view)
        self._view = view
        self._service = service
        self._tasks = PageTasks(self._on_unexpected)
        self._stage = StageKey.PREFLIGHT
        self._frozen: IpnftError | None = None
        self._titles = self._stage_titles()
        view.set_autostart(autostart)
        view.autostart_changed.connect(on_autostart)
        view.start_requested.connect(self.start)
        view.cancel_requested.connect(self._on_cancel)
        view.restart_requested.connect(self._on_restart)
        view.stop_requested.connect(self._on_stop)
        view.crash_requested.connect(self._on_crash)
        view.new_chain_requested.connect(self._on_new_chain)
        view.node_wanted.connect(self._on_node_wanted)
        self._show_idle()

    def start(self) -> None:
        """Start everything; does nothing while a start or stop is under way."""
        self._run(partial(self._start, self._service.start))

    def follow(self, event: EnvironmentChanged) -> None:
        """Show what changed from elsewhere: a start asked for in a dialog, a node that ended by itself."""
        if self._tasks.is_running(_RUN) or self._tasks.is_running(_CANCEL):
            return
        ready = self._service.ready
        if event.is_ready and ready is not None:
            self._frozen = None
            self._view.clear_error()
            for key in StageKey:
                self._view.set_stage(self._item(StageReport(key, StageStatus.DONE)))
            self._show_ready(ready)
        elif event.node_lost:
            self._view.set_run_state(
                RunState.IDLE,
                self.tr("The node has ended by itself"),
                self.tr("Start everything restores the chain from its journal."),
            )
        self._on_node_wanted()

    def freeze(self, event: WritingFrozen) -> None:
        """Say that nothing may be sent any more, and the ways out; a start under way says it when it has ended."""
        self._frozen = event.error
        if not self._tasks.is_running(_RUN):
            self._show_frozen(event.error)

    def log(self, line: str) -> None:
        """Show a log line with the local time; call on the event loop's thread."""
        self._view.append_log(f"{datetime.now().astimezone():%H:%M:%S} {line}")

    async def close(self) -> None:
        """Cancel what is under way. The environment itself is closed by whoever built it."""
        await self._tasks.close()

    def _run(self, work: Callable[[], Awaitable[None]]) -> None:
        if not (self._tasks.is_running(_RUN) or self._tasks.is_running(_CANCEL)):
            self._tasks.start(self._guarded(work), _RUN)

    async def _guarded(self, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except IpnftError as error:
            self._show_failure(error)
        await self._refresh_node()

    async def _start(self, start: Callable[[OnStage], Awaitable[EnvironmentReady]]) -> None:
        self._frozen = None
        self._view.clear_error()
        self._view.set_run_state(
            RunState.STARTING, self.tr("Starting…"), self.tr("Each stage is checked; what still stands is kept.")
        )
        ready = await start(self._on_stage)
        if self._frozen is None:
            self._show_ready(ready)
        else:
            self._show_frozen(self._frozen)

    def _show_frozen(self, error: IpnftError) -> None:
        self._stage = StageKey.IDENTITY
        self._view.set_stage(self._item(StageReport(self._stage, StageStatus.FAILED)))
        self._view.show_error(self._stage, error)
        self._view.set_run_state(
            RunState.FROZEN,
            self.tr("Writing is frozen: {0}").format(error.entry.message_en),
            self.tr("Reading goes on. Restore replays the recorded blocks; a new chain begins empty.")
            if error.code in CHAIN_IS_LOST
            else self.tr("Reading goes on. What to do stands under the stage."),
        )

    def _show_ready(self, ready: EnvironmentReady) -> None:
        at = f"{datetime.now().astimezone():%Y-%m-%d %H:%M}"
        self._view.set_run_state(
            RunState.READY,
            self.tr("Environment ready"),
            self.tr("Took {0} s · started {1}").format(f"{ready.seconds:.1f}", at),
        )

    async def _stop(self) -> None:
        self._stage = StageKey.NODE  # the stage a failure to stop belongs under
        self._view.clear_error()
        self._view.set_run_state(RunState.STOPPING, self.tr("Stopping…"), "")
        await self._service.stop()
        self._show_idle()

    async def _restart(self) -> None:
        await self._stop()
        await self._start(self._service.start)

    async def _cancel(self) -> None:
        await self._tasks.cancel(_RUN)
        await self._stop()
        self._view.set_run_state(
            RunState.IDLE, self.tr("Start cancelled"), self.tr("Nothing is half done: starting again is safe.")
        )

    async def _crash(self) -> None:
        self._stage = StageKey.NODE
        await self._service.crash_node()
        self._view.set_run_state(
            RunState.IDLE,
            self.tr("The node was ended without warning"),
            self.tr("Start everything restores the chain from its journal."),
        )

    async def _refresh_node(self) -> None:
        try:
            self._view.show_node(await self._service.node_status())
        except IpnftError:
            self._view.show_node(None)

    def _on_stage(self, report: StageReport) -> None:
        self._stage = report.key
        self._view.set_stage(self._item(report))
        self._view.show_stage_progress(report.key, _percent(report))
        if report.error is not None:
            self._view.show_error(report.key, report.error)

    def _show_failure(self, error: IpnftError) -> None:
        self._view.show_error(self._stage, error)
        title, _ = self._titles[self._stage]
        self._view.set_run_state(
            RunState.FAILED,
            self.tr("{0} did not succeed").format(title),
            self.tr("What to do stands under the stage; the stages before it are kept."),
        )

    def _show_idle(self) -> None:
        self._view.set_stages(tuple(self._item(StageReport(key, StageStatus.WAITING)) for key in StageKey))
        self._view.set_run_state(
            RunState.IDLE,
            self.tr("Nothing is running"),
            self.tr("One click starts node, database, content store, contract and demonstration data."),
        )

    def _on_cancel(self) -> None:
        if not self._tasks.is_running(_CANCEL):
            self._tasks.start(self._guarded(self._cancel), _CANCEL)

    def _on_restart(self) -> None:
        self._run(self._restart)

    def _on_stop(self) -> None:
        self._run(self._stop)

    def _on_new_chain(self) -> None:
        self._run(partial(self._start, self._service.start_new_chain))

    def _on_crash(self) -> None:
        self._run(self._crash)

    def _on_node_wanted(self) -> None:
        if not self._tasks.is_running(_NODE):
            self._tasks.start(self._refresh_node(), _NODE)

    def _on_unexpected(self, error: Exception) -> None:
        self._show_failure(error if isinstance(error, IpnftError) else Defect(f"{type(error).__name__}: {error}"))

    def _item(self, report: StageReport) -> StageItem:
        title, hint = self._titles[report.key]
        detail = say(report.detail) if report.detail is not None else hint
        duration = f"{report.seconds:.2f} s" if report.seconds is not None else ""
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
    done, total = report.detail.values.get("done", ""), report.detail.values.get("total", "")
    return 100 * int(done) // int(total) if done.isdecimal() and total.isdecimal() and int(total) else None
