"""The gas laboratory: what is measured, and what is kept of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from ipnft_desktop.domain.errors import ErrorCode, FieldProblem, ProblemKind
from ipnft_desktop.domain.gas_breakdown import GasBreakdown
from ipnft_desktop.domain.gas_savings import RecommendedRange, Savings, recommended_range, savings

BATCH_MAX_SIZE: Final = 256
"""Most tokens that our contract mints at once."""
SIZES_MAX_COUNT: Final = 32
DEFAULT_SIZES: Final = (1, 5, 10, 15, 20, 25, 30, 40, 50, 100)
DEFAULT_GAS_PRICE_WEI: Final = 10 * 10**9
GAS_PRICE_MAX_WEI: Final = 10**15


class Contract(StrEnum):
    """The contracts that are set side by side; what they are is told in docs/decisions/0023."""

    OURS = "OURS"
    BASELINE_A = "BASELINE_A"
    """The common textbook contract: OpenZeppelin, asset ids and one URI a token as text."""
    ERC721A = "ERC721A"
    """The same duties on ERC721A, with counted token ids and one directory a call."""


class Recipients(StrEnum):
    """Who gets the tokens of a batch. Existing holders have tokens already; a first one costs a new balance slot."""

    ONE_HOLDER = "ONE_HOLDER"
    ONE_NEW_HOLDER = "ONE_NEW_HOLDER"
    EXISTING_HOLDERS = "EXISTING_HOLDERS"
    NEW_HOLDERS = "NEW_HOLDERS"

    @classmethod
    def of(cls, *, distinct: bool, new: bool) -> Recipients:
        """From the two choices that a person makes."""
        if distinct:
            return cls.NEW_HOLDERS if new else cls.EXISTING_HOLDERS
        return cls.ONE_NEW_HOLDER if new else cls.ONE_HOLDER

    @property
    def are_distinct(self) -> bool:
        """Whether each token has a recipient of its own."""
        return self in (Recipients.EXISTING_HOLDERS, Recipients.NEW_HOLDERS)

    @property
    def are_new(self) -> bool:
        """Whether they have no token yet."""
        return self in (Recipients.ONE_NEW_HOLDER, Recipients.NEW_HOLDERS)


BASES: Final = (Contract.OURS, Contract.BASELINE_A)
"""Whose single mints savings are named against; measured in every experiment."""


@dataclass(frozen=True, slots=True)
class Experiment:
    """What is to be measured: each contract mints batches of each size."""

    contracts: tuple[Contract, ...] = tuple(Contract)
    sizes: tuple[int, ...] = DEFAULT_SIZES
    recipients: Recipients = Recipients.ONE_HOLDER
    gas_price_wei: int = DEFAULT_GAS_PRICE_WEI
    """What fees are told at: the scratch chain's own price means nothing."""

    @property
    def deployed(self) -> tuple[Contract, ...]:
        """The contracts with those whose single mints are needed as bases."""
        return tuple(contract for contract in Contract if contract in (*self.contracts, *BASES))

    @property
    def steps(self) -> int:
        """How many measurements it takes: deployment, two single mints, and the batches."""
        return 3 * len(self.deployed) + len(self.contracts) * len(self.sizes)


def check_experiment(experiment: Experiment) -> tuple[FieldProblem, ...]:
    """What is wrong with it (fields `contracts`, `sizes`, `gas_price_wei`); empty if it can be run."""
    problems: list[FieldProblem] = []
    if not experiment.contracts:
        problems.append(FieldProblem("contracts", ProblemKind.REQUIRED))
    if not experiment.sizes:
        problems.append(FieldProblem("sizes", ProblemKind.REQUIRED))
    if len(experiment.sizes) > SIZES_MAX_COUNT:
        problems.append(FieldProblem("sizes", ProblemKind.TOO_MANY, str(SIZES_MAX_COUNT)))
    if not all(1 <= size <= BATCH_MAX_SIZE for size in experiment.sizes):
        problems.append(FieldProblem("sizes", ProblemKind.OUT_OF_RANGE, f"1 to {BATCH_MAX_SIZE}"))
    if not 1 <= experiment.gas_price_wei <= GAS_PRICE_MAX_WEI:
        problems.append(FieldProblem("gas_price_wei", ProblemKind.OUT_OF_RANGE, f"1 to {GAS_PRICE_MAX_WEI}"))
    return tuple(problems)


