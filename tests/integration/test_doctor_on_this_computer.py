"""The doctor's real eyes: ports, processes, files and rights of this computer."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from importlib import metadata
from pathlib import Path

import psutil
import pytest

from ipnft_desktop.adapters.chain.node_mark import STARTED_BY, STDIN_GUARD, mark_of_this_program
from ipnft_desktop.adapters.database import migrations
from ipnft_desktop.adapters.database.register_file import SqliteRegisterFile
from ipnft_desktop.adapters.machine.computer import LocalComputer
from ipnft_desktop.adapters.machine.installation import LocalInstallation
from ipnft_desktop.adapters.machine.processes import COMMAND_CHARACTERS, LocalProcesses, shortened
from ipnft_desktop.adapters.machine.profile_folder import REST_S, LocalProfile
from ipnft_desktop.adapters.profile_lock import ProfileFileLock
from ipnft_desktop.adapters.workspaces.layout import NODE_HOME
from ipnft_desktop.bootstrap.doctor_command import doctor_command
from ipnft_desktop.services.doctor.ports import LockState
from tests.support.database_factory import migrated_file

ON_POSIX = pytest.mark.skipif(os.name != "posix", reason="rights and homes of POSIX")
LISTENING = (
    "import socket, sys; server = socket.create_server(('127.0.0.1', 0)); print(server.getsockname()[1], flush=True);"
    "sys.stdin.read()"
)
HOLDING = "import sys; held = open(sys.argv[1]); print('held', flush=True); sys.stdin.read()"
WAITING = "import sys; print('up', flush=True); sys.stdin.read()"
NODE_OF_A_PROGRAM = """
import os, subprocess, sys
mark = {sys.argv[1]: f"{os.getpid()} 1000000000.0"}
node = [sys.executable, "-c", "import sys; print('up', flush=True); sys.stdin.read()", sys.argv[2]]
running = subprocess.Popen(node, stdin=subprocess.PIPE, env={**os.environ, **mark})
sys.stdin.read()
running.kill()
running.wait()
"""
"""A program with a node below it; the clock was changed since, so its start is told otherwise now."""


@contextmanager
def child(script: str, *arguments: str, **environment: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A process of ours and the first line it says; ended afterwards."""
    process = subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield process, process.stdout.readline().strip()
    finally:
        process.stdin.close()
        process.stdout.close()
        process.kill()
        process.wait()


@pytest.fixture
def profile(tmp_path: Path) -> LocalProfile:
    return LocalProfile(
        tmp_path,
        ProfileFileLock(tmp_path / ".lock"),
        register=tmp_path / "register.db",
        content=tmp_path / "content",
        backups=tmp_path / "backups",
        logs=tmp_path / "logs",
        node_home=tmp_path / "node-home",
        secrets=(tmp_path / "keys", tmp_path / "keystores"),
    )


def test_a_foreign_listener_is_named(tmp_path: Path) -> None:
    processes = LocalProcesses(tmp_path, NODE_HOME)
    with child(LISTENING) as (process, port):
        use = processes.at_port(int(port))
        assert use.owner is not None
        assert (use.is_free, use.owner.pid) == (False, process.pid)
        assert use.owner.user == psutil.Process().username()
        other = processes.free_port(int(port))
        assert processes.at_port(other).is_free


def test_a_command_is_told_without_what_may_be_secret() -> None:
    assert shortened(["node", "server.js", "--password", "hunter2"]) == "node server.js"
    assert shortened(["app", "https://anna:hunter2@host/key?token=1", "KEY=hunter2"]) == "app https://host KEY"
    assert len(shortened(["x" * 500])) == COMMAND_CHARACTERS


