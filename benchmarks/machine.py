"""What the figures were measured on: without it they mean nothing."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from typing import Any

import psutil


def describe() -> dict[str, Any]:
    """Facts of this machine now; call it before the load that is measured."""
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "processors": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
        "python": platform.python_version(),
        "qt": version("PySide6-Essentials"),
        "load_average": [round(load, 2) for load in psutil.getloadavg()],
    }
