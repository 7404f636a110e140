"""What the mints of the present chain came to: figures of a period, and how they went over time.

Only what was mined and is on record counts, with the moment at which its transaction was signed. A token that was
adopted counts as a token and nowhere else: who paid for it, and beside how many others, no record of ours tells.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ipnft_desktop.domain.mint_gas import BASELINE_SINGLE_GAS, saved_percent

DAY = timedelta(days=1)
MAX_STEPS = 300
"""Most steps that a chart over time is divided into."""

_MINUTE_S, _HOUR_S, _DAY_S = 60, 3_600, 86_400
STEPS_S = (
    1,
    5,
    15,
    *(minutes * _MINUTE_S for minutes in (1, 5, 15, 30)),
    *(hours * _HOUR_S for hours in (1, 3, 6, 12)),
    *(days * _DAY_S for days in (1, 7, 28, 182, 728)),
)


@dataclass(frozen=True, slots=True)
class MintFigures:
    """Sums over one period. A batch is one transaction that made two tokens or more."""

    tokens: int = 0
    transactions: int = 0
    """All that were mined for mints: reverted ones and cancellations too."""
    fee_wei: int = 0
    """What those cost."""
    batches: int = 0
    batch_tokens: int = 0
    batch_gas: int = 0
    based_tokens: int = 0
    """Of batches with which a single mint on the same contract was recorded, as the next two."""
    based_gas: int = 0
    based_singly_gas: int = 0
    """What the same tokens would have taken one by one, as measured."""

    @property
    def average_batch_size(self) -> float | None:
        """Tokens a batch; None without one."""
        return self.batch_tokens / self.batches if self.batches else None

    @property
    def saved_gas(self) -> int | None:
        """By batches, against our own single mint as it was recorded with each; negative where they took more. None
        where it was recorded with none."""
        return self.based_singly_gas - self.based_gas if self.based_tokens else None

    @property
    def saved_percent(self) -> float | None:
        """As `saved_gas`, of the single mints."""
        return saved_percent(self.based_gas, self.based_singly_gas)

    @property
    def baseless_tokens(self) -> int:
        """Minted in batches with which no single mint was recorded."""
        return self.batch_tokens - self.based_tokens

    @property
    def baseline_saved_gas(self) -> int | None:
        """By batches, against single mints of the common kind, `BASELINE_SINGLE_GAS` each. None without a batch."""
        return self._baseline_gas - self.batch_gas if self.batches else None

    @property
    def baseline_saved_percent(self) -> float | None:
        """As `baseline_saved_gas`, of those single mints."""
        return saved_percent(self.batch_gas, self._baseline_gas)

    @property
    def _baseline_gas(self) -> int:
        return BASELINE_SINGLE_GAS * self.batch_tokens


@dataclass(frozen=True, slots=True)
class Dashboard:
    """The figures of the last 24 hours, and of all time."""

    day: MintFigures
    all_time: MintFigures


@dataclass(frozen=True, slots=True)
class GasStep:
    """What was mined in one step of time; where it is one transaction, its means are its own figures."""

    at: datetime
    """Where the step begins, as in the other steps."""
    transactions: int
    gas_used: int
    fee_wei: int
    tokens: int
    token_gas: int
    """Of the transactions that made tokens."""

    @property
    def transaction_gas(self) -> float:
        """A transaction, on average."""
        return self.gas_used / self.transactions

    @property
    def transaction_fee_wei(self) -> float:
        """A transaction, on average."""
        return self.fee_wei / self.transactions

    @property
    def gas_price_wei(self) -> float | None:
        """Of a unit of gas, on average."""
        return self.fee_wei / self.gas_used if self.gas_used else None

    @property
    def gas_per_token(self) -> float | None:
        """None where no token was made."""
        return self.token_gas / self.tokens if self.tokens else None


@dataclass(frozen=True, slots=True)
class EndedStep:
    """Mints that ended in one step of time; one that was tried again counts where it ended last."""

    at: datetime
    minted: int
    failed: int


@dataclass(frozen=True, slots=True)
class QueueChange:
    """How the number of open mints changed in one step, counted from nothing at the first step."""

    at: datetime
    highest: int
    """The most there were after any change in it."""
    change: int
    """Requested less ended."""


@dataclass(frozen=True, slots=True)
class QueueStep:
    """The most mints that were open at once in one step of time."""

    at: datetime
    open_mints: int


@dataclass(frozen=True, slots=True)
class MintSeries:
    """How it went since a moment, in steps; of gas and ends those in which there was something."""

    step_s: int
    gas_step_s: int
    """Shorter where few transactions were mined, so that each has a point of its own."""
    gas: tuple[GasStep, ...] = ()
    ended: tuple[EndedStep, ...] = ()
    queue: tuple[QueueStep, ...] = ()
    """Every step."""


def step_s_of(since: datetime, until: datetime, most: int = MAX_STEPS) -> int:
    """The shortest of `STEPS_S` of which at most so many reach from one moment to the other; the longest if none is
    long enough."""
    span_s = (until - since).total_seconds()
    return next((step_s for step_s in STEPS_S if span_s <= (most - 1) * step_s), STEPS_S[-1])


def step_begin(moment: datetime, step_s: int) -> datetime:
    """Where the step begins that holds the moment; steps are counted from 1970, UTC."""
    return moment_of_step(int(moment.timestamp()) // step_s, step_s)


def moment_of_step(number: int, step_s: int) -> datetime:
    """Where the step of this number begins."""
    return datetime.fromtimestamp(number * step_s, UTC)


def queue_steps(
    changes: Iterable[QueueChange], open_now: int, since: datetime, until: datetime, step_s: int
) -> tuple[QueueStep, ...]:
    """Every step from one moment to the other with the most mints open in it.

    Counted back from how many are open now, so that what was open before is there too. `changes` are all since
    `since`, in order.
    """
    changed = {each.at: each for each in changes}
    begun_with = level = open_now - sum(each.change for each in changed.values())
    steps: list[QueueStep] = []
    at, last = step_begin(since, step_s), step_begin(until, step_s)
    while at <= last:
        change = changed.get(at)
        highest = level
        if change is not None:
            highest = max(level, begun_with + change.highest)
            level += change.change
        steps.append(QueueStep(at, max(highest, 0)))
        at += timedelta(seconds=step_s)
    return tuple(steps)
