"""The Register page over a million assets: opening, from the typed word to its rows, and frames while scrolling."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from benchmarks.catalogue import Figure, Sizes
from benchmarks.child import CACHE, run_scenario, temporary_profile
from benchmarks.figures import median, percentile
from benchmarks.gap_rounds import GapRounds, gap_figures
from benchmarks.many_assets import Templates, add_copies
from benchmarks.program import Running
from benchmarks.work import mint_all, new_requests
from ipnft_desktop.bootstrap.adapters import DATABASE_FILE
from ipnft_desktop.domain.assets import AssetQuery, AssetType, DaySpan, LegalStatus, SortKey
from ipnft_desktop.domain.minting import AssetState
from ipnft_desktop.ui.register.view import RegisterView

TEMPLATES, FIND = "large-register-templates", "large-register"
MINTED_SHARE = 0.2
OPENINGS = 5
FIND_TIMEOUT_S = 400
_WORDS = (
    "方法", "芯片", "神经网络", "量", "的", "一种 方法", "芯片 wireless", "quantum", "neural inference", "th", "e",
    "k1000", "kd6c", "0123456", "MEASURED 00004", "没有这样的词", "zz", '"low power"', "bench-1",
)  # fmt: skip
"""Frequent and rare, long and of one character, in both languages, and some that nothing holds."""
_SCROLL_STEP_ROWS = 7
_SCROLL_ROUNDS = 4
_SEARCHES_A_ROUND = 50
_ANSWER_TIMEOUT_S = 30
_KEY_PAUSE_S = 0.1
"""Nobody types faster than ten keys a second; meanwhile the panel shows the first asset found."""


def measure(sizes: Sizes) -> list[Figure]:
    """One program makes what is copied, the next one finds its way through the copies."""
    with temporary_profile(CACHE) as profile:
        made = run_scenario(TEMPLATES, profile, sizes)
        copies = int(sizes.many_assets * MINTED_SHARE)
        add_copies(profile / DATABASE_FILE, Templates.of(made), sizes.many_assets - copies, copies, with_texts=True)
        samples = run_scenario(FIND, profile, sizes, FIND_TIMEOUT_S)
    open_ms, search_ms, frame_ms = samples["open_ms"], samples["search_ms"], samples["frame_ms"]
    return [
        Figure("register.open_ms", median(open_ms), len(open_ms)),
        Figure("register.search_ms.p50", median(search_ms), len(search_ms)),
        Figure("register.search_ms.p99", percentile(search_ms, 0.99), len(search_ms)),
        Figure("register.frame_ms.p99", percentile(frame_ms, 0.99), len(frame_ms)),
        *(figure for action, rounds in samples["gaps"].items() for figure in gap_figures(action, rounds)),
    ]


async def make_templates(running: Running, _sizes: Sizes) -> dict[str, Any]:
    """A draft and a minted asset."""
    draft, minted = await new_requests(running.core, 2)
    await mint_all(running.core, [minted])
    return {"draft": str(draft.asset_id), "minted": str(minted.asset_id)}


async def find(running: Running, sizes: Sizes) -> dict[str, Any]:
    """Each answer is awaited as a person awaits it: until the rows are laid out and painted."""
    view = running.register_view
    gaps = {action: GapRounds() for action in ("open_register", "search", "sort_1m", "scroll")}
    open_ms: list[float] = []
    for _ in range(OPENINGS):
        with gaps["open_register"].round():
            open_ms.append(await _listed(view, view.reload_requested.emit))
    for descending in (False, True):
        with gaps["sort_1m"].round():
            await _search(view, [AssetQuery(sort=key, descending=descending) for key in SortKey])
    search_ms: list[float] = []
    queries = list(_queries(sizes.searches))
    for at in range(0, len(queries), _SEARCHES_A_ROUND):
        with gaps["search"].round():
            search_ms += await _search(view, queries[at : at + _SEARCHES_A_ROUND])
    await _listed(view, view.clear_filter)
    frame_ms: list[float] = []
    for _ in range(_SCROLL_ROUNDS):
        with gaps["scroll"].round():
            frame_ms += await _scroll(view, sizes.frames // _SCROLL_ROUNDS)
    told = {action: rounds.samples() for action, rounds in gaps.items()}
    return {"open_ms": open_ms, "search_ms": search_ms, "frame_ms": frame_ms, "gaps": told}


async def _search(view: RegisterView, queries: Sequence[AssetQuery]) -> list[float]:
    """Milliseconds from each wish to its painted rows."""
    search_ms: list[float] = []
    for query in queries:
        search_ms.append(await _listed(view, lambda query=query: view.apply_query(query)))
        await asyncio.sleep(_KEY_PAUSE_S)
    return search_ms


async def _listed(view: RegisterView, ask: Callable[[], object]) -> float:
    """Milliseconds from asking to the painted answer. Then the number of matches is awaited, for a person who reads
    the rows asks for nothing else in the meantime."""
    started = time.perf_counter()
    await _next_layout(view, ask)
    answered_ms = (time.perf_counter() - started) * 1000
    if view.model.is_counting:
        await _next_layout(view, lambda: None)
    return answered_ms


async def _next_layout(view: RegisterView, ask: Callable[[], object]) -> None:
    """Returns when the next list is laid out and the window has painted it."""
    painting = _Painting(view.window())
    connection = view.model.modelReset.connect(lambda: (painting.watch(), view.update()))
    try:
        ask()
        async with asyncio.timeout(_ANSWER_TIMEOUT_S):
            await painting.done
    finally:
        view.model.modelReset.disconnect(connection)
        view.window().removeEventFilter(painting)


class _Painting(QObject):
    """`done` once the window has painted what is due. A window paints all of that in one update."""

    def __init__(self, window: QWidget) -> None:
        super().__init__()
        self._window = window
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def watch(self) -> None:
        """From now on."""
        self._window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Whoever waits goes on in a later turn of the loop, when the event has been seen to."""
        if event.type() is QEvent.Type.UpdateRequest and not self.done.done():
            self.done.set_result(None)
        return super().eventFilter(watched, event)


async def _scroll(view: RegisterView, frames: int) -> list[float]:
    """Time of each frame on the way down, pages arriving meanwhile."""
    table, bar = view.table, view.table.verticalScrollBar()
    frame_ms: list[float] = []
    for number in range(frames):
        started = time.perf_counter()
        bar.setValue(number * _SCROLL_STEP_ROWS)
        table.viewport().repaint()
        frame_ms.append((time.perf_counter() - started) * 1000)
        await asyncio.sleep(0.008)
    return frame_ms


def _queries(count: int) -> Iterator[AssetQuery]:
    """Words alone, filters alone, both, each in every order; no two neighbours are alike."""
    chooser = random.Random(5)
    for number in range(count):
        kind = number % 4
        yield AssetQuery(
            text=chooser.choice(_WORDS) if kind != 1 else "",
            states=frozenset({chooser.choice((AssetState.DRAFT, AssetState.MINTED))}) if kind == 2 else frozenset(),
            types=frozenset({chooser.choice(list(AssetType))}) if kind in (1, 3) else frozenset(),
            legal_statuses=frozenset({chooser.choice(list(LegalStatus))}) if kind == 1 else frozenset(),
            creation=DaySpan(date(2001 + number % 20, 1, 1), None) if kind == 3 else DaySpan(),
            sort=list(SortKey)[number % len(SortKey)],
            descending=number % 2 == 0,
        )
