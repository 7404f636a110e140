"""Every setting once: its type, its default, its limits and what it means.

Values come from, strongest first: the command line, environment variables `IPNFT_<NAME>`, `settings.json` in the
profile folder, the defaults below. Standard library only: this is read before the window is on screen
(docs/decisions/0003).
"""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import platformdirs

APP_NAME = "IPNFT Desktop"
SETTINGS_FILE = "settings.json"
ENVIRONMENT_PREFIX = "IPNFT_"

SettingValue = str | int | float | bool


def _setting(default: Any, description: str, limits: tuple[float, float] | tuple[str, ...] | None = None) -> Any:
    return field(default=default, metadata={"description": description, "limits": limits})


@dataclass(frozen=True, slots=True)
class Settings:
    """What a person may choose. Limits are a closed range for numbers, the choices for text."""

    theme: str = _setting("light", "Colours of the window.", ("light", "dark"))
    language: str = _setting("", "Language of the window; empty is the system's.", ("", "en", "zh"))
    register_columns: str = _setting(
        "", "Columns of the Register page by name, separated by spaces; empty shows the usual ones."
    )
    autostart: bool = _setting(False, "Start the environment together with the program.")
    demo_data: bool = _setting(True, "Fill an empty register with the demonstration assets.")
    node_port: int = _setting(18545, "Preferred loopback port of the chain node.", (1024, 65535))
    node_timeout_s: float = _setting(30.0, "Longest wait for the node's first answer, in seconds.", (1, 300))
    rpc_timeout_s: float = _setting(10.0, "Longest wait for one answer of the node, in seconds.", (0.1, 120))
    confirmations: int = _setting(1, "Blocks that must show a mint before it counts.", (1, 64))
    stage_pace_ms: int = _setting(
        300, "How often a block is mined while a mint waits for more than one confirmation.", (10, 5_000)
    )
    rpc_url: str = _setting("", "Address of an existing node to use; empty starts a local one.")
    rpc_fallback_urls: str = _setting("", "Further addresses of the same network, separated by spaces.")
    chain_id: int = _setting(0, "Chain id that network must have; 0 takes any.", (0, 2**53))
    finality_blocks: int = _setting(
        64, "Depth below which a network of others is not asked again about a finished mint.", (1, 10_000)
    )
    contract_address: str = _setting("", "IPAssetNFT contract to use on that network; empty deploys or keeps one.")
    allow_deployment: bool = _setting(False, "Deploy, and pay for, a contract where the network is not local.")
    database_url: str = _setting(
        "", "PostgreSQL register shared by several operators (postgresql+psycopg://…); empty keeps a file."
    )
    keystore: str = _setting("", "Encrypted keystore file (V3) that signs; empty uses the demonstration key.")
    keystore_idle_minutes: int = _setting(15, "Minutes without a signature after which the keystore locks.", (1, 240))
    key_folder: str = _setting(
        "", "Folder for the keys that the program makes for this register; empty is keys/ in the profile."
    )
    max_fee_eth: float = _setting(0.1, "No transaction may offer a higher total fee, in ETH.", (0.0001, 100))
    kubo_api: str = _setting(
        "", "Address of an IPFS node (Kubo) that publishes public content, as multiaddr or URL; empty for none."
    )
    kubo_publish_minted: bool = _setting(False, "Publish what belongs to an asset as soon as it is minted.")
    royalty_bp: int = _setting(500, "Royalty of a newly deployed contract, in basis points.", (0, 10_000))


class SettingRefused(ValueError):
    """A setting's value is of the wrong type or outside its limits; the message names it."""


def default_profile() -> Path:
    """The platform's folder for user data."""
    return Path(platformdirs.user_data_dir(APP_NAME, appauthor=False))


def load_settings(profile: Path, environment: Mapping[str, str] | None = None) -> Settings:
    """Settings of a profile folder. Raises SettingRefused naming the setting, or the file, that cannot be used."""
    chosen = _kept(profile / SETTINGS_FILE)
    for name, text in (os.environ if environment is None else environment).items():
        if name.startswith(ENVIRONMENT_PREFIX):
            chosen[name.removeprefix(ENVIRONMENT_PREFIX).lower()] = text
    known = {entry.name: entry for entry in dataclasses.fields(Settings)}
    settings = Settings(**{name: _checked(known[name], value) for name, value in chosen.items() if name in known})
    if settings.database_url and not settings.rpc_url:
        # Each program would start a node of its own, and write one chain's facts over the other's.
        raise SettingRefused("database_url: a shared register needs a shared network, see rpc_url")
    return settings


def save_setting(profile: Path, name: str, value: SettingValue) -> None:
    """Keep one setting in the profile; the others stay as they are. Replaces the file in one step.

    Raises SettingRefused, and leaves the file alone, if the value or what the file holds already cannot be used.
    """
    known = {entry.name: entry for entry in dataclasses.fields(Settings)}
    file = profile / SETTINGS_FILE
    kept = _kept(file)
    kept[name] = _checked(known[name], value)
    profile.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".json.new")
    fresh.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
    fresh.replace(file)


def _kept(file: Path) -> dict[str, Any]:
    """What a settings file holds, its values unchecked; nothing if there is none."""
    try:
        content: object = json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise SettingRefused(f"{file.name}: {error.strerror}") from error
    except ValueError as error:
        raise SettingRefused(f"{file.name}: {error}") from error
    if not isinstance(content, dict):
        raise SettingRefused(f"{file.name}: not an object, as in {{}}")
    return cast("dict[str, Any]", content)


def _checked(entry: dataclasses.Field[Any], value: Any) -> Any:
    kind = cast("type[SettingValue]", type(entry.default))
    try:
        converted: Any = _as_bool(value) if kind is bool else _as_text_or_number(kind, value)
    except (TypeError, ValueError, OverflowError) as error:
        raise SettingRefused(f"{entry.name}: {value!r} is not a {kind.__name__}") from error
    limits = entry.metadata["limits"]
    if limits is None:
        return converted
    if kind is str:
        if converted not in limits:
            raise SettingRefused(f"{entry.name}: {value!r} is none of {', '.join(limits)}")
    elif not limits[0] <= converted <= limits[1]:
        raise SettingRefused(f"{entry.name}: {value} is outside {limits[0]} to {limits[1]}")
    return converted


def _as_text_or_number(kind: type[SettingValue], value: Any) -> SettingValue:
    """Convert without bending: neither a switch nor a fraction stands for a whole number."""
    if isinstance(value, bool):
        raise TypeError(value)
    converted = kind(value)
    if isinstance(value, float) and converted != value and kind is not str:
        raise ValueError(value)
    return converted


def _as_bool(value: SettingValue) -> bool:
    if isinstance(value, bool):
        return value
    text = str(value).lower()
    if text in ("1", "true", "yes", "on"):
        return True
    if text in ("0", "false", "no", "off"):
        return False
    raise ValueError(text)
