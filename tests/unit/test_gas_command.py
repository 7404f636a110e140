"""`ipnft gas` that is interrupted: it ends with the exit code of that, and what was measured is printed and written."""

from __future__ import annotations

import asyncio
import csv
import signal
from pathlib import Path

import pytest

from ipnft_desktop.adapters.laboratory.result_files import ResultFiles
from ipnft_desktop.bootstrap import gas_command as command
from ipnft_desktop.domain.gas_laboratory import Contract, Experiment, Measurement, Recipients
from ipnft_desktop.services.gas_laboratory import GasLaboratory
from tests.support.scripted_laboratory import ScriptedChain

EXPERIMENT = Experiment((Contract.OURS,), (1, 5, 10))


class Interrupted(ScriptedChain):
    """Somebody presses Ctrl+C in the middle of a batch."""

    async def mint_batch(self, contract: Contract, recipients: Recipients, size: int) -> Measurement:
        if size == self.stop_at:
            signal.raise_signal(signal.SIGINT)
        return await super().mint_batch(contract, recipients, size)


@pytest.mark.parametrize(("stop_at", "rows"), [(10, 8), (1, 6)])
def test_ctrl_c_ends_it_cleanly_and_keeps_what_was_measured(
    stop_at: int, rows: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    chain = Interrupted()
    chain.stop_at = stop_at
    monkeypatch.setattr(
        command,
        "gas_laboratory",
        lambda folder, *parts: GasLaboratory(chain, ResultFiles(folder), *parts),
    )
    target = tmp_path / "out.csv"
    assert asyncio.run(command.gas_command(EXPERIMENT, target)) == command.INTERRUPTED == 130
    told = capsys.readouterr()
    assert "Interrupted after" in told.err
    assert "Traceback" not in told.err + told.out
    assert "Gas per token" in told.out
    assert f"\n{stop_at} " not in told.out
    assert chain.running == 0
    with target.open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.reader(file))) == 1 + rows, "the title, two deployments, four single mints, the batches"
