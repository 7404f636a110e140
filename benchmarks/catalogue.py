"""What is measured: every key once, with its unit, the aim and the limit that the project set itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from benchmarks.dialog_keys import DIALOG_KEYS
from benchmarks.gas_keys import GAS_KEYS
from benchmarks.key import Key
from benchmarks.loop_keys import LOOP_KEYS


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value; `n` says of how many samples."""

    key: str
    value: float
    n: int

    def within(self, bound: float | None) -> bool | None:
        """Whether the value keeps a bound of its key; None where there is no bound."""
        if bound is None:
            return None
        return self.value >= bound if KEYS[self.key].higher_is_better else self.value <= bound


@dataclass(frozen=True, slots=True)
class Sizes:
    """How often everything is done."""

    starts: int
    environments: int
    restored_tokens: int
    sequential_mints: int
    concurrent_mints: int
    total_mints: int
    idle_s: float
    throughput_rounds: int
    throughput_mints: int
    restored_own_mints: int
    restored_foreign_mints: int
    few_assets: int
    many_assets: int
    status_looks: int
    growth_rounds: int
    growth_mints: int
    searches: int
    frames: int
    attached_mb: int
    attached_rounds: int
    imported_rows: int
    planned_items: int
    batch_rounds: int
    batched_assets: int
    attached_in_form_mb: int
    gap_rounds: int
    dialog_times: int
    indexed_mints: int
    index_rounds: int
    verified_assets: int
    verify_rounds: int
    checkpoints: int


FULL = Sizes(
    starts=5,
    environments=3,
    restored_tokens=20,
    sequential_mints=200,
    concurrent_mints=100,
    total_mints=1000,
    idle_s=3.0,
    throughput_rounds=3,
    throughput_mints=300,
    restored_own_mints=100,
    restored_foreign_mints=900,
    few_assets=1_000,
    many_assets=1_000_000,
    status_looks=1_000,
    growth_rounds=6,
    growth_mints=25,
    searches=200,
    frames=600,
    attached_mb=200,
    attached_rounds=3,
    imported_rows=100_000,
    planned_items=10_000,
    batch_rounds=3,
    batched_assets=1_000,
    attached_in_form_mb=2_000,
    gap_rounds=5,
    dialog_times=500,
    indexed_mints=10_000,
    index_rounds=3,
    verified_assets=10_000,
    verify_rounds=3,
    checkpoints=5,
)
QUICK = Sizes(
    starts=1,
    environments=1,
    restored_tokens=5,
    sequential_mints=20,
    concurrent_mints=20,
    total_mints=60,
    idle_s=1.0,
    throughput_rounds=1,
    throughput_mints=20,
    restored_own_mints=5,
    restored_foreign_mints=15,
    few_assets=100,
    many_assets=1_000,
    status_looks=50,
    growth_rounds=1,
    growth_mints=5,
    searches=12,
    frames=20,
    attached_mb=10,
    attached_rounds=1,
    imported_rows=500,
    planned_items=300,
    batch_rounds=1,
    batched_assets=50,
    attached_in_form_mb=20,
    gap_rounds=1,
    dialog_times=10,
    indexed_mints=400,
    index_rounds=1,
    verified_assets=300,
    verify_rounds=1,
    checkpoints=1,
)

BATCH_SIZES = (25, 250)
"""Tokens of one transaction."""


def _batch_keys() -> dict[str, Key]:
    keys: dict[str, Key] = {}
    for size in BATCH_SIZES:
        keys[f"batch.tokens_per_s.{size}"] = Key(
            "1/s", f"tokens of a run of 1,000 in batches of {size}, asked for to MINTED", higher_is_better=True
        )
        keys[f"batch.node_limit_tokens_per_s.{size}"] = Key(
            "1/s", "peer: the same in signed transactions from a bare client to the same node", higher_is_better=True
        )
        keys[f"batch.ratio.{size}"] = Key("", "the two divided", aim=0.8, higher_is_better=True)
        keys[f"batch.cpu_ms.{size}"] = Key("ms", "processor time of all our threads for one of these tokens")
    return keys


