"""Every setting once: its type, its default, its limits, where it belongs and what it means.

Values come from, strongest first: environment variables `IPNFT_<NAME>`, `settings.json` in the profile folder, the
defaults below. Little is imported: this is read before the window is on screen (docs/decisions/0003). The Settings
page is made from `SPECS`, so that a new setting appears there by itself; its words are in `ui/settings/texts.py`.
"""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

import platformdirs

from ipnft_desktop.domain.phrases import phrase
from ipnft_desktop.domain.setting_specs import (
    ENVIRONMENT_PREFIX,
    Effect,
    Group,
    Limits,
    Refusal,
    SettingRefused,
    SettingSpec,
    SettingState,
    SettingValue,
    Shape,
    Source,
    Unit,
    check_value,
)

APP_NAME = "IPNFT Desktop"
SETTINGS_FILE = "settings.json"
LOCK_FILE = ".settings.lock"
"""Beside it, held while it is changed."""
_PATIENCE_S = 10
"""A change takes milliseconds; a program that was stopped in the middle of one would be waited for."""

_GOING_TOGETHER = (1, 256)
"""As many as the contract takes in one transaction, `MAX_BATCH_ITEMS` in `domain/minting.py`."""


def _setting(
    default: Any,
    description: str,
    limits: Limits | None = None,
    *,
    group: Group = Group.DIAGNOSTICS,
    effect: Effect = Effect.NEXT_START,
    unit: Unit = Unit.NONE,
    shape: Shape = Shape.TEXT,
    is_internal: bool = False,
) -> Any:
    """`is_internal` is for what the program remembers by itself, such as columns: no page shows it."""
    spec = SettingSpec("", default, description, limits, group, effect, unit, shape, is_internal)
    return field(default=default, metadata={"spec": spec})


