"""What each setting is called and means, in the language of the window.

`settings.py` lies below the window and holds English only, for those who read it; these are the words people see. A
setting without an entry is shown by its name and that English sentence, and a test asks for the entry.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from ipnft_desktop.domain.setting_specs import Group, SettingSpec, SettingValue, Unit
from ipnft_desktop.services.setting_checks import number_text
from ipnft_desktop.ui.language import Language


@dataclass(frozen=True, slots=True)
class SettingText:
    """The words for one setting."""

    title: str
    description: str


def text_of(spec: SettingSpec) -> SettingText:
    """The words for a setting; its name and its English sentence where there are none."""
    return known_texts().get(spec.name) or SettingText(spec.name, spec.description)


def known_texts() -> dict[str, SettingText]:
    """The words for every setting, by name."""
    return {**_window_texts(), **_network_texts(), **_minting_texts(), **_keeping_texts()}


def group_title(group: Group) -> str:
    """What a group is called."""
    tr = QCoreApplication.translate
    return {
        Group.WINDOW: tr("SettingTexts", "Window"),
        Group.ENVIRONMENT: tr("SettingTexts", "Environment and node"),
        Group.NETWORK: tr("SettingTexts", "Network and contract"),
        Group.MINTING: tr("SettingTexts", "Minting and fees"),
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
    return tr("SettingTexts", "{0} {1}").format(number_text(value), unit_text(spec.unit)).strip()


def choice_text(spec: SettingSpec, choice: str) -> str:
    """What one of the choices is called."""
    tr = QCoreApplication.translate
    known = {
        ("theme", "light"): tr("SettingTexts", "Light"),
        ("theme", "dark"): tr("SettingTexts", "Dark"),
        ("language", ""): tr("SettingTexts", "As this computer has it"),
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
        Unit.BLOCKS: tr("SettingTexts", "blocks"),
        Unit.ETH: "ETH",
        Unit.BASIS_POINTS: tr("SettingTexts", "basis points"),
    }[unit]


def limits_text(spec: SettingSpec) -> str:
    """What a number may be; nothing for what is none."""
    if spec.range is None:
        return ""
    lowest, highest = map(number_text, spec.range)
    return QCoreApplication.translate("SettingTexts", "{0} to {1}").format(lowest, highest)


def _window_texts() -> dict[str, SettingText]:
    tr = QCoreApplication.translate
    return {
        "theme": SettingText(
            tr("SettingTexts", "Theme"), tr("SettingTexts", "Colours of the window. Ctrl+Shift+L changes them too.")
        ),
        "language": SettingText(
            tr("SettingTexts", "Language"), tr("SettingTexts", "In which language the window speaks.")
        ),
        "autostart": SettingText(
            tr("SettingTexts", "Start with the program"),
            tr("SettingTexts", "Start the environment by itself as soon as the program starts."),
        ),
        "demo_data": SettingText(
            tr("SettingTexts", "Demonstration assets"),
            tr(
                "SettingTexts",
                "Fill an empty register with thirty demonstration assets. Only with a node and a register file of the "
                "program's own.",
            ),
        ),
        "node_port": SettingText(
            tr("SettingTexts", "Port of the node"),
            tr("SettingTexts", "Where the local chain node listens on this computer; another port if it is taken."),
        ),
        "node_timeout_s": SettingText(
            tr("SettingTexts", "Wait for the node to start"),
            tr("SettingTexts", "How long the first answer of the node may take before the start counts as failed."),
        ),
        "rpc_timeout_s": SettingText(
            tr("SettingTexts", "Wait for an answer"),
            tr("SettingTexts", "How long one answer of the node may take before it counts as unreachable."),
        ),
    }


def _network_texts() -> dict[str, SettingText]:
    tr = QCoreApplication.translate
    return {
        "rpc_url": SettingText(
            tr("SettingTexts", "Address of the node"),
            tr("SettingTexts", "A node that runs already, such as http://127.0.0.1:8545. Empty starts a local one."),
        ),
        "rpc_fallback_urls": SettingText(
            tr("SettingTexts", "Fallback addresses"),
            tr(
                "SettingTexts",
                "Further nodes of the same network, separated by spaces, asked when the first one does not answer.",
            ),
        ),
        "chain_id": SettingText(
            tr("SettingTexts", "Chain id"),
            tr("SettingTexts", "The chain that node must serve; any other is refused. 0 takes whichever it is."),
        ),
        "finality_blocks": SettingText(
            tr("SettingTexts", "Depth of finality"),
            tr(
                "SettingTexts",
                "How many blocks below its head a network of others is not asked again about a finished mint.",
            ),
        ),
        "contract_address": SettingText(
            tr("SettingTexts", "Contract"),
            tr("SettingTexts", "The IPAssetNFT contract to use on that network. Empty keeps or deploys one."),
        ),
        "allow_deployment": SettingText(
            tr("SettingTexts", "Deploy on foreign networks"),
            tr("SettingTexts", "Deploy, and pay for, a contract where the network is not local and none is named."),
        ),
    }


def _minting_texts() -> dict[str, SettingText]:
    tr = QCoreApplication.translate
    return {
        "confirmations": SettingText(
            tr("SettingTexts", "Confirmations"),
            tr("SettingTexts", "How many blocks must show a mint before it counts. 6 lets an audience see it count."),
        ),
        "stage_pace_ms": SettingText(
            tr("SettingTexts", "Pace of the blocks"),
            tr(
                "SettingTexts",
                "How often the local node mines a block while a mint waits for more than one confirmation.",
            ),
        ),
        "max_fee_eth": SettingText(
            tr("SettingTexts", "Highest fee"),
            tr("SettingTexts", "No transaction may offer more in total unless it was allowed to for that one mint."),
        ),
        "royalty_bp": SettingText(
            tr("SettingTexts", "Royalty"),
            tr("SettingTexts", "What a newly deployed contract asks of a resale; 100 basis points are 1 %."),
        ),
    }


def _keeping_texts() -> dict[str, SettingText]:
    tr = QCoreApplication.translate
    return {
        "database_url": SettingText(
            tr("SettingTexts", "Shared register"),
            tr(
                "SettingTexts",
                "A PostgreSQL database that several operators share, together with a network they share. Empty keeps "
                "the register in a file.",
            ),
        ),
        "key_folder": SettingText(
            tr("SettingTexts", "Folder of the register's keys"),
            tr(
                "SettingTexts",
                "Where the keys lie that encrypt confidential files and seal the audit log. Empty is keys in the "
                "profile.",
            ),
        ),
        "keystore": SettingText(
            tr("SettingTexts", "Keystore"),
            tr("SettingTexts", "The encrypted file (version 3) that signs. Empty uses the demonstration key."),
        ),
        "keystore_idle_minutes": SettingText(
            tr("SettingTexts", "Lock the key after"),
            tr("SettingTexts", "How long nothing may be signed before the key asks for its password again."),
        ),
        "kubo_api": SettingText(
            tr("SettingTexts", "IPFS node (Kubo)"),
            tr(
                "SettingTexts",
                "The node that keeps public content for others: http://127.0.0.1:5001 or /ip4/127.0.0.1/tcp/5001. "
                "Empty publishes nowhere.",
            ),
        ),
        "kubo_publish_minted": SettingText(
            tr("SettingTexts", "Publish what is minted"),
            tr("SettingTexts", "Hand the public files of an asset to the IPFS node as soon as it is minted."),
        ),
    }
