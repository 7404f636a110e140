"""Libraries that import each other in circles are loaded by one thread, whoever needs them first."""

from __future__ import annotations

import subprocess
import sys
import threading
from types import ModuleType

import pytest

from ipnft_desktop.adapters.chain import ethereum_libraries


def test_a_second_thread_waits_until_all_are_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    inside, go_on, told = threading.Event(), threading.Event(), list[str]()

    def slowly(name: str) -> ModuleType:
        inside.set()
        assert go_on.wait(10)
        told.append(f"{threading.current_thread().name} {name}")
        return ModuleType(name)

    monkeypatch.setattr(ethereum_libraries, "import_module", slowly)
    threads = [threading.Thread(target=ethereum_libraries.load, name=name) for name in ("first", "second")]
    threads[0].start()
    assert inside.wait(10)
    threads[1].start()
    go_on.set()
    for thread in threads:
        thread.join(10)
    assert [line.split()[0] for line in told] == ["first"] * 4 + ["second"] * 4


_NESTED = """
import sys
from ipnft_desktop.adapters.chain import ethereum_libraries
from ipnft_desktop.adapters.chain.json_answers import AnswerUnread, parsed
usual = sys.getrecursionlimit()
ethereum_libraries.load_keystores()
assert "eth_keyfile.keyfile" in sys.modules
assert sys.getrecursionlimit() == usual
try:
    parsed(b"[" * 200_000)
except AnswerUnread:
    print("refused")
"""


def test_text_that_is_nested_beyond_reason_is_refused_with_keystores_loaded() -> None:
    """In a process of its own: it would be the end of this one."""
    run = subprocess.run([sys.executable, "-c", _NESTED], capture_output=True, text=True, check=False, timeout=50)
    assert (run.returncode, run.stdout) == (0, "refused\n"), run.stderr