@dataclass(frozen=True, slots=True)
class Settings:
    """What a person may choose."""

    theme: str = _setting(
        "light",
        "Colours of the window. Ctrl+Shift+L changes them too.",
        ("light", "dark"),
        group=Group.WINDOW,
        effect=Effect.AT_ONCE,
    )
    language: str = _setting(
        "",
        "In which language the window speaks.",
        ("", "en", "zh"),
        group=Group.WINDOW,
        effect=Effect.AT_ONCE,
    )
    register_columns: str = _setting(
        "",
        "Columns of the Register page by name, separated by spaces; empty shows the usual ones.",
        group=Group.WINDOW,
        effect=Effect.AT_ONCE,
        is_internal=True,
    )
    workspace: str = _setting(
        "",
        "Folder in workspaces/ of the workspace that is opened at the start; empty is the profile itself.",
        group=Group.ENVIRONMENT,
        is_internal=True,
    )
    autostart: bool = _setting(
        False,
        "Start the environment by itself as soon as the program starts.",
        group=Group.ENVIRONMENT,
        effect=Effect.AT_ONCE,
    )
    demo_data: bool = _setting(
        True,
        "Fill an empty register with thirty demonstration assets. Only with a node and a register file "
        "of the program's own.",
        group=Group.ENVIRONMENT,
    )
    node_port: int = _setting(
        18545,
        "Where the local chain node listens on this computer; another port if it is taken.",
        (1024, 65535),
        group=Group.ENVIRONMENT,
    )
    node_timeout_s: float = _setting(
        30.0,
        "How long the first answer of the node may take before the start counts as failed.",
        (1, 300),
        group=Group.ENVIRONMENT,
        unit=Unit.SECONDS,
    )
    rpc_timeout_s: float = _setting(
        10.0,
        "How long one answer of the node may take before it counts as unreachable.",
        (0.1, 120),
        group=Group.ENVIRONMENT,
        unit=Unit.SECONDS,
    )
    confirmations: int = _setting(
        1,
        "How many blocks must show a mint before it counts. 6 lets an audience see it count.",
        (1, 64),
        group=Group.MINTING,
        unit=Unit.BLOCKS,
    )
    stage_pace_ms: int = _setting(
        300,
        "How often the local node mines a block while a mint waits for more than one confirmation.",
        (10, 5_000),
        group=Group.MINTING,
        unit=Unit.MILLISECONDS,
    )
    gather_least: int = _setting(
        10,
        "However busy the chain is, mints wait until they are so many, or until the longest wait is over.",
        _GOING_TOGETHER,
        group=Group.BATCHES,
        effect=Effect.AT_ONCE,
        unit=Unit.ASSETS,
    )
    gather_most: int = _setting(
        40,
        "No more of them go together in one transaction.",
        _GOING_TOGETHER,
        group=Group.BATCHES,
        effect=Effect.AT_ONCE,
        unit=Unit.ASSETS,
    )
    gather_longest_wait_s: int = _setting(
        30,
        "Nobody waits longer for others; then the batch goes as small as it is.",
        (1, 3_600),
        group=Group.BATCHES,
        effect=Effect.AT_ONCE,
        unit=Unit.SECONDS,
    )
    gather_congestion: str = _setting(
        "",
        "How busy the chain is: read from the base fees and the fullness of its newest blocks, or set by hand for a "
        "demonstration.",
        ("", "LOW", "MEDIUM", "HIGH"),
        group=Group.BATCHES,
        effect=Effect.AT_ONCE,
    )
    gather_low: int = _setting(
        35,
        "How many go together while the chain is quiet, within the two bounds above.",
        _GOING_TOGETHER,
        group=Group.BATCHES,
        effect=Effect.AT_ONCE,
        unit=Unit.ASSETS,
    )
    gather_medium: int = _setting(
        25,
        "How many go together while it is neither quiet nor busy.",
        _GOING_TOGETHER,
        group=Group.BATCHES,
        effect=Effect.AT_ONCE,
        unit=Unit.ASSETS,
    )
    gather_high: int = _setting(
        15,
        "How many go together while the chain is busy: a smaller transaction finds room sooner.",
        _GOING_TOGETHER,
        group=Group.BATCHES,
        effect=Effect.AT_ONCE,
        unit=Unit.ASSETS,
    )
    rpc_url: str = _setting(
        "",
        "A node that runs already, such as http://127.0.0.1:8545. Empty starts a local one.",
        group=Group.NETWORK,
        shape=Shape.RPC_URL,
    )
    rpc_fallback_urls: str = _setting(
        "",
        "Further nodes of the same network, separated by spaces, asked when the first one does not answer.",
        group=Group.NETWORK,
        shape=Shape.RPC_URLS,
    )
    chain_id: int = _setting(
        0,
        "The chain that node must serve; any other is refused. 0 takes whichever it is.",
        (0, 2**53),
        group=Group.NETWORK,
    )
    finality_blocks: int = _setting(
        64,
        "How many blocks below its head a network of others is not asked again about a finished mint.",
        (1, 10_000),
        group=Group.NETWORK,
        unit=Unit.BLOCKS,
    )
    contract_address: str = _setting(
        "",
        "The IPAssetNFT contract to use on that network. Empty keeps or deploys one.",
        group=Group.NETWORK,
        shape=Shape.ADDRESS,
    )
    allow_deployment: bool = _setting(
        False, "Deploy, and pay for, a contract where the network is not local and none is named.", group=Group.NETWORK
    )
    database_url: str = _setting(
        "",
        "A PostgreSQL database that several operators share, together with a network they share. Empty "
        "keeps the register in a file.",
        group=Group.REGISTER,
        shape=Shape.DATABASE_URL,
    )
    keystore: str = _setting(
        "",
        "The encrypted file (version 3) that signs. Empty uses the demonstration key.",
        group=Group.KEY,
        shape=Shape.FILE,
    )
    keystore_idle_minutes: int = _setting(
        15,
        "How long nothing may be signed before the key asks for its password again.",
        (1, 240),
        group=Group.KEY,
        unit=Unit.MINUTES,
    )
    reconcile_hours: int = _setting(
        24,
        "How often register, chain and content are compared by themselves while the environment stands. 0 is never.",
        (0, 720),
        group=Group.REGISTER,
        unit=Unit.HOURS,
    )
    key_folder: str = _setting(
        "",
        "Where the keys lie that encrypt confidential files and seal the audit log. Empty is keys in the profile.",
        group=Group.REGISTER,
        shape=Shape.FOLDER,
    )
    max_fee_eth: float = _setting(
        0.1,
        "No transaction may offer more in total unless it was allowed to for that one mint.",
        (0.0001, 100),
        group=Group.MINTING,
        unit=Unit.ETH,
    )
    kubo_api: str = _setting(
        "",
        "The node that keeps public content for others: http://127.0.0.1:5001 or "
        "/ip4/127.0.0.1/tcp/5001. Empty publishes nowhere.",
        group=Group.PUBLISHING,
        effect=Effect.AT_ONCE,
        shape=Shape.IPFS_ADDRESS,
    )
    kubo_publish_minted: bool = _setting(
        False,
        "Hand the public files of an asset to the IPFS node as soon as it is minted.",
        group=Group.PUBLISHING,
        effect=Effect.AT_ONCE,
    )
    royalty_bp: int = _setting(
        500,
        "What a newly deployed contract asks of a resale; 100 basis points are 1 %.",
        (0, 10_000),
        group=Group.MINTING,
        unit=Unit.BASIS_POINTS,
    )
    loop_overlay: bool = _setting(
        False,
        "Show over the window how long its event loop was held up, how long a frame took, and what runs. "
        "Ctrl+Shift+F12 too.",
        group=Group.DIAGNOSTICS,
        effect=Effect.AT_ONCE,
    )


