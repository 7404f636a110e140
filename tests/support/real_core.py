"""The core as the program builds it (SQLite, local blocks, JSON-RPC, a signing key) on a node that the test runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from uuid6 import uuid7

from ipnft_desktop.adapters.chain.local_signer import LocalSigner
from ipnft_desktop.bootstrap.adapters import Adapters, build_adapters
from ipnft_desktop.bootstrap.core import Core, build_core
from ipnft_desktop.domain.assets import Asset
from ipnft_desktop.settings import Settings
from tests.support import samples
from tests.support.running_node import RunningNode
from tests.support.signed_in import signed_in

NO_DEMO = Settings(demo_data=False)


def adapters_on(rpc_url: str, profile: Path, settings: Settings = NO_DEMO, account: int = 0) -> Adapters:
    """The program's own adapters, but for the node, which runs already. Programs at once need an `account` each."""
    profile.mkdir(parents=True, exist_ok=True)
    parts = build_adapters(profile, settings)
    chain = parts.chain

    def is_local() -> bool:
        return bool(chain.is_local)  # type: ignore[attr-defined]

    return replace(parts, node=RunningNode(rpc_url), stage=None, signer=LocalSigner(is_local, account))


def core_on(
    rpc_url: str,
    profile: Path,
    settings: Settings = NO_DEMO,
    account: int = 0,
    change: Callable[[Adapters], Adapters] = lambda parts: parts,
) -> Core:
    """A core over these adapters, each of which `change` may replace, with somebody signed in."""
    return signed_in(build_core(profile, settings, change(adapters_on(rpc_url, profile, settings, account))))


async def add_assets(core: Core, count: int = 1) -> list[Asset]:
    """Drafts of one enterprise, in the register. Their ids are new in every process, for they are token ids too."""
    known = await core.register.enterprises()
    owner = known[0] if known else samples.enterprise()
    assets = [samples.asset(owner, asset_id=UUID(int=uuid7().int), name=f"Asset {number}") for number in range(count)]
    await core.register.add_assets(assets, () if known else (owner,))
    return assets
