"""The log file: complete when closed, written and turned over away from the thread that logs."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from logging.handlers import RotatingFileHandler
from pathlib import Path

import pytest

from ipnft_desktop import program_log
from ipnft_desktop.program_log import LOG_FILE, close_log, open_log

log = logging.getLogger("ipnft.test")


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    close_log()


def test_lines_are_written_by_another_thread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writers: set[int] = set()
    emit = RotatingFileHandler.emit

    def noted(handler: RotatingFileHandler, record: logging.LogRecord) -> None:
        writers.add(threading.get_ident())
        emit(handler, record)

    monkeypatch.setattr(RotatingFileHandler, "emit", noted)
    open_log(tmp_path)
    log.info("asset.create")
    close_log()
    assert len(writers) == 1
    assert threading.get_ident() not in writers


def test_a_closed_log_holds_every_line_and_leaves_no_thread(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    open_log(tmp_path)
    for number in range(100):
        log.info("line=%d", number)
    close_log()
    lines = (tmp_path / LOG_FILE).read_text("utf-8").splitlines()
    assert [line.rpartition("=")[2] for line in lines] == [str(number) for number in range(100)]
    assert set(threading.enumerate()) == before


def test_a_failure_is_written_with_its_traceback_once(tmp_path: Path) -> None:
    open_log(tmp_path)
    try:
        raise ValueError("why")
    except ValueError:
        log.exception("unexpected %s", "ValueError")
    close_log()
    text = (tmp_path / LOG_FILE).read_text("utf-8")
    assert "ERROR ipnft.test unexpected ValueError\n" in text
    assert text.count("Traceback") == 1
    assert text.endswith("ValueError: why\n")


def test_a_full_file_is_turned_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program_log, "FILE_BYTES", 200)
    open_log(tmp_path)
    for number in range(20):
        log.info("line=%d", number)
    close_log()
    assert len(list((tmp_path / LOG_FILE).parent.iterdir())) == program_log.FILES_KEPT + 1


def test_closing_twice_is_harmless(tmp_path: Path) -> None:
    open_log(tmp_path)
    handler = logging.getLogger("ipnft").handlers[-1]
    close_log()
    close_log()
    handler.close()  # as the logging library does once more at the end of the process


@pytest.mark.parametrize("below", ["", "below"])
def test_an_unusable_profile_raises_and_opens_nothing(tmp_path: Path, below: str) -> None:
    profile = tmp_path / "file"
    profile.touch()
    before = [*logging.getLogger("ipnft").handlers]
    with pytest.raises(OSError):
        open_log(profile / below)
    assert logging.getLogger("ipnft").handlers == before
