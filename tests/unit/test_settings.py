"""Settings: defaults, the profile's file, the environment, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ipnft_desktop.settings import SettingRefused, Settings, load_settings, save_setting


def test_an_empty_profile_has_the_defaults(tmp_path: Path) -> None:
    assert load_settings(tmp_path, {}) == Settings()


def test_the_environment_is_stronger_than_the_file(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text(json.dumps({"theme": "dark", "confirmations": 3}))
    settings = load_settings(tmp_path, {"IPNFT_CONFIRMATIONS": "6", "IPNFT_AUTOSTART": "yes", "PATH": "x"})
    assert (settings.theme, settings.confirmations, settings.autostart) == ("dark", 6, True)


@pytest.mark.parametrize(
    "environment",
    [
        {"IPNFT_THEME": "purple"},
        {"IPNFT_CONFIRMATIONS": "0"},
        {"IPNFT_NODE_PORT": "80"},
        {"IPNFT_RPC_TIMEOUT_S": "soon"},
        {"IPNFT_AUTOSTART": "perhaps"},
        {"IPNFT_MAX_FEE_ETH": "nan"},
    ],
)
def test_a_wrong_value_names_its_setting(tmp_path: Path, environment: dict[str, str]) -> None:
    name = next(iter(environment)).removeprefix("IPNFT_").lower()
    with pytest.raises(SettingRefused, match=name):
        load_settings(tmp_path, environment)


def test_a_saved_setting_is_read_back_and_keeps_the_others(tmp_path: Path) -> None:
    profile = tmp_path / "new" / "profile"
    save_setting(profile, "theme", "dark")
    save_setting(profile, "autostart", True)
    settings = load_settings(profile, {})
    assert (settings.theme, settings.autostart) == ("dark", True)


def test_a_refused_value_is_not_saved(tmp_path: Path) -> None:
    with pytest.raises(SettingRefused):
        save_setting(tmp_path, "node_port", 80)
    assert load_settings(tmp_path, {}) == Settings()


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text("{")
    with pytest.raises(SettingRefused, match=r"settings\.json"):
        load_settings(tmp_path, {})
