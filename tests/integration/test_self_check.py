"""What `start.py build` asks of the program that it made."""

from __future__ import annotations

from pathlib import Path

import pytest

from ipnft_desktop.bootstrap.self_check import CHECKS, self_check


async def test_a_program_that_is_whole_passes(capsys: pytest.CaptureFixture[str]) -> None:
    assert await self_check() == 0
    assert capsys.readouterr().out.splitlines() == [f"{name}: works" for name in CHECKS]


async def test_what_is_missing_is_told_and_the_rest_is_still_tried(capsys: pytest.CaptureFixture[str]) -> None:
    async def lacks_a_module(_: Path) -> None:
        raise ModuleNotFoundError("No module named 'nacl.pwhash'")

    async def works(_: Path) -> None:
        pass

    assert await self_check({"Passwords": lacks_a_module, "Signing keys": works}) == 1
    assert capsys.readouterr().out.splitlines() == [
        "Passwords: ModuleNotFoundError: No module named 'nacl.pwhash'",
        "Signing keys: works",
    ]