def in_order(experiment: Experiment) -> Experiment:
    """The same with each contract and size once, in the order in which they are shown."""
    return Experiment(
        tuple(contract for contract in Contract if contract in experiment.contracts),
        tuple(sorted(set(experiment.sizes))),
        experiment.recipients,
        experiment.gas_price_wei,
    )


@dataclass(frozen=True, slots=True)
class Deployment:
    """A contract as it was deployed for an experiment."""

    contract: Contract
    gas: GasBreakdown
    code_size_bytes: int
    code_hash: str
    """Of what it is compiled to: results of different code are not of the same contract."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """One transaction that minted, as its receipt and trace tell."""

    contract: Contract
    recipients: Recipients
    size: int
    gas: GasBreakdown
    is_single: bool = False
    """Whether it was made by the function for one token and not by that for batches."""

    @property
    def gas_per_token(self) -> float:
        """The transaction's gas divided by the number of tokens."""
        return self.gas.gas_used / self.size

    def fee_wei(self, gas_price_wei: int) -> int:
        """What the transaction costs at a price of gas."""
        return self.gas.gas_used * gas_price_wei


class RunEnding(StrEnum):
    """How an experiment ended."""

    COMPLETE = "COMPLETE"
    CANCELLED = "CANCELLED"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class LaboratoryResult:
    """What an experiment found; all of it, or what there was when it was cancelled or failed."""

    result_id: str
    experiment: Experiment
    started_at: datetime
    ended_at: datetime
    ending: RunEnding
    versions: str
    """Of Node and Hardhat, for a person."""
    deployments: tuple[Deployment, ...] = ()
    measurements: tuple[Measurement, ...] = ()
    failure: ErrorCode | None = None
    failure_detail: str = ""

    def curve(self, contract: Contract) -> tuple[Measurement, ...]:
        """The batches of a contract by size."""
        return tuple(
            sorted(
                (each for each in self.measurements if each.contract is contract and not each.is_single),
                key=lambda each: each.size,
            )
        )

    def single(self, contract: Contract, recipients: Recipients | None = None) -> Measurement | None:
        """A contract's single mint, to the kind of holder that the experiment's batches go to or to that given; None
        where the experiment ended before."""
        are_new = (recipients or self.experiment.recipients).are_new
        found = (each for each in self.measurements if each.is_single and each.contract is contract)
        return next((each for each in found if each.recipients.are_new is are_new), None)

    def savings(self, measurement: Measurement) -> Savings | None:
        """Against both bases, each to the same kind of holder; None where one of them was not measured."""
        bases = [self.single(contract, measurement.recipients) for contract in BASES]
        own, baseline = bases
        if own is None or baseline is None:
            return None
        return savings(measurement.gas_per_token, own.gas.gas_used, baseline.gas.gas_used)

    @property
    def recommended(self) -> RecommendedRange | None:
        """Of our contract, against its own single mint."""
        single = self.single(Contract.OURS)
        if single is None:
            return None
        totals = {each.size: each.gas.gas_used for each in self.curve(Contract.OURS)}
        return recommended_range(totals, single.gas.gas_used)


@dataclass(frozen=True, slots=True)
class ComparedCurve:
    """One contract in one result, in gas per token by batch size."""

    result_id: str
    contract: Contract
    recipients: Recipients
    code_hash: str
    gas_per_token: Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Several results on the same axes."""

    sizes: tuple[int, ...]
    """Of all curves; not each curve has each of them."""
    most_gas_per_token: float
    curves: tuple[ComparedCurve, ...]


def compare(results: Iterable[LaboratoryResult]) -> Comparison:
    """Their curves, in the order of the results."""
    curves: list[ComparedCurve] = []
    for result in results:
        hashes = {deployment.contract: deployment.code_hash for deployment in result.deployments}
        for contract in result.experiment.contracts:
            points = {each.size: each.gas_per_token for each in result.curve(contract)}
            recipients = result.experiment.recipients
            code_hash = hashes.get(contract, "")
            curves.append(ComparedCurve(result.result_id, contract, recipients, code_hash, MappingProxyType(points)))
    sizes = sorted({size for curve in curves for size in curve.gas_per_token})
    most = max((gas for curve in curves for gas in curve.gas_per_token.values()), default=0.0)
    return Comparison(tuple(sizes), most, tuple(curves))
