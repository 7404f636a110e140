"""Figures, steps over time and runs, as a register with some batches has them."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any
from uuid import UUID

from ipnft_desktop.domain.batch_runs import Batch, BatchRun, BatchStrategy, Congestion
from ipnft_desktop.domain.mint_figures import Dashboard, EndedStep, GasStep, MintFigures, MintSeries, QueueStep
from ipnft_desktop.domain.minting import MintStage
from tests.support.samples import NOW

STEP_S = 300
ALL_TIME = MintFigures(
    tokens=1_284,
    transactions=96,
    fee_wei=61_234_567_890_123_456,
    batches=42,
    batch_tokens=1_230,
    batch_gas=33_456_789,
    based_tokens=1_205,
    based_gas=32_700_000,
    based_singly_gas=98_700_345,
)
DASHBOARD = Dashboard(MintFigures(tokens=31, transactions=2, fee_wei=1_200_000_000_000_000), ALL_TIME)


def mint_series() -> MintSeries:
    """A few hours: waves of batches, some failures."""
    steps = [NOW + timedelta(seconds=STEP_S * number) for number in range(72)]
    busy = [at for number, at in enumerate(steps) if number % 9 in (2, 3, 4, 7)]
    gas = tuple(
        GasStep(
            at,
            transactions=1 + number % 3,
            gas_used=(1 + number % 3) * (82_000 + 40_000 * (number % 5) ** 2),
            fee_wei=(1 + number % 3) * (82_000 + 40_000 * (number % 5) ** 2) * (10**9 + number * 2 * 10**7),
            tokens=(1 + number % 3) * (1 + 2 * (number % 5) ** 2),
            token_gas=(1 + number % 3) * (82_000 + 40_000 * (number % 5) ** 2),
        )
        for number, at in enumerate(busy)
    )
    ended = tuple(EndedStep(at, 2 + number % 6, int(number % 11 == 3)) for number, at in enumerate(busy))
    queue = tuple(QueueStep(at, round(6 + 6 * math.sin(number / 5))) for number, at in enumerate(steps))
    return MintSeries(STEP_S, STEP_S, gas, ended, queue)


def batch_run(number: int, **changes: Any) -> BatchRun:
    """A run of one transaction with ten assets and more, minted."""
    size = 10 + number % 3 * 10
    batch = Batch(
        job_id=UUID(int=1_000 + number),
        position=0,
        item_count=size,
        stage=MintStage.COMPLETED,
        gas_estimated=58_000 + 24_600 * size,
        gas_single=None if number == 3 else 81_909,
        gas_used=57_800 + 24_590 * size,
        gas_price_wei=10**9,
        tx_hash=f"0x{number:064x}",
    )
    values: dict[str, Any] = {
        "run_id": UUID(int=number),
        "strategy": BatchStrategy.AUTOMATIC if number % 2 else BatchStrategy.MANUAL,
        "congestion": list(Congestion)[number % 3] if number % 2 else None,
        "requested_at": NOW - timedelta(minutes=number),
        "requested_by": "Ada Lovelace",
        "batches": (batch,),
        "omitted": 0,
    }
    return BatchRun(**{**values, **changes})


def batch_runs(count: int = 12) -> tuple[BatchRun, ...]:
    """Newest first."""
    return tuple(batch_run(number) for number in range(count))
