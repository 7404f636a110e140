"""Where the rows of a long list are: pages behind anchors, of which only the last used few are kept.

A page is the stretch between two anchors, so it keeps its place when a row enters or leaves it. Pages far from any
anchor are reached by walking over the stretches between, from the front or, with the order reversed, from the end.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from dataclasses import dataclass, replace
from uuid import UUID

from ipnft_desktop.domain.assets import AssetPage, AssetQuery, AssetRow, PageAnchor

PAGE_ROWS = 100
"""Some screens full. The thread that reads a page and the window share one interpreter: a page twice as long costs the
frame it falls into twice as much."""
KEPT_PAGES = 24
WALK_PAGES = 10
"""Pages stepped over in one query while walking: few queries, each still short."""


@dataclass(frozen=True, slots=True)
class PageRequest:
    """One query that brings the list a step nearer to a wanted page: `RegisterService.page(query, after, limit)`."""

    query: AssetQuery
    after: PageAnchor | None
    limit: int
    first_page: int
    pages: int
    layout: object
    """Mark of the layout the request was made from; an answer to an older one is of no use."""

    @property
    def last_page(self) -> int:
        """The last page the answer covers."""
        return self.first_page + self.pages - 1


class OutOfStep(Exception):
    """The list in the register is not the one laid out here: it must be laid out anew."""


class AssetPages:
    """The rows of one query in order: how many there are, and those that are loaded.

    Of a list that `is_cut` more rows follow in the register than are laid out; its end is reached from the front only.
    """

    def __init__(self, query: AssetQuery, count: int, page_rows: int = PAGE_ROWS, *, is_cut: bool = False) -> None:
        self.query = query
        self.is_cut = is_cut
        self._starts = [*range(0, max(count, 1), page_rows), count]
        self._before: dict[int, PageAnchor | None] = {0: None}
        self._behind: dict[int, PageAnchor | None] = {} if is_cut else {self._last: None}
        self._kept: OrderedDict[int, list[AssetRow]] = OrderedDict()
        # Page and number of each loaded row. The numbers of a page follow one another from its `_first`, so that a row
        # that enters before the first changes no other number.
        self._place_of: dict[UUID, tuple[int, int]] = {}
        self._first: dict[int, int] = {}
        self._layout = object()

    @property
    def count(self) -> int:
        """Rows of the whole list."""
        return self._starts[-1]

    @property
    def _last(self) -> int:
        return len(self._starts) - 2

    def page_of_row(self, row: int) -> int:
        """The page that holds a row."""
        return min(bisect_right(self._starts, row) - 1, self._last)

    def row(self, row: int) -> AssetRow | None:
        """A row if it is loaded."""
        page = self.page_of_row(row)
        rows = self._kept.get(page)
        if rows is None:
            return None
        self._kept.move_to_end(page)
        return rows[row - self._starts[page]]

    def position(self, asset_id: UUID) -> int | None:
        """The row of an asset if it is loaded."""
        place = self._place_of.get(asset_id)
        if place is None:
            return None
        page, number = place
        return self._starts[page] + number - self._first[page]

    def is_loaded(self, page: int) -> bool:
        """Whether the rows of a page are here."""
        return page in self._kept

    def rows_of(self, page: int) -> tuple[int, int]:
        """First and last row of a page."""
        return self._starts[page], self._starts[page + 1] - 1

    def request_toward(self, page: int) -> PageRequest | None:
        """The next query on the shortest way to a page; None if it is here already."""
        if self.is_loaded(page):
            return None
        front = max(known for known in self._before if known <= page)
        back = min((known for known in self._behind if known >= page), default=None)
        if back is None or page - front <= back - page:
            return self._request(front, front + _step(page - front) - 1, is_reversed=False)
        return self._request(back - _step(back - page) + 1, back, is_reversed=True)

    def accept(self, request: PageRequest, answer: AssetPage) -> int | None:
        """Take in an answer; the page that is loaded by it, or None if it was a step on the way or came too late.

        Raises OutOfStep if the register holds another number of rows there than laid out.
        """
        if request.layout is not self._layout:
            return None
        is_reversed = request.query.descending != self.query.descending
        ends_list = request.first_page == 0 if is_reversed else request.last_page == self._last
        is_open_end = ends_list and self.is_cut and not is_reversed
        if len(answer.rows) != request.limit or (answer.next_anchor is None and not ends_list):
            raise OutOfStep
        if ends_list and answer.next_anchor is not None and not is_open_end:
            raise OutOfStep
        if answer.next_anchor is not None and is_reversed:
            self._behind[request.first_page - 1] = answer.next_anchor
        elif answer.next_anchor is not None:
            self._before[request.last_page + 1] = answer.next_anchor
        if request.pages > 1:
            return None
        page = request.first_page
        if any(self._place_of.get(row.asset_id, (page, 0))[0] != page for row in answer.rows):
            raise OutOfStep
        self._keep(page, list(answer.rows[::-1] if is_reversed else answer.rows))
        return page

    def replace(self, row: AssetRow) -> int | None:
        """Put a new version of a row in its place; the row's number, or None if it is not loaded."""
        at = self.position(row.asset_id)
        if at is not None:
            page = self.page_of_row(at)
            self._kept[page][at - self._starts[page]] = row
        return at

    def insert(self, row: AssetRow, *, at_end: bool) -> None:
        """Add a row before the first or behind the last."""
        page = self._last if at_end else 0
        if (rows := self._kept.get(page)) is not None:
            if at_end:
                self._place_of[row.asset_id] = (page, self._first[page] + len(rows))
                rows.append(row)
            else:
                self._first[page] -= 1
                self._place_of[row.asset_id] = (page, self._first[page])
                rows.insert(0, row)
        elif self.count == 0:
            self._keep(page, [row])
        self._shift(page, 1)

    def can_remove(self, asset_id: UUID) -> bool:
        """Whether a loaded row can leave its page; a page without rows would have no anchors."""
        page, _ = self._place_of[asset_id]
        return len(self._kept[page]) > 1 or self._last == 0

    def remove(self, asset_id: UUID) -> None:
        """Take a row out for which `can_remove` holds."""
        page, number = self._place_of.pop(asset_id)
        rows = self._kept[page]
        del rows[number - self._first[page]]
        self._number(page, rows)
        self._shift(page, -1)

    def _request(self, first: int, last: int, *, is_reversed: bool) -> PageRequest:
        descending = self.query.descending != is_reversed
        return PageRequest(
            query=replace(self.query, descending=descending),
            after=self._behind[last] if is_reversed else self._before[first],
            limit=self._starts[last + 1] - self._starts[first],
            first_page=first,
            pages=last - first + 1,
            layout=self._layout,
        )

    def _keep(self, page: int, rows: list[AssetRow]) -> None:
        self._kept[page] = rows
        self._kept.move_to_end(page)
        self._number(page, rows)
        while len(self._kept) > KEPT_PAGES:
            far, dropped = self._kept.popitem(last=False)
            del self._first[far]
            for row in dropped:
                del self._place_of[row.asset_id]

    def _number(self, page: int, rows: list[AssetRow]) -> None:
        self._first[page] = 0
        self._place_of.update((row.asset_id, (page, at)) for at, row in enumerate(rows))

    def _shift(self, page: int, by: int) -> None:
        for later in range(page + 1, len(self._starts)):
            self._starts[later] += by
        self._layout = object()


def _step(distance: int) -> int:
    """Pages to step over at once: the wanted page alone when it is next, otherwise the way up to it."""
    return min(distance, WALK_PAGES) or 1
