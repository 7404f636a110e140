"""The words and tones in which assets are spoken of, the same on every page."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from ipnft_desktop.domain.assets import AssetRow, AssetType, LegalStatus, LicenceTerms
from ipnft_desktop.domain.minting import BUSY_STATES, AssetState, MintStage
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.amounts import share_text
from ipnft_desktop.ui.widgets.phrases import say_text
from ipnft_desktop.ui.widgets.plain import shorten

_STATE_TONES = {
    AssetState.DRAFT: Tone.NEUTRAL,
    AssetState.MINT_PENDING: Tone.ACCENT,
    AssetState.MINTING: Tone.ACCENT,
    AssetState.MINTED: Tone.OK,
    AssetState.MINT_FAILED: Tone.ERROR,
    AssetState.MINT_CANCELLED: Tone.WARN,
}


def type_name(asset_type: AssetType) -> str:
    """The kind of asset."""
    translate = QCoreApplication.translate
    match asset_type:
        case AssetType.PATENT:
            return translate("AssetType", "Patent")
        case AssetType.TRADEMARK:
            return translate("AssetType", "Trademark")
        case AssetType.COPYRIGHT:
            return translate("AssetType", "Copyright")
        case AssetType.DESIGN:
            return translate("AssetType", "Design")
        case AssetType.TRADE_SECRET:
            return translate("AssetType", "Trade secret")
        case AssetType.SOFTWARE:
            return translate("AssetType", "Software")
        case AssetType.OTHER:
            return translate("AssetType", "Other")


def legal_status_name(status: LegalStatus) -> str:
    """The standing of the right at its office."""
    translate = QCoreApplication.translate
    match status:
        case LegalStatus.UNREGISTERED:
            return translate("LegalStatus", "Unregistered")
        case LegalStatus.PENDING:
            return translate("LegalStatus", "Pending")
        case LegalStatus.REGISTERED:
            return translate("LegalStatus", "Registered")
        case LegalStatus.EXPIRED:
            return translate("LegalStatus", "Expired")
        case LegalStatus.DISPUTED:
            return translate("LegalStatus", "Disputed")


def state_name(state: AssetState) -> str:
    """The word in a state's tag."""
    return say_text(state.value)


def state_tone(state: AssetState) -> Tone:
    """The tone of a state's tag."""
    return _STATE_TONES[state]


def stage_text(row: AssetRow) -> str:
    """How far a running mint is, for example "CONFIRMING 3/6"; empty when none runs."""
    if row.state not in BUSY_STATES or row.stage is None:
        return ""
    if row.stage is MintStage.CONFIRMING:
        return f"{stage_name(row.stage)} {row.confirmations}/{row.required_confirmations}"
    return stage_name(row.stage)


def stage_name(stage: MintStage) -> str:
    """The word for how far a mint is."""
    return say_text(stage.value)


def token_text(token_id: int) -> str:
    """A token id as 32 hexadecimal digits: the asset's UUID, readable again."""
    return f"0x{token_id:032x}"


def short_token(token_id: int | None) -> str:
    """A token id short enough for a column; a dash while there is none."""
    return "–" if token_id is None else shorten(token_text(token_id))


def licence_text(terms: LicenceTerms) -> str:
    """The licence terms in plain words, as a list of clauses."""
    translate = QCoreApplication.translate
    clauses = [
        translate("Licence", "may be passed on")
        if terms.transferable
        else translate("Licence", "stays with the first owner"),
        translate("Licence", "commercial use") if terms.commercial_use else translate("Licence", "no commercial use"),
        translate("Licence", "may be adapted") if terms.derivatives else translate("Licence", "no adaptations"),
    ]
    if terms.attribution:
        clauses.append(translate("Licence", "name the creator"))
    if terms.revenue_share_bp:
        clauses.append(translate("Licence", "{0} revenue share").format(share_text(terms.revenue_share_bp)))
    if terms.expires_on:
        clauses.append(translate("Licence", "until {0}").format(terms.expires_on.isoformat()))
    return " · ".join(clauses)
