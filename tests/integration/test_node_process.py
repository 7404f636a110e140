"""The node process: found, started, watched and ended, whatever happens to the program that started it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import textwrap
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from ipnft_desktop.adapters.chain import hardhat_node
from ipnft_desktop.adapters.chain.hardhat_node import HardhatNode
from ipnft_desktop.adapters.chain.hd_keys import account_key
from ipnft_desktop.adapters.chain.json_rpc import JsonRpc
from ipnft_desktop.adapters.chain.local_signer import DEMO_MNEMONIC
from ipnft_desktop.adapters.chain.node_log import NodeLog
from ipnft_desktop.adapters.chain.node_mark import Starter
from ipnft_desktop.adapters.chain.process_output import MAX_PENDING_LINES, ProcessOutput
from ipnft_desktop.adapters.machine import processes
from ipnft_desktop.adapters.workspaces.layout import NODE_HOME
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from ipnft_desktop.paths import PROJECT

ANY_PORT = 0


class Logged:
    """Log lines as they come, to be waited for."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._changed = asyncio.Event()

    def __call__(self, line: str) -> None:
        self.lines.append(line)
        self._changed.set()

    async def until(self, words: str) -> str:
        while True:
            for line in self.lines:
                if words in line:
                    return line
            self._changed.clear()
            await self._changed.wait()


@pytest.fixture
async def node(tmp_path: Path) -> AsyncIterator[HardhatNode]:
    node = HardhatNode(tmp_path / "home", preferred_port=ANY_PORT)
    yield node
    await node.stop()


async def test_check_names_the_versions(node: HardhatNode) -> None:
    assert re.fullmatch(r"Node 24\.\d+\.\d+, Hardhat 3\.\d+\.\d+", await node.check())


async def test_check_says_what_to_run_when_hardhat_is_missing(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault) as caught:
        await HardhatNode(tmp_path, project=tmp_path).check()
    assert caught.value.code is ErrorCode.NODE_MISSING
    assert "start.py" in caught.value.detail


async def test_a_node_beside_the_program_goes_first(tmp_path: Path) -> None:
    name = "node.exe" if os.name == "nt" else "node"
    (tmp_path / name).touch()
    hardhat = tmp_path / "node_modules" / "hardhat"
    (hardhat / "dist" / "src").mkdir(parents=True)
    (hardhat / "dist" / "src" / "cli.js").touch()
    (hardhat / "package.json").write_text('{"version": "3.9.9"}')

    assert await HardhatNode(tmp_path, project=tmp_path).check() == "Node, Hardhat 3.9.9"


async def test_start_answers_and_stop_ends_it(node: HardhatNode, tmp_path: Path) -> None:
    log = Logged()
    status = await node.start(log)

    rpc = JsonRpc()
    await rpc.open(status.rpc_url)
    accounts = await rpc.call("eth_accounts")
    await rpc.close()
    assert isinstance(accounts, list)
    assert len(accounts) == status.accounts == 20
    assert status.rpc_url.startswith("http://127.0.0.1:")
    assert status.memory_bytes > 10_000_000
    assert status.version.startswith("3.")
    assert (await node.start(log)).pid == status.pid  # a second start keeps it
    process = psutil.Process(status.pid)

    await node.stop()

    assert not process.is_running()
    assert await node.status() is None
    assert not any("by itself" in line for line in log.lines)
    assert [path for path in (tmp_path / "home").rglob("*") if path.is_file()] == []


async def test_the_log_shows_transactions_but_no_keys_and_no_polling(node: HardhatNode) -> None:
    log = Logged()
    status = await node.start(log)
    rpc = JsonRpc()
    await rpc.open(status.rpc_url)
    sender = (await rpc.call("eth_accounts"))[0]  # type: ignore[index]
    await rpc.call("eth_getBlockByNumber", "latest", False)
    await rpc.call("eth_sendTransaction", {"from": sender, "to": sender, "value": "0x1"})
    await rpc.close()

    await log.until("Block #1")
    text = "\n".join(log.lines).lower()
    assert "account #19" in text
    assert "eth_getblockbynumber" not in text
    for index in range(20):
        assert account_key(DEMO_MNEMONIC, index).to_hex() not in text


