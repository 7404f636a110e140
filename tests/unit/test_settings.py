"""Settings: defaults, the profile's file, the environment, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ipnft_desktop.__main__ import main
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


DAMAGED = ["{", "[1,2]", "5", "null", '"dark"', "\xff"]


@pytest.mark.parametrize("content", DAMAGED)
def test_a_damaged_file_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "settings.json").write_text(content, encoding="latin-1")
    with pytest.raises(SettingRefused, match=r"settings\.json"):
        load_settings(tmp_path, {})


@pytest.mark.parametrize("content", DAMAGED)
def test_a_damaged_file_is_named_by_saving_and_stays_as_it_is(tmp_path: Path, content: str) -> None:
    file = tmp_path / "settings.json"
    file.write_text(content, encoding="latin-1")
    with pytest.raises(SettingRefused, match=r"settings\.json"):
        save_setting(tmp_path, "theme", "dark")
    assert file.read_text(encoding="latin-1") == content


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "settings.json").mkdir()
    with pytest.raises(SettingRefused, match=r"settings\.json"):
        load_settings(tmp_path, {})


def test_a_profile_that_is_a_file_has_the_defaults(tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    profile.touch()
    assert load_settings(profile, {}) == load_settings(profile / "below", {}) == Settings()


@pytest.mark.parametrize(
    "content",
    [
        '{"node_port": Infinity}',
        '{"node_port": NaN}',
        '{"confirmations": 1.7}',
        '{"confirmations": true}',
        '{"confirmations": "1.7"}',
        '{"max_fee_eth": 1' + "0" * 400 + "}",
        '{"node_timeout_s": Infinity}',
        '{"theme": null}',
        '{"autostart": {}}',
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_and_not_bent(tmp_path: Path, content: str) -> None:
    (tmp_path / "settings.json").write_text(content)
    with pytest.raises(SettingRefused, match=next(iter(json.loads(content)))):
        load_settings(tmp_path, {})


def test_a_whole_number_may_be_written_as_a_fraction(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text('{"confirmations": 3.0}')
    assert load_settings(tmp_path, {}).confirmations == 3


def test_the_program_says_which_setting_cannot_be_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "settings.json").write_text("[1,2]")
    assert main(["--profile", str(tmp_path)]) == 2
    told = capsys.readouterr().err
    assert told.startswith("A setting cannot be used: settings.json")
    assert told.count("\n") == 1
