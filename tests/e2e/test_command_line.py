"""The console command where no window can come up."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from ipnft_desktop.paths import PROJECT

DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def ipnft(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name not in DISPLAYS}
    command = [sys.executable, "-m", "ipnft_desktop", *arguments]
    return subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=60)


def test_version_needs_no_display() -> None:
    assert ipnft("--version").stdout.startswith("IPNFT Desktop ")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems always have a display")
def test_without_a_display_the_window_is_refused_in_one_sentence() -> None:
    run = ipnft()
    assert run.returncode == 2
    assert run.stderr.startswith("There is no display.")
    assert "Traceback" not in run.stderr
