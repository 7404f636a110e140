"""Which keys are measured together, and by which module."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module

from benchmarks.catalogue import KEYS, Figure, Sizes
from benchmarks.loop_keys import prefixes


@dataclass(frozen=True, slots=True)
class Subject:
    """One measurement: gives every key of its families, which are what their names begin with up to a dot; where two
    subjects begin so, the longer beginning counts."""

    families: tuple[str, ...]
    module: str

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys it gives."""
        return tuple(key for key in KEYS if _family(key) in self.families)

    def measure(self, sizes: Sizes) -> list[Figure]:
        """Do it. Raises MeasurementFailed."""
        # Imported when needed: the modules load Qt, which neither --help nor the tests of the pure parts want.
        return import_module(f"benchmarks.{self.module}").measure(sizes)


SUBJECTS = (
    Subject(("first_paint_ms",), "first_paint"),
    Subject(("environment_ready_s",), "environment_ready"),
    Subject(("mint_ms",), "mint_latency"),
    Subject(("loop_gap_ms", "window_mints_per_s", "rss_mb"), "concurrent_mints"),
    Subject(("mints_per_s", "node_limit_per_s", "throughput_ratio", "mint_cpu_ms"), "throughput"),
    Subject(("restore_tx_per_s",), "restore"),
    Subject(("checkpoint_s",), "checkpoints"),
    Subject(("index_events_per_s", *prefixes(["index"])), "index_rate"),
    Subject(("verify_assets_per_s", *prefixes(["verify"])), "verify_rate"),
    Subject(prefixes(["verify_table_show", "verify_table"]), "verify_table"),
    Subject(("status_query_ms", "cost_growth"), "register_size"),
    Subject(("attach_mb_per_s", "attach_confidential_mb_per_s"), "attaching"),
    Subject(("import_rows_per_s", *prefixes(["import_rows"])), "import_rows"),
    Subject(("batch.plan_ms",), "plan_batch"),
    Subject(("batch",), "batches"),
    Subject(prefixes(["batch_1000"]), "batch_gaps"),
    Subject(("register", *prefixes(["open_register", "sort_1m", "search", "scroll"])), "large_register"),
    Subject(
        prefixes(
            ["bare_qt", "switch_page", "switch_theme", "switch_language", "palette", "start_environment", "attach_2gb"]
        ),
        "window_actions",
    ),
    Subject(("chart_frame_ms",), "chart_frames"),
    Subject(("memory",), "dialog_memory"),
    Subject(("gas",), "gas"),
)


def _family(key: str) -> str:
    fitting = (family for subject in SUBJECTS for family in subject.families if f"{key}.".startswith(f"{family}."))
    return max(fitting, key=len, default="")


def wanted(prefix: str) -> list[Subject]:
    """Subjects that give at least one key starting with `prefix`."""
    return [subject for subject in SUBJECTS if any(key.startswith(prefix) for key in subject.keys)]
