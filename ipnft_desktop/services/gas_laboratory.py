"""The gas laboratory: contracts set side by side on a chain that is thrown away, and what was found."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

from ipnft_desktop.domain.errors import ErrorCode, IpnftError, UserError, ValidationFailed, with_code
from ipnft_desktop.domain.gas_laboratory import (
    Comparison,
    Contract,
    Experiment,
    LaboratoryResult,
    Measurement,
    Recipients,
    RunEnding,
    check_experiment,
    compare,
    in_order,
)
from ipnft_desktop.domain.people import Permission
from ipnft_desktop.domain.sheets import SheetFormat
from ipnft_desktop.program_log import log_event
from ipnft_desktop.services.laboratory_ports import ContractBench, ResultShelf, ScratchChain
from ipnft_desktop.services.laboratory_sheet import TITLES, rows_of
from ipnft_desktop.services.ports import Clock
from ipnft_desktop.services.session import Session
from ipnft_desktop.services.sheet_ports import SheetFiles

log = logging.getLogger("ipnft")


@dataclass(frozen=True, slots=True)
class LaboratoryState:
    """How far the experiment under way is."""

    experiment: Experiment
    done: int
    """Measurements."""
    total: int
    contract: Contract | None = None
    """What is measured now; None while the node starts."""
    size: int | None = None
    """Of the batch; None for what is not a batch: deployment and single mints."""


OnState = Callable[[LaboratoryState | None], None]


class GasLaboratory:
    """One experiment at a time, in a task that outlives the page that asked.

    The register's node, chain and records have no part in it.
    """

    def __init__(
        self,
        chain: ScratchChain,
        shelf: ResultShelf,
        sheets: SheetFiles,
        session: Session,
        clock: Clock,
        cannot_sign_in: Callable[[], bool] = lambda: False,
    ) -> None:
        """`cannot_sign_in` answers whether nobody can, because no register is open: then whoever works at this
        computer may measure and look, for nothing of a register is in it. Only deleting takes a person all the same."""
        self._chain = chain
        self._shelf = shelf
        self._sheets = sheets
        self._session = session
        self._clock = clock
        self._cannot_sign_in = cannot_sign_in
        self._run: asyncio.Task[LaboratoryResult] | None = None
        self._measuring: asyncio.Task[None] | None = None
        """The part of the run that a cancel ends; keeping what was found is not."""
        self._state: LaboratoryState | None = None
        self._listeners: list[OnState] = []

    @property
    def state(self) -> LaboratoryState | None:
        """The experiment under way; None while there is none."""
        return self._state

    @property
    def is_unattended(self) -> bool:
        """Whether nobody is signed in because nobody could be."""
        return self._session.user is None and self._cannot_sign_in()

    def observe(self, hear: OnState) -> Callable[[], None]:
        """Hear every state from now on, None at the end; returns the function that ends it."""
        self._listeners.append(hear)

        def end() -> None:
            if hear in self._listeners:
                self._listeners.remove(hear)

        return end

    async def run(self, experiment: Experiment) -> LaboratoryResult:
        """Measure, and keep what was found; who stops waiting does not end it.

        A result that is not COMPLETE holds what there was when it was cancelled or failed, and in `failure` why.
        Raises ValidationFailed (fields of the experiment), UserError PERMISSION_DENIED, SIGN_IN_REQUIRED or
        LABORATORY_BUSY, and EnvironmentFault DISK_FULL or WORKSPACE_UNUSABLE where the result could not be kept.
        """
        self._require(Permission.MINT)
        if problems := check_experiment(experiment):
            raise ValidationFailed(problems)
        if self._run is not None and not self._run.done():
            raise UserError(ErrorCode.LABORATORY_BUSY)
        now = self._clock.now()
        found = LaboratoryResult(uuid4().hex, in_order(experiment), now, now, RunEnding.COMPLETE, versions="")
        run = _Run(found, self._tell)
        self._measuring = asyncio.create_task(run.measure(self._chain), name="laboratory.measure")
        self._run = asyncio.create_task(self._carry_out(run, self._measuring), name="laboratory.run")
        self._run.add_done_callback(_look_at)
        return await asyncio.shield(self._run)

    async def join(self) -> LaboratoryResult | None:
        """Wait for the experiment under way, for a page that was made anew meanwhile; None where there is none.

        Raises UserError SIGN_IN_REQUIRED, and what `run` raises where the result could not be kept.
        """
        self._require()
        run = self._run
        return None if run is None or run.done() else await asyncio.shield(run)

    async def cancel(self) -> None:
        """End the experiment under way; its node has ended and its result is kept when this returns. Raises UserError
        PERMISSION_DENIED or SIGN_IN_REQUIRED."""
        self._require(Permission.MINT)
        await self._end()

    async def list(self) -> Sequence[LaboratoryResult]:
        """Newest first. Raises UserError SIGN_IN_REQUIRED."""
        self._require()
        return await asyncio.to_thread(self._shelf.list)

    async def read(self, result_id: str) -> LaboratoryResult:
        """Raises UserError SIGN_IN_REQUIRED or LABORATORY_RESULT_UNUSABLE."""
        self._require()
        return await asyncio.to_thread(self._shelf.read, result_id)

    async def compare(self, result_ids: Sequence[str]) -> Comparison:
        """On the same axes, in this order. Raises as `read`."""
        self._require()
        return compare(await asyncio.to_thread(lambda: [self._shelf.read(result_id) for result_id in result_ids]))

    async def delete(self, result_id: str) -> None:
        """For good. Raises UserError PERMISSION_DENIED or SIGN_IN_REQUIRED, EnvironmentFault WORKSPACE_UNUSABLE."""
        self._session.require(Permission.MINT)
        await asyncio.to_thread(self._shelf.delete, result_id)

    async def export(self, result_id: str, target: Path, sheet_format: SheetFormat = SheetFormat.CSV) -> int:
        """Write every measurement with its fee, parts and both savings; returns how many there are.

        The file appears whole or not at all. Raises as `read`, and UserError SHEET_NOT_WRITTEN, EnvironmentFault
        DISK_FULL.
        """
        self._require()
        return await asyncio.to_thread(self._write, result_id, target, sheet_format)

    async def close(self) -> None:
        """End the experiment under way."""
        await self._end()

    def _require(self, permission: Permission | None = None) -> None:
        """Raise unless the person may, or nobody can be asked."""
        if self.is_unattended:
            return
        if permission is None:
            self._session.require_reader()
        else:
            self._session.require(permission)

    async def _end(self) -> None:
        if self._run is None or self._measuring is None:
            return
        if not self._measuring.cancelling():  # a second wish must not interrupt the end of the node
            self._measuring.cancel()
        await asyncio.gather(self._run, return_exceptions=True)

    def _write(self, result_id: str, target: Path, sheet_format: SheetFormat) -> int:
        rows = rows_of(self._shelf.read(result_id))
        with self._sheets.create(target, sheet_format, TITLES) as output:
            for row in rows:
                output.write(row)
        return len(rows)

    async def _carry_out(self, run: _Run, measuring: asyncio.Task[None]) -> LaboratoryResult:
        log_event("laboratory.started", id=run.found.result_id, steps=run.found.experiment.steps)
        ending, error = RunEnding.COMPLETE, None
        try:
            await measuring
        except asyncio.CancelledError:
            ending = RunEnding.CANCELLED  # the wish is fulfilled: what was measured is the answer
        except Exception as problem:
            ending, error = RunEnding.FAILED, with_code(problem)
            log.warning("the laboratory failed", exc_info=problem)
        try:
            return await self._keep(run.found, ending, error)
        finally:
            self._tell(None)

    async def _keep(self, found: LaboratoryResult, ending: RunEnding, error: IpnftError | None) -> LaboratoryResult:
        kept = replace(
            found,
            ending=ending,
            ended_at=self._clock.now(),
            failure=error.code if error else None,
            failure_detail=error.detail if error else "",
        )
        if kept.deployments or kept.measurements:  # nothing measured is nothing to keep
            await asyncio.to_thread(self._shelf.keep, kept)
        log_event("laboratory.ended", id=kept.result_id, ending=ending, measurements=len(kept.measurements))
        return kept

    def _tell(self, state: LaboratoryState | None) -> None:
        self._state = state
        for hear in tuple(self._listeners):
            try:
                hear(state)
            except Exception:
                log.exception("a listener of the laboratory")  # who watches must not spoil what is measured


def _look_at(run: asyncio.Task[LaboratoryResult]) -> None:
    """Nobody may wait for it any more: then the log is the place where its failure is told."""
    if not run.cancelled() and (error := run.exception()) is not None:
        log.warning("a result of the laboratory was not kept: %s", error)


class _Run:
    """One experiment, step by step. The bases come first, so that also what is cut short has its savings."""

    def __init__(self, found: LaboratoryResult, tell: OnState) -> None:
        self.found = found
        self._tell = tell
        self._done = 0

    async def measure(self, chain: ScratchChain) -> None:
        """Raises what the ports raise."""
        experiment = self.found.experiment
        self._tell(LaboratoryState(experiment, 0, experiment.steps))
        self.found = replace(self.found, versions=await chain.check())
        async with chain.opened() as bench:
            for contract in experiment.deployed:
                await self._deploy(bench, contract)
            for size in experiment.sizes:
                for contract in experiment.contracts:
                    self._begin(contract, size)
                    self._add(await bench.mint_batch(contract, experiment.recipients, size))

    async def _deploy(self, bench: ContractBench, contract: Contract) -> None:
        experiment = self.found.experiment
        self._begin(contract)
        deployment = await bench.deploy(contract)
        self.found = replace(self.found, deployments=(*self.found.deployments, deployment))
        self._done += 1
        if contract in experiment.contracts and experiment.recipients is Recipients.EXISTING_HOLDERS:
            await bench.prepare_holders(contract, max(experiment.sizes))
        for recipients in (Recipients.ONE_HOLDER, Recipients.ONE_NEW_HOLDER):
            self._begin(contract)
            self._add(await bench.mint_single(contract, recipients))

    def _begin(self, contract: Contract, size: int | None = None) -> None:
        experiment = self.found.experiment
        self._tell(LaboratoryState(experiment, self._done, experiment.steps, contract, size))

    def _add(self, measurement: Measurement) -> None:
        self.found = replace(self.found, measurements=(*self.found.measurements, measurement))
        self._done += 1
