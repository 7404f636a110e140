"""What the card detail says of a minted asset."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QCoreApplication

from ipnft_desktop.domain.assets import Asset
from ipnft_desktop.domain.chain import TokenFacts
from ipnft_desktop.domain.minting import MintRecord
from ipnft_desktop.services.verified_facts import VerifiedFact
from ipnft_desktop.ui.theme.tokens import Ink
from ipnft_desktop.ui.widgets.address_words import LabelOf, no_label, wallet_or_label
from ipnft_desktop.ui.widgets.amounts import eth_text, share_text
from ipnft_desktop.ui.widgets.asset_words import token_text, type_name
from ipnft_desktop.ui.widgets.key_value_panel import Fact
from ipnft_desktop.ui.widgets.measures import local_clock, local_time, number_text, utc_time
from ipnft_desktop.ui.widgets.plain import shorten


def _tr(text: str, count: int = -1) -> str:
    return QCoreApplication.translate("GalleryCard", text, "", count)


def subtitle(asset: Asset) -> str:
    """Kind, owner and number."""
    parts = (type_name(asset.asset_type), asset.enterprise.name, asset.application_number)
    return " · ".join(part for part in parts if part)


def facts(asset: Asset, token: TokenFacts | None = None, label_of: LabelOf = no_label) -> tuple[Fact, ...]:
    """The token as the register has it, its recipient by the label that people know; the royalty is the contract's own
    answer."""
    record = asset.mint
    if record is None:
        return ()
    known: list[Fact] = []
    if record.contract_address is not None:
        known.append(_hash(_tr("Contract"), record.contract_address))
    if record.token_id is not None:
        known.append(_hash(_tr("Token id"), token_text(record.token_id)))
    label = wallet_or_label(record.recipient, asset.enterprise, label_of)
    known.append(Fact(_tr("Minted to"), shorten(record.recipient), copy=record.recipient, lead=label))
    known.extend(_cost(record))
    if token is not None:
        known.append(Fact(_tr("Royalty"), share_text(token.royalty_bp), note=_tr("on every sale (ERC-2981)")))
    return tuple(known)


def _cost(record: MintRecord) -> list[Fact]:
    known: list[Fact] = []
    if record.mined is not None:
        cost = f"{number_text(record.mined.gas_used)} · {eth_text(record.mined.fee_wei)}"
        shared = _tr("for %Ln tokens", record.batch_size) if record.batch_size > 1 else ""
        known.append(Fact(_tr("Gas / fee"), cost, note=shared))
    mined_at = record.times.mined_at or record.times.completed_at
    if mined_at is not None:
        known.append(Fact(_tr("Mined at"), local_time(mined_at), copy=utc_time(mined_at)))
    return known


def _hash(key: str, value: str) -> Fact:
    return Fact(key, shorten(value), copy=value)


def summary(verified: Sequence[VerifiedFact], at: datetime) -> tuple[str, Ink]:
    """The verification in one line."""
    wrong = sum(not fact.matches for fact in verified)
    when = local_clock(at)
    if wrong:
        return _tr("{0} of %Ln facts differ · {1}", len(verified)).format(number_text(wrong), when), Ink.ERROR
    return _tr("All %Ln facts agree · {0}", len(verified)).format(when), Ink.OK
