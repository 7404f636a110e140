"""A result of the laboratory as the rows of a spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ipnft_desktop.domain.gas_breakdown import GasBreakdown, GasPart
from ipnft_desktop.domain.gas_laboratory import Contract, Deployment, LaboratoryResult, Measurement, Recipients
from ipnft_desktop.domain.gas_savings import floor_gas
from ipnft_desktop.services.sheet_ports import Cell

_WEI_PER_ETH = 10**18

TITLES = (
    *("contract", "call", "recipients", "tokens", "gas", "gas per token"),
    *("gas price in wei", "fee in ETH"),
    *("saving in % of our own single mint", "saving in % of baseline A's single mint", "floor per token"),
    *(f"gas for {part.value.lower().replace('_', ' ')}" for part in GasPart),
    *("zero bytes of call data", "other bytes of call data"),
)


def rows_of(result: LaboratoryResult) -> Sequence[Sequence[Cell]]:
    """Deployments, single mints and batches, each with what its receipt and trace tell. What is not known is empty."""
    return [
        *(_deployment(result, each) for each in result.deployments),
        *(_measurement(result, each) for each in result.measurements),
    ]


def _deployment(result: LaboratoryResult, deployment: Deployment) -> list[Cell]:
    head: list[Cell] = [deployment.contract.value, "deployment", "", "", str(deployment.gas.gas_used), ""]
    return [*head, *_fee(result, deployment.gas), "", "", "", *_parts(deployment.gas)]


def _measurement(result: LaboratoryResult, measured: Measurement) -> list[Cell]:
    saved = result.savings(measured)
    has_floor = measured.contract is Contract.OURS and measured.recipients is Recipients.ONE_HOLDER
    return [
        measured.contract.value,
        "single" if measured.is_single else "batch",
        measured.recipients.value,
        str(measured.size),
        str(measured.gas.gas_used),
        f"{measured.gas_per_token:.1f}",
        *_fee(result, measured.gas),
        f"{saved.own_single_percent:.2f}" if saved else "",
        f"{saved.baseline_single_percent:.2f}" if saved else "",
        f"{floor_gas(measured.size):.1f}" if has_floor and not measured.is_single else "",
        *_parts(measured.gas),
    ]


def _fee(result: LaboratoryResult, gas: GasBreakdown) -> tuple[Cell, Cell]:
    price_wei = result.experiment.gas_price_wei
    return str(price_wei), format(Decimal(gas.gas_used * price_wei) / _WEI_PER_ETH, "f")


def _parts(gas: GasBreakdown) -> tuple[Cell, ...]:
    amounts = (str(gas.parts.get(part, 0)) for part in GasPart)
    return (*amounts, str(gas.zero_bytes), str(gas.non_zero_bytes))
