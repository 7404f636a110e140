"""Where the program's own read-only files are, from a checkout and from a packaged folder alike."""

from __future__ import annotations

import sys
from pathlib import Path

PROJECT: Path = Path(getattr(sys, "_MEIPASS", Path(__file__).resolve().parent.parent))
"""Folder that holds resources, demonstration data, node packages and the Hardhat configuration."""

RESOURCES: Path = PROJECT / "resources"
DEMO_DATA: Path = PROJECT / "demo_data"
