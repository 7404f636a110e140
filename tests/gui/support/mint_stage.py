"""A mint dialog on a stage: a scripted desk, register and environment, and a clock that stands still."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from PySide6.QtWidgets import QWidget

from ipnft_desktop.domain.assets import Asset
from ipnft_desktop.domain.batch_gathering import GatheredMint, GatheringPolicy
from ipnft_desktop.domain.chain import ChainIdentity, NodeStatus
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, IpnftError, UserError
from ipnft_desktop.domain.minting import (
    AssetState,
    FailureKind,
    MintEstimate,
    MintFailure,
    MintJob,
    MintProgress,
    MintStage,
    TransactionRecord,
)
from ipnft_desktop.domain.phrases import phrase
from ipnft_desktop.services.environment_state import EnvironmentReady, OnStage, StageKey, StageReport, StageStatus
from ipnft_desktop.services.mint_desk import MintRequest, OnProgress
from ipnft_desktop.ui.mint.dialog import MintDialog
from ipnft_desktop.ui.mint.presenter import MintPresenter
from ipnft_desktop.ui.pictures import PictureStore
from tests.gui.support.nft_examples import BUMP, CANCELLATION, T0, a_job, row_of
from tests.gui.support.waiting import settled

IDENTITY = ChainIdentity(31337, "0x5FbD", "0x01", "0x02", 1, "0x03")
READY = EnvironmentReady(3.4, IDENTITY, phrase("SQLite"), phrase("Local blocks"))
NODE = NodeStatus("http://127.0.0.1:18545", 41822, 20, 188_000_000, "3.18.0")
UNREACHABLE = EnvironmentFault(ErrorCode.NODE_UNREACHABLE, "connection refused")
REVERTED = MintFailure(FailureKind.TRANSACTION_FAILED, ErrorCode.TX_REVERTED, "EnforcedPause", True, True)


@dataclass
class ScriptedDesk:
    """Answers as told; `end` settles the job that is being watched."""

    assets: dict[UUID, Asset]
    job: MintJob | None = None
    estimate_fault: IpnftError | None = None
    request_fault: IpnftError | None = None
    retry_fault: IpnftError | None = None
    cancel_fault: IpnftError | None = None
    outcome_fault: IpnftError | None = None
    estimated: list[tuple[MintRequest, ...]] = field(default_factory=list[tuple[MintRequest, ...]])
    requested: list[tuple[MintRequest, ...]] = field(default_factory=list[tuple[MintRequest, ...]])
    retried: list[UUID] = field(default_factory=list[UUID])
    reset_fault: IpnftError | None = None
    cancelled: list[UUID] = field(default_factory=list[UUID])
    sped_up: list[UUID] = field(default_factory=list[UUID])
    allowed: list[int] = field(default_factory=list[int])
    resets: list[tuple[UUID, str]] = field(default_factory=list[tuple[UUID, str]])
    tell: OnProgress | None = None
    recording: asyncio.Event | None = None
    _ended: asyncio.Future[MintJob] | None = None

    async def estimate(self, requests: Sequence[MintRequest]) -> MintEstimate:
        self.estimated.append(tuple(requests))
        if self.estimate_fault:
            raise self.estimate_fault
        gas = 79_126 if len(requests) == 1 else 36_000 * len(requests)
        return MintEstimate(gas, 10**9, gas * 12 * 10**8, 31337, True)

    async def request(self, requests: Sequence[MintRequest]) -> MintJob:
        if self.recording:
            await self.recording.wait()
        if self.request_fault:
            raise self.request_fault
        self.requested.append(tuple(requests))
        self.job = a_job(*(self.assets[request.asset_id] for request in requests), recipient=requests[0].recipient)
        return self.job

    async def outcome(self, job_id: UUID, on_progress: OnProgress | None = None) -> MintJob:
        if self.outcome_fault:
            raise self.outcome_fault
        assert self.job is not None
        assert self.job.job_id == job_id
        self.tell = on_progress
        self._ended = asyncio.get_running_loop().create_future()
        return await self._ended

    def end(self, job: MintJob) -> None:
        assert self._ended is not None
        self.job = job
        self._ended.set_result(job)

    async def retry(self, asset_id: UUID) -> MintJob:
        self.retried.append(asset_id)
        if self.retry_fault:
            raise self.retry_fault
        assert self.job is not None
        if not self.job.is_open:
            self.job = replace(self.job, stage=MintStage.REQUESTED, attempt=self.job.attempt + 1, failure=None)
        return self.job

    async def cancel(self, job_id: UUID) -> MintJob:
        self.cancelled.append(job_id)
        return self._signs(CANCELLATION)

    async def speed_up(self, job_id: UUID) -> MintJob:
        self.sped_up.append(job_id)
        return self._signs(BUMP)

    async def allow_fee(self, job_id: UUID, max_fee_wei: int) -> None:
        self.allowed.append(max_fee_wei)
        if self.cancel_fault:
            raise self.cancel_fault

    async def reset(self, asset_id: UUID, reason: str) -> None:
        if self.reset_fault:
            raise self.reset_fault
        self.resets.append((asset_id, reason))
        self.assets[asset_id] = replace(self.assets[asset_id], state=AssetState.DRAFT)

    def _signs(self, another: TransactionRecord) -> MintJob:
        """Once signed, another transaction takes the same number; before, a cancellation ends the job."""
        if self.cancel_fault:
            raise self.cancel_fault
        assert self.job is not None
        if self.job.transactions:
            self.job = replace(self.job, transactions=(*self.job.transactions, another))
        return self.job

    async def job_of(self, asset_id: UUID) -> MintJob | None:
        return self.job

    async def latest_single_mint_gas(self) -> int | None:
        return 76_324


@dataclass
class ScriptedGatherer:
    """Keeps what waits, and never sends anything."""

    now: Callable[[], datetime]
    policy: GatheringPolicy = field(default_factory=GatheringPolicy)
    mints: list[GatheredMint] = field(default_factory=list[GatheredMint])
    fault: IpnftError | None = None

    async def request(self, asset_ids: Sequence[UUID], recipient: str | None = None) -> None:
        if self.fault:
            raise self.fault
        self.mints += [GatheredMint(asset_id, recipient, self.now(), "Anna") for asset_id in asset_ids]

    async def waiting(self) -> tuple[GatheredMint, ...]:
        return tuple(self.mints)

    async def withdraw(self, asset_ids: Sequence[UUID]) -> int:
        if self.fault:
            raise self.fault
        before = len(self.mints)
        self.mints = [mint for mint in self.mints if mint.asset_id not in asset_ids]
        return before - len(self.mints)


@dataclass
class ScriptedEnvironment:
    """Is ready, or becomes so when started."""

    ready: EnvironmentReady | None = READY
    node: NodeStatus | None = NODE
    fault: IpnftError | None = None
    starts: int = 0

    async def start(self, on_stage: OnStage) -> EnvironmentReady:
        self.starts += 1
        on_stage(StageReport(StageKey.NODE, StageStatus.RUNNING, phrase("Starting Hardhat")))
        if self.fault:
            raise self.fault
        self.ready, self.node = READY, NODE
        return READY

    async def node_status(self) -> NodeStatus | None:
        return self.node


class Register:
    def __init__(self, assets: dict[UUID, Asset]) -> None:
        self.assets = assets

    async def asset(self, asset_id: UUID) -> Asset:
        if asset_id not in self.assets:
            raise UserError(ErrorCode.ASSET_NOT_FOUND, str(asset_id))
        return self.assets[asset_id]


class Clock:
    """Stands still until it is set."""

    def __init__(self) -> None:
        self.moment = T0

    def now(self) -> datetime:
        return self.moment


@dataclass
class Stage:
    """Everything a test plays with."""

    presenter: MintPresenter
    desk: ScriptedDesk
    gatherer: ScriptedGatherer
    environment: ScriptedEnvironment
    assets: dict[UUID, Asset]
    window: QWidget
    clock: Clock

    def put(self, *assets: Asset) -> None:
        self.assets.update((asset.asset_id, asset) for asset in assets)

    def open(self, *assets: Asset) -> MintDialog:
        self.put(*assets)
        dialog = self.presenter.open_for([row_of(asset) for asset in assets], self.window)
        assert dialog is not None
        return dialog

    async def confirmed(self, *assets: Asset) -> MintDialog:
        """A dialog whose estimate has arrived."""
        dialog = self.open(*assets)
        await settled(dialog.confirm.mint_button.isEnabled)
        return dialog

    async def minting(self, *assets: Asset) -> MintDialog:
        """A dialog whose mint is being watched."""
        dialog = await self.confirmed(*assets)
        dialog.confirm.mint_button.click()
        await settled(lambda: self.desk.tell is not None)
        return dialog

    async def ended(self, job: MintJob, dialog: MintDialog) -> None:
        self.desk.end(job)
        await settled(lambda: dialog.face in (dialog.success, dialog.failure))

    def tell(self, job: MintJob, error: IpnftError | None = None) -> None:
        """Record a step and tell it, as the desk does."""
        assert self.desk.tell is not None
        self.desk.job = job
        self.desk.tell(MintProgress.of(job, error))


async def no_picture(cid: str) -> bytes:
    raise UserError(ErrorCode.CONTENT_MISMATCH)


@asynccontextmanager
async def a_stage() -> AsyncIterator[Stage]:
    """A stage that is cleared away afterwards."""
    assets: dict[UUID, Asset] = {}
    desk, environment, pictures = ScriptedDesk(assets), ScriptedEnvironment(), PictureStore(no_picture)
    clock = Clock()
    gatherer = ScriptedGatherer(clock.now)
    presenter = MintPresenter(desk, gatherer, Register(assets), environment, pictures, clock.now)
    window = QWidget()
    yield Stage(presenter, desk, gatherer, environment, assets, window, clock)
    await presenter.close()
    await pictures.close()
    window.deleteLater()
