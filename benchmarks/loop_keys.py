"""Keys of the event loop's gaps: for each action the longest in a round, and the loop's own share of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from benchmarks.key import Key

ACTIONS: Mapping[str, str] = MappingProxyType(
    {
        "mint_1000": "1,000 single mints in rounds of a hundred, the window open",
        "batch_1000": "1,000 assets are minted in batches of 250, the window open",
        "open_register": "the list of 1,000,000 assets is opened",
        "sort_1m": "1,000,000 rows are sorted by each column, both ways",
        "search": "1,000,000 rows are searched and filtered",
        "scroll": "the list of 1,000,000 rows is scrolled",
        "import_rows": "100,000 rows are imported",
        "index": "the logs of 10,000 mints are read into the index",
        "verify": "10,000 NFTs are verified",
        "verify_table_show": "10,000 verdicts come in, the window open",
        "verify_table": "10,000 verdicts are searched, sorted, narrowed, scrolled and closed",
        "attach_2gb": "a file of 2 GB is attached in the form",
        "switch_page": "every page is brought into view",
        "switch_theme": "light becomes dark, or dark light",
        "switch_language": "everything is said in another language",
        "palette": "a command is typed in the palette",
        "start_environment": "everything is started again",
    }
)
_AIM_MS, _LIMIT_MS = 16, 50


def _keys() -> dict[str, Key]:
    keys = {
        "loop_gap_ms.bare_qt.max": Key("ms", "peer: longest wait of a loop with an empty window; median of rounds"),
    }
    for action, words in ACTIONS.items():
        name = f"loop_gap_ms.{action}"
        meaning = f"longest wait of the event loop while {words}; median of rounds"
        keys[f"{name}.max"] = Key("ms", meaning, aim=_AIM_MS, limit=_LIMIT_MS)
        keys[f"{name}.own_cpu.max"] = Key("ms", "most work of the loop's thread in one such wait; median of rounds")
    return keys


LOOP_KEYS: Mapping[str, Key] = MappingProxyType(_keys())


def prefixes(actions: Sequence[str]) -> tuple[str, ...]:
    """What the keys of these actions begin with."""
    return tuple(f"loop_gap_ms.{action}" for action in actions)
