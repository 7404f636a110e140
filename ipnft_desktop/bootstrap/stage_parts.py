"""Joins the stage: what stands before the node, who does the steps, and the show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ipnft_desktop.paths import DEMO_DATA
from ipnft_desktop.services.environment import EnvironmentService
from ipnft_desktop.services.environment_runner import EnvironmentRunner
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.mint_desk import MintDesk
from ipnft_desktop.services.register import RegisterService
from ipnft_desktop.services.session import Session
from ipnft_desktop.services.stage.cast import CastingDesk
from ipnft_desktop.services.stage.director import Director
from ipnft_desktop.services.stage.faults import StageFaults
from ipnft_desktop.services.stage.hands import Hands
from ipnft_desktop.services.stage.ports import StageConnection, StagedNode, TokenOracle
from ipnft_desktop.services.stage.readings import Readings
from ipnft_desktop.services.stage.report import SceneReports
from ipnft_desktop.services.verification import VerificationService

if TYPE_CHECKING:
    from ipnft_desktop.bootstrap.adapters import Adapters


@dataclass(frozen=True, slots=True)
class StageAdapters:
    """What a stage needs of the outside; only where the node is our own."""

    connection: StageConnection
    node: StagedNode
    oracle: TokenOracle


@dataclass(frozen=True, slots=True)
class Stage:
    """The show and what can befall it."""

    director: Director
    faults: StageFaults
    connection: StageConnection
    reports: SceneReports

    async def close(self) -> None:
        """Give up what runs, undo every fault, and stand before no node any more."""
        await self.director.close()
        await self.connection.close()


def stage_of(
    parts: Adapters,
    session: Session,
    events: EventHub,
    environment: EnvironmentService,
    runner: EnvironmentRunner,
    register: RegisterService,
    desk: MintDesk,
    verification: VerificationService,
) -> Stage | None:
    """None where the chain is kept by others: no show is played on it."""
    if parts.stage is None:
        return None
    faults = StageFaults(parts.stage.connection, parts.stage.node, parts.chain, environment, runner, session)
    casting = CastingDesk(register, DEMO_DATA)
    hands = Hands(register, casting, desk, verification, environment, faults, parts.stage.oracle, events)
    reports = SceneReports(hands, desk, environment, parts.clock)
    return Stage(Director(hands, Readings(hands, desk), faults), faults, parts.stage.connection, reports)
