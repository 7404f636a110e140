"""`start.py test`: five phases in processes of their own, one table, and a closing line that stands alone."""

from __future__ import annotations

import os
import re
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from launcher import child
from launcher.console import say
from launcher.layout import Layout

# asyncio itself needs a socket pair; where that is no Unix socket, connections are refused instead of sockets.
NO_NETWORK = ("--disable-socket", "--allow-unix-socket") if os.name == "posix" else ("--allow-hosts=127.0.0.1",)

# Without its plugin, pytest does not know the window tests' options in pyproject.toml, and says so.
WITHOUT_QT = ("-p", "no:pytest-qt", "-W", "ignore:Unknown config option:pytest.PytestConfigWarning")


@dataclass(frozen=True)
class Phase:
    """Folders of tests that share a process, and how pytest is to run it."""

    title: str
    folders: tuple[str, ...]
    options: tuple[str, ...] = ()


PYTEST_PHASES = (
    Phase("core, without Qt and network", ("tests/unit",), (*WITHOUT_QT, *NO_NETWORK)),
    Phase("ports, integration, window", ("tests/ports", "tests/integration", "tests/gui", "tests/e2e")),
    Phase("faults, on a real node", ("tests/faults",), WITHOUT_QT),
)

# Scripts for Node with a closing line of their own, by the title of their phase.
SCRIPT_PHASES = {"contracts": "tests/contracts/run.js", "contracts, fuzzed": "tests/foundry/run.js"}

Counts = tuple[int, int, int]  # passed, failed, skipped


@dataclass(frozen=True)
class Outcome:
    """What one phase counted. `note` says why a phase failed that counted no failure itself."""

    phase: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0
    note: str = ""


def run(layout: Layout, arguments: Sequence[str]) -> int:
    """Run every phase, or only pytest when it gets arguments; 0 when tests ran and all of them passed."""
    with tempfile.TemporaryDirectory(prefix="ipnft-test-") as folder:
        reports = Path(folder)
        if arguments:
            outcomes = [_pytest(layout, "selected tests", reports / "selected.xml", arguments)]
        else:
            outcomes = [
                _pytest(layout, phase.title, reports / f"{number}.xml", [*phase.folders, *phase.options])
                for number, phase in enumerate(PYTEST_PHASES)
            ]
            outcomes += [run_script(layout, title, script) for title, script in SCRIPT_PHASES.items()]
    say()
    say(table(outcomes))
    say()
    say(closing_line(outcomes))
    return 0 if all(outcome.failed == 0 for outcome in outcomes) else 1


def closing_line(outcomes: Sequence[Outcome]) -> str:
    passed = sum(outcome.passed for outcome in outcomes)
    failed = sum(outcome.failed for outcome in outcomes)
    return f"{passed} passed, {failed} failed"


def table(outcomes: Sequence[Outcome]) -> str:
    lines = [f"{'phase':<30}{'passed':>8}{'failed':>8}{'skipped':>9}{'seconds':>9}"]
    lines += [
        f"{each.phase:<30}{each.passed:>8}{each.failed:>8}{each.skipped:>9}{each.seconds:>9.1f}  {each.note}".rstrip()
        for each in outcomes
    ]
    return "\n".join(lines)


def judge(phase: str, counts: Counts | None, code: int, seconds: float) -> Outcome:
    """A phase that crashed (no counts), ended in an error of its own or ran nothing counts as one failure."""
    passed, failed, skipped = counts or (0, 0, 0)
    note = ""
    if counts is None:
        note = f"ended without a report (exit code {code})"
    elif passed + failed == 0:
        note = "ran no tests"
    elif code != 0 and failed == 0:
        note = f"ended with exit code {code}"
    return Outcome(phase, passed, max(failed, 1) if note else failed, skipped, seconds, note)


def count(report: str) -> Counts | None:
    """The counts of a JUnit report, None for a broken one. A test whose teardown broke has failed."""
    try:
        root = ElementTree.fromstring(report)  # noqa: S314 - written by our own test run
    except ElementTree.ParseError:
        return None
    failed: set[tuple[str, str]] = set()
    skipped: set[tuple[str, str]] = set()
    everything: set[tuple[str, str]] = set()
    for case in root.iter("testcase"):
        name = (case.get("classname", ""), case.get("name", ""))
        everything.add(name)
        if case.find("failure") is not None or case.find("error") is not None:
            failed.add(name)
        elif case.find("skipped") is not None:
            skipped.add(name)
    skipped -= failed
    return len(everything - failed - skipped), len(failed), len(skipped)


def count_script(output: str) -> Counts | None:
    """The counts on the closing line of a script's phase, None when it did not get there."""
    found = re.search(r"^\w+ tests: (\d+) passed, (\d+) failed, (\d+) skipped$", output, flags=re.MULTILINE)
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


def missing_tool(output: str) -> str | None:
    """What a script's phase needs and nobody makes for this system; None when it had everything."""
    found = re.search(r"^\w+ tests: (no \w+ for \S+)$", output, flags=re.MULTILINE)
    return found[1] if found else None


def run_script(layout: Layout, phase: str, script: str) -> Outcome:
    """Run a phase that is a script for Node; one that lacks its tool on this system is skipped, and says so."""
    say(f"== {phase}")
    started = time.perf_counter()
    env = child.environment(layout, offscreen=True)
    code, output = child.run_quietly([layout.node, script], env, layout.root, on_line=say)
    seconds = time.perf_counter() - started
    missing = missing_tool(output)
    if code == 0 and missing is not None:
        return Outcome(phase, seconds=seconds, note=f"skipped: {missing}")
    return judge(phase, count_script(output), code, seconds)


def _pytest(layout: Layout, phase: str, report: Path, arguments: Sequence[str]) -> Outcome:
    say(f"== {phase}")
    command = [layout.python, "-m", "pytest", "-q", f"--junitxml={report}", *arguments]
    started = time.perf_counter()
    code = child.run(command, child.environment(layout, offscreen=True), cwd=layout.root)
    counts = count(report.read_text("utf-8")) if report.is_file() else None
    return judge(phase, counts, code, time.perf_counter() - started)
