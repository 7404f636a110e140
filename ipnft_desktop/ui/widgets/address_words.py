"""Addresses as people know them: the label first, then the short form."""

from __future__ import annotations

from collections.abc import Callable

from ipnft_desktop.domain.assets import Enterprise
from ipnft_desktop.ui.widgets.plain import shorten

LabelOf = Callable[[str], str | None]
"""What the address book calls a checksummed address; answers at once."""


def no_label(_address: str) -> None:
    """For a window without an address book."""
    return


def wallet_or_label(address: str, enterprise: Enterprise, label_of: LabelOf) -> str:
    """The label of the enterprise's own wallet, of anything else what the address book says; empty for a stranger."""
    if address.casefold() == enterprise.wallet_address.casefold():
        return enterprise.wallet_label or enterprise.name
    return label_of(address) or ""


def labelled(address: str, label: str) -> str:
    """`Helios vault 0x7099…79C8`, or the short form alone."""
    return f"{label} {shorten(address)}".strip()
