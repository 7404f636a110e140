"""Which assets of a list are meant: all of it, or what is selected in it, loaded or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from uuid import UUID

from PySide6.QtCore import QItemSelectionModel

from ipnft_desktop.domain.assets import AssetQuery, AssetRow
from ipnft_desktop.domain.minting import AssetState
from ipnft_desktop.ui.models.asset_table_model import AssetTableModel


@dataclass(frozen=True, slots=True)
class ChosenAssets:
    """All that a query lists; of these only what `asset_ids` names or, where not all of them are loaded, the rows of
    `spans`, first and last of each stretch."""

    query: AssetQuery
    count: int
    asset_ids: tuple[UUID, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()

    @property
    def is_selection(self) -> bool:
        """Whether it is not simply all."""
        return bool(self.asset_ids or self.spans)


def spans_of(selection: QItemSelectionModel) -> list[tuple[int, int]]:
    """First and last row of each stretch of a selection; never one index a row, for there may be a million."""
    ranges = selection.selection()
    parts = [ranges.at(at) for at in range(ranges.count())]
    return sorted({(part.top(), part.bottom()) for part in parts})


def all_listed(query: AssetQuery, model: AssetTableModel) -> ChosenAssets:
    """Everything a page lists."""
    return ChosenAssets(query, model.rowCount())


def minted_of(model: AssetTableModel, spans: Sequence[tuple[int, int]]) -> ChosenAssets:
    """What is minted of these rows, as far as that is known without asking the register."""
    numbers = chain.from_iterable(range(first, last + 1) for first, last in spans)
    found: list[AssetRow] = []
    for number in numbers:
        row = model.row_at(number)
        if row is None:
            count = sum(last - first + 1 for first, last in spans)
            return ChosenAssets(model.query, count, spans=tuple(spans))
        found.append(row)
    ids = tuple(row.asset_id for row in found if row.state is AssetState.MINTED)
    return ChosenAssets(model.query, len(ids), ids)
