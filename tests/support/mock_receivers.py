"""Contracts that receive tokens in ways of their own, to be set as code of an address."""

from __future__ import annotations

import json
from pathlib import Path

_FOLDER = Path(__file__).parent / "contracts"


def runtime_code(contract: str) -> str:
    """Deployed bytecode as 0x-hex, immutables zero (a RefusingReceiver then reverts with its own reason)."""
    code: str = json.loads((_FOLDER / f"{contract}.json").read_text("utf-8"))["deployedBytecode"]
    return code
