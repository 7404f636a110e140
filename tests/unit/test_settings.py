"""Settings: defaults, the profile's file, the environment, and what is refused."""

from __future__ import annotations

import errno
import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from filelock import FileLock

from ipnft_desktop.__main__ import main
from ipnft_desktop.domain.minting import MAX_BATCH_ITEMS
from ipnft_desktop.domain.setting_specs import Effect, Refusal, Shape, Source
from ipnft_desktop.settings import (
    LOCK_FILE,
    SPECS,
    SettingRefused,
    Settings,
    load_settings,
    load_states,
    save_setting,
    save_settings,
)


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


def test_each_value_says_where_it_comes_from(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text('{"theme": "dark", "confirmations": 3, "node_port": 80}')
    states = load_states(tmp_path, {"IPNFT_CONFIRMATIONS": "6", "IPNFT_NODE_PORT": "2000"})
    assert list(states) == list(SPECS)
    assert (states["theme"].source, states["theme"].kept) == (Source.FILE, "dark")
    forced = states["confirmations"]
    assert (forced.value, forced.source, forced.kept) == (6, Source.ENVIRONMENT, 3)
    assert (states["node_port"].value, states["node_port"].kept) == (2000, None)
    assert (states["royalty_bp"].value, states["royalty_bp"].source) == (500, Source.DEFAULT)


def test_several_are_kept_in_one_step_and_none_brings_the_default_back(tmp_path: Path) -> None:
    save_settings(tmp_path, {"theme": "dark", "confirmations": 3})
    before = save_settings(tmp_path, {"theme": None, "confirmations": 4, "node_port": 2000}, {})
    assert before == {"theme": "dark", "confirmations": 3, "node_port": None}
    assert json.loads((tmp_path / "settings.json").read_text()) == {"confirmations": 4, "node_port": 2000}
    save_settings(tmp_path, before, {})
    assert load_settings(tmp_path, {}) == Settings(theme="dark", confirmations=3)


def test_what_the_next_start_would_refuse_is_not_kept(tmp_path: Path) -> None:
    register = "postgresql+psycopg://db/register"
    with pytest.raises(SettingRefused) as refused:
        save_settings(tmp_path, {"database_url": register}, {})
    assert (refused.value.name, refused.value.reason) == ("database_url", Refusal.NEEDS_RPC_URL)
    save_settings(tmp_path, {"database_url": register, "rpc_url": "http://127.0.0.1:8545"}, {})
    with pytest.raises(SettingRefused):
        save_settings(tmp_path, {"rpc_url": None}, {})
    assert load_settings(tmp_path, {}).rpc_url == "http://127.0.0.1:8545"


def test_a_batch_holds_no_more_than_a_transaction_takes_and_its_bounds_keep_their_order(tmp_path: Path) -> None:
    assert SPECS["gather_most"].range == (1, MAX_BATCH_ITEMS)
    (tmp_path / "settings.json").write_text('{"gather_least": 41}')
    with pytest.raises(SettingRefused) as refused:
        load_settings(tmp_path, {})
    assert (refused.value.name, refused.value.reason) == ("gather_least", Refusal.LEAST_ABOVE_MOST)
    assert load_settings(tmp_path, {"IPNFT_GATHER_MOST": "41"}).gather_least == 41


def test_every_setting_is_declared_whole() -> None:
    assert [spec.name for spec in SPECS.values()] == list(SPECS)
    for spec in SPECS.values():
        assert spec.description.endswith("."), spec.name
        assert spec.kind in (bool, int, float, str), spec.name
        assert spec.range or spec.kind not in (int, float), f"{spec.name} has no limits"
        assert spec.shape is Shape.TEXT or spec.kind is str, spec.name
    assert SPECS["theme"].effect is Effect.AT_ONCE


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


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such rights")
def test_only_its_owner_may_read_the_file(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text("{}")
    file.chmod(0o644)
    save_setting(tmp_path, "theme", "dark")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_what_two_programs_change_at_the_same_moment_is_kept_of_both(tmp_path: Path) -> None:
    rounds, together = range(2_000, 2_030), Barrier(2)

    def change(name: str) -> None:
        for value in rounds:
            together.wait()
            save_setting(tmp_path, name, value)
            together.wait()
            assert {load_settings(tmp_path, {}).node_port, load_settings(tmp_path, {}).stage_pace_ms} == {value}

    with ThreadPoolExecutor(2) as programs:
        for changed in [programs.submit(change, name) for name in ("node_port", "stage_pace_ms")]:
            changed.result()


def test_a_program_that_hangs_in_a_change_is_not_waited_for_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ipnft_desktop.settings._PATIENCE_S", 0)
    with FileLock(tmp_path / LOCK_FILE), pytest.raises(SettingRefused, match="another program") as refused:
        save_setting(tmp_path, "theme", "dark")
    assert refused.value.reason is Refusal.FILE
    save_setting(tmp_path, "theme", "dark")
    assert load_settings(tmp_path, {}).theme == "dark"


def test_a_disk_that_fails_leaves_the_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_setting(tmp_path, "theme", "dark")

    def fail(_descriptor: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="Input/output"):
        save_setting(tmp_path, "theme", "light")
    assert load_settings(tmp_path, {}).theme == "dark"
    assert {file.name for file in tmp_path.iterdir()} == {"settings.json", LOCK_FILE}
