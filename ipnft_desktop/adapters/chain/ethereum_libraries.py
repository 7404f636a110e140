"""The Ethereum libraries, loaded where the first thread needs them and by one thread only.

They import each other in circles. Two threads that enter the circle at different places wait for each other's modules;
Python breaks such a wait by handing out a module that is half loaded, and one of the two fails with an ImportError.
"""

from __future__ import annotations

from importlib import import_module
from threading import Lock

_LIBRARIES = ("coincurve", "eth_hash.auto", "eth_utils.address", "eth_abi.abi")
_loading = Lock()


def load() -> None:
    """Return once all of them are there. Takes 0.2 s the first time: call it in a thread, before importing any."""
    with _loading:
        for library in _LIBRARIES:
            import_module(library)