async def test_a_taken_port_is_told_and_another_one_used(tmp_path: Path) -> None:
    log = Logged()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        node = HardhatNode(tmp_path, preferred_port=port)
        status = await node.start(log)
        await node.stop()
    assert not status.rpc_url.endswith(f":{port}")
    assert str(port) in log.lines[0]


async def test_a_port_lost_after_the_look_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = Logged()
    monkeypatch.setattr("ipnft_desktop.adapters.chain.hardhat_node.is_free", lambda _port: True)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        node = HardhatNode(tmp_path, preferred_port=port)
        status = await node.start(log)
        await node.stop()
    assert not status.rpc_url.endswith(f":{port}")
    assert f"Port {port} was taken meanwhile; the node uses another one." in log.lines


async def test_an_unexpected_end_is_noticed(node: HardhatNode) -> None:
    log = Logged()
    status = await node.start(log)

    psutil.Process(status.pid).kill()

    assert await node.wait_ended() != 0
    assert await node.status() is None
    await log.until("ended by itself")
    again = await node.start(log)
    assert again.pid != status.pid


async def test_kill_is_a_crash_without_a_trace(node: HardhatNode) -> None:
    process = psutil.Process((await node.start(Logged())).pid)
    await node.kill()
    assert not process.is_running()
    assert await node.status() is None


def broken_project(folder: Path, script: str) -> Path:
    """A project whose Hardhat does as the script says; Node is the real one."""
    source = folder / "node_modules" / "hardhat" / "dist" / "src"
    source.mkdir(parents=True)
    (source / "cli.js").write_text(script)
    (source.parents[1] / "package.json").write_text('{"version": "3.0.0"}')
    return folder


async def test_a_failed_start_carries_the_last_lines(tmp_path: Path) -> None:
    project = broken_project(
        tmp_path, 'console.log("Private Key: 0xabc"); console.error("no such hardfork"); process.exitCode = 3;'
    )
    log = Logged()
    node = HardhatNode(tmp_path / "home", project=project, preferred_port=ANY_PORT)
    with pytest.raises(EnvironmentFault) as caught:
        await node.start(log)
    assert caught.value.code is ErrorCode.NODE_START_FAILED
    assert caught.value.detail == "it ended with code 3; its last lines: no such hardfork"
    assert caught.value.facts["log"] == "no such hardfork"
    assert await node.status() is None


async def test_a_failed_start_tells_about_the_port_and_a_few_lines_without_keys(tmp_path: Path) -> None:
    script = """
        for (let line = 0; line < 9; line++) console.log("line " + line);
        console.log("x".repeat(390));
        console.log("key 0x" + "ac".repeat(32) + " or " + "AC".repeat(32) + " is bad");
        process.exitCode = 3;
    """
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        node = HardhatNode(tmp_path / "home", project=broken_project(tmp_path, script), preferred_port=port)
        with pytest.raises(EnvironmentFault) as caught:
            await node.start(Logged())
    detail = caught.value.detail
    assert detail.startswith(f"it ended with code 3; port {port} was taken, so another one was tried; its last lines: ")
    assert detail.endswith("| key (hidden) or (hidden) is bad")
    assert "line 8" in detail
    assert "line 6" not in detail
    assert len(detail) < 500
    assert "ac" * 32 not in str(caught.value.facts).lower()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no executable bit")
async def test_a_node_that_cannot_be_run(tmp_path: Path) -> None:
    project = broken_project(tmp_path, "")
    (project / "node").touch(mode=0o644)
    with pytest.raises(EnvironmentFault) as caught:
        await HardhatNode(tmp_path / "home", project=project, preferred_port=ANY_PORT).start(Logged())
    assert (caught.value.code, caught.value.detail) == (
        ErrorCode.NODE_START_FAILED,
        "it cannot be run: Permission denied",
    )


async def test_two_starts_at_once_make_one_node(node: HardhatNode) -> None:
    first, second = await asyncio.gather(node.start(Logged()), node.start(Logged()))
    assert first.pid == second.pid


