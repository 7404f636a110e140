"""`ipnft gas`: the gas laboratory without a window or a profile."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from ipnft_desktop.adapters.spreadsheets.sheet_files import LocalSheetFiles
from ipnft_desktop.bootstrap.laboratory_parts import gas_laboratory
from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.domain.gas_breakdown import GasPart
from ipnft_desktop.domain.gas_laboratory import Contract, Experiment, LaboratoryResult, Recipients, RunEnding
from ipnft_desktop.domain.gas_savings import PUBLISHED_BEST, PUBLISHED_SAVINGS, floor_gas
from ipnft_desktop.services.gas_laboratory import LaboratoryState
from ipnft_desktop.services.session import session_of_the_program

_NAMES = {Contract.OURS: "ours", Contract.BASELINE_A: "A", Contract.ERC721A: "ERC721A"}
_WORDS = {
    Recipients.ONE_HOLDER: "to one existing holder",
    Recipients.ONE_NEW_HOLDER: "to one new holder",
    Recipients.EXISTING_HOLDERS: "to distinct existing holders",
    Recipients.NEW_HOLDERS: "to distinct new holders",
}
_WIDTH = 11


class _Clock:
    def now(self) -> datetime:
        return datetime.now(UTC)


async def gas_command(experiment: Experiment, csv: Path | None) -> int:
    """Measure on a node of its own, print the tables and write the file; returns 1 where it failed, else 0."""
    with tempfile.TemporaryDirectory(prefix="ipnft-gas-") as folder:
        laboratory = gas_laboratory(Path(folder), LocalSheetFiles(), session_of_the_program(), _Clock())
        laboratory.observe(_progress)
        try:
            found = await laboratory.run(experiment)
            if found.ending is RunEnding.COMPLETE:
                print(tables(found))  # noqa: T201 - what it is for
                if csv is not None:
                    await laboratory.export(found.result_id, csv)
                return 0
            print(f"It failed. {found.failure}: {found.failure_detail}", file=sys.stderr)  # noqa: T201
        except IpnftError as error:
            print(error, file=sys.stderr)  # noqa: T201
        finally:
            await laboratory.close()
    return 1


def tables(result: LaboratoryResult) -> str:
    """What was measured, for a person."""
    experiment = result.experiment
    to_whom = _WORDS[experiment.recipients]
    return "\n\n".join(
        [
            _table(f"Gas per token, N tokens at once {to_whom}", _costs(result)),
            _table("What a token of ours saves against single mints, in percent", _savings(result)),
            _table(f"Where the gas of our batch of N {to_whom} went", _parts(result)),
            _notes(result),
        ]
    )


def _costs(result: LaboratoryResult) -> list[list[str]]:
    contracts = result.experiment.contracts
    has_floor = result.experiment.recipients is Recipients.ONE_HOLDER
    singles = (result.single(contract) for contract in contracts)
    rows = [
        ["N", *(_NAMES[contract] for contract in contracts), *(["floor"] * has_floor)],
        ["single", *("" if single is None else f"{single.gas.gas_used:,}" for single in singles)],
    ]
    curves = {contract: {each.size: each for each in result.curve(contract)} for contract in contracts}
    for size in result.experiment.sizes:
        costs = (f"{curves[contract][size].gas_per_token:,.0f}" for contract in contracts)
        rows.append([str(size), *costs, *([f"{floor_gas(size):,.0f}"] * has_floor)])
    return rows


def _savings(result: LaboratoryResult) -> list[list[str]]:
    rows = [["N", "our own", "A's"]]
    for each in result.curve(Contract.OURS):
        saved = result.savings(each)
        if saved is not None:
            rows.append([str(each.size), f"{saved.own_single_percent:.1f}", f"{saved.baseline_single_percent:.1f}"])
    return rows


def _parts(result: LaboratoryResult) -> list[list[str]]:
    curve = result.curve(Contract.OURS)
    shown = [part for part in GasPart if any(each.gas.parts[part] for each in curve)]
    rows = [["N", *(part.value.lower() for part in shown), "sum"]]
    for each in curve:
        amounts = (f"{each.gas.parts[part]:,}" for part in shown)
        rows.append([str(each.size), *amounts, f"{each.gas.gas_used:,}"])
    return rows


def _notes(result: LaboratoryResult) -> str:
    lines: list[str] = []
    if (range_ := result.recommended) is not None:
        lines.append(f"From {range_.first} tokens on one more adds less than half a percent to what ours saves.")
    told = ", ".join(
        f"{each.low_percent:g} to {each.high_percent:g} % for {each.first_size} to {each.last_size}"
        for each in PUBLISHED_SAVINGS
    )
    best = f"{PUBLISHED_BEST.high_percent} % for {PUBLISHED_BEST.first_size}"
    lines.append(f"Published for ERC-20 batches: {told}; best {best}.")
    lines.append("They seem to set single mints to new holders beside batches to existing ones, which shows more.")
    lines.append(f"All gas is from receipts of {result.versions}.")
    return "\n".join(lines)


def _table(title: str, rows: Sequence[Sequence[str]]) -> str:
    return "\n".join([title, *("".join((row[0].ljust(8), *(cell.rjust(_WIDTH) for cell in row[1:]))) for row in rows)])


def _progress(state: LaboratoryState | None) -> None:
    if sys.stderr.isatty():
        told = "" if state is None else f"{state.done} of {state.total}"
        print(f"\r{told:<20}", end="" if state else "\r", file=sys.stderr, flush=True)  # noqa: T201
