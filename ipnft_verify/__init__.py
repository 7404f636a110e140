"""Checks an evidence bundle of IPNFT Desktop without IPNFT Desktop.

Python 3.11 or newer, its standard library and the package `coincurve`; nothing else. Copy this folder anywhere and run
`python3 -m ipnft_verify FILE`. What a bundle holds, what it proves and what it does not is told in `docs/evidence.md`.
"""

from __future__ import annotations

__version__ = "1"