async def test_a_node_that_never_answers_is_ended(tmp_path: Path) -> None:
    project = broken_project(tmp_path, 'console.log("pid " + process.pid); setInterval(() => {}, 1000);')
    log = Logged()
    node = HardhatNode(tmp_path / "home", project=project, preferred_port=ANY_PORT, start_timeout_s=0.3)
    with pytest.raises(EnvironmentFault) as caught:
        await node.start(log)
    assert caught.value.code is ErrorCode.NODE_START_FAILED
    assert caught.value.detail.startswith("no answer in time; its last lines: pid ")
    assert not psutil.pid_exists(int((await log.until("pid ")).split()[1]))


async def test_a_node_deaf_to_its_input_is_killed(tmp_path: Path) -> None:
    script = """
        process.stdin.removeAllListeners(); process.exit = () => {};
        const http = await import("node:http");
        const server = http.createServer((_, answer) => answer.end('{"id": 1, "result": "0x1"}'));
        server.listen(0, "127.0.0.1", () =>
          console.log("JSON-RPC server at http://127.0.0.1:" + server.address().port));
    """
    node = HardhatNode(
        tmp_path / "home", project=broken_project(tmp_path, script), preferred_port=ANY_PORT, stop_timeout_s=0.1
    )
    process = psutil.Process((await node.start(Logged())).pid)
    await node.stop()
    assert not process.is_running()


async def test_a_cancelled_start_leaves_no_process(tmp_path: Path) -> None:
    log = Logged()
    project = broken_project(tmp_path, 'console.log("pid " + process.pid); setInterval(() => {}, 1000);')
    node = HardhatNode(tmp_path / "home", project=project, preferred_port=ANY_PORT)
    starting = asyncio.create_task(node.start(log))
    pid = int((await log.until("pid ")).split()[1])
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    assert not psutil.pid_exists(pid)


async def test_a_start_cancelled_while_the_process_is_made_leaves_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[subprocess.Popen[str]] = []
    entered, go_on = asyncio.Event(), threading.Event()
    loop, spawn = asyncio.get_running_loop(), hardhat_node.__dict__["_spawn"]

    def slow_spawn(*arguments: object) -> subprocess.Popen[str]:
        loop.call_soon_threadsafe(entered.set)
        go_on.wait()
        made.append(spawn(*arguments))
        return made[0]

    monkeypatch.setattr(hardhat_node, "_spawn", slow_spawn)
    starting = asyncio.create_task(HardhatNode(tmp_path, preferred_port=ANY_PORT).start(Logged()))
    await entered.wait()
    starting.cancel()
    loop.call_later(0.01, go_on.set)
    with pytest.raises(asyncio.CancelledError):
        await starting
    assert made[0].poll() is not None


async def test_the_node_sees_a_home_of_ours_and_nothing_of_the_shell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHELL_SECRET", "hidden")
    monkeypatch.setenv("NODE_OPTIONS", "--no-such-option")
    monkeypatch.setenv("PATH", os.defpath)  # a long one would not fit into the lines kept of the node's output
    project = broken_project(
        tmp_path, "console.log(JSON.stringify(process.env, null, 0).replaceAll(',', ',\\n')); process.exitCode = 1;"
    )
    node = HardhatNode(tmp_path / "home", project=project, preferred_port=ANY_PORT)
    with pytest.raises(EnvironmentFault) as caught:
        await node.start(Logged())
    seen = json.loads("".join(caught.value.facts["log"].split("\n")))
    assert seen["HOME"] == seen["USERPROFILE"] == seen["XDG_CACHE_HOME"] == str(tmp_path / "home")
    assert seen["HARDHAT_DISABLE_TELEMETRY"] == "true"
    assert "hidden" not in seen.values()
    assert "NODE_OPTIONS" not in seen
    assert Starter.of(seen) == Starter(os.getpid(), psutil.Process().create_time())


