"""Anvil, a second node written by other people: what holds on both is no habit of Hardhat's.

Set up as hardhat.config.js sets up ours: same accounts, first block time and rules. Comes with `npm ci` as a
development package for each system.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ipnft_desktop.paths import PROJECT

_SYSTEMS = {"linux": "linux", "darwin": "darwin", "win32": "win32"}
_MACHINES = {"x86_64": "amd64", "AMD64": "amd64", "arm64": "arm64", "aarch64": "arm64"}
_SETUP = ("--accounts", "20", "--timestamp", "1704067200", "--hardfork", "prague", "--gas-limit", "60000000")
_LISTENING = "Listening on "
_START_TIMEOUT_S = 20


def anvil_binary() -> Path:
    """The program; skips the test where the package for this system is not installed."""
    system, machine = _SYSTEMS.get(sys.platform), _MACHINES.get(platform.machine())
    package = PROJECT / "node_modules" / "@foundry-rs" / f"anvil-{system}-{machine}"
    binary = package / "bin" / ("anvil.exe" if sys.platform == "win32" else "anvil")
    if not binary.is_file():
        pytest.skip(f"Anvil is not installed: there is no {package.relative_to(PROJECT)}")
    return binary


@contextmanager
def anvil_node(home: Path, *options: str) -> Generator[str]:
    """A node on a free port, by its address; `home` keeps what it writes."""
    home.mkdir(parents=True, exist_ok=True)
    process = subprocess.Popen(
        [str(anvil_binary()), "--port", "0", "--order", "fifo", *_SETUP, *options],
        env={**os.environ, "HOME": str(home), "USERPROFILE": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    listening, found = threading.Event(), list[str]()

    def drain() -> None:
        assert process.stdout
        for line in process.stdout:
            if line.startswith(_LISTENING):
                found.append(f"http://{line.removeprefix(_LISTENING).strip()}")
                listening.set()
        listening.set()

    reader = threading.Thread(target=drain, name="test-anvil")
    reader.start()
    try:
        assert listening.wait(_START_TIMEOUT_S), "Anvil did not start in time"
        assert found, f"Anvil ended with code {process.wait()}"
        yield found[0]
    finally:
        process.kill()
        process.wait()
        reader.join()
        assert process.stdout
        process.stdout.close()
