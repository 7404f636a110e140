"""What each setting is called and means, in the language of the window.

Its sentence stands in `settings.py`, in English, and is translated as it is shown; what it is called stands here. A
setting without a title is shown by its name, and a test asks for the title.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from ipnft_desktop.domain.batch_runs import Congestion
from ipnft_desktop.domain.setting_specs import Group, SettingSpec, SettingValue, Unit
from ipnft_desktop.services.setting_checks import number_text
from ipnft_desktop.ui.language import Language
from ipnft_desktop.ui.widgets.batch_words import congestion_name


def title_of(spec: SettingSpec) -> str:
    """What a setting is called; its name where it has no title."""
    return known_titles().get(spec.name, spec.name)


def description_of(spec: SettingSpec) -> str:
    """What a setting means, in a sentence or two."""
    return QCoreApplication.translate("Setting", spec.description)


def known_titles() -> dict[str, str]:
    """What the settings are called, by name."""
    tr = QCoreApplication.translate
    return {
        "theme": tr("SettingTexts", "Theme"),
        "language": tr("SettingTexts", "Language"),
        "autostart": tr("SettingTexts", "Start with the program"),
        "demo_data": tr("SettingTexts", "Demonstration assets"),
        "node_port": tr("SettingTexts", "Port of the node"),
        "node_timeout_s": tr("SettingTexts", "Wait for the node to start"),
        "rpc_timeout_s": tr("SettingTexts", "Wait for an answer"),
        "rpc_url": tr("SettingTexts", "Address of the node"),
        "rpc_fallback_urls": tr("SettingTexts", "Fallback addresses"),
        "chain_id": tr("SettingTexts", "Chain id"),
        "finality_blocks": tr("SettingTexts", "Depth of finality"),
        "contract_address": tr("SettingTexts", "Contract"),
        "allow_deployment": tr("SettingTexts", "Deploy on foreign networks"),
        "confirmations": tr("SettingTexts", "Confirmations"),
        "stage_pace_ms": tr("SettingTexts", "Pace of the blocks"),
        "gather_least": tr("SettingTexts", "Together at least"),
        "gather_most": tr("SettingTexts", "Together at most"),
        "gather_longest_wait_s": tr("SettingTexts", "Longest wait"),
        "gather_congestion": tr("SettingTexts", "Congestion"),
        "gather_low": tr("SettingTexts", "Together on a quiet chain"),
        "gather_medium": tr("SettingTexts", "Together as a rule"),
        "gather_high": tr("SettingTexts", "Together on a busy chain"),
        "max_fee_eth": tr("SettingTexts", "Highest fee"),
        "royalty_bp": tr("SettingTexts", "Royalty"),
        "database_url": tr("SettingTexts", "Shared register"),
        "reconcile_hours": tr("SettingTexts", "Reconcile every"),
        "key_folder": tr("SettingTexts", "Folder of the register's keys"),
        "keystore": tr("SettingTexts", "Keystore"),
        "keystore_idle_minutes": tr("SettingTexts", "Lock the key after"),
        "kubo_api": tr("SettingTexts", "IPFS node (Kubo)"),
        "kubo_publish_minted": tr("SettingTexts", "Publish what is minted"),
        "loop_overlay": tr("SettingTexts", "Smoothness over the window"),
    }


def group_title(group: Group) -> str:
    """What a group is called."""
    tr = QCoreApplication.translate
    return {
        Group.WINDOW: tr("SettingTexts", "Window"),
        Group.ENVIRONMENT: tr("SettingTexts", "Environment and node"),
        Group.NETWORK: tr("SettingTexts", "Network and contract"),
        Group.MINTING: tr("SettingTexts", "Minting and fees"),
        Group.BATCHES: tr("SettingTexts", "Automatic batches"),
        Group.REGISTER: tr("SettingTexts", "Register and storage"),
        Group.KEY: tr("SettingTexts", "Signing key"),
        Group.PUBLISHING: tr("SettingTexts", "Publishing"),
        Group.DIAGNOSTICS: tr("SettingTexts", "Diagnostics"),
    }[group]


def value_text(spec: SettingSpec, value: SettingValue) -> str:
    """A value as people read it, with its unit."""
    tr = QCoreApplication.translate
    if isinstance(value, bool):
        return tr("SettingTexts", "on") if value else tr("SettingTexts", "off")
    if isinstance(value, str):
        return choice_text(spec, value) if spec.choices else value or tr("SettingTexts", "empty")
    if spec.unit is Unit.BLOCKS:
        return tr("SettingTexts", "%n block(s)", "", int(value))
    if spec.unit is Unit.ASSETS:
        return tr("SettingTexts", "%n asset(s)", "", int(value))
    return tr("SettingTexts", "{0} {1}").format(number_text(value), unit_text(spec.unit)).strip()


def choice_text(spec: SettingSpec, choice: str) -> str:
    """What one of the choices is called."""
    tr = QCoreApplication.translate
    known = {
        ("theme", "light"): tr("SettingTexts", "Light"),
        ("theme", "dark"): tr("SettingTexts", "Dark"),
        ("language", ""): tr("SettingTexts", "As this computer has it"),
        ("gather_congestion", ""): tr("SettingTexts", "As the chain has it"),
        **{("gather_congestion", busy.value): congestion_name(busy) for busy in Congestion},
        **{("language", language.value): language.own_name for language in Language},
    }
    return known.get((spec.name, choice), choice)


def unit_text(unit: Unit) -> str:
    """What a number counts."""
    tr = QCoreApplication.translate
    return {
        Unit.NONE: "",
        Unit.SECONDS: tr("SettingTexts", "s"),
        Unit.MILLISECONDS: tr("SettingTexts", "ms"),
        Unit.MINUTES: tr("SettingTexts", "min"),
        Unit.HOURS: tr("SettingTexts", "h"),
        Unit.BLOCKS: tr("SettingTexts", "blocks"),
        Unit.ASSETS: tr("SettingTexts", "assets"),
        Unit.ETH: "ETH",
        Unit.BASIS_POINTS: tr("SettingTexts", "basis points"),
    }[unit]


def limits_text(spec: SettingSpec) -> str:
    """What a number may be; nothing for what is none."""
    if spec.range is None:
        return ""
    lowest, highest = map(number_text, spec.range)
    return QCoreApplication.translate("SettingTexts", "{0} to {1}").format(lowest, highest)
