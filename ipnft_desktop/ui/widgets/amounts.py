"""Amounts as people read them. Money is integer wei; no float is involved."""

from __future__ import annotations

from PySide6.QtCore import QLocale

from ipnft_desktop.ui.widgets.measures import number_text, percent_text

_WEI_PER_GWEI = 10**9
_WEI_PER_MICRO_ETH = 10**12


def eth_text(wei: int) -> str:
    """`0.000076 ETH`: rounded to six decimals, "< 0.000001 ETH" for less than that."""
    return f"{eth_figure(wei)} ETH"


def eth_figure(wei: int) -> str:
    """The same without its unit, for a column that names it."""
    micro = (wei + _WEI_PER_MICRO_ETH // 2) // _WEI_PER_MICRO_ETH
    if wei and not micro:
        return f"< {_with_decimals(1, 6)}"
    return _with_decimals(micro, 6)


def gwei_text(wei: int) -> str:
    """`1.00 gwei`: a price per gas, rounded to two decimals."""
    hundredths = (wei * 100 + _WEI_PER_GWEI // 2) // _WEI_PER_GWEI
    if wei and not hundredths:
        return f"< {_with_decimals(1, 2)} gwei"
    return f"{_with_decimals(hundredths, 2)} gwei"


def exact_gwei_text(wei: int) -> str:
    """The same for a price that is watched: cut to two decimals, and all nine for what is below 0.01 gwei."""
    whole, rest = divmod(wei, _WEI_PER_GWEI)
    digits = f"{rest:09d}"
    shown = digits[:2] if whole or rest >= 10_000_000 or not rest else digits.rstrip("0")
    return f"{number_text(whole)}{QLocale().decimalPoint()}{shown} gwei"


def share_text(basis_points: int) -> str:
    """`5 %` or `2.5 %` from basis points."""
    return percent_text(basis_points / 100)


def _with_decimals(units: int, decimals: int) -> str:
    """A count of the smallest unit as a decimal number."""
    whole, rest = divmod(units, 10**decimals)
    return f"{number_text(whole)}{QLocale().decimalPoint()}{rest:0{decimals}d}"
