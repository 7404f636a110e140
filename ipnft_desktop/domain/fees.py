"""What a transaction must offer to take the place of another one under the same nonce."""

from __future__ import annotations

from collections.abc import Sequence

from ipnft_desktop.domain.chain import Fees
from ipnft_desktop.domain.minting import TransactionRecord

BUMP_PERCENT = 13
"""Nodes refuse a replacement that offers less than 10 % more in both fields (geth: `txpool.pricebump`), some 12.5 %."""


def replacement_fees(signed: Sequence[TransactionRecord], now: Fees) -> Fees:
    """The offer that outbids everything signed under one nonce, and is not below what the chain asks now."""
    return Fees(
        max_fee_per_gas_wei=max(now.max_fee_per_gas_wei, *(_bumped(tx.max_fee_per_gas_wei) for tx in signed)),
        max_priority_fee_per_gas_wei=max(
            now.max_priority_fee_per_gas_wei, *(_bumped(tx.max_priority_fee_per_gas_wei) for tx in signed)
        ),
        gas_price_wei=now.gas_price_wei,
    )


def _bumped(wei: int) -> int:
    """Rounded up, and at least one wei more."""
    return max(wei + 1, -(-wei * (100 + BUMP_PERCENT) // 100))
