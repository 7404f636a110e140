"""What the stage needs of the outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from ipnft_desktop.services.node_ports import NodeHost


class StageConnection(Protocol):
    """What stands between the program and its node while a scene is on: it passes everything on, until a fault."""

    async def cut_off(self, *, with_next_transaction: bool) -> None:
        """Behave as a node that is gone: now, or as soon as the next transaction has reached the node."""
        ...

    async def is_cut_off(self) -> None:
        """Wait until it behaves so."""
        ...

    def lose_next_answer(self) -> None:
        """The next transaction reaches the node; its answer does not come back."""
        ...

    def slow_down(self) -> None:
        """Every answer takes longer."""
        ...

    def hide_funds(self) -> None:
        """Every account seems empty."""
        ...

    async def heal(self) -> None:
        """Pass everything on again."""
        ...

    async def close(self) -> None:
        """Stand before no node any more; harmless where it never did."""
        ...


class StagedNode(NodeHost, Protocol):
    """The node, which while it is `on_stage` names the address of the connection in its place."""

    on_stage: bool


class TokenOracle(Protocol):
    """Asks the node itself, past the connection and past the register."""

    async def mints_of(self, contract: str, token_ids: Sequence[int]) -> Mapping[int, tuple[str, ...]]:
        """Transactions in which each token was made, since the first block. Raises EnvironmentFault
        NODE_UNREACHABLE."""
        ...


@dataclass(frozen=True, slots=True)
class PowerFacts:
    """A battery."""

    is_plugged: bool | None
    """Whether the computer draws from the mains; None where the system does not tell."""
    percent: int


class PowerMeter(Protocol):
    """What the computer runs on."""

    def power(self) -> PowerFacts | None:
        """None where there is no battery. Blocks for a moment."""
        ...
