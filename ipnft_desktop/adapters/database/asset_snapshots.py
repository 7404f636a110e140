"""A whole asset as JSON and back, for as long as it lies among the deleted ones.

Values are read by the types of the fields, so a field that an asset gets one day is kept without a line here; one that
an older snapshot lacks has its default.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from types import NoneType
from typing import Any, cast, get_args, get_origin, get_type_hints
from uuid import UUID

from ipnft_desktop.domain.assets import Asset, Enterprise
from ipnft_desktop.domain.minting import AssetState

_LEFT_OUT = ("enterprise", "mint", "state")


def snapshot_of(asset: Asset) -> dict[str, Any]:
    """Everything about an asset but its mints; of its owner only who it is."""
    kept = {one.name: _plain(getattr(asset, one.name)) for one in fields(Asset) if one.name not in _LEFT_OUT}
    return kept | {"enterprise_id": str(asset.enterprise.enterprise_id)}


def owner_of(snapshot: Mapping[str, Any]) -> UUID:
    """Id of the enterprise that the asset belongs to."""
    return UUID(snapshot["enterprise_id"])


def asset_from(snapshot: Mapping[str, Any], owner: Enterprise) -> Asset:
    """The asset as a draft, one version on: whoever still edits what was deleted must hear of it."""
    values = _values_of(Asset, snapshot, _LEFT_OUT)
    values["version"] += 1
    return Asset(enterprise=owner, state=AssetState.DRAFT, mint=None, **values)


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(item) for item in cast("tuple[Any, ...]", value)]
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    return dict(cast("Mapping[str, str]", value)) if isinstance(value, Mapping) else value


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _values_of(kind: Any, plain: Mapping[str, Any], left_out: tuple[str, ...] = ()) -> dict[str, Any]:
    wanted: list[Field[Any]] = [one for one in fields(kind) if one.name not in left_out]
    return {
        one.name: _read(_hints(kind)[one.name], plain[one.name])
        for one in wanted
        if one.name in plain or (one.default is MISSING and one.default_factory is MISSING)
    }


def _read(hint: Any, plain: Any) -> Any:
    if plain is None:
        return None
    if NoneType in get_args(hint):
        (hint,) = (one for one in get_args(hint) if one is not NoneType)
    if get_origin(hint) is tuple:
        return tuple(_read(get_args(hint)[0], item) for item in plain)
    if hint is bytes:
        return bytes.fromhex(plain)
    if hint in (date, datetime):
        return hint.fromisoformat(plain)
    if not isinstance(hint, type):
        return plain
    if is_dataclass(hint):
        return cast("Any", hint)(**_values_of(hint, plain))
    return hint(plain) if issubclass(hint, Enum | UUID) else plain