@ON_POSIX
def test_only_a_node_of_this_profile_without_its_program_is_an_orphan_and_can_be_ended(tmp_path: Path) -> None:
    home, guard = str(tmp_path / "node-home"), STDIN_GUARD.as_uri()
    processes = LocalProcesses(tmp_path, NODE_HOME)
    with child("") as (dead, _):
        gone = f"{dead.pid} {time.time()}"
        dead.wait()
    with (
        child(WAITING, guard, HOME=home, **{STARTED_BY: gone}) as (orphan, _),
        child(WAITING, guard, HOME=home, **mark_of_this_program()),
        child(WAITING, guard, HOME=home, **{STARTED_BY: ""}),
        child(WAITING, guard, HOME=str(tmp_path.parent / "another" / NODE_HOME), **{STARTED_BY: gone}),
        child(WAITING, HOME=home, **{STARTED_BY: gone}),
    ):
        (found,) = processes.orphan_nodes()
        assert found.pid == orphan.pid
        assert not processes.end_orphan(replace(found, started=found.started - 60)), "another process of that number"
        assert orphan.poll() is None
        assert processes.end_orphan(found)
        orphan.wait(10)
        assert processes.orphan_nodes() == ()


@ON_POSIX
def test_an_orphan_that_ends_meanwhile_or_is_not_ours_to_end_hides_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = {"HOME": str(tmp_path / "node-home"), STARTED_BY: f"{2**22} 1.0"}
    guard, processes, name = STDIN_GUARD.as_uri(), LocalProcesses(tmp_path, NODE_HOME), psutil.Process.name
    with child(WAITING, guard, **environment) as (gone, _), child(WAITING, guard, **environment) as (stays, _):

        def name_of(process: psutil.Process) -> str:
            if process.pid == gone.pid:
                raise psutil.NoSuchProcess(gone.pid)
            return name(process)

        def refused(process: psutil.Process) -> None:
            raise psutil.AccessDenied(process.pid)

        monkeypatch.setattr(psutil.Process, "name", name_of)
        monkeypatch.setattr(psutil.Process, "terminate", refused)
        (found,) = processes.orphan_nodes()
        assert found.pid == stays.pid
        with pytest.raises(PermissionError):
            processes.end_orphan(found)


@ON_POSIX
def test_after_a_change_of_the_clock_no_node_of_a_living_program_is_an_orphan(tmp_path: Path) -> None:
    home, guard = str(tmp_path / "node-home"), STDIN_GUARD.as_uri()
    own = {STARTED_BY: f"{os.getpid()} 1000000000.0"}
    with (
        child(NODE_OF_A_PROGRAM, STARTED_BY, guard, HOME=home) as (_, up),
        child(WAITING, guard, HOME=home, **own),
    ):
        assert up == "up"
        assert LocalProcesses(tmp_path, NODE_HOME).orphan_nodes() == ()


def test_who_holds_a_profile_is_named(tmp_path: Path, profile: LocalProfile) -> None:
    assert profile.lock_state() is LockState.FREE
    other = ProfileFileLock(profile.lock_file)
    other.acquire()
    assert profile.lock_state() is LockState.TAKEN
    other.release()
    assert profile.lock_state() is LockState.FREE
    with child(HOLDING, str(profile.lock_file)) as (process, _):
        assert [holder.pid for holder in LocalProcesses(tmp_path, NODE_HOME).holders_of(profile.lock_file)] == [
            process.pid
        ]


def test_the_profile_is_measured_and_tidied(tmp_path: Path, profile: LocalProfile) -> None:
    for name, size in {"register.db": 100, "register.db-wal": 10, "content/a/b": 7, "backups/x.db": 5}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(bytes(size))
    sizes = profile.sizes()
    assert (sizes.register_bytes, sizes.content_bytes, sizes.backups_bytes) == (110, 7, 5)
    assert sizes.is_complete
    assert 0 < sizes.free_bytes < sizes.total_bytes

    old = time.time() - REST_S - 60
    for name in ("settings.json.new", "backups/register.db.partial", "register.damaged-1.db"):
        (tmp_path / name).write_bytes(b"123")
        os.utime(tmp_path / name, (old, old))
    (tmp_path / "fresh.new").write_bytes(b"1")
    (tmp_path / "node-home").mkdir()
    (tmp_path / "node-home" / "cache").write_bytes(b"12")
    left = profile.leftovers(node_runs=False)
    assert {each.path.name for each in left} == {"settings.json.new", "register.db.partial", "node-home"}
    assert "node-home" not in {each.path.name for each in profile.leftovers(node_runs=True)}
    assert profile.remove(left) == 3 + 3 + 2
    assert profile.leftovers(node_runs=False) == ()
    (damaged,) = profile.damaged_copies()
    profile.remove([damaged, replace(damaged, path=Path(sys.executable))])
    assert profile.damaged_copies() == ()
    assert Path(sys.executable).exists(), "nothing outside the profile is removed"
    assert (tmp_path / "register.db").exists()