SPECS: Mapping[str, SettingSpec] = MappingProxyType(
    {
        entry.name: dataclasses.replace(cast("SettingSpec", entry.metadata["spec"]), name=entry.name)
        for entry in dataclasses.fields(Settings)
    }
)
"""Every setting by its name, in the order above."""


def default_profile() -> Path:
    """The platform's folder for user data."""
    return Path(platformdirs.user_data_dir(APP_NAME, appauthor=False))


def load_settings(profile: Path, environment: Mapping[str, str] | None = None) -> Settings:
    """Settings of a profile folder. Raises SettingRefused naming the setting, or the file, that cannot be used."""
    return _joined(states_of(_kept(profile / SETTINGS_FILE), environment))


def load_states(profile: Path, environment: Mapping[str, str] | None = None) -> Mapping[str, SettingState]:
    """Every setting by its name, as `load_settings` would have it and with where it comes from; raises the same."""
    states = states_of(_kept(profile / SETTINGS_FILE), environment)
    _joined(states)
    return states


def states_of(kept: Mapping[str, Any], environment: Mapping[str, str] | None = None) -> Mapping[str, SettingState]:
    """The settings that hold over a file of this content; names that are no setting are passed over.

    Raises SettingRefused for a value that cannot be used.
    """
    variables = os.environ if environment is None else environment
    # The case of a variable's name does not matter: on Windows there is none.
    forced = {
        name.removeprefix(ENVIRONMENT_PREFIX).lower(): text
        for name, text in variables.items()
        if name.startswith(ENVIRONMENT_PREFIX)
    }
    states: dict[str, SettingState] = {}
    for name, spec in SPECS.items():
        if name in forced:
            states[name] = SettingState(check_value(spec, forced[name]), Source.ENVIRONMENT, _usable(spec, kept))
        elif name in kept:
            value = check_value(spec, kept[name])
            states[name] = SettingState(value, Source.FILE, value)
        else:
            states[name] = SettingState(spec.default, Source.DEFAULT)
    return states


def _usable(spec: SettingSpec, kept: Mapping[str, Any]) -> SettingValue | None:
    """What the file holds, if it could be used: a wrong value harms nobody while another one is stronger."""
    try:
        return check_value(spec, kept[spec.name]) if spec.name in kept else None
    except SettingRefused:
        return None


def save_setting(profile: Path, name: str, value: SettingValue) -> None:
    """Keep one setting in the profile, as `save_settings`."""
    save_settings(profile, {name: value})


