"""A plan for minting many assets: which go together, what that should cost, and what is left out for which reason.

Planning is arithmetic on what was read before: nothing in here waits, and nothing is recorded.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from uuid import UUID

from ipnft_desktop.domain.chain import parse_address
from ipnft_desktop.domain.errors import ErrorCode, IpnftError, UserError
from ipnft_desktop.domain.mint_gas import (
    BASELINE_SINGLE_GAS,
    MAX_TRANSACTION_GAS,
    SINGLE_MINT_GAS,
    mint_gas,
    saved_percent,
)
from ipnft_desktop.domain.minting import (
    MAX_ATTEMPTS,
    MAX_BATCH_ITEMS,
    MINTABLE_STATES,
    AssetState,
    RecipientType,
)
from ipnft_desktop.domain.people import Role, User

MAX_PLANNED_ITEMS = 10_000
"""Most assets of one plan."""
MOST_PLANNED_GAS = MAX_TRANSACTION_GAS * 85 // 100
"""Expected gas at which a transaction is full. The engine offers a tenth more than the node estimates, which must stay
below the limit; the rest is for recipients whose contracts want gas to answer."""


@dataclass(frozen=True, slots=True)
class MintCandidate:
    """What planning has to know about an asset."""

    asset_id: UUID
    name: str
    version: int
    state: AssetState
    enterprise_id: UUID
    wallet_address: str
    """Of the enterprise, as recorded."""
    failed_attempts: int = 0
    """In a row, up to the latest mint."""


@dataclass(frozen=True, slots=True)
class Omission:
    """An asset that is left out, and why."""

    asset_id: UUID
    name: str
    """Empty where the register does not know the asset."""
    code: ErrorCode
    detail: str = ""


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """An asset to be minted, as it was when the plan was made, and for whom."""

    asset_id: UUID
    name: str
    version: int
    recipient: str
    """Checksummed address (EIP-55)."""
    recipient_type: RecipientType


@dataclass(frozen=True, slots=True)
class PlannedTransaction:
    """Items that are minted together."""

    items: tuple[PlannedItem, ...]
    gas: int
    """Expected; as the node estimated it once the plan was simulated."""


@dataclass(frozen=True, slots=True)
class BatchPlan:
    """Transactions in the order in which they are sent, and what is in none of them."""

    transactions: tuple[PlannedTransaction, ...]
    omissions: tuple[Omission, ...]
    single_gas: int
    """Of the latest single mint on the present contract, or what one is expected to take."""
    single_gas_is_measured: bool
    gas_price_wei: int | None = None
    """None while no node can be asked."""

    @property
    def item_count(self) -> int:
        """Assets that are to be minted."""
        return sum(len(transaction.items) for transaction in self.transactions)

    @property
    def gas(self) -> int:
        """Expected gas of all transactions."""
        return sum(transaction.gas for transaction in self.transactions)

    @property
    def fee_wei(self) -> int | None:
        """What that costs at the present price."""
        return None if self.gas_price_wei is None else self.gas * self.gas_price_wei

    @property
    def saved_gas(self) -> int:
        """Against a single mint of ours for each item; negative where the batch takes more."""
        return self.single_gas * self.item_count - self.gas

    @property
    def saved_percent(self) -> float | None:
        """As `saved_gas`, in percent of the single mints; None where nothing is to be minted."""
        return saved_percent(self.gas, self.single_gas * self.item_count)

    @property
    def saved_percent_of_baseline(self) -> float | None:
        """Against a single mint of the common kind for each item, `BASELINE_SINGLE_GAS`."""
        return saved_percent(self.gas, BASELINE_SINGLE_GAS * self.item_count)


def plan_batches(
    asset_ids: Iterable[UUID],
    candidates: Collection[MintCandidate],
    user: User,
    recipient: str | None,
    *,
    most_items: int = MAX_BATCH_ITEMS,
    most_gas: int = MOST_PLANNED_GAS,
    holders: Collection[str] = frozenset(),
    single_gas: int | None = None,
) -> BatchPlan:
    """Plan the mint of these assets, in their order, for one checksummed address or, without it, each for the wallet of
    its enterprise. What goes to one recipient is kept together, for that costs least."""
    known = {candidate.asset_id: candidate for candidate in candidates}
    items: dict[str, list[PlannedItem]] = {}
    omissions: list[Omission] = []
    for asset_id in dict.fromkeys(asset_ids):
        candidate = known.get(asset_id)
        found = _missing(asset_id) if candidate is None else planned(candidate, user, recipient)
        if isinstance(found, Omission):
            omissions.append(found)
        else:
            items.setdefault(found.recipient, []).append(found)
    in_order = [item for of_one in items.values() for item in of_one]
    return BatchPlan(
        tuple(_packed(in_order, holders, most_items, most_gas)),
        tuple(omissions),
        single_gas or SINGLE_MINT_GAS,
        single_gas is not None,
    )


def planned(candidate: MintCandidate, user: User, recipient: str | None) -> PlannedItem | Omission:
    """The item of an asset, or why it cannot be minted. `recipient` is checksummed."""

    def left_out(code: ErrorCode, detail: str = "") -> Omission:
        return Omission(candidate.asset_id, candidate.name, code, detail)

    if user.role is not Role.ADMIN and not user.acts_for(candidate.enterprise_id):
        return left_out(ErrorCode.PERMISSION_DENIED)
    if candidate.state not in MINTABLE_STATES:
        return left_out(ErrorCode.MINT_INVALID_STATE, candidate.state)
    if candidate.failed_attempts >= MAX_ATTEMPTS:
        return left_out(ErrorCode.RETRY_LIMIT)
    owner = recipient or _wallet(candidate.wallet_address)
    if isinstance(owner, UserError):
        return left_out(owner.code, owner.detail)
    is_own = recipient is None
    kind = RecipientType.ENTERPRISE if is_own or recipient == candidate.wallet_address else RecipientType.USER
    return PlannedItem(candidate.asset_id, candidate.name, candidate.version, owner, kind)


def with_estimates(plan: BatchPlan, estimates: Sequence[int | None], gas_price_wei: int | None) -> BatchPlan:
    """The plan with what the node estimates for its first transactions, as far as it does, at the present price."""
    estimated = [
        transaction if gas is None else replace(transaction, gas=gas)
        for transaction, gas in zip(plan.transactions, estimates, strict=False)
    ]
    rest = plan.transactions[len(estimated) :]
    return replace(plan, transactions=(*estimated, *rest), gas_price_wei=gas_price_wei)


def without(plan: BatchPlan, refused: Mapping[UUID, IpnftError]) -> BatchPlan:
    """The plan without items that the chain refuses, which are named among the omissions instead."""
    kept: list[PlannedTransaction] = []
    omissions = list(plan.omissions)
    for transaction in plan.transactions:
        items = tuple(item for item in transaction.items if item.asset_id not in refused)
        leaving = [item for item in transaction.items if item.asset_id in refused]
        omissions += [
            Omission(item.asset_id, item.name, refused[item.asset_id].code, refused[item.asset_id].detail)
            for item in leaving
        ]
        if items:
            kept.append(transaction if not leaving else PlannedTransaction(items, _share(transaction, len(items))))
    return replace(plan, transactions=tuple(kept), omissions=tuple(omissions))


@lru_cache(maxsize=1024)
def _wallet(address: str) -> str | UserError:
    """The checksummed address, or what is wrong with it. Kept, for ten thousand assets have a few owners."""
    try:
        return parse_address(address)
    except UserError as error:
        return error


def _missing(asset_id: UUID) -> Omission:
    return Omission(asset_id, "", ErrorCode.ASSET_NOT_FOUND)


def _share(transaction: PlannedTransaction, count: int) -> int:
    return transaction.gas * count // len(transaction.items)


def _packed(
    items: Sequence[PlannedItem], holders: Collection[str], most_items: int, most_gas: int
) -> Iterator[PlannedTransaction]:
    """As many as go into each transaction. Whoever gets a token by one holds one at the next."""
    known = set(holders)
    start = 0
    while start < len(items):
        end = _full_at(items, start, known, min(most_items, MAX_BATCH_ITEMS), most_gas)
        together = tuple(items[start:end])
        recipients = [item.recipient for item in together]
        yield PlannedTransaction(together, mint_gas(recipients, known))
        known.update(recipients)
        start = end


def _full_at(items: Sequence[PlannedItem], start: int, holders: set[str], most_items: int, most_gas: int) -> int:
    """Where the transaction that begins at `start` ends; it holds one item at least. Gas grows with each item, so the
    end is found by halving."""
    least, most = start + 1, min(start + most_items, len(items))
    while least < most:
        middle = (least + most + 1) // 2
        if mint_gas([item.recipient for item in items[start:middle]], holders) <= most_gas:
            least = middle
        else:
            most = middle - 1
    return least
