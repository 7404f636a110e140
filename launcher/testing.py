"""`start.py test`: phases in processes of their own, two at a time, one table, and a closing line that stands alone."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from xml.etree import ElementTree

from launcher import child, peer_packages
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


PHASES_AT_ONCE = 2
"""Each phase waits for a node or a disk much of its time; more of them would make one another's waits too long."""

PICTURES = "tests/pictures"

# Longest first, so that both lanes end at about the same time.
PYTEST_PHASES = (
    Phase("window", ("tests/gui", "tests/e2e")),
    Phase("ports and integration", ("tests/ports", "tests/integration"), WITHOUT_QT),
    Phase("faults, on a real node", ("tests/faults",), WITHOUT_QT),
    Phase("core, without Qt and network", ("tests/unit",), (*WITHOUT_QT, *NO_NETWORK)),
    Phase("pictures of the window", (PICTURES,)),
)

PEER_PHASE = Phase("publishing, to an IPFS peer", ("tests/peers",), WITHOUT_QT)
"""Its packages are installed while the phases before it run: most of that is waiting for the registry."""

# Scripts for Node with a closing line of their own, by the title of their phase.
SCRIPT_PHASES = {"contracts": "tests/contracts/run.js", "contracts, fuzzed": "tests/foundry/run.js"}

PICTURES_HINT = "Taken, and what differs: build/pictures. `start.py pictures --accept` accepts what was taken."

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
            outcomes = [_selected(layout, reports / "selected.xml", arguments)]
        else:
            outcomes = _every_phase(layout, reports)
    say()
    say(table(outcomes))
    say()
    say(closing_line(outcomes))
    return 0 if all(outcome.failed == 0 for outcome in outcomes) else 1


def compare_pictures(layout: Layout, arguments: Sequence[str]) -> int:
    """Photograph every page and dialog and compare; with `--accept` what is photographed becomes the reference, and
    references of what is not there any more go."""
    rest = [argument for argument in arguments if argument != "--accept"]
    if len(rest) < len(arguments):
        os.environ["IPNFT_ACCEPT_PICTURES"] = "1"
        if not rest:
            shutil.rmtree(layout.root / PICTURES / "reference", ignore_errors=True)
    code = run(layout, [PICTURES, *rest])
    say("Look at what `git status` lists before you commit it." if len(rest) < len(arguments) else PICTURES_HINT)
    return code


def _every_phase(layout: Layout, reports: Path) -> list[Outcome]:
    jobs: list[Callable[[], Outcome]] = [
        partial(_pytest, layout, phase, reports / f"{number}.xml") for number, phase in enumerate(PYTEST_PHASES)
    ]
    jobs += [partial(run_script, layout, title, script) for title, script in SCRIPT_PHASES.items()]
    lanes, aside = ThreadPoolExecutor(PHASES_AT_ONCE), ThreadPoolExecutor(1)
    installing = aside.submit(peer_packages.install, layout)
    jobs.append(lambda: _with_peer(layout, installing.result(), reports / "peer.xml"))
    try:
        return [running.result() for running in [lanes.submit(job) for job in jobs]]
    finally:
        # Ctrl+C has reached the children from the terminal; nothing new begins behind them.
        lanes.shutdown(cancel_futures=True)
        aside.shutdown(cancel_futures=True)


def _with_peer(layout: Layout, why_not: str, report: Path) -> Outcome:
    """The phase that needs the peer; without it, it is skipped, and says why."""
    return Outcome(PEER_PHASE.title, note=f"skipped: {why_not}") if why_not else _pytest(layout, PEER_PHASE, report)


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
    code, output, seconds = _told_at_the_end(layout, phase, [layout.node, script])
    missing = missing_tool(output)
    if code == 0 and missing is not None:
        return Outcome(phase, seconds=seconds, note=f"skipped: {missing}")
    return judge(phase, count_script(output), code, seconds)


def _pytest(layout: Layout, phase: Phase, report: Path) -> Outcome:
    command = [layout.python, "-m", "pytest", "-q", f"--junitxml={report}", *phase.folders, *phase.options]
    code, _, seconds = _told_at_the_end(layout, phase.title, command)
    return judge(phase.title, _counts_in(report), code, seconds)


def _selected(layout: Layout, report: Path, arguments: Sequence[str]) -> Outcome:
    command = [layout.python, "-m", "pytest", "-q", f"--junitxml={report}", *arguments]
    started = time.perf_counter()
    code = child.run(command, child.environment(layout, offscreen=True), cwd=layout.root)
    return judge("selected tests", _counts_in(report), code, time.perf_counter() - started)


def _told_at_the_end(layout: Layout, phase: str, command: Sequence[str | Path]) -> tuple[int, str, float]:
    """Exit code, last lines and seconds of a phase. What it says comes in one piece: another one runs beside it."""
    say(f"== {phase}: started")
    lines: list[str] = []
    started = time.perf_counter()
    code, output = child.run_quietly(
        command, child.environment(layout, offscreen=True), layout.root, on_line=lines.append
    )
    seconds = time.perf_counter() - started
    say("\n".join([f"== {phase}", *lines]))
    return code, output, seconds


def _counts_in(report: Path) -> Counts | None:
    return count(report.read_text("utf-8")) if report.is_file() else None
