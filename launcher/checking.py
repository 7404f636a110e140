"""`start.py check`: style, types, layers, nothing generated is stale, the contract audited. Each says its time."""

from __future__ import annotations

import json
import re
import time
import tomllib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from pathlib import Path
from typing import Any

from launcher import audits, child, house_style
from launcher.console import say
from launcher.layout import Layout
from launcher.python_packages import DEV_LOCK, RUN_LOCK
from launcher.translating import catalogue_findings

Check = Callable[[], str]  # returns what is wrong, empty when nothing is


class Verdict(StrEnum):
    """How a check ended."""

    OK = "ok"
    FAILED = "FAILED"
    SKIPPED = "skipped"


def run(layout: Layout) -> int:
    """Run every check; 0 when all are clean."""

    def tool(*command: str | Path) -> Check:
        return lambda: _tool_findings(layout, command)

    python = layout.python
    # Two lanes beside each other, of about the same length.
    lanes: tuple[dict[str, Check], ...] = (
        {
            "style (ruff)": tool(python, "-m", "ruff", "check", "--quiet", "."),
            "types (basedpyright)": tool(python, "-m", "basedpyright", "--level", "error"),
            "layers (import-linter)": tool(layout.scripts / "lint-imports"),
            "house style": lambda: "\n".join(house_style.findings(layout.root)),
            "lock files fresh": lambda: "\n".join(lock_findings(layout.root)),
            "translations": lambda: catalogue_findings(layout),
        },
        {
            "generated contracts fresh": tool(layout.node, "contracts/export_artifacts.js", "--check"),
            # After the compilation above, whose output it reads.
            "contract audit (slither)": lambda: audits.slither_findings(layout),
            "mint is unique (halmos)": lambda: audits.halmos_findings(layout),
        },
    )
    with ThreadPoolExecutor(len(lanes)) as pool:
        verdicts = [verdict for lane in pool.map(_lane, lanes) for verdict in lane]
    failed, skipped = verdicts.count(Verdict.FAILED), verdicts.count(Verdict.SKIPPED)
    say()
    say(f"{len(verdicts) - failed - skipped} checks clean, {failed} not" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed else 0


def _lane(checks: dict[str, Check]) -> list[Verdict]:
    return [_verdict(title, check) for title, check in checks.items()]


def _verdict(title: str, check: Check) -> Verdict:
    started = time.perf_counter()
    try:
        findings = check().strip()
    except audits.Skipped as reason:
        say(f"{title + ' ':.<34} skipped: {reason}")
        return Verdict.SKIPPED
    verdict = Verdict.FAILED if findings else Verdict.OK
    line = f"{title + ' ':.<34} {verdict:<7}{time.perf_counter() - started:>6.1f} s"
    say(f"{line}\n{findings}" if findings else line)
    return verdict


def lock_findings(root: Path) -> list[str]:
    """What makes the lock files stale or tied to one machine."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    run_pins = pins([*project["dependencies"], *extras["install"]])
    every_pin = pins([*project["dependencies"], *(line for lines in extras.values() for line in lines)])
    run_lock, dev_lock = ((root / name).read_text("utf-8") for name in (RUN_LOCK, DEV_LOCK))
    findings = stale(RUN_LOCK, run_pins, locked(run_lock)) + stale(DEV_LOCK, every_pin, locked(dev_lock))
    findings += stale(DEV_LOCK, locked(run_lock), locked(dev_lock))
    findings += addresses(RUN_LOCK, run_lock) + addresses(DEV_LOCK, dev_lock)
    return findings + node_findings(
        json.loads((root / "package.json").read_text("utf-8")),
        json.loads((root / "package-lock.json").read_text("utf-8")),
    )


def pins(requirements: list[str]) -> dict[str, str]:
    """Normalised name -> exact version; an empty version for a requirement that pins none."""
    found: dict[str, str] = {}
    for requirement in requirements:
        name, _, version = requirement.partition("==")
        name = re.split(r"[\[ ;<>~!=]", name, maxsplit=1)[0]
        found[_normalised(name)] = version.split(";")[0].strip()
    return found


def locked(lock_text: str) -> dict[str, str]:
    lines = re.findall(r"^([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?==([^\s;\\]+)", lock_text, flags=re.MULTILINE)
    return {_normalised(name): version for name, version in lines}


def stale(lock: str, wanted: dict[str, str], present: dict[str, str]) -> list[str]:
    return [
        f"{lock}: {name} should be {version or 'pinned'}, found {present.get(name, 'nothing')}"
        for name, version in wanted.items()
        if not version or present.get(name) != version
    ]


def addresses(lock: str, lock_text: str) -> list[str]:
    """Lines that name a place to download from: the lock has to serve every index and mirror."""
    pattern = re.compile(r"https?://|file:|^\s*(--index-url|-i |--extra-index-url|--find-links|-f )| @ ")
    lines = enumerate(lock_text.splitlines(), start=1)
    return [f"{lock}:{number}: names a download address" for number, line in lines if pattern.search(line)]


def node_findings(package: dict[str, Any], package_lock: dict[str, Any]) -> list[str]:
    """package-lock.json against package.json, free of addresses, and complete for every operating system.

    A mirror that lacks the builds for other systems makes npm leave them out silently, and `npm ci` then refuses.
    """
    entries: dict[str, dict[str, Any]] = package_lock["packages"]
    findings = [
        f"package-lock.json: {name} names a download address"
        for name, entry in entries.items()
        if "://" in entry.get("resolved", "")
    ]
    names = {path.rpartition("node_modules/")[2] for path in entries}
    findings += [
        f"package-lock.json: {name}, which {path} needs on some system, is missing"
        for path, entry in entries.items()
        for name in entry.get("optionalDependencies", {})
        if name not in names
    ]
    for group in ("dependencies", "devDependencies"):
        wanted: dict[str, str] = package.get(group, {})
        for name, version in wanted.items():
            present = entries.get(f"node_modules/{name}", {}).get("version", "nothing")
            if present != version:
                findings.append(f"package-lock.json: {name} should be {version}, found {present}")
    return findings


def _normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _tool_findings(layout: Layout, command: tuple[str | Path, ...]) -> str:
    env = child.environment(layout, offscreen=True)
    code, output = child.run_quietly(command, env, layout.root)
    return (output or f"ended with exit code {code}") if code != 0 else ""
