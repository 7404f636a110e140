"""The window while ten thousand verdicts come in, are searched, sorted, narrowed, scrolled and closed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt

from benchmarks.catalogue import Figure, Sizes
from benchmarks.child import run_scenario, temporary_profile
from benchmarks.gap_rounds import GapRounds, gap_figures
from benchmarks.many_assets import copied_asset
from benchmarks.program import Running
from ipnft_desktop.domain.assets import AssetQuery
from ipnft_desktop.domain.reconciliation import Cause
from ipnft_desktop.domain.sheets import SheetFormat
from ipnft_desktop.services.bulk_verification import GROUP, AssetVerdict, OnVerdicts
from ipnft_desktop.services.long_work import LongWork
from ipnft_desktop.services.verified_facts import VerifiedFact, VerifiedField, Witness
from ipnft_desktop.ui.gallery.verify_all_dialog import VerifyAllDialog
from ipnft_desktop.ui.gallery.verify_all_presenter import VerifyAllPresenter
from ipnft_desktop.ui.models.chosen_assets import ChosenAssets

SCENARIO = "verify-table"
RED_EVERY = 97
_GROUP_PAUSE_S = 0.01
_WORDS = ("Measured", "77", "owner", "nothing of the kind", "")
_FRAMES, _STEP_ROWS, _FRAME_PAUSE_S = 100, 7, 0.008


def measure(sizes: Sizes) -> list[Figure]:
    """Each round is a dialog of its own in the same program; the verdicts are made up."""
    with temporary_profile() as profile:
        samples = run_scenario(SCENARIO, profile, sizes)
    return [figure for action, rounds in samples.items() for figure in gap_figures(action, rounds)]


async def show_often(running: Running, sizes: Sizes) -> dict[str, Any]:
    """Each step is done when the table shows what was wished for."""
    view = running.program.pages.gallery_view
    source = _MadeUp(list(_verdicts(sizes.verified_assets)))
    presenter = VerifyAllPresenter(view, source, source)
    gaps = {action: GapRounds() for action in ("verify_table_show", "verify_table")}
    for _ in range(sizes.gap_rounds):
        with gaps["verify_table_show"].round():
            presenter.open(ChosenAssets(AssetQuery(), sizes.verified_assets))
            dialog = presenter.dialog
            assert dialog is not None
            while presenter.is_working or not dialog.model.is_arranged:  # noqa: ASYNC110 - likewise
                await asyncio.sleep(_FRAME_PAUSE_S)
        if len(dialog.verdicts) != sizes.verified_assets or dialog.model.rowCount() != sizes.verified_assets:
            raise RuntimeError(f"{dialog.model.rowCount()} verdicts are shown")
        with gaps["verify_table"].round():
            await _use(dialog)
            dialog.accept()
            del dialog
            await asyncio.sleep(_FRAME_PAUSE_S)
    await presenter.close()
    return {action: rounds.samples() for action, rounds in gaps.items()}


async def _use(dialog: VerifyAllDialog) -> None:
    for words in _WORDS:
        dialog.search.setText(words)
        dialog.search.returnPressed.emit()
        await _arranged(dialog)
    for column in range(dialog.model.columnCount()):
        for order in (Qt.SortOrder.DescendingOrder, Qt.SortOrder.AscendingOrder):
            dialog.table.horizontalHeader().setSortIndicator(column, order)
            await _arranged(dialog)
    for wanted in (True, False):
        dialog.only_red.setChecked(wanted)
        await _arranged(dialog)
    for frame in range(_FRAMES):
        dialog.table.verticalScrollBar().setValue(frame * _STEP_ROWS)
        await asyncio.sleep(_FRAME_PAUSE_S)


async def _arranged(dialog: VerifyAllDialog) -> None:
    while not dialog.model.is_arranged:  # noqa: ASYNC110 - looked at as often as a frame is painted
        await asyncio.sleep(_FRAME_PAUSE_S)
    await asyncio.sleep(_FRAME_PAUSE_S)  # and painted


def _verdicts(count: int) -> Iterator[AssetVerdict]:
    for number in range(count):
        facts = [VerifiedFact(field, f"{number:064x}", Witness.CHAIN, f"{number:064x}") for field in VerifiedField]
        if not number % RED_EVERY:
            facts[0] = VerifiedFact(VerifiedField.OWNER, "a", Witness.CHAIN, "b", cause=Cause.OWNER_MOVED)
        yield AssetVerdict(copied_asset(number), f"Measured asset {number}", tuple(facts))


class _MadeUp:
    """Answers as the services do, a group after the other."""

    def __init__(self, verdicts: Sequence[AssetVerdict]) -> None:
        self._all = verdicts

    async def verify(
        self, asset_ids: Sequence[UUID], work: LongWork, tell: OnVerdicts | None = None
    ) -> tuple[AssetVerdict, ...]:
        """Not asked for: all are listed."""
        raise NotImplementedError

    async def verify_listed(
        self,
        query: AssetQuery,
        work: LongWork,
        tell: OnVerdicts | None = None,
        spans: Sequence[tuple[int, int]] = (),
    ) -> tuple[AssetVerdict, ...]:
        """All."""
        assert tell is not None
        for first in range(0, len(self._all), GROUP):
            await asyncio.sleep(_GROUP_PAUSE_S)
            tell(self._all[first : first + GROUP])
            work.report(first / len(self._all))
        return tuple(self._all)

    async def verdicts(
        self, verdicts: Sequence[AssetVerdict], sheet_format: SheetFormat, target: Path, work: LongWork
    ) -> int:
        """Not asked for."""
        raise NotImplementedError
