"""What the presenters of the Chain page need of the services."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol
from uuid import UUID

from ipnft_desktop.domain.inspection.blocks import Block, BlockPage
from ipnft_desktop.domain.inspection.comparison import BlockDifference
from ipnft_desktop.domain.inspection.finding import Found
from ipnft_desktop.domain.inspection.tracing import TransactionDetail, TransactionTrace
from ipnft_desktop.domain.inspection.transactions import TransactionPage, TransactionPlace
from ipnft_desktop.domain.sheets import SheetFormat
from ipnft_desktop.services.inspector.chain_inspector import PAGE_SIZE
from ipnft_desktop.services.long_work import LongWork


class Blocks(Protocol):
    """Of `services.inspector.chain_inspector.ChainInspector`."""

    async def blocks(self, below: int | None = None, limit: int = PAGE_SIZE) -> BlockPage: ...
    async def block(self, at: int | str) -> Block | None: ...
    async def transactions_of(self, number: int) -> TransactionPage: ...
    async def compare(self, first: int, second: int) -> BlockDifference: ...


class Transactions(Protocol):
    """Of the same."""

    async def blocks(self, below: int | None = None, limit: int = PAGE_SIZE) -> BlockPage: ...
    async def transactions(self, below: TransactionPlace | None = None, limit: int = PAGE_SIZE) -> TransactionPage: ...
    async def transactions_of(self, number: int) -> TransactionPage: ...
    async def transaction(self, tx_hash: str) -> TransactionDetail | None: ...
    async def trace(self, detail: TransactionDetail) -> TransactionTrace: ...


class Search(Protocol):
    """Of `services.inspector.chain_search.ChainSearch`."""

    async def find(self, text: str) -> tuple[Found, ...]: ...
    async def mint_of(self, asset_id: UUID) -> str | None: ...


class Exports(Protocol):
    """Of `services.inspector.chain_export.ChainExport`."""

    async def blocks(self, first: int | None, sheet_format: SheetFormat, target: Path, work: LongWork) -> int: ...
    async def transactions(self, block: int | None, sheet_format: SheetFormat, target: Path, work: LongWork) -> int: ...
    async def transaction(
        self,
        detail: TransactionDetail,
        trace: TransactionTrace | None,
        sheet_format: SheetFormat,
        target: Path,
        work: LongWork,
    ) -> int: ...
