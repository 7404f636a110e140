"""Amounts as people read them: money, prices, shares, sizes and times. Money is integer wei; no float is involved."""

from __future__ import annotations

from datetime import datetime

_WEI_PER_GWEI = 10**9
_WEI_PER_MICRO_ETH = 10**12
_MICRO_PER_ETH = 10**6
_SIZE_UNITS = ("kB", "MB", "GB")
_UNIT_STEP = 1_000


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


def size_text(size_bytes: int) -> str:
    """`1.2 MB`: a file size in decimal units (1 kB = 1000 bytes)."""
    if size_bytes < _UNIT_STEP:
        return f"{size_bytes} B"
    size, unit = float(size_bytes), ""
    for unit in _SIZE_UNITS:
        size /= _UNIT_STEP
        if size < _UNIT_STEP:
            break
    return f"{size:.1f} {unit}"


def local_time(moment: datetime) -> str:
    """Date and time in the zone of this computer."""
    return f"{moment.astimezone():%Y-%m-%d %H:%M:%S}"


def utc_time(moment: datetime) -> str:
    """The same moment in ISO 8601, UTC."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
