"""The settings of automatic batches, as the policy that they make."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from types import MappingProxyType
from typing import Any, Protocol

from ipnft_desktop.domain.batch_gathering import GatheringPolicy
from ipnft_desktop.domain.batch_runs import Congestion
from ipnft_desktop.services.setting_desk import SettingDesk
from ipnft_desktop.settings import Settings

_Meaning = Callable[[GatheringPolicy, Any], GatheringPolicy]


def _of_size(congestion: Congestion) -> _Meaning:
    return lambda policy, value: replace(policy, sizes=MappingProxyType({**policy.sizes, congestion: value}))


_MEANINGS: Mapping[str, _Meaning] = MappingProxyType(
    {
        "gather_least": lambda policy, value: replace(policy, least=value),
        "gather_most": lambda policy, value: replace(policy, most=value),
        "gather_longest_wait_s": lambda policy, value: replace(policy, longest_wait=timedelta(seconds=value)),
        "gather_congestion": lambda policy, value: replace(policy, congestion=Congestion(value) if value else None),
        "gather_low": _of_size(Congestion.LOW),
        "gather_medium": _of_size(Congestion.MEDIUM),
        "gather_high": _of_size(Congestion.HIGH),
    }
)


class Gathers(Protocol):
    """What this needs of `services.automatic_batches.AutomaticBatches`."""

    @property
    def policy(self) -> GatheringPolicy: ...
    def use_policy(self, policy: GatheringPolicy) -> None: ...


def policy_of(settings: Settings) -> GatheringPolicy:
    """The policy that the settings ask for."""
    policy = GatheringPolicy()
    for name, with_value in _MEANINGS.items():
        policy = with_value(policy, getattr(settings, name))
    return policy


def hold_at_once(desk: SettingDesk, gathers: Gathers) -> None:
    """From now on a change of one of these settings is in force as soon as it is kept."""
    for name, with_value in _MEANINGS.items():
        desk.apply_with(name, partial(_apply, gathers, with_value))


def _apply(gathers: Gathers, with_value: _Meaning, value: Any) -> None:
    gathers.use_policy(with_value(gathers.policy, value))
