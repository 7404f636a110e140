"""Two audits of the contract for `start.py check`: slither reads the code, halmos proves that a mint is unique."""

from __future__ import annotations

import json
import os
import platform
import shutil
import sys
from pathlib import Path
from typing import Any

from launcher import child
from launcher.layout import Layout

SHIPPED_CONTRACT = Path("resources/contracts/IPAssetNFT.json")
BUILT_CONTRACT = Path("artifacts/contracts/IPAssetNFT.sol/IPAssetNFT.json")  # by Hardhat
BUILD_INFO_FOLDER = Path("artifacts/build-info")
SLITHER_FOLDER = Path("build/slither")  # tests/audit/slither.json names it
HALMOS_FOLDER = Path("build/halmos")  # tests/halmos/halmos.toml names it
COMPILER = Path("tests/foundry/solc.js")  # tests/halmos/foundry.toml names it
HALMOS_FORGE = Path("@foundry-rs/forge-linux-amd64/bin")


class Skipped(Exception):
    """A check cannot run on this system; says why."""


def slither_findings(layout: Layout) -> str:
    """Findings of high or medium impact in what Hardhat compiled last; empty when there are none.

    Hardhat keeps the output of every compilation that one of its artifacts is from. Slither gets that of the contract
    alone, lest it judge code that is gone.
    """
    if not (layout.root / BUILT_CONTRACT).is_file():
        return f"{BUILT_CONTRACT} is missing: the contracts did not compile"
    folder = layout.root / SLITHER_FOLDER / "build-info"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    build = _read(layout.root / BUILT_CONTRACT)["buildInfoId"]
    for name in (f"{build}.json", f"{build}.output.json"):
        shutil.copy(layout.root / BUILD_INFO_FOLDER / name, folder)
    command = [layout.scripts / "slither", ".", "--config-file", "tests/audit/slither.json"]
    code, output = child.run_quietly(command, child.environment(layout, offscreen=True), layout.root)
    return (output or f"ended with exit code {code}") if code != 0 else ""


def halmos_findings(layout: Layout) -> str:
    """Checks of tests/halmos that do not hold or were cut short; empty when all are proved. Raises Skipped.

    halmos prefers a solver that it finds below the home folder to the pinned one, hence a home of its own.
    """
    if not halmos_runs_on(sys.platform, platform.machine()):
        raise Skipped("halmos is made for Linux on x86-64 only")
    folder = layout.root / HALMOS_FOLDER
    (folder / "home").mkdir(parents=True, exist_ok=True)
    report = folder / "report.json"
    report.unlink(missing_ok=True)
    (layout.root / COMPILER).chmod(0o755)  # a copy or an archive of the project may have lost the bit
    shipped = _read(layout.root / SHIPPED_CONTRACT)
    env = child.environment(layout, offscreen=True)
    env |= forge_settings(shipped["compiler"]["settings"])
    env["FOUNDRY_CONFIG"] = str(layout.root / "tests" / "halmos" / "foundry.toml")
    env["PATH"] = os.pathsep.join([str(layout.node_modules / HALMOS_FORGE), env["PATH"]])
    env["HOME"] = str(folder / "home")
    command = [layout.scripts / "halmos", "--root", layout.root, "--config", "tests/halmos/halmos.toml"]
    code, output = child.run_quietly(command, env, layout.root)
    if code != 0:
        return output or f"ended with exit code {code}"
    if _read(folder / "out" / "IPAssetNFT.sol" / "IPAssetNFT.json")["bytecode"]["object"] != shipped["bytecode"]:
        return f"halmos judged other bytecode than {SHIPPED_CONTRACT} holds"
    return "\n".join(cut_short(_read(report)))


def forge_settings(compiler: dict[str, Any]) -> dict[str, str]:
    """The compiler settings of the shipped contract, as forge reads them from its environment."""
    return {
        "FOUNDRY_EVM_VERSION": compiler["evmVersion"],
        "FOUNDRY_OPTIMIZER": json.dumps(compiler["optimizer"]["enabled"]),
        "FOUNDRY_OPTIMIZER_RUNS": json.dumps(compiler["optimizer"]["runs"]),
        "FOUNDRY_VIA_IR": json.dumps(compiler["viaIR"]),
    }


def halmos_runs_on(system: str, machine: str) -> bool:
    """Whether the development lock installs halmos (the marker in pyproject.toml says the same)."""
    return system == "linux" and machine == "x86_64"


def cut_short(report: dict[str, Any]) -> list[str]:
    """Checks that halmos calls proved although it left turns of a loop out."""
    return [
        f"{test['name']}: a loop was cut short, raise `loop` in tests/halmos/halmos.toml"
        for tests in report["test_results"].values()
        for test in tests
        if test["num_bounded_loops"]
    ]


def _read(file: Path) -> dict[str, Any]:
    return json.loads(file.read_text("utf-8"))
