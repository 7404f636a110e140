"""Threads that work off requests from a queue and answer through futures; ending them finishes what was asked."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from ipnft_desktop.services.ports import Transaction


@dataclass(frozen=True, slots=True)
class Request:
    """A piece of work and the future that gets its result."""

    work: Callable[[Transaction], Any]
    future: Future[Any] = field(default_factory=Future[Any])


class RequestThreads:
    """`count` threads that share one queue. `serve` gets at most `batch` waiting requests at once and must answer
    every one of them."""

    def __init__(self, name: str, count: int, batch: int, serve: Callable[[list[Request]], None]) -> None:
        self._queue: queue.SimpleQueue[Request | None] = queue.SimpleQueue()
        self._batch = batch
        self._serve = serve
        # Daemons: a program that dies without closing must not hang on them; commits are whole or absent anyway.
        self._threads = [threading.Thread(target=self._run, name=f"{name}-{i}", daemon=True) for i in range(count)]
        for thread in self._threads:
            thread.start()

    def submit(self, work: Callable[[Transaction], Any]) -> Future[Any]:
        """Queue work; the future ends with its result or exception."""
        request = Request(work)
        self._queue.put(request)
        return request.future

    def end(self) -> None:
        """Finish the requests already queued, then end the threads. Blocks until they have ended."""
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        ending = False
        while not ending:
            requests, ending = self._gather()
            # A request cancelled while it waited is dropped; from here on it can no longer be.
            wanted = [request for request in requests if request.future.set_running_or_notify_cancel()]
            if wanted:
                self._serve(wanted)

    def _gather(self) -> tuple[list[Request], bool]:
        """Wait for a request and take along what waits behind it; True if the end was reached."""
        requests: list[Request] = []
        request = self._queue.get()
        while request is not None:
            requests.append(request)
            if len(requests) == self._batch:
                return requests, False
            try:
                request = self._queue.get_nowait()
            except queue.Empty:
                return requests, False
        return requests, True
