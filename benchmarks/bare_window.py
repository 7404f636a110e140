"""A child process of the benchmark: an empty window on the program's kind of loop, and the gaps of that loop."""

from __future__ import annotations

import json
import sys

from PySide6.QtWidgets import QApplication

from benchmarks.catalogue import Sizes
from benchmarks.window_actions import look_on
from ipnft_desktop.bootstrap.event_loop import run_on_qt


async def _run(app: QApplication, sizes: Sizes) -> int:
    print(json.dumps(await look_on(app, sizes)))
    return 0


if __name__ == "__main__":
    sys.exit(run_on_qt(lambda app: _run(app, Sizes(**json.loads(sys.argv[3])))))
