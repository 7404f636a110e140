"""The Ethereum libraries, loaded where the first thread needs them and by one thread only.

They import each other in circles. Two threads that enter the circle at different places wait for each other's modules;
Python breaks such a wait by handing out a module that is half loaded, and one of the two fails with an ImportError.
"""

from __future__ import annotations

import sys
from importlib import import_module
from threading import Lock

_LIBRARIES = ("coincurve", "eth_hash.auto", "eth_utils.address", "eth_abi.abi")
_loading = Lock()


def load() -> None:
    """Return once all of them are there. Takes 0.2 s the first time: call it in a thread, before importing any."""
    with _loading:
        for library in _LIBRARIES:
            import_module(library)


def load_keystores() -> None:
    """`load`, and what reads and writes keystores; takes 0.7 s the first time.

    One of them (py_ecc) raises Python's limit of recursion to 100,000. With it the text of a node that is nested so
    deep would run over the end of the stack and take the program along; at the usual limit it is an error like others.
    """
    load()
    with _loading:
        usual = sys.getrecursionlimit()
        try:
            import_module("eth_keyfile.keyfile")
        finally:
            sys.setrecursionlimit(usual)
