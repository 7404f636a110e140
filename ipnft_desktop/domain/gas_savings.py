"""What a batch saves, against what, and how little it could cost at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Savings:
    """What a token of a batch saves, in percent of a single mint. Neither is told without the other."""

    own_single_percent: float
    """Against our own single mint."""
    baseline_single_percent: float
    """Against baseline A's single mint."""


def savings(gas_per_token: float, own_single_gas: int, baseline_single_gas: int) -> Savings:
    """Negative where it costs more than the single mint, as a batch of one does."""
    return Savings(saving_percent(gas_per_token, own_single_gas), saving_percent(gas_per_token, baseline_single_gas))


def saving_percent(cost: float, base: float) -> float:
    """Share of the base that is not paid."""
    return 100 * (1 - cost / base)


FLOOR_PER_TOKEN_GAS: Final = 24_231
FLOOR_PER_CALL_GAS: Final = 49_200


def floor_gas(size: int) -> float:
    """Least gas per token of a batch to one existing holder that shares one metadata directory.

    A token: a new owner slot (22,100), a Transfer event (1,875), 16 bytes of call data (256). A call: the transaction
    (21,000), a new directory slot (22,100), the holder's balance (5,000), about 1,100 for the rest. The prices are
    those of EIP-2929, EIP-2200, EIP-2028 and the Yellow Paper, appendix G.
    """
    return FLOOR_PER_TOKEN_GAS + FLOOR_PER_CALL_GAS / size


@dataclass(frozen=True, slots=True)
class PublishedSaving:
    """A saving that others publish for batches of a size, in percent."""

    first_size: int
    last_size: int
    low_percent: float
    high_percent: float


PUBLISHED_SAVINGS: Final = (
    PublishedSaving(5, 10, 61, 74),
    PublishedSaving(15, 25, 71, 77),
    PublishedSaving(30, 50, 76, 78),
)
"""Of ERC-20 batches. No base is named with them: they seem to set a single mint to a new holder beside a batch to
existing ones, which shows more than the batch saves. Our savings set like beside like."""
PUBLISHED_BEST: Final = PublishedSaving(30, 30, 78.39, 78.39)


@dataclass(frozen=True, slots=True)
class RecommendedRange:
    """Batch sizes that are worth their wait, both ends included."""

    first: int
    last: int


WORTHWHILE_PERCENT_POINTS: Final = 0.5
"""From where the next item adds less than this to the saving, larger batches gain little."""


def recommended_range(batch_gas: Mapping[int, int], single_gas: int) -> RecommendedRange | None:
    """From the first size at which one more item adds less than half a percent of a single mint to the saving, up to
    the largest that was measured; None where two sizes are missing or it never comes to that.

    `batch_gas` is a whole transaction's gas by its size. Between two measured sizes it is taken on the straight line
    between them: a transaction costs so much by itself and so much a token.
    """
    sizes = sorted(batch_gas)
    if len(sizes) < 2:
        return None
    for size in range(sizes[0], sizes[-1]):
        added = (_per_token(batch_gas, sizes, size) - _per_token(batch_gas, sizes, size + 1)) / single_gas * 100
        if added < WORTHWHILE_PERCENT_POINTS:
            return RecommendedRange(size, sizes[-1])
    return None


def _per_token(batch_gas: Mapping[int, int], sizes: Sequence[int], size: int) -> float:
    above = next(index for index, measured in enumerate(sizes) if measured >= size)
    if sizes[above] == size:
        return batch_gas[size] / size
    low, high = sizes[above - 1], sizes[above]
    slope = (batch_gas[high] - batch_gas[low]) / (high - low)
    return (batch_gas[low] + slope * (size - low)) / size
