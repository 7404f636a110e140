"""What a person reads while start.py works: one line a step, one sentence when something is wrong."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager

WIDTH = 34


class Problem(Exception):
    """Something the person can put right. The text says in one sentence what happened and what to do."""


def say(text: str = "") -> None:
    print(text, flush=True)


@contextmanager
def step(title: str) -> Generator[Callable[[str], None]]:
    """Print the title at once and the time it took at the end; yields a function that shows what is under way.

    Details are shown on a terminal only, where the line can be written again; a log gets the title and the time.
    """
    line = f"  {title} ".ljust(WIDTH, ".") + " "
    terminal = sys.stdout.isatty()
    started = time.perf_counter()

    def show(detail: str) -> None:
        if terminal:
            print(f"\r{line}{detail[:40]:<40}", end="", flush=True)

    print(line, end="", flush=True)
    try:
        yield show
    except BaseException as reason:
        outcome = "stopped" if isinstance(reason, KeyboardInterrupt) else "failed"
        print(f"\r{line}{outcome:<40}" if terminal else outcome, flush=True)
        raise
    took = f"{time.perf_counter() - started:.1f} s"
    print(f"\r{line}{took:<40}" if terminal else took, flush=True)
