"""What a transaction on the register tells of its mints in figures."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from ipnft_desktop.domain.mint_figures import EndedStep, GasStep, MintFigures, QueueChange


class FigureTransaction(Protocol):
    """Part of `services.ports.Transaction`. Gas and tokens are those of the present chain. Steps are counted from
    1970, UTC, and come in order; those without anything are left out."""

    def mint_figures(self, since: datetime | None) -> MintFigures:
        """Of transactions signed since then, or of all."""
        ...

    def mined_count(self, since: datetime) -> int:
        """Transactions for mints, of `gas_steps`."""
        ...

    def gas_steps(self, since: datetime, step_s: int) -> tuple[GasStep, ...]: ...
    def ended_steps(self, since: datetime, step_s: int) -> tuple[EndedStep, ...]:
        """Mints of every chain, cancelled ones not among them."""
        ...

    def queue_changes(self, since: datetime, step_s: int) -> tuple[QueueChange, ...]:
        """Mints of every chain, by their first request and their last end."""
        ...

    def open_job_count(self) -> int: ...
    def first_request(self) -> datetime | None:
        """Of any mint on record."""
        ...
