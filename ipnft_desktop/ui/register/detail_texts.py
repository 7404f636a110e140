"""What the detail panel says of an asset, as plain facts."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from ipnft_desktop.domain.assets import Asset
from ipnft_desktop.domain.chain import short_hash
from ipnft_desktop.domain.minting import MintStage
from ipnft_desktop.ui.widgets.address_words import LabelOf, no_label, wallet_or_label
from ipnft_desktop.ui.widgets.amounts import eth_text
from ipnft_desktop.ui.widgets.asset_words import legal_status_name, token_text, type_name
from ipnft_desktop.ui.widgets.key_value_panel import Fact
from ipnft_desktop.ui.widgets.measures import day_text, local_time, number_text, percent_text, utc_time
from ipnft_desktop.ui.widgets.plain import shorten

_DASH = "–"


def subtitle(asset: Asset) -> str:
    """Type, enterprise and number in one line."""
    parts = [type_name(asset.asset_type), asset.enterprise.name]
    if asset.application_number:
        parts.append(asset.application_number)
    return " · ".join(parts)


def chain_facts(asset: Asset, label_of: LabelOf = no_label) -> tuple[Fact, ...]:
    """What the chain knows, or will know, of the asset; the owner by the label that people know."""
    translate = QCoreApplication.translate
    mint = asset.mint
    token_id = mint.token_id if mint else None
    block = mint.mined.block_number if mint and mint.mined else None
    recipient = mint.recipient if mint else ""
    return (
        _hash_fact(translate("AssetDetail", "Token"), token_text(token_id) if token_id is not None else None),
        _hash_fact(translate("AssetDetail", "Transaction"), mint.tx_hash if mint else None),
        Fact(translate("AssetDetail", "Block"), f"#{number_text(block)}" if block is not None else _DASH),
        _owner_fact(asset, recipient, label_of),
        _hash_fact(translate("AssetDetail", "Metadata CID"), mint.metadata_cid if mint else None),
    )


def register_facts(asset: Asset) -> tuple[Fact, ...]:
    """What the register itself records."""
    translate = QCoreApplication.translate
    return (
        Fact(translate("AssetDetail", "Creator"), asset.creator_name),
        Fact(translate("AssetDetail", "Created on"), day_text(asset.creation_date)),
        Fact(translate("AssetDetail", "Legal status"), legal_status_name(asset.legal_status)),
        *_page_fact(asset),
        *(Fact(key, value) for key, value in asset.custom_fields.items()),
    )


def _page_fact(asset: Asset) -> tuple[Fact, ...]:
    """Copied and never followed: nothing that comes with an asset opens a browser."""
    if not asset.external_url:
        return ()
    page = QCoreApplication.translate("AssetDetail", "Web page")
    return (Fact(page, shorten(asset.external_url, 16, 6), copy=asset.external_url),)


def timeline_facts(asset: Asset) -> tuple[Fact, ...]:
    """When each step became true, local time; the full text that is copied is UTC."""
    translate = QCoreApplication.translate
    times = asset.mint.times if asset.mint else None
    steps = [(translate("AssetDetail", "Registered"), asset.created_at)]
    if times is not None:
        steps += [
            (translate("AssetDetail", "Mint requested"), times.requested_at),
            (translate("AssetDetail", "Signed"), times.signed_at),
            (translate("AssetDetail", "Accepted by node"), times.accepted_at),
            (translate("AssetDetail", "Mined"), times.mined_at),
            (translate("AssetDetail", "Completed"), times.completed_at),
        ]
    return tuple(Fact(step, local_time(at), copy=utc_time(at)) for step, at in steps if at is not None)


def cost_fact(asset: Asset) -> tuple[Fact, ...]:
    """What the mint cost, once it is mined; a batch's cost is that of the whole transaction."""
    mint = asset.mint
    if mint is None or mint.mined is None:
        return ()
    translate = QCoreApplication.translate
    note = translate("AssetDetail", "{0} gas").format(number_text(mint.mined.gas_used))
    if mint.batch_size > 1:
        note = translate("AssetDetail", "{0} gas for %Ln tokens", "", mint.batch_size).format(
            number_text(mint.mined.gas_used)
        )
    return (Fact(translate("AssetDetail", "Cost"), eth_text(mint.mined.fee_wei), note=f"· {note}"),)


def stage_line(stage: MintStage, confirmations: int, required: int, percent: int) -> str:
    """How far a mint is, for example "3 of 6 confirmations · 70 %"."""
    translate = QCoreApplication.translate
    if stage is MintStage.CONFIRMING:
        return translate("AssetDetail", "{0} of %Ln confirmations · {1}", "", required).format(
            number_text(confirmations), percent_text(percent)
        )
    return percent_text(percent)


def _hash_fact(key: str, value: str | None) -> Fact:
    return Fact(key, short_hash(value), copy=value) if value else Fact(key, _DASH)


def _owner_fact(asset: Asset, recipient: str, label_of: LabelOf) -> Fact:
    key = QCoreApplication.translate("AssetDetail", "Owner")
    if not recipient:
        return Fact(key, asset.enterprise.wallet_label or asset.enterprise.name)
    return Fact(key, short_hash(recipient), copy=recipient, lead=wallet_or_label(recipient, asset.enterprise, label_of))
