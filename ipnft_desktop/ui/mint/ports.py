"""What the mint dialog needs of the services."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from ipnft_desktop.domain.assets import Asset
from ipnft_desktop.domain.batch_gathering import GatheredMint, GatheringPolicy
from ipnft_desktop.domain.chain import NodeStatus
from ipnft_desktop.domain.minting import MintEstimate, MintJob
from ipnft_desktop.services.environment_state import EnvironmentReady, OnStage
from ipnft_desktop.services.mint_desk import MintRequest, OnProgress
from ipnft_desktop.ui.pictures import PictureStore
from ipnft_desktop.ui.widgets.address_words import LabelOf


class Desk(Protocol):
    """What the dialog needs of `services.mint_desk.MintDesk`."""

    async def estimate(self, requests: Sequence[MintRequest]) -> MintEstimate: ...
    async def request(self, requests: Sequence[MintRequest]) -> MintJob: ...
    async def outcome(self, job_id: UUID, on_progress: OnProgress | None = None) -> MintJob: ...
    async def retry(self, asset_id: UUID) -> MintJob: ...
    async def cancel(self, job_id: UUID) -> MintJob: ...
    async def speed_up(self, job_id: UUID) -> MintJob: ...
    async def allow_fee(self, job_id: UUID, max_fee_wei: int) -> object: ...
    async def reset(self, asset_id: UUID, reason: str) -> object: ...
    async def job_of(self, asset_id: UUID) -> MintJob | None: ...
    async def latest_single_mint_gas(self) -> int | None: ...


class Gatherer(Protocol):
    """What the dialog needs of `services.automatic_batches.AutomaticBatches`."""

    @property
    def policy(self) -> GatheringPolicy: ...
    async def request(self, asset_ids: Sequence[UUID], recipient: str | None = None) -> object: ...
    async def waiting(self) -> tuple[GatheredMint, ...]: ...
    async def withdraw(self, asset_ids: Sequence[UUID]) -> int: ...


class Assets(Protocol):
    """What the dialog needs of `services.register.RegisterService`."""

    async def asset(self, asset_id: UUID) -> Asset: ...


class Environment(Protocol):
    """What the dialog needs of `services.environment.EnvironmentService`."""

    @property
    def ready(self) -> EnvironmentReady | None: ...
    async def start(self, on_stage: OnStage) -> EnvironmentReady: ...
    async def node_status(self) -> NodeStatus | None: ...


@dataclass(frozen=True, slots=True)
class MintServices:
    """What every dialog works with."""

    desk: Desk
    gatherer: Gatherer
    register: Assets
    environment: Environment
    pictures: PictureStore
    now: Callable[[], datetime]
    label_of: LabelOf
