"""`ipnft gas`: the gas laboratory without a window or a profile."""

from __future__ import annotations

import asyncio
import logging
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
from ipnft_desktop.services.gas_laboratory import GasLaboratory, LaboratoryState
from ipnft_desktop.services.session import session_of_the_program

_NAMES = {Contract.OURS: "ours", Contract.BASELINE_A: "A", Contract.ERC721A: "ERC721A"}
_WORDS = {
    Recipients.ONE_HOLDER: "to one existing holder",
    Recipients.ONE_NEW_HOLDER: "to one new holder",
    Recipients.EXISTING_HOLDERS: "to distinct existing holders",
    Recipients.NEW_HOLDERS: "to distinct new holders",
}
_WIDTH = 11
INTERRUPTED = 130
"""The exit code of what a person ended with Ctrl+C, as shells have it: 128 and the number of the signal."""


class _Clock:
    def now(self) -> datetime:
        return datetime.now(UTC)


async def gas_command(experiment: Experiment, csv: Path | None) -> int:
    """Measure on a node of its own, print the tables and write the file, also of what was measured when it failed or
    was interrupted. Returns the exit code: 0, 1 where it failed, INTERRUPTED after Ctrl+C."""
    logging.getLogger("ipnft").addHandler(logging.NullHandler())  # what fails is told below, without a traceback
    with tempfile.TemporaryDirectory(prefix="ipnft-gas-") as folder:
        laboratory = gas_laboratory(Path(folder), LocalSheetFiles(), session_of_the_program(), _Clock())
        laboratory.observe(_progress)
        try:
            found, is_interrupted = await _measured(laboratory, experiment)
            if found.measurements:
                print(tables(found))  # noqa: T201 - what it is for
                if csv is not None:
                    await laboratory.export(found.result_id, csv)
            if is_interrupted:
                print(_interrupted(found), file=sys.stderr)  # noqa: T201
                return INTERRUPTED
            if found.ending is RunEnding.COMPLETE:
                return 0
            print(f"It failed. {found.failure}: {found.failure_detail}", file=sys.stderr)  # noqa: T201
        except IpnftError as error:
            print(error, file=sys.stderr)  # noqa: T201
        finally:
            await laboratory.close()
    return 1


async def _measured(laboratory: GasLaboratory, experiment: Experiment) -> tuple[LaboratoryResult, bool]:
    """What was found, and whether it was ended by Ctrl+C, which asyncio hands on as a cancel of this task."""
    running = asyncio.ensure_future(laboratory.run(experiment))
    try:
        return await asyncio.shield(running), False
    except asyncio.CancelledError:
        this = asyncio.current_task()
        if this is not None:
            this.uncancel()
        await laboratory.cancel()
        return await running, True


def _interrupted(found: LaboratoryResult) -> str:
    done = len(found.deployments) + len(found.measurements)
    return f"Interrupted after {done} of {found.experiment.steps} steps."


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
    measured = {size for curve in curves.values() for size in curve}
    for size in sorted(measured):
        found = (curves[contract].get(size) for contract in contracts)
        costs = ("" if each is None else f"{each.gas_per_token:,.0f}" for each in found)
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
