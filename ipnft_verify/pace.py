"""The wish to end a verification that is under way, heard wherever it may take long.

Whoever forges a bundle has all the time there is to make it slow, and keccak in Python takes seconds for a mebibyte. So
each loop over what a bundle brought calls `step`, which does nothing unless somebody watches.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar


def _nobody_watches() -> None:
    """Nothing."""


_on_step: ContextVar[Callable[[], None]] = ContextVar("on_step", default=_nobody_watches)


def step() -> None:
    """A little was done. Raises whatever the one who watches raises."""
    _on_step.get()()


@contextmanager
def watched(on_step: Callable[[], None]) -> Generator[None]:
    """Within it `on_step` is called many times a second, in this thread; what it raises ends the work."""
    before = _on_step.set(on_step)
    try:
        yield
    finally:
        _on_step.reset(before)
