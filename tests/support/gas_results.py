"""Results of the gas laboratory, with figures such as a real experiment finds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from uuid import UUID

from ipnft_desktop.domain.errors import ErrorCode
from ipnft_desktop.domain.gas_breakdown import GasBreakdown, GasPart
from ipnft_desktop.domain.gas_laboratory import (
    Contract,
    Deployment,
    Experiment,
    LaboratoryResult,
    Measurement,
    Recipients,
    RunEnding,
)

T0 = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
_A_CALL: Mapping[Contract, tuple[int, int, int, int]] = {
    Contract.OURS: (29_300, 1_100, 2_600, 1_550),
    Contract.BASELINE_A: (11_100, 980, 2_600, 1_070),
    Contract.ERC721A: (56_700, 1_100, 2_600, 1_680),
}
"""Storage, call data, code and execution of a call; below of each token, where logs come to it."""
_A_TOKEN: Mapping[Contract, tuple[int, int, int, int]] = {
    Contract.OURS: (22_170, 323, 1_875, 284),
    Contract.BASELINE_A: (199_420, 2_448, 2_881, 3_463),
    Contract.ERC721A: (44_200, 323, 1_875, 736),
}


def gas_of(contract: Contract, size: int, *, new: bool = False) -> GasBreakdown:
    """What minting so many at once costs."""
    (call_storage, call_data, code, call_steps), (storage, data, logs, steps) = _A_CALL[contract], _A_TOKEN[contract]
    parts = {
        GasPart.BASE: 21_000,
        GasPart.CALLDATA: call_data + data * size,
        GasPart.STORAGE: call_storage + storage * size + 17_100 * new,
        GasPart.LOGS: logs * size,
        GasPart.CODE: code,
        GasPart.EXECUTION: call_steps + steps * size,
        GasPart.CALLDATA_FLOOR: 0,
        GasPart.REFUND: 0,
    }
    return GasBreakdown(MappingProxyType(parts), 60 + 17 * size, 40 + 18 * size)


def gas_result(
    number: int = 1,
    experiment: Experiment | None = None,
    ending: RunEnding = RunEnding.COMPLETE,
    failure: ErrorCode | None = None,
    *,
    code: str = "0xab",
    measured: int | None = None,
) -> LaboratoryResult:
    """The result of an experiment; `measured` is after how many measurements it ended."""
    experiment = experiment or Experiment()
    new = experiment.recipients.are_new
    singles = [
        Measurement(contract, recipients, 1, gas_of(contract, 1, new=recipients.are_new), is_single=True)
        for contract in experiment.deployed
        for recipients in (Recipients.ONE_HOLDER, Recipients.ONE_NEW_HOLDER)
    ]
    batches = [
        Measurement(contract, experiment.recipients, size, gas_of(contract, size, new=new))
        for size in experiment.sizes
        for contract in experiment.contracts
    ]
    deployments = tuple(
        Deployment(contract, gas_of(contract, 10), 9_000, f"{code}{contract.value}") for contract in experiment.deployed
    )
    begun = T0 + timedelta(hours=number)
    return LaboratoryResult(
        UUID(int=number).hex,
        experiment,
        begun,
        begun + timedelta(seconds=5.8),
        ending,
        "Node 24.19.0, Hardhat 3.18.0",
        deployments,
        (*singles, *batches)[:measured],
        failure,
        "no answer in time" if failure else "",
    )
