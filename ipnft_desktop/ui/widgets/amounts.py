"""Amounts as people read them. Money is integer wei; no float is involved."""

from __future__ import annotations

_WEI_PER_GWEI = 10**9
_WEI_PER_MICRO_ETH = 10**12
_MICRO_PER_ETH = 10**6


def eth_text(wei: int) -> str:
    """`0.000076 ETH`: rounded to six decimals, "< 0.000001 ETH" for less than that."""
    micro = (wei + _WEI_PER_MICRO_ETH // 2) // _WEI_PER_MICRO_ETH
    if wei and not micro:
        return "< 0.000001 ETH"
    return f"{micro // _MICRO_PER_ETH:,}.{micro % _MICRO_PER_ETH:06d} ETH"


def gwei_text(wei: int) -> str:
    """`1.00 gwei`: a price per gas, rounded to two decimals."""
    hundredths = (wei * 100 + _WEI_PER_GWEI // 2) // _WEI_PER_GWEI
    if wei and not hundredths:
        return "< 0.01 gwei"
    return f"{hundredths // 100:,}.{hundredths % 100:02d} gwei"


def percent_text(basis_points: int) -> str:
    """`5 %` or `2.5 %` from basis points."""
    return f"{basis_points / 100:g} %"
