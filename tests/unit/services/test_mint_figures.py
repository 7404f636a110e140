"""The figures of the register as a person meets them: after real mints, and as a file."""

from __future__ import annotations

import csv
from datetime import timedelta
from pathlib import Path

from ipnft_desktop.domain.batch_runs import BatchStrategy, Congestion
from ipnft_desktop.domain.mint_figures import MAX_STEPS, MintFigures
from ipnft_desktop.domain.mint_gas import BASELINE_SINGLE_GAS
from ipnft_desktop.domain.sheets import SheetFormat
from ipnft_desktop.services.long_work import LongWork
from ipnft_desktop.services.run_export import TITLES
from tests.support.core_factory import MemoryCore, request


async def test_figures_of_a_register_with_a_single_mint_and_a_batch(memory: MemoryCore, tmp_path: Path) -> None:
    core = memory.core
    nothing = await core.figures.dashboard()
    assert nothing.day == nothing.all_time == MintFigures()
    assert (await core.figures.series()).queue == ()

    (alone,) = await memory.add_assets()
    single = await core.desk.mint([request(alone)])
    together = await memory.add_assets(3)
    plan = await core.planner.plan([asset.asset_id for asset in together])
    run = await core.runs.outcome((await core.runs.commit(plan, BatchStrategy.AUTOMATIC, Congestion.LOW)).run_id)
    assert single.mined is not None

    found = await core.figures.dashboard()
    assert found.day == found.all_time
    figures = found.all_time
    assert (figures.tokens, figures.batches, figures.average_batch_size, figures.transactions) == (4, 1, 3.0, 2)
    assert figures.fee_wei == single.mined.fee_wei + run.fee_wei
    assert figures.saved_gas == run.saved_gas == 3 * single.mined.gas_used - run.gas_used
    assert figures.saved_percent == run.saved_percent
    assert figures.baseline_saved_gas == 3 * BASELINE_SINGLE_GAS - run.gas_used

    series = await core.figures.series()
    assert sum(step.transactions for step in series.gas) == 2
    day = await core.figures.series(core.adapters.clock.now() - timedelta(days=1))
    assert (day.step_s, day.gas_step_s) == (1, 1), "before the first mint there is nothing to divide"
    assert len(day.queue) < 60
    assert sum(step.minted for step in series.ended) == 2
    assert 0 < len(series.queue) <= MAX_STEPS
    assert series.queue[-1].open_mints <= 1
    later = await core.figures.series(core.adapters.clock.now() + timedelta(hours=1))
    assert (later.gas, later.ended) == ((), ())

    target = tmp_path / "runs.csv"
    assert await core.run_exports.export(SheetFormat.CSV, target, LongWork(lambda _share: None)) == 1
    titles, row = csv.reader(target.read_text("utf-8-sig").splitlines())
    told = dict(zip(titles, row, strict=True))
    assert tuple(titles) == TITLES
    assert (told["strategy"], told["congestion"], told["assets"], told["minted"]) == ("AUTOMATIC", "LOW", "3", "3")
    assert (told["gas_used"], told["saved_gas"]) == (str(run.gas_used), str(run.saved_gas))
    assert told["gas_singly"] == str(3 * single.mined.gas_used)
