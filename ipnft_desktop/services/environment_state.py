"""What the environment is doing, in one value that the service keeps: a page built at any moment shows the truth."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from ipnft_desktop.domain.chain import ChainIdentity
from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.domain.phrases import Phrase

log = logging.getLogger("ipnft")


class StageKey(StrEnum):
    """The stages in the order they run."""

    PREFLIGHT = "PREFLIGHT"
    DATABASE = "DATABASE"
    CONTENT = "CONTENT"
    NODE = "NODE"
    IDENTITY = "IDENTITY"
    CONTRACT = "CONTRACT"
    DEMO_DATA = "DEMO_DATA"
    RECOVERY = "RECOVERY"


class StageStatus(StrEnum):
    """How far a stage is."""

    WAITING = "WAITING"
    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class StageReport:
    """News of one stage. `detail` is what it found or is doing; `error` is set when it failed."""

    key: StageKey
    status: StageStatus
    detail: Phrase | None = None
    seconds: float | None = None
    error: IpnftError | None = None


@dataclass(frozen=True, slots=True)
class EnvironmentReady:
    """Everything runs."""

    seconds: float
    identity: ChainIdentity
    database: Phrase
    content_store: Phrase


OnStage = Callable[[StageReport], None]
Tell = Callable[[Phrase], None]
"""A running stage says what it is doing right now."""


class EnvironmentPhase(StrEnum):
    """What the environment as a whole is doing."""

    IDLE = "IDLE"
    STARTING = "STARTING"
    READY = "READY"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    FROZEN = "FROZEN"
    """Reading goes on, writing does not."""
    LOST = "LOST"
    """The node ended although nobody asked it to."""
    CRASHED = "CRASHED"
    """The node was ended without warning, by request."""
    STOPPING = "STOPPING"


@dataclass(frozen=True, slots=True)
class EnvironmentState:
    """The whole at one moment. `error` is why it failed or is frozen, or what was refused, and belongs under
    `error_stage`."""

    phase: EnvironmentPhase = EnvironmentPhase.IDLE
    since: datetime | None = None
    """When the phase began, in UTC; None before the first."""
    reports: Mapping[StageKey, StageReport] = field(
        default_factory=lambda: {key: StageReport(key, StageStatus.WAITING) for key in StageKey}
    )
    """The latest report of every stage, in the order they run."""
    ready: EnvironmentReady | None = None
    error: IpnftError | None = None
    error_stage: StageKey = StageKey.PREFLIGHT


OnState = Callable[[EnvironmentState], None]


class StateKeeper:
    """Keeps the latest state and tells it to whoever observes."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._observers: list[OnState] = []
        self.state = EnvironmentState()

    def observe(self, hear: OnState) -> Callable[[], None]:
        """Hear every state from now on, on the event loop; returns the function that ends it, harmless when called
        again."""
        self._observers.append(hear)

        def end() -> None:
            if hear in self._observers:
                self._observers.remove(hear)

        return end

    def enter(self, phase: EnvironmentPhase, ready: EnvironmentReady | None = None) -> None:
        """Begin a phase; what stood is gone unless `ready` says what stands, an error told before is over."""
        self._keep(replace(self.state, phase=phase, since=self._now(), ready=ready, error=None))

    def fail(self, phase: EnvironmentPhase, stage: StageKey, error: IpnftError) -> None:
        """Begin a phase that has a reason; the stage it belongs to has failed now, whatever it was before."""
        reports = self.state.reports
        if reports[stage].status is not StageStatus.FAILED:
            reports = {**reports, stage: StageReport(stage, StageStatus.FAILED, error=error)}
        self._keep(EnvironmentState(phase, self._now(), reports, None, error, stage))

    def refuse(self, stage: StageKey, error: IpnftError) -> None:
        """Something asked for could not be done; nothing else changed."""
        self._keep(replace(self.state, error=error, error_stage=stage))

    def reset_stages(self) -> None:
        """Every stage is still to come."""
        self._keep(replace(self.state, reports=EnvironmentState().reports))

    def report(self, report: StageReport) -> None:
        """News of one stage."""
        self._keep(replace(self.state, reports={**self.state.reports, report.key: report}))

    def _keep(self, state: EnvironmentState) -> None:
        self.state = state
        for hear in tuple(self._observers):
            try:
                hear(state)
            except Exception:
                log.exception("an observer of the environment")
