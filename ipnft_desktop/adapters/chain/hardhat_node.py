"""The local chain: a Hardhat node as a child process that lives no longer than this program."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from ipnft_desktop.adapters.chain.json_rpc import JsonRpc, load_http_client
from ipnft_desktop.adapters.chain.node_files import NodeFiles, find_node_files
from ipnft_desktop.adapters.chain.node_log import NodeLog
from ipnft_desktop.adapters.chain.node_mark import STDIN_GUARD, mark_of_this_program
from ipnft_desktop.adapters.chain.process_output import ProcessOutput
from ipnft_desktop.adapters.loopback import HOSTNAME, is_free
from ipnft_desktop.domain.chain import NodeStatus
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from ipnft_desktop.domain.phrases import phrase
from ipnft_desktop.paths import PROJECT

PREFERRED_PORT = 18545
ACCOUNTS = 20
"""Funded accounts of the node, as set in hardhat.config.js."""
FUNDS_WEI = 10**22
"""What each of them begins with, from the same place."""

_ANY_PORT = 0
_LISTENING = re.compile(r"JSON-RPC server at (http://\S+?)/?$")
_PORT_IN_USE = "EADDRINUSE"
_KEY = re.compile(r"\b(?:0x)?[0-9a-f]{64}\b", re.IGNORECASE)
_TOLD_LINES = 3
_TOLD_LINE_CHARACTERS = 120
_KEPT_VARIABLES = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "LANG", "LC_ALL")
_HOME_VARIABLES = (
    "HOME",
    "USERPROFILE",
    "APPDATA",
    "LOCALAPPDATA",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "XDG_CACHE_HOME",
)


class _PortLost(Exception):
    """Another program took the port between our look and Hardhat's."""


class HardhatNode:
    """Starts, watches and ends the node process; implements the port `NodeHost`.

    `home` is a folder of ours that stands in for the person's home, so that Hardhat leaves nothing there.
    """

    def __init__(
        self,
        home: Path,
        *,
        project: Path = PROJECT,
        preferred_port: int = PREFERRED_PORT,
        start_timeout_s: float = 30.0,
        stop_timeout_s: float = 5.0,
    ) -> None:
        self._home = home
        self._project = project
        self._preferred_port = preferred_port
        self._start_timeout_s = start_timeout_s
        self._stop_timeout_s = stop_timeout_s
        self._starting = asyncio.Lock()
        self._running: _RunningNode | None = None

    def prefer_port(self, port: int) -> None:
        """Use this port from the next start on, if it is free then."""
        self._preferred_port = port

    async def check(self) -> str:
        """Versions of Node and Hardhat, read from their files. Raises EnvironmentFault NODE_MISSING."""
        return (await self._find_files()).versions

    async def start(self, on_log: Callable[[str], None]) -> NodeStatus:
        """Start and wait until it answers; a node that runs already is kept.

        Raises EnvironmentFault NODE_MISSING, or NODE_START_FAILED with its last lines.
        """
        async with self._starting:
            return await self.status() or await self._start(on_log)

    async def stop(self) -> None:
        """End it: first by its closed input, by force when it does not react."""
        running, self._running = self._running, None
        if running is not None:
            await running.stop(self._stop_timeout_s)

    async def kill(self) -> None:
        """End it without warning, as a crash would."""
        running, self._running = self._running, None
        if running is not None:
            await running.kill()

    async def wait_ended(self) -> int | None:
        """Wait until the running process ends by itself and return its exit code; None while none was started."""
        running = self._running
        return None if running is None else await asyncio.shield(running.ended)

    async def status(self) -> NodeStatus | None:
        """Facts of the running process; None while there is none."""
        running = self._running
        if running is None or running.ended.done():
            return None
        loop = asyncio.get_running_loop()
        memory_bytes = await loop.run_in_executor(None, _resident_bytes, running.process.pid)
        if memory_bytes is None:
            return None
        version = running.files.hardhat_version
        return NodeStatus(
            running.rpc_url, running.process.pid, ACCOUNTS, memory_bytes, version, running.started_at, FUNDS_WEI
        )

    async def _start(self, on_log: Callable[[str], None]) -> NodeStatus:
        files = await self._find_files()
        port = self._preferred_port
        if not is_free(port):
            on_log(f"Port {port} is taken; the node uses another one.")
            port = _ANY_PORT
        try:
            self._running = await self._launch(files, port, on_log)
        except _PortLost:
            on_log(f"Port {port} was taken meanwhile; the node uses another one.")
            self._running = await self._launch(files, _ANY_PORT, on_log)
        status = await self.status()
        if status is None:
            raise self._start_failed("it ended at once", port, self._running.output.last_lines)
        return status

    async def _find_files(self) -> NodeFiles:
        return await asyncio.get_running_loop().run_in_executor(None, find_node_files, self._project)

    async def _launch(self, files: NodeFiles, port: int, on_log: Callable[[str], None]) -> _RunningNode:
        loop = asyncio.get_running_loop()
        spawning = loop.run_in_executor(None, _spawn, files, self._project, self._home, port)
        try:
            process = await asyncio.shield(spawning)
        except asyncio.CancelledError:
            # The thread goes on; its process must not.
            await _RunningNode(files, await spawning, on_log).kill()
            raise
        except OSError as problem:
            raise self._start_failed(f"it cannot be run: {problem.strerror}", port) from problem
        node = _RunningNode(files, process, on_log)
        try:
            async with asyncio.timeout(self._start_timeout_s):
                await asyncio.gather(node.until_listening(), load_http_client())
                await _first_answer(node.rpc_url)
        except TimeoutError:
            await node.kill()
            raise self._start_failed("no answer in time", port, node.output.last_lines) from None
        except EnvironmentFault as fault:
            await node.kill()
            raise self._start_failed(fault.detail, port, node.output.last_lines) from None
        except BaseException:
            await node.kill()
            raise
        return node

    def _start_failed(self, reason: str, port: int, last_lines: Sequence[str] = ()) -> EnvironmentFault:
        """What a person needs to understand it: the reason, whether the port was taken, the last lines without keys."""
        lines = [_KEY.sub("(hidden)", line) for line in last_lines]
        told = [reason]
        if port != self._preferred_port:
            told.append(f"port {self._preferred_port} was taken, so another one was tried")
        if lines:
            newest = (line[:_TOLD_LINE_CHARACTERS] for line in lines[-_TOLD_LINES:])
            told.append(f"its last lines: {' | '.join(newest)}")
        return EnvironmentFault(ErrorCode.NODE_START_FAILED, "; ".join(told), log="\n".join(lines))