@ON_POSIX
def test_keys_that_others_may_read_are_closed(tmp_path: Path, profile: LocalProfile) -> None:
    (tmp_path / "keys").mkdir(mode=0o700)
    (tmp_path / "keys" / "audit").touch(0o600)
    assert profile.open_secrets() == ()
    (tmp_path / "keys" / "audit").chmod(0o644)
    assert profile.open_secrets() == (tmp_path / "keys" / "audit",)
    profile.close_secrets(profile.open_secrets())
    assert profile.open_secrets() == ()


def test_settings_that_cannot_be_used_are_set_aside(tmp_path: Path, profile: LocalProfile) -> None:
    assert profile.settings_problem() == ""
    (tmp_path / "settings.json").write_text('{"node_port": 1}')
    assert "node_port" in str(profile.settings_problem())
    assert (tmp_path / profile.set_settings_aside()).read_text() == '{"node_port": 1}'
    assert profile.settings_problem() == ""


def test_a_profile_that_is_a_file_cannot_be_written(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    names = {name: tmp_path / name for name in ("register", "content", "backups", "logs", "node_home")}
    assert LocalProfile(file, ProfileFileLock(file), secrets=(), **names).write_problem()
    missing = tmp_path / "not" / "there"
    assert not LocalProfile(missing, ProfileFileLock(missing), secrets=(), **names).write_problem()
    assert not missing.exists(), "a look makes nothing"


def test_a_register_is_looked_at_and_stays_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "register.db"
    register = SqliteRegisterFile(file)
    assert not register.facts().exists
    migrated_file(tmp_path)
    before = sorted(tmp_path.iterdir())
    assert (register.facts().revision, register.damage()) == (migrations.HEAD, "")
    assert sorted(tmp_path.iterdir()) == before, "a log left behind would pass for a killed program"
    with file.open("r+b") as opened:
        opened.seek(4096)
        opened.write(b"\xff" * 8192)
    assert register.damage()
    file.write_bytes(b"no database at all")
    assert (register.facts().revision, bool(register.damage())) == ("", True)


def test_this_computer_and_this_installation_are_seen() -> None:
    computer, installation = LocalComputer(), LocalInstallation()
    assert computer.loopback_problem() == ""
    assert 0 < computer.memory().available_bytes < computer.memory().total_bytes
    assert "UTC" in computer.zone()
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        port = server.getsockname()[1]
        assert computer.node_address_problem(f"http://127.0.0.1:{port}") == ""
    assert computer.node_address_problem(f"http://127.0.0.1:{port}")
    found = installation.versions()
    assert (found.python, found.qt.startswith("6.11."), found.node != "") == (sys.version_info[:3], True, True)
    assert (installation.missing_files(), installation.node_problem()) == ([], "")


def test_a_built_program_knows_its_version_of_qt(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_metadata(name: str) -> metadata.Distribution:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata.Distribution, "from_name", no_metadata)
    assert LocalInstallation().versions().qt.startswith("6.11.")


def test_what_is_not_installed_is_told(tmp_path: Path) -> None:
    installation = LocalInstallation(tmp_path)
    assert not installation.can_mend
    assert "not installed" in str(installation.node_problem())


async def test_the_command_says_so_when_something_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "settings.json").write_text("{")
    assert await doctor_command(tmp_path, as_json=False) == 1
    assert "[wrong]       Settings: The settings cannot be used" in capsys.readouterr().out
