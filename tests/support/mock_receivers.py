"""Contracts that receive tokens in ways of their own, to be set as code of an address.

The compiled ones come from `contracts/mocks`; one that answers what only the test knows is assembled here.
"""

from __future__ import annotations

import json
from pathlib import Path

_FOLDER = Path(__file__).parent / "contracts"


def runtime_code(contract: str) -> str:
    """Deployed bytecode as 0x-hex, immutables zero: a RefusingReceiver then reverts with its own reason, and a
    BurningReceiver ends in INVALID. (It could loop, but the node keeps a trace of every step: 20 GB for 60 M gas.)"""
    code: str = json.loads((_FOLDER / f"{contract}.json").read_text("utf-8"))["deployedBytecode"]
    return code


def answering(data: bytes) -> str:
    """Code that reverts every call with these bytes."""
    size = f"61{len(data):04x}"
    # CODECOPY(0, 14, size); REVERT(0, size)
    return f"0x{size}600e600039{size}6000fd" + data.hex()