PARENT = """
import asyncio, sys
from pathlib import Path
from ipnft_desktop.adapters.chain.hardhat_node import HardhatNode

async def main():
    status = await HardhatNode(Path(sys.argv[1]), preferred_port=0).start(lambda line: None)
    print(status.pid, flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGSTOP")
def test_58_a_node_that_outlives_its_program_is_found_by_the_doctor_and_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "END_WAIT_S", 0.2)  # stopped, it hears no request to leave
    doctor = processes.LocalProcesses(tmp_path, NODE_HOME)
    command = [sys.executable, "-c", PARENT, str(tmp_path / NODE_HOME)]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        node = psutil.Process(int(parent.stdout.readline()))
        assert doctor.orphan_nodes() == (), "its program lives"
        node.suspend()
        parent.kill()
    (orphan,) = doctor.orphan_nodes()
    assert orphan.pid == node.pid
    assert doctor.end_orphan(orphan)
    assert doctor.orphan_nodes() == ()
    assert not node.is_running() or node.status() == psutil.STATUS_ZOMBIE


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL; TerminateProcess closes the pipe the same way")
def test_the_node_dies_with_a_killed_program(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PARENT, str(tmp_path)]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        node = psutil.Process(int(parent.stdout.readline()))
        parent.send_signal(signal.SIGKILL)
        try:
            node.wait(timeout=10)  # returns as soon as it ends, raises if it does not
        finally:
            with contextlib.suppress(psutil.NoSuchProcess):
                node.kill()
    assert parent.returncode == -signal.SIGKILL


QT_PROGRAM = """
import os, sys, threading
os.environ.update(QT_QPA_PLATFORM="offscreen", QT_API="pyside6")
import qasync
from pathlib import Path
from PySide6.QtWidgets import QApplication
from ipnft_desktop.adapters.chain.hardhat_node import HardhatNode
from ipnft_desktop.adapters.chain.json_rpc import JsonRpc
from ipnft_desktop.adapters.chain.local_controls import HardhatControls
from ipnft_desktop.adapters.chain.ethereum_chain import EthereumChain

async def main():
    node, rpc, main_thread = HardhatNode(Path(sys.argv[1]), preferred_port=0), JsonRpc(), threading.get_ident()
    threads = set()
    status = await node.start(lambda line: threads.add(threading.get_ident()))
    chain = EthereumChain(rpc)
    await chain.connect(status.rpc_url)
    await HardhatControls(rpc).mine(2)
    print((await chain.head()).number, threads == {main_thread}, flush=True)
    await chain.disconnect()
    await node.stop()
    print([thread.name for thread in threading.enumerate() if thread.name == "node-output"], flush=True)

app = QApplication([])
loop = qasync.QEventLoop(app)
with loop:
    loop.run_until_complete(main())
"""


def test_it_works_on_the_loop_of_the_window(tmp_path: Path) -> None:
    pytest.importorskip("qasync")
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", textwrap.dedent(QT_PROGRAM), str(tmp_path)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout.splitlines(), done.stderr) == (0, ["2 True", "[]"], "")


async def test_a_flood_of_lines_is_cut_and_said_to_be() -> None:
    count = MAX_PENDING_LINES + 50
    process = subprocess.Popen(  # noqa: ASYNC220 - as the node does, only not in an executor
        [sys.executable, "-c", f"for i in range({count}): print('line', i)"], stdout=subprocess.PIPE, text=True
    )
    lines: list[str] = []
    ended = asyncio.get_running_loop().create_future()
    output = ProcessOutput(process, str.strip, lines.append, ended.set_result)
    output.join()  # on purpose on the loop: nothing is delivered meanwhile
    assert await ended == 0
    assert lines[0] == "(50 lines left out)"
    assert lines[1:] == [f"line {number}" for number in range(50, count)]
    assert output.last_lines[-1] == lines[-1]


def test_log_lines_are_clean() -> None:
    log = NodeLog()
    raw = [
        "\x1b[32meth_sendRawTransaction\x1b[0m\n",
        "  Contract call:       IPAssetNFT#mintAsset\n",
        "eth_call (2)\n",
        "  Contract call:       IPAssetNFT#ownerOf\n",
        "eth_foo - Method not supported\n",
        "Private Key: 0x1234\n",
        "x" * 1000,
    ]
    cleaned = [log.clean(line) for line in raw]
    assert cleaned[:6] == [
        "eth_sendRawTransaction",
        "Contract call:       IPAssetNFT#mintAsset",
        "",
        "",
        "eth_foo - Method not supported",
        "",
    ]
    assert len(cleaned[6]) == 400
