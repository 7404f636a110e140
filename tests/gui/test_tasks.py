"""A page's tasks: none outlives the page, no failure is lost."""

from __future__ import annotations

import asyncio

import pytest

from ipnft_desktop.ui.tasks import PageTasks


async def forever(started: asyncio.Event) -> None:
    started.set()
    await asyncio.Event().wait()


async def test_close_cancels_and_waits_without_reporting() -> None:
    errors: list[Exception] = []
    tasks, started = PageTasks(errors.append), asyncio.Event()
    task = tasks.start(forever(started), "wait")
    await started.wait()
    await tasks.close()
    assert task.cancelled()
    assert errors == []


async def test_failure_reaches_the_handler() -> None:
    errors: list[Exception] = []
    tasks = PageTasks(errors.append)

    async def fail() -> None:
        raise ValueError("broken")

    await asyncio.wait([tasks.start(fail(), "fail")])
    await asyncio.sleep(0)
    assert [str(error) for error in errors] == ["broken"]
    assert not tasks.is_running("fail")


async def test_cancel_stops_only_the_named_task() -> None:
    tasks, first, second = PageTasks(lambda _: None), asyncio.Event(), asyncio.Event()
    tasks.start(forever(first), "first")
    kept = tasks.start(forever(second), "second")
    await asyncio.gather(first.wait(), second.wait())
    await tasks.cancel("first")
    assert not tasks.is_running("first")
    assert not kept.done()
    await tasks.close()


async def test_nothing_starts_after_close() -> None:
    tasks = PageTasks(lambda _: None)
    await tasks.close()
    with pytest.raises(RuntimeError):
        tasks.start(asyncio.sleep(0), "late")


async def test_what_is_done_is_not_running_any_more_from_that_moment_on() -> None:
    tasks, running = PageTasks(lambda _: None), list[bool]()

    async def work() -> None:  # the loop looks right behind it, before it tells anybody
        asyncio.get_running_loop().call_soon(lambda: running.append(tasks.is_running("work")))

    await tasks.start(work(), "work")
    assert running == [False]
    await tasks.close()