def save_settings(
    profile: Path, changes: Mapping[str, SettingValue | None], environment: Mapping[str, str] | None = None
) -> Mapping[str, SettingValue | None]:
    """Keep settings in the profile, None for what shall have its default again; the others stay as they are.

    Replaces the file in one step; another program on the profile waits meanwhile. Answers what the file held before
    under these names. Raises OSError. Raises SettingRefused, and leaves the file alone, if a value, or what the file
    would hold then, cannot be used, for then the program could not start any more.
    """
    file = profile / SETTINGS_FILE
    file.parent.mkdir(parents=True, exist_ok=True)
    with _alone(file):
        kept = _kept(file)
        before = {name: cast("SettingValue | None", kept.get(name)) for name in changes}
        for name, value in changes.items():
            if value is None:
                kept.pop(name, None)
            else:
                kept[name] = check_value(SPECS[name], value)
        _joined(states_of(kept, environment))
        write_settings(file, kept)
    return before


@contextmanager
def _alone(file: Path) -> Generator[None, None, None]:
    """Nobody else changes the file meanwhile: what two programs change at the same moment is kept of both."""
    from filelock import FileLock, Timeout  # the first frame changes nothing

    try:
        with FileLock(file.with_name(LOCK_FILE), timeout=_PATIENCE_S):
            yield
    except Timeout as error:
        raise SettingRefused(file.name, Refusal.FILE, phrase("another program holds it")) from error


def write_settings(file: Path, values: Mapping[str, Any]) -> None:
    """Write a file of settings in one step; its folder is made where it is missing.

    Whole on the disk before it replaces the former, which a loss of power may not take along, and for nobody but its
    owner, for an address may hold a password.
    """
    from tempfile import NamedTemporaryFile  # takes a moment, and the first frame writes nothing

    file.parent.mkdir(parents=True, exist_ok=True)
    # A name of its own, with rights for its owner only: another program may write its settings here just now.
    with NamedTemporaryFile(
        "w", encoding="utf-8", dir=file.parent, prefix=f"{file.name}.", suffix=".new", delete=False
    ) as fresh:
        try:
            fresh.write(json.dumps(dict(values), indent=2) + "\n")
            fresh.flush()
            os.fsync(fresh.fileno())
            fresh.close()
            Path(fresh.name).replace(file)
        except BaseException:
            fresh.close()
            Path(fresh.name).unlink(missing_ok=True)
            raise


def read_settings(file: Path) -> Mapping[str, Any]:
    """What a file of settings holds, its values unchecked. Raises SettingRefused, and FileNotFoundError."""
    try:
        content: object = json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise
    except OSError as error:
        raise SettingRefused(file.name, Refusal.FILE, error.strerror or phrase("it cannot be read")) from error
    except ValueError as error:
        raise SettingRefused(file.name, Refusal.FILE, str(error)) from error
    if not isinstance(content, dict):
        raise SettingRefused(file.name, Refusal.FILE, phrase("it holds no JSON object"))
    return cast("dict[str, Any]", content)


def _kept(file: Path) -> dict[str, Any]:
    """What the profile's file holds; nothing if there is none."""
    try:
        return dict(read_settings(file))
    except (FileNotFoundError, NotADirectoryError):
        return {}


def _joined(states: Mapping[str, SettingState]) -> Settings:
    """The settings, each of which can be used, if they can be used together."""
    values: dict[str, Any] = {name: state.value for name, state in states.items()}
    settings = Settings(**values)
    if settings.database_url and not settings.rpc_url:
        # Each program would start a node of its own, and write one chain's facts over the other's.
        raise SettingRefused(
            "database_url", Refusal.NEEDS_RPC_URL, phrase("a shared register needs a shared network, see rpc_url")
        )
    if settings.gather_least > settings.gather_most:
        above = phrase("it is more than gather_most, {count}", count=settings.gather_most)
        raise SettingRefused("gather_least", Refusal.LEAST_ABOVE_MOST, above)
    return settings
