"""Which keys are measured together, and by which module."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module

from benchmarks.catalogue import KEYS, Figure, Sizes


@dataclass(frozen=True, slots=True)
class Subject:
    """One measurement: gives every key of its families (the words before the first dot)."""

    families: tuple[str, ...]
    module: str

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys it gives."""
        return tuple(key for key in KEYS if key.partition(".")[0] in self.families)

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
    Subject(("status_query_ms", "cost_growth"), "register_size"),
    Subject(("attach_mb_per_s", "attach_confidential_mb_per_s"), "attaching"),
    Subject(("import_rows_per_s",), "import_rows"),
    Subject(("register",), "large_register"),
    Subject(("gas",), "gas"),
)


def wanted(prefix: str) -> list[Subject]:
    """Subjects that give at least one key starting with `prefix`."""
    return [subject for subject in SUBJECTS if any(key.startswith(prefix) for key in subject.keys)]
