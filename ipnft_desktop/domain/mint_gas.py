"""What a mint is expected to cost: a straight line for each way to mint, laid through measured receipts.

Its figures are those of `benchmarks/gas_snapshot.json` (receipts of the contract as it is; a test compares), but for a
recipient named more than once, which follows from the gas schedule (EIP-2929). The line meets every measured
batch from 1 to 256 items to within 70 gas a transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

SINGLE_MINT_GAS = 81_909
"""A mint of one asset to somebody who holds tokens already (`gas.single`)."""
NEW_HOLDER_GAS = 17_100
"""More for a recipient's first token: a storage slot that was empty (`gas.single.new_holder` less `gas.single`)."""
TO_ONE_TRANSACTION_GAS = 57_712.0
TO_ONE_ITEM_GAS = 24_578.5
"""A batch to one holder (`gas.batch.<N>`)."""
TO_EACH_TRANSACTION_GAS = 49_934.0
TO_EACH_ITEM_GAS = 33_352.0
"""A batch that names a recipient for each item, all of them different (`gas.batch.<N>.existing_holders`)."""
NAMED_AGAIN_GAS = 7_300.0
"""Less for an item whose recipient the same batch named before: reading its balance (2,000 less) and looking for code
there (2,500 less) finds them warm, and the balance was written before (2,800 less)."""

BASELINE_SINGLE_GAS = 244_343
"""A single mint by the common way, OpenZeppelin's ERC721URIStorage with two maps (`gas.baseline.single`); the design's
prototype of it took 242,184."""

FLOOR_ITEM_GAS = 24_231
FLOOR_TRANSACTION_GAS = 49_200
"""What no batch to one holder can do without: 24,231 + 49,200/N a token. Each token an owner slot (22,100), an event
(1,875) and its id as data; each transaction 21,000, a directory slot (22,100), a balance (5,000) and about 1,100."""

MAX_TRANSACTION_GAS = 2**24
"""Newer rules refuse a transaction above it (EIP-7825)."""

GAS_MARGIN_PERCENT = 10
"""So much more than the node estimates is offered."""


def mint_gas(recipients: Sequence[str], holders: Collection[str]) -> int:
    """Expected gas of one transaction that mints an item to each of these recipients, of whom `holders` hold tokens of
    the contract already."""
    distinct = set(recipients)
    to_new_gas = NEW_HOLDER_GAS * sum(recipient not in holders for recipient in distinct)
    count = len(recipients)
    if count == 1:
        return SINGLE_MINT_GAS + to_new_gas
    if len(distinct) == 1:
        return round(TO_ONE_TRANSACTION_GAS + TO_ONE_ITEM_GAS * count) + to_new_gas
    again_gas = NAMED_AGAIN_GAS * (count - len(distinct))
    return round(TO_EACH_TRANSACTION_GAS + TO_EACH_ITEM_GAS * count - again_gas) + to_new_gas


def floor_gas(count: int) -> int:
    """Least gas that a transaction with so many tokens for one holder can take."""
    return FLOOR_ITEM_GAS * count + FLOOR_TRANSACTION_GAS


def saved_percent(used: int, singly: int) -> float | None:
    """What was saved of the gas that the same items take singly; negative where it was more. None without a base."""
    return None if singly <= 0 else 100 * (singly - used) / singly