KEYS: Mapping[str, Key] = MappingProxyType(
    {
        "first_paint_ms": Key("ms", "process start to first paint, empty profile; median", aim=300, limit=1000),
        "first_paint_ms.bare_qt": Key("ms", "peer: QApplication and an empty QMainWindow; median"),
        "environment_ready_s": Key("s", "window painted to everything ready, empty profile; median", limit=5),
        "environment_ready_s.restart": Key("s", "the same for a profile with minted tokens, chain restored", limit=5),
        "mint_ms.p50": Key("ms", "request to MINTED, one after the other; median", aim=120),
        "mint_ms.p99": Key("ms", "the same, 99th percentile", aim=400),
        "mint_ms.node_floor.p50": Key("ms", "peer: signed bytes to the same node and receipt back; median"),
        "loop_gap_ms.max": Key("ms", "longest wait of the event loop while mints run at once", aim=16, limit=50),
        "loop_gap_ms.p99": Key("ms", "the same, 99th percentile"),
        "loop_gap_ms.own_cpu.max": Key("ms", "most work of the loop's thread in one gap: other programs do not count"),
        "loop_gap_ms.idle.max": Key("ms", "peer: the same window and node without mints"),
        "window_mints_per_s": Key(
            "1/s", "single mints at once with the window open, to the last one MINTED", higher_is_better=True
        ),
        "rss_mb": Key("MB", "memory of the program's process after all mints (without the node's)"),
        "rss_mb.start": Key("MB", "the same when the environment is ready"),
        "mints_per_s": Key(
            "1/s",
            "single mints asked for at once, one signer, no window, to the last one MINTED",
            higher_is_better=True,
        ),
        "node_limit_per_s": Key("1/s", "peer: signed mints, one after the other, from a bare client to the same node"),
        "throughput_ratio": Key("", "the two divided", aim=0.8, higher_is_better=True),
        "mint_cpu_ms": Key("ms", "processor time of all our threads for one of these mints"),
        "checkpoint_s.save": Key(
            "s", "a checkpoint of the demonstration register with the four scenes played", aim=1, limit=3
        ),
        "checkpoint_s.restore": Key(
            "s", "the way back to it on stage, until everything stands again and somebody is signed in", limit=3
        ),
        "restore_tx_per_s": Key(
            "1/s", "journalled mints replayed on an empty node, checks included", higher_is_better=True
        ),
        "status_query_ms.p50": Key("ms", "row and latest job of an asset among 1,000,000, read aside; median"),
        "status_query_ms.p99": Key("ms", "the same, 99th percentile", aim=5),
        "status_query_ms.detail.p99": Key("ms", "an asset with everything on it, likewise"),
        "cost_growth": Key("", "median time of a mint at 1,000,000 assets divided by that at 1,000", aim=1.2),
        "index_events_per_s": Key(
            "1/s", "logs of a chain of 10,000 mints read into an empty index, committed; median", higher_is_better=True
        ),
        "index_events_per_s.get_logs": Key(
            "1/s", "peer: the same logs asked for in a bare loop, their JSON read, nothing kept", higher_is_better=True
        ),
        "verify_assets_per_s": Key(
            "1/s",
            "10,000 NFTs verified: register, chain and content of each compared; median",
            higher_is_better=True,
        ),
        "verify_assets_per_s.eth_calls": Key(
            "1/s", "peer: the same questions to the same node in a bare loop, nothing compared", higher_is_better=True
        ),
        "verify_assets_per_s.cpu_ms": Key("ms", "processor time of all our threads for one of these NFTs"),
        "attach_mb_per_s": Key("MB/s", "a public file into the content store, durably; median", higher_is_better=True),
        "attach_confidential_mb_per_s": Key("MB/s", "the same, encrypted", higher_is_better=True),
        "attach_mb_per_s.copy": Key("MB/s", "peer: the same file copied, hashed and flushed; median"),
        "import_rows_per_s": Key("1/s", "rows of a CSV file from opening it to their commit", higher_is_better=True),
        "import_rows_per_s.checked": Key(
            "1/s", "the same up to the checked rows: reading, encoding, mapping, rules", higher_is_better=True
        ),
        "import_rows_per_s.writer_held_s": Key("s", "how long that commit keeps all other writes waiting"),
        "batch.plan_ms": Key("ms", "a plan for 10,000 ticked assets, asked for to planned; median", aim=500, limit=500),
        "batch.plan_ms.by_filter": Key("ms", "the same for all that a filter shows", aim=500, limit=500),
        **_batch_keys(),
        "register.open_ms": Key("ms", "the list of 1,000,000 assets, asked for to painted; median", aim=1000),
        "register.search_ms.p50": Key("ms", "words, filters and orders of every kind, asked for to painted; median"),
        "register.search_ms.p99": Key("ms", "the same, 99th percentile", aim=150),
        "register.frame_ms.p99": Key("ms", "one frame while the list is scrolled, 99th percentile", aim=16),
        "chart_frame_ms.100k": Key(
            "ms", "one frame of a chart of 100,000 points while it is read, zoomed and dragged, 99th percentile", aim=16
        ),
        **LOOP_KEYS,
        **DIALOG_KEYS,
        **GAS_KEYS,
    }
)
