"""Joins the stage: what stands before the node, who does the steps, and the show."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ipnft_desktop.paths import DEMO_DATA
from ipnft_desktop.services.checkpoints import Checkpoints
from ipnft_desktop.services.doctor.doctor import Doctor
from ipnft_desktop.services.environment import EnvironmentService
from ipnft_desktop.services.environment_runner import EnvironmentRunner
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.mint_desk import MintDesk
from ipnft_desktop.services.people import PeopleService
from ipnft_desktop.services.register import RegisterService
from ipnft_desktop.services.session import Session
from ipnft_desktop.services.stage.cast import CastingDesk
from ipnft_desktop.services.stage.director import Director
from ipnft_desktop.services.stage.faults import StageFaults
from ipnft_desktop.services.stage.hands import Hands
from ipnft_desktop.services.stage.ports import StageConnection, StagedNode, TokenOracle
from ipnft_desktop.services.stage.readiness import StageReadiness
from ipnft_desktop.services.stage.readings import Readings
from ipnft_desktop.services.stage.rehearsal import Rehearsal
from ipnft_desktop.services.stage.report import SceneReports
from ipnft_desktop.services.stage.standby import StandBy
from ipnft_desktop.services.stage.way_back import StageCheckpoints, WayBack
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
    rehearsal: Rehearsal
    standby: StandBy
    checkpoints: StageCheckpoints
    readiness: StageReadiness
    reports: SceneReports

    async def close(self) -> None:
        """Give up what runs, undo every fault, and stand before no node any more."""
        await self.rehearsal.close()
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
    checkpoints: Checkpoints,
    people: PeopleService,
    doctor: Doctor,
    workspace: Path,
) -> Stage | None:
    """None where the chain is kept by others: no show is played on it. `workspace` is the folder of the open one."""
    from ipnft_desktop.adapters.machine.computer import LocalComputer
    from ipnft_desktop.adapters.workspaces.stage_folder import StageFolder

    if parts.stage is None:
        return None
    faults = StageFaults(parts.stage.connection, parts.stage.node, parts.chain, environment, runner, session)
    casting = CastingDesk(register, DEMO_DATA)
    hands = Hands(register, casting, desk, verification, environment, faults, parts.stage.oracle, events)
    readings = Readings(hands, desk)
    director = Director(hands, readings, faults)
    store = StageFolder(workspace)
    way_back = WayBack(checkpoints, people, faults, runner)
    standby = StandBy(director, checkpoints, way_back, store)
    played = Director(hands, readings, faults)  # the show on stage stays where it stood
    return Stage(
        director,
        faults,
        parts.stage.connection,
        Rehearsal(played, hands, checkpoints, way_back, environment, store, parts.clock),
        standby,
        StageCheckpoints(checkpoints, way_back, director),
        StageReadiness(doctor, LocalComputer(), environment, register, store),
        SceneReports(hands, desk, environment, parts.clock),
    )