class _RunningNode:
    """One node process from its start to its end."""

    def __init__(self, files: NodeFiles, process: subprocess.Popen[str], on_log: Callable[[str], None]) -> None:
        loop = asyncio.get_running_loop()
        self.files = files
        self.process = process
        self.rpc_url = ""
        self.started_at = datetime.now(UTC)
        self.ended: asyncio.Future[int] = loop.create_future()
        self._listening: asyncio.Future[None] = loop.create_future()
        self._on_log = on_log
        self._is_expected_to_end = False
        self.output = ProcessOutput(process, NodeLog().clean, self._on_line, self._on_end)

    async def until_listening(self) -> None:
        """Wait for the line that names the address. Raises NODE_START_FAILED if the process ends instead, _PortLost
        if it ends because of its port."""
        await asyncio.wait((self._listening, self.ended), return_when=asyncio.FIRST_COMPLETED)
        if self._listening.done():
            return
        if any(_PORT_IN_USE in line for line in self.output.last_lines):
            raise _PortLost
        raise EnvironmentFault(
            ErrorCode.NODE_START_FAILED, phrase("it ended with code {code}", code=self.ended.result())
        )

    async def stop(self, timeout_s: float) -> None:
        """Close its input, which makes it leave; kill it if it has not left in time."""
        self._is_expected_to_end = True
        self._close_input()
        await asyncio.wait((self.ended,), timeout=timeout_s)
        await self.kill()

    async def kill(self) -> None:
        """End the process by its id and wait for the thread that reads it. Harmless once it has ended."""
        self._is_expected_to_end = True
        self.process.kill()
        await asyncio.shield(asyncio.get_running_loop().run_in_executor(None, self.output.join))
        await asyncio.shield(self.ended)

    def _on_line(self, line: str) -> None:
        found = _LISTENING.search(line)
        if found and not self._listening.done():
            self.rpc_url = found[1]
            self._listening.set_result(None)
        self._on_log(line)

    def _close_input(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()

    def _on_end(self, exit_code: int) -> None:
        self._close_input()
        if not self.ended.done():
            self.ended.set_result(exit_code)
        if not self._is_expected_to_end:
            self._on_log(f"The node ended by itself with code {exit_code}.")


def _spawn(files: NodeFiles, project: Path, home: Path, port: int) -> subprocess.Popen[str]:
    home.mkdir(parents=True, exist_ok=True)
    command = [str(files.node), "--import", STDIN_GUARD.as_uri(), str(files.hardhat_cli)]
    return subprocess.Popen(
        [*command, "node", "--hostname", HOSTNAME, "--port", str(port)],
        cwd=project,
        env={**_environment(os.environ, files.node.parent, home), **mark_of_this_program()},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def _environment(ours: Mapping[str, str], node_folder: Path, home: Path) -> dict[str, str]:
    """What the node sees: no settings or secrets of the person's shell, no home of theirs, no telemetry."""
    kept = {name: value for name, value in ours.items() if name.upper() in _KEPT_VARIABLES}
    kept["PATH"] = os.pathsep.join(filter(None, (str(node_folder), kept.get("PATH", ""))))
    homes = dict.fromkeys(_HOME_VARIABLES, str(home))
    return {**kept, **homes, "HARDHAT_DISABLE_TELEMETRY": "true", "CI": "true", "NO_COLOR": "1"}


async def _first_answer(rpc_url: str) -> None:
    rpc = JsonRpc()
    await rpc.open(rpc_url)
    try:
        await rpc.call("eth_chainId")
    finally:
        await rpc.close()


def _resident_bytes(pid: int) -> int | None:
    import psutil

    try:
        return psutil.Process(pid).memory_info().rss
    except psutil.NoSuchProcess:
        return None
