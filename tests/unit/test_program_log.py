"""The log file: complete when closed, written and turned over away from the thread that logs."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import threading
from collections.abc import Iterator
from logging.handlers import QueueListener
from pathlib import Path
from uuid import UUID

import pytest

from ipnft_desktop import program_log
from ipnft_desktop.program_log import LOG_FILE, close_log, log_event, open_log, traced

log = logging.getLogger("ipnft.test")


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    close_log()


def test_lines_are_written_by_another_thread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writers: set[int] = set()
    handle = QueueListener.handle

    def noted(listener: QueueListener, record: logging.LogRecord) -> None:
        writers.add(threading.get_ident())
        handle(listener, record)

    monkeypatch.setattr(QueueListener, "handle", noted)
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


FIRST, SECOND = UUID(int=1), UUID(int=2)


def _written(profile: Path) -> list[str]:
    """The lines, each without its time."""
    close_log()
    lines = (profile / LOG_FILE).read_text("utf-8").splitlines()
    return [re.sub(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z ", "", line) for line in lines]


def test_an_event_is_its_name_and_facts(tmp_path: Path) -> None:
    open_log(tmp_path)
    with traced(FIRST):
        log_event("mint.signed", tx="0x01", nonce=7, block=None)
    log_event("alert.raised", logging.WARNING, mint=SECOND)
    log_event("ready")
    assert _written(tmp_path) == [
        f"INFO ipnft mint.signed mint={FIRST} tx=0x01 nonce=7",
        f"WARNING ipnft alert.raised mint={SECOND}",
        "INFO ipnft ready",
    ]


async def test_what_a_mint_logs_carries_its_id_wherever_it_runs(tmp_path: Path) -> None:
    async def work(job_id: UUID) -> None:
        with traced(job_id):
            for step in range(3):
                await asyncio.sleep(0)
                log.info("step %d", step)
            await asyncio.to_thread(log.info, "thread")
            await asyncio.create_task(asyncio.to_thread(log.warning, "task"))

    open_log(tmp_path)
    await asyncio.gather(work(FIRST), work(SECOND))
    with traced(FIRST), traced(None):
        await asyncio.create_task(asyncio.to_thread(log.info, "nobody's"))
    lines = _written(tmp_path)
    for job_id in (FIRST, SECOND):
        mine = [line for line in lines if line.endswith(f" mint={job_id}")]
        assert [line.rpartition(" mint=")[0].removeprefix("INFO ipnft.test ") for line in mine] == [
            *("step 0", "step 1", "step 2", "thread"),
            "WARNING ipnft.test task",
        ]
    assert lines[-1] == "INFO ipnft.test nobody's"
    assert len(lines) == 11
    assert lines[0][-1] != lines[1][-1], "the two did not run side by side"


@pytest.mark.parametrize(
    "foreign", ["a b", "a=b", 'say "hi"', "", "one\ntwo", "\u2028", "\u202eevil", "\x1b[31m", "\ud800"]
)
def test_no_value_can_begin_a_line_or_pass_for_another_fact(tmp_path: Path, foreign: str) -> None:
    open_log(tmp_path)
    log_event("mint.failed", detail=foreign, code="TX_REVERTED")
    log.info("the node said %s", foreign)
    event, message = _written(tmp_path)
    found = re.fullmatch(r'INFO ipnft mint\.failed detail=("(?:[^"\\]|\\.)*") code=TX_REVERTED', event)
    assert found, event
    if foreign.isprintable():
        assert json.loads(found[1]) == foreign
    assert message.isprintable()


def test_a_plain_value_stays_as_it_is(tmp_path: Path) -> None:
    open_log(tmp_path)
    log_event("asset.create", name="青花瓷", file="a/b.pdf")
    assert _written(tmp_path) == ["INFO ipnft asset.create name=青花瓷 file=a/b.pdf"]


def test_a_failure_inside_a_mint_is_found_by_its_id_and_forges_no_line(tmp_path: Path) -> None:
    open_log(tmp_path)
    with traced(FIRST):
        try:
            raise ValueError("why\n2024-01-01T00:00:00.000Z INFO ipnft forged")
        except ValueError:
            log.exception("unexpected")
    first, *below = _written(tmp_path)
    assert first == f"ERROR ipnft.test unexpected mint={FIRST}"
    assert all(line.startswith("  ") for line in below)
